package config

import (
	"strings"
	"time"

	"github.com/replywell/replywell/shared/desk"
)

// departments reads the people of the house who are no agents.
func (r *reader) departments(v value) (out []desk.Department, lines []departmentLines) {
	ids := map[string]bool{}
	for _, e := range v.list() {
		d, at := desk.Department{Within: desk.DefaultDepartmentWithin, Most: desk.DefaultSalesMost}, departmentLines{itself: e.line}
		r.fields(e.node, "a department", fieldSet{
			"id":             func(v value) { d.ID = v.identifier() },
			"name":           func(v value) { d.Name = v.text() },
			"address":        func(v value) { d.Address, at.address = v.address(), v.line },
			"ambassador":     func(v value) { d.Ambassador, at.ambassador = v.address(), v.line },
			"vouched_by":     func(v value) { d.VouchedBy = v.oneOf(desk.VouchedByDMARC, desk.VouchedBySPF) },
			"mailbox":        func(v value) { d.Mailbox, at.mailbox = v.identifier(), v.line },
			"answers_within": func(v value) { d.Within = v.duration(time.Hour, 14*24*time.Hour) },
			"sales":          func(v value) { d.Sales = v.boolean() },
			"most":           func(v value) { d.Most = v.integer(1, 100) },
			"digest":         func(v value) { d.DigestOff = !v.on() },
			"topics": func(v value) {
				at.topics = v.line
				for _, x := range v.list() {
					t := x.text()
					if t != "" && desk.TopicWords(t) == "" {
						x.bad("%q has no letter or digit; a topic is a word or a few, like returns", t)
						continue
					}
					d.Topics = append(d.Topics, t)
				}
			},
		}, "id", "address")
		if d.Name == "" {
			d.Name = d.ID
		}
		if ids[d.ID] {
			r.say(e.line, "department id %q is used twice; give one of them another", d.ID)
		}
		ids[d.ID] = d.ID != ""
		out, lines = append(out, d), append(lines, at)
	}
	return out, lines
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
