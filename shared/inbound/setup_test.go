package inbound_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/bench"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email"
	"github.com/replywell/replywell/shared/email/replyaddr"
	"github.com/replywell/replywell/shared/inbound"
	"github.com/replywell/replywell/shared/letters"
	"github.com/replywell/replywell/shared/store"
	"github.com/replywell/replywell/shared/store/engine/bolt"
)

var monday = time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)

var pass = desk.Verdicts{SPF: desk.VerdictPass, DKIM: desk.VerdictPass, DMARC: desk.VerdictPass,
	Spam:  desk.VerdictPass,
	Virus: desk.VerdictPass}

// carried stands for the service that carries agents' mails out: it records
// what it was given, as that service does.
type carried struct {
	store *store.Store
	mu    sync.Mutex
	seen  []string
}

func (c *carried) Carry(ctx context.Context, in *desk.Inbound, mail *email.Mail, agent desk.Agent,
	conv desk.Conversation, _ replyaddr.Token, _ *store.Change) error {
	c.mu.Lock()
	c.seen = append(c.seen, agent.ID+" in "+conv.Subject+": "+mail.Visible.Visible)
	c.mu.Unlock()
	in.Outcome, in.Conversation, in.Mailbox = desk.OutcomeAgent, conv.ID, conv.Mailbox
	return c.store.Commit(ctx, &store.Change{Inbound: in, ContentHash: in.ContentHash})
}

func (c *carried) Outside(ctx context.Context, in *desk.Inbound, mail *email.Mail, who desk.Person, _ bool,
	agent desk.Agent, conv desk.Conversation, _ *store.Change) error {
	return c.Carry(ctx, in, mail, agent, conv, replyaddr.Token{}, nil)
}

func (c *carried) Department(ctx context.Context, in *desk.Inbound, mail *email.Mail, _ desk.DepartmentReply,
	conv desk.Conversation, _ *store.Change) error {
	return c.Carry(ctx, in, mail, desk.Agent{}, conv, replyaddr.Token{}, nil)
}

func (c *carried) First(ctx context.Context, in *desk.Inbound, mail *email.Mail, agent desk.Agent, mb desk.Mailbox,
	_ *store.Change) error {
	return c.Carry(ctx, in, mail, agent, desk.Conversation{Mailbox: mb.ID}, replyaddr.Token{}, nil)
}

func (c *carried) Wrote(ctx context.Context, in *desk.Inbound, mail *email.Mail, agent desk.Agent, mb desk.Mailbox,
	_ desk.Conversation, customer desk.Person, _ []desk.Person, _ *store.Change) error {
	return c.Carry(ctx, in, mail, agent, desk.Conversation{Mailbox: mb.ID, Customer: customer}, replyaddr.Token{}, nil)
}

// reported stands for the service that takes delivery reports.
type reported struct {
	store *store.Store
	seen  []desk.DeliveryEvent
}

func (r *reported) Report(ctx context.Context, in *desk.Inbound, ev desk.DeliveryEvent) error {
	r.seen = append(r.seen, ev)
	in.Outcome = desk.OutcomeReport
	return r.store.Commit(ctx, &store.Change{Inbound: in, ContentHash: in.ContentHash})
}

// ranker offers one article for everything that speaks of pumps.
type ranker struct{}

func (ranker) Suggest(subject, text string, _ int) []desk.Suggestion {
	if !strings.Contains(strings.ToLower(subject+text), "pump") {
		return nil
	}
	return []desk.Suggestion{{Article: "pump-leaks", Title: "The pump leaks", Passage: "Tighten the ring by hand."}}
}

// world is the service at a desk of the bench, with all that it meets.
type world struct {
	*bench.World
	*inbound.Service
	t       *testing.T
	agents  *carried
	reports *reported
	woken   []string
	n       int
	mu      sync.Mutex
}

func newWorld(t *testing.T) *world { return newWorldAt(t, filepath.Join(t.TempDir(), "store.db"), t) }

func newWorldAt(t *testing.T, path string, say bench.Tester) *world {
	t.Helper()
	e, err := bolt.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	w := &world{World: bench.Over(say, e), t: t}
	w.At(monday)
	w.Settings = &desk.Settings{
		Mailboxes: []desk.Mailbox{
			{ID: "support", Address: "support@shop.example", Aliases: []string{"help@shop.example"},
				Name:      "Shop Support",
				ReplyBase: "support@shop.example", Agents: []string{"anna", "ben"}},
			{ID: "sales", Address: "sales@shop.example", Name: "Shop Sales", ReplyBase: "@reply.shop.example",
				Agents: []string{"ben"}},
		},
		Agents: []desk.Agent{
			{ID: "anna", Name: "Anna Agent", Addresses: []string{"anna@team.example", "anna@home.example"}},
			{ID: "ben", Name: "Ben Beispiel", Addresses: []string{"ben@team.example"}},
		},
	}
	w.agents, w.reports = &carried{store: w.World.Store}, &reported{store: w.World.Store}
	h := w.Home()
	h.Wake = func(_ context.Context, ids []string) {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.woken = append(w.woken, ids...)
	}
	w.Service = &inbound.Service{Held: &inbound.Held{Home: h, Agents: w.agents, Reports: w.reports,
		Ranker: func(context.Context) (inbound.Ranker, error) { return ranker{}, nil }}}
	return w
}

// mail is one mail on its way to us.
type mail struct {
	from, to, subject, id, reply, references, headers, body string
	id2                                                     string // the receiver's id; numbered if empty
	path                                                    string // envelope sender; the From address if empty
	recipients                                              []string
	verdicts                                                *desk.Verdicts
}

func (m mail) raw() string {
	var b strings.Builder
	field := func(name, value string) {
		if value != "" {
			b.WriteString(name + ": " + value + "\r\n")
		}
	}
	field("From", m.from)
	field("To", m.to)
	field("Subject", m.subject)
	field("Date", "Mon, 02 Nov 2026 08:59:00 +0000")
	if m.id != "" {
		field("Message-ID", "<"+m.id+">")
	}
	if m.reply != "" {
		field("In-Reply-To", "<"+m.reply+">")
	}
	field("References", m.references)
	b.WriteString(strings.ReplaceAll(m.headers, "\n", "\r\n"))
	if !strings.Contains(strings.ToLower(m.headers), "content-type") {
		field("Content-Type", "text/plain; charset=utf-8")
	}
	b.WriteString("\r\n" + strings.ReplaceAll(m.body, "\n", "\r\n") + "\r\n")
	return b.String()
}

// arrives puts the mail into the mail store, as the receiving service does.
func (w *world) arrives(m mail) inbound.Delivery {
	w.Helper()
	w.mu.Lock()
	w.n++
	id := m.id2
	if id == "" {
		id = fmt.Sprintf("mail-%d", w.n)
	}
	w.mu.Unlock()
	raw := m.raw()
	if err := w.Blobs.Put(w.t.Context(), "mail/"+id, []byte(raw)); err != nil {
		w.Fatalf("%v", err)
	}
	d := inbound.Delivery{ID: id, Raw: "mail/" + id, MailFrom: m.path, Recipients: m.recipients, ReceivedAt: w.Now(),
		Verdicts: pass, Size: len(raw)}
	if d.MailFrom == "" {
		d.MailFrom = address(m.from)
	}
	if d.Recipients == nil {
		d.Recipients = []string{"support@shop.example"}
	}
	if m.verdicts != nil {
		d.Verdicts = *m.verdicts
	}
	return d
}

func address(from string) string {
	if i := strings.IndexByte(from, '<'); i >= 0 {
		return strings.Trim(from[i:], "<>")
	}
	return from
}

func (w *world) receive(m mail) desk.Inbound {
	w.Helper()
	in, err := w.Receive(w.t.Context(), w.arrives(m))
	if err != nil {
		w.Fatalf("Receive: %v", err)
	}
	return in
}

func (w *world) conversation(id desk.ConversationID) desk.Conversation {
	w.Helper()
	c, err := w.Store.Conversation(w.t.Context(), id)
	if err != nil {
		w.Fatalf("the conversation %s: %v", id, err)
	}
	return c
}

func (w *world) messages(id desk.ConversationID) []desk.Message {
	w.Helper()
	ms, err := w.Store.Messages(w.t.Context(), id, 1, 0)
	if err != nil {
		w.Fatalf("the messages of %s: %v", id, err)
	}
	return ms
}

// sent is a mail that waits in the outbox, read back as its recipient reads it.
type sent struct {
	desk.OutboxItem
	*email.Mail
}

// outbox gives all mail that waits to leave, in the order of its ids.
func (w *world) outbox() []sent {
	w.Helper()
	var out []sent
	for _, lane := range store.Lanes(w.Settings.Agents) {
		items, err := w.Store.DueOutbox(w.t.Context(), lane, w.Now().Add(time.Hour), 0)
		if err != nil {
			w.Fatalf("the outbox: %v", err)
		}
		for _, o := range items {
			raw, err := w.Blobs.Get(w.t.Context(), o.Raw)
			if err != nil {
				w.Fatalf("a mail in the outbox has no text: %v", err)
			}
			out = append(out, sent{o, email.Read(raw, "")})
		}
	}
	return out
}

// to gives the mails in the outbox to one agent that one mail caused.
func (w *world) to(agent, cause string) []sent {
	w.Helper()
	var out []sent
	for _, s := range w.outbox() {
		if s.Agent == agent && s.CausedBy == cause {
			out = append(out, s)
		}
	}
	return out
}

func (w *world) events(kind desk.EventKind) []desk.Event {
	w.Helper()
	var out []desk.Event
	err := w.Store.Events(w.t.Context(), w.Now(), func(e desk.Event) error {
		if e.Kind == kind {
			out = append(out, e)
		}
		return nil
	})
	if err != nil {
		w.Fatalf("the events: %v", err)
	}
	return out
}

// answered records an agent's answer to the customer, as the service that
// carries it out does, and gives the mail's reply address, its envelope sender
// and its Message-ID.
func (w *world) answered(id desk.ConversationID, messageID string) (replyTo, path string) {
	w.Helper()
	conv := w.conversation(id)
	mb, _ := w.Settings.Mailbox(conv.Mailbox)
	conv.Answered(w.Now(), "anna", time.Hour)
	l := w.writer()
	replyTo, err1 := l.CustomerAddress(mb, conv, conv.Messages)
	path, err2 := l.BounceAddress(mb, conv.ID, conv.Customer.Address, conv.Messages)
	outbox := desk.DerivedID("answer", messageID)
	err3 := w.Store.Commit(w.t.Context(), &store.Change{Conversation: &conv,
		Messages: []desk.Message{{Conversation: id, Sequence: conv.Messages, Kind: desk.KindAnswer, Agent: "anna",
			At: w.Now(), Text: "Please tighten the ring.", MessageID: messageID, Outbox: outbox}},
		MessageIDs: map[string]store.MessageRef{messageID: {Conversation: id, Sequence: conv.Messages, Outgoing: true,
			Outbox: outbox}}})
	if err := errors.Join(err1, err2, err3); err != nil {
		w.Fatalf("answering: %v", err)
	}
	return replyTo, path
}

func (w *world) writer() letters.Writer {
	return letters.Writer{Settings: w.Settings, Keys: w.Keys, Now: w.Now()}
}

// agentAddress is the reply address of a notification to the agent.
func (w *world) agentAddress(conv desk.ConversationID, agent string) string {
	w.Helper()
	c := w.conversation(conv)
	mb, _ := w.Settings.Mailbox(c.Mailbox)
	a, _ := w.Settings.Agent(agent)
	addr, err := w.writer().AgentAddress(mb, conv, a, c.Messages)
	if err != nil {
		w.Fatalf("a reply address: %v", err)
	}
	return addr
}

func (w *world) save(c desk.Conversation) {
	w.Helper()
	if err := w.Store.Commit(w.t.Context(), &store.Change{Conversation: &c}); err != nil {
		w.Fatalf("saving: %v", err)
	}
}
