package orders

import (
	"slices"
	"strings"
	"unicode"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/visible/phrasebook"
)

// Bounds of a mail that speaks about the customer without a label.
const (
	maxAbout = 40 // words
	maxTake  = 16
	maxHail  = 11 // of one that greets all
	maxNamed = 25 // of one that says "you" to nobody, and has a name of the team's or is no sentence
)

// aside looks at what is said beside the orders. Where some are carried out, the
// mail only says that its text may be for the team. Who says #answer or #learn has
// said whom it is for.
func (r *reader) aside() *Doubt {
	switch {
	case r.sure() || r.out.Has(desk.CommandAnswer) || r.out.Has(desk.CommandLearn):
		return nil
	case len(r.out.Commands) == 0:
		return r.about()
	}
	beside := *r
	beside.lines = slices.Clone(r.lines)
	for _, i := range r.ordered {
		beside.lines[i] = line{blank: true}
	}
	r.out.Jotted = beside.about() != nil
	return nil
}

// about looks at a short mail that greets nobody as a whole: does it hand the
// conversation over, or speak about the customer?
func (r *reader) about() *Doubt {
	at, hailed := -1, false
	for i, l := range r.lines {
		switch {
		case l.quoted, l.code:
			return nil
		case l.blank:
		case greets(l, r.customer):
			if at >= 0 || r.namesCustomer(l) {
				return r.jottedBelow()
			}
			f := phrasebook.Fold(l.plain)
			if n := phrasebook.Default().Greeting(f); n > 0 && n < len(f) { // "Hi folks": several customers are called so too, but then told something
				ws := wordsOf(f[n:])
				hailed = len(ws) > 0 && max(words().all.at(ws, 0), words().crew.at(ws, 0)) == len(ws)
			}
		case at < 0:
			at = i
		}
	}
	if at < 0 {
		return nil
	}
	text := r.joined(at, len(r.lines))
	ws := wordsOf(text)
	if len(ws) > maxAbout {
		return r.jottedBelow()
	}
	e := r.evidence(text)
	switch {
	case len(ws) <= maxTake && handsOver(text) && !r.callsCustomer(text):
	case e.they && !e.you && r.abruptly(ws), (e.name || e.mate && r.loose(at)) && !e.you && len(ws) <= maxNamed:
	case !e.you && len(ws) <= maxNamed && (r.keptBeside(r.lines[at], ws)), hailed && !e.you && len(ws) <= maxHail:
	case r.jotted(at, text, ws):
	default:
		return r.jottedBelow()
	}
	return r.again(at, "#note "+r.lines[at].raw, WhyAbout)
}

// loose reports whether what begins at line i is no sentence as one writes it to
// a customer: it begins small, or does not end.
func (r *reader) loose(i int) bool {
	last := i
	for k := i; k < len(r.lines); k++ {
		if !r.lines[k].blank {
			last = k
		}
	}
	return !unicode.IsUpper(first(r.lines[i].plain)) || strings.TrimSpace(r.lines[i].lead) != "" || !r.lines[last].ends()
}

// keptBeside reports whether a short mail to nobody is what a team keeps beside a
// conversation, as trackers do: a field and its value, a telegram about the
// customer, a question that the team asks itself.
func (r *reader) keptBeside(l line, ws []string) bool {
	v := words()
	if len(ws) == 0 || standsIn(l.raw) {
		return false
	}
	before, sep, after := head(l.plain, ":：")
	if label := wordsOf(before); after != "" && sep != "" && sep != "," && len(label) > 0 && len(label) <= 3 {
		if v.field.at(label, 0) == len(label) || sep != "-" && startsLower(l.plain) && !strings.HasPrefix(after, "/") {
			return true
		}
	}
	if v.wonder.at(ws, 0) > 0 && strings.Contains(l.plain, "?") || v.field.at(ws, 0) > 0 && (startsLower(l.plain) || len(ws[0]) > 2 && strings.ToUpper(first1(l.plain)) == first1(l.plain)) {
		return true
	}
	for i := range ws {
		if n := v.nouns.at(ws, i); n == 0 || i > 0 && v.article.at(ws, i-1) > 0 {
			continue
		}
		if i == 0 || v.field.at(ws, 0) == i || i == 1 || v.forWhom.at(ws, i-1) > 0 {
			return true
		}
	}
	return false
}

// jotted reports whether a mail that greets nobody by name, whose text begins at line
// at, is jotted down for the team. Who ends it as a letter wrote one.
func (r *reader) jotted(at int, text string, ws []string) bool {
	if len(ws) < 2 || len(ws) > maxJotted || standsIn(r.lines[at].raw) || strings.Contains(text, "://") || strings.ToUpper(text) == text || r.callsCustomer(text) {
		return false
	}
	for _, l := range r.lines[at:] {
		if !l.blank && r.closes(l) {
			return false
		}
	}
	return r.hears(text, aMail)
}

// hears reports whether a text speaks to the team, and notes where it only may.
func (r *reader) hears(text string, at spot) bool {
	if r.ear.forTeam(text, at) {
		return true
	}
	if r.ear.perhaps(text, at) {
		r.out.Perhaps = strings.TrimSpace(text)
	}
	return false
}

// jottedBelow looks at a mail's last paragraph: is it a word about the customer that
// was left below an answer to them? Below the words that end a letter it is judged as
// a mail by itself; else it must also be written with less care than what stands above it.
func (r *reader) jottedBelow() *Doubt {
	last := len(r.lines) - 1
	for last >= 0 && r.lines[last].blank {
		last--
	}
	at, ended, above := last, false, -1
	for at > 0 && !r.lines[at-1].blank {
		at--
	}
	for i := 0; i < at; i++ {
		l := r.lines[i]
		if l.quoted || l.code {
			return nil
		}
		ended = ended || i > 0 && (r.closes(l) || r.isSelf(l))
		if !l.blank && !greets(l, r.customer) {
			above = i
		}
	}
	if above < 0 || last < 0 {
		return nil
	}
	text := r.joined(at, last+1)
	ws := wordsOf(text)
	first := r.lines[at]
	switch {
	case len(ws) < 2 || len(ws) > maxJotted, words().hint.at(ws, 0) > 0, strings.Contains(text, "://"), strings.ContainsRune(text, '@'):
		return nil
	case first.mark != "" || strings.TrimSpace(first.lead) != "", r.closes(first), r.isSelf(first), standsIn(first.raw), r.callsCustomer(text):
		return nil
	case ended:
		if r.hears(text, afterAnswer) {
			return r.again(at, "#note "+first.raw, WhyAbout)
		}
		return nil
	case r.lines[above].ends() == r.lines[last].ends() && startsLower(r.lines[above].plain) == startsLower(first.plain):
		if r.ear.forTeam(text, withinAnswer) {
			r.out.Perhaps = strings.TrimSpace(text)
		}
		return nil
	}
	if !r.hears(text, withinAnswer) {
		return nil
	}
	return r.again(at, "#note "+first.raw, WhyAbout)
}
