// Package subject compares subjects of mails as people do.
//
// "AW: Re[2]: [EXTERNAL] The pump  leaks" and "The pump leaks" are one subject
// to a reader. [Read] takes off what mail programs and gateways put around it:
// the words for answer and forward, of every language that has a
// file in shared/language ([reply-prefix] and [forward-prefix]), with or without a
// counter; tags in square brackets at the front, such as a list's name or a ticket
// of somebody else's; "(fwd)" at the end; and differences of case, width and
// blanks.
//
// What is left is compared with what is left of another, and nothing is guessed
// beyond: subjects that merely resemble each other are different.
//
// Two unrelated mails often have the same subject, if it is a word such as
// "Question". [Subject.Telling] says whether a subject is about something; only
// one that does may stand for a conversation by itself.
package subject
