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
