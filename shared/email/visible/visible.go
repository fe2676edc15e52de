package visible

import (
	"strings"
	"unicode/utf8"
)

// Parts is a mail's text, taken apart. Every line of the mail is in exactly one
// of Visible, Quoted, Signature and Ending, in the order of the mail; Forwarded is a view
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
	// Ending is how the author of an answer took leave, "Best regards, Anna". Only
	// Answer finds it; VisibleHTML then ends with it, Visible does not.
	Ending string
	// Postscript is the end of Visible that its author wrote below Ending.
	Postscript string
	// SignaturePictures are the URLs (cid:, data:) of pictures in the signature.
	SignaturePictures []string
	// Pictures are those of the pictures that stand in the HTML among the author's words.
	Pictures []string
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

// Source is a mail to be taken apart.
type Source struct {
	Subject string // helps to tell an answer and a forward
	Text    string // the plain text body; either body may be empty
	HTML    string
	// Opens: its header names no mail that it answers. What is quoted in it, and
	// introduced by nothing, is the author's own quotation.
	Opens bool
	// Form: a web site wrote it for somebody, so that nobody signed it.
	Form bool

	by author // whose answer it is; nil where it is none
}

// Split takes a mail apart of which no more is known than its subject and bodies.
func Split(subject, text, html string) Parts {
	return Source{Subject: subject, Text: text, HTML: html}.Split()
}

// Split takes the mail apart. It never fails, and its time is linear in the size
// of the mail.
func (s Source) Split() Parts {
	s.Text, s.HTML = valid(s.Text), valid(s.HTML)
	if strings.TrimSpace(s.HTML) == "" {
		return s.splitText(s.Text)
	}
	return s.choose()
}

func valid(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	return strings.ToValidUTF8(s, "\uFFFD")
}

func (s Source) splitText(text string) Parts {
	d := s.document(splitLines(text))
	d.split()
	return d.parts()
}

// document makes one of the bodies a document.
func (s Source) document(lines []line) *document {
	d := newDocument(s.Subject, lines)
	d.setPictures(nil)
	d.author, d.form, d.opens = s.by, s.Form, s.Opens && !d.reply && !d.forward
	return d
}
