package desk

import "time"

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

	NotBefore time.Time
	PutOff    bool // a notification above the agent's rate: waits until NotBefore to be merged with others
	State     OutboxState
	Attempts  int
	Claimed   time.Time // when the last attempt began
	Sent      time.Time
	SentID    string // the id the carrier gave it: SES's MessageId; "" on a plain relay
	MergedIn  string // the digest's OutboxItem.ID, for StateMerged
	LastError string
	Created   time.Time
	CausedBy  string // Inbound.ID or another cause
	Version   int64
}

// Summary is one line of a merged notification.
type Summary struct{ From, Subject, FirstLines string }

// OutboxKind says what a mail is for.
type OutboxKind string

// The kinds of outgoing mail. Only OutboxAnswer and OutboxAcknowledgement go to customers.
const (
	OutboxAnswer       OutboxKind = "answer"
	OutboxNotification OutboxKind = "notification" // a message, told to an agent; may be merged
	OutboxNotice       OutboxKind = "notice"       // told to an agent about the agent's own mail; never merged
	OutboxDigest       OutboxKind = "digest"       // merged notifications
	OutboxReport       OutboxKind = "report"       // the weekly figures
	// OutboxAcknowledgement tells a customer that a mail has come; nobody decided on it.
	OutboxAcknowledgement OutboxKind = "acknowledgement"
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
)

// Due reports whether the item still waits to be sent.
func (o OutboxItem) Due() bool { return o.State == OutboxPending || o.State == OutboxSending }

// MaxAttempts bounds how often a mail is tried; with Backoff that is about two days.
const MaxAttempts = 18

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
