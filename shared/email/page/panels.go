package page

import (
	"html"
	"strings"
)

// The blocks of a page for agents, from its state down to what can be done. See
// "The page" in doc.go.

// Tone is what a mail asks of whoever reads it. It is said in words as well; the
// tint repeats it.
type Tone uint8

// The tones.
const (
	Info    Tone = iota // nothing to do, or good to know
	Warning             // needs care
	Problem             // something did not work, or must be done
	Turn                // it is the reader's turn
)

func (t Tone) ground() ground {
	switch t {
	case Info:
		return quietGround
	case Turn:
		return turnGround
	}
	return stopGround
}

// Band says what the mail is: its only heading of the first level, and one line
// why or how long.
type Band struct {
	Tone        Tone
	Title, Text string
}

func (b Band) text(w *textWriter) {
	w.line(OneLine(b.Title))
	if t := strings.TrimSpace(cleanText(b.Text)); t != "" {
		w.line()
		w.prose(t)
	}
}

func (b Band) html(w *htmlWriter) {
	w.tinted(b.Tone.ground(), "10px 16px 11px")
	w.element("h1", "", h1Style, b.Title)
	for l := range strings.SplitSeq(strings.TrimSpace(cleanText(b.Text)), "\n") {
		if l != "" {
			w.element("p", "", bandTextStyle, l)
		}
	}
	w.endBox()
}

// Callout is a short text that must not be overlooked.
type Callout struct {
	Tone        Tone
	Title, Text string
}

func (c Callout) text(w *textWriter) {
	if t := OneLine(c.Title); t != "" {
		w.line(ended(t))
	}
	if t := strings.TrimSpace(cleanText(c.Text)); t != "" {
		w.prose(t)
	}
}

func (c Callout) html(w *htmlWriter) {
	w.tinted(c.Tone.ground(), "10px 16px 11px")
	w.b.WriteString(`<div role="note">`)
	if t := OneLine(c.Title); t != "" {
		w.element("p", "", "margin:0 0 2px;font-size:16px;line-height:1.4;font-weight:600", ended(t))
	}
	w.prose(c.Text, true)
	w.b.WriteString("</div>")
	w.endBox()
}

// ended is a heading as a sentence.
func ended(s string) string {
	if strings.ContainsAny(lastSign(s), ".:?!…。：？！") {
		return s
	}
	return s + "."
}

// Aside is one soft paragraph about what stands above; its beginning may stand out.
type Aside struct{ Strong, Text string }

func (a Aside) text(w *textWriter) {
	w.line(strings.TrimSpace(OneLine(a.Strong) + " " + OneLine(a.Text)))
}

func (a Aside) html(w *htmlWriter) {
	w.open("p", "rw-soft", asideStyle)
	if s := OneLine(a.Strong); s != "" {
		w.b.WriteString("<strong>" + html.EscapeString(s) + "</strong> ")
	}
	w.b.WriteString(html.EscapeString(OneLine(a.Text)))
	w.close("p")
}

// Team is what stays in the team.
type Team struct{ Who, When, Text string }

const teamHead = "Team only. "

func (t Team) text(w *textWriter) {
	w.line(teamHead + byline(t.Who, t.When) + ":")
	w.line()
	w.said(t.Text, "")
}

func (t Team) html(w *htmlWriter) {
	w.tinted(teamGround, "9px 16px 11px")
	w.open("h3", "rw-soft", oldHeadStyle)
	w.b.WriteString("<strong>" + strings.TrimSpace(teamHead) + "</strong> " + html.EscapeString(byline(t.Who, t.When)))
	w.close("h3")
	w.open("div", "", oldTextStyle)
	w.written(Safe{}, t.Text, true)
	w.close("div")
	w.endBox()
}

// Button is one thing that can be done with a tap: a mail that is ready to be
// sent. Label says it whole ("Send answer 1 to Erika Muster"); Say is how the
// plain text tells of it, where no address is shown.
type Button struct {
	Label, URL string
	Likely     bool // the likely next step: filled
	Say        string
}

func (b Button) text(w *textWriter) {
	if s := OneLine(b.Say); s != "" {
		w.line(s)
	}
}

func (b Button) html(w *htmlWriter) {
	target := safeTarget(b.URL)
	if target == "" { // too long for a link, or none: the words remain
		w.element("p", "", "margin:10px 0 5px", b.Say)
		return
	}
	class, fill, ink, edge := "rw-o", "#ffffff", "#1a56ad", "#1a56ad"
	if b.Likely {
		class, fill, ink, edge = "rw-b", "#2565c4", "#ffffff", "#2565c4"
	}
	// Word takes the fill from bgcolor and the padding from mso-padding-alt.
	w.b.WriteString(`<table role="presentation" class="rw-btn" cellpadding="0" cellspacing="0" style="border-collapse:separate;margin:10px 0 5px"><tr><td class="` + class +
		`" align="center" bgcolor="` + fill + `" style="background:` + fill + `;border-radius:8px;mso-padding-alt:13px 22px"><a href="` + html.EscapeString(target) +
		`" style="display:block;padding:12px 22px;border:1px solid ` + edge + `;border-radius:8px;font-size:16px;line-height:22px;font-weight:600;color:` + ink +
		`;text-decoration:none">` + html.EscapeString(OneLine(b.Label)) + "</a></td></tr></table>\n")
}

// Panel is a text that is offered, why, and what can be done with it. Where it
// begins and ends is to be seen: it may have steps and empty lines of its own.
type Panel struct {
	Title, Why string
	Text       string   // what is offered; may be empty
	More       []string // a line each, below the text
	Buttons    []Button
}

func (p Panel) text(w *textWriter) {
	w.line(OneLine(p.Title))
	if y := OneLine(p.Why); y != "" {
		w.line(y)
	}
	if t := strings.TrimSpace(cleanText(p.Text)); t != "" {
		w.line()
		w.said(t, "")
		w.line()
	}
	for _, m := range p.More {
		w.line(OneLine(m))
	}
	for _, b := range p.Buttons {
		b.text(w)
	}
}

func (p Panel) html(w *htmlWriter) {
	w.tinted(panelGround, "10px 16px 12px")
	w.element("h2", "", panelHeadStyle, p.Title)
	if y := OneLine(p.Why); y != "" {
		w.element("p", "rw-soft", whyStyle, y)
	}
	if strings.TrimSpace(cleanText(p.Text)) != "" {
		w.open("div", "", oldTextStyle)
		w.written(Safe{}, p.Text, true)
		w.close("div")
	}
	for _, m := range p.More {
		w.element("p", "rw-soft", "margin:6px 0 0;font-size:14px;line-height:1.4;color:#52606d", m)
	}
	for _, b := range p.Buttons {
		b.html(w)
	}
	w.endBox()
}

// Entry is one of a list, called by its sign: a letter, or a number.
type Entry struct {
	Sign, Name string
	About      string // on the same line
	Text       string // on the next one
	URL        string // where a tap leads; "" is nowhere
}

// Entries is such a list.
type Entries struct{ Entries []Entry }

func (e Entries) text(w *textWriter) {
	for i, x := range e.Entries {
		if i > 0 {
			w.line()
		}
		lead := OneLine(x.Sign) + ". "
		under := strings.Repeat(" ", len(lead))
		w.hanging(lead, under, OneLine(x.Name)+comma(x.About))
		if t := OneLine(x.Text); t != "" {
			w.hanging(under, under, t)
		}
	}
}

func comma(s string) string {
	if s = OneLine(s); s != "" {
		return ", " + s
	}
	return ""
}

func (e Entries) html(w *htmlWriter) {
	if len(e.Entries) == 0 {
		return
	}
	w.b.WriteString(`<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="` + barBoxStyle + "\">\n")
	for _, x := range e.Entries {
		w.b.WriteString(`<tr><td class="rw-line" style="` + entryLineStyle + `">`)
		inner := `<span class="rw-nm" style="` + entryNameStyle + `">` + html.EscapeString(OneLine(x.Sign)) + "&ensp;" + html.EscapeString(OneLine(x.Name)) +
			`</span><span class="rw-mn" style="` + entryTextStyle + `">` + html.EscapeString(comma(x.About)) + "</span>"
		if t := OneLine(x.Text); t != "" {
			inner += `<br><span class="rw-mn" style="` + entryTextStyle + `">` + html.EscapeString(t) + "</span>"
		}
		if target := safeTarget(x.URL); target != "" {
			w.b.WriteString(`<a href="` + html.EscapeString(target) + `" style="` + entryStyle + `">` + inner + "</a>")
		} else {
			w.b.WriteString(`<div style="` + entryStyle + `">` + inner + "</div>")
		}
		w.b.WriteString("</td></tr>\n")
	}
	w.b.WriteString("</table>" + afterTable)
}
