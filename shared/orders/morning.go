package orders

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/replywell/replywell/shared/language"
)

// MorningOrder is what a reply to a morning mail asks for.
type MorningOrder struct {
	Fetch []int // entries whose mails are to come again, counted from 0
	Take  []int // those of them that become the agent's
}

// ReadMorning reads an agent's reply to a morning mail of so many entries: numbers,
// each with "take" behind or before it if it is to be the agent's. As in a digest
// every word must be one that the mail named, or change nothing; else it is a
// *desk.CommandError, and nothing is done.
func ReadMorning(text string, entries int, names ...string) (MorningOrder, error) {
	var o MorningOrder
	for _, l := range readLines(text, nil) {
		switch some := len(o.Fetch) > 0; {
		case l.blank, !some && greets(l, nil):
			continue
		case some && (strings.Trim(l.raw, "-–—_ ") == "" || TakesLeave(l.plain) || isNamed(l.plain, names)):
		default:
			if err := o.line(l.raw, entries); err != nil {
				return MorningOrder{}, err
			}
			continue
		}
		break
	}
	if len(o.Fetch) == 0 {
		return MorningOrder{}, noDigest("", "there is no number in it")
	}
	return o, nil
}

func (o *MorningOrder) line(line string, entries int) error {
	take, last, fresh := false, -1, false
	for _, w := range strings.FieldsFunc(line, func(r rune) bool {
		return unicode.IsSpace(r) || strings.ContainsRune(",;.:#()\"“”'`*!", r) || !unicode.IsPrint(r)
	}) {
		lower := strings.ToLower(w)
		number, err := strconv.Atoi(w)
		switch {
		case err == nil && (number < 1 || number > entries):
			return noDigest(shorten(line), fmt.Sprintf("it lists no %d; its numbers go from 1 to %d", number, entries))
		case err == nil:
			last, fresh = number-1, true
			if !slices.Contains(o.Fetch, last) {
				o.Fetch = append(o.Fetch, last)
			}
			if take {
				o.take(last)
			}
		case words().commands[lower].name == "take" && words().commands[lower].sure && fresh: // "5 take"
			o.take(last)
			fresh = false
		case words().commands[lower].name == "take" && words().commands[lower].sure: // "take 5 and 6"
			take = true
		case lower == "&", lower == "+", language.Has(language.Joining, lower), language.Has(language.HeldFiller, lower):
		default:
			return noDigest(shorten(line), fmt.Sprintf("“%s” is none of the words that it named", shorten(w)))
		}
	}
	if take && last < 0 {
		return noDigest(shorten(line), "it does not say the number of what to take")
	}
	return nil
}

func (o *MorningOrder) take(n int) {
	if !slices.Contains(o.Take, n) {
		o.Take = append(o.Take, n)
	}
}
