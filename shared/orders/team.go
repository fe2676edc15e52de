package orders

import (
	"path"
	"strings"
	"unicode"

	"github.com/replywell/replywell/shared/email/visible/phrasebook"
)

// nameWords gives the words of names, folded, of two letters and more.
func nameWords(names []string) map[string]bool {
	out := map[string]bool{}
	for _, n := range names {
		for _, w := range strings.FieldsFunc(fold(n), func(r rune) bool { return !inWord(r) && r != '\'' && r != '-' }) {
			if len([]rune(w)) > 1 {
				out[w] = true
			}
		}
	}
	return out
}

// signs are what a text says of whom it speaks to.
type signs struct {
	you  bool // it speaks to its reader
	they bool // it speaks of a person who does not read it
	name bool // it names the customer, and not to call them
	mate bool // it names a colleague
}

// evidence reads a text for whom it speaks to. A word counts in the language
// that the text is most likely written in: "du" is French for something else.
func (r *reader) evidence(text string) (s signs) {
	ws := wordsOf(text)
	if len(ws) > 400 {
		ws = ws[:400]
	}
	best, most := []int{}, 0
	for k, g := range words().languages {
		n := 0
		for _, w := range ws {
			if g.known[w] {
				n++
			}
		}
		if n > most {
			best, most = best[:0], n
		}
		if n == most && n > 0 {
			best = append(best, k)
		}
	}
	s.you = len(best) > 0
	for _, k := range best {
		g := words().languages[k]
		s.you = s.you && g.you.in(ws)
		s.they = s.they || g.they.in(ws)
	}
	s.they = s.they || words().customer.in(ws)
	if strings.ContainsFunc(text, phrasebook.Unspaced) {
		f := fold(text)
		for first := range words().customer {
			s.they = s.they || strings.ContainsFunc(first, phrasebook.Unspaced) && strings.Contains(f, first)
		}
	}
	for i, w := range ws {
		if r.customer[w] && !called(text, ws, i) {
			s.name = true
		}
		s.mate = s.mate || r.mates[w]
	}
	return s
}

// called reports whether the name at word i is how somebody is spoken to:
// "Erika, the lamp ...", "Hello Erika".
func called(text string, ws []string, i int) bool {
	if i > 0 {
		before := strings.Join(ws[max(0, i-3):i], " ")
		for k := range strings.Fields(before) {
			part := strings.Join(strings.Fields(before)[k:], " ")
			if n := phrasebook.Default().Greeting(part); n > 0 && n >= len(part)-8 {
				return true
			}
		}
	}
	f := fold(text)
	return strings.Contains(f, ws[i]+",") || strings.Contains(f, ws[i]+"!") || i == 0 && strings.Contains(f, ws[i]+":") || strings.Contains(f, "@"+ws[i]) || strings.Contains(f, ", "+ws[i])
}

// head is what a line begins with, up to a sign that parts it from the rest.
func head(s string, marks string) (before, sep, after string) {
	at := strings.IndexAny(s, marks)
	for _, dash := range []string{" - ", " – ", " — ", "—"} {
		if k := strings.Index(s, dash); k >= 0 && (at < 0 || k < at) {
			return s[:k], strings.TrimSpace(dash), strings.TrimSpace(s[k+len(dash):])
		}
	}
	if at < 0 {
		return s, "", ""
	}
	size := len(string(first(s[at:])))
	return s[:at], s[at : at+size], strings.TrimSpace(s[at+size:])
}

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

// afterWords gives what stands behind the first n words of a line.
func afterWords(s string, n int) string {
	for ; n > 0; n-- {
		s = strings.TrimLeftFunc(s, func(c rune) bool { return !inWord(c) })
		end := strings.IndexFunc(s, func(c rune) bool { return !inWord(c) && c != '\'' && c != '-' })
		if end < 0 {
			return ""
		}
		s = s[end:]
	}
	return strings.TrimLeft(s, " :.,;-–—")
}

// headOfMail reports whether nothing is said above line i, a greeting included.
func (r *reader) headOfMail(i int) bool { return r.above(i).plain == "" && r.above(i).lead == "" }

func (r *reader) hasHeadings() bool { return r.headings != nil || r.otherHeadings(-1) }

// lastParagraph reports whether no paragraph follows the one of line i.
func (r *reader) lastParagraph(i int) bool {
	for ; i < len(r.lines) && !r.lines[i].blank; i++ {
	}
	return r.last(i)
}

// rest gives all the text from line i on, restOfParagraph to the next blank line.
func (r *reader) rest(i int) string { return r.joined(i, len(r.lines)) }

func (r *reader) restOfParagraph(i int) string {
	k := i
	for k < len(r.lines) && !r.lines[k].blank {
		k++
	}
	return r.joined(i, k)
}

func (r *reader) joined(from, to int) string {
	var b strings.Builder
	for k := from; k < to && b.Len() < 4000; k++ {
		if !r.lines[k].quoted {
			b.WriteString(r.lines[k].raw + "\n")
		}
	}
	return b.String()
}

// greetsColleague reports whether a greeting names somebody of the team.
func (r *reader) greetsColleague(l line) bool {
	ws := wordsOf(l.plain)
	mate := false
	for _, w := range ws {
		if r.customer[w] {
			return false
		}
		mate = mate || r.mates[w]
	}
	return mate || len(ws) <= 4 && words().team.in(ws)
}

// toColleague finds a line that calls somebody of the team: "@Ben can you take
// this?", "Hi Ben,", "Ben - please look".
func (r *reader) toColleague(i int, p place) *Doubt {
	l := r.lines[i]
	if r.sure() || p == within && !r.paragraph(i) && !r.lines[i-1].ends() {
		return nil
	}
	yes := func() *Doubt { return r.again(i, "#note "+strings.TrimLeft(l.lead, "*_ ")+l.plain, WhyColleague) }
	if l.mark == "@" && !l.spaced {
		word, rest := l.word()
		w := []string{fold(word)}
		dotted := strings.FieldsFunc(fold(strings.SplitN(l.plain, " ", 2)[0]), func(c rune) bool { return !inWord(c) })
		mate := r.mates[w[0]]
		for _, d := range dotted {
			mate = mate || r.mates[d]
		}
		switch {
		case word == "" || strings.HasPrefix(rest, "@"):
			return nil
		case mate, words().team.in(w), words().all.in(w):
			return yes()
		case r.customer[w[0]] || r.self[w[0]]:
			return nil
		case p != within && strings.Trim(rest, " .:,") != "" && !strings.HasPrefix(rest, "."):
			return yes()
		case r.nearMate(w[0]):
			return yes()
		}
		return nil
	}
	if ws := wordsOf(first1(l.plain)); strings.HasSuffix(l.lead, "<!") && len(ws) == 1 && (words().all.in(ws) || words().team.in(ws)) {
		return yes() // as a chat writes "@here"
	}
	before, sep, after := head(l.plain, ",:：;?!、，")
	ws := wordsOf(before)
	greeting := 0
	for greeting < len(ws) {
		n := words().forWhom.at(ws, greeting)
		if n == 0 && greeting == 0 {
			if g := phrasebook.Default().Greeting(phrasebook.Fold(before)); g > 0 {
				n = len(wordsOf(before[:min(g, len(before))]))
			}
		}
		if n == 0 {
			break
		}
		greeting += n
	}
	names := ws[min(greeting, len(ws)):]
	mates := 0
	for _, w := range names {
		switch {
		case r.mates[w]:
			mates++
		case w == "&" || w == "and" || w == "und" || w == "et" || w == "y" || w == "e" || w == "en" || w == "i" || w == "og" || w == "och":
		default:
			mates = -99
		}
	}
	if mates > 0 && (sep != "" && sep != "?" && sep != "!" || greeting > 0) && (greeting > 0 || after != "" || !r.last(i)) {
		return yes()
	}
	if greeting > 0 && p == top && len(names) > 0 && words().team.at(names, 0) == len(names) {
		return yes()
	}
	// "all: ...", "Hi folks": several customers are called so too, but then told something.
	if p == top && (greeting > 0 || sep == ":") && len(names) > 0 && max(words().all.at(names, 0), words().crew.at(names, 0)) == len(names) && len(wordsOf(r.rest(i))) <= maxHail && !r.evidence(r.rest(i)).you {
		return yes()
	}
	if p == top && sep != "" && strings.Contains(",:?!", sep) && len(ws) > 0 && words().crew.at(ws, 0) == len(ws) {
		return yes()
	}
	if mates > 0 && greeting == 0 && (sep == "?" || sep == "!") && after == "" && !r.last(i) && r.paragraph(i) {
		return yes()
	}
	if n := 0; p == top && len(ws) > 1 {
		if n = words().call.at(ws, 0); n > 0 && n < len(ws) && r.mates[ws[n]] {
			return yes()
		}
		if n = words().crew.at(ws, 0); n > 0 && sep == "" && startsLower(l.plain) && !r.evidence(l.plain).you {
			return yes()
		}
	}
	if greeting == 0 && p == top && sep == ":" && len(ws) > 0 && words().team.at(ws, 0) == len(ws) {
		return yes()
	}
	// "hey ben can you take this"
	if greeting > 0 && len(names) > 1 && r.mates[names[0]] && (p != within || r.paragraph(i)) && phrasebook.Default().Greeting(phrasebook.Fold(before)) > 0 {
		return yes()
	}
	// "Ben can you take this?"
	if len(ws) > 1 && r.mates[ws[0]] && sep == "?" && unicode.IsLetter(first(l.plain)) {
		return yes()
	}
	return nil
}

// nearMate reports whether a word is a slip away from a colleague's name.
func (r *reader) nearMate(w string) bool {
	if len(w) < 3 || len(w) > maxWord {
		return false
	}
	for m := range r.mates {
		if len(m) > 2 && slips(w, m) <= 1 {
			return true
		}
	}
	return false
}

// Bounds of a mail that speaks about the customer without a label.
const (
	maxAbout = 40 // words
	maxTake  = 16
	maxHail  = 11 // of one that greets all
	maxNamed = 25 // of one that says "you" to nobody, and has a name of the team's or is no sentence
)

// aside looks at a short mail that greets nobody as a whole: does it hand the
// conversation over, or speak about the customer?
func (r *reader) aside() *Doubt {
	if r.sure() || len(r.out.Commands) > 0 {
		return nil
	}
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

// standsIn reports whether a line stands for a picture in the plain text, as programs
// write it: "[image: lamp.png]", "[cid:4711@mail]".
func standsIn(line string) bool {
	line = strings.TrimSpace(line)
	if len(line) < 2 || line[0] != '[' || line[len(line)-1] != ']' {
		return false
	}
	name := line[1 : len(line)-1]
	if strings.ContainsAny(name, "[]") {
		return false
	}
	switch name = strings.ToLower(name); path.Ext(name) {
	case ".png", ".jpg", ".jpeg", ".gif", ".webp", ".heic", ".bmp", ".svg", ".tif", ".tiff":
		return true
	}
	return strings.HasPrefix(name, "cid:")
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

// maxAbrupt is by which word a mail about the customer has come to them.
const maxAbrupt = 4

// abruptly reports whether a text speaks of a person at once, whom nobody named:
// who reads it must know. "My husband is away; he ..." says whom it means.
func (r *reader) abruptly(ws []string) bool {
	start := ws[:min(len(ws), maxAbrupt)]
	for _, g := range words().languages {
		if g.they.in(start) || g.customer.in(ws) {
			return len(ws) <= 30
		}
	}
	return strings.ContainsFunc(strings.Join(ws, ""), phrasebook.Unspaced)
}

// namesCustomer reports whether a greeting is for somebody outside the team: it
// has a name that is none of ours, nor "all".
func (r *reader) namesCustomer(l line) bool {
	f := phrasebook.Fold(l.plain)
	n := phrasebook.Default().Greeting(f)
	if n == 0 || n > len(f) {
		return true
	}
	ws := wordsOf(f[n:])
	for i := 0; i < len(ws); i++ {
		k := max(words().all.at(ws, i), words().team.at(ws, i), words().crew.at(ws, i))
		if k == 0 && !r.mates[ws[i]] {
			return true
		}
		i += max(k, 1) - 1
	}
	return false
}

// handsOver reports whether a sentence of the text hands the conversation over, and
// says no more: "can you take this, please?", not "take this cable".
func handsOver(text string) bool {
	v := words()
	for _, sentence := range strings.FieldsFunc(text, func(c rune) bool { return strings.ContainsRune(".?!,;\n", c) }) {
		ws := wordsOf(sentence)
		for i := range ws {
			n := v.take.at(ws, i)
			if n == 0 || n == 1 && i > 0 && v.please.at(ws, 0) != i {
				continue // "longer than yours"
			}
			k := i + n
			for k < len(ws) && (v.please.at(ws, k) > 0 || v.thing.at(ws, k) > 0 || ws[k] == "you" || ws[k] == "du" || ws[k] == "mal") {
				k++
			}
			if k == len(ws) {
				return true
			}
		}
	}
	return false
}

func (r *reader) callsCustomer(text string) bool {
	ws := wordsOf(text)
	for i, w := range ws {
		if r.customer[w] && called(text, ws, i) {
			return true
		}
	}
	return false
}
