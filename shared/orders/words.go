package orders

import (
	_ "embed" // the table
	"fmt"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/visible/phrasebook"
)

//go:embed words.txt
var table string

// meaning is what a word behind a "#" stands for.
type meaning struct {
	name string // the command
	sure bool   // it is a name of that command; else it may mean it
}

// vocabulary is the table, ready to be asked; it is never changed.
type vocabulary struct {
	commands map[string]meaning
	// Sets of phrases, over all languages.
	internal, label, hint, customer, team, all, crew, call, forWhom, take, thing, please, state, sign, yes, no, field, wonder, nouns, article phrases
	numbers                                                                                                                                   map[string]int
	// By language, since the same word is harmless in another.
	languages []grammar
}

// grammar tells in one language whom a sentence speaks to, and of whom.
type grammar struct {
	code                string
	you, they, customer phrases
	known               map[string]bool // all words of its section
}

// words is the table, read once. A mistake in it is found by the tests and stops
// the program.
var words = sync.OnceValue(func() *vocabulary {
	v, err := parse(table)
	if err != nil {
		panic("orders: words.txt: " + err.Error())
	}
	return v
})

// names are the commands that the table may give words for.
var names = map[string]bool{
	desk.CommandClose: true, desk.CommandNote: true, desk.CommandSend: true, desk.CommandLearn: true, desk.CommandHelp: true, desk.CommandShow: true,
	desk.CommandSplit: true, desk.CommandMerge: true, desk.CommandUndo: true, desk.CommandAdd: true, desk.CommandRemove: true,
	desk.CommandAnswer: true,
}

func parse(table string) (*vocabulary, error) {
	v := &vocabulary{commands: map[string]meaning{}, numbers: map[string]int{}}
	for _, n := range []string{"send-anyway", "send_anyway", "sendanyway"} {
		v.commands[n] = meaning{desk.CommandSendAnyway, true}
	}
	all := map[string]*phrases{"internal": &v.internal, "label": &v.label, "hint": &v.hint, "customer": &v.customer, "team": &v.team, "all": &v.all, "crew": &v.crew, "call": &v.call,
		"for": &v.forWhom, "take": &v.take, "thing": &v.thing, "please": &v.please, "state": &v.state, "sign": &v.sign, "yes": &v.yes, "no": &v.no, "field": &v.field, "wonder": &v.wonder, "nouns": &v.nouns, "article": &v.article}
	for n, l := range strings.Split(table, "\n") {
		l = strings.TrimSpace(l)
		switch {
		case l == "" || l[0] == '#':
			continue
		case l[0] == '[':
			v.languages = append(v.languages, grammar{code: strings.Trim(l, "[]"), known: map[string]bool{}})
			continue
		}
		key, value, ok := strings.Cut(l, ":")
		if !ok || len(v.languages) == 0 {
			return nil, fmt.Errorf("line %d: %q is no line of a language", n+1, l)
		}
		g := &v.languages[len(v.languages)-1]
		name, like := strings.CutPrefix(key, "~")
		for _, w := range strings.Split(value, "|") {
			w = fold(w)
			for _, x := range fields(w) {
				g.known[x] = true
			}
			switch number := strings.TrimPrefix(key, "number"); {
			case w == "":
				return nil, fmt.Errorf("line %d: there is a word missing", n+1)
			case names[name]:
				if old, taken := v.commands[w]; !taken || !old.sure && !like {
					v.commands[w] = meaning{name, !like}
				}
			case number != key && len(number) == 1 && number[0] >= '1' && number[0] <= '9':
				v.numbers[w] = int(number[0] - '0')
			case key == "you":
				g.you.add(w)
			case key == "they":
				g.they.add(w)
			case all[key] != nil:
				all[key].add(w)
				if key == "customer" {
					g.customer.add(w)
				}
			default:
				return nil, fmt.Errorf("line %d: %q is not among what a line can be about", n+1, key)
			}
		}
	}
	return v, nil
}

// phrases is a set of phrases by their first words.
type phrases map[string][][]string

func (p *phrases) add(phrase string) {
	if *p == nil {
		*p = phrases{}
	}
	ws := wordsOf(phrase)
	if len(ws) > 0 {
		(*p)[ws[0]] = append((*p)[ws[0]], ws)
	}
}

// at gives how many words of ws, from i on, are the longest phrase of the set.
func (p phrases) at(ws []string, i int) (n int) {
	for _, phrase := range p[ws[i]] {
		if len(phrase) > n && len(phrase) <= len(ws)-i && equal(phrase, ws[i:i+len(phrase)]) {
			n = len(phrase)
		}
	}
	return n
}

// in reports whether a phrase of the set stands anywhere in the words.
func (p phrases) in(ws []string) bool {
	for i := range ws {
		if p.at(ws, i) > 0 {
			return true
		}
	}
	return false
}

func equal(a, b []string) bool {
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// fields gives the words of a folded text: letters, digits, and what stands
// within a word. A script without blanks gives one word for each run.
func fields(folded string) []string {
	return strings.FieldsFunc(folded, func(r rune) bool {
		return !inWord(r) && r != '\'' && r != '-' && r != '.' && r != '°' && r != '#' && r != '&' && r != '+'
	})
}

// bare takes off a word what is no part of it at its ends.
func bare(w string) string {
	w = strings.Trim(w, "'-.")
	if len(w) > 1 {
		w = strings.TrimLeft(w, "+&")
	}
	return w
}

// wordsOf gives a text's words as the table has them.
func wordsOf(s string) []string {
	ws := fields(fold(s))
	out := ws[:0]
	for _, w := range ws {
		if w = bare(w); w != "" {
			out = append(out, w)
		}
	}
	return out
}

// fold brings texts to one form: compatibility forms (full width, small forms)
// as their plain ones, lower case, straight apostrophes, single blanks, nothing
// that is not seen.
func fold(s string) string { return strings.ToLower(clean(s)) }

// clean is fold without the case.
func clean(s string) string {
	if !plainASCII(s) {
		s = strings.Map(visibly, norm.NFKC.String(strings.Map(visibly, s)))
	}
	return strings.Join(strings.Fields(s), " ")
}

func plainASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x7f || s[i] < ' ' && s[i] != '\t' {
			return false
		}
	}
	return true
}

// visibly gives the rune as it is read: nothing for what is not seen, one form
// for signs that look alike.
func visibly(r rune) rune {
	switch {
	case r == '\n' || r == '\t':
		return ' '
	case unseen(r):
		return -1
	case strings.ContainsRune("♯⌗⧣⋕﹟＃", r):
		return '#'
	case strings.ContainsRune("’‘ʼ´`", r):
		return '\''
	case r == '／' || r == '⁄' || r == '∕' || r == '⧸':
		return '/'
	case r == '﹫' || r == '＠':
		return '@'
	case unicode.IsSpace(r):
		return ' '
	}
	return r
}

// unseen reports whether a rune takes no place on the screen, or shows nothing:
// direction marks, joiners, variation selectors, fillers, the sign for an object.
func unseen(r rune) bool {
	switch {
	case r < 0x80:
		return r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0x7f
	case phrasebook.Invisible(r), unicode.In(r, unicode.Cf, unicode.Cc, unicode.Co, unicode.Variation_Selector), unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r):
		return true
	}
	switch r {
	case 0x20e3, 0x2800, 0xfffc, 0x3164, 0xffa0, 0x115f, 0x1160, 0x034f, 0x180e, 0x2060:
		return true
	}
	return false
}

func inWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) }
