package orders

import (
	"strings"
	"unicode"

	"github.com/replywell/replywell/shared/email/visible"
)

// nothing reports whether nobody says anything in the mail: no letter and no
// digit, or only a greeting, words that end a letter, names of who wrote it, a
// telephone's line, a company's card.
func (r *reader) nothing() bool {
	var left []string
	ended := false // a picture below the name is the card's
	for _, l := range r.lines {
		if l.quoted || l.mark == "#" && l.plain != "" {
			return false
		}
		ended = ended || !l.blank && (r.closes(l) || r.isSelf(l) || strings.TrimSpace(l.raw) == "--")
		switch {
		case l.blank:
			left = append(left, "")
		case ended && strings.HasPrefix(fold(l.raw), "[image"):
		case !strings.ContainsFunc(l.plain, inWord) && !strings.ContainsFunc(l.lead, unicode.IsSymbol):
		case greets(l, r.customer) && !r.greetsColleague(l), r.closes(l), r.isSelf(l):
		default:
			left = append(left, l.raw)
		}
	}
	text := strings.TrimSpace(strings.Join(left, "\n"))
	if text == "" {
		return true
	}
	if len(text) > 4000 {
		return false
	}
	// No signature begins on the first line of a mail, says the reader of mail; so
	// it gets one, and what is left below it was said.
	const something = "The lamp is on its way to the shop."
	for _, below := range []string{"\n\n" + text, "\n\n" + strings.TrimSpace(r.joined(0, len(r.lines)))} {
		if strings.TrimSpace(visible.Split("", something+below, "").Visible) == something {
			return true
		}
	}
	return r.card()
}

// courtesy gives a mail's greeting, with the words that end it and the name of
// who wrote it; "" without a greeting.
func (r *reader) courtesy() string {
	var out []string
	greeting := false
	for _, l := range r.lines {
		greets := greets(l, r.customer)
		greeting = greeting || greets
		if greets || l.blank || r.closes(l) || r.isSelf(l) {
			out = append(out, l.raw)
		}
	}
	if !greeting {
		return ""
	}
	return strings.TrimSpace(strings.Join(out, "\n"))
}

// card reports whether lines are a company's card: the first has the writer's
// name, and none is a sentence.
func (r *reader) card() bool {
	named, n := false, 0
	for _, l := range r.lines {
		if l.blank || greets(l, r.customer) || r.closes(l) {
			continue
		}
		ws := wordsOf(l.plain)
		if n++; n == 1 {
			for _, w := range ws {
				named = named || r.self[w]
			}
			if !named || len(ws) > 5 {
				return false
			}
		}
		if strings.HasSuffix(l.plain, "?") || strings.HasSuffix(l.plain, "!") || len(ws) > 12 || strings.HasSuffix(l.plain, ".") && len(ws) > 4 && !strings.ContainsFunc(l.plain, unicode.IsDigit) {
			return false
		}
	}
	return n > 1
}

// onlyCourtesy reports whether what would go to the customer is a greeting and
// the like.
func (r *reader) onlyCourtesy() bool {
	other := &reader{desk: r.desk, self: r.self, customer: r.customer, mates: r.mates, lines: readLines(strings.Join(r.text, "\n"), nil)}
	return other.nothing()
}

// orderIn gives what was set aside from the first line on that is an order; ""
// where none is.
func (r *reader) orderIn(aside string) string {
	if !strings.ContainsAny(aside, "#＃﹟♯") {
		return ""
	}
	ls := strings.Split(aside, "\n")
	for i, l := range ls {
		x := readLine(l)
		if x.mark != "#" || x.escaped {
			continue
		}
		word, _ := x.word()
		if name, how := meant(word); how == exact || how == near && name == "note" {
			return strings.Join(ls[i:], "\n")
		}
	}
	return ""
}
