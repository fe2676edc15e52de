package metrics_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/config"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/home"
	"github.com/replywell/replywell/shared/metrics"
	"github.com/replywell/replywell/shared/rollup"
	"github.com/replywell/replywell/shared/store"
	"github.com/replywell/replywell/shared/store/engine"
	"github.com/replywell/replywell/shared/store/engine/bolt"
)

// quarter is a file with so many days' roll-ups, each of a day with so many mails of
// customers.
func quarter(b *testing.B, days, mails int) (string, time.Time) {
	b.Helper()
	rng := rand.New(rand.NewPCG(9, 10))
	end := opening.AddDate(0, 0, days)
	file := filepath.Join(b.TempDir(), "store.db")
	e, err := bolt.Open(file)
	if err != nil {
		b.Fatal(err)
	}
	s := store.New(e, func() time.Time { return end })
	// One day's events, as they are where the days before were alike.
	var typical []desk.Event
	answered := slices.DeleteFunc(lives(rng, opening, 1, mails*6/10, []string{"anna", "ben"}),
		func(l life) bool { return l.steps[len(l.steps)-1].after.Answers == 0 })
	for _, st := range inOrder(answered) {
		typical = append(typical, st.events...)
	}
	for d := range days {
		events := make([]desk.Event, 0, len(typical))
		for _, e := range typical {
			e.Conversation = idOf(int(e.Conversation.Number()%(1<<40)) + d)
			move := func(t *time.Time) {
				if !t.IsZero() {
					*t = t.AddDate(0, 0, d)
				}
			}
			move(&e.Occurred)
			move(&e.Opened)
			move(&e.Asked)
			move(&e.SolvedBefore)
			move(&e.Recorded)
			e.Recorded = opening.AddDate(0, 0, d).Add(time.Duration(e.Recorded.Sub(opening) % (24 * time.Hour)))
			events = append(events, e)
		}
		r := store.RollUp{Day: opening.AddDate(0, 0, d), Form: rollup.Form, Events: len(events)}
		if r.Data, err = rollup.Pack(events); err != nil {
			b.Fatal(err)
		}
		if r.Totals, err = rollup.Sum(events).Pack(); err != nil {
			b.Fatal(err)
		}
		if err := s.SetRollUp(b.Context(), r); err != nil {
			b.Fatal(err)
		}
		if d == 0 {
			received := 0
			for _, e := range events {
				if e.Kind == desk.EventReceived {
					received++
				}
			}
			b.Logf("a day: %d mails of customers, %d events, packed %d KB, totals %d KB", received, len(events),
				len(r.Data)>>10, len(r.Totals)>>10)
		}
	}
	if err := e.Close(); err != nil {
		b.Fatal(err)
	}
	return file, end
}

// BenchmarkReportOfAQuarter reads 90 days of 10,000 mails a day, in a process that
// may take 256 MB. It says how many items were read and how much memory was taken.
// REPLYWELL_DAYS is for fewer days.
func BenchmarkReportOfAQuarter(b *testing.B) {
	days := 90
	if n := os.Getenv("REPLYWELL_DAYS"); n != "" {
		if _, err := fmt.Sscan(n, &days); err != nil {
			b.Fatal(err)
		}
	}
	file, end := quarter(b, max(days+7, 35)+1, 10_000) // what was solved before is watched, and five weeks are charted
	e, err := bolt.Open(file)
	if err != nil {
		b.Fatal(err)
	}
	defer e.Close()
	counter := engine.NewCounter(e)
	settings := *benchSettings(b)
	settings.Hours = berlin
	s := &metrics.Service{Home: &home.Home{Store: store.New(counter, func() time.Time { return end }),
		Now: func() time.Time { return end }}}
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(256 << 20))
	runtime.GC()
	for b.Loop() {
		if _, err := s.Span(b.Context(), &settings, end.AddDate(0, 0, -days), end.AddDate(0, 0, -days), end); err !=
			nil {
			b.Fatal(err)
		}
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	c := counter.Take()
	b.ReportMetric(float64(m.HeapSys-m.HeapReleased)/(1<<20), "MB")
	b.ReportMetric(float64(c.Requests())/float64(b.N), "requests")
	b.ReportMetric(c.ReadUnits/float64(b.N), "read-units")
}

func benchSettings(b *testing.B) *desk.Settings {
	b.Helper()
	settings, err := config.Parse(config.Sample, "sample")
	if err != nil {
		b.Fatal(err)
	}
	return settings
}
