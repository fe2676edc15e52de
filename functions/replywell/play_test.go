package main

import (
	"encoding/base64"
	"fmt"
	"html"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/email"
	"github.com/replywell/replywell/shared/email/automatic"
	"github.com/replywell/replywell/shared/email/htmltext"
)

// mailer is how a mail program writes a reply: what stands above the quote, as text
// and, where it writes any, as HTML.
type mailer func(text, by, quote string) (content, body string)

func alternative(text, rich string) (content, body string) {
	if strings.HasPrefix(text, "<") {
		text = htmltext.Text(rich)
	}
	part := func(kind, s string) string {
		s = base64.StdEncoding.EncodeToString([]byte(s))
		var b strings.Builder
		for ; len(s) > 76; s = s[76:] {
			b.WriteString(s[:76] + "\n")
		}
		return "--b\nContent-Type: text/" + kind + "; charset=utf-8\nContent-Transfer-Encoding: base64\n\n" +
			b.String() + s + "\n"
	}
	return "multipart/alternative; boundary=b", part("plain", text) + part("html", rich) + "--b--\n"
}

func marked(s string) string { return "> " + strings.ReplaceAll(strings.TrimSpace(s), "\n", "\n> ") }

func lines(text, open, end, empty string) string {
	if strings.HasPrefix(text, "<") {
		return text
	}
	var b strings.Builder
	for _, l := range strings.Split(text, "\n") {
		if l = html.EscapeString(l); strings.TrimSpace(l) == "" {
			l = empty
		}
		b.WriteString(open + l + end + "\n")
	}
	return b.String()
}

func broken(s string) string { return strings.ReplaceAll(html.EscapeString(s), "\n", "<br>\n") }

var mailers = map[string]mailer{
	"plain": func(text, by, quote string) (string, string) {
		return "text/plain; charset=utf-8", text + "\n\nOn 2 March 2026 at 09:01, " + by + " wrote:\n" + marked(quote) +
			"\n"
	},
	"gmail": func(text, by, quote string) (string, string) {
		line := "On Mon, Mar 2, 2026 at 9:01 AM " + by + " wrote:"
		return alternative(text+"\n\n"+line+"\n\n"+marked(quote), `<div dir="ltr">`+
			lines(text, "<div>", "</div>", "<br>")+
			`</div><br><div class="gmail_quote gmail_quote_container"><div dir="ltr" class="gmail_attr">`+
			html.EscapeString(line)+`<br></div><blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex;`+
			`border-left:1px solid rgb(204,204,204);padding-left:1ex">`+broken(quote)+`</blockquote></div>`)
	},
	"outlook": func(text, by, quote string) (string, string) {
		p := func(s string) string { return `<p class="MsoNormal">` + s + `<o:p></o:p></p>` }
		block := "From: " + by + "\nSent: Monday, March 2, 2026 9:01 AM\nTo: Anna Winter <anna@team.example>\n" +
			"Subject: Lamp"
		return alternative(text+"\n\nAnna Winter\nLantern Shop | Support\n+49 30 901820\n\n"+block+"\n\n"+quote,
			`<html xmlns:o="urn:schemas-microsoft-com:office:office"><body lang="EN-GB"><div class="WordSection1">`+
				lines(text, `<p class="MsoNormal">`, `<o:p></o:p></p>`, "&nbsp;")+p("&nbsp;")+p("<b>Anna Winter</b>")+
				p("Lantern Shop | Support")+p("+49 30 901820")+
				`<div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"><p `+
				`class="MsoNormal">`+
				broken(block)+`</p></div>`+p(broken(quote))+`</div></body></html>`)
	},
	"iphone": func(text, by, quote string) (string, string) {
		line := "On 2 Mar 2026, at 09:01, " + by + " wrote:"
		return alternative(text+"\n\nSent from my iPhone\n\n> "+line+"\n> \n"+marked(quote), `<html><body dir="auto">`+
			lines(text, "<div>", "</div>", "<br>")+
			`<br id="lineBreakAtBeginningOfSignature"><div dir="ltr">Sent from my iPhone</div><div dir="ltr"><br>`+
			`<blockquote type="cite">`+
			html.EscapeString(line)+`<br><br></blockquote></div><blockquote type="cite"><div dir="ltr">`+broken(quote)+
			`</div></blockquote></body></html>`)
	},
	"android": func(text, by, quote string) (string, string) {
		block := "From: " + by + "\nSent: Monday, March 2, 2026 9:01:00 AM\nTo: Anna Winter <anna@team.example>\n" +
			"Subject: Lamp"
		return alternative(text+"\n\nHolen Sie sich Outlook für Android<https://aka.ms/AAb9ysg>\n"+
			"________________________________\n"+block+"\n\n"+quote, `<html><body>`+
			lines(text, `<div dir="auto">`, `</div>`, "<br>")+
			`<div id="ms-outlook-mobile-signature" dir="auto">Holen Sie sich <a `+
			`href="https://aka.ms/AAb9ysg">Outlook für Android</a></div><hr style="display:inline-block;width:98%">`+
			`<div id="divRplyFwdMsg" dir="ltr">`+broken(block)+`</div>`+broken(quote)+`</body></html>`)
	},
	"mac": func(text, by, quote string) (string, string) {
		return "text/plain; charset=utf-8", text + "\n\n-- \nAnna Winter\nLantern Shop\n\n> Am 02.03.2026 um 09:01 " +
			"schrieb " + by + ":\n> \n" + marked(quote) + "\n"
	},
}

// office is the built program with three agents, and what they and their customers write.
type office struct {
	*process
	test *testing.T
	n    int
}

var staff = map[string]string{"anna": "Anna Winter", "ben": "Ben Okafor", "carla": "Carla Rossi"}

func (d *office) write(from, name, to, subject, answers, content, body string) {
	d.t.Helper()
	d.n++
	refs := ""
	if answers != "" {
		refs = "In-Reply-To: <" + answers + ">\nReferences: <" + answers + ">\n"
	}
	raw := fmt.Sprintf("From: %s <%s>\nTo: %s\nSubject: %s\nMessage-ID: <play.%d@play.example>\nDate: %s\n"+
		"%sMIME-Version: 1.0\nContent-Type: %s\n\n%s\n", name, from, to, subject, d.n, time.Now().Format(time.RFC1123Z),
		refs, content, body)
	d.mail(from, to, strings.ReplaceAll(raw, "\n", "\r\n"))
}

// reply answers a mail that the agent has got.
func (d *office) reply(agent, program string, m *email.Mail, text, subject string) {
	d.t.Helper()
	by := fmt.Sprintf("%s <%s>", m.From.Name, m.From.Address)
	content, body := mailers[program](text, by, m.PlainText)
	if subject == "" {
		subject = "Re: " + m.Subject
	}
	d.write(agent+"@team.example", staff[agent], m.ReplyTo[0].Address, subject, m.MessageID, content, body)
}

func playConfiguration(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "replywell.yaml")
	text := `version: 1
mode: sample
trust_loopback: true
mailboxes:
  - {id: support, name: Lantern Shop, address: support@lantern.example, agents: [anna, ben, carla]}
agents:
  - {id: anna, name: Anna Winter, public_name: Anna, addresses: anna@team.example}
  - {id: ben, name: Ben Okafor, public_name: Ben, addresses: ben@team.example}
  - {id: carla, name: Carla Rossi, public_name: Carla, addresses: carla@team.example}
notifications: {most: 10000, within: 1 hour}
`
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// secret stands for X in the script: what no customer may read.
const secret = "zq7zq"

// played is one mail of the script, and what came of it.
type played struct {
	line                   int
	program, subject, text string
	want                   []string
	customer               string
	told                   *email.Mail
	answered               bool // the agent said yes
}

func readPlay(t *testing.T) (out []*played) {
	t.Helper()
	data, err := os.ReadFile("testdata/play.txt")
	if err != nil {
		t.Fatal(err)
	}
	for i, l := range strings.Split(string(data), "\n") {
		if l == "" || strings.HasPrefix(l, "//") || strings.HasPrefix(l, "== ") {
			continue
		}
		cell := strings.Split(l, " | ")
		if len(cell) != 3 {
			t.Fatalf("play.txt, line %d: %q has not three parts", i+1, l)
		}
		program, subject, _ := strings.Cut(cell[0], ", subject ")
		c := &played{line: i + 1, program: program, subject: subject, text: unescape(cell[1]),
			customer: fmt.Sprintf("c%03d@customers.example", i+1)}
		for _, w := range strings.Split(cell[2], "; ") {
			c.want = append(c.want, unescape(w))
		}
		out = append(out, c)
	}
	return out
}

var escapes = strings.NewReplacer(`\n`, "\n", `\\`, `\`, `\u200f`, "\u200f", `\u200b`, "\u200b", `\u2067`, "\u2067",
	`\u2069`, "\u2069", `\u00a0`, "\u00a0", "X", secret)

func unescape(s string) string { return strings.TrimLeft(escapes.Replace(s), " ") }

// about gives the mails in somebody's mailbox about what was played, but for the first,
// which told of it.
func (d *office) about(c *played, address string) (out []*email.Mail) {
	for _, m := range inbox(d.test, d.data, address) {
		if strings.Contains(m.Subject, c.lamp()) && (c.told == nil || m.MessageID != c.told.MessageID) &&
			!strings.Contains(m.PlainText, "First contact") {
			out = append(out, m)
		}
	}
	return out
}

func (c *played) lamp() string { return fmt.Sprintf("lamp %03d", c.line) }

// missing gives what must have come of a mail and has not; "" is nothing.
func (d *office) missing(c *played) string {
	answers := ""
	for _, m := range inbox(d.test, d.data, c.customer) {
		if m.Automatic.Kind == automatic.Person {
			answers += m.PlainText
		}
	}
	told, team := "", ""
	for _, m := range d.about(c, "anna@team.example") {
		told += strings.Join(strings.Fields(m.PlainText), " ")
	}
	for _, m := range d.about(c, "ben@team.example") {
		team += m.PlainText
	}
	for _, w := range c.want {
		kind, words, _ := strings.Cut(w, " ")
		switch has := strings.Contains; kind {
		case "asked":
			if !has(strings.ToLower(told), strings.ToLower(words)) {
				return w
			}
			if strings.HasPrefix(words, "did you mean") && !c.answered {
				c.answered = true
				d.reply("anna", c.program, d.about(c, "anna@team.example")[0], "Yes", "")
			}
		case "note":
			if !has(team, "left a note") || !has(team, secret) {
				return w
			}
		case "ready":
			if !has(answers, "photo of the lamp") {
				return w
			}
		case "sent":
			if !has(answers, words) {
				return w
			}
		case "solved":
			if !has(team, "open again") {
				return w
			}
		}
	}
	return ""
}

// wrong gives what came of a mail and must not have.
func (d *office) wrong(c *played) (out []string) {
	answers, asked := 0, 0
	for _, m := range inbox(d.test, d.data, c.customer) {
		if m.Automatic.Kind != automatic.Person {
			continue
		}
		answers++
		for _, bad := range []string{secret, "#note", "#send", "901820", "iPhone", "Android", "Amtsgericht",
			"Reply above"} {
			if strings.Contains(m.PlainText+m.HTML, bad) {
				out = append(out, fmt.Sprintf("the customer reads %q:\n%s", bad, m.PlainText))
			}
		}
	}
	asked = len(d.about(c, "anna@team.example"))
	wantsAnswer, wantsAsked := 0, 0
	for _, w := range c.want {
		if strings.HasPrefix(w, "sent") || w == "ready" {
			wantsAnswer = 1
		}
		if strings.HasPrefix(w, "asked") {
			wantsAsked = 1
		}
	}
	if slices.Contains(c.want, "solved") {
		asked, wantsAsked = 0, 0 // the customer wrote again, and all are told
	}
	if answers != wantsAnswer || asked != wantsAsked {
		out = append(out, fmt.Sprintf("%d answers left, the agent got %d mails", answers, asked))
	}
	return out
}

// TestLeakPlayedByPeople: an agent who has read nothing writes what people write, from
// the programs that people have, to the program as it is built, over SMTP. What became of
// it is looked for where people look: in the mailboxes.
func TestLeakPlayedByPeople(t *testing.T) {
	t.Parallel()
	d := openOffice(t)
	all := readPlay(t)
	for _, c := range all {
		d.write(c.customer, "Erika Muster", "support@lantern.example", "Broken "+c.lamp(), "", "text/plain", lampBroken)
	}
	for _, c := range all {
		c.told = arrival(t, d.data, "anna@team.example", time.Minute,
			func(m *email.Mail) bool { return strings.Contains(m.Subject, c.lamp()) })
		d.reply("anna", c.program, c.told, c.text, c.subject)
	}
	d.settled(all, func(c *played) bool { m := d.missing(c); return m == "" || m == "solved" })
	// What was said by then is done when nothing is left of it in the spool.
	eventually(t, time.Minute, "an empty spool", func() bool {
		waiting, err := filepath.Glob(filepath.Join(d.data, "spool", "*.*"))
		return err == nil && len(waiting) == 0
	})
	for _, c := range all {
		if c.closes() {
			d.write(c.customer, "Erika Muster", "support@lantern.example", "Re: Broken "+c.lamp(), "", "text/plain",
				"It is broken once more, what now?")
		}
	}
	d.settled(all, func(c *played) bool { return d.missing(c) == "" })
	d.stop()
	bad := 0
	for _, c := range all {
		c.answered = true // it is over
		missing, wrong := d.missing(c), d.wrong(c)
		if missing == "" && len(wrong) == 0 {
			continue
		}
		bad++
		got := ""
		for _, who := range []string{c.customer, "anna@team.example", "ben@team.example"} {
			for _, m := range d.about(c, who) {
				got += "\n  " + who + ": " + strings.Join(strings.Fields(m.PlainText), " ")
			}
		}
		t.Errorf("play.txt:%d, %s, %q: it lacks %q, and %v%.1500s", c.line, c.program, c.text, missing, wrong, got)
	}
	t.Logf("%d mails were played, of %d not that came of it which must", len(all), bad)
}

// settled waits until of each mail that which must has come, or nothing more comes.
func (d *office) settled(all []*played, is func(*played) bool) {
	look := time.NewTicker(50 * time.Millisecond)
	defer look.Stop()
	for end := time.After(time.Minute); ; {
		open := 0
		for _, c := range all { // each is looked at, for that says yes where it is asked
			if !is(c) {
				open++
			}
		}
		if open == 0 {
			return
		}
		select {
		case <-look.C:
		case <-end:
			return // what is missing is told
		}
	}
}

// closes: whether a conversation is closed shows when its customer writes again.
func (c *played) closes() bool { return slices.Contains(c.want, "solved") }

const lampBroken = "Hello, the lamp I ordered arrived broken, the glass is cracked. What do I do?"

func openOffice(t *testing.T) *office {
	return &office{process: startLocal(t, t.TempDir(), "--config", playConfiguration(t)), test: t}
}
