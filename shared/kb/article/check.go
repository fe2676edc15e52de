package article

import (
	"fmt"
	"hash/fnv"
	"slices"
	"strings"
	"time"

	"github.com/replywell/replywell/shared/kb/terms"
)

// Review is what is to be said of a whole set of articles.
type Review struct {
	Articles  []Article // those that could be read, by id
	Templates []Article // the same
	Problems  []Problem // these keep the set from being used
	Hints     []Problem // these would make it better
}

// Check looks at a set of files. Problems are what keeps them from being used: an
// article that cannot be read, two with one title or one text, a link or an
// image that leads nowhere. Hints are the rest: what is hard to read, too long,
// too short, nearly the same as another, no longer valid. Beside tells whether a
// file that is no article is there. Today is in days since 1970.
func Check(files map[string][]byte, beside func(path string) bool, today int) Review {
	r := Review{}
	all, problems := parseAll(files)
	r.Articles, r.Templates = parted(all)
	r.Problems = problems
	s := &linkChecker{articles: map[string]Article{}, anchors: map[string][]string{}, exists: func(p string) bool {
		_, is := files[p]
		return is || beside != nil && beside(p)
	}}
	for _, a := range r.Articles { // a mail cannot lead to a template
		s.articles[a.ID+".md"] = a
	}
	for p := range files {
		if IsArticle(p) && misleads(p) {
			r.Problems = append(r.Problems, Problem{p, 0, "its name has a control character in it, or a mark that turns text around, and could pass for another; rename the file"})
		}
	}
	for _, a := range all {
		file := a.ID + ".md"
		if misleads(a.Title) {
			r.Problems = append(r.Problems, Problem{file, 0, fmt.Sprintf("the title %q has a control character in it, or a mark that turns text around; take it out", a.Title)})
		}
		for _, l := range Links(a) {
			at := lineOf(files[file], l.Target)
			problem, hint := s.wrongLink(file, l)
			if l.HTML {
				hint = asHTML(l)
			}
			if problem != "" {
				r.Problems = append(r.Problems, Problem{file, at, problem})
			}
			if hint != "" {
				r.Hints = append(r.Hints, Problem{file, at, hint})
			}
		}
		for _, l := range residues(a) {
			if at := lineOf(files[file], l.Line); l.Hint {
				r.Hints = append(r.Hints, Problem{file, at, l.What})
			} else {
				r.Problems = append(r.Problems, Problem{file, at, l.What})
			}
		}
		for _, what := range append(plain(a), validity(a, today)...) {
			r.Hints = append(r.Hints, Problem{file, 0, what})
		}
	}
	r.twins()
	sortProblems(r.Problems)
	sortProblems(r.Hints)
	return r
}

// lineOf is the number of the first line that holds a text; 0 where none does.
func lineOf(data []byte, s string) int {
	before, _, found := strings.Cut(string(data), s)
	if !found || s == "" {
		return 0
	}
	return strings.Count(before, "\n") + 1
}

// plain says what keeps an article from being understood at the first reading.
func plain(a Article) (hints []string) {
	text := a.MailText()
	r := ReadingOf(text, a.Language)
	n := len(terms.Split(text))
	if h := r.hint(); h != "" {
		hints = append(hints, h)
	}
	if n > longArticle {
		hints = append(hints, fmt.Sprintf("%d words, and in a mail few people read more than %d; give a shorter text as reply, or divide the article", n, longArticle))
	}
	switch {
	case n == 0:
		hints = append(hints, "there are no words in what is sent; say what to do next")
	case n == 1:
		hints = append(hints, "1 word hardly answers anything; say what to do next")
	case n < shortArticle:
		hints = append(hints, fmt.Sprintf("%d words hardly answer anything; say what to do next", n))
	}
	long := 0
	for _, l := range strings.Split(text, "\n") {
		for _, s := range terms.SplitSentences(l) {
			if len(terms.Split(s)) > longSentence {
				long++
			}
		}
	}
	if long > 0 {
		hints = append(hints, fmt.Sprintf("sentences of more than %d words: %d; divide them, shorter ones are understood at the first reading", longSentence, long))
	}
	return hints
}

// soon is how many days before its end an article is to be looked over.
const soon = 30

func validity(a Article, today int) []string {
	last, err := time.Parse(time.DateOnly, a.ValidUntil)
	switch left := dayOf(last) - today; {
	case err != nil:
		return nil
	case left < 0:
		return []string{fmt.Sprintf("was valid until %s and is no longer suggested; renew it, or delete the file", a.ValidUntil)}
	case left < soon:
		return []string{fmt.Sprintf("is valid until %s only; look it over before then, or it is no longer suggested", a.ValidUntil)}
	}
	return nil
}

const (
	sameText   = 0.95 // share of what two texts say that they have in common: the same
	nearText   = 0.7  // nearly the same
	mostShared = 30   // articles with the same words in a row: a phrase of the house, no sign
)

// twins finds articles that an agent cannot tell apart, or that should be one.
func (r *Review) twins() {
	titles := map[string]int{}
	parts := make([][]uint64, len(r.Articles))
	having := map[uint64][]int{}
	for i, a := range r.Articles {
		key := strings.ToLower(strings.Join(terms.Split(a.Title), " ")) + "\n" + a.Language
		if other, ok := titles[key]; ok {
			r.Problems = append(r.Problems, Problem{a.ID + ".md", 0, fmt.Sprintf("has the title of %s.md, %q, and an agent cannot tell them apart; give one another title, or make them one", r.Articles[other].ID, a.Title)})
		} else {
			titles[key] = i
		}
		parts[i] = inRow(a.MailText())
		for _, h := range parts[i] {
			having[h] = append(having[h], i)
		}
	}
	for i, a := range r.Articles {
		common := map[int]int{}
		for _, h := range parts[i] {
			if len(having[h]) <= mostShared {
				for _, j := range having[h] {
					if j < i {
						common[j]++
					}
				}
			}
		}
		best, share := -1, 0.0
		for j, n := range common {
			s := float64(n) / float64(len(parts[i])+len(parts[j])-n)
			if s > share || s == share && j < best {
				best, share = j, s
			}
		}
		other := ""
		if best >= 0 {
			other = r.Articles[best].ID + ".md"
		}
		switch {
		case share >= sameText:
			r.Problems = append(r.Problems, Problem{a.ID + ".md", 0, "says the same as " + other + "; delete one, or say in each what the other does not"})
		case share >= nearText:
			r.Hints = append(r.Hints, Problem{a.ID + ".md", 0, fmt.Sprintf("has %.0f %% of its text in common with %s; make them one, or say in each what the other does not", 100*share, other)})
		}
	}
}

// inRow is each four words in a row that a text has, as hashes.
func inRow(text string) (out []uint64) {
	for s := range terms.Shingles(text) {
		h := fnv.New64a()
		_, _ = h.Write([]byte(s))
		out = append(out, h.Sum64())
	}
	slices.Sort(out)
	return slices.Compact(out)
}
