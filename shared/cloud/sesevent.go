package cloud

import (
	"cmp"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/replywell/replywell/shared/desk"
)

// OutboxTag is the message tag that names the outbox item of a mail; SES gives
// it back in every event of that mail.
const OutboxTag = "outbox"

// sesEvent is what SES publishes about a mail it was given (SES developer guide,
// "Examples of event data that Amazon SES publishes to Amazon SNS").
type sesEvent struct {
	Type string `json:"eventType"`
	Mail struct {
		MessageID   string              `json:"messageId"`
		Timestamp   time.Time           `json:"timestamp"`
		Destination []string            `json:"destination"`
		Tags        map[string][]string `json:"tags"`
	} `json:"mail"`
	Bounce struct {
		Type       string      `json:"bounceType"` // Permanent, Transient, Undetermined
		SubType    string      `json:"bounceSubType"`
		Recipients []recipient `json:"bouncedRecipients"`
		Timestamp  time.Time   `json:"timestamp"`
		FeedbackID string      `json:"feedbackId"`
	} `json:"bounce"`
	Complaint struct {
		Recipients []recipient `json:"complainedRecipients"`
		Kind       string      `json:"complaintFeedbackType"`
		SubType    string      `json:"complaintSubType"`
		Timestamp  time.Time   `json:"timestamp"`
		FeedbackID string      `json:"feedbackId"`
	} `json:"complaint"`
	Delivery struct {
		Recipients []string  `json:"recipients"`
		Timestamp  time.Time `json:"timestamp"`
	} `json:"delivery"`
	Delay struct {
		Type       string      `json:"delayType"`
		Recipients []recipient `json:"delayedRecipients"`
		Timestamp  time.Time   `json:"timestamp"`
	} `json:"deliveryDelay"`
	Reject struct {
		Reason string `json:"reason"`
	} `json:"reject"`
	Failure struct {
		Message string `json:"errorMessage"`
	} `json:"failure"`
}

type recipient struct {
	Address    string `json:"emailAddress"`
	Status     string `json:"status"`
	Diagnostic string `json:"diagnosticCode"`
}

// readSESEvent reads the body of a queue message: an SES event, wrapped by SNS or
// EventBridge or not. The error is errNothingToDo for kinds that say nothing
// about delivery.
func readSESEvent(body string) (desk.DeliveryEvent, error) {
	text := unwrapSNS(body)
	if strings.HasPrefix(text, "Successfully validated SNS topic") {
		return desk.DeliveryEvent{}, errNothingToDo
	}
	var e sesEvent
	if err := json.Unmarshal([]byte(unwrapEventBridge(text)), &e); err != nil {
		return desk.DeliveryEvent{}, desk.Permanent(fmt.Errorf("the queue message is no event of SES: %w; look at it in the dead-letter queue", err))
	}
	if e.Type == "" || e.Mail.MessageID == "" {
		return desk.DeliveryEvent{}, desk.Permanent(fmt.Errorf("the queue message is no event of SES: it has no eventType or no mail.messageId; is another topic subscribed to the events queue?"))
	}
	out := desk.DeliveryEvent{SentID: e.Mail.MessageID, At: e.Mail.Timestamp}
	if tag := e.Mail.Tags[OutboxTag]; len(tag) > 0 {
		out.Outbox = tag[0]
	}
	feedback := ""
	switch e.Type {
	case "Send":
		out.Kind = desk.DeliverySend
	case "Delivery":
		out.Kind, out.At = desk.DeliveryDelivered, later(e.Delivery.Timestamp, out.At)
	case "DeliveryDelay":
		out.Kind, out.At = desk.DeliveryDelayed, later(e.Delay.Timestamp, out.At)
		out.Recipients = recipients(e.Delay.Recipients, false, delayReasons[e.Delay.Type])
	case "Bounce":
		out.Kind, out.At, feedback = desk.DeliveryBounced, later(e.Bounce.Timestamp, out.At), e.Bounce.FeedbackID
		out.Recipients = recipients(e.Bounce.Recipients, e.Bounce.Type == "Permanent", bounceReasons[e.Bounce.SubType])
	case "Complaint":
		out.Kind, out.At, feedback = desk.DeliveryComplaint, later(e.Complaint.Timestamp, out.At), e.Complaint.FeedbackID
		out.Recipients = recipients(e.Complaint.Recipients, false, complaintReason(e.Complaint.SubType, e.Complaint.Kind))
	case "Reject":
		out.Kind = desk.DeliveryRejected
		out.Recipients = refused(e.Mail.Destination, "SES refused to send it: "+cmp.Or(e.Reject.Reason, "no reason given"))
	case "Rendering Failure", "RenderingFailure":
		out.Kind = desk.DeliveryRejected
		out.Recipients = refused(e.Mail.Destination, "SES could not build the mail: "+cmp.Or(e.Failure.Message, "no reason given"))
	default:
		return desk.DeliveryEvent{}, errNothingToDo
	}
	// SNS delivers at least once: the same event has the same id every time.
	out.ID = desk.DerivedID("ses", e.Type, e.Mail.MessageID, cmp.Or(feedback, out.At.UTC().Format(time.RFC3339Nano)))
	return out, nil
}

func recipients(list []recipient, permanent bool, reason string) []desk.BouncedRecipient {
	out := make([]desk.BouncedRecipient, 0, len(list))
	for _, r := range list {
		words := reason
		if r.Diagnostic != "" {
			words = strings.TrimPrefix(reason+": "+r.Diagnostic, ": ")
		}
		out = append(out, desk.BouncedRecipient{Address: r.Address, Status: r.Status, Reason: words, Permanent: permanent})
	}
	return out
}

func refused(addresses []string, reason string) []desk.BouncedRecipient {
	out := make([]desk.BouncedRecipient, 0, len(addresses))
	for _, a := range addresses {
		out = append(out, desk.BouncedRecipient{Address: a, Reason: reason, Permanent: true})
	}
	return out
}

// bounceReasons say SES's subtypes of a bounce in plain words (SES developer
// guide, "Bounce types").
var bounceReasons = map[string]string{
	"General":                  "the receiving server refused the mail",
	"NoEmail":                  "the address does not exist",
	"Suppressed":               "the address is on SES's own suppression list, because it bounced for others lately",
	"OnAccountSuppressionList": "the address is on this account's suppression list; take it off there if it works again",
	"MailboxFull":              "the mailbox is full",
	"MessageTooLarge":          "the mail is too large for the receiving server",
	"ContentRejected":          "the receiving server refused the content",
	"AttachmentRejected":       "the receiving server refused an attachment",
	"UnsubscribedRecipient":    "the recipient has unsubscribed",
}

// delayReasons say SES's kinds of delay in plain words.
var delayReasons = map[string]string{
	"InternalFailure":                "SES had trouble of its own; it tries again",
	"General":                        "the receiving server did not take the mail yet",
	"MailboxFull":                    "the mailbox is full",
	"SpamDetected":                   "the receiving server saw much unwanted mail from this account",
	"RecipientServerError":           "the receiving server has trouble",
	"IPFailure":                      "the receiving server blocks or slows SES's address",
	"TransientCommunicationFailure":  "the connection to the receiving server failed",
	"BYOIPHostNameLookupUnavailable": "the host name of the sending address could not be looked up",
	"Undetermined":                   "the receiving server did not say why",
	"SendingDeferral":                "SES waits before it sends",
}

func complaintReason(subType, kind string) string {
	if subType == "OnAccountSuppressionList" {
		return "the address complained before and is on this account's suppression list"
	}
	if kind != "" {
		return "the recipient's provider reported the mail as unwanted (" + kind + ")"
	}
	return "the recipient's provider reported the mail as unwanted"
}

// unwrapEventBridge takes an event out of EventBridge's envelope, for teams that
// publish SES events there.
func unwrapEventBridge(text string) string {
	var envelope struct {
		Source string          `json:"source"`
		Detail json.RawMessage `json:"detail"`
	}
	if json.Unmarshal([]byte(text), &envelope) == nil && envelope.Source == "aws.ses" && len(envelope.Detail) > 0 {
		return string(envelope.Detail)
	}
	return text
}

// later gives the event's own time, or the mail's where the event bears none.
func later(own, mail time.Time) time.Time {
	if own.IsZero() {
		return mail
	}
	return own
}
