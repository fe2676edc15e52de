package metrics

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/letters"
	"github.com/replywell/replywell/shared/measure"
)

// smallest is of how many conversations figures are told by themselves.
const smallest = 5

// fewPeople is up to how many agents a team is told its figures as they are: they
// know who did what.
const fewPeople = 2

// group is what a report tells of together: a mailbox, or several where one alone
// would be the figures of one agent, or of a handful of conversations.
type group struct {
	letters.WeekOfMailbox
	waits, earlier []measure.Wait      // for a first answer, in this span and the one before
	people         map[string]bool     // agents who answered some of its conversations; nobody is told
	conversations  map[uint64]struct{} // some of them, as far as it takes to see that they are not few
}

// small says why the group's figures are not told by themselves; "" where they are.
func (g group) small() string {
	switch {
	case len(g.conversations) < smallest:
		return "Fewer than five conversations."
	case len(g.people) == 1:
		return "Only one of the team answered, and no figure is of one person."
	}
	return ""
}

// grouped joins each group that is small with the next one, the last with the one
// before it. What is small even then, though it is everything, keeps who waits alone.
func grouped(settings *desk.Settings, list []group) (out []letters.WeekOfMailbox) {
	var done []group
	for _, g := range list {
		if n := len(done); n > 0 && len(settings.Agents) > fewPeople && done[n-1].small() != "" {
			done[n-1] = done[n-1].with(g)
			continue
		}
		done = append(done, g)
	}
	if n := len(done); n > 1 && len(settings.Agents) > fewPeople && done[n-1].small() != "" {
		done = append(done[:n-2], done[n-2].with(done[n-1]))
	}
	for _, g := range done {
		g.First, g.FirstEarlier = measure.Survive(g.waits), measure.Survive(g.earlier)
		if why := g.small(); why != "" && len(settings.Agents) > fewPeople {
			g.withhold(why)
		}
		out = append(out, g.WeekOfMailbox)
	}
	return out
}

// withhold takes out what came of it.
func (g *group) withhold(why string) {
	g.Withheld, g.Wrong, g.ThankedFor, g.Hiding, g.Customers = why, nil, nil, nil, letters.Customers{}
	g.First, g.FirstEarlier = measure.Survival{}, measure.Survival{}
	empty := func(of desk.Figures) desk.Figures {
		return desk.Figures{Mailbox: of.Mailbox, Opened: of.Opened, Held: of.Held, Exchanges: desk.Spread{}, Contacts: desk.Spread{}}
	}
	g.Now, g.Earlier = empty(g.Now), empty(g.Earlier)
	g.Behind = slices.DeleteFunc(slices.Clone(g.Behind), func(b desk.Behind) bool {
		return b.Figure != desk.FigureWaiting && b.Figure != desk.FigurePromises && !strings.HasPrefix(b.Figure, desk.FigureTopic)
	})
}

// with is both as one.
func (g group) with(o group) group {
	m, n := g.WeekOfMailbox, o.WeekOfMailbox
	m.ID, m.Name = m.ID+"+"+n.ID, m.Name+" and "+n.Name
	m.Now, m.Earlier = m.Now.Plus(n.Now), m.Earlier.Plus(n.Earlier)
	m.Waiting = m.Waiting.Plus(n.Waiting)
	m.WorkingHours = m.WorkingHours || n.WorkingHours
	m.Customers = m.Customers.Plus(n.Customers)
	m.Hiding = append(slices.Clone(m.Hiding), n.Hiding...)
	m.Hiding = m.Hiding[:min(len(m.Hiding), shownDefects)]
	m.Rises = append(slices.Clone(m.Rises), n.Rises...)
	m.Wrong, m.ThankedFor = append(slices.Clone(m.Wrong), n.Wrong...), append(slices.Clone(m.ThankedFor), n.ThankedFor...)
	m.Wrong, m.ThankedFor = m.Wrong[:min(len(m.Wrong), shownTrouble)], m.ThankedFor[:min(len(m.ThankedFor), shownThanks)]
	m.Evenings = slices.Clone(m.Evenings)
	for i := range m.Evenings {
		m.Evenings[i].Customers += n.Evenings[i].Customers
	}
	m.Behind = joined(m, n)
	out := group{WeekOfMailbox: m, waits: append(slices.Clone(g.waits), o.waits...), earlier: append(slices.Clone(g.earlier), o.earlier...),
		people: map[string]bool{}, conversations: map[uint64]struct{}{}}
	for _, x := range []group{g, o} {
		for who := range x.people {
			out.people[who] = true
		}
		for c := range x.conversations {
			out.conversations[c] = struct{}{}
		}
	}
	return out
}

// joined are the figures of both, each one's conversations in turn.
func joined(m, n letters.WeekOfMailbox) (out []desk.Behind) {
	index := map[string]int{}
	for _, b := range append(slices.Clone(m.Behind), n.Behind...) {
		b.Mailbox, b.Name = m.ID, m.Name
		at, there := index[b.Figure]
		if !there {
			index[b.Figure] = len(out)
			out = append(out, b)
			continue
		}
		x := &out[at]
		var turns []desk.ConversationID
		for i := range max(len(x.Conversations), len(b.Conversations)) {
			for _, from := range [][]desk.ConversationID{x.Conversations, b.Conversations} {
				if i < len(from) && len(turns) < desk.MaxBehind {
					turns = append(turns, from[i])
				}
			}
		}
		x.Conversations, x.Total = turns, x.Total+b.Total
	}
	return out
}

// who looks whose some of the conversations are that were answered or solved, and how
// many there were.
func (s *Service) who(ctx context.Context, g *group, behind map[string][]desk.ConversationID) error {
	g.people, g.conversations = map[string]bool{}, map[uint64]struct{}{}
	var worked []desk.ConversationID
	for _, figure := range []string{desk.FigureAnswered, desk.FigureSolved, desk.FigureReopened, desk.FigureOpened} {
		for _, id := range behind[figure] {
			g.conversations[id.Number()] = struct{}{}
			if figure == desk.FigureAnswered || figure == desk.FigureSolved {
				worked = append(worked, id)
			}
		}
	}
	heads, err := s.Store.Heads(ctx, worked)
	if err != nil {
		return fmt.Errorf("looking whether several people answered: %w", err)
	}
	for _, c := range heads {
		if c.Owner != "" {
			g.people[c.Owner] = true
		}
	}
	return nil
}
