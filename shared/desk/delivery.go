package desk

import "time"

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
