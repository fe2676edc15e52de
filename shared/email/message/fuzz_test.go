package message

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// seeds are all mails of testdata.
func seeds(f *testing.F) (mails [][]byte) {
	f.Helper()
	paths, err := filepath.Glob("testdata/*/*.eml")
	if err != nil || len(paths) == 0 {
		f.Fatal(len(paths), err)
	}
	for _, p := range paths {
		b, err := os.ReadFile(p)
		if err != nil {
			f.Fatal(err)
		}
		mails = append(mails, b)
	}
	return mails
}

// FuzzParse holds what is promised of any bytes at all.
func FuzzParse(f *testing.F) {
	for _, m := range seeds(f) {
		f.Add(m)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		m := parseMail(raw) // not Parse: a panic must be seen
		checkStrings(t, m)
		for _, w := range m.Warnings {
			if w.Name == "part-unread" {
				t.Errorf("enmime read a part otherwise than repair handed it over")
			}
		}
		total := 0
		for _, a := range m.Attachments {
			total += a.Size
			if a.Size != len(a.Content) || a.Filename == "" || strings.ContainsAny(a.Filename, "/\\\x00\n") {
				t.Errorf("attachment %+v", a)
			}
		}
		if total > 64*len(raw)+MaxUnpacked || len(m.Text) > 16*len(raw)+1<<16 {
			t.Errorf("%d bytes became %d of attachments and %d of text", len(raw), total, len(m.Text))
		}
		for _, p := range m.Parts {
			if strings.HasPrefix(p.ContentType, "text/") && len(p.Content) < MaxText && !utf8.Valid(p.Content) {
				t.Errorf("a text part is not UTF-8: %q", p.Content)
			}
		}
	})
}

func checkStrings(t interface{ Errorf(string, ...any) }, m *Message) {
	all := []string{m.From.Name, m.From.Address, m.Subject, m.MessageID, m.Text, m.PlainText, m.HTML}
	for _, list := range [][]Address{m.To, m.Cc, m.ReplyTo, {m.Sender}} {
		for _, a := range list {
			all = append(all, a.Name, a.Address)
		}
	}
	for _, a := range m.Attachments {
		all = append(all, a.Filename, a.ContentType, a.ContentID)
	}
	for _, h := range m.Header {
		all = append(all, h.Name, h.Value, h.Raw)
	}
	for _, w := range m.Warnings {
		all = append(all, w.Name, w.Detail)
	}
	all = append(append(all, m.InReplyTo...), m.References...)
	for _, s := range all {
		if !utf8.ValidString(s) {
			t.Errorf("not UTF-8: %q", s)
		}
	}
	for _, s := range append([]string{m.Subject, m.From.Name, m.From.Address}, m.References...) {
		if strings.ContainsAny(s, "\r\n\x00") {
			t.Errorf("a line break got into a value of one line: %q", s)
		}
	}
}

// FuzzAddressList holds that the good addresses of a list survive their neighbours.
func FuzzAddressList(f *testing.F) {
	for _, s := range []string{`"Smith, John" <john@example.com>, a@b`, "Team: a@x, b@y;",
		"=?utf-8?Q?J=C3=B6rg?= <j@x>", "a@b (c (d) e)", "<@r:a@b>", "Doe, Jane <j@x>",
		"\xe9t\xe9 <e@x>", `"open <o@x>, c@d`, "undisclosed-recipients:;", `"a\"b"@x`, "a <b <c@d>>", "(", "<", ":;:",
		"=?utf-8?B?", "mailto:a@b"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		list := ParseAddressList(s)
		if len(list) > len(s)+1 {
			t.Errorf("%d addresses of %q", len(list), s)
		}
		for _, a := range list {
			if !utf8.ValidString(a.Name) || !utf8.ValidString(a.Address) ||
				strings.ContainsAny(a.Name+a.Address, "\r\n\x00") {
				t.Errorf("%q: %+v", s, a)
			}
		}
		if strings.ContainsAny(s, "\"<>():;=\\[") { // may open what swallows the next one
			return
		}
		list = ParseAddressList(s + ", Last One <last@example.com>")
		if len(list) == 0 || list[len(list)-1].Address != "last@example.com" {
			t.Errorf("%q: the last address is lost in %+v", s, list)
		}
	})
}

// TestWellFormedListsAreReadExactly writes lists by the rules and reads them back.
func TestWellFormedListsAreReadExactly(t *testing.T) {
	word := rapid.StringMatching(`[A-Za-z][a-z]{0,8}`)
	rapid.Check(t, func(t *rapid.T) {
		var want []Address
		var parts []string
		for i := rapid.IntRange(1, 6).Draw(t, "n"); i > 0; i-- {
			a := Address{Address: word.Draw(t, "local") + "@" + strings.ToLower(word.Draw(t, "domain")) + ".example"}
			switch rapid.IntRange(0, 3).Draw(t, "form") {
			case 0:
				parts = append(parts, a.Address)
			case 1:
				a.Name = word.Draw(t, "first") + " " + word.Draw(t, "last")
				parts = append(parts, a.Name+" <"+a.Address+">")
			case 2:
				a.Name = word.Draw(t, "last") + ", " + word.Draw(t, "first")
				parts = append(parts, `"`+a.Name+`" <`+a.Address+">")
			case 3:
				a.Name = word.Draw(t, "name")
				parts = append(parts, a.Address+" ("+a.Name+")")
			}
			want = append(want, a)
		}
		s := strings.Join(parts, ", ")
		got := ParseAddressList(s)
		if len(got) != len(want) {
			t.Fatalf("%s: %+v", s, got)
		}
		for i := range want {
			if got[i] != want[i] {
				t.Fatalf("%s: %+v, want %+v", s, got[i], want[i])
			}
		}
	})
}

// TestAnyBytesAreRead holds the promise of UTF-8 for bytes that fuzzing has not tried yet.
func TestAnyBytesAreRead(t *testing.T) {
	piece := rapid.SampledFrom([]string{"From: ", "To: ", "Subject: ", "Content-Type: multipart/mixed; boundary=x",
		"Content-Type: text/html", "\r\n", "\n", "\r", "--x", "--x--",
		"=?utf-8?B?", "?=", "Content-Transfer-Encoding: base64", "\x00", "\xff\xfe", "<", ">", "\"", "begin 644 a\n",
		"a@b", " ", "\t", ";", ",", "=", "<p>", "</div>"})
	rapid.Check(t, func(t *rapid.T) {
		raw := strings.Join(rapid.SliceOfN(piece, 0, 60).Draw(t, "mail"), "")
		checkStrings(t, parseMail([]byte(raw)))
	})
}

func TestAFaultKeepsTheRawMail(t *testing.T) {
	defer func() { parse = parseMail }()
	parse = func([]byte) *Message { panic("made for this test") }
	m := Parse([]byte("Subject: x\r\n\r\nThe lamp is dark.\xff\x00"))
	if !strings.Contains(m.Text, "The lamp is dark.") || len(m.Attachments) != 1 || len(m.Warnings) != 1 ||
		m.Warnings[0].Name != "unreadable" {
		t.Errorf("%+v", m)
	}
	checkStrings(t, m)
}
