// Package earlier keeps the conversations that a team had before it had Replywell,
// until a customer answers one of their mails.
//
// They are files beside the raw mail, and no conversations yet: nobody is told of
// them, no figure counts them, and nothing of them is in the store. When a mail
// answers an id that the store does not know, [Find] looks for the conversation that
// has it, and whoever takes in mail puts that one into the store first. From then on
// it is like any other.
//
// # Files
//
// Each import is files of its own, so that each goes when its own time is over: the
// mail bucket lets go of what is older than the retention time, whatever it holds.
// One file lists the imports. Conversations lie in parts of about two hundred, and so
// does what leads to them: a part is chosen by a hash, so that finding one takes one
// read of the list, and one or two of each import, however large it is.
//
// # What holds
//
// The list names an import before its files are written: what was ended in the middle
// is known and can be taken out, and what is not there yet is not found. A conversation
// of which every id is there already is not kept twice. What cannot be unpacked is
// told in the log and is as good as not there, for a mail must not wait for it.
package earlier
