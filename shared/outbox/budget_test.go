package outbox_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/replywell/replywell/shared/bench"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/guard"
	"github.com/replywell/replywell/shared/letters"
	"github.com/replywell/replywell/shared/outbox"
	"github.com/replywell/replywell/shared/store"
)

func recorder(w *bench.World) outbox.Recorder {
	return outbox.Recorder{Store: w.Store, Blobs: w.Blobs, Settings: w.Current, Guard: &guard.Known{}}
}

// automatic is a mail of a kind that nobody has thought of yet.
func automatic(n int, conv desk.ConversationID, to ...string) letters.Ready {
	id := desk.DerivedID("automatic", fmt.Sprint(n))
	return letters.Ready{Raw: []byte(id), Item: desk.OutboxItem{ID: id, Kind: "birthday-greeting", Conversation: conv,
		Mailbox: "support", To: to, MessageID: id + "@x", Raw: "out/" + id}}
}

func conversation(n int) desk.ConversationID {
	return desk.ConversationID(fmt.Sprintf("conversation-%d", n))
}

// recorded counts which of the mails up to n are in the outbox.
func recorded(w *bench.World, n int) (ids []int) {
	w.Helper()
	for i := range n {
		_, err := w.Store.Outbox(w.Context(), automatic(i, "").Item.ID)
		if err == nil {
			ids = append(ids, i)
		} else if !errors.Is(err, store.ErrNotFound) {
			w.Fatal(err)
		}
	}
	return ids
}

func TestAutomaticMailIsWithheldAboveItsBound(t *testing.T) {
	w := bench.New(t)
	r := recorder(w)
	for i := range 8 { // each in a conversation of its own: the address decides
		if err := r.Commit(t.Context(), &store.Change{
			Inbound: &desk.Inbound{ID: fmt.Sprint(i), Outcome: desk.OutcomeThreaded}},
			[]letters.Ready{automatic(i, conversation(i), "Erika+tag"+fmt.Sprint(i)+"@Customers.example")}, w.Now(),
			"t"); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Store.Inbound(t.Context(), fmt.Sprint(i)); err != nil {
			t.Errorf("what caused the mail %d is not recorded: %v", i, err)
		}
	}
	if got := recorded(w, 8); len(got) != desk.DefaultAutomatic {
		t.Errorf("recorded %v", got)
	}
	withheld := 0
	for _, e := range w.Events() {
		if e.Kind == desk.EventWithheld && e.Detail == "per-address" {
			withheld++
		}
	}
	if withheld != 8-desk.DefaultAutomatic {
		t.Errorf("%d events tell of what was withheld", withheld)
	}
	if ok, err := r.Room(t.Context(), conversation(99), w.Now(), "erika@customers.example"); ok || err != nil {
		t.Errorf("room: %v, %v", ok, err)
	}
	w.Pass(desk.AutomaticWindow)
	if ok, err := r.Room(t.Context(), conversation(99), w.Now(), "erika@customers.example"); !ok || err != nil {
		t.Errorf("room a day later: %v, %v", ok, err)
	}
}

func TestNoBoundThatIsSetExceedsTheHardOne(t *testing.T) {
	for _, set := range []int{-1, 0, 1, 7, 1000} {
		w := bench.New(t)
		w.Settings.Automatic = desk.AutomaticPolicy{PerAddress: set, PerConversation: set}
		for i := range 15 {
			if err := recorder(w).Commit(t.Context(), &store.Change{},
				[]letters.Ready{automatic(i, conversation(1), "erika@customers.example")}, w.Now(), "t"); err != nil {
				t.Fatal(err)
			}
		}
		if got, want := len(recorded(w, 15)), min(max(set, 0), desk.MostAutomatic); got != want {
			t.Errorf("a bound of %d lets %d leave, not %d", set, got, want)
		}
	}
}

// The store itself refuses what is not counted, so nobody gets around the outbox.
func TestAutomaticMailCannotBeRecordedUncounted(t *testing.T) {
	w := bench.New(t)
	to, conv := "erika@customers.example", conversation(1)
	full := func() []*store.Budget {
		return []*store.Budget{{Subject: store.AddressBudget(to)}, {Subject: store.ConversationBudget(conv)}}
	}
	for name, budgets := range map[string][]*store.Budget{"none": nil, "no address": full()[1:],
		"no conversation": full()[:1], "another's": {full()[1], {Subject: store.AddressBudget("ben@x.example")}}} {
		item := automatic(1, conv, to).Queued(w.Now(), "t")
		err := w.Store.Commit(t.Context(), &store.Change{Outbox: []*desk.OutboxItem{item}, Budgets: budgets})
		if err == nil || !desk.IsPermanent(err) || !strings.Contains(err.Error(), "without a person's decision") {
			t.Errorf("budgets %s: %v", name, err)
		}
	}
	item := automatic(1, conv, to).Queued(w.Now(), "t")
	if err := w.Store.Commit(t.Context(), &store.Change{Outbox: []*desk.OutboxItem{item},
		Budgets: full()}); err != nil {
		t.Fatal(err)
	}
	// What counted by an old count is a conflict.
	item = automatic(2, conv, to).Queued(w.Now(), "t")
	if err := w.Store.Commit(t.Context(), &store.Change{Outbox: []*desk.OutboxItem{item}, Budgets: full()}); !errors.Is(
		err, store.ErrConflict) {
		t.Errorf("counted by an old count: %v", err)
	}
}

// A mail that says an agent is its recipient, or decided on it, must be right.
func TestAMailThatLiesAboutItselfIsRefused(t *testing.T) {
	w := bench.New(t)
	carried := &desk.Inbound{ID: "1", Outcome: desk.OutcomeAgent}
	threaded := &desk.Inbound{ID: "2", Outcome: desk.OutcomeThreaded}
	for name, c := range map[string]struct {
		change func(*desk.OutboxItem)
		in     *desk.Inbound
		ok     bool
	}{
		"to an agent": {func(o *desk.OutboxItem) {
			o.Agent, o.To = "ben",
				[]string{"ben@team.lantern.example"}
		}, threaded, true},
		"to an agent, at a customer's address": {func(o *desk.OutboxItem) { o.Agent = "ben" }, threaded, false},
		"to an agent who is not there":         {func(o *desk.OutboxItem) { o.Agent = "eve" }, threaded, false},
		"a report to whom it is for": {func(o *desk.OutboxItem) {
			o.Kind, o.To = desk.OutboxReport,
				w.Settings.Report.To
		}, nil, true},
		"a report to a customer":       {func(o *desk.OutboxItem) { o.Kind = desk.OutboxReport }, nil, false},
		"decided by an agent's mail":   {func(o *desk.OutboxItem) { o.Decided = "anna" }, carried, true},
		"decided by a customer's mail": {func(o *desk.OutboxItem) { o.Decided = "anna" }, threaded, false},
		"decided by nothing":           {func(o *desk.OutboxItem) { o.Decided = "anna" }, nil, false},
		"to nobody":                    {func(o *desk.OutboxItem) { o.To = nil }, nil, false},
	} {
		l := automatic(1, conversation(1), "erika@customers.example")
		c.change(&l.Item)
		l.Item.ID = desk.DerivedID(name)
		change := &store.Change{}
		if c.in != nil {
			in := *c.in
			in.ID = name
			change.Inbound = &in
		}
		err := recorder(w).Commit(t.Context(), change, []letters.Ready{l}, w.Now(), "t")
		if (err == nil) != c.ok || desk.IsPermanent(err) {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := w.Store.Outbox(t.Context(), l.Item.ID); (err == nil) != c.ok {
			t.Errorf("%s: in the outbox: %v", name, err)
		}
	}
}

// Many at once share one budget.
func TestTheBoundHoldsForManyAtOnce(t *testing.T) {
	w := bench.New(t)
	const mails = 24
	var wg sync.WaitGroup
	for i := range mails {
		wg.Go(func() {
			err := store.Retry(t.Context(), func(bool) error {
				return recorder(w).Commit(t.Context(), &store.Change{},
					[]letters.Ready{automatic(i, conversation(i%3), "erika@customers.example")}, w.Now(), "t")
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if got := recorded(w, mails); len(got) != desk.DefaultAutomatic {
		t.Errorf("recorded %v", got)
	}
}

// Whoever is written to when: within any 24 hours there are no more than the
// bound, to an address and in a conversation; and nothing is withheld that fits.
func TestTheBoundHoldsOverAnyDay(t *testing.T) {
	w := bench.New(t)
	n := 0
	rapid.Check(t, func(t *rapid.T) {
		n++
		type sent struct {
			at   time.Time
			to   string
			conv desk.ConversationID
		}
		var left []sent
		count := func(match func(sent) bool) (k int) {
			for _, s := range left {
				if w.Now().Sub(s.at) < desk.AutomaticWindow && match(s) {
					k++
				}
			}
			return k
		}
		for i := range rapid.IntRange(1, 25).Draw(t, "mails") {
			w.Pass(time.Duration(rapid.IntRange(0, 12*60).Draw(t, "minutes")) * time.Minute)
			to := fmt.Sprintf("c%d@run%d.example", rapid.IntRange(0, 2).Draw(t, "address"), n)
			conv := desk.ConversationID(fmt.Sprintf("run-%d-%d", n, rapid.IntRange(0, 2).Draw(t, "conversation")))
			fits := count(func(s sent) bool { return s.to == to }) < desk.DefaultAutomatic &&
				count(func(s sent) bool { return s.conv == conv }) < desk.DefaultAutomatic
			l := automatic(n*1000+i, conv, to)
			if err := recorder(w).Commit(w.Context(), &store.Change{}, []letters.Ready{l}, w.Now(), "t"); err != nil {
				t.Fatal(err)
			}
			_, err := w.Store.Outbox(w.Context(), l.Item.ID)
			if (err == nil) != fits {
				t.Fatalf("mail %d to %s in %s: recorded %v, and it fits: %v; before it %v", i, to, conv, err == nil,
					fits, left)
			}
			if err == nil {
				left = append(left, sent{w.Now(), to, conv})
			}
		}
	})
}
