// Package evidence asks what speaks for each article, for a mail, with one model.
//
// A mail is read into a Query (query.go): its words, its pieces, and what its sentences
// mean. Each table judges every article by it: the articles' words (texts.go), their
// meaning (senses.go), and what was sent for past mails (past.go, classify.go), also for
// those of the last days (recent.go). What they find is a list of fuse.Candidate, which
// package fuse orders and judges. When an index is built, parts of its history are hidden
// and asked about, to learn how far its scorers may be trusted here (hide.go).
//
// Tables never change. An index as of a day, or with recent mails, shares them.
package evidence
