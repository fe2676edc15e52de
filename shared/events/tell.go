package events

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/letters"
	"github.com/replywell/replywell/shared/outbox"
	"github.com/replywell/replywell/shared/store"
)

// job is one event being taken in.
type job struct {
	*Service
	settings *desk.Settings
	letters  letters.Writer
	in       *desk.Inbound // nil when the event did not come as mail
	ev       desk.DeliveryEvent
	item     desk.OutboxItem
	now      time.Time
}

func (j *job) run(ctx context.Context) error {
	switch j.ev.Kind {
	case desk.DeliverySend:
		return j.commit(ctx, &store.Change{}, nil)
	case desk.DeliveryDelivered:
		if j.item.Kind != desk.OutboxAnswer {
			return j.commit(ctx, &store.Change{}, nil)
		}
		return j.commit(ctx, &store.Change{Events: []desk.Event{j.event(desk.EventDelivered, desk.Conversation{})}}, nil)
	case desk.DeliveryBounced, desk.DeliveryComplaint, desk.DeliveryRejected:
		if j.item.Kind == desk.OutboxAnswer {
			return j.answerFailed(ctx)
		}
		if j.item.Automatic() { // nobody wrote it and nobody waits for it
			return j.commit(ctx, &store.Change{}, nil)
		}
		return j.agentUnreachable(ctx)
	default: // a delay is no end: the carrier goes on trying
		return j.commit(ctx, &store.Change{}, nil)
	}
}

// took adds to a change that the carrier took the mail, if nobody knows that yet.
// Every event says it: where the answer to the send was lost, the first to come
// may be the delivery or the bounce. A mail that was given twice has two ids of
// the carrier's, and is found by both.
func (j *job) took(c *store.Change) {
	if j.ev.SentID == "" && j.in == nil {
		return // our own word that it was given up
	}
	item := j.item
	if carriers := j.in == nil; carriers && item.SentID != j.ev.SentID {
		if item.SentID == "" {
			item.SentID = j.ev.SentID
		}
		if c.MessageIDs == nil {
			c.MessageIDs = map[string]store.MessageRef{}
		}
		c.MessageIDs[j.ev.SentID] = outbox.Sent(item)
	}
	if item.Due() || item.SentID != j.item.SentID {
		item.State, item.LastError = desk.OutboxSent, ""
		if item.Sent.IsZero() {
			item.Sent = j.ev.At
		}
		c.Outbox = append(c.Outbox, &item)
	}
}

// answerFailed makes the failure a message of the conversation and tells the
// agents. It is idempotent: one message for one answer and kind.
func (j *job) answerFailed(ctx context.Context) error {
	// Agents may have arranged since where the answer stands.
	conv, place, err := j.Store.Place(ctx, store.Place{Conversation: j.item.Conversation, Sequence: j.item.Sequence})
	if err != nil {
		return fmt.Errorf("the conversation of a mail that failed: %w", err)
	}
	after, err := j.Store.Messages(ctx, conv.ID, max(1, place.Sequence-5), 0)
	if err != nil {
		return err
	}
	kind, event := desk.KindBounce, desk.EventBounced
	if j.ev.Kind == desk.DeliveryComplaint {
		kind, event = desk.KindComplaint, desk.EventComplained
	}
	var answer desk.Message
	for _, m := range after {
		if m.Kind == kind && m.Outbox == j.item.ID {
			return j.commit(ctx, &store.Change{}, nil)
		}
		if m.Sequence == place.Sequence {
			answer = m
		}
	}
	if kind == desk.KindBounce && j.inCopyOnly(conv) {
		return j.copyFailed(ctx, conv, place.Sequence, answer.Agent)
	}
	mailbox, ok := j.settings.Mailbox(conv.Mailbox)
	if !ok {
		return fmt.Errorf("conversation %s belongs to the mailbox %q, which is not in the configuration any more; put it back", conv.ID.Reference(), conv.Mailbox)
	}
	conv.Messages++
	conv.Active(j.now)
	if kind == desk.KindBounce { // the customer did not get the answer and still waits
		conv.State, conv.Due, conv.Solved = desk.StateOpen, time.Time{}, time.Time{}
	}
	msg := desk.Message{Conversation: conv.ID, Sequence: conv.Messages, Kind: kind, At: j.now, From: conv.Customer, Agent: answer.Agent,
		Subject: conv.Subject, Text: j.words(), Outbox: j.item.ID, Verified: j.in == nil, Part: answer.Part, Evidence: desk.Evidence{Rule: "delivery-event", Detail: string(j.ev.Kind)}}
	if j.in != nil {
		msg.Inbound, msg.Raw = j.in.ID, j.in.Raw
		msg.Evidence.Rule = "delivery-report"
	}
	c := &store.Change{Conversation: &conv, Messages: []desk.Message{msg}, Events: []desk.Event{j.event(event, conv)}}
	var ready []letters.Ready
	for _, a := range j.whom(mailbox, answer.Agent) {
		r, err := j.letters.Notification(desk.DerivedID(j.item.ID, string(kind), a.ID), a, mailbox, conv, msg, letters.Context{History: after})
		if err != nil {
			return err
		}
		ready = append(ready, r)
	}
	return j.commit(ctx, c, ready)
}

// inCopyOnly reports whether all whom the mail did not reach were in copy: the
// customer has it, and waits for nothing.
func (j *job) inCopyOnly(conv desk.Conversation) bool {
	for _, r := range j.ev.Recipients {
		copied := false
		for _, p := range conv.Participants {
			copied = copied || strings.EqualFold(p.Address, r.Address)
		}
		if !copied || strings.EqualFold(conv.Customer.Address, r.Address) {
			return false
		}
	}
	return len(j.ev.Recipients) > 0
}

// copyFailed tells who wrote an answer that somebody in copy did not get it.
func (j *job) copyFailed(ctx context.Context, conv desk.Conversation, sequence int, author string) error {
	mailbox, ok := j.settings.Mailbox(conv.Mailbox)
	if !ok {
		return j.commit(ctx, &store.Change{}, nil)
	}
	who := j.ev.Recipients[0].Address
	cause := desk.DerivedID(j.item.ID, "copy", strings.ToLower(who))
	var ready []letters.Ready
	for _, a := range j.whom(mailbox, author) {
		id := desk.DerivedID(cause, a.ID)
		if _, err := j.Store.Outbox(ctx, id); err == nil {
			continue
		} else if !errors.Is(err, store.ErrNotFound) {
			return err
		}
		r, err := j.letters.Notice(id, mailbox, conv, sequence, letters.Notice{Agent: a,
			Title: "Somebody in copy did not get your answer",
			Why:   j.words() + "\nThe customer's own copy is not concerned.",
			Next:  "If the address is wrong, reply with #remove " + who + "."})
		if err != nil {
			return err
		}
		ready = append(ready, r)
	}
	return j.commit(ctx, &store.Change{}, ready)
}

// whom gives the agent who wrote the mail; all of the mailbox's where that one
// is not there any more.
func (j *job) whom(mailbox desk.Mailbox, author string) []desk.Agent {
	if a, ok := j.settings.Agent(author); ok {
		return []desk.Agent{a}
	}
	return j.settings.AgentsOf(mailbox)
}

// agentUnreachable tells the mailbox's other agents, once a day for each, that
// mail to one of them does not arrive.
func (j *job) agentUnreachable(ctx context.Context) error {
	gone, ok := j.settings.Agent(j.item.Agent)
	mailbox, ok2 := j.settings.Mailbox(j.item.Mailbox)
	conv, err := j.Store.Conversation(ctx, j.item.Conversation)
	if !ok || !ok2 || errors.Is(err, store.ErrNotFound) {
		return j.commit(ctx, &store.Change{Events: []desk.Event{j.event(desk.EventBounced, desk.Conversation{})}}, nil)
	}
	if err != nil {
		return err
	}
	cause := desk.DerivedID("unreachable", gone.ID, j.now.UTC().Format(time.DateOnly))
	var ready []letters.Ready
	for _, a := range j.settings.AgentsOf(mailbox) {
		id := desk.DerivedID(cause, a.ID)
		if a.ID == gone.ID {
			continue
		}
		if _, err := j.Store.Outbox(ctx, id); err == nil {
			continue // told today
		} else if !errors.Is(err, store.ErrNotFound) {
			return err
		}
		r, err := j.letters.Notice(id, mailbox, conv, 0, letters.Notice{Agent: a,
			Title: "Mail to " + gone.Name + " does not arrive",
			Why:   fmt.Sprintf("A mail to %s about this conversation was not delivered. %s", gone.Name, j.words()),
			Next:  "Tell " + gone.Name + " another way, and see that the address in the configuration is right. This is said once a day."})
		if err != nil {
			return err
		}
		ready = append(ready, r)
	}
	return j.commit(ctx, &store.Change{Events: []desk.Event{j.event(desk.EventBounced, conv)}}, ready)
}

// words says what happened, for people.
func (j *job) words() string {
	if j.ev.Kind == desk.DeliveryComplaint {
		return "The customer's mail provider reports that this answer was marked as spam. Do not write again unless the customer does."
	}
	var lines []string
	for _, r := range j.ev.Recipients {
		reason := strings.TrimRight(strings.TrimSpace(r.Reason), ".")
		if reason == "" {
			reason = "the receiving server gave no reason"
		}
		line := r.Address + ": " + reason
		if r.Status != "" {
			line += " (" + r.Status + ")"
		}
		if r.Permanent {
			line += ". Trying again will not help."
		} else {
			line += ". It may work later."
		}
		lines = append(lines, line)
	}
	if len(lines) == 0 {
		return "The receiving server gave no reason."
	}
	return strings.Join(lines, "\n")
}

func (j *job) event(kind desk.EventKind, conv desk.Conversation) desk.Event {
	e := desk.Event{ID: desk.DerivedID(j.item.ID, string(kind)), Schema: desk.EventSchema, Kind: kind, Occurred: j.ev.At, Recorded: j.now,
		Mailbox: j.item.Mailbox, Conversation: j.item.Conversation, Sequence: j.item.Sequence, Opened: conv.Opened, Answers: conv.Answers, Reopened: conv.Reopened}
	if len(j.ev.Recipients) > 0 {
		e.Detail = j.ev.Recipients[0].Status
	}
	if e.Occurred.IsZero() {
		e.Occurred = j.now
	}
	return e
}

// commit writes the change, with the record of the mail where the event came as one.
func (j *job) commit(ctx context.Context, c *store.Change, ready []letters.Ready) error {
	if j.in != nil {
		j.in.Outcome, j.in.Reason, j.in.Recorded = desk.OutcomeReport, string(j.ev.Kind), j.now
		j.in.Conversation, j.in.Mailbox = j.item.Conversation, j.item.Mailbox
		if n := len(c.Messages); n > 0 {
			j.in.Sequence = c.Messages[n-1].Sequence
		}
		c.Inbound = j.in
	}
	j.took(c)
	if c.Inbound == nil && c.Conversation == nil && len(ready)+len(c.Outbox)+len(c.Events)+len(c.MessageIDs) == 0 {
		return nil
	}
	return outbox.Recorder{Store: j.Store, Blobs: j.Blobs, Settings: j.Settings, Wake: j.Wake}.Commit(ctx, c, ready, j.now, j.item.ID)
}
