package orders

import (
	"strings"
	"unicode"

	"github.com/replywell/replywell/shared/email/visible/phrasebook"
)

// toColleague finds a line that calls somebody of the team: "@Ben can you take
// this?", "Hi Ben,", "Ben - please look".
func (r *reader) toColleague(i int, p place) *Doubt {
	l := r.lines[i]
	if r.sure() || p == within && !r.paragraph(i) && !r.lines[i-1].ends() {
		return nil
	}
	called := false
	if l.mark == "@" && !l.spaced {
		called = r.mentions(l, p)
	} else {
		c := r.callOf(l)
		called = calledInChat(l) || r.callsMate(i, p, c) || p == top && r.callsTeam(i, c)
	}
	if !called {
		return nil
	}
	return r.again(i, "#note "+strings.TrimLeft(l.lead, "*_ ")+l.plain, WhyColleague)
}

// mentions reports whether a line that begins with "@" calls a colleague, or
// somebody who is not known and not the customer.
func (r *reader) mentions(l line, p place) bool {
	word, rest := l.word()
	w := []string{fold(word)}
	mate := r.mates[w[0]]
	for _, d := range strings.FieldsFunc(fold(first1(l.plain)), func(c rune) bool { return !inWord(c) }) { // "@ben.okafor"
		mate = mate || r.mates[d]
	}
	switch {
	case word == "" || strings.HasPrefix(rest, "@"):
		return false
	case mate, words().team.in(w), words().all.in(w):
		return true
	case r.customer[w[0]] || r.self[w[0]]:
		return false
	}
	return p != within && strings.Trim(rest, " .:,") != "" && !strings.HasPrefix(rest, ".") || r.nearMate(w[0])
}

// calledInChat reports whether a line calls all as a chat does: "<!here>".
func calledInChat(l line) bool {
	ws := wordsOf(first1(l.plain))
	return strings.HasSuffix(l.lead, "<!") && len(ws) == 1 && (words().all.in(ws) || words().team.in(ws))
}

// call is a line's beginning, up to its first comma or what stands there for one, as
// the call of somebody.
type call struct {
	head, sep, after string
	words            []string // of the head
	greeting         int      // how many of them greet, or say "for"
	names            []string // the others
	mates            int      // how many of these are colleagues' names; 0 where one is none
}

func (r *reader) callOf(l line) (c call) {
	c.head, c.sep, c.after = head(l.plain, ",:：;?!、，")
	c.words = wordsOf(c.head)
	for c.greeting < len(c.words) {
		n := words().forWhom.at(c.words, c.greeting)
		if n == 0 && c.greeting == 0 {
			if g := phrasebook.Default().Greeting(phrasebook.Fold(c.head)); g > 0 {
				n = len(wordsOf(c.head[:min(g, len(c.head))]))
			}
		}
		if n == 0 {
			break
		}
		c.greeting += n
	}
	c.names = c.words[min(c.greeting, len(c.words)):]
	for _, w := range c.names {
		switch {
		case r.mates[w]:
			c.mates++
		case !joins[w]:
			c.mates = 0
			return c
		}
	}
	return c
}

// joins are the words between two names.
var joins = map[string]bool{"&": true, "and": true, "und": true, "et": true, "y": true, "e": true, "en": true, "i": true, "og": true, "och": true}

// callsMate reports whether a line calls a colleague by name.
func (r *reader) callsMate(i int, p place, c call) bool {
	l := r.lines[i]
	greets := c.greeting > 0 && phrasebook.Default().Greeting(phrasebook.Fold(c.head)) > 0
	asks := c.sep == "?" || c.sep == "!"
	switch {
	case c.mates > 0 && c.greeting > 0: // "Hi Ben", "for Ben"
		return true
	case c.mates > 0 && c.sep != "" && !asks && (c.after != "" || !r.last(i)): // "Ben, ..."
		return true
	case c.mates > 0 && asks && c.after == "" && !r.last(i) && r.paragraph(i): // "Ben?" above other lines
		return true
	case greets && len(c.names) > 1 && r.mates[c.names[0]] && (p != within || r.paragraph(i)): // "hey ben can you take this"
		return true
	case len(c.words) > 1 && r.mates[c.words[0]] && c.sep == "?" && unicode.IsLetter(first(l.plain)): // "Ben can you take this?"
		return true
	case p == top && len(c.words) > 1: // "ask ben"
		n := words().call.at(c.words, 0)
		return n > 0 && n < len(c.words) && r.mates[c.words[n]]
	}
	return false
}

// callsTeam reports whether a mail's first line calls the team, or all of it: "Hi
// team", "folks, ...".
func (r *reader) callsTeam(i int, c call) bool {
	v := words()
	whole := func(ws []string, sets ...phrases) bool {
		for _, set := range sets {
			if len(ws) > 0 && set.at(ws, 0) == len(ws) {
				return true
			}
		}
		return false
	}
	switch {
	case c.greeting > 0 && whole(c.names, v.team), c.greeting == 0 && c.sep == ":" && whole(c.words, v.team):
		return true
	case c.sep != "" && strings.Contains(",:?!", c.sep) && whole(c.words, v.crew):
		return true
	case len(c.words) > 1 && v.crew.at(c.words, 0) > 0 && c.sep == "" && startsLower(r.lines[i].plain) && !r.evidence(r.lines[i].plain).you:
		return true
	}
	// "all: ...", "Hi folks": several customers are called so too, but then told something.
	return (c.greeting > 0 || c.sep == ":") && whole(c.names, v.all, v.crew) && len(wordsOf(r.rest(i))) <= maxHail && !r.evidence(r.rest(i)).you
}

// nearMate reports whether a word is a slip away from a colleague's name.
func (r *reader) nearMate(w string) bool {
	if len(w) < 3 || len(w) > maxWord {
		return false
	}
	for m := range r.mates {
		if len(m) > 2 && slips(w, m) <= 1 {
			return true
		}
	}
	return false
}

// handsOver reports whether a sentence of the text hands the conversation over, and
// says no more: "can you take this, please?", not "take this cable".
func handsOver(text string) bool {
	v := words()
	for _, sentence := range strings.FieldsFunc(text, func(c rune) bool { return strings.ContainsRune(".?!,;\n", c) }) {
		ws := wordsOf(sentence)
		for i := range ws {
			n := v.take.at(ws, i)
			if n == 0 || n == 1 && i > 0 && v.please.at(ws, 0) != i {
				continue // "longer than yours"
			}
			k := i + n
			for k < len(ws) && (v.please.at(ws, k) > 0 || v.thing.at(ws, k) > 0 || ws[k] == "you" || ws[k] == "du" || ws[k] == "mal") {
				k++
			}
			if k == len(ws) {
				return true
			}
		}
	}
	return false
}
