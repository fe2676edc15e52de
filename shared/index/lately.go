package index

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/kb"
	"github.com/replywell/replywell/shared/store"
)

// What was lately answered with an article is kept in a file of its own, with its
// meaning, so that the next mail is compared with it a minute later and not the next
// morning. The file is named by what it holds and never changed; what was learnt names
// the current one, and up to when answers are in the index. It can be made anew from
// the events and messages at any time.
type lately struct {
	Form  int          `json:"form"`
	Model string       `json:"model,omitempty"` // that Sense is of
	Mails []latelyMail `json:"mails"`           // by when they were answered
}

type latelyMail struct {
	answered
	Recorded time.Time `json:"r"`
	Sense    []byte    `json:"v,omitempty"` // see pack
}

const (
	latelyForm = 1
	// mostLately bounds what is kept; older answers wait for the next build.
	mostLately = 300
	// latelyDays is for how long an answer that is in the index still stands for what
	// holds now, see kb.Late.
	latelyDays = 14
	latelyKeys = snapshots + "lately-"
)

// answerOf names an answer.
func answerOf(c desk.ConversationID, sequence int) string { return fmt.Sprint(c, " ", sequence) }

// note brings what was lately answered up to date with events, and notes the new file
// in the state. whole means that the events are all that it may hold.
func (s *Service) note(ctx context.Context, state *kb.Learned, events []desk.Event, whole bool) (changed bool, err error) {
	key := state.LatelyNow()
	if key == "" && len(events) == 0 {
		return false, nil
	}
	l, err := readLately(ctx, s.Bucket, key)
	if err != nil && !errors.Is(err, errNoLately) {
		return false, err
	}
	if err != nil && !whole {
		events = nil
		if _, err := s.lessons(ctx, s.latelyFrom(state), func(e desk.Event) error { events = append(events, e); return nil }); err != nil {
			return false, err
		}
	}
	from := s.latelyFrom(state)
	wrong := wrongAnswers(events)
	known := map[string]bool{}
	l.Mails = slices.DeleteFunc(l.Mails, func(m latelyMail) bool {
		id := answerOf(m.Conversation, m.Answer)
		known[id] = true
		return m.Recorded.Before(from) || wrong[id]
	})
	var fresh []desk.Event
	for _, e := range events {
		if id := answerOf(e.Conversation, e.Sequence); e.Kind == desk.EventAnswered && len(e.Articles) > 0 && !e.Recorded.Before(from) && !known[id] && !wrong[id] {
			known[id] = true
			fresh = append(fresh, e)
		}
	}
	slices.SortStableFunc(fresh, func(a, b desk.Event) int { return a.Recorded.Compare(b.Recorded) })
	for _, e := range fresh[max(0, len(fresh)-mostLately):] {
		m, ok, err := s.answered(ctx, e)
		if err != nil {
			return false, err
		}
		if !ok { // it is kept without a text, so that it need not be looked for again
			m = answered{Conversation: e.Conversation, Answer: e.Sequence}
		}
		l.Mails = append(l.Mails, latelyMail{answered: m, Recorded: e.Recorded.UTC()})
	}
	slices.SortFunc(l.Mails, func(a, b latelyMail) int {
		return cmp.Or(a.Recorded.Compare(b.Recorded), cmp.Compare(a.Conversation, b.Conversation), a.Answer-b.Answer)
	})
	l.Mails = l.Mails[max(0, len(l.Mails)-mostLately):]
	l.understand(s.Model)
	now := ""
	if len(l.Mails) > 0 {
		data, err := pressed(l)
		if err != nil {
			return false, err
		}
		if now = latelyKeys + sumOf(data); now != key {
			if err := s.Bucket.Put(ctx, now, data); err != nil {
				return false, fmt.Errorf("keeping what was answered lately: %w", err)
			}
		}
	}
	if now == key {
		return false, nil
	}
	state.Lately = append([]string{now}, state.Lately...)
	return true, nil
}

// latelyFrom is from when on answers are kept: the last days', and all that are not in the index.
func (s *Service) latelyFrom(state *kb.Learned) time.Time {
	from := s.Now().UTC().Truncate(24*time.Hour).AddDate(0, 0, -latelyDays)
	if state.Built.Before(from) {
		return state.Built.Add(1)
	}
	return from
}

// wrongAnswers are those after which the customer asked the same again.
func wrongAnswers(events []desk.Event) map[string]bool {
	wrong := map[string]bool{}
	for _, e := range events {
		for _, r := range e.Reactions {
			if r.Kind == desk.CameBack {
				wrong[answerOf(e.Conversation, r.Answer)] = true
			}
		}
	}
	return wrong
}

// understand embeds what was not embedded with this model yet.
func (l *lately) understand(model kb.Embedder) {
	if name := kb.ModelName(model); l.Model != name {
		l.Model = name
		for i := range l.Mails {
			l.Mails[i].Sense = nil
		}
	}
	if model == nil {
		return
	}
	next := make(chan *latelyMail)
	var done sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		done.Go(func() {
			for m := range next {
				m.Sense = pack(kb.Sense(model, m.Subject, m.Text))
			}
		})
	}
	for i := range l.Mails {
		if m := &l.Mails[i]; m.Sense == nil && m.Text != "" {
			next <- m
		}
	}
	close(next)
	done.Wait()
}

var errNoLately = errors.New("the file of what was answered lately is not there, or of another version; it is made anew within minutes, by whoever learns")

// readLately reads a file that what was learnt names. Error: errNoLately where it is
// not there, or of another form; then nothing is known of it.
func readLately(ctx context.Context, b interface {
	Get(ctx context.Context, key string) ([]byte, error)
}, key string) (*lately, error) {
	none := &lately{Form: latelyForm}
	if key == "" {
		return none, nil
	}
	data, err := b.Get(ctx, key)
	if errors.Is(err, store.ErrNotFound) {
		return none, errNoLately
	}
	if err != nil {
		return none, fmt.Errorf("reading what was answered lately: %w", err)
	}
	l := &lately{}
	if err := unpressed(data, l); err != nil || l.Form != latelyForm {
		return none, errNoLately
	}
	return l, nil
}

// Lately reads what was lately answered, and the name of the model that its meanings are of.
func Lately(ctx context.Context, b interface {
	Get(ctx context.Context, key string) ([]byte, error)
}, state *kb.Learned) (mails []kb.Late, model string, err error) {
	l, err := readLately(ctx, b, state.LatelyNow())
	if err != nil {
		return nil, "", err
	}
	for _, m := range l.Mails {
		if m.Text == "" {
			continue
		}
		mails = append(mails, kb.Late{Past: kb.Past{Subject: m.Subject, Text: m.Text, Sent: m.Sent}, Sense: unpack(m.Sense), Built: !m.Recorded.After(state.Built)})
	}
	return mails, l.Model, nil
}

// letGo takes the files off the state that nobody reads any more, and gives them.
func letGo(state *kb.Learned) (old []string) {
	old = state.Lately[min(kept, len(state.Lately)):]
	state.Lately = state.Lately[:min(kept, len(state.Lately))]
	return slices.DeleteFunc(slices.Clone(old), func(key string) bool { return key == "" || slices.Contains(state.Lately, key) })
}

// clearUnnamed deletes a file of one whose state was not written, unless another's names it.
func (s *Service) clearUnnamed(ctx context.Context, key string) error {
	was, err := s.Store.Learned(ctx)
	if err != nil {
		return err
	}
	state, err := kb.ReadLearned([]byte(was.State))
	if err != nil || key == "" || slices.Contains(state.Lately, key) {
		return err
	}
	if err := s.Bucket.Delete(ctx, key); err != nil {
		return fmt.Errorf("clearing away %s, which nobody names: %w", key, err)
	}
	return nil
}
