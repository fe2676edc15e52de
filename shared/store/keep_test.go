package store_test

import (
	"errors"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/store"
)

// What people wrote goes when its time is over; a conversation that goes on stays,
// and loses its oldest messages.
func TestWhatPeopleWroteIsNotKeptForEver(t *testing.T) {
	onEach(t, func(w *world) {
		const days = 24 * time.Hour
		w.Keep = 100 * days
		ctx := w.Context()
		quiet, busy := arrival(1, nil), arrival(2, nil)
		w.commit(quiet)
		w.commit(busy)
		w.clock.at = day.Add(60 * days)
		w.commit(arrival(3, busy.Conversation))
		w.clock.at = day.Add(120 * days)
		if c, err := w.Conversation(ctx, quiet.Conversation.ID); !errors.Is(err, store.ErrNotFound) {
			w.Errorf("120 days after its last mail the conversation is %+v, %v", c, err)
		}
		if c, err := w.Conversation(ctx, busy.Conversation.ID); err != nil || c.Messages != 2 {
			w.Errorf("60 days after its last mail the conversation is %+v, %v", c, err)
		}
		left, err := w.Messages(ctx, busy.Conversation.ID, 1, 10)
		if err != nil || len(left) != 1 || left[0].Sequence != 2 {
			w.Errorf("of its messages are left %+v, %v", left, err)
		}
		for id, there := range map[string]bool{"m1@customer.example": false, "m2@customer.example": false,
			"m3@customer.example": true} {
			found, err := w.Lookup(ctx, store.Lookup{MessageIDs: []string{id}})
			if _, ok := found.MessageIDs[id]; err != nil || ok != there {
				w.Errorf("the id %s leads to %+v, %v", id, found.MessageIDs, err)
			}
		}
		if list, err := w.CustomerConversations(ctx, quiet.Conversation.Customer.Address, 10); err != nil ||
			len(list) != 0 {
			w.Errorf("the customer's old conversations are %+v, %v", list, err)
		}
	})
}
