package orders

import (
	"strings"
	"unicode"

	"github.com/replywell/replywell/shared/email/visible/phrasebook"
)

// signs are what a text says of whom it speaks to.
type signs struct {
	you  bool // it speaks to its reader
	they bool // it speaks of a person who does not read it
	name bool // it names the customer, and not to call them
	mate bool // it names a colleague
}

// evidence reads a text for whom it speaks to. A word counts in the language
// that the text is most likely written in: "du" is French for something else.
func (r *reader) evidence(text string) (s signs) {
	ws := wordsOf(text)
	if len(ws) > 400 {
		ws = ws[:400]
	}
	best, most := []int{}, 0
	for k, g := range words().languages {
		n := 0
		for _, w := range ws {
			if g.known[w] {
				n++
			}
		}
		if n > most {
			best, most = best[:0], n
		}
		if n == most && n > 0 {
			best = append(best, k)
		}
	}
	s.you = len(best) > 0
	for _, k := range best {
		g := words().languages[k]
		s.you = s.you && g.speaksToReader(text, ws)
		s.they = s.they || g.they.in(ws)
	}
	s.they = s.they || words().customer.in(ws)
	if strings.ContainsFunc(text, phrasebook.Unspaced) {
		f := fold(text)
		for first := range words().customer {
			s.they = s.they || strings.ContainsFunc(first, phrasebook.Unspaced) && strings.Contains(f, first)
		}
	}
	for i, w := range ws {
		if r.customer[w] && !called(text, ws, i) {
			s.name = true
		}
		s.mate = s.mate || r.mates[w]
	}
	return s
}

// speaksToReader reports whether a word for "you" is among a text's words. Whoever
// writes capitals writes a polite one with it: "die Kundin sagt, sie wartet".
func (g grammar) speaksToReader(text string, ws []string) bool {
	if len(g.capital) == 0 || !g.you.in(ws) || !capitals(text) {
		return g.you.in(ws)
	}
	polite := map[string]bool{}
	for _, w := range strings.FieldsFunc(text, func(c rune) bool { return !inWord(c) }) {
		if unicode.IsUpper(first(w)) {
			polite[fold(w)] = true
		}
	}
	for i, w := range ws {
		if g.you.at(ws, i) > 0 && (g.capital.at(ws, i) == 0 || polite[w]) {
			return true
		}
	}
	return false
}

// capitals reports whether a text has a word with one where no sentence begins.
func capitals(text string) bool {
	within := false
	for _, w := range strings.Fields(text) {
		if c := first(w); within && unicode.IsUpper(c) {
			return true
		}
		within = !strings.ContainsAny(w[len(w)-1:], ".!?:")
	}
	return false
}

// called reports whether the name at word i is how somebody is spoken to:
// "Erika, the lamp ...", "Hello Erika".
func called(text string, ws []string, i int) bool {
	if i > 0 {
		before := strings.Join(ws[max(0, i-3):i], " ")
		for k := range strings.Fields(before) {
			part := strings.Join(strings.Fields(before)[k:], " ")
			if n := phrasebook.Default().Greeting(part); n > 0 && n >= len(part)-8 {
				return true
			}
		}
	}
	f := fold(text)
	return strings.Contains(f, ws[i]+",") || strings.Contains(f, ws[i]+"!") || i == 0 && strings.Contains(f, ws[i]+":") || strings.Contains(f, "@"+ws[i]) || strings.Contains(f, ", "+ws[i])
}

// maxAbrupt is by which word a mail about the customer has come to them.
const maxAbrupt = 4

// abruptly reports whether a text speaks of a person at once, whom nobody named:
// who reads it must know. "My husband is away; he ..." says whom it means.
func (r *reader) abruptly(ws []string) bool {
	start := ws[:min(len(ws), maxAbrupt)]
	for _, g := range words().languages {
		if g.they.in(start) || g.customer.in(ws) {
			return len(ws) <= 30
		}
	}
	return strings.ContainsFunc(strings.Join(ws, ""), phrasebook.Unspaced)
}

// namesCustomer reports whether a greeting is for somebody outside the team: it
// has a name that is none of ours, nor "all".
func (r *reader) namesCustomer(l line) bool {
	f := phrasebook.Fold(l.plain)
	n := phrasebook.Default().Greeting(f)
	if n == 0 || n > len(f) {
		return true
	}
	ws := wordsOf(f[n:])
	for i := 0; i < len(ws); i++ {
		k := max(words().all.at(ws, i), words().team.at(ws, i), words().crew.at(ws, i))
		if k == 0 && !r.mates[ws[i]] {
			return true
		}
		i += max(k, 1) - 1
	}
	return false
}

func (r *reader) callsCustomer(text string) bool {
	ws := wordsOf(text)
	for i, w := range ws {
		if r.customer[w] && called(text, ws, i) {
			return true
		}
	}
	return false
}
