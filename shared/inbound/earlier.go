package inbound

import (
	"context"
	"fmt"
	"slices"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/earlier"
	"github.com/replywell/replywell/shared/email/automatic"
	"github.com/replywell/replywell/shared/inbound/thread"
	"github.com/replywell/replywell/shared/store"
)

// mostImportedIDs bounds the ids that are written with a conversation of before: one
// write holds no more. Should a mail name another, it is asked for then.
const mostImportedIDs = 60

// takeIn puts a conversation of before Replywell into the store where a person's mail
// answers it and names nothing that the store knows, and looks the mail up again.
// Nobody is told and no event is written: what the mail does is decided as for any other.
func (s *Held) takeIn(ctx context.Context, c *thread.Case) error {
	ids := answeredBefore(*c)
	if len(ids) == 0 {
		return nil
	}
	old, taken, err := earlier.Find(ctx, s.Blobs, s.Store.Keep, s.Now(), ids)
	if err != nil || old == nil {
		return reading("whether the mail answers one of before Replywell", err)
	}
	lead := old.IDs
	slices.SortStableFunc(lead, func(a, b string) int { // what the mail names is among those that are written
		return firstly(slices.Contains(ids, b)) - firstly(slices.Contains(ids, a))
	})
	lead = lead[:min(len(lead), mostImportedIDs)]
	known, err := s.Store.Lookup(ctx, store.Lookup{MessageIDs: lead})
	if err != nil {
		return reading("whether a conversation of before Replywell was taken in", err)
	}
	change, err := s.taking(c.Facts.Mailbox.ID, *old, lead, known)
	if err != nil {
		return err
	}
	change.Since = taken
	if err := s.Store.Commit(ctx, change); err != nil {
		return fmt.Errorf("taking in a conversation of before Replywell: %w", err)
	}
	c.Found.Found, err = s.Store.Lookup(ctx, c.Facts.Lookup())
	return reading("the mail after its conversation was taken in", err)
}

// taking is what is written: the conversation, or, where a part of it was taken in
// before, that the other ids lead there too.
func (s *Held) taking(mailbox string, old earlier.Conversation, lead []string, known store.Found) (*store.Change, error) {
	change := &store.Change{MessageIDs: map[string]store.MessageRef{}, Claims: lead}
	for _, id := range lead {
		if ref := known.MessageIDs[id]; ref.Conversation != "" {
			for _, other := range lead {
				if _, ok := known.MessageIDs[other]; !ok {
					change.MessageIDs[other] = store.MessageRef{Conversation: ref.Conversation, Sequence: ref.Sequence}
				}
			}
			return change, nil
		}
	}
	id, err := desk.NewConversationID(s.Random)
	if err != nil {
		return nil, err
	}
	conv, messages := old.Taken(id, mailbox, s.Now())
	for _, name := range lead {
		change.MessageIDs[name] = store.MessageRef{Conversation: id}
	}
	for _, m := range messages {
		if _, ok := change.MessageIDs[m.MessageID]; ok {
			change.MessageIDs[m.MessageID] = store.MessageRef{Conversation: id, Sequence: m.Sequence}
		}
	}
	change.Conversation, change.Messages = &conv, messages
	return change, nil
}

// answeredBefore are the ids that a person's mail answers where the store knows nothing
// that it names: the newest and the thread's first.
func answeredBefore(c thread.Case) []string {
	f := c.Facts
	if f.AnySender || f.Kind != automatic.Person || f.Released == "" && f.Record.Verdicts.Quarantine() != "" || len(c.Found.Conversations) > 0 {
		return nil
	}
	ids := slices.Clone(f.Answered)
	if n := len(ids); n >= earlier.MaxAsked {
		ids = append(ids[:earlier.MaxAsked-2:earlier.MaxAsked-2], ids[n-1])
	}
	ids = append(ids, f.Cited...)
	if f.AsForward != nil {
		ids = append(ids, f.AsForward.Answered...)
	}
	for _, id := range ids {
		if c.Found.MessageIDs[id].Conversation != "" {
			return nil
		}
	}
	return ids
}

func firstly(yes bool) int {
	if yes {
		return 1
	}
	return 0
}
