package metrics_test

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/bench"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/metrics"
	"github.com/replywell/replywell/shared/store"
	"github.com/replywell/replywell/shared/store/engine/enginetest"
	"github.com/replywell/replywell/shared/topics"
)

// Nobody said what these mails are about, and no article was offered for them. Of one
// thing more comes than usual: the report names it in the customers' words, and shows
// the mails that stand nearest to its middle, without what is a person's.
func TestARiseOfWhatNobodyNamed(t *testing.T) {
	w := bench.Over(t, enginetest.NewMemory())
	b := &topics.Book{}
	s := &metrics.Service{Home: w.Home(), Topics: func(context.Context) (*topics.Book, error) { return b, nil }}
	rng := rand.New(rand.NewPCG(3, 3))
	w.Pass(time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC).Sub(w.Now()))
	start, n := w.Now(), 0
	things := []string{"My lamp hums when dimmed in the %s.", "When does the parcel for my %s arrive?",
		"I want an invoice for the %s lamp.", "Is the %s table in stock?"}
	rooms := []string{"kitchen", "hall", "cellar", "attic"}
	arrive := func(about int) {
		n++
		c := &desk.Conversation{ID: idOf(n), Mailbox: "support", Opened: w.Now(),
			Customer: desk.Person{Name: "Erika Muster", Address: "erika@example.org"}}
		c.CustomerWrote(w.Now(), "", nil)
		said := fmt.Sprintf(things[about], rooms[rng.IntN(4)])
		text := "Hello, I am Erika Muster, phone 030 1234567. " + said
		if err := w.Store.Commit(t.Context(), &store.Change{Conversation: c,
			Events: []desk.Event{c.Tell(desk.EventOpened, fmt.Sprint(n), w.Now(), w.Now())},
			Messages: []desk.Message{{Conversation: c.ID, Sequence: 1, Kind: desk.KindCustomer, From: c.Customer,
				At: w.Now(), Text: text}}}); err != nil {
			t.Fatal(err)
		}
		v := make([]float32, 32)
		v[about] = 1
		sum := 1.0
		for i := 8; i < len(v); i++ {
			v[i] = float32(rng.NormFloat64() * 0.12)
			sum += float64(v[i] * v[i])
		}
		for i := range v {
			v[i] /= float32(math.Sqrt(sum))
		}
		b.Add([]topics.Mail{{Conversation: string(c.ID), Mailbox: "support", At: w.Now(), Encoder: "e", Meaning: v,
			Words: topics.Stems(topics.Text{Text: said})}})
	}
	const days = 70
	for d := range days {
		w.Pass(start.AddDate(0, 0, d).Add(9 * time.Hour).Sub(w.Now()))
		for k := range things {
			for range 2 + rng.IntN(3) {
				arrive(k)
			}
		}
		for range 12 {
			if d >= days-3 {
				arrive(0)
			}
		}
	}
	end := start.AddDate(0, 0, days)
	w.Pass(end.Add(7 * time.Hour).Sub(w.Now()))
	week, err := s.Week(t.Context(), w.Settings, end.AddDate(0, 0, -7))
	if err != nil {
		t.Fatal(err)
	}
	rises := week.Mailboxes[0].Rises
	if len(rises) != 1 || rises[0].Topic != "Lamp hums when dimmed" || rises[0].Mails < 36 || rises[0].Expected > 20 {
		t.Fatalf("%+v", rises)
	}
	for _, e := range rises[0].Examples {
		if !strings.Contains(e, "hums when dimmed") || strings.Contains(e, "Erika") || strings.Contains(e, "1234567") {
			t.Errorf("an example says %q", e)
		}
	}
	if len(rises[0].Examples) < 4 || !slices.ContainsFunc(rises[0].Examples, func(e string) bool {
		return strings.Contains(e, "[name]")
	}) {
		t.Errorf("%q", rises[0].Examples)
	}
}
