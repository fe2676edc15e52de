// Package day plays a day at a support desk, as a person would watch it.
//
// testdata/script.txt says who writes what, when, and by which mail: customers,
// agents who reply, tap a button or forget to write anything, a lead. The test
// plays it by the real services over a store, with a clock that stands still
// between the minutes, and writes testdata/transcript.txt: each thing that was
// done, and what everybody got of it, by kind, subject and first line. The
// transcript is a golden file: whoever changes what people see at the desk reads
// the difference there, and go test -update writes it anew.
//
// # The script
//
//	09:05 Erika Muster writes: Two lamps have not arrived
//	| Hello,
//	| ...
//	09:12 anna replies to "Two lamps"
//	| #send 1
//	09:14 ben taps "Send answer 1" in waits "Two lamps"
//
//	13:20 ben answers anna's waits "Broken shade"
//	14:00 The relay refuses everybody
//	14:30 The relay takes mail again
//
// The one who answers somebody else's mail was forwarded it. The relay may also
// refuse one customer, by name.
//
// A time may have seconds. Customers have the address of their name; agents are
// named by their ids. What stands in quotation marks is looked for in the mails
// that the person has got, the newest first: in the subject, the text, and the
// sender's name; a word before it says of which kind the mail is (waits, note,
// colleague, notice, answer), with "old" before that the oldest counts. Lines that begin with "#" tell the reader what is
// seen here.
//
// Two things are checked beside the golden file: a customer gets every answer
// once, and nothing of the team's words.
package day
