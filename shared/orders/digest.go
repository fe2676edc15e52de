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

// DigestOrder is what a reply to a digest asks for.
type DigestOrder struct {
	Answers []DigestAnswer
	Fetch   []int // entries whose mails are to come again, counted from 0
}

// DigestAnswer sends one of the digest's answers to the mails that ask the same.
type DigestAnswer struct {
	Number int   // from 1
	Not    []int // entries that are left out, counted from 0
}

// ReadDigest reads an agent's reply to a digest of so many entries and answers.
// Every word of it must be one that the digest named (a number, a letter, "1 not
// F H") or one that changes nothing: a greeting above, "please", a leave and one of
// the agent's names below. Anything else, and what contradicts itself, is a
// *desk.CommandError, and then nothing is done: a digest's answers go to many.
func ReadDigest(text string, entries, answers int, names ...string) (DigestOrder, error) {
	d := digestReader{entries: entries, answers: answers}
	for _, l := range readLines(text, nil) {
		switch some := len(d.order.Answers)+len(d.order.Fetch) > 0; {
		case l.blank, !some && greets(l, nil):
			continue
		case some && (strings.Trim(l.raw, "-–—_ ") == "" || TakesLeave(l.plain) || isNamed(l.plain, names)):
		default:
			if err := d.line(l.raw); err != nil {
				return DigestOrder{}, err
			}
			continue
		}
		break
	}
	o := d.order
	if len(o.Answers)+len(o.Fetch) == 0 {
		return DigestOrder{}, noDigest("", "there is no letter and no number in it")
	}
	slices.Sort(o.Fetch)
	o.Fetch = slices.Compact(o.Fetch)
	return o, nil
}

// ReadListUndo reads whether a reply to a list takes an answer back: its first word is
// the order #undo, with or without the sign and in any of its languages. number is that of
// the answer, where one follows; 0 is the only one. Whatever else is said does no harm.
func ReadListUndo(text string) (number int, undo bool) {
	for _, l := range readLines(text, nil) {
		if l.blank || greets(l, nil) {
			continue
		}
		words := strings.FieldsFunc(strings.ToLower(l.plain), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
		if len(words) == 0 || words[0] != "undo" && !language.Has(language.CommandUndo, words[0]) {
			return 0, false
		}
		if len(words) > 1 {
			number, _ = strconv.Atoi(words[1])
		}
		return max(number, 0), true
	}
	return 0, false
}

// isNamed reports whether a line is made of somebody's names alone.
func isNamed(line string, names []string) bool {
	known, words := tokens(strings.Join(names, " ")), tokens(line)
	return len(words) > 0 && !slices.ContainsFunc(words, func(w string) bool { return !slices.Contains(known, w) })
}

// digestReader reads a reply line by line.
type digestReader struct {
	entries, answers int
	order            DigestOrder
}

func (d *digestReader) line(line string) error {
	words := strings.FieldsFunc(line, func(r rune) bool {
		return unicode.IsSpace(r) || strings.ContainsRune(",;.:#()\"“”'`*!", r) || !unicode.IsPrint(r)
	})
	var answer *DigestAnswer
	left, before := false, "" // letters from here on are left out of answer
	for _, w := range words {
		lower := strings.ToLower(w)
		number, err := strconv.Atoi(w)
		entry := digestEntry(w)
		switch {
		case err == nil:
			if number < 1 || number > d.answers {
				return noDigest(shorten(line), digestHas(d.answers))
			}
			if slices.ContainsFunc(d.order.Answers, func(a DigestAnswer) bool { return a.Number == number }) {
				return noDigest(shorten(line), fmt.Sprintf("answer %d stands there twice; once is enough", number))
			}
			d.order.Answers = append(d.order.Answers, DigestAnswer{Number: number})
			answer, left = &d.order.Answers[len(d.order.Answers)-1], false
		case len(w) == 1 && entry >= 0 && entry < d.entries && left:
			answer.Not = append(answer.Not, entry)
		case len(w) == 1 && entry >= 0 && entry < d.entries && answer != nil:
			return noDigest(shorten(line), fmt.Sprintf("%d answers all that ask the same; to leave some out, write: %d not %s", answer.Number, answer.Number, strings.ToUpper(w)))
		case len(w) == 1 && entry >= 0 && entry < d.entries:
			d.order.Fetch = append(d.order.Fetch, entry)
		case len(w) == 1 && unicode.IsLetter(rune(w[0])) && lower != "y":
			return noDigest(shorten(line), fmt.Sprintf("it lists no %s; its letters go from A to %s", strings.ToUpper(w), desk.DigestSign(d.entries-1)))
		case language.Has(language.Except, lower) && answer != nil && (!left || len(answer.Not) == 0 && before != lower): // "but not F"
			left = true
		case answer != nil && !left && language.Has(language.HeldAll, lower): // "1 to all"
		case lower == "&", lower == "+", language.Has(language.Joining, lower), language.Has(language.HeldFiller, lower):
		default:
			return noDigest(shorten(line), fmt.Sprintf("“%s” is none of the words that it named", shorten(w)))
		}
		before = lower
	}
	if left && len(answer.Not) == 0 {
		return noDigest(shorten(line), "it does not say which letters to leave out")
	}
	return nil
}

func digestHas(answers int) string {
	switch answers {
	case 0:
		return "it offers no answer to several mails; a letter fetches one mail"
	case 1:
		return "it offers one answer, 1"
	}
	return fmt.Sprintf("it offers answers 1 to %d", answers)
}

// digestEntry is the entry that a letter calls, counted from 0; -1 is none.
func digestEntry(letter string) int {
	for n := range desk.MostListed {
		if strings.EqualFold(letter, desk.DigestSign(n)) {
			return n
		}
	}
	return -1
}

func noDigest(line, why string) error { return &desk.CommandError{Line: line, Why: why} }
