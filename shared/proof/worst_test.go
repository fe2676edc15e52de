package proof_test

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/rollup"
	"github.com/replywell/replywell/shared/store"
	"github.com/replywell/replywell/shared/store/engine"
	"github.com/replywell/replywell/shared/store/engine/bolt"
)

// seeds is how many worst nights are generated; "make chaos SEEDS=2000" sets it.
var seeds = flag.Int("seeds", 20, "nights that TestWorstNights generates, half of them over each engine")

// TestWorstNights generates nights in which everything goes wrong that can: calls fail,
// hang, are slow, are throttled and lose their answers, processes die, mail comes twice,
// late and in any order; and for hours the table refuses, SES says no, DNS is away, the
// disk is full or the clock is wrong. In the morning everything is where it belongs.
func TestWorstNights(t *testing.T) {
	setUnlessAsked(t, "rapid.steps", "1500")
	setUnlessAsked(t, "rapid.checks", fmt.Sprint(max(1, *seeds/2)))
	dir, n := t.TempDir(), 0
	for _, home := range []struct {
		name string
		aws  bool
		open openEngine
	}{
		{"on AWS, over a table in the process", true, inTheProcess},
		{"on one machine, over a file", false, func(r *rapid.T) engine.Engine {
			n++
			file := filepath.Join(dir, fmt.Sprint(n, ".db"))
			e, err := bolt.OpenScratch(file) // what kill -9 leaves is proven where the engine is
			if err != nil {
				r.Fatal(err)
			}
			return removed{e, file}
		}},
	} {
		t.Run(home.name, func(t *testing.T) {
			injected, reached, failed := map[string]int{}, map[string]int{}, &failedNight{}
			t.Cleanup(func() { failed.tell(t) })
			rapid.Check(t, func(r *rapid.T) {
				w := &trouble{T: r, punctual: true, night: true, aws: home.aws, failed: failed}
				proveIn(t, r, home.open, reached, w)
				for what, n := range w.injected() {
					injected[what] += n
				}
			})
			var told strings.Builder
			for _, what := range slices.Sorted(maps.Keys(injected)) {
				fmt.Fprintf(&told, "\n%9d  %s", injected[what], what)
			}
			t.Logf("what went wrong:%s\nwhat came of it: %v", told.String(), reached)
			if *seeds >= 100 {
				for _, f := range nightsFates {
					if what := strings.TrimSpace(fates[f]); injected[what] == 0 {
						t.Errorf("no night had a call that %s. What is never tried is not proven", what)
					}
				}
			}
		})
	}
}

// failedNight is the first night that failed, before rapid made it smaller.
type failedNight struct {
	mu    sync.Mutex
	story []string
	why   string
}

// listen keeps what is told of a night, unless one has failed.
func (f *failedNight) listen(o *office) {
	if f.why != "" {
		return
	}
	f.story = nil
	say := o.say
	o.say = func(format string, args ...any) {
		f.mu.Lock()
		defer f.mu.Unlock()
		if f.why == "" {
			f.story = append(f.story, fmt.Sprintf(format, args...))
		}
		say(format, args...)
	}
}

// because notes why a night failed, of the first that did.
func (f *failedNight) because(why string) {
	if f == nil {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.why = cmp.Or(f.why, why)
}

func (f *failedNight) tell(t *testing.T) {
	if f.why == "" {
		return
	}
	file, err := os.CreateTemp("", "worst-night-*.txt")
	if err == nil {
		_, err = file.WriteString(strings.Join(f.story, "\n") + "\n" + f.why + "\n")
	}
	if err != nil {
		t.Error(err)
		return
	}
	t.Logf("it failed first with: %s\nthat night as a whole is told in %s; above it stands made smaller, where that "+
		"was possible", f.why, file.Name())
}

// Errorf notes the first failure, and fails the night.
func (w *trouble) Errorf(format string, args ...any) {
	w.Helper()
	w.failed.because(fmt.Sprintf(format, args...))
	w.T.Errorf(format, args...)
}

// Fatalf is Errorf, and ends the night.
func (w *trouble) Fatalf(format string, args ...any) {
	w.Helper()
	w.failed.because(fmt.Sprintf(format, args...))
	w.T.Fatalf(format, args...)
}

// Fatal is Fatalf of an error.
func (w *trouble) Fatal(args ...any) {
	w.Helper()
	w.Fatalf("%s", fmt.Sprint(args...))
}

// removed is a file that goes when it is closed.
type removed struct {
	engine.Engine
	file string
}

func (r removed) Close() error {
	err := r.Engine.Close()
	_ = os.Remove(r.file) // the folder goes too
	return err
}

// injected counts what went wrong, by kind.
func (w *trouble) injected() map[string]int {
	out := maps.Clone(w.skies.hits)
	if out == nil {
		out = map[string]int{}
	}
	for f, n := range w.fated {
		if f != happens {
			out[strings.TrimSpace(fates[f])] += n
		}
	}
	return out
}

// checkMorning is what must hold when the weather is good again and the queues are empty.
func (w *trouble) checkMorning() {
	w.checkAutomatic()
	w.checkInternal()
	w.checkRollUps()
}

// checkAutomatic: no address and no conversation was sent more than the bound by itself.
func (w *trouble) checkAutomatic() {
	left := map[string][]time.Time{}
	for _, t := range w.taken {
		if item := w.item(t.Outbox); item.Automatic() {
			for _, whose := range []string{store.AddressBudget(t.To[0]), store.ConversationBudget(item.Conversation)} {
				left[whose] = append(left[whose], t.at)
			}
		}
	}
	for whose, times := range left {
		for i := range times {
			n := 0
			for _, at := range times[i:] {
				if at.Sub(times[i]) < 24*time.Hour {
					n++
				}
			}
			if n > desk.DefaultAutomatic {
				w.Errorf("%d automatic mails left within a day for %s", n, whose)
			}
		}
	}
}

// checkInternal: no customer has what an agent wrote for colleagues or for us, what
// another customer wrote, or an agent's own address.
func (w *trouble) checkInternal() {
	for _, t := range w.taken {
		to := t.To[0]
		if to == anna || to == ben {
			continue
		}
		text := string(t.Raw) + t.read.PlainText
		for _, l := range w.written {
			theirs := l.who == to
			if l.who == anna || l.who == ben {
				theirs = !strings.HasPrefix(l.body, "#note") && !strings.HasPrefix(l.body, "#nonsense")
			}
			if !theirs && strings.Contains(text, l.marker) {
				w.Errorf("%s was sent what %s wrote, which was not for them: %s", to, l.who, l.marker)
			}
		}
		if strings.Contains(text, "@team.lantern.example") || strings.Contains(text, "#release") {
			w.Errorf("%s was sent what is internal:\n%s", to, t.read.PlainText)
		}
	}
}

// checkRollUps: each day's roll-up, whenever it was made, has the events of the log.
func (w *trouble) checkRollUps() {
	ctx := context.Background()
	time.Sleep(50 * time.Hour)
	if err := w.services(w.quiet()).metrics.RollUpDays(ctx); err != nil {
		w.Fatal(err)
	}
	last := time.Now().Add(-26 * time.Hour)
	for day := time.Date(2026, 2, 28, 0, 0, 0, 0, time.UTC); day.Before(last); day = day.AddDate(0, 0, 1) {
		log, err := w.store().Day(ctx, day)
		if err != nil {
			w.Fatal(err)
		}
		packed, err := rollup.Pack(log)
		if err != nil {
			w.Fatal(err)
		}
		r, err := w.store().RollUp(ctx, day)
		if errors.Is(err, store.ErrNotFound) { // before a fortnight of silence: when somebody asks
			_, err = w.services(w.quiet()).metrics.RollUp(ctx, day)
			if err == nil {
				r, err = w.store().RollUp(ctx, day)
			}
		}
		if err != nil && len(log) > 0 {
			w.Errorf("%s has %d events and no roll-up: %v", day.Format(time.DateOnly), len(log), err)
		} else if err == nil && string(r.Data) != string(packed) {
			w.Errorf("the roll-up of %s has %d events, and the log has %d", day.Format(time.DateOnly), r.Events,
				len(log))
		}
	}
}
