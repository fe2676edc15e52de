// Package email reads Internet mail as a person reads it: what was newly said,
// by whom, with what, and whether a person said anything at all.
//
// # What a mail is
//
// A mail is lines of bytes. The first lines are fields, "Name: value", up to an
// empty line (RFC 5322); the rest is the body. A body may be a tree of parts, each
// with a small header of its own that says what it is and how its bytes were
// squeezed through transports that knew only ASCII (MIME, RFC 2045 to 2049). That
// is all that the standards promise, and every promise is broken every day: by
// old programs, by gateways, by people who wrote a mailer in an afternoon, and by
// strangers who mean harm.
//
// What a person sees in a mail stands in no field. Which lines are new, and which
// were copied from the mail before. Who wrote, when a group or a form passed it on.
// Whether anybody wrote: an answer to a robot may start a loop, and an order taken
// for a robot's mail is lost. All this is in habits, and this room knows them.
//
// # How it is read
//
//	m := email.Read(raw, returnPath)
//	m.Visible.Visible    // what was newly written
//	m.Origin.Author      // by whom
//	m.Attachments        // with what
//	m.Automatic.Kind     // and what it is, if no person wrote it
//
// [Read] asks five packages, each of which has an essay of its own:
//
//   - message: bytes to values. Header, addresses, text, attachments, whatever
//     state they are in. It repairs the mail, has enmime read its parts, and uses
//     charset for text in the wrong alphabet, htmltext for HTML, tnef for Outlook's
//     winmail.dat;
//   - origin: who wrote mail that came by another way; takes out what gateways
//     wrote into it;
//   - visible: the new text, apart from quotes, signature and forwards;
//   - automatic: delivery reports, absence notes, lists and other mail that no
//     person wrote, each with the rule that decided.
//
// Two more write mail: compose builds it, replyaddr signs the addresses that
// answers come back to.
//
// # What holds
//
// Nothing readable is refused and nothing is dropped. Reading never fails and
// never panics; a mail that could not be taken apart is there as text and as an
// attachment. What had to be repaired or guessed is a named warning
// ([message.Warning]); every decision names its rule. The full text is always
// kept beside the part that was cut out of it.
//
// Nothing here asserts that a mail is authentic. From, and all that is concluded
// from header fields, is what somebody wrote; whom to believe is decided elsewhere,
// from what the receiving server itself has checked.
//
// What a stranger sends decides nothing about our time and memory. Both are linear
// in the size of the mail, with bounds on parts, nesting, fields, addresses and
// text (the constants of message); what lies beyond a bound is kept whole, as an
// attachment, and a warning says so.
package email
