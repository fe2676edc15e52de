package day_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/replywell/replywell/shared/bench"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/page"
	"github.com/replywell/replywell/shared/waiting"
)

// desks are what lies on the agents' desks: what customers wrote and nobody picked yet,
// and what is still to be written of what was picked.
type desks struct {
	files  map[string]string // the script in which a customer writes
	called map[string]string // addresses of those who do not have the one of their name
	tasks  []*task
	convs  map[desk.ConversationID]string // the customer
	later  []job
	waits  []step                            // of customers who were not answered yet
	busy   map[string]time.Time              // until when, by agent
	reads  map[string]bool                   // who works off their mail
	held   []step                            // mail that is held back
	gone   map[desk.ConversationID]time.Time // since when nobody at work has a conversation
	first  map[desk.ConversationID]time.Time // when a conversation was first seen to wait
	hidden map[desk.ConversationID]bool
	shown  map[desk.ConversationID]map[string]time.Time // in whose mailbox a conversation stood last
	minded map[desk.ConversationID]time.Time            // when somebody was last reminded of its promise
}

func emptyDesks() *desks {
	return &desks{called: map[string]string{}, files: map[string]string{}, busy: map[string]time.Time{},
		reads: map[string]bool{}, convs: map[desk.ConversationID]string{}, gone: map[desk.ConversationID]time.Time{},
		shown: map[desk.ConversationID]map[string]time.Time{}, minded: map[desk.ConversationID]time.Time{},
		first: map[desk.ConversationID]time.Time{}, hidden: map[desk.ConversationID]bool{}}
}

// task is a customer's mail that somebody is to see to.
type task struct {
	step
	conv desk.ConversationID
	came time.Time
	by   string // who picked it
}

// job is what is done at a time: a turn of an agent's work on a task.
type job struct {
	at   time.Time
	who  string
	task *task
	turn turn
	mail bench.Sent // that was picked
}

// breaks are when each of them eats.
var breaks = map[string][2]time.Duration{"anna": {12 * time.Hour, 12*time.Hour + 30*time.Minute},
	"ben":   {12*time.Hour + 30*time.Minute, 13 * time.Hour},
	"carla": {13 * time.Hour, 13*time.Hour + 30*time.Minute}}

// perPick is how long an agent is with one mail. Every so often each of them looks at the
// mail, one after the other, and works off what is there.
const (
	perPick = 4 * time.Minute
	looks   = 39 * time.Minute
)

// came keeps what a customer wrote, for whoever picks it.
func (d *theDay) came(s step, in desk.Inbound) {
	d.convs[in.Conversation] = d.names[d.address(s.who)]
	d.files[d.convs[in.Conversation]] = s.file
	if s.work != nil {
		d.tasks = append(d.tasks, &task{step: s, conv: in.Conversation, came: d.Now()})
	}
}

// work lets each agent who is at work and has time pick what is first.
func (d *theDay) work() {
	d.Helper()
	for len(d.later) > 0 && !d.later[0].at.After(d.Now()) {
		j := d.later[0]
		d.later = d.later[1:]
		d.turns(j)
	}
	for _, a := range d.there() {
		since := d.Now().Sub(d.midnight)
		if d.busy[a.ID].After(d.Now()) || since >= breaks[a.ID][0] && since < breaks[a.ID][1] {
			continue
		}
		if at := slices.IndexFunc(d.Settings.Agents, func(x desk.Agent) bool { return x.ID == a.ID }); !d.reads[a.ID] &&
			(since-8*time.Hour)%looks != time.Duration(at)*looks/3 {
			continue
		}
		d.reads[a.ID] = d.pick(a)
	}
}

// there are the agents who are at work and not away.
func (d *theDay) there() []desk.Agent {
	d.Helper()
	rota, err := d.Store.Rota(d.Context())
	if err != nil {
		d.Fatal(err)
	}
	return waiting.AtWork(d.Settings, d.Settings.Mailboxes[0], d.Now(), rota)
}

// pick takes the first, in the order of work, of what lies on an agent's desk.
// It reports whether there was anything.
func (d *theDay) pick(a desk.Agent) bool {
	d.Helper()
	byConv := map[desk.ConversationID]*task{}
	var list []desk.Conversation
	for _, t := range d.tasks {
		if t.by != "" || d.midnight.Add(t.work.at).After(d.Now()) || byConv[t.conv] != nil ||
			d.on(a, t) == "" {
			continue
		}
		c, err := d.Store.Conversation(d.Context(), t.conv)
		if err != nil {
			d.Fatal(err)
		}
		byConv[t.conv] = t
		list = append(list, c)
	}
	if len(list) == 0 {
		return false
	}
	waiting.InOrder(d.Settings, list, d.Now())
	first := byConv[list[0].ID]
	m, single := d.mailOf(a, first)
	if first.work.about != "" {
		d.say("\n# %s", first.work.about)
	}
	d.say("\n%s %s picks %s", d.clock(), a.Name, d.why(list))
	if !single { // it stands in a list: the mail is fetched first
		s := step{who: a.ID, whose: a.ID, does: "replies", body: d.sign(m, first) + "\n"}
		in, told := d.reply(s, m)
		d.arrives(s, told, in)
		if m, single = d.mailOf(a, first); !single {
			box := d.boxes[a.Addresses[0]]
			d.Fatalf("%s asked for the mail of %s and has not got it, but:\n%s", a.Name, first.who,
				box[len(box)-1].Read.PlainText)
		}
	}
	first.by, d.busy[a.ID] = a.ID, d.Now().Add(perPick)
	d.schedule(a, first, m)
	if d.racing {
		d.race(a, first)
	}
	return true
}

// schedule lets an agent do what there is to do, one thing after the other.
func (d *theDay) schedule(a desk.Agent, t *task, m bench.Sent) {
	at := d.Now()
	for _, x := range t.work.turns {
		at = at.Add(x.after)
		j := job{at: at, who: a.ID, task: t, turn: x, mail: m}
		if at.Equal(d.Now()) {
			d.turns(j)
			continue
		}
		d.put(j)
	}
}

func (d *theDay) put(j job) {
	d.later = append(d.later, j)
	slices.SortStableFunc(d.later, func(a, b job) int { return a.at.Compare(b.at) })
}

// turns does one turn.
func (d *theDay) turns(j job) {
	d.Helper()
	s := step{file: j.task.file, line: j.task.line, who: j.who, whose: j.who, does: j.turn.does, what: j.turn.what,
		kind: j.turn.kind, mail: j.turn.mail, body: j.turn.body}
	m := j.mail
	if s.kind != "" {
		m = d.find(s)
	}
	switch s.does {
	case "forwards":
		d.say("\n%s %s forwards %s “%s” to %s", d.clock(), d.names[d.address(s.who)], kindOf(m), m.Read.Subject, s.what)
		for line := range strings.SplitSeq(strings.TrimRight(s.body, "\n"), "\n") {
			d.say("      | %s", line)
		}
		return
	case "taps":
		a, told := d.tap(&s, m)
		d.arrives(s, told, a)
		return
	case "answers":
		s.who = j.turn.who
	}
	a, told := d.reply(s, m)
	d.arrives(s, told, a)
}

// sends reports whether a customer gets something of it.
func (t turn) sends() bool {
	first, _, _ := strings.Cut(t.body, "\n")
	return t.does == "replies" && !slices.ContainsFunc([]string{"#cause", "#ntoe", "#note"}, func(order string) bool {
		return strings.HasPrefix(first, order)
	})
}

// race lets another agent who has the mail too answer it a second later.
func (d *theDay) race(a desk.Agent, t *task) {
	d.Helper()
	for _, b := range d.there() {
		m, single := d.mailOf(b, t)
		if b.ID == a.ID || !single || d.busy[b.ID].After(d.Now()) || !t.work.turns[0].sends() {
			continue
		}
		d.Pass(time.Second)
		s := step{who: b.ID, whose: b.ID, does: "replies", body: "Dear customer,\n\nCONTRARY: it is quite otherwise. " +
			b.PublicName + "\n"}
		in, told := d.reply(s, m)
		d.arrives(s, told, in)
		d.raced++
		d.busy[b.ID] = d.Now().Add(perPick)
		return
	}
}

// why says why the first of those who wait for an agent is first.
func (d *theDay) why(list []desk.Conversation) string {
	said := func(c desk.Conversation) string {
		p, waits := waiting.CaseOf(d.Settings, c, d.Now())
		if !waits {
			return "it is our turn again"
		}
		why := p.Reasons(page.Duration)
		if len(why) == 0 || !strings.Contains(strings.Join(why, " "), "waits") {
			of := ""
			if p.Promised > 0 {
				of = " of " + page.Duration(p.Promised)
			}
			if p.Waited < time.Minute {
				why = append(why, "just came, or waits since before work began")
			} else {
				why = append(why, "waits "+page.Duration(p.Waited)+of)
			}
		}
		return strings.Join(why, ", ")
	}
	text := fmt.Sprintf("%s: %s", d.convs[list[0].ID], said(list[0]))
	if len(list) == 1 {
		return text + "; the only one on the desk."
	}
	text += fmt.Sprintf("; before %s (%s)", d.convs[list[1].ID], said(list[1]))
	if n := len(list) - 2; n > 0 {
		text += fmt.Sprintf(" and %d more", n)
	}
	return text + "."
}

// on is the mail in an agent's mailbox in which what a customer wrote stands; "" is none.
func (d *theDay) on(a desk.Agent, t *task) string {
	m, _ := d.mailOf(a, t)
	return m.Outbox
}

// mailOf is the newest mail to an agent that a task can be done from: the mail itself,
// or a list that has it.
func (d *theDay) mailOf(a desk.Agent, t *task) (found bench.Sent, single bool) {
	reference := "[" + t.conv.Reference() + "]"
	text := beginning(t.body)
	box := d.boxes[a.Addresses[0]]
	for i := len(box) - 1; i >= 0; i-- {
		m := box[i]
		if kindOf(m) != "waits" && kindOf(m) != "morning" {
			continue
		}
		if strings.Contains(m.Read.Subject, reference) && strings.Contains(words(m.Read.PlainText), text) {
			return m, true
		}
		if found.Read == nil && d.sign(m, t) != "" {
			found = m
		}
	}
	return found, false
}

// sign is the letter or the number of a task in a list; "" where it is not in it.
func (d *theDay) sign(m bench.Sent, t *task) string {
	for _, e := range entries(m) {
		if e.name == d.convs[t.conv] && strings.Contains(words(e.text), beginning(t.body)) {
			return e.sign
		}
	}
	return ""
}

// entry is a mail in a list of ours.
type entry struct{ sign, name, text string }

var entryForm = regexp.MustCompile(`(?m)^([A-Z]|\d+)\. ([^,\n]+),.*\n((?: +.*\n?)+)`)

func entries(m bench.Sent) (out []entry) {
	if kindOf(m) != "morning" && !strings.Contains(m.Read.PlainText, "letter fetches") {
		return nil
	}
	for _, found := range entryForm.FindAllStringSubmatch(m.Read.PlainText, -1) {
		out = append(out, entry{found[1], found[2], found[3]})
	}
	return out
}

// beginning is what a mail begins with, as far as a list shows it.
func beginning(s string) string {
	s = words(s)
	return s[:min(24, len(s))]
}

func words(s string) string { return strings.Join(strings.Fields(s), " ") }
