package waiting

import (
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/replywell/replywell/shared/desk"
)

// NotifyOf is what an agent is told of: what the settings say of them; else all of it,
// or, where a morning mail tells of the rest, what they are involved in.
func NotifyOf(s *desk.Settings, a desk.Agent, mb desk.Mailbox) desk.Notify {
	switch {
	case a.Notify != "":
		return a.Notify
	case s.Morning.Off || HoursOf(s, a, mb).RoundTheClock() && s.Morning.At == 0:
		return desk.NotifyAll
	}
	return desk.NotifyInvolved
}

// Concerned are the agents of a mailbox whom a message of a conversation concerns.
// history are its other messages: who wrote one of them is involved. What a customer
// waits for is never told to nobody: where the agents' wishes leave no one who is at
// work, it is told to those who are, and where nobody is, to whose it is, else to all.
// Of what is a team's those of the team are told before others. Whoever is away is told
// of nothing, unless all are.
func Concerned(s *desk.Settings, mb desk.Mailbox, c desk.Conversation, msg desk.Message, history []desk.Message, at time.Time, rota desk.Rota) (out []desk.Agent) {
	agents := present(s.AgentsOf(mb), at, rota)
	there, team := AtWork(s, mb, at, rota), For(s, mb, c)
	waits := msg.Kind == desk.KindCustomer && !msg.Thanks
	nobodys := !in(s.AgentsOf(mb), c.Owner)
	free := nobodys || len(there) > 0 && !in(there, c.Owner) // for somebody else to see to
	took := func(a desk.Agent) bool {
		return a.ID == c.Owner || slices.ContainsFunc(history, func(m desk.Message) bool { return m.Agent == a.ID })
	}
	for _, a := range agents {
		told, ours := false, in(team, a.ID)
		teams := ours && len(team) < len(s.AgentsOf(mb))
		switch notify := NotifyOf(s, a, mb); {
		case notify == desk.NotifyAll, notify == desk.NotifyDigest, msg.ForAll, a.ID == c.Owner:
			told = true
		case notify == desk.NotifyMine:
			told = waits && nobodys && teams && c.Team != ""
		case notify == desk.NotifyTopics:
			told = About(c, a.Topics) || waits && nobodys && teams
		case waits:
			told = free && ours
		case msg.Kind == desk.KindNote:
			told = took(a) || nobodys && ours
		default:
			told = took(a)
		}
		if told {
			out = append(out, a)
		}
	}
	if !waits || slices.ContainsFunc(out, func(a desk.Agent) bool { return in(there, a.ID) }) || len(out) > 0 && len(there) == 0 {
		return out
	}
	for _, some := range [][]desk.Agent{inTeam(s, mb, c, there), there, inTeam(s, mb, c, agents), agents} {
		if len(some) == 0 {
			continue
		}
		for _, a := range some {
			if !in(out, a.ID) {
				out = append(out, a)
			}
		}
		return out
	}
	return out
}

// present are those of some agents who are not away; all where all are.
func present(agents []desk.Agent, at time.Time, rota desk.Rota) []desk.Agent {
	here := slices.DeleteFunc(slices.Clone(agents), func(a desk.Agent) bool { _, away := rota.At(a.ID, at); return away })
	if len(here) == 0 {
		return agents
	}
	return here
}

// in reports whether an agent is one of a list.
func in(list []desk.Agent, id string) bool {
	return slices.ContainsFunc(list, func(a desk.Agent) bool { return a.ID == id })
}

// About reports whether a conversation is about one of the topics: it stands as its
// topic or tag, or as words of its subject.
func About(c desk.Conversation, topics []string) bool {
	fold := func(s string) string {
		return " " + strings.Join(strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }), " ") + " "
	}
	said := append([]string{c.Topic, c.Subject}, c.Tags...)
	return slices.ContainsFunc(topics, func(t string) bool {
		t = fold(t)
		return t != "  " && slices.ContainsFunc(said, func(s string) bool { return strings.Contains(fold(s), t) })
	})
}

// DigestEvery is how often an agent who wants one mail for many gets it.
const DigestEvery = time.Hour

// Later is when an agent who wants one mail for many is told of a conversation that is
// not theirs: at the next full hour. The zero value is at once.
func Later(s *desk.Settings, a desk.Agent, mb desk.Mailbox, c desk.Conversation, at time.Time) time.Time {
	if NotifyOf(s, a, mb) != desk.NotifyDigest || c.Owner == a.ID {
		return time.Time{}
	}
	return at.Truncate(DigestEvery).Add(DigestEvery)
}
