package metrics_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/bench"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/letters"
	"github.com/replywell/replywell/shared/metrics"
	"github.com/replywell/replywell/shared/store"
	"github.com/replywell/replywell/shared/store/engine/enginetest"
)

// Ten weeks of three concerns; in the last three days many parcels stand still. The
// report says which concern, since when, how many were to be expected, and shows five
// mails without what is a person's. Clocks change on the way.
func TestARiseIsToldWithItsMails(t *testing.T) {
	w := bench.Over(t, enginetest.NewMemory())
	s := &metrics.Service{Home: w.Home()}
	zone, _ := time.LoadLocation("Europe/Berlin")
	rng := rand.New(rand.NewPCG(3, 3))
	start := time.Date(2026, 3, 2, 0, 0, 0, 0, zone)
	w.Pass(start.Sub(w.Now()))
	n := 0
	arrive := func(topic, text string) {
		n++
		c := &desk.Conversation{ID: idOf(n), Mailbox: "support",
			Customer: desk.Person{Name: "Erika Muster", Address: "erika@example.org"}, Opened: w.Now()}
		c.CustomerWrote(w.Now(), "", nil)
		opened, offered := c.Tell(desk.EventOpened, fmt.Sprint(n), w.Now(), w.Now()),
			c.Tell(desk.EventSuggested, fmt.Sprint(n), w.Now(), w.Now())
		offered.Articles = []string{topic, "other"}
		c.Answered(w.Now(), "anna", 0)
		if err := w.Store.Commit(t.Context(), &store.Change{Conversation: c, Events: []desk.Event{opened, offered},
			Messages: []desk.Message{{Conversation: c.ID, Sequence: 1, Kind: desk.KindCustomer, From: c.Customer,
				At: w.Now(), Text: text}}}); err != nil {
			t.Fatal(err)
		}
	}
	const days = 70
	for d := range days {
		midnight := start.AddDate(0, 0, d)
		w.Pass(midnight.Add(9 * time.Hour).Sub(w.Now()))
		for k, topic := range []string{"parcel-does-not-move", "invoice", "returns"} {
			for range 3 + k + rng.IntN(3) {
				arrive(topic, "A question.")
			}
		}
		if d >= days-3 {
			for i := range 12 {
				arrive("parcel-does-not-move", fmt.Sprintf(
					"Hello, I am Erika Muster, erika@example.org, phone 030 1234567. My parcel stands in Hamm for %d "+
						"days.", i))
			}
		}
	}
	w.Settings.Departments = []desk.Department{
		{ID: "post", Name: "Post", Mailbox: "other", Topics: []string{"parcel"}},
		{ID: "warehouse", Name: "Warehouse", Topics: []string{"Parcel"}},
		{ID: "billing", Name: "Billing", Topics: []string{"pay"}}}
	end := start.AddDate(0, 0, days)
	w.Pass(end.Add(7 * time.Hour).Sub(w.Now()))
	for range 2 { // from the log, and from roll-ups
		week, err := s.Week(t.Context(), w.Settings, end.AddDate(0, 0, -7))
		if err != nil {
			t.Fatal(err)
		}
		rises := week.Mailboxes[0].Rises
		if len(rises) != 1 || rises[0].Topic != "Parcel does not move" || rises[0].Days > 4 || rises[0].Mails < 36 ||
			rises[0].Expected > 25 || len(rises[0].Examples) != 5 || rises[0].Owner != "Warehouse" {
			t.Fatalf("%+v", rises)
		}
		for _, e := range rises[0].Examples {
			if strings.Contains(e, "Erika") || strings.Contains(e, "@") || strings.Contains(e, "1234567") {
				t.Errorf("an example shows %q", e)
			}
		}
		_, blocks := (letters.Writer{Settings: w.Settings, Now: w.Now()}).Chat(week)
		if said := fmt.Sprint(blocks); !strings.Contains(said, "*More than usual*: “Parcel does not move”") ||
			!strings.Contains(said, "It belongs to Warehouse.") {
			t.Error(said)
		}
		w.Pass(5 * time.Hour)
		if err := s.RollUpDays(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}
