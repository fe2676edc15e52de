package index

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/kb"
	"github.com/replywell/replywell/shared/redact"
	"github.com/replywell/replywell/shared/store"
)

// history is what agents answered so far, without personal data: what customers
// asked and which article answered it, or what was written by hand. It is kept
// in the bucket as one file for each build; only what is new since the last one
// is read from the store.
type history struct {
	Form    int        `json:"form"`
	Through time.Time  `json:"through"` // answers recorded up to here are in it
	Mails   []answered `json:"mails"`   // oldest first
}

// answered is a customer's mail, or several, with the answer.
type answered struct {
	Conversation desk.ConversationID `json:"c"`
	Answer       int                 `json:"n"` // its sequence
	Day          int                 `json:"d"` // counted from 1970
	Subject      string              `json:"s,omitempty"`
	Text         string              `json:"t"`           // the customer's
	Sent         []string            `json:"a,omitempty"` // articles
	Told         string              `json:"h,omitempty"` // by hand; "" where an article was sent
}

const (
	historyForm = 1
	// newAtOnce bounds the conversations that one build reads: one request each.
	// Where there is more, the next build goes on.
	newAtOnce = 2000
	mostMails = 30_000  // with an article; older ones are dropped
	mostHand  = 5_000   // by hand
	mostText  = 4 << 10 // bytes of a mail or an answer; what matters is said before
	// before is how many messages before an answer are looked at for the mail it answers.
	before = 6
)

// collect brings the history up to date. more is true where there is more to
// read than one build does.
func (s *Service) collect(ctx context.Context, h *history) (changed, more bool, err error) {
	known := map[string]bool{}
	for _, m := range h.Mails {
		known[answerOf(m.Conversation, m.Answer)] = true
	}
	wrong := map[string]bool{} // answers after which the customer asked the same again
	read := 0
	errEnough := errors.New("enough for one build")
	through, err := s.lessons(ctx, h.Through.Add(-again), func(e desk.Event) error {
		for _, r := range e.Reactions {
			if r.Kind == desk.CameBack {
				wrong[answerOf(e.Conversation, r.Answer)] = true
			}
		}
		k := answerOf(e.Conversation, e.Sequence)
		if e.Kind != desk.EventAnswered || known[k] {
			return nil
		}
		if read == newAtOnce {
			return errEnough
		}
		read++
		known[k] = true
		m, ok, err := s.answered(ctx, e)
		if ok {
			h.Mails = append(h.Mails, m)
			changed = true
		}
		return err
	})
	if more = errors.Is(err, errEnough); err != nil && !more {
		return false, false, fmt.Errorf("reading what was answered: %w", err)
	}
	n := len(h.Mails)
	h.Mails = slices.DeleteFunc(h.Mails, func(m answered) bool { return len(m.Sent) > 0 && wrong[answerOf(m.Conversation, m.Answer)] })
	h.bound()
	changed = changed || more || len(h.Mails) != n
	if changed && through.After(h.Through) {
		// The events themselves stay the truth: with nothing new, the file stays too.
		h.Through = through
	}
	return changed, more, nil
}

// answered reads what an answer answered. It is not ok where no customer's text
// came before it.
func (s *Service) answered(ctx context.Context, e desk.Event) (m answered, ok bool, err error) {
	messages, err := s.Store.Messages(ctx, e.Conversation, max(1, e.Sequence-before), before+1)
	if errors.Is(err, store.ErrNotFound) {
		return m, false, nil
	}
	if err != nil {
		return m, false, err
	}
	m = answered{Conversation: e.Conversation, Answer: e.Sequence, Day: kb.Day(e.Recorded), Sent: e.Articles}
	var asked, names []string
	told := ""
	for _, msg := range messages {
		names = append(names, msg.From.Name)
		switch {
		case msg.Sequence == e.Sequence && msg.Kind == desk.KindAnswer:
			told = msg.Text
		case msg.Sequence < e.Sequence && msg.Kind == desk.KindAnswer:
			asked = nil // that was answered
		case msg.Sequence < e.Sequence && msg.Kind == desk.KindCustomer:
			if m.Subject == "" {
				m.Subject = msg.Subject
			}
			asked = append(asked, msg.Text)
		}
	}
	if len(asked) == 0 || told == "" {
		return m, false, nil
	}
	m.Subject = clean(m.Subject, names)
	m.Text = clean(strings.Join(asked, "\n\n"), names)
	if len(m.Sent) == 0 {
		m.Told = cut(redact.Everything(told, names...))
	}
	return m, m.Text != "", nil
}

// clean takes personal data out of a customer's words.
func clean(text string, names []string) string {
	return strings.TrimSpace(redact.WithoutMarks(redact.Everything(cut(text), names...)))
}

func cut(s string) string { return strings.ToValidUTF8(s[:min(len(s), mostText)], "") }

// bound drops the oldest of each kind where there are too many.
func (h *history) bound() {
	sent, hand := 0, 0
	keep := make([]bool, len(h.Mails))
	for i := len(h.Mails) - 1; i >= 0; i-- {
		if len(h.Mails[i].Sent) > 0 {
			sent++
			keep[i] = sent <= mostMails
		} else {
			hand++
			keep[i] = hand <= mostHand
		}
	}
	i := -1
	h.Mails = slices.DeleteFunc(h.Mails, func(answered) bool { i++; return !keep[i] })
}

// answers are those that are in it.
func (h *history) answers() map[string]bool {
	in := make(map[string]bool, len(h.Mails))
	for _, m := range h.Mails {
		in[answerOf(m.Conversation, m.Answer)] = true
	}
	return in
}

// past and byHand are the history as the knowledge base learns from it: what was
// answered by hand says how many mails no article fits, and what articles are missing.
func (h *history) past() (out []kb.Past) {
	for _, m := range h.Mails {
		if len(m.Sent) > 0 || m.Told != "" {
			out = append(out, kb.Past{Subject: m.Subject, Text: m.Text, Sent: m.Sent})
		}
	}
	return out
}

// withArticle is how many mails were answered with an article.
func (h *history) withArticle() (n int) {
	for _, m := range h.Mails {
		if len(m.Sent) > 0 {
			n++
		}
	}
	return n
}

func (h *history) byHand() (out []kb.ByHand) {
	for _, m := range h.Mails {
		if m.Told != "" {
			out = append(out, kb.ByHand{Subject: m.Subject, Text: m.Text, Answer: m.Told, Day: m.Day})
		}
	}
	return out
}

func (h *history) write() ([]byte, error) {
	return pressed(h)
}

// pressed is what a value is in a file: JSON in gzip.
func pressed(v any) ([]byte, error) {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if err := errors.Join(json.NewEncoder(z).Encode(v), z.Close()); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// maxPressed bounds what a file unpacks to, in bytes.
const maxPressed = 512 << 20

func unpressed(data []byte, v any) error {
	z, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return err
	}
	return json.NewDecoder(io.LimitReader(z, maxPressed)).Decode(v)
}

// readHistory reads what write wrote. One of another form is as good as none:
// it is collected anew.
func readHistory(data []byte) (*history, error) {
	h := &history{Form: historyForm}
	if len(data) == 0 {
		return h, nil
	}
	was := &history{}
	if err := unpressed(data, was); err != nil {
		return nil, fmt.Errorf("the history cannot be read: %w; delete %s, and it is collected anew", err, currentHistory)
	}
	if was.Form != historyForm {
		return h, nil
	}
	return was, nil
}

// answerOf names an answer.
func answerOf(c desk.ConversationID, sequence int) string { return fmt.Sprint(c, " ", sequence) }

// history gives the history up to now, and keeps it.
func (s *Service) history(ctx context.Context) (h *history, more bool, err error) {
	if s.Store == nil {
		return &history{}, false, nil
	}
	current, err := look(ctx, s.Bucket, currentHistory)
	if err != nil {
		return nil, false, err
	}
	if h, err = s.historyAt(ctx, current); err != nil {
		return nil, false, err
	}
	changed, more, err := s.collect(ctx, h)
	if err != nil || !changed {
		return h, more, err
	}
	data, err := h.write()
	if err != nil {
		return nil, false, err
	}
	if _, err := s.point(ctx, current, histories, data); err != nil {
		return nil, false, fmt.Errorf("moving the pointer to the new history: %w", err)
	}
	return h, more, nil
}

// keptHistory is the history that the last build kept.
func (s *Service) keptHistory(ctx context.Context) (*history, error) {
	current, err := look(ctx, s.Bucket, currentHistory)
	if err != nil {
		return nil, err
	}
	return s.historyAt(ctx, current)
}

func (s *Service) historyAt(ctx context.Context, current pointer) (*history, error) {
	key, _ := current.keys()
	if key == "" {
		return readHistory(nil)
	}
	data, err := s.Bucket.Get(ctx, key)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return nil, fmt.Errorf("reading the history: %w", err)
	}
	return readHistory(data)
}
