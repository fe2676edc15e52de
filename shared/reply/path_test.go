package reply_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/bench"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email"
	"github.com/replywell/replywell/shared/events"
	"github.com/replywell/replywell/shared/inbound"
	"github.com/replywell/replywell/shared/kb"
	"github.com/replywell/replywell/shared/kb/article"
	"github.com/replywell/replywell/shared/kb/encoders"
	"github.com/replywell/replywell/shared/wiring"
)

// house is the services of the path wired together, and a count of mails.
type house struct {
	*bench.World
	inbound *inbound.Service
	events  *events.Service
	n       int
	mu      sync.Mutex
}

// sampleIndex is the sample's index, made once: understanding its articles takes a while.
var sampleIndex = sync.OnceValues(func() (*kb.Index, error) {
	articles, err := article.Load(article.Sample())
	if err != nil {
		return nil, err
	}
	return kb.Build(articles, nil, encoders.Model()), nil
})

func open(t *testing.T) *house {
	w := bench.New(t)
	x, err := sampleIndex()
	if err != nil {
		t.Fatal(err)
	}
	h := &house{World: w}
	mail := wiring.Receiving(w.Home(), func(context.Context) (wiring.Knowledge, error) { return x, nil }, nil, nil)
	h.events, h.inbound = mail.Events, mail.Inbound
	return h
}

// trusted are the verdicts of a mail that its sender's domain vouches for.
var trusted = desk.Verdicts{SPF: desk.VerdictPass, DKIM: desk.VerdictPass, DMARC: desk.VerdictPass}

// arrive hands one mail to the system and gives what became of it.
func (h *house) arrive(from, to, mail string) desk.Inbound {
	h.Helper()
	h.mu.Lock()
	h.n++
	id := fmt.Sprintf("mail-%d", h.n)
	h.mu.Unlock()
	in, err := h.deliver(id, from, to, mail)
	if err != nil {
		h.Fatal(err)
	}
	return in
}

func (h *house) deliver(id, from, to, mail string) (desk.Inbound, error) {
	raw := strings.ReplaceAll(mail, "\n", "\r\n")
	if err := h.Blobs.Put(h.Context(), "mail/"+id, []byte(raw)); err != nil {
		return desk.Inbound{}, err
	}
	return h.inbound.Receive(h.Context(), inbound.Delivery{ID: id, Raw: "mail/" + id, MailFrom: from,
		Recipients: []string{to},
		ReceivedAt: h.Now(), Verdicts: trusted, Size: len(raw)})
}

// sent reads the mail of an outbox item back.
func (h *house) sent(o desk.OutboxItem) *email.Mail {
	h.Helper()
	raw, err := h.Blobs.Get(h.Context(), o.Raw)
	if err != nil {
		h.Fatal(err)
	}
	return email.Read(raw, o.EnvelopeFrom)
}

// newest gives the newest due mail of a kind to an address.
func (h *house) newest(kind desk.OutboxKind, to string) (desk.OutboxItem, *email.Mail) {
	h.Helper()
	var found desk.OutboxItem
	for _, o := range h.Due() {
		if o.Kind == kind && slices.Contains(o.To, to) && (found.ID == "" || !o.Created.Before(found.Created)) {
			found = o
		}
	}
	if found.ID == "" {
		h.Fatalf("no %s to %s is due", kind, to)
	}
	return found, h.sent(found)
}

const (
	erika   = "erika@customers.example"
	anna    = "anna@team.lantern.example"
	ben     = "ben@team.lantern.example"
	support = "support@lantern.example"
)

// customerWrites gives the conversation that a first mail opens.
func (h *house) customerWrites() desk.Inbound {
	h.Helper()
	return h.arrive(erika, support, `From: Erika Muster <erika@customers.example>
To: support@lantern.example
Subject: Broken lamp
Message-ID: <first@customers.example>
Date: Mon, 02 Mar 2026 09:00:00 +0000

Hello, the lamp I ordered arrived broken, the glass is cracked. What do I do?
`)
}

// agentAnswers replies to the newest notification as a mail client does.
func (h *house) agentAnswers(agent, text string) desk.Inbound {
	h.Helper()
	_, told := h.newest(desk.OutboxNotification, agent)
	return h.answerTo(agent, told, text)
}

func (h *house) answerTo(agent string, told *email.Mail, text string) desk.Inbound {
	h.Helper()
	h.Pass(time.Minute)
	to := told.ReplyTo[0].Address
	var quoted strings.Builder
	for _, l := range strings.Split(told.PlainText, "\n") {
		quoted.WriteString("> " + strings.TrimRight(l, "\r") + "\n")
	}
	return h.arrive(agent, to, fmt.Sprintf("From: Agent <%s>\nTo: %s\nSubject: Re: %s\nMessage-ID: "+
		"<a%d@team.example>\nIn-Reply-To: <%s>\nContent-Type: text/plain; charset=utf-8\n\n%s\n\nOn Mon, 2 Mar 2026 "+
		"at 09:01, Erika Muster (Lantern Shop Support) <%s> wrote:\n\n%s",
		agent, to, told.Subject, h.n, told.MessageID, text, support, quoted.String()))
}

func (h *house) conversation(in desk.Inbound) desk.Conversation {
	h.Helper()
	c, err := h.Store.Conversation(h.Context(), in.Conversation)
	if err != nil {
		h.Fatal(err)
	}
	return c
}

func (h *house) kinds(in desk.Inbound) (out []desk.MessageKind) {
	h.Helper()
	ms, err := h.Store.Messages(h.Context(), in.Conversation, 1, 0)
	if err != nil {
		h.Fatal(err)
	}
	for _, m := range ms {
		out = append(out, m.Kind)
	}
	return out
}

// none asserts that nothing is on its way to the address.
func (h *house) none(kind desk.OutboxKind) {
	h.Helper()
	for _, o := range h.Due() {
		if o.Kind == kind {
			h.Errorf("a %s is on its way to %v: %s", kind, o.To, h.sent(o).Text)
		}
	}
}
