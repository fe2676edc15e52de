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

	// Bounds of what the encoder is asked, since its time grows with the text: bytes of
	// one, and texts of a mail, which are the whole and its last paragraph. Beyond them
	// the small words decide.
	maxHeard = 160
	mostAsks = 2

	// unsure is by how much less odds than those from which it is asked a text leaves that
	// may be a jotting all the same: its author is told, and nothing waits for a word.
	unsure = 2.0
)

// spot is where in a mail a text stands that is read for whom it speaks to.
type spot func(Logistic) float64

func aMail(l Logistic) float64 { return l.Mail }

func withinAnswer(l Logistic) float64 { return l.Within }

func afterAnswer(l Logistic) float64 { return l.After }

// ear tells whom short texts speak to, and remembers what it heard: a mail is read in
// two bodies, and anew where a line is doubtful.
type ear struct {
	encoder Encoder
	asks    int // of the encoder
	heard   map[string]heard
}

// forTeam reports whether a short text speaks to the team, by how it is built. How
// sure that must be depends on where it stands.
func (e *ear) forTeam(text string, at spot) bool {
	known := e.listen(text)
	return known.odds > at(known.by)
}

// perhaps reports whether a text that is not asked about may speak to the team.
func (e *ear) perhaps(text string, at spot) bool {
	known := e.listen(text)
	return known.odds > at(known.by)-unsure
}

func (e *ear) listen(text string) heard {
	known, is := e.heard[text]
	if !is {
		known = e.hear(text)
		e.heard[text] = known
	}
	return known
}

// heard is what was found out of a text.
type heard struct {
	odds float64
	by   Logistic
}

func (e *ear) hear(text string) heard {
	text = strings.TrimSpace(text)
	form := Form(text)
	h := heard{by: readers().Form}
	h.odds = h.by.odds(form, nil)
	if e.encoder != nil && h.odds > clear && len(text) <= maxHeard && e.asks < mostAsks {
		e.asks++
		if meaning := e.encoder.Embed(text); meaning != nil {
			h.by = readers().Both
			h.odds = h.by.odds(form, meaning)
		}
	}
	return h
}
