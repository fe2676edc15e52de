package kb

import (
	"math"
	"slices"

	"github.com/replywell/replywell/shared/kb/terms"
)

// This is what a team's history says of a mail: past mails like it, by words and by
// meaning, what articles' past mails have in common, and the classifier.

const (
	neighbours = 25
	// fewMails are all compared by meaning, a microsecond each; of more, those that
	// are near by words.
	fewMails = 4000
)

// near is a past mail and how like it is.
type near struct {
	mail int
	sim  float32
}

func byLikeness(a, b near) int { return terms.CompareDown(a.sim, b.sim, a.mail, b.mail) }

// sensePast compares the meaning of past mails: of all, or where they are many of
// those that are nearest by words, and of all that were answered lately.
func (x *Index) sensePast(dense []float32, nearest []near, all [][]float32) {
	compared := slices.Clone(nearest)
	built := len(x.owner)
	if built <= fewMails {
		compared = compared[:0]
		for i := range built {
			compared = append(compared, near{mail: i})
		}
	} else {
		compared = slices.DeleteFunc(compared, func(m near) bool { return m.mail >= built })
	}
	for i := range x.late.owners() {
		compared = append(compared, near{mail: built + i})
	}
	for i, m := range compared {
		sim := float32(0)
		if m.mail < built {
			sim = float32(x.vectors.near(x.vectors.mails, m.mail, dense))
		} else {
			sim = float32(x.vectors.near(x.late.mails, m.mail-built, dense))
		}
		compared[i].sim = sim
		o := x.ownerOf(m.mail)
		all[byMailSense][o] = max(all[byMailSense][o], sim)
	}
	slices.SortFunc(compared, byLikeness)
	sum := float32(0)
	for _, m := range compared[:min(neighbours, len(compared))] {
		w := float32(math.Pow(float64(max(0, m.sim)), 10))
		all[bySenses][x.ownerOf(m.mail)] += w
		sum += w
	}
	if sum > 0 {
		for i := range all[bySenses] {
			all[bySenses][i] /= sum
		}
	}
}

// hasPast tells whether anything was answered, before the index was built or since.
func (x *Index) hasPast() bool { return x.mail != nil || len(x.late.owners()) > 0 }

// ownerOf is the article that was sent for a past mail; those that were answered
// since the index was built are counted on from the others.
func (x *Index) ownerOf(mail int) uint32 {
	if mail < len(x.owner) {
		return x.owner[mail]
	}
	return x.late.owner[mail-len(x.owner)]
}

// byWords gives the cosine of a mail's words, weighed by rareWords, with every past mail,
// and behind them with those late ones that are among them already.
func (x *Index) byWords(words terms.Vector) []float32 {
	out := make([]float32, len(x.owner)+x.late.mailsOf())
	if x.mail != nil {
		x.mail.Cosines(words, out[:len(x.owner)])
	}
	if x.late != nil {
		x.late.mail.Cosines(words, out[len(x.owner):])
	}
	return out
}

// byPieces is the same by pieces, weighed by rarePieces.
func (x *Index) byPieces(pieces terms.Vector) []float32 {
	out := make([]float32, len(x.owner)+x.late.mailsOf())
	if x.mail != nil {
		x.mailPiece.Cosines(pieces, out[:len(x.owner)])
	}
	if x.late != nil {
		x.late.mailPiece.Cosines(pieces, out[len(x.owner):])
	}
	return out
}

// pastEvidence asks the history.
func (x *Index) pastEvidence(q *query, all [][]float32) {
	if !x.hasPast() {
		return
	}
	words, pieces := x.rareWords().Unit(q.words.Clone()), x.rarePieces().Unit(q.pieces.Clone())
	word, piece := x.byWords(words), x.byPieces(pieces)
	var nearest []near
	floor := float32(0)
	for i := range len(x.owner) + len(x.late.owners()) {
		o := x.ownerOf(i)
		all[byMail][o] = max(all[byMail][o], word[i])
		all[byMailPart][o] = max(all[byMailPart][o], piece[i])
		if s := word[i] + piece[i]; s > floor {
			nearest = append(nearest, near{i, s})
			if len(nearest) > 8*neighbours {
				slices.SortFunc(nearest, byLikeness)
				nearest = nearest[:neighbours*4]
				floor = nearest[len(nearest)-1].sim
			}
		}
	}
	slices.SortFunc(nearest, byLikeness)
	sum := float32(0)
	for i, m := range nearest {
		if i < neighbours {
			w := m.sim * m.sim * m.sim
			all[byMails][x.ownerOf(m.mail)] += w
			sum += w
		}
	}
	if sum > 0 {
		for i := range all[byMails] {
			all[byMails][i] /= sum
		}
	}
	if x.vectors != nil && q.dense != nil {
		x.sensePast(q.dense, nearest, all)
	}
	if x.mail != nil {
		x.together.Cosines(x.together.Unit(joined(words, pieces)), all[byTogether])
		x.classify(joined(words, pieces), q.dense, x.recall(q, word, piece), all[byLearnt], all[byWeight])
	}
	for i, n := range x.sent {
		all[byOften][i] = float32(math.Log1p(float64(n)) - x.pastSeen)
	}
}

// leastLog is the classifier's log probability that counts as "not at all".
const leastLog = -8.0

// classify gives the log probabilities of the classifier. Mails that were lately
// answered are a cache beside it: what speaks for their articles, by recall, is weighed
// against what was trained (Grave, Joulin and Usunier, "Improving neural language models
// with a continuous cache", 2017).
func (x *Index) classify(features terms.Vector, dense []float32, recalled []float64, out, weight []float32) {
	if x.learnt == nil {
		return
	}
	rest, all := x.unseen(), 1.0
	for _, k := range recalled {
		all += k
	}
	others := 0.0
	if n := len(x.articles) - len(x.learnt.articles); n > 0 {
		others = rest / float64(n)
	}
	p := make([]float64, len(x.articles))
	for i := range p {
		p[i] = others
	}
	logits := x.learnt.logits(features, dense)
	for k, a := range x.learnt.articles {
		weight[a] = logits[k]
	}
	softmax(logits)
	for k, a := range x.learnt.articles {
		p[a] = float64(logits[k])*(1-rest) + 1e-9
	}
	for i, k := range recalled {
		p[x.late.owner[i]] += k
	}
	for i := range out {
		out[i] = float32(max(leastLog, math.Log(p[i]/all)))
	}
}

// recall gives, for each late mail, how much it speaks for its article against the
// classifier, which speaks with 1.
func (x *Index) recall(q *query, word, piece []float32) []float64 {
	if x.late == nil || x.learnt == nil {
		return nil
	}
	out := make([]float64, len(x.late.owner))
	built := len(x.owner)
	for i := range out {
		k := math.Exp(recallWords * (float64(word[built+i]+piece[built+i])/2 - equalWords))
		if x.vectors != nil && q.dense != nil {
			if s := x.vectors.near(x.late.mails, i, q.dense); s != 0 {
				k = math.Exp(recallSense * (s - equalSense))
			}
		}
		out[i] = k
	}
	return out
}

// A late mail with a cosine of equalWords or equalSense speaks as loud as all that was
// trained; how fast that changes with the cosine are the other two. docs/suggestions.md
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
func (x *Index) unseen() float64 {
	all, once, others := 1.0, 0.5, 0.0
	for _, n := range x.sent {
		all += float64(n)
		others += float64(n)
		if n == 1 {
			once++
		}
	}
	for _, a := range x.learnt.articles {
		others -= float64(x.sent[a])
	}
	return min(0.9, (once+others)/all)
}
