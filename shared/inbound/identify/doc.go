// Package identify finds out what can be said of a mail without asking the store:
// who wrote it and what it is, to which of our addresses it came, what it names,
// and what a person should read of it. It is the first step of package inbound,
// and pure: the same delivery, bytes, settings, keys and time give the same [Facts].
//
// # What can be trusted
//
// A [Delivery] comes from the receiving service and is believed. The bytes are the
// sender's, and nothing in them is: a reply address in To or Cc is a word of the
// sender's, and counts as less than one among the envelope recipients. The first
// recipient that is ours decides the mailbox; where no recipient is, the first
// mailbox of the settings takes the mail, for it did come to us.
//
// # Who wrote
//
// Much mail is passed on by a group, a host or a web form. The person is found
// by the rules of package origin, and answers go to that person. What the
// verdicts authenticate is the From address, so a person found in any other way
// counts as not verified, and agents are told so. A mail that names nobody who
// could be answered is a conversation without an address: agents see it, and
// see that they cannot answer it.
//
// An agent who passes a customer's mail on is the one case in which a mail is two:
// Facts are then the agent's mail, and Facts.AsForward the customer's. Which of
// the two it is to be is not decided here.
//
// # What it names
//
// Signed addresses are opened here, and each says whether it was made by us, for
// whom, and whether the mail was written to it. Message-IDs are what the mail
// answers, what it cites in its text, and the few that most likely name its
// thread, which are awaited where nobody knows them. [Facts.Lookup] puts all
// of it into one request.
package identify
