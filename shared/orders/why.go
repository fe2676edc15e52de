package orders

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/language"
)

// ReportOrder is what a reply to a report, or to what was behind a figure of one, asks
// for: mails by number, or figures.
type ReportOrder struct {
	MorningOrder
	Figures []int  // by their places in what can be asked for
	Said    string // a figure's name of which none is there
	Meant   int    // the place of the one that may have been meant; -1: none is like it
}

// whyWord begins an order that asks for a figure.
const whyWord = "why"

// ReadReport reads an agent's reply to a report: "#why 1", "#why reopened", the figure's
// number or name alone, or "yes" where the mail asked whether a figure was meant. Where
// the mail listed so many entries, a number alone is an entry's, as in a morning mail.
// What is understood in part is said in Said and Meant; what is not is a
// *desk.CommandError, and nothing is done.
func ReadReport(text string, q desk.Confirmation, names ...string) (ReportOrder, error) {
	o := ReportOrder{Meant: -1}
	some := false
	for _, l := range readLines(text, nil) {
		switch {
		case l.blank, !some && greets(l, nil):
			continue
		case some && (strings.Trim(l.raw, "-–—_ ") == "" || TakesLeave(l.plain) || isNamed(l.plain, names)):
			return o, nil
		case some:
			return ReportOrder{}, noDigest(shorten(l.raw), "this is more than a figure’s number or name")
		}
		some = true
		words := tokens(l.plain)
		asked := len(words) > 0 && (words[0] == whyWord || strings.HasPrefix(strings.TrimSpace(l.raw), "#") && slips(words[0], whyWord) <= 1)
		if asked {
			words = words[1:]
		}
		switch {
		case !asked && q.About != "" && agrees(words):
			o.Figures = placesOf(q.Behind, q.About)
		case !asked && len(q.Listed) > 0 && begins(words):
			m, err := ReadMorning(text, len(q.Listed), names...)
			return ReportOrder{MorningOrder: m, Meant: -1}, err
		default:
			if err := o.figures(l.plain, words, q.Behind); err != nil {
				return ReportOrder{}, err
			}
		}
	}
	if !some {
		return ReportOrder{}, noDigest("", "there is no figure in it")
	}
	return o, nil
}

// agrees reports whether words are a yes, and nothing else.
func agrees(words []string) bool {
	return len(words) > 0 && !slices.ContainsFunc(words, func(w string) bool {
		return !language.Has(language.MineYes, w) && !language.Has(language.HeldFiller, w)
	}) && slices.ContainsFunc(words, func(w string) bool { return language.Has(language.MineYes, w) })
}

// begins reports whether words begin with an entry's number, or take one.
func begins(words []string) bool {
	return slices.ContainsFunc(words, func(w string) bool { _, err := strconv.Atoi(w); return err == nil })
}

// figures finds the figures that a line names.
func (o *ReportOrder) figures(line string, words []string, all []desk.Behind) error {
	var numbers []int
	var rest []string
	for _, w := range words {
		n, err := strconv.Atoi(w)
		switch {
		case err == nil:
			numbers = append(numbers, n)
		case language.Has(language.Joining, w), language.Has(language.HeldFiller, w):
		default:
			rest = append(rest, w)
		}
	}
	if len(rest) > 0 { // a name, in which there may be a number: "came back within 7 days"
		o.Figures, o.Meant = figureNamed(words, all)
		if len(o.Figures) == 0 {
			o.Said = strings.Join(words, " ")
		}
		return nil
	}
	if len(numbers) == 0 {
		return noDigest(shorten(line), "it does not say which figure")
	}
	most := 0
	for _, b := range all {
		most = max(most, b.Number)
	}
	for _, n := range numbers {
		at := slices.IndexFunc(all, func(b desk.Behind) bool { return b.Number == n && n > 0 })
		if at < 0 && most > 0 {
			return noDigest(shorten(line), fmt.Sprintf("there is nothing to show behind %d; the report’s numbers go to %d", n, most))
		} else if at < 0 {
			return noDigest(shorten(line), "it has no numbers; write the figure’s name")
		}
		if !slices.Contains(o.Figures, at) {
			o.Figures = append(o.Figures, at)
		}
	}
	return nil
}

func placesOf(all []desk.Behind, figure string) (out []int) {
	for i, b := range all {
		if b.Figure == figure {
			out = append(out, i)
		}
	}
	return out
}

// figureNamed finds the figure that is called so: every word is one of its name's, or of its
// mailbox's. Of several it is the one whose name has the fewest other words. Where none
// is, meant is the one that a slip of the finger, or the most words, come next to.
func figureNamed(asked []string, all []desk.Behind) (found []int, meant int) {
	best, least, meant, most := -1, 0, -1, 0
	for i, b := range all {
		name := nameOf(b)
		box := tokens(strings.ReplaceAll(b.Name+" "+b.Mailbox, "+", " "))
		figure, missed, slipped := 0, 0, 0 // words of its name, of no name, and nearly of its name
		for _, w := range asked {
			switch {
			case slices.ContainsFunc(name, func(n string) bool { return sameStem(w, n) }):
				figure++
			case slices.Contains(box, w), language.Has(language.HeldFiller, w), language.Has(language.Joining, w):
			case len(w) > 3 && slices.ContainsFunc(name, func(n string) bool { return len(n) > 3 && slips(w, n) <= 1+len(n)/7 }):
				slipped++
			default:
				missed++
			}
		}
		if likeness := 2*(figure+slipped) - missed; figure+slipped > 0 && likeness > most {
			meant, most = i, likeness
		}
		if extra := len(long(tokens(b.Label))) - figure; figure > 0 && missed+slipped == 0 && (best < 0 || extra < least) {
			best, least = i, extra
		}
	}
	if best < 0 {
		return nil, meant
	}
	for _, i := range placesOf(all, all[best].Figure) {
		// A mailbox's name, if one was given, holds for all.
		box := tokens(strings.ReplaceAll(all[i].Name+" "+all[i].Mailbox, "+", " "))
		if !slices.ContainsFunc(asked, func(w string) bool {
			return !slices.Contains(box, w) && !language.Has(language.HeldFiller, w) && !language.Has(language.Joining, w) && !slices.ContainsFunc(nameOf(all[i]), func(n string) bool { return sameStem(w, n) })
		}) {
			found = append(found, i)
		}
	}
	return found, -1
}

// nameOf are the words of a figure's name and of what the report calls it.
func nameOf(b desk.Behind) []string {
	return append(tokens(b.Label), strings.FieldsFunc(b.Figure, func(r rune) bool { return r == '-' || r == ' ' })...)
}

// long are the words that tell something: all but the shortest, if there are others.
func long(words []string) (out []string) {
	for _, w := range words {
		if utf8.RuneCountInString(w) > 3 {
			out = append(out, w)
		}
	}
	if len(out) == 0 {
		return words
	}
	return out
}

// sameStem reports whether two words are the same up to an ending: "wait", "waits".
func sameStem(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	return strings.HasPrefix(b, a) && (len(a) == len(b) || len(a) >= 4 && len(b)-len(a) <= 3)
}
