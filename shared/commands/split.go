package commands

import (
	"fmt"
	"slices"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/page"
)

// split makes a conversation of its own of what the agent was shown and of what
// came after it.
var split = Command{
	Name: desk.CommandSplit, Alone: true,
	Help:  []Line{{"#split", "moves the message that you answer, and all after it, to a new conversation"}},
	Needs: func(Facts, desk.Command) Needs { return Needs{All: true, Fresh: true} },
	Decide: func(f Facts, _ desk.Command, p Plan) (Plan, error) {
		if err := arrangeable(f.Conversation, f.All); err != nil {
			return p, err
		}
		pivot := f.Answered()
		before := slices.ContainsFunc(f.All, func(m desk.Message) bool { return m.Kind == desk.KindCustomer && m.Sequence < pivot.Sequence })
		if pivot.Sequence == 0 || pivot.Sequence > f.Seen || !before {
			return p, &Refusal{Rule: "split-first", Title: "Nothing was split",
				Why:  "The mail that you answered is about the conversation's first message, so nothing would be left before it.",
				Next: "Answer the mail that shows the message with which the new conversation should begin, and write #split."}
		}
		here := f.Conversation
		h := desk.Split(here, f.All, pivot.Sequence, f.Fresh, f.Arrangement(), f.Settings.SolvedAfter)
		h.ThisEntry.Text = fmt.Sprintf("%s split off a conversation of its own, [%s] %s.", f.Agent.Name, f.Fresh.Reference(), page.OneLine(h.Other.Subject))
		h.OtherEntry.Text = fmt.Sprintf("%s split this off from [%s] %s.", f.Agent.Name, here.ID.Reference(), page.OneLine(here.Subject))
		shown, history := moved(f.All, pivot.Sequence, f.Fresh)
		p.Arranged = &Arranged{What: "split", Rule: "split", Halves: h, Opened: true, First: pivot, Tell: Tell{Conversation: h.Other, Message: shown, History: history,
			Did:  "split this off from [" + here.ID.Reference() + "]",
			Then: "From here on it is a conversation of its own: what " + Customer(here) + " answers to this comes here. #undo takes it back within 30 days."}}
		return p, nil
	},
}

// mostRead bounds the messages of a conversation that can be arranged.
const mostRead = 1000

// arrangeable refuses what is too much to arrange.
func arrangeable(c desk.Conversation, all []desk.Message) error {
	if len(all) > mostRead || len(c.Moves) > desk.MaxMoves {
		return &Refusal{Rule: "arrange-large", Title: "Nothing was changed",
			Why:  fmt.Sprintf("The conversation [%s] has %d messages and was rearranged often; that is too much to arrange again.", c.ID.Reference(), len(all)),
			Next: "You can answer it as it is."}
	}
	return nil
}

// moved gives the customer's newest message of those that moved, and those
// before it, as the new conversation numbers them.
func moved(messages []desk.Message, from int, to desk.ConversationID) (shown desk.Message, history []desk.Message) {
	n := 0
	for _, m := range messages {
		if m.Sequence < from || m.Kind == desk.KindArranged {
			continue
		}
		n++
		m.Conversation, m.Sequence = to, n
		history = append(history, m)
		if m.Kind == desk.KindCustomer {
			shown = m
		}
	}
	return shown, slices.DeleteFunc(history, func(m desk.Message) bool { return m.Sequence == shown.Sequence })
}
