package inbound_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email"
	"github.com/replywell/replywell/shared/inbound"
	"github.com/replywell/replywell/shared/store"
)

// sure offers one article, as surely as it is told to.
type sure struct {
	score    float64
	internal bool
	language string
	reply    string
}

func (r sure) Suggest(string, string, int) []desk.Suggestion {
	return []desk.Suggestion{{Article: "ring", Title: "The ring", Passage: "Tighten it.", Reply: r.reply,
		Score: r.score, Internal: r.internal, Language: r.language}}
}

// acknowledged gives the acknowledgements that wait to be sent.
func (w *world) acknowledged() (out []desk.OutboxItem, mails []*email.Mail) {
	w.Helper()
	for _, lane := range store.Lanes(w.Settings.Agents) {
		items, err := w.Store.DueOutbox(w.t.Context(), lane, w.Now().Add(time.Hour), 0)
		if err != nil {
			w.Fatalf("%v", err)
		}
		for _, o := range items {
			if o.Kind == desk.OutboxAcknowledgement {
				raw, err := w.Blobs.Get(w.t.Context(), o.Raw)
				if err != nil {
					w.Fatalf("%v", err)
				}
				out, mails = append(out, o), append(mails, email.Read(raw, o.EnvelopeFrom))
			}
		}
	}
	return out, mails
}

func acknowledging(t *testing.T) *world {
	w := newWorld(t)
	for i := range w.Settings.Mailboxes {
		w.Settings.Mailboxes[i].Acknowledge = true
	}
	w.Settings.Automatic = desk.AutomaticPolicy{PerAddress: 3, PerConversation: 3}
	w.Ranker = func(context.Context) (inbound.Ranker, error) {
		return sure{score: 0.95, reply: "Tighten the ring by hand until it clicks."}, nil
	}
	return w
}

func TestTheFirstMailIsAcknowledged(t *testing.T) {
	w := acknowledging(t)
	in := w.receive(erika)
	items, mails := w.acknowledged()
	if len(items) != 1 || !slices.Equal(items[0].To, []string{"erika@customer.example"}) ||
		items[0].Conversation != in.Conversation {
		t.Fatalf("%+v", items)
	}
	m := mails[0]
	if m.Header.Get("Auto-Submitted") != "auto-replied" || m.Header.Get("X-Auto-Response-Suppress") != "All" ||
		m.Header.Get("X-Loop") == "" || m.InReplyTo[0] != "first@customer.example" {
		t.Errorf("marked as %q, %q", m.Header.Get("Auto-Submitted"), m.Header.Get("X-Auto-Response-Suppress"))
	}
	// Nothing that the customer wrote comes back, the name and the subject included.
	for _, theirs := range []string{"leaks", "pump", "Erika", "Muster"} {
		if strings.Contains(m.Subject+m.Text+m.HTML+m.From.Name+m.To[0].Name, theirs) {
			t.Errorf("it says %q:\n%s", theirs, m.Text)
		}
	}
	if !strings.Contains(m.Text, "Tighten the ring by hand until it clicks.") ||
		!strings.Contains(m.HTML, "until it clicks") {
		t.Errorf("the article is not shown:\n%s", m.Text)
	}
	if n := w.to("anna", in.ID); len(n) != 1 || !strings.Contains(n[0].PlainText,
		"A confirmation was sent, and it shows the article “The ring”.") {
		t.Error("the agent does not hear what the customer was shown")
	}
	// Answering it reaches the agents, in the same conversation, and nothing more leaves by itself.
	back := w.receive(mail{from: "erika@customer.example", subject: "Re: " + m.Subject, body: "That did not help.",
		recipients: []string{m.ReplyTo[0].Address}, id: "second@customer.example"})
	if back.Conversation != in.Conversation || len(w.to("anna", back.ID)) != 1 {
		t.Errorf("the answer went to %+v", back)
	}
	if items, _ := w.acknowledged(); len(items) != 1 {
		t.Errorf("%d acknowledgements after the second mail", len(items))
	}
}

func TestOneAcknowledgementForASenderInADay(t *testing.T) {
	w := acknowledging(t)
	count := func() int { items, _ := w.acknowledged(); return len(items) }
	w.At(time.Date(2026, 11, 2, 23, 59, 0, 0, time.UTC))
	var all sync.WaitGroup
	for _, id := range []string{"a", "b", "c", "d"} {
		m := mail{from: "erika@customer.example", to: "support@shop.example", subject: id, body: "My pump " + id +
			" leaks.", id: id + "@customer.example"}
		d := w.arrives(m)
		all.Go(func() {
			if _, err := w.Receive(t.Context(), d); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if n := count(); n != 1 {
		t.Fatalf("%d acknowledgements for four mails at once", n)
	}
	for minutes, want := range []int{1, 1, 1} {
		w.At(w.Now().Add(time.Duration(minutes+1) * time.Minute)) // over midnight
		w.receive(mail{from: "Erika+shop@Customer.example", to: "support@shop.example", subject: "again",
			body: "It leaks, once more.", id: strings.Repeat("x", minutes+1) + "@customer.example"})
		if n := count(); n != want {
			t.Errorf("%d acknowledgements some minutes later", n)
		}
	}
	w.At(w.Now().Add(25 * time.Hour))
	w.receive(mail{from: "erika@customer.example", to: "support@shop.example", subject: "another day",
		body: "Another thing.", id: "later@customer.example"})
	if n := count(); n != 2 {
		t.Errorf("%d acknowledgements after a day", n)
	}
}

func TestWhatIsNeverAcknowledged(t *testing.T) {
	none := desk.Verdicts{SPF: desk.VerdictPass, DKIM: desk.VerdictPass, DMARC: desk.VerdictFail,
		Spam: desk.VerdictPass, Virus: desk.VerdictPass}
	grey := pass
	grey.DMARC = desk.VerdictGray
	for name, change := range map[string]func(*world, *mail){
		"switched off":           func(w *world, _ *mail) { w.Settings.Mailboxes[0].Acknowledge = false },
		"not vouched for":        func(_ *world, m *mail) { m.verdicts = &none },
		"vouched for by half":    func(_ *world, m *mail) { m.verdicts = &grey },
		"the null path":          func(_ *world, m *mail) { m.path = "<>" },
		"a list":                 func(_ *world, m *mail) { m.headers = "List-Id: <x.example>\n" },
		"to unsubscribe from":    func(_ *world, m *mail) { m.headers = "List-Unsubscribe: <mailto:x@y.example>\n" },
		"bulk":                   func(_ *world, m *mail) { m.headers = "Precedence: bulk\n" },
		"any precedence":         func(_ *world, m *mail) { m.headers = "Precedence: normal\n" },
		"automatic":              func(_ *world, m *mail) { m.headers = "Auto-Submitted: auto-generated\n" },
		"an auto-reply":          func(_ *world, m *mail) { m.headers = "Auto-Submitted: auto-replied\n" },
		"asks for none":          func(_ *world, m *mail) { m.headers = "X-Auto-Response-Suppress: OOF\n" },
		"somebody's loop mark":   func(_ *world, m *mail) { m.headers = "X-Loop: help@elsewhere.example\n" },
		"a campaign":             func(_ *world, m *mail) { m.headers = "Feedback-ID: 1:2:3:esp\n" },
		"answers go elsewhere":   func(_ *world, m *mail) { m.headers = "Reply-To: victim@elsewhere.example\n" },
		"from nobody who reads":  func(_ *world, m *mail) { m.from = "no-reply@customer.example" },
		"from a daemon":          func(_ *world, m *mail) { m.from = "MAILER-DAEMON@customer.example" },
		"path that nobody reads": func(_ *world, m *mail) { m.path = "bounces+erika=customer.example@esp.example" },
		"two senders": func(_ *world, m *mail) {
			m.from = "erika@customer.example, victim@elsewhere.example"
		},
		"our own address": func(_ *world, m *mail) { m.from = "sales@shop.example" },
		"an agent":        func(_ *world, m *mail) { m.from = "anna@team.example" },
		"a copy": func(_ *world, m *mail) {
			m.to, m.recipients = "friend@customer.example", []string{"support@shop.example"}
		},
		"answers what we forgot": func(_ *world, m *mail) { m.reply = "old@shop.example" },
		"no room in the budget":  func(w *world, _ *mail) { w.Settings.Automatic = desk.AutomaticPolicy{} },
		"a one-time code": func(_ *world, m *mail) {
			m.subject, m.body = "Your verification code", "Your verification code is 123456"
		},
		"spam": func(_ *world, m *mail) { v := pass; v.Spam = desk.VerdictFail; m.verdicts = &v },
		"passed on by a web form": func(_ *world, m *mail) {
			m.from, m.headers = "form@shop-forms.example", "Reply-To: erika@customer.example\nX-Mailer: PHPMailer 6\n"
		},
	} {
		w := acknowledging(t)
		m := erika
		change(w, &m)
		w.receive(m)
		if items, mails := w.acknowledged(); len(items) != 0 {
			t.Errorf("%s: %+v\n%s", name, items, mails[0].Text)
		}
	}
}

func TestOnlyASureAndPublicArticleIsShownAtOnce(t *testing.T) {
	text := "Tighten the ring by hand until it clicks."
	for name, c := range map[string]struct {
		offer sure
		want  bool
	}{
		"sure":                  {sure{score: 0.9, reply: text}, true},
		"in the language":       {sure{score: 0.95, reply: text, language: "EN-gb"}, true},
		"likely":                {sure{score: 0.89, reply: text}, false},
		"internal":              {sure{score: 0.99, reply: text, internal: true}, false},
		"in another":            {sure{score: 0.99, reply: text, language: "de"}, false},
		"too long":              {sure{score: 0.99, reply: strings.Repeat(text+"\n", 60)}, false},
		"nothing to say":        {sure{score: 0.99, reply: " "}, false},
		"with an internal mark": {sure{score: 0.99, reply: text + " :::int Up to 50 euros. :::"}, false},
		"an agent's address":    {sure{score: 0.99, reply: "Write to anna@home.example " + text}, false},
	} {
		w := acknowledging(t)
		w.Ranker = func(context.Context) (inbound.Ranker, error) { return c.offer, nil }
		in := w.receive(erika)
		_, mails := w.acknowledged()
		if name == "an agent's address" { // the guard keeps all of it back, and nothing else waits for it
			if len(mails) != 0 || len(w.to("anna", in.ID)) != 1 {
				t.Errorf("%s: %d mails", name, len(mails))
			}
			continue
		}
		if len(mails) != 1 || strings.Contains(mails[0].Text, "until it clicks") != c.want {
			t.Errorf("%s: shown is to be %v in %d mails", name, c.want, len(mails))
		}
	}
}
