package cloud

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/delivery"
	"github.com/replywell/replywell/shared/desk"
)

const eventMail = `"mail":{"timestamp":"2026-03-01T09:00:00.000Z","source":"support@shop.example",` +
	`"messageId":"0100-77-000000","destination":["erika@customer.example"],` +
	`"tags":{"ses:configuration-set":["replywell"],"outbox":["0123456789abcdef0123456789abcdef"]}}`

func TestSESEvents(t *testing.T) {
	for name, tc := range map[string]struct {
		event     string
		kind      desk.DeliveryKind
		at        int // seconds after nine
		reason    string
		status    string
		permanent bool
	}{
		"send": {event: `"eventType":"Send",` + eventMail + `,"send":{}`, kind: desk.DeliverySend},
		"delivery": {event: `"eventType":"Delivery",` + eventMail +
			`,"delivery":{"timestamp":"2026-03-01T09:00:02.000Z","recipients":["erika@customer.example"],` +
			`"smtpResponse":"250 ok"}`, kind: desk.DeliveryDelivered, at: 2},
		"hard bounce": {event: `"eventType":"Bounce",` + eventMail +
			`,"bounce":{"feedbackId":"f1","bounceType":"Permanent","bounceSubType":"NoEmail",` +
			`"timestamp":"2026-03-01T09:00:03.000Z",` +
			`"bouncedRecipients":[{"emailAddress":"erika@customer.example","action":"failed","status":"5.1.1",` +
			`"diagnosticCode":"smtp; 550 5.1.1 unknown user"}]}`,
			kind: desk.DeliveryBounced, at: 3, reason: "There is no mailbox", status: "5.1.1", permanent: true},
		"suppressed": {event: `"eventType":"Bounce",` + eventMail +
			`,"bounce":{"feedbackId":"f2","bounceType":"Permanent","bounceSubType":"OnAccountSuppressionList",` +
			`"timestamp":"2026-03-01T09:00:03.000Z",` +
			`"bouncedRecipients":[{"emailAddress":"erika@customer.example"}]}`, kind: desk.DeliveryBounced, at: 3,
			reason: "came back before", permanent: true},
		"soft bounce": {event: `"eventType":"Bounce",` + eventMail +
			`,"bounce":{"feedbackId":"f3","bounceType":"Transient","bounceSubType":"MailboxFull",` +
			`"timestamp":"2026-03-01T09:00:03.000Z",` +
			`"bouncedRecipients":[{"emailAddress":"erika@customer.example","status":"4.2.2"}]}`,
			kind: desk.DeliveryBounced, at: 3, reason: "is full", status: "4.2.2"},
		"complaint": {event: `"eventType":"Complaint",` + eventMail +
			`,"complaint":{"feedbackId":"f4","complaintFeedbackType":"abuse","timestamp":"2026-03-01T09:00:04.000Z",` +
			`"complainedRecipients":[{"emailAddress":"erika@customer.example"}]}`, kind: desk.DeliveryComplaint, at: 4,
			reason: "does not say why"},
		"delay": {event: `"eventType":"DeliveryDelay",` + eventMail +
			`,"deliveryDelay":{"delayType":"RecipientServerError","timestamp":"2026-03-01T09:00:05.000Z",` +
			`"delayedRecipients":[{"emailAddress":"erika@customer.example","status":"4.4.1"}]}`,
			kind: desk.DeliveryDelayed, at: 5, reason: "could not be reached", status: "4.4.1"},
		"reject": {event: `"eventType":"Reject",` + eventMail + `,"reject":{"reason":"Bad content"}`,
			kind: desk.DeliveryRejected, reason: "virus", permanent: true},
		"rendering": {event: `"eventType":"Rendering Failure",` + eventMail +
			`,"failure":{"errorMessage":"no such part","templateName":"t"}`,
			kind: desk.DeliveryRejected, reason: "could not read", permanent: true},
	} {
		body := "{" + tc.event + "}"
		for _, b := range []string{body, inSNS(t, body),
			fmt.Sprintf(`{"source":"aws.ses","detail-type":"x","detail":%s}`, body)} {
			e, err := readSESEvent(b)
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			if e.Kind != tc.kind || e.Outbox != "0123456789abcdef0123456789abcdef" || e.SentID != "0100-77-000000" ||
				len(e.ID) != 32 ||
				!e.At.Equal(time.Date(2026, 3, 1, 9, 0, tc.at, 0, time.UTC)) {
				t.Errorf("%s: %+v", name, e)
			}
			if tc.reason == "" {
				continue
			}
			if len(e.Recipients) != 1 {
				t.Errorf("%s: recipients %+v", name, e.Recipients)
				continue
			}
			r := e.Recipients[0]
			said := delivery.Explain(delivery.Response{Stage: delivery.StageReport, Status: r.Status, Name: r.Name,
				Text: r.Reason}, r.Address)
			if r.Address != "erika@customer.example" || !strings.Contains(said.What, tc.reason) ||
				r.Status != tc.status || r.Permanent != tc.permanent {
				t.Errorf("%s: recipient %+v", name, r)
			}
		}
	}
}

// SNS delivers at least once: a repeated event has the same id, another one has another.
func TestSESEventID(t *testing.T) {
	id := func(body string) string {
		e, err := readSESEvent(body)
		if err != nil {
			t.Fatal(err)
		}
		return e.ID
	}
	send := `{"eventType":"Send",` + eventMail + `}`
	if id(send) != id(inSNS(t, send)) {
		t.Error("a repeated event has another id")
	}
	if id(send) == id(`{"eventType":"Delivery",`+eventMail+`}`) {
		t.Error("two events share an id")
	}
}

func TestSESEventsThatSayNothing(t *testing.T) {
	for _, body := range []string{
		"Successfully validated SNS topic for Amazon SES event publishing.",
		`{"eventType":"Open",` + eventMail + `}`,
	} {
		if _, err := readSESEvent(body); !errors.Is(err, errNothingToDo) {
			t.Errorf("%s: %v", body, err)
		}
	}
	for _, body := range []string{"", "hello", "{}", `{"eventType":"Send"}`} {
		if _, err := readSESEvent(body); !desk.IsPermanent(err) {
			t.Errorf("%q: %v", body, err)
		}
	}
}
