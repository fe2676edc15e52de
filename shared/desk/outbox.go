package desk

import (
	"time"
)

// OutboxItem is one mail that is to leave. It is written in the same
// transaction as the state change that causes it, then sent, then marked.
type OutboxItem struct {
	ID           string // stable; also the SES tag that comes back in every event
	Kind         OutboxKind
	Conversation ConversationID
	Sequence     int    // the message it carries or tells of
	Mailbox      string // Mailbox.ID
	Agent        string // for mail to an agent: the agent's id; it names the lane, see Lane
	Decided      string // for mail to others: the agent whose mail decided that it leaves; "" is nobody, see Automatic
	EnvelopeFrom string
	To           []string // envelope recipients
	MessageID    string   // as composed, without angle brackets
	Raw          string   // blob key of the composed mail
	Size         int      // bytes
	Summary      Summary  // what a merged notification says of it
	Tells        []string // Inbound.ID of the mails that it gives back; may be added to while it waits
	Lists        []Listed // messages of which it shows its reader something, beside Sequence
	Offers       []string // ids of the articles that it lists; number N of it is Offers[N-1]

	// After names another item: this one tells of it, and goes only if that one does.
	After string
	// Events are recorded when the mail leaves, and not at all if it is taken back.
	Events []Event

	NotBefore  time.Time
	PutOff     bool // a notification above the agent's rate: waits until NotBefore to be merged with others
	State      OutboxState
	Attempts   int
	RouteTries int       // of the attempts, those that say nothing of this mail: the way out had trouble
	Refused    int       // how often it came back, and is tried again all the same; see ComesBack
	RefusedID  string    // then, the id under which the carrier had taken it the last time
	Claimed    time.Time // when the last attempt began
	Sent       time.Time
	SentID     string // the id the carrier gave it: SES's MessageId; "" on a plain relay
	MergedIn   string // the digest's OutboxItem.ID, for StateMerged
	LastError  string
	Created    time.Time
	CausedBy   string // Inbound.ID of a mail, OutboxItem.ID of what it tells of, or an Occasion
	Version    int64
}

// NotificationID is the outbox item that tells this agent of the message that an
// inbound mail brought.
func NotificationID(inbound, agent string) string {
	return DerivedID(inbound, string(OutboxNotification), agent)
}

// Summary is what a list says of a mail: of a merged notification in a digest, of
// a held mail in the quarantine. A held mail has no more than the first three.
type Summary struct {
	From, Subject, FirstLines string
	// Kind is the notification's, as filters know it ("waits", "note").
	Kind string `json:",omitempty"`
	// Said is what was newly written, bounded, where it is compared with what others
	// say: it is Alone, and its Offer likely. Alone says that it is all there is: a
	// first mail, without files, not too long.
	Said  string `json:",omitempty"`
	Alone bool   `json:",omitempty"`
	// Offer is the best ready answer that was offered with it and can be sent; no
	// more of it than the article where there is no Said.
	Offer Offer `json:",omitzero"`
}

// Offer is a ready answer as an agent was shown it.
type Offer struct {
	Number   int     `json:",omitzero"` // by which #send sends it, in reply to the mail that offered it
	Article  string  `json:",omitzero"` // its id
	Title    string  `json:",omitzero"`
	Why      string  `json:",omitzero"` // how well it fits, in a line
	Text     string  `json:",omitzero"` // as much as is shown
	More     int     `json:",omitzero"` // lines that would be sent and are not shown
	Likely   float64 `json:",omitzero"` // how likely it is the right one, from 0 to 1
	Language string  `json:",omitzero"` // of the article, BCP 47; "" is not known
}

// OutboxKind says what a mail is for.
type OutboxKind string

// The kinds of outgoing mail. Only OutboxAnswer, OutboxAcknowledgement and OutboxFollowUp go to customers.
const (
	OutboxAnswer       OutboxKind = "answer"
	OutboxNotification OutboxKind = "notification" // a message, told to an agent; may be merged
	OutboxNotice       OutboxKind = "notice"       // told to an agent about the agent's own mail; never merged
	OutboxDigest       OutboxKind = "digest"       // merged notifications
	OutboxReport       OutboxKind = "report"       // the weekly figures
	OutboxAlert        OutboxKind = "alert"        // told to an agent or a lead about trouble with mail; never answered
	// OutboxAcknowledgement tells a customer that a mail has come; nobody decided on it.
	OutboxAcknowledgement OutboxKind = "acknowledgement"
	// OutboxFollowUp asks a customer who has not answered whether it is settled; nobody
	// decided on it then.
	OutboxFollowUp OutboxKind = "follow-up"
	// OutboxDepartment asks a department, or tells it something; Decided is the agent who
	// asked.
	OutboxDepartment OutboxKind = "department"
	OutboxProbe      OutboxKind = "probe" // from the desk to itself, to see whether mail goes the whole way
)

// OutboxState is where a mail is on its way.
type OutboxState string

// The states. Pending and Sending are due; the others are ends.
const (
	OutboxPending OutboxState = "pending"
	OutboxSending OutboxState = "sending" // an attempt began; its end is not recorded
	OutboxSent    OutboxState = "sent"
	OutboxMerged  OutboxState = "merged" // told in a digest instead
	OutboxFailed  OutboxState = "failed" // refused for good, or tried too often
	// OutboxTakenBack is a mail that was stopped within the grace time, or one that
	// tells of it. It never left.
	OutboxTakenBack OutboxState = "taken-back"
)

// Due reports whether the item still waits to be sent.
func (o OutboxItem) Due() bool { return o.State == OutboxPending || o.State == OutboxSending }

// CanStop reports whether the item can still be taken back: no attempt to send it
// has begun. Whoever stops it writes it with this version; a sender that was
// faster has another.
func (o OutboxItem) CanStop() bool { return o.State == OutboxPending && o.Attempts == 0 }

// MaxAttempts bounds how often a mail is tried for its recipient's sake; with
// Backoff that is about two days. Trouble of the way out does not count.
const MaxAttempts = 18

// RouteGivenUp is how long mail that people outside wait for is kept for a way
// out that has trouble: as long as mail servers keep trying (RFC 5321 section 4.5.4.1).
const RouteGivenUp = 5 * 24 * time.Hour

// RouteWait bounds the time between two attempts while the way out has trouble,
// so that what waits leaves soon when it works again.
const RouteWait = 10 * time.Minute

// RefusedWait is the time between two attempts to reach an agent whose mailbox
// sent a mail back.
const RefusedWait = 24 * time.Hour

// Kept is how long a refused mail to an agent is tried again that belongs to no
// conversation which waits: as long as a question in it can be answered.
const Kept = ConfirmationGood

// Lasts reports whether the mail is never given up for good: it shows the team
// what a customer or an agent wrote.
func (o OutboxItem) Lasts() bool {
	return o.Kind == OutboxNotification || o.Kind == OutboxDigest || o.Kind == OutboxNotice
}

// Tries are the attempts that failed for what is about this mail, since it came
// back last.
func (o OutboxItem) Tries() int { return o.Attempts - o.RouteTries }

// ComesBack records that a mail to an agent came back: it is tried again the
// next day.
func (o *OutboxItem) ComesBack(now time.Time, why string) {
	o.State, o.PutOff, o.LastError = OutboxPending, false, why
	o.NotBefore, o.RouteTries, o.RefusedID = now.Add(RefusedWait), o.Attempts, o.SentID
	o.Refused++
}

// Backoff is how long to wait after the given number of failed attempts: 5 s,
// doubling, at most 6 hours.
func Backoff(attempts int) time.Duration {
	const first, most = 5 * time.Second, 6 * time.Hour
	if attempts < 1 {
		return 0
	}
	if attempts > 12 {
		return most
	}
	return min(first<<(attempts-1), most)
}

// AutomaticPolicy bounds the mail that leaves without a person's decision for
// anybody who is not of the team: acknowledgements. It counts what was
// promised to be sent, and looks at nothing that the other side says, so no
// program of theirs can talk it into more. The zero value sends none.
type AutomaticPolicy struct {
	PerAddress      int // mails to one address within AutomaticWindow
	PerConversation int // mails in one conversation within AutomaticWindow
}

// AutomaticWindow is what the policy counts over. It slides, so that no
// midnight lets twice as many through.
const AutomaticWindow = 24 * time.Hour

// The bounds of an AutomaticPolicy: what holds where the team says nothing, and
// what no team can exceed.
const (
	DefaultAutomatic = 3
	MostAutomatic    = 10
)

// Bounded gives the policy within the hard bounds, whatever was set.
func (p AutomaticPolicy) Bounded() AutomaticPolicy {
	return AutomaticPolicy{
		PerAddress:      min(max(p.PerAddress, 0), MostAutomatic),
		PerConversation: min(max(p.PerConversation, 0), MostAutomatic),
	}
}

// Automatic reports whether the mail leaves without a person's decision for
// somebody who is not of the team. Mail to an agent has bounds of its own; a
// report and mail to a department go to those whom the team named for it, and a probe to
// the desk itself.
func (o OutboxItem) Automatic() bool {
	return o.Decided == "" && o.Agent == "" && o.Kind != OutboxReport && o.Kind != OutboxProbe && o.Kind != OutboxDepartment
}

// DeliveryEvent is what a carrier tells of a mail that it took: SES by its
// event publishing, other servers by delivery reports.
type DeliveryEvent struct {
	Outbox     string // OutboxItem.ID, from the tag; may be empty when only SentID is known
	SentID     string // the carrier's id of the mail
	Kind       DeliveryKind
	Recipients []BouncedRecipient
	At         time.Time
	ID         string // of the event itself, so that a repeated one is seen
}

// DeliveryKind is the kind of a DeliveryEvent.
type DeliveryKind string

// The kinds of delivery events.
const (
	DeliverySend      DeliveryKind = "send" // the carrier accepted the mail
	DeliveryDelivered DeliveryKind = "delivered"
	DeliveryDelayed   DeliveryKind = "delayed"
	DeliveryBounced   DeliveryKind = "bounced"
	DeliveryComplaint DeliveryKind = "complaint"
	DeliveryRejected  DeliveryKind = "rejected" // the carrier refused to send: virus, suppression list
)

// BouncedRecipient is one recipient that was not reached, or who complained: what
// was said of it. Package delivery knows what that means.
type BouncedRecipient struct {
	Address   string
	Stage     string // where in the dialogue with our carrier; "" is after it
	Code      int    // SMTP reply code; 0 where it is not given by itself
	Status    string // RFC 3463
	Name      string // the carrier's name of the case
	Reason    string // in the server's words
	Permanent bool
}
