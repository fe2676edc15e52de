package compose

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

// htmlWriter collects HTML.
type htmlWriter struct {
	b        strings.Builder
	personal bool
}

// open writes a start tag with a style, and a class that the dark style knows.
// Personal mails have neither.
func (w *htmlWriter) open(tag, class, style string) {
	w.b.WriteString("<" + tag)
	if !w.personal {
		if class != "" {
			w.b.WriteString(` class="` + class + `"`)
		}
		if style != "" {
			w.b.WriteString(` style="` + style + `"`)
		}
	}
	w.b.WriteString(">")
}

func (w *htmlWriter) close(tag string) { w.b.WriteString("</" + tag + ">\n") }

// element writes an element that holds one line of plain text.
func (w *htmlWriter) element(tag, class, style, text string) {
	w.open(tag, class, style)
	w.b.WriteString(html.EscapeString(OneLine(text)))
	w.close(tag)
}

// prose writes plain text as paragraphs. In a frame the last of them brings no
// margin of its own.
func (w *htmlWriter) prose(text string, framed bool) {
	h := TextToHTML(text)
	if h == "" {
		return
	}
	if last := strings.LastIndex(h, paraTag); framed && last >= 0 {
		h = h[:last] + lastParaTag + h[last+len(paraTag):]
		if !w.personal {
			h = strings.ReplaceAll(h, paraTag, framedParaTag)
		}
	}
	w.b.WriteString(h + "\n")
}

// written writes what somebody wrote: their HTML, made safe, or their text.
func (w *htmlWriter) written(htm, text string, framed bool) {
	// Customers write from right to left as well, whatever the mail's language.
	class := ""
	if framed && !w.personal {
		class = ` class="rw-said"`
	}
	w.b.WriteString(`<div dir="auto"` + class + `>`)
	if body := Sanitize(htm); body != "" {
		w.b.WriteString(body)
	} else {
		w.prose(text, framed)
	}
	w.close("div")
}

// box opens a table of one cell that has a ground or a bar; endBox closes it.
func (w *htmlWriter) box(table, class, style, colour string) {
	w.b.WriteString(`<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="` + table + `"><tr><td class="` + class + `"`)
	if colour != "" {
		w.b.WriteString(` bgcolor="` + colour + `"`)
		style = "background:" + colour + ";" + style
	}
	w.b.WriteString(` style="` + style + `">`)
}

func (w *htmlWriter) endBox() { w.b.WriteString("</td></tr></table>" + afterTable) }

// tinted opens a box on a ground.
func (w *htmlWriter) tinted(g ground, padding string) {
	w.box(boxStyle, g.class+" rw-pad", "border-radius:8px;padding:"+padding, g.colour)
}
