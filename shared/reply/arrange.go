package reply

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email"
	"github.com/replywell/replywell/shared/email/compose"
	"github.com/replywell/replywell/shared/email/page"
	"github.com/replywell/replywell/shared/kb/article"
	"github.com/replywell/replywell/shared/letters"
	"github.com/replywell/replywell/shared/orders"
	"github.com/replywell/replywell/shared/store"
)

// mostRead bounds the messages of a conversation that can be arranged.
const mostRead = 1000

// arrange carries out the commands that change no more than which messages make
// a conversation. Nothing goes to a customer; a text below the command is given
// back. It reports whether the mail asks for one of them.
func (j *job) arrange(ctx context.Context) (bool, error) {
	order, err := j.read()
	if err != nil || order.Doubt != nil {
		return false, nil // decide says what is wrong
	}
	switch {
	case order.Has(desk.CommandSplit):
		return true, j.split(ctx, order.Text)
	case order.Has(desk.CommandMerge):
		return true, j.askMerge(ctx, order)
	case order.Has(desk.CommandUndo):
		return true, j.undo(ctx, order.Text)
	case order.Has(desk.CommandHelp):
		return true, j.help(ctx, order.Text)
	case order.Has(desk.CommandShow):
		return true, j.show(ctx, order)
	}
	return false, nil
}

// all reads all messages of a conversation, for an arrangement of it.
func (s *Service) all(ctx context.Context, c desk.Conversation) ([]desk.Message, error) {
	ms, err := s.Store.Messages(ctx, c.ID, 1, 0)
	if err != nil {
		return nil, err
	}
	if len(ms) > mostRead || len(c.Moves) > desk.MaxMoves {
		return nil, &refusal{rule: "arrange-large", title: "Nothing was changed",
			why:  fmt.Sprintf("The conversation [%s] has %d messages and was rearranged often; that is too much to arrange again.", c.ID.Reference(), len(ms)),
			next: "You can answer it as it is."}
	}
	return ms, nil
}

func (j *job) arrangement() desk.Arrangement {
	return desk.Arrangement{ID: desk.DerivedID(j.in.ID, "arrangement"), By: j.agent.ID, At: j.now}
}

// split makes a conversation of its own of what the agent was shown and of what
// came after it.
func (j *job) split(ctx context.Context, text string) error {
	messages, err := j.all(ctx, j.conv)
	if err != nil {
		return err
	}
	pivot := j.answered()
	before := slices.ContainsFunc(messages, func(m desk.Message) bool { return m.Kind == desk.KindCustomer && m.Sequence < pivot.Sequence })
	if pivot.Sequence == 0 || pivot.Sequence > j.seen || !before {
		return &refusal{rule: "split-first", title: "Nothing was split",
			why:  "The mail that you answered is about the conversation's first message, so nothing would be left before it.",
			next: "Answer the mail that shows the message with which the new conversation should begin, and write #split."}
	}
	id, err := desk.NewConversationID(j.Random)
	if err != nil {
		return err
	}
	h := desk.Split(j.conv, messages, pivot.Sequence, id, j.arrangement(), j.settings.SolvedAfter)
	h.ThisEntry.Text = fmt.Sprintf("%s split off a conversation of its own, [%s] %s.", j.agent.Name, id.Reference(), page.OneLine(h.Other.Subject))
	h.OtherEntry.Text = fmt.Sprintf("%s split this off from [%s] %s.", j.agent.Name, j.conv.ID.Reference(), page.OneLine(j.conv.Subject))
	c := j.change(desk.OutcomeAgent, "split")
	opened := j.event(desk.EventOpened, h.Other, pivot.At)
	j.halves(c, h, "split", opened)
	shown, history := moved(messages, pivot.Sequence, h.Other.ID)
	files, err := j.filesOf(ctx, shown)
	if err != nil {
		return err
	}
	ready, err := j.tell(h.Other, func(a desk.Agent) (desk.Message, letters.Context) {
		return shown, letters.Context{History: history, Attachments: files, Happened: &page.Callout{Title: j.who(a) + " split this off from [" + j.conv.ID.Reference() + "]",
			Text: "From here on it is a conversation of its own: what " + customer(j.conv) + " answers to this comes here. #undo takes it back within 30 days." + j.notSent(a, text)}}
	})
	if err != nil {
		return err
	}
	return j.commit(ctx, c, ready, nil)
}

// moved gives the customer's newest message of those that moved, and those
// before it, as the new conversation numbers them.
func moved(messages []desk.Message, from int, to desk.ConversationID) (shown desk.Message, history []desk.Message) {
	n := 0
	for _, m := range messages {
		if m.Sequence < from || m.Kind == desk.KindArranged {
			continue
		}
		n++
		m.Conversation, m.Sequence = to, n
		history = append(history, m)
		if m.Kind == desk.KindCustomer {
			shown = m
		}
	}
	return shown, slices.DeleteFunc(history, func(m desk.Message) bool { return m.Sequence == shown.Sequence })
}

// filesOf gives the attachments of a message. A raw mail that is gone has none.
func (j *job) filesOf(ctx context.Context, m desk.Message) ([]compose.Attachment, error) {
	if m.Raw == "" || len(m.Attachments) == 0 {
		return nil, nil
	}
	raw, err := j.Blobs.Get(ctx, m.Raw)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading the mail that is split off: %w", err)
	}
	return email.Read(raw, "").Attachments, nil
}

// halves adds an arrangement to the change.
func (j *job) halves(c *store.Change, h desk.Halves, what string, more ...desk.Event) {
	c.Conversation, c.Others = &h.This, []*desk.Conversation{&h.Other}
	for _, e := range []desk.Message{h.ThisEntry, h.OtherEntry} {
		if e.Sequence > 0 {
			e.From, e.Inbound, e.Verified = desk.Person{Name: j.agent.Name}, j.in.ID, true
			e.Evidence = desk.Evidence{Rule: desk.EvidenceToken, Detail: "signed for " + j.agent.ID}
			c.Messages = append(c.Messages, e)
		}
	}
	c.Inbound.Sequence = h.ThisEntry.Sequence
	e := j.event(desk.EventArranged, h.This, j.now)
	e.Detail = what
	c.Events = append(append(c.Events, e), more...)
}

// tell writes to each agent of a conversation's mailbox.
func (j *job) tell(conv desk.Conversation, what func(desk.Agent) (desk.Message, letters.Context)) (out []letters.Ready, err error) {
	mb, ok := j.settings.Mailbox(conv.Mailbox)
	if !ok {
		mb = j.mailbox
	}
	agents := j.settings.AgentsOf(mb)
	if !slices.ContainsFunc(agents, func(a desk.Agent) bool { return a.ID == j.agent.ID }) {
		agents = append(agents, j.agent)
	}
	for _, a := range agents {
		msg, more := what(a)
		r, err := j.letters.Notification(desk.DerivedID(j.in.ID, "arranged", a.ID), a, mb, conv, msg, more)
		if err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, nil
}

// tellEntry tells of an arrangement by its entry, with what the conversation
// shows now.
func (j *job) tellEntry(conv desk.Conversation, entry desk.Message, history []desk.Message, what, then, text string) ([]letters.Ready, error) {
	slices.SortStableFunc(history, func(a, b desk.Message) int { return a.At.Compare(b.At) })
	return j.tell(conv, func(a desk.Agent) (desk.Message, letters.Context) {
		return entry, letters.Context{History: history, Happened: &page.Callout{Title: j.who(a) + " " + what, Text: then + j.notSent(a, text)}}
	})
}

// who names the acting agent to a reader.
func (j *job) who(reader desk.Agent) string {
	if reader.ID == j.agent.ID {
		return "You"
	}
	return j.agent.Name
}

// notSent gives the text below a command back to who wrote it.
func (j *job) notSent(reader desk.Agent, text string) string {
	if text == "" || reader.ID != j.agent.ID {
		return ""
	}
	return " What you wrote below the command was not sent: “" + page.Excerpt(text, 2000) + "”"
}

// help mails the list of commands.
func (j *job) help(ctx context.Context, text string) error {
	return j.answerAgent(ctx, "help", letters.Notice{Title: "What you can write at the top of a mail", Calm: true,
		Why: "A line of its own is clearest; below your answer works too. Nothing was sent and nothing changed now.", Yours: text, All: true})
}

// show mails a ready answer to the agent as it would be sent, whole, and what
// belongs to it for the team.
func (j *job) show(ctx context.Context, order orders.Reading) error {
	articles, err := j.Articles(ctx)
	if err != nil {
		return fmt.Errorf("reading the knowledge base for #show: %w", err)
	}
	n := order.Commands[0].Argument
	a, why := j.readyAnswer(articles, n)
	if why != nil {
		return why
	}
	s := letters.Shown{Number: n, Title: a.Title, Text: a.MailText(), Notes: article.Article{Body: a.Notes}.MailText(), Unsendable: unsendable(a), Department: a.Department}
	return j.answerAgent(ctx, "show", s.Notice(order.Text))
}

// answerAgent mails to the agent what was asked for, so many times a day; nothing
// else happens.
func (j *job) answerAgent(ctx context.Context, what string, n letters.Notice) error {
	id, _, free, err := j.noticeID(ctx)
	if err != nil {
		return err
	}
	if !free {
		return j.keepBack(ctx, j.change(desk.OutcomeAgent, "What you asked for ("+what+") was not mailed: there were too many mails about this conversation."))
	}
	c := j.change(desk.OutcomeAgent, what)
	n.Agent = j.agent
	r, err := j.letters.Notice(id, j.mailbox, j.conv, j.seen, n)
	if err != nil {
		return err
	}
	return j.commit(ctx, c, []letters.Ready{r}, nil)
}
