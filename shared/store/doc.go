// Package store keeps the desk's values: conversations and their messages, the
// mails that came and the mails that are to leave, where each Message-ID leads,
// and the events that reports are made of.
//
// It is written once, over the small seam of package engine; DynamoDB and one
// file on one machine are two engines under the same rules. Three ideas carry it.
//
// A change is one [Change]: the record of the mail that caused it, the message,
// the conversation's new state, the mails that are to leave and the events that
// tell of it, committed all or nothing. There is no state without its cause and
// no promise to send that could be forgotten.
//
// Nothing is locked. Values bear the version under which they were read; a
// commit that finds another version changes nothing and gives [ErrConflict], and
// the caller reads again and decides again. A commit whose cause was recorded
// before gives [ErrAlreadyDone]: processing a mail twice, at once or a day
// apart, is one processing.
//
// Every question has a key. The questions are listed with their keys, their
// costs and the reasons in docs/data-model.md; there is no other way to read, and
// no read that grows with the number of customers. Keys that everyone would
// write to at once are spread over a few shards.
//
// Errors marked by desk.Permanent are the same tomorrow. Every other error that
// is not one of those named here is temporary.
package store
