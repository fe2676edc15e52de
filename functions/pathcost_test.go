package functions

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/bench"
	"github.com/replywell/replywell/shared/bench/cost"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email"
	"github.com/replywell/replywell/shared/golden"
	"github.com/replywell/replywell/shared/inbound"
	"github.com/replywell/replywell/shared/send"
	"github.com/replywell/replywell/shared/store"
	"github.com/replywell/replywell/shared/store/engine"
	"github.com/replywell/replywell/shared/wiring"
)

// metered are blobs that count.
type metered struct {
	*bench.Blobs
	reads, puts, kept int
}

func (m *metered) Put(ctx context.Context, key string, data []byte) error {
	m.puts, m.kept = m.puts+1, m.kept+len(data)
	return m.Blobs.Put(ctx, key, data)
}

func (m *metered) Get(ctx context.Context, key string) ([]byte, error) {
	m.reads++
	return m.Blobs.Get(ctx, key)
}

// tells is a carrier that is like SES, and keeps what it is given.
type tells struct {
	mu sync.Mutex
	likeSES
	mails []send.Mail
	ids   []string
}

func (c *tells) Send(ctx context.Context, m send.Mail) (string, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	id, err := c.likeSES.Send(ctx, m)
	c.mails, c.ids = append(c.mails, m), append(c.ids, id)
	return id, err
}

// recordPaths lets a conversation happen from the first mail to the last answer, and
// records what each step asks AWS for.
func recordPaths(t *testing.T) (out []cost.Path) {
	w := bench.New(t)
	w.At(time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC))
	w.Settings = &desk.Settings{
		Mailboxes: []desk.Mailbox{{ID: "support", Address: "support@shop.example", Name: "Shop Support",
			ReplyBase: "support@shop.example", Agents: []string{"anna", "ben"}}},
		Agents: []desk.Agent{{ID: "anna", Name: "Anna Agent", Addresses: []string{"anna@team.example"}},
			{ID: "ben", Name: "Ben Agent", Addresses: []string{"ben@team.example"}}},
		Notifications: desk.NotificationPolicy{Most: 1000, Window: 10 * time.Minute},
	}
	counter, carrier, blobs := engine.NewCounter(w.Engine), &tells{}, &metered{Blobs: w.Blobs}
	woken, wakes := []string(nil), 0
	h := w.Home()
	h.Store, h.Blobs = store.New(counter, w.Now), blobs
	h.Wake = func(_ context.Context, ids []string) { woken, wakes = append(woken, ids...), wakes+1 }
	mail := wiring.Receiving(h, func(context.Context) (offered, error) { return 0, nil }, nil, nil)
	sending, events := wiring.Sending(h, carrier, nil), wiring.Events(h)

	step := func(name, from, to, more, text string) {
		t.Helper()
		id := fmt.Sprint("mail-", len(out))
		raw := fmt.Sprintf("From: %s\r\nTo: %s\r\nSubject: The pump\r\nMessage-ID: <%s@x.example>\r\n%s\r\n%s\r\n",
			from, to, id, more, text)
		if err := blobs.Put(t.Context(), "mail/"+id, []byte(raw)); err != nil { // by SES
			t.Fatal(err)
		}
		got, err := mail.Inbound.Receive(t.Context(), inbound.Delivery{ID: id, Raw: "mail/" + id, MailFrom: from,
			Recipients: []string{to}, ReceivedAt: w.Now(), Verdicts: bench.Trusted, Size: len(raw)})
		if err != nil || got.Outcome != desk.OutcomeThreaded && got.Outcome != desk.OutcomeAgent {
			t.Fatalf("%s: %s (%s), %v", name, got.Outcome, got.Reason, err)
		}
		before, told := len(carrier.mails), 0
		for tries := 0; len(woken) > 0 && tries < 10; tries++ {
			ids := woken
			woken = nil
			if failed, err := sending.Send(t.Context(), ids); err != nil || len(failed) > 0 {
				t.Fatalf("%s: %v failed, %v", name, failed, err)
			}
		}
		for i, m := range carrier.mails[before:] {
			for _, kind := range []desk.DeliveryKind{desk.DeliverySend, desk.DeliveryDelivered} {
				told++
				sent := carrier.ids[before+i]
				err := events.Record(t.Context(), desk.DeliveryEvent{Outbox: m.Outbox, SentID: sent, Kind: kind,
					At: w.Now(), ID: string(kind) + sent, Recipients: []desk.BouncedRecipient{{Address: m.To[0]}}})
				if err != nil {
					t.Fatal(err)
				}
			}
		}
		c := counter.Take()
		out = append(out, cost.Path{Name: name, Gets: c.Gets, Queries: c.Queries, Writes: c.Writes,
			ReadUnits: c.ReadUnits, WriteUnits: c.WriteUnits, Reads: blobs.reads, Puts: blobs.puts, Kept: blobs.kept,
			MailsIn: 1,
			Left:    len(carrier.mails) - before, Woken: wakes, Events: told})
		blobs.reads, blobs.puts, blobs.kept, wakes = 0, 0, 0, 0
		w.Pass(20 * time.Minute)
	}
	last := func(to string) *email.Mail {
		t.Helper()
		n := carrier.last(to)
		if n < 0 {
			t.Fatalf("%s has no mail", to)
		}
		return email.Read(carrier.mails[n].Raw, "")
	}
	step("a customer's first mail", "erika@customer.example", "support@shop.example", "",
		strings.Repeat("The pump leaks again. ", 68))
	step("an agent's answer", "anna@team.example", last("anna@team.example").ReplyTo[0].Address, "",
		"Tighten the ring by hand until it clicks; then it holds, and if not, we send you a new one.")
	toErika := last("erika@customer.example")
	step("the customer's reply", "erika@customer.example", toErika.ReplyTo[0].Address,
		"In-Reply-To: <"+carrier.ids[len(carrier.ids)-1]+"@email.amazonses.com>\r\n",
		strings.Repeat("It clicked and leaks all the same. ", 10))
	step("the answer that closes", "anna@team.example", last("anna@team.example").ReplyTo[0].Address, "",
		"#close\r\n\r\nA new pump leaves today, and the old one needs not come back to us.")
	return out
}

// docs/cost.md follows from what is recorded and from the prices, and no path gets dearer
// by 5 % without that being said: by -update, and the reason in the commit.
func TestWhatAPathCosts(t *testing.T) {
	const file = "testdata/cost.json"
	now := recordPaths(t)
	data, err := json.MarshalIndent(now, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	if *golden.Update {
		if err := os.WriteFile(file, append(data, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	old, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var recorded []cost.Path
	if err := json.Unmarshal(old, &recorded); err != nil || len(recorded) != len(now) {
		t.Fatalf("%d paths are recorded in %s, and there are %d: %v", len(recorded), file, len(now), err)
	}
	prices, _, err := cost.Prices()
	if err != nil {
		t.Fatal(err)
	}
	for i, p := range now {
		if p.Left < 2 && i == 0 || p.Events != 2*p.Left {
			t.Errorf("%s: %+v", p.Name, p)
		}
		for _, what := range cost.Dearer(recorded[i], p, prices) {
			t.Errorf("%s got dearer: %s. If it must be, \"make cost\", and say why", p.Name, what)
		}
	}
	alarms, err := os.ReadFile("../infra/observability.yaml")
	if err != nil {
		t.Fatal(err)
	}
	page, err := cost.Page(recorded, strings.Count(string(alarms), "Type: AWS::CloudWatch::Alarm"))
	if err != nil {
		t.Fatal(err)
	}
	golden.File(t, "../docs/cost.md", page)
	golden.File(t, "../docs/scale.md", cost.Scale(recorded, heat(t)))
}
