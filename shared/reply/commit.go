package reply

import (
	"context"
	"time"

	"github.com/replywell/replywell/shared/commands"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/guard"
	"github.com/replywell/replywell/shared/letters"
	"github.com/replywell/replywell/shared/store"
)

// change starts what is written for every mail that is carried out or refused.
func change(f commands.Facts, w written, outcome desk.Outcome, reason string) *store.Change {
	in := w.in
	in.Outcome, in.Reason, in.Conversation, in.Mailbox, in.Recorded = outcome, reason, f.Conversation.ID, f.Mailbox.ID, f.Now
	return &store.Change{Inbound: in, ContentHash: in.ContentHash, MessageIDs: map[string]store.MessageRef{}}
}

// event begins what the reports are told of it, with how the conversation stands.
func event(f commands.Facts, kind desk.EventKind, conv desk.Conversation, at time.Time) desk.Event {
	e := conv.Tell(kind, f.Mail, at, f.Now)
	e.Agent = f.Agent.ID
	return e
}

// writer writes letters as of the facts.
func (s *Service) writer(f commands.Facts) letters.Writer {
	return letters.Writer{Settings: f.Settings, Keys: s.Keys, Now: f.Now}
}

// commit writes the change with the mails it causes, those to the customer
// after they were compared with what must not reach them. The mail's id leads to
// its conversation from then on.
func (s *Service) commit(ctx context.Context, f commands.Facts, w written, c *store.Change, ready []letters.Ready, against *guard.Known, also *store.Change) error {
	c.Join(also)
	if rota := f.Rota; c.Rota == nil && c.Inbound.Outcome == desk.OutcomeAgent && rota.Wrote(f.Agent.ID, f.Now, f.Settings.ZoneOf(f.Agent)) {
		c.Rota = &rota // who carries on is at work
	}
	for _, id := range []string{w.mail.MessageID, w.asked} {
		if id != "" {
			c.MessageIDs[id] = store.MessageRef{Conversation: f.Conversation.ID, Sequence: c.Inbound.Sequence}
		}
	}
	return s.write(ctx, f, c, ready, against)
}

// write writes a change that is whole.
func (s *Service) write(ctx context.Context, f commands.Facts, c *store.Change, ready []letters.Ready, against *guard.Known) error {
	r := s.Recorder()
	if against != nil {
		r.Guard = against
	}
	return r.Commit(ctx, c, ready, f.Now, f.Mail)
}
