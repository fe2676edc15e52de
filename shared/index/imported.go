package index

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/replywell/replywell/shared/kb"
	"github.com/replywell/replywell/shared/kb/article"
	"github.com/replywell/replywell/shared/redact"
	"github.com/replywell/replywell/shared/store"
)

// imported is what was asked and answered before there was Replywell, without
// personal data. Unlike the history it is in no log, and does not come again.
type imported struct {
	Form  int      `json:"form"`
	Mails []bygone `json:"mails"` // by when they were answered
}

const (
	importedForm = 1
	// currentImported points to the file of it. It does not stand under kb-history,
	// of which all can be deleted.
	currentImported = "kb-import/current"
	imports         = "kb-import/"
	// mostImported bounds what is kept; older answers are dropped.
	mostImported = mostMails + mostHand
)

// Pair is a customer's mail, or several, with the answer, as somebody found them.
type Pair struct {
	ID       string    // the same mails have the same
	Answered time.Time // zero: unknown
	Subject  string
	Asked    string
	Told     string
	Names    []string // of the people in it, who are taken out
}

// Took says what became of pairs.
type Took struct {
	New     int
	Known   int // had been taken in before
	Empty   int // nothing was left of the question or the answer without personal data
	Removed int
	Dropped int // the oldest, where there are more than are kept
	All     int // are in it now
}

// Import takes pairs into what is learnt from, without personal data, in one step.
// Nobody is told and nothing is sent. Pairs that are in it stay as they are. The next
// build, which is due at once, learns from them.
func Import(ctx context.Context, b Bucket, now time.Time, pairs []Pair) (t Took, err error) {
	clean := make([]bygone, 0, len(pairs))
	known := map[string]bool{}
	for _, p := range pairs {
		if m := p.without(kb.Day(now)); known[m.ID] {
			t.Known++
		} else if known[m.ID] = true; m.Text == "" || m.Told == "" {
			t.Empty++
		} else {
			clean = append(clean, m)
		}
	}
	again := t
	err = changeImported(ctx, b, now, func(i *imported) bool {
		t = again
		in := map[string]bool{}
		for _, m := range i.Mails {
			in[m.ID] = true
		}
		for _, m := range clean {
			if in[m.ID] {
				t.Known++
				continue
			}
			i.Mails = append(i.Mails, m)
			t.New++
		}
		slices.SortStableFunc(i.Mails, func(a, b bygone) int { return cmp.Or(a.Day-b.Day, cmp.Compare(a.ID, b.ID)) })
		t.Dropped = max(0, len(i.Mails)-mostImported)
		i.Mails = i.Mails[t.Dropped:]
		t.All = len(i.Mails)
		return t.New > 0
	})
	return t, err
}

// Forget takes what was imported out again: the pairs of these ids, or all of them
// where all is true.
func Forget(ctx context.Context, b Bucket, now time.Time, ids []string, all bool) (t Took, err error) {
	err = changeImported(ctx, b, now, func(i *imported) bool {
		before := len(i.Mails)
		i.Mails = slices.DeleteFunc(i.Mails, func(m bygone) bool { return all || slices.Contains(ids, m.ID) })
		t.All, t.Removed = len(i.Mails), before-len(i.Mails)
		return t.Removed > 0
	})
	return t, err
}

// without is a pair without personal data.
func (p Pair) without(today int) bygone {
	m := bygone{ID: p.ID, Taken: today, Subject: clean(p.Subject, p.Names), Text: clean(p.Asked, p.Names)}
	m.Told = strings.TrimSpace(cut(redact.Everything(p.Told, p.Names...)))
	if !p.Answered.IsZero() {
		m.Day = min(today, kb.Day(p.Answered))
	}
	if strings.TrimSpace(redact.WithoutMarks(m.Told)) == "" {
		m.Told = ""
	}
	return m
}

// changeImported changes the file in one step, and has the next build learn of it.
func changeImported(ctx context.Context, b Bucket, now time.Time, change func(*imported) bool) error {
	s := &Service{Bucket: b, Now: func() time.Time { return now }}
	for n := 0; ; n++ {
		current, err := look(ctx, b, currentImported)
		if err != nil {
			return err
		}
		i, err := s.importedAt(ctx, current)
		if err != nil {
			return err
		}
		if !change(i) {
			// One that ended before its last step may have left that to us.
			return s.forgetOlder(ctx, now)
		}
		data, err := pressed(i)
		if err != nil {
			return err
		}
		_, err = s.point(ctx, current, imports, data)
		if errors.Is(err, ErrMoved) && n < attempts {
			continue
		}
		if err != nil {
			return fmt.Errorf("keeping what was imported: %w", err)
		}
		return s.forgetOlder(ctx, now)
	}
}

// forgetOlder leaves none of the files of before, which hold what may have been taken
// out, and says that there is something to build.
func (s *Service) forgetOlder(ctx context.Context, now time.Time) error {
	current, err := look(ctx, s.Bucket, currentImported)
	if err != nil || len(current.lines) == 0 {
		return err
	}
	if len(current.lines) > 1 {
		err := s.Bucket.Swap(ctx, currentImported, current.version, []byte(current.lines[0]+"\n"))
		if err == nil {
			err = s.clear(ctx, current.lines[1:], current.lines[:1])
		}
		if err != nil && !errors.Is(err, ErrMoved) { // else whoever moved it does it
			return fmt.Errorf("clearing away what was imported before: %w", err)
		}
	}
	return s.goOn(ctx, now)
}

func (s *Service) importedAt(ctx context.Context, current pointer) (*imported, error) {
	none := &imported{Form: importedForm}
	key, _ := current.keys()
	if key == "" {
		return none, nil
	}
	data, err := s.Bucket.Get(ctx, key)
	if err != nil {
		return nil, fmt.Errorf("reading what was imported: %w", err)
	}
	i := &imported{}
	if err := unpressed(data, i); err != nil {
		return nil, fmt.Errorf("what was imported cannot be read: %w; delete %s, and import it again", err, currentImported)
	}
	if i.Form != importedForm {
		return nil, fmt.Errorf("what was imported is of another form than this program's; delete %s, and import it again", currentImported)
	}
	return i, nil
}

// lessonsOf is what a build learns from what was imported.
type lessonsOf struct {
	past     []kb.Past
	hands    []kb.ByHand // answered by hand, also where that may say what an article does
	recent   []kb.ByHand // the same by when they were taken in, for the topics that lack an article
	articles int         // mails that an article answers
	more     bool        // there was not time for all
}

// bygones reads what was imported, with the article that each answer stands for.
func (s *Service) bygones(ctx context.Context, articles []article.Article) (out lessonsOf, err error) {
	current, err := look(ctx, s.Bucket, currentImported)
	if err != nil {
		return out, err
	}
	i, err := s.importedAt(ctx, current)
	if err != nil || len(i.Mails) == 0 {
		return out, err
	}
	found, more, err := s.matches(ctx, articles, i.Mails)
	if err != nil {
		return out, err
	}
	out.more = more
	for _, m := range i.Mails {
		match := found[m.ID]
		if len(match.Sent) > 0 {
			out.articles++
			out.past = append(out.past, kb.Past{Subject: m.Subject, Text: m.Text, Sent: match.Sent})
			continue
		}
		if !match.Maybe {
			out.past = append(out.past, kb.Past{Subject: m.Subject, Text: m.Text})
		}
		hand := kb.ByHand{Subject: m.Subject, Text: m.Text, Answer: m.Told, Day: m.Day}
		out.hands = append(out.hands, hand)
		hand.Day = max(m.Day, m.Taken)
		out.recent = append(out.recent, hand)
	}
	return out, nil
}

// matched keeps what was found, so that a build with the same articles need not look again.
type matched struct {
	Of    string           `json:"of"` // the articles, and how it was looked for
	Mails map[string]match `json:"mails"`
}

const (
	matchesKey  = histories + "imported"
	matchesForm = "1"
)

func (s *Service) matches(ctx context.Context, articles []article.Article, mails []bygone) (found map[string]match, more bool, err error) {
	text, err := json.Marshal(articles)
	if err != nil {
		return nil, false, err
	}
	of := matchesForm + " " + kb.SnapshotForm() + " " + sumOf(text)
	was := matched{}
	data, err := s.Bucket.Get(ctx, matchesKey)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return nil, false, fmt.Errorf("reading which articles imported answers stand for: %w", err)
	}
	if err != nil || unpressed(data, &was) != nil || was.Of != of || was.Mails == nil {
		was = matched{of, map[string]match{}} // it is found anew
	}
	found = was.Mails
	changed := false
	ids := map[string]bool{}
	var unknown []bygone
	for _, b := range mails {
		ids[b.ID] = true
		if _, ok := found[b.ID]; !ok {
			unknown = append(unknown, b)
		}
	}
	slices.Reverse(unknown) // the newest first
	now, done := standsFor(articles, unknown, witnessed)
	later := map[string]match{}
	for i, m := range now {
		if done[i] {
			found[unknown[i].ID], changed = m, true
		} else {
			later[unknown[i].ID] = m
		}
	}
	before := len(found)
	maps.DeleteFunc(found, func(id string, _ match) bool { return !ids[id] })
	if changed || before != len(found) {
		data, err = pressed(was)
		if err == nil {
			err = s.Bucket.Put(ctx, matchesKey, data)
		}
		if err != nil {
			return nil, false, fmt.Errorf("keeping which articles imported answers stand for: %w", err)
		}
	}
	maps.Copy(found, later)
	return found, len(later) > 0, nil
}

// Would is what a build would learn from pairs.
type Would struct {
	Articles int // answers that stand for an article
	ByHand   int // that no article fits
	Either   int // of which neither is sure
	Topics   []kb.Topic
	Samples  []Pair // as they would be kept: without personal data, and without names
}

// Preview tells what would be learnt from pairs with these articles.
func Preview(articles []article.Article, now time.Time, pairs []Pair, samples int) (w Would) {
	var mails []bygone
	for _, p := range pairs {
		if m := p.without(kb.Day(now)); m.Text != "" && m.Told != "" {
			mails = append(mails, m)
		}
	}
	var hands []kb.ByHand
	found, _ := standsFor(articles, mails, len(mails))
	for i, m := range found {
		switch {
		case len(m.Sent) > 0:
			w.Articles++
			continue
		case m.Maybe:
			w.Either++
		default:
			w.ByHand++
		}
		hands = append(hands, kb.ByHand{Subject: mails[i].Subject, Text: mails[i].Text, Answer: mails[i].Told, Day: mails[i].Day})
	}
	for _, g := range kb.Topics(hands, leastMail) {
		if g.Name != "" {
			w.Topics = append(w.Topics, g)
		}
	}
	for i := range min(samples, len(mails)) {
		m := mails[len(mails)-1-i] // the newest
		w.Samples = append(w.Samples, Pair{ID: m.ID, Subject: m.Subject, Asked: m.Text, Told: m.Told})
	}
	return w
}
