// Package letters writes every mail that Replywell sends, one file a letter.
//
// A letter is a page of the product: for an agent it is the whole of it. So
// each one follows the same few rules. What is new stands first, and what was
// known before stands below. Nothing needs to be looked up elsewhere to answer:
// who wrote, what was said so far, what others answered to the like, and how to
// answer are all in the mail. It says why it is here. It is short, in plain
// words, and reads the same as text and as HTML, because both are written from
// one page.Document.
//
// # To an agent
//
// The mail comes from the support address under the customer's name ("Erika
// Muster (Example Support)"), never from the customer's address, which is not
// ours to use. Its Reply-To is a signed address made for this agent and this
// conversation; it remembers the last message that the agent was shown. All
// mails about one conversation have one subject ("[K7M-4Q9] My invoice") and
// begin their References with one synthetic id, so that every mail client keeps
// them as one thread, whatever a carrier does to our Message-IDs.
//
// The first line is the marker above which an answer is written. Whatever an
// agent's client does to the mail below it, the reply reader finds the marker
// at the latest; an agent's answer never carries our frame to a customer.
//
// # To a customer
//
// An answer looks like a mail that somebody typed, because it is one. It holds
// nothing internal. Letters to agents and letters to customers are separate
// builds with separate addresses; they share no text but the message itself.
//
// # What all of them share
//
// [Writer] gives every mail its addresses and its id. The Message-ID is the
// outbox item's id at the mailbox's domain, so writing a letter again gives the
// same mail. The envelope sender is a signed address as well, so that delivery
// reports and vacation notices find their conversation. Every mail carries
// X-Loop with the support address: one that is sent on to us unread is seen for
// what it is.
//
// # How the room is read
//
// phrases.go, names.go and kind.go know no letter. writer.go and replykind.go give
// each mail its addresses. A notification is notification.go (what is known),
// headline.go, sections.go, suggestions.go and stranger.go (its parts) and
// telling.go (the page, and its way to each agent). Each other file is one letter,
// which uses these and which none of them uses. frame.go, at the end, knows them
// all: a mail in which one of their phrases stands does not leave for a customer.
package letters
