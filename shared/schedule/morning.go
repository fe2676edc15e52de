package schedule

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/replywell/replywell/shared/calendar"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/page"
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
	absent desk.Absence // that is over, and of which they were not told; the zero value is none
}

// mornings are the agents whose working day begins now and who were not told yet.
func (r *run) mornings(ctx context.Context) (out []morning, err error) {
	for _, a := range r.settings.Agents {
		if _, away := r.rota.At(a.ID, r.now); away {
			continue
		}
		m, ok := r.begins(a)
		m.absent, _ = r.rota.Over(a.ID, r.now)
		if m.absent.Agent != "" && !r.hasMornings(m) { // then told at once
			m, ok = r.returns(m), len(m.boxes) > 0
		}
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

// hasMornings reports whether the agent gets a mail when a working day begins.
func (r *run) hasMornings(m morning) bool {
	if r.settings.Morning.Off || len(m.boxes) == 0 {
		return false
	}
	return r.settings.Morning.At > 0 || !waiting.HoursOf(r.settings, m.agent, m.boxes[0]).RoundTheClock()
}

// returns is the mail to one who is back and gets none in the morning.
func (r *run) returns(m morning) morning {
	m.begins, m.before, m.ends = r.now, m.absent.From, r.now.Add(24*time.Hour)
	m.id = desk.DerivedID("back", m.agent.ID, m.absent.From.UTC().Format(time.RFC3339Nano))
	return m
}

// begins gives the agent's working day, if it began just now.
func (r *run) begins(a desk.Agent) (m morning, ok bool) {
	m.agent = a
	for _, mb := range r.settings.Mailboxes {
		if slices.Contains(mb.Agents, a.ID) {
			m.boxes = append(m.boxes, mb)
		}
	}
	if len(m.boxes) == 0 || r.settings.Morning.Off {
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
	if said.Mine+said.All+len(said.Thanks)+len(said.Moved) == 0 && (said.Lead == nil || said.Lead.Held+said.Lead.Late+said.Lead.Free == 0) {
		r.told[m.agent.ID] = m.id // nothing to say is not said
		return r.forget(ctx, m)
	}
	ready, q, err := r.Writer(r.settings).Morning(m.id, m.agent, m.boxes[0], said)
	if err != nil {
		return err
	}
	recorder := r.Recorder()
	err = recorder.Commit(ctx, &store.Change{Confirmations: []*desk.Confirmation{q}}, []letters.Ready{ready}, r.now, desk.Occasion("morning", m.id))
	if err == nil {
		r.done.Mornings++
	}
	if err == nil || errors.Is(err, store.ErrConflict) { // another run was faster
		r.told[m.agent.ID] = m.id
		return r.forget(ctx, m)
	}
	return err
}

// forget drops an absence of which its agent has been told.
func (r *run) forget(ctx context.Context, m morning) error {
	if m.absent.Agent == "" {
		return nil
	}
	rota, err := r.Store.Rota(ctx)
	if err != nil {
		return fmt.Errorf("reading who is away: %w", err)
	}
	if !rota.Told(m.agent.ID, r.now) {
		return nil
	}
	if err = r.Store.Commit(ctx, &store.Change{Rota: &rota}); errors.Is(err, store.ErrConflict) {
		return nil // the next mail tells it again
	}
	return err
}

// movedBack bounds how far back it is looked what moved while an agent was away.
const movedBack = 35

// moved reads what went to colleagues while the agent was away.
func (r *run) moved(ctx context.Context, m morning) (out []letters.MorningMoved, err error) {
	from, seen := m.absent.From, map[desk.ConversationID]bool{}
	if earliest := r.now.AddDate(0, 0, -movedBack); from.Before(earliest) {
		from = earliest
	}
	var events []desk.Event
	last := r.now.UTC().Format(time.DateOnly)
	for day := from.UTC(); day.Format(time.DateOnly) <= last; day = day.AddDate(0, 0, 1) {
		err = r.Store.Events(ctx, day, func(e desk.Event) error {
			if e.Kind == desk.EventHandedOn && e.Agent == m.agent.ID && !e.Occurred.Before(from) && !seen[e.Conversation] {
				seen[e.Conversation] = true
				events = append(events, e)
			}
			return nil
		})
		if err != nil {
			return nil, fmt.Errorf("reading what moved: %w", err)
		}
	}
	slices.SortFunc(events, func(a, b desk.Event) int { return cmp.Or(a.Occurred.Compare(b.Occurred), cmp.Compare(a.ID, b.ID)) })
	for _, e := range events {
		c, err := r.Store.Conversation(ctx, e.Conversation)
		if errors.Is(err, store.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		out = append(out, letters.MorningMoved{Conversation: c})
	}
	return out, nil
}

// say gathers what one agent is told: who waits, in which order, what was since the
// working day before, and to a lead what the team needs.
func (r *run) say(ctx context.Context, m morning, all []desk.Conversation) (said letters.Morning, err error) {
	mine, free := m.concern(r.settings, all, r.now)
	said.Mine, said.All = len(mine), len(free)
	if len(mine) > 0 {
		for _, c := range mine {
			if since, _ := c.Waits(); said.Longest.IsZero() || since.Before(said.Longest) {
				said.Longest = since
			}
		}
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
	if first := append(slices.Clip(due), then...); len(first) > 1 {
		said.First = r.why(first)
	}
	if err = r.past(ctx, m, &said); err != nil {
		return said, err
	}
	if said.Away = m.absent.From; m.absent.Agent != "" {
		if said.Moved, err = r.moved(ctx, m); err != nil {
			return said, err
		}
	}
	if slices.ContainsFunc(r.settings.Leads(), func(a desk.Agent) bool { return a.ID == m.agent.ID }) {
		said.Lead, err = r.needs(ctx, all)
	}
	return said, err
}

// why says why the first of those who wait is first.
func (r *run) why(list []desk.Conversation) string {
	p, _ := waiting.CaseOf(r.settings, list[0], r.now)
	if why := p.Reasons(page.Duration); len(why) > 0 {
		return strings.Join(why, ", ")
	}
	return "more of its time has passed than of any other’s"
}

// concern gives of those who wait who are the agent's and who are nobody's, each with
// whoever waits longest first. What is put off beyond today is neither.
func (m morning) concern(settings *desk.Settings, all []desk.Conversation, at time.Time) (mine, free []desk.Conversation) {
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
	waiting.InOrder(settings, mine, at)
	waiting.InOrder(settings, free, at)
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
	return due, then
}

// away names who is away.
func (r *run) away() (out []string) {
	for _, a := range r.settings.Agents {
		x, away := r.rota.At(a.ID, r.now)
		switch {
		case away && !x.Until.IsZero():
			out = append(out, a.Name+" until "+x.Until.In(r.settings.ZoneOf(a)).Format("Mon 2 Jan"))
		case away:
			out = append(out, a.Name)
		}
	}
	return out
}

// needs is what a lead is told of the whole team.
func (r *run) needs(ctx context.Context, all []desk.Conversation) (*letters.MorningLead, error) {
	lead := letters.MorningLead{Wait: len(all), Away: r.away()}
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
