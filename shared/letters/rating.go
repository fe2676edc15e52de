package letters

import (
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/page"
	"github.com/replywell/replywell/shared/email/replyaddr"
	"github.com/replywell/replywell/shared/language"
)

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
