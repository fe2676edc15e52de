package inbound

import (
	"context"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/letters"
	"github.com/replywell/replywell/shared/store"
)

// event begins an event that a mail caused.
func event(kind desk.EventKind, in desk.Inbound, conv desk.Conversation) desk.Event {
	e := conv.Tell(kind, in.ID, in.ReceivedAt, in.Recorded)
	e.Mailbox = in.Mailbox
	return e
}

// commit writes the change with the mails it causes, and wakes the sender.
func (s *Held) commit(ctx context.Context, c *store.Change, mails ...letters.Ready) error {
	return s.Recorder().Commit(ctx, c, mails, s.Now(), c.Inbound.ID)
}
