package kb

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"time"

	"github.com/replywell/replywell/shared/desk"
)

// credit is how much of a success each reaction is.
var credit = map[desk.ReactionKind]float64{desk.SentAsIs: 1, desk.SentChanged: 0.8, desk.Ignored: 0, desk.OtherSent: 0, desk.CameBack: -0.7, desk.Thanked: 0.2}

// revised is no reaction: the article was written anew, and what was said of the
// old one counts no more.
const revised desk.ReactionKind = "revised"

// Feedback is one reaction to one article. The log of all outcomes is the
// truth; a Learned is folded from it and can be folded again at any time.
type Feedback struct {
	ID         string // unique; the same outcome told twice within some days counts once
	Article    string
	Confidence float64 // with which it was shown
	Reaction   desk.ReactionKind
	Day        int // days since 1970
}

// FeedbackOf reads what an event teaches of articles. The day is the one on
// which it was recorded.
func FeedbackOf(e desk.Event) (out []Feedback) {
	if e.Kind == desk.EventRevised {
		for _, id := range e.Articles {
			out = append(out, Feedback{ID: e.ID + " " + id, Article: id, Reaction: revised, Day: Day(e.Recorded)})
		}
	}
	for _, r := range e.Reactions {
		out = append(out, Feedback{ID: e.ID + " " + r.Article, Article: r.Article, Confidence: r.Confidence, Reaction: r.Kind, Day: Day(e.Recorded)})
	}
	return out
}

// Day is a moment's day, by UTC, counted from 1970.
func Day(t time.Time) int { return int(t.Unix() / (24 * 60 * 60)) }

// Learned is what outcomes have taught: for each article and day, how much
// success was expected and how much there was. It is small: days are joined to
// weeks as they get older, and dropped when they matter no more. Sums are whole
// numbers, so that any order of folding gives the same to the last bit.
type Learned struct {
	Form     int                     `json:"form"`
	Articles map[string]map[int]*Sum `json:"articles"`          // by article and day
	Revised  map[string]int          `json:"revised,omitempty"` // the day on which an article was last written anew
	// Recent names the files of what was recently answered, the current one first, "" where
	// there is none; those before it are for who still reads them.
	Recent []string `json:"lately,omitempty"`
	// Built is up to when answers are in the index.
	Built time.Time `json:"built,omitzero"`
}

// RecentFile is the file of what was recently answered; "" for none.
func (l *Learned) RecentFile() string {
	if len(l.Recent) == 0 {
		return ""
	}
	return l.Recent[0]
}

// Sum is a day's or a week's expectation and success, in ten-thousandths.
type Sum struct {
	Expected int64    `json:"e,omitzero"`
	Success  int64    `json:"s,omitzero"`
	IDs      []string `json:"i,omitempty"` // of the outcomes counted, shortened and sorted; kept for rememberIDs
}

const (
	learnedForm = 3
	whole       = 10_000 // of Sum: what 1 is
	halfLife    = 21.0   // days after which an outcome counts half
	// otherSent is what an article loses, beside its expectation, where another was sent.
	otherSent = 0.5
	shortLife = 8.0 // the same, for what the last days say by themselves
	// LearnedDays is how long an outcome is remembered at all.
	LearnedDays = 180
	dailyFor    = 14        // days that are kept by themselves; older ones are joined to weeks
	rememberIDs = 3         // days for which an outcome that is told again is known
	mostBytes   = 300 << 10 // of all; an item of the table holds 350 KB
	prior       = 1.0       // as much expectation as success that every article starts with
	worst, good = 0.02, 1.25
)

// NewLearned knows nothing yet.
func NewLearned() *Learned {
	return &Learned{Form: learnedForm, Articles: map[string]map[int]*Sum{}, Revised: map[string]int{}}
}

// Fold adds outcomes and tells how many were new. One that was counted already
// is left out; one of a reaction that this program does not know is left out
// too, because a newer one may have written it.
func (l *Learned) Fold(outcomes ...Feedback) (added int) {
	for _, o := range outcomes {
		if o.Reaction == revised && o.Article != "" && o.Day > l.Revised[o.Article] {
			l.Revised[o.Article] = o.Day
			added++
		}
		c, known := credit[o.Reaction]
		if !known || o.Article == "" {
			continue
		}
		days := l.Articles[o.Article]
		if days == nil {
			days = map[int]*Sum{}
			l.Articles[o.Article] = days
		}
		s := days[o.Day]
		if s == nil {
			s = &Sum{}
			days[o.Day] = s
		}
		id := shortID(o.ID)
		at, counted := slices.BinarySearch(s.IDs, id)
		if counted {
			continue
		}
		added++
		s.IDs = slices.Insert(s.IDs, at, id)
		switch o.Reaction {
		case desk.CameBack, desk.Thanked: // its sending was expected and counted already
		default:
			s.Expected += int64(math.Round(max(0, min(1, o.Confidence)) * whole))
		}
		if o.Reaction == desk.OtherSent { // the surer it was, the worse
			c = -otherSent * max(0, min(1, o.Confidence))
		}
		s.Success += int64(math.Round(c * whole))
	}
	return added
}

// shortID is enough to tell a day's outcomes of one article apart.
func shortID(id string) string {
	sum := sha256.Sum256([]byte(id))
	return base64.RawURLEncoding.EncodeToString(sum[:6])
}

// Settle makes the state small, as of a day: it forgets which outcomes of
// earlier days were counted, joins older days to weeks, and drops what is too
// old to matter, and of too much the oldest.
func (l *Learned) Settle(today int) {
	size := 0
	for id, days := range l.Articles {
		for day, s := range days {
			if day < today-rememberIDs {
				s.IDs = nil
			}
			if day < l.Revised[id] {
				delete(days, day)
				continue
			}
			week := max(day-(day%7+7)%7+3, l.Revised[id])
			if day < today-dailyFor && week != day {
				if into := days[week]; into != nil {
					into.Expected, into.Success = into.Expected+s.Expected, into.Success+s.Success
				} else {
					days[week] = s
				}
				delete(days, day)
			}
		}
		maps.DeleteFunc(days, func(day int, _ *Sum) bool { return day < today-LearnedDays })
		if len(days) == 0 {
			delete(l.Articles, id)
		}
		size += l.size(id)
	}
	maps.DeleteFunc(l.Revised, func(_ string, day int) bool { return day < today-LearnedDays })
	for day := today - LearnedDays; size > mostBytes && day < today; day++ {
		for id, days := range l.Articles {
			if days[day] == nil {
				continue
			}
			size -= l.size(id)
			delete(days, day)
			if size += l.size(id); len(days) == 0 {
				delete(l.Articles, id)
			}
		}
	}
}

// size is about how many bytes an article takes in Write.
func (l *Learned) size(id string) int {
	if len(l.Articles[id]) == 0 {
		return 0
	}
	n := len(id) + 6
	for _, s := range l.Articles[id] {
		n += 36 + 11*len(s.IDs)
	}
	return n
}

// Trust is how an article's success compares with what was expected of it, on a
// day: 1 as expected, less for one that disappoints. It is bounded. The last days count
// by themselves too: a year of success does not excuse a week of failure.
func (l *Learned) Trust(article string, today int) float64 {
	return max(worst, min(good, l.ratio(article, today, halfLife), l.ratio(article, today, shortLife)))
}

// ratio is success over expectation, where an outcome counts half after so many days.
func (l *Learned) ratio(article string, today int, half float64) float64 {
	success, expected := prior, prior
	days := l.Articles[article]
	for _, day := range slices.Sorted(maps.Keys(days)) {
		if day < l.Revised[article] {
			continue
		}
		w := math.Exp2(-float64(max(0, today-day))/half) / whole
		success += w * float64(days[day].Success)
		expected += w * float64(days[day].Expected)
	}
	return max(0, success) / expected
}

// Write gives the state as JSON.
func (l *Learned) Write() ([]byte, error) { return json.Marshal(l) }

// ReadLearned reads what Write wrote. Nothing at all is a state that knows
// nothing yet. Error: ErrLearnedForm, when another version of the program wrote
// it; then it is to be folded anew.
func ReadLearned(data []byte) (*Learned, error) {
	l := NewLearned()
	if len(data) == 0 {
		return l, nil
	}
	var form struct{ Form int }
	if err := json.Unmarshal(data, &form); err != nil {
		return nil, fmt.Errorf("what was learnt cannot be read: %w: %w", err, ErrLearnedForm)
	}
	if form.Form != learnedForm {
		return nil, fmt.Errorf("what was learnt has form %d, and this program reads form %d: %w", form.Form, learnedForm, ErrLearnedForm)
	}
	if err := json.Unmarshal(data, l); err != nil {
		return nil, fmt.Errorf("what was learnt cannot be read: %w: %w", err, ErrLearnedForm)
	}
	return l, nil
}

// ErrLearnedForm says that a state must be folded anew from the outcomes.
var ErrLearnedForm = errors.New("fold it anew from the outcomes")
