package kb

import (
	"math"
	"sort"
	"strings"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/kb/article"
	"github.com/replywell/replywell/shared/kb/terms"
)

// Suggest ranks the articles for a mail, best first, at most so many. It is
// silent, and the answer empty, when it is not likely enough that one of them is
// right. A suggestion's Score is the probability that it is.
func (x *Index) Suggest(subject, text string, most int) []desk.Suggestion {
	x = x.reading(subject, text)
	q := x.read(subject, text)
	r := x.order(q, x.consider(q, nil))
	if len(r.Candidates) == 0 || r.anyOf(most) < r.by.Threshold {
		return nil
	}
	var out []desk.Suggestion
	weights := map[string]float64{}
	for _, s := range q.sentences {
		for _, w := range s.Words {
			if !w.Stop {
				weights[w.Stem] = float64(s.Weight) * float64(x.terms.Rarity(terms.WordPlace(w.Stem)))
			}
		}
	}
	first := r.Candidates[:min(most, len(r.Candidates))]
	alike, of := x.alike(q, placesOf(first))
	for i, c := range first {
		likely := c.Likely
		if i > 0 && likely < leastShown {
			break
		}
		a := x.articles[c.Article]
		out = append(out, desk.Suggestion{Article: a.ID, Title: a.Title, Passage: article.Passage(a, weights), Reply: a.MailText(),
			Score: likely, Because: x.because(q, a), Internal: a.Internal(), Department: a.Department, Language: a.Language, Alike: alike[i], AlikeOf: of})
	}
	return out
}

// leastShown is the confidence that a second or third suggestion needs.
const leastShown = 0.08

// because names the customer's own words that the article has and that say most.
func (x *Index) because(q *query, a article.Article) string {
	has := map[string]bool{}
	for _, text := range []string{a.Title, strings.Join(a.Topics, " "), a.Body, a.Reply} {
		for _, w := range terms.Words(text, article.MostWords) {
			has[w.Stem] = true
		}
	}
	type match struct {
		word  string
		score float32
	}
	var found []match
	for _, s := range q.sentences {
		for _, w := range s.Words {
			if !w.Stop && has[w.Stem] {
				has[w.Stem] = false
				found = append(found, match{w.Written, s.Weight * x.terms.Rarity(terms.WordPlace(w.Stem))})
			}
		}
	}
	sort.SliceStable(found, func(i, j int) bool { return found[i].score > found[j].score })
	var out []string
	for _, m := range found[:min(4, len(found))] {
		out = append(out, m.word)
	}
	return strings.Join(out, ", ")
}

// Answer is a ranking as the command line and a page give it.
type Answer struct {
	Suggestions []Scored `json:"suggestions"`
	Abstain     bool     `json:"abstain"` // true: show nothing
}

// Scored is an article with the probability that it is the right reply.
type Scored struct {
	Article    string  `json:"article"`
	Confidence float64 `json:"confidence"`
}

// Asked is a mail that articles are to be ranked for.
type Asked struct {
	Subject, Text string
	Only          []string // articles' ids, if not nil: no other is ranked
}

// Score ranks for one mail as ScoreAll does for many.
func (x *Index) Score(subject, text string, only []string, most int) Answer {
	return x.ScoreAll([]Asked{{subject, text, only}}, most, false)[0]
}

// ScoreAll ranks without keeping silent: it gives at most so many articles for each
// mail, each with its confidence, and says whether the first is likely enough to be
// shown. Together means that the mails are one team's: what they look like tells how
// many have an answer at all and moves the confidence, never the order (see Pool).
// Where the history has mails answered by hand, or outcomes are known, those tell it.
func (x *Index) ScoreAll(mails []Asked, most int, together bool) []Answer {
	rankings := make([]Ranking, len(mails))
	each(len(mails), func(i int) {
		m := mails[i]
		x := x.reading(m.Subject, m.Text)
		q := x.read(m.Subject, m.Text)
		rankings[i] = x.order(q, x.considerOnly(q, m.Only))
	})
	if together && x.trust == nil {
		x.judgeTogether(rankings)
		if x.wide != nil {
			x.wide.judgeTogether(rankings)
		}
	}
	out := make([]Answer, len(mails))
	for i, r := range rankings {
		out[i] = Answer{Suggestions: []Scored{}, Abstain: !r.sure()}
		for _, c := range r.Candidates[:min(most, len(r.Candidates))] {
			out[i].Suggestions = append(out[i].Suggestions, Scored{x.articles[c.Article].ID, math.Round(c.Likely*1e6) / 1e6})
		}
	}
	return out
}

// judgeTogether judges those of a team's mails that this index ranked.
func (x *Index) judgeTogether(rankings []Ranking) {
	if x.own != nil && x.own.ByHand > 0 {
		return
	}
	w := x.weights()
	var mine []Ranking
	for _, r := range rankings {
		if r.by == w || r.by == nil && x.wide == nil || r.by == fittedWords {
			mine = append(mine, r)
		}
	}
	p := NewPool(mine, w)
	for i := range rankings {
		if rankings[i].by == w {
			rankings[i].Judge(p, nil)
		}
	}
}

// What a confidence is called. The words are bounds on the fitted probability;
// docs/suggestions.md says how often each of them was right.
const (
	VeryLikely = 0.85
	Likely     = 0.55
)

// InWords says a probability in words that it justifies.
func InWords(p float64) string {
	switch {
	case p >= VeryLikely:
		return "very likely"
	case p >= Likely:
		return "likely"
	}
	return "possible"
}
