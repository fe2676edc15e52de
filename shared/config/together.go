package config

import (
	"strings"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/replyaddr"
)

// together checks what no single line can be blamed for.
func (r *reader) together(s *desk.Settings, at *places) {
	if s.Version != Version {
		r.say(0, "version %d is not known; this program reads version %d", s.Version, Version)
	}
	if len(s.Mailboxes) == 0 {
		r.say(0, "there is no mailbox; mailboxes needs at least one")
	}
	if len(s.Agents) == 0 {
		r.say(0, "there is no agent; agents needs at least one")
	}
	if s.Mode == desk.ModeLive && len(s.Customers) > 0 {
		r.say(0, "sample_customers is for mode: sample only; take it out, or set mode: sample")
	}
	owner := map[string]string{} // address -> what it belongs to
	claim := func(line int, address, what string) {
		if other, taken := owner[strings.ToLower(address)]; taken && other != what {
			r.say(line, "%s belongs to %s already; an address has one meaning", address, other)
		}
		owner[strings.ToLower(address)] = what
	}
	ids := map[string]bool{}
	for i, a := range s.Agents {
		line := at.agents[i]
		if ids[a.ID] {
			r.say(line, "agent id %q is used twice", a.ID)
		}
		ids[a.ID] = true
		if len(a.Addresses) == 0 {
			r.say(line, "agent %q has no address; the first is where notifications go", a.ID)
		}
		for _, x := range a.Addresses {
			claim(line, x, "agent "+a.ID)
		}
	}
	boxes := map[string]bool{}
	for i := range s.Mailboxes {
		m, line := &s.Mailboxes[i], at.mailboxes[i]
		if boxes[m.ID] {
			r.say(line, "mailbox id %q is used twice", m.ID)
		}
		boxes[m.ID] = true
		for _, x := range append([]string{m.Address}, m.Aliases...) {
			claim(line, x, "mailbox "+m.ID)
		}
		claim(line, m.ReplyBase, "mailbox "+m.ID)
		if err := replyaddr.CheckBase(m.ReplyBase); err != nil {
			r.say(line, "reply_address of mailbox %q: %v", m.ID, err)
		}
		for id, l := range at.mailboxAgents[i] {
			if !ids[id] {
				r.say(l, "there is no agent %q", id)
			}
		}
		if len(m.Agents) == 0 {
			for _, a := range s.Agents {
				m.Agents = append(m.Agents, a.ID)
			}
		}
		if len(m.Agents) > desk.MaxAgents {
			r.say(line, "mailbox %q has %d agents, and at most %d can be told of one mail; name those who answer it under agents", m.ID, len(m.Agents), desk.MaxAgents)
		}
	}
}
