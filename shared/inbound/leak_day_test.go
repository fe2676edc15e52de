package inbound_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/bench"
	"github.com/replywell/replywell/shared/desk"
)

// TestLeakACarelessDay lets three agents answer whatever mail of ours is at hand,
// their own and forwarded ones, new and old, notes, refusals and questions, while a
// customer writes on. Each text bears a word of its own. What a mail is called on a
// telephone is what its author meant: only what went to an address called after the
// customer, or began with #answer, or was released by a word, may reach her; and
// nobody's text in another's name.
func TestLeakACarelessDay(t *testing.T) {
	r := rand.New(rand.NewPCG(10, 2))
	s := &scene{Path: bench.NewPath(t)}
	s.Settings.Agents = append(slices.Clone(s.Settings.Agents),
		desk.Agent{ID: "carl", Name: "Carl Brook", PublicName: "Carl",
			Addresses: []string{"carl@team.lantern.example"}})
	s.Settings.Mailboxes = slices.Clone(s.Settings.Mailboxes)
	s.Settings.Mailboxes[0].Agents = []string{"anna", "ben", "carl"}
	type said struct {
		who     string // the public name
		allowed bool
		kind    string
	}
	words := map[string]*said{}
	tried, reached := map[string]int{}, map[string]int{}
	var box []bench.Sent // all mails to agents
	read := func(mails []bench.Sent) {
		// Mails leave in any order.
		slices.SortFunc(mails, func(a, b bench.Sent) int { return strings.Compare(a.MessageID, b.MessageID) })
		for _, m := range mails {
			if m.To[0] != customer {
				box = append(box, m)
				continue
			}
			for w, x := range words {
				if !strings.Contains(m.Read.PlainText, w) {
					continue
				}
				reached[x.kind]++
				if !x.allowed {
					t.Errorf("the customer has %s, written to %s:\n%s", w, x.kind, m.Read.PlainText)
				}
				if !strings.HasPrefix(m.Read.From.Name, x.who) {
					t.Errorf("the customer has %s of %s in the name of %q", w, x.who, m.Read.From.Name)
				}
			}
		}
	}
	s.arrive(letter{from: "Erika Muster <" + customer + ">", subject: "Broken lamp", id: "first@customers.example",
		body: "Hello, the lamp arrived broken. What do I do?"})
	read(s.Later(time.Minute))
	for i := range 400 {
		if i%40 == 39 { // the counts of a day begin anew
			s.Pass(25 * time.Hour)
		}
		if r.IntN(6) == 0 {
			s.erikaWrites(fmt.Sprintf("And what of part number %d?", i), "")
			read(s.Sent())
			continue
		}
		agent := s.Settings.Agents[r.IntN(3)]
		m := box[len(box)-1-r.IntN(min(len(box), 12))]
		if r.IntN(4) > 0 { // mostly an own one
			for k := len(box) - 1; k >= 0 && m.To[0] != agent.Addresses[0]; k-- {
				m = box[k]
			}
		}
		if len(m.Read.ReplyTo) == 0 {
			continue
		}
		own, name := m.To[0] == agent.Addresses[0], m.Read.ReplyTo[0].Name
		w := fmt.Sprintf("word%dx", i)
		x := &said{who: agent.PublicName, kind: name}
		text := w + " is what I think of it."
		customers := strings.Contains(name, " via ")
		asks := strings.Contains(name, ": ")
		switch k := r.IntN(10); {
		case k < 2:
			text = "#note\n" + text
		case k == 2 && !asks:
			text, x.allowed = "#answer\n"+text, own
		case k < 6 && asks || k == 3 && customers && strings.Contains(m.Read.PlainText, "Not sent: "):
			text = []string{"yes", "send", "no", "note"}[r.IntN(4)]
		default:
			x.allowed = customers && own
		}
		if !own {
			x.kind = "another's mail"
		}
		tried[x.kind]++
		words[w] = x
		l := answer(agent.Addresses[0], m, text)
		s.arrive(l)
		if text == "yes" || text == "send" { // whatever that agent has waiting may go now
			for _, y := range words {
				if y.who == agent.PublicName && (text == "yes" || y.kind != "another's mail") {
					y.allowed = true
				}
			}
		}
		read(s.Sent())
	}
	read(s.Later(2 * time.Minute))
	for kind, n := range tried {
		t.Logf("%3d texts to %-45s %3d reached the customer", n, kind, reached[kind])
	}
	if reached["Erika Muster via Lantern Shop Support"] == 0 || len(tried) < 4 {
		t.Errorf("too little was tried: %v", tried)
	}
}
