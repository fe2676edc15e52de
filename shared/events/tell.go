package events

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/replywell/replywell/shared/delivery"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/page"
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
	back     bool // the item goes back to be tried again
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
		if j.item.Automatic() || j.item.Kind == desk.OutboxAlert || j.item.Kind == desk.OutboxProbe { // nobody wrote it and nobody waits for it
			return j.commit(ctx, &store.Change{}, nil)
		}
		if j.old() {
			return j.commit(ctx, &store.Change{}, nil)
		}
		return j.unreachable(ctx)
	default: // a delay is no end: the carrier goes on trying
		return j.commit(ctx, &store.Change{}, nil)
	}
}

// took adds to a change that the carrier took the mail, if nobody knows that yet.
// Every event says it: where the answer to the send was lost, the first to come
// may be the delivery or the bounce. A mail that was given twice has two ids of
// the carrier's, and is found by both.
func (j *job) took(c *store.Change) {
	if j.own() || j.old() {
		return
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
	}
	if j.back && item.State == desk.OutboxSent {
		item.ComesBack(j.now, j.response(0).Detailed())
	}
	if item.State != j.item.State || item.SentID != j.item.SentID {
		c.Outbox = append(c.Outbox, &item)
	}
}

// own reports whether it is our own sender who tells: the carrier never took the mail.
func (j *job) own() bool { return j.ev.SentID == "" && j.in == nil }

// old reports whether the event is about an attempt that is known to have come
// back, of a mail that is tried again: the same told twice, by event and by
// mail, or out of order.
func (j *job) old() bool {
	if j.item.Refused == 0 || j.own() {
		return false
	}
	if j.in != nil {
		return j.item.Due()
	}
	return j.ev.SentID == j.item.RefusedID || j.ev.SentID != j.item.SentID && j.ev.At.Before(j.item.Claimed.Add(-time.Hour))
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
		conv.State, conv.Due, conv.Solved, conv.Pending = desk.StateOpen, time.Time{}, time.Time{}, desk.Pending{}
	}
	msg := desk.Message{Conversation: conv.ID, Sequence: conv.Messages, Kind: kind, At: j.now, From: conv.Customer, Agent: answer.Agent,
		Subject: conv.Subject, Text: j.words(), Outbox: j.item.ID, Verified: j.in == nil, Part: answer.Part, Evidence: desk.Evidence{Rule: "delivery-event", Detail: string(j.ev.Kind)}}
	if j.in != nil {
		msg.Inbound, msg.Raw = j.in.ID, j.in.Raw
		msg.Evidence.Rule = "delivery-report"
	}
	c := &store.Change{Conversation: &conv, Messages: []desk.Message{msg}, Events: []desk.Event{j.event(event, conv)}}
	var ready []letters.Ready
	telling := j.letters.Tell(mailbox, conv, msg, letters.Context{History: after})
	for _, a := range j.whom(mailbox, answer.Agent) {
		r, err := telling.To(desk.DerivedID(j.item.ID, string(kind), a.ID), a, "")
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
	var ready []letters.Ready
	for _, a := range j.whom(mailbox, author) {
		id, told, err := j.untold(ctx, j.item.ID, "copy", strings.ToLower(who), a.ID)
		if err != nil {
			return err
		}
		if told {
			continue
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

// unreachable tells those who work with somebody of the team that mail does not
// arrive there: the other agents of the mailbox and the leads, once a day for
// each. The mail itself is tried again: a person is not gone because a mailbox is.
func (j *job) unreachable(ctx context.Context) error {
	mailbox, ok := j.settings.Mailbox(j.item.Mailbox)
	if !ok {
		mailbox = j.settings.Mailboxes[0]
	}
	conv, err := j.Store.Conversation(ctx, j.item.Conversation)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	c := &store.Change{Events: []desk.Event{j.event(desk.EventBounced, conv)}}
	complaint := j.ev.Kind == desk.DeliveryComplaint
	j.back = !complaint && j.item.Lasts()
	departed, listed := j.settings.Agent(j.item.Agent)
	name := departed.Name
	if j.item.Kind == desk.OutboxReport || j.item.Kind == desk.OutboxDepartment {
		name, listed = strings.Join(j.item.To, ", "), true
	}
	if !listed {
		return j.commit(ctx, c, nil)
	}
	alert := letters.Alert{Title: "Mail to " + name + " does not arrive", Next: "Tell " + name + " another way, and see whether the address in the settings is right. You get this once a day."}
	said := delivery.Explain(j.response(0), j.whomTo(0))
	alert.Text, alert.Said = about(name, conv)+" came back. "+said.What, said.Server
	switch {
	case complaint:
		alert.Title, alert.Said = name+"’s mailbox reports our mail as unwanted", ""
		alert.Text = about(name, conv) + " was marked as spam there, by " + name + " or by a program. What follows may be kept from " + name + "."
		alert.Next = "Ask " + name + " to mark the mail as wanted. You get this once a day."
	case j.back && j.item.Kind == desk.OutboxNotification:
		alert.Text += " We try again once a day while the customer waits. Until it works, " + name + " does not see what customers write."
	case j.back:
		alert.Text += " We try again once a day."
	}
	var ready []letters.Ready
	for _, a := range j.others(mailbox, departed.ID) {
		id, told, err := j.untold(ctx, "unreachable", string(j.ev.Kind), name, j.now.UTC().Format(time.DateOnly), a.ID)
		if err != nil {
			return err
		}
		if told {
			continue
		}
		r, err := j.letters.Alert(id, a, mailbox, alert)
		if err != nil {
			return err
		}
		ready = append(ready, r)
	}
	return j.commit(ctx, c, ready)
}

// about names a mail to somebody.
func about(name string, conv desk.Conversation) string {
	if conv.ID == "" {
		return "A mail to " + name
	}
	return fmt.Sprintf("A mail to %s about “%s” (%s)", name, page.Excerpt(conv.Subject, 80), conv.ID.Reference())
}

// others are the mailbox's agents and the leads, without the one.
func (j *job) others(mailbox desk.Mailbox, without string) (out []desk.Agent) {
	seen := map[string]bool{without: true}
	for _, a := range append(j.settings.AgentsOf(mailbox), j.settings.Leads()...) {
		if !seen[a.ID] {
			seen[a.ID] = true
			out = append(out, a)
		}
	}
	return out
}

// untold gives the id of a mail that is told once, and whether it was told. One
// that failed itself has told nobody, and suppresses nothing.
func (j *job) untold(ctx context.Context, parts ...string) (id string, told bool, err error) {
	for n := range 5 {
		id = desk.DerivedID(append(parts, fmt.Sprint(n))...)
		item, err := j.Store.Outbox(ctx, id)
		if errors.Is(err, store.ErrNotFound) {
			return id, false, nil
		}
		if err != nil {
			return "", false, err
		}
		if item.State != desk.OutboxFailed {
			return id, true, nil
		}
	}
	return id, true, nil
}

// response is what was said of a recipient of the event, by its number.
func (j *job) response(n int) delivery.Response {
	if n >= len(j.ev.Recipients) {
		return delivery.Response{Stage: delivery.StageReport}
	}
	r := j.ev.Recipients[n]
	a := delivery.Response{Stage: delivery.Stage(r.Stage), Code: r.Code, Status: r.Status, Name: r.Name, Text: r.Reason}
	if a.Stage == "" {
		a.Stage = delivery.StageReport
	}
	return a
}

// whomTo is the recipient's address.
func (j *job) whomTo(n int) string {
	if n < len(j.ev.Recipients) && j.ev.Recipients[n].Address != "" {
		return j.ev.Recipients[n].Address
	}
	if n < len(j.item.To) {
		return j.item.To[n]
	}
	return ""
}

// words says what happened and what to do, for people, in the same words
// whichever way it was told.
func (j *job) words() string {
	if j.ev.Kind == desk.DeliveryComplaint {
		return "The customer's mail provider reports that this answer was marked as spam. Do not write again unless the customer does."
	}
	var parts []string
	for n := range max(1, len(j.ev.Recipients)) {
		said := delivery.Explain(j.response(n), j.whomTo(n))
		part := said.What + "\n" + said.Next
		if said.Server != "" {
			part += "\n\n" + letters.ServerSaid(said.Server)
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, "\n\n")
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
	return j.Recorder().Commit(ctx, c, ready, j.now, j.item.ID)
}
