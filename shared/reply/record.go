package reply

import (
	"context"
	"strings"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/subject"
	"github.com/replywell/replywell/shared/guard"
	"github.com/replywell/replywell/shared/letters"
	"github.com/replywell/replywell/shared/outbox"
	"github.com/replywell/replywell/shared/store"
)

// record writes down the plan with all that follows from it, and wakes the sender.
func (j *job) record(ctx context.Context, p *plan) error {
	c := j.change(desk.OutcomeAgent, "")
	conv := j.conv
	var ready []letters.Ready
	at := j.in.ReceivedAt
	if at.IsZero() || j.said != "" {
		at = j.now
	}
	if len(p.added)+len(p.removed) > 0 {
		admit(&conv, p.added, p.removed, j.arrangement())
		e := j.event(desk.EventArranged, conv, at)
		e.Detail = "people"
		c.Events = append(c.Events, e)
		for _, person := range p.added { // so that the subject leads here when they write anew
			if base := subject.Read(conv.Subject).Base; base != "" {
				c.MessageIDs[desk.SubjectWord(person.Address, base)] = store.MessageRef{Conversation: conv.ID, Sequence: conv.Messages}
			}
		}
	}
	if p.answer {
		r, err := j.answer(ctx, &conv, p, at, c)
		if err != nil {
			return err
		}
		ready = append(ready, r)
	}
	if p.learn != "" {
		drafts, err := j.drafts(p)
		if err != nil {
			return err
		}
		ready = append(ready, drafts...)
		c.Events = append(c.Events, j.event(desk.EventDrafted, conv, at))
	}
	if p.note {
		conv.Messages++
		conv.Active(at)
		noted := &plan{text: p.noteText, attachments: p.attachments}
		if p.answer {
			noted.attachments = nil // they went with the answer
		}
		msg := j.message(conv, desk.KindNote, at, noted)
		msg.ForAll = p.forAll
		c.Messages = append(c.Messages, msg)
		c.Events = append(c.Events, j.event(desk.EventNoted, conv, at))
	}
	if before := conv.Standing(); p.closing && conv.Close(at) {
		done := j.arrangement()
		done.ID, done.Action, done.Before = desk.DerivedID(done.ID, "close"), desk.ActionClose, before
		conv.Did(done)
		c.Events = append(c.Events, j.event(desk.EventSolved, conv, at))
	}
	c.Conversation = &conv
	if n := len(c.Messages); n > 0 {
		c.Inbound.Sequence = c.Messages[n-1].Sequence
		for _, m := range c.Messages {
			told, err := j.colleagues(conv, m, p)
			if err != nil {
				return err
			}
			ready = append(ready, told...)
		}
	}
	var against *guard.Known
	if p.answer {
		var err error
		if against, err = j.known(ctx, p); err != nil {
			return err
		}
	}
	return j.commit(ctx, c, ready, against)
}

// change starts what is written for every mail that is carried out or refused.
func (j *job) change(outcome desk.Outcome, reason string) *store.Change {
	in := j.in
	in.Outcome, in.Reason, in.Conversation, in.Mailbox, in.Recorded = outcome, reason, j.conv.ID, j.mailbox.ID, j.now
	return &store.Change{Inbound: in, ContentHash: in.ContentHash, MessageIDs: map[string]store.MessageRef{}}
}

// answer adds the agent's answer to the change: the message, the mail that
// carries it, the ids it will be known by, and the events.
func (j *job) answer(ctx context.Context, conv *desk.Conversation, p *plan, at time.Time, c *store.Change) (letters.Ready, error) {
	first := conv.FirstAnswer.IsZero()
	conv.Answered(at, j.agent.ID, j.settings.SolvedAfter)
	msg := j.message(*conv, desk.KindAnswer, at, p)
	var reactions []desk.Reaction
	msg.Articles, reactions = j.reactions(ctx, p)
	msg.Outbox = desk.DerivedID(j.in.ID, "answer")
	if j.held != nil {
		msg.Outbox, msg.Raw = anywayID(*j.held), j.held.Raw
	}
	ready, err := j.letters.Answer(msg.Outbox, j.mailbox, j.threaded(*conv), msg, letters.Answer{
		Agent: j.agent, Text: p.text, HTML: p.html, Attachments: p.attachments, To: j.answered()})
	if err != nil {
		return letters.Ready{}, err
	}
	msg.MessageID = ready.Item.MessageID
	c.Messages = append(c.Messages, msg)
	e := j.event(desk.EventAnswered, *conv, at)
	if first {
		e.FirstWait = at.Sub(conv.Opened)
	}
	e.Articles, e.Reactions = msg.Articles, reactions
	c.Events = append(c.Events, e)
	if len(msg.Articles) > 0 {
		sent := j.event(desk.EventArticleSent, *conv, at)
		sent.Articles = msg.Articles
		c.Events = append(c.Events, sent)
	}
	return ready, nil
}

// message is the entry in the conversation; conv counts it already.
func (j *job) message(conv desk.Conversation, kind desk.MessageKind, at time.Time, p *plan) desk.Message {
	m := desk.Message{Conversation: conv.ID, Sequence: conv.Messages, Kind: kind, Agent: j.agent.ID,
		From: desk.Person{Name: j.agent.Name, Address: j.mail.From.Address}, At: at, Subject: j.mail.Subject,
		MessageID: j.mail.MessageID, Inbound: j.in.ID, Raw: j.in.Raw, Verified: true,
		Evidence: desk.Evidence{Rule: desk.EvidenceToken, Detail: "signed for " + j.agent.ID}}
	m.Part = j.answered().Part
	m.Text, m.TextCut = cut(p.text)
	for _, a := range p.attachments {
		m.Attachments = append(m.Attachments, desk.AttachmentInfo{Filename: a.Filename, ContentType: a.ContentType, Size: a.Size, SHA256: a.SHA256})
	}
	return m
}

func (j *job) event(kind desk.EventKind, conv desk.Conversation, at time.Time) desk.Event {
	return desk.Event{ID: desk.DerivedID(j.in.ID, string(kind)), Schema: desk.EventSchema, Kind: kind, Occurred: at, Recorded: j.now,
		Mailbox: conv.Mailbox, Conversation: conv.ID, Sequence: conv.Messages, Agent: j.agent.ID, Opened: conv.Opened,
		Answers: conv.Answers, Exchanges: conv.Exchanges(), Reopened: conv.Reopened}
}

// colleagues tells the mailbox's other agents of an answer or a note.
func (j *job) colleagues(conv desk.Conversation, msg desk.Message, p *plan) (out []letters.Ready, err error) {
	for _, a := range j.settings.AgentsOf(j.mailbox) {
		if a.ID == j.agent.ID {
			continue
		}
		html, files := p.html, p.attachments
		if msg.Kind == desk.KindNote {
			if html = j.own(p.noteText); p.answer {
				files = nil // they went with the answer
			}
		}
		r, err := j.letters.Notification(j.notificationID(a, msg), a, j.mailbox, conv, msg, letters.Context{History: j.messages, HTML: html, Attachments: files})
		if err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, nil
}

// notificationID names the mail that tells a colleague of an answer; of a note
// that came with it, another.
func (j *job) notificationID(a desk.Agent, msg desk.Message) string {
	if msg.Kind == desk.KindNote {
		return desk.DerivedID(j.in.ID, "notification", a.ID, "note")
	}
	return desk.DerivedID(j.in.ID, "notification", a.ID)
}

// refuse records that nothing was done, and tells the agent why, so many times a day.
func (j *job) refuse(ctx context.Context, why *refusal) error {
	c := j.change(desk.OutcomeRefused, strings.Join(append([]string{why.why}, why.places...), "\n"))
	if j.held != nil {
		c.Inbound.Of = j.held.ID // what it stood for, for the agent's next word
	}
	e := j.event(desk.EventRefused, j.conv, j.now)
	e.Detail = why.rule
	c.Events = append(c.Events, e)
	seen := j.seen
	if why.shows {
		seen = j.conv.Messages
	}
	id, last, free, err := j.noticeID(ctx)
	if err != nil {
		return err
	}
	if !free {
		return j.keepBack(ctx, c)
	}
	next := why.next
	if last {
		next += " This is the last such mail about this conversation today; what is refused after it comes in one mail tomorrow."
	}
	n := letters.Notice{Agent: j.agent, Title: why.title, Why: why.why, Places: why.places, Next: next, Yours: j.ownText(), Commands: why.commands}
	if n.Commands {
		n.Sendable = j.sendable(ctx)
	}
	r, err := j.letters.Notice(id, j.mailbox, j.conv, seen, n)
	if err != nil {
		return err
	}
	return j.commit(ctx, c, []letters.Ready{r}, nil)
}

// commit writes the change with the mails it causes, those to the customer
// after they were compared with what must not reach them.
func (j *job) commit(ctx context.Context, c *store.Change, ready []letters.Ready, against *guard.Known) error {
	c.Join(j.also)
	for _, id := range []string{j.mail.MessageID, j.asked} {
		if id == "" {
			continue
		}
		c.MessageIDs[id] = store.MessageRef{Conversation: j.conv.ID, Sequence: c.Inbound.Sequence}
	}
	return outbox.Recorder{Store: j.Store, Blobs: j.Blobs, Settings: j.Settings, Wake: j.Wake, Guard: against}.Commit(ctx, c, ready, j.now, j.in.ID)
}

// commitAs writes a change that another mail than an answer began.
func (j *job) commitAs(ctx context.Context, c *store.Change, ready []letters.Ready) error {
	return outbox.Recorder{Store: j.Store, Blobs: j.Blobs, Settings: j.Settings, Wake: j.Wake}.Commit(ctx, c, ready, j.now, j.in.ID)
}

// threaded puts an answer into the thread of the mail that it answers: where
// conversations were joined, the customer has several.
func (j *job) threaded(c desk.Conversation) desk.Conversation {
	m := j.answered()
	if c.Joined() && m.MessageID != "" && m.MessageID != c.Thread.Last {
		c.Thread = desk.Thread{Last: m.MessageID, References: []string{m.MessageID}}
	}
	if c.Joined() && m.Part != "" && m.Subject != "" {
		c.Subject = m.Subject
	}
	return c
}

// cut bounds a text for the conversation's entry; the whole mail is kept raw.
func cut(s string) (string, bool) {
	if len(s) <= desk.MaxInlineText {
		return s, false
	}
	return strings.ToValidUTF8(s[:desk.MaxInlineText], ""), true
}
