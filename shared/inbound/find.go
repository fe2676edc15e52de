package inbound

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/inbound/identify"
	"github.com/replywell/replywell/shared/inbound/thread"
	"github.com/replywell/replywell/shared/letters"
	"github.com/replywell/replywell/shared/store"
)

// decide decides on a mail, and reads what that needs.
func (s *Held) decide(ctx context.Context, c *thread.Case) (thread.Decision, error) {
	if err := s.takeIn(ctx, c); err != nil {
		return nil, err
	}
	for {
		d := thread.Decide(*c)
		need, more := d.(thread.Need)
		if !more {
			return d, nil
		}
		var err error
		if c.Found, err = s.find(ctx, need, c.Found); err != nil {
			return nil, err
		}
	}
}

// at is what a mail is held against that is read now.
func (s *Held) at(settings *desk.Settings) identify.Desk {
	return identify.Desk{Settings: settings, Keys: s.Keys, Now: s.Now(), AnySender: s.AnySender}
}

// find reads the one thing that a decision needs, and adds it to what was found.
func (s *Held) find(ctx context.Context, need thread.Need, found thread.Found) (thread.Found, error) {
	var err error
	switch {
	case need.First != "":
		var first desk.Inbound
		first, err = s.Store.Inbound(ctx, need.First)
		found.First = &first
		err = reading("the mail that this one repeats", err)
	case need.Theirs != "":
		found.Theirs, err = s.theirs(ctx, append([]string{need.Theirs}, found.Same...))
		found.Theirs, err = read(found.Theirs), reading("the author's conversations", err)
	case need.Joined != "":
		var named store.Found
		named, err = s.Store.Lookup(ctx, store.Lookup{MessageIDs: []string{need.Joined}})
		if c, ok := named.Conversations[named.MessageIDs[need.Joined].Conversation]; ok {
			found.Joined = []desk.Conversation{c}
		}
		found.Joined, err = read(found.Joined), reading("a conversation that the sender takes part in", err)
	case need.Answered != "":
		var item desk.OutboxItem
		if item, err = s.Store.Outbox(ctx, need.Answered); errors.Is(err, store.ErrNotFound) {
			err = nil
		}
		found.Answered, err = &item, reading("the mail that an agent answers", err)
	case need.History != nil:
		found.History, err = s.history(ctx, *need.History)
		found.History, err = read(found.History), reading("the conversation "+string(need.History.ID), err)
	default:
		found.Entry, err = s.Store.Messages(ctx, need.Entry.Conversation, need.Entry.Sequence, 1)
		if len(found.Entry) > 0 && found.Entry[0].Sequence != need.Entry.Sequence {
			found.Entry = nil
		}
		found.Entry, err = read(found.Entry), reading("the message that the mail is about", err)
	}
	return found, err
}

// theirs reads the latest conversations of a person's addresses, the latest first.
func (s *Held) theirs(ctx context.Context, addresses []string) (out []desk.Conversation, err error) {
	for _, a := range addresses {
		more, err := s.Store.CustomerConversations(ctx, a, letters.MaxOthers)
		if err != nil {
			return nil, err
		}
		out = append(out, more...)
	}
	if len(addresses) > 1 {
		slices.SortStableFunc(out, func(a, b desk.Conversation) int { return b.Activity.Compare(a.Activity) })
	}
	return out[:min(len(out), letters.MaxOthers)], nil
}

// history reads what agents are shown of a conversation: the last messages, and the first.
func (s *Held) history(ctx context.Context, conv desk.Conversation) ([]desk.Message, error) {
	out, err := s.Store.Messages(ctx, conv.ID, thread.HistoryFrom(conv), letters.MaxHistory)
	if err != nil || len(out) == 0 || out[0].Sequence <= 1 {
		return out, err
	}
	first, err := s.Store.Messages(ctx, conv.ID, 1, 1)
	return append(first, out...), err
}

// read is a list that was read: it is not nil, be it empty.
func read[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// reading says what could not be read.
func reading(what string, err error) error {
	if err != nil {
		return fmt.Errorf("reading %s: %w", what, err)
	}
	return nil
}
