package commands

import (
	"fmt"
	"slices"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/page"
)

// merge joins another conversation of the customer's with this one, after a
// confirmation: see Join.
var merge = Command{
	Name: desk.CommandMerge, Alone: true,
	Help: []Line{{"#merge K7M-4Q9", "joins another conversation of this customer with this one; you are asked to confirm"}},
	Needs: func(f Facts, c desk.Command) Needs {
		if list := f.numbered(); c.Argument > 0 {
			return Needs{Named: list[min(c.Argument-1, len(list)):min(c.Argument, len(list))]}
		}
		return Needs{Beside: true, Named: f.Conversation.Linked}
	},
	Decide: func(f Facts, c desk.Command, p Plan) (Plan, error) {
		other, err := f.target(c)
		if err != nil {
			return p, err
		}
		if err := f.joinable(f.Conversation, other); err != nil {
			return p, err
		}
		ask := Question{What: "merge asked for", Kind: desk.ConfirmMerge, About: string(other.ID), Title: "Shall these two be joined?",
			Text: "They become one conversation, under the reference of the older one. Later mail to either comes there. The customer is told nothing. It can be taken back for 30 days with #undo.",
			Yes:  "joins them", No: "leaves them as they are"}
		for _, c := range []desk.Conversation{f.Conversation, other} {
			ask.Blocks = append(ask.Blocks, page.Facts{Facts: []page.Fact{
				{Label: "[" + c.ID.Reference() + "]", Value: page.Excerpt(c.Subject, 120)},
				{Label: "Customer", Value: page.Excerpt(c.Customer.Name+" <"+c.Customer.Address+">", 200)},
				{Label: "So far", Value: page.Count(c.CustomerMessages, "message", "messages") + ", " + page.Count(c.Answers, "answer", "answers") + ", last on " + c.Activity.UTC().Format("2 Jan 2006")},
			}})
		}
		p.Ask = &ask
		return p, nil
	},
}

// numbered are the customer's other conversations as the mail that is answered
// numbered them.
func (f Facts) numbered() (list []desk.ConversationID) {
	for _, m := range f.Messages {
		if m.Sequence <= f.Seen && len(m.Beside) > 0 {
			list = m.Beside
		}
	}
	return list
}

// target finds the conversation that a command names.
func (f Facts) target(c desk.Command) (desk.Conversation, error) {
	none := &Refusal{Rule: "merge-unknown", Title: "Nothing was joined",
		Next: "Answer this mail with the reference of one of the customer's other conversations, like #merge K7M-4Q9. It stands in the subject of every mail about it."}
	if list := f.numbered(); c.Argument > len(list) {
		none.Why = fmt.Sprintf("You asked for conversation %d, and our mail numbered %s.", c.Argument, page.Count(len(list), "conversation", "conversations"))
		return desk.Conversation{}, none
	} else if c.Argument > 0 {
		if other, there := f.Named[list[c.Argument-1]]; there {
			return other, nil
		}
		none.Why = "That conversation is not there any more."
		return desk.Conversation{}, none
	}
	found := slices.Clone(f.Beside)
	for _, id := range f.Conversation.Linked {
		if other, there := f.Named[id]; there {
			found = append(found, other)
		}
	}
	var match []desk.Conversation
	for _, x := range found {
		if x.ID.Reference() == c.Word && x.ID != f.Conversation.ID && !slices.ContainsFunc(match, func(m desk.Conversation) bool { return m.ID == x.ID }) {
			match = append(match, x)
		}
	}
	switch {
	case c.Word == f.Conversation.ID.Reference():
		none.Why = "[" + c.Word + "] is this conversation."
	case len(match) == 1:
		return match[0], nil
	case len(match) > 1:
		none.Why = "Two of the customer's conversations have the reference [" + c.Word + "], by chance."
		none.Next = "Answer the mail that opened this conversation, and use the number of the other one there."
	default:
		none.Why = "None of " + Customer(f.Conversation) + "'s conversations has the reference [" + c.Word + "]."
	}
	return desk.Conversation{}, none
}

// joinable says why two conversations must not be one, or gives nil. Two
// customers' are never joined: there is no conversation in which an answer could
// go to the wrong one.
func (f Facts) joinable(a, b desk.Conversation) error {
	no := func(rule, why, next string) error {
		return &Refusal{Rule: rule, Title: "Nothing was joined", Why: why, Next: next}
	}
	switch {
	case a.ID == b.ID:
		return no("merge-same", "They are one conversation already.", "Nothing is to be done.")
	case !f.answersAt(b.Mailbox):
		return no("merge-mailbox", "You are not one of the agents of the mailbox that the other conversation came to.", "Ask one of those who answer it.")
	case !desk.SameCustomer(a, b):
		return no("merge-customers", fmt.Sprintf("[%s] is a conversation with %s, and [%s] with %s. Conversations of two addresses are not joined, so that no answer can go to the wrong one.",
			a.ID.Reference(), addressOf(a), b.ID.Reference(), addressOf(b)),
			"If that person belongs to this conversation, admit them with #add and their address. Else answer each in its own conversation.")
	}
	return nil
}

// answersAt reports whether the agent is one of the mailbox's.
func (f Facts) answersAt(mailbox string) bool {
	mb, ok := f.Settings.Mailbox(mailbox)
	return ok && slices.Contains(mb.Agents, f.Agent.ID)
}

func addressOf(c desk.Conversation) string {
	if c.Customer.Address == "" {
		return "nobody who can be answered"
	}
	return c.Customer.Address
}

// Join is the decision after a yes: Half and this conversation become one, the
// older stays. It needs All and HalfAll.
func Join(f Facts) (p Plan, err error) {
	keep, join, own, messages := f.Conversation, f.Half, f.All, f.HalfAll
	if join.Opened.Before(keep.Opened) {
		keep, join, own, messages = join, keep, messages, own
	}
	if err := f.joinable(keep, join); err != nil {
		return p, err
	}
	if !f.answersAt(keep.Mailbox) {
		return p, f.joinable(join, keep)
	}
	if err := arrangeable(keep, own); err != nil {
		return p, err
	}
	if err := arrangeable(join, messages); err != nil {
		return p, err
	}
	h := desk.Merge(keep, join, messages, f.Arrangement())
	if len(h.ThisEntry.Arranged.Included) > desk.MaxSpans {
		return p, &Refusal{Rule: "arrange-large", Title: "Nothing was joined", Why: "The two were rearranged too often to be joined.", Next: "You can answer each as it is."}
	}
	did := fmt.Sprintf("joined [%s] %s into this conversation", join.ID.Reference(), page.OneLine(join.Subject))
	h.ThisEntry.Text = f.Agent.Name + " " + did + "."
	p.Conversation = keep
	p.Arranged = &Arranged{Rule: "merge", Halves: h, Home: keep, Tell: Tell{Conversation: h.This, Message: h.ThisEntry, History: slices.Concat(own, messages), Did: did,
		Then: "What was said in both stands below. Later mail to either comes here. #undo takes it back within 30 days."}}
	return p, nil
}
