package letters

import (
	"strings"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/compose"
	"github.com/replywell/replywell/shared/email/langid"
	"github.com/replywell/replywell/shared/email/message"
	"github.com/replywell/replywell/shared/email/page"
	prefix "github.com/replywell/replywell/shared/email/subject"
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
	// Nobody gets history by being in copy: with participants nothing is quoted.
	if text := strings.TrimSpace(a.To.Text); text != "" && len(copies) == 0 {
		who := page.OneLine(a.To.From.Name)
		if who == "" {
			who = a.To.From.Address
		}
		blocks = append(blocks, page.Original{Attribution: page.Attribution(tongue, who, w.local(a.To.At)), Text: text})
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
