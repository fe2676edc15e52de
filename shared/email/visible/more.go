package visible

import (
	"unicode"

	"github.com/replywell/replywell/shared/email/visible/phrasebook"
)

// What one body of a mail says that the other does not is told by pairs of
// neighbouring words: single words repeat, and every program breaks, numbers and
// decorates lines in its own way.

// saysMore tells whether the HTML's own words say something that stands nowhere in
// the text part: a line most of whose pairs are not there, of three words or more
// or together with such lines beside it, and no fine print, which gateways add to one body.
// Where the two have nothing in common at all, the HTML is believed unless the
// text says a lot more.
func saysMore(h, t *document) bool {
	text, page := pairsOf(t.lines), pairsOf(h.lines)
	more, lines := 0, 0
	short, words := 0, 0 // lines in a row that are too short to count alone, and their words
	for i := range h.lines {
		l := &h.lines[i]
		if l.blank() {
			continue
		}
		if !l.own() || l.rule {
			short, words = 0, 0
			continue
		}
		all, missing := text.missing(l.text)
		if missing*2 <= all || h.book.Legal(phrasebook.Fold(l.text)) {
			short, words = 0, 0
			continue
		}
		more += missing
		switch {
		case len(l.text) > (all+1)*wordLength:
		case all >= 2:
			lines++
		default: // a table's rows, a list
			short, words = short+1, words+all+1
			if short >= 2 && words >= 4 {
				lines++
			}
		}
	}
	if more == 0 {
		return false
	}
	less := 0
	for i := range t.lines {
		if l := &t.lines[i]; l.own() {
			all, missing := page.missing(l.text)
			if less += missing; missing < all {
				return lines > 0
			}
		}
	}
	return less < 3*more || less < 20
}

// wordLength is how long, in bytes, the words of a line are at most on average:
// keys and codes, which every program breaks elsewhere, have longer ones.
const wordLength = 14

// own: what the author wants read, be it written or passed on.
func (l *line) own() bool { return l.kind == fresh || l.kind == forward || l.kind == ending }

// pairs are the sums of the words of a text, and of each with the one before it.
type pairs map[uint64]struct{}

func pairsOf(lines []line) pairs {
	p := make(pairs, 512)
	before := uint64(0)
	for i := range lines {
		eachWord(lines[i].text, func(word uint64) {
			p[word] = struct{}{}
			p[paired(before, word)] = struct{}{}
			before = word
		})
	}
	return p
}

// missing counts the pairs in a line, or its one word, and those of them that the
// text does not have.
func (p pairs) missing(s string) (all, missing int) {
	before, words := uint64(0), 0
	look := func(sum uint64) {
		all++
		if _, ok := p[sum]; !ok {
			missing++
		}
	}
	eachWord(s, func(word uint64) {
		if words++; words > 1 {
			look(paired(before, word))
		}
		before = word
	})
	if words == 1 {
		look(before)
	}
	return all, missing
}

func paired(before, word uint64) uint64 { return before*prime + word ^ before>>29 }

// offset and prime are those of FNV-1a (RFC 9923), whose sums are enough here.
const offset, prime = 14695981039346656037, 1099511628211

// eachWord gives the sum of each word in a text: a run of letters and digits, or
// one character of a script without blanks.
func eachWord(s string, give func(sum uint64)) {
	sum := uint64(offset)
	for _, r := range s {
		switch {
		case phrasebook.Unspaced(r):
			if sum != offset {
				give(sum)
			}
			give((offset ^ uint64(r)) * prime)
			sum = offset
		case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r):
			sum = (sum ^ uint64(unicode.ToLower(r))) * prime
		case sum != offset:
			give(sum)
			sum = offset
		}
	}
	if sum != offset {
		give(sum)
	}
}
