package identify

import (
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email"
	"github.com/replywell/replywell/shared/email/automatic"
	"github.com/replywell/replywell/shared/email/message"
	"github.com/replywell/replywell/shared/email/replyaddr"
	"github.com/replywell/replywell/shared/email/smime"
	"github.com/replywell/replywell/shared/store"
)

// Delivery is one mail as the receiving service hands it over. Everything in it
// comes from that service and can be trusted; nothing in the mail itself can.
type Delivery struct {
	ID         string   // the receiver's: S3 key or SMTP transaction; the same for a repeated delivery
	Raw        string   // blob key of the mail as it came
	MailFrom   string   // envelope sender; "<>" is the null path, "" is not known
	Recipients []string // envelope recipients; may be empty where the service does not say
	ReceivedAt time.Time
	Verdicts   desk.Verdicts
	Size       int // bytes; 0 where the service does not say
	// CheckedLater: DNS did not answer, and the receiver will ask again and tell.
	CheckedLater bool
}

// Desk is what a mail is held against.
type Desk struct {
	Settings *desk.Settings
	Keys     *replyaddr.Keyring
	Now      time.Time
	// AnySender: everybody counts as a participant, as on a mailing list, and only
	// the header's ids are evidence.
	AnySender bool
}

// Facts are what can be said of a mail without asking the store.
type Facts struct {
	// Record begins the record: the delivery, bounded, the mailbox that it came to
	// and what tells it from another mail.
	Record       desk.Inbound
	SHA256       string // of the raw mail, in hex
	CheckedLater bool   // see Delivery
	AnySender    bool   // see Desk
	// Released is the desk.Hold word of a mail that a person released: that check
	// counts as passed. "" of any other mail.
	Released string

	Mail    *email.Mail    // as it was read; all in it is the sender's word
	Kind    automatic.Kind // what it is where no person wrote it
	Mailbox desk.Mailbox   // ours that it came to
	OurMark bool           // it bears the mark of our own mail

	// Who wrote.
	Sender   string      // the one address of the one From field; "" if there is not exactly one
	Agent    *desk.Agent // whose address stands in From; nil if it is nobody's. Not proven
	Author   desk.Person // the person behind the mail; the address is "" where none can be answered
	Verified bool        // the receiving service vouches for Author
	// Claimed: a system only names the author. Anybody can type an address into a
	// form: no earlier conversation of that address is looked for, shown, linked or
	// joined, unless the mail itself names one.
	Claimed   bool
	SPFAlone  bool   // SPF vouches for the From domain, and DMARC does not object
	ReplyTo   string // where it asks for answers; "" where it does not say, or not where mail can be sent to
	AnswersTo string // ReplyTo, if it is not the author's address
	// Acknowledgeable: no mark that it bears speaks against an answer which no
	// person decided to send.
	Acknowledgeable bool
	// Answerable is the same of a mail that may answer one of ours, and whether a mailbox
	// acknowledges or not.
	Answerable bool
	Copies     []message.Address // whom its To and Cc name beside us and the author
	// Proposable are those of them who may be proposed to agents as people of the
	// conversation: of a person's mail, and people who are no agents.
	Proposable []desk.Person
	// Unread: the author's address says of itself that nobody reads it.
	Unread   bool
	OurNamed []desk.Mailbox // our mailboxes that its To and Cc name
	// MeantHere: of a mail from an agent's address, it was written to the mailbox that it
	// came to. NotMeantHere is a clause that says what does not show it.
	MeantHere    bool
	NotMeantHere string
	Unverified   string // a clause that says why an agent's mail is not vouched for

	// What it names.
	Recipients []Address // the signed addresses among the envelope recipients
	Written    []Address // those in To, Cc and Delivered-To: words of the sender's
	Quoted     []Address // those in the text
	Answered   []string  // Message-IDs that it answers, the newest first
	Awaited    []string  // those of them that most likely name its thread
	Reader     string    // for whom it awaits them, and finds what others awaited; see [AwaitedKey]
	Cited      []string  // Message-IDs in the text

	// What it says.
	Subject string                // without what gateways wrote into it
	Text    string                // what a person should read of it; never empty
	HTML    string                // Text as it was written; "" where the two would not say the same
	Order   string                // what an agent's mail would be carried out as: commands and text
	Summary desk.Summary          // what a list says of it while it is held
	Files   []desk.AttachmentInfo // described, with names of bounded length
	// Signature is what the mail has below its text, Signed its mark: the same of
	// the same signature from the same author. "" where it has none.
	Signature, Signed string
	// SMIME is what its S/MIME signature is worth; nil where it has none.
	SMIME *smime.Signature

	// Forward is what an agent passed on by this mail; nil of any other. Of a mail
	// that has it, the facts above are of the original sender's mail.
	Forward *Forward
	// AsForward are the facts of this mail if it is an agent's forward; nil if it
	// cannot be one.
	AsForward *Facts
}

// Bounds on what one mail may put into a record, so that no item outgrows the
// store. The whole mail is always kept beside it.
const (
	MaxIDLength   = 900 // bytes of a Message-ID; RFC 5322 allows a line of 998
	MaxName       = 200 // bytes of a name or a file name
	maxSubject    = 500 // bytes
	maxAddress    = 254 // bytes; RFC 5321 section 4.5.3.1.3
	maxPath       = 320 // bytes of an envelope address
	maxRecipients = 100 // in the record; all are looked at
)

// Address is a recipient that has the shape of a signed address of ours.
type Address struct {
	replyaddr.Token
	Genuine bool        // it was made here, be it expired or not
	Expired bool        // genuine, and too old
	Named   store.Place // the entry that it was made for
	// Leads is where an answer to that entry belongs by now, as agents arranged it
	// since; before [Facts.Led] it is Named.
	Leads store.Place
	// Agent is for whom an agent's address was made; nil where it is none of ours,
	// or none that the address was made for.
	Agent *desk.Agent
	// Department is the one that an address was made for at which a department replies; nil
	// where there is none any more.
	Department *desk.Department
	// Box is the mailbox whose address it is then; the token does not tell.
	Box string
	// Meant: the mail was written to this address. NotMeant is a clause that says
	// what does not show it.
	Meant    bool
	NotMeant string
}

// Forward is a mail that an agent passed on.
type Forward struct {
	Agent      desk.Agent
	Author     desk.Person // the original sender
	Subject    string
	Text       string
	Comment    string // what the agent wrote above it; "" if nothing
	MessageID  string // the original's, where it was forwarded whole
	References []string
}
