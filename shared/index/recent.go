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

// What was recently answered with an article is kept in a file of its own, with its
// meaning, so that the next mail is compared with it a minute later and not the next
// morning. A file is never changed: what was learnt names the current one, by what it
// holds and by the version of the state that names it first. It can be made anew from
// the events and messages at any time.
type recentAnswers struct {
	Form  int            `json:"form"`
	Model string         `json:"model,omitempty"` // that Sense is of
	Mails []recentAnswer `json:"mails"`           // by when they were answered
}

type recentAnswer struct {
	answered           // without a text where no customer's text came before the answer
	Recorded time.Time `json:"r"`
	Sense    []byte    `json:"v,omitempty"` // see pack; senseless: the model understands nothing of it
	Wide     bool      `json:"w,omitempty"` // Sense is of the model for what is not English
	Built    bool      `json:"b,omitempty"` // the last build took it in

	unread *desk.Event // what it is made of, where that was not read yet
}

// senseless is not what pack gives for any vector.
var senseless = []byte{0}

const (
	recentForm = 1
	// mostRecent bounds what is kept; older answers wait for the next build.
	mostRecent = 300
	// recentDays is for how long an answer that is in the index still stands for what
	// holds now, see kb.Recent.
	recentDays = 14
	recentKeys = snapshots + "lately-"
)

func (m recentAnswer) id() string { return answerOf(m.Conversation, m.Answer) }

// note brings what was recently answered up to date with events, and notes the new file
// in the state. whole means that the events are all that it may hold.
func (s *Service) note(ctx context.Context, was store.Learned, state *kb.Learned, events []desk.Event, whole bool) (changed bool, err error) {
	l, err := readRecent(ctx, s.Bucket, state.RecentFile())
	lost := errors.Is(err, errNoRecent) || len(state.Recent) == 0
	if err != nil && !lost {
		return false, err
	}
	var in map[string]bool
	if lost {
		// Where the history cannot be read, the build tells of it.
		if h, err := s.keptHistory(ctx); err == nil {
			in = h.answers()
		}
	}
	if lost && !whole {
		events = nil
		if _, err := s.lessons(ctx, s.recentFrom(state), func(e desk.Event) error { events = append(events, e); return nil }); err != nil {
			return false, err
		}
	}
	if err := s.take(ctx, l, events, in); err != nil {
		return false, err
	}
	l.understand(s.Model)
	return s.keepRecent(ctx, was, state, l, lost)
}

// take adds the answers of events, and lets go of what is too old or too much and of
// answers after which the customer asked the same again. Those among in are in the index.
func (s *Service) take(ctx context.Context, l *recentAnswers, events []desk.Event, in map[string]bool) error {
	recent := s.recent()
	wrong, known := wrongAnswers(events), map[string]bool{}
	for _, m := range l.Mails {
		known[m.id()] = true
	}
	for _, e := range events {
		m := recentAnswer{answered: answered{Conversation: e.Conversation, Answer: e.Sequence}, Recorded: e.Recorded.UTC(), unread: &e}
		m.Built = in[m.id()]
		if e.Kind == desk.EventAnswered && len(e.Articles) > 0 && !known[m.id()] {
			known[m.id()] = true
			l.Mails = append(l.Mails, m)
		}
	}
	l.Mails = slices.DeleteFunc(l.Mails, func(m recentAnswer) bool {
		return m.Built && m.Recorded.Before(recent) || wrong[m.id()]
	})
	l.bound()
	for i := range l.Mails {
		m := &l.Mails[i]
		if m.unread == nil {
			continue
		}
		read, ok, err := s.answered(ctx, *m.unread)
		if err != nil {
			return err
		}
		if ok {
			m.answered = read
		}
		m.unread = nil
	}
	return nil
}

// bound keeps the newest.
func (l *recentAnswers) bound() {
	slices.SortFunc(l.Mails, func(a, b recentAnswer) int {
		return cmp.Or(a.Recorded.Compare(b.Recorded), cmp.Compare(a.Conversation, b.Conversation), a.Answer-b.Answer)
	})
	l.Mails = l.Mails[max(0, len(l.Mails)-mostRecent):]
}

// keepRecent writes the file, if it is another one than the state names, and names it.
func (s *Service) keepRecent(ctx context.Context, was store.Learned, state *kb.Learned, l *recentAnswers, lost bool) (changed bool, err error) {
	now := ""
	if len(l.Mails) > 0 {
		data, err := pressed(l)
		if err != nil {
			return false, err
		}
		now = recentKeys + sumOf(data)
		if named, _ := cutMove(state.RecentFile()); named == now && !lost {
			return false, nil
		}
		// No two writers leave a file under one name, so none clears the other's away.
		now = fmt.Sprintf("%s-%d", now, was.Version+1)
		if err := s.Bucket.Put(ctx, now, data); err != nil {
			return false, fmt.Errorf("keeping what was answered recently: %w", err)
		}
	}
	if now == "" && state.RecentFile() == "" && len(state.Recent) > 0 {
		return false, nil
	}
	state.Recent = append([]string{now}, state.Recent...)
	return true, nil
}

// hasBuilt notes which answers are in the index now, also those of which nothing was
// learnt yet: they would count twice.
func (s *Service) hasBuilt(ctx context.Context, h *history) error {
	in := h.answers()
	return store.Retry(ctx, func(bool) error {
		was, state, err := s.learned(ctx)
		if err != nil || was.Version == 0 || len(state.Recent) == 0 {
			return err
		}
		l, err := readRecent(ctx, s.Bucket, state.RecentFile())
		if errors.Is(err, errNoRecent) {
			return nil // is made anew when something is learnt next
		}
		if err != nil {
			return err
		}
		known := map[string]bool{}
		for i, m := range l.Mails {
			l.Mails[i].Built = in[m.id()] || m.Text == ""
			known[m.id()] = true
		}
		for _, a := range h.Mails {
			m := recentAnswer{answered: a, Recorded: time.Unix(int64(a.Day)*24*60*60, 0).UTC(), Built: true}
			if len(a.Sent) > 0 && !known[m.id()] && !m.Recorded.Before(s.recent()) {
				l.Mails = append(l.Mails, m)
			}
		}
		l.bound()
		changed, err := s.keepRecent(ctx, was, state, l, false)
		if err != nil || !changed && h.Through.Equal(state.Built) {
			return err
		}
		state.Built = h.Through.UTC()
		return s.setLearned(ctx, was, state)
	})
}

// recent is since when an answer stands for what holds now.
func (s *Service) recent() time.Time {
	return s.Now().UTC().Truncate(24*time.Hour).AddDate(0, 0, -recentDays)
}

// recentFrom is from when on answers are looked for: the recent ones, and all that may
// not be in the index.
func (s *Service) recentFrom(state *kb.Learned) time.Time {
	from := s.recent()
	if built := state.Built.Add(-again); built.Before(from) {
		return built
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
func (l *recentAnswers) understand(model kb.Embedder) {
	if name := kb.ModelName(model); l.Model != name {
		l.Model = name
		for i := range l.Mails {
			l.Mails[i].Sense = nil
		}
	}
	if model == nil {
		return
	}
	next := make(chan *recentAnswer)
	var done sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		done.Go(func() {
			for m := range next {
				sense, wide := kb.Sense(model, m.Subject, m.Text)
				if m.Sense, m.Wide = pack(sense), wide; m.Sense == nil {
					m.Sense = senseless
				}
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

var errNoRecent = errors.New("the file of what was answered recently is not there, or of another version; it is made anew within minutes, by whoever learns")

// readRecent reads a file that what was learnt names. Error: errNoRecent where it is
// not there, or of another form; then nothing is known of it.
func readRecent(ctx context.Context, b interface {
	Get(ctx context.Context, key string) ([]byte, error)
}, key string) (*recentAnswers, error) {
	none := &recentAnswers{Form: recentForm}
	if key == "" {
		return none, nil
	}
	data, err := b.Get(ctx, key)
	if errors.Is(err, store.ErrNotFound) {
		return none, errNoRecent
	}
	if err != nil {
		return none, fmt.Errorf("reading what was answered recently: %w", err)
	}
	l := &recentAnswers{}
	if err := unpressed(data, l); err != nil || l.Form != recentForm {
		return none, errNoRecent
	}
	return l, nil
}

// Recent reads what was recently answered, and the name of the model that its meanings are of.
func Recent(ctx context.Context, b interface {
	Get(ctx context.Context, key string) ([]byte, error)
}, state *kb.Learned) (mails []kb.Recent, model string, err error) {
	l, err := readRecent(ctx, b, state.RecentFile())
	if err != nil {
		return nil, "", err
	}
	for _, m := range l.Mails {
		if m.Text == "" {
			continue
		}
		mails = append(mails, kb.Recent{Past: kb.Past{Subject: m.Subject, Text: m.Text, Sent: m.Sent}, Sense: unpack(m.Sense), Wide: m.Wide, Built: m.Built})
	}
	return mails, l.Model, nil
}

// letGo takes the files off the state that nobody reads any more, and gives them.
func letGo(state *kb.Learned) (old []string) {
	old = slices.Clone(state.Recent[min(kept, len(state.Recent)):])
	state.Recent = state.Recent[:min(kept, len(state.Recent))]
	return slices.DeleteFunc(old, func(key string) bool { return key == "" || slices.Contains(state.Recent, key) })
}

// clearUnnamed deletes a file of one whose state was not written, unless another's names it.
func (s *Service) clearUnnamed(ctx context.Context, key string) error {
	was, err := s.Store.Learned(ctx)
	if err != nil {
		return err
	}
	state, err := kb.ReadLearned([]byte(was.State))
	if err != nil || key == "" || slices.Contains(state.Recent, key) {
		return err
	}
	if err := s.Bucket.Delete(ctx, key); err != nil {
		return fmt.Errorf("clearing away %s, which nobody names: %w", key, err)
	}
	return nil
}
