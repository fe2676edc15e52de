package desk

import (
	"maps"
	"slices"
	"time"
)

// Rota is who of the team is away, and whose turn it is to be given something. There
// is one for the desk.
type Rota struct {
	Absences []Absence
	// Shares are what each agent has. Given are conversations that were given since
	// those were counted, or so short before that the count may lack them.
	Shares []Share
	Given  []Given
	// Version is the store's; 0 means not stored yet.
	Version int64
}

// Absence is that an agent does not work, whatever hours the settings say.
type Absence struct {
	Agent string    `json:"agent"`
	From  time.Time `json:"from"`
	// Until is when they are back; zero: when they say so.
	Until time.Time `json:"until,omitzero"`
	// Found: not they said so, but their mail program, in an automatic reply.
	Found bool `json:"found,omitempty"`
	// Back is since when they are back, and were not told what moved.
	Back time.Time `json:"back,omitzero"`
}

// Share is what an agent has of the work.
type Share struct {
	Agent string    `json:"agent"`
	Last  time.Time `json:"last,omitzero"`  // when they were given something by turn
	Waits int       `json:"waits,omitzero"` // how many who wait are theirs, as they were counted last
}

// Given is a conversation that became an agent's by turn.
type Given struct {
	Agent        string         `json:"agent"`
	Conversation ConversationID `json:"conv"`
	At           time.Time      `json:"at"`
}

const (
	// GivenFor is how long after it was given a conversation may be missing where those
	// who wait are counted.
	GivenFor = 2 * time.Minute
	// foundFor bounds an absence of which only a mail program told, and that names no end.
	foundFor = 14 * 24 * time.Hour
	// believedAgain is how long after their own mail an agent's mail program is not
	// believed that they are away: it was left switched on.
	believedAgain = 24 * time.Hour
	mostAbsences  = 200
	// mostGiven bounds Given: the rota is one item of the store, which each conversation
	// that is shared out writes, and a partition takes 1,000 KB a second.
	mostGiven = 8
	// rush is how shortly after a turn another one may go unnoted.
	rush = 500 * time.Millisecond
)

// At gives the agent's absence at a time.
func (r Rota) At(agent string, at time.Time) (Absence, bool) {
	for _, a := range r.Absences {
		if a.Agent == agent && a.holds(at) {
			return a, true
		}
	}
	return Absence{}, false
}

// End is when the absence is over by itself; zero is never.
func (a Absence) End() time.Time {
	switch {
	case !a.Back.IsZero():
		return a.Back
	case a.Until.IsZero() && a.Found:
		return a.From.Add(foundFor)
	}
	return a.Until
}

func (a Absence) holds(at time.Time) bool {
	end := a.End()
	return !at.Before(a.From) && (end.IsZero() || at.Before(end))
}

// Leave says that an agent is away from a time on, in place of what was said before.
// It reports whether that changes anything: a mail program is not believed right after
// the agent's own mail, nor against what the agent said.
func (r *Rota) Leave(a Absence) bool {
	for _, b := range r.Absences {
		if a.Found && b.Agent == a.Agent && (b.holds(a.From) || !b.Back.IsZero() && a.From.Sub(b.Back) < believedAgain) {
			return false
		}
	}
	since := a.From
	r.Absences = slices.DeleteFunc(slices.Clone(r.Absences), func(b Absence) bool {
		if b.Agent == a.Agent && b.From.Before(since) && (b.holds(since) || !b.Back.IsZero()) {
			since = b.From // it goes on, and so does what moved in it
		}
		return b.Agent == a.Agent
	})
	if a.From = since; len(r.Absences) >= mostAbsences {
		r.Absences = r.Absences[1:]
	}
	r.Absences = append(r.Absences, a)
	return true
}

// Return says that an agent is back, and reports whether they were away, or going to be.
func (r *Rota) Return(agent string, at time.Time) bool {
	for i, a := range r.Absences {
		end := a.End()
		if a.Agent != agent || !a.Back.IsZero() || !end.IsZero() && !at.Before(end) {
			continue
		}
		r.Absences = slices.Clone(r.Absences)
		if at.Before(a.From) {
			r.Absences = slices.Delete(r.Absences, i, i+1)
		} else {
			r.Absences[i].Back = at
		}
		return true
	}
	return false
}

// Wrote says that a mail of the agent's own came, and reports whether it ends an
// absence: one that only their mail program told of; or one that they gave no end, where
// they write on a later day. zone is where the agent's days are reckoned.
func (r *Rota) Wrote(agent string, at time.Time, zone *time.Location) bool {
	a, away := r.At(agent, at)
	if !away {
		return false
	}
	later := at.In(zone).Format(time.DateOnly) > a.From.In(zone).Format(time.DateOnly)
	if !a.Found && (!a.Until.IsZero() || !later) {
		return false
	}
	return r.Return(agent, at)
}

// Told forgets an absence that is over and of which the agent was told what moved.
func (r *Rota) Told(agent string, at time.Time) bool {
	n := len(r.Absences)
	r.Absences = slices.DeleteFunc(slices.Clone(r.Absences), func(a Absence) bool {
		end := a.End()
		return a.Agent == agent && !end.IsZero() && !at.Before(end)
	})
	return len(r.Absences) < n
}

// Over gives the agent's absence that is over, and of which they were not told yet.
func (r Rota) Over(agent string, at time.Time) (Absence, bool) {
	for _, a := range r.Absences {
		if end := a.End(); a.Agent == agent && !end.IsZero() && !at.Before(end) && !at.Before(a.From) {
			return a, true
		}
	}
	return Absence{}, false
}

// Has is how many who wait are an agent's, as far as known.
func (r Rota) Has(agent string) int {
	n := r.share(agent).Waits
	for _, g := range r.Given {
		if g.Agent == agent {
			n++
		}
	}
	return n
}

// Last is when an agent was given something by turn; zero is never.
func (r Rota) Last(agent string) time.Time { return r.share(agent).Last }

// Before orders agents by whose turn is longest ago: negative where a's is.
func (r Rota) Before(a, b string) int {
	if n := r.Last(a).Compare(r.Last(b)); n != 0 || r.Last(a).IsZero() {
		return n
	}
	at := func(id string) int { return slices.IndexFunc(r.Shares, func(s Share) bool { return s.Agent == id }) }
	return at(a) - at(b) // of the same moment: whoever was given last stands last
}

func (r Rota) share(agent string) Share {
	for _, s := range r.Shares {
		if s.Agent == agent {
			return s
		}
	}
	return Share{Agent: agent}
}

// Rushed reports whether conversations are given so fast that a turn need not be noted
// where another is noted at the same time: nobody's work gets out of balance by it, and
// whoever waited for each turn to be noted would wait for all others.
func (r Rota) Rushed(at time.Time) bool {
	return slices.ContainsFunc(r.Shares, func(s Share) bool { return !s.Last.IsZero() && at.Sub(s.Last).Abs() < rush })
}

// Give notes that a conversation became an agent's by turn. Of many in two minutes the
// oldest are counted to what the agent has, until that is counted anew.
func (r *Rota) Give(agent string, c ConversationID, at time.Time) {
	share := r.share(agent)
	share.Last = at
	r.Shares = append(slices.DeleteFunc(slices.Clone(r.Shares), func(s Share) bool { return s.Agent == agent }), share)
	r.Given = append(slices.DeleteFunc(slices.Clone(r.Given), func(g Given) bool { return g.Conversation == c }), Given{Agent: agent, Conversation: c, At: at})
	for ; len(r.Given) > mostGiven; r.Given = r.Given[1:] {
		if i := slices.IndexFunc(r.Shares, func(s Share) bool { return s.Agent == r.Given[0].Agent }); i >= 0 {
			r.Shares[i].Waits++
		}
	}
}

// Count takes over how many wait for whom, and reports whether that says anything new.
// owners are whose each conversation is that waits.
func (r *Rota) Count(owners map[ConversationID]string, at time.Time) bool {
	given := slices.DeleteFunc(slices.Clone(r.Given), func(g Given) bool { return at.Sub(g.At) > GivenFor })
	waits := map[string]int{}
	for id, owner := range owners {
		if owner != "" && !slices.ContainsFunc(given, func(g Given) bool { return g.Conversation == id }) {
			waits[owner]++
		}
	}
	before := r.Shares
	r.Shares = nil
	for _, s := range before {
		s.Waits = waits[s.Agent]
		delete(waits, s.Agent)
		r.Shares = append(r.Shares, s)
	}
	for _, agent := range slices.Sorted(maps.Keys(waits)) {
		r.Shares = append(r.Shares, Share{Agent: agent, Waits: waits[agent]})
	}
	news := len(given) != len(r.Given) || !slices.Equal(before, r.Shares)
	r.Given = given
	return news
}
