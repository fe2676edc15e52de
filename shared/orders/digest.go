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
// Every word of it must be one that the digest named: a number, a letter, "1 not
// F H". Anything else, and what contradicts itself, is a *desk.CommandError, and then
// nothing is done: a digest's answers go to many.
func ReadDigest(text string, entries, answers int) (DigestOrder, error) {
	var o DigestOrder
	for line := range strings.SplitSeq(strings.ReplaceAll(text, "\r\n", "\n"), "\n") {
		words := strings.FieldsFunc(line, func(r rune) bool {
			return unicode.IsSpace(r) || strings.ContainsRune(",;.:#()\"“”'`*", r) || !unicode.IsPrint(r)
		})
		var answer *DigestAnswer
		left := false // letters from here on are left out of answer
		for _, w := range words {
			lower := strings.ToLower(w)
			number, err := strconv.Atoi(w)
			entry := digestEntry(w)
			switch {
			case err == nil:
				if number < 1 || number > answers {
					return DigestOrder{}, noDigest(shorten(line), digestHas(answers))
				}
				if slices.ContainsFunc(o.Answers, func(a DigestAnswer) bool { return a.Number == number }) {
					return DigestOrder{}, noDigest(shorten(line), fmt.Sprintf("answer %d stands there twice; once is enough", number))
				}
				o.Answers = append(o.Answers, DigestAnswer{Number: number})
				answer, left = &o.Answers[len(o.Answers)-1], false
			case len(w) == 1 && entry >= 0 && entry < entries && left:
				answer.Not = append(answer.Not, entry)
			case len(w) == 1 && entry >= 0 && entry < entries && answer != nil:
				return DigestOrder{}, noDigest(shorten(line), fmt.Sprintf("%d answers all that ask the same; to leave some out, write: %d not %s", answer.Number, answer.Number, strings.ToUpper(w)))
			case len(w) == 1 && entry >= 0 && entry < entries:
				o.Fetch = append(o.Fetch, entry)
			case len(w) == 1 && unicode.IsLetter(rune(w[0])) && lower != "y":
				return DigestOrder{}, noDigest(shorten(line), fmt.Sprintf("it lists no %s; its letters go from A to %s", strings.ToUpper(w), desk.DigestSign(entries-1)))
			case language.Has(language.Except, lower) && answer != nil && !left:
				left = true
			case lower == "&", lower == "+", language.Has(language.Joining, lower):
			default:
				return DigestOrder{}, noDigest(shorten(line), fmt.Sprintf("“%s” is none of the words that it named", shorten(w)))
			}
		}
		if left && len(answer.Not) == 0 {
			return DigestOrder{}, noDigest(shorten(line), "it does not say which letters to leave out")
		}
	}
	if len(o.Answers)+len(o.Fetch) == 0 {
		return DigestOrder{}, noDigest("", "there is no letter and no number in it")
	}
	slices.Sort(o.Fetch)
	o.Fetch = slices.Compact(o.Fetch)
	return o, nil
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
