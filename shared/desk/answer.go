package desk

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Answer is one word at the top of a mail that answers a confirmation.
type Answer struct {
	Word    string // without '#', lower case
	Numbers []int  // of a list, ascending, each once; nil where the word stands alone
	All     bool   // "all" instead of numbers
}

// AnswerWord is a word that a confirmation can be answered with.
type AnswerWord struct {
	Name    string // without '#', lower case
	Numbers bool   // it is followed by numbers of a list, or by "all"
}

// maxAnswerNumber bounds the numbers of a list.
const maxAnswerNumber = 9999

// ReadAnswers reads the answer to a confirmation: the first lines of the
// agent's own new text that say something must be among the words, with their
// '#', and with numbers behind them where the word takes some ("#release 3 5").
// Text below them does not count. A word that takes no numbers stands alone:
// there is but one question. A mail that says anything else answers nothing,
// and gives a *CommandError: a mail program that answers by itself, or a person
// who only comments, confirms nothing.
func ReadAnswers(text string, words ...AnswerWord) ([]Answer, error) {
	var out []Answer
	seen := map[int]bool{}
	for _, l := range strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n") {
		line := cleanLine(l)
		if line == "" {
			continue
		}
		if bare := "#" + line; !looksLikeCommand(line) && alone(bare, words) {
			line = bare
		}
		if !looksLikeCommand(line) {
			break
		}
		a, err := readAnswer(line, words)
		if err != nil {
			return nil, err
		}
		if len(out) > 0 && (a.All || out[0].All || a.Numbers == nil || out[0].Numbers == nil) {
			return nil, &CommandError{shorten(line), "it stands below #" + out[0].Word + ", and only one of them can be meant"}
		}
		for _, n := range a.Numbers {
			if seen[n] {
				return nil, &CommandError{shorten(line), fmt.Sprintf("number %d stands there twice", n)}
			}
			seen[n] = true
		}
		out = append(out, a)
	}
	if len(out) == 0 {
		return nil, &CommandError{"", "its first line is none of " + wordList(words)}
	}
	return out, nil
}

// alone reports whether the line is one of the words and nothing else but what a
// person puts behind it.
func alone(line string, words []AnswerWord) bool {
	line = strings.ToLower(strings.TrimRight(line, ".!, "))
	return slices.ContainsFunc(words, func(w AnswerWord) bool { return line == "#"+w.Name })
}

func readAnswer(line string, words []AnswerWord) (Answer, error) {
	fields := strings.FieldsFunc(strings.ToLower(line), func(r rune) bool { return r == ' ' || r == ',' || r == ';' || r == '\t' || r == '\u00a0' })
	i := slices.IndexFunc(words, func(w AnswerWord) bool { return "#"+w.Name == strings.TrimRight(fields[0], ".!") })
	if i < 0 {
		return Answer{}, &CommandError{shorten(line), "there are " + wordList(words)}
	}
	a := Answer{Word: words[i].Name}
	switch {
	case !words[i].Numbers && len(fields) > 1:
		return Answer{}, &CommandError{shorten(line), "#" + a.Word + " stands on a line by itself"}
	case !words[i].Numbers:
		return a, nil
	case len(fields) == 2 && fields[1] == "all":
		a.All = true
		return a, nil
	}
	for _, f := range fields[1:] {
		n, err := strconv.Atoi(strings.TrimPrefix(f, "#"))
		if err != nil || n < 1 || n > maxAnswerNumber {
			return Answer{}, &CommandError{shorten(line), fmt.Sprintf("#%s is followed by numbers of the list, as in #%s 2 5; “%s” is none", a.Word, a.Word, shorten(f))}
		}
		a.Numbers = append(a.Numbers, n)
	}
	if len(a.Numbers) == 0 {
		return Answer{}, &CommandError{shorten(line), fmt.Sprintf("#%s needs numbers of the list, as in #%s 2 5", a.Word, a.Word)}
	}
	slices.Sort(a.Numbers)
	if len(slices.Compact(slices.Clone(a.Numbers))) != len(a.Numbers) {
		return Answer{}, &CommandError{shorten(line), "a number stands there twice"}
	}
	return a, nil
}

func wordList(words []AnswerWord) string {
	var out []string
	for _, w := range words {
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
