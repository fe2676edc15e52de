package inbound

import (
	"slices"
	"strings"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/automatic"
	"github.com/replywell/replywell/shared/email/message"
	"github.com/replywell/replywell/shared/email/replyaddr"
	"github.com/replywell/replywell/shared/email/thanks"
	"github.com/replywell/replywell/shared/inbound/identify"
	"github.com/replywell/replywell/shared/language"
)

// tap is what a customer says by the address that a mail came to: whether an answer solved
// it. The address alone says it, whatever the mail does; what is written beside it is the
// customer's mail like any other.
type tap struct {
	said  desk.Rated // "" is no tap
	late  bool       // the address is too old: the words count, the tap does not
	words string     // the customer's own, without the sentence that the tap begins with
}

// tapped finds it. It must be a person's mail, from the conversation's customer: somebody
// else who has the address says nothing by it. Of both addresses at once the one counts
// that somebody must look at.
func tapped(f identify.Facts, conv desk.Conversation) (t tap) {
	if f.Kind != automatic.Person || f.Forward != nil || f.Claimed || !identify.Same(f.Author.Address, conv.Customer.Address) {
		return t
	}
	for _, a := range f.Recipients {
		if !a.Genuine || a.Purpose != replyaddr.Rating || a.Leads.Conversation != conv.ID {
			continue
		}
		said := desk.RatedNotYet
		if a.Argument == replyaddr.RatedSolved {
			said = desk.RatedSolved
		}
		if t.said != desk.RatedNotYet {
			t.said, t.late = said, a.Expired
		}
	}
	if t.said != "" {
		t.words = ownWords(f.Text)
	}
	return t
}

// ownWords is a text without the sentence that a tap begins with, in whatever language.
func ownWords(text string) string {
	text = strings.TrimSpace(text)
	if text == identify.NoText {
		return ""
	}
	for _, h := range []language.Heading{language.RatingSolved, language.RatingMissing} {
		for _, p := range language.Phrases(h) {
			for _, said := range []string{p, strings.TrimRight(p, " :：")} {
				if n := len(said); len(text) >= n && strings.EqualFold(text[:n], said) {
					return strings.TrimSpace(strings.TrimLeft(text[n:], " :："))
				}
			}
		}
	}
	return text
}

// glad reports whether a tap says that it is solved and nothing beside it wants anything: no
// words, or thanks, or the customer's name.
func (t tap) glad(f identify.Facts, s *desk.Settings, mb desk.Mailbox) bool {
	if t.said != desk.RatedSolved || slices.ContainsFunc(f.Mail.Attachments, func(a message.Attachment) bool { return !a.Inline }) {
		return false
	}
	if t.words == "" {
		return true
	}
	names := peopleOf(f, s, mb)
	for _, l := range language.All() { // a name alone thanks for nothing, so it is read behind a word that does
		if p := l.Phrases(language.Thanks); len(p) > 0 {
			if _, mere := thanks.Mere(p[0]+" "+t.words, names...); mere {
				return true
			}
		}
	}
	return false
}
