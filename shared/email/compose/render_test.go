package compose

import (
	"bytes"
	"encoding/base64"
	"io"
	"mime"
	"mime/multipart"
	"net/mail"
	"strings"
	"testing"
	"time"

	"github.com/jhillyerd/enmime/v2"
	"pgregory.net/rapid"

	"github.com/replywell/replywell/shared/email/message"
	"github.com/replywell/replywell/shared/email/page"
)

var (
	morning = time.Date(2026, 11, 2, 9, 14, 0, 0, time.FixedZone("CET", 3600))
	erika   = message.Address{Name: "Erika Mustermann", Address: "erika@example.net"}
	support = message.Address{Name: "Example Support", Address: "support@example.com"}
)

func letter() Letter {
	return Letter{From: support, To: []message.Address{erika}, Subject: "Re: Invoice", MessageID: "m1@example.com",
		Date: morning, Text: "Hello Erika,\n\nhere it is.\n"}
}

// drawn is any unicode text without what a header may not hold.
func drawn(t *rapid.T, label string) string {
	s := rapid.OneOf(rapid.String(), rapid.StringMatching(`[ -~]{0,300}`), rapid.SampledFrom([]string{
		"", "=?utf-8?q?no?=", " led and trailed ", "two  spaces", "\ttab", `say "hi" \ there`, "日本語の件名",
		strings.Repeat("ü", 200),
		strings.Repeat("a", 1200), "👩‍👩‍👧‍👦 family", "a,b;c:d<e>@f", "Ω",
		"mixed ü and a long ASCII sentence that must be folded somewhere in its middle",
	})).Draw(t, label)
	return strings.NewReplacer("\r", "", "\n", "", "\x00", "").Replace(s)
}

func TestLetterReadsBackAsItWasWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := letter()
		l.Subject = drawn(t, "subject")
		l.From.Name, l.To[0].Name = drawn(t, "from"), drawn(t, "to")
		for i := range rapid.IntRange(0, 4).Draw(t, "copies") {
			l.Cc = append(l.Cc, message.Address{Name: drawn(t, "cc"), Address: "copy" + string(rune('a'+i)) +
				"@example.org"})
		}
		l.Text = rapid.OneOf(rapid.String(), rapid.StringMatching(`([ -~]{0,60}\r?\n)*`)).Draw(t, "text") + "."
		l.HTML = rapid.SampledFrom([]string{"", "<p>x</p>"}).Draw(t, "html")
		if l.HTML != "" {
			l.HTML += strings.Map(func(r rune) rune { return r }, drawn(t, "more"))
		}
		for range rapid.IntRange(0, 3).Draw(t, "files") {
			l.Attachments = append(l.Attachments, Attachment{Filename: "f" + drawn(t, "filename") + ".bin",
				ContentType: "application/pdf",
				Content:     rapid.SliceOf(rapid.Byte()).Draw(t, "content")})
		}
		raw, err := Render(l)
		if err != nil {
			t.Fatal(err)
		}
		checkLines(t, raw)
		compare(t, l, raw)
	})
}

type failer interface{ Fatalf(string, ...any) }

// checkLines holds the mail against RFC 5322's line rules.
func checkLines(t failer, raw []byte) {
	if bytes.Contains(bytes.ReplaceAll(raw, []byte("\r\n"), nil), []byte("\n")) ||
		bytes.Contains(bytes.ReplaceAll(raw, []byte("\r\n"), nil), []byte("\r")) {
		t.Fatalf("a bare CR or LF in\n%q", raw)
	}
	for _, line := range bytes.Split(raw, []byte("\r\n")) {
		if len(line) > hardLine {
			t.Fatalf("a line of %d octets: %q", len(line), line)
		}
		for _, c := range line {
			if c >= 0x80 || c == 0 {
				t.Fatalf("not 7bit: %q", line)
			}
		}
	}
}

// compare parses with two libraries that know nothing of this package.
func compare(t failer, l Letter, raw []byte) {
	std, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		t.Fatalf("net/mail: %v", err)
	}
	for _, x := range []struct {
		field string
		want  []message.Address
	}{{"From", []message.Address{l.From}}, {"To", l.To}, {"Cc", l.Cc}} {
		if len(x.want) == 0 {
			continue
		}
		got, err := std.Header.AddressList(x.field)
		if err != nil || len(got) != len(x.want) {
			t.Fatalf("%s: %v in %q", x.field, err, std.Header.Get(x.field))
		}
		for i := range got {
			if got[i].Name != x.want[i].Name || got[i].Address != x.want[i].Address {
				t.Fatalf("%s: got %q %q, want %q %q, from %q", x.field, got[i].Name, got[i].Address, x.want[i].Name,
					x.want[i].Address, std.Header.Get(x.field))
			}
		}
	}
	env, err := enmime.ReadEnvelope(bytes.NewReader(raw))
	if err != nil {
		t.Fatalf("enmime: %v", err)
	}
	if len(env.Errors) > 0 {
		t.Fatalf("enmime complains: %v\n%s", env.Errors, raw)
	}
	if got := env.GetHeader("Subject"); got != l.Subject {
		t.Fatalf("subject: got %q, want %q, from %q", got, l.Subject, std.Header.Get("Subject"))
	}
	norm := func(s string) string { return strings.TrimRight(strings.ReplaceAll(s, "\r\n", "\n"), "\n") }
	if got, want := norm(env.Text), page.Lines(l.Text); got != want {
		t.Fatalf("text: got %q, want %q", got, want)
	}
	if got, want := norm(env.HTML), page.Lines(l.HTML); got != want {
		t.Fatalf("html: got %q, want %q", got, want)
	}
	files := filesOf(t, std.Header.Get("Content-Type"), std.Body)
	if len(files) != len(l.Attachments) || len(env.Attachments)+len(env.Inlines) != len(files) {
		t.Fatalf("%d attachments, want %d", len(files), len(l.Attachments))
	}
	for i, a := range files {
		if want := l.Attachments[i]; a.Filename != want.Filename && !cutName(want.Filename, a.Filename) ||
			!bytes.Equal(a.Content, want.Content) || a.ContentType != want.ContentType {
			t.Fatalf("attachment: got %q %q %x, want %q %q %x", a.ContentType, a.Filename, a.Content, want.ContentType,
				want.Filename, want.Content)
		}
	}
}

// cutName tells whether a file's name is the beginning of a longer one, with its ending.
func cutName(long, name string) bool {
	start, end, ok := strings.Cut(name, "….")
	return ok && len(long) > maxFilename && len(name) <= maxFilename && strings.HasPrefix(long, start) &&
		strings.HasSuffix(long, "."+end)
}

// filesOf reads the attachments with the standard library.
func filesOf(t failer, contentType string, body io.Reader) (files []Attachment) {
	kind, params, err := mime.ParseMediaType(contentType)
	if err != nil {
		t.Fatalf("content type %q: %v", contentType, err)
	}
	if !strings.HasPrefix(kind, "multipart/") {
		return nil
	}
	for r := multipart.NewReader(body, params["boundary"]); ; {
		p, err := r.NextRawPart()
		if err == io.EOF {
			return files
		}
		if err != nil {
			t.Fatalf("part: %v", err)
		}
		disposition := p.Header.Get("Content-Disposition")
		if disposition == "" {
			files = append(files, filesOf(t, p.Header.Get("Content-Type"), p)...)
			continue
		}
		_, names, err := mime.ParseMediaType(disposition)
		if err != nil {
			t.Fatalf("disposition %q: %v", disposition, err)
		}
		var content io.Reader = p
		if p.Header.Get("Content-Transfer-Encoding") == "base64" {
			content = base64.NewDecoder(base64.StdEncoding, p)
		}
		data, err := io.ReadAll(content)
		if err != nil {
			t.Fatalf("content: %v", err)
		}
		kind, _, _ := mime.ParseMediaType(p.Header.Get("Content-Type"))
		files = append(files, Attachment{Filename: names["filename"], ContentType: kind, Content: data})
	}
}
