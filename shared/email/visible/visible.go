package visible

import (
	"strings"
	"unicode/utf8"
)

// Parts is a mail's text, taken apart. Every line of the mail is in exactly one
// of Visible, Quoted and Signature, in the order of the mail; Forwarded is a view
// of that part of Visible that someone else wrote.
type Parts struct {
	Visible   string // what the author wants read
	Quoted    string
	Signature string
	Forwarded *Forwarded // nil where nothing was forwarded
	Rules     []string   // which rule cut where, for --explain

	// VisibleHTML is what remains of the HTML body where it could be cut at the
	// same places; unsanitised. It is "" where there is none or it is unknown.
	VisibleHTML string
	// Inline: answers stand between the quoted lines.
	Inline bool
	// WithContext is, for inline answers, each answer under the question it
	// answers, shortened, marked "> ". It is "" where Inline is false.
	WithContext string
	// OnlyQuote: the author added nothing to what was quoted. So that nothing is
	// lost, Visible is then the whole text; do not pass it on as an answer.
	OnlyQuote bool
}

// Forwarded is a mail that someone passed on inside this one.
type Forwarded struct {
	FromName    string
	FromAddress string
	Date        string // as written
	Subject     string
	Text        string
	// Comment is what the sender wrote above it: Visible without the forwarded part.
	Comment string
}

// maxHTML bounds the HTML that is read as a tree, in bytes; a larger body is
// read from its text part or, without one, stripped of its tags.
const maxHTML = 8 << 20

// Split takes a mail apart. text is the plain text body, html the HTML body;
// either may be empty. subject helps to tell a forward. It never fails, and its
// time is linear in the size of the mail.
func Split(subject, text, html string) Parts {
	text, html = valid(text), valid(html)
	if strings.TrimSpace(html) == "" {
		return splitText(subject, text)
	}
	return choose(subject, text, html)
}

func valid(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	return strings.ToValidUTF8(s, "\uFFFD")
}

func splitText(subject, text string) Parts {
	d := newDocument(subject, splitLines(text))
	d.split()
	return d.parts()
}
