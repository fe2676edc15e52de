package kb

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
)

// Reaction is what became of a suggestion.
type Reaction string

// The reactions.
const (
	SentAsIs    Reaction = "sent"     // the agent sent the article as it is
	SentChanged Reaction = "changed"  // sent after a change
	Ignored     Reaction = "ignored"  // the agent answered without it
	OtherSent   Reaction = "other"    // the agent sent another article
	CameBack    Reaction = "cameback" // it was sent, and the customer asked again
)

// credit is how much of a success each reaction is.
var credit = map[Reaction]float64{SentAsIs: 1, SentChanged: 0.8, Ignored: 0, OtherSent: 0, CameBack: -0.7}

// Outcome is one reaction to one suggestion. The log of all outcomes is the
// truth; a Learned is folded from it and can be folded again at any time.
type Outcome struct {
	ID         string   `json:"id"` // unique; the same outcome told twice counts once within a day
	Article    string   `json:"article"`
	Confidence float64  `json:"confidence"` // with which it was shown
	Reaction   Reaction `json:"reaction"`
	Day        int      `json:"day"` // days since 1970
}

// Learned is what outcomes have taught: for each article and day, how much
// success was expected and how much there was. It is small (old days are
// dropped), and two that were folded from different parts of the log are joined
// by adding, in any order; so it is safe under concurrent updates wherever a
// write can be made conditional on the version read.
type Learned struct {
	Form     int                     `json:"form"`
	Articles map[string]map[int]*Sum `json:"articles"` // by article and day
}

// Sum is a day's expectation and success.
type Sum struct {
	Expected float64  `json:"expected"`
	Success  float64  `json:"success"`
	IDs      []string `json:"ids,omitempty"` // of the outcomes counted, sorted
}

const (
	learnedForm = 1
	halfLife    = 21.0 // days after which an outcome counts half
	keptDays    = 180
	prior       = 1.5 // as much expectation as success that every article starts with
	worst, good = 0.02, 1.25
)

// NewLearned knows nothing yet.
func NewLearned() *Learned {
	return &Learned{Form: learnedForm, Articles: map[string]map[int]*Sum{}}
}

// Fold adds outcomes. One whose id was counted for its day and article is left
// out; one of an unknown reaction is an error, and then nothing is added.
func (l *Learned) Fold(outcomes ...Outcome) error {
	for _, o := range outcomes {
		if _, ok := credit[o.Reaction]; !ok {
			return fmt.Errorf("outcome %s: %q is no reaction that is known", o.ID, o.Reaction)
		}
	}
	for _, o := range outcomes {
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
		at, known := slices.BinarySearch(s.IDs, o.ID)
		if known {
			continue
		}
		s.IDs = slices.Insert(s.IDs, at, o.ID)
		if o.Reaction != CameBack { // its sending was expected and counted already
			s.Expected += max(0, min(1, o.Confidence))
		}
		s.Success += credit[o.Reaction]
	}
	return nil
}

// Forget drops what is too old to matter on a day.
func (l *Learned) Forget(today int) {
	for id, days := range l.Articles {
		maps.DeleteFunc(days, func(day int, _ *Sum) bool { return day < today-keptDays })
		if len(days) == 0 {
			delete(l.Articles, id)
		}
	}
}

// Trust is how an article's success compares with what was expected of it, on a
// day: 1 as expected, less for one that disappoints. It is bounded.
func (l *Learned) Trust(article string, today int) float64 {
	success, expected := prior, prior
	days := l.Articles[article]
	for _, day := range slices.Sorted(maps.Keys(days)) {
		w := math.Exp2(-float64(max(0, today-day)) / halfLife)
		success += w * days[day].Success
		expected += w * days[day].Expected
	}
	return max(worst, min(good, success/expected))
}

// Write gives the state as JSON.
func (l *Learned) Write() ([]byte, error) { return json.Marshal(l) }

// ReadLearned reads what Write wrote.
func ReadLearned(data []byte) (*Learned, error) {
	l := NewLearned()
	if err := json.Unmarshal(data, l); err != nil {
		return nil, fmt.Errorf("what was learnt cannot be read: %w; fold it anew from the outcomes", err)
	}
	if l.Form != learnedForm {
		return nil, fmt.Errorf("what was learnt has form %d, and this program reads form %d; fold it anew from the outcomes", l.Form, learnedForm)
	}
	return l, nil
}

// With gives an index that ranks by what was learnt as well, as of a day. The
// index itself is not changed, and shares its tables.
func (x *Index) With(l *Learned, today int) *Index {
	y := *x
	y.trust = make([]float64, len(x.articles))
	for i, a := range x.articles {
		y.trust[i] = l.Trust(a.ID, today)
	}
	return &y
}

// order ranks the candidates by the fitted weights and by what was learnt. An
// article that disappoints falls behind those that do not, and what is left of
// its probability is not given to the next.
func (x *Index) order(cands []Candidate) Ranking {
	r := x.weights().Order(cands, x.History())
	if x.trust == nil || len(r.Candidates) == 0 {
		return r
	}
	for i := range r.Candidates {
		c := &r.Candidates[i]
		c.Share *= x.trust[c.Article]
	}
	old := r.Candidates[0]
	slices.SortStableFunc(r.Candidates, func(a, b Candidate) int {
		switch {
		case a.Share > b.Share:
			return -1
		case a.Share < b.Share:
			return 1
		}
		return a.Article - b.Article
	})
	if before := old.Share / x.trust[old.Article]; before > 0 {
		r.Confidence = min(0.99, r.Confidence*r.Candidates[0].Share/before)
	}
	return r
}
