package page

import (
	"html"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/replywell/replywell/shared/email/htmltext"
)

// ReplyMarker is the line above which an answer is to be written. The reply
// reader takes it as the start of what was quoted.
const ReplyMarker = "## Reply above this line ##"

// Heading is a heading; Level goes from 1 (the mail's title) to 3.
type Heading struct {
	Level int
	Text  string
}

func (h Heading) level() int { return max(1, min(h.Level, 3)) }

func (h Heading) text(w *textWriter) {
	t := OneLine(h.Text)
	if h.level() > 1 && !strings.ContainsAny(lastSign(t), ".:?!…。：？！") {
		t += ":"
	}
	if h.level() == 2 && len(w.lines) > 0 {
		w.line()
	}
	w.line(t)
}

func lastSign(s string) string {
	_, n := utf8.DecodeLastRuneInString(s)
	return s[len(s)-n:]
}

func (h Heading) html(w *htmlWriter) {
	style := []string{h1Style + ";margin:0 0 12px", h2Style, h3Style}[h.level()-1]
	w.element("h"+strconv.Itoa(h.level()), "", style, h.Text)
}

// Paragraph is prose. Line breaks stay, empty lines part paragraphs, links can
// be clicked, lines that begin with ">" are quoted.
type Paragraph struct{ Text string }

func (p Paragraph) text(w *textWriter) { w.prose(p.Text) }
func (p Paragraph) html(w *htmlWriter) { w.prose(p.Text, false) }

// Link is a paragraph that is one link. A URL of another kind than http, https,
// mailto and tel is shown and leads nowhere.
type Link struct{ Text, URL string }

func (l Link) text(w *textWriter) {
	t, u := OneLine(l.Text), OneLine(l.URL)
	switch {
	case t == "" || t == u:
		w.line(u)
	default:
		w.line(t, ": ", u)
	}
}

func (l Link) html(w *htmlWriter) {
	t, u := OneLine(l.Text), OneLine(l.URL)
	if t == "" {
		t = u
	}
	w.b.WriteString(paraTag)
	if target := safeTarget(u); target != "" {
		w.b.WriteString(anchor(target, t))
	} else {
		w.b.WriteString(html.EscapeString(t))
		if t != u {
			w.b.WriteString(": " + html.EscapeString(u))
		}
	}
	w.close("p")
}

// Message is what somebody wrote, and why the mail is read: it is the most
// prominent block. Who says it as a clause ("Erika Muster wrote"). Where there is
// no HTML, Text is shown.
type Message struct {
	Who, When, Text string
	HTML            Safe
}

func (m Message) text(w *textWriter) {
	if by := byline(m.Who, m.When); by != "" {
		w.line(by + ":")
		w.line()
	}
	w.said(m.Text, m.HTML.html)
}

func (m Message) html(w *htmlWriter) {
	w.box(barBoxStyle, "rw-new", newBarStyle, "")
	if by := byline(m.Who, m.When); by != "" {
		w.element("h2", "rw-soft", newHeadStyle, by)
	}
	w.written(m.HTML, m.Text, true)
	w.endBox()
}

// Quote is earlier text, for those who need it: with a grey bar.
type Quote struct{ Who, When, Text string }

func (q Quote) text(w *textWriter) {
	if by := byline(q.Who, q.When); by != "" {
		w.line(by + ":")
		w.line()
	}
	w.said(q.Text, "")
}

func (q Quote) html(w *htmlWriter) {
	w.box(barBoxStyle, "rw-old", oldBarStyle+";"+oldTextStyle, "")
	if by := byline(q.Who, q.When); by != "" {
		w.element("h3", "rw-soft", oldHeadStyle, by)
	}
	w.written(Safe{}, q.Text, true)
	w.endBox()
}

// Body is what the writer of a personal mail wrote, without any frame. HTML is
// sanitised here; where there is none, Text is shown.
type Body struct{ Text, HTML string }

func (t Body) text(w *textWriter) { w.written(t.Text, t.HTML) }
func (t Body) html(w *htmlWriter) { w.written(Clean(t.HTML), t.Text, false) }

// Original is the mail that is being answered, below the answer, as mail
// clients write it: so that they, and the reply reader, can fold it away.
// Attribution is the line above it; see Attribution.
type Original struct{ Attribution, Text, HTML string }

func (o Original) text(w *textWriter) {
	if a := OneLine(o.Attribution); a != "" {
		w.line(a)
	}
	text := o.Text
	if strings.TrimSpace(text) == "" {
		text = htmltext.Text(o.HTML)
	}
	for l := range strings.SplitSeq(strings.TrimSpace(cleanText(text)), "\n") {
		w.quoted(l, 1)
	}
}

func (o Original) html(w *htmlWriter) {
	w.b.WriteString("<div class=\"gmail_quote\" style=\"margin-top:1em\">\n")
	if a := OneLine(o.Attribution); a != "" {
		w.b.WriteString(`<div class="gmail_attr">` + html.EscapeString(a) + "</div>\n")
	}
	w.b.WriteString(`<blockquote type="cite" class="gmail_quote" style="margin:0 0 0 .8ex;border-left:1px solid #b8c0cc;padding-left:1ex">` + "\n")
	w.written(Clean(o.HTML), o.Text, true)
	w.b.WriteString("</blockquote>\n</div>\n")
}

// ReplyLine is the line that mails which are to be answered begin with. Hint
// says in a few words where an answer goes; the part of it that is Strong stands
// out. A mail that nobody reads replies to is Closed: it says so, and has no marker.
type ReplyLine struct {
	Hint, Strong string
	Closed       bool
}

func (r ReplyLine) text(w *textWriter) {
	if !r.Closed {
		w.line(ReplyMarker)
	}
	if h := OneLine(r.Hint); h != "" {
		w.line(h)
	}
}

func (r ReplyLine) html(w *htmlWriter) {
	w.open("p", "", firstStyle)
	if !r.Closed {
		w.open("span", "rw-soft", markerStyle)
		w.b.WriteString(ReplyMarker + "</span> ")
	}
	if h, strong := OneLine(r.Hint), OneLine(r.Strong); h != "" {
		before, after, found := strings.Cut(h, strong)
		if strong == "" || !found {
			before, strong, after = h, "", ""
		}
		w.b.WriteString(html.EscapeString(before))
		if strong != "" {
			w.b.WriteString("<strong>" + html.EscapeString(strong) + "</strong>")
		}
		w.b.WriteString(html.EscapeString(after))
	}
	w.close("p")
}

// Small is the small print at the end.
type Small struct{ Text string }

func (s Small) text(w *textWriter) {
	w.line("-- ") // the space makes it a signature separator (RFC 3676 section 4.3)
	w.prose(s.Text)
}

func (s Small) html(w *htmlWriter) {
	w.open("div", "rw-soft rw-line", footStyle)
	w.b.WriteString(strings.ReplaceAll(TextToHTML(s.Text), paraTag, `<p style="margin:0 0 6px">`) + "\n")
	w.close("div")
}

// byline joins who and when.
func byline(who, when string) string {
	who, when = OneLine(who), OneLine(when)
	if who == "" || when == "" {
		return who + when
	}
	return who + ", " + when
}
