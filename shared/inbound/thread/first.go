package thread

import (
	"slices"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/automatic"
	"github.com/replywell/replywell/shared/email/message"
	"github.com/replywell/replywell/shared/email/replyaddr"
	"github.com/replywell/replywell/shared/inbound/identify"
)

// First is an agent's mail to a customer who has not written, to be sent: its first
// line says to whom.
type First struct {
	Agent   desk.Agent
	Mailbox desk.Mailbox
}

// Wrote is an agent's own mail to a customer, which we have a copy of: it is recorded,
// and nothing is sent.
type Wrote struct {
	Agent        desk.Agent
	Mailbox      desk.Mailbox
	Conversation desk.Conversation // the zero value: it opens one
	Customer     desk.Person
	Others       []desk.Person // whom it went to as well
}

func (First) decision() {}
func (Wrote) decision() {}

// writesFirst sees an agent write first. To the address for that, which is signed for
// the agent and the mailbox, the same three keys open the door as to a reply address:
// the one From address is that agent's, the receiving service vouches for it, and it
// was written to this address. What misses one is told to the agent once and never
// sent, for nobody waits for it. A copy of what the agent sent alone is recorded.
func writesFirst(c Case) Decision {
	f := c.Facts
	i := slices.IndexFunc(f.Recipients, func(t identify.Address) bool { return t.Genuine && t.Purpose == replyaddr.New })
	if i < 0 {
		return c.copyOfOwn()
	}
	t := f.Recipients[i]
	switch {
	case mechanical(f.Kind) || f.Mail.Origin.Rule == "rule-forward":
		return machine(f, t.Agent, "", "")
	case t.Agent == nil:
		return Hold{Word: desk.HoldUnlisted, Reason: "it came to an address for new mail that was made for an agent who is no longer in the settings, or at another mailbox"}
	}
	agent, box := *t.Agent, f.Mailbox
	if mb, ok := c.Settings.Mailbox(t.Box); ok {
		box = mb
	}
	refuse := func(why string) Decision {
		h := c.refuse(agent, why).(Hold)
		h.Notice.First = true
		return h
	}
	switch {
	case !slices.Contains(box.Agents, agent.ID):
		return refuse("you are no longer one of the agents of the mailbox " + box.ID)
	case f.Sender == "":
		return refuse("it does not have exactly one sender in its From field")
	case !identify.HasAddress(agent, f.Sender):
		return refuse("it came to your address for new mail, and not from one of your own addresses")
	case !f.VouchedFor(agent):
		return refuse(f.Unverified)
	case !t.Meant:
		return refuse("nothing shows that you wrote it to that address: " + notMeant(f, t))
	case t.Void(agent):
		return refuse("the address that it was sent to was made before " + agent.Since.Format("2 January 2006") + ", and your older ones were declared void")
	case t.Expired:
		return refuse("the address that it was sent to is too old")
	}
	if people := outside(f); len(people) > 0 { // they have it already
		return Wrote{Agent: agent, Mailbox: box, Customer: people[0], Others: people[1:]}
	}
	return First{Agent: agent, Mailbox: box}
}

// outside are the people beside the team whom a mail went to, those in To first.
func outside(f identify.Facts) []desk.Person { return f.Proposable }

// copyOfOwn sees a copy of an agent's own mail to a customer: the customer stands in
// To, and our mailbox wherever it does. One that nothing proves is told to the agent.
func (c Case) copyOfOwn() Decision {
	f := c.Facts
	if f.Agent == nil || f.Kind != automatic.Person || f.Sender == "" || f.AsForward != nil || f.AnySender || len(f.Recipients) > 0 ||
		!slices.Contains(f.Mailbox.Agents, f.Agent.ID) || f.Mail.Origin.Rule == "rule-forward" {
		return nil
	}
	people := outside(f)
	to := slices.ContainsFunc(people, func(p desk.Person) bool {
		return slices.ContainsFunc(f.Mail.To, func(a message.Address) bool { return identify.Same(a.Address, p.Address) })
	})
	if !to {
		return nil
	}
	w := Wrote{Agent: *f.Agent, Mailbox: f.Mailbox, Customer: people[0], Others: people[1:]}
	if len(c.clues) > 0 { // the strongest
		named := c.clues[0].conv
		if !Answers(c.Settings, *f.Agent, named) {
			return nil // what is not the agent's to answer is asked about as ever
		}
		i := slices.IndexFunc(people, func(p desk.Person) bool { return identify.Same(p.Address, named.Customer.Address) })
		if i < 0 {
			return nil
		}
		w.Conversation, w.Customer, w.Others = named, people[i], slices.Delete(slices.Clone(people), i, i+1)
	}
	switch {
	case !f.VouchedFor(*f.Agent):
		return c.copyRefused(f.Unverified)
	case !f.MeantHere:
		return c.copyRefused("nothing shows that you sent us this copy: " + f.NotMeantHere)
	}
	return w
}

func (c Case) copyRefused(why string) Decision {
	h := c.refuse(*c.Facts.Agent, why).(Hold)
	h.Notice.Copy = true
	return h
}
