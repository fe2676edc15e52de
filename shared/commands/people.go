package commands

import (
	"fmt"
	"slices"
	"strings"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/sender"
)

// add admits a person: they get the answers in copy, and what they write belongs
// to the conversation.
var add = Command{
	Name: desk.CommandAdd, Also: []string{"cc"}, Often: true,
	Help:  []Line{{"#add eva@example.com", "lets a person in (#cc does too): they get your answers in copy, and their mail comes here"}},
	Needs: func(_ Facts, c desk.Command) Needs { return Needs{Senders: []string{c.Word}} },
	Decide: func(f Facts, c desk.Command, p Plan) (Plan, error) {
		who, _, err := person(c, f.proposed(), f.Conversation.Proposed)
		if err != nil {
			return p, err
		}
		if why := f.inadmissible(who.Address); why != "" {
			return p, noPeople(why, writeOut)
		}
		p.Added = append(slices.Clip(p.Added), who)
		if len(f.Conversation.Participants)+len(p.Added) > desk.MaxParticipants {
			return p, noPeople(fmt.Sprintf("A conversation has at most %d participants.", desk.MaxParticipants), "Remove somebody with #remove first.")
		}
		return p, nil
	},
}

// remove takes that back.
var remove = Command{
	Name: desk.CommandRemove, Often: true,
	Help: []Line{{"#remove eva@example.com", "takes that back"}},
	Decide: func(f Facts, c desk.Command, p Plan) (Plan, error) {
		who, known, err := person(c, f.Conversation.Participants, f.Conversation.Participants)
		if err == nil && !known {
			err = noPeople(who.Address+" was not admitted to this conversation.", "Nothing is to be done.")
		}
		p.Removed = append(slices.Clip(p.Removed), who)
		return p, err
	},
}

const writeOut = "Answer this mail again, with the address written out."

func noPeople(why, next string) error {
	return &Refusal{Rule: "people", Title: "Nothing was done, and nothing was sent", Why: why, Next: next}
}

// person is whom a command means: by the number in a list, or by the address. Of
// a known person the name is known too.
func person(c desk.Command, list, known []desk.Person) (who desk.Person, found bool, err error) {
	who = desk.Person{Address: c.Word}
	if c.Argument > len(list) {
		return who, false, noPeople(fmt.Sprintf("There is no person %d to #%s.", c.Argument, c.Name), writeOut)
	} else if c.Argument > 0 {
		who = list[c.Argument-1]
	}
	i := slices.IndexFunc(known, func(p desk.Person) bool { return SameAddress(p.Address, who.Address) })
	if i < 0 {
		return who, false, nil
	}
	return known[i], true, nil
}

// proposed are the people as the mail that is answered numbered them: a number
// must not come to mean somebody else because a colleague admitted the first.
// Where no mail numbered anybody they are those of the conversation.
func (f Facts) proposed() []desk.Person {
	var shown []string
	for _, m := range f.Messages {
		if m.Sequence <= f.Seen && len(m.Proposed) > 0 {
			shown = m.Proposed
		}
	}
	if shown == nil {
		return f.Conversation.Proposed
	}
	var out []desk.Person
	for _, address := range shown {
		out = append(out, desk.Person{Address: address})
	}
	return out
}

// inadmissible says why an address cannot be admitted, or gives "".
func (f Facts) inadmissible(address string) string {
	if f.Conversation.Admits(address, SameAddress) {
		return address + " belongs to this conversation already."
	}
	if _, ours := f.Settings.MailboxAt(address); ours {
		return address + " is an address of ours."
	}
	if _, agent := f.Settings.AgentAt(address); agent {
		return address + " is an agent's address. Agents see the conversation by themselves, and their private addresses stay with us."
	}
	for _, b := range f.Blocks {
		if !b.Unproven && sender.Under(address, b.Sender) {
			return shownSender(b.Sender) + " is blocked" + f.said(desk.Aside{By: b.By, At: b.At}) + ", so their mail would not come here. #unblock " + shownSender(b.Sender) + " ends that."
		}
	}
	at := strings.LastIndexByte(address, '@')
	if at < 1 || at == len(address)-1 || strings.ContainsFunc(address, func(r rune) bool { return r <= ' ' || r == 0x7f || strings.ContainsRune(",;<>()", r) }) {
		return "“" + address + "” is no address that mail can be sent to."
	}
	return ""
}

// Admit changes the people of a conversation, and notes it so that it can be taken
// back; an arrangement without an id is not noted.
func Admit(c *desk.Conversation, added, removed []desk.Person, a desk.Arrangement) {
	change := func(list, out, in []desk.Person) []desk.Person {
		list = slices.DeleteFunc(slices.Clone(list), func(p desk.Person) bool {
			return slices.ContainsFunc(out, func(q desk.Person) bool { return SameAddress(p.Address, q.Address) })
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

// inCopy says who gets the answers.
func inCopy(c desk.Conversation) string {
	if len(c.Participants) == 0 {
		return "Answers go to " + Customer(c) + " alone."
	}
	var names []string
	for _, p := range c.Participants {
		names = append(names, p.Address)
	}
	return "Answers go to " + Customer(c) + ", and in copy to " + strings.Join(names, ", ") + ". Nobody gets what was written before."
}

// SameAddress reports whether two addresses are one person's.
func SameAddress(a, b string) bool {
	return desk.SameCustomer(desk.Conversation{Customer: desk.Person{Address: a}}, desk.Conversation{Customer: desk.Person{Address: b}})
}
