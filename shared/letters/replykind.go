package letters

import (
	"time"

	"github.com/replywell/replywell/shared/desk"
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

// What a reply is, as the first line says it. The customer's name goes in front
// of the full stop of toCustomer.
const (
	toCustomer  = "A reply goes to "
	toTeam      = "A reply is a note for the team."
	toNobody    = "Nobody reads replies to this mail."
	answerFirst = "#" + desk.CommandAnswer
	onlyNote    = "There is no address to answer to: a reply is a note for the team."
)

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
		return turn + "A reply goes nowhere by itself: " + answerFirst + " in its first line sends it to " + personName(conv.Customer) + ", #note keeps it for the team."
	case kind != ReplyWords && conv.ID != "" && conv.Customer.Address == "":
		return turn + onlyNote
	case kind == ReplyTeam:
		return turn + toTeam
	}
	return turn
}

// kind is what a reply to this notification is: a customer's own mail is
// answered, whatever else is told is talked about.
func (n *notification) kind() ReplyKind {
	alone := n.conv.CustomerMessages == 0 && n.conv.Answers == 0
	switch {
	case n.conv.Customer.Address == "":
		return ReplyTeam
	case n.msg.Kind == desk.KindCustomer, n.msg.Kind == desk.KindAutomatic && alone:
		return ReplyCustomer
	}
	return ReplyTeam
}

// turn says whose turn it is, in a few words.
func (n *notification) turn() string {
	switch n.msg.Kind {
	case desk.KindAnswer:
		return "A colleague’s answer."
	case desk.KindNote:
		if n.msg.Agent == "" {
			return "A note by " + n.who() + ", who is none of the agents."
		}
		return "A colleague’s note."
	case desk.KindArranged:
		return "Nothing to do."
	case desk.KindAutomatic:
		return "No person wrote this."
	case desk.KindBounce, desk.KindComplaint:
		if n.msg.Agent == n.agent.ID {
			return "About your answer."
		}
		if n.msg.Agent == "" {
			return "About an answer of ours."
		}
		return "About the answer of " + n.colleague(n.msg.Agent) + "."
	}
	switch {
	case n.conv.Customer.Address == "":
		return ""
	case n.thanks():
		return "A thank-you."
	case n.conv.State != desk.StateOpen:
		return ""
	}
	return since(n.w.Now.Sub(n.waiting())) + n.whose() + "." // who waits is said behind it
}

// whose says which agent the customer waits for: who answered last.
func (n *notification) whose() string {
	switch {
	case n.conv.Owner == n.agent.ID, n.conv.Owner == "" && len(n.mb.Agents) == 1:
		return ", yours"
	case n.conv.Owner == "":
		return ", nobody’s yet"
	}
	return ", " + n.colleague(n.conv.Owner) + "’s"
}

// waiting is since when the customer waits: the first of their mails that no
// answer came after.
func (n *notification) waiting() time.Time {
	at := n.msg.At
	h := desk.InOrder(n.more.History)
	for i := len(h) - 1; i >= 0 && h[i].Kind != desk.KindAnswer; i-- {
		if h[i].Kind == desk.KindCustomer && !h[i].Thanks {
			at = h[i].At
		}
	}
	return at
}

// since says how long somebody waits; a moment is not worth a number.
func since(d time.Duration) string {
	if d < 2*time.Minute {
		return "Just came"
	}
	if d >= time.Hour {
		d = d.Round(time.Hour)
	}
	return "Waiting " + page.Duration(d)
}
