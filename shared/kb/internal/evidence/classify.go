package evidence

import (
	"math"

	"github.com/replywell/replywell/shared/kb/terms"
)

// leastLog is the classifier's log probability that counts as "not at all".
const leastLog = -8.0

// classify gives the log probabilities of the classifier. Mails that were recently
// answered are a cache beside it: what speaks for their articles, by recall, is weighed
// against what was trained (Grave, Joulin and Usunier, "Improving neural language models
// with a continuous cache", 2017).
func (p *past) classify(features terms.Vector, dense []float32, recalled []float64, out, weight []float32) {
	if p.learnt == nil {
		return
	}
	rest, all := p.unseen(), 1.0
	for _, k := range recalled {
		all += k
	}
	others := 0.0
	if n := len(p.sent) - len(p.learnt.articles); n > 0 {
		others = rest / float64(n)
	}
	chance := make([]float64, len(p.sent))
	for i := range chance {
		chance[i] = others
	}
	logits := p.learnt.logits(features, dense)
	for k, a := range p.learnt.articles {
		weight[a] = logits[k]
	}
	softmax(logits)
	for k, a := range p.learnt.articles {
		chance[a] = float64(logits[k])*(1-rest) + 1e-9
	}
	for i, k := range recalled {
		chance[p.recent.owner[i]] += k
	}
	for i := range out {
		out[i] = float32(max(leastLog, math.Log(chance[i]/all)))
	}
}

// recall gives, for each recent mail, how much it speaks for its article against the
// classifier, which speaks with 1.
func (p *past) recall(q *Query, v *senses, word, piece []float32) []float64 {
	if p.recent == nil || p.learnt == nil {
		return nil
	}
	out := make([]float64, len(p.recent.owner))
	built := len(p.owner)
	for i := range out {
		k := math.Exp(recallWords * (float64(word[built+i]+piece[built+i])/2 - equalWords))
		if v != nil && q.dense != nil {
			if s := p.recent.mails.near(i, q.dense, v.dims); s != 0 {
				k = math.Exp(recallSense * (s - equalSense))
			}
		}
		out[i] = k
	}
	return out
}

// A recent mail with a cosine of equalWords or equalSense speaks as loud as all that was
// trained; how fast that changes with the cosine are the other two. docs/suggestions-figures.md
// says what they are worth.
const (
	recallWords, equalWords = 12, 0.55
	recallSense, equalSense = 30, 0.75
)

// unseen is how likely the next mail is one for an article that the classifier does
// not know: the share of such mails so far, and for those of articles that were never
// sent the share of mails whose article was sent once (Good, "The population frequencies
// of species and the estimation of population parameters", 1953), as if there had been
// half of one more.
func (p *past) unseen() float64 {
	all, once, others := 1.0, 0.5, 0.0
	for _, n := range p.sent {
		all += float64(n)
		others += float64(n)
		if n == 1 {
			once++
		}
	}
	for _, a := range p.learnt.articles {
		others -= float64(p.sent[a])
	}
	return min(0.9, (once+others)/all)
}
