package orders

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/language"
)

// Choice is one word at the top of a mail that answers a question of ours.
type Choice struct {
	Word    string // without '#', lower case
	Numbers []int  // of a list, ascending, each once; nil where the word stands alone
	All     bool   // "all" instead of numbers
}

// ChoiceWord is a word that a question can be answered with.
type ChoiceWord struct {
	Name    string // without '#', lower case
	Numbers bool   // it is followed by numbers of a list, or by "all"
}

// maxChoiceNumber bounds the numbers of a list.
const maxChoiceNumber = 9999

// ReadChoices reads the answer to a question: the first lines of the agent's own
// new text that say something must be among the words, with their '#' or as
// people say them ("Yes please.", "ja", "release 3 and 5"), below a greeting if
// there is one. names are those of who answers, which may stand below.
//
// Behind a word with its '#' the rest of the mail does not count. A word without
// it must be all that is said: "no, wait" answers nothing, and "yes" above a
// letter might be the letter's. A mail that says anything else answers nothing,
// and gives a *desk.CommandError: a mail program that answers by itself, or a
// person who only comments, confirms nothing.
func ReadChoices(text string, names []string, ws ...ChoiceWord) ([]Choice, error) {
	var out []Choice
	seen := map[int]bool{}
	self := &reader{self: nameWords(names)}
	signed := false
	for _, l := range readLines(text, nil) {
		if l.blank || len(out) == 0 && greets(l, nil) {
			continue
		}
		sign := l.mark == "#"
		if !sign && len(out) > 0 {
			if signed || self.closes(l) || self.isSelf(l) {
				break
			}
		}
		a, err := readChoice(l, ws)
		if err != nil && !sign && len(out) > 0 && signed {
			break
		}
		if err != nil {
			return nil, err
		}
		if len(out) > 0 && (a.All || out[0].All || a.Numbers == nil || out[0].Numbers == nil) {
			return nil, &desk.CommandError{Line: shorten(l.raw), Why: "it stands below #" + out[0].Word + ", and only one of them can be meant"}
		}
		for _, n := range a.Numbers {
			if seen[n] {
				return nil, &desk.CommandError{Line: shorten(l.raw), Why: fmt.Sprintf("number %d stands there twice", n)}
			}
			seen[n] = true
		}
		out, signed = append(out, a), signed || sign
	}
	if len(out) == 0 {
		return nil, &desk.CommandError{Why: "its first line is none of " + wordList(ws)}
	}
	return out, nil
}

func readChoice(l line, ws []ChoiceWord) (Choice, error) {
	no := func(why string) (Choice, error) {
		return Choice{}, &desk.CommandError{Line: shorten(l.raw), Why: why}
	}
	none := func() (Choice, error) {
		if l.mark == "#" {
			return no("there are " + wordList(ws))
		}
		return Choice{}, &desk.CommandError{Why: "its first line is none of " + wordList(ws)}
	}
	said := wordsOf(l.plain)
	if len(said) == 0 || l.quoted {
		return none()
	}
	word, rest, plain := saysOf(said, ws, l.mark == "#")
	i := slices.IndexFunc(ws, func(w ChoiceWord) bool { return w.Name == word })
	if i < 0 {
		return none()
	}
	a := Choice{Word: word}
	if !ws[i].Numbers {
		for k := 0; k < len(rest); k++ {
			n := max(words().please.at(rest, k), words().thing.at(rest, k))
			if plain {
				n = max(n, words().yes.at(rest, k))
			}
			if n == 0 {
				return no("#" + word + " stands on a line by itself")
			}
			k += n - 1
		}
		return a, nil
	}
	for k := 0; k < len(rest); k++ {
		f := strings.Trim(rest[k], "#.")
		if f == "all" || f == "alle" || f == "everything" {
			a.All = true
			continue
		}
		n, err := strconv.Atoi(f)
		switch {
		case err == nil && n >= 1 && n <= maxChoiceNumber:
			a.Numbers = append(a.Numbers, n)
		case err != nil && (words().please.at(rest, k) > 0 || f == "number" || f == "numbers"):
			k += max(1, words().please.at(rest, k)) - 1
		default:
			return no(fmt.Sprintf("#%s is followed by numbers of the list, as in #%s 2 5; “%s” is none", word, word, shorten(f)))
		}
	}
	if a.All && len(a.Numbers) > 0 {
		return no("“all” stands beside numbers, and only one of them can be meant")
	}
	if !a.All && len(a.Numbers) == 0 {
		return no(fmt.Sprintf("#%s needs numbers of the list, as in #%s 2 5", word, word))
	}
	slices.Sort(a.Numbers)
	if len(slices.Compact(slices.Clone(a.Numbers))) != len(a.Numbers) {
		return no("a number stands there twice")
	}
	return a, nil
}

// saysOf finds which of the words is said: by its name, or, where it is "yes",
// "no" or "send", by what people say for it. What is left of the line comes
// back; plain tells that a yes was said in other words.
func saysOf(said []string, ws []ChoiceWord, sign bool) (word string, rest []string, plain bool) {
	has := func(name string) bool {
		return slices.ContainsFunc(ws, func(w ChoiceWord) bool { return w.Name == name })
	}
	first := strings.TrimLeft(said[0], "#")
	if has(first) {
		return first, said[1:], first == "yes"
	}
	// People refuse in the word of another question too; they agree in this one's alone.
	if language.Has(language.MineNo, first) && has("no") && words().no.at(said, 0) <= 1 {
		return "no", said[1:], false
	}
	if sign {
		if m := words().commands[first]; m.sure && has(m.name) {
			return m.name, said[1:], false
		}
		return "", nil, false
	}
	v := words()
	// "ok send", "please release 3": courtesies before the word.
	for k := range said {
		if k > 0 && has(said[k]) {
			return said[k], said[k+1:], false
		}
		if m := v.commands[said[k]]; m.sure && has(m.name) {
			return m.name, said[k+1:], false
		}
		if v.please.at(said, k) == 0 {
			break
		}
	}
	if n := v.no.at(said, 0); n > 0 && has("no") {
		return "no", said[n:], false
	}
	if n := v.yes.at(said, 0); n > 0 && has("yes") {
		return "yes", said[n:], true
	}
	return "", nil, false
}

func wordList(ws []ChoiceWord) string {
	var out []string
	for _, w := range ws {
		if w.Numbers {
			out = append(out, "#"+w.Name+" with numbers of the list")
		} else {
			out = append(out, "#"+w.Name)
		}
	}
	if n := len(out); n > 1 {
		return strings.Join(out[:n-1], ", ") + " and " + out[n-1]
	}
	return strings.Join(out, "")
}
