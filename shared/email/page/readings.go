package page

import (
	"html"
	"strings"
)

// Readings are figures that are read one by one: what each is of, the figure in a few
// words, and what is to be known of it.
type Readings struct{ Readings []Reading }

// Reading is one figure: "First answer", "Half within 5 working hours", "Counts all
// 118 who wrote.". A tap on the label opens URL, if there is one.
type Reading struct{ Label, Value, Note, URL string }

func (r Readings) text(w *textWriter) {
	for i, x := range r.Readings {
		if i > 0 {
			w.line()
		}
		w.hanging("", "  ", OneLine(x.Label)+": "+OneLine(x.Value))
		if n := OneLine(x.Note); n != "" {
			w.hanging("  ", "  ", n)
		}
	}
}

func (r Readings) html(w *htmlWriter) {
	if len(r.Readings) == 0 {
		return
	}
	w.open("table", "", tableStyle)
	w.b.WriteByte('\n')
	for _, x := range r.Readings { // one below the other: a phone has no room for more
		w.b.WriteString("<tr>")
		w.open("td", "rw-line", readingStyle)
		if target := safeTarget(x.URL); target != "" {
			w.b.WriteString(`<p style="` + readingLabelStyle + `"><a href="` + html.EscapeString(target) + `" style="` + linkStyle + `">` + html.EscapeString(OneLine(x.Label)) + "</a></p>")
		} else {
			w.element("p", "", readingLabelStyle, x.Label)
		}
		w.element("p", "", readingValueStyle, x.Value)
		if n := strings.TrimSpace(x.Note); n != "" {
			w.element("p", "rw-soft", readingNoteStyle, n)
		}
		w.b.WriteString("</td></tr>\n")
	}
	w.close("table")
}
