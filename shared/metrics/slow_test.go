package metrics_test

import (
	"slices"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/letters"
)

// slowly counts what a report says by the plainest way there is: each figure by
// itself, from the lives as they were, as far as they were written down by now.
type slowly struct {
	lives []life
	hours desk.Hours
	now   time.Time
}

// events are those of a mailbox that were recorded in the span, in order.
func (s slowly) events(mailbox string, from, to time.Time) (out []desk.Event) {
	for _, l := range s.lives {
		for _, st := range l.steps {
			for _, e := range st.events {
				if e.Mailbox == mailbox && !e.Recorded.Before(from) && e.Recorded.Before(to) &&
					!e.Recorded.After(s.now) {
					out = append(out, e)
				}
			}
		}
	}
	slices.SortStableFunc(out, func(a, b desk.Event) int { return a.Recorded.Compare(b.Recorded) })
	return out
}

func (s slowly) figures(mailbox string, from, to time.Time) desk.Figures {
	f := desk.Figures{Mailbox: mailbox, Exchanges: desk.Spread{}, Contacts: desk.Spread{}}
	ends, wide := map[desk.ConversationID][]desk.Event{}, map[desk.ConversationID][]desk.Event{}
	isEnd := func(e desk.Event) bool {
		return e.Kind == desk.EventSolved || e.Kind == desk.EventReopened || e.Kind == desk.EventArranged &&
			e.Detail == "undo-close"
	}
	for _, e := range s.events(mailbox, from, to) {
		if isEnd(e) {
			ends[e.Conversation] = append(ends[e.Conversation], e)
		}
		if e.Kind == desk.EventOpened {
			f.Opened++
		}
		if e.Kind == desk.EventSuggested {
			f.Offered++
		}
		if e.Kind == desk.EventThanked {
			f.Thanked++
		}
		has := func(kind desk.ReactionKind) bool {
			return slices.ContainsFunc(e.Reactions, func(r desk.Reaction) bool { return r.Kind == kind })
		}
		if has(desk.CameBack) {
			f.CameBack++
		}
		if len(e.Reactions) > 0 && !has(desk.CameBack) {
			f.Answered++
			if s.tied(e.Conversation) && (has(desk.SentAsIs) || has(desk.SentChanged)) {
				f.OnDefect++
			} else if has(desk.SentAsIs) {
				f.AsIs++
			} else if has(desk.SentChanged) {
				f.Changed++
			} else {
				f.Ignored++
			}
		}
	}
	said := map[desk.ConversationID]string{}
	for _, e := range s.events(mailbox, from, to) {
		if e.Kind == desk.EventRated {
			said[e.Conversation] = e.Detail
		}
	}
	for _, word := range said {
		f.Said++
		if word == "solved" {
			f.SaidSolved++
		}
	}
	for _, list := range ends {
		if slices.ContainsFunc(list, func(e desk.Event) bool { return e.Kind == desk.EventReopened }) {
			f.Reopened++
		}
		e := list[len(list)-1]
		if e.Kind != desk.EventSolved {
			continue
		}
		f.Solved++
		f.Exchanges[e.Exchanges]++
		f.Contacts[e.Contacts]++
		if e.Handovers > 0 {
			f.HandedOver++
		}
		if e.Answers == 1 && e.Reopened == 0 {
			f.SolvedAtFirst++
		}
	}
	const sevenDays = 7 * 24 * time.Hour
	for _, e := range s.events(mailbox, from.Add(-sevenDays), to) {
		if isEnd(e) && !(e.Kind == desk.EventSolved && !e.Recorded.Before(to.Add(-sevenDays))) {
			wide[e.Conversation] = append(wide[e.Conversation], e)
		}
	}
	for _, list := range wide {
		for i, e := range list {
			switch {
			case e.Kind != desk.EventSolved:
			case i+1 == len(list):
				f.Watched++
			case list[i+1].Kind == desk.EventReopened:
				f.Watched++
				if !list[i+1].Occurred.After(e.Occurred.Add(sevenDays)) {
					f.Returned++
				}
			}
		}
	}
	return f
}

// tied reports whether a conversation that is written down by now is tied to the cause.
func (s slowly) tied(id desk.ConversationID) bool {
	return slices.ContainsFunc(s.lives, func(l life) bool {
		first := l.steps[0]
		return first.after.ID == id && first.after.Tied.Cause != "" && !first.recorded.After(s.now)
	})
}

// fates are the customers of whom something is known, for whom it went wrong in the two spans and
// who were glad since in the second one, or not at all.
func (s slowly) fates(mailbox string, before, from, to time.Time) (risk, won map[string]bool) {
	risk, won = map[string]bool{}, map[string]bool{}
	for _, l := range s.lives {
		first := l.steps[0].after
		if first.Worth.Potential == 0 && first.Worth.Revenue == 0 || first.Mailbox != mailbox {
			continue
		}
		sum, bad, glad := 0, time.Time{}, time.Time{}
		events := (slowly{[]life{l}, s.hours, s.now}).events(mailbox, before, to)
		isGlad := func(e desk.Event) bool {
			return e.Kind == desk.EventThanked || e.Kind == desk.EventRated && e.Detail == "solved"
		}
		for _, e := range events {
			of := func(o desk.Event) bool { return isGlad(o) && o.Recorded.Equal(e.Recorded) }
			if slices.ContainsFunc(events, of) {
				sum, glad = 0, e.Recorded // the whole mail, in whatever order its events stand
				continue
			}
			n := 0
			switch {
			case e.Kind == desk.EventRated && e.Detail == "not-yet":
				n = 3
			case e.Kind == desk.EventReopened:
				n = 2
			case e.Kind == desk.EventReceived && e.Contacts > e.Exchanges+1:
				n = 1
			case e.Kind == desk.EventAnswered && e.Answers == 1 && e.FirstWait >= 72*time.Hour:
				n = 2
			case e.Kind == desk.EventSolved && e.Answers == 0 && e.Contacts > 1:
				n = 2
			}
			if len(e.Reactions) > 0 && e.Reactions[0].Kind == desk.CameBack {
				n += 2
			}
			if sum += n; n > 0 && sum >= 2 {
				bad = e.Recorded
			}
		}
		for _, w := range l.waits {
			known := s.written(l, w.since) && (w.until.IsZero() || w.until.After(s.now) || !s.written(l, w.until))
			if known && s.now.Sub(w.since) >= 72*time.Hour {
				bad = s.now
			}
		}
		switch address := first.Customer.Address; {
		case !bad.IsZero() && !glad.After(bad):
			risk[address] = true
		case !bad.IsZero() && !glad.Before(from):
			won[address] = true
		}
	}
	return risk, won
}

// slowWait is how long somebody was seen to wait for a first answer.
type slowWait struct {
	entry, exit time.Duration
	over        bool
}

func (s slowly) firstWaits(mailbox string, from, to time.Time) (out []slowWait) {
	for _, l := range s.lives {
		var opened, answered, closed, reopened time.Time
		for _, st := range l.steps {
			for _, e := range st.events {
				if e.Mailbox != mailbox || e.Recorded.After(s.now) {
					continue
				}
				switch {
				case e.Kind == desk.EventOpened:
					opened = e.Occurred
				case e.Kind == desk.EventAnswered && e.Answers == 1:
					answered = e.Occurred
				case e.Kind == desk.EventSolved && e.Answers == 0:
					closed = e.Occurred
				case e.Kind == desk.EventReopened && e.Answers == 0:
					reopened = e.Occurred
				}
			}
		}
		ms := func(t *time.Time) { *t = t.Truncate(time.Millisecond) }
		ms(&opened)
		ms(&answered)
		ms(&closed)
		ms(&reopened)
		if opened.IsZero() || !opened.Before(to) {
			continue
		}
		end, over := to, false
		if !answered.IsZero() && answered.Before(to) {
			end, over = answered, true
		} else if !closed.IsZero() && closed.Before(to) &&
			(reopened.IsZero() || reopened.Before(closed) || !reopened.Before(to)) {
			end = closed
		}
		if end.Before(from) {
			continue
		}
		w := slowWait{exit: s.working(opened, end), over: over}
		if opened.Before(from) {
			w.entry = s.working(opened, from)
		}
		if w.exit > w.entry || w.exit == w.entry && w.over {
			out = append(out, w)
		}
	}
	return out
}

// working is how much working time lies between two moments, shift by shift.
func (s slowly) working(from, to time.Time) (sum time.Duration) {
	zone, _ := time.LoadLocation(s.hours.Zone)
	d := from.In(zone)
	for date := time.Date(d.Year(), d.Month(), d.Day(), 0, 0, 0, 0, zone); date.Before(to); date = time.Date(
		date.Year(), date.Month(), date.Day()+1, 0, 0, 0, 0, zone) {
		for _, shift := range s.hours.Week[date.Weekday()] {
			a := time.Date(date.Year(), date.Month(), date.Day(), 0, shift.From, 0, 0, zone)
			b := time.Date(date.Year(), date.Month(), date.Day(), 0, shift.To, 0, 0, zone)
			if a.Before(from) {
				a = from
			}
			if b.After(to) {
				b = to
			}
			if b.After(a) {
				sum += b.Sub(a)
			}
		}
	}
	return sum
}

// within is Kaplan and Meier's time by which the share has its answer: at each moment
// at which somebody got one, who is there is counted anew. Where more are still to
// come in than are there, or none would be left, the curve does not fall.
func within(waits []slowWait, share float64) (time.Duration, bool) {
	var moments []time.Duration
	for _, w := range waits {
		if w.over {
			moments = append(moments, w.exit)
		}
	}
	slices.Sort(moments)
	left := 1.0
	for _, m := range slices.Compact(moments) {
		there, ends, later := 0, 0, 0
		for _, w := range waits {
			switch came := w.entry < m || m == 0 && w.entry == 0 || w.entry == m && w.exit == m; {
			case !came:
				later++
			case w.exit >= m:
				there++
				if w.exit == m && w.over {
					ends++
				}
			}
		}
		if there < later || there == ends && later > 0 {
			continue
		}
		left *= 1 - float64(ends)/float64(there)
		if left <= 1-share+1e-12 {
			return m, true
		}
	}
	return 0, false
}

func (s slowly) waiting(mailbox string, at time.Time) (out letters.Waiting) {
	for _, l := range s.lives {
		known := slices.ContainsFunc(l.steps, func(st step) bool { return !st.recorded.After(s.now) })
		if !known || l.steps[0].after.Mailbox != mailbox {
			continue
		}
		for _, w := range l.waits {
			since, until := w.since.Truncate(time.Millisecond), w.until.Truncate(time.Millisecond)
			if s.written(l, w.since) && !since.After(at) &&
				(w.until.IsZero() || until.After(at) || !s.written(l, w.until)) {
				out.Customers++
				if out.Since.IsZero() || w.since.Before(out.Since) {
					out.Since = w.since
				}
			}
		}
	}
	return out
}

// written reports whether what happened at the moment is written down by now.
func (s slowly) written(l life, occurred time.Time) bool {
	for _, st := range l.steps {
		for _, e := range st.events {
			if e.Occurred.Equal(occurred) {
				return !e.Recorded.After(s.now)
			}
		}
	}
	return false
}

func sameTime(a, b time.Time) bool {
	return a.Truncate(time.Millisecond).Equal(b.Truncate(time.Millisecond))
}
