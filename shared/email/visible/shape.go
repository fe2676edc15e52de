package visible

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/replywell/replywell/shared/email/visible/phrasebook"
)

// hasContact tells whether a line holds an address, a link or a telephone number.
func hasContact(s string) bool {
	return hasAddress(s) || strings.Contains(s, "://") || strings.Contains(s, "www.") || hasPhone(s)
}

// hasPhone: seven digits or more, with nothing between them but blanks, dots,
// dashes, slashes and parentheses; and no date.
func hasPhone(s string) bool {
	digits, run := 0, 0
	for _, r := range s {
		switch {
		case r >= '0' && r <= '9':
			digits++
			run++
			if run > 14 {
				return false
			}
		case strings.ContainsRune(" .-/()+\u00a0", r):
		case r == ':' || r == ',' || unicode.IsLetter(r):
			if digits >= 7 {
				return true
			}
			digits, run = 0, 0
		}
	}
	return digits >= 7
}

// isName tells whether a line could be a person's or a company's name, perhaps
// with a title: one to six words that begin with a capital, or have none.
func isName(s string) bool {
	s = strings.TrimSpace(strings.Trim(s, "*_-–— \t"))
	if k := strings.LastIndexByte(s, '#'); k >= 0 && k < 8 {
		s = s[k+1:]
	}
	if s == "" || len(s) > 70 || strings.ContainsAny(s, "?;:=<>{}[]") {
		return false
	}
	words := strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == '|' || r == '/' || r == ',' })
	if len(words) == 0 || len(words) > 6 {
		return false
	}
	small := 0
	for _, w := range words {
		r, _ := utf8.DecodeRuneInString(w)
		switch {
		case unicode.IsDigit(r):
			return false
		case unicode.IsLower(r) && !particles[w]:
			small++
		}
	}
	return small == 0 || len(words) == 1
}

// particles stand in names and titles in small letters.
var particles = map[string]bool{"of": true, "and": true, "for": true, "de": true, "der": true, "den": true, "des": true, "van": true, "von": true, "und": true,
	"y": true, "e": true, "du": true, "la": true, "le": true, "di": true, "da": true, "et": true, "zu": true, "zur": true, "für": true, "al": true, "bin": true, "i": true}

// shortName is a name as it stands under a closing: four words at most, no
// sentence.
func shortName(s string) bool {
	s = strings.Trim(s, "*_-–—,.! \t")
	n := len(strings.Fields(s))
	return n >= 1 && n <= 5 && len(s) <= 60 && !strings.ContainsAny(s, "?;:=<>{}")
}

// sentence tells whether a line reads as one: it ends like one, and has words enough.
func sentence(s string) bool {
	r, _ := utf8.DecodeLastRuneInString(strings.TrimRight(s, "\"')”» "))
	return strings.ContainsRune(".?!。？！…", r) && len(strings.Fields(s)) >= 5 || strings.ContainsRune("。？！", r)
}

// speaks tells whether a line says something to somebody, also where it ends in a
// link or a number: it is a sentence, or has words as only sentences do. "Lantern
// S.L." ends none.
func speaks(s string) bool {
	words := strings.Fields(s)
	return sentence(s) && !strings.Contains(strings.TrimSuffix(words[len(words)-1], "."), ".") || smallWords(s) > 2
}

// smallWords counts the words in small letters that stand in no name.
func smallWords(s string) (n int) {
	for _, w := range strings.Fields(s) {
		if r, _ := utf8.DecodeRuneInString(w); unicode.IsLower(r) && !particles[w] && letters(strings.Trim(w, ",:;!?()")) {
			n++
		}
	}
	return n
}

// siteLink tells whether a line holds a link to a whole site, as cards do, and not to
// something within it.
func siteLink(s string) bool {
	_, link, ok := strings.Cut(s, "://")
	link, _, _ = strings.Cut(link, " ")
	_, within, _ := strings.Cut(strings.TrimRight(link, "/>)"), "/")
	return ok && within == ""
}

// isListItem tells whether a line begins as an item of a list does.
func isListItem(s string) bool {
	if s == "" {
		return false
	}
	r, n := utf8.DecodeRuneInString(s)
	if strings.ContainsRune("-*•–—+", r) {
		return n < len(s)
	}
	return numbered(s)
}

// numbered tells whether a line begins as an item of a numbered list does.
func numbered(s string) bool {
	digits := strings.TrimLeft(s, "0123456789")
	return len(digits) < len(s) && (strings.HasPrefix(digits, ".") || strings.HasPrefix(digits, ")"))
}

// parting tells whether a line is a word or few before a name: "Many thanks,".
func parting(s string) bool {
	return strings.HasSuffix(s, ",") && len(strings.Fields(s)) <= 3 && letters(strings.TrimSuffix(s, ","))
}

// letters tells whether a text is letters, blanks and what stands in names.
func letters(s string) bool {
	for _, r := range s {
		if !unicode.IsLetter(r) && !unicode.IsMark(r) && !strings.ContainsRune(" .'’-", r) {
			return false
		}
	}
	return true
}

// Some programs, Yahoo's first, lose the line breaks of a header block, with or
// without a blank in their place: "From: A <a@x.example>To: B <b@x.example>".

// labelled is one "Label: value" of several on a line.
type labelled struct {
	meanings []phrasebook.Meaning
	value    string
	start    int // where the label begins
}

// maxLabels and maxLine bound how many labels are looked for behind the first one
// of a line, and in how many bytes.
const maxLabels, maxLine = 8, 800

// labelsIn finds the labels inside what stands behind the first label of a line.
func (d *document) labelsIn(value string) (out []labelled) {
	line := value[:min(len(value), maxLine)]
	ends := 0 // of the last label found
	for at := 0; len(out) < maxLabels; {
		i := strings.IndexAny(line[at:], ":：")
		if i < 0 {
			break
		}
		i += at
		_, n := utf8.DecodeRuneInString(line[i:])
		at = i + n
		if n == 1 && (line[i] != ':' || at < len(line) && line[at] != ' ') {
			continue
		}
		if start, ms := d.labelBefore(line, i); ms != nil {
			if k := len(out) - 1; k >= 0 {
				out[k].value = strings.Trim(value[ends:max(ends, start)], "*_| \t")
			}
			ends = at
			out = append(out, labelled{ms, strings.Trim(value[at:], "*_| \t"), start})
		}
	}
	return out
}

// labelBefore reads the longest label, of up to three words, that ends at byte end.
// One that touches what stands before it begins with a capital, or where another
// script does.
func (d *document) labelBefore(line string, end int) (start int, ms []phrasebook.Meaning) {
	start = max(0, end-40)
	for start < end && !utf8.RuneStart(line[start]) {
		start++
	}
	for words, k := 0, end; k > start; k-- {
		if line[k-1] == ' ' || line[k-1] == '\t' {
			if words++; words == 3 {
				start = k
			}
		}
	}
	before := ' '
	if start > 0 {
		before, _ = utf8.DecodeLastRuneInString(line[:start])
	}
	for i, r := range line[start:end] {
		begins := !unicode.IsLetter(before) && !unicode.IsMark(before) && !unicode.IsDigit(before) || unicode.IsUpper(r) || !cased(r) && cased(before)
		before = r
		if !begins || !unicode.IsLetter(r) {
			continue
		}
		if ms := d.book.Label(strings.Trim(line[start+i:end], "*_ ")); ms != nil {
			return start + i, ms
		}
	}
	return 0, nil
}

// cased: a letter of a script that has capitals, or a digit.
func cased(r rune) bool { return unicode.IsUpper(r) || unicode.IsLower(r) || unicode.IsDigit(r) }

// fieldsOf gives all labels of a line of a header block with their values.
func (d *document) fieldsOf(text string) []labelled {
	ms, value := d.label(text)
	if ms == nil {
		return nil
	}
	more := d.labelsIn(value)
	first := labelled{meanings: ms, value: value}
	if len(more) > 0 {
		first.value = strings.Trim(value[:more[0].start], "*_| \t")
	}
	return append([]labelled{first}, more...)
}
