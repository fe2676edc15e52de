package inbound_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/bench"
	"github.com/replywell/replywell/shared/desk"
)

// The attack tests run the real services, wired together, against the attacks
// that support desks are known to have fallen to. Each says who attacks, what
// they want and what stops them; docs/security.md tells the same in order.
// Read them with: go test -run Attack -v ./shared/inbound

const (
	support  = "support@lantern.example"
	customer = "erika@customers.example" // a customer
	joao     = "joao@customers.example"  // another one
	mallory  = "mallory@evil.example"    // a stranger
	anna     = "anna@team.lantern.example"
	ben      = "ben@team.lantern.example"
	secret   = "the glass is cracked" // what only Erika and the team know
)

// attack is one attack, told as a report tells it.
type attack struct {
	name              string
	who, wants, stops string
	try               func(s *scene)
}

// attacks runs each attack on a desk of its own.
func attacks(t *testing.T, all ...attack) {
	for _, a := range all {
		t.Run(a.name, func(t *testing.T) {
			fmt.Fprintf(t.Output(), "who    %s\nwants  %s\nstops  %s\n", a.who, a.wants, a.stops)
			a.try(&scene{Path: bench.NewPath(t)})
		})
	}
}

// scene is a desk under attack.
type scene struct {
	*bench.Path
	ids    int
	toAnna bench.Sent // the newest that she can answer
}

// Sent is Path's, and notes what Anna would answer.
func (s *scene) Sent() []bench.Sent { return s.seen(s.Path.Sent()) }

// Later is Path's, and notes the same.
func (s *scene) Later(d time.Duration) []bench.Sent { return s.seen(s.Path.Later(d)) }

func (s *scene) seen(mails []bench.Sent) []bench.Sent {
	for _, m := range mails {
		if m.To[0] == anna && len(m.Read.ReplyTo) > 0 && strings.Contains(m.Read.ReplyTo[0].Name, " via ") {
			s.toAnna = m
		}
	}
	return mails
}

// letter is one mail of the attack; what is left empty is filled in plausibly.
type letter struct {
	from    string // the From field
	path    string // envelope sender; the address in from if empty
	to      string // envelope recipient; support if empty
	tos     []string
	subject string
	id      string
	answers string // In-Reply-To
	headers string // further fields, each line ending in "\n"
	body    string
	verdict *desk.Verdicts // trusted if nil
}

func (l letter) raw() string {
	var b strings.Builder
	if l.from != "" {
		b.WriteString("From: " + l.from + "\n")
	}
	fmt.Fprintf(&b, "To: %s\nSubject: %s\nMessage-ID: <%s>\nDate: Mon, 02 Mar 2026 09:00:00 +0000\n", l.to, l.subject,
		l.id)
	if l.answers != "" {
		fmt.Fprintf(&b, "In-Reply-To: <%s>\nReferences: <%s>\n", l.answers, l.answers)
	}
	b.WriteString(l.headers)
	if !strings.Contains(strings.ToLower(l.headers), "content-type") {
		b.WriteString("Content-Type: text/plain; charset=utf-8\n")
	}
	return b.String() + "\n" + l.body + "\n"
}

// arrive sends a mail to the desk.
func (s *scene) arrive(l letter) desk.Inbound {
	s.Helper()
	s.ids++
	if l.id == "" {
		l.id = fmt.Sprintf("m%d@%s", s.ids, "mail.example")
	}
	if l.path == "" {
		l.path = address(l.from)
	}
	if l.to == "" {
		l.to = support
	}
	if l.subject == "" {
		l.subject = "A question"
	}
	if l.tos == nil {
		l.tos = []string{l.to}
	}
	v := bench.Trusted
	if l.verdict != nil {
		v = *l.verdict
	}
	return s.Arrive(bench.Arrival{From: l.path, To: l.tos, Verdicts: v, Raw: l.raw()})
}

var forged = bench.Forged

// begun is a conversation of Erika's, and what each agent was told.
type begun struct {
	first     desk.Inbound
	anna, ben bench.Sent
}

func (s *scene) begin() begun {
	s.Helper()
	b := begun{first: s.arrive(letter{from: "Erika Muster <" + customer + ">", subject: "Broken lamp",
		id:   "first@customers.example",
		body: "Hello, the lamp I ordered arrived broken, " + secret + ". What do I do?"})}
	for _, m := range s.Sent() {
		switch m.To[0] {
		case anna:
			b.anna = m
		case ben:
			b.ben = m
		}
	}
	if b.anna.Read == nil || b.ben.Read == nil {
		s.Fatal("the agents were not told")
	}
	return b
}

// sentTo gives the one of the mails that went to somebody. Mails to several
// people leave in no certain order.
func (s *scene) sentTo(who string, mails []bench.Sent) bench.Sent {
	s.Helper()
	for _, m := range mails {
		if m.To[0] == who {
			return m
		}
	}
	s.Fatalf("of %d mails none went to %s", len(mails), who)
	return bench.Sent{}
}

// replyTo is the address that a reply to the mail goes to.
func replyTo(m bench.Sent) string {
	if len(m.Read.ReplyTo) == 0 {
		return m.Read.From.Address
	}
	return m.Read.ReplyTo[0].Address
}

// answer is an agent's reply to a notification, as a mail client writes it.
func answer(agent string, told bench.Sent, text string) letter {
	var quoted strings.Builder
	for _, l := range strings.Split(told.Read.PlainText, "\n") {
		quoted.WriteString("> " + strings.TrimRight(l, "\r") + "\n")
	}
	return letter{from: "Agent <" + agent + ">", to: replyTo(told), subject: "Re: " + told.Read.Subject,
		answers: told.MessageID,
		body: text + "\n\nOn Mon, 2 Mar 2026 at 09:01, Erika Muster (Lantern Shop Support) <" + support +
			"> wrote:\n\n" + quoted.String()}
}

// answered lets Anna answer what she was told last, and gives her answer as Erika
// has it.
func (s *scene) answered(b begun) bench.Sent {
	s.Helper()
	s.Sent()
	if s.toAnna.Read != nil {
		b.anna = s.toAnna
	}
	s.Pass(time.Minute)
	s.arrive(answer(anna, b.anna, "We send you a new one today."))
	out := s.Outside(s.Sent())
	if len(out) != 1 || out[0].To[0] != customer {
		s.Fatalf("Anna's answer went to %v", bench.Recipients(out))
	}
	return out[0]
}

// held asserts that a mail was held, and that nobody outside hears of it.
func (s *scene) held(in desk.Inbound) []bench.Sent {
	s.Helper()
	if in.Outcome != desk.OutcomeHeld {
		s.Errorf("the mail is %q (%s), not held", in.Outcome, in.Reason)
	}
	return s.nothingLeaves()
}

// nothingLeaves sends what is due and asserts that all of it is for agents.
func (s *scene) nothingLeaves() []bench.Sent {
	s.Helper()
	sent := s.Later(2 * time.Minute)
	for _, m := range s.Outside(sent) {
		s.Errorf("a mail left for %v:\n%s", m.To, m.Read.PlainText)
	}
	return sent
}

// own is what a mail says above what it quotes.
func own(m bench.Sent) string { return m.Read.PlainText }

// apart asserts that a mail opened a conversation of its own, linked to the
// one that it named, and that no text of that one is shown with it.
func (s *scene) apart(in desk.Inbound, b begun) {
	s.Helper()
	if in.Outcome != desk.OutcomeThreaded || in.Conversation == b.first.Conversation {
		s.Fatalf("the mail is %q in %s (%s)", in.Outcome, in.Conversation, in.Reason)
	}
	c := s.Conversation(in)
	if len(c.Linked) != 1 || c.Linked[0] != b.first.Conversation {
		s.Errorf("it is linked to %v", c.Linked)
	}
	for _, m := range s.nothingLeaves() {
		if strings.Contains(own(m), secret) {
			s.Errorf("the mail about the stranger shows the customer's conversation:\n%s", own(m))
		}
	}
}
