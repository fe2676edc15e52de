package visible

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/replywell/replywell/shared/email/visible/phrasebook"
)

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
