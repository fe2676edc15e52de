package compose

import (
	"html"
	"regexp"
	"strings"

	"github.com/replywell/replywell/shared/email/htmltext"
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

// Text gives the document as plain text with LF line ends. Blocks are set off by
// an empty line; prose is not wrapped, because readers wrap it to their window.
func (d Document) Text() string {
	w := &textWriter{}
	for _, b := range d.Blocks {
		w.gap()
		b.text(w)
	}
	return strings.TrimRight(w.b.String(), "\n") + "\n"
}

// HTML gives the document as a whole HTML page: one column of at most 640
// pixels, styles inline, colours that also read when a client turns them dark,
// nothing fetched from elsewhere.
func (d Document) HTML() string {
	w := &htmlWriter{personal: d.Personal}
	lang := d.lang()
	w.b.WriteString("<!DOCTYPE html>\n<html lang=\"" + lang + "\"" + direction(lang) + ">\n<head>\n" + head)
	if !d.Personal {
		w.b.WriteString(darkStyle)
	}
	w.b.WriteString("</head>\n")
	if d.Personal {
		// Without a font some clients fall back to a typewriter's or a book's.
		w.b.WriteString(`<body style="font-family:` + fonts + `">` + "\n")
	} else {
		w.b.WriteString(`<body class="rw-page" style="` + pageStyle + `">` + "\n")
	}
	if p := OneLine(d.Preheader); p != "" {
		w.b.WriteString(`<div style="display:none;max-height:0;overflow:hidden">` + html.EscapeString(p) + "</div>\n")
	}
	if !d.Personal {
		w.b.WriteString(`<div role="article" aria-roledescription="email" lang="` + lang + `" style="` + columnStyle + `">` + "\n")
	}
	for _, b := range d.Blocks {
		b.html(w)
	}
	if !d.Personal {
		w.b.WriteString("</div>\n")
	}
	w.b.WriteString("</body>\n</html>\n")
	return w.b.String()
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

// textWriter collects plain text.
type textWriter struct{ b strings.Builder }

// gap sets the next block off from what stands above it.
func (w *textWriter) gap() {
	if w.b.Len() > 0 {
		w.b.WriteByte('\n')
	}
}

// written writes what somebody wrote: their text, or what their HTML says.
func (w *textWriter) written(text, htm string) {
	if strings.TrimSpace(text) == "" && htm != "" {
		text = htmltext.Text(htm)
	}
	w.line(strings.TrimSpace(cleanText(text)))
}

func (w *textWriter) line(parts ...string) {
	for _, p := range parts {
		w.b.WriteString(p)
	}
	w.b.WriteByte('\n')
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
	}
	w.b.WriteString(h + "\n")
}

// written writes what somebody wrote: their HTML, made safe, or their text.
func (w *htmlWriter) written(htm, text string, framed bool) {
	// Customers write from right to left as well, whatever the mail's language.
	w.b.WriteString(`<div dir="auto">`)
	if body := Sanitize(htm); body != "" {
		w.b.WriteString(body)
	} else {
		w.prose(text, framed)
	}
	w.close("div")
}
