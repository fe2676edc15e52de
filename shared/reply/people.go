package reply

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/orders"
)

// people reads who is to be admitted and who removed. Numbers mean the people
// that are proposed, for #add, and those who were admitted, for #remove.
func (j *job) people(order orders.Reading) (added, removed []desk.Person, err error) {
	no := func(why, next string) error {
		return &refusal{rule: "people", title: "Nothing was done, and nothing was sent", why: why, next: next}
	}
	const again = "Answer this mail again, with the address written out."
	for _, c := range order.Commands {
		list, known, done := j.proposed(), j.conv.Proposed, &added
		switch c.Name {
		case desk.CommandAdd:
		case desk.CommandRemove:
			list, known, done = j.conv.Participants, j.conv.Participants, &removed
		default:
			continue
		}
		who := desk.Person{Address: c.Word}
		if c.Argument > len(list) {
			return nil, nil, no(fmt.Sprintf("There is no person %d to #%s.", c.Argument, c.Name), again)
		} else if c.Argument > 0 {
			who = list[c.Argument-1]
		}
		i := slices.IndexFunc(known, func(p desk.Person) bool { return sameAddress(p.Address, who.Address) })
		if i >= 0 {
			who = known[i]
		}
		if c.Name == desk.CommandRemove && i < 0 {
			return nil, nil, no(who.Address+" was not admitted to this conversation.", "Nothing is to be done.")
		}
		if c.Name == desk.CommandAdd {
			if why := j.inadmissible(who.Address); why != "" {
				return nil, nil, no(why, again)
			}
		}
		*done = append(*done, who)
	}
	if len(j.conv.Participants)+len(added) > desk.MaxParticipants {
		return nil, nil, no(fmt.Sprintf("A conversation has at most %d participants.", desk.MaxParticipants), "Remove somebody with #remove first.")
	}
	return added, removed, nil
}

// proposed are the people as the mail that is answered numbered them: a number
// must not come to mean somebody else because a colleague admitted the first.
// Where no mail numbered anybody they are those of the conversation.
func (j *job) proposed() []desk.Person {
	var shown []string
	for _, m := range j.messages {
		if m.Sequence <= j.seen && len(m.Proposed) > 0 {
			shown = m.Proposed
		}
	}
	if shown == nil {
		return j.conv.Proposed
	}
	var out []desk.Person
	for _, address := range shown {
		out = append(out, desk.Person{Address: address})
	}
	return out
}

// inadmissible says why an address cannot be admitted, or gives "".
func (j *job) inadmissible(address string) string {
	if j.conv.Admits(address, sameAddress) {
		return address + " belongs to this conversation already."
	}
	if _, ours := j.settings.MailboxAt(address); ours {
		return address + " is an address of ours."
	}
	if _, agent := j.settings.AgentAt(address); agent {
		return address + " is an agent's address. Agents see the conversation by themselves, and their private addresses stay with us."
	}
	at := strings.LastIndexByte(address, '@')
	if at < 1 || at == len(address)-1 || strings.ContainsFunc(address, func(r rune) bool { return r <= ' ' || r == 0x7f || strings.ContainsRune(",;<>()", r) }) {
		return "“" + address + "” is no address that mail can be sent to."
	}
	return ""
}

// admit changes the people of a conversation and notes it so that it can be taken back.
func admit(c *desk.Conversation, added, removed []desk.Person, a desk.Arrangement) {
	change := func(list, out, in []desk.Person) []desk.Person {
		list = slices.DeleteFunc(slices.Clone(list), func(p desk.Person) bool {
			return slices.ContainsFunc(out, func(q desk.Person) bool { return sameAddress(p.Address, q.Address) })
		})
		return append(list, in...)
	}
	c.Participants = change(c.Participants, removed, added)
	c.Proposed = change(c.Proposed, added, nil)
	if a.ID != "" {
		a.Action, a.Added, a.Removed = desk.ActionPeople, added, removed
		c.Did(a)
	}
}

// undoPeople takes back who was admitted and removed last.
func (j *job) undoPeople(ctx context.Context, conv desk.Conversation, a desk.Arrangement, text string) error {
	conv.Forget(a.ID)
	var back []desk.Person
	for _, p := range a.Removed {
		if !conv.Admits(p.Address, sameAddress) {
			back = append(back, p)
		}
	}
	admit(&conv, back, a.Added, desk.Arrangement{})
	conv.Propose(a.Added, sameAddress)
	return j.plainly(ctx, conv, "undo-people", "took back the last #add or #remove", inCopy(conv), text)
}

// inCopy says who gets the answers.
func inCopy(c desk.Conversation) string {
	if len(c.Participants) == 0 {
		return "Answers go to " + customer(c) + " alone."
	}
	var names []string
	for _, p := range c.Participants {
		names = append(names, p.Address)
	}
	return "Answers go to " + customer(c) + ", and in copy to " + strings.Join(names, ", ") + ". Nobody gets what was written before."
}

func sameAddress(a, b string) bool {
	return desk.SameCustomer(desk.Conversation{Customer: desk.Person{Address: a}}, desk.Conversation{Customer: desk.Person{Address: b}})
}
