// Package archive reads the mail that a team had before it had Replywell, and
// finds what was asked in it and what was answered.
//
// # What it reads
//
// A [Source] gives letters one by one, of no more than one of which the raw bytes
// are in memory: an mbox, also Google Takeout's with its labels; a Maildir; a folder
// of raw mails, of mboxes, or of both; and the exports of other help desks, as JSON
// (Zendesk, Freshdesk, Help Scout, Zammad) or as CSV (FreeScout, osTicket, and columns
// of our own for everything else). [Open] tells which of them it is by what it holds.
//
// A [Letter] is what was newly written, without quote and signature, and what is
// needed to tell who it is from and what it belongs to. A help desk's export says
// which side wrote, and what is internal; a mailbox does not.
//
// # What it finds
//
// [Read] threads the letters: by the help desk's own number, by Gmail's, by
// Message-IDs, and, where a program lost those, by a telling subject between the same
// people within two weeks. Whose mail is ours is said, or found: whoever answers
// mails that several others began, and begins fewer. An [Exchange] is a customer's
// letters since the last answer, with the answer that followed.
//
// What makes no exchange is counted, each under its reason: mail that no person
// wrote, what is between colleagues, what nobody answered. A text of ours that
// somebody of ours mostly follows with another one, unasked, is an acknowledgement
// and answers nothing.
//
// # What holds
//
// The package is pure but for reading the source: the same letters, in any order of
// files, give the same exchanges under the same names, so that what was taken in once
// is known again. What cannot be read is counted, said, and stops nothing. Nothing is
// redacted here; whoever keeps an exchange does that.
package archive
