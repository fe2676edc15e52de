package reply

import (
	"context"
	"slices"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/kb"
)

// reactions says what became of the articles that were offered with the message
// that an answer goes with, and which others were sent in their place. sent are
// the articles that the answer holds. An answer that goes on with what was said
// already (no message of the customer's since the last one) says nothing of the offer.
func (j *job) reactions(ctx context.Context, p *plan) (sent []string, out []desk.Reaction) {
	var offer desk.Message
	for _, m := range j.messages {
		switch {
		case m.Sequence > j.seen && m.Kind == desk.KindCustomer: // not known to the agent
		case m.Kind == desk.KindCustomer && len(m.Suggested) > 0:
			offer = m
		case m.Kind == desk.KindAnswer:
			offer = desk.Message{} // it was answered; the reactions to it are recorded
		}
	}
	quoted := map[string]kb.Quote{}
	sent = slices.Clone(p.articles)
	for _, f := range j.quoted(ctx, p.text, offer.Suggested) {
		quoted[f.Article] = f
		if !slices.Contains(sent, f.Article) {
			sent = append(sent, f.Article)
		}
	}
	react := func(id string, likely float64) {
		r := desk.Reaction{Article: id, Confidence: likely}
		switch {
		case slices.Contains(p.articles, id), quoted[id].Whole: // by #send it is always as it is
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

// quoted finds the articles in an answer's text. Without a knowledge base there
// are none: no answer waits for what might be learnt from it.
func (j *job) quoted(ctx context.Context, answer string, offered []string) []kb.Quote {
	articles, err := j.Articles(ctx)
	if err != nil {
		return nil
	}
	if q, ok := articles.(interface {
		Quoted(answer string, offered []string) []kb.Quote
	}); ok {
		return q.Quoted(answer, offered)
	}
	return nil
}
