package visible

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/replywell/replywell/shared/email/visible/phrasebook"
)

// AsAnswer takes an agent's answer apart, of which every line that its author
// wrote goes on to a customer. It differs from Split in how a mail ends. How the
// author took leave, "Best regards, Anna", is said to the customer, and stands
// in Parts.Ending, and in its place in VisibleHTML. What a program adds below it,
// the card with numbers and links, the telephone's line, the fine print, is a
// signature, also where nothing sets it off and Split, in doubt, keeps it.
//
// by are the author's names and addresses as far as they are known. A card is
// the author's only if it names one of them: the workshop's address, which an
// answer gives, looks the same.
func (s Source) AsAnswer(by ...string) Parts {
	s.by = newAuthor(by)
	return s.Split()
}

// author is who wrote an answer, as the words of names, addresses and the domains
// of addresses, folded. nil: the mail is no answer.
type author []string

// leastName is how many letters a word of a name has that tells whose a card is.
const leastName = 3

func newAuthor(names []string) author {
	a := author{}
	for _, n := range names {
		n = phrasebook.Fold(n)
		local, domain, address := strings.Cut(n, "@")
		if address {
			a = append(a, domain)
		}
		for _, w := range strings.FieldsFunc(local, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) }) {
			if r, _ := utf8.DecodeRuneInString(w); utf8.RuneCountInString(w) >= leastName || phrasebook.Unspaced(r) {
				a = append(a, w)
			}
		}
	}
	return a
}

// in tells whether lines name the author, or nobody knows who that is.
func (a author) in(lines []line) bool {
	if len(a) == 0 {
		return true
	}
	for i := range lines {
		folded := phrasebook.Fold(lines[i].text)
		for _, w := range a {
			if strings.Contains(folded, w) {
				return true
			}
		}
	}
	return false
}

// Bounds of an ending, in lines that are not blank and characters of each.
const (
	maxEnding     = 4
	maxEndingLine = 80
)

// findEnding settles the last lines of an answer: which of what was taken for a
// signature its author said, and which of what was kept a program added.
func (d *document) findEnding() {
	d.dropTail()
	if d.tookLeave() {
		return
	}
	for i := 0; i < len(d.lines); i++ {
		if d.lines[i].kind != signature {
			continue
		}
		end := i
		for end < len(d.lines) && (d.lines[end].kind == signature || d.lines[end].blank()) {
			end++
		}
		if d.leave(i, end) {
			return
		}
		i = end
	}
}

// leave finds the words with which the author took leave among the signature's
// lines from i to before end, and says whether there are any.
func (d *document) leave(i, end int) bool {
	for k := i; k < end && k < i+40; k++ {
		l := &d.lines[k]
		if l.blank() || isRule(l.text, 1) || utf8.RuneCountInString(l.text) > maxEndingLine {
			continue
		}
		if d.closes(l.text) || d.closesAndSigns(l.text) {
			d.setKind(k, k+1, ending)
			if d.closes(l.text) {
				d.name(k+1, end)
			}
			d.acted("ending", k)
			return true
		}
	}
	// A name without a formula: above a telephone's line, or behind a dash.
	first := d.next(i)
	if first >= end || !d.plain(first) {
		return false
	}
	r, _ := utf8.DecodeRuneInString(d.lines[first].text)
	below := d.next(first + 1)
	dashed := strings.ContainsRune("-–—", r) && (below > first+1 || below >= end || isRule(d.lines[below].text, 2))
	if dashed || below < end && d.isMobile(d.lines[below].text) && isName(d.lines[first].text) {
		d.setKind(first, first+1, ending)
		d.acted("ending-name", first)
		return true
	}
	return false
}

// name takes the name below the words of leave to them, perhaps with what its
// bearer is, where no card begins with it: of a card the name alone was meant.
func (d *document) name(i, end int) {
	at, ruled := d.next(i), false
	for at < end && isRule(d.lines[at].text, 1) {
		at, ruled = d.next(at+1), true
	}
	if at >= end || !d.plain(at) || ruled && !d.author.in(d.lines[at:at+1]) {
		return // below a rule a card begins, with the company as often as with the name
	}
	d.setKind(at, at+1, ending)
	apart := d.html && at == i+1 // each line is a paragraph of its own, as Outlook's are
	last, lines := at+1, 1
	for last < end && !isRule(d.lines[last].text, 1) && !d.isMobile(d.lines[last].text) {
		if d.lines[last].blank() {
			if apart && last+1 < end && !d.lines[last+1].blank() && !d.lines[last-1].blank() {
				last++
				continue
			}
			break
		}
		if lines++; !d.plain(last) || lines >= maxEnding {
			return
		}
		last++
	}
	d.setKind(at+1, last, ending)
}

// plain tells whether a line of a signature could be a name or a few words of a
// person's, not an item of a card.
func (d *document) plain(k int) bool {
	t := d.lines[k].text
	if open := strings.IndexByte(t, '('); open > 0 && strings.HasSuffix(t, ")") { // "(she/her)"
		t = t[:open]
	}
	return len(strings.Fields(t)) <= 6 && utf8.RuneCountInString(t) <= maxEndingLine && !sentence(t) && !hasContact(t) && !isRule(t, 1) &&
		!strings.ContainsAny(t, "0123456789@|:<>/·•[]") && !d.isMobile(t) && !d.book.Legal(phrasebook.Fold(t))
}

// closesAndSigns tells whether a line takes leave and names its author at once:
// "Best regards, Anna", "Viele Grüße, Anna Winter".
func (d *document) closesAndSigns(text string) bool {
	for _, comma := range []string{",", "،", "、", "，"} {
		words, name, ok := strings.Cut(text, comma)
		if ok && d.book.Closing(phrasebook.Fold(words)) && strings.TrimSpace(name) != "" && shortName(name) && !sentence(name) && !hasContact(name) {
			return true
		}
	}
	return false
}

// tookLeave tells whether the author's own words end with a leave already, as
// "Best regards, Anna" on one line does, which Split keeps. A second one from the
// signature below them would be a program's.
func (d *document) tookLeave() bool {
	last := -1
	for i := range d.lines {
		if l := &d.lines[i]; l.kind == fresh && !l.blank() {
			last = i
		}
	}
	if last < 0 {
		return false
	}
	l, above := &d.lines[last], d.before(last-1)
	if !d.anyFreshBefore(last) {
		return false
	}
	switch {
	case d.closes(l.text):
		d.setKind(last, last+1, ending)
		if d.nameFollows(last) {
			d.name(last+1, len(d.lines))
		}
		return true
	case d.closesAndSigns(l.text):
		d.setKind(last, last+1, ending)
		d.setKind(last+1, d.picturesBelow(last+1), signature)
		return true
	case above < 0 || d.lines[above].kind != fresh || !shortName(l.text) || !d.signs(last) || !d.anyFreshBefore(above):
		return false
	case d.closes(d.lines[above].text):
		d.setKind(above, last+1, ending)
		d.setKind(last+1, d.picturesBelow(last+1), signature)
		return true
	}
	return parting(d.lines[above].text) // "Thanks, Anna": said, and an end
}

// signs tells whether line i, the last of the author's words, is their name and not
// a short answer, which what stands below it would show: "It left today."
func (d *document) signs(i int) bool {
	t := d.lines[i].text
	if len(d.author) > 0 && d.author.in(d.lines[i:i+1]) {
		return true
	}
	r, _ := utf8.DecodeLastRuneInString(t)
	return isName(t) && !strings.ContainsRune(".!?", r)
}

// nameFollows tells whether the line below line i, a signature's, is a name.
func (d *document) nameFollows(i int) bool {
	k := d.next(i + 1)
	return k < len(d.lines) && d.lines[k].kind == signature && d.plain(k)
}

// dropTail goes up from the end of the author's words and takes from them what
// nobody says: fine print, a telephone's line, a card that no mark sets off.
func (d *document) dropTail() {
	last := len(d.lines)
	for {
		last = d.lastFresh(last)
		if last < 0 {
			return
		}
		first := last
		for first > 0 && d.lines[first-1].kind == fresh && !d.lines[first-1].blank() {
			first--
		}
		if !d.anyFreshBefore(first) {
			return // the first paragraph is what the mail says
		}
		from := d.tail(first, last+1)
		if from < 0 {
			from = d.spreadCard(last)
		}
		if from < 0 {
			return
		}
		d.setKind(from, d.picturesBelow(last+1), signature)
		d.acted("tail", from)
		if last = from; from > first {
			return
		}
	}
}

// spreadCard finds a card whose every line is a paragraph, as Outlook writes it
// in HTML, and gives its first line; -1 if there is none above the last line.
func (d *document) spreadCard(last int) int {
	if !d.html {
		return -1
	}
	found := -1
	for k, n := last, 1; n <= maxSignature; n++ {
		if d.card(k, last+1) {
			found = k
		}
		if k -= 2; k < 1 || !d.lines[k+1].blank() || d.lines[k].blank() || d.lines[k].kind != fresh || !d.lines[k-1].blank() {
			break
		}
	}
	return found
}

// picturesBelow gives the line after the pictures and blank lines from line i on:
// below a card or a name they belong to the signature.
func (d *document) picturesBelow(i int) int {
	for i < len(d.lines) && d.lines[i].blank() && d.lines[i].kind == fresh {
		i++
	}
	return i
}

func (d *document) lastFresh(before int) int {
	for i := before - 1; i >= 0; i-- {
		if l := &d.lines[i]; l.kind == fresh && !l.blank() {
			return i
		}
	}
	return -1
}

// tail gives the line from which the last paragraph, lines i to before j, was
// added by a program; -1 where it was not.
func (d *document) tail(i, j int) int {
	text := make([]string, 0, j-i)
	for k := i; k < j; k++ {
		text = append(text, d.lines[k].text)
	}
	all := strings.Join(text, " ")
	switch {
	case j-i == 1 && (d.isMobile(all) || isRule(all, 2)):
		return i
	case j-i == 1 && strings.Count(all, "|")+strings.Count(all, "·")+strings.Count(all, "•") >= 2 && hasContact(all) && len(d.author) > 0 && d.author.in(d.lines[i:j]):
		return i // a card on one line
	case d.finePrint(all):
		return i
	case d.book.Closing(phrasebook.Fold(d.lines[i].text)) || d.closesAndSigns(d.lines[i].text):
		return d.cardBelow(i+1, j)
	case parting(d.lines[i].text) && j-i > 2 && d.plain(i+1):
		return d.cardBelow(i+2, j)
	case d.card(i, j):
		return i
	}
	return -1
}

// cardBelow gives the first line of a card below a leave and its name, in one
// paragraph with them.
func (d *document) cardBelow(i, j int) int {
	for k := i; k < j; k++ {
		if t := d.lines[k].text; d.says(t) {
			return -1
		} else if hasContact(t) || d.isMobile(t) || strings.ContainsAny(t, "|·•") {
			if k > i+1 {
				k = i + 1 // what stands between the name and it belongs to it
			}
			return k
		}
	}
	return -1
}

// says tells whether a line below a name was said by its bearer, and is neither a
// program's nor a lawyer's.
func (d *document) says(t string) bool {
	return speaks(t) && !d.isMobile(t) && !d.book.Legal(phrasebook.Fold(t))
}

// card tells whether a paragraph is a card: it begins with a name, none of its
// lines is a sentence or asks for anything, and at least one is a contact.
func (d *document) card(i, j int) bool {
	contacts, items := 0, 0
	above := d.before(i - 1)
	if lines := d.count(i, j); lines < 2 || lines > maxSignature || !d.author.in(d.lines[i:j]) || !isName(d.lines[i].text) || above < 0 || strings.ContainsAny(d.lines[above].text[len(d.lines[above].text)-1:], ":：") {
		return false
	}
	for k := i; k < j; k++ {
		t := d.lines[k].text
		if t == "" {
			continue
		}
		if sentence(t) && !hasContact(t) || utf8.RuneCountInString(t) > 100 || isListItem(t) && !hasContact(t) {
			return false
		}
		if hasContact(t) {
			contacts++
		}
		if strings.ContainsAny(t, "|·•") {
			items++
		}
	}
	return contacts > 0 && (d.count(i, j) >= 3 || items > 0)
}

// finePrint tells whether a paragraph is what a company's lawyer adds to every
// mail. A sentence about confidential matters is not: fine print is long, or
// speaks of the mail itself in two of the words that such print has.
func (d *document) finePrint(text string) bool {
	folded := phrasebook.Fold(text)
	n := d.book.LegalWords(folded)
	return n >= 2 || n == 1 && utf8.RuneCountInString(text) > 250
}

// withoutEnding takes the last lines off a text that say what the ending does.
func withoutEnding(text, ending string) (string, bool) {
	want := squash(ending)
	if want == "" {
		return text, true
	}
	for end := len(text); end > 0; {
		at := strings.LastIndexByte(text[:end], '\n') + 1
		switch got := squash(text[at:]); {
		case got == want:
			return strings.TrimRight(text[:at], " \n"), true
		case len(got) > len(want):
			return "", false
		}
		end = at - 1
	}
	return "", false
}
