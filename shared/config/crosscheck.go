package config

import (
	"maps"
	"slices"
	"strings"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/replyaddr"
)

// crossCheck checks what no single value can be blamed for. A value that was
// reported already is left out, so that one mistake is told once, and the rest
// of the document is checked all the same.
func (r *reader) crossCheck(s *desk.Settings, at *places) {
	if s.Mode == desk.ModeLive && strings.HasPrefix(s.Links.Public, "http:") {
		r.say(at.files, "files_url is %q, which is this machine alone and not encrypted; write the address that customers reach, like https://files.example.com", s.Links.Public)
	}
	if at.version > 0 && s.Version > Version {
		r.say(at.version, "version %d is not known; this program reads version %d: write that, or use a newer program", s.Version, Version)
	}
	if s.Mode == desk.ModeLive && len(s.Customers) > 0 {
		r.say(at.customers, "sample_customers is for mode: sample only; take it out, or set mode: sample")
	}
	r.loopback(s, at)
	owner := map[string]string{} // address -> what it belongs to
	claim := func(line int, address, what string) {
		if !strings.Contains(address, "@") {
			return
		}
		if other, taken := owner[strings.ToLower(address)]; taken && other != what {
			r.say(line, "%s belongs to %s already; an address has one meaning, so give each its own", address, other)
		}
		owner[strings.ToLower(address)] = what
	}
	ids, all := map[string]bool{}, len(s.Agents) > 0
	for i, a := range s.Agents {
		line := at.agents[i]
		if ids[a.ID] {
			r.say(line, "agent id %q is used twice; give one of them another", a.ID)
		}
		if a.ID == "" {
			all = false
			continue
		}
		ids[a.ID] = true
		for _, x := range a.Addresses {
			claim(line, x, "agent "+a.ID)
		}
	}
	for i, t := range s.Teams {
		for _, id := range t.Agents {
			if all && id != "" && !ids[id] {
				r.say(at.teams[i], "team %q names %q, and no agent has that id; write it under agents, or mend the id", t.ID, id)
			}
		}
	}
	for _, id := range s.Quarantine.To {
		if all && !ids[id] {
			r.say(at.quarantine, "quarantine names %q, and no agent has that id; held mail is told to agents, because only they can release it", id)
		}
	}
	tiers := map[string]bool{}
	for _, t := range s.Tiers {
		tiers[t.ID] = true
	}
	boxes := map[string]bool{}
	for i := range s.Mailboxes {
		m, line := &s.Mailboxes[i], at.mailboxes[i]
		if boxes[m.ID] {
			r.say(line, "mailbox id %q is used twice; give one of them another", m.ID)
		}
		if m.ID != "" {
			boxes[m.ID] = true
			for _, x := range append([]string{m.Address, m.ReplyBase}, m.Aliases...) {
				claim(line, x, "mailbox "+m.ID)
			}
		}
		for _, id := range slices.Sorted(maps.Keys(m.Tiers)) {
			if !tiers[id] {
				r.say(line, "mailbox %q promises a time to the tier %q, and no tier has that id; write it under tiers of the document, with its customers", m.ID, id)
			}
		}
		if err := replyaddr.CheckBase(m.ReplyBase); err != nil && strings.Contains(m.ReplyBase, "@") {
			r.say(line, "reply_address of mailbox %q: %v", m.ID, err)
		}
		for _, a := range s.Agents {
			for _, x := range a.Addresses {
				if x != "" && strings.Contains(strings.ToLower(m.Signature), strings.ToLower(x)) {
					r.say(line, "the signature of mailbox %q gives %s, the address of agent %q; an agent's own address never goes to a customer, so no answer could leave", m.ID, x, a.ID)
				}
			}
		}
		for id, l := range at.mailboxAgents[i] {
			if all && id != "" && !ids[id] {
				r.say(l, "there is no agent %q; write it under agents, or mend the id", id)
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
	for i, m := range s.Report.Mailboxes {
		if m.Mailbox != "" && !boxes[m.Mailbox] {
			r.say(at.reports[i], "report names the mailbox %q, and no mailbox has that id; write one of those under mailboxes", m.Mailbox)
		}
	}
}
