package day_test

import (
	"fmt"
	"slices"
	"sort"
	"strings"
	"time"

	"github.com/replywell/replywell/shared/bench"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/waiting"
)

// seen keeps which conversations a mail to an agent shows.
func (d *theDay) seen(address string, m bench.Sent) {
	agent, ok := d.World.Settings.AgentAt(address)
	if !ok {
		return
	}
	show := func(id desk.ConversationID) {
		if d.shown[id] == nil {
			d.shown[id] = map[string]time.Time{}
		}
		d.shown[id][agent.ID] = d.Now()
		if strings.Contains(words(m.Read.PlainText), "the one reminder") {
			d.minded[id] = d.Now()
		}
	}
	list := entries(m)
	for id, name := range d.convs {
		if strings.Contains(m.Read.Subject, "["+id.Reference()+"]") ||
			slices.ContainsFunc(list, func(e entry) bool { return e.name == name }) {
			show(id)
		}
	}
}

// within is how long after it came, in working time, what a customer waits for may stand in
// no mail: many at once come in one mail at the end of ten minutes.
const within = 12 * time.Minute

// look holds each minute of the day to what is promised: whoever waits stands in a mail to
// somebody who is at work, and no promise is broken without a reminder before.
func (d *theDay) look() {
	d.Helper()
	there := d.there()
	if len(there) == 0 {
		return
	}
	err := d.Store.Waiting(d.Context(), func(c desk.Conversation) error {
		d.released(c)
		since, _ := c.Waits()
		if d.first[c.ID].Before(since) || d.Post.Refuse != nil { // while no mail leaves nobody can be told
			d.first[c.ID] = d.Now()
		}
		p, promised := waiting.PromiseOf(d.World.Settings, c)
		if promised && p.Late(d.Now()) && !d.minded[c.ID].After(since) {
			d.Errorf("%s: the promise to %s is broken, and nobody was reminded", d.clock(), d.convs[c.ID])
			d.minded[c.ID] = d.Now()
		}
		opened := d.midnight.Add(8 * time.Hour)
		if d.hidden[c.ID] || d.Now().Sub(opened) < within || d.Now().Sub(d.first[c.ID]) < within {
			return nil
		}
		if d.gone[c.ID].IsZero() {
			if slices.ContainsFunc(there, func(a desk.Agent) bool { return !d.shown[c.ID][a.ID].IsZero() }) {
				return nil
			}
			d.gone[c.ID] = d.Now()
		}
		if d.Now().Sub(d.gone[c.ID]) > within {
			d.Errorf("%s: %s waits since %s, and nobody at work was told", d.clock(), d.convs[c.ID],
				since.Format("15:04"))
			d.hidden[c.ID] = true
		}
		if slices.ContainsFunc(there, func(a desk.Agent) bool { return !d.shown[c.ID][a.ID].IsZero() }) {
			delete(d.gone, c.ID)
		}
		return nil
	})
	if err != nil {
		d.Fatal(err)
	}
}

// released looks whether it is of a mail that was held.
func (d *theDay) released(c desk.Conversation) {
	for i, s := range d.held {
		if d.address(s.who) == c.Customer.Address {
			d.came(s, desk.Inbound{Conversation: c.ID})
			for _, a := range d.World.Settings.Agents {
				for _, m := range d.boxes[a.Addresses[0]] {
					d.seen(a.Addresses[0], m)
				}
			}
			d.held = slices.Delete(d.held, i, i+1)
			return
		}
	}
}

// inside is what stands in no mail to anybody outside.
var inside = []string{"team.lantern.example", "#note", "#ntoe", "#send", "#undo", "Team only", "Reply above",
	"INTERNAL", "CONTRARY"}

// end counts what everybody got, and looks at what customers got.
func (d *theDay) end() {
	d.Helper()
	d.quiet = nil
	d.say("\nWhat each of them got that day:")
	for _, a := range d.World.Settings.Agents {
		box := d.boxes[a.Addresses[0]]
		kinds := map[string]int{}
		for _, m := range box {
			kinds[kindOf(m)]++
		}
		var parts []string
		for k, n := range kinds {
			parts = append(parts, fmt.Sprintf("%s %d", k, n))
		}
		sort.Strings(parts)
		d.say("   %s: %d mails (%s)", a.Name, len(box), strings.Join(parts, ", "))
		if d.most > 0 && len(box) > d.most {
			d.Errorf("%s had %d mails, want %d at most", a.Name, len(box), d.most)
		}
	}
	customers, answers := 0, 0
	for address, box := range d.boxes {
		if _, agent := d.World.Settings.AgentAt(address); agent {
			continue
		}
		customers++
		seen := map[string]bool{}
		for _, m := range box {
			if kindOf(m) == "answer" {
				answers++
			}
			if seen[m.Outbox] {
				d.Errorf("%s got a mail twice: %s", address, m.Read.PlainText)
			}
			seen[m.Outbox] = true
			for _, w := range inside {
				if strings.Contains(m.Read.PlainText+m.Read.HTML, w) {
					d.Errorf("%s reads %q:\n%s", address, w, m.Read.PlainText)
				}
			}
		}
	}
	d.say("   %d people outside: %d answers", customers, answers)
	d.answered()
	d.tomorrow()
}

// answered looks whether everybody got what was written for them, once.
func (d *theDay) answered() {
	d.Helper()
	want := map[string]int{}
	for _, s := range d.waits {
		d.Errorf("%s, line %d: %s has no mail with %q to reply to", s.file, s.line, s.who, s.mail)
	}
	for _, t := range d.tasks {
		switch {
		case t.by != "":
			want[d.address(t.who)] += t.work.answers
		case t.came.Before(d.midnight.Add(evening)):
			d.Errorf("nobody picked what %s wrote at %s", t.who, t.came.Format("15:04"))
		}
	}
	for address, n := range want {
		got := 0
		for _, m := range d.boxes[address] {
			if kindOf(m) == "answer" {
				got++
			}
		}
		if got != n {
			d.Errorf("%s has %d answers, want %d", d.names[address], got, n)
		}
	}
}

// evening is from when on what comes may wait for the next day.
const evening = 16*time.Hour + 15*time.Minute

// tomorrow says who waits still.
func (d *theDay) tomorrow() {
	d.Helper()
	var lines []string
	err := d.Store.Waiting(d.Context(), func(c desk.Conversation) error {
		since, _ := c.Waits()
		whose := "nobody"
		if a, ok := d.World.Settings.Agent(c.Owner); ok {
			whose = a.Name
		}
		lines = append(lines, fmt.Sprintf("   %s, since %s, for %s", d.convs[c.ID], since.Format("15:04"), whose))
		return nil
	})
	if err != nil {
		d.Fatal(err)
	}
	slices.Sort(lines)
	d.say("\nWho waits for tomorrow:\n%s", strings.Join(lines, "\n"))
}
