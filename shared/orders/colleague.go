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
	yes := func() *Doubt { return r.again(i, "#note "+strings.TrimLeft(l.lead, "*_ ")+l.plain, WhyColleague) }
	if l.mark == "@" && !l.spaced {
		word, rest := l.word()
		w := []string{fold(word)}
		dotted := strings.FieldsFunc(fold(strings.SplitN(l.plain, " ", 2)[0]), func(c rune) bool { return !inWord(c) })
		mate := r.mates[w[0]]
		for _, d := range dotted {
			mate = mate || r.mates[d]
		}
		switch {
		case word == "" || strings.HasPrefix(rest, "@"):
			return nil
		case mate, words().team.in(w), words().all.in(w):
			return yes()
		case r.customer[w[0]] || r.self[w[0]]:
			return nil
		case p != within && strings.Trim(rest, " .:,") != "" && !strings.HasPrefix(rest, "."):
			return yes()
		case r.nearMate(w[0]):
			return yes()
		}
		return nil
	}
	if ws := wordsOf(first1(l.plain)); strings.HasSuffix(l.lead, "<!") && len(ws) == 1 && (words().all.in(ws) || words().team.in(ws)) {
		return yes() // as a chat writes "@here"
	}
	before, sep, after := head(l.plain, ",:：;?!、，")
	ws := wordsOf(before)
	greeting := 0
	for greeting < len(ws) {
		n := words().forWhom.at(ws, greeting)
		if n == 0 && greeting == 0 {
			if g := phrasebook.Default().Greeting(phrasebook.Fold(before)); g > 0 {
				n = len(wordsOf(before[:min(g, len(before))]))
			}
		}
		if n == 0 {
			break
		}
		greeting += n
	}
	names := ws[min(greeting, len(ws)):]
	mates := 0
	for _, w := range names {
		switch {
		case r.mates[w]:
			mates++
		case w == "&" || w == "and" || w == "und" || w == "et" || w == "y" || w == "e" || w == "en" || w == "i" || w == "og" || w == "och":
		default:
			mates = -99
		}
	}
	if mates > 0 && (sep != "" && sep != "?" && sep != "!" || greeting > 0) && (greeting > 0 || after != "" || !r.last(i)) {
		return yes()
	}
	if greeting > 0 && p == top && len(names) > 0 && words().team.at(names, 0) == len(names) {
		return yes()
	}
	// "all: ...", "Hi folks": several customers are called so too, but then told something.
	if p == top && (greeting > 0 || sep == ":") && len(names) > 0 && max(words().all.at(names, 0), words().crew.at(names, 0)) == len(names) && len(wordsOf(r.rest(i))) <= maxHail && !r.evidence(r.rest(i)).you {
		return yes()
	}
	if p == top && sep != "" && strings.Contains(",:?!", sep) && len(ws) > 0 && words().crew.at(ws, 0) == len(ws) {
		return yes()
	}
	if mates > 0 && greeting == 0 && (sep == "?" || sep == "!") && after == "" && !r.last(i) && r.paragraph(i) {
		return yes()
	}
	if n := 0; p == top && len(ws) > 1 {
		if n = words().call.at(ws, 0); n > 0 && n < len(ws) && r.mates[ws[n]] {
			return yes()
		}
		if n = words().crew.at(ws, 0); n > 0 && sep == "" && startsLower(l.plain) && !r.evidence(l.plain).you {
			return yes()
		}
	}
	if greeting == 0 && p == top && sep == ":" && len(ws) > 0 && words().team.at(ws, 0) == len(ws) {
		return yes()
	}
	// "hey ben can you take this"
	if greeting > 0 && len(names) > 1 && r.mates[names[0]] && (p != within || r.paragraph(i)) && phrasebook.Default().Greeting(phrasebook.Fold(before)) > 0 {
		return yes()
	}
	// "Ben can you take this?"
	if len(ws) > 1 && r.mates[ws[0]] && sep == "?" && unicode.IsLetter(first(l.plain)) {
		return yes()
	}
	return nil
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
