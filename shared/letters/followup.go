package letters

import (
	"strings"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/compose"
	"github.com/replywell/replywell/shared/email/message"
	"github.com/replywell/replywell/shared/email/page"
	"github.com/replywell/replywell/shared/language"
)

// FollowUp is a question to a customer who has not answered.
type FollowUp struct {
	Language string    // the customer's, BCP 47; "" or one without words: the mailbox's
	Closes   time.Time // when it is taken for settled
}

// FollowUp asks a customer once, in their own thread, whether it is settled, and says
// what happens if they say nothing. It says nothing that anybody else wrote. RFC 3834
// section 5: it is marked as sent by a program.
func (w Writer) FollowUp(id string, mb desk.Mailbox, conv desk.Conversation, f FollowUp) (Ready, string, error) {
	item := desk.OutboxItem{ID: id, Kind: desk.OutboxFollowUp, Conversation: conv.ID, Sequence: conv.Messages}
	reply, err := w.CustomerAddress(mb, conv, conv.Messages)
	if err != nil {
		return Ready{}, "", err
	}
	if item.EnvelopeFrom, err = w.BounceAddress(mb, conv.ID, conv.Customer.Address, conv.Messages); err != nil {
		return Ready{}, "", err
	}
	words, tongue := followUpIn(f.Language, mb)
	text := words.Line(language.FollowUpAsk) + "\n\n" +
		strings.Replace(words.Line(language.FollowUpClose), "$D", w.local(f.Closes).Format(words.Line(language.QuoteDate)), 1) + "\n\n" + words.Line(language.AnswerLeave) + "\n" + page.OneLine(mb.Name)
	greeting := words.Line(language.AnswerGreetingNobody)
	if name := page.Excerpt(conv.Customer.Name, 60); name != "" && !strings.ContainsAny(name, "@/:") {
		greeting = strings.Replace(words.Line(language.AnswerGreeting), "$N", name, 1)
	}
	text = greeting + "\n\n" + text
	blocks := []page.Block{page.Body{Text: text}}
	if mb.Signature != "" {
		blocks = append(blocks, page.Small{Text: mb.Signature})
	}
	name := shownAs("", mb)
	l := compose.Letter{
		From:    message.Address{Name: name, Address: mb.Address},
		ReplyTo: &message.Address{Name: name, Address: reply},
		To:      []message.Address{{Name: page.OneLine(conv.Customer.Name), Address: conv.Customer.Address}},
		Subject: answerSubject(conv.Subject), InReplyTo: conv.Thread.Last, References: conv.Thread.References,
	}
	l.Say(page.Document{Lang: tongue, Personal: true, Blocks: blocks})
	ready, err := w.finish(item, mb, l)
	return ready, text, err
}

// followUpIn gives the words for a customer who wrote in a language.
func followUpIn(customers string, mb desk.Mailbox) (*language.Language, string) {
	for _, tag := range []string{customers, mb.Language} {
		if l := language.For(tag); tag != "" && l != nil && l.Line(language.FollowUpAsk) != "" {
			return l, tag
		}
	}
	return language.For("en"), "en"
}
