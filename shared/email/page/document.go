package page

import (
	"html"
	"regexp"
	"strings"
)

// Document is what a mail says, as blocks. It is written twice, as plain text
// and as HTML, with the same content in the same order.
type Document struct {
	Lang      string // BCP 47 tag of the mail's language; "en" if empty or unusable
	Preheader string // what an inbox shows behind the subject; HTML only
	// Personal makes the HTML look like a mail that somebody typed: no frame,
	// no colours, the reader's own size of letters. For answers to customers.
	Personal bool
	Blocks   []Block
}

// Block is one piece of a document. The blocks of this package are all there are.
type Block interface {
	text(*textWriter)
	html(*htmlWriter)
}

// HTML gives the document as a whole HTML page: one column of at most 640
// pixels, styles inline, colours that also read when a client turns them dark,
// nothing fetched from elsewhere.
func (d Document) HTML() string {
	w := &htmlWriter{personal: d.Personal}
	lang := d.lang()
	if d.Personal {
		w.b.WriteString("<!DOCTYPE html>\n<html lang=\"" + lang + "\"" + direction(lang) + ">\n<head>\n" + head + "<title></title>\n</head>\n" +
			// Without a font some clients fall back to a typewriter's or a book's.
			`<body style="font-family:` + fonts + `">` + "\n")
		for _, b := range d.Blocks {
			b.html(w)
		}
		w.b.WriteString("</body>\n</html>\n")
		return w.b.String()
	}
	title := html.EscapeString(d.title())
	w.b.WriteString("<!DOCTYPE html>\n<html lang=\"" + lang + "\"" + direction(lang) + " xmlns:o=\"urn:schemas-microsoft-com:office:office\">\n<head>\n" +
		head + "<title>" + title + "</title>\n" + wordStyle + darkStyle + "</head>\n" + `<body class="rw-page" style="` + pageStyle + `">` + "\n")
	if p := OneLine(d.Preheader); p != "" {
		// What follows keeps a mailbox list from filling up with the mail's first lines.
		w.b.WriteString(`<div style="display:none;max-height:0;overflow:hidden;mso-hide:all">` + html.EscapeString(p) + strings.Repeat("&#847; &zwnj; ", 20) + "</div>\n")
	}
	w.b.WriteString(`<div role="article" aria-roledescription="email" aria-label="` + title + `" lang="` + lang + `">` + "\n" +
		`<!--[if mso]><table role="presentation" width="640" align="center" cellpadding="0" cellspacing="0"><tr><td><![endif]-->` + "\n" +
		`<table role="presentation" align="center" width="100%" cellpadding="0" cellspacing="0" style="` + columnStyle + `"><tr><td style="` + insideStyle + `">` + "\n")
	for _, b := range d.Blocks {
		b.html(w)
	}
	w.b.WriteString("</td></tr></table>\n<!--[if mso]></td></tr></table><![endif]-->\n</div>\n</body>\n</html>\n")
	return w.b.String()
}

// title is what the mail is, as its first heading says it.
func (d Document) title() string {
	for _, b := range d.Blocks {
		switch b := b.(type) {
		case Band:
			return OneLine(b.Title)
		case Heading:
			return OneLine(b.Text)
		}
	}
	return ""
}

var langTag = regexp.MustCompile(`^[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,3}$`)

func (d Document) lang() string {
	if langTag.MatchString(d.Lang) {
		return d.Lang
	}
	return "en"
}

// direction marks the languages that are written from right to left.
func direction(lang string) string {
	base, _, _ := strings.Cut(strings.ToLower(lang), "-")
	switch base {
	case "ar", "fa", "he", "iw", "ur", "yi", "ps", "sd", "ug", "dv":
		return ` dir="rtl"`
	}
	return ""
}

// Text gives the document as plain text with LF line ends: what it says, with
// long lines whole. Blocks are set off by an empty line.
func (d Document) Text() string { return plain(d.textLines()) }

func plain(lines []textLine) string {
	var b strings.Builder
	for _, l := range lines {
		b.WriteString(strings.Repeat(">", l.depth))
		if l.depth > 0 && l.text != "" {
			b.WriteByte(' ')
		}
		b.WriteString(l.text)
		b.WriteByte('\n')
	}
	return strings.TrimRight(b.String(), "\n") + "\n"
}

// Wrapped gives the same with no line wider than Columns, for a terminal.
func (d Document) Wrapped() string {
	var out []textLine
	for _, l := range d.textLines() {
		if !l.flows || width(l.text) <= Columns-l.depth-1 {
			out = append(out, l)
			continue
		}
		for _, p := range broken(l.text, Columns-min(l.depth+1, Columns/2)) {
			out = append(out, textLine{text: strings.TrimRight(p, " "), depth: l.depth})
		}
	}
	return plain(out)
}

// Flowed gives the same as format=flowed (RFC 3676): no line wider than Columns,
// broken so that a client can join the lines again. delSp says whether the space
// at the end of a broken line is not part of the text (DelSp=yes), which a text
// needs that is broken where no space stands.
func (d Document) Flowed() (text string, delSp bool) { return flowed(d.textLines()) }

func flowed(lines []textLine) (text string, delSp bool) {
	all := make([][]string, len(lines))
	for i, l := range lines {
		all[i] = []string{l.text}
		if l.flows && width(l.text) > Columns-l.depth-1 {
			all[i] = broken(l.text, Columns-min(l.depth+1, Columns/2))
		}
		for j, p := range all[i] {
			delSp = delSp || j < len(all[i])-1 && !strings.HasSuffix(p, " ")
		}
	}
	var b strings.Builder
	for i, l := range lines {
		for j, p := range all[i] {
			b.WriteString(strings.Repeat(">", l.depth))
			if p != "" && (l.depth > 0 || p[0] == ' ' || p[0] == '>' || strings.HasPrefix(p, "From ")) {
				b.WriteByte(' ') // space-stuffing
			}
			last := j == len(all[i])-1
			switch {
			case !last && !delSp, p == "-- ":
				b.WriteString(p)
			case !last:
				b.WriteString(p + " ")
			default:
				b.WriteString(strings.TrimRight(p, " "))
			}
			b.WriteByte('\n')
		}
	}
	return strings.TrimRight(b.String(), "\n") + "\n", delSp
}

// Written is a document in all its forms.
type Written struct {
	Text, HTML string
	Flowed     string // Text as format=flowed
	DelSp      bool   // what its parameter says; see Document.Flowed
}

// Write gives the document as Text, HTML and Flowed do.
func (d Document) Write() Written {
	lines := d.textLines()
	w := Written{Text: plain(lines), HTML: d.HTML()}
	w.Flowed, w.DelSp = flowed(lines)
	return w
}

// textLines writes the blocks.
func (d Document) textLines() []textLine {
	w := &textWriter{}
	for _, b := range d.Blocks {
		was := len(w.lines)
		w.gap()
		start := len(w.lines)
		if b.text(w); len(w.lines) == start {
			w.lines = w.lines[:was] // nothing to say
		}
	}
	return w.lines
}
