package kb

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/kb/internal/wire"
	"github.com/replywell/replywell/shared/kb/terms"
)

// Answers are what colleagues wrote by hand, found by the mails they answered.
// They hold no personal data that redact knows, and are shown to agents only.
// An Answers is never changed after it is made, so it is safe for concurrent use.
type Answers struct {
	text []string
	day  []uint32
	mail *terms.Postings // the customers' words
}

const (
	answersForm   = "replywell told 1\n" + "\x00\x00\x00" // 20 bytes: what follows is aligned
	mostAnswers   = 3000                                  // the newest; about 2 MB
	mostTold      = 4 << 10                               // bytes of one answer
	leastTold     = 8                                     // words; shorter ones help nobody
	answeredAlike = 0.4                                   // cosine of the words from which a mail is like an earlier one
)

// NewAnswers reads mails that were answered by hand, oldest first. Their texts
// must be redacted.
func NewAnswers(hands []ByHand) *Answers {
	a := &Answers{}
	var b terms.Builder
	for _, h := range hands[max(0, len(hands)-mostAnswers):] {
		text := strings.TrimSpace(terms.Said(h.Answer))
		if len(terms.Split(text)) < leastTold || len(text) > mostTold {
			continue
		}
		a.text, a.day = append(a.text, text), append(a.day, uint32(max(0, h.Day)))
		b.Add(asked(h.Subject, h.Text))
	}
	a.mail = b.Build()
	return a
}

// asked are the words of a mail and their pairs.
func asked(subject, text string) terms.Vector {
	var v terms.Vector
	for _, s := range terms.Sentences(subject, text) {
		v = terms.WordFeatures(v, s.Words, s.Weight)
	}
	return terms.Gather(v)
}

// Len is the number of answers.
func (a *Answers) Len() int { return len(a.text) }

// Like gives what was answered to the mails most like this one, at most so
// many, the most similar first, each only once.
func (a *Answers) Like(subject, text string, most int) (out []desk.PastAnswer) {
	if a == nil || len(a.text) == 0 {
		return nil
	}
	scores := make([]float32, len(a.text))
	a.mail.Cosines(a.mail.Unit(asked(subject, text)), scores)
	var order []int
	for i, s := range scores {
		if s >= answeredAlike {
			order = append(order, i)
		}
	}
	var seen []map[string]int
next:
	for _, i := range terms.Best(order, scores, 8*most) {
		mine := terms.Shingles(a.text[i])
		for k, other := range seen {
			if max(terms.Contained(mine, other), terms.Contained(other, mine)) > 0.6 {
				out[k].Times, out[k].Day = out[k].Times+1, max(out[k].Day, int(a.day[i]))
				continue next
			}
		}
		if len(out) < most {
			seen = append(seen, mine)
			out = append(out, desk.PastAnswer{Text: a.text[i], Day: int(a.day[i]), Times: 1, Alike: float64(scores[i])})
		}
	}
	return out
}

// Write writes the answers, for OpenAnswers.
func (a *Answers) Write() []byte {
	w := &wire.Writer{Out: []byte(answersForm)}
	w.Number(len(a.text))
	for _, t := range a.text {
		w.String(t)
	}
	w.Uint32s(a.day)
	a.mail.Write(w)
	return w.Out
}

// OpenAnswers reads what Write wrote. It keeps data.
func OpenAnswers(data []byte) (*Answers, error) {
	bad := func(err error) error {
		return fmt.Errorf("the past answers cannot be read: %w; run the index function to collect them anew", err)
	}
	rest, ok := bytes.CutPrefix(data, []byte(answersForm))
	if !ok {
		return nil, bad(errors.New("they are of another form than this program's"))
	}
	r := &wire.Reader{In: rest}
	n := r.Number()
	if n > len(rest) {
		return nil, bad(wire.ErrCut)
	}
	a := &Answers{text: make([]string, n)}
	for i := range a.text {
		a.text[i] = r.String()
	}
	a.day = r.Uint32s()
	a.mail = terms.ReadPostings(r, n)
	if r.Err != nil || len(a.day) != n {
		return nil, bad(wire.ErrCut)
	}
	return a, nil
}
