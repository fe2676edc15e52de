package letters

import (
	"fmt"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/compose"
	"github.com/replywell/replywell/shared/email/message"
	"github.com/replywell/replywell/shared/email/page"
	"github.com/replywell/replywell/shared/email/replyaddr"
)

// ReplyKind says what a plain reply to a mail of ours to an agent is. Every such
// mail has one of these. Its reply address carries it, signed; the name of
// that address says it, which is what a phone shows while one writes; and the
// first line says it, behind whose turn it is.
//
//	mail                                     kind
//	a customer's mail, also one of thanks    ReplyCustomer
//	an automatic mail that opened            ReplyCustomer
//	any other automatic mail                 ReplyTeam
//	a colleague has answered, left a note    ReplyTeam
//	conversations joined or split, undone    ReplyTeam; with the customer's mail that
//	                                         begins a split conversation: ReplyCustomer
//	an answer bounced, or was complained of  ReplyTeam
//	nothing was sent (a refusal), #help,     ReplyAsk
//	#show, a mail in your name was held
//	your answer waits: something came        ReplyCustomer, or "send" alone
//	meanwhile
//	questions: was this you, shall these be  ReplyWords
//	joined, did you mean; the quarantine; a
//	mail that tells of many
//	what became of an answer to a question,  ReplyNowhere
//	a draft of an article, trouble of the
//	route, the weekly report
type ReplyKind uint8

// The kinds.
const (
	ReplyNowhere  ReplyKind = iota // it reaches nobody
	ReplyCustomer                  // it goes to the customer
	ReplyTeam                      // it is a note for the team; #answer at its top sends it
	ReplyAsk                       // it goes nowhere until its author says whom it is for: it begins with #answer or #note
	ReplyWords                     // only the words that the mail names do anything
)

// replyTo is the signed address that makes a reply what kind says; nil where the
// caller has an address of its own, or there is none.
func (w Writer) replyTo(kind ReplyKind, mb desk.Mailbox, conv desk.Conversation, agent desk.Agent, seen int) (*message.Address, error) {
	t := replyaddr.Token{Conversation: string(conv.ID), Person: agent.ID, LastSeen: replyaddr.Seen(seen), Expires: w.Now.Add(AgentAddressGood)}
	name := ""
	switch kind {
	case ReplyCustomer:
		t.Purpose, name = replyaddr.Agent, via(personName(conv.Customer), mb)
	case ReplyTeam:
		t.Purpose, name = replyaddr.Team, shownAs("Note to the team", mb)
	case ReplyAsk:
		t.Purpose, t.Argument, name = replyaddr.Team, replyaddr.AskWhom, shownAs("Begin with "+answerFirst, mb)
	default:
		return nil, nil
	}
	address, err := w.seal(mb, t)
	if err != nil {
		return nil, err
	}
	return &message.Address{Name: name, Address: address}, nil
}

// listAddress is where a reply goes to a mail that lists articles of its own: as
// ReplyAsk, but numbers mean those.
func (w Writer) listAddress(mb desk.Mailbox, conv desk.Conversation, agent desk.Agent, seen, list int) (string, error) {
	return w.seal(mb, replyaddr.Token{Purpose: replyaddr.Team, Argument: replyaddr.List + uint8(list), Conversation: string(conv.ID), Person: agent.ID,
		LastSeen: replyaddr.Seen(seen), Expires: w.Now.Add(AgentAddressGood)})
}

// nowhere is the address of a mail to which nobody reads an answer: it says so by
// its name, and what comes there is given back.
func (w Writer) nowhere(mb desk.Mailbox, agent desk.Agent, item string) (*message.Address, error) {
	about := desk.ConfirmationID("nowhere", item, agent.ID) // in the form that an address can carry; nothing is stored under it
	address, err := w.sealed(mb, replyaddr.Notice, desk.ConversationID(about), agent.ID, 0, AgentAddressGood)
	if err != nil {
		return nil, err
	}
	return &message.Address{Name: shownAs("Nobody reads replies", mb), Address: address}, nil
}

// via names the customer as whom a reply reaches, and through whom.
func via(who string, mb desk.Mailbox) string {
	who = shownAs(who, desk.Mailbox{})
	if name := page.OneLine(mb.Name); name != "" {
		return who + " via " + name
	}
	return who
}

// firstLine puts whose turn it is and what a reply is into one line. turn may be
// empty and ends with a full stop.
func firstLine(turn string, kind ReplyKind, conv desk.Conversation) string {
	if turn != "" {
		turn += " "
	}
	switch {
	case kind == ReplyCustomer:
		return turn + toCustomer + personName(conv.Customer) + "."
	case kind == ReplyAsk && conv.ID != "" && conv.Customer.Address != "":
		return turn + "A plain reply is not sent. Begin it with " + answerFirst + " to write to " + personName(conv.Customer) + ", or with #note to keep it in the team."
	case kind != ReplyWords && conv.ID != "" && conv.Customer.Address == "":
		return turn + onlyNote
	case kind == ReplyTeam:
		return turn + toTeam
	}
	return turn
}

// toAgent gives a letter to an agent its addresses and its thread. who is
// whose name the mail comes under; "" is the mailbox's alone. kind is what a
// plain reply to it is. Without a conversation (the zero value) there is nothing
// to reply to, and the caller gives the subject; the address of a question is
// the caller's as well.
func (w Writer) toAgent(item *desk.OutboxItem, agent desk.Agent, mb desk.Mailbox, conv desk.Conversation, who string, kind ReplyKind) (compose.Letter, error) {
	if len(agent.Addresses) == 0 {
		return compose.Letter{}, desk.Permanent(fmt.Errorf("the agent %s has no address in the configuration: add one", agent.ID))
	}
	item.Conversation, item.Agent = conv.ID, agent.ID
	l := compose.Letter{
		From: message.Address{Name: shownAs(who, mb), Address: mb.Address},
		To:   []message.Address{{Name: page.OneLine(agent.Name), Address: agent.Addresses[0]}},
	}
	if conv.ID == "" {
		item.EnvelopeFrom = mb.Address
		var err error
		if kind == ReplyNowhere || kind == ReplyAsk { // there is no customer to ask about
			l.ReplyTo, err = w.nowhere(mb, agent, item.ID)
		}
		return l, err
	}
	var err error
	if l.ReplyTo, err = w.replyTo(kind, mb, conv, agent, item.Sequence); err != nil {
		return compose.Letter{}, err
	}
	if item.EnvelopeFrom, err = w.BounceAddress(mb, conv.ID, agent.ID, item.Sequence); err != nil {
		return compose.Letter{}, err
	}
	l.Subject = AgentSubject(conv)
	l.References = []string{AgentThread(mb, conv.ID, agent.ID)}
	return l, nil
}
