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
