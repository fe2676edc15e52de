package desk_test

import (
	"testing"
	"time"

	"github.com/replywell/replywell/shared/desk"
)

// TestTakeBack: a conversation without an answer that did not leave stands as it
// stood before it, unless something else has changed whose turn it is.
func TestTakeBack(t *testing.T) {
	at := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	const week = 7 * 24 * time.Hour
	answer := func(c *desk.Conversation, id, agent string, after time.Duration, closes bool) {
		before := c.Turn()
		c.Answered(at.Add(after), agent, week)
		l := desk.Leaving{Sequence: c.Messages, Number: c.Answers, Outbox: id, Agent: agent, At: at.Add(after),
			Until: at.Add(after + desk.DefaultGrace), Before: before}
		if closes && c.Close(at.Add(after)) {
			l.Closing = "closing of " + id
			c.Did(desk.Arrangement{ID: l.Closing, Action: desk.ActionClose, At: at})
		}
		l.After = c.Turn()
		c.Leave(l, at.Add(after))
	}
	for _, test := range []struct {
		name    string
		do      func(*desk.Conversation)
		back    []string // outbox ids, in this order
		state   desk.State
		answers int
		owner   string
		first   time.Duration // of the first answer; 0 is none
	}{
		{"the only answer", func(c *desk.Conversation) { answer(c, "a", "anna", 1, false) }, []string{"a"},
			desk.StateOpen, 0, "", 0},
		{"with its closing", func(c *desk.Conversation) { answer(c, "a", "anna", 1, true) }, []string{"a"},
			desk.StateOpen, 0, "", 0},
		{"the later of two", func(c *desk.Conversation) {
			answer(c, "a", "anna", 1, false)
			answer(c, "b", "ben", 2, true)
		}, []string{"b"}, desk.StateAnswered, 1, "anna", 1},
		{"the earlier of two", func(c *desk.Conversation) {
			answer(c, "a", "anna", 1, false)
			answer(c, "b", "ben", 2, true)
		}, []string{"a"}, desk.StateSolved, 1, "ben", 2},
		{"both, the earlier first", func(c *desk.Conversation) {
			answer(c, "a", "anna", 1, false)
			answer(c, "b", "ben", 2, false)
		}, []string{"a", "b"}, desk.StateOpen, 0, "", 0},
		{"both, the later first", func(c *desk.Conversation) {
			answer(c, "a", "anna", 1, false)
			answer(c, "b", "ben", 2, false)
		}, []string{"b", "a"}, desk.StateOpen, 0, "", 0},
		{"a colleague closed it since", func(c *desk.Conversation) {
			answer(c, "a", "anna", 1, false)
			c.Close(at.Add(time.Minute))
		}, []string{"a"}, desk.StateSolved, 0, "anna", 0},
		{"another answer left since", func(c *desk.Conversation) {
			answer(c, "a", "anna", 1, false)
			c.Answered(at.Add(2), "ben", week)
		}, []string{"a"}, desk.StateAnswered, 1, "ben", 1},
		{"given to somebody since", func(c *desk.Conversation) { answer(c, "a", "anna", 1, false); c.Owner = "ben" },
			[]string{"a"}, desk.StateOpen, 0, "ben", 0},
	} {
		c := desk.Conversation{ID: "c", Opened: at.Add(-time.Hour), State: desk.StateOpen, Messages: 1,
			CustomerMessages: 1, Watch: at}
		test.do(&c)
		for _, id := range test.back {
			l, ok := c.LeavingOf(id)
			if !ok {
				t.Fatalf("%s: %s does not wait", test.name, id)
			}
			before := c.Messages
			var entry desk.Message
			c, entry = c.TakeBack(l, l.Agent, at.Add(time.Minute))
			if !desk.HiddenIn([]desk.Message{entry})(l.Sequence) || entry.Sequence != before+1 {
				t.Errorf("%s: the answer %d is not hidden by %+v", test.name, l.Sequence, entry)
			}
		}
		var first time.Duration
		if !c.FirstAnswer.IsZero() {
			first = c.FirstAnswer.Sub(at)
		}
		if c.State != test.state || c.Answers != test.answers || c.Owner != test.owner || first != test.first {
			t.Errorf("%s: %s, %d answers, %q, first after %d; want %s, %d, %q, %d", test.name, c.State, c.Answers,
				c.Owner, first, test.state, test.answers, test.owner, test.first)
		}
	}
}
