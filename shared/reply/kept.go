package reply

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email"
	"github.com/replywell/replywell/shared/email/page"
	"github.com/replywell/replywell/shared/email/replyaddr"
	"github.com/replywell/replywell/shared/letters"
	"github.com/replywell/replywell/shared/store"
)

// waits is why what the agent wrote is neither carried out nor refused: it waits
// for the agent's word. about is one of the desk's Kept words.
type waits struct {
	about  string
	news   []desk.Message
	greets bool // a note that begins like a letter to the customer
}

func (w *waits) Error() string { return "it waits for the agent's word: " + w.about }

// current gives a *waits if the answer was written without something that came
// since. The reply address says what its author was shown. Where two arrive
// together, the second meets the conversation's new version when it is written
// down, reads again, and comes here again.
func (j *job) current(p *plan) error {
	if !p.answer {
		return nil
	}
	w := &waits{about: desk.KeptOvertaken}
	for _, m := range j.messages {
		if m.NewsTo(j.agent.ID) && !j.wasShown(m) {
			w.news = append(w.news, m)
		}
	}
	if len(w.news) == 0 {
		return nil
	}
	w.news = desk.InOrder(w.news)
	return w
}

// keep records that the mail waits, and gives it back to the agent with what
// came meanwhile above it.
func (j *job) keep(ctx context.Context, w *waits) error {
	c := j.change(desk.OutcomeRefused, "kept until the agent says what to do: "+w.about)
	e := j.event(desk.EventRefused, j.conv, j.now)
	e.Detail = w.about
	c.Events = append(c.Events, e)
	id, _, free, err := j.noticeID(ctx)
	if err != nil {
		return err
	}
	if !free {
		c.Inbound.Reason = "It waits for your word, for something came after the mail that you answered."
		if w.about == desk.KeptWhom {
			c.Inbound.Reason = "It says neither that it is for the customer nor that it is for the team."
		}
		return j.keepBack(ctx, c)
	}
	held := j.in.ID
	if j.held != nil {
		held = j.held.ID
	}
	q := desk.Confirmation{ID: desk.ConfirmationID(desk.ConfirmKept, j.in.ID, j.agent.ID), Kind: desk.ConfirmKept, Agent: j.agent.ID, Mailbox: j.mailbox.ID,
		Conversation: j.conv.ID, About: w.about, Held: []string{held}, Answers: j.seen, Seen: j.seen, Asked: j.now, Expires: j.now.Add(desk.ConfirmationGood), CausedBy: j.in.ID}
	if w.about == desk.KeptOvertaken {
		q.Seen = j.conv.Messages // the letter shows it
	}
	k := letters.Kept{News: w.news, Text: j.ownText(), Greets: w.greets}
	for _, f := range j.mail.Attachments {
		k.Files = append(k.Files, page.Excerpt(f.Filename, 120)+", "+page.Size(int64(f.Size)))
	}
	r, err := j.letters.Kept(id, j.agent, j.mailbox, j.conv, q, k)
	if err != nil {
		return err
	}
	c.Confirmations = append(c.Confirmations, &q)
	return j.commit(ctx, c, []letters.Ready{r}, nil)
}

// release does with a mail that waits what its agent said. Of what was there when
// the agent was asked, nothing speaks against it any more; all else still does.
func (s *Service) release(ctx context.Context, q desk.Confirmation, agent desk.Agent, base *store.Change) error {
	settings, err := s.Settings(ctx)
	if err != nil {
		return err
	}
	conv, place, err := s.Store.Place(ctx, store.Place{Conversation: q.Conversation, Sequence: q.Answers})
	if err != nil {
		return fmt.Errorf("reading the conversation of a mail that waits: %w", err)
	}
	_, shown, err := s.Store.Place(ctx, store.Place{Conversation: q.Conversation, Sequence: q.Seen})
	if err != nil {
		return fmt.Errorf("reading the conversation of a mail that waits: %w", err)
	}
	if shown.Conversation != conv.ID { // it was split meanwhile
		shown = place
	}
	j := &job{Service: s, settings: settings, in: base.Inbound, agent: agent, conv: conv, seen: place.Sequence, aware: shown.Sequence, now: s.Now(),
		also: &store.Change{Confirmations: base.Confirmations, Events: base.Events}}
	j.letters = letters.Writer{Settings: settings, Keys: s.Keys, Now: j.now}
	if len(q.Held) != 1 {
		return desk.Permanent(fmt.Errorf("the question %s is about %d mails, and can only be about one", q.ID, len(q.Held)))
	}
	held, err := s.Store.Inbound(ctx, q.Held[0])
	if err != nil {
		return fmt.Errorf("reading the mail that waits: %w", err)
	}
	raw, err := s.Blobs.Get(ctx, held.Raw)
	if err != nil {
		return fmt.Errorf("reading the mail that waits: %w", err)
	}
	j.held, j.mail, j.team = &held, saidBy(agent, email.Read(raw, held.MailFrom)), q.Answer == "note"
	if err := j.recall(ctx, held); err != nil {
		return err
	}
	return j.run(ctx)
}

// Replace carries out what an agent answered to the mail that gave an answer back:
// it goes in the place of that one, and its author was shown what came meanwhile.
func (s *Service) Replace(ctx context.Context, in *desk.Inbound, mail *email.Mail, agent desk.Agent, q desk.Confirmation) error {
	token := replyaddr.Token{Purpose: replyaddr.Agent, Conversation: string(q.Conversation), LastSeen: replyaddr.Seen(q.Seen)}
	return s.Carry(ctx, in, mail, agent, desk.Conversation{}, token, nil)
}

// sentBefore refuses a mail that was sent already, at the agent's word, or in
// whose place the agent has written something else since.
func (j *job) sentBefore(ctx context.Context, p *plan) error {
	if j.held == nil || !p.answer {
		return nil
	}
	no := func(why string) error {
		return &refusal{rule: "sent-before", title: "Nothing was sent", why: why, next: "If it is still to be sent, answer this mail with #answer and your text below it."}
	}
	if _, err := j.Store.Outbox(ctx, anywayID(*j.held)); err == nil {
		return no("The answer was sent already, at your word, and is sent once.")
	} else if !errors.Is(err, store.ErrNotFound) {
		return fmt.Errorf("asking whether an answer was sent: %w", err)
	}
	for _, m := range j.messages {
		if m.Kind == desk.KindAnswer && m.Agent == j.agent.ID && !j.wasShown(m) {
			return no("You have answered since: “" + page.Excerpt(strings.TrimSpace(m.Text), 100) + "” went in its place.")
		}
	}
	return nil
}
