package kb

import (
	"slices"
	"strings"
)

// Quote is an article whose text stands in an answer.
type Quote struct {
	Article string
	Whole   bool // all of it, as it is; else a good part, or with changes
}

const (
	shingle     = 4    // words; so many in a row seldom agree by chance
	wholeFrom   = 0.92 // share of an article's shingles in the answer: sent as it is
	changedFrom = 0.35 // sent changed
	longPassage = 12   // words of a paragraph that tells, when all of it is there
	mostQuoted  = 10   // articles compared, those whose words the answer has most of
)

// Quoted finds the articles whose text an answer holds, those first that it
// holds most of. The ids in offered are compared in any case. Articles that are
// for the team only count as well: whoever retells one has used it.
func (x *Index) Quoted(answer string, offered []string) []Quote {
	has := shingles(answer)
	if len(has) == 0 || len(x.articles) == 0 {
		return nil
	}
	scores := make([]float32, len(x.articles))
	x.text.cosines(x.text.unit(gather(wordFeatures(nil, words(answer, mostWords), 1))), scores)
	var order []int
	for i, s := range scores {
		if s > 0 {
			order = append(order, i)
		}
	}
	order = best(order, scores, mostQuoted)
	for _, id := range offered {
		if i, ok := x.byID[id]; ok && !slices.Contains(order, i) {
			order = append(order, i)
		}
	}
	type compared struct {
		id       string
		all      map[string]int
		passages []map[string]int // the long ones
	}
	left := make([]compared, len(order))
	for k, i := range order {
		a := x.articles[i]
		text := a.MailText()
		left[k] = compared{id: a.ID, all: shingles(text)}
		for _, p := range strings.Split(text, "\n\n") {
			if len(split(p)) >= longPassage {
				left[k].passages = append(left[k].passages, shingles(p))
			}
		}
	}
	var out []Quote
	for len(left) > 0 {
		top, at := 0.0, -1
		for k, c := range left {
			share := contained(c.all, has)
			for _, p := range c.passages {
				if share < changedFrom && contained(p, has) >= wholeFrom {
					share = changedFrom
				}
			}
			if share > top {
				top, at = share, k
			}
		}
		if top < changedFrom {
			break
		}
		out = append(out, Quote{left[at].id, top >= wholeFrom})
		// What articles share (a greeting, a legal notice) speaks for one of them only.
		for s := range left[at].all {
			if has[s] > 0 {
				has[s] = explained
			}
		}
		left = slices.Delete(left, at, at+1)
	}
	return out
}

// shingles are a text's runs of words, folded; a short text is one run.
func shingles(text string) map[string]int {
	ws := split(text)
	for i, w := range ws {
		ws[i] = fold(w)
	}
	out := map[string]int{}
	if len(ws) > 0 && len(ws) < shingle {
		out[strings.Join(ws, " ")] = 1
	}
	for i := 0; i+shingle <= len(ws); i++ {
		out[strings.Join(ws[i:i+shingle], " ")] = 1
	}
	return out
}

const (
	explained    = -1 // of a shingle that an article explains already
	leastMatched = 3  // shingles that must be left to speak for an article that is not all there
)

// contained is the share of some shingles that others have. Those that are taken
// count neither way.
func contained(some, others map[string]int) float64 {
	n, all := 0, 0
	for s := range some {
		if others[s] != explained {
			all++
			n += others[s]
		}
	}
	if all == 0 || n < leastMatched && (n < all || all < len(some)) {
		return 0
	}
	return float64(n) / float64(all)
}

const (
	alikeOf   = 25   // the most similar past mails that are looked at
	alikeFrom = 0.12 // cosine of the words from which a mail is like another
)

// alike tells, for each of some articles, for how many of the past mails most
// similar to this one it was sent, and how many such mails there are, 25 at most.
func (x *Index) alike(q *query, articles []int) (sent []int, of int) {
	sent = make([]int, len(articles))
	if !x.hasPast() || len(articles) == 0 {
		return sent, 0
	}
	scores := x.byWords(x.rareWords().unit(q.words.clone()))[:len(x.owner)+len(x.late.owners())]
	var order []int
	for i, s := range scores {
		if s >= alikeFrom {
			order = append(order, i)
		}
	}
	order = best(order, scores, alikeOf)
	for _, i := range order {
		if k := slices.Index(articles, int(x.ownerOf(i))); k >= 0 {
			sent[k]++
		}
	}
	return sent, len(order)
}

// placesOf gives the candidates' articles.
func placesOf(cands []Candidate) (out []int) {
	for _, c := range cands {
		out = append(out, c.Article)
	}
	return out
}

// sameArticle is the share of text that two versions of an article have in
// common, of either, from which they say the same.
const sameArticle = 0.7

// Revised reports whether an article says something else in good part than it
// did in an earlier version.
func (a Article) Revised(before Article) bool {
	was, is := shingles(before.Title+"\n"+before.MailText()), shingles(a.Title+"\n"+a.MailText())
	return min(contained(was, is), contained(is, was)) < sameArticle
}
