package kb

import (
	"sort"
	"strings"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/kb/article"
	"github.com/replywell/replywell/shared/kb/internal/fuse"
	"github.com/replywell/replywell/shared/kb/terms"
)

// Suggest ranks the articles for a mail, best first, at most so many. It is
// silent, and the answer empty, when it is not likely enough that one of them is
// right. A suggestion's Score is the probability that it is.
func (x *Index) Suggest(subject, text string, most int) []desk.Suggestion {
	f := x.find(Asked{Subject: subject, Text: text})
	if r := f.ranking; len(r.Candidates) == 0 || r.AnyOf(most) < r.By.Threshold {
		return nil
	}
	return f.offers(x, most, leastShown)
}

// Search gives the articles that fit words best, at most so many, however unlikely:
// whoever looks for one judges that.
func (x *Index) Search(words string, most int) []desk.Suggestion {
	return x.find(Asked{Text: words}).offers(x, most, 0)
}

// offers are the most likely of what was found, those at least so likely.
func (f found) offers(x *Index, most int, least float64) []desk.Suggestion {
	q, r := f.query, f.ranking
	var out []desk.Suggestion
	weights := map[string]float64{}
	for _, s := range f.query.Sentences {
		for _, w := range s.Words {
			if !w.Stop {
				weights[w.Stem] = float64(s.Weight) * float64(f.by.Rarity(terms.WordPlace(w.Stem)))
			}
		}
	}
	first := r.Candidates[:min(most, len(r.Candidates))]
	alike, of := f.by.Alike(q, placesOf(first))
	for i, c := range first {
		likely := c.Likely
		if i > 0 && likely < least {
			break
		}
		a := x.main.Articles()[c.Article]
		out = append(out, desk.Suggestion{Article: a.ID, Title: a.Title, Passage: article.Passage(a, weights), Reply: a.MailText(),
			Score: likely, Because: f.because(a), Internal: a.Internal(), Department: a.Department, Language: a.Language, Alike: alike[i], AlikeOf: of})
	}
	return out
}

// leastShown is the confidence that a second or third suggestion needs.
const leastShown = 0.08

// because names the customer's own words that the article has and that say most.
func (f found) because(a article.Article) string {
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
	var matches []match
	for _, s := range f.query.Sentences {
		for _, w := range s.Words {
			if !w.Stop && has[w.Stem] {
				has[w.Stem] = false
				matches = append(matches, match{w.Written, s.Weight * f.by.Rarity(terms.WordPlace(w.Stem))})
			}
		}
	}
	sort.SliceStable(matches, func(i, j int) bool { return matches[i].score > matches[j].score })
	var out []string
	for _, m := range matches[:min(4, len(matches))] {
		out = append(out, m.word)
	}
	return strings.Join(out, ", ")
}

// What a confidence is called. The words are bounds on the fitted probability;
// docs/suggestions-figures.md says how often each of them was right.
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

// placesOf gives the candidates' articles.
func placesOf(cands []fuse.Candidate) (out []int) {
	for _, c := range cands {
		out = append(out, c.Article)
	}
	return out
}
