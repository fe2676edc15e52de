package inbound

import (
	"slices"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/kb/terms"
)

// cameBackWithin is how long after an answer a further mail of the customer's
// says something about the article that the answer held. Later ones are mostly
// about something new.
const cameBackWithin = 14 * 24 * time.Hour

// reactions tells what a customer's mail says of the articles in the answer
// before it: thanks are a little praise; asking on about the same is a little
// blame. A mail for which another article is the likely one is about something
// else and says nothing, and so does what says no more than "I will try it". Who says
// with a tap whether it solved it says it of the article.
func (e *entry) reactions() (out []desk.Reaction) {
	if e.message.Kind != desk.KindCustomer || len(e.history) == 0 {
		return nil
	}
	i := len(e.history) - 1
	for i >= 0 && e.history[i].Kind != desk.KindAnswer {
		if e.history[i].Kind == desk.KindCustomer {
			return nil // that one has said it already
		}
		i--
	}
	if i < 0 || len(e.history[i].Articles) == 0 {
		return nil
	}
	answer := e.history[i]
	kind := desk.CameBack
	switch {
	case e.message.At.Sub(answer.At) > cameBackWithin:
		return nil
	case e.thanks, e.message.Rated == desk.RatedSolved && e.message.Thanks:
		kind = desk.Thanked
	case e.message.Rated == desk.RatedNotYet:
	case terms.OnlyCourtesies(e.message.Text):
		return nil
	case len(e.offered) > 0 && !slices.Contains(answer.Articles, e.offered[0].Article):
		return nil
	}
	for _, id := range answer.Articles {
		out = append(out, desk.Reaction{Article: id, Kind: kind, Answer: answer.Sequence})
	}
	return out
}
