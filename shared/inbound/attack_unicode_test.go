package inbound_test

import (
	"fmt"
	"strings"
	"testing"
	"unicode"

	"github.com/replywell/replywell/shared/bench"
	"github.com/replywell/replywell/shared/email/page"
)

// turning are the signs that turn the direction of writing around (Unicode TR 36
// section 2.8; "Trojan Source", CVE-2021-42574), and others that are not seen.
var turning = []rune{'\u202a', '\u202b', '\u202d', '\u202e', '\u2066', '\u2067', '\u2068', '\u202c', '\u2069', '\ufeff'}

// TestAttackSignsThatAreNotSeen: names, subjects and file names with signs that make them
// read otherwise than they are.
func TestAttackSignsThatAreNotSeen(t *testing.T) {
	seen := func(l letter) func(*scene) {
		return func(s *scene) {
			for _, m := range shown(s, l) {
				read := m.Read.From.Name + m.Read.Subject + m.Read.PlainText + m.Read.HTML
				for _, a := range m.Read.Attachments {
					read += a.Filename
				}
				for _, r := range turning {
					if strings.ContainsRune(read, r) {
						s.Errorf("a mail to %v has U+%04X in it:\n%+q", m.To, r, read)
						break
					}
				}
			}
		}
	}
	who, wants, stops := "a stranger", "that an agent reads another name than there is",
		"signs that turn the direction of writing are taken out"
	var all strings.Builder
	for _, r := range turning {
		all.WriteString("a" + string(r) + "b")
	}
	odd := all.String()
	attacks(t,
		attack{"in the name", who, wants, stops, seen(
			letter{from: `"Erika ` + odd + `" <` + customer + `>`, body: "My lamp is broken."})},
		attack{"in the subject", who, wants, stops, seen(
			letter{from: customer, subject: "Lamp " + odd, body: "My lamp is broken."})},
		attack{"in the text", who, "that an agent reads another sum, or takes a part for our own words", stops,
			seen(letter{from: customer, body: "Please pay me \u202e001\u202c Euro. " + odd + "\nMy lamp is broken."})},
		attack{"in HTML", who, "that an agent reads another sum", stops,
			seen(letter{from: customer, headers: "MIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n",
				body: "<p>My lamp is broken. " + odd + " &#8238;001</p>"})},
		attack{"in a file name", who, "that a program passes for a PDF by its name read backwards", stops,
			seen(letter{from: customer, headers: "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n",
				body: "--b\nContent-Type: text/plain\n\nSee the file.\n--b\nContent-Type: application/octet-stream\n" +
					"Content-Disposition: attachment; filename*=utf-8''invoice%E2%80%AEfdp.exe\n\nx\n--b--"})},
		attack{"in the names of others", who, wants, stops,
			seen(letter{from: customer, headers: "Cc: \"" + odd + "\" <x@elsewhere.example>\nReply-To: \"" + odd +
				"\" <y@elsewhere.example>\n", body: "My lamp is broken."})},
	)
}

// TestAttack10HeaderFieldsOfAStrangersMaking: whatever we repeat of a stranger's mail, in whatever
// field it came, stays one line and makes no field, recipient or part of its own.
func TestAttack10HeaderFieldsOfAStrangersMaking(t *testing.T) {
	const crlf = "=0D=0ABcc:_all@evil.example=0D=0AX-Evil:_1=0D=0A=0D=0A<script>x()</script>"
	word := "=?utf-8?q?Lamp" + crlf + "?="
	percent := "utf-8''Lamp%0D%0ABcc:%20all@evil.example%0D%0AX-Evil:%201%0D%0A%0D%0Ax"
	file := func(head string) letter {
		return letter{from: customer, headers: "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n",
			body: "--b\nContent-Type: text/plain\n\nSee the file.\n--b\n" + head + "\n\nx\n--b--"}
	}
	who, fields, plain := "a stranger who writes as a customer",
		"to add header fields, recipients or parts to our mails", "header values are one line, and written by us"
	var all []attack
	for name, l := range map[string]letter{
		"Subject":        {from: customer, subject: word, body: "My lamp is broken."},
		"From, the name": {from: word + " <" + customer + ">", body: "My lamp is broken."},
		"From, the address": {from: `"erika\` + "\n" + ` Bcc: all@evil.example"@customers.example`,
			body: "My lamp is broken."},
		"Reply-To": {from: customer, headers: "Reply-To: " + word + " <y@elsewhere.example>\n",
			body: "My lamp is broken."},
		"Cc": {from: customer, headers: "Cc: " + word + " <y@elsewhere.example>\n",
			body: "My lamp is broken."},
		"Message-ID": {from: customer, id: "a@b>\r\n Bcc: all@evil.example\r\n X-Evil: 1 <c@d",
			body: "My lamp is broken."},
		"Message-ID, encoded": {from: customer, id: "=?utf-8?q?a" + crlf + "?=@b", body: "My lamp is broken."},
		"References": {from: customer,
			headers: "References: <a@b>\n\t<x\x0d\x0bBcc:all@evil.example>\n <" + word + ">\n",
			body:    "My lamp is broken."},
		"a file's name":           file("Content-Disposition: attachment; filename=\"" + word + "\""),
		"a file's name, RFC 2231": file("Content-Disposition: attachment; filename*=" + percent),
		"a file's name in parts": file("Content-Disposition: attachment; filename*0*=" + percent +
			"; filename*1=\"\r\n\tBcc: x\""),
		"a file's type": file("Content-Type: application/x; name*=" + percent +
			"\nContent-Disposition: attachment"),
		"a file's content id": file("Content-Type: image/png\nContent-ID: <a>\r\n\tBcc: all@evil.example>\n" +
			"Content-Disposition: inline"),
		"a file's type that is none": file("Content-Type: app\"/\x00<script>\nContent-Disposition: attachment; " +
			"filename=x"),
		"the charset": {from: customer,
			headers: "MIME-Version: 1.0\nContent-Type: text/plain; charset*=" + percent + "\n",
			body:    "My lamp is broken."},
		"a boundary in the text": {from: customer,
			body: "My lamp is broken.\n\n--rw-0\nContent-Type: text/html\n\n<script>x()</script>\n--rw-0--"},
	} {
		all = append(all, attack{name, who, fields, plain, func(s *scene) {
			for _, m := range shown(s, l) {
				alone(s, m)
			}
		}})
	}
	attacks(t, all...)
}

// alone expects that a mail of ours has the fields and the recipient that we gave it.
func alone(s *scene, m bench.Sent) {
	s.Helper()
	for _, f := range m.Read.Header {
		switch strings.ToLower(f.Name) {
		case "date", "from", "to", "reply-to", "subject", "message-id", "in-reply-to", "references", "mime-version",
			"content-type", "content-transfer-encoding", "auto-submitted", "x-auto-response-suppress", "x-loop",
			"list-id", "x-replywell-kind":
		default:
			s.Errorf("a mail to %v has a field %s:\n%s", m.To, f.Name, m.Raw)
		}
		if strings.ContainsFunc(f.Raw, func(r rune) bool { return unicode.IsControl(r) && r != '\t' }) {
			s.Errorf("a mail to %v has a control character in %s: %q", m.To, f.Name, f.Raw)
		}
	}
	if len(m.To) != 1 || len(m.Read.To)+len(m.Read.Cc) != 1 || strings.Contains(strings.ToLower(m.To[0]), "evil") {
		s.Errorf("a mail goes to %v, and says to %v, %v", m.To, m.Read.To, m.Read.Cc)
	}
	if strings.Contains(strings.ToLower(m.Read.HTML), "<script") {
		s.Errorf("a mail to %v has a script in it", m.To)
	}
	if page.OneLine(m.Read.Subject) != m.Read.Subject {
		s.Errorf("the subject is %q", m.Read.Subject)
	}
}

// TestAttack10FilesThatRun: what a stranger attaches is passed on as a file to be saved,
// never as a part that a mail program shows by itself.
func TestAttack10FilesThatRun(t *testing.T) {
	file := func(kind, name, content string) func(*scene) {
		return func(s *scene) {
			l := letter{from: customer, headers: "MIME-Version: 1.0\nContent-Type: multipart/related; boundary=b\n",
				body: fmt.Sprintf("--b\nContent-Type: text/html\n\n<p>My lamp is broken. <img src=\"cid:pic\"></p>\n"+
					"--b\nContent-Type: %s; name=%q\nContent-ID: <pic>\nContent-Disposition: inline; filename=%q\n\n"+
					"%s\n--b--", kind, name, name, content)}
			s.arrive(l)
			told := s.sentTo(anna, s.Sent())
			found := false
			for _, p := range told.Read.Parts {
				disposition := strings.ToLower(p.Header.Get("Content-Disposition"))
				active := strings.Contains(string(p.Content), "alert(1)")
				found = found || active
				if active && (!strings.HasPrefix(disposition, "attachment") ||
					strings.HasPrefix(p.ContentType, "text/html") || strings.Contains(p.ContentType, "svg") ||
					strings.Contains(p.ContentType, "xml")) {
					s.Errorf("it is passed on as %s, %q", p.ContentType, disposition)
				}
				if active && p.Header.Has("Content-ID") {
					s.Error("it can be shown by its content id")
				}
			}
			for _, a := range told.Read.Attachments {
				found = found || strings.Contains(string(a.Content), "alert(1)")
			}
			if !found {
				s.Error("the file is not passed on at all")
			}
		}
	}
	who, run, stops := "a stranger who writes as a customer", "to run a script where the agent reads",
		"what could run is passed on as a file of no kind, to be saved"
	attacks(t,
		attack{"a drawing (SVG)", who, run, stops, file("image/svg+xml", "lamp.svg",
			`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`)},
		attack{"a page (HTML)", who, run, stops, file("text/html", "lamp.html", `<script>alert(1)</script>`)},
		attack{"a page (XHTML)", who, run, stops, file("application/xhtml+xml", "lamp.xhtml",
			`<html><script>alert(1)</script></html>`)},
		attack{"a page in XML", who, run, stops, file("text/xml", "lamp.xml",
			`<?xml-stylesheet href="x"?><a>alert(1)</a>`)},
		attack{"a page that says it is a picture", who, run, stops,
			file("image/png", "lamp.html", `<script>alert(1)</script>`)},
		attack{"a calendar entry with a script", who, run, stops,
			file("text/calendar", "lamp.ics",
				"BEGIN:VCALENDAR\nBEGIN:VEVENT\nX-ALT-DESC;FMTTYPE=text/html:<script>alert(1)</script>\n"+
					"URL:javascript:alert(1)\nEND:VEVENT\nEND:VCALENDAR")},
		attack{"a mail with a script", who, run, "attached mails are passed on as files", func(s *scene) {
			s.arrive(letter{from: customer, headers: "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n",
				body: "--b\nContent-Type: text/plain\n\nSee the mail.\n--b\nContent-Type: message/rfc822\n\nFrom: " +
					"x@elsewhere.example\nContent-Type: text/html\n\n<script>alert(1)</script>\n--b--"})
			told := s.sentTo(anna, s.Sent())
			for _, p := range told.Read.Parts {
				if p.ContentType == "message/rfc822" && !strings.HasPrefix(
					strings.ToLower(p.Header.Get("Content-Disposition")), "attachment") {
					s.Errorf("it is passed on as %q", p.Header.Get("Content-Disposition"))
				}
			}
			if strings.Contains(told.Read.HTML, "alert") {
				s.Error("its script stands in our HTML")
			}
		}},
	)
}

// TestAttack10NothingRemoteInAnAnswer: what a template or a signature in an agent's mail program
// would fetch when the customer reads, by whatever element or style.
func TestAttack10NothingRemoteInAnAnswer(t *testing.T) {
	var all []attack
	for name, markup := range map[string]string{
		"an image":          `<img src="http://tracker.example/a.gif">`,
		"an image of a set": `<img srcset="//tracker.example/a.gif 2x" src="cid:x">`,
		"a background": `<table background="http://tracker.example/a"><tr><td ` +
			`background="//tracker.example/b">x</td></tr></table>`,
		"a style": `<p style="background:url(http://tracker.example/a)">x</p><p ` +
			`style="list-style:url('//tracker.example/b')">x</p>`,
		"a style with escapes": `<p style="background:\75\72\6c(http://tracker.example/a)">x</p><p ` +
			`style="background:u/**/rl(//tracker.example/a)">x</p>`,
		"a set in a style": `<p style="background:image-set('http://tracker.example/a' 1x)">x</p><p ` +
			`style="cursor:url(//tracker.example/c),auto">x</p>`,
		"a style sheet": `<style>@import "http://tracker.example/a"; ` +
			`input[value^="a"]{background:url(//tracker.example/b)}</style><link rel="stylesheet" ` +
			`href="http://tracker.example/c">`,
		"a drawing": `<svg><image href="http://tracker.example/a"/><use xlink:href="//tracker.example/b"/>` +
			`</svg>`,
		"a film": `<video poster="http://tracker.example/a"><source src="//tracker.example/b"></video>` +
			`<audio src="//tracker.example/c">`,
		"a frame": `<iframe src="http://tracker.example/a"></iframe><object data="//tracker.example/b">` +
			`</object><embed src="//tracker.example/c">`,
		"a form": `<form action="http://tracker.example/a"><input type="image" ` +
			`src="//tracker.example/b"><button formaction="//tracker.example/c">x</button></form>`,
		"a base": `<base href="http://tracker.example/"><meta http-equiv="refresh" content="0;` +
			`url=http://tracker.example/">`,
		"within a comment": `<!--[if mso]><v:image src="http://tracker.example/a"/><![endif]-->`,
	} {
		all = append(all, attack{name, "a marketing tool in an agent's signature", "to follow the customer",
			"an answer's HTML passes an allow-list", func(s *scene) {
				b := s.begin()
				l := answer(anna, b.anna, "")
				l.headers = "MIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n"
				l.body = "<p>We send you a new <b>one</b> today.</p>" + markup
				s.arrive(l)
				out := s.Outside(s.Sent())
				if len(out) != 1 || !strings.Contains(out[0].Read.Text, "We send you a new one today") {
					s.Fatalf("%d answers left", len(out))
				}
				if strings.Contains(strings.ToLower(out[0].Read.HTML), "tracker.example") {
					s.Errorf("it would be fetched:\n%s", out[0].Read.HTML)
				}
			}})
	}
	attacks(t, all...)
}
