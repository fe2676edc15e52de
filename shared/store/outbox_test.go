package store_test

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/store"
)

func mail(id string, kind desk.OutboxKind, agent string, notBefore time.Time) *desk.OutboxItem {
	return &desk.OutboxItem{ID: id, Kind: kind, Agent: agent, Decided: "anna", NotBefore: notBefore,
		State: desk.OutboxPending, Created: day,
		MessageID: id + "@shop.example", To: []string{"someone@customer.example"}}
}

// due gives the ids that are due in all lanes, each lane in its order.
func (w *world) due(at time.Time, limit int) map[string][]string {
	w.Helper()
	out := map[string][]string{}
	for _, lane := range store.Lanes([]desk.Agent{{ID: "anna"}, {ID: "ben"}}) {
		items, err := w.DueOutbox(w.Context(), lane, at, limit)
		if err != nil {
			w.Fatal(err)
		}
		for _, o := range items {
			out[lane] = append(out[lane], o.ID)
			if got := store.LaneOf(o); got != lane {
				w.Errorf("%s waits in %s and was found in %s", o.ID, got, lane)
			}
		}
	}
	return out
}

func TestLanesHoldWhatIsDueInOrder(t *testing.T) {
	onEach(t, func(w *world) {
		for n, name := range []string{"n1", "n2", "n3"} {
			w.commit(&store.Change{Outbox: []*desk.OutboxItem{
				// the later, the earlier due
				mail(name, desk.OutboxNotification, "anna", day.Add(-time.Duration(n)*time.Minute)),
				mail("b"+name, desk.OutboxNotification, "ben", day.Add(time.Duration(n)*time.Hour)),
			}})
		}
		w.commit(&store.Change{Outbox: []*desk.OutboxItem{mail("notice", desk.OutboxNotice, "anna", day),
			mail("answer", desk.OutboxAnswer, "", day),
			mail("digest", desk.OutboxDigest, "anna", day),
			mail("report", desk.OutboxReport, "", day.Add(time.Nanosecond))}})
		got := w.due(day, 0)
		if !slices.Equal(got["agent:anna"], []string{"n3", "n2", "n1"}) ||
			!slices.Equal(got["agent:ben"], []string{"bn1"}) {
			w.Errorf("notifications: %v", got)
		}
		delete(got, "agent:anna")
		delete(got, "agent:ben")
		var others []string
		for _, ids := range got {
			others = append(others, ids...)
		}
		if slices.Sort(others); !slices.Equal(others, []string{"answer", "digest", "notice"}) {
			w.Errorf("the other lanes: %v", others)
		}
		if got := w.due(day, 2)["agent:anna"]; !slices.Equal(got, []string{"n3", "n2"}) {
			w.Errorf("two of anna's: %v", got)
		}
		if got := w.due(day.Add(3*time.Hour), 0)["agent:ben"]; !slices.Equal(got, []string{"bn1", "bn2", "bn3"}) {
			w.Errorf("three hours on, ben's: %v", got)
		}
	})
}

// A claim moves an item behind; what was sent, merged or has failed is no longer due.
func TestAnItemLeavesItsLane(t *testing.T) {
	onEach(t, func(w *world) {
		o := mail("n1", desk.OutboxNotification, "anna", day)
		w.commit(&store.Change{Outbox: []*desk.OutboxItem{o}})
		seen := *o
		o.State, o.Claimed, o.NotBefore = desk.OutboxSending, day, day.Add(15*time.Minute)
		w.commit(&store.Change{Outbox: []*desk.OutboxItem{o}})
		if got := w.due(day.Add(time.Minute), 0); len(got) != 0 {
			w.Errorf("claimed and still due: %v", got)
		}
		if got := w.due(day.Add(time.Hour), 0)["agent:anna"]; len(got) != 1 {
			w.Errorf("a claim that ran out is not due again: %v", got)
		}
		seen.State = desk.OutboxSending // another who saw it before the claim
		if err := w.Commit(w.Context(), &store.Change{Outbox: []*desk.OutboxItem{&seen}}); !errors.Is(err,
			store.ErrConflict) {
			w.Errorf("two claimed it: %v", err)
		}
		for _, end := range []desk.OutboxState{desk.OutboxSent, desk.OutboxMerged, desk.OutboxFailed} {
			o.State = end
			w.commit(&store.Change{Outbox: []*desk.OutboxItem{o}})
			if got := w.due(day.AddDate(1, 0, 0), 0); len(got) != 0 {
				w.Errorf("%s and still due: %v", end, got)
			}
			o.State = desk.OutboxPending
			w.commit(&store.Change{Outbox: []*desk.OutboxItem{o}})
		}
		// What waits is kept for ever; what is done, for a while.
		w.clock.at = day.AddDate(2, 0, 0)
		if _, err := w.Outbox(w.Context(), "n1"); err != nil {
			w.Errorf("what waits is gone: %v", err)
		}
		o.State = desk.OutboxSent
		w.commit(&store.Change{Outbox: []*desk.OutboxItem{o}})
		w.clock.at = w.clock.at.AddDate(0, 0, 91)
		if _, err := w.Outbox(w.Context(), "n1"); !errors.Is(err, store.ErrNotFound) {
			w.Errorf("what was sent 91 days ago is still kept: %v", err)
		}
	})
}

// A mail is found by its composed id, by the id that SES answered, and by what
// recipients see, whatever region's domain it bears.
func TestFindSent(t *testing.T) {
	const sesID = "0100019abc-1f2e-000000"
	onEach(t, func(w *world) {
		o := mail("o1", desk.OutboxAnswer, "", day)
		ref := store.MessageRef{Conversation: conversationID(1), Sequence: 2, Outgoing: true, Outbox: "o1"}
		w.commit(&store.Change{Outbox: []*desk.OutboxItem{o},
			MessageIDs: map[string]store.MessageRef{o.MessageID: ref}})
		if got, err := w.FindSent(w.Context(), "<"+o.MessageID+"> "); err != nil || got.ID != "o1" {
			w.Errorf("by the composed id: %+v, %v", got, err)
		}
		o.State, o.SentID, o.Sent = desk.OutboxSent, sesID, day
		w.commit(&store.Change{Outbox: []*desk.OutboxItem{o},
			MessageIDs: map[string]store.MessageRef{sesID + "@carrier.example": ref}})
		for _, id := range []string{o.MessageID, sesID, sesID + "@carrier.example", "<" + sesID +
			"@email.amazonses.com>", sesID + "@eu-west-1.amazonses.com", sesID + "@EU-NORTH-1.AmazonSES.com"} {
			if got, err := w.FindSent(w.Context(), id); err != nil || got.ID != "o1" {
				w.Errorf("by %s: %+v, %v", id, got, err)
			}
		}
		for _, id := range []string{"0100019ABC-1f2e-000000", sesID + "@elsewhere.example", sesID +
			"@amazonses.com.elsewhere.example", "0100019abc"} {
			if got, err := w.FindSent(w.Context(), id); !errors.Is(err, store.ErrNotFound) {
				w.Errorf("by %s: %+v, %v", id, got, err)
			}
		}
		// A customer's reply names the id as it was received.
		ids := []string{"<r1@customer.example>", "<" + sesID + "@eu-west-1.amazonses.com>", o.MessageID}
		found, err := w.Lookup(w.Context(), store.Lookup{MessageIDs: ids})
		want := map[string]store.MessageRef{ids[1]: ref, ids[2]: ref}
		if err != nil || !reflect.DeepEqual(found.MessageIDs, want) {
			w.Errorf("Lookup gave %+v, %v; want %+v", found.MessageIDs, err, want)
		}
		// A customer's own mail is no mail of ours.
		c := arrival(5, nil)
		w.commit(c)
		if got, err := w.FindSent(w.Context(), c.Messages[0].MessageID); !errors.Is(err, store.ErrNotFound) {
			w.Errorf("a customer's mail counts as sent: %+v, %v", got, err)
		}
	})
}

func TestNotified(t *testing.T) {
	onEach(t, func(w *world) {
		n := store.Notified{Agent: "anna", Times: []time.Time{day}}
		if err := w.SetNotified(w.Context(), &n); err != nil || n.Version != 1 {
			w.Fatalf("%+v, %v", n, err)
		}
		if got, err := w.Notified(w.Context(), "anna"); err != nil || !reflect.DeepEqual(got, n) {
			w.Errorf("got %+v, %v", got, err)
		}
		other := store.Notified{Agent: "anna", Times: []time.Time{day}}
		if err := w.SetNotified(w.Context(), &other); !errors.Is(err, store.ErrConflict) {
			w.Errorf("a second first one: %v", err)
		}
		// Claiming and counting are one: where the count is stale nothing is claimed.
		o := mail("n1", desk.OutboxNotification, "anna", day)
		w.commit(&store.Change{Outbox: []*desk.OutboxItem{o}})
		o.State = desk.OutboxSending
		if err := w.Commit(w.Context(), &store.Change{Outbox: []*desk.OutboxItem{o}, Notified: &other}); !errors.Is(err,
			store.ErrConflict) {
			w.Errorf("claimed with a stale count: %v", err)
		}
		n.Times = append(n.Times, day.Add(time.Minute))
		w.commit(&store.Change{Outbox: []*desk.OutboxItem{o}, Notified: &n})
		if n.Version != 2 || o.Version != 2 {
			w.Errorf("versions %d, %d", n.Version, o.Version)
		}
		items, notified, err := w.OutboxItems(w.Context(), []string{"n1", "none"}, []string{"anna", "ben"})
		if err != nil || len(items) != 1 || !reflect.DeepEqual(items["n1"], *o) ||
			!reflect.DeepEqual(notified["anna"], n) ||
			!reflect.DeepEqual(notified["ben"], store.Notified{Agent: "ben"}) {
			w.Errorf("together: %+v, %+v, %v", items, notified, err)
		}
		// After a quiet time the count starts anew, whether the old one is removed yet or not.
		w.clock.at = day.AddDate(0, 0, 91)
		fresh, err := w.Notified(w.Context(), "anna")
		if err != nil || len(fresh.Times) != 0 || fresh.Version != 0 {
			w.Fatalf("after a quiet season: %+v, %v", fresh, err)
		}
		fresh.Times = []time.Time{w.clock.at}
		if err := w.SetNotified(w.Context(), &fresh); err != nil {
			w.Errorf("after a quiet season: %v", err)
		}
	})
}

func TestLanesSpreadAnswers(t *testing.T) {
	lanes := store.Lanes(nil)
	count := map[string]int{}
	for i := range 4000 {
		count[store.LaneOf(*mail(desk.DerivedID(fmt.Sprint(i)), desk.OutboxAnswer, "", day))]++
	}
	for _, l := range lanes {
		if n := count[l]; n < 4000/len(lanes)/2 || n > 4000/len(lanes)*2 {
			t.Errorf("lane %s has %d of 4,000 answers over %d lanes", l, n, len(lanes))
		}
	}
	if len(count) != len(lanes) {
		t.Errorf("answers wait in %v; the lanes are %v", count, lanes)
	}
}
