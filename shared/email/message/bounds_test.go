package message

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/bench/processor"
)

// hostile are mails built to cost time or memory. None may take longer than
// allowed; the allowance is many times what they take, so that a slow machine
// passes and quadratic work does not.
func hostile() map[string][]byte {
	head := "From: a@example.com\r\nSubject: x\r\nMIME-Version: 1.0\r\n"
	var nested, flat, base strings.Builder
	nested.WriteString(head)
	for i := 0; i < 10_000; i++ {
		fmt.Fprintf(&nested, "Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n", i, i)
	}
	nested.WriteString("Content-Type: text/plain\r\n\r\nthe innermost words\r\n")
	flat.WriteString(head + "Content-Type: multipart/mixed; boundary=x\r\n\r\n")
	for i := 0; i < 5_000; i++ {
		fmt.Fprintf(&flat, "--x\r\nContent-Type: text/plain\r\n\r\npart %d\r\n", i)
	}
	base.WriteString(head + "Content-Type: application/pdf; name=big.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n")
	line := base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{1, 2, 3}, 19)) + "\r\n"
	base.WriteString(strings.Repeat(line, 25<<20/len(line)))
	big := func(field string) []byte { return []byte(head + field + "\r\n\r\nhello\r\n") }
	body := func(kind, text string) []byte { return []byte(head + "Content-Type: " + kind + "\r\n\r\n" + text) }
	const mb = 1 << 20
	signed := []byte("Content-Type: text/plain\r\n\r\nthe innermost words")
	for len(signed) < mb { // signatures around signatures
		for _, tag := range []byte{0x04, 0xA0} {
			signed = ber(tag, signed)
		}
		signed = ber(0x30, append(ber(0x06, []byte(oidData)), signed...))
		signed = ber(0xA0, ber(0x30, append([]byte{2, 1, 1, 0x31, 0}, signed...)))
		signed = ber(0x30, append(ber(0x06, []byte(oidSignedData)), signed...))
		signed = append([]byte("Content-Type: application/pkcs7-mime\r\nContent-Transfer-Encoding: binary\r\nX: "+
			strings.Repeat("x", 2000)+"\r\n\r\n"), signed...)
	}
	deep := head // much content at the bottom: each level reads all of it
	for i := range 49 {
		deep += fmt.Sprintf("Content-Type: multipart/mixed; boundary=d%d.\r\n\r\n--d%d.\r\n", i, i)
	}
	deep += "Content-Type: text/plain\r\n\r\nthe innermost words" + strings.Repeat("\r\n", 2*mb)
	texts := head + "Content-Type: multipart/mixed; boundary=x\r\n\r\n" +
		strings.Repeat("--x\r\n\r\n"+strings.Repeat("\xe4\xf6 text\r\n", mb/8)+"\r\n", 20)
	return map[string][]byte{
		"deep and long":   []byte(deep),
		"nested":          []byte(nested.String()),
		"signatures":      signed,
		"many long texts": []byte(texts),
		"flat":            []byte(flat.String()),
		"25 MB":           []byte(base.String()),
		"recipients": big("To: " + strings.Repeat("Some Body <somebody@example.org>,\r\n ", 100_000) +
			"z@example.org"),
		"long subject":     big("Subject: " + strings.Repeat("x", mb)),
		"folded subject":   big("Subject: " + strings.Repeat("x\r\n ", mb/4)),
		"unfolded lines":   big("X-A: a,\r\n" + strings.Repeat("xx,\r\n", mb/5)),
		"words":            big("Subject: " + strings.Repeat("=?a?q?x ", mb/8)),
		"open words":       big("Subject: " + strings.Repeat("=?", mb/2)),
		"base64 words":     big("Subject: " + strings.Repeat("=?utf-8?B?QUJ?= ", mb/16)),
		"angles":           big("To: " + strings.Repeat("<a,", mb/3) + ">"),
		"brackets":         big("To: " + strings.Repeat("<", mb)),
		"quotes":           big("To: " + strings.Repeat(`"<@>,`, mb/5)),
		"parentheses":      big("To: " + strings.Repeat("(", mb)),
		"comments":         big("To: " + strings.Repeat("(a)", mb/3)),
		"colons":           big("To: " + strings.Repeat("a:", mb/2)),
		"references":       big("References: " + strings.Repeat("<a@b> ", mb/6) + strings.Repeat("(", 1000)),
		"parameters":       big("Content-Type: text/plain; " + strings.Repeat("a*1=b; ", mb/7)),
		"quoted parameter": big(`Content-Type: text/plain; a="` + strings.Repeat(`\"`, mb/2)),
		"fields":           []byte(strings.Repeat("X-A: b\r\n", mb/8)),
		"unknown lines":    []byte("Subject: x\r\n" + strings.Repeat("x\n", mb)),
		"mbox lines":       []byte(strings.Repeat("From x\n", mb/7)),
		"boundaries":       body("multipart/mixed; boundary=x", strings.Repeat("--x\r\n", mb/5)),
		"wrong boundary":   body("multipart/mixed; boundary=y", strings.Repeat("--x\r\n", mb)),
		"alternatives":     body("multipart/alternative; boundary=x", strings.Repeat("--x\r\n\r\nabc\r\n", mb/12)),
		"uuencoded":        body("text/plain", strings.Repeat("begin 644 x\n#0V%T\nend\n", mb/24)),
		"uu begins":        body("text/plain", strings.Repeat("begin 644 x\n", mb/12)),
		"yenc":             body("text/plain", strings.Repeat("=ybegin name=x\n", mb/15)),
		"flowed":           body("text/plain; format=flowed", strings.Repeat("> > x \r\n", mb/2)),
		"html kept lines":  body("text/html", "<div style='white-space:pre-wrap'>"+strings.Repeat("x\n", mb)+"</div>"),
		"html sizes": body("text/html", strings.Repeat("<p style='font-size:0;color:#fff;background:#fff'>x",
			mb/52)+"<p>the innermost words"),
		"html fields": body("text/html", strings.Repeat("<input value=x>", mb/15)+
			strings.Repeat("<select><option>", mb/32)),
		"html depth": body("text/html", strings.Repeat("<div>", mb/2)+"the innermost words"),
		"html formatting": body("text/html", strings.Repeat("<font color=1><b><i>", mb/40)+
			strings.Repeat("<p>x", mb/8)),
		"html tables":     body("text/html", strings.Repeat("<table><tr><td>", mb/15)+"the innermost words"),
		"html lists":      body("text/html", strings.Repeat("<ul><li>", 300)+strings.Repeat("<br>x", mb/5)),
		"html quotes":     body("text/html", strings.Repeat("<blockquote>", 300)+strings.Repeat("<p>x", mb/4)),
		"html attributes": body("text/html", "<p "+strings.Repeat("a=b ", mb/4)+">the innermost words"),
		"html end tags": body("text/html", strings.Repeat("<b>", 190)+strings.Repeat("</i>", mb/4)+
			"the innermost words"),
		"8-bit":           body("text/plain", strings.Repeat("\xe4\xf6\xfc\xa3", mb)),
		"escapes":         body("text/plain", strings.Repeat("\x1b$B", mb)),
		"line ends":       body("multipart/mixed; boundary=x", "--x\r\n\r\n"+strings.Repeat("\n", 8*mb)+"\n--x--\n"),
		"near boundaries": body("multipart/mixed; boundary=x", "--x\r\n\r\n"+strings.Repeat("\n--x_", mb)+"\n--x--\n"),
		"escapes again": body("text/plain\r\nContent-Transfer-Encoding: quoted-printable",
			strings.Repeat("=41 \n", 2*mb)),
		"padded pieces": body("application/pdf\r\nContent-Transfer-Encoding: base64",
			strings.Repeat("QQ==\n", 2*mb)),
		"one long line": body("text/plain", strings.Repeat("a", 8*mb)),
	}
}

// ber writes one element of BER with a length of four bytes.
func ber(tag byte, content []byte) []byte {
	n := len(content)
	return append([]byte{tag, 0x84, byte(n >> 24), byte(n >> 16), byte(n >> 8), byte(n)}, content...)
}

func TestHostileMailTakesBoundedTime(t *testing.T) {
	for name, raw := range hostile() {
		t.Run(name, func(t *testing.T) {
			start := processor.Time()
			m := Parse(raw)
			took := processor.Time() - start
			if allowed := 2*time.Second + time.Duration(len(raw)>>20)*200*time.Millisecond; took > allowed {
				t.Errorf("%d bytes took %v", len(raw), took)
			}
			t.Logf("%8d bytes %8v, text %d, %d attachments, %v", len(raw), took.Round(time.Millisecond), len(m.Text),
				len(m.Attachments), m.Warnings)
			if len(m.Text) > 8*len(raw)+1<<16 {
				t.Errorf("%d bytes became %d bytes of text", len(raw), len(m.Text))
			}
			for _, w := range m.Warnings {
				if w.Name == "unreadable" {
					t.Error(w.Detail)
				}
			}
			words := bytes.Contains(raw, []byte("the innermost words"))
			if words && !strings.Contains(m.Text, "the innermost words") && !attached(m, "the innermost words") {
				t.Error("the words were lost")
			}
		})
	}
}

func attached(m *Message, words string) bool {
	for _, a := range m.Attachments {
		if bytes.Contains(a.Content, []byte(words)) {
			return true
		}
	}
	return false
}
