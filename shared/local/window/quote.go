package window

import (
	"fmt"
	"html"
	"strings"
	"time"

	nethtml "golang.org/x/net/html"

	"github.com/replywell/replywell/shared/email/message"
	"github.com/replywell/replywell/shared/email/page"
)

// client is a mail program, by how it quotes. How people's answers look is decided
// by these programs, and what is read in an answer must not depend on them.
type client struct {
	ID, Name string
	// answer makes what the program sends where own was written on the mail o.
	answer func(own string, o opened, below bool, zone *time.Location) (text, html string)
}

// clients are those that most people use. What they write was taken from their
// mails; the first one is used until somebody chooses.
var clients = []client{
	{"gmail", "Gmail", gmail},
	{"outlook", "Outlook", outlook},
	{"apple", "Apple Mail", appleMail},
	{"phone", "iPhone", iPhone},
}

// clientCalled finds a client; an unknown name is the first one's.
func clientCalled(id string) client {
	for _, c := range clients {
		if c.ID == id {
			return c
		}
	}
	return clients[0]
}

func gmail(own string, o opened, below bool, zone *time.Location) (string, string) {
	at := o.Mail.Date.In(zone)
	who := o.Mail.From
	line := fmt.Sprintf("On %s at %s %s wrote:", at.Format("Mon, Jan 2, 2006"), at.Format("3:04\u202fPM"), named(who))
	attribution := fmt.Sprintf("On %s at %s %s &lt;<a href=\"mailto:%s\">%s</a>&gt; wrote:<br>", at.Format("Mon, Jan 2, 2006"), at.Format("3:04\u202fPM"),
		html.EscapeString(who.Name), html.EscapeString(who.Address), html.EscapeString(who.Address))
	quote := `<div class="gmail_quote gmail_quote_container"><div dir="ltr" class="gmail_attr">` + attribution +
		`</div><blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex;border-left:1px solid rgb(204,204,204);padding-left:1ex">` + originalHTML(o) + `</blockquote></div>`
	mine := `<div dir="ltr">` + lines(own, "<br>") + `</div>`
	if below {
		return line + "\n\n" + quoted(o.Mail.Text) + "\n\n" + own + "\n", quote + "<br>" + mine
	}
	return own + "\n\n" + line + "\n\n" + quoted(o.Mail.Text) + "\n", mine + "<br>" + quote
}

func outlook(own string, o opened, below bool, zone *time.Location) (string, string) {
	m, at := o.Mail, o.Mail.Date.In(zone)
	facts := [][2]string{{"From", named(m.From)}, {"Sent", at.Format("Monday, January 2, 2006 3:04 PM")}, {"To", namedAll(m.To)}}
	if len(m.Cc) > 0 {
		facts = append(facts, [2]string{"Cc", namedAll(m.Cc)})
	}
	facts = append(facts, [2]string{"Subject", page.OneLine(m.Subject)})
	var text, head strings.Builder
	for i, f := range facts {
		fmt.Fprintf(&text, "%s: %s\n", f[0], f[1])
		if i > 0 {
			head.WriteString("<br>")
		}
		fmt.Fprintf(&head, "<b>%s:</b> %s", f[0], html.EscapeString(f[1]))
	}
	mine := `<div class="WordSection1">`
	for l := range strings.SplitSeq(own, "\n") {
		if l == "" {
			l = "\u00a0"
		}
		mine += `<p class="MsoNormal">` + html.EscapeString(l) + "</p>\n"
	}
	quote := `<div><div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"><p class="MsoNormal">` + head.String() + "</p></div></div>\n" +
		`<p class="MsoNormal">&nbsp;</p>` + originalHTML(o)
	const open, end = `<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8"></head><body lang="EN-GB">`, "</body></html>"
	original := text.String() + "\n" + strings.TrimRight(m.Text, "\r\n") + "\n"
	if below { // who answers below has Outlook prefix each line, or nobody could tell where the quote ends
		return quoted(original) + "\n\n" + own + "\n",
			open + `<div style="border:none;border-left:solid blue 1.5pt;padding:0cm 0cm 0cm 4.0pt"><blockquote>` + quote + `</blockquote></div>` + mine + "</div>" + end
	}
	return own + "\n\n" + original, open + mine + `<p class="MsoNormal">&nbsp;</p>` + quote + "</div>" + end
}

func appleMail(own string, o opened, below bool, zone *time.Location) (string, string) {
	line := appleLine(o, zone)
	quote := `<blockquote type="cite"><div>` + html.EscapeString(line) + `</div><br class="Apple-interchange-newline"><div>` + originalHTML(o) + `</div></blockquote>`
	mine := ""
	for l := range strings.SplitSeq(own, "\n") {
		if l = html.EscapeString(l); l == "" {
			l = "<br>"
		}
		mine += "<div>" + l + "</div>"
	}
	const open, end = `<html><head><meta http-equiv="content-type" content="text/html; charset=utf-8"></head><body style="overflow-wrap: break-word; -webkit-nbsp-mode: space; line-break: after-white-space;">`, "</body></html>"
	text := quoted(line + "\n\n" + o.Mail.Text)
	if below {
		return text + "\n\n" + own + "\n", open + `<div>` + quote + `</div><br>` + mine + end
	}
	return own + "\n\n" + text + "\n", open + mine + `<div><br>` + quote + `</div><br>` + end
}

func iPhone(own string, o opened, below bool, zone *time.Location) (string, string) {
	const card = "Sent from my iPhone"
	line := appleLine(o, zone)
	quote := `<div dir="ltr"><br><blockquote type="cite">` + html.EscapeString(line) + `<br><br></blockquote></div><blockquote type="cite"><div dir="ltr">` + originalHTML(o) + `</div></blockquote>`
	mine := `<div dir="ltr">` + lines(own, "<br>") + `</div><br id="lineBreakAtBeginningOfSignature"><div dir="ltr">` + card + `</div>`
	const open, end = `<html><head><meta http-equiv="content-type" content="text/html; charset=utf-8"></head><body dir="auto">`, "</body></html>"
	text := quoted(line + "\n\n" + o.Mail.Text)
	if below {
		return text + "\n\n" + own + "\n\n" + card + "\n", open + quote + mine + end
	}
	return own + "\n\n" + card + "\n\n" + text + "\n", open + mine + quote + end
}

func appleLine(o opened, zone *time.Location) string {
	at := o.Mail.Date.In(zone)
	return fmt.Sprintf("On %s, at %s, %s wrote:", at.Format("2 Jan 2006"), at.Format("15:04"), named(o.Mail.From))
}

// named is a person as mail programs write them above a quote.
func named(a message.Address) string {
	if a.Name == "" {
		return a.Address
	}
	return page.OneLine(a.Name) + " <" + a.Address + ">"
}

func namedAll(list []message.Address) string {
	var out []string
	for _, a := range list {
		out = append(out, named(a))
	}
	return strings.Join(out, "; ")
}

func lines(text, end string) string { return strings.ReplaceAll(html.EscapeString(text), "\n", end) }

// quoted is a text with a mark before each line (RFC 3676 section 4.5).
func quoted(text string) string {
	list := strings.Split(strings.TrimRight(text, "\r\n"), "\n")
	for i, l := range list {
		if l = strings.TrimRight(l, "\r"); l == "" || strings.HasPrefix(l, ">") {
			list[i] = ">" + l
		} else {
			list[i] = "> " + l
		}
	}
	return strings.Join(list, "\n")
}

// originalHTML is what a program puts into its quote: the body of the mail's HTML,
// or its text.
func originalHTML(o opened) string {
	if o.Mail.HTML == "" {
		return page.TextToHTML(o.Mail.Text)
	}
	doc, err := nethtml.Parse(strings.NewReader(o.Mail.HTML))
	if err != nil {
		return page.TextToHTML(o.Mail.Text)
	}
	for n := range doc.Descendants() {
		if n.Type == nethtml.ElementNode && n.Data == "body" {
			var b strings.Builder
			for c := range n.ChildNodes() {
				if err := nethtml.Render(&b, c); err != nil {
					return page.TextToHTML(o.Mail.Text)
				}
			}
			return b.String()
		}
	}
	return page.TextToHTML(o.Mail.Text)
}
