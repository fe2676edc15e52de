package metrics

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/letters"
	"github.com/replywell/replywell/shared/measure"
	"github.com/replywell/replywell/shared/store"
)

const (
	// longWait is how long somebody waits who has a bad time by that alone: the longest
	// weekend is shorter.
	longWait = 72 * time.Hour
	// weighed bounds the conversations of which the customers are looked up, the largest
	// first; shownCustomers, those that a report names.
	weighed, shownCustomers = 100, 5
)

// fate is how it went for a customer of whom the team says something, in one conversation.
// Times are in milliseconds since 1970; 0 is none.
type fate struct {
	trouble            int
	bad, glad          int64 // when it last went wrong, and when they last were glad
	potential, revenue float64
	why                letters.Trouble
	// The moment of the last trouble, and what bad and why were before it: a mail has several
	// events, and where one of them is glad, the others are no trouble, in whichever order they come.
	moment, badBefore int64
	whyBefore         letters.Trouble
}

// fates are those of a mailbox in a span and the time before it.
type fates struct {
	before, from, to time.Time
	boxes            map[string]map[uint64]fate
}

func newFates(before, from, to time.Time) *fates {
	return &fates{before, from, to, map[string]map[uint64]fate{}}
}

// badTime is how much an event says that it went wrong, and how. What is said in words is
// not weighed; see trouble.
func badTime(e desk.Event) (n int, why letters.Trouble) {
	switch {
	case e.Kind == desk.EventRated && desk.Rated(e.Detail) == desk.RatedNotYet:
		return 3, letters.TroubleSaidNot
	case e.Kind == desk.EventReopened:
		return trouble(e), letters.TroubleCameBack
	case e.Kind == desk.EventBounced:
		return 2, letters.TroubleBounced
	case e.Kind == desk.EventAnswered && e.Answers == 1 && e.FirstWait >= longWait:
		return 2, letters.TroubleLongWait
	case e.Kind == desk.EventSolved && e.Answers == 0 && e.Contacts > 1:
		return 2, letters.TroubleUnanswered
	}
	return trouble(e), letters.TroubleAskedAgain
}

// add takes in an event, in the order in which they were recorded.
func (f *fates) add(e desk.Event) {
	if e.Potential <= 0 && e.Revenue <= 0 || e.Recorded.Before(f.before) || !e.Recorded.Before(f.to) {
		return
	}
	n, why := badTime(e)
	glad := e.Kind == desk.EventThanked || e.Kind == desk.EventRated && desk.Rated(e.Detail) == desk.RatedSolved
	if n == 0 && !glad {
		return
	}
	box, id := f.of(e.Mailbox), e.Conversation.Number()
	if id>>63 != 0 { // an id of another kind, which cannot be told by its number
		return
	}
	x := box[id]
	x.potential, x.revenue = e.Potential, e.Revenue
	switch now := ms(e.Recorded); {
	case glad:
		if x.moment == now {
			x.bad, x.why = x.badBefore, x.whyBefore
		}
		x.glad, x.trouble = now, 0 // what was before is made up for
	case x.glad != now:
		if x.moment != now {
			x.moment, x.badBefore, x.whyBefore = now, x.bad, x.why
		}
		if x.trouble += n; x.trouble >= leastTrouble {
			x.bad = now
		}
		x.why = max(x.why, why)
	}
	box[id] = x
}

func (f *fates) of(mailbox string) map[uint64]fate {
	if f.boxes[mailbox] == nil {
		f.boxes[mailbox] = map[uint64]fate{}
	}
	return f.boxes[mailbox]
}

// waits takes in a customer who waits as the report is made.
func (f *fates) waits(c desk.Conversation, since, now time.Time) {
	if c.Worth.Potential <= 0 && c.Worth.Revenue <= 0 || now.Sub(since) < longWait {
		return
	}
	box, id := f.of(c.Mailbox), c.ID.Number()
	x := box[id]
	x.potential, x.revenue, x.trouble = c.Worth.Potential, c.Worth.Revenue, max(x.trouble, leastTrouble)
	x.bad, x.why = ms(now), max(x.why, letters.TroubleLongWait)
	box[id] = x
}

// atRisk and won are the conversations of a mailbox, those with the most potential first.
func (f *fates) atRisk(mailbox string) []uint64 {
	return ranked(f.boxes[mailbox], func(x fate) bool { return x.bad > 0 && x.bad >= x.glad })
}

func (f *fates) won(mailbox string) []uint64 {
	from := ms(f.from)
	return ranked(f.boxes[mailbox], func(x fate) bool { return x.bad > 0 && x.glad > x.bad && x.glad >= from })
}

func ranked(box map[uint64]fate, which func(fate) bool) (ids []uint64) {
	for id, x := range box {
		if which(x) {
			ids = append(ids, id)
		}
	}
	slices.SortFunc(ids, func(a, b uint64) int {
		x, y := box[a], box[b]
		return cmp.Or(cmp.Compare(y.potential, x.potential), cmp.Compare(y.revenue, x.revenue), cmp.Compare(a, b))
	})
	return ids
}

// customers looks up whose the conversations are, and reckons what they may be worth.
func (s *Service) customers(ctx context.Context, settings *desk.Settings, f *fates, mailbox string) (out letters.Customers, err error) {
	out.Currency = settings.Value.Currency
	box := f.boxes[mailbox]
	risk, won := f.atRisk(mailbox), f.won(mailbox)
	out.AtRiskIDs, out.WonIDs = desk.IDsOf(risk[:min(len(risk), desk.MaxBehind)]), desk.IDsOf(won[:min(len(won), desk.MaxBehind)])
	if out.AtRisk, out.RevenueAtRisk, out.Risky, err = s.whose(ctx, box, risk); err != nil {
		return out, err
	}
	if out.Won, out.RevenueProtected, out.Saved, err = s.whose(ctx, box, won); err != nil {
		return out, err
	}
	for i, c := range out.Risky {
		if out.Risky[i].Silent, err = s.silent(ctx, c); err != nil {
			return out, err
		}
	}
	return out, nil
}

// whose counts the customers of conversations, each once, and names the first of them. Of
// more than weighed conversations, those that come first are looked at.
func (s *Service) whose(ctx context.Context, box map[uint64]fate, ids []uint64) (n int, worth letters.Estimate, named []letters.Customer, err error) {
	n = len(ids)
	ids = ids[:min(n, weighed)]
	list := desk.IDsOf(ids)
	heads, err := s.Store.Heads(ctx, list)
	if err != nil {
		return 0, worth, nil, fmt.Errorf("reading whose the conversations are in which it went wrong: %w", err)
	}
	seen := map[string]bool{}
	var sums estimate
	for i, id := range list {
		c, there := heads[id]
		key := store.AddressBudget(c.Customer.Address)
		switch {
		case !there, c.Into != "":
			continue
		case seen[key]:
			n-- // the same customer, in another conversation
			continue
		}
		seen[key] = true
		x := box[ids[i]]
		sums.add(x.revenue, x.potential)
		if len(named) < shownCustomers {
			who := letters.Customer{Person: c.Customer, Conversation: c.ID, Why: x.why, Since: at(x.bad), Potential: x.potential}
			who.Waits, _ = c.Waits()
			named = append(named, who)
		}
	}
	return n, sums.said(), named, nil
}

// silent reports whether a customer has not written since it went wrong, and does not wait
// for us: nobody would notice if they stayed away.
func (s *Service) silent(ctx context.Context, c letters.Customer) (bool, error) {
	if !c.Waits.IsZero() {
		return false, nil
	}
	latest, err := s.Store.CustomerConversations(ctx, c.Person.Address, 1)
	if errors.Is(err, store.ErrNotFound) || err == nil && len(latest) == 0 {
		return true, nil
	}
	if err != nil {
		return false, fmt.Errorf("looking whether a customer has written since: %w", err)
	}
	return latest[0].ID == c.Conversation, nil
}

// estimate adds up what customers may order in a year: of each the revenue of a year, times
// how likely they order again. As if each ordered again or not by that chance, the sum has a
// spread, which says how sure it is.
type estimate struct {
	customers          int
	sum, all, variance float64
}

func (e *estimate) add(revenue, potential float64) {
	if revenue <= 0 {
		return
	}
	e.customers++
	e.sum += revenue * potential
	e.all += revenue
	e.variance += revenue * revenue * potential * (1 - potential)
}

func (e estimate) said() letters.Estimate {
	out := letters.Estimate{Customers: e.customers}
	if e.customers < measure.Enough {
		return out
	}
	spread := 1.96 * math.Sqrt(e.variance)
	out.Sum, out.Low, out.High = e.sum, max(0, e.sum-spread), min(e.all, e.sum+spread)
	return out
}
