package orders

import (
	"strings"

	"github.com/replywell/replywell/shared/email/visible/phrasebook"
)

// label is what a line is headed with.
type label struct {
	internal bool // says that it stays in the team
	note     bool // "note", "memo"
	hint     bool // "PS", "Hinweis": readers know it as well
	mate     bool // "note for Ben"
	to       bool // "note for": whom it is for stands behind it
	words    int
}

// labelOf reads the words at the beginning of a label; whole: all of them must
// be part of it.
func (r *reader) labelOf(ws []string, whole bool) (l label) {
	v := words()
	i := 0
	for i < len(ws) {
		n := v.internal.at(ws, i)
		u := unspacedLabel(ws[i])
		switch {
		case n > 0:
			l.internal = true
		case u.words > 0:
			n, l.internal, l.note = 1, l.internal || u.internal, l.note || u.note
		case v.label.at(ws, i) > 0:
			n, l.note = v.label.at(ws, i), true
		case v.hint.at(ws, i) > 0:
			n, l.hint = v.hint.at(ws, i), true
		case r.mates[ws[i]]:
			n, l.mate = 1, true
		case v.call.at(ws, i) > 0:
			n = v.call.at(ws, i)
		case v.please.at(ws, i) > 0 && l.mate:
			n = v.please.at(ws, i)
		case i > 0 && (v.forWhom.at(ws, i) > 0 || v.team.at(ws, i) > 0 || ws[i] == "see" || ws[i] == "check" || ws[i] == "look" || ws[i] == "only" || ws[i] == "the" || ws[i] == "nur" || ws[i] == "use" || l.to && max(v.all.at(ws, i), v.crew.at(ws, i)) > 0):
			n = max(1, v.forWhom.at(ws, i), v.team.at(ws, i), v.all.at(ws, i), v.crew.at(ws, i))
			l.internal = l.internal || v.team.at(ws, i) > 0 || l.to && max(v.all.at(ws, i), v.crew.at(ws, i)) > 0
			l.to = v.forWhom.at(ws, i) > 0
		}
		if n == 0 {
			break
		}
		i += n
	}
	if whole && i < len(ws) {
		return label{}
	}
	l.words = i
	return l
}

// labelled finds a line that says by its first words that it is for the team:
// "note: he is rude", "internal". Whom it speaks to decides, not the word:
// "Note: unplug it first" within an answer is for the customer.
func (r *reader) labelled(i int, p place) *Doubt {
	l := r.lines[i]
	if r.sure() || !r.paragraph(i) && p == within && !r.lines[i-1].ends() {
		return nil
	}
	before, sep, after := head(l.plain, ":：)]}>|=.!?,;、。")
	ws := wordsOf(before)
	if len(ws) == 0 {
		return nil
	}
	var lab label
	if len(ws) <= 7 && !(sep == "" && strings.TrimSpace(after) != "") {
		lab = r.labelOf(ws, true)
	}
	if sep == "," && !lab.internal || sep == "?" || lab.mate && !lab.internal && !lab.note && !lab.hint && sep != ":" {
		lab = label{}
	}
	small := startsLower(l.plain) || !hasCase(first1(l.plain))
	if loud := first1(l.plain); lab.words == 0 && p != top && r.paragraph(i) && (small || len(loud) > 3 && strings.ToUpper(loud) == loud && hasCase(loud)) {
		if x := r.labelOf(wordsOf(l.plain), false); x.internal && !r.evidence(r.rest(i)).you { // "INTERNAL he is rude"
			lab, after = x, afterWords(l.plain, x.words)
		}
	}
	if lab.words == 0 && p == top { // "note he is rude", "interne Notiz er lügt"
		all := wordsOf(l.plain)
		lab = r.labelOf(all, false)
		if !lab.internal && (!lab.note || lab.words != 1) || lab.internal && lab.words < 2 && !lab.note && !startsLower(l.plain) {
			lab = label{}
		}
		if lab.words > 0 {
			after = afterWords(l.plain, lab.words)
		}
		if lab.words > 0 && !lab.internal {
			if e := r.evidence(r.rest(i)); e.you && !e.they || !e.they && !e.name && !e.mate && !small {
				lab = label{}
			}
		} else if e := r.evidence(r.rest(i)); lab.internal && e.you && !e.they {
			lab = label{}
		}
	}
	switch {
	case lab.words == 0:
		return nil
	case lab.internal, lab.mate:
	default:
		e := r.evidence(after + "\n" + r.restOfParagraph(i+1))
		about := e.they || (e.name || e.mate) && !e.you
		if after == "" && (sep != "" || r.alone(i)) && !r.last(i) {
			e = r.evidence(r.rest(i + 1))
			about = e.they && !e.you || (e.name || e.mate) && !e.you
		}
		switch {
		case lab.note && p == top && r.headOfMail(i):
			if e.you && !about || !about && sep == "" && after == "" && !r.last(i) && r.hasHeadings() {
				return nil
			}
		case lab.note && (about && (small || !e.you) || small && !e.you && r.lastParagraph(i)):
		case lab.note && p == greeted && small && !e.you:
		case lab.note && !e.you && len(before) > 3 && strings.ToUpper(before) == before && hasCase(before): // "NOTE"
		case lab.hint && e.they && !e.you:
		default:
			return nil
		}
	}
	if l.mark == "#" || after == "" && sep == "" && r.last(i) && !r.last(-1) && p == top && !lab.internal {
		return nil
	}
	if lab.mate { // whom it is for stays in it
		after = l.plain
	}
	return r.again(i, strings.TrimSpace("#note "+after), WhyLabel)
}

// unspacedLabel reads a word of a script without blanks as a label: all of it must
// be words of labels.
func unspacedLabel(w string) (l label) {
	if !strings.ContainsFunc(w, phrasebook.Unspaced) {
		return label{}
	}
	for rest := fold(w); rest != ""; {
		n := 0
		for phrase := range words().internal {
			if strings.ContainsFunc(phrase, phrasebook.Unspaced) && strings.HasPrefix(rest, phrase) && len(phrase) > n {
				n, l.internal = len(phrase), true
			}
		}
		for phrase := range words().label {
			if n == 0 && strings.ContainsFunc(phrase, phrasebook.Unspaced) && strings.HasPrefix(rest, phrase) {
				n, l.note = len(phrase), true
			}
		}
		if n == 0 {
			return label{}
		}
		rest = rest[n:]
	}
	l.words = 1
	return l
}
