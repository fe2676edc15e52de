package orders

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/language"
)

// ListAnswer is what a person says to a list of held mail.
type ListAnswer struct {
	Release, Drop []int // by their numbers, in order; a number stands in one of them
	Show          bool  // all that is held is to be listed
}

// ReadList reads an answer to a list of so many entries: numbers alone let those
// in, "drop 2" drops, "all" asks for the whole list, "release all" and "drop all"
// mean every entry. A greeting above and a closing below do no harm. What says
// anything more is not understood, and gives a *desk.CommandError: it might change
// what the numbers mean.
func ReadList(text string, entries int) (ListAnswer, error) {
	var a ListAnswer
	said := map[int]string{}
	some := false
	for _, l := range readLines(text, nil) {
		if l.blank || !some && (greets(l, nil) || waves(l.plain)) {
			continue
		}
		line := l.plain
		ordered, show, understood := listLine(line, entries)
		if !understood || l.quoted {
			if some && !orderly(line) {
				break // a closing, a name, a card
			}
			return ListAnswer{}, &desk.CommandError{Line: shorten(l.raw), Why: "this is more than numbers of the list, \"drop\" with numbers, or \"all\""}
		}
		some, a.Show = true, a.Show || show
		for _, o := range ordered {
			for _, n := range o.numbers {
				if n < 1 || n > maxChoiceNumber {
					return ListAnswer{}, &desk.CommandError{Line: shorten(l.raw), Why: fmt.Sprintf("%d is no number of the list", n)}
				}
				if before, twice := said[n]; twice && before != o.word {
					return ListAnswer{}, &desk.CommandError{Line: shorten(l.raw), Why: fmt.Sprintf("number %d is to be let in and to be dropped", n)}
				}
				said[n] = o.word
			}
		}
	}
	for n, word := range said {
		if word == "drop" {
			a.Drop = append(a.Drop, n)
		} else {
			a.Release = append(a.Release, n)
		}
	}
	slices.Sort(a.Drop)
	slices.Sort(a.Release)
	if !some || !a.Show && len(said) == 0 {
		return ListAnswer{}, &desk.CommandError{Why: "no number of the list stands in it"}
	}
	return a, nil
}

// waves reports whether a line only greets, in whatever language: a few words
// and a comma, of which none orders anything.
func waves(line string) bool {
	return len(strings.Fields(line)) <= 5 && !orderly(line) && (strings.HasSuffix(line, ",") || strings.HasSuffix(line, "!"))
}

// orderly reports whether a line holds what might be an order.
func orderly(line string) bool {
	return slices.ContainsFunc(tokens(line), func(t string) bool {
		_, isNumber := listNumber(t)
		return isNumber || language.Has(language.HeldDrop, t) || language.Has(language.HeldRelease, t) || language.Has(language.HeldAll, t)
	})
}

// listOrder is a word with the numbers that it is said of.
type listOrder struct {
	word    string
	numbers []int
}

// listLine reads one line. With one word for all its numbers, it may stand
// before or behind them; with several, each stands before its own, or each behind.
func listLine(line string, entries int) (orders []listOrder, show, understood bool) {
	var words []string
	var groups [][]int // numbers before the first word, between words, behind the last one
	groups = append(groups, nil)
	all, rest := false, false
	for _, t := range tokens(line) {
		first, isNumber := listNumber(t)
		switch {
		case isNumber:
			groups[len(groups)-1] = append(groups[len(groups)-1], first...)
		case language.Has(language.HeldRelease, t) && (t == "in" || t == "ok" || t == "okay" || t == "yes" || t == "ja") && len(words) > 0 && words[len(words)-1] == "release":
			// "let 1 in", "yes, release 1"
		case language.Has(language.HeldRelease, t), language.Has(language.HeldDrop, t):
			w := "release"
			if language.Has(language.HeldDrop, t) {
				w = "drop"
			}
			if len(words) > 0 && words[len(words)-1] == w && len(groups[len(groups)-1]) == 0 {
				continue // "drop, delete 2"
			}
			words, groups = append(words, w), append(groups, nil)
		case language.Has(language.HeldAll, t):
			all = true
			if len(words) > 0 {
				groups[len(groups)-1] = append(groups[len(groups)-1], -1)
			}
		case language.Has(language.HeldRest, t):
			rest = true
			groups[len(groups)-1] = append(groups[len(groups)-1], -2)
		case language.Has(language.HeldFiller, t):
		default:
			return nil, false, false
		}
	}
	switch {
	case all && len(words) == 0 && len(groups[0]) == 0:
		return nil, true, true
	case len(words) == 0:
		orders = []listOrder{{"release", groups[0]}}
	case len(words) == 1:
		orders = []listOrder{{words[0], append(groups[0], groups[1]...)}}
		if all && len(groups[0]) == 0 && len(groups[1]) == 0 {
			orders[0].numbers = []int{-1}
		}
	case len(groups[0]) == 0: // each word before its numbers
		for i, w := range words {
			orders = append(orders, listOrder{w, groups[i+1]})
		}
	case len(groups[len(groups)-1]) == 0: // each behind
		for i, w := range words {
			orders = append(orders, listOrder{w, groups[i]})
		}
	default:
		return nil, false, false
	}
	return spelledOut(orders, entries, rest)
}

// spelledOut puts the numbers for "all" and "the rest".
func spelledOut(orders []listOrder, entries int, rest bool) ([]listOrder, bool, bool) {
	named := map[int]bool{}
	for _, o := range orders {
		for _, n := range o.numbers {
			named[n] = true
		}
	}
	if rest && named[-1] || rest && len(named) < 2 {
		return nil, false, false // the rest of what?
	}
	for i, o := range orders {
		var numbers []int
		for _, n := range o.numbers {
			for k := 1; k <= entries && n < 0; k++ {
				if n == -1 || !named[k] {
					numbers = append(numbers, k)
				}
			}
			if n >= 0 {
				numbers = append(numbers, n)
			}
		}
		if orders[i].numbers = numbers; len(numbers) == 0 {
			if entries != 1 || len(orders) > 1 {
				return nil, false, false // a word of nothing
			}
			orders[i].numbers = []int{1} // there is but one
		}
	}
	return orders, false, true
}

// tokens are the words of a line, in lower case, without the signs around them.
func tokens(line string) (out []string) {
	for _, f := range strings.FieldsFunc(strings.ToLower(line), func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(",;&+/", r) }) {
		if t := strings.Trim(f, "#.!:()[]*_\"'“”„’"); t != "" {
			out = append(out, t)
		}
	}
	return out
}

// listNumber reads "3" and "2-5".
func listNumber(t string) (out []int, ok bool) {
	from, to, isRange := strings.Cut(strings.ReplaceAll(t, "–", "-"), "-")
	a, err := strconv.Atoi(from)
	if err != nil {
		return nil, false
	}
	if !isRange {
		return []int{a}, true
	}
	b, err := strconv.Atoi(to)
	if err != nil || b < a || b-a > maxChoiceNumber {
		return nil, false
	}
	for n := a; n <= b; n++ {
		out = append(out, n)
	}
	return out, true
}

// ReadMine reads an answer to the question whether the agent wrote a mail:
// "release" and "drop" as they are asked for, and what people say instead ("Yes,
// that was me"). ok is false where it says anything more, or both.
func ReadMine(text string) (word string, ok bool) {
	for _, l := range readLines(text, nil) {
		if l.blank {
			continue
		}
		line := l.plain
		yes, no, me := false, false, false
		for _, t := range tokens(line) {
			switch {
			case language.Has(language.MineYes, t):
				yes = true
			case language.Has(language.MineNo, t):
				no = true
			case language.Has(language.MineFiller, t):
				me = me || t == "me" || t == "i" || t == "ich" || t == "mine"
			default:
				if greets(l, nil) || waves(line) {
					yes, no, me = false, false, false
					goto next
				}
				return "", false
			}
		}
		switch {
		case no && !yes:
			return "drop", true
		case !no && (yes || me):
			return "release", true
		}
		return "", false
	next:
	}
	return "", false
}
