package store

import (
	"context"
	"errors"
	"time"

	"github.com/replywell/replywell/shared/delivery"
	"github.com/replywell/replywell/shared/store/engine"
)

// Route is what is known of the way out of mail: the trouble that it has or had
// last, and what was refused recently. It is read and written where something
// fails, never on the way of mail that is taken.
type Route struct {
	Since    time.Time // when the trouble began; zero: there was none
	Last     time.Time // when it was met last
	Words    string    // what was said then
	Told     int       // how often the leads were told of it
	Refusals []delivery.Refusal
	Version  int64
}

// RouteQuiet is how long trouble of the route must not have been met to be over.
// What waits is tried more often than that, see desk.RouteWait.
const RouteQuiet = 30 * time.Minute

// MaxRefusals bounds the refusals that are kept, the latest.
const MaxRefusals = 20

// Troubled reports whether the route has trouble at the time, as far as known.
func (r Route) Troubled(now time.Time) bool {
	return !r.Since.IsZero() && now.Sub(r.Last) < RouteQuiet
}

// Route reads it; the zero value where nothing ever failed.
func (s *Store) Route(ctx context.Context) (Route, error) {
	item, err := s.one(ctx, routeKey())
	if errors.Is(err, ErrNotFound) {
		return Route{}, nil
	}
	if err != nil {
		return Route{}, err
	}
	return toRoute(item)
}

func toRoute(item engine.Item) (Route, error) {
	var r storedRoute
	err := unpack(kindRoute, item, &r)
	r.Version = item.Version
	return Route(r), err
}

// SetRoute writes it if nobody else has since it was read. Error: ErrConflict.
func (s *Store) SetRoute(ctx context.Context, r *Route) error {
	r.Refusals = r.Refusals[max(0, len(r.Refusals)-MaxRefusals):]
	b := builder{now: s.now()}
	b.add(kindRoute, routeKey(), r.Version, storedRoute(*r), nil)
	if b.err != nil {
		return b.err
	}
	if err := s.engine.Write(ctx, b.parts[0].write); err != nil {
		return err
	}
	r.Version++
	return nil
}

func routeKey() engine.Key { return engine.Key{Partition: "route", Sort: "route"} }
