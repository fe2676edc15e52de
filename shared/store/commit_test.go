package store_test

import (
	"errors"
	"fmt"
	"reflect"
	"testing"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/store"
)

func TestCommittedIsRead(t *testing.T) {
	onEach(t, func(w *world) {
		c := arrival(1, nil, "anna")
		w.commit(c)
		if c.Inbound.Version != 1 || c.Conversation.Version != 1 || c.Outbox[0].Version != 1 {
			w.Error("the versions were not counted up")
		}
		conv, err := w.Conversation(w.Context(), c.Conversation.ID)
		if err != nil || !reflect.DeepEqual(conv, *c.Conversation) {
			w.Errorf("conversation\n%+v, %v; want\n%+v", conv, err, *c.Conversation)
		}
		msgs, err := w.Messages(w.Context(), conv.ID, 0, 0)
		if err != nil || !reflect.DeepEqual(msgs, c.Messages) {
			w.Errorf("messages %+v, %v", msgs, err)
		}
		in, err := w.Inbound(w.Context(), "mail/1")
		if err != nil || !reflect.DeepEqual(in, *c.Inbound) || !in.Recorded.Equal(day) {
			w.Errorf("inbound %+v, %v", in, err)
		}
		o, err := w.Outbox(w.Context(), c.Outbox[0].ID)
		if err != nil || !reflect.DeepEqual(o, *c.Outbox[0]) {
			w.Errorf("outbox %+v, %v", o, err)
		}
		o.Attempts, o.State = 1, desk.OutboxSending
		c.Conversation.Close(day)
		w.commit(&store.Change{Conversation: c.Conversation, Outbox: []*desk.OutboxItem{&o}})
		if c.Conversation.Version != 2 || o.Version != 2 {
			w.Errorf("versions %d, %d after a second commit", c.Conversation.Version, o.Version)
		}
	})
}

func TestNotFound(t *testing.T) {
	onEach(t, func(w *world) {
		ctx := w.Context()
		_, err1 := w.Conversation(ctx, conversationID(1))
		_, err2 := w.Inbound(ctx, "none")
		_, err3 := w.Outbox(ctx, "none")
		_, err4 := w.FindSent(ctx, "none@x")
		_, err5 := w.FindSent(ctx, " <> ")
		for i, err := range []error{err1, err2, err3, err4, err5} {
			if !errors.Is(err, store.ErrNotFound) || desk.IsPermanent(err) {
				w.Errorf("read %d: %v", i, err)
			}
		}
		if n, err := w.Notified(ctx, "anna"); err != nil || n.Agent != "anna" || n.Version != 0 {
			w.Errorf("Notified %+v, %v", n, err)
		}
		if msgs, err := w.Messages(ctx, conversationID(1), 1, 10); err != nil || len(msgs) != 0 {
			w.Errorf("Messages %+v, %v", msgs, err)
		}
	})
}

// The same mail twice changes nothing the second time, whatever was built of it.
func TestSameMailTwice(t *testing.T) {
	onEach(t, func(w *world) {
		w.commit(arrival(1, nil, "anna"))
		again := arrival(1, nil, "anna", "ben")
		if err := w.Commit(w.Context(), again); !errors.Is(err, store.ErrAlreadyDone) {
			w.Fatalf("the second time: %v", err)
		}
		if again.Inbound.Version != 0 || again.Conversation.Version != 0 {
			w.Error("a change that did not take place was counted up")
		}
		other := arrival(2, nil)
		other.Inbound.ID = "mail/1" // another conversation, the same mail
		if err := w.Commit(w.Context(), other); !errors.Is(err, store.ErrAlreadyDone) {
			w.Errorf("with other parts: %v", err)
		}
		if _, err := w.Conversation(w.Context(), other.Conversation.ID); !errors.Is(err, store.ErrNotFound) {
			w.Errorf("something was left behind: %v", err)
		}
		if due, err := w.DueOutbox(w.Context(), "agent:ben", day.AddDate(1, 0, 0), 0); err != nil || len(due) != 0 {
			w.Errorf("ben would be written to: %v, %v", due, err)
		}
	})
}

// A mail that was recorded without an outcome (parked before it was read) is not done.
func TestRecordedWithoutOutcomeIsNotDone(t *testing.T) {
	onEach(t, func(w *world) {
		in := &desk.Inbound{ID: "mail/1", ReceivedAt: day}
		w.commit(&store.Change{Inbound: in})
		c := arrival(1, nil)
		if err := w.Commit(w.Context(), c); !errors.Is(err, store.ErrConflict) || errors.Is(err, store.ErrAlreadyDone) {
			w.Fatalf("error %v, want a conflict", err)
		}
		c.Inbound.Version = in.Version
		w.commit(c)
	})
}

func TestStaleVersionIsAConflict(t *testing.T) {
	onEach(t, func(w *world) {
		first := arrival(1, nil)
		w.commit(first)
		stale := *first.Conversation
		w.commit(arrival(2, first.Conversation))
		late := arrival(3, &stale)
		if err := w.Commit(w.Context(), late); !errors.Is(err, store.ErrConflict) {
			w.Fatalf("error %v", err)
		}
		found, err := w.Lookup(w.Context(), store.Lookup{Inbound: "mail/3",
			MessageIDs: []string{"m3@customer.example"}})
		if err != nil || found.Inbound != nil || len(found.MessageIDs) != 0 {
			w.Errorf("something was left behind: %+v, %v", found, err)
		}
		fresh, err := w.Conversation(w.Context(), stale.ID)
		if err != nil {
			w.Fatal(err)
		}
		w.commit(arrival(3, &fresh))
		if msgs, err := w.Messages(w.Context(), stale.ID, 0, 0); err != nil || len(msgs) != 3 {
			w.Errorf("%d messages, %v", len(msgs), err)
		}
	})
}

// Two mails of different ids with the same content, at the same time: one of
// them finds out, and then sees what it is a duplicate of.
func TestSameContentIsAConflictThenADuplicate(t *testing.T) {
	onEach(t, func(w *world) {
		a, b := arrival(1, nil), arrival(2, nil)
		b.ContentHash = a.ContentHash
		w.commit(a)
		if err := w.Commit(w.Context(), b); !errors.Is(err, store.ErrConflict) {
			w.Fatalf("error %v", err)
		}
		found, err := w.Lookup(w.Context(), store.Lookup{Inbound: "mail/2", ContentHash: b.ContentHash})
		if err != nil || found.DuplicateOf != "mail/1" {
			w.Fatalf("found %+v, %v", found, err)
		}
		w.commit(&store.Change{ContentHash: b.ContentHash,
			Inbound: &desk.Inbound{ID: "mail/2", Outcome: desk.OutcomeDuplicate, Of: "mail/1", ReceivedAt: day}})
		if found, err = w.Lookup(w.Context(), store.Lookup{Inbound: "mail/3",
			ContentHash: b.ContentHash}); err != nil || found.DuplicateOf != "mail/1" {
			w.Errorf("after a duplicate, found %+v, %v", found, err)
		}
		// Thirty days on, it is a mail like any other.
		w.clock.at = day.AddDate(0, 0, 31)
		if found, err = w.Lookup(w.Context(), store.Lookup{Inbound: "mail/4",
			ContentHash: b.ContentHash}); err != nil || found.DuplicateOf != "" {
			w.Errorf("after 31 days, found %+v, %v", found, err)
		}
		late := arrival(4, nil)
		late.ContentHash = a.ContentHash
		w.commit(late)
	})
}

// A mail that is processed again by hand finds its own content and goes on.
func TestOwnContentIsNoDuplicate(t *testing.T) {
	onEach(t, func(w *world) {
		c := arrival(1, nil)
		parked := &desk.Inbound{ID: "mail/1", ReceivedAt: day, Outcome: desk.OutcomeParked, Reason: "no such mailbox"}
		w.commit(&store.Change{Inbound: parked, ContentHash: c.ContentHash})
		found, err := w.Lookup(w.Context(), store.Lookup{Inbound: "mail/1", ContentHash: c.ContentHash})
		if err != nil || found.DuplicateOf != "" || found.Inbound == nil ||
			found.Inbound.Outcome != desk.OutcomeParked {
			w.Fatalf("found %+v, %v", found, err)
		}
		c.Inbound.Version = parked.Version
		w.commit(c)
		if in, err := w.Inbound(w.Context(), "mail/1"); err != nil || in.Outcome != desk.OutcomeThreaded ||
			in.Version != 2 {
			w.Errorf("inbound %+v, %v", in, err)
		}
	})
}

// Whatever else a mail claims, an id that leads somewhere goes on leading there.
func TestMessageIDsStayWhereTheyLead(t *testing.T) {
	onEach(t, func(w *world) {
		a := arrival(1, nil, "anna")
		w.commit(a)
		b := arrival(2, nil)
		for id := range a.MessageIDs { // a forger's mail bears our ids and another customer's
			b.MessageIDs[id] = store.MessageRef{Conversation: b.Conversation.ID, Sequence: 1}
		}
		w.commit(b)
		ids := []string{"m1@customer.example", "m2@customer.example", a.Outbox[0].MessageID}
		found, err := w.Lookup(w.Context(), store.Lookup{Inbound: "mail/9", MessageIDs: ids})
		if err != nil {
			w.Fatal(err)
		}
		for i, want := range []desk.ConversationID{a.Conversation.ID, b.Conversation.ID, a.Conversation.ID} {
			if got := found.MessageIDs[ids[i]]; got.Conversation != want {
				w.Errorf("%s leads to %+v, want %s", ids[i], got, want)
			}
		}
		if len(found.Conversations) != 2 {
			w.Errorf("%d conversations came along, want 2", len(found.Conversations))
		}
		w.commit(&store.Change{MessageIDs: a.MessageIDs}) // nothing is left to write, and that is fine
	})
}

func TestTooLargeIsPermanent(t *testing.T) {
	onEach(t, func(w *world) {
		c := arrival(1, nil)
		for i := range 4000 {
			c.Messages[0].Attachments = append(c.Messages[0].Attachments,
				desk.AttachmentInfo{Filename: fmt.Sprint(i), SHA256: desk.DerivedID(fmt.Sprint(i))})
		}
		if err := w.Commit(w.Context(), c); !desk.IsPermanent(err) {
			w.Errorf("a message of 4,000 attachments: %v", err)
		}
		c = arrival(1, nil)
		for i := range 101 {
			c.Events = append(c.Events, desk.Event{ID: fmt.Sprint(i), Kind: desk.EventNoted})
		}
		if err := w.Commit(w.Context(), c); !desk.IsPermanent(err) {
			w.Errorf("a change of more than 100 parts: %v", err)
		}
		if err := w.Commit(w.Context(), &store.Change{Messages: []desk.Message{{Conversation: "x"}},
			Events: []desk.Event{{}}}); !desk.IsPermanent(err) {
			w.Errorf("no sequence, no event id: %v", err)
		}
	})
}
