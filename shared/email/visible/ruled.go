package visible

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/replywell/replywell/shared/email/visible/phrasebook"
)

// A drawn line sets off a signature, and just as well an address to deliver to,
// the fields of a form, or the next matter. "-- " is the one that means a signature
// and nothing else (RFC 3676 section 4.3); of any other the lines below must look
// like one, and what stands around it must not speak against it.

// delimiter finds the line that sets off a signature: "-- " (RFC 3676 section
// 4.3) or another drawn line under which everything looks like a signature.
func (d *document) delimiter(i, j int) int {
	var sections, before [256]bool // by what they are drawn of
	if i > 0 && d.lines[i-1].text != "" && isRule(d.lines[i-1].text, 2) {
		before[d.lines[i-1].text[0]] = true // the mail begins with one
	}
	for ; i < j; i++ {
		t := d.lines[i].text
		if d.lines[i].depth > 0 || t == "" || len(t) > 100 || !isRule(t, 1) {
			continue
		}
		exact := t == "--"
		if !exact && !d.dashLike(t) || strings.HasPrefix(t, "#") {
			continue
		}
		if sections[t[0]] {
			continue
		}
		standard := exact && strings.HasPrefix(d.lines[i].raw, "-- ")
		n := d.count(i+1, j)
		if n == 0 || n > maxDelimited || n > maxSignature && !standard {
			continue
		}
		if d.announced(i) || d.goesOn(i, j, standard) {
			sections[t[0]] = true // one that sets off sections, and so do the others like it
			continue
		}
		if before[t[0]] && !standard && !d.contactIn(i+1, j) {
			continue // the second of two lines around something
		}
		before[t[0]] = true
		if standard || exact && !d.prose(i+1, j) || d.looksSigned(i+1, j) {
			return i
		}
	}
	return -1
}

// announced tells whether the line above a drawn one says what comes: "deliver to:".
func (d *document) announced(i int) bool {
	p := d.before(i - 1)
	if p < 0 || d.lines[p].kind != fresh {
		return false
	}
	t := d.lines[p].text
	return (strings.HasSuffix(t, ":") || strings.HasSuffix(t, "：")) && !d.closes(t)
}

// goesOn tells whether the author goes on below the line drawn at i: a form's
// fields follow, a second line ends what the first began and words come after it,
// or something is said below the contacts. Below "-- " only the second counts,
// and only a second "--": people put slogans and fine print there.
func (d *document) goesOn(i, j int, standard bool) bool {
	second, fields, contacts, first := false, 0, 0, true
	for k := i + 1; k < j; k++ {
		t := d.lines[k].text
		switch {
		case t == "":
			continue
		case isRule(t, 2):
			second = second || !standard || t == "--"
			continue
		case second && !d.signing(t):
			return true
		case standard:
		case hasContact(t):
			contacts++
		case d.book.Legal(phrasebook.Fold(t)):
			return false
		case field(t):
			if fields++; first || fields > 1 && fields >= contacts {
				return true
			}
		case contacts > 0 && d.lines[k-1].blank() && d.asks(k, j):
			return true
		}
		first = false
	}
	return false
}

// asks tells whether the paragraph at line k is a few short sentences said to
// somebody, and not the fine print that companies put there.
func (d *document) asks(k, j int) bool {
	for n := 0; k < j && !d.lines[k].blank(); k++ {
		t := d.lines[k].text
		if n++; n > 4 || utf8.RuneCountInString(t) > 100 || hasContact(t) || d.book.Legal(phrasebook.Fold(t)) {
			return false
		}
		if p := k + 1; (p >= j || d.lines[p].blank()) && (sentence(t) || strings.HasSuffix(t, "?")) {
			return true
		}
	}
	return false
}

// signing tells whether a line may stand in a signature's last part: a contact, a
// name, a telephone's line, fine print.
func (d *document) signing(t string) bool {
	return hasContact(t) || isName(t) || d.isMobile(t) || d.book.Legal(phrasebook.Fold(t))
}

// contactIn tells whether a contact stands in the lines from i to before j.
func (d *document) contactIn(i, j int) bool {
	for ; i < j; i++ {
		if hasContact(d.lines[i].text) {
			return true
		}
	}
	return false
}

// field tells whether a line is "Label: value" as forms and people who list
// their data write it. Where the value is a contact it may be a signature's.
func field(t string) bool {
	i := strings.IndexAny(t, ":：")
	if i <= 0 || i > 40 || strings.HasPrefix(t[i:], "://") {
		return false
	}
	_, n := utf8.DecodeRuneInString(t[i:])
	name, value := strings.Trim(t[:i], "*_-•| "), strings.Trim(t[i+n:], "*_| ")
	last, _ := utf8.DecodeLastRuneInString(name)
	return name != "" && value != "" && !unicode.IsDigit(last) && len(strings.Fields(name)) <= 4 && !hasContact(t)
}

// prose tells whether long sentences stand here, or a question below what is no
// name; and nothing of a signature.
func (d *document) prose(i, j int) bool {
	begin := d.next(i)
	if begin >= j {
		return false
	}
	first := d.lines[begin].text
	long, named := false, isName(first)
	if r, _ := utf8.DecodeRuneInString(first); unicode.IsLower(r) && len(strings.Fields(first)) >= 4 && !hasContact(first) {
		return true // a sentence goes on
	}
	for ; i < j; i++ {
		t := d.lines[i].text
		if hasContact(t) || d.book.Legal(phrasebook.Fold(t)) {
			return false
		}
		n := len(strings.Fields(t))
		long = long || sentence(t) && n >= 9 || !named && n >= 3 && strings.HasSuffix(t, "?")
	}
	return long
}

// dashLike: what people and programs draw above a signature.
func (d *document) dashLike(t string) bool {
	r, _ := utf8.DecodeRuneInString(t)
	return strings.ContainsRune("-_=~—–―─━＿*", r) && (r != '*' || len(t) > 4) && (r != '-' && r != '–' || len(t) > 1)
}

// count counts the lines that are not blank, up to one more than matters.
func (d *document) count(i, j int) int {
	n := 0
	for ; i < j && n <= maxDelimited; i++ {
		if !d.lines[i].blank() {
			n++
		}
	}
	return n
}

// signatureLines tells whether the lines could be a signature: not too many, and
// no lists under another such line.
func (d *document) signatureLines(i, j int) bool {
	n := d.count(i, j)
	return n > 0 && n <= maxSignature
}

// looksSigned tells whether lines look like a signature more than like text:
// short ones, none a sentence or of a list or table until the contact is given,
// and a name or contact.
func (d *document) looksSigned(i, j int) bool {
	names, signs, lines := 0, 0, 0
	for ; i < j; i++ {
		l := &d.lines[i]
		if l.blank() || isRule(l.text, 1) {
			continue
		}
		lines++
		switch {
		case d.isMobile(l.text), !hasContact(l.text) && lines <= 2 && isName(l.text):
			names++
			signs++
		case hasContact(l.text):
			signs++
		case signs > 0 && (sentence(l.text) || len(l.text) > 70) && d.book.Legal(phrasebook.Fold(l.text)):
			return true
		case (sentence(l.text) || numbered(l.text) || l.text[0] == '|') && signs < 2:
			return false
		case utf8.RuneCountInString(l.text) > 70 && signs < 2:
			return false
		}
	}
	return names > 0 || signs > 1 // one contact is often what it is about
}
