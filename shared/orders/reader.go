package orders

import (
	"strings"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/visible/phrasebook"
)

// place is where in a mail a line stands.
type place int

const (
	top     place = iota // nothing stands above it
	greeted              // only a greeting does
	within               // an answer does
)

// found is what one line asks for. The zero value is a line of text.
type found struct {
	commands []desk.Command
	note     bool
	forward  *desk.Command // instead of a note, a question to a department
	all      bool          // and it is news for all
	tail     string        // behind #note, #forward and #answer: where the text begins
	doubt    *Doubt
	err      error
}

// otherHeadings reports whether other lines are headings as Markdown writes them.
func (r *reader) otherHeadings(i int) bool {
	for k, l := range r.lines {
		if k != i && l.hashes > 0 && l.spaced && l.mark == "#" && strings.HasPrefix(l.lead, "#") {
			if _, how := meant(first1(l.plain)); how != exact || r.headingLike(l) {
				return true
			}
		}
		if k != i && l.heading {
			return true
		}
	}
	return false
}

func (r *reader) headingLike(l line) bool { return !startsLower(l.plain) }

// paragraph reports whether line i begins one.
func (r *reader) paragraph(i int) bool { return i == 0 || r.lines[i-1].blank }

// alone reports whether line i is a paragraph.
func (r *reader) alone(i int) bool {
	return r.paragraph(i) && (i+1 >= len(r.lines) || r.lines[i+1].blank)
}

// last reports whether no line stands below line i.
func (r *reader) last(i int) bool {
	for k := i + 1; k < len(r.lines); k++ {
		if !r.lines[k].blank {
			return false
		}
	}
	return true
}

// reader reads one mail.
type reader struct {
	desk                  Desk
	lines                 []line
	headings              map[string]bool
	self, customer, mates map[string]bool
	fromSubject           bool
	depth                 int
	compared              int // words within lines
	inner                 int // how often a sentence was looked into
	ear                   *ear

	out   Reading
	text  []string // lines for the customer
	below []string
	split bool // a ready answer stands between the two

	ordered []int // the lines that are nothing but orders
}

// sure reports whether the agent said yes to what is read.
func (r *reader) sure() bool { return r.depth > 0 }

// again gives the doubt about line i, which may have been meant as corrected says.
// What a yes does is found out by whoever asks (settle): only that needs a second reading.
func (r *reader) again(i int, corrected, why string) *Doubt {
	return &Doubt{Line: shorten(r.lines[i].raw), Why: why, line: i, meant: corrected}
}

// above gives the last line above line i that says something.
func (r *reader) above(i int) line {
	for i--; i >= 0; i-- {
		if !r.lines[i].blank {
			return r.lines[i]
		}
	}
	return line{}
}

// closes reports whether a line is words that end a letter.
func (r *reader) closes(l line) bool {
	return phrasebook.Default().Closing(phrasebook.Fold(l.plain)) || fold(l.plain) == "lg" || fold(l.plain) == "vg" || fold(l.plain) == "mfg"
}

// isSelf reports whether a line is the name of who wrote it.
func (r *reader) isSelf(l line) bool {
	ws := wordsOf(l.plain)
	for _, w := range ws {
		if !r.self[w] {
			return false
		}
	}
	return len(ws) > 0
}

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
