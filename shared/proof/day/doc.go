// Package day plays a day at a support desk, as a person would watch it.
//
// Three agents, a lead and somebody of sales; sixty customers; nine hours. The desk is
// set as testdata/desk.yaml says, which is as little as a team must say. testdata/day.txt
// says who writes what, and what whoever picks that mail does with it. The test plays it
// by the real services, with a clock that stands still between the minutes, and writes
// testdata/day.golden.txt: each thing that was done, why this mail was picked and not
// another, and what everybody got of it, by kind, subject and first line. Whoever changes
// what people see at the desk reads the difference there; go test -update writes it anew.
//
// It is played in both homes, and must read alike: over bbolt and files in a folder, with
// a relay; and over DynamoDB's API, whose indexes lag, with a carrier that gives mails
// other Message-IDs and tells of them by events, as SES does.
//
// # What is held
//
// Each minute: whoever waits stands in a mail to somebody who is at work and not away,
// twelve minutes after it came at the latest, and no promise is broken without a reminder
// before. At the end: each customer got what was written for them, once; nothing of the
// team's words left the team; nobody of the team had more than thirty mails.
//
// # The same day, otherwise
//
//	ill      one of the three says at noon that she is away
//	out      the same, and only her mail program says so
//	racing   everybody is told of everything, and whoever has a mail, too, answers it
//	         otherwise a second later
//	faults   beside the day a customer for each fault of a desk's first days
//
// Their golden files tell of what is different: the afternoon, the fault's customers.
//
// # The script
//
//	09:05 Erika Muster writes: Two lamps have not arrived
//	| Hello,
//	| ...
//	= Dear Erika,
//	=
//	= they arrive tomorrow.
//	=> +1m
//	= #undo
//	09:12 anna replies to "Two lamps"
//	| #send 1
//	09:14 ben taps "Send answer 1" in waits "Two lamps"
//	09:20 Erika Muster replies to "arrive tomorrow"
//	13:20 ben answers anna's waits "Broken shade"
//	14:00 The relay refuses everybody
//	14:30 The relay takes mail again
//
// What stands behind "=" is the reply of the agent who picks the mail. Each of the three
// looks at the mail every 39 minutes and works off what is on the desk, four minutes each,
// in the order of work. What is on a desk is what stands in a mail to that agent; what
// stands in a list alone is fetched first. A line "=>" begins the agent's next mail about
// it, so many minutes later, in reply to the same mail or to one of another kind with the
// words:
//
//	=> +2m notice "Did you mean"
//	=> +0m tap "Send answer 1"
//	=> +0m forwards to Pia Sale
//	=> +9m Pia Sale answers
//	=> at 12:40        nothing of it before
//	=> answers 2       how many mails the customer gets for it; 1 if nothing is said
//
// A time may have seconds. Customers have the address of their name, or the one that
// follows it; agents are named by their ids. What stands in quotation marks is looked for
// in the mails that the person has got, the newest first: in the subject, the text, and
// the sender's name; a word before it says of which kind the mail is (waits, note,
// colleague, notice, answer), with "old" before that the oldest counts. A customer who was
// not answered yet replies when they are. The one who answers somebody else's mail was
// forwarded it. The relay may also refuse one customer, by name. Lines that begin with "#"
// tell the reader what is seen here.
package day
