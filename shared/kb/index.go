package kb

import (
	"math"
	"sort"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/replywell/replywell/shared/desk"
)

// Index ranks articles. It is never changed after New, so it is safe for concurrent use.
type Index struct {
	articles []Article
	byID     map[string]int
	postings map[string][]posting // by term
	length   []float64            // weighted terms of each article
	average  float64
}

type posting struct {
	article int
	weight  float64 // occurrences, weighted by field
}

// BM25's constants as its authors give them, and how much more a title's word says.
const (
	k1          = 1.2
	b           = 0.75
	titleWeight = 3.0
	topicWeight = 2.0
	// leastShare is the part of a mail's weight that an article must share to be
	// suggested; queryTerms bounds how many of a mail's terms count.
	leastShare = 0.18
	queryTerms = 200
)

// New builds an index.
func New(articles []Article) *Index {
	x := &Index{articles: articles, byID: map[string]int{}, postings: map[string][]posting{}, length: make([]float64, len(articles))}
	for i, a := range articles {
		x.byID[a.ID] = i
		weights := map[string]float64{}
		add := func(text string, w float64) {
			for _, t := range terms(text) {
				weights[t] += w
				x.length[i] += w
			}
		}
		add(a.Title, titleWeight)
		add(strings.Join(a.Topics, " "), topicWeight)
		add(a.Body+"\n"+a.Reply, 1)
		for t, w := range weights {
			x.postings[t] = append(x.postings[t], posting{i, w})
		}
		x.average += x.length[i] / float64(len(articles))
	}
	return x
}

// Len is the number of articles.
func (x *Index) Len() int { return len(x.articles) }

// Article gives an article by id.
func (x *Index) Article(id string) (Article, bool) {
	i, ok := x.byID[id]
	if !ok {
		return Article{}, false
	}
	return x.articles[i], true
}

// Suggest ranks the articles for a mail, best first, at most so many. Articles
// that share too little with it are left out, so the answer may be empty.
func (x *Index) Suggest(subject, text string, most int) []desk.Suggestion {
	weights, words := query(subject, text)
	scores := make(map[int]float64)
	matched := make(map[int][]match)
	total := 0.0
	for _, t := range sortedKeys(weights) {
		ps := x.postings[t]
		idf := math.Log(1 + (float64(len(x.articles))-float64(len(ps))+0.5)/(float64(len(ps))+0.5))
		total += idf * weights[t] * (k1 + 1)
		for _, p := range ps {
			tf := p.weight / (p.weight + k1*(1-b+b*x.length[p.article]/x.average))
			s := idf * weights[t] * tf * (k1 + 1)
			scores[p.article] += s
			matched[p.article] = append(matched[p.article], match{words[t], s})
		}
	}
	var order []int
	for i, s := range scores {
		if s >= leastShare*total && len(matched[i]) > 1 || s >= 0.6*total {
			order = append(order, i)
		}
	}
	sort.Slice(order, func(a, b int) bool {
		if scores[order[a]] != scores[order[b]] {
			return scores[order[a]] > scores[order[b]]
		}
		return x.articles[order[a]].ID < x.articles[order[b]].ID
	})
	var out []desk.Suggestion
	for _, i := range order[:min(most, len(order))] {
		a := x.articles[i]
		out = append(out, desk.Suggestion{Article: a.ID, Title: a.Title, Passage: passage(a, weights), Reply: a.MailText(),
			Score: scores[i], Because: because(matched[i]), Internal: a.Internal()})
	}
	return out
}

type match struct {
	word  string
	score float64
}

// because names the customer's own words that counted most.
func because(ms []match) string {
	sort.SliceStable(ms, func(i, j int) bool { return ms[i].score > ms[j].score })
	var words []string
	for _, m := range ms[:min(4, len(ms))] {
		words = append(words, m.word)
	}
	return strings.Join(words, ", ")
}

// passage is the paragraph of the article that shares most with the mail.
func passage(a Article, weights map[string]float64) string {
	best, bestScore := "", -1.0
	for _, p := range strings.Split(a.MailText(), "\n\n") {
		score := 0.0
		for _, t := range terms(p) {
			score += weights[t]
		}
		if p = strings.TrimSpace(p); p != "" && score > bestScore {
			best, bestScore = p, score
		}
	}
	return best
}

// query weighs the terms of a mail: a subject's count double, repeating adds
// little. words holds, for each term, the word as the customer wrote it.
func query(subject, text string) (weights map[string]float64, words map[string]string) {
	weights, words = map[string]float64{}, map[string]string{}
	counts := map[string]float64{}
	add := func(s string, w float64) {
		for _, word := range split(s) {
			t := stem(word)
			if t == "" {
				continue
			}
			if _, ok := counts[t]; !ok && len(counts) >= queryTerms {
				continue
			}
			counts[t] += w
			if words[t] == "" {
				words[t] = word
			}
		}
	}
	add(subject, 2)
	add(text, 1)
	for t, n := range counts {
		weights[t] = 1 + math.Log(n)
		if n < 1 {
			weights[t] = 1
		}
	}
	return weights, words
}

func terms(s string) (out []string) {
	for _, w := range split(s) {
		if t := stem(w); t != "" {
			out = append(out, t)
		}
	}
	return out
}

// split gives the words of a text. Scripts without spaces between words are
// split into overlapping pairs of characters.
func split(s string) (out []string) {
	var word []rune
	flush := func() {
		if len(word) > 0 {
			out = append(out, string(word))
			word = word[:0]
		}
	}
	var last rune
	for _, r := range norm.NFKC.String(s) {
		dense := unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai)
		switch {
		case dense:
			flush()
			if last != 0 {
				out = append(out, string([]rune{last, r}))
			}
			last = r
			continue
		case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r):
			word = append(word, r)
		case r == '\'' || r == '’':
		default:
			flush()
		}
		last = 0
	}
	flush()
	return out
}

// stem folds a word to the form that is compared: lower case, no accents,
// common English endings off. Function words give "".
func stem(word string) string {
	var sb strings.Builder
	for _, r := range norm.NFD.String(strings.ToLower(word)) {
		if !unicode.Is(unicode.Mn, r) {
			sb.WriteRune(r)
		}
	}
	w := sb.String()
	if stopWords[w] || len(w) < 2 {
		return ""
	}
	for _, end := range []string{"ing", "ed", "es", "s"} {
		if rest, ok := strings.CutSuffix(w, end); ok && len(rest) >= 4 && !strings.HasSuffix(rest, "s") {
			return rest
		}
	}
	return w
}

func sortedKeys(m map[string]float64) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}

var stopWords = func() map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(`a about after all also am an and any are as at be because been before but by can cannot could did do does dont
		for from get got had has have hello hi dear thanks thank regards best kind please how i if im in into is it its ive just like me more my no not now of on
		one or our out so some than that the their them then there they this to too up us was we were what when where which who why will with would you your
		der die das ein eine und ich ist nicht mit auf zu fur von bitte hallo danke le la les un une et je est pas pour de des du merci bonjour
		el los una y que en por para gracias hola`) {
		m[w] = true
	}
	return m
}()
