package visible

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/replywell/replywell/shared/email/visible/phrasebook"
)

// maxSignature bounds a signature that is not set off by "-- ", in lines that
// are not blank. Disclaimers under one are long; under "-- " 60 are believed.
const maxSignature, maxDelimited = 16, 60

// findSignatures looks in the author's first words, above the first quote, and in
// the last, below the last quote. Answers between quotes are not looked at.
func (d *document) findSignatures() {
	if d.form {
		return // a site wrote it: nobody signed, and what stands last was filled in as well
	}
	for i := range d.lines {
		if l := &d.lines[i]; l.signs && l.kind == fresh {
			l.kind = signature
		}
	}
	first, last := 0, len(d.lines)
	for first < last && d.lines[first].blank() && !d.lines[first].picture {
		first++
	}
	for i := 0; i < last; {
		for i < last && d.lines[i].kind != fresh {
			i++
		}
		j := i
		for j < last && (d.lines[j].kind == fresh || d.lines[j].blank()) {
			j++
		}
		if j > i {
			above := d.anyFreshBefore(i)
			below := d.anyFreshAfter(j)
			if !above || !below {
				d.signatureIn(i, j, first, !below)
			}
		}
		i = j
	}
}

func (d *document) anyFreshBefore(i int) bool {
	for i--; i >= 0; i-- {
		if d.lines[i].kind == fresh && !d.lines[i].blank() {
			return true
		}
	}
	return false
}

func (d *document) anyFreshAfter(i int) bool {
	for ; i < len(d.lines); i++ {
		if d.lines[i].kind == fresh && !d.lines[i].blank() {
			return true
		}
	}
	return false
}

// signatureIn finds the signature of the region from line i to before j. first is
// the first line of the mail with text or a picture: no signature begins there. Each rule may
// take more from the end of what the ones before it left.
func (d *document) signatureIn(i, j, first int, last bool) {
	from := max(i, first+1)
	if from >= j {
		return // a picture may be all there is
	}
	if ps := d.postscript(from, j); ps >= 0 { // below the name, yet said to somebody
		d.signatureIn(ps+1, j, first, last)
		j = ps
	}
	if at := d.delimiter(from, j); at >= 0 {
		d.setKind(at, j, signature)
		d.acted("signature-delimiter", at)
		j = at
	}
	j = d.mobileLines(from, j, last)
	if at := d.contactBlock(from, j); at >= from {
		d.setKind(at, j, signature)
		d.acted("signature-contact", at)
		j = at
	}
	if at, end := d.closingWords(from, j); at >= from {
		d.setKind(at, end, signature)
		d.acted("signature-closing", at)
		j = at
	}
	if at := d.dashedName(from, j); at >= from {
		d.setKind(at, j, signature)
		d.acted("signature-name", at)
	}
}

// postscript finds the last line that begins with "PS"; -1 if there is none.
func (d *document) postscript(i, j int) int {
	for k := j - 1; k >= i && k > j-20; k-- {
		for _, p := range []string{"PS:", "PS ", "PS.", "P.S", "P. S", "PD:", "P.D.", "Ps:", "ps:", "p.s."} {
			if strings.HasPrefix(d.lines[k].text, p) {
				return k
			}
		}
	}
	return -1
}

// mobileLines takes "Sent from my iPhone" and the like. Text below one, in an
// answer that shows no other quote, is the quote whose introduction was lost.
func (d *document) mobileLines(i, j int, last bool) int {
	quotes := d.anyQuote()
	for k := j - 1; k >= i; k-- {
		l := &d.lines[k]
		if l.kind != fresh || l.blank() || !d.isMobile(l.text) {
			continue
		}
		d.acted("signature-mobile", k)
		below := d.next(k + 1)
		switch {
		case below >= j || d.signatureLines(k+1, j) && d.looksSigned(k+1, j):
			d.setKind(k, j, signature)
		case last && d.reply && d.cut == len(d.lines) && !quotes:
			d.setKind(k, below, signature)
			d.setKind(below, j, quote)
			quotes = true
			d.acted("below-mobile-signature", below)
		default:
			d.setKind(k, k+1, signature)
			continue
		}
		j = k
		if p := k - 1; p > i && isName(d.lines[p].text) && d.lines[p-1].blank() {
			d.setKind(p, j, signature)
			j = p
		}
	}
	return j
}

func (d *document) anyQuote() bool {
	for i := range d.lines {
		if d.lines[i].kind == quote {
			return true
		}
	}
	return false
}

// devices are words that only a telephone's or program's own line holds.
var devices = []string{"iphon", "ipad", "android", "samsung", "galaxy", "blackberry", "outlook", "windows", "yahoo", "proton", "smartphone", "tablet",
	"huawei", "xiaomi", "nokia", "htc", "phone", "mobile", "mail", "app", "telefon", "handy", "device", "sparrow", "gmx", "web.de", "outlook.com", "spark",
	"superhuman", "thunderbird", "zoho", "tuta", "canary", "em client", "naver", "pixel", "网易", "邮箱"}

// branded tells whether a word after the first begins with a capital, or has none,
// and no word is a mere number.
func branded(text string) bool {
	found := false
	for n, w := range strings.Fields(text) {
		r, _ := utf8.DecodeRuneInString(w)
		if strings.Trim(w, "0123456789.,") == "" {
			return false
		}
		found = found || n > 0 && unicode.IsLetter(r) && !unicode.IsLower(r) || phrasebook.Unspaced(r)
	}
	return found
}

// isMobile tells whether a line is one that a telephone or an app adds. The same
// words begin sentences ("Sent from my desk, which is easier"): without the name
// of a device at most five words follow, no comma, and one that could be a brand.
func (d *document) isMobile(text string) bool {
	if len(text) > 200 {
		return false
	}
	folded := strings.TrimLeft(phrasebook.Fold(strings.ReplaceAll(text, "[", "")), "-–—(_\"' ")
	n := d.book.Mobile(folded)
	if n == 0 {
		return false
	}
	rest := folded[n:]
	if k := strings.IndexAny(rest, "<("); k >= 0 && strings.Contains(rest[k:], "://") {
		rest = rest[:k]
	}
	if k := strings.Index(rest, "http"); k >= 0 {
		rest = rest[:k]
	}
	words := len(strings.Fields(rest))
	for _, w := range devices {
		if strings.Contains(folded, w) {
			return words <= 12 && (words <= 5 || !strings.Contains(rest, ",")) && !strings.Contains(rest, "; ") && !strings.Contains(strings.TrimRight(rest, ". "), ". ")
		}
	}
	return words <= 5 && !strings.ContainsAny(rest, ",?:;") && n >= 9 && (words == 0 && strings.Contains(folded[:n], " ") || branded(text))
}

// closingWords finds "Kind regards," on a line of its own, with a name and little
// else below it, and gives the lines of the signature. A paragraph below that is
// neither contacts nor fine print is what the author forgot to say above.
func (d *document) closingWords(i, j int) (start, end int) {
	for k := j - 1; k >= i && k > j-40; k-- {
		l := &d.lines[k]
		if l.blank() || len(l.text) > 80 || !d.closes(l.text) {
			continue
		}
		below := d.next(k + 1)
		if below >= j {
			if j < len(d.lines) && d.lines[j].kind == signature {
				return k, j
			}
			continue
		}
		if end := d.signatureEnd(below, j); end > below {
			return k, end
		}
	}
	return -1, -1
}

// closes tells whether a line is the words that end a letter, perhaps with up to
// three more ("... from Hamburg") if they are at least two.
func (d *document) closes(text string) bool {
	folded := phrasebook.Fold(text)
	if d.book.Closing(folded) {
		return true
	}
	words := strings.Fields(folded)
	if strings.ContainsAny(strings.TrimRight(folded, ",.!"), ".,;:!?") {
		return false
	}
	for n := len(words) - 1; n >= 2 && n >= len(words)-3; n-- {
		if d.book.Closing(strings.Join(words[:n], " ")) {
			return true
		}
	}
	return false
}

// signatureEnd goes down from the name below a closing and gives the line after
// the signature; i itself if what is there is none.
func (d *document) signatureEnd(i, j int) int {
	if !shortName(d.lines[i].text) || sentence(d.lines[i].text) {
		return i
	}
	paragraphs, ruled := 1, -1
	for k, n := i+1, 1; k < j; k++ {
		l := &d.lines[k]
		if l.blank() {
			continue
		}
		if n++; n > maxSignature {
			return i
		}
		switch {
		case isRule(l.text, 2):
			ruled = k
			continue
		case ruled >= 0 && !d.signing(l.text):
			return ruled // a new matter below a line
		case field(l.text) && !d.contactIn(k, j) && !d.book.Legal(phrasebook.Fold(l.text)):
			return k
		}
		begins := d.lines[k-1].blank()
		if begins {
			paragraphs++
		}
		if begins && d.author != nil {
			end := k
			for end < j && !d.lines[end].blank() {
				end++
			}
			switch said, card := d.below(k, end); {
			case said:
				return k
			case card:
				n += end - k - 1
				k = end - 1
				continue
			}
		}
		long := utf8.RuneCountInString(l.text) > 70 || sentence(l.text)
		switch {
		case d.author != nil && paragraphs == 1 && d.says(l.text):
			return k
		case hasContact(l.text) || d.isMobile(l.text):
		case (long || begins) && d.book.Legal(phrasebook.Fold(l.text)):
			return j
		case long && !begins:
			return i
		case long, begins && paragraphs > 1 && !isName(l.text) && !isRule(l.text, 1):
			return k
		}
	}
	return j
}

// below tells of a paragraph below the name of who wrote an answer whether it was
// said, as "the number is ..." is, or belongs to a card: it begins with the name
// once more, or has contacts and no sentence. In doubt it was said: a slogan that
// goes along harms nobody.
func (d *document) below(i, j int) (said, card bool) {
	first := d.lines[i].text
	if isName(first) && j > i+1 && len(d.author) > 0 && d.author.in(d.lines[i:i+1]) {
		return false, true
	}
	speaking, contacts, links := strings.HasSuffix(first, ":"), 0, 0
	for k := i; k < j; k++ {
		t := d.lines[k].text
		switch {
		case d.isMobile(t), d.book.Legal(phrasebook.Fold(t)):
			return false, false
		case hasAddress(t), hasPhone(t), strings.Contains(t, "www."), siteLink(t):
			contacts++
		case strings.Contains(t, "://"):
			links++
		}
		speaking = speaking || speaks(t) || j == i+1 && smallWords(t) > 1
	}
	card = contacts > 1 && isName(first) || contacts > 0 && !speaking
	return !card && (speaking || links > 0), card
}

// dashedName finds "- Roman" or "-Abhishek Kona" as the last line.
func (d *document) dashedName(i, j int) int {
	k := d.before(j - 1)
	if k < i {
		return -1
	}
	t := d.lines[k].text
	r, n := utf8.DecodeRuneInString(t)
	if !strings.ContainsRune("-–—", r) {
		return -1
	}
	name := strings.TrimRight(strings.TrimSpace(t[n:]), ".!")
	p := d.before(k - 1)
	if p < 0 || d.lines[p].depth > 0 || name == "" || p == k-1 && unicode.IsLower([]rune(name)[0]) {
		return -1
	}
	prev := d.lines[p].text
	if isListItem(prev) || strings.HasSuffix(prev, ":") || len(name) < 3 {
		return -1
	}
	first, _ := utf8.DecodeRuneInString(name)
	words := strings.Fields(name)
	if len(words) > 3 || !letters(name) {
		return -1
	}
	if unicode.IsLower(first) && (len(words) > 1 || !strings.ContainsAny(prev[len(prev)-1:], ".!")) {
		return -1
	}
	return k
}

// contactBlock finds a last paragraph that begins with a name and holds at least
// two of an address, a link and a telephone number; and nothing long. Below "Thanks,",
// in a paragraph of its own, one will do.
func (d *document) contactBlock(i, j int) int {
	end := d.before(j-1) + 1
	k, contacts := end, 0
	for k > i && !d.lines[k-1].blank() && end-k < 9 {
		k--
		t := d.lines[k].text
		if utf8.RuneCountInString(t) > 70 || sentence(t) && !hasContact(t) {
			return -1
		}
		if hasContact(t) {
			contacts++
		}
	}
	if d.author != nil && !d.author.in(d.lines[k:end]) {
		return -1 // what an answer tells a customer, not whose answer it is
	}
	if end-k < 3 || contacts < 1 || k < 1 || !d.lines[k-1].blank() || !isName(d.lines[k].text) {
		return -1
	}
	p := d.before(k - 1)
	if contacts < 2 && (p < i || !parting(d.lines[p].text) || !d.lines[p-1].blank()) {
		return -1
	}
	if p >= 0 && strings.HasSuffix(d.lines[p].text, ":") && !d.book.Closing(phrasebook.Fold(d.lines[p].text)) {
		return -1 // asked for, or announced: "my new address:"
	}
	return k
}
