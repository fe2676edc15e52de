package commands

import (
	"slices"
	"strings"
	"time"

	"github.com/replywell/replywell/shared/desk"
)

// assign makes a conversation one agent's. Only that agent is told, and whoever it
// was taken from.
var assign = Command{
	Name: "assign", Also: []string{"assigned", "reassign"}, Maybe: []string{"give", "delegate", "transfer", "owner"}, Spoken: true, ToColleague: true,
	Help:  []Line{{"#assign Ben", "makes this Ben's, and tells him; #assign nobody gives it back to the team"}},
	Needs: needsReady, // who is given it is offered them
	Read: func(behind string) (word, missing string) {
		if word = nameIn(behind); word == "" {
			return "", "#assign needs the name of a colleague, like #assign Ben"
		}
		return word, ""
	},
	Decide: func(f Facts, c desk.Command, p Plan) (Plan, error) {
		if slices.Contains([]string{"nobody", "none", "no one", "noone", "team", "the team", "all"}, strings.ToLower(c.Word)) {
			return f.own(p, "", "assign"), nil
		}
		found := f.agentsNamed(c.Word)
		if strings.EqualFold(c.Word, "me") || strings.EqualFold(c.Word, "myself") {
			found = []desk.Agent{f.Agent}
		}
		switch len(found) {
		case 0:
			if first, _, more := strings.Cut(c.Word, " "); more && len(f.agentsNamed(first)) == 1 {
				return p, &Refusal{Rule: "assign", Title: "Nothing was done, and nothing was sent", Why: "Behind #assign stands a name and no more, and yours says “" + c.Word + "”.",
					Next: "Answer this mail again: #assign " + first + " on a line of its own, and on the next #note with what you tell the team."}
			}
			return p, noAgent("None of those who answer this mailbox is called “"+c.Word+"”.", f.agentNames(nil))
		case 1:
			return f.own(p, found[0].ID, "assign"), nil
		}
		return p, noAgent("“"+c.Word+"” may be one of several.", f.agentNames(found))
	},
}

func noAgent(why, names string) error {
	return &Refusal{Rule: "assign", Title: "Nothing was done, and nothing was sent", Why: why,
		Next: "Answer this mail again, with one of these names: " + names + "."}
}

// nameIn finds the name in what stands behind #assign: "to Ben", "@Ben, please".
func nameIn(s string) string {
	s = strings.Trim(s, " .,:;!?@\"'“”„()<>")
	for _, before := range []string{"it to ", "this to ", "to "} {
		if len(s) > len(before) && strings.EqualFold(s[:len(before)], before) {
			s = strings.TrimLeft(s[len(before):], " @")
		}
	}
	for _, after := range []string{" please", " pls", " thanks", " thank you"} {
		if n := len(s) - len(after); n > 0 && strings.EqualFold(s[n:], after) {
			s = s[:n]
		}
	}
	if s = strings.Trim(s, " .,:;!"); len(s) > 80 {
		return ""
	}
	return s
}

// agentsNamed are the mailbox's agents whom a name means: by the whole name, else
// by a part of it.
func (f Facts) agentsNamed(name string) (found []desk.Agent) {
	var part []desk.Agent
	for _, a := range f.Settings.AgentsOf(f.Mailbox) {
		whole := strings.EqualFold(name, a.ID) || strings.EqualFold(name, a.Name) || strings.EqualFold(name, a.PublicName)
		for _, address := range a.Addresses {
			whole = whole || strings.EqualFold(name, address)
		}
		if whole {
			found = append(found, a)
		}
		if slices.ContainsFunc(strings.Fields(a.Name), func(w string) bool { return strings.EqualFold(w, name) }) {
			part = append(part, a)
		}
	}
	if len(found) == 0 {
		return part
	}
	return found
}

// agentNames lists agents as #assign takes them; nil are all of the mailbox.
func (f Facts) agentNames(of []desk.Agent) string {
	if of == nil {
		of = f.Settings.AgentsOf(f.Mailbox)
	}
	var names []string
	for _, a := range of {
		name := a.Name
		if len(f.agentsNamed(name)) != 1 { // two have one name
			name = a.ID
		}
		names = append(names, name)
	}
	return strings.Join(names, ", ")
}

// own makes the conversation an agent's, or nobody's, and tells whom it concerns.
func (f Facts) own(p Plan, agent, what string) Plan {
	before := p.Conversation.Owner
	p.Conversation.Owner, p.Given = agent, true
	p = p.changed(what)
	to, _ := f.Settings.Agent(agent)
	customer := Customer(f.Conversation)
	if agent != "" && agent != f.Agent.ID && agent != before {
		p.Tells = append(slices.Clip(p.Tells), Handed{To: to, Did: "gave this to you", Then: "It is yours from now on, and the others see that."})
	}
	if last, ok := f.Settings.Agent(before); ok && before != agent && before != f.Agent.ID {
		h := Handed{To: last, Did: "gave this back to the team", Then: "This conversation was yours until now. Nothing is to be done by you alone any more."}
		switch agent {
		case "":
		case f.Agent.ID:
			h.Did, h.Then = "took this over", "This conversation was yours until now. "+customer+" hears from "+f.Agent.Name+" next."
		default:
			h.Did, h.Then = "gave this to "+to.Name, "This conversation was yours until now. "+customer+" hears from "+to.Name+" next."
		}
		if what != "take" || f.collides(before) { // else it is seen in the next mail
			p.Tells = append(slices.Clip(p.Tells), h)
		}
	}
	if what != "take" {
		return p
	}
	for _, a := range f.Settings.AgentsOf(f.Mailbox) {
		if a.ID != before && f.collides(a.ID) {
			p.Tells = append(slices.Clip(p.Tells), Handed{To: a, Did: "took this", Then: "You wrote in it just now, so that you know: " + customer + " hears from " + f.Agent.Name + " next."})
		}
	}
	return p
}

// justNow is how long after an agent wrote in a conversation they may be at it still.
const justNow = 30 * time.Minute

// collides reports whether an agent may be about to answer what another one takes: the
// customer waits and it was theirs, or they wrote in it just now.
func (f Facts) collides(agent string) bool {
	if _, waits := f.Conversation.Waits(); !waits || agent == "" || agent == f.Agent.ID {
		return false
	}
	return f.Conversation.Owner == agent || slices.ContainsFunc(f.Messages, func(m desk.Message) bool {
		return m.Agent == agent && f.Now.Sub(m.At) < justNow && (m.Kind == desk.KindNote || m.Kind == desk.KindAnswer)
	})
}
