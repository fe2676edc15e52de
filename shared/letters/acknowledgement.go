package letters

import (
	"strconv"
	"strings"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/compose"
	"github.com/replywell/replywell/shared/email/message"
	"github.com/replywell/replywell/shared/email/page"
	"github.com/replywell/replywell/shared/language"
)

// Acknowledged is what a confirmation says beside that a mail has come.
type Acknowledged struct {
	Answers  string           // the Message-ID of the customer's mail
	Language string           // the customer's, BCP 47; "" or one without words: the mailbox's
	Help     *desk.Suggestion // an article that very likely answers the mail already; nil shows none
	// Encrypted: it cannot be read here, and is asked for once more without that; of all
	// else nothing is said.
	Encrypted bool
	Person    bool // the customer asks for a person: no article, and who has the mail
}

// Acknowledgement tells a customer that a mail has come. It says nothing that
// the customer wrote, the subject and the name included: whoever makes us write
// to somebody else must not have that person read their words.
//
// An article is general advice, and is called so: nobody has looked at the case
// yet. Nothing says that the customer's trouble is over, or nobody's to see to.
//
// RFC 3834: it is marked as auto-replied (section 5) and answers the mail's
// Message-ID (3.1.5); whether it may be sent at all is asked before (section 2).
func (w Writer) Acknowledgement(id string, mb desk.Mailbox, conv desk.Conversation, a Acknowledged) (Ready, error) {
	item := desk.OutboxItem{ID: id, Kind: desk.OutboxAcknowledgement, Conversation: conv.ID, Sequence: conv.Messages}
	reply, err := w.CustomerAddress(mb, conv, conv.Messages)
	if err != nil {
		return Ready{}, err
	}
	if item.EnvelopeFrom, err = w.BounceAddress(mb, conv.ID, conv.Customer.Address, conv.Messages); err != nil {
		return Ready{}, err
	}
	words, lang := acknowledgementFor(a.Language, mb)
	got := words.Line(language.ConfirmationGot)
	if a.Person {
		got = words.Line(language.ConfirmationPerson)
	}
	if a.Encrypted {
		got = words.Line(language.EncryptedAsk)
	}
	if mb.Within > 0 && !a.Encrypted {
		if !strings.HasSuffix(got, "。") {
			got += " "
		}
		got += words.usually(mb.Within)
	}
	blocks := []page.Block{page.Paragraph{Text: got}}
	if a.Help != nil && !a.Person {
		blocks = append(blocks, page.Paragraph{Text: words.Line(language.ConfirmationAdvice)},
			page.Body{Text: words.Line(language.ConfirmationGeneral) + " " + page.OneLine(a.Help.Title) + "\n\n" + strings.TrimSpace(a.Help.Reply)}, page.Paragraph{Text: words.Line(language.ConfirmationStill)})
	}
	if !a.Encrypted {
		blocks = append(blocks, page.Paragraph{Text: words.Line(language.ConfirmationMore)})
	}
	blocks = append(blocks, page.Small{Text: words.Line(language.ConfirmationAutomatic) + "\n" + conv.ID.Reference() + " · " + page.OneLine(mb.Name)})
	doc := page.Document{Lang: lang, Personal: true, Blocks: blocks}
	name := shownAs("", mb)
	l := compose.Letter{
		From:    message.Address{Name: name, Address: mb.Address},
		ReplyTo: &message.Address{Name: name, Address: reply},
		To:      []message.Address{{Address: conv.Customer.Address}},
		Subject: words.Line(language.ConfirmationSubject) + " [" + conv.ID.Reference() + "]", InReplyTo: a.Answers,
	}
	l.Say(doc)
	return w.finish(item, mb, l)
}

// Tongue is the language in which a customer is written to by the system: the
// customer's, where it is told and there are words in it, else the mailbox's.
func Tongue(customers string, mb desk.Mailbox) string {
	base := language.Base(customers)
	if customers == "" || base == language.Base(mb.Language) || !page.KnowsAttribution(base) {
		return mb.Language
	}
	return customers
}

// acknowledgement is the letter in one language.
type acknowledgement struct{ *language.Language }

// usually says how soon the team answers, as it promised.
func (a acknowledgement) usually(d time.Duration) string {
	hours := int((d + time.Hour - 1) / time.Hour)
	n, one, many := hours, language.ConfirmationHour, language.ConfirmationHours
	if hours%24 == 0 && hours >= 48 {
		n, one, many = hours/24, language.ConfirmationDay, language.ConfirmationDays
	} else if hours == 24 {
		n, one, many = 1, language.ConfirmationDay, language.ConfirmationDays
	}
	span := a.Line(one)
	if n != 1 {
		span = strings.Replace(a.Line(many), "$N", strconv.Itoa(n), 1)
	}
	within := a.Line(language.ConfirmationWithin)
	if strings.HasSuffix(span, ".") { // "4 godz." ends the sentence
		within = strings.Replace(within, "$T.", "$T", 1)
	}
	return strings.Replace(within, "$T", span, 1)
}

// acknowledgementFor gives the words for a customer who wrote in a language, and
// which language they are in.
func acknowledgementFor(customers string, mb desk.Mailbox) (acknowledgement, string) {
	tongue := Tongue(customers, mb)
	if !hasAcknowledgement(tongue) {
		tongue = mb.Language
	}
	return acknowledgementIn(tongue)
}

// acknowledgementIn gives the words in a language (BCP 47; English where it is
// not known), and which language they are in.
func acknowledgementIn(tag string) (acknowledgement, string) {
	if tag == "" || !hasAcknowledgement(tag) {
		tag = "en"
	}
	return acknowledgement{language.For(tag)}, tag
}

// hasAcknowledgement reports whether there is a confirmation in a language: all of
// it or nothing, which a test of package language holds.
func hasAcknowledgement(tag string) bool {
	l := language.For(tag)
	return l != nil && l.Line(language.ConfirmationGot) != ""
}
