package orders_test

import (
	"encoding/base64"
	"fmt"
	"html"
	"mime"
	"strings"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email"
	"github.com/replywell/replywell/shared/orders"
)

// client writes an agent's reply as one mail program does: the agent's lines,
// what the program adds, the mail that is answered.
type client struct {
	name string
	raw  func(m written) string
}

// written is what an agent does in a mail program.
type written struct {
	lines   []string // of the agent's own text
	html    string   // in place of what the lines give
	subject string   // "" as the program makes it
}

const conversationSubject = "Broken lamp"

func (m written) plain() string { return strings.Join(m.lines, "\n") }

func (m written) rich(open, end, empty string) string {
	if m.html != "" {
		return m.html
	}
	var b strings.Builder
	for _, l := range m.lines {
		if strings.TrimSpace(l) == "" {
			b.WriteString(open + empty + end + "\n")
			continue
		}
		b.WriteString(open + html.EscapeString(l) + end + "\n")
	}
	return b.String()
}

func (m written) head(content string) string {
	s := m.subject
	if s == "" {
		s = "Re: [K7M-4Q9] " + conversationSubject
	}
	return "From: Anna Winter <anna@team.lantern.example>\nTo: Lantern Shop Support <support+token@lantern.example>\n" +
		"Subject: " + mime.QEncoding.Encode("utf-8", s) +
		"\nMessage-ID: <x@team.lantern.example>\nMIME-Version: 1.0\nContent-Type: " + content + "\n"
}

const told = "## Reply above this line ##\nA reply goes to Erika Muster.\n\nYour turn\n\nErika Muster:\n\n    The " +
	"glass is cracked. What do I do?\n\nAnswer 1: Broken on arrival\nTo send it, reply with #send 1\n"

func quotedText() string {
	return "> " + strings.ReplaceAll(strings.TrimSpace(told), "\n", "\n> ")
}

func quotedHTML() string { return strings.ReplaceAll(html.EscapeString(told), "\n", "<br>\n") }

func both(m written, text, rich string) string {
	enc := func(s string) string {
		s = base64.StdEncoding.EncodeToString([]byte(s))
		var b strings.Builder
		for len(s) > 76 {
			b.WriteString(s[:76] + "\n")
			s = s[76:]
		}
		return b.String() + s
	}
	return m.head("multipart/alternative; boundary=b") +
		"\n--b\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n" + enc(text) +
		"\n--b\nContent-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: base64\n\n" + enc(rich) + "\n--b--\n"
}

var clients = []client{
	{"Thunderbird, plain", func(m written) string {
		return m.head("text/plain; charset=utf-8") + "\n" + m.plain() +
			"\n\nAm 02.03.26 um 09:01 schrieb Erika Muster via Lantern Shop:\n" + quotedText() + "\n"
	}},
	{"Gmail", func(m written) string {
		by := "On Mon, Mar 2, 2026 at 9:01 AM Erika Muster via Lantern Shop <support@lantern.example> wrote:"
		return both(m, m.plain()+"\n\n"+by+"\n\n"+quotedText(), "<div dir=\"ltr\">"+m.rich("<div>", "</div>", "<br>")+
			"</div><br><div class=\"gmail_quote\"><div dir=\"ltr\" class=\"gmail_attr\">"+html.EscapeString(by)+
			"<br></div><blockquote class=\"gmail_quote\" style=\"margin:0px 0px 0px 0.8ex\">"+quotedHTML()+
			"</blockquote></div>")
	}},
	{"Gmail, right to left", func(m written) string {
		lines := make([]string, len(m.lines))
		for i, l := range m.lines {
			if lines[i] = l; strings.TrimSpace(l) != "" {
				lines[i] = "\u200f" + l
			}
		}
		w := m
		w.lines = lines
		by := "בתאריך יום ב׳, 2 במרץ 2026 ב-9:01 מאת \u202aErika Muster\u202c\u200f " +
			"<\u202asupport@lantern.example\u202c\u200f>:\u202c"
		return both(w, w.plain()+"\n\n"+by+"\n\n"+quotedText(), "<div dir=\"rtl\">"+w.rich("<div>", "</div>", "<br>")+
			"</div><br><div class=\"gmail_quote\"><div dir=\"rtl\" class=\"gmail_attr\">"+html.EscapeString(by)+
			"<br></div><blockquote class=\"gmail_quote\">"+quotedHTML()+"</blockquote></div>")
	}},
	{"Outlook", func(m written) string {
		block := "From: Erika Muster via Lantern Shop <support@lantern.example>\nSent: Monday, March 2, 2026 9:01 " +
			"AM\nTo: Anna Winter <anna@team.lantern.example>\nSubject: [K7M-4Q9] Broken lamp"
		return both(m, m.plain()+"\n\n"+block+"\n\n"+told,
			"<html><head><style>p.MsoNormal{margin:0}</style></head><body><div class=\"WordSection1\">"+
				m.rich("<p class=\"MsoNormal\">", "<o:p></o:p></p>", "&nbsp;")+
				"<p class=\"MsoNormal\"><o:p>&nbsp;</o:p></p><div style=\"border:none;border-top:solid #E1E1E1 1.0pt;"+
				"padding:3.0pt 0in 0in 0in\"><p class=\"MsoNormal\"><b>From:</b> Erika Muster via Lantern Shop &lt;"+
				"support@lantern.example&gt; <br><b>Sent:</b> Monday, March 2, 2026 9:01 AM<br><b>To:</b> Anna "+
				"Winter &lt;anna@team.lantern.example&gt;<br><b>Subject:</b> [K7M-4Q9] Broken lamp<o:p></o:p></p>"+
				"</div><p class=\"MsoNormal\">"+quotedHTML()+"</p></div></body></html>")
	}},
	{"iPhone", func(m written) string {
		by := "> On 2 Mar 2026, at 09:01, Erika Muster via Lantern Shop <support@lantern.example> wrote:"
		return both(m, m.plain()+"\n\nSent from my iPhone\n\n"+by+"\n> \n"+quotedText(), "<html><body dir=\"auto\">"+
			m.rich("<div>", "</div>", "<br>")+
			"<br><div dir=\"ltr\">Sent from my iPhone</div><div dir=\"ltr\"><br><blockquote type=\"cite\">On 2 Mar "+
			"2026, at 09:01, Erika Muster via Lantern Shop &lt;support@lantern.example&gt; wrote:<br><br>"+
			"</blockquote></div><blockquote type=\"cite\"><div dir=\"ltr\">"+quotedHTML()+
			"</div></blockquote></body></html>")
	}},
	{"Apple Mail, with a signature", func(m written) string {
		return m.head("text/plain; charset=utf-8") + "\n" + m.plain() +
			"\n\n-- \nAnna Winter\nLantern Shop Support\n+49 30 901820\n\n> On 2 Mar 2026, at 09:01, Erika Muster " +
			"via Lantern Shop <support@lantern.example> wrote:\n> \n" + quotedText() + "\n"
	}},
	{"K-9, with a farewell", func(m written) string {
		return m.head("text/plain; charset=utf-8; format=flowed") + "\n" + m.plain() +
			"\n\nViele Grüße\nAnna\n-- \nDiese Nachricht wurde von meinem Android-Gerät mit K-9 Mail gesendet.\n"
	}},
	{"Outlook for Android", func(m written) string {
		return both(m, m.plain()+"\n\nGet Outlook for Android<https://aka.ms/AAb9ysg>\n"+
			"________________________________\nFrom: Erika Muster via Lantern Shop <support@lantern.example>\nSent: "+
			"Monday, March 2, 2026 9:01:00 AM\nTo: Anna Winter <anna@team.lantern.example>\nSubject: [K7M-4Q9] "+
			"Broken lamp\n\n"+told,
			"<html><body>"+m.rich("<div dir=\"auto\">", "</div>", "<br>")+
				"<div id=\"ms-outlook-mobile-signature\" dir=\"auto\">Get <a href=\"https://aka.ms/AAb9ysg\">Outlook "+
				"for Android</a></div><hr style=\"display:inline-block;width:98%\"><div id=\"divRplyFwdMsg\" "+
				"dir=\"ltr\"><b>From:</b> Erika Muster<br><b>Sent:</b> Monday<br><b>To:</b> Anna Winter<br>"+
				"<b>Subject:</b> [K7M-4Q9] Broken lamp<div>&nbsp;</div></div>"+quotedHTML()+"</body></html>")
	}},
	{"HTML alone", func(m written) string {
		return m.head("text/html; charset=utf-8") + "\n<p>" + m.rich("", "<br>", "") +
			"</p><div><br></div><blockquote type=\"cite\">" + quotedHTML() + "</blockquote>\n"
	}},
}

// reads is the way of an agent's mail from its bytes to its reading.
func reads(raw string) (orders.Reading, error) {
	m := email.Read([]byte(strings.ReplaceAll(raw, "\n", "\r\n")), "anna@team.lantern.example")
	v := m.AsAnswer("Anna Winter", "Anna", "anna@team.lantern.example")
	text, rich := v.Visible, v.VisibleHTML
	switch {
	case v.OnlyQuote:
		text, rich = "", ""
	case v.Inline && v.WithContext != "":
		text, rich = v.WithContext, ""
	}
	aside := v.Signature
	if v.OnlyQuote {
		aside = ""
	}
	return orders.Read(orders.Mail{Text: text, HTML: rich, Aside: aside, Subject: m.Subject, Of: conversationSubject},
		around)
}

// gone is what leaves for the customer: nothing where the agent is asked.
func gone(r orders.Reading, err error) string {
	if err != nil || r.Doubt != nil || r.Nothing {
		return ""
	}
	if r.Has(desk.CommandFixed) { // its text is shown to the agent, and asked about
		return ""
	}
	return r.Text + "\n" + r.Below
}

func describe(m written, c client) string {
	return fmt.Sprintf("%s: %q (subject %q, HTML %q)", c.name, m.plain(), m.subject, m.html)
}
