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
	known := &declared{owner: map[string]string{}, agents: map[string]bool{}, all: len(s.Agents) > 0}
	r.checkAgents(s, at, known)
	r.checkNamed(s, at, known)
	r.checkMailboxes(s, at, known)
	r.checkDepartments(s, at, known)
}

// declared are the names that a document gives, for those that refer to them.
type declared struct {
	owner  map[string]string // whose an address is
	agents map[string]bool
	all    bool // each agent has an id, so that one that is named and not here is a mistake
}

// claim takes an address for an agent or a mailbox.
func (r *reader) claim(k *declared, line int, address, what string) {
	if !strings.Contains(address, "@") {
		return
	}
	if other, taken := k.owner[strings.ToLower(address)]; taken && other != what {
		r.say(line, "%s belongs to %s already; an address has one meaning, so give each its own", address, other)
	}
	k.owner[strings.ToLower(address)] = what
}

func (r *reader) checkAgents(s *desk.Settings, at *places, k *declared) {
	for i, a := range s.Agents {
		line := at.agents[i]
		if k.agents[a.ID] {
			r.say(line, "agent id %q is used twice; give one of them another", a.ID)
		}
		if a.ID == "" {
			k.all = false
			continue
		}
		k.agents[a.ID] = true
		for _, x := range a.Addresses {
			r.claim(k, line, x, "agent "+a.ID)
		}
	}
}

// checkNamed checks the agents that teams and the quarantine name.
func (r *reader) checkNamed(s *desk.Settings, at *places, k *declared) {
	for i, t := range s.Teams {
		for _, id := range t.Agents {
			if k.all && id != "" && !k.agents[id] {
				r.say(at.teams[i], "team %q names %q, and no agent has that id; write it under agents, or mend the id", t.ID, id)
			}
		}
	}
	for _, id := range s.Quarantine.To {
		if k.all && !k.agents[id] {
			r.say(at.quarantine, "quarantine names %q, and no agent has that id; held mail is told to agents, because only they can release it", id)
		}
	}
}

// checkMailboxes checks them, and the reports that are of one alone. A mailbox that names
// no agents gets all.
func (r *reader) checkMailboxes(s *desk.Settings, at *places, k *declared) {
	tiers, boxes := map[string]bool{}, map[string]bool{}
	for _, t := range s.Tiers {
		tiers[t.ID] = true
	}
	for i := range s.Mailboxes {
		m, line := &s.Mailboxes[i], at.mailboxes[i]
		if boxes[m.ID] {
			r.say(line, "mailbox id %q is used twice; give one of them another", m.ID)
		}
		if m.ID != "" {
			boxes[m.ID] = true
			for _, x := range append([]string{m.Address, m.ReplyBase}, m.Aliases...) {
				r.claim(k, line, x, "mailbox "+m.ID)
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
		r.checkSignature(s, m, line)
		for id, l := range at.mailboxAgents[i] {
			if k.all && id != "" && !k.agents[id] {
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

// checkDepartments checks whose addresses they have, which mailbox they name, and that
// what customers say of a topic goes to one of them.
func (r *reader) checkDepartments(s *desk.Settings, at *places, k *declared) {
	names, topics := map[string]string{}, map[string]string{}
	for i, d := range s.Departments {
		line := at.departments[i]
		what := "department " + d.ID
		_, taken := k.owner[strings.ToLower(d.Address)]
		r.claim(k, line.address, d.Address, what)
		if mb, ours := s.MailboxAt(d.Ambassador); ours {
			r.say(line.ambassador, "the ambassador of department %q is %s, which is an address of mailbox %s; write a person's own", d.ID, d.Ambassador, mb.ID)
		}
		if mb, ours := s.MailboxAt(d.Address); ours && !taken {
			r.say(line.address, "the address of department %q is %s, which mailbox %s takes as its own; what is sent there comes back here", d.ID, d.Address, mb.ID)
		}
		if _, known := s.Mailbox(d.Mailbox); d.Mailbox != "" && !known {
			r.say(line.mailbox, "department %q names the mailbox %q, and no mailbox has that id; write one of those under mailboxes, or leave it out for all", d.ID, d.Mailbox)
		}
		for _, n := range []string{d.ID, d.Name} {
			if n = strings.Join(strings.Fields(strings.ToLower(n)), " "); n == "" {
				continue
			}
			if other, taken := names[n]; taken && other != d.ID {
				r.say(line.itself, "departments %q and %q are both called %q, so #forward cannot tell them apart; give one of them another name", other, d.ID, n)
			}
			names[n] = d.ID
		}
		for _, t := range d.Topics {
			t = desk.TopicWords(t)
			if other, taken := topics[t]; taken && other != d.ID {
				r.say(line.topics, "the topic %q belongs to department %q already; one department owns it, so take it out of one of them", t, other)
			}
			topics[t] = d.ID
		}
	}
}

func (r *reader) checkSignature(s *desk.Settings, m *desk.Mailbox, line int) {
	for _, a := range s.Agents {
		for _, x := range a.Addresses {
			if x != "" && strings.Contains(strings.ToLower(m.Signature), strings.ToLower(x)) {
				r.say(line, "the signature of mailbox %q gives %s, the address of agent %q; an agent's own address never goes to a customer, so no answer could leave", m.ID, x, a.ID)
			}
		}
	}
}
