package page

import (
	"html"
	"strings"
)

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

// written writes what somebody wrote: their HTML, or their text.
func (w *htmlWriter) written(htm Safe, text string, framed bool) {
	// Customers write from right to left as well, whatever the mail's language.
	class := ""
	if framed && !w.personal {
		class = ` class="rw-said"`
	}
	w.b.WriteString(`<div dir="auto"` + class + `>`)
	if htm.html != "" {
		w.b.WriteString(htm.html)
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
