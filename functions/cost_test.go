package functions

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/bench"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/inbound"
	"github.com/replywell/replywell/shared/kb/article"
	"github.com/replywell/replywell/shared/send"
	"github.com/replywell/replywell/shared/store"
	"github.com/replywell/replywell/shared/store/engine"
	"github.com/replywell/replywell/shared/wiring"
)

// likeSES gives every mail an id of its own.
type likeSES struct{ sent int }

func (c *likeSES) Send(context.Context, send.Mail) (string, error) {
	c.sent++
	return fmt.Sprintf("0100019abcdef012-%08d-000000", c.sent), nil
}
func (c *likeSES) Confirms() bool                        { return true }
func (c *likeSES) Rate(context.Context) (float64, error) { return 1000, nil }

// offered is an article that answers with a probability.
type offered float64

func (offered) Article(string) (article.Article, bool) { return article.Article{}, false }

func (a offered) Suggest(string, string, int) []desk.Suggestion {
	return []desk.Suggestion{{Article: "pump-leaks", Title: "The pump leaks", Passage: "Tighten the ring by hand.",
		Reply: "Tighten the ring by hand.", Score: float64(a)}}
}

// A customer's mail, from its arrival until the notification of one agent has
// left, asks the store at most six times. docs/data-model.md names the figures.
func TestACustomersMailCostsSixRequests(t *testing.T) {
	w := bench.New(t)
	w.At(time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC))
	w.Settings = &desk.Settings{
		Mailboxes: []desk.Mailbox{{ID: "support", Address: "support@shop.example", Name: "Shop Support",
			ReplyBase: "support@shop.example", Agents: []string{"anna"}}},
		Agents:        []desk.Agent{{ID: "anna", Name: "Anna Agent", Addresses: []string{"anna@team.example"}}},
		Notifications: desk.NotificationPolicy{Most: 20, Window: 10 * time.Minute},
	}
	counter, carrier := engine.NewCounter(w.Engine), &likeSES{}
	var likely offered
	var woken []string
	h := w.Home()
	h.Store = store.New(counter, w.Now)
	h.Wake = func(_ context.Context, ids []string) { woken = append(woken, ids...) }
	in := &inbound.Service{Held: &inbound.Held{Home: h,
		Ranker: func(context.Context) (inbound.Ranker, error) { return likely, nil }}}
	out := wiring.Sending(h, carrier, nil)

	for n, mail := range []struct {
		name, from, header string
		sentences          int
		likely             offered
		sequence           int
		requests, units    int // at most
	}{
		{"the first", "erika", "", 68, 0, 1, 6, 36},
		{"a reply", "erika", "In-Reply-To: <m0@customer.example>\r\n", 68, 0, 2, 6, 37},
		{"a short one with a likely answer", "max", "", 40, 0.9, 1, 6, 46},
	} {
		likely = mail.likely
		raw := fmt.Sprintf("From: Erika <%s@customer.example>\r\nTo: support@shop.example\r\nSubject: The pump\r\n"+
			"Message-ID: <m%d@customer.example>\r\n%s\r\n%s\r\n", mail.from, n, mail.header,
			strings.Repeat("The pump leaks again. ", mail.sentences))
		id := fmt.Sprint("mail-", n)
		if err := w.Blobs.Put(t.Context(), "mail/"+id, []byte(raw)); err != nil {
			t.Fatal(err)
		}
		woken = nil
		got, err := in.Receive(t.Context(), inbound.Delivery{ID: id, Raw: "mail/" + id, MailFrom: mail.from +
			"@customer.example",
			Recipients: []string{"support@shop.example"}, ReceivedAt: w.Now(), Verdicts: bench.Trusted, Size: len(raw)})
		if err != nil || got.Outcome != desk.OutcomeThreaded || got.Sequence != mail.sequence || len(woken) != 1 {
			t.Fatalf("%s: %+v, %v, woken %v", mail.name, got, err, woken)
		}
		arrived := counter.Take()
		if failed, err := out.Send(t.Context(), woken); err != nil || len(failed) != 0 || carrier.sent != n+1 {
			t.Fatalf("%s: %v failed, %v, %d sent", mail.name, failed, err, carrier.sent)
		}
		left := counter.Take()
		t.Logf("%s: arrival %+v, sending %+v", mail.name, arrived, left)
		if sum := arrived.Requests() + left.Requests(); sum > mail.requests {
			t.Errorf("%s costs %d requests, at most %d are allowed: arrival %+v, sending %+v", mail.name, sum,
				mail.requests, arrived, left)
		}
		if sum := arrived.WriteUnits + left.WriteUnits; sum > float64(mail.units) {
			t.Errorf("%s costs %v write units, and docs/data-model.md says %d: arrival %+v, sending %+v", mail.name,
				sum, mail.units, arrived, left)
		}
	}
}
