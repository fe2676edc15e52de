package store_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/store"
	"github.com/replywell/replywell/shared/store/engine"
)

// Ten mails to each of twenty conversations, each mail processed by two at
// once, all in parallel: 200 messages, numbered without gaps, each told once.
func TestParallelMails(t *testing.T) {
	const customers, each = 20, 10
	w := newWorld(t, openBolt(t))
	var first []desk.ConversationID
	for c := range customers {
		opening := arrival(c*1000, nil)
		w.commit(opening)
		first = append(first, opening.Conversation.ID)
	}
	var wg sync.WaitGroup
	for n := range customers * each {
		c := n % customers
		for range 2 {
			wg.Go(func() {
				err := store.Retry(t.Context(), func(bool) error {
					conv, err := w.Conversation(t.Context(), first[c])
					if err != nil {
						return err
					}
					return w.Commit(t.Context(), arrival(c*1000+1+n/customers, &conv, "anna"))
				})
				if err != nil && !errors.Is(err, store.ErrAlreadyDone) {
					t.Error(err)
				}
			})
		}
	}
	wg.Wait()
	for c, id := range first {
		conv, err := w.Conversation(t.Context(), id)
		if err != nil || conv.Messages != each+1 || conv.Version != each+1 {
			t.Errorf("conversation %d counts %d messages at version %d, %v", c, conv.Messages, conv.Version, err)
		}
		msgs, err := w.Messages(t.Context(), id, 0, 0)
		if err != nil || len(msgs) != each+1 {
			t.Errorf("conversation %d has %d messages, %v", c, len(msgs), err)
		}
		seen := map[string]bool{}
		for i, m := range msgs {
			if m.Sequence != i+1 || seen[m.Inbound] {
				t.Errorf("conversation %d: at %d stands %d by %s", c, i+1, m.Sequence, m.Inbound)
			}
			seen[m.Inbound] = true
		}
	}
	due, err := w.DueOutbox(t.Context(), "agent:anna", day.AddDate(1, 0, 0), 0)
	if err != nil || len(due) != customers*each {
		t.Errorf("anna is told of %d mails, want %d (%v)", len(due), customers*each, err)
	}
	told := map[string]bool{}
	for _, o := range due {
		if key := fmt.Sprint(o.Conversation, o.Sequence); told[key] {
			t.Errorf("anna is told twice of %s", key)
		} else {
			told[key] = true
		}
	}
}

// meets is an engine whose first transaction meets another over some of its parts.
type meets struct {
	engine.Engine
	over string // the kind of those parts
	met  bool
}

func (m *meets) Write(ctx context.Context, writes ...engine.Write) error {
	if m.met {
		return m.Engine.Write(ctx, writes...)
	}
	m.met = true
	var over []int
	for i, w := range writes {
		if w.Item.Kind == m.over {
			over = append(over, i)
		}
	}
	return &engine.ConflictError{Met: over}
}

// DynamoDB refuses a transaction that meets another one before it knows whether either holds.
func TestTransactionsThatMeetOverATurn(t *testing.T) {
	for _, x := range []struct {
		over   string
		rush   bool
		stands bool
	}{{"rota", true, true}, {"rota", false, false}, {"conversation", true, false}, {"message-id", true, false}} {
		s := store.New(&meets{Engine: openBolt(t), over: x.over}, (&clock{at: day}).now)
		c, rota := arrival(1, nil), desk.Rota{}
		rota.Give("anna", c.Conversation.ID, day)
		c.Rota, c.Turn = &rota, x.rush
		err := s.Commit(t.Context(), c)
		if (err == nil) != x.stands || err != nil && !errors.Is(err, store.ErrConflict) {
			t.Errorf("over the %s, in a rush %v: %v", x.over, x.rush, err)
		}
	}
}

// In a rush, turns are noted together or not at all: no mail waits for another's turn.
// Otherwise each is noted, and whoever read an older rota decides anew.
func TestATurnOfARushWaitsForNoOther(t *testing.T) {
	onEach(t, func(w *world) {
		change := func(n int, rush bool) *store.Change {
			rota := desk.Rota{}
			rota.Give(fmt.Sprint("agent", n), desk.ConversationID(fmt.Sprint("c", n)), day)
			c := arrival(n, nil)
			c.Rota, c.Turn = &rota, rush
			return c
		}
		w.commit(change(1, false)) // all of these have read that there was no rota
		w.commit(change(2, true))
		if err := w.Commit(w.T.Context(), change(3, false)); !errors.Is(err, store.ErrConflict) {
			w.Errorf("a turn that must be noted: %v", err)
		}
		rota, err := w.Rota(w.T.Context())
		if err != nil || rota.Version != 1 || rota.Has("agent1") != 1 || rota.Has("agent2") != 0 {
			w.Errorf("the rota is %+v, %v", rota, err)
		}
	})
}
