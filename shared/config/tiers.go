package config

import (
	"net/mail"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"

	"github.com/replywell/replywell/shared/desk"
)

// soonest bounds from below what a tier is promised: who looks at mail every few
// minutes can hold it.
const soonest = 15 * time.Minute

// tiers reads who belongs to which group of customers.
func (r *reader) tiers(v value) (out []desk.Tier) {
	ids, whose := map[string]bool{}, map[string]string{}
	for _, e := range v.list() {
		var t desk.Tier
		r.fields(e.node, "a tier", fieldSet{
			"id":   func(v value) { t.ID = v.identifier() },
			"name": func(v value) { t.Name = v.text() },
			"customers": func(v value) {
				for _, c := range v.list() {
					address := strings.ToLower(customer(c))
					if other, taken := whose[address]; taken && address != "" {
						c.bad("%s is in the tier %q already; a customer has one tier", address, other)
						continue
					}
					whose[address] = t.ID
					t.Customers = append(t.Customers, address)
				}
			},
		}, "id", "customers")
		if t.Name == "" {
			t.Name = t.ID
		}
		if ids[t.ID] {
			r.say(e.line, "tier id %q is used twice; give one of them another", t.ID)
		}
		ids[t.ID] = t.ID != ""
		out = append(out, t)
	}
	return out
}

// customer reads an address, or a domain with its "@".
func customer(v value) string {
	s := v.text()
	if strings.HasPrefix(s, "@") {
		if _, err := mail.ParseAddress("x" + s); err != nil {
			v.bad("%q is not an address, nor a domain like @hotel.example", s)
		}
		return s
	}
	return v.address()
}

// levels reads what a mailbox promises to tiers: "partner: 1 hour".
func (r *reader) levels(v value) map[string]time.Duration {
	out := map[string]time.Duration{}
	known := fieldSet{}
	var entries []*ast.MappingValueNode
	switch m := v.node.(type) {
	case *ast.MappingNode:
		entries = m.Values
	case *ast.MappingValueNode:
		entries = []*ast.MappingValueNode{m}
	}
	for _, e := range entries {
		id := strings.Trim(e.Key.String(), `"' `)
		known[id] = func(v value) { out[id] = v.duration(soonest, 14*24*time.Hour) }
	}
	r.fields(v.node, "tiers of a mailbox", known)
	return out
}

// followUp reads what is done with customers who do not answer: after which time
// they are asked once, and after which more it is closed.
func (r *reader) followUp(v value) (after, closes time.Duration) {
	r.fields(v.node, "follow_up", fieldSet{
		"after":       func(v value) { after = v.duration(24*time.Hour, 90*24*time.Hour) },
		"close_after": func(v value) { closes = v.duration(24*time.Hour, 90*24*time.Hour) },
	}, "after", "close_after")
	return after, closes
}

// morning reads whether agents get a mail when their day begins: "off", "on", or a
// time for those who work round the clock.
func (r *reader) morning(v value) (m desk.MorningPolicy) {
	switch s := strings.ToLower(v.text()); s {
	case "off", "false":
		m.Off = true
	case "on", "true":
	default:
		if m.At = v.timeOfDay(); m.At == 0 {
			v.bad("%q is none of \"on\", \"off\" and a time after midnight like \"08:00\"", s)
		}
	}
	return m
}

// on reads "on" or "off".
func (v value) on() bool {
	switch s := strings.ToLower(v.text()); s {
	case "on", "true":
		return true
	case "off", "false":
	default:
		v.bad("%q is neither \"on\" nor \"off\"", s)
	}
	return false
}

// customerValue reads how a customer's potential is reckoned. Whether its formula can be
// reckoned is told by who has the formula's language: see package worth/formula.
func (r *reader) customerValue(v value) (p desk.ValuePolicy) {
	r.fields(v.node, "customer_value", fieldSet{
		"potential": func(v value) { p.Formula = v.text() },
		"high":      func(v value) { p.High = v.number(0.01, 1) },
		"currency":  func(v value) { p.Currency = v.text() },
	})
	return p
}

// teams reads which agents see to something together, and at which line each stands.
func (r *reader) teams(v value) (out []desk.Team, lines []int) {
	ids := map[string]bool{}
	for _, e := range v.list() {
		var t desk.Team
		r.fields(e.node, "a team", fieldSet{
			"id":   func(v value) { t.ID = v.identifier() },
			"name": func(v value) { t.Name = v.text() },
			"agents": func(v value) {
				for _, a := range v.list() {
					t.Agents = append(t.Agents, a.identifier())
				}
			},
			"topics": func(v value) {
				for _, x := range v.list() {
					t.Topics = append(t.Topics, x.text())
				}
			},
		}, "id", "agents")
		if t.Name == "" {
			t.Name = t.ID
		}
		if ids[t.ID] {
			r.say(e.line, "team id %q is used twice; give one of them another", t.ID)
		}
		ids[t.ID] = t.ID != ""
		out, lines = append(out, t), append(lines, e.line)
	}
	return out, lines
}
