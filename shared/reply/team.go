package reply

import (
	"slices"
	"time"

	"github.com/replywell/replywell/shared/commands"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/page"
	"github.com/replywell/replywell/shared/letters"
	"github.com/replywell/replywell/shared/plain"
	"github.com/replywell/replywell/shared/store"
	await "github.com/replywell/replywell/shared/waiting"
)

// toTeam makes a conversation that was given to a team one of its agents' by turn, where
// the mailbox shares out and somebody waits, and gives whom to tell: them, or all of the
// team. Whose it was is none of the team keeps nothing of it.
func toTeam(f commands.Facts, conv *desk.Conversation, c *store.Change) (tells []commands.Handed) {
	team := await.For(f.Settings, f.Mailbox, *conv)
	for _, a := range team {
		if a.ID == conv.Owner {
			return nil
		}
	}
	t, _ := f.Settings.Team(conv.Team)
	conv.Owner = ""
	if _, waits := conv.Waits(); waits {
		rota := f.Rota
		if to := await.Assign(f.Settings, f.Mailbox, *conv, nil, f.Now, rota); to != "" {
			rota.Give(to, conv.ID, f.Now)
			conv.HandTo(to)
			c.Rota = &rota
		}
	}
	for _, a := range team {
		if a.ID == f.Agent.ID || conv.Owner != "" && a.ID != conv.Owner {
			continue
		}
		if _, away := f.Rota.At(a.ID, f.Now); away {
			continue
		}
		h := commands.Handed{To: a, Did: "gave this to " + t.Name, Then: "Nobody of the team has it yet. #take makes it yours."}
		if conv.Owner != "" {
			h.Then = "It is yours from now on, by turn."
		}
		tells = append(tells, h)
	}
	return tells
}

// tellTeam tells colleagues what concerns them: of the answer and the note, and of what is
// handed to them. Of an answer that may never leave nobody is told before it does.
func tellTeam(l letters.Writer, f commands.Facts, p plan, c *store.Change, left leaving) (ready []letters.Ready, err error) {
	for _, m := range c.Messages {
		c.Inbound.Sequence = m.Sequence
		if m.Outbox != "" && m.Kind == desk.KindNote {
			continue // what was asked of a department is seen in the next mail
		}
		said := p.note
		if m.Kind == desk.KindAnswer {
			said = p.answer
		}
		told, err := colleagues(l, f, *c.Conversation, m, *said)
		if err != nil {
			return nil, err
		}
		if left.answer != nil && m.Kind == desk.KindAnswer {
			told = following(told, *left.answer, left.due)
		}
		ready = append(ready, told...)
	}
	now := c.Messages
	if left.answer != nil {
		now = slices.DeleteFunc(slices.Clone(now), func(m desk.Message) bool { return m.Kind == desk.KindAnswer })
	}
	for _, t := range p.Tells {
		r, err := handed(l, f, *c.Conversation, now, t)
		if err != nil {
			return nil, err
		}
		ready = append(ready, r)
	}
	return ready, nil
}

// colleagues tells the mailbox's other agents of an answer or a note. A note that
// came with an answer is told in a mail of its own.
func colleagues(l letters.Writer, f commands.Facts, conv desk.Conversation, msg desk.Message, said writing) (out []letters.Ready, err error) {
	telling := l.Tell(f.Mailbox, conv, msg, letters.Context{History: f.Messages, HTML: said.html, Attachments: said.files})
	for _, a := range await.Concerned(f.Settings, f.Mailbox, conv, msg, f.Messages, f.Now, f.Rota) {
		if a.ID == f.Agent.ID {
			continue
		}
		id := desk.DerivedID(f.Mail, "notification", a.ID)
		if msg.Kind == desk.KindNote {
			id = desk.DerivedID(f.Mail, "notification", a.ID, "note")
		}
		r, err := telling.To(id, a, "")
		if err != nil {
			return nil, err
		}
		if later := await.Later(f.Settings, a, f.Mailbox, conv, f.Now); !later.IsZero() {
			r.Item.PutOff, r.Item.NotBefore = true, later
		}
		out = append(out, r)
	}
	return out, nil
}

// handed tells an agent what a colleague did with the conversation, with what the
// customer wrote last, so that a reply is the answer.
func handed(l letters.Writer, f commands.Facts, conv desk.Conversation, now []desk.Message, t commands.Handed) (letters.Ready, error) {
	history := slices.Concat(f.Messages, now)
	at := -1
	for i, m := range history {
		if m.Kind == desk.KindCustomer {
			at = i
		}
	}
	who := f.Agent.Name
	if t.To.ID == f.Agent.ID {
		who = "You"
	}
	more := letters.Context{Happened: &page.Callout{Title: who + " " + t.Did, Text: t.Then}}
	msg := desk.Message{Conversation: conv.ID, Sequence: conv.Messages, Kind: desk.KindArranged, Agent: f.Agent.ID, At: f.Now}
	if at >= 0 {
		if slices.Equal(history[at].Suggested, f.Offered()) {
			more.Suggestions = offers(f.Ready, history[at].Likely)
		}
		msg, history = history[at], slices.Delete(slices.Clone(history), at, at+1)
	}
	more.History = history
	return l.Notification(desk.DerivedID(f.Mail, "handed", t.To.ID), t.To, f.Mailbox, conv, msg, more)
}

// tellAfter is how long after an answer its colleagues are told of it: by then it
// has left.
const tellAfter = 10 * time.Second

// leaving is an answer that waits before it leaves, and until when; the zero value is none.
type leaving struct {
	answer *desk.OutboxItem
	due    time.Time
}

// following are mails that tell of an answer, due when it has left.
func following(told []letters.Ready, answer desk.OutboxItem, due time.Time) []letters.Ready {
	for i := range told {
		told[i].Item.After, told[i].Item.NotBefore = answer.ID, due.Add(tellAfter)
	}
	return told
}

// hints tells the author of an answer that waits to leave what may be wrong with it, in
// one mail at most: that it may be for the team, else how it reads.
func hints(l letters.Writer, f commands.Facts, p plan, conv desk.Conversation, left leaving) ([]letters.Ready, error) {
	if left.answer == nil || !told(f, p) {
		return plainWords(l, f, p, conv, left)
	}
	r, err := l.Whom(desk.DerivedID(f.Mail, "whom"), f.Mailbox, conv, f.Seen, letters.Whom{Agent: f.Agent, Leaves: left.due, Text: p.perhaps})
	if err != nil {
		return nil, err
	}
	return []letters.Ready{r}, nil
}

// told reports whether the author is told that the answer may be for the team.
func told(f commands.Facts, p plan) bool {
	return p.answer != nil && p.perhaps != "" && !f.Settings.WhomOff
}

// plainWords tells the author of an answer that waits to leave what a customer may not
// understand in it; nothing where there is nothing, or no time is left to change it. The
// answer leaves all the same. Articles and templates were looked at when they were
// published, so what is made of them is not judged.
func plainWords(l letters.Writer, f commands.Facts, p plan, conv desk.Conversation, left leaving) ([]letters.Ready, error) {
	asked := f.Answered()
	if f.Settings.PlainOff || left.answer == nil || len(p.Ready) > 0 || asked.Text == "" {
		return nil, nil
	}
	found := plain.Judge(p.answer.text, asked.Text)
	if found.Kind == plain.Fine {
		return nil, nil
	}
	r, err := l.PlainWords(desk.DerivedID(f.Mail, "plain"), f.Mailbox, conv, f.Seen, letters.PlainWords{Agent: f.Agent, Leaves: left.due,
		Hard: found.Kind == plain.Hard, Sentence: found.Sentence})
	if err != nil {
		return nil, err
	}
	return []letters.Ready{r}, nil
}
