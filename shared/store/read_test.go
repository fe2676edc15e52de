package store_test

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/store"
)

func TestMessagesInOrder(t *testing.T) {
	onEach(t, func(w *world) {
		c := arrival(1, nil)
		w.commit(c)
		for n := 2; n <= 23; n++ {
			w.commit(arrival(n, c.Conversation))
		}
		other := arrival(50, nil)
		w.commit(other)
		for _, q := range []struct{ from, limit, first, last int }{{0, 0, 1, 23}, {1, 5, 1, 5}, {9, 3, 9, 11},
			{21, 10, 21, 23}, {24, 0, 0, -1}} {
			msgs, err := w.Messages(w.Context(), c.Conversation.ID, q.from, q.limit)
			if err != nil || len(msgs) != q.last-q.first+1 {
				w.Errorf("from %d, at most %d: %d messages, %v", q.from, q.limit, len(msgs), err)
				continue
			}
			for i, m := range msgs {
				if m.Sequence != q.first+i || m.Conversation != c.Conversation.ID {
					w.Errorf("from %d: at %d stands %d of %s", q.from, i, m.Sequence, m.Conversation)
				}
			}
		}
	})
}

func TestCustomerConversationsLatestFirst(t *testing.T) {
	onEach(t, func(w *world) {
		a, b, other := arrival(5, nil), arrival(10, nil), arrival(11, nil) // erika0, erika0, erika1
		b.Conversation.Customer.Address = "ERIKA0@Customer.Example"
		for _, c := range []*store.Change{a, b, other} {
			w.commit(c)
		}
		ids := func(limit int) (out []desk.ConversationID) {
			cs, err := w.CustomerConversations(w.Context(), " Erika0@customer.example", limit)
			if err != nil {
				w.Fatal(err)
			}
			for _, c := range cs {
				out = append(out, c.ID)
			}
			return out
		}
		if got := ids(0); !slices.Equal(got, []desk.ConversationID{b.Conversation.ID, a.Conversation.ID}) {
			w.Errorf("got %v", got)
		}
		w.commit(arrival(15, a.Conversation))
		if got := ids(0); !slices.Equal(got, []desk.ConversationID{a.Conversation.ID, b.Conversation.ID}) {
			w.Errorf("after a further mail: %v", got)
		}
		if got := ids(1); !slices.Equal(got, []desk.ConversationID{a.Conversation.ID}) {
			w.Errorf("one: %v", got)
		}
	})
}

func TestHeldNewestFirst(t *testing.T) {
	onEach(t, func(w *world) {
		var all []*desk.Inbound
		for n := range 12 {
			in := &desk.Inbound{ID: fmt.Sprint("mail/", n), ReceivedAt: day.AddDate(0, 0, -n*3),
				Outcome: desk.OutcomeHeld, Reason: "spam"}
			w.commit(&store.Change{Inbound: in})
			all = append(all, in)
		}
		w.commit(&store.Change{Inbound: &desk.Inbound{ID: "mail/other", ReceivedAt: day,
			Outcome: desk.OutcomeThreaded}})
		all[1].Outcome, all[1].Reason = desk.OutcomeThreaded, "" // released
		w.commit(&store.Change{Inbound: all[1]})
		held, err := w.Held(w.Context(), 4)
		if err != nil || len(held) != 4 {
			w.Fatalf("%d held, %v", len(held), err)
		}
		for i, want := range []string{"mail/0", "mail/2", "mail/3", "mail/4"} {
			if held[i].ID != want {
				w.Errorf("at %d stands %s, want %s", i, held[i].ID, want)
			}
		}
		if held, err = w.Held(w.Context(), 0); err != nil || len(held) != 11 {
			w.Errorf("%d held altogether, %v", len(held), err)
		}
	})
}

func TestDueConversations(t *testing.T) {
	onEach(t, func(w *world) {
		var cs []*desk.Conversation
		for n := range 10 {
			c := arrival(n, nil)
			c.Conversation.Answered(day.Add(time.Duration(n)*time.Hour), "anna", 24*time.Hour)
			w.commit(&store.Change{Conversation: c.Conversation})
			cs = append(cs, c.Conversation)
		}
		cs[2].CustomerWrote(day, "x@y", nil) // no longer due
		w.commit(&store.Change{Conversation: cs[2]})
		ids := func(at time.Time, limit int) (out []desk.ConversationID) {
			due, err := w.DueConversations(w.Context(), at, limit)
			if err != nil {
				w.Fatal(err)
			}
			for _, c := range due {
				out = append(out, c.ID)
			}
			return out
		}
		if got := ids(day.Add(23*time.Hour), 0); len(got) != 0 {
			w.Errorf("too early: %v", got)
		}
		want := []desk.ConversationID{cs[0].ID, cs[1].ID, cs[3].ID, cs[4].ID}
		if got := ids(day.Add(28*time.Hour), 0); !slices.Equal(got, want) {
			w.Errorf("due %v, want %v", got, want)
		}
		if got := ids(day.Add(28*time.Hour), 2); !slices.Equal(got, want[:2]) {
			w.Errorf("the first two: %v", got)
		}
	})
}

// Every customer who waits is found, whatever else their conversation is looked
// at for, and nobody else is.
func TestWaitingConversations(t *testing.T) {
	onEach(t, func(w *world) {
		since := func() map[desk.ConversationID]time.Time {
			out := map[desk.ConversationID]time.Time{}
			err := w.Waiting(w.Context(), func(c desk.Conversation) error {
				from, _ := c.Waits()
				out[c.ID] = from
				return nil
			})
			if err != nil {
				w.Fatal(err)
			}
			return out
		}
		var cs []*desk.Conversation
		for n := range 6 {
			c := arrival(n, nil)
			w.commit(&store.Change{Conversation: c.Conversation})
			cs = append(cs, c.Conversation)
		}
		later := day.Add(48 * time.Hour)
		answered, solved, again, told, put := cs[0], cs[1], cs[2], cs[3], cs[4]
		answered.Answered(later, "anna", 24*time.Hour)
		solved.Close(later)
		again.Answered(later, "anna", 24*time.Hour)
		again.CustomerWrote(later.Add(time.Hour), "x@y", nil)
		again.CustomerWrote(later.Add(3*time.Hour), "z@y", nil) // their patience began with the first
		told.Watch = time.Time{}
		put.Watch, put.Due = time.Time{}, later
		for _, c := range cs[:5] {
			w.commit(&store.Change{Conversation: c})
		}
		want := map[desk.ConversationID]time.Time{again.ID: later.Add(time.Hour), told.ID: told.Opened,
			put.ID: put.Opened, cs[5].ID: cs[5].Opened}
		if got := since(); !maps.EqualFunc(got, want, time.Time.Equal) {
			w.Errorf("waiting since %v, want %v", got, want)
		}
		again.CustomerThanked(later.Add(4*time.Hour), "t@y", nil)
		w.commit(&store.Change{Conversation: again})
		if got := since()[again.ID]; !got.Equal(later.Add(time.Hour)) {
			w.Errorf("after a thank-you they wait since %v", got)
		}
	})
}

func TestEventsByDay(t *testing.T) {
	onEach(t, func(w *world) {
		for n := range 60 {
			w.clock.at = day.Add(time.Duration(n) * time.Hour / 2) // from 9:30 on, half past each hour
			w.commit(&store.Change{Events: []desk.Event{
				{ID: fmt.Sprint("event", n), Kind: desk.EventOpened, Occurred: day, Detail: fmt.Sprint(n)}}})
		}
		// The same event again on the same day is one.
		w.clock.at = day.Add(time.Hour)
		w.commit(&store.Change{Events: []desk.Event{
			{ID: "event3", Kind: desk.EventOpened, Occurred: day, Detail: "3"}}})
		read := func(at time.Time) (ids []string) {
			err := w.Events(w.Context(), at, func(e desk.Event) error {
				ids = append(ids, e.ID)
				if e.Schema != desk.EventSchema || e.Kind != desk.EventOpened || "event"+e.Detail != e.ID ||
					e.Recorded.IsZero() {
					w.Errorf("event %+v", e)
				}
				return nil
			})
			if err != nil {
				w.Fatal(err)
			}
			return ids
		}
		today, tomorrow := read(day), read(day.AddDate(0, 0, 1).In(time.FixedZone("", -5*3600)))
		if len(today) != 29 || len(tomorrow) != 31 { // 9:30 to 23:30 in halves of hours
			w.Errorf("%d events today and %d tomorrow", len(today), len(tomorrow))
		}
		if got := read(day.AddDate(0, 0, -1)); len(got) != 0 {
			w.Errorf("yesterday: %v", got)
		}
		enough := errors.New("enough")
		calls := 0
		if err := w.Events(w.Context(), day, func(desk.Event) error { calls++; return enough }); err != enough ||
			calls != 1 {
			w.Errorf("%d calls, %v", calls, err)
		}
	})
}

func TestLookupFindsEverythingAtOnce(t *testing.T) {
	onEach(t, func(w *world) {
		a, b, c := arrival(1, nil), arrival(2, nil), arrival(3, nil)
		for _, x := range []*store.Change{a, b, c} {
			w.commit(x)
		}
		l := store.Lookup{Inbound: "mail/2", ContentHash: a.ContentHash,
			Conversations: []desk.ConversationID{c.Conversation.ID, conversationID(99)},
			MessageIDs: []string{"unknown@x", "", "m1@customer.example", "<m3@customer.example>",
				"M1@customer.example"}}
		found, err := w.Lookup(w.Context(), l)
		if err != nil {
			w.Fatal(err)
		}
		if found.Inbound == nil || found.Inbound.ID != "mail/2" || found.DuplicateOf != "mail/1" {
			w.Errorf("inbound %+v, duplicate of %q", found.Inbound, found.DuplicateOf)
		}
		if len(found.MessageIDs) != 2 || found.MessageIDs["m1@customer.example"].Conversation != a.Conversation.ID ||
			found.MessageIDs["<m3@customer.example>"].Conversation != c.Conversation.ID {
			w.Errorf("message ids %+v", found.MessageIDs)
		}
		if len(found.Conversations) != 2 || found.Conversations[a.Conversation.ID].Version != 1 ||
			found.Conversations[c.Conversation.ID].ID != c.Conversation.ID {
			w.Errorf("conversations %+v", found.Conversations)
		}
		// A mail with more references than anyone reads is looked up by the newest.
		var many []string
		for i := range 500 {
			many = append(many, fmt.Sprint(i, "@x"))
		}
		many[0], many[499] = "m1@customer.example", "m3@customer.example"
		ids := slices.Repeat([]desk.ConversationID{conversationID(1)}, 300)
		found, err = w.Lookup(w.Context(), store.Lookup{Inbound: "new", ContentHash: "none", MessageIDs: many,
			Conversations: ids})
		if err != nil || len(found.MessageIDs) != 1 || found.Inbound != nil || found.DuplicateOf != "" {
			w.Errorf("of many: %+v, %v", found, err)
		}
		if found, err = w.Lookup(w.Context(), store.Lookup{}); err != nil || found.Inbound != nil ||
			len(found.MessageIDs) != 0 {
			w.Errorf("of nothing: %+v, %v", found, err)
		}
	})
}
