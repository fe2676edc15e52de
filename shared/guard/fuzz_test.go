package guard_test

import (
	"testing"

	"github.com/replywell/replywell/shared/email/compose"
	"github.com/replywell/replywell/shared/email/message"
	"github.com/replywell/replywell/shared/guard"
)

// Whatever stands in a mail and its files, the comparison ends, and what was put
// into its text is found.
func FuzzCheck(f *testing.F) {
	f.Add("Hello", "<p>Hello <b>you</b>", "x.eml", "message/rfc822",
		[]byte("From: a@b\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nx\r\n--b--"))
	f.Add("> %41%2B\n#note", "<!-- <a href='mailto:x'>", "x.zip", "application/zip", packed(f, "x.txt", []byte("x")))
	f.Add("灯 \u202e\u200b", "<svg><style>", "x.msg", "", []byte("\xd0\xcf\x11\xe0h\x00i\x00"))
	k := desktop(f)
	f.Fuzz(func(t *testing.T, text, html, name, kind string, file []byte) {
		l := compose.Letter{Subject: text, Text: text + "\n\n" + secret, HTML: html,
			Attachments: []message.Attachment{{Filename: name, ContentType: kind, Content: file}}}
		for _, h := range guard.Check(l, k) {
			if h.Kind == guard.OtherCustomer || h.Final() {
				return
			}
		}
		hits := guard.Check(l, k)
		if len(hits) < 8 { // beyond so many, one is not told of more
			t.Errorf("what another customer wrote was not found: %+v", hits)
		}
	})
}
