package reply

import (
	"context"
	"fmt"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/page"
)

// undo takes back what the team's agents arranged last in the conversation.
func (j *job) undo(ctx context.Context, text string) error {
	conv := j.conv
	for {
		a, ok := conv.LastArrangement(j.now)
		if !ok {
			return &refusal{rule: "undo-nothing", title: "Nothing was taken back",
				why:  "In the last 30 days nothing was split, joined, admitted or closed in this conversation that is not taken back already.",
				next: "An answer that was sent cannot be taken back; write to the customer again if it was wrong."}
		}
		switch a.Action {
		case desk.ActionSplit:
			return j.undoSplit(ctx, a, text)
		case desk.ActionMerge:
			return j.undoMerge(ctx, a, text)
		case desk.ActionPeople:
			return j.undoPeople(ctx, conv, a, text)
		}
		if conv.State != desk.StateSolved { // it was opened again since
			conv.Reopen(desk.Arrangement{ID: a.ID, Before: conv.Standing()})
			continue
		}
		conv.Reopen(a)
		return j.plainly(ctx, conv, "undo-close", "opened this conversation again", "It was closed, and is as it was before. "+customer(conv)+" is told nothing.", text)
	}
}

// undoSplit puts two halves together again. The order may have come to either.
func (j *job) undoSplit(ctx context.Context, a desk.Arrangement, text string) error {
	x, y := j.conv, j.conv
	var err error
	if a.First > 0 { // this is the half that was split off
		x, err = j.Store.Itself(ctx, a.Other)
	} else {
		y, err = j.Store.Itself(ctx, a.Other)
	}
	if err != nil {
		return fmt.Errorf("reading the other half of %s: %w", j.conv.ID, err)
	}
	for _, c := range []desk.Conversation{x, y} {
		if err := later(c, a, ""); err != nil {
			return err
		}
	}
	messages, err := j.all(ctx, x)
	if err != nil {
		return err
	}
	others, err := j.all(ctx, y)
	if err != nil {
		return err
	}
	h := desk.UndoSplit(x, y, messages, others, split(x, a), j.agent.ID, j.now, j.settings.SolvedAfter)
	what := fmt.Sprintf("put [%s] %s back into this conversation", y.ID.Reference(), page.OneLine(y.Subject))
	h.ThisEntry.Text = j.agent.Name + " " + what + "."
	c := j.change(desk.OutcomeAgent, "undo split")
	j.halves(c, h, "undo-split")
	c.Inbound.Conversation = x.ID
	ready, err := j.tellEntry(h.This, h.ThisEntry, append(messages, others...), what, "It had been split off. What came to it meanwhile is here too, and later mail to either comes here.", text)
	if err != nil {
		return err
	}
	return j.commit(ctx, c, ready, nil)
}

// split gives the first half's own record of the arrangement.
func split(x desk.Conversation, a desk.Arrangement) desk.Arrangement {
	for _, d := range x.Done {
		if d.ID == a.ID {
			return d
		}
	}
	return a
}

// later says what must be taken back first, or gives nil. into is where the
// conversation should be joined into.
func later(c desk.Conversation, a desk.Arrangement, into desk.ConversationID) error {
	if c.Into == into && (into != "" || c.CanUndo(a.ID)) {
		return nil
	}
	where := c.ID
	if c.Into != "" {
		where = c.Into
	}
	return &refusal{rule: "undo-order", title: "Nothing was taken back",
		why:  fmt.Sprintf("[%s] was split or joined again after that.", c.ID.Reference()),
		next: fmt.Sprintf("Take the later one back first: write #undo in answer to a mail about [%s].", where.Reference())}
}

// undoMerge takes the conversations apart again. Each message goes where its
// evidence puts it.
func (j *job) undoMerge(ctx context.Context, a desk.Arrangement, text string) error {
	b, err := j.Store.Itself(ctx, a.Other)
	if err != nil {
		return fmt.Errorf("reading the conversation that was joined into %s: %w", j.conv.ID, err)
	}
	if err := later(b, a, j.conv.ID); err != nil {
		return err
	}
	messages, err := j.all(ctx, j.conv)
	if err != nil {
		return err
	}
	h := desk.UndoMerge(j.conv, b, messages, a, j.agent.ID, j.now, j.settings.SolvedAfter)
	h.ThisEntry.Text = fmt.Sprintf("%s took [%s] %s out of this conversation again.", j.agent.Name, b.ID.Reference(), page.OneLine(b.Subject))
	h.OtherEntry.Text = fmt.Sprintf("%s took this out of [%s] again.", j.agent.Name, j.conv.ID.Reference())
	c := j.change(desk.OutcomeAgent, "undo merge")
	j.halves(c, h, "undo-merge")
	var history []desk.Message
	for _, m := range messages {
		if m.Part == b.ID {
			history = append(history, m)
		}
	}
	ready, err := j.tellEntry(h.Other, h.OtherEntry, history, "took this out of ["+j.conv.ID.Reference()+"] again",
		"The two had been joined. This one stands by itself again, with what came to it meanwhile; ["+j.conv.ID.Reference()+"] goes on without it.", text)
	if err != nil {
		return err
	}
	return j.commit(ctx, c, ready, nil)
}

// plainly records a change of one conversation and tells the agents.
func (j *job) plainly(ctx context.Context, conv desk.Conversation, rule, what, then, text string) error {
	conv.Messages++
	conv.Arranged = conv.Messages
	entry := desk.Message{Conversation: conv.ID, Sequence: conv.Messages, Kind: desk.KindArranged, Agent: j.agent.ID, At: j.now, Text: j.agent.Name + " " + what + "."}
	c := j.change(desk.OutcomeAgent, rule)
	j.halves(c, desk.Halves{This: conv, ThisEntry: entry}, rule)
	c.Others = nil
	ready, err := j.tellEntry(conv, entry, append([]desk.Message(nil), j.messages...), what, then, text)
	if err != nil {
		return err
	}
	return j.commit(ctx, c, ready, nil)
}
