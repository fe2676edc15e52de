package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/replywell/replywell/shared/delivery"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/store/engine"
)

// Outbox reads one outgoing mail. Error: ErrNotFound.
func (s *Store) Outbox(ctx context.Context, id string) (desk.OutboxItem, error) {
	item, err := s.one(ctx, outboxKey(id))
	if err != nil {
		return desk.OutboxItem{}, err
	}
	return toOutbox(item)
}

// OutboxItems reads outgoing mails, and how often agents were written to
// recently, all in one request: what is needed to send a few mails. What is not
// there is not in the answer; for every agent there is a Notified. Together at
// most engine.MaxGet.
func (s *Store) OutboxItems(ctx context.Context, ids, agents []string) (map[string]desk.OutboxItem, map[string]Notified, error) {
	keys := newKeySet()
	for _, id := range ids {
		keys.add(outboxKey(id))
	}
	for _, a := range agents {
		keys.add(notifiedKey(a))
	}
	items, err := s.get(ctx, keys.list)
	if err != nil {
		return nil, nil, err
	}
	mails := make(map[string]desk.OutboxItem, len(ids))
	for _, id := range ids {
		if item, ok := items[outboxKey(id)]; ok {
			if mails[id], err = toOutbox(item); err != nil {
				return nil, nil, err
			}
		}
	}
	notified := make(map[string]Notified, len(agents))
	for _, a := range agents {
		notified[a] = Notified{Agent: a}
		if item, ok := items[notifiedKey(a)]; ok {
			if notified[a], err = toNotified(item); err != nil {
				return nil, nil, err
			}
		}
	}
	return mails, notified, nil
}

// FindSent finds an outgoing mail by the carrier's id, or by a Message-ID in
// any form it was sent under. Error: ErrNotFound.
func (s *Store) FindSent(ctx context.Context, messageID string) (desk.OutboxItem, error) {
	id := NormalMessageID(messageID)
	if id == "" {
		return desk.OutboxItem{}, fmt.Errorf("an empty message id: %w", ErrNotFound)
	}
	item, err := s.one(ctx, messageIDKey(id))
	if err != nil {
		return desk.OutboxItem{}, err
	}
	ref, err := toMessageRef(item)
	if err != nil {
		return desk.OutboxItem{}, err
	}
	if !ref.Outgoing || ref.Outbox == "" {
		return desk.OutboxItem{}, fmt.Errorf("a mail of ours with this message id: %w", ErrNotFound)
	}
	return s.Outbox(ctx, ref.Outbox)
}

// DueOutbox gives the items of one lane that are due at the time, oldest first,
// at most limit (0: all). See Lanes. It may lag behind writes: an item may be
// given that was sent a moment ago, and the commit that claims it finds out.
func (s *Store) DueOutbox(ctx context.Context, lane string, at time.Time, limit int) ([]desk.OutboxItem, error) {
	q := engine.Query{Index: byTime, Partition: lanePartition(lane), To: timeSort(at, afterAll)}
	return collect(ctx, s, q, limit, toOutbox)
}

// OutboxAfter gives the items of one lane that are due later than the time, the
// latest last, at most limit.
func (s *Store) OutboxAfter(ctx context.Context, lane string, after time.Time, limit int) ([]desk.OutboxItem, error) {
	q := engine.Query{Index: byTime, Partition: lanePartition(lane), From: timeSort(after, afterAll)}
	return collect(ctx, s, q, limit, toOutbox)
}

// Notified gives when the agent was last sent notifications: the times within
// the window, and a version for SetNotified.
func (s *Store) Notified(ctx context.Context, agent string) (Notified, error) {
	_, notified, err := s.OutboxItems(ctx, nil, []string{agent})
	return notified[agent], err
}

// SetNotified records the times. Error: ErrConflict. A Change can do it too,
// in the same write as other things.
func (s *Store) SetNotified(ctx context.Context, n *Notified) error {
	return s.Commit(ctx, &Change{Notified: n})
}

// AgentLanes names the agents whose lane of the outbox may hold mail: those of
// the settings, and those who are not there any more until their lane is empty.
// An agent's lane is found by the agent's id alone, so whoever sweeps keeps this
// list, or what waits for somebody who left would wait for ever.
type AgentLanes struct {
	Agents  []AgentLane
	Version int64
}

// AgentLane is one agent's. Left is when the agent was first missed in the
// settings; zero while they name the agent.
type AgentLane struct {
	ID   string    `json:"id"`
	Left time.Time `json:"left,omitzero"`
}

// AgentLanes reads the list, consistently; it is empty where there is none yet.
func (s *Store) AgentLanes(ctx context.Context) (AgentLanes, error) {
	item, err := s.one(ctx, agentLanesKey())
	if errors.Is(err, ErrNotFound) {
		return AgentLanes{}, nil
	}
	if err != nil {
		return AgentLanes{}, err
	}
	return toAgentLanes(item)
}

// SetAgentLanes writes the list if nobody else has since it was read. Error:
// ErrConflict.
func (s *Store) SetAgentLanes(ctx context.Context, l *AgentLanes) error {
	b := builder{now: s.now()}
	b.add(kindAgentLanes, agentLanesKey(), l.Version, storedAgentLanes(*l), nil)
	if b.err != nil {
		return b.err
	}
	if err := s.engine.Write(ctx, b.parts[0].write); err != nil {
		return err
	}
	l.Version++
	return nil
}

// LaneOfAgent names the lane of an agent's notifications.
func LaneOfAgent(id string) string { return agentLane(id) }

func agentLanesKey() engine.Key { return engine.Key{Partition: "lanes", Sort: "lanes"} }

func toAgentLanes(item engine.Item) (AgentLanes, error) {
	var s storedAgentLanes
	err := unpack(kindAgentLanes, item, &s)
	s.Version = item.Version
	return AgentLanes(s), err
}

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
