// Package index makes the knowledge base's snapshot, from the articles and from
// what agents did with them.
//
// It runs when an article changes, and once a day. [Service.Rebuild] reads the
// articles; brings the history up to date with the answers that were recorded
// since the last build, one short request for each, never a scan; and builds an
// index of both. Sentences that were embedded before are not embedded again.
//
// Between two builds [Service.Learn] folds what became of suggestions into a
// small state in the table, every few minutes, and keeps what was answered beside the
// snapshot. [Reader] ranks by all of them: an article that disappoints falls behind at
// once, and what customers call a thing now is compared from the next mail on.
//
// A snapshot is immutable; a pointer says which one is current and is moved
// last, so that a reader never sees half of one. It is moved only from where it
// stood before the articles were read: of several builds that run at the same
// time those that are overtaken begin again, so that the newest articles win.
// An article that cannot be read leaves the old snapshot in place, if this program
// reads that one, and the error names every such article. The log of events is the
// truth of all the rest: the history, the vectors and what was learnt can be deleted,
// and come again.
//
// [Import] takes in what a team answered before it had Replywell. It is in no log, so
// that it is kept apart, and each build reads it: which article an answer stands for is
// found by likeness, with the articles of now, so that an article that is written later
// gets its old mails as well.
//
// A build has a share of its time for embedding. What it does not come to ranks
// by words, the vectors that were made are kept, and the next build goes on.
package index
