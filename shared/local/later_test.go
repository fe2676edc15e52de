package local

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/desk"
)

// weather is a DNS that is away at first, and a spool that asks it.
type weather struct {
	*Spool
	mu       sync.Mutex
	away     int // how often it does not answer yet
	asked    int
	received []Envelope
	checked  []Envelope
	seen     chan string
}

func newWeather(t *testing.T, f *Folder, away int) *weather {
	w := &weather{away: away, seen: make(chan string, 100)}
	w.Spool = newSpool(f, func(_ context.Context, e Envelope) error {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.received = append(w.received, e)
		w.seen <- "received " + e.ID
		return nil
	}, quiet)
	w.judge = func(_ context.Context, e *Envelope) error {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.asked++
		e.order = strings.HasPrefix(e.ID, "order")
		e.away, e.Verdicts.DMARC = w.asked <= w.away, desk.VerdictPass
		if e.away {
			e.Verdicts.DMARC = desk.VerdictProcessing
		}
		return nil
	}
	w.Spool.checked = func(_ context.Context, e Envelope) error {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.checked = append(w.checked, e)
		w.seen <- "checked " + e.ID
		if len(w.checked) == 1 {
			return errors.New("the store is away as well")
		}
		return nil
	}
	w.later.wait = func(func(int) time.Duration, int) time.Duration { return time.Millisecond }
	return w
}

func (w *weather) runs(t *testing.T) (stop func()) {
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan bool)
	go func() { w.run(ctx); close(ended) }()
	return func() { cancel(); <-ended }
}

func (w *weather) waitFor(t *testing.T, what string) {
	t.Helper()
	select {
	case got := <-w.seen:
		if got != what {
			t.Fatalf("%s, want %s", got, what)
		}
	case <-time.After(time.Minute):
		t.Fatalf("never %s", what)
	}
}

// DNS that is away for a while: what an agent wrote waits and is carried out when DNS is back, with
// its verdict; a customer's mail is told at once.
func TestDNSThatIsAway(t *testing.T) {
	f := testFolder(t)
	now := time.Now()
	w := newWeather(t, f, 5)
	stop := w.runs(t)
	if err := w.Keep(Envelope{ID: "order", MailFrom: "anna@team.example", ReceivedAt: now}); err != nil {
		t.Fatal(err)
	}
	w.waitFor(t, "received order")
	if w.asked != 6 || w.received[0].Verdicts.DMARC != desk.VerdictPass {
		t.Errorf("asked %d times, and it is %+v", w.asked, w.received[0].Verdicts)
	}
	w.mu.Lock()
	w.asked = 0
	w.mu.Unlock()
	if err := w.Keep(Envelope{ID: "question", MailFrom: "erika@customers.example", ReceivedAt: now}); err != nil {
		t.Fatal(err)
	}
	w.waitFor(t, "received question")
	if e := w.received[1]; !e.Unchecked() || e.Verdicts.DMARC != desk.VerdictProcessing {
		t.Errorf("the customer's mail is taken in as %+v", e)
	}
	w.waitFor(t, "checked question")
	w.waitFor(t, "checked question") // the first time the store was away
	stop()
	if e := w.checked[1]; e.Unchecked() || e.Verdicts.DMARC != desk.VerdictPass {
		t.Errorf("%+v", e)
	}
	if left, _ := filepath.Glob(f.Path("spool", "*", "*.json")); len(left) > 0 || spooled(t, f) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// An hour is enough: then the agent is asked. A clock that is wrong makes it no longer than so many tries.
func TestAnOrderDoesNotWaitForEver(t *testing.T) {
	for name, received := range map[string]time.Duration{"an hour ago": -time.Hour,
		"in a week, by a clock that was ahead": 7 * 24 * time.Hour} {
		t.Run(name, func(t *testing.T) {
			w := newWeather(t, testFolder(t), 1<<30)
			stop := w.runs(t)
			defer stop()
			if err := w.Keep(Envelope{ID: "order", ReceivedAt: time.Now().Add(received)}); err != nil {
				t.Fatal(err)
			}
			w.waitFor(t, "received order")
			if w.received[0].Verdicts.DMARC != desk.VerdictProcessing || w.asked > orderTries+1 {
				t.Errorf("asked %d times: %+v", w.asked, w.received[0].Verdicts)
			}
		})
	}
	var total time.Duration
	for n := range orderTries {
		total += askAgain(n + 1)
	}
	if total < orderWaits || total > orderWaits+10*time.Minute {
		t.Errorf("all tries take %s", total)
	}
}

// What waits to be checked survives the process, and is bounded.
func TestWhatIsCheckedLaterSurvives(t *testing.T) {
	f := testFolder(t)
	w := newWeather(t, f, 1<<30)
	w.later.wait = func(func(int) time.Duration, int) time.Duration { return time.Hour }
	stop := w.runs(t)
	for _, id := range []string{"a", "b"} {
		if err := w.Keep(Envelope{ID: id, MailFrom: "<>", ReceivedAt: time.Now()}); err != nil {
			t.Fatal(err)
		}
		w.waitFor(t, "received "+id)
	}
	stop()
	next := newWeather(t, f, 0)
	if err := next.resume(); err != nil {
		t.Fatal(err)
	}
	stop = next.runs(t)
	defer stop()
	var got []string
	for range 3 { // one of them is told twice
		select {
		case s := <-next.seen:
			got = append(got, s)
		case <-time.After(time.Minute):
			t.Fatalf("only %v", got)
		}
	}
	slices.Sort(got)
	if got = slices.Compact(got); !slices.Equal(got, []string{"checked a", "checked b"}) {
		t.Error(got)
	}
	full := newWeather(t, testFolder(t), 0)
	for range maxLater {
		if !full.addLater(dueCheck{}) {
			t.Fatal("not so many fit")
		}
	}
	if full.addLater(dueCheck{}) {
		t.Error("there is no bound")
	}
}
