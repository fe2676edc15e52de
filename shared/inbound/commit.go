package inbound

import (
	"context"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/letters"
	"github.com/replywell/replywell/shared/store"
)

// event begins an event that a mail caused.
func event(kind desk.EventKind, in desk.Inbound, conv desk.Conversation) desk.Event {
	return desk.Event{ID: desk.DerivedID(in.ID, string(kind)), Schema: desk.EventSchema, Kind: kind, Occurred: in.ReceivedAt, Recorded: in.Recorded,
		Mailbox: in.Mailbox, Conversation: conv.ID, Sequence: conv.Messages, Opened: conv.Opened, Answers: conv.Answers, Reopened: conv.Reopened}
}

// commit writes the change with the mails it causes, and wakes the sender.
func (s *Held) commit(ctx context.Context, c *store.Change, mails ...letters.Ready) error {
	return s.Recorder().Commit(ctx, c, mails, s.Now(), c.Inbound.ID)
}
