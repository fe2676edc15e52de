package inbound

import (
	"context"
	"fmt"
	"slices"

	"github.com/replywell/replywell/shared/desk"
)

// lead gives every signed address the place that it names by now: agents may
// have split the conversation or joined it to another since it was made.
func (a *arrival) lead() {
	for _, list := range []*[]named{&a.tokens, &a.written, &a.quoted} {
		tokens := slices.Clone(*list)
		for i := range tokens {
			if to, ok := a.found.Places[tokens[i].names()]; ok && tokens[i].genuine() {
				tokens[i].place = &to
			}
		}
		*list = tokens
	}
}

// part finds which of the conversations that were joined the mail belongs to,
// by the entry that it answers; "" is conv itself. It reads only where
// something was joined.
func (s *Service) part(ctx context.Context, a *arrival, conv desk.Conversation, history []desk.Message) (desk.ConversationID, error) {
	if !conv.Joined() {
		return "", nil
	}
	n := 0
	for _, id := range append(a.answered(), a.mail.MessageID) {
		if ref, ok := a.found.MessageIDs[id]; ok && n == 0 && ref.Conversation == conv.ID {
			n = ref.Sequence
		}
	}
	for _, t := range a.tokens {
		if t.genuine() && t.conversation() == conv.ID {
			n = t.seen()
			break
		}
	}
	if n < 1 {
		return "", nil
	}
	i := slices.IndexFunc(history, func(m desk.Message) bool { return m.Sequence == n })
	if i < 0 {
		var err error
		if history, err = s.Store.Messages(ctx, conv.ID, n, 1); err != nil {
			return "", fmt.Errorf("reading what the mail answers: %w", err)
		}
		i = 0
	}
	if i >= len(history) || history[i].Sequence != n {
		return "", nil
	}
	return history[i].Part, nil
}
