// Package automatic tells mail that no person wrote from mail that a person
// wrote, and reads what the robots report.
//
// A help desk that answers a robot starts a loop, and one that takes a person
// for a robot leaves a customer unanswered. The second is the worse mistake, so
// every rule here asks for evidence that people's mail does not have, and where
// there is doubt a mail is a person's. [Judge] gives one [Kind], and the name of
// the one rule that decided; the rules are asked in a fixed order.
//
// # Evidence, from the strongest
//
// Structure. multipart/report is written by machines only: delivery reports
// (RFC 3464), complaints (ARF, RFC 5965), read receipts (MDN, RFC 8098). A
// text/calendar part with METHOD:REPLY answers an invitation. What lies inside
// an attached message does not count: whoever forwards a report to support has
// written a mail about it.
//
// The sender. mailer-daemon@, and the null return path <> that RFC 5321 gives
// to reports; addresses that nobody reads (noreply@, in many languages).
// postmaster@ may be a machine or the person who runs it, so that it needs
// the words of a report, a recipient and a reason besides.
//
// Header fields. Auto-Submitted (RFC 3834), and the fields of mail systems that
// are older than it; lists (RFC 2369, RFC 2919), Precedence, campaigns.
// X-Auto-Response-Suppress counts with care, because Exchange puts it on
// people's mail as well. Fields that a group or a forwarder of the team's own
// added are no evidence: package origin knows them.
//
// Words. "Automatic reply: ..." in front of our own subject, in some thirty
// languages; "Vacation: ..." only if the text is a vacation notice too. A
// subject that begins with Re: or Fwd: is somebody's answer or forward. Text
// alone decides nothing, since people quote vacation notices and bounces when they
// complain about them; but for an answer that is nothing else than a note which
// says that it is automatic (absence.go). To pass a mail on is not to answer it
// (passing.go).
//
// # Delivery reports
//
// A report is read for its recipients, their status (RFC 3463), and the mail of
// ours that it is about. The fields of RFC 3464 are taken where they are, also
// from text that lost its MIME structure. Dozens of systems write plain text;
// they are not parsed one by one. Nearly all of them put the address at the
// start of a line and say the rest after it, so that one scanner reads them, and
// tables know the words: reportSystems and [bounce-subject] in the files of package
// language (this is a report), causes (why it failed, in plain words), and
// [returned-message] (here our mail begins). Whoever meets a new system adds its
// words to a table and its mail to testdata.
//
// # Limits
//
// Of the text the first 64 KiB are read, of a report at most 1000 recipients;
// all loops are linear. A verdict is about form only: a forged report looks like
// a true one, so that what a report says about a mail of ours must be checked
// against what was really sent, by [Original] and by the address it came to.
package automatic
