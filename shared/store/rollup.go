package store

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/store/engine"
)

// Settled reports whether all is written that is recorded on the UTC day.
func Settled(day, now time.Time) bool { return !now.Before(dayOf(day).Add(24*time.Hour + Settles)) }

// dayOf is the midnight of the moment's UTC day.
func dayOf(t time.Time) time.Time { return t.UTC().Truncate(24 * time.Hour) }

// Day gives the events recorded on the UTC day, each once and in the order in which
// they were recorded. One that had been written on an earlier day too belongs to that
// one, and is left out.
func (s *Store) Day(ctx context.Context, day time.Time) ([]desk.Event, error) {
	var found [eventShards][]desk.Event
	var failed [eventShards]error
	var running sync.WaitGroup
	for shard := range eventShards {
		running.Go(func() {
			found[shard], failed[shard] = collect(ctx, s, engine.Query{Partition: eventPartition(day, shard)}, 0, toEvent)
		})
	}
	running.Wait()
	if err := errors.Join(failed[:]...); err != nil {
		return nil, err
	}
	events := slices.Concat(found[:]...)
	again, err := s.again(ctx, events)
	if err != nil {
		return nil, err
	}
	events = slices.DeleteFunc(events, func(e desk.Event) bool { return again[e.ID] })
	slices.SortFunc(events, func(a, b desk.Event) int {
		return cmp.Or(a.Recorded.Compare(b.Recorded), cmp.Compare(a.Sequence, b.Sequence), cmp.Compare(rank(a.Kind), rank(b.Kind)), cmp.Compare(a.ID, b.ID))
	})
	return events, nil
}

// rank orders the events of one moment: what a mail opens, it opens first, and what
// ends with it ends last.
func rank(k desk.EventKind) int {
	switch k {
	case desk.EventOpened:
		return 0
	case desk.EventSolved:
		return 2
	}
	return 1
}

// mostAgain bounds how many days back an event is looked for that may have been
// written before.
const mostAgain = 400

// again says which of a day's events had been written on a day before. It cannot be
// one before the day on which it happened, so most need no look.
func (s *Store) again(ctx context.Context, events []desk.Event) (map[string]bool, error) {
	out := map[string]bool{}
	for _, e := range events {
		if e.Occurred.IsZero() {
			continue
		}
		first := dayOf(e.Occurred)
		for n, d := 0, dayOf(e.Recorded).AddDate(0, 0, -1); n < mostAgain && !d.Before(first); n, d = n+1, d.AddDate(0, 0, -1) {
			e.Recorded = d
			switch _, err := s.one(ctx, eventKey(e)); {
			case err == nil:
				out[e.ID], n = true, mostAgain
			case !errors.Is(err, ErrNotFound):
				return nil, err
			}
		}
	}
	return out, nil
}

// RollUp is a UTC day's events, packed by package rollup. The events are the truth:
// it can be made anew from them at any time.
type RollUp struct {
	Day    time.Time // its midnight
	Form   int       // of Data and Totals
	Events int       // how many of the day there are
	Totals []byte    // a few kilobytes, for what looks back over a year
	Data   []byte    // the events
}

// partBytes is how much of Data one item holds; in JSON it takes a third more.
const partBytes = engine.MaxBody * 2 / 3

// SetRollUp writes a day's roll-up. Writing the same again changes nothing; a reader
// sees the one before or this one.
func (s *Store) SetRollUp(ctx context.Context, r RollUp) error {
	r.Day = dayOf(r.Day)
	sum := sha256.Sum256(r.Data)
	head := storedRollUp{Day: r.Day, Form: r.Form, Events: r.Events, Totals: r.Totals, Name: hex.EncodeToString(sum[:6])}
	for data := r.Data; len(data) > 0; head.Parts++ {
		n := min(len(data), partBytes)
		item, err := pack(kindRollUpPart, rollUpPartKey(r.Day, head.Name, head.Parts), 1, storedRollUpPart{Data: data[:n]})
		if err != nil {
			return err
		}
		if err := s.engine.Write(ctx, engine.Write{Item: item}); err != nil {
			return fmt.Errorf("writing the roll-up of %s: %w", r.Day.Format(time.DateOnly), err)
		}
		data = data[n:]
	}
	item, err := pack(kindRollUp, rollUpKey(r.Day), 1, head)
	if err != nil {
		return err
	}
	if err := s.engine.Write(ctx, engine.Write{Item: item}); err != nil {
		return fmt.Errorf("writing the roll-up of %s: %w", r.Day.Format(time.DateOnly), err)
	}
	return s.dropParts(ctx, r.Day, head.Name)
}

// UnsetRollUp takes a day's roll-up back, one that was made before the day was over.
func (s *Store) UnsetRollUp(ctx context.Context, day time.Time) error {
	day = dayOf(day)
	item, err := pack(kindRollUp, rollUpKey(day), 1, storedRollUp{Day: day})
	if err != nil {
		return err
	}
	item.Expires = s.now().Add(-time.Hour)
	if err := s.engine.Write(ctx, engine.Write{Item: item}); err != nil {
		return fmt.Errorf("taking back the roll-up of %s: %w", day.Format(time.DateOnly), err)
	}
	return s.dropParts(ctx, day, "")
}

// dropParts lets the parts of another roll-up of the day go, after all who read them.
func (s *Store) dropParts(ctx context.Context, day time.Time, but string) error {
	k := rollUpPartKey(day, "", 0)
	prefix := day.Format("02") + "#"
	return s.each(ctx, engine.Query{Partition: k.Partition, From: prefix, To: prefix + afterAll}, func(item engine.Item) error {
		if strings.HasPrefix(item.Sort, prefix+but+"#") || !item.Expires.IsZero() {
			return nil
		}
		item.Expires = s.now().Add(24 * time.Hour)
		return s.engine.Write(ctx, engine.Write{Item: item})
	})
}

// Totals gives the roll-ups that there are of the UTC days from the one moment up to
// the other, without their Data, in order.
func (s *Store) Totals(ctx context.Context, from, to time.Time) (out []RollUp, err error) {
	for year := from.UTC().Year(); year <= to.UTC().Year(); year++ {
		q := engine.Query{Partition: rollUpPartition(year), From: from.UTC().Format(time.DateOnly), To: to.UTC().Format(time.DateOnly)}
		heads, err := collect(ctx, s, q, 0, toRollUp)
		if err != nil {
			return nil, err
		}
		for _, h := range heads {
			out = append(out, RollUp{Day: h.Day, Form: h.Form, Events: h.Events, Totals: h.Totals})
		}
	}
	return out, nil
}

// RollUp gives a UTC day's roll-up with its Data. Error: ErrNotFound.
func (s *Store) RollUp(ctx context.Context, day time.Time) (RollUp, error) {
	day = dayOf(day)
	for range 2 { // while it is read it may be written anew
		item, err := s.one(ctx, rollUpKey(day))
		if err != nil {
			return RollUp{}, err
		}
		h, err := toRollUp(item)
		if err != nil {
			return RollUp{}, err
		}
		r := RollUp{Day: h.Day, Form: h.Form, Events: h.Events, Totals: h.Totals}
		whole := true
		for part := 0; part < h.Parts && whole; part++ {
			item, err := s.one(ctx, rollUpPartKey(day, h.Name, part))
			if errors.Is(err, ErrNotFound) {
				whole = false
				continue
			}
			if err != nil {
				return RollUp{}, err
			}
			p, err := toRollUpPart(item)
			if err != nil {
				return RollUp{}, err
			}
			r.Data = append(r.Data, p.Data...)
		}
		if whole {
			return r, nil
		}
	}
	return RollUp{}, fmt.Errorf("a part of the roll-up of %s: %w", day.Format(time.DateOnly), ErrNotFound)
}

func toRollUp(item engine.Item) (r storedRollUp, err error) {
	err = unpack(kindRollUp, item, &r)
	return r, err
}

func toRollUpPart(item engine.Item) (p storedRollUpPart, err error) {
	err = unpack(kindRollUpPart, item, &p)
	return p, err
}

func rollUpPartition(year int) string { return fmt.Sprintf("rollup#%04d", year) }

func rollUpKey(day time.Time) engine.Key {
	return engine.Key{Partition: rollUpPartition(day.Year()), Sort: day.Format(time.DateOnly)}
}

func rollUpPartKey(day time.Time, name string, part int) engine.Key {
	return engine.Key{Partition: "rollup-part#" + day.Format("2006-01"), Sort: fmt.Sprintf("%s#%s#%04d", day.Format("02"), name, part)}
}
