package earlier

import (
	"time"

	"github.com/replywell/replywell/shared/desk"
)

// Conversation is one that was held before there was Replywell.
type Conversation struct {
	Customer desk.Person `json:"customer"`
	Letters  []Letter    `json:"letters"` // by when they were written; at least one
	IDs      []string    `json:"ids"`     // Message-IDs that lead to it; at least one
}

// Letter is what somebody wrote in it.
type Letter struct {
	ID      string      `json:"id,omitempty"` // Message-ID; "" where it is unknown
	Team    bool        `json:"team,omitempty"`
	From    desk.Person `json:"from"`
	At      time.Time   `json:"at,omitzero"` // zero: unknown
	Subject string      `json:"subject"`
	Text    string      `json:"text"` // at most desk.MaxInlineText bytes
	TextCut bool        `json:"cut,omitempty"`
}

// MaxLetters bounds what is kept of a conversation: its first letter, and the newest.
const MaxLetters = 30

// bounded is a conversation with no more letters than are kept.
func (c Conversation) bounded() Conversation {
	if n := len(c.Letters); n > MaxLetters {
		c.Letters = append(c.Letters[:1:1], c.Letters[n-MaxLetters+1:]...)
	}
	return c
}

// Taken makes a conversation of the desk's of it, solved, with its messages, for the
// mailbox that a customer now writes to. Counted is from when on what has no time
// of its own counts.
func (c Conversation) Taken(id desk.ConversationID, mailbox string, counted time.Time) (desk.Conversation, []desk.Message) {
	first := c.Letters[0]
	conv := desk.Conversation{ID: id, Mailbox: mailbox, Customer: c.Customer, Subject: first.Subject, State: desk.StateSolved, Opened: first.At}
	var out []desk.Message
	for _, l := range c.Letters {
		conv.Messages++
		m := desk.Message{Conversation: id, Sequence: conv.Messages, Kind: desk.KindCustomer, From: l.From, At: l.At, Subject: l.Subject,
			Text: l.Text, TextCut: l.TextCut, MessageID: l.ID, Evidence: desk.Evidence{Rule: desk.EvidenceImported}}
		if m.At.IsZero() {
			m.At = conv.Activity // of the one before
		}
		conv.Active(m.At)
		if l.Team {
			m.Kind = desk.KindAnswer
			conv.Answers++
			if conv.FirstAnswer.IsZero() {
				conv.FirstAnswer = m.At
			}
		} else {
			conv.CustomerMessages++
		}
		out = append(out, m)
	}
	if conv.Activity.IsZero() {
		conv.Activity = counted
	}
	// Nobody waited for us while we were not here.
	if conv.Answers == 0 || conv.Opened.IsZero() {
		conv.Opened = counted
	}
	conv.Solved = conv.Activity
	return conv, out
}
