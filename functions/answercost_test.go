package functions

import (
	"context"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/bench"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email"
	"github.com/replywell/replywell/shared/email/replyaddr"
	deskhome "github.com/replywell/replywell/shared/home"
	"github.com/replywell/replywell/shared/inbound"
	"github.com/replywell/replywell/shared/send"
	"github.com/replywell/replywell/shared/store"
	"github.com/replywell/replywell/shared/store/engine"
	"github.com/replywell/replywell/shared/store/engine/bolt"
	"github.com/replywell/replywell/shared/wiring"
)

// An agent's answer, from its arrival until it is recorded, asks the store at
// most six times, though it is compared with what forty other customers wrote
// to the same agent. docs/data-model.md names the figures.
func TestAnAnswerCostsSevenRequests(t *testing.T) {
	e, err := bolt.Open(filepath.Join(t.TempDir(), "store.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = e.Close() }()
	keys, err := replyaddr.NewKeyring(1, map[uint8][]byte{1: []byte(strings.Repeat("k", 32))})
	if err != nil {
		t.Fatal(err)
	}
	settings := func(context.Context) (*desk.Settings, error) {
		return &desk.Settings{Mailboxes: []desk.Mailbox{
			{ID: "support", Address: "support@shop.example", Name: "Shop Support",
				ReplyBase: "support@shop.example", Agents: []string{"anna"}}},
			Agents:        []desk.Agent{{ID: "anna", Name: "Anna Agent", Addresses: []string{"anna@team.example"}}},
			Notifications: desk.NotificationPolicy{Most: 1000, Window: 10 * time.Minute}}, nil
	}
	now := func() time.Time { return time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC) }
	counter, blobs := engine.NewCounter(e), &bench.Blobs{}
	s := store.New(counter, now)
	h := &deskhome.Home{Store: s, Blobs: blobs, Settings: settings, Keys: keys, Now: now,
		Random: rand.NewChaCha8([32]byte{1})}
	mail := wiring.Receiving(h, func(context.Context) (offered, error) { return 0, nil }, nil, nil)
	in, last := mail.Inbound, &keeps{}
	out := wiring.Sending(h, last, nil)
	pass := desk.Verdicts{SPF: desk.VerdictPass, DKIM: desk.VerdictPass, DMARC: desk.VerdictPass,
		Spam: desk.VerdictPass, Virus: desk.VerdictPass}
	arrive := func(id, from, to, text string) desk.Inbound {
		raw := fmt.Sprintf("From: %s\r\nTo: %s\r\nSubject: The pump\r\nMessage-ID: <%s@x.example>\r\n\r\n%s\r\n", from,
			to, id, text)
		if err := blobs.Put(t.Context(), "mail/"+id, []byte(raw)); err != nil {
			t.Fatal(err)
		}
		got, err := in.Receive(t.Context(), inbound.Delivery{ID: id, Raw: "mail/" + id, MailFrom: from,
			Recipients: []string{to}, ReceivedAt: now(), Verdicts: pass, Size: len(raw)})
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	for i := range 45 {
		arrive(fmt.Sprint("mail-", i), fmt.Sprintf("c%d@customer%d.example", i, i), "support@shop.example",
			strings.Repeat(fmt.Sprintf("The pump number %d leaks again. ", i), 50))
		if err := out.Sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	counter.Take()
	got := arrive("answer", "anna@team.example", email.Read(last.mail.Raw, "").ReplyTo[0].Address,
		"Tighten the ring by hand until it clicks; then it holds.")
	costs := counter.Take()
	if got.Outcome != desk.OutcomeAgent {
		t.Fatalf("%s (%s)", got.Outcome, got.Reason)
	}
	if costs.Requests() > 7 || costs.ReadUnits > 65 || costs.WriteUnits > 20 {
		t.Errorf("an answer costs %d requests, %+v; docs/data-model.md says otherwise", costs.Requests(), costs)
	}
}

// keeps keeps the last mail that left.
type keeps struct{ mail send.Mail }

func (k *keeps) Send(_ context.Context, m send.Mail) (string, error) { k.mail = m; return "", nil }
func (k *keeps) Confirms() bool                                      { return false }
func (k *keeps) Rate(context.Context) (float64, error)               { return 1e6, nil }
