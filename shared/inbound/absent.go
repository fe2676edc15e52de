package inbound

import (
	"context"
	"slices"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/inbound/thread"
	"github.com/replywell/replywell/shared/letters"
	"github.com/replywell/replywell/shared/store"
	"github.com/replywell/replywell/shared/waiting"
)

// absent records what an agent's mail program sent by itself. Where it says that the
// agent is away, they are from now on, and they find a mail that tells them so, and how
// it ends. Should the program answer that mail too, nothing more follows.
func (s *Held) absent(ctx context.Context, settings *desk.Settings, mb desk.Mailbox, d thread.Machine, change *store.Change) error {
	rota := d.Rota
	if d.Absent == nil || !rota.Leave(desk.Absence{Agent: d.Absent.ID, From: s.Now(), Found: true}) {
		return s.Store.Commit(ctx, change)
	}
	change.Rota = &rota
	change.Inbound.Reason = "an automatic reply: " + d.Absent.Name + " is away"
	const (
		title = "Your mail program says that you are away"
		why   = "So no mail about customers comes to you, nothing new is given to you, and who waits for you goes to colleagues. The morning mail tells you what moved when you are back."
	)
	if mb.Address == "" {
		mb = settings.Mailboxes[0]
	}
	id, w := desk.DerivedID(change.Inbound.ID, "absent"), s.Writer(settings)
	var notice letters.Ready
	var err error
	if at, known := settings.Mailbox(d.At.Mailbox); known && d.At.ID != "" {
		notice, err = w.Notice(id, at, d.At, d.Seen, letters.Notice{Agent: *d.Absent, Calm: true, Title: title, Why: why,
			Next: "Are you here? #back in reply to this mail ends it, and so does any answer of yours. Until when you are away you can say as well: #away until Friday."})
	} else {
		notice, err = w.ChoiceResult(id, *d.Absent, mb, letters.ChoiceResult{Title: title, Because: "It answered a mail of ours by itself.",
			Text: why + " Are you here? Any answer of yours ends it, and so does #back in reply to a mail about a customer."})
	}
	if err != nil {
		return err
	}
	return s.commit(ctx, change, notice)
}

// whose says whose a conversation becomes by a customer's message: a new one is shared
// out, and one whose agent is away, or answers the mailbox no more, goes to a colleague.
func (e *entry) whose(s *Held, settings *desk.Settings, change *store.Change, in desk.Inbound) {
	if e.message.Kind != desk.KindCustomer || e.thanks {
		return
	}
	now, rota := s.Now(), e.Rota
	if e.New && e.conv.Owner == "" {
		if to := waiting.Assign(settings, e.Mailbox, e.conv, e.Others, now, rota); to != "" {
			change.Turn = rota.Rushed(now)
			rota.Give(to, e.conv.ID, now)
			e.conv.Owner, change.Rota = to, &rota
		}
		return
	}
	left, absence := waiting.LeftBy(settings, e.conv, now, rota)
	if left == waiting.LeftStays {
		return
	}
	was, to := e.conv.Owner, waiting.HandOn(settings, e.Mailbox, e.conv, nil, now, rota)
	if to == "" && left == waiting.LeftAway {
		return
	}
	e.conv = e.conv.HandedOn(to, left == waiting.LeftGone)
	if to != "" {
		rota.Give(to, e.conv.ID, now)
		change.Rota = &rota
		if i := slices.IndexFunc(settings.Agents, func(a desk.Agent) bool { return a.ID == to }); i >= 0 {
			e.handed = s.Writer(settings).WhoseItWas(settings.Agents[i], e.Mailbox, was, left, absence)
		}
	}
	moved := event(desk.EventHandedOn, in, e.conv)
	moved.Agent, moved.Detail = was, string(left)
	change.Events = append(change.Events, moved)
}
