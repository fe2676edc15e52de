package store

import (
	"context"
	"errors"
	"time"

	"github.com/replywell/replywell/shared/store/engine"
)

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
