package schedule_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/bench"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/schedule"
	"github.com/replywell/replywell/shared/store"
)

// opened puts a conversation into the store, answered if the flag says so.
func opened(w *bench.World, answered bool) desk.Conversation {
	w.Helper()
	id, err := desk.NewConversationID(w)
	if err != nil {
		w.Fatal(err)
	}
	c := desk.Conversation{ID: id, Mailbox: "support", Opened: w.Now(), State: desk.StateOpen,
		Customer: desk.Person{Address: "x@customers.example"}}
	c.CustomerWrote(w.Now(), fmt.Sprintf("%s@x", id), nil)
	if answered {
		c.Answered(w.Now(), "anna", w.Settings.SolvedAfter)
	}
	if err := w.Store.Commit(w.Context(), &store.Change{Conversation: &c}); err != nil {
		w.Fatal(err)
	}
	return c
}

func run(w *bench.World, want int) {
	w.Helper()
	s := &schedule.Service{Home: w.Home()}
	if got, err := s.Run(w.Context()); err != nil || got.Solved != want {
		w.Errorf("Run did %+v, %v; want %d solved", got, err, want)
	}
}

func TestSilenceSolvesAnAnsweredConversation(t *testing.T) {
	w := bench.New(t)
	waiting, answered := opened(w, false), opened(w, true)
	w.Pass(w.Settings.SolvedAfter - time.Second)
	run(w, 0)
	w.Pass(2 * time.Second)
	run(w, 1)
	run(w, 0)
	if c, err := w.Store.Conversation(t.Context(), answered.ID); err != nil || c.State != desk.StateSolved ||
		!c.Due.IsZero() {
		t.Errorf("%+v, %v", c, err)
	}
	if c, err := w.Store.Conversation(t.Context(), waiting.ID); err != nil || c.State != desk.StateOpen {
		t.Errorf("a customer who waits was taken for served: %+v, %v", c, err)
	}
	es := w.Events()
	if len(es) != 1 || es[0].Kind != desk.EventSolved || !es[0].ByItself || es[0].Answers != 1 {
		t.Errorf("%+v", es)
	}
}

func TestAnAnswerInBetweenWins(t *testing.T) {
	w := bench.New(t)
	c := opened(w, true)
	w.Pass(w.Settings.SolvedAfter)
	c.CustomerWrote(w.Now(), "again@x", nil)
	if err := w.Store.Commit(t.Context(), &store.Change{Conversation: &c}); err != nil {
		t.Fatal(err)
	}
	w.Pass(time.Minute)
	run(w, 0)
}

func TestManyFallDueAtOnce(t *testing.T) {
	w := bench.New(t)
	for range 250 {
		opened(w, true)
	}
	w.Pass(w.Settings.SolvedAfter + time.Hour)
	run(w, 250)
}
