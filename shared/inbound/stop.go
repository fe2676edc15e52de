package inbound

import (
	"context"
	"errors"
	"slices"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/automatic"
	"github.com/replywell/replywell/shared/email/page"
	"github.com/replywell/replywell/shared/inbound/thread"
	"github.com/replywell/replywell/shared/letters"
	"github.com/replywell/replywell/shared/store"
)

// stopped is an answer that a customer's new mail met before it had left.
type stopped struct {
	answer  desk.Message
	leaving desk.Leaving
	agent   desk.Agent
	item    desk.OutboxItem
	entry   desk.Message
}

// stop takes answers back that have not left and that the customer's new mail says
// more than: their authors have not read it. The conversation of the decision is
// without them from then on. Should one leave meanwhile, writing the change finds
// out, and all is decided again.
func (s *Held) stop(ctx context.Context, settings *desk.Settings, d *thread.Message) (out []stopped, err error) {
	f, conv := d.Facts, d.Conversation
	if len(conv.Leaving) == 0 || f.Kind != automatic.Person {
		return nil, nil
	}
	m := desk.Message{Kind: desk.KindCustomer, Thanks: merelyThanks(f.Text, f, settings, d.Mailbox) || tapped(f, conv).glad(f, settings, d.Mailbox)}
	if f.Forward != nil {
		m.Agent = f.Forward.Agent.ID
	}
	for _, l := range slices.Backward(conv.Leaving) {
		agent, there := settings.Agent(l.Agent)
		if !there || !m.NewsTo(l.Agent) {
			continue
		}
		x := stopped{leaving: l, agent: agent}
		x.item, err = s.Store.Outbox(ctx, l.Outbox)
		if errors.Is(err, store.ErrNotFound) || err == nil && !x.item.CanStop() {
			continue
		}
		if err != nil {
			return nil, reading("an answer that waits to leave", err)
		}
		answer, err := s.Store.Messages(ctx, conv.ID, l.Sequence, 1)
		if err != nil {
			return nil, reading("an answer that waits to leave", err)
		}
		if len(answer) == 0 || answer[0].Sequence != l.Sequence {
			continue // it was moved away
		}
		x.answer, x.item.State = answer[0], desk.OutboxTakenBack
		d.Conversation, x.entry = d.Conversation.TakeBack(l, l.Agent, s.Now())
		x.entry.Text = "An answer of " + page.OneLine(agent.Name) + " was stopped before it left: the customer wrote again."
		d.History = slices.DeleteFunc(slices.Clone(d.History), func(h desk.Message) bool { return h.Sequence == l.Sequence })
		d.History = append(d.History, x.entry)
		out = append(out, x)
	}
	return out, nil
}

// gaveBack writes down that answers were stopped, and the letters that give them
// back with the mail that stopped them. Who gets such a letter reads that mail in
// it, and is not told of it by another one, unless files came with it.
func gaveBack(w letters.Writer, in desk.Inbound, e *entry, all []stopped, c *store.Change) (out []letters.Ready, told map[string]bool, err error) {
	told = map[string]bool{}
	for i := range all {
		x := &all[i]
		k := letters.Stopped{Answer: x.answer, Leaving: x.leaving, News: []desk.Message{e.message}}
		if !told[x.agent.ID] && len(e.message.Attachments) == 0 && slices.Contains(e.Mailbox.Agents, x.agent.ID) {
			k.Instead = desk.NotificationID(in.ID, x.agent.ID)
			told[x.agent.ID] = true
		}
		q, ready, err := w.Stopped(x.agent, e.Mailbox, e.conv, k)
		if err != nil {
			return nil, nil, err
		}
		out = append(out, ready)
		stop := event(desk.EventArranged, in, e.conv)
		stop.ID, stop.Agent, stop.Detail = desk.DerivedID(in.ID, string(desk.EventArranged), x.leaving.Outbox), x.agent.ID, "answer stopped"
		c.Messages, c.Outbox, c.Confirmations, c.Events = append(c.Messages, x.entry), append(c.Outbox, &x.item), append(c.Confirmations, &q), append(c.Events, stop)
	}
	return out, told, nil
}
