package compose

import (
	"bytes"
	"fmt"
	"net/mail"
	"strings"
	"testing"

	"github.com/jhillyerd/enmime/v2"

	"github.com/replywell/replywell/shared/email/message"
	"github.com/replywell/replywell/shared/email/page"

	"github.com/replywell/replywell/shared/golden"
)

func TestNoFieldCanSmuggleInAnother(t *testing.T) {
	for _, evil := range []string{"x\r\nBcc: victim@example.net", "x\nBcc: victim@example.net",
		"x\rBcc: victim@example.net", "x\x00y"} {
		for field, set := range map[string]func(*Letter){
			"From": func(l *Letter) { l.From.Name = evil },
			"To": func(l *Letter) {
				l.To = []message.Address{{Address: evil + "@example.net"}}
			},
			"Cc": func(l *Letter) {
				l.Cc = []message.Address{{Name: evil, Address: "a@example.net"}}
			},
			"Reply-To":                   func(l *Letter) { l.ReplyTo = &message.Address{Address: "a@" + evil} },
			"Subject":                    func(l *Letter) { l.Subject = evil },
			"Message-ID":                 func(l *Letter) { l.MessageID = evil },
			"In-Reply-To":                func(l *Letter) { l.InReplyTo = evil },
			"References":                 func(l *Letter) { l.References = []string{"a@b", evil} },
			"Auto-Submitted":             func(l *Letter) { l.AutoSubmitted = evil },
			"X-Conversation":             func(l *Letter) { l.Headers = []Header{{"X-Conversation", evil}} },
			"Headers":                    func(l *Letter) { l.Headers = []Header{{evil, "x"}} },
			"attachment 1, filename":     func(l *Letter) { l.Attachments = []Attachment{{Filename: evil}} },
			"attachment 1, content type": func(l *Letter) { l.Attachments = []Attachment{{ContentType: evil}} },
			"attachment 1, content id":   func(l *Letter) { l.Attachments = []Attachment{{ContentID: evil}} },
		} {
			l := letter()
			set(&l)
			raw, err := Render(l)
			if err == nil {
				t.Errorf("%s took %q:\n%s", field, evil, raw)
			} else if !strings.Contains(err.Error(), field+":") {
				t.Errorf("%s: the error does not name the field: %v", field, err)
			}
			if field == "Subject" {
				if l.Subject = page.OneLine(evil); checkLine(l.Subject) != nil {
					t.Errorf("OneLine left %q", l.Subject)
				}
			}
		}
	}
}

func TestRenderSaysAllThatIsWrong(t *testing.T) {
	_, err := Render(Letter{From: message.Address{Address: "nobody"}, AutoSubmitted: "yes",
		Headers: []Header{{"Bcc", "x@example.net"}, {"Bad Name", "x"}}})
	if err == nil {
		t.Fatal("written")
	}
	for _, want := range []string{`From: "nobody" is no address`, "To: the mail has no recipient", "Message-ID:",
		"Date: it is not set", "Auto-Submitted:", "Bcc is set by a field of its own", `"Bad Name"`} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("the error does not say %q:\n%v", want, err)
		}
	}
}

func TestAddressesAreWrittenForTheWire(t *testing.T) {
	for in, want := range map[string]string{
		"a@example.com":          "a@example.com",
		"a@bücher.example":       "a@xn--bcher-kva.example",
		"a b@example.com":        `"a b"@example.com`,
		`"a b"@example.com`:      `"a b"@example.com`,
		`a"b\c@example.com`:      `"a\"b\\c"@example.com`,
		"..a@example.com":        `"..a"@example.com`,
		"o'neil+x=y@example.com": "o'neil+x=y@example.com",
		"a@[192.0.2.1]":          "a@[192.0.2.1]",
	} {
		got, err := encodeAddrSpec(in)
		if err != nil || got != want {
			t.Errorf("%s: got %s, %v, want %s", in, got, err, want)
		}
		if _, err := mail.ParseAddress(got); err != nil {
			t.Errorf("%s: %v", got, err)
		}
	}
	for _, in := range []string{"", "a", "@b", "a@", "jürgen@example.com", "a@ex ample.com", "a@example.com>",
		strings.Repeat("a", 400) + "@b.example", `""@example.com`, "a@\xff\x80.example", "\xff@example.com"} {
		if got, err := encodeAddrSpec(in); err == nil {
			t.Errorf("%q was written as %q", in, got)
		}
	}
}

func TestThreadKeepsItsFirstAndLastIDs(t *testing.T) {
	l := letter()
	for i := range 500 {
		l.References = append(l.References, fmt.Sprintf("<m%d@example.net>", i))
	}
	l.References = append(l.References, "m499@example.net", "no id", "ünïcode@example.net", strings.Repeat("x", 2000)+
		"@example.net")
	l.InReplyTo = "<last@example.net>"
	raw, err := Render(l)
	if err != nil {
		t.Fatal(err)
	}
	checkLines(t, raw)
	m, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	ids := strings.Fields(m.Header.Get("References"))
	if len(ids) != maxReferences || ids[0] != "<m0@example.net>" || ids[1] != "<m482@example.net>" ||
		ids[18] != "<m499@example.net>" || ids[19] != "<last@example.net>" {
		t.Errorf("got %d ids: %v", len(ids), ids)
	}
	if got := m.Header.Get("In-Reply-To"); got != "<last@example.net>" {
		t.Errorf("In-Reply-To: %s", got)
	}
}

// whole is a letter that uses everything.
func whole() Letter {
	l := letter()
	l.ReplyTo = &message.Address{Name: "Example Support",
		Address: "support+ceaqea3aicqgb2dlidvaaaacbhkdvvj34jc3vkuaag5fbzhgjonlk@example.com"}
	l.Cc = []message.Address{{Name: "Buchhaltung, Müller & Söhne", Address: "rechnung@bücher.example"}}
	l.Subject = "Re: Rechnung für Oktober – bitte noch einmal schicken"
	l.InReplyTo, l.References = "c2@example.net", []string{"c1@example.net", "c2@example.net"}
	l.AutoSubmitted, l.SuppressAutoResponse = "auto-replied", true
	l.Headers = []Header{{"X-Replywell-Conversation", "04106r20m1g0"}}
	l.Text = "Grüße,\nhier ist sie.\n.\nFrom here on, all is well. \n"
	l.HTML = `<p>Grüße,<br>hier ist sie. <img src="cid:logo@example.com" alt="Logo"></p>`
	l.Attachments = []Attachment{
		{Filename: "logo.png", ContentType: "image/png", Content: []byte("\x89PNG\r\n\x1a\n"), Inline: true,
			ContentID: "<logo@example.com>"},
		{Filename: "Rechnung für Oktober mit einem Namen, der in keine Zeile passt 2026.pdf",
			ContentType: "application/pdf", Content: []byte("%PDF-1.7")},
		{Filename: "her mail.eml", ContentType: "message/rfc822", Content: []byte("Subject: hi\r\n\r\nhello\r\n")},
		{Filename: "8bit", ContentType: "message/rfc822", Content: []byte("Subject: hi\n\nh\xc3\xa4llo\n")},
		{Filename: "notes.txt", ContentType: "text/plain", Content: []byte("nötes")},
	}
	return l
}

func TestWholeLetter(t *testing.T) {
	l := whole()
	raw, err := Render(l)
	if err != nil {
		t.Fatal(err)
	}
	checkLines(t, raw)
	golden.File(t, "testdata/whole.eml", string(raw))
	again, err := Render(whole())
	if err != nil || !bytes.Equal(raw, again) {
		t.Error("the same letter gave other bytes")
	}
	env, err := enmime.ReadEnvelope(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	if len(env.Errors) > 0 {
		t.Errorf("enmime complains: %v", env.Errors)
	}
	var kinds []string
	_ = env.Root.DepthMatchAll(func(p *enmime.Part) bool { kinds = append(kinds, p.ContentType); return false })
	want := "multipart/mixed multipart/related multipart/alternative text/plain text/html image/png application/pdf " +
		"message/rfc822 application/octet-stream text/plain"
	if got := strings.Join(kinds, " "); got != want {
		t.Errorf("parts: got %s, want %s", got, want)
	}
	if f := filesOf(t, env.Root.Header.Get("Content-Type"),
		bytes.NewReader(raw[bytes.Index(raw, []byte("\r\n\r\n"))+2:])); len(f) != 5 ||
		string(f[2].Content) != "Subject: hi\r\n\r\nhello\r\n" || f[3].Filename != "8bit.eml" ||
		f[1].Filename != l.Attachments[1].Filename {
		t.Errorf("files: %+v", f)
	}
}

func TestBoundaryStandsInNoPart(t *testing.T) {
	l := letter()
	l.HTML = "<p>x</p>"
	raw, err := Render(l)
	if err != nil {
		t.Fatal(err)
	}
	// A mail that quotes our own mail, boundary and all, with the same id.
	l.Attachments = []Attachment{{Filename: "ours.eml", ContentType: "message/rfc822", Content: raw}}
	nested, err := Render(l)
	if err != nil {
		t.Fatal(err)
	}
	m, err := mail.ReadMessage(bytes.NewReader(nested))
	if err != nil {
		t.Fatal(err)
	}
	files := filesOf(t, m.Header.Get("Content-Type"), m.Body)
	if len(files) != 1 || !bytes.Equal(files[0].Content, raw) {
		t.Errorf("the nested mail came out changed: %d files", len(files))
	}
}

func TestBodyEncodings(t *testing.T) {
	for want, texts := range map[string][]string{
		"7bit": {"", "Hello.\n", "a = b\n\ttab\n"},
		"quoted-printable": {"Grüße aus Köln, wie geht es dir?", "trailing \n", ".", "From me",
			strings.Repeat("long ", 40), "a\x01b in a line"},
		"base64": {"これは日本語の本文です。", strings.Repeat("\x01", 50)},
	} {
		for _, text := range texts {
			if got := leastEncoding(page.Lines(text)); got != want {
				t.Errorf("%q is written as %s, want %s", text, got, want)
			}
		}
	}
}

// FuzzRender puts a stranger's text into every field that may hold one: either
// the letter is refused, or the header has exactly the fields it should.
func FuzzRender(f *testing.F) {
	f.Add("x", "a@example.net", "m@example.net")
	f.Add("x\r\nBcc: y@example.net\r\n\r\nbody", "a@b\r\nBcc: c", "<m>\n")
	f.Add("=?utf-8?q?=0D=0ABcc:_x?=", "\"a\\\"@example.net", "=?x?q?y?=")
	f.Fuzz(func(t *testing.T, text, address, id string) {
		l := whole()
		l.Subject, l.From.Name, l.To[0] = text, text, message.Address{Name: text, Address: address}
		l.InReplyTo, l.References = id, []string{id, text}
		l.Headers[0].Value, l.Text, l.HTML = text, text, text
		l.Attachments[1].Filename, l.Attachments[0].ContentType = text, text
		raw, err := Render(l)
		if err != nil {
			return
		}
		checkLines(t, raw)
		m, err := mail.ReadMessage(bytes.NewReader(raw))
		if err != nil {
			t.Fatal(err)
		}
		for name, values := range m.Header {
			if len(values) != 1 || !strings.Contains(" Date From To Cc Reply-To Subject Message-Id In-Reply-To "+
				"References Auto-Submitted X-Auto-Response-Suppress X-Replywell-Conversation Mime-Version "+
				"Content-Type ", " "+name+" ") {
				t.Errorf("%s: %q", name, values)
			}
		}
		if list, err := m.Header.AddressList("To"); err != nil || len(list) != 1 {
			t.Errorf("To: %q: %v, %v", m.Header.Get("To"), list, err)
		}
	})
}

func BenchmarkRender(b *testing.B) {
	said := strings.Repeat("<p style=\"margin:0 0 1em\">The export button does nothing when I choose October; für "+
		"mich &amp; meine Kollegin.</p>\n", 90)
	for name, attachment := range map[string]int{"notification": 0, "with_1MB": 1 << 20} {
		b.Run(name, func(b *testing.B) {
			l := whole()
			l.Text, l.HTML, l.Attachments = said[:1000], said, nil
			if attachment > 0 {
				l.Attachments = []Attachment{{Filename: "a.bin", Content: bytes.Repeat([]byte("x"), attachment)}}
			}
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Render(l); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
