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
		out.Recipients = recipients(e.Delay.Recipients, false, e.Delay.Type)
	case "Bounce":
		out.Kind, out.At, feedback = desk.DeliveryBounced, later(e.Bounce.Timestamp, out.At), e.Bounce.FeedbackID
		out.Recipients = recipients(e.Bounce.Recipients, e.Bounce.Type == "Permanent", e.Bounce.SubType)
	case "Complaint":
		out.Kind, out.At, feedback = desk.DeliveryComplaint, later(e.Complaint.Timestamp, out.At), e.Complaint.FeedbackID
		out.Recipients = recipients(e.Complaint.Recipients, false, cmp.Or(e.Complaint.SubType, e.Complaint.Kind))
	case "Reject":
		out.Kind = desk.DeliveryRejected
		out.Recipients = refused(e.Mail.Destination, "Reject", e.Reject.Reason)
	case "Rendering Failure", "RenderingFailure":
		out.Kind = desk.DeliveryRejected
		out.Recipients = refused(e.Mail.Destination, "RenderingFailure", e.Failure.Message)
	default:
		return desk.DeliveryEvent{}, errNothingToDo
	}
	// SNS delivers at least once: the same event has the same id every time.
	out.ID = desk.DerivedID("ses", e.Type, e.Mail.MessageID, cmp.Or(feedback, out.At.UTC().Format(time.RFC3339Nano)))
	return out, nil
}

// recipients are those whom a bounce or the like names. name is SES's own name
// of the case, of which package delivery knows the meaning ("General" says none).
func recipients(list []recipient, permanent bool, name string) []desk.BouncedRecipient {
	out := make([]desk.BouncedRecipient, 0, len(list))
	for _, r := range list {
		out = append(out, desk.BouncedRecipient{Address: r.Address, Status: r.Status, Name: name, Reason: r.Diagnostic, Permanent: permanent})
	}
	return out
}

func refused(addresses []string, name, reason string) []desk.BouncedRecipient {
	out := make([]desk.BouncedRecipient, 0, len(addresses))
	for _, a := range addresses {
		out = append(out, desk.BouncedRecipient{Address: a, Name: name, Reason: reason, Permanent: true})
	}
	return out
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
