package reply_test

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/bench"
	"github.com/replywell/replywell/shared/desk"
)

// A busy day, played minute by minute: three agents, eight hours, some 140
// concerns. Agents read the newest mail that they have of a concern, and write
// three to nine minutes on that, however much comes meanwhile. They share new mail
// out by a rule of their own (a rota, the alphabet), which is forgotten for one mail in
// twenty-five; a concern belongs to whoever answered it last. Customers add what they
// forgot within twenty minutes, one in twenty; after an answer some say thank
// you, some ask on, some are away.
const (
	workday     = 8 * 60 // minutes
	concerns    = 0.3    // a minute
	forgotten   = 1. / 20
	slips       = 1. / 25
	notes       = 1. / 12
	thanksAfter = 0.35
	asksAfter   = 0.3
	awayAfter   = 0.03
)

// person is an agent at work.
type person struct {
	address string
	number  int
	inbox   map[string]bench.Sent // by reference: the newest mail that a reply to goes to the customer
	done    map[string]bool       // concerns that need nothing, as far as the inbox tells
	order   []string
	until   int // the minute in which the mail is written
	writing string
	to      bench.Sent
}

// playedDay is one day.
type playedDay struct {
	*room
	r              *rand.Rand
	people         []*person
	later          map[int][]func()
	minute, serial int
	answers, back  int
	two            int // of back: because two answered
	owners         map[string]*person
}

func (d *playedDay) after(lo, hi int, f func()) {
	m := d.minute + lo + d.r.IntN(hi-lo+1)
	d.later[m] = append(d.later[m], f)
}

func (d *playedDay) chance(p float64) bool { return d.r.Float64() < p }

// arrives brings a mail at once.
func (d *playedDay) arrives(from, to, subject, above, text string) desk.Inbound {
	d.n++
	return d.Arrive(bench.Arrival{From: from, To: []string{to}, Verdicts: bench.Trusted,
		Raw: fmt.Sprintf("From: <%s>\nTo: <%s>\nSubject: %s\nMessage-ID: <m%d@%s>\n%s\n%s\n", from, to, subject, d.n,
			strings.SplitN(from, "@", 2)[1], above, text)})
}

// opens lets a customer write for the first time.
func (d *playedDay) opens() {
	d.serial++
	n := d.serial
	from, id := fmt.Sprintf("person%d@customers.example", n), fmt.Sprintf("own%d@customers.example", n)
	d.n++
	d.Arrive(bench.Arrival{From: from, To: []string{support}, Verdicts: bench.Trusted,
		Raw: fmt.Sprintf("From: <%s>\nTo: <%s>\nSubject: Concern %d\nMessage-ID: <%s>\n\nMy concern of today bears "+
			"the number %d. What can be done?\n", from, support, n, id, n)})
	if d.chance(forgotten) {
		d.after(1, 20, func() {
			d.arrives(from, support, fmt.Sprintf("Re: Concern %d", n), "In-Reply-To: <"+id+">\n",
				fmt.Sprintf("I forgot to say: it is the model %d.", n))
		})
	}
}

// reads puts what was sent into the people's mailboxes.
func (d *playedDay) reads(mails []bench.Sent) {
	// lanes leave in any order
	slices.SortFunc(mails, func(a, b bench.Sent) int { return strings.Compare(a.MessageID, b.MessageID) })
	for _, m := range mails {
		p := slices.IndexFunc(d.people, func(p *person) bool { return p.address == m.To[0] })
		ref, _, _ := strings.Cut(strings.TrimPrefix(m.Read.Subject, "["), "]")
		if strings.Contains(m.Read.PlainText, "\nNot sent: ") && strings.Contains(m.Read.PlainText, " answered\n") {
			d.two++
		}
		switch {
		case p < 0:
			d.customer(m)
		case strings.Contains(m.Read.PlainText, "\nNothing to do: ") && strings.Contains(m.Read.PlainText, " answered"):
			d.people[p].done[ref] = true
		case len(m.Read.ReplyTo) == 1 && strings.Contains(m.Read.ReplyTo[0].Name, " via ") &&
			!strings.Contains(m.Read.PlainText, "a thank-you"):
			if _, known := d.people[p].inbox[ref]; !known {
				d.people[p].order = append(d.people[p].order, ref)
			}
			d.people[p].inbox[ref], d.people[p].done[ref] = m, false
		}
	}
}

// customer reads an answer.
func (d *playedDay) customer(m bench.Sent) {
	who, above := m.To[0], "In-Reply-To: <"+m.MessageID+">\n"
	back, subject := m.Read.ReplyTo[0].Address, m.Read.Subject
	switch p := d.r.Float64(); {
	case p < awayAfter:
		d.after(0, 1, func() {
			d.arrives(who, back, "Automatic reply: "+subject, "Auto-Submitted: auto-replied\n"+above,
				"I am out of the office until Monday.")
		})
	case p < awayAfter+thanksAfter:
		d.after(2, 60, func() { d.arrives(who, back, subject, above, "Thank you very much!") })
	case p < awayAfter+thanksAfter+asksAfter:
		d.serial++
		n := d.serial
		d.after(5, 90, func() {
			d.arrives(who, back, subject, above, fmt.Sprintf("And what of part %d, can I order it?", n))
		})
	}
}

// works lets an agent end a mail, or begin one.
func (d *playedDay) works(p *person) {
	if p.writing != "" {
		if d.minute < p.until {
			return
		}
		d.sends(p)
	}
	var mine []string
	for _, ref := range p.order {
		if p.done[ref] {
			continue
		}
		owner := d.owners[ref]
		if owner == nil {
			h := fnv.New32a()
			_, _ = h.Write([]byte(ref))
			owner = d.people[int(h.Sum32()%uint32(len(d.people)))]
			d.owners[ref] = owner
		}
		if owner == p || d.chance(slips/30) { // a minute: about one in twenty before it is done
			mine = append(mine, ref)
		}
	}
	if len(mine) > 0 {
		p.writing, p.until = mine[0], d.minute+3+d.r.IntN(7)
		p.to = p.inbox[p.writing]
	}
}

func (d *playedDay) sends(p *person) {
	ref := p.writing
	p.writing, p.done[ref] = "", true
	d.serial++
	if d.chance(notes) {
		d.arrives(p.address, p.to.Read.ReplyTo[0].Address, "Re: "+p.to.Read.Subject, "",
			fmt.Sprintf("#note\nAsked the workshop for number %d.", d.serial))
		p.done[ref] = false
		return
	}
	d.answers++
	in := d.arrives(p.address, p.to.Read.ReplyTo[0].Address, "Re: "+p.to.Read.Subject, "In-Reply-To: <"+p.to.MessageID+
		">\n", fmt.Sprintf("Hello, the answer to it is number %d.", d.serial))
	switch {
	case in.Outcome == desk.OutcomeAgent:
		d.owners[ref] = p
	case strings.HasPrefix(in.Reason, "kept until "):
		d.back++
		p.done[ref] = false
	default:
		d.Errorf("an answer is %s (%s)", in.Outcome, in.Reason)
	}
}

func TestABusyDayHardlyEverComesBack(t *testing.T) {
	answers, back := 0, 0
	for day := range 3 {
		d := &playedDay{room: newRoom(t), r: rand.New(rand.NewPCG(uint64(day), 7)), later: map[int][]func(){},
			owners: map[string]*person{}}
		d.Settings.Agents = append(slices.Clone(d.Settings.Agents),
			desk.Agent{ID: "carl", Name: "Carl Brook", Addresses: []string{"carl@team.lantern.example"}})
		d.Settings.Mailboxes = slices.Clone(d.Settings.Mailboxes)
		d.Settings.Mailboxes[0].Agents = []string{"anna", "ben", "carl"}
		for i, a := range d.Settings.Agents {
			d.people = append(d.people, &person{address: a.Addresses[0], number: i, inbox: map[string]bench.Sent{},
				done: map[string]bool{}})
		}
		for ; d.minute < workday; d.minute++ {
			d.Pass(time.Minute)
			if d.chance(concerns) {
				d.opens()
			}
			for _, f := range d.later[d.minute] {
				f()
			}
			for _, p := range d.people {
				d.works(p)
			}
			d.reads(d.Sent())
		}
		t.Logf("day %d: %d answers, of which %d came back, %d of them because a colleague had answered", day+1,
			d.answers, d.back, d.two)
		answers, back = answers+d.answers, back+d.back
	}
	t.Logf("of %d answers %d came back: 1 in %.0f", answers, back, float64(answers)/float64(max(1, back)))
	if answers < 400 || back*50 > answers {
		t.Errorf("%d of %d answers came back, and at most one in fifty may", back, answers)
	}
	if back == 0 {
		t.Error("none came back: such days prove nothing")
	}
}
