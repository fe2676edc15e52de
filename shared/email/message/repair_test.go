package message

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/jhillyerd/enmime/v2"
	"github.com/replywell/replywell/shared/bench/processor"
	"pgregory.net/rapid"
)

// TestWellFormedMailIsHandedOverAsItCame builds mail by the rules: repair has
// nothing to do, and enmime reads the very bytes that came.
func TestWellFormedMailIsHandedOverAsItCame(t *testing.T) {
	words := rapid.StringMatching(`[A-Za-z äöüßé€.,!?=-]{1,60}`)
	rapid.Check(t, func(t *rapid.T) {
		b := enmime.Builder().From("Jörg", "joerg@example.com").To("", "help@shop.example").Subject("x").Text(
			[]byte(words.Draw(t, "text") + "\n" + words.Draw(t, "more")))
		if rapid.Bool().Draw(t, "html") {
			b = b.HTML([]byte("<p>" + words.Draw(t, "html") + "</p>"))
		}
		for i := rapid.IntRange(0, 3).Draw(t, "files"); i > 0; i-- {
			b = b.AddAttachment(rapid.SliceOfN(rapid.Byte(), 1, 300).Draw(t, "data"), "application/pdf",
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
		warn := &warnings{}
		e := newRepairer(warn, raw.Len()).scan(raw.Bytes(), 0, "text/plain")
		if out := e.emit(nil); e.mended || len(out) != 1 || !bytes.Equal(out[0], raw.Bytes()) {
			t.Fatalf("repaired: %v\n%s\nbecame\n%s", warn.list, raw.Bytes(), bytes.Join(out, nil))
		}
	})
}

// TestWhatWasRepairedNeedsNoRepair repairs twice: the second time there is
// nothing left to do.
func TestWhatWasRepairedNeedsNoRepair(t *testing.T) {
	paths, err := filepath.Glob("testdata/*/*.eml")
	if err != nil || len(paths) == 0 {
		t.Fatal(len(paths), err)
	}
	for _, p := range paths {
		raw, err := os.ReadFile(p)
		if err != nil {
			t.Fatal(err)
		}
		warn := &warnings{}
		raw = mendLineEnds(raw, warn)
		once := bytes.Join(newRepairer(warn, len(raw)).scan(raw, 0, "text/plain").emit(nil), nil)
		again := newRepairer(&warnings{}, len(once)).scan(once, 0, "text/plain")
		if again.mended {
			t.Errorf("%s was repaired to\n%s\nand again to\n%s", p, once, bytes.Join(again.emit(nil), nil))
		}
	}
}

// TestFramingThatEnmimeMistakes has the mails of docs/enmime.md. Where enmime
// alone has learnt to read one of them, the repair for it can go.
func TestFramingThatEnmimeMistakes(t *testing.T) {
	head := "From: a@example.com\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
	encoded := func(as, body string) string {
		return "Content-Type: text/plain; charset=us-ascii\r\nContent-Transfer-Encoding: " + as + "\r\n\r\n" + body
	}
	far := strings.Repeat("q", 5000)
	long := strings.Repeat("p", 1014) + "\r\n" + strings.Repeat("0123456789", 4000)
	for name, c := range map[string]struct{ raw, text string }{
		"a quoted boundary":    {head + "--b\r\n\r\none\r\n>--b\r\ntwo\r\n--b--\r\n", "one\n>--b\ntwo"},
		"a boundary and words": {head + "--b\r\n\r\none\r\n--b or not\r\ntwo\r\n--b--\r\n", "one\n--b or not\ntwo"},
		"an end and words": {head + "--b\r\n\r\none\r\n--b--or not\r\ntwo\r\n--b--\r\n",
			"one\n--b--or not\ntwo"},
		"named in the preamble": {head + "the lines --b part them\r\n--b\r\n\r\none\r\n--b--\r\n", "one"},
		"a CR and one more":     {head + "--b\r\n\r\nab\rc\n--b--\r\n", "ab\nc"},
		"a long boundary": {strings.Replace(head, "=b", "="+far, 1) + "--" + far + "\r\n\r\none\r\n--" + far +
			"--\r\n", "one"},
		"a first line indented": {" folded\r\n" + head + "--b\r\n\r\none\r\n--b--\r\n", "one"},
		"a part of prose":       {head + "--b\r\none\r\n\r\ntwo\r\n--b--\r\n", "one\n\ntwo"},
		"a blank in a blank line": {head + "--b\r\nContent-Type: text/plain\r\n \r\none\r\n\r\ntwo\r\n--b--\r\n",
			"one\n\ntwo"},
		"base64 with 8-bit junk": {encoded("base64", strings.Repeat("b25lIHR3byBv", 20)+"\xe1bmUgdHdv\r\n"),
			strings.Repeat("one two o", 20) + "ne two"},
		"base64 in two pieces":    {encoded("base64", "b25lIA==\r\ndHdv\r\n"), "one two"},
		"base64 cut off":          {encoded("base64", "b25lIHR3b"), "one tw"},
		"a soft break and blanks": {encoded("quoted-printable", "one=  \r\n two\r\n"), "one two\n"},
		"a soft break at the end": {encoded("quoted-printable", "one="), "one"},
		"a signature mark":        {encoded("quoted-printable", "one\r\n-- \r\ntwo\r\n"), "one\n-- \ntwo\n"},
		"a long line":             {encoded("quoted-printable", long), strings.ReplaceAll(long, "\r", "")},
	} {
		t.Run(name, func(t *testing.T) {
			m := Parse([]byte(c.raw))
			if m.Text != c.text || len(m.Attachments) != 0 {
				t.Errorf("%q, %d attachments, want %q; %v", m.Text, len(m.Attachments), c.text, m.Warnings)
			}
			alone, err := enmime.NewParser(enmime.SkipMalformedParts(true)).ReadParts(strings.NewReader(c.raw))
			if err != nil {
				return
			}
			var text strings.Builder
			leaves := alone.DepthMatchAll(func(p *enmime.Part) bool { return p.FirstChild == nil })
			for _, p := range leaves {
				text.Write(p.Content)
			}
			if len(leaves) == 1 && strings.ReplaceAll(text.String(), "\r\n", "\n") == c.text {
				t.Error("enmime alone reads it rightly: the repair can go")
			}
		})
	}
}

// TestAPartThatEnmimeDoesNotTakeIsKept hands over less than repair found.
func TestAPartThatEnmimeDoesNotTakeIsKept(t *testing.T) {
	raw := []byte("Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\none\r\n--b\r\nContent-Type: " +
		"application/pdf\r\n\r\nthe file\r\n--b--\r\n")
	for lost := range 3 { // the whole, the first part, the second
		warn := &warnings{}
		r := newRepairer(warn, len(raw))
		e := r.scan(raw, 0, "text/plain")
		p, err := parser.ReadParts(&segments{rest: e.emit(nil)})
		if err != nil {
			t.Fatal(err)
		}
		switch lost {
		case 0:
			p = nil
		case 1:
			p.FirstChild = p.FirstChild.NextSibling
		case 2:
			p.FirstChild.NextSibling.Content = nil
		}
		r.take(e, p)
		m := &Message{}
		rd := &reader{m: m, warn: warn, unnamed: new(int)}
		r.texts(e)
		rd.walk(e, false)
		rd.finish()
		all := m.Text
		for _, a := range m.Attachments {
			all += string(a.Content)
		}
		if !strings.Contains(all, "one") || !strings.Contains(all, "the file") || !warn.has("part-unread") {
			t.Errorf("without part %d: %q, %v", lost, all, warn.list)
		}
	}
}

func TestAThousandPartsAndNoMore(t *testing.T) {
	var b strings.Builder
	b.WriteString("Content-Type: multipart/mixed; boundary=b\r\n\r\n")
	for i := range MaxParts + 50 {
		fmt.Fprintf(&b, "--b\r\nContent-Type: application/pdf\r\n\r\nfile %d\r\n", i)
	}
	b.WriteString("--b--\r\n")
	m := Parse([]byte(b.String()))
	last := m.Attachments[len(m.Attachments)-1]
	if len(m.Attachments) != MaxParts || last.Filename != "remaining-parts.txt" ||
		!strings.Contains(string(last.Content), fmt.Sprintf("file %d\r\n", MaxParts+49)) {
		t.Errorf("%d attachments, the last %s: %.200q", len(m.Attachments), last.Filename, last.Content)
	}
	if len(m.Warnings) == 0 || m.Warnings[0].Name != "parts" {
		t.Error(m.Warnings)
	}
}

// TestALargeMailTakesItsSizeTwice holds the memory for 30 MB within 60, all
// that is ever allocated counted.
func TestALargeMailTakesItsSizeTwice(t *testing.T) {
	line := base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{1, 2, 3}, 19)) + "\r\n"
	raw := []byte("Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: application/pdf; " +
		"name=big.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n" +
		strings.Repeat(line, 30<<20/len(line)) + "--b--\r\n")
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	start := processor.Time()
	m := Parse(raw)
	took := processor.Time() - start
	runtime.ReadMemStats(&after)
	if got := (after.TotalAlloc - before.TotalAlloc) >> 20; got > 60 {
		t.Errorf("%d MB were allocated", got)
	}
	t.Logf("%v, %d MB", took, (after.TotalAlloc-before.TotalAlloc)>>20)
	if took.Seconds() > 2 || len(m.Attachments) != 1 || m.Attachments[0].Size != 30<<20/len(line)*57 {
		t.Errorf("%v, %+v", took, m.Attachments)
	}
}
