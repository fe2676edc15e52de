package letters_test

import (
	"html"
	"regexp"
	"strings"
	"testing"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email"
	"github.com/replywell/replywell/shared/email/visible"
)

// client writes a reply to a mail of ours the way a mail program does: the new
// text, and below it the whole of our mail in that program's form.
type client struct {
	name  string
	write func(text string, m *email.Mail) (plain, htm string)
}

const (
	sender   = "Erika Muster (Brightwater Support)"
	support  = "support@brightwater.example"
	mailable = `&lt;<a href="mailto:` + support + `">` + support + `</a>&gt;`
)

func quoted(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	for i, l := range lines {
		lines[i] = strings.TrimRight("> "+l, " ")
	}
	return strings.Join(lines, "\n")
}

// wrapped breaks lines as clients do that send text of 72 columns.
func wrapped(text string) string {
	var out []string
	for _, l := range strings.Split(text, "\n") {
		for len(l) > 72 {
			i := strings.LastIndexByte(l[:72], ' ')
			if i < 10 {
				break
			}
			out = append(out, l[:i])
			l = l[i+1:]
		}
		out = append(out, l)
	}
	return strings.Join(out, "\n")
}

func paragraphs(text, open, end string) string {
	return open + strings.ReplaceAll(html.EscapeString(text), "\n", end+"\n"+open) + end
}

// inner is what stands within the body element.
func inner(page string) string {
	_, page, _ = strings.Cut(page, "<body")
	_, page, _ = strings.Cut(page, ">")
	page, _, _ = strings.Cut(page, "</body>")
	return page
}

var classes = regexp.MustCompile(` class="[^"]*"`)

var clients = []client{
	{"Gmail", func(text string, m *email.Mail) (string, string) {
		said := "On Fri, Nov 6, 2026 at 10:30 AM " + sender + " <\n" + support + "> wrote:"
		return text + "\n\n" + said + "\n\n" + quoted(wrapped(m.PlainText)),
			`<div dir="ltr">` + paragraphs(text, "<div>", "</div>") +
				`</div><br><div class="gmail_quote gmail_quote_container"><div dir="ltr" class="gmail_attr">On Fri, ` +
				`Nov 6, 2026 at 10:30 AM ` +
				sender + ` ` + mailable + ` wrote:<br></div><blockquote class="gmail_quote" style="margin:0px 0px ` +
				`0px 0.8ex">` + classes.ReplaceAllString(inner(m.HTML), "") + `</blockquote></div>`
	}},
	{"Gmail in German, text alone", func(text string, m *email.Mail) (string, string) {
		return text + "\n\nAm Fr., 6. Nov. 2026 um 10:30 Uhr schrieb " + sender + "\n<" + support + ">:\n\n" +
			quoted(wrapped(m.PlainText)), ""
	}},
	{"Outlook for Windows", func(text string, m *email.Mail) (string, string) {
		return text + "\n\nFrom: " + sender + " <" + support +
				">\nSent: Friday, 6 November 2026 10:30\nTo: Anna Berg <anna@team.example>\nSubject: " + m.Subject +
				"\n\n" + m.PlainText,
			`<html xmlns:o="urn:schemas-microsoft-com:office:office"><body lang="EN-GB"><div class="WordSection1">` +
				paragraphs(text, `<p class="MsoNormal">`, `</p>`) +
				`<p class="MsoNormal"><o:p>&nbsp;</o:p></p><div><div style="border:none;border-top:solid #E1E1E1 ` +
				`1.0pt;padding:3.0pt 0cm 0cm 0cm"><p class="MsoNormal"><b>From:</b> ` + sender + ` &lt;` + support +
				`&gt; <br><b>Sent:</b> Friday, 6 November 2026 10:30<br><b>To:</b> Anna Berg &lt;` +
				`anna@team.example&gt;<br><b>Subject:</b> ` + html.EscapeString(m.Subject) + `</p></div></div>` +
				classes.ReplaceAllString(inner(m.HTML), ` class="MsoNormal"`) + `</div></body></html>`
	}},
	{"Outlook on the web", func(text string, m *email.Mail) (string, string) {
		return text + "\n________________________________\nFrom: " + sender + " <" + support +
				">\nSent: 06 November 2026 10:30\nTo: Anna Berg <anna@team.example>\nSubject: " + m.Subject + "\n\n" +
				m.PlainText,
			`<html><body dir="ltr">` + paragraphs(text, `<div class="elementToProof">`, `</div>`) +
				`<div id="appendonsend"></div><hr style="display:inline-block;width:98%" tabindex="-1"><div ` +
				`id="divRplyFwdMsg" dir="ltr"><font face="Calibri"><b>From:</b> ` +
				sender + ` &lt;` + support + `&gt;<br><b>Sent:</b> 06 November 2026 10:30<br><b>To:</b> Anna Berg<br>` +
				`<b>Subject:</b> ` + html.EscapeString(m.Subject) + `</font><div>&nbsp;</div></div>` + inner(m.HTML) +
				`</body></html>`
	}},
	{"Apple Mail", func(text string, m *email.Mail) (string, string) {
		return text + "\n\n> On 6. Nov 2026, at 10:30, " + sender + " <" + support + "> wrote:\n> \n" +
				quoted(m.PlainText),
			`<html><body style="overflow-wrap: break-word;">` + paragraphs(text, "<div>", "</div>") +
				`<div><br><blockquote type="cite"><div>On 6. Nov 2026, at 10:30, ` + sender + ` &lt;` + support +
				`&gt; wrote:</div><br class="Apple-interchange-newline"><div>` + inner(m.HTML) +
				`</div></blockquote></div></body></html>`
	}},
	{"iPhone", func(text string, m *email.Mail) (string, string) {
		return text + "\n\nSent from my iPhone\n\n> On 6 Nov 2026, at 10:30, " + sender + " <" + support +
			"> wrote:\n> \n> " + strings.ReplaceAll(m.PlainText, "\n", "\n> "), ""
	}},
	{"Thunderbird", func(text string, m *email.Mail) (string, string) {
		return text + "\n\nOn 06.11.26 10:30, " + sender + " wrote:\n" + quoted(wrapped(m.PlainText)),
			`<html><body>` + paragraphs(text, "<p>", "</p>") + `<div class="moz-cite-prefix">On 06.11.26 10:30, ` +
				sender + ` wrote:<br></div><blockquote type="cite" cite="mid:x@brightwater.example">` + inner(m.HTML) +
				`</blockquote></body></html>`
	}},
	{"a client that marks nothing", func(text string, m *email.Mail) (string, string) {
		return text + "\n\n" + m.PlainText, ""
	}},
	{"a client that marks nothing, in HTML", func(text string, m *email.Mail) (string, string) {
		return "", `<html><body>` + paragraphs(text, "<div>", "</div>") + `<br>` + inner(m.HTML) + `</body></html>`
	}},
}

// TestAnAgentsReplyIsCutFromOurMail replies to every letter with every client:
// what the reply reader gives is the agent's text and nothing of our frame.
func TestAnAgentsReplyIsCutFromOurMail(t *testing.T) {
	w := writer(t)
	texts := []string{
		"Dear Erika,\n\nplease lay the seal in again, with the print upwards.\n\nAnna",
		"#close\n\nDone, thank you.",
		"#send 1",
		"Yes.",
	}
	for name, s := range situations(t) {
		ready, err := w.Notification(desk.DerivedID(name), w.Settings.Agents[0], w.Settings.Mailboxes[0], s.conv, s.msg,
			s.more)
		if err != nil {
			t.Fatal(err)
		}
		m := email.Read(ready.Raw, "")
		for _, c := range clients {
			for _, text := range texts {
				plain, htm := c.write(text, m)
				got := visible.Split("Re: "+m.Subject, plain, htm)
				if fold(got.Visible) != fold(text) || got.OnlyQuote {
					t.Errorf("%s to %s: %q became\n%s", c.name, name, text, clipped(got.Visible))
				}
			}
		}
	}
}

// TestOurFrameIsCutBelowAnyAttribution: a client's own line above the quote that
// nobody can know may stay; nothing of our mail does.
func TestOurFrameIsCutBelowAnyAttribution(t *testing.T) {
	w := writer(t)
	for name, s := range situations(t) {
		ready, err := w.Notification(desk.DerivedID(name), w.Settings.Agents[0], w.Settings.Mailboxes[0], s.conv, s.msg,
			s.more)
		if err != nil {
			t.Fatal(err)
		}
		m := email.Read(ready.Raw, "")
		for _, below := range []string{m.PlainText, quoted(m.PlainText), quoted(wrapped(m.PlainText))} {
			got := visible.Split("Re: "+m.Subject, "Yes, please.\n\n~~ 6.11., "+sender+" ~~\n"+below, "")
			if rest, ok := strings.CutPrefix(fold(got.Visible), "Yes, please."); !ok || rest != "" &&
				rest != " ~~ 6.11., "+sender+" ~~" {
				t.Errorf("%s: became\n%s", name, clipped(got.Visible))
			}
		}
	}
}

func fold(s string) string { return strings.Join(strings.Fields(s), " ") }

func clipped(s string) string {
	if len(s) > 400 {
		return s[:400] + "…"
	}
	return s
}
