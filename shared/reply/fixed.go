package reply

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/replywell/replywell/shared/commands"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email"
	"github.com/replywell/replywell/shared/email/page"
	"github.com/replywell/replywell/shared/letters"
	"github.com/replywell/replywell/shared/orders"
	"github.com/replywell/replywell/shared/store"
)

// fixed sends what the agent confirmed, each to its own, and uses the question up then.
// Whatever ends in the middle is gone on with: who was answered is not answered again.
func (s *Service) fixed(ctx context.Context, q desk.Confirmation, agent desk.Agent, base *store.Change) error {
	in, err := s.Store.Inbound(ctx, q.CausedBy)
	if errors.Is(err, store.ErrNotFound) {
		return desk.Permanent(fmt.Errorf("the mail %s whose text was to be sent is not there any more", q.CausedBy))
	}
	if err != nil {
		return fmt.Errorf("reading the text that is to be sent to many: %w", err)
	}
	mail, err := s.mailOf(ctx, in)
	if err != nil {
		return fmt.Errorf("reading the text that is to be sent to many: %w", err)
	}
	conv, err := s.Store.Conversation(ctx, q.Conversation)
	if err != nil {
		return fmt.Errorf("reading the conversation: %w", err)
	}
	w := written{in: &in, mail: saidBy(agent, mail, false)}
	f, err := s.look(ctx, commands.Facts{Agent: agent, Conversation: conv, Seen: q.Seen}, w)
	if err != nil {
		return err
	}
	result := letters.Fixed{Agent: agent, Cause: q.About, Question: q}
	order, err := read(f, w, nil)
	switch {
	case err != nil, textDigest(order.Text) != q.SHA256:
		result.Left = append(result.Left, "your mail would be read in another way today than when you were asked")
	default:
		for _, l := range q.Listed {
			if l.Apart && q.Word != "all" {
				continue
			}
			who, why, err := s.answerAsker(ctx, q, l, *base.Inbound, w.mail, order, agent)
			switch {
			case err != nil:
				return fmt.Errorf("answering who asked about %s: %w", q.About, err)
			case why != "":
				result.Left = append(result.Left, who+": "+why)
			default:
				result.Sent = append(result.Sent, who)
			}
		}
	}
	result.Grace = f.Mailbox.Grace
	causes, err := s.Store.Causes(ctx)
	if err != nil {
		return fmt.Errorf("reading the causes: %w", err)
	}
	for _, c := range causes {
		if c.Name == q.About && len(result.Sent) > 0 {
			c.Mended = f.Now
			base.Causes = append(base.Causes, c)
		}
	}
	r, err := s.writer(f).Fixed(desk.DerivedID(base.Inbound.ID, "fixed-told"), f.Mailbox, f.Conversation, result)
	if err != nil {
		return err
	}
	return s.write(ctx, f, base, []letters.Ready{r}, nil)
}

// askerRecord names the record of one answer of many: a question sends each once,
// whichever mail confirms it.
func askerRecord(question string, conv desk.ConversationID) string {
	return desk.DerivedID(question, "fixed", string(conv))
}

// answerAsker sends the text to one customer, or gives a clause that says why not.
func (s *Service) answerAsker(ctx context.Context, q desk.Confirmation, l desk.Listed, by desk.Inbound, mail *email.Mail, order request, agent desk.Agent) (who, why string, err error) {
	err = store.Retry(ctx, func(bool) error {
		conv, place, err := s.Store.Place(ctx, store.Place{Conversation: l.Conversation, Sequence: l.Sequence})
		if errors.Is(err, store.ErrNotFound) {
			who, why = "["+l.Conversation.Reference()+"]", "it is not there any more"
			return nil
		}
		if err != nil {
			return fmt.Errorf("reading the conversation: %w", err)
		}
		who, why = commands.Customer(conv)+" ["+conv.ID.Reference()+"]", ""
		record := by
		record.ID, record.ContentHash, record.SignedHash, record.Version = askerRecord(q.ID, l.Conversation), "", "", 0
		record.Said = "#" + desk.CommandAnswer + "\n\n" + order.Text
		single := *mail
		parsed := *mail.Message
		parsed.MessageID = ""
		single.Message = &parsed
		w := written{in: &record, mail: &single}
		f, err := s.look(ctx, commands.Facts{Agent: agent, Conversation: conv, Seen: place.Sequence}, w)
		if err != nil {
			return err
		}
		if before, err := s.Store.Inbound(ctx, record.ID); err == nil && before.Outcome == desk.OutcomeAgent {
			return store.ErrAlreadyDone
		} else if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		switch {
		case !answers(f, conv):
			why = "you are no longer one of the agents of its mailbox"
		case conv.Tied.Cause != q.About:
			why = "it is not tied to this cause any more"
		case !conv.Tied.Told.IsZero():
			why = "was told meanwhile"
		}
		if why != "" {
			return nil
		}
		why, err = s.tellAsker(ctx, f, w, order)
		return err
	})
	if errors.Is(err, store.ErrAlreadyDone) {
		return who, "", nil
	}
	return who, why, err
}

// tellAsker makes one answer of many, as if the agent had written it there.
func (s *Service) tellAsker(ctx context.Context, f commands.Facts, w written, asked request) (why string, err error) {
	order := w.asking(orders.Reading{Commands: []desk.Command{{Name: desk.CommandAnswer}}, Text: asked.Text})
	order.literal = asked.literal
	f, past, err := s.gather(ctx, f, w.held, order.Reading, &templates{ctx: ctx, of: s.Articles})
	if err != nil {
		return "", err
	}
	p, err := decide(f, order, past)
	if err == nil && p.answer != nil {
		greeting, leave := courtesies(f, asked.Text, asked.Text)
		if w.mail.Visible.Ending != "" {
			leave = ""
		}
		if p.answer.html == "" {
			p.answer.html = page.TextToHTML(p.answer.text)
		}
		p.answer.text = strings.TrimSpace(greeting + "\n\n" + p.answer.text + "\n\n" + leave)
		p.answer.html = page.TextToHTML(greeting) + p.answer.html + page.TextToHTML(leave)
		p.Conversation.Tied.Told, p.quiet, p.Given = f.Now, true, p.Conversation.Owner != ""
		err = s.record(ctx, f, w, p, nil)
	}
	return notDone(f, err, "came since you were shown it", "this customer")
}

// TakeBackAll takes back the answers that a confirmation sent, those that have not left
// yet. See confirm.TakesBack.
func (s *Service) TakeBackAll(ctx context.Context, q desk.Confirmation, agent desk.Agent, base *store.Change) error {
	conv, err := s.Store.Conversation(ctx, q.Conversation)
	if err != nil {
		return fmt.Errorf("reading the conversation: %w", err)
	}
	f, err := s.look(ctx, commands.Facts{Agent: agent, Conversation: conv, Seen: q.Seen}, written{in: base.Inbound})
	if err != nil {
		return err
	}
	result := letters.Fixed{Agent: agent, Cause: q.About, Question: q, TakenBack: true}
	for _, l := range q.Listed {
		t, err := s.takeBackOne(ctx, f, askerRecord(q.ID, l.Conversation))
		switch {
		case err != nil:
			return fmt.Errorf("taking back what told of %s: %w", q.About, err)
		case t.Back:
			result.Sent = append(result.Sent, t.Who)
		case t.Was:
			result.Left = append(result.Left, t.Who+": it has left")
		}
	}
	causes, err := s.Store.Causes(ctx)
	if err != nil {
		return fmt.Errorf("reading the causes: %w", err)
	}
	for _, c := range causes {
		if c.Name == q.About && len(result.Sent) > 0 && len(result.Left) == 0 {
			base.Causes = append(base.Causes, desk.Cause{Name: c.Name, Opened: c.Opened, By: c.By})
		}
	}
	r, err := s.writer(f).Fixed(desk.DerivedID(base.Inbound.ID, "fixed-told"), f.Mailbox, f.Conversation, result)
	if err != nil {
		return err
	}
	return s.write(ctx, f, base, []letters.Ready{r}, nil)
}

// takeBackOne stops the answer that a record of an agent's mail sent.
func (s *Service) takeBackOne(ctx context.Context, f commands.Facts, record string) (t desk.TakenFromList, err error) {
	err = store.Retry(ctx, func(bool) error {
		t = desk.TakenFromList{}
		item, err := s.Store.Outbox(ctx, desk.DerivedID(record, "answer"))
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		conv, err := s.Store.Conversation(ctx, item.Conversation)
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		t.Who, t.Was, t.Left = commands.Customer(conv)+" ["+conv.ID.Reference()+"]", true, item.NotBefore
		if said, err := s.Store.Messages(ctx, conv.ID, item.Sequence, 1); err != nil {
			return err
		} else if len(said) > 0 {
			t.Text = said[0].Text
		}
		leaving, noted := conv.LeavingOf(item.ID)
		if t.Back = item.State == desk.OutboxTakenBack; t.Back || !noted || !item.CanStop() {
			return nil
		}
		next, entry := conv.TakeBack(leaving, f.Agent.ID, f.Now)
		entry.Text = f.Agent.Name + " took an answer back before it left."
		entry.From, entry.Verified = desk.Person{Name: f.Agent.Name}, true
		e := next.Tell(desk.EventArranged, item.ID+"back", f.Now, f.Now)
		e.Agent, e.Detail = f.Agent.ID, "answer taken back"
		item.State = desk.OutboxTakenBack
		c := &store.Change{Conversation: &next, Messages: []desk.Message{entry}}
		c.Outbox, c.Events = append(c.Outbox, &item), append(c.Events, e)
		if err := s.write(ctx, f, c, nil, nil); err != nil {
			return err
		}
		t.Back = true
		return nil
	})
	return t, err
}
