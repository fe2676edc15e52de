package local

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/delivery"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email"
	"github.com/replywell/replywell/shared/email/automatic"
	"github.com/replywell/replywell/shared/local/mailbox"
	"github.com/replywell/replywell/shared/send"
)

type sampleWorld struct {
	*Sample
	boxes *mailbox.Boxes
	now   time.Time

	mu      sync.Mutex
	reports []*email.Mail
	to      []string
	events  []desk.DeliveryEvent
}

func newSampleWorld(t *testing.T) *sampleWorld {
	w := &sampleWorld{boxes: mailbox.New(testFolder(t)), now: time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)}
	w.Sample = newSample(w.boxes, testSettings(), func() time.Time { return w.now }, quiet)
	w.submit = func(_ context.Context, from, to string, raw []byte) error {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.reports, w.to = append(w.reports, email.Read(raw, from)), append(w.to, from+" "+to)
		return nil
	}
	w.record = func(_ context.Context, ev desk.DeliveryEvent) error {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.events = append(w.events, ev)
		return nil
	}
	return w
}

func sampleMail(to string) send.Mail {
	return send.Mail{Outbox: "0123", From: "support+token@shop.example", To: []string{to},
		MessageID: "0123@shop.example",
		Raw: []byte("From: support@shop.example\r\nMessage-ID: <0123@shop.example>\r\nSubject: Re: My lamp\r\nDate: " +
			"Mon, 02 Mar 2026\r\n 09:00:00 +0000\r\nX-Keep: yes\r\n\r\nDate: in the body\r\n")}
}

func TestSampleOutboxRewritesAsSESDoes(t *testing.T) {
	w := newSampleWorld(t)
	id, err := w.Send(t.Context(), sampleMail("erika@customers.example"))
	if err != nil || id == "" {
		t.Fatal(id, err)
	}
	if again, err := w.Send(t.Context(), sampleMail("erika@customers.example")); err != nil || again != id {
		t.Errorf("sent again: %q, %v", again, err)
	}
	w.wait()
	list, err := w.boxes.List("erika@customers.example", 10)
	if err != nil || len(list) != 1 {
		t.Fatalf("%d mails, %v", len(list), err)
	}
	raw, err := w.boxes.Read("erika@customers.example", mailbox.Inbox, list[0].ID)
	want := "Message-ID: <" + id + "@sample-1.amazonses.com>\r\nDate: Mon, 02 Mar 2026 10:00:00 +0000\r\nFrom: " +
		"support@shop.example\r\nSubject: Re: My lamp\r\nX-Keep: yes\r\n\r\nDate: in the body\r\n"
	if err != nil || string(raw) != want {
		t.Errorf("%q, %v\nwant %q", raw, err, want)
	}
	kinds := map[desk.DeliveryKind]bool{}
	for _, ev := range w.events {
		if kinds[ev.Kind] = true; ev.Outbox != "0123" || ev.SentID != id {
			t.Errorf("%+v", ev)
		}
	}
	if !kinds[desk.DeliverySend] || !kinds[desk.DeliveryDelivered] {
		t.Errorf("events %+v", w.events)
	}
}

func TestProvocations(t *testing.T) {
	for _, tc := range []struct {
		to      string
		arrives bool
		kind    automatic.Kind
		status  string
	}{
		{"bounce@customers.example", false, automatic.Bounce, "5.1.1"},
		{"Full+x@Customers.Example", false, automatic.Bounce, "5.2.2"},
		{"complaint@customers.example", true, automatic.Complaint, ""},
		{"ooo@customers.example", true, automatic.OutOfOffice, ""},
		{"bounce@elsewhere.example", true, "", ""},
	} {
		t.Run(tc.to, func(t *testing.T) {
			w := newSampleWorld(t)
			id, err := w.Send(t.Context(), sampleMail(tc.to))
			if err != nil {
				t.Fatal(err)
			}
			w.wait()
			if n, _ := w.boxes.Count(tc.to); (n == 1) != tc.arrives {
				t.Errorf("%d mails arrived", n)
			}
			if tc.kind == "" {
				if len(w.reports) != 0 {
					t.Errorf("%d reports", len(w.reports))
				}
				return
			}
			if len(w.reports) != 1 || w.to[0] != "<> support+token@shop.example" {
				t.Fatalf("%d reports, to %v", len(w.reports), w.to)
			}
			j := w.reports[0].Automatic
			if j.Kind != tc.kind {
				t.Errorf("it is read as %+v", j)
			}
			if tc.status != "" && (len(j.Recipients) != 1 || j.Recipients[0].Status != tc.status ||
				!j.Recipients[0].Permanent || j.Original.MessageID != id+"@"+SampleDomain) {
				t.Errorf("it is read as %+v", j)
			}
		})
	}
}

func TestSlowAndRefused(t *testing.T) {
	w := newSampleWorld(t)
	if _, err := w.Send(t.Context(), sampleMail("refused@customers.example")); judged(err) != delivery.Recipient {
		t.Errorf("refused: %v", err)
	}
	for i := range 3 {
		if _, err := w.Send(t.Context(), sampleMail("slow@customers.example")); err != nil &&
			judged(err) != delivery.Temporary || (err == nil) != (i == 2) {
			t.Errorf("slow, attempt %d: %v", i+1, err)
		}
	}
	m := sampleMail("slow@customers.example")
	m.Outbox = "another"
	if _, err := w.Send(t.Context(), m); err == nil {
		t.Error("a new mail was taken at once")
	}
	w.now = w.now.Add(20 * time.Second)
	if _, err := w.Send(t.Context(), m); err != nil {
		t.Errorf("after 20 seconds: %v", err)
	}
	w.wait()
}

func judged(err error) delivery.Class {
	e, known := delivery.Of(err)
	if !known {
		return ""
	}
	return delivery.Judge(e.Response).Class
}
