package waiting

import (
	"hash/fnv"
	"slices"
	"time"

	"github.com/replywell/replywell/shared/calendar"
	"github.com/replywell/replywell/shared/desk"
)

// hoursOf are when a mailbox is answered.
func hoursOf(s *desk.Settings, mb desk.Mailbox) *calendar.Hours { return calendar.For(s.HoursOf(mb)) }

// HoursOf are when an agent works in a mailbox: the agent's own hours, else the
// mailbox's, else the team's.
func HoursOf(s *desk.Settings, a desk.Agent, mb desk.Mailbox) *calendar.Hours {
	if !a.Hours.Always() {
		return calendar.For(a.Hours)
	}
	return calendar.For(s.HoursOf(mb))
}

// AtWork are the agents of a mailbox who work at a time and are not away.
func AtWork(s *desk.Settings, mb desk.Mailbox, at time.Time, rota desk.Rota) (out []desk.Agent) {
	for _, a := range s.AgentsOf(mb) {
		if works(s, mb, a, at, rota) {
			out = append(out, a)
		}
	}
	return out
}

// Why somebody is told.
type Why string

// The reasons.
const (
	WhyYours  Why = "yours"  // it is theirs
	WhyAway   Why = "away"   // whose it is does not work now
	WhyFree   Why = "free"   // it is nobody's
	WhyNobody Why = "nobody" // nobody of the mailbox works now; they are the lead
)

// Who is whom to tell of a conversation that must not wait: the one whose it is,
// else somebody who is at work, else the lead. Of several at work the
// conversation's id picks one, so that it is the same one each time, and each has
// as many.
func Who(s *desk.Settings, c desk.Conversation, at time.Time, rota desk.Rota) (desk.Agent, Why) {
	mb, _ := s.Mailbox(c.Mailbox)
	there := AtWork(s, mb, at, rota)
	if ours := inTeam(s, mb, c, there); len(ours) > 0 && !in(there, c.Owner) {
		there = ours
	}
	owner := slices.IndexFunc(there, func(a desk.Agent) bool { return a.ID == c.Owner })
	switch {
	case owner >= 0:
		return there[owner], WhyYours
	case len(there) == 0:
		for _, lead := range s.Leads() {
			return lead, WhyNobody
		}
		return desk.Agent{}, WhyNobody
	}
	one := share(c, there)
	if _, of := s.Agent(c.Owner); of {
		return one, WhyAway
	}
	return one, WhyFree
}

// inTeam are those of some agents who may have a conversation, see For.
func inTeam(s *desk.Settings, mb desk.Mailbox, c desk.Conversation, of []desk.Agent) []desk.Agent {
	may := For(s, mb, c)
	return slices.DeleteFunc(slices.Clone(of), func(a desk.Agent) bool { return !in(may, a.ID) })
}

// share picks one of several by the conversation's id.
func share(c desk.Conversation, of []desk.Agent) desk.Agent {
	h := fnv.New32a()
	_, _ = h.Write([]byte(c.ID))
	return of[int(h.Sum32()%uint32(len(of)))]
}

// Assign is whose a new conversation becomes where a mailbox shares its mail out; "" is
// nobody: nobody who could have it has room, or the mailbox does not share out. others
// are the customer's other conversations, the latest first.
//
// It is one of those who may have it (see [For]), who are at work, not away, and have
// fewer who wait than their capacity; where none of them works now, of those who begin
// first. Among them it is who spoke with the customer last, else whose topic it is, else
// whose last turn is longest ago.
func Assign(s *desk.Settings, mb desk.Mailbox, c desk.Conversation, others []desk.Conversation, at time.Time, rota desk.Rota) string {
	if !mb.Share {
		return ""
	}
	hasRoom := func(a desk.Agent) bool { return a.Capacity == 0 || rota.Has(a.ID) < a.Capacity }
	if may := For(s, mb, c); slices.ContainsFunc(may, func(a desk.Agent) bool { return works(s, mb, a, at, rota) }) {
		return next(s, mb, c, others, at, rota, func(a desk.Agent) bool { return works(s, mb, a, at, rota) && hasRoom(a) })
	}
	first := begins(s, mb, c, at, rota)
	return next(s, mb, c, others, at, rota, func(a desk.Agent) bool {
		from, works := begin(s, mb, a, at, rota)
		return works && from.Equal(first) && hasRoom(a)
	})
}

// begins is when the first of those who may have a conversation is at work next.
func begins(s *desk.Settings, mb desk.Mailbox, c desk.Conversation, at time.Time, rota desk.Rota) (first time.Time) {
	for _, a := range For(s, mb, c) {
		if from, works := begin(s, mb, a, at, rota); works && (first.IsZero() || from.Before(first)) {
			first = from
		}
	}
	return first
}

// begin is when an agent is at work next; not ok for one who is away then.
func begin(s *desk.Settings, mb desk.Mailbox, a desk.Agent, at time.Time, rota desk.Rota) (time.Time, bool) {
	from, _, ok := HoursOf(s, a, mb).Shift(at)
	_, away := rota.At(a.ID, from)
	return from, ok && !away
}

// HandOn is who gets a conversation whose agent is away or not one of those any more who
// answer the mailbox: by the rule of [Assign], whether the mailbox shares out or not.
// Where nobody at work has room it is somebody at work all the same, and where nobody is
// at work one of those who are not away. "" is nobody.
func HandOn(s *desk.Settings, mb desk.Mailbox, c desk.Conversation, others []desk.Conversation, at time.Time, rota desk.Rota) string {
	other := func(a desk.Agent) bool { return a.ID != c.Owner }
	for _, may := range []func(desk.Agent) bool{
		func(a desk.Agent) bool {
			return other(a) && works(s, mb, a, at, rota) && (a.Capacity == 0 || rota.Has(a.ID) < a.Capacity)
		},
		func(a desk.Agent) bool { return other(a) && works(s, mb, a, at, rota) },
		func(a desk.Agent) bool { _, away := rota.At(a.ID, at); return other(a) && !away },
	} {
		if id := next(s, mb, c, others, at, rota, may); id != "" {
			return id
		}
	}
	return ""
}

func works(s *desk.Settings, mb desk.Mailbox, a desk.Agent, at time.Time, rota desk.Rota) bool {
	_, away := rota.At(a.ID, at)
	return !away && HoursOf(s, a, mb).Open(at)
}

// next picks one of those who may have it.
func next(s *desk.Settings, mb desk.Mailbox, c desk.Conversation, others []desk.Conversation, at time.Time, rota desk.Rota, may func(desk.Agent) bool) string {
	var there []desk.Agent
	for _, a := range For(s, mb, c) {
		if may(a) {
			there = append(there, a)
		}
	}
	for _, o := range others {
		if o.Owner != "" && o.ID != c.ID && in(there, o.Owner) {
			return o.Owner
		}
	}
	if theirs := slices.DeleteFunc(slices.Clone(there), func(a desk.Agent) bool { return !About(c, a.Topics) }); len(theirs) > 0 {
		there = theirs
	}
	if len(there) == 0 {
		return ""
	}
	return slices.MinFunc(there, func(a, b desk.Agent) int {
		if n := rota.Before(a.ID, b.ID); n != 0 {
			return n
		}
		return int(toss(c, a)) - int(toss(c, b))
	}).ID
}

// toss orders those whose turn it is alike, not the same way for each conversation.
func toss(c desk.Conversation, a desk.Agent) uint16 {
	h := fnv.New32a()
	_, _ = h.Write([]byte(string(c.ID) + " " + a.ID))
	return uint16(h.Sum32() >> 8)
}

// For are the agents of a mailbox who may have a conversation: those of the team that it
// was given to, else of the first team whose topic it is about, else all. A team of which
// nobody answers the mailbox is none.
func For(s *desk.Settings, mb desk.Mailbox, c desk.Conversation) []desk.Agent {
	all := s.AgentsOf(mb)
	members := func(t desk.Team) []desk.Agent {
		return slices.DeleteFunc(slices.Clone(all), func(a desk.Agent) bool { return !slices.Contains(t.Agents, a.ID) })
	}
	if t, ok := s.Team(c.Team); ok {
		if in := members(t); len(in) > 0 {
			return in
		}
	}
	for _, t := range s.Teams {
		if About(c, t.Topics) {
			if in := members(t); len(in) > 0 {
				return in
			}
		}
	}
	return all
}

// Left is why a conversation cannot stay with its agent.
type Left string

// The reasons.
const (
	LeftStays Left = ""     // it can, or is nobody's
	LeftGone  Left = "gone" // they do not answer the mailbox any more
	LeftAway  Left = "away" // they are away
)

// LeftBy says whether a conversation's agent has left it. What they put off until after
// they are back stays theirs.
func LeftBy(s *desk.Settings, c desk.Conversation, at time.Time, rota desk.Rota) (Left, desk.Absence) {
	mb, known := s.Mailbox(c.Mailbox)
	if c.Owner == "" || !known {
		return LeftStays, desk.Absence{}
	}
	if !in(s.AgentsOf(mb), c.Owner) {
		return LeftGone, desk.Absence{}
	}
	a, away := rota.At(c.Owner, at)
	if !away {
		return LeftStays, desk.Absence{}
	}
	if end, off := a.End(), c.Snoozed.Until; !off.IsZero() && !end.IsZero() && !off.Before(end) {
		if p, promised := PromiseOf(s, c); !promised || !p.Due.Before(end) {
			return LeftStays, desk.Absence{}
		}
	}
	return LeftAway, a
}

// Untaken is when all are told of a conversation that waits and that nobody took; not
// ok where somebody has it, or it never is.
func Untaken(s *desk.Settings, c desk.Conversation) (time.Time, bool) {
	since, waits := c.Waits()
	mb, known := s.Mailbox(c.Mailbox)
	if !waits || !known || mb.Untaken <= 0 || len(s.AgentsOf(mb)) < 2 || c.Shown.Equal(since) || !c.Snoozed.Until.IsZero() ||
		in(s.AgentsOf(mb), c.Owner) {
		return time.Time{}, false
	}
	return hoursOf(s, mb).After(since, mb.Untaken), true
}
