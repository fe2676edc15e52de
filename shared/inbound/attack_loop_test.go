package inbound_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/bench"
	"github.com/replywell/replywell/shared/desk"
)

// robot is a program that answers every mail to a mailbox, each time under a
// fresh Message-ID.
type robot struct {
	name    string
	headers string
	subject string // what stands before the subject that it answers
	to      string // "reply-to", "from" or "path"
	threads bool   // names the mail that it answers
	path    string // its envelope sender; "" is the mailbox's address
	echo    bool   // repeats what it got, and so says something else each time
	person  bool   // nothing in the one mail tells it from a person's
}

var robots = []robot{
	{name: "by the book", headers: "Auto-Submitted: auto-replied\n", to: "path", threads: true, path: "<>"},
	{name: "by the book to Reply-To", headers: "Auto-Submitted: auto-generated\nX-Auto-Response-Suppress: All\n",
		subject: "Automatic reply: ", to: "reply-to", threads: true, echo: true},
	{name: "old vacation program", subject: "Out of office: ", to: "from", threads: true},
	{name: "bulk without ids", headers: "Precedence: bulk\nX-Autoreply: yes\n", to: "from", echo: true},
	{name: "person to the envelope sender", to: "path", threads: true, echo: true, person: true},
	{name: "person without ids", to: "from", echo: true, person: true},
	{name: "person who repeats himself", to: "reply-to", threads: true, person: true},
	{name: "person who echoes", to: "reply-to", threads: true, echo: true, person: true},
}

// answers writes what the robot in a mailbox answers to a mail.
func (r robot) answers(mailbox string, m bench.Sent, n int) letter {
	l := letter{from: mailbox, path: r.path, subject: r.subject + m.Read.Subject, headers: r.headers,
		id: fmt.Sprintf("robot%d@%s", n, strings.ReplaceAll(mailbox, "@", "."))}
	switch r.to {
	case "path":
		l.to = m.From
	case "from":
		l.to = m.Read.From.Address
	default:
		l.to = m.Read.From.Address
		if len(m.Read.ReplyTo) > 0 {
			l.to = replyTo(m)
		}
	}
	if r.threads {
		l.answers = m.MessageID
	}
	l.body = "I am travelling and read no mail until the first of April; I shall answer then."
	if r.echo {
		l.body = fmt.Sprintf("I got your mail no. %d and it tells me: %s", n, m.Read.Subject)
	}
	return l
}

// The length of a simulation, and how often mail is fetched and sent in it.
const (
	simulated = 3 * 24 * time.Hour
	fetched   = 10 * time.Minute
	silence   = 2 * time.Hour // after which nothing more comes: merged mail waits for minutes
)

// TestAttackLoopsOfAutoresponders puts every such program into a customer's
// mailbox and into an agent's, lets the customer write once and another agent
// answer once, and lets days pass.
// Nobody outside is written to but by an agent's decision. A program in an
// agent's mailbox that no sign tells from the agent, and that has the agent's
// reply addresses and domain, decides in the agent's place; what it sends is
// bounded, as is what agents get.
func TestAttackLoopsOfAutoresponders(t *testing.T) {
	for _, ours := range robots {
		for _, theirs := range robots {
			t.Run("agent: "+ours.name+", customer: "+theirs.name, func(t *testing.T) {
				s := &scene{Path: bench.NewPath(t)}
				out, toAgents := s.simulate(ours, theirs)
				days := int(simulated/(24*time.Hour)) + 1 // the last one has begun
				most := 1                                 // Ben's answer
				if ours.person && ours.to == "reply-to" {
					most += 80 * days // 60 in new conversations, 20 in each day's old one
				}
				if out < 1 || out > most {
					t.Errorf("%d mails left for the customer, not 1 to %d", out, most)
				}
				if limit := 400 * days; toAgents > limit {
					t.Errorf("agents got %d mails, not at most %d", toAgents, limit)
				}
				t.Logf("%d mails to the customer, %d to agents in three days", out, toAgents)
			})
		}
	}
}

// simulate lets the customer write once and Ben answer once, as persons; the
// rest is done by robots.
func (s *scene) simulate(ours, theirs robot) (out, toAgents int) {
	s.Helper()
	s.arrive(letter{from: customer, subject: "Broken lamp", body: "Hello, my lamp arrived broken. What do I do?"})
	n, last, decided := 0, s.Now(), false
	for end := s.Now().Add(simulated); s.Now().Before(end) && s.Now().Sub(last) < silence; s.Pass(fetched) {
		for _, m := range s.Sent() {
			n++
			last = s.Now()
			switch m.To[0] {
			case customer:
				out++
				s.judged(theirs.answers(customer, m, n))
			case anna:
				toAgents++
				s.judged(ours.answers(anna, m, n))
			case ben: // a person, who answers the first mail and leaves the rest to Anna
				toAgents++
				if !decided {
					decided = true
					s.judged(answer(ben, m, "We send you a new one."))
				}
			default:
				s.Errorf("a mail left for %v", m.To)
			}
		}
	}
	return out, toAgents
}

// judged expects that a robot's mail is judged, whatever the judgement.
func (s *scene) judged(l letter) {
	s.Helper()
	if in := s.arrive(l); in.Outcome == desk.OutcomeParked || in.Outcome == "" {
		s.Errorf("a robot's mail is %q (%s)", in.Outcome, in.Reason)
	}
}

// TestAttack06TheAcknowledgementIsNoBomb: demand 6 for a team that acknowledges
// customers' first mails, which is the one thing that leaves by itself.
func TestAttack06TheAcknowledgementIsNoBomb(t *testing.T) {
	on := func(try func(*scene)) func(*scene) {
		return func(s *scene) {
			for i := range s.Settings.Mailboxes {
				s.Settings.Mailboxes[i].Acknowledge = true
			}
			try(s)
		}
	}
	attacks(t,
		attack{"in the names of many victims", "somebody who forges From (Zendesk, 2025)",
			"an acknowledgement to each victim", "only a mail that its domain vouches for is acknowledged",
			on(func(s *scene) {
				for i := range 30 {
					s.arrive(letter{from: fmt.Sprintf("victim%d@elsewhere.example", i), path: mallory, verdict: &forged,
						body: "Hello, my lamp is broken."})
				}
				s.nothingLeaves()
			})},
		attack{"with words of his own", "somebody who has the desk write to his own list, or to himself as a proof",
			"that our mail carries his words", "an acknowledgement repeats nothing: no name, no subject, no text",
			on(func(s *scene) {
				s.arrive(letter{from: `"FREE-MONEY at evil.example" <` + customer + `>`,
					subject: "FREE-MONEY http://evil.example/x", headers: "X-FREE-MONEY: 1\n",
					body: "FREE-MONEY http://evil.example/x FREE-MONEY"})
				out := s.Outside(s.Sent())
				if len(out) != 1 || len(out[0].To) != 1 || out[0].To[0] != customer {
					s.Fatalf("%d mails left", len(out))
				}
				m := out[0]
				if read := string(m.Raw) + m.Read.Subject + m.Read.Text + m.Read.HTML +
					fmt.Sprint(m.Read.To, m.Read.From); strings.Contains(read, "FREE-MONEY") ||
					strings.Contains(read, "evil.example") {
					s.Errorf("it repeats the attacker:\n%s", m.Raw)
				}
				if m.Read.Header.Get("Auto-Submitted") != "auto-replied" ||
					m.Read.Header.Get("X-Auto-Response-Suppress") != "All" {
					s.Errorf("it does not say that it is automatic:\n%s", m.Raw)
				}
			})},
		attack{"again and again", "a program that answers each acknowledgement under a fresh id", "a circle",
			"one sender gets one in a day, whatever the headers say", on(func(s *scene) {
				n := 0
				for i := range 40 {
					s.arrive(letter{from: strings.ToUpper(customer[:i%5]) + customer[i%5:],
						subject: fmt.Sprintf("Lamp %d", i), body: fmt.Sprintf("My lamp number %d is broken.", i)})
					n += len(s.Outside(s.Sent()))
					s.Pass(10 * time.Minute)
				}
				if n != 1 {
					s.Errorf("%d acknowledgements left", n)
				}
			})},
		attack{"every kind of machine", "a robot whose domain vouches for it", "an acknowledgement to answer",
			"lists, bulk, automatic mail, the null path, no-reply addresses and our own are not acknowledged",
			on(func(s *scene) {
				for i, l := range []letter{
					{headers: "Auto-Submitted: auto-replied\n"}, {headers: "Precedence: bulk\n"},
					{headers: "List-Id: <x.elsewhere.example>\n"},
					{headers: "List-Unsubscribe: <mailto:x@elsewhere.example>\n"},
					{headers: "X-Auto-Response-Suppress: All\n"}, {path: "<>"}, {from: "noreply@elsewhere.example"},
					{from: "no-reply+7@elsewhere.example"}, {from: "mailer-daemon@elsewhere.example"}, {from: support},
					{from: "help@lantern.example"},
					{from: "list-request@elsewhere.example"},
					{from: "x@elsewhere.example", headers: "Sender: owner-list@elsewhere.example\nMailing-List: x\n"},
				} {
					if l.from == "" {
						l.from = fmt.Sprintf("robot%d@elsewhere.example", i)
					}
					l.body = fmt.Sprintf("Hello, it is I, number %d.", i)
					in := s.arrive(l)
					if out := s.Outside(s.Sent()); len(out) > 0 {
						s.Errorf("%+v (%s) is acknowledged", l, in.Outcome)
					}
				}
			})},
		attack{"to an agent", "somebody in an agent's name", "that agents are written to as customers",
			"an agent's mail is not a customer's first", on(func(s *scene) {
				b := s.begin()
				l := answer(anna, b.anna, "Please pay to my account.")
				l.verdict = &forged
				s.Sent()
				if in := s.arrive(l); in.Outcome != desk.OutcomeHeld {
					s.Errorf("%q", in.Outcome)
				}
				for _, m := range s.Sent() {
					if strings.Contains(m.Read.Header.Get("Auto-Submitted"), "replied") {
						s.Errorf("%v is acknowledged", m.To)
					}
				}
			})},
	)
}
