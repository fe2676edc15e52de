package send

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/letters"
	"github.com/replywell/replywell/shared/store"
)

// historyShown is how many earlier messages a notification that is handed over shows.
const historyShown = letters.MaxHistory

// forgetAfter is how long the lane of an agent who left is looked into at least:
// a process that has not read the new settings yet may still put mail there.
const forgetAfter = 30 * 24 * time.Hour

// lanes names every lane that may hold mail: those of the settings, and those of
// agents who were taken out of them. It keeps the list of the latter: who is new
// is put on it, and who left goes off it when their lane is empty.
func (s *Service) lanes(ctx context.Context, settings *desk.Settings) ([]string, error) {
	known, err := s.Store.AgentLanes(ctx)
	if err != nil {
		return nil, fmt.Errorf("reading whose lanes there are: %w", err)
	}
	lanes, next, now := store.Lanes(settings.Agents), store.AgentLanes{Version: known.Version}, s.Now()
	for _, a := range settings.Agents {
		next.Agents = append(next.Agents, store.AgentLane{ID: a.ID})
	}
	for _, a := range known.Agents {
		if _, there := settings.Agent(a.ID); there {
			continue
		}
		if a.Left.IsZero() {
			a.Left = now
		}
		if now.Sub(a.Left) > forgetAfter {
			waits, err := s.Store.DueOutbox(ctx, store.LaneOfAgent(a.ID), now.AddDate(1, 0, 0), 1)
			if err != nil {
				return nil, fmt.Errorf("looking into the lane of agent %s: %w", a.ID, err)
			}
			if len(waits) == 0 {
				continue
			}
		}
		lanes = append(lanes, store.LaneOfAgent(a.ID))
		next.Agents = append(next.Agents, a)
	}
	slices.SortFunc(next.Agents, func(a, b store.AgentLane) int { return cmp.Compare(a.ID, b.ID) })
	if !slices.Equal(known.Agents, next.Agents) {
		// Another sweep that was faster has written the same, or the next one does.
		if err := s.Store.SetAgentLanes(ctx, &next); err != nil && !errors.Is(err, store.ErrConflict) {
			return nil, fmt.Errorf("noting whose lanes there are: %w", err)
		}
	}
	return lanes, nil
}

// left reports whether the item is for an agent who is not in the settings any more.
func left(settings *desk.Settings, item desk.OutboxItem) bool {
	if item.Agent == "" {
		return false
	}
	_, there := settings.Agent(item.Agent)
	return !there
}

// handOver ends a mail to an agent who left: it is not sent to somebody who is no
// longer of the team. What a notification tells goes to those of the mailbox
// who were not told of it, so that a message which came in the hour of the
// change is seen.
func (s *Service) handOver(ctx context.Context, settings *desk.Settings, item desk.OutboxItem) error {
	item.State, item.PutOff = desk.OutboxFailed, false
	item.LastError = "agent " + item.Agent + " is not in the settings any more"
	s.log().Warn("a mail to an agent who is not in the settings any more was ended", "outbox", item.ID, "kind", item.Kind)
	ready, err := s.retold(ctx, settings, item)
	if err != nil {
		return fmt.Errorf("handing over a notification: %w", err)
	}
	err = s.recorder().Commit(ctx, &store.Change{Outbox: []*desk.OutboxItem{&item}}, ready, s.Now(), item.CausedBy)
	if errors.Is(err, store.ErrConflict) {
		return nil // somebody else's by now; the next sweep looks again
	}
	return err
}

// retold writes the notification anew for each agent of the mailbox who has none.
func (s *Service) retold(ctx context.Context, settings *desk.Settings, item desk.OutboxItem) (out []letters.Ready, err error) {
	mailbox, ok := settings.Mailbox(item.Mailbox)
	if item.Kind != desk.OutboxNotification || !ok {
		return nil, nil
	}
	conv, err := s.Store.Conversation(ctx, item.Conversation)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var without []desk.Agent
	for _, a := range settings.AgentsOf(mailbox) {
		if _, err := s.Store.Outbox(ctx, notificationID(item.CausedBy, a)); errors.Is(err, store.ErrNotFound) {
			without = append(without, a)
		} else if err != nil {
			return nil, err
		}
	}
	return s.write(ctx, settings, mailbox, conv, item.Sequence, item.CausedBy, without)
}

// retell writes the notification of a message anew for every agent of the mailbox.
func (s *Service) retell(ctx context.Context, settings *desk.Settings, mailbox desk.Mailbox, conv desk.Conversation, m desk.Message) ([]letters.Ready, error) {
	return s.write(ctx, settings, mailbox, conv, m.Sequence, m.Inbound, settings.AgentsOf(mailbox))
}

// write writes the notification of a message for these agents.
func (s *Service) write(ctx context.Context, settings *desk.Settings, mailbox desk.Mailbox, conv desk.Conversation, sequence int, cause string, agents []desk.Agent) (out []letters.Ready, err error) {
	shown, err := s.Store.Messages(ctx, conv.ID, max(1, sequence-historyShown), 0)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(shown, func(m desk.Message) bool { return m.Sequence == sequence })
	if i < 0 {
		return nil, nil
	}
	w := letters.Writer{Settings: settings, Keys: s.Keys, Now: s.Now()}
	telling := w.Tell(mailbox, conv, shown[i], letters.Context{History: shown[:i], New: sequence == 1})
	for _, a := range agents {
		r, err := telling.To(notificationID(cause, a), a, "")
		if err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, nil
}
