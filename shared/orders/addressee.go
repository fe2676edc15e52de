package orders

import (
	_ "embed" // the weights
	"encoding/json"
	"math"
	"strings"
	"sync"

	"github.com/replywell/replywell/shared/commands"
)

// Encoder is the one that addressee.json was fitted with.
type Encoder = commands.Encoder

//go:embed addressee.json
var fitted []byte

// Logistic is a fitted logistic regression on numbers that are brought to mean 0 and
// deviation 1.
type Logistic struct {
	Bias    float64
	Weights []float64
	// The odds from which it is asked: about a mail, about the last paragraph of an
	// answer, about one below the words that end the answer, where few others stand.
	Mail, Within, After float64
}

// odds gives how much the numbers speak for the team as reader: the logarithm of odds.
func (l Logistic) odds(form []float64, meaning []float32) float64 {
	if len(l.Weights) != len(form)+len(meaning) {
		return math.Inf(-1)
	}
	sum := l.Bias
	for i, v := range form {
		sum += l.Weights[i] * v
	}
	for i, v := range meaning {
		sum += l.Weights[len(form)+i] * float64(v)
	}
	return sum
}

// Readers are the two that are fitted by shared/orders/fit.
type Readers struct {
	Form Logistic // by grammar alone
	Both Logistic // and by an encoder
}

var readers = sync.OnceValue(func() (r Readers) {
	if err := json.Unmarshal(fitted, &r); err != nil {
		panic("orders: addressee.json: " + err.Error())
	}
	return r
})

const (
	// clear is the odds by grammar alone below which the encoder is not asked: what
	// speaks so plainly to the customer, no meaning makes a jotting.
	clear     = -3.0
	maxJotted = 25 // words of what is jotted down; who says more says whom it is for
)

// spot is where in a mail a text stands that is read for whom it speaks to.
type spot func(Logistic) float64

func aMail(l Logistic) float64        { return l.Mail }
func withinAnswer(l Logistic) float64 { return l.Within }
func afterAnswer(l Logistic) float64  { return l.After }

// forTeam reports whether a short text speaks to the team, by how it is built. How
// sure that must be depends on where it stands.
func (r *reader) forTeam(text string, at spot) bool {
	known, is := r.heard[text]
	if !is {
		known = r.hear(text)
		r.heard[text] = known
	}
	return known.odds > at(known.by)
}

// heard is what was found out of a text.
type heard struct {
	odds float64
	by   Logistic
}

func (r *reader) hear(text string) heard {
	text = strings.TrimSpace(text)
	form := Form(text)
	h := heard{by: readers().Form}
	h.odds = h.by.odds(form, nil)
	if r.desk.Encoder != nil && h.odds > clear {
		if meaning := r.desk.Encoder.Embed(text); meaning != nil {
			h.by = readers().Both
			h.odds = h.by.odds(form, meaning)
		}
	}
	return h
}

// jotted reports whether a mail that greets nobody by name, whose text begins at line
// at, is jotted down for the team. Who ends it as a letter wrote one.
func (r *reader) jotted(at int, text string, ws []string) bool {
	if len(ws) < 2 || len(ws) > maxJotted || standsIn(r.lines[at].raw) || strings.Contains(text, "://") || strings.ToUpper(text) == text || r.callsCustomer(text) {
		return false
	}
	for _, l := range r.lines[at:] {
		if !l.blank && r.closes(l) {
			return false
		}
	}
	return r.forTeam(text, aMail)
}

// jottedBelow looks at a mail's last paragraph: is it a word about the customer that
// was left below an answer to them? Below the words that end a letter it is judged as
// a mail by itself; else it must also be written with less care than what stands above it.
func (r *reader) jottedBelow() *Doubt {
	last := len(r.lines) - 1
	for last >= 0 && r.lines[last].blank {
		last--
	}
	at, ended, above := last, false, -1
	for at > 0 && !r.lines[at-1].blank {
		at--
	}
	for i := 0; i < at; i++ {
		l := r.lines[i]
		if l.quoted || l.code {
			return nil
		}
		ended = ended || i > 0 && (r.closes(l) || r.isSelf(l))
		if !l.blank && !greets(l, r.customer) {
			above = i
		}
	}
	if above < 0 || last < 0 {
		return nil
	}
	text := r.joined(at, last+1)
	ws := wordsOf(text)
	first := r.lines[at]
	switch {
	case len(ws) < 2 || len(ws) > maxJotted, words().hint.at(ws, 0) > 0, strings.Contains(text, "://"), strings.ContainsRune(text, '@'):
		return nil
	case first.mark != "" || strings.TrimSpace(first.lead) != "", r.closes(first), r.isSelf(first), standsIn(first.raw), r.callsCustomer(text):
		return nil
	case ended:
		if r.forTeam(text, afterAnswer) {
			return r.again(at, "#note "+first.raw, WhyAbout)
		}
		return nil
	case r.lines[above].ends() == r.lines[last].ends() && startsLower(r.lines[above].plain) == startsLower(first.plain):
		return nil
	}
	if !r.forTeam(text, withinAnswer) {
		return nil
	}
	return r.again(at, "#note "+first.raw, WhyAbout)
}
