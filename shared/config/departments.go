package config

import (
	"time"

	"github.com/replywell/replywell/shared/desk"
)

// departments reads the people of the house who are no agents.
func (r *reader) departments(v value) (out []desk.Department, lines []departmentLines) {
	ids := map[string]bool{}
	for _, e := range v.list() {
		d, at := desk.Department{Within: desk.DefaultDepartmentWithin}, departmentLines{itself: e.line}
		r.fields(e.node, "a department", fieldSet{
			"id":             func(v value) { d.ID = v.identifier() },
			"name":           func(v value) { d.Name = v.text() },
			"address":        func(v value) { d.Address, at.address = v.address(), v.line },
			"ambassador":     func(v value) { d.Ambassador, at.ambassador = v.address(), v.line },
			"vouched_by":     func(v value) { d.VouchedBy = v.oneOf(desk.VouchedByDMARC, desk.VouchedBySPF) },
			"mailbox":        func(v value) { d.Mailbox, at.mailbox = v.identifier(), v.line },
			"answers_within": func(v value) { d.Within = v.duration(time.Hour, 14*24*time.Hour) },
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
