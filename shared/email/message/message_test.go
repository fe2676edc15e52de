package message

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/jhillyerd/enmime/v2"
	"pgregory.net/rapid"
)

func TestHeaderKeepsFieldsInOrderRawAndDecoded(t *testing.T) {
	m := Parse([]byte("Received: one\r\nX-B: =?utf-8?Q?gr=C3=BCn?=\r\n and more\r\nreceived: two\r\nX-Empty:\r\n\r\nx"))
	if got := m.Header.Values("Received"); len(got) != 2 || got[0] != "one" || got[1] != "two" {
		t.Error(got)
	}
	want := Field{Name: "X-B", Value: "grün and more", Raw: "=?utf-8?Q?gr=C3=BCn?= and more"}
	if m.Header[1] != want {
		t.Errorf("%+v", m.Header[1])
	}
	if !m.Header.Has("x-empty") || m.Header.Get("x-empty") != "" || m.Header.Has("x-none") {
		t.Error("an empty field is there, a missing one is not")
	}
}

func TestInternationalDomains(t *testing.T) {
	a := Address{Address: "info@bücher.example"}
	if a.ASCII() != "info@xn--bcher-kva.example" {
		t.Error(a.ASCII())
	}
	b := Address{Address: "info@xn--bcher-kva.example"}
	if b.Readable() != "info@bücher.example" || b.ASCII() != b.Address {
		t.Error(b.Readable(), b.ASCII())
	}
	for _, odd := range []string{"", "local", "x@[192.0.2.7]", "a@-bad-.example"} {
		if got := (Address{Address: odd}).Readable(); !strings.HasPrefix(got, strings.SplitN(odd, "@", 2)[0]) {
			t.Error(odd, got)
		}
	}
}

func TestManyReferences(t *testing.T) {
	var b strings.Builder
	for i := range 250 {
		fmt.Fprintf(&b, "<m%d@example.com>\r\n ", i)
	}
	m := Parse([]byte("References: " + b.String() + "\r\n\r\nx"))
	if len(m.References) != 250 || m.References[249] != "m249@example.com" {
		t.Error(len(m.References))
	}
}

func TestTextBeyondTheBoundIsAttached(t *testing.T) {
	raw := []byte("Content-Type: text/plain; charset=utf-8\r\n\r\n" + strings.Repeat("Größe zählt.\r\n", 3*MaxText/14))
	m := Parse(raw)
	if len(m.Text) > MaxText || len(m.Text) < MaxText/2 || !strings.HasSuffix(m.Text, "zählt.\n") {
		t.Errorf("text of %d bytes ends %q", len(m.Text), m.Text[len(m.Text)-20:])
	}
	if len(m.Attachments) != 1 || m.Attachments[0].Size != len(raw)-len(
		"Content-Type: text/plain; charset=utf-8\r\n\r\n") {
		t.Errorf("%+v", m.Attachments)
	}
}

func TestPicturesWrittenIntoHTMLDoNotPushOutTheText(t *testing.T) {
	raw := []byte("Content-Type: text/html\r\n\r\n<p>before</p><img src=\"data:image/png;base64," +
		strings.Repeat("iVBORw0K", MaxText/4) + "\"><p>after</p>")
	if m := Parse(raw); m.Text != "before\n\nafter" {
		t.Errorf("%.80q", m.Text)
	}
}

// TestWellFormedMailIsReadAsEnmimeReadsIt compares with the library that composes
// our own mail, on mail that is built by the rules: there the two must agree.
func TestWellFormedMailIsReadAsEnmimeReadsIt(t *testing.T) {
	words := rapid.StringMatching(`[A-Za-z äöüßé€.,!?]{1,60}`)
	rapid.Check(t, func(t *rapid.T) {
		b := enmime.Builder().From("Jörg "+rapid.StringMatching(`[A-Z][a-z]{1,8}`).Draw(t, "name"),
			"joerg@example.com").To("", "help@shop.example").
			Subject(strings.TrimSpace("x" + words.Draw(t, "subject"))).Text(
			[]byte(words.Draw(t, "text") + "\n" + words.Draw(t, "more")))
		if rapid.Bool().Draw(t, "html") {
			b = b.HTML([]byte("<p>" + words.Draw(t, "html") + "</p>"))
		}
		for i := rapid.IntRange(0, 3).Draw(t, "files"); i > 0; i-- {
			b = b.AddAttachment(rapid.SliceOf(rapid.Byte()).Draw(t, "data"), "application/pdf",
				fmt.Sprintf("Größe %d.pdf", i))
		}
		part, err := b.Build()
		if err != nil {
			t.Fatal(err)
		}
		var raw bytes.Buffer
		if err := part.Encode(&raw); err != nil {
			t.Fatal(err)
		}
		want, err := enmime.ReadEnvelope(bytes.NewReader(raw.Bytes()))
		if err != nil {
			t.Fatal(err)
		}
		m := Parse(raw.Bytes())
		fold := func(s string) string { return strings.Join(strings.Fields(s), " ") }
		if fold(m.Subject) != fold(want.GetHeader("Subject")) || fold(m.PlainText) != fold(want.Text) ||
			fold(m.HTML) != fold(want.HTML) {
			t.Fatalf("subject %q, text %q, html %q; enmime: %q, %q, %q", m.Subject, m.PlainText, m.HTML,
				want.GetHeader("Subject"), want.Text, want.HTML)
		}
		if len(m.Attachments) != len(want.Attachments) || len(m.Warnings) > 0 {
			t.Fatalf("%d attachments, %v; enmime %d", len(m.Attachments), m.Warnings, len(want.Attachments))
		}
		for i, a := range want.Attachments {
			if m.Attachments[i].Filename != a.FileName || !bytes.Equal(m.Attachments[i].Content, a.Content) {
				t.Fatalf("attachment %d: %q, enmime %q", i, m.Attachments[i].Filename, a.FileName)
			}
		}
	})
}
