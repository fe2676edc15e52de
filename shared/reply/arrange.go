package reply

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/replywell/replywell/shared/commands"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/compose"
	"github.com/replywell/replywell/shared/email/page"
	"github.com/replywell/replywell/shared/letters"
	"github.com/replywell/replywell/shared/store"
)

// recordArranged writes down an arrangement.
func (s *Service) recordArranged(ctx context.Context, f commands.Facts, w written, a commands.Arranged, also *store.Change) error {
	c := change(f, w, desk.OutcomeAgent, a.What)
	ready, err := s.arrange(ctx, f, a, c)
	if err != nil {
		return err
	}
	return s.commit(ctx, f, w, c, ready, nil, also)
}

// arrange adds to the change which messages make a conversation from now on, and
// gives the mails that tell of it. Nothing goes to a customer; a text beside the
// order is given back.
func (s *Service) arrange(ctx context.Context, f commands.Facts, a commands.Arranged, c *store.Change) ([]letters.Ready, error) {
	h := a.Halves
	c.Conversation = &h.This
	if h.Other.ID != "" {
		c.Others = []*desk.Conversation{&h.Other}
	}
	for _, e := range []desk.Message{h.ThisEntry, h.OtherEntry} {
		if e.Sequence > 0 {
			e.From, e.Inbound, e.Verified = desk.Person{Name: f.Agent.Name}, f.Mail, true
			e.Evidence = desk.Evidence{Rule: desk.EvidenceToken, Detail: "signed for " + f.Agent.ID}
			c.Messages = append(c.Messages, e)
		}
	}
	c.Inbound.Sequence = h.ThisEntry.Sequence
	e := event(f, desk.EventArranged, h.This, f.Now)
	e.Detail = a.Rule
	c.Events = append(c.Events, e)
	if a.Opened {
		c.Events = append(c.Events, event(f, desk.EventOpened, h.Other, a.First.At))
	}
	if a.Home.ID != "" {
		c.Inbound.Conversation, c.Inbound.Mailbox = a.Home.ID, a.Home.Mailbox
	}
	files, err := s.filesOf(ctx, a.Tell.Message)
	if err != nil {
		return nil, err
	}
	return tell(s.writer(f), f, a.Tell, files)
}

// filesOf gives the attachments of a message. A raw mail that is gone has none.
func (s *Service) filesOf(ctx context.Context, m desk.Message) ([]compose.Attachment, error) {
	if m.Raw == "" || len(m.Attachments) == 0 {
		return nil, nil
	}
	mail, err := s.mailOf(ctx, desk.Inbound{Raw: m.Raw})
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading the files of a mail: %w", err)
	}
	return mail.Attachments, nil
}

// tell writes to each agent of a conversation's mailbox, and to who did it.
func tell(l letters.Writer, f commands.Facts, t commands.Tell, files []compose.Attachment) (out []letters.Ready, err error) {
	mb, ok := f.Settings.Mailbox(t.Conversation.Mailbox)
	if !ok {
		mb = f.Mailbox
	}
	agents := f.Settings.AgentsOf(mb)
	if !slices.ContainsFunc(agents, func(a desk.Agent) bool { return a.ID == f.Agent.ID }) {
		agents = append(agents, f.Agent)
	}
	history := slices.Clone(t.History)
	slices.SortStableFunc(history, func(a, b desk.Message) int { return a.At.Compare(b.At) })
	for _, a := range agents {
		who, then := f.Agent.Name, t.Then
		if a.ID == f.Agent.ID {
			if who = "You"; f.Text != "" {
				then += " What you wrote below the command was not sent: “" + page.Excerpt(f.Text, 2000) + "”"
			}
		}
		r, err := l.Notification(desk.DerivedID(f.Mail, "arranged", a.ID), a, mb, t.Conversation, t.Message,
			letters.Context{History: history, Attachments: files, Happened: &page.Callout{Title: who + " " + t.Did, Text: then}})
		if err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, nil
}

// ask puts a question to the agent before anything happens; see Confirmed.
func (s *Service) ask(ctx context.Context, f commands.Facts, w written, a commands.Question, also *store.Change) error {
	q := question(f, a.Kind, f.Mail)
	q.About = a.About
	about := a.Blocks
	if f.Text != "" {
		about = append(slices.Clone(about), page.Heading{Level: 3, Text: "What you had written (not sent)"}, page.Body{Text: f.Text})
	}
	ready, err := s.writer(f).Ask(desk.DerivedID(f.Mail, "ask"), f.Agent, f.Mailbox, f.Conversation, q,
		letters.Question{Title: a.Title, Text: a.Text, About: about, Words: letters.YesOrNo(a.Yes, a.No)})
	if err != nil {
		return err
	}
	c := change(f, w, desk.OutcomeAgent, a.What)
	c.Confirmations = []*desk.Confirmation{&q}
	return s.commit(ctx, f, w, c, []letters.Ready{ready}, nil, also)
}

// takeBack stops an answer that has not left, and gives it back to its author.
func (s *Service) takeBack(ctx context.Context, f commands.Facts, w written, t commands.TakenBack, also *store.Change) error {
	c := change(f, w, desk.OutcomeAgent, "an answer is taken back")
	t.Item.State = desk.OutboxTakenBack
	c.Outbox, c.Messages = append(c.Outbox, &t.Item), []desk.Message{t.Entry}
	c.Conversation, c.Inbound.Sequence = &t.Conversation, t.Entry.Sequence
	e := event(f, desk.EventArranged, t.Conversation, w.at(f))
	e.Detail = "answer taken back"
	c.Events = append(c.Events, e)
	if t.Kept {
		return s.keep(ctx, f, w, t, c, also)
	}
	q, ready, err := s.writer(f).Stopped(f.Agent, f.Mailbox, t.Conversation, letters.Stopped{Answer: t.Answer, Leaving: t.Leaving, Beside: f.Text})
	if err != nil {
		return err
	}
	c.Confirmations = append(c.Confirmations, &q)
	return s.commit(ctx, f, w, c, []letters.Ready{ready}, nil, also)
}

// keep makes a note for the team of an answer that was taken back.
func (s *Service) keep(ctx context.Context, f commands.Facts, w written, t commands.TakenBack, c *store.Change, also *store.Change) error {
	c.Inbound.Reason = "an answer is kept as a note"
	conv, at := t.Conversation, w.at(f)
	conv.Messages++
	conv.Active(at)
	note := t.Answer
	note.Sequence, note.Kind, note.At, note.MessageID, note.Outbox, note.Articles = conv.Messages, desk.KindNote, at, "", "", nil
	c.Conversation, c.Messages, c.Inbound.Sequence = &conv, append(c.Messages, note), note.Sequence
	c.Events = append(c.Events, event(f, desk.EventNoted, conv, at))
	l := s.writer(f)
	ready, err := colleagues(l, f, conv, note, writing{text: note.Text})
	if err != nil {
		return err
	}
	mine, err := l.Notice(desk.DerivedID(f.Mail, "kept"), f.Mailbox, conv, conv.Messages, letters.KeptInside(f.Agent, conv, note.Text))
	if err != nil {
		return err
	}
	return s.commit(ctx, f, w, c, append(ready, mine), nil, also)
}
