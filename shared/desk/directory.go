package desk

import (
	"strings"
	"time"
)

// Leads are the agents who are told of held mail and may release it: those that
// the settings name for it, else those who get the report, else the first agent,
// for somebody must see it.
func (s *Settings) Leads() []Agent {
	var out []Agent
	for _, id := range s.Quarantine.To {
		if a, ok := s.Agent(id); ok {
			out = append(out, a)
		}
	}
	if len(out) > 0 {
		return out
	}
	seen := map[string]bool{}
	for _, to := range s.Report.To {
		if a, ok := s.AgentAt(to); ok && !seen[a.ID] {
			seen[a.ID] = true
			out = append(out, a)
		}
	}
	if len(out) == 0 && len(s.Agents) > 0 {
		out = s.Agents[:1]
	}
	return out
}

// Mailbox finds a mailbox by id.
func (s *Settings) Mailbox(id string) (Mailbox, bool) {
	for _, m := range s.Mailboxes {
		if m.ID == id {
			return m, true
		}
	}
	return Mailbox{}, false
}

// MailboxAt finds the mailbox that an envelope recipient belongs to: its
// address or an alias, with or without a +tag. The domain of a ReplyBase that
// is a bare domain belongs to its mailbox too.
func (s *Settings) MailboxAt(recipient string) (Mailbox, bool) {
	local, domain, ok := cutAddress(recipient)
	if !ok {
		return Mailbox{}, false
	}
	plain, _, _ := strings.Cut(local, "+")
	for _, m := range s.Mailboxes {
		for _, a := range append([]string{m.Address, m.ReplyBase}, m.Aliases...) {
			l, d, ok := cutAddress(a)
			if ok && d == domain && (l == "" || l == plain) {
				return m, true
			}
		}
	}
	return Mailbox{}, false
}

// Agent finds an agent by id.
func (s *Settings) Agent(id string) (Agent, bool) {
	for _, a := range s.Agents {
		if a.ID == id {
			return a, true
		}
	}
	return Agent{}, false
}

// AgentAt finds the agent who has this address.
func (s *Settings) AgentAt(address string) (Agent, bool) {
	for _, a := range s.Agents {
		for _, x := range a.Addresses {
			if strings.EqualFold(x, address) {
				return a, true
			}
		}
	}
	return Agent{}, false
}

// AgentsOf gives the agents of a mailbox in the document's order.
func (s *Settings) AgentsOf(m Mailbox) []Agent {
	var out []Agent
	for _, id := range m.Agents {
		if a, ok := s.Agent(id); ok {
			out = append(out, a)
		}
	}
	return out
}

// HoursOf are the hours in which a mailbox is answered: its own, else the team's.
func (s *Settings) HoursOf(m Mailbox) Hours {
	if m.Hours.Always() {
		return s.Hours
	}
	return m.Hours
}

// ZoneOf is the time zone in which an agent writes times.
func (s *Settings) ZoneOf(a Agent) *time.Location {
	for _, name := range []string{a.Hours.Zone, s.Hours.Zone, s.Report.TimeZone} {
		if z, err := time.LoadLocation(name); err == nil && name != "" {
			return z
		}
	}
	return time.UTC
}

// OpensOf is when an agent's work in a mailbox begins, in minutes after midnight; 0
// where they work round the clock.
func (s *Settings) OpensOf(a Agent, m Mailbox) (first int) {
	h := a.Hours
	if h.Always() {
		h = s.HoursOf(m)
	}
	for _, shifts := range h.Week {
		if len(shifts) > 0 && (first == 0 || shifts[0].From < first) {
			first = shifts[0].From
		}
	}
	return first
}

func cutAddress(a string) (local, domain string, ok bool) {
	i := strings.LastIndexByte(a, '@')
	if i < 0 {
		return "", "", false
	}
	return strings.ToLower(a[:i]), strings.ToLower(a[i+1:]), true
}

// Department finds a department by id.
func (s *Settings) Department(id string) (Department, bool) {
	for _, d := range s.Departments {
		if d.ID == id && id != "" {
			return d, true
		}
	}
	return Department{}, false
}

// DepartmentsOf are those that are there for a mailbox, in the document's order.
func (s *Settings) DepartmentsOf(mailbox string) (out []Department) {
	for _, d := range s.Departments {
		if d.Mailbox == "" || d.Mailbox == mailbox {
			out = append(out, d)
		}
	}
	return out
}

// OwnerOf is the department of a mailbox whose business a topic is: one of its topics is
// it, or stands in it as whole words; of several the longest.
func (s *Settings) OwnerOf(mailbox, topic string) (owner Department, ok bool) {
	said, most := " "+TopicWords(topic)+" ", 0
	for _, d := range s.DepartmentsOf(mailbox) {
		for _, t := range d.Topics {
			if t = TopicWords(t); len(t) > most && strings.Contains(said, " "+t+" ") {
				owner, most = d, len(t)
			}
		}
	}
	return owner, most > 0
}

// Ours are all addresses of the team's and of who is told by it: nobody blocks them.
func (s *Settings) Ours() (out []string) {
	for _, m := range s.Mailboxes {
		out = append(append(out, m.Address, m.ReplyBase), m.Aliases...)
	}
	for _, a := range s.Agents {
		out = append(out, a.Addresses...)
	}
	for _, d := range s.Departments {
		out = append(out, d.Address)
	}
	return append(out, s.Report.Readers()...)
}
