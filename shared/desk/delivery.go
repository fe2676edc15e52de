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

// BouncedRecipient is one recipient that was not reached, or who complained.
type BouncedRecipient struct {
	Address   string
	Status    string // RFC 3463
	Reason    string // in plain words
	Permanent bool
}
