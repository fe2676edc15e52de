package letters

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/langid"
	"github.com/replywell/replywell/shared/kb"
	"github.com/replywell/replywell/shared/kb/terms"
)

// concern is what several customers asked at once, with the answer that all of
// them can be sent.
type concern struct {
	offer desk.Offer
	asked []int // threads, in the order in which they came
}

// leastAlike is how many must ask the same to be answered together.
const leastAlike = 2

// concerns finds who asks the same among the conversations of a digest. A mail is
// one of the alike if it is a customer's first one, alone; if the same ready answer
// is its best and likely right; and if it says no more than the question. That
// is told by its words, without a list of what is urgent or dangerous: a sentence
// with two words, or with most of them, that stand neither in the answer nor in several
// of the others is more than the common question, and somebody has to look at it. Who is looked at
// for nothing costs a minute; who is answered unread may be in danger.
func concerns(threads [][]desk.OutboxItem) []concern {
	byArticle := map[string]*concern{}
	var order []string
	for i, t := range threads {
		s := t[0].Summary
		if len(t) > 1 || !s.Alone || s.Kind != string(MailWaits) || s.Offer.Article == "" || s.Offer.Likely < kb.Likely {
			continue
		}
		c := byArticle[s.Offer.Article]
		if c == nil {
			c = &concern{offer: s.Offer}
			byArticle[s.Offer.Article] = c
			order = append(order, s.Offer.Article)
		}
		c.asked = append(c.asked, i)
	}
	var out []concern
	for _, id := range order {
		c := byArticle[id]
		if c.plain(threads); len(c.asked) >= leastAlike {
			out = append(out, *c)
		}
	}
	slices.SortStableFunc(out, func(a, b concern) int { return cmp.Compare(len(b.asked), len(a.asked)) })
	return out
}

// plain leaves those who say more out.
func (c *concern) plain(threads [][]desk.OutboxItem) {
	in := map[string]int{} // how many of the mails have a word
	said := make([][][]string, len(c.asked))
	for i, t := range c.asked {
		s := threads[t][0].Summary
		seen := map[string]bool{}
		for _, w := range terms.Content(s.From) { // a signature is no news
			seen[w] = true
		}
		own := maps.Clone(seen)
		sentences := strings.FieldsFunc(s.Said, func(r rune) bool { return strings.ContainsRune(".!?;:\n。！？；", r) })
		for _, sentence := range append([]string{s.Subject}, sentences...) {
			var words []string
			for _, w := range terms.Content(sentence) {
				if own[w] {
					continue
				}
				words = append(words, w)
				if !seen[w] {
					seen[w] = true
					in[w]++
				}
			}
			said[i] = append(said[i], words)
		}
	}
	known := map[string]bool{}
	for _, w := range terms.Content(c.offer.Title + "\n" + c.offer.Text) {
		known[w] = true
	}
	enough := leastAlike
	if len(c.asked) >= 6 {
		enough = 3
	}
	for w, n := range in {
		known[w] = known[w] || n >= enough
	}
	language, _, _ := strings.Cut(strings.ToLower(c.offer.Language), "-")
	if language == "" {
		language = langid.Of(c.offer.Text)
	}
	var plain []int
	for i, t := range c.asked {
		theirs := langid.Of(threads[t][0].Summary.Said)
		if language != "" && theirs != "" && theirs != language || len(terms.Content(threads[t][0].Summary.Said)) == 0 {
			continue
		}
		more := false
		for n, sentence := range said[i] {
			more = more || saysMore(sentence, known, n == 0)
		}
		if !more {
			plain = append(plain, t)
		}
	}
	c.asked = plain
}

// saysMore reports whether a sentence speaks of something else than what is known.
// A subject has few words, and one of its own ("Order 20913") is no news.
func saysMore(sentence []string, known map[string]bool, subject bool) bool {
	other := 0
	for _, w := range sentence {
		if !known[w] {
			other++
		}
	}
	return other >= 2 || !subject && 2*other > len(sentence)
}
