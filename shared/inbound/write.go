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

// write records the message, its conversation, its events and one notification
// for each agent of the mailbox, all together or not at all.
func (s *Held) write(ctx context.Context, settings *desk.Settings, in *desk.Inbound, d thread.Message, also *store.Change) error {
	if d.New {
		id, err := desk.NewConversationID(s.Random)
		if err != nil {
			return err
		}
		d.Conversation.ID = id
		if d.LinkBack {
			d.Changed[0].Linked = append(slices.Clone(d.Changed[0].Linked), id)
		}
	}
	stopped, err := s.stop(ctx, settings, &d)
	if err != nil {
		return err
	}
	e := newEntry(d, settings)
	s.weigh(ctx, settings, e)
	e.found(settings)
	whose := &store.Change{}
	e.whose(s, settings, whose, *in)
	in.Reason = string(e.message.Kind) + " mail, by " + e.Evidence.Rule + s.suggest(ctx, e)
	in.Outcome, in.Conversation, in.Sequence = desk.OutcomeThreaded, e.conv.ID, e.message.Sequence
	change := written(in, e)
	change.Join(also)
	change.Join(whose)
	given, told, err := gaveBack(s.Writer(settings), *in, e, stopped, change)
	if err != nil {
		return err
	}
	acknowledgement, err := s.acknowledge(ctx, settings, e)
	if err != nil {
		return err
	}
	agents := waiting.Concerned(settings, e.Mailbox, e.conv, e.message, e.history, s.Now(), d.Rota)
	if e.quiet || e.thanks && e.conv.State == desk.StateSolved {
		agents = nil // a mail for each "thank you" would make people stop closing conversations
	}
	agents = slices.DeleteFunc(agents, func(a desk.Agent) bool { return told[a.ID] })
	tell, err := notifications(s.Writer(settings), agents, e, e.context())
	if err != nil {
		return err
	}
	tell = append(tell, given...)
	return s.commitWith(ctx, settings, e, change, acknowledgement, tell)
}

// written is what the store is to hold: the record, the conversation with its
// message, and by which names the message is found.
func written(in *desk.Inbound, e *entry) *store.Change {
	out := &store.Change{Inbound: in, ContentHash: in.ContentHash, Conversation: &e.conv, Messages: append(e.notes, e.message), Events: events(*in, e),
		MessageIDs: map[string]store.MessageRef{}, Claims: e.Claims}
	for i := range e.Changed {
		out.Others = append(out.Others, &e.Changed[i])
	}
	for _, name := range e.Names {
		out.MessageIDs[name] = store.MessageRef{Conversation: e.conv.ID, Sequence: e.message.Sequence}
	}
	return out
}

// events tells what happened: a message came; with a person's first message a
// concern was opened; a solved one was reopened; articles were offered.
func events(in desk.Inbound, e *entry) []desk.Event {
	received := event(desk.EventReceived, in, e.conv)
	received.Detail = e.Evidence.Rule
	if e.message.Kind == desk.KindAutomatic {
		received.Detail = "automatic"
	}
	received.Reactions = e.reactions()
	out := []desk.Event{received}
	if e.message.Kind == desk.KindCustomer && e.conv.CustomerMessages == 1 {
		out = append(out, event(desk.EventOpened, in, e.conv))
	}
	if e.thanks {
		out = append(out, event(desk.EventThanked, in, e.conv))
	}
	if e.message.Rated != "" {
		rated := event(desk.EventRated, in, e.conv)
		rated.Detail = string(e.message.Rated)
		out = append(out, rated)
	}
	if e.settled {
		out = append(out, event(desk.EventSolved, in, e.conv))
	}
	if e.reopened {
		reopened := event(desk.EventReopened, in, e.conv)
		reopened.SolvedBefore = e.solved.Solved
		out = append(out, reopened)
	}
	if e.moment != "" {
		told := event(desk.EventMoment, in, e.conv)
		told.Detail = string(e.moment)
		out = append(out, told)
	}
	if len(e.message.Suggested) > 0 {
		offered := event(desk.EventSuggested, in, e.conv)
		offered.Articles = e.message.Suggested
		out = append(out, offered)
	}
	return out
}

// context is what the notification shows beside the message.
func (e *entry) context() letters.Context {
	f := e.Facts
	more := letters.Context{History: e.history, Suggestions: e.offered, Past: e.past, DraftAnswer: e.draft, Others: e.Others, Namesakes: e.Namesakes, NamesOthers: e.NamesOthers,
		Linked: e.Linked, Attachments: f.Mail.Attachments, HTML: f.HTML, New: e.New, Reopened: e.reopened, Copies: f.Copies, Also: alsoSentTo(f, e.Mailbox), Signature: e.signature, AskedReply: f.ReplyTo}
	if !f.Verified && f.Record.Verdicts.DMARC == desk.VerdictProcessing {
		more.Unchecked = "who sent it could not be checked: DNS did not answer, so anybody could have written this under that address"
		if f.CheckedLater {
			more.Unchecked = "who sent it is not checked yet: DNS did not answer"
		}
	}
	more.Same = e.Same
	more.Moment, more.CustomerFrom = e.moment, e.since
	more.Handed = e.handed
	if e.conv.Snoozed.Until.IsZero() {
		more.Woken = e.solved.Snoozed
	}
	if a := e.acknowledged; a != nil {
		more.Acknowledged = "sent"
		if a.Encrypted {
			more.Acknowledged = "sent, which asks for it once more without encryption"
		}
		if h := a.Help; h != nil {
			more.Acknowledged = "sent, and it shows the article “" + h.Title + "”"
		}
	}
	if more.New {
		more.Quoted = f.Mail.Visible.Quoted
	}
	more.SMIME = f.SMIME
	more.PGP = f.Mail.Wrapper == "pgp-signed"
	more.Encrypted = e.encrypted()
	return more
}
