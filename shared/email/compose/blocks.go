package compose

import (
	"html"
	"strconv"
	"strings"

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
	w.line(t)
	if n := width(t); h.level() < 3 {
		w.line(strings.Repeat([]string{"=", "-"}[h.level()-1], max(3, min(n, 72))))
	}
}

func (h Heading) html(w *htmlWriter) {
	w.element("h"+strconv.Itoa(h.level()), "", []string{h1Style, h2Style, h3Style}[h.level()-1], h.Text)
}

// Paragraph is prose. Line breaks stay, empty lines part paragraphs, links can
// be clicked, lines that begin with ">" are quoted.
type Paragraph struct{ Text string }

func (p Paragraph) text(w *textWriter) { w.line(strings.TrimSpace(cleanText(p.Text))) }
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
// prominent block. HTML is sanitised here; where there is none, Text is shown.
type Message struct{ Who, When, Text, HTML string }

func (m Message) text(w *textWriter) {
	if by := byline(m.Who, m.When); by != "" {
		w.line(by)
		w.line()
	}
	w.written(m.Text, m.HTML)
}

func (m Message) html(w *htmlWriter) {
	w.open("div", "rw-message", messageStyle)
	if by := byline(m.Who, m.When); by != "" {
		w.element("p", "rw-soft", bylineStyle, by)
	}
	w.written(m.HTML, m.Text, true)
	w.close("div")
}

// Quote is earlier text, for those who need it: smaller, set back.
type Quote struct{ Who, When, Text string }

func (q Quote) text(w *textWriter) {
	if by := byline(q.Who, q.When); by != "" {
		w.line(by + ":")
	}
	w.line(quoted(q.Text))
}

func (q Quote) html(w *htmlWriter) {
	if by := byline(q.Who, q.When); by != "" {
		w.element("p", "rw-soft", "margin:0 0 4px;font-size:13px;color:#52606d", by)
	}
	w.open("blockquote", "rw-soft rw-line", earlierStyle)
	w.written("", q.Text, true)
	w.close("blockquote")
}

// Body is what the writer of a personal mail wrote, without any frame. HTML is
// sanitised here; where there is none, Text is shown.
type Body struct{ Text, HTML string }

func (t Body) text(w *textWriter) { w.written(t.Text, t.HTML) }
func (t Body) html(w *htmlWriter) { w.written(t.HTML, t.Text, false) }

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
	w.line(quoted(text))
}

func (o Original) html(w *htmlWriter) {
	w.b.WriteString("<div class=\"gmail_quote\">\n")
	if a := OneLine(o.Attribution); a != "" {
		w.b.WriteString(`<div class="gmail_attr">` + html.EscapeString(a) + "</div>\n")
	}
	w.b.WriteString(`<blockquote type="cite" class="gmail_quote" style="margin:0 0 0 .8ex;border-left:1px solid #b8c0cc;padding-left:1ex">` + "\n")
	w.written(o.HTML, o.Text, true)
	w.b.WriteString("</blockquote>\n</div>\n")
}

// ReplyLine is the line that mails which are to be answered begin with. Hint
// says in a few words what an answer does.
type ReplyLine struct{ Hint string }

func (r ReplyLine) text(w *textWriter) {
	w.line(ReplyMarker)
	if h := OneLine(r.Hint); h != "" {
		w.line(h)
	}
}

func (r ReplyLine) html(w *htmlWriter) {
	w.open("p", "rw-soft", markerStyle)
	w.b.WriteString(ReplyMarker)
	if h := OneLine(r.Hint); h != "" {
		w.b.WriteString("<br>" + html.EscapeString(h))
	}
	w.close("p")
}

// Divider parts what stands above from what stands below.
type Divider struct{}

func (Divider) text(w *textWriter) { w.line(strings.Repeat("-", 40)) }

func (Divider) html(w *htmlWriter) {
	w.open("hr", "rw-line", ruleStyle)
	w.b.WriteByte('\n')
}

// Small is the small print at the end.
type Small struct{ Text string }

func (s Small) text(w *textWriter) {
	w.line("-- ") // the space makes it a signature separator (RFC 3676 section 4.3)
	w.line(strings.TrimSpace(cleanText(s.Text)))
}

func (s Small) html(w *htmlWriter) {
	w.open("div", "rw-soft rw-line", smallStyle)
	w.prose(s.Text, true)
	w.close("div")
}

// byline joins who and when.
func byline(who, when string) string {
	who, when = OneLine(who), OneLine(when)
	if who == "" || when == "" {
		return who + when
	}
	return who + " · " + when
}

// quoted puts "> " before each line (RFC 3676 section 4.5 has ">" alone before
// what is quoted already).
func quoted(text string) string {
	lines := strings.Split(strings.TrimSpace(cleanText(text)), "\n")
	for i, l := range lines {
		switch {
		case l == "" || strings.HasPrefix(l, ">"):
			lines[i] = ">" + l
		default:
			lines[i] = "> " + l
		}
	}
	return strings.Join(lines, "\n")
}
