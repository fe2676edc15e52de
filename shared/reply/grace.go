package reply

import (
	"context"
	"slices"
	"time"

	"github.com/replywell/replywell/shared/commands"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/letters"
	"github.com/replywell/replywell/shared/store"
)

// tellAfter is how long after an answer its colleagues are told of it: by then it
// has left.
const tellAfter = 10 * time.Second

// leaves is when the mail's answer leaves: the grace time after the text arrived
// here. The zero time is at once.
func (w written) leaves(f commands.Facts) time.Time {
	came := w.origin().ReceivedAt
	if f.Mailbox.Grace <= 0 || came.IsZero() {
		return time.Time{}
	}
	if came.After(f.Now) { // the clock of another machine
		came = f.Now
	}
	return came.Add(f.Mailbox.Grace)
}

// wait lets the answer of a change wait until it is due. What the reports are told
// of it waits with it.
func wait(f commands.Facts, w written, p plan, conv *desk.Conversation, c *store.Change, answer *letters.Ready, due time.Time) {
	answer.Item.NotBefore = due
	c.Events = slices.DeleteFunc(c.Events, func(e desk.Event) bool {
		left := e.Kind == desk.EventAnswered || e.Kind == desk.EventArticleSent || e.Kind == desk.EventSolved
		if left {
			answer.Item.Events = append(answer.Item.Events, e)
		}
		return left
	})
	l := desk.Leaving{Sequence: answer.Item.Sequence, Number: conv.Answers, Outbox: answer.Item.ID, Agent: f.Agent.ID, Held: w.origin().ID, Seen: f.Seen, At: w.at(f), Until: due,
		Before: p.Conversation.Turn(), After: conv.Turn()}
	if closing := commands.ClosingID(f.Mail); slices.ContainsFunc(conv.Done, func(a desk.Arrangement) bool { return a.ID == closing }) {
		l.Closing = closing
	}
	conv.Leave(l, f.Now)
}

// following are mails that tell of an answer, due when it has left.
func following(told []letters.Ready, answer desk.OutboxItem, due time.Time) []letters.Ready {
	for i := range told {
		told[i].Item.After, told[i].Item.NotBefore = answer.ID, due.Add(tellAfter)
	}
	return told
}

// takeBack stops an answer that has not left, and gives it back to its author.
func (s *Service) takeBack(ctx context.Context, f commands.Facts, w written, t commands.TakenBack, also *store.Change) error {
	c := change(f, w, desk.OutcomeAgent, "an answer is taken back")
	c.Conversation, c.Messages, c.Inbound.Sequence = &t.Conversation, []desk.Message{t.Entry}, t.Entry.Sequence
	e := event(f, desk.EventArranged, t.Conversation, w.at(f))
	e.Detail = "answer taken back"
	c.Events = append(c.Events, e)
	q, ready, err := s.writer(f).Stopped(f.Agent, f.Mailbox, t.Conversation, letters.Stopped{Answer: t.Answer, Leaving: t.Leaving, Beside: f.Text})
	if err != nil {
		return err
	}
	t.Item.State = desk.OutboxTakenBack
	c.Outbox, c.Confirmations = append(c.Outbox, &t.Item), append(c.Confirmations, &q)
	return s.commit(ctx, f, w, c, []letters.Ready{ready}, nil, also)
}
