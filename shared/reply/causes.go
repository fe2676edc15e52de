package reply

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/replywell/replywell/shared/commands"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/langid"
	"github.com/replywell/replywell/shared/language"
	"github.com/replywell/replywell/shared/store"
)

// lastRead is how many of a conversation's messages are read to find what its customer
// wrote last.
const lastRead = 12

// needCauses reads what commands need of causes.
func (s *Service) needCauses(ctx context.Context, f *commands.Facts, n commands.Needs) (err error) {
	if !n.Causes {
		return nil
	}
	if f.Causes, err = s.Store.Causes(ctx); err != nil {
		return fmt.Errorf("reading the causes: %w", err)
	}
	if n.CauseCounts {
		for _, c := range f.Causes {
			count := commands.CauseCount{Cause: c}
			tied, err := s.tied(ctx, c.Name)
			if err != nil {
				return err
			}
			for _, conv := range tied {
				if answers(*f, conv) && conv.Tied.Open() {
					count.Tied++
					if conv.State == desk.StateOpen {
						count.Waiting++
					}
				}
			}
			f.Counts = append(f.Counts, count)
		}
		slices.SortStableFunc(f.Counts, func(a, b commands.CauseCount) int { return cmp.Compare(b.Tied, a.Tied) })
	}
	if n.Asked == "" {
		return nil
	}
	tied, err := s.tied(ctx, n.Asked)
	if err != nil {
		return err
	}
	own := langid.Of(f.Text)
	for _, conv := range tied {
		a, err := s.asker(ctx, *f, conv, own)
		if err != nil {
			return err
		}
		if a.Conversation.ID != "" {
			f.Asked = append(f.Asked, a)
		}
	}
	return nil
}

func answers(f commands.Facts, c desk.Conversation) bool {
	mb, ok := f.Settings.Mailbox(c.Mailbox)
	return ok && slices.Contains(mb.Agents, f.Agent.ID)
}

// tied are the conversations that are tied to a cause by now, each once, who wait the
// longest first. One that is gone is none.
func (s *Service) tied(ctx context.Context, cause string) (out []desk.Conversation, err error) {
	ties, err := s.Store.Tied(ctx, cause, 0)
	if err != nil {
		return nil, fmt.Errorf("reading who asked about %s: %w", cause, err)
	}
	seen := map[desk.ConversationID]bool{}
	for _, t := range ties {
		own, err := s.Store.Itself(ctx, t.Conversation)
		if errors.Is(err, store.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		c := own
		if own.Into != "" { // joined into another: that one's customer asked
			if c, err = s.Store.Conversation(ctx, own.Into); errors.Is(err, store.ErrNotFound) {
				continue
			} else if err != nil {
				return nil, err
			}
			if c.Tied.Cause == "" {
				c.Tied = own.Tied
			}
		}
		if c.Tied.Cause == cause && !seen[c.ID] {
			seen[c.ID], out = true, append(out, c)
		}
	}
	slices.SortFunc(out, func(a, b desk.Conversation) int { return cmp.Or(a.Opened.Compare(b.Opened), cmp.Compare(a.ID, b.ID)) })
	return out, nil
}

// asker says of a conversation what its customer wrote last, and why nothing would be
// sent there; the zero value is no business of the agent's.
func (s *Service) asker(ctx context.Context, f commands.Facts, c desk.Conversation, own string) (a commands.Asker, err error) {
	if !answers(f, c) {
		return a, nil
	}
	messages, err := s.Store.Messages(ctx, c.ID, max(1, c.Messages-lastRead), 0)
	if err != nil {
		return a, err
	}
	a.Conversation = c
	words := ""
	for _, m := range messages {
		if m.Kind == desk.KindCustomer {
			a.Last = m
			if !m.Thanks {
				words = m.Subject + "\n" + m.Text
			}
		}
	}
	if theirs := langid.Of(words); own != "" && theirs != "" && language.Base(theirs) != language.Base(own) {
		a.Apart = true
	}
	switch {
	case !c.Tied.Told.IsZero():
		a.Left = "was told already"
	case c.Aside.Why != "":
		a.Left = "is set aside (" + c.Aside.Why + ")"
	case c.Customer.Address == "":
		a.Left = "has no address"
	case a.Last.Thanks && c.State != desk.StateOpen:
		a.Left = "wrote thanks; for them it is settled"
	}
	return a, nil
}
