package orders

import (
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/replywell/replywell/shared/commands"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/visible/phrasebook"
	"github.com/replywell/replywell/shared/language"
)

// meaning is what a word behind a "#" stands for.
type meaning struct {
	name string // the command
	sure bool   // it is a name of that command; else it may mean it
}

// vocabulary is the words of agents in all languages, ready to be asked; it is never changed.
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
	capital             phrases         // of those for "you", the ones that are so only with a capital
	known               map[string]bool // all words that agents have in it
}

// words is what all languages say, made once.
var words = sync.OnceValue(func() *vocabulary { return vocabularyOf(language.All()) })

// headed are the headings of what a command is called, and of words that may mean it.
var headed = []struct {
	name       string
	sure, like language.Heading
}{
	{desk.CommandAnswer, language.CommandAnswer, language.LikeAnswer}, {desk.CommandNote, language.CommandNote, language.LikeNote},
	{desk.CommandClose, language.CommandClose, language.LikeClose}, {desk.CommandSend, language.CommandSend, language.LikeSend},
	{desk.CommandLearn, language.CommandLearn, language.LikeLearn}, {desk.CommandHelp, language.CommandHelp, language.LikeHelp},
	{desk.CommandShow, language.CommandShow, language.LikeShow}, {desk.CommandSplit, language.CommandSplit, language.LikeSplit},
	{desk.CommandMerge, language.CommandMerge, language.LikeMerge}, {desk.CommandUndo, language.CommandUndo, language.LikeUndo},
	{desk.CommandAdd, language.CommandAdd, language.LikeAdd}, {desk.CommandRemove, language.CommandRemove, language.LikeRemove},
	{desk.CommandSnooze, language.CommandSnooze, 0}, {desk.CommandRemind, language.CommandRemind, 0}, {desk.CommandPending, language.CommandPending, 0},
	{desk.CommandTemplate, language.CommandTemplate, 0}, {desk.CommandKB, language.CommandKB, 0}, {desk.CommandArticle, language.CommandArticle, 0},
	{desk.CommandFind, language.CommandFind, 0}, {desk.CommandPractice, language.CommandPractice, 0}, {desk.CommandForward, language.CommandForward, 0},
}

// sets gives for each heading the set that its phrases are in.
func (v *vocabulary) sets() map[language.Heading]*phrases {
	return map[language.Heading]*phrases{
		language.TeamInternal: &v.internal, language.NoteLabel: &v.label, language.RemarkLabel: &v.hint, language.TeamCustomer: &v.customer,
		language.TeamAddress: &v.team, language.TeamAddressAll: &v.all, language.TeamCrew: &v.crew, language.TeamCall: &v.call,
		language.TeamFor: &v.forWhom, language.TeamTake: &v.take, language.TeamQuestion: &v.wonder, language.OrderThing: &v.thing,
		language.OrderPlease: &v.please, language.OrderState: &v.state, language.NumberSign: &v.sign, language.AnswerYes: &v.yes,
		language.AnswerNo: &v.no, language.TrackerField: &v.field, language.TelegramNoun: &v.nouns, language.TelegramArticle: &v.article,
	}
}

var numbers = map[language.Heading]int{language.Number1: 1, language.Number2: 2, language.Number3: 3}

func vocabularyOf(languages []*language.Language) *vocabulary {
	v := &vocabulary{commands: map[string]meaning{}, numbers: map[string]int{}}
	for _, c := range commands.All() {
		for _, n := range append(c.Also, c.Name) {
			v.commands[n] = meaning{c.Name, true}
		}
	}
	sets := v.sets()
	for _, l := range languages {
		g := grammar{code: l.Code, known: map[string]bool{}}
		each := func(h language.Heading, take func(w string)) {
			for _, w := range l.Phrases(h) {
				w = fold(w)
				for _, x := range fields(w) {
					g.known[x] = true
				}
				take(w)
			}
		}
		for _, c := range headed {
			for h, sure := range map[language.Heading]bool{c.sure: true, c.like: false} {
				if h == language.Name {
					continue // there is no such heading
				}
				each(h, func(w string) {
					if old, taken := v.commands[w]; !taken || !old.sure && sure {
						v.commands[w] = meaning{c.name, sure}
					}
				})
			}
		}
		for h, set := range sets {
			each(h, set.add)
		}
		for h, n := range numbers {
			each(h, func(w string) { v.numbers[w] = n })
		}
		each(language.SpeaksToReader, g.you.add)
		each(language.SpeaksOfOthers, g.they.add)
		each(language.PoliteCapital, g.capital.add)
		each(language.TeamCustomer, g.customer.add)
		v.languages = append(v.languages, g)
	}
	for _, c := range commands.All() {
		for _, n := range c.Maybe {
			if _, taken := v.commands[n]; !taken {
				v.commands[n] = meaning{c.Name, false}
			}
		}
	}
	return v
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
