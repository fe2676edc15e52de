package kb

import (
	"cmp"
	"slices"
	"strings"

	"github.com/replywell/replywell/shared/kb/article"
	"github.com/replywell/replywell/shared/kb/terms"
	"github.com/replywell/replywell/shared/redact"
	"github.com/replywell/replywell/shared/topics"
)

// ByHand is a mail that was answered without an article.
type ByHand struct {
	Subject, Text string // the customer's
	Answer        string // the agent's
	Day           int    // on which it was answered, counted from 1970
}

// Topic is a topic that is answered by hand again and again.
type Topic struct {
	Mails   int      // how many
	Name    string   // a few words of its mails, or, where they have none in a row that tell it, Words
	Words   []string // what its mails have in common, the rarest first; no personal data is sought out in them
	Article string   // an article's file, made of the most typical answer, for a person to review
	Places  []int    // which of the mails
}

const (
	sameTopic = 0.24 // cosine of a mail with a topic's mean from which it belongs there
	mostByOne = 5000 // mails looked at
	// Of mails that were answered alike: the cosine of an answer with the mean of a
	// topic's answers, and that of a mail with its mails, from which it belongs there.
	sameAnswer = 0.5
	related    = 0.03
)

// Topics groups mails that were answered by hand into topics of at least so many
// mails, largest first. Each mail goes to the topic that its words and pieces
// fit best, in order of arrival, so the same mails give the same topics. What nearly
// all mails are about is in all of them, and tells nothing apart; so a mail also goes
// to a topic that was answered with much the same. It looks at the newest 5,000.
func Topics(mails []ByHand, least int) []Topic {
	first := max(0, len(mails)-mostByOne)
	mails = mails[first:]
	var b, answers, told terms.Builder
	for _, m := range mails {
		b.Add(wordsAndPieces(m.Subject, m.Text))
		words := terms.Words(terms.Said(m.Answer), terms.MostWords)
		answers.Add(terms.Gather(terms.WordFeatures(nil, words, 1)))
		told.Add(telling(words))
	}
	b.Build()
	answers.Build()
	told.Build()
	type topic struct {
		sum, told map[uint32]float32
		mails     []int
	}
	var found []*topic
	for i, v := range b.Vectors {
		if len(v) == 0 {
			continue
		}
		best, at := 1.0, -1 // of the bound
		for k, t := range found {
			c := cosineTo(v, t.sum, len(t.mails))
			fits := c / sameTopic
			if c > related {
				fits = max(fits, cosineTo(told.Vectors[i], t.told, len(t.mails))/sameAnswer)
			}
			if fits > best {
				best, at = fits, k
			}
		}
		if at < 0 {
			at = len(found)
			found = append(found, &topic{sum: map[uint32]float32{}, told: map[uint32]float32{}})
		}
		t := found[at]
		t.mails = append(t.mails, i)
		for _, e := range v {
			t.sum[e.Place] += e.Weight
		}
		for _, e := range told.Vectors[i] {
			t.told[e.Place] += e.Weight
		}
	}
	var out []Topic
	said := newTexts(mails)
	for _, t := range found {
		if len(t.mails) < least {
			continue
		}
		m := mails[typical(t.mails, answers.Vectors)]
		g := Topic{Mails: len(t.mails), Words: common(mails, t.mails)}
		g.Name = said.name(nearest(t.mails, b.Vectors, t.sum))
		title := cmp.Or(g.Name, m.Subject)
		g.Article = article.Draft(title, m.Text, m.Answer, redact.Known{Said: []string{m.Subject, m.Text}})
		g.Name = cmp.Or(g.Name, strings.Join(g.Words, ", "))
		for _, i := range t.mails {
			g.Places = append(g.Places, first+i)
		}
		out = append(out, g)
	}
	slices.SortStableFunc(out, func(a, b Topic) int { return b.Mails - a.Mails })
	return out
}

// leastTelling is how many words an answer must have that not any answer may have:
// "Yes, we do" answers everything.
const leastTelling = 4

// telling are the features of an answer that say what it is about; none where too few do.
func telling(words []terms.Word) terms.Vector {
	words = slices.DeleteFunc(slices.Clone(words), func(w terms.Word) bool { return w.Stop || terms.AnyMailSays(w) })
	if len(words) < leastTelling {
		return nil
	}
	return terms.Gather(terms.WordFeatures(nil, words, 1))
}

// wordsAndPieces are a mail's features.
func wordsAndPieces(subject, text string) terms.Vector {
	var v terms.Vector
	for _, s := range terms.Sentences(subject, text) {
		v = terms.PieceFeatures(terms.WordFeatures(v, s.Words, s.Weight), s.Words, s.Weight)
	}
	return terms.Gather(v)
}

// cosineTo is the mean cosine of v with the n vectors that were added up.
func cosineTo(v terms.Vector, sum map[uint32]float32, n int) float64 {
	dot := float32(0)
	for _, e := range v {
		dot += e.Weight * sum[e.Place]
	}
	return float64(dot) / float64(n)
}

// nearest are mails, those first that are most like all of them.
func nearest(mails []int, vectors []terms.Vector, sum map[uint32]float32) []int {
	like := map[int]float64{}
	for _, i := range mails {
		like[i] = cosineTo(vectors[i], sum, len(mails))
	}
	mails = slices.Clone(mails)
	slices.SortStableFunc(mails, func(i, j int) int { return cmp.Compare(like[j], like[i]) })
	return mails
}

// texts are mails as topics are named by them.
type texts struct {
	said []topics.Text
	all  topics.Background
}

func newTexts(mails []ByHand) texts {
	t := texts{all: topics.Background{Words: map[string]int{}, Mails: len(mails)}}
	for _, m := range mails {
		text := topics.Text{Subject: m.Subject, Text: m.Text}
		t.said = append(t.said, text)
		for _, w := range topics.Stems(text) {
			t.all.Words[w]++
		}
	}
	return t
}

// name is a few words that some of the mails have and the others have not.
func (t texts) name(mails []int) string {
	var some []topics.Text
	for _, i := range mails {
		some = append(some, t.said[i])
	}
	return topics.Name(some, t.all)
}

// typical is the mail whose answer is most like the topic's other answers.
func typical(mails []int, answers []terms.Vector) int {
	sum := map[uint32]float32{}
	for _, i := range mails {
		for _, e := range answers[i] {
			sum[e.Place] += e.Weight
		}
	}
	best, at := -1.0, mails[0]
	for _, i := range mails {
		if c := cosineTo(answers[i], sum, len(mails)); c > best+1e-9 {
			best, at = c, i
		}
	}
	return at
}

// common are the words that most of the mails have, up to five.
func common(mails []ByHand, of []int) []string {
	count, written := map[string]int{}, map[string]string{}
	for _, i := range of {
		mine := map[string]bool{}
		for _, s := range terms.Sentences(mails[i].Subject, mails[i].Text) {
			for _, w := range s.Words {
				if !w.Stop && s.Weight == 1 && !terms.AnyMailSays(w) && !mine[w.Stem] {
					mine[w.Stem] = true
					count[w.Stem]++
					if written[w.Stem] == "" {
						written[w.Stem] = w.Folded
					}
				}
			}
		}
	}
	var stems []string
	for s, n := range count {
		if 2*n >= len(of) {
			stems = append(stems, s)
		}
	}
	slices.SortFunc(stems, func(a, b string) int {
		if count[a] != count[b] {
			return count[b] - count[a]
		}
		return strings.Compare(a, b)
	})
	var out []string
	for _, s := range stems[:min(5, len(stems))] {
		out = append(out, written[s])
	}
	return out
}
