package schedule

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/langid"
	"github.com/replywell/replywell/shared/guard"
	"github.com/replywell/replywell/shared/letters"
	"github.com/replywell/replywell/shared/store"
	"github.com/replywell/replywell/shared/waiting"
)

// due does what a conversation is due for: what agents put off returns, they are
// reminded, whoever does not answer is followed up, and silence solves. Each step is
// one change; the next run does the next.
func (r *run) due(ctx context.Context, c desk.Conversation) error {
	over := func(t time.Time) bool { return !t.IsZero() && !t.After(r.now) }
	for i, m := range c.Reminders {
		if over(m.At) {
			return r.reminded(ctx, c, i)
		}
	}
	for i, q := range c.Consulted {
		if over(q.Remind) {
			return r.silent(ctx, c, i)
		}
	}
	switch p := c.Pending; {
	case over(c.Snoozed.Until):
		return r.returned(ctx, c)
	case !c.Snoozed.Until.IsZero(), c.State != desk.StateAnswered:
		return nil
	case over(p.Tell):
		return r.tellPending(ctx, c)
	case over(p.Ask):
		return r.followUp(ctx, c)
	case over(p.Close), p.Close.IsZero() && over(c.Due):
		return r.solve(ctx, c, cmp.Or(p.Close, c.Due))
	}
	return nil
}

// to is the agent who asked for something, or who sees to it where they are not
// there: gone from the settings or the mailbox, or away.
func (r *run) to(c desk.Conversation, by string) (desk.Agent, bool) {
	mb, _ := r.settings.Mailbox(c.Mailbox)
	for _, id := range []string{by, c.Owner} {
		if _, away := r.rota.At(id, r.now); away || !slices.Contains(mb.Agents, id) {
			continue
		}
		if a, ok := r.settings.Agent(id); ok {
			return a, true
		}
	}
	a, _ := waiting.Who(r.settings, c, r.now, r.rota)
	return a, a.ID != ""
}

// tell commits the conversation with a mail to one agent about it.
func (r *run) tell(ctx context.Context, c desk.Conversation, by, why string, at time.Time, write func(id string, w letters.Writer, a desk.Agent, mb desk.Mailbox, msg desk.Message, more letters.Context) (letters.Ready, error)) error {
	id := desk.DerivedID(why, string(c.ID), by, at.UTC().Format(time.RFC3339Nano))
	a, ok := r.to(c, by)
	mb, known := r.settings.Mailbox(c.Mailbox)
	msg, more, said, err := r.said(ctx, c)
	if err != nil {
		return err
	}
	if !ok || !known || !said {
		return r.commit(ctx, c, "")
	}
	ready, err := write(id, r.Writer(r.settings), a, mb, msg, more)
	if err != nil {
		return err
	}
	return r.commit(ctx, c, desk.Occasion(why, ready.Item.ID), ready)
}

// reminded mails what an agent asked to be reminded of.
func (r *run) reminded(ctx context.Context, c desk.Conversation, i int) error {
	m := c.Reminders[i]
	c.Reminders = slices.Delete(slices.Clone(c.Reminders), i, i+1)
	return r.tell(ctx, c, m.By, "remind", m.At, func(id string, w letters.Writer, a desk.Agent, mb desk.Mailbox, msg desk.Message, more letters.Context) (letters.Ready, error) {
		return w.Reminded(desk.DerivedID(id, m.Said), a, mb, c, msg, m, more)
	})
}

// silent tells who asked a department that no reply has come, once. Of what is solved
// nobody needs a reply any more.
func (r *run) silent(ctx context.Context, c desk.Conversation, i int) error {
	q := c.Consulted[i]
	c.Consulted = slices.Clone(c.Consulted)
	c.Consulted[i].Remind = time.Time{}
	d, there := r.settings.Department(q.Department)
	if !there || c.State == desk.StateSolved {
		return r.commit(ctx, c, "")
	}
	return r.tell(ctx, c, q.By, "department", q.Remind, func(id string, w letters.Writer, a desk.Agent, mb desk.Mailbox, msg desk.Message, more letters.Context) (letters.Ready, error) {
		return w.Silent(desk.DerivedID(id, d.ID), a, mb, c, msg, q, d, more)
	})
}

// returned brings back what was put off. Silence has as long again to solve it.
func (r *run) returned(ctx context.Context, c desk.Conversation) error {
	off := c.Snoozed
	c.Snoozed = desk.PutOff{}
	if c.State == desk.StateAnswered && !c.Due.IsZero() {
		c.Due = r.now.Add(r.settings.SolvedAfter)
	}
	return r.tell(ctx, c, off.By, "snooze", off.Until, func(id string, w letters.Writer, a desk.Agent, mb desk.Mailbox, msg desk.Message, more letters.Context) (letters.Ready, error) {
		return w.Returned(id, a, mb, c, msg, off, more)
	})
}

// tellPending tells the agent that the customer is asked soon.
func (r *run) tellPending(ctx context.Context, c desk.Conversation) error {
	p := c.Pending
	c.Pending.Tell = time.Time{}
	if late := r.now.Sub(p.Tell); late > 0 { // it stood still: the agent has as long as meant
		c.Pending.Ask, c.Pending.Close = p.Ask.Add(late), p.Close.Add(late)
	}
	return r.tell(ctx, c, p.By, "pending", p.Tell, func(id string, w letters.Writer, a desk.Agent, mb desk.Mailbox, msg desk.Message, more letters.Context) (letters.Ready, error) {
		return w.Pending(id, a, mb, c, msg, c.Pending, more)
	})
}

// followUp asks the customer once. Where no more mail may leave by itself to them today,
// they are asked tomorrow, and never closed unasked.
func (r *run) followUp(ctx context.Context, c desk.Conversation) error {
	mb, known := r.settings.Mailbox(c.Mailbox)
	p := c.Pending
	if late := r.now.Sub(p.Ask); late > 0 {
		c.Pending.Close = p.Close.Add(late)
	}
	c.Pending.Ask = time.Time{}
	if !known || c.Customer.Address == "" {
		return r.commit(ctx, c, "")
	}
	recorder := r.Recorder()
	room, err := recorder.Room(ctx, c.ID, r.now, c.Customer.Address)
	if err != nil {
		return err
	}
	if !room {
		c.Pending.Ask, c.Pending.Close = r.now.Add(24*time.Hour), c.Pending.Close.Add(24*time.Hour)
		return r.commit(ctx, c, "")
	}
	msg, _, _, err := r.said(ctx, c)
	if err != nil {
		return err
	}
	c.Messages++
	id := desk.DerivedID("follow-up", string(c.ID), p.Ask.UTC().Format(time.RFC3339Nano))
	ready, text, err := r.Writer(r.settings).FollowUp(id, mb, c, letters.FollowUp{Language: langid.Of(msg.Subject + "\n" + msg.Text), Closes: c.Pending.Close})
	if err != nil {
		return err
	}
	entry := desk.Message{Conversation: c.ID, Sequence: c.Messages, Kind: desk.KindAutomatic, From: desk.Person{Name: mb.Name, Address: mb.Address}, At: r.now, Subject: c.Subject, Text: text,
		MessageID: ready.Item.MessageID, Outbox: id, Automatic: "follow-up", Evidence: desk.Evidence{Rule: "schedule", Detail: "follow-up"}}
	recorder.Guard = &guard.Known{Keys: r.Keys, Now: r.now, Settings: r.settings, Conversation: c, Public: []string{text}}
	if err = recorder.Commit(ctx, &store.Change{Conversation: &c, Messages: []desk.Message{entry}}, []letters.Ready{ready}, r.now, desk.Occasion("follow-up", id)); err == nil {
		r.done.FollowedUp++
	}
	return err
}
