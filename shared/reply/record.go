package reply

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/replywell/replywell/shared/calendar"
	"github.com/replywell/replywell/shared/commands"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/page"
	"github.com/replywell/replywell/shared/email/subject"
	"github.com/replywell/replywell/shared/guard"
	"github.com/replywell/replywell/shared/letters"
	"github.com/replywell/replywell/shared/store"
	await "github.com/replywell/replywell/shared/waiting"
)

// recordCarried writes down what is carried out with all that follows from it.
func (s *Service) recordCarried(ctx context.Context, f commands.Facts, w written, p plan, also *store.Change) error {
	var k Articles
	var err error
	if p.answer != nil { // what it is made of, and what it is compared with
		if k, err = s.Articles(ctx); err != nil {
			return fmt.Errorf("reading the knowledge base: %w", err)
		}
		if p.asked, err = s.asksRating(ctx, f, p); err != nil {
			return err
		}
		if err := s.keepFiles(ctx, f, p.answer, p.answerID(f, w)); err != nil {
			return err
		}
	}
	c, ready, err := carried(s.writer(f), f, w, p, k)
	if err != nil {
		return err
	}
	against, err := s.known(ctx, f, p, w.shown, k)
	if err != nil {
		return err
	}
	return s.commit(ctx, f, w, c, ready, against, also)
}

// carried is the change that a plan comes to, and the mails that it causes.
func carried(l letters.Writer, f commands.Facts, w written, p plan, k Articles) (*store.Change, []letters.Ready, error) {
	c := change(f, w, desk.OutcomeAgent, "")
	conv := p.Conversation
	if p.Given { // in what follows it is whose it was
		conv.Owner = f.Conversation.Owner
	}
	var ready []letters.Ready
	at := w.at(f)
	admit(f, p, &conv, c, at)
	if p.answer != nil {
		r, err := answered(l, f, w, p, k, &conv, c)
		if err != nil {
			return nil, nil, err
		}
		ready = append(ready, r)
	}
	if p.draft != "" {
		drafts, err := drafts(l, f, p.draft)
		if err != nil {
			return nil, nil, err
		}
		ready = append(ready, drafts...)
		c.Events = append(c.Events, event(f, desk.EventDrafted, conv, at))
	}
	noted(f, w, p, &conv, c, at)
	if p.Asks != nil {
		r, err := enquired(l, f, w, p, &conv, c, at)
		if err != nil {
			return nil, nil, err
		}
		ready = append(ready, r)
	}
	putOff(f, p, &conv, at)
	closed(f, p, &conv, c, at)
	if p.Given {
		conv.HandTo(p.Conversation.Owner)
	}
	if p.ForTeam && !p.Given {
		p.Tells = append(p.Tells, toTeam(f, &conv, c)...)
	}
	c.Events = append(c.Events, rearranged(f, p, conv, at)...)
	var left leaving
	if due := w.leaves(f, p); p.answer != nil && due.After(f.Now) {
		wait(f, w, p, &conv, c, &ready[0], due)
		left = leaving{&ready[0].Item, due}
	}
	c.Conversation = &conv
	if p.Cause != nil {
		c.Causes, c.Ties = []desk.Cause{*p.Cause}, []desk.Tie{{Cause: p.Cause.Name, Conversation: conv.ID, At: f.Now}}
	}
	if p.quiet {
		c.Inbound.Sequence = conv.Messages
		return c, ready, nil
	}
	told, err := tellTeam(l, f, p, c, left)
	if err != nil {
		return nil, nil, err
	}
	hint, err := hints(l, f, p, conv, left)
	return c, slices.Concat(ready, told, hint), err
}

// admit lets in who is let in, and out who is not any more.
func admit(f commands.Facts, p plan, conv *desk.Conversation, c *store.Change, at time.Time) {
	if len(p.Added)+len(p.Removed) == 0 {
		return
	}
	commands.Admit(conv, p.Added, p.Removed, f.Arrangement())
	e := event(f, desk.EventArranged, *conv, at)
	e.Detail = "people"
	c.Events = append(c.Events, e)
	for _, person := range p.Added { // so that the subject leads here when they write anew
		if base := subject.Read(conv.Subject).Base; base != "" {
			c.MessageIDs[desk.SubjectWord(person.Address, base)] = store.MessageRef{Conversation: conv.ID, Sequence: conv.Messages}
		}
	}
}

// noted adds the agent's note.
func noted(f commands.Facts, w written, p plan, conv *desk.Conversation, c *store.Change, at time.Time) {
	if p.note == nil {
		return
	}
	conv.Messages++
	conv.Active(at)
	msg := entry(f, w, *conv, desk.KindNote, at, *p.note)
	msg.ForAll = p.ForAll
	c.Messages = append(c.Messages, msg)
	c.Events = append(c.Events, event(f, desk.EventNoted, *conv, at))
}

// closed settles the conversation, if the agent says so and it is not settled yet.
func closed(f commands.Facts, p plan, conv *desk.Conversation, c *store.Change, at time.Time) {
	since, _ := conv.Waits()
	before := conv.Standing()
	if !p.Close || !conv.Close(at) {
		return
	}
	done := f.Arrangement()
	done.ID, done.Action, done.Before = commands.ClosingID(f.Mail), desk.ActionClose, before
	conv.Did(done)
	solved := event(f, desk.EventSolved, *conv, at)
	solved.Asked = since
	c.Events = append(c.Events, solved)
}

// rearranged are the events of what else was set: whose it is, what it is about, how urgent.
func rearranged(f commands.Facts, p plan, conv desk.Conversation, at time.Time) (events []desk.Event) {
	for _, what := range p.Changed {
		e := event(f, desk.EventArranged, conv, at)
		e.ID, e.Detail = desk.DerivedID(f.Mail, string(desk.EventArranged), what), what
		if what == "topic" || what == "tag" {
			e.Topics = slices.DeleteFunc(conv.About(), func(t string) bool { return slices.Contains(f.Conversation.About(), t) })
		}
		events = append(events, e)
	}
	return events
}

// putOff does what the agent said of when the conversation is looked at again.
func putOff(f commands.Facts, p plan, conv *desk.Conversation, at time.Time) {
	switch {
	case p.Pending:
		conv.Wait(at, f.Settings.SolvedAfter, await.FollowUp(f.Settings, f.Mailbox, f.Agent, at))
	case p.Open:
		conv.Open(at)
	}
	if p.PutOff != nil {
		conv.Snoozed = *p.PutOff
	}
}

// answered adds the agent's answer to the change: the message, the mail that
// carries it, and the events.
func answered(l letters.Writer, f commands.Facts, w written, p plan, k Articles, conv *desk.Conversation, c *store.Change) (letters.Ready, error) {
	first, at, a := conv.FirstAnswer.IsZero(), w.at(f), *p.answer
	since, _ := conv.Waits()
	conv.Answered(at, f.Agent.ID, f.Settings.SolvedAfter)
	msg := entry(f, w, *conv, desk.KindAnswer, at, a)
	var reactions []desk.Reaction
	msg.Articles, reactions = reactionsTo(f, p.Ready, a.text, k)
	msg.Outbox = p.answerID(f, w)
	if w.held != nil {
		msg.Raw = w.held.Raw
	}
	ready, err := l.Answer(msg.Outbox, f.Mailbox, threaded(f, *conv), msg, letters.Answer{
		Agent: f.Agent, Text: a.text, HTML: a.html, Attachments: a.mailed, Links: a.links, To: f.Answered(), Rated: p.asked != nil})
	if err != nil {
		return letters.Ready{}, err
	}
	ready.Linked = a.linked
	if p.asked != nil {
		c.Budgets = append(c.Budgets, p.asked)
	}
	msg.MessageID = ready.Item.MessageID
	c.Messages = append(c.Messages, msg)
	e := event(f, desk.EventAnswered, *conv, at)
	if first && conv.CustomerMessages > 0 {
		e.FirstWait = at.Sub(conv.Opened)
	}
	e.Asked = since
	e.Articles, e.Reactions = msg.Articles, reactions
	c.Events = append(c.Events, e)
	if len(msg.Articles) > 0 {
		sent := event(f, desk.EventArticleSent, *conv, at)
		sent.Articles = msg.Articles
		c.Events = append(c.Events, sent)
	}
	return ready, nil
}

// entry is the message in the conversation; conv counts it already.
func entry(f commands.Facts, w written, conv desk.Conversation, kind desk.MessageKind, at time.Time, said writing) desk.Message {
	m := desk.Message{Conversation: conv.ID, Sequence: conv.Messages, Kind: kind, Agent: f.Agent.ID,
		From: desk.Person{Name: f.Agent.Name, Address: w.mail.From.Address}, At: at, Subject: w.mail.Subject,
		MessageID: w.mail.MessageID, Inbound: f.Mail, Raw: w.in.Raw, Verified: true,
		Evidence: desk.Evidence{Rule: desk.EvidenceToken, Detail: "signed for " + f.Agent.ID}}
	m.Part = f.Answered().Part
	m.Text, m.TextCut = cut(said.text)
	for _, a := range said.files {
		m.Attachments = append(m.Attachments, desk.AttachmentInfo{Filename: a.Filename, ContentType: a.ContentType, Size: a.Size, SHA256: a.SHA256})
	}
	return m
}

// threaded puts an answer into the thread of the mail that it answers: where
// conversations were joined, the customer has several.
func threaded(f commands.Facts, c desk.Conversation) desk.Conversation {
	m := f.Answered()
	if c.Joined() && m.MessageID != "" && m.MessageID != c.Thread.Last {
		c.Thread = desk.Thread{Last: m.MessageID, References: []string{m.MessageID}}
	}
	if c.Joined() && m.Part != "" && m.Subject != "" {
		c.Subject = m.Subject
	}
	return c
}

// change starts what is written for every mail that is carried out or refused.
func change(f commands.Facts, w written, outcome desk.Outcome, reason string) *store.Change {
	in := w.in
	in.Outcome, in.Reason, in.Conversation, in.Mailbox, in.Recorded = outcome, reason, f.Conversation.ID, f.Mailbox.ID, f.Now
	return &store.Change{Inbound: in, ContentHash: in.ContentHash, MessageIDs: map[string]store.MessageRef{}}
}

// event begins what the reports are told of it, with how the conversation stands.
func event(f commands.Facts, kind desk.EventKind, conv desk.Conversation, at time.Time) desk.Event {
	e := conv.Tell(kind, f.Mail, at, f.Now)
	e.Agent = f.Agent.ID
	return e
}

// writer writes letters as of the facts.
func (s *Service) writer(f commands.Facts) letters.Writer {
	return letters.Writer{Settings: f.Settings, Keys: s.Keys, Now: f.Now}
}

// commit writes the change with the mails it causes, those to the customer
// after they were compared with what must not reach them. The mail's id leads to
// its conversation from then on.
func (s *Service) commit(ctx context.Context, f commands.Facts, w written, c *store.Change, ready []letters.Ready, against *guard.Known, also *store.Change) error {
	c.Join(also)
	if rota := f.Rota; c.Rota == nil && c.Inbound.Outcome == desk.OutcomeAgent && rota.Wrote(f.Agent.ID, f.Now, f.Settings.ZoneOf(f.Agent)) {
		c.Rota = &rota // who carries on is at work
	}
	for _, id := range []string{w.mail.MessageID, w.asked} {
		if id != "" {
			c.MessageIDs[id] = store.MessageRef{Conversation: f.Conversation.ID, Sequence: c.Inbound.Sequence}
		}
	}
	return s.write(ctx, f, c, ready, against)
}

// write writes a change that is whole.
func (s *Service) write(ctx context.Context, f commands.Facts, c *store.Change, ready []letters.Ready, against *guard.Known) error {
	r := s.Recorder()
	if against != nil {
		r.Guard = against
	}
	return r.Commit(ctx, c, ready, f.Now, f.Mail)
}

// toSee is how long an answer waits at least that may be for the team, so that its author
// sees the mail that says so.
const toSee = 5 * time.Minute

// leaves is when the mail's answer leaves: the grace time after the text arrived
// here, and later where its author must see the word that it may be for the team. The
// zero time is at once.
func (w written) leaves(f commands.Facts, p plan) time.Time {
	came := w.origin().ReceivedAt
	if f.Mailbox.Grace <= 0 || came.IsZero() {
		return time.Time{}
	}
	if came.After(f.Now) { // the clock of another machine
		came = f.Now
	}
	if told(f, p) {
		return came.Add(max(f.Mailbox.Grace, toSee))
	}
	return came.Add(f.Mailbox.Grace)
}

// wait lets the answer of a change wait until it is due. What the reports are told
// of it waits with it.
func wait(f commands.Facts, w written, p plan, conv *desk.Conversation, c *store.Change, answer *letters.Ready, due time.Time) {
	answer.Item.NotBefore = due
	c.Events = slices.DeleteFunc(c.Events, func(e desk.Event) bool {
		left := e.Kind == desk.EventAnswered || e.Kind == desk.EventArticleSent || e.Kind == desk.EventSolved
		if left {
			answer.Item.Events = append(answer.Item.Events, e)
		}
		return left
	})
	l := desk.Leaving{Sequence: answer.Item.Sequence, Number: conv.Answers, Outbox: answer.Item.ID, Agent: f.Agent.ID, Held: w.origin().ID, Seen: f.Seen, At: w.at(f), Until: due,
		Before: p.Conversation.Turn(), After: conv.Turn()}
	if closing := commands.ClosingID(f.Mail); slices.ContainsFunc(conv.Done, func(a desk.Arrangement) bool { return a.ID == closing }) {
		l.Closing = closing
	}
	conv.Leave(l, f.Now)
}

// enquired adds what is asked of a department to the change: the note that says so, the
// question with when its agent is reminded, and the mail.
func enquired(l letters.Writer, f commands.Facts, w written, p plan, conv *desk.Conversation, c *store.Change, at time.Time) (letters.Ready, error) {
	a := *p.Asks
	conv.Messages++
	conv.Active(at)
	said := page.OneLine(a.Department.Name) + " was asked"
	if a.Question != "" {
		said += ":\n\n" + a.Question
	} else {
		said += "."
	}
	msg := entry(f, w, *conv, desk.KindNote, at, writing{text: said, files: p.along})
	msg.Outbox = desk.DerivedID(f.Mail, "department")
	h := calendar.For(f.Settings.HoursOf(f.Mailbox))
	conv.Consult(desk.Consulted{Department: a.Department.ID, By: f.Agent.ID, At: at, Remind: await.After(h, at, a.Department.Within)})
	q := letters.Enquiry{Agent: f.Agent, Department: a.Department, Text: a.Question, Message: f.Answered(), Files: f.Files, Attached: p.along}
	for _, m := range desk.InOrder(f.All) {
		switch m.Kind {
		case desk.KindCustomer, desk.KindAnswer, desk.KindAutomatic:
			if a.Whole && m.Sequence != q.Message.Sequence {
				q.Thread = append(q.Thread, m)
			}
		case desk.KindNote:
			if a.Notes {
				q.Thread = append(q.Thread, m)
			}
		}
	}
	ready, err := l.Enquiry(msg.Outbox, f.Mailbox, *conv, q)
	if err != nil {
		return letters.Ready{}, err
	}
	c.Messages = append(c.Messages, msg)
	return ready, nil
}
