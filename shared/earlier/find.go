package earlier

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/store"
)

// MaxAsked bounds the ids that are looked for at once; the first count.
const MaxAsked = 8

// Find gives the conversation that the first of these Message-IDs leads to that leads to
// any, and when it was imported. nil: none does. Keep is the retention time, 0 for ever.
func Find(ctx context.Context, blobs store.Blobs, keep time.Duration, now time.Time, ids []string) (*Conversation, time.Time, error) {
	s := imports{blobs}
	all, err := s.list(ctx)
	if err != nil {
		return nil, time.Time{}, err
	}
	for i := len(all.Imports) - 1; i >= 0; i-- { // a later import has read more of a conversation
		m := all.Imports[i]
		if keep > 0 && now.Sub(m.Taken) > keep {
			continue
		}
		for _, id := range ids[:min(len(ids), MaxAsked)] {
			c, err := s.in(ctx, m, id)
			if c != nil || err != nil {
				return c, m.Taken, err
			}
		}
	}
	return nil, time.Time{}, nil
}

// imports reads the files of all imports.
type imports struct{ blobs store.Blobs }

// in looks for an id in one import.
func (s imports) in(ctx context.Context, m imported, id string) (*Conversation, error) {
	name := hashOf(id)
	leads := map[string]string{}
	if err := s.read(ctx, m.ids(partOf(name, m.Parts)), &leads); err != nil {
		return nil, err
	}
	key, ok := leads[name]
	if !ok {
		return nil, nil
	}
	part := map[string]Conversation{}
	if err := s.read(ctx, m.conversations(partOf(key, m.Parts)), &part); err != nil {
		return nil, err
	}
	if c, ok := part[key]; ok && len(c.Letters) > 0 {
		return &c, nil
	}
	return nil, nil
}

// read unpacks a file, if it is there and can be unpacked.
func (s imports) read(ctx context.Context, key string, into any) error {
	data, err := s.blobs.Get(ctx, key)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err == nil {
		if bad := unpacked(data, into); bad != nil {
			slog.Warn("conversations of before cannot be read, and are not found; import them again", "file", key, "error", bad.Error())
		}
	}
	return err
}

// list reads which imports there are.
func (s imports) list(ctx context.Context) (all list, err error) {
	err = s.read(ctx, listKey, &all)
	return all, err
}

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
