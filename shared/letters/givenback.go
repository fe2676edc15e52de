package letters

import (
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/page"
)

// GivenBack gives texts back to the agent who wrote them, that were not carried
// out on a day on which so much was not that it was not told one by one.
type GivenBack struct {
	Agent desk.Agent
	Mails []GivenBackMail // the oldest first
}

// GivenBackMail is one of them.
type GivenBackMail struct {
	At    time.Time
	Why   string   // a sentence
	Text  string   // all of it
	Files []string // name and size
}

// keptBackWhy tells this letter; see frame.
const keptBackWhy = "there were many that day, so the rest come in this one mail"

// GivenBack writes it, in the conversation's thread. seen is as in Notice.
func (w Writer) GivenBack(id string, mb desk.Mailbox, conv desk.Conversation, seen int, k GivenBack) (Ready, error) {
	item := desk.OutboxItem{ID: id, Kind: desk.OutboxNotice, Sequence: seen}
	l, err := w.toAgent(&item, k.Agent, mb, conv, "", ReplyAsk)
	if err != nil {
		return Ready{}, err
	}
	title := page.Count(len(k.Mails), "mail of yours was", "mails of yours were") + " not carried out"
	blocks := []page.Block{
		page.ReplyLine{Hint: firstLine("", ReplyAsk, conv)},
		page.Band{Tone: page.Problem, Title: title, Text: "None of this was sent, and nothing was changed: " + keptBackWhy + "."},
		page.Paragraph{Text: "If a program in your mailbox answers by itself, switch it off. What is still right, you can send from here."},
	}
	for _, m := range k.Mails {
		blocks = append(blocks, page.Heading{Level: 2, Text: w.when(m.At)}, page.Paragraph{Text: m.Why}, page.Quote{Who: "You wrote", Text: orNoText(m.Text)})
		if len(m.Files) > 0 {
			blocks = append(blocks, page.Heading{Level: 3, Text: "With these files"}, page.Bullets{Items: m.Files})
		}
	}
	blocks = append(blocks, page.Small{Text: "Conversation " + conv.ID.Reference() + ": " + subject(conv.Subject)})
	l.Say(page.Document{Lang: "en", Preheader: title, Blocks: blocks})
	return w.finish(item, mb, l)
}

// OwnHeld tells an agent of mails that were held in the agent's name.
type OwnHeld struct {
	Agent desk.Agent
	Mails []GivenBackMail
	More  int // further ones
}

// OwnHeld writes it. There is nothing to reply to: whose they are, and to which
// conversation each belongs, differs.
func (w Writer) OwnHeld(id string, mb desk.Mailbox, o OwnHeld) (Ready, error) {
	item := desk.OutboxItem{ID: id, Kind: desk.OutboxNotice}
	l, err := w.toAgent(&item, o.Agent, mb, desk.Conversation{}, "", ReplyNowhere)
	if err != nil {
		return Ready{}, err
	}
	n := len(o.Mails) + o.More
	title := page.Count(n, "more mail in your name was", "more mails in your name were") + " held"
	l.Subject = title
	blocks := []page.Block{page.ReplyLine{Hint: toNobody, Closed: true}, page.Band{Tone: page.Problem, Title: title, Text: "Mails in your name, or to addresses made for you, were held after the ones that you were told of that day. Nobody has got them."},
		page.Paragraph{Text: "If they are yours: send again what is still right, as a reply to the newest mail of its conversation. If they are not, tell your team: somebody has one of your reply addresses."}}
	for _, m := range o.Mails {
		blocks = append(blocks, page.Heading{Level: 2, Text: w.when(m.At)}, page.Paragraph{Text: m.Why}, page.Quote{Who: "It says", Text: orNoText(m.Text)})
	}
	if o.More > 0 {
		blocks = append(blocks, page.Paragraph{Text: page.Count(o.More, "further one is", "further ones are") + " kept, and not shown here."})
	}
	blocks = append(blocks, page.Small{Text: "This mail went to your address in the settings of " + page.OneLine(mb.Name) + "."})
	l.Say(page.Document{Lang: "en", Preheader: title, Blocks: blocks})
	return w.finish(item, mb, l)
}

// Stopped is an answer that waited for its grace time to pass, and does not leave.
type Stopped struct {
	Answer  desk.Message
	Leaving desk.Leaving
	News    []desk.Message // what stopped it; none where its author took it back
	Beside  string         // what the author wrote beside #undo
	Instead string         // the id of the mail to the author that this one stands for; "" is one of its own
}

// Stopped gives the answer back to its author, and asks what shall become of it.
// conv is the conversation without it. Each time that an answer is sent and
// stopped makes a question of its own.
func (w Writer) Stopped(agent desk.Agent, mb desk.Mailbox, conv desk.Conversation, s Stopped) (desk.Confirmation, Ready, error) {
	q := desk.Confirmation{ID: desk.ConfirmationID(desk.ConfirmWaiting, s.Leaving.Outbox, agent.ID), Kind: desk.ConfirmWaiting, Agent: agent.ID, Mailbox: mb.ID, Conversation: conv.ID,
		About: desk.WaitsTakenBack, Held: []string{s.Leaving.Held}, Answers: s.Leaving.Seen, Seen: s.Leaving.Sequence,
		Asked: w.Now, Expires: w.Now.Add(desk.ConfirmationGood), CausedBy: s.Leaving.Outbox}
	if len(s.News) > 0 {
		q.About, q.Seen = desk.WaitsOutdated, conv.Messages // the letter shows it
	}
	k := Kept{News: s.News, Text: s.Answer.Text, Stopped: s.Leaving.Until, Beside: s.Beside}
	if s.Answer.TextCut {
		k.Text += "\n\n(The text is cut here; all of it is kept, and sent.)"
	}
	for _, a := range s.Answer.Attachments {
		k.Files = append(k.Files, fileName(a.Filename)+", "+page.Size(int64(a.Size)))
	}
	id := s.Instead
	if id == "" {
		id = desk.DerivedID(s.Leaving.Outbox, "taken back")
	}
	ready, err := w.Kept(id, agent, mb, conv, q, k)
	return q, ready, err
}
