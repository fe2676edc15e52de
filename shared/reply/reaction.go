package reply

import (
	"slices"

	"github.com/replywell/replywell/shared/commands"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/kb"
)

// reactionsTo says what became of the articles that were offered with the message
// that an answer goes with, and which others were sent in their place. sent are
// the articles that the answer holds. An answer that goes on with what was said
// already (no message of the customer's since the last one) says nothing of the offer.
func reactionsTo(f commands.Facts, ready []commands.Ready, text string, k Articles) (sent []string, out []desk.Reaction) {
	var offer desk.Message
	for _, m := range f.Messages {
		switch {
		case m.Sequence > f.Seen && m.Kind == desk.KindCustomer: // not known to the agent
		case m.Kind == desk.KindCustomer && len(m.Suggested) > 0:
			offer = m
		case m.Kind == desk.KindAnswer:
			offer = desk.Message{} // it was answered; the reactions to it are recorded
		}
	}
	var asked []string
	for _, r := range ready {
		if r.Article != "" { // a template is none
			asked = append(asked, r.Article)
		}
	}
	quoted := map[string]kb.Quote{}
	sent = slices.Clone(asked)
	for _, q := range quotedIn(text, offer.Suggested, k) {
		quoted[q.Article] = q
		if !slices.Contains(sent, q.Article) {
			sent = append(sent, q.Article)
		}
	}
	react := func(id string, likely float64) {
		r := desk.Reaction{Article: id, Confidence: likely}
		switch {
		case slices.Contains(asked, id), quoted[id].Whole: // by #send it is always as it is
			r.Kind = desk.SentAsIs
		case slices.Contains(sent, id):
			r.Kind = desk.SentChanged
		case len(sent) > 0:
			r.Kind = desk.OtherSent
		default:
			r.Kind = desk.Ignored
		}
		out = append(out, r)
	}
	for i, id := range offer.Suggested {
		likely := 0.0
		if i < len(offer.Likely) {
			likely = offer.Likely[i]
		}
		react(id, likely)
	}
	for _, id := range sent {
		if !slices.Contains(offer.Suggested, id) {
			react(id, 0)
		}
	}
	return sent, out
}

// quotedIn finds the articles in an answer's text.
func quotedIn(answer string, offered []string, k Articles) []kb.Quote {
	if q, ok := k.(interface {
		Quoted(answer string, offered []string) []kb.Quote
	}); ok {
		return q.Quoted(answer, offered)
	}
	return nil
}
