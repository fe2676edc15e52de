package schedule

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/replywell/replywell/shared/calendar"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/letters"
	"github.com/replywell/replywell/shared/store"
	"github.com/replywell/replywell/shared/waiting"
)

const (
	// morningFor is how long after the beginning of a working day its mail is still
	// sent, should this not have run before.
	morningFor = 4 * time.Hour
	// lookedBack bounds the days of which thanks are told, after a long absence.
	lookedBack = 4
	heldLooked = 200
)

// morning is one agent's mail that is to be written now.
type morning struct {
	agent  desk.Agent
	boxes  []desk.Mailbox // that the agent answers
	begins time.Time      // the working day
	before time.Time      // the one before
	ends   time.Time      // of the calendar day
	id     string
}

// mornings are the agents whose working day begins now and who were not told yet.
func (r *run) mornings(ctx context.Context) (out []morning, err error) {
	if r.settings.Morning.Off {
		return nil, nil
	}
	for _, a := range r.settings.Agents {
		m, ok := r.begins(a)
		if !ok || r.told[a.ID] == m.id {
			continue
		}
		if _, err = r.Store.Outbox(ctx, m.id); err == nil {
			r.told[a.ID] = m.id
			continue
		} else if !errors.Is(err, store.ErrNotFound) {
			return nil, fmt.Errorf("asking whether %s was told in the morning: %w", a.ID, err)
		}
		out = append(out, m)
	}
	return out, nil
}

// begins gives the agent's working day, if it began just now.
func (r *run) begins(a desk.Agent) (m morning, ok bool) {
	m.agent = a
	for _, mb := range r.settings.Mailboxes {
		if slices.Contains(mb.Agents, a.ID) {
			m.boxes = append(m.boxes, mb)
		}
	}
	if len(m.boxes) == 0 {
		return m, false
	}
	h := waiting.HoursOf(r.settings, a, m.boxes[0])
	day := r.now.In(r.settings.ZoneOf(a))
	if !h.RoundTheClock() {
		day = r.now.In(h.Zone())
	}
	midnight := time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, day.Location())
	m.ends = time.Date(day.Year(), day.Month(), day.Day()+1, 0, 0, 0, 0, day.Location())
	if m.begins, m.before, ok = dayOf(h, midnight, m.ends, r.settings.Morning.At); !ok {
		return m, false
	}
	m.id = desk.DerivedID("morning", a.ID, midnight.Format(time.DateOnly))
	return m, !r.now.Before(m.begins) && r.now.Sub(m.begins) < morningFor
}

// dayOf gives when work begins on a day, and when it began on the working day before.
func dayOf(h *calendar.Hours, midnight, ends time.Time, at int) (begins, before time.Time, ok bool) {
	if h.RoundTheClock() {
		if at == 0 {
			return begins, before, false
		}
		y, m, d := midnight.Date()
		return time.Date(y, m, d, 0, at, 0, 0, midnight.Location()), time.Date(y, m, d-1, 0, at, 0, 0, midnight.Location()), true
	}
	if begins, _, ok = h.Shift(midnight); !ok || !begins.Before(ends) {
		return begins, before, false
	}
	y, m, d := midnight.Date()
	for n := 1; n <= 14; n++ {
		day := time.Date(y, m, d-n, 0, 0, 0, 0, midnight.Location())
		if from, _, ok := h.Shift(day); ok && from.Before(time.Date(y, m, d-n+1, 0, 0, 0, 0, midnight.Location())) {
			return begins, from, true
		}
	}
	return begins, midnight.AddDate(0, 0, -1), true
}

// post writes one agent's morning mail, where there is anything to say.
func (r *run) post(ctx context.Context, m morning, all []desk.Conversation) error {
	said, err := r.say(ctx, m, all)
	if err != nil {
		return err
	}
	if said.Mine+said.All+len(said.Thanks) == 0 && (said.Lead == nil || said.Lead.Held+said.Lead.Late+said.Lead.Free == 0) {
		r.told[m.agent.ID] = m.id // nothing to say is not said
		return nil
	}
	ready, q, err := r.Writer(r.settings).Morning(m.id, m.agent, m.boxes[0], said)
	if err != nil {
		return err
	}
	recorder := r.Recorder()
	err = recorder.Commit(ctx, &store.Change{Confirmations: []*desk.Confirmation{q}}, []letters.Ready{ready}, r.now, "morning "+m.id)
	if err == nil {
		r.done.Mornings++
	}
	if err == nil || errors.Is(err, store.ErrConflict) { // another run was faster
		r.told[m.agent.ID] = m.id
		return nil
	}
	return err
}

// say gathers what one agent is told: who waits, in which order, what was since the
// working day before, and to a lead what the team needs.
func (r *run) say(ctx context.Context, m morning, all []desk.Conversation) (said letters.Morning, err error) {
	mine, free := m.concern(r.settings, all)
	said.Mine, said.All = len(mine), len(free)
	if len(mine) > 0 {
		said.Longest, _ = mine[0].Waits()
	}
	due, then := m.today(r.settings, mine)
	said.Today = len(due)
	due = due[:min(len(due), letters.MaxMorningMine)]
	then = then[:min(len(then), letters.MaxMorningMine-len(due))]
	free = free[:min(len(free), letters.MaxMorningFree)]
	for _, x := range []struct {
		from []desk.Conversation
		to   *[]letters.MorningEntry
	}{{due, &said.Due}, {then, &said.Then}, {free, &said.Free}} {
		if *x.to, err = r.entries(ctx, x.from); err != nil {
			return said, err
		}
	}
	if len(said.Due) > 1 {
		said.First = "its time ends next"
		if said.Due[0].Due.Before(r.now) {
			said.First = "its time is over the longest"
		}
	}
	if err = r.past(ctx, m, &said); err != nil {
		return said, err
	}
	if slices.ContainsFunc(r.settings.Leads(), func(a desk.Agent) bool { return a.ID == m.agent.ID }) {
		said.Lead, err = r.needs(ctx, all)
	}
	return said, err
}

// concern gives of those who wait who are the agent's and who are nobody's, each with
// whoever waits longest first. What is put off beyond today is neither.
func (m morning) concern(settings *desk.Settings, all []desk.Conversation) (mine, free []desk.Conversation) {
	for _, c := range all {
		if !slices.ContainsFunc(m.boxes, func(mb desk.Mailbox) bool { return mb.ID == c.Mailbox }) {
			continue
		}
		if p, promised := waiting.PromiseOf(settings, c); !c.Snoozed.Until.IsZero() && !(promised && p.Due.Before(m.ends)) {
			continue
		}
		nobodys, alone := unowned(settings, c)
		switch {
		case c.Owner == m.agent.ID, nobodys && alone:
			mine = append(mine, c)
		case nobodys:
			free = append(free, c)
		}
	}
	order := func(a, b desk.Conversation) int {
		since, _ := a.Waits()
		other, _ := b.Waits()
		return cmp.Or(since.Compare(other), cmp.Compare(a.ID, b.ID))
	}
	slices.SortFunc(mine, order)
	slices.SortFunc(free, order)
	return mine, free
}

// unowned reports whether a conversation is nobody's who answers its mailbox, and
// whether one person answers that alone.
func unowned(settings *desk.Settings, c desk.Conversation) (nobodys, alone bool) {
	mb, _ := settings.Mailbox(c.Mailbox)
	return !slices.Contains(mb.Agents, c.Owner), len(mb.Agents) < 2
}

// today parts those whose time ends today, whose ends first before the others, from the rest.
func (m morning) today(settings *desk.Settings, mine []desk.Conversation) (due, then []desk.Conversation) {
	for _, c := range mine {
		if p, ok := waiting.PromiseOf(settings, c); ok && p.Due.Before(m.ends) {
			due = append(due, c)
		} else {
			then = append(then, c)
		}
	}
	slices.SortStableFunc(due, func(a, b desk.Conversation) int {
		p, _ := waiting.PromiseOf(settings, a)
		q, _ := waiting.PromiseOf(settings, b)
		return p.Due.Compare(q.Due)
	})
	return due, then
}

// needs is what a lead is told of the whole team.
func (r *run) needs(ctx context.Context, all []desk.Conversation) (*letters.MorningLead, error) {
	lead := letters.MorningLead{Wait: len(all)}
	for _, c := range all {
		if p, promised := waiting.PromiseOf(r.settings, c); promised && p.Late(r.now) {
			lead.Late++
		}
		nobodys, alone := unowned(r.settings, c)
		if nobodys && !alone {
			lead.Free++
		}
	}
	held, err := r.Store.Held(ctx, heldLooked)
	if err != nil {
		return nil, fmt.Errorf("reading what is held: %w", err)
	}
	held = slices.DeleteFunc(held, func(in desk.Inbound) bool { return !in.KeptUntil.IsZero() && in.KeptUntil.Before(r.now) })
	lead.Held = len(desk.SortHeld(held, time.Time{}, false, func(string) int { return 0 }).Decide)
	return &lead, nil
}

// entries read what the customers of conversations said last.
func (r *run) entries(ctx context.Context, list []desk.Conversation) (out []letters.MorningEntry, err error) {
	for _, c := range list {
		msg, _, ok, err := r.said(ctx, c)
		if err != nil {
			return nil, err
		}
		if !ok {
			continue
		}
		e := letters.MorningEntry{Conversation: c, Message: msg}
		e.Since, _ = c.Waits()
		if p, promised := waiting.PromiseOf(r.settings, c); promised {
			e.Due = p.Due
		}
		out = append(out, e)
	}
	return out, nil
}

// past reads what came since the agent's last working day began: who said thank you to
// the agent, and how many customers the others answered.
func (r *run) past(ctx context.Context, m morning, said *letters.Morning) error {
	from := m.before
	if earliest := r.now.AddDate(0, 0, -lookedBack); from.Before(earliest) {
		from = earliest
	}
	said.Since = from
	answered, thanked := map[desk.ConversationID]bool{}, []desk.Event{}
	own := map[desk.ConversationID]bool{}
	last := r.now.UTC().Format(time.DateOnly)
	for day := from.UTC(); day.Format(time.DateOnly) <= last; day = day.AddDate(0, 0, 1) {
		err := r.Store.Events(ctx, day, func(e desk.Event) error {
			if e.Occurred.Before(from) || !slices.ContainsFunc(m.boxes, func(mb desk.Mailbox) bool { return mb.ID == e.Mailbox }) {
				return nil
			}
			switch {
			case e.Kind == desk.EventAnswered && e.Agent == m.agent.ID:
				own[e.Conversation] = true
			case e.Kind == desk.EventAnswered:
				answered[e.Conversation] = true
			case e.Kind == desk.EventThanked:
				thanked = append(thanked, e)
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("reading what was done: %w", err)
		}
	}
	for id := range answered {
		if !own[id] {
			said.Answered++
		}
	}
	slices.SortFunc(thanked, func(a, b desk.Event) int { return cmp.Or(a.Occurred.Compare(b.Occurred), cmp.Compare(a.ID, b.ID)) })
	for _, e := range thanked {
		if len(said.Thanks) == letters.MaxMorningThank {
			break
		}
		c, err := r.Store.Conversation(ctx, e.Conversation)
		if errors.Is(err, store.ErrNotFound) || err == nil && c.Owner != m.agent.ID {
			continue
		}
		if err != nil {
			return err
		}
		list, err := r.Store.Messages(ctx, e.Conversation, e.Sequence, 1)
		if err != nil {
			return err
		}
		if len(list) > 0 && list[0].Thanks {
			said.Thanks = append(said.Thanks, list[0])
		}
	}
	return nil
}
