package desk

import (
	"slices"
	"strings"
	"time"
)

// Agents arrange conversations: they split one in two and join two into one, and
// take that back. Nothing that was written is moved for it. An entry of
// KindArranged says which entries are not shown here any more and which of
// another conversation are, and the heads say where whoever answers one of them
// is led. Both are written at once, so there is no state between.

// Range is a run of sequence numbers, both ends included.
type Range struct{ From, To int }

// Span is a run of entries that are stored in one conversation and shown here.
type Span struct {
	Conversation ConversationID // where they are stored
	From, To     int            // their numbers there
	At           int            // the number of the first of them here
	Part         ConversationID // see Message.Part
}

// Arranged is what an entry of KindArranged changed of the entries before it.
type Arranged struct {
	Hidden   []Range // are not shown here from now on
	Restored []Range `json:"Shown"` // were hidden, and are shown again
	Included []Span  // are shown here from now on
}

// Move leads answers on: what answers the entries From to To of this
// conversation belongs to Into, whose entry At is the first of them.
type Move struct {
	From, To    int
	Into        ConversationID
	At          int
	Arrangement string // Arrangement.ID of what moved them
}

// Arrangement is what an agent arranged, with what is needed to take it back.
type Arrangement struct {
	ID     string
	Action Action
	By     string // agent id
	At     time.Time
	Other  ConversationID // of a split, the other half; of a merge, what was joined into this one
	// First and Last bound what was joined, by its numbers here.
	First, Last int
	// Before is what the conversation was like.
	Before Standing
	// Added and Removed are the people of ActionPeople.
	Added, Removed []Person
	Blocked        []string `json:",omitempty"` // of ActionAside: Block.Sender of who was blocked with it
}

// Standing is how far a conversation has come.
type Standing struct {
	State  State
	Opened time.Time
	Solved time.Time
	Due    time.Time
}

// Action is a kind of Arrangement.
type Action string

// The actions that can be taken back.
const (
	ActionSplit  Action = "split"
	ActionMerge  Action = "merge"
	ActionPeople Action = "people" // #add and #remove
	ActionClose  Action = "close"
	ActionAside  Action = "aside" // #spam and #block
	ActionSame   Action = "same"  // Added has the other address
)

// Bounds of arrangements.
const (
	UndoGood        = 30 * 24 * time.Hour // an arrangement can be taken back so long
	MaxArrangements = 20                  // kept to be taken back; of more, the latest
	MaxMoves        = 200                 // of one conversation
	MaxSpans        = 100                 // of one entry
)

// Standing is what #close and its like change.
func (c Conversation) Standing() Standing { return Standing{c.State, c.Opened, c.Solved, c.Due} }

// LastArrangement is what #undo would take back, if it still can.
func (c Conversation) LastArrangement(now time.Time) (Arrangement, bool) {
	if n := len(c.Done); n > 0 && now.Sub(c.Done[n-1].At) < UndoGood {
		return c.Done[n-1], true
	}
	return Arrangement{}, false
}

// Did notes what was arranged.
func (c *Conversation) Did(a Arrangement) {
	done := append(slices.Clone(c.Done), a)
	c.Done = done[max(0, len(done)-MaxArrangements):]
}

// Forget takes the arrangement off the list.
func (c *Conversation) Forget(id string) {
	c.Done = slices.DeleteFunc(slices.Clone(c.Done), func(a Arrangement) bool { return a.ID == id })
}

// CanUndo reports whether nothing was split or joined in the conversation after
// the arrangement, so that taking it back finds what it left.
func (c Conversation) CanUndo(id string) bool {
	for i := len(c.Done) - 1; i >= 0; i-- {
		switch a := c.Done[i]; {
		case a.ID == id:
			return true
		case a.Action == ActionSplit || a.Action == ActionMerge:
			return false
		}
	}
	return false
}

// Joined reports whether another conversation was joined into this one and is
// still there.
func (c Conversation) Joined() bool {
	return slices.ContainsFunc(c.Done, func(a Arrangement) bool { return a.Action == ActionMerge })
}

// Leads gives where an answer to the entry belongs, if not here.
func (c Conversation) Leads(sequence int) (into ConversationID, at int, elsewhere bool) {
	for _, m := range c.Moves {
		if m.From <= sequence && sequence <= m.To {
			return m.Into, m.At + sequence - m.From, true
		}
	}
	if c.Into == "" {
		return "", 0, false
	}
	for _, m := range c.Moves { // the last before it that went there
		if m.Into == c.Into && m.To < sequence {
			at = max(at, m.At+m.To-m.From)
		}
	}
	return c.Into, at, true
}

// SameCustomer reports whether two conversations have one customer: the same
// address, but for the case of A to Z. Without an address there is none.
func SameCustomer(a, b Conversation) bool {
	x, y := asciiLower(strings.TrimSpace(a.Customer.Address)), asciiLower(strings.TrimSpace(b.Customer.Address))
	return x != "" && x == y
}

// asciiLower leaves letters alone that fold onto A to Z and are others.
func asciiLower(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, s)
}

// HiddenIn tells which numbers are not shown, by all that the entries arranged,
// in their order.
func HiddenIn(entries []Message) func(sequence int) bool {
	type change struct {
		Range
		hidden bool
	}
	var changes []change
	for _, e := range entries {
		for _, r := range e.Arranged.Hidden {
			changes = append(changes, change{r, true})
		}
		for _, r := range e.Arranged.Restored {
			changes = append(changes, change{r, false})
		}
	}
	return func(n int) (hidden bool) {
		for _, c := range changes {
			if c.From <= n && n <= c.To {
				hidden = c.hidden
			}
		}
		return hidden
	}
}

// carry gives how messages come to be shown in another conversation, numbered
// from at on, and how answers to them are led there.
func carry(messages []Message, into ConversationID, at int, part ConversationID, arrangement string) (spans []Span, moves []Move) {
	for i, m := range messages {
		home, n := m.home(), at+i
		if k := len(spans) - 1; k >= 0 && spans[k].Conversation == home.Conversation && spans[k].To+1 == home.From {
			spans[k].To++
		} else {
			spans = append(spans, Span{Conversation: home.Conversation, From: home.From, To: home.From, At: n, Part: part})
		}
		if k := len(moves) - 1; k >= 0 && moves[k].To+1 == m.Sequence {
			moves[k].To++
		} else {
			moves = append(moves, Move{From: m.Sequence, To: m.Sequence, Into: into, At: n, Arrangement: arrangement})
		}
	}
	return spans, moves
}

// back gives the moves that lead where others came from.
func back(moves []Move, into ConversationID) (out []Move) {
	for _, m := range moves {
		out = append(out, Move{From: m.At, To: m.At + m.To - m.From, Into: into, At: m.From})
	}
	return out
}

func ranges(moves []Move) (out []Range) {
	for _, m := range moves {
		out = append(out, Range{m.From, m.To})
	}
	return out
}

// dropMoves takes the moves of an arrangement off the conversation and gives them.
func (c *Conversation) dropMoves(arrangement string) (dropped []Move) {
	var kept []Move
	for _, m := range c.Moves {
		if m.Arrangement == arrangement {
			dropped = append(dropped, m)
		} else {
			kept = append(kept, m)
		}
	}
	c.Moves = kept
	return dropped
}

// said are the messages of a list without what was only arranged.
func said(messages []Message) []Message {
	return slices.DeleteFunc(slices.Clone(messages), func(m Message) bool { return m.Kind == KindArranged })
}
