package letters

import (
	"strings"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/compose"
	"github.com/replywell/replywell/shared/email/langid"
	"github.com/replywell/replywell/shared/email/message"
	"github.com/replywell/replywell/shared/email/page"
	"github.com/replywell/replywell/shared/email/replyaddr"
	prefix "github.com/replywell/replywell/shared/email/subject"
	"github.com/replywell/replywell/shared/language"
)

// Answer is what an agent says to a customer.
type Answer struct {
	Agent       desk.Agent
	Text, HTML  string // HTML may be empty; it is sanitised
	Attachments []compose.Attachment
	Links       []FileLink   // to files that are not mailed; they stand above the signature
	To          desk.Message // the customer's message that is answered; quoted below
	Rated       bool         // the customer is asked whether it is solved, in a line below
}

// Answer writes the mail that carries msg, an agent's answer, to the customer:
// from the support address, in the customer's own thread, as a person's mail
// and with nothing internal in it. Its date is msg's.
func (w Writer) Answer(id string, mb desk.Mailbox, conv desk.Conversation, msg desk.Message, a Answer) (Ready, error) {
	item := desk.OutboxItem{ID: id, Kind: desk.OutboxAnswer, Conversation: conv.ID, Sequence: msg.Sequence, Decided: a.Agent.ID}
	reply, err := w.CustomerAddress(mb, conv, msg.Sequence)
	if err != nil {
		return Ready{}, err
	}
	if item.EnvelopeFrom, err = w.BounceAddress(mb, conv.ID, conv.Customer.Address, msg.Sequence); err != nil {
		return Ready{}, err
	}
	blocks := []page.Block{page.Body{Text: a.Text, HTML: a.HTML}}
	tongue := Tongue(langid.Of(a.To.Subject+"\n"+a.To.Text), mb)
	said := langid.Of(a.Text)
	if said == "" {
		said = tongue
	}
	blocks = append(blocks, w.links(a.Links, said, mb)...)
	if mb.Signature != "" {
		blocks = append(blocks, page.Small{Text: mb.Signature})
	}
	if a.Rated {
		ask, err := w.rating(mb, conv, msg.Sequence, tongue)
		if err != nil {
			return Ready{}, err
		}
		blocks = append(blocks, ask)
	}
	var copies []message.Address
	for _, p := range conv.Participants {
		copies = append(copies, message.Address{Name: page.OneLine(p.Name), Address: p.Address})
	}
	// Nobody gets history by being in copy: with participants nothing is quoted. Nor does
	// an address of what another one of the same person's wrote.
	own := a.To.From.Address == "" || strings.EqualFold(a.To.From.Address, conv.Customer.Address)
	if text := strings.TrimSpace(a.To.Text); text != "" && len(copies) == 0 && own {
		who := page.OneLine(a.To.From.Name)
		if who == "" {
			who = a.To.From.Address
		}
		blocks = append(blocks, page.Original{Attribution: page.Attribution(tongue, who, w.local(a.To.At)), Text: compose.PicturesInText(text)})
	}
	doc := page.Document{Lang: said, Personal: true, Blocks: blocks}
	name := shownAs(a.Agent.PublicName, mb)
	l := compose.Letter{
		From:    message.Address{Name: name, Address: mb.Address},
		ReplyTo: &message.Address{Name: name, Address: reply},
		To:      []message.Address{{Name: page.OneLine(conv.Customer.Name), Address: conv.Customer.Address}},
		Cc:      copies,
		Subject: subjectTo(conv), InReplyTo: conv.Thread.Last, References: conv.Thread.References,
		Attachments: a.Attachments,
	}
	l.Say(doc)
	return w.finish(item, mb, l)
}

// subjectTo is the subject of an answer; of a mail with which an agent begins, that of the agent's.
func subjectTo(conv desk.Conversation) string {
	if conv.CustomerMessages == 0 && conv.Thread.Last == "" {
		return subject(conv.Subject)
	}
	return answerSubject(conv.Subject)
}

// answerSubject keeps the customer's subject; a "Re:" that begins it already, in
// whatever language, is not repeated.
func answerSubject(s string) string {
	s = page.OneLine(s)
	if end := strings.IndexAny(s, ":："); end > 0 {
		if first := prefix.Read(s[:end] + ":"); first.Reply && first.Base == "" {
			return subject(s)
		}
	}
	return "Re: " + subject(s)
}

// RatingGood is how long a tap below an answer counts; later it is a mail like any other.
const RatingGood = 60 * 24 * time.Hour

// rating asks in one line below an answer whether it solved it. Each tap is a mail to an
// address of its own, which says what it says without words, so that a customer may write
// whatever they like into it. It is in the customer's language, else in the mailbox's.
func (w Writer) rating(mb desk.Mailbox, conv desk.Conversation, seen int, tongue string) (page.Choice, error) {
	words := language.For("en")
	for _, tag := range []string{tongue, mb.Language} {
		if l := language.For(tag); tag != "" && l != nil && l.Line(language.RatingAsk) != "" {
			words = l
			break
		}
	}
	ask := page.Choice{Ask: words.Line(language.RatingAsk)}
	for _, x := range []struct {
		says       uint8
		link, body language.Heading
	}{{replyaddr.RatedSolved, language.RatingYes, language.RatingSolved}, {replyaddr.RatedNotYet, language.RatingNo, language.RatingMissing}} {
		address, err := w.seal(mb, replyaddr.Token{Purpose: replyaddr.Rating, Conversation: string(conv.ID), Person: conv.Customer.Address,
			Argument: x.says, LastSeen: replyaddr.Seen(seen), Expires: w.Now.Add(RatingGood)})
		if err != nil {
			return page.Choice{}, err
		}
		text := words.Line(x.link)
		subject := ask.Ask + " " + text + " (" + page.Excerpt(conv.Subject, 80) + ")"
		ask.Answers = append(ask.Answers, page.ChoiceAnswer{Text: text, Address: address, URL: mailto(address, subject, words.Line(x.body)+" ")})
	}
	return ask, nil
}

// PlainWords points out what a customer may not understand in an answer that waits to leave.
type PlainWords struct {
	Agent    desk.Agent
	Leaves   time.Time
	Hard     bool   // it is much harder to read than the customer's mail; else it does not say what happens next
	Sentence string // the one that shows it most
}

// leavesAnyway tells such a letter from others; see frame.
const leavesAnyway = "leaves by itself, as you wrote it. nothing is to be done if you meant it so"

// PlainWords writes it, in the conversation's thread. "#undo" in reply stops the answer.
func (w Writer) PlainWords(id string, mb desk.Mailbox, conv desk.Conversation, seen int, p PlainWords) (Ready, error) {
	w.Zone = p.Agent.Hours.Zone
	who := personName(conv.Customer)
	n := Notice{Agent: p.Agent, Calm: true, Title: "Your answer to " + who + " leaves at " + w.clock(p.Leaves) + ". Does it say what happens next?",
		Why: "It tells how things are, and we see no word on what " + who + " can do, or what you do."}
	said := "Your answer says"
	if p.Hard {
		n.Title = "Your answer to " + who + " leaves at " + w.clock(p.Leaves) + ". One sentence may be hard to read"
		n.Why, said = "It is much harder to read than what "+who+" writes.", "The sentence"
	}
	n.Why += " It leaves by itself, as you wrote it. Nothing is to be done if you meant it so."
	if p.Sentence != "" {
		n.About = []page.Block{page.Quote{Who: said, Text: page.Excerpt(p.Sentence, 600)}}
	}
	n.Next = "Reply with #undo before then, and you get your text back to change it."
	return w.Notice(id, mb, conv, seen, n)
}
