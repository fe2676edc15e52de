// Package orders reads what an agent newly wrote: what of it is an order to the
// desk, what is for the team, and what is for the customer.
//
// # The one rule
//
// A line that a person would read as an order to the desk, or as a word to a
// colleague, never reaches a customer. Whom it speaks to decides, not the word:
// "Note: unplug it first" within an answer is for the customer, "note: he is
// rude" as a whole mail is not.
//
// Three things can come of a line. What is certain is carried out, however it is
// dressed: below a greeting, bold, in quotation marks, behind a mark that is not
// seen, with its text on the line, in the subject. What is not certain is asked
// about, with the one best reading: "did you mean #note?". All else is text.
//
// # How a line is read
//
// As a person sees it: signs that take no place are gone, full-width and small
// forms are plain ones, bullets, quotation marks and bold around it do not count.
// Then
//
//   - a "#" and a command's name, or another word for it, is that
//     command. A slip of the finger away from it, it may be (near.go);
//   - "# note" with a blank is one too, if it is no heading: headings begin with a
//     capital, and are several;
//   - a line that is headed "internal", "note:" or with a colleague's name is for
//     the team if it says so itself, or speaks about the customer and not to them
//     (team.go);
//   - a mail, or its first or last line, of which each word is part of an order is
//     one: "1", "ok send it", "close please" (spoken.go).
//
// Where a line stands matters: at the top, below a greeting, or within an answer,
// where a "#" may be a hashtag. Below "#note" all is note. With an answer above it
// the answer is sent, where it is clear that it ends there.
//
// What none of these rules knows is read for whom it speaks to by how it is built: a
// fitted reader, on small words and on an encoder's middle, of short texts that greet
// nobody and of last paragraphs (addressee.go, grammar.go; package fit fits it). It
// asks, and never decides.
//
// What is read as "yes" to a doubt is the mail read anew with the one line put
// right: there is one reader.
//
// # Languages
//
// Names of colleagues come from the settings, greetings and closings from the
// phrasebook. What is left is in the files of package language: how each language
// calls the commands, the team, the customer, and which words say "you". A language
// that is missing there costs an order in that language only; the signs and the
// English names work everywhere.
//
// The package does no I/O, and its time is linear in the mail.
package orders
