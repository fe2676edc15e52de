package reply

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/page"
	"github.com/replywell/replywell/shared/letters"
	"github.com/replywell/replywell/shared/orders"
	"github.com/replywell/replywell/shared/store"
)

// mostSearched bounds the customer's conversations in which a reference is looked for.
const mostSearched = 200

// askMerge asks the agent whether two conversations shall be one. Nothing
// changes before the answer; see Confirmed.
func (j *job) askMerge(ctx context.Context, order orders.Reading) error {
	other, err := j.mergeTarget(ctx, order.Commands[0])
	if err != nil {
		return err
	}
	if why := j.mergeable(j.agent, j.conv, other); why != nil {
		return why
	}
	q := desk.Confirmation{ID: desk.ConfirmationID(desk.ConfirmMerge, j.in.ID, j.agent.ID), Kind: desk.ConfirmMerge, Agent: j.agent.ID, Mailbox: j.mailbox.ID,
		Conversation: j.conv.ID, About: string(other.ID), Seen: j.seen, Asked: j.now, Expires: j.now.Add(desk.ConfirmationGood), CausedBy: j.in.ID}
	var about []page.Block
	for _, c := range []desk.Conversation{j.conv, other} {
		about = append(about, page.Facts{Facts: []page.Fact{
			{Label: "[" + c.ID.Reference() + "]", Value: page.Excerpt(c.Subject, 120)},
			{Label: "Customer", Value: page.Excerpt(c.Customer.Name+" <"+c.Customer.Address+">", 200)},
			{Label: "So far", Value: page.Count(c.CustomerMessages, "message", "messages") + ", " + page.Count(c.Answers, "answer", "answers") + ", last on " + c.Activity.UTC().Format("2 Jan 2006")},
		}})
	}
	if order.Text != "" {
		about = append(about, page.Heading{Level: 3, Text: "What you had written (not sent)"}, page.Body{Text: order.Text})
	}
	ready, err := j.letters.Ask(desk.DerivedID(j.in.ID, "ask"), j.agent, j.mailbox, j.conv, q, letters.Question{Title: "Shall these two be joined?",
		Text:  "They become one conversation, under the reference of the older one. Later mail to either comes there. The customer is told nothing. It can be taken back for 30 days with #undo.",
		About: about, Words: letters.YesOrNo("joins them", "leaves them as they are")})
	if err != nil {
		return err
	}
	c := j.change(desk.OutcomeAgent, "merge asked for")
	c.Confirmations = []*desk.Confirmation{&q}
	return j.commit(ctx, c, []letters.Ready{ready}, nil)
}

// mergeTarget finds the conversation that a command names.
func (j *job) mergeTarget(ctx context.Context, cmd desk.Command) (desk.Conversation, error) {
	none := &refusal{rule: "merge-unknown", title: "Nothing was joined",
		next: "Answer this mail with the reference of one of the customer's other conversations, like #merge K7M-4Q9. It stands in the subject of every mail about it."}
	if cmd.Argument > 0 {
		var list []desk.ConversationID
		for _, m := range j.messages {
			if m.Sequence <= j.seen && len(m.Beside) > 0 {
				list = m.Beside
			}
		}
		if cmd.Argument > len(list) {
			none.why = fmt.Sprintf("You asked for conversation %d, and our mail numbered %s.", cmd.Argument, page.Count(len(list), "conversation", "conversations"))
			return desk.Conversation{}, none
		}
		c, err := j.Store.Conversation(ctx, list[cmd.Argument-1])
		if errors.Is(err, store.ErrNotFound) {
			none.why = "That conversation is not there any more."
			return c, none
		}
		return c, err
	}
	found, err := j.Store.CustomerConversations(ctx, j.conv.Customer.Address, mostSearched)
	if err != nil {
		return desk.Conversation{}, fmt.Errorf("reading the customer's conversations: %w", err)
	}
	for _, id := range j.conv.Linked {
		c, err := j.Store.Conversation(ctx, id)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return c, err
		}
		if err == nil {
			found = append(found, c)
		}
	}
	var match []desk.Conversation
	for _, c := range found {
		if c.ID.Reference() == cmd.Word && c.ID != j.conv.ID && !slices.ContainsFunc(match, func(m desk.Conversation) bool { return m.ID == c.ID }) {
			match = append(match, c)
		}
	}
	switch {
	case cmd.Word == j.conv.ID.Reference():
		none.why = "[" + cmd.Word + "] is this conversation."
	case len(match) == 1:
		return match[0], nil
	case len(match) > 1:
		none.why = "Two of the customer's conversations have the reference [" + cmd.Word + "], by chance."
		none.next = "Answer the mail that opened this conversation, and use the number of the other one there."
	default:
		none.why = "None of " + customer(j.conv) + "'s conversations has the reference [" + cmd.Word + "]."
	}
	return desk.Conversation{}, none
}

// mergeable says why two conversations must not be one, or gives nil. Two
// customers' are never joined: there is no conversation in which an answer could
// go to the wrong one.
func (j *job) mergeable(agent desk.Agent, a, b desk.Conversation) error {
	no := func(rule, why, next string) error {
		return &refusal{rule: rule, title: "Nothing was joined", why: why, next: next}
	}
	mb, ok := j.settings.Mailbox(b.Mailbox)
	switch {
	case a.ID == b.ID:
		return no("merge-same", "They are one conversation already.", "Nothing is to be done.")
	case !ok || !slices.Contains(mb.Agents, agent.ID):
		return no("merge-mailbox", "You are not one of the agents of the mailbox that the other conversation came to.", "Ask one of those who answer it.")
	case !desk.SameCustomer(a, b):
		return no("merge-customers", fmt.Sprintf("[%s] is a conversation with %s, and [%s] with %s. Conversations of two addresses are not joined, so that no answer can go to the wrong one.",
			a.ID.Reference(), addressOf(a), b.ID.Reference(), addressOf(b)),
			"If that person belongs to this conversation, admit them with #add and their address. Else answer each in its own conversation.")
	}
	return nil
}

func addressOf(c desk.Conversation) string {
	if c.Customer.Address == "" {
		return "nobody who can be answered"
	}
	return c.Customer.Address
}

// Confirmed does what an agent said yes to, or chose. base is the change that uses
// the question up. See confirm.Action.
func (s *Service) Confirmed(ctx context.Context, q desk.Confirmation, agent desk.Agent, base *store.Change) error {
	if q.Kind == desk.ConfirmKept {
		return s.release(ctx, q, agent, base)
	}
	if q.Kind == desk.ConfirmMeant {
		return s.meant(ctx, q, agent, base)
	}
	return s.joined(ctx, q, agent, base)
}

// joined joins the two conversations.
func (s *Service) joined(ctx context.Context, q desk.Confirmation, agent desk.Agent, base *store.Change) error {
	settings, err := s.Settings(ctx)
	if err != nil {
		return err
	}
	j := &job{Service: s, settings: settings, in: base.Inbound, agent: agent, seen: q.Seen, now: s.Now()}
	j.letters = letters.Writer{Settings: settings, Keys: s.Keys, Now: j.now}
	if j.conv, err = s.Store.Conversation(ctx, q.Conversation); err != nil {
		return err
	}
	other, err := s.Store.Conversation(ctx, desk.ConversationID(q.About))
	if err != nil {
		return err
	}
	if j.mailbox, err = j.mailboxOf(j.conv); err != nil {
		return err
	}
	err = j.merge(ctx, other, base)
	if why := (*refusal)(nil); errors.As(err, &why) {
		base.Inbound.Outcome, base.Inbound.Reason = desk.OutcomeRefused, why.why
		r, err := j.letters.Notice(desk.DerivedID(j.in.ID, "notice"), j.mailbox, j.conv, j.seen, letters.Notice{Agent: agent, Title: why.title, Why: why.why, Next: why.next})
		if err != nil {
			return err
		}
		return j.commitAs(ctx, base, []letters.Ready{r})
	}
	return err
}

// merge joins the other conversation and this one: the older stays.
func (j *job) merge(ctx context.Context, other desk.Conversation, c *store.Change) error {
	keep, join := j.conv, other
	if join.Opened.Before(keep.Opened) {
		keep, join = join, keep
	}
	for _, x := range []desk.Conversation{keep, join} {
		if err := j.mergeable(j.agent, keep, x); err != nil && (x.ID != keep.ID || keep.ID == join.ID) {
			return err
		}
	}
	if mb, ok := j.settings.Mailbox(keep.Mailbox); !ok || !slices.Contains(mb.Agents, j.agent.ID) {
		return j.mergeable(j.agent, join, keep)
	}
	own, err := j.all(ctx, keep)
	if err != nil {
		return err
	}
	messages, err := j.all(ctx, join)
	if err != nil {
		return err
	}
	h := desk.Merge(keep, join, messages, j.arrangement())
	if len(h.ThisEntry.Arranged.Included) > desk.MaxSpans {
		return &refusal{rule: "arrange-large", title: "Nothing was joined", why: "The two were rearranged too often to be joined.", next: "You can answer each as it is."}
	}
	what := fmt.Sprintf("joined [%s] %s into this conversation", join.ID.Reference(), page.OneLine(join.Subject))
	h.ThisEntry.Text = j.agent.Name + " " + what + "."
	j.halves(c, h, "merge")
	c.Inbound.Conversation, c.Inbound.Mailbox = keep.ID, keep.Mailbox
	ready, err := j.tellEntry(h.This, h.ThisEntry, append(own, messages...), what,
		"What was said in both stands below. Later mail to either comes here. #undo takes it back within 30 days.", "")
	if err != nil {
		return err
	}
	return j.commitAs(ctx, c, ready)
}
