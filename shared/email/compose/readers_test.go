package compose

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/emersion/go-msgauth/dkim"

	"github.com/replywell/replywell/shared/bench/need"
	"github.com/replywell/replywell/shared/email/message"
	"github.com/replywell/replywell/shared/email/page"
)

// inAnyScript are what people are called and what they write about.
var inAnyScript = []string{
	"Erika Mustermann", "Jürgen Müller-Lüdenscheidt", "Łukasz Żółć", "Nguyễn Thị Minh Khai", "Владимир Кузнецов",
	"Ελένη Παπαδοπούλου",
	"山田太郎", "请把十月的发票再寄一次，谢谢", "김민수", "محمد عبد الله", "דוד כהן", "नरेन्द्र कुमार", "สมชาย ใจดี", "👩‍👩‍👧‍👦 family",
	`O'Brien, "Pat" (Sales)`, `back\slash`, "a,b;c:d<e>@f", "Boss <boss@example.net>, and me", "=?utf-8?q?not_a_word?=",
	"=?", "two  spaces", " led and trailed ",
	"tab\there", strings.Repeat("a", 1200), strings.Repeat("ü", 400), strings.Repeat("word ", 250) + "end",
	"Re: [K7M-4Q9] 100 % =3D off",
}

// everywhere is a letter that has the same text wherever one may stand.
func everywhere(text string) Letter {
	l := letter()
	l.Subject, l.From.Name, l.To[0].Name = text, text, text
	l.Cc = []message.Address{{Name: text, Address: "copy@example.org"}, {Name: "Plain", Address: "plain@example.org"}}
	l.ReplyTo = &message.Address{Name: text,
		Address: "support+ceaqea3aicqgb2dlidvaaaacbhkdvvj34jc3vkuaag5fbzhgjonlk@example.com"}
	l.Headers = []Header{{"X-Loop", "support@example.com"}, {"X-Said", text}}
	l.References = []string{"c1@example.net", strings.Repeat("x", 880) + "@example.net"}
	l.Text, l.HTML = "Hello,\n"+text+"\n.\nFrom here.", "<p>"+text+"</p>"
	l.Attachments = []Attachment{{Filename: "a" + text + ".pdf", ContentType: "application/pdf",
		Content: []byte("%PDF\r\n" + text)},
		{Filename: "old.txt", ContentType: "text/plain; charset=iso-8859-1", Content: []byte("caf\xe9")}}
	return l
}

// TestPythonReadsTheSame holds what is written against a reader that is no
// relative of it: Python's email package, with its strict policy.
func TestPythonReadsTheSame(t *testing.T) {
	python := need.Program(t, "apt-get install python3", "python3")
	dir := t.TempDir()
	for i, text := range inAnyScript {
		raw, err := Render(everywhere(text))
		if err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		checkLines(t, raw)
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%02d.eml", i)), raw, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	const script = `
import sys, json, glob, email, email.policy, base64
out = []
for f in sorted(glob.glob(sys.argv[1] + "/*.eml")):
    m = email.message_from_binary_file(open(f, "rb"), policy=email.policy.default)
    bad = [str(d) for p in m.walk() for d in p.defects]
    people = {k: [[a.display_name, a.addr_spec] for a in m[k].addresses] for k in ("From", "To", "Cc", "Reply-To")}
    parts = [[p.get_content_type(), p.get_filename() or "", base64.b64encode(p.get_payload(decode=True)).decode()] for p in m.walk() if not p.is_multipart()]
    out.append({"names": m.keys(), "subject": m["Subject"], "said": m["X-Said"], "references": m["References"], "people": people, "parts": parts, "bad": bad})
json.dump(out, sys.stdout)
`
	cmd := exec.Command(python, "-c", script, dir)
	cmd.Stderr = os.Stderr
	said, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var mails []struct {
		Names                     []string
		Subject, Said, References string
		People                    map[string][][2]string
		Parts                     [][3]string
		Bad                       []string
	}
	if err := json.Unmarshal(said, &mails); err != nil || len(mails) != len(inAnyScript) {
		t.Fatalf("%d mails, %v", len(mails), err)
	}
	for i, m := range mails {
		text := inAnyScript[i]
		if len(m.Bad) > 0 {
			t.Errorf("%q: Python finds %v", text, m.Bad)
		}
		if got, want := strings.Join(m.Names, " "), "Date From To Cc Reply-To Subject Message-Id References X-Loop "+
			"X-Said Mime-Version Content-Type"; got != want {
			t.Errorf("%q: fields %s, want %s", text, got, want)
		}
		if m.Subject != text || m.Said != text {
			t.Errorf("subject %q, field %q, want %q", m.Subject, m.Said, text)
		}
		for field, people := range m.People {
			// Python puts a space between the words that a long name is written in.
			if same(people[0][0]) != same(text) {
				t.Errorf("%s: the name %q, want %q", field, people[0][0], text)
			}
		}
		if cc := m.People["Cc"]; len(cc) != 2 || cc[0][1] != "copy@example.org" ||
			cc[1] != [2]string{"Plain", "plain@example.org"} {
			t.Errorf("%q: Cc %q", text, cc)
		}
		if strings.Count(m.References, "<") != 2 {
			t.Errorf("%q: References %q", text, m.References)
		}
		want := []Attachment{{ContentType: "text/plain", Content: []byte("Hello,\r\n" + text + "\r\n.\r\nFrom here.")},
			{ContentType: "text/html", Content: []byte("<p>" + text + "</p>")},
			everywhere(text).Attachments[0], {ContentType: "text/plain", Filename: "old.txt",
				Content: []byte("caf\xe9")}}
		if len(m.Parts) != len(want) {
			t.Fatalf("%q: %d parts", text, len(m.Parts))
		}
		for j, p := range m.Parts {
			content, err := base64.StdEncoding.DecodeString(p[2])
			content = bytes.TrimSuffix(bytes.ReplaceAll(bytes.ReplaceAll(content, []byte("\r\n"), []byte("\n")),
				[]byte("\n"), []byte("\r\n")), []byte("\r\n"))
			if err != nil || p[0] != want[j].ContentType || p[1] != want[j].Filename &&
				!cutName(want[j].Filename, p[1]) || !bytes.Equal(content, want[j].Content) {
				t.Errorf("%q: part %d: %s %q %q, want %s %q %q", text, j, p[0], p[1], content, want[j].ContentType,
					want[j].Filename, want[j].Content)
			}
		}
	}
}

// TestASignatureStaysGood signs a letter as a server does on its way, and holds
// that whoever receives it can check that.
func TestASignatureStaysGood(t *testing.T) {
	public, key, err := ed25519.GenerateKey(bytes.NewReader(bytes.Repeat([]byte{7}, 64)))
	if err != nil {
		t.Fatal(err)
	}
	lookup := func(string) ([]string, error) {
		return []string{"v=DKIM1; k=ed25519; p=" + base64.StdEncoding.EncodeToString(public)}, nil
	}
	for _, text := range inAnyScript {
		for _, how := range []dkim.Canonicalization{dkim.CanonicalizationSimple, dkim.CanonicalizationRelaxed} {
			raw, err := Render(everywhere(text))
			if err != nil {
				t.Fatal(err)
			}
			var signed bytes.Buffer
			if err := dkim.Sign(&signed, bytes.NewReader(raw),
				&dkim.SignOptions{Domain: "example.com", Selector: "s", Signer: key, HeaderCanonicalization: how,
					BodyCanonicalization: how}); err != nil {
				t.Fatal(err)
			}
			found, err := dkim.VerifyWithOptions(&signed, &dkim.VerifyOptions{LookupTXT: lookup})
			if err != nil || len(found) != 1 || found[0].Err != nil {
				t.Errorf("%q, %s: %v, %+v", text, how, err, found)
			}
		}
	}
}

// FuzzOurReaderReadsTheSame writes what strangers chose and reads it as an
// incoming mail is read.
func FuzzOurReaderReadsTheSame(f *testing.F) {
	for i, text := range inAnyScript {
		f.Add(text, inAnyScript[(i+7)%len(inAnyScript)], "a@example.net")
	}
	f.Add("x\r\nBcc: y@example.net\r\n\r\nbody", "<m>\n", "a@b\r\nBcc: c")
	f.Fuzz(func(t *testing.T, subject, name, address string) {
		l := letter()
		l.Subject, l.To[0].Name, l.To[0].Address, l.Text = subject, name, address, subject+"\n"+name
		l.Attachments = []Attachment{{Filename: name, ContentType: "image/png", Content: []byte(subject)}}
		raw, err := Render(l)
		if err != nil {
			if checkLine(subject) == nil && checkLine(name) == nil && address == "a@example.net" {
				t.Fatal(err)
			}
			return
		}
		checkLines(t, raw)
		m := message.Parse(raw)
		if want := cut(subject, maxSubject); same(m.Subject) != same(want) && same(want) != "=?" {
			t.Errorf("the subject %q, want %q", m.Subject, want)
		}
		// Quoted addresses, which nobody has, are read in more than one way.
		spec, _ := encodeAddrSpec(address)
		plain := !strings.ContainsAny(spec, "\"[")
		if want := cut(name, maxName); plain && (len(m.To) != 1 || same(m.To[0].Name) != same(want) &&
			same(want) != "=?") {
			t.Errorf("to %q, want %q", m.To, want)
		}
		if m.From != support {
			t.Errorf("from %q", m.From)
		}
		if got, want := same(m.PlainText), same(page.Lines(l.Text)); got != want && want != "=?" {
			t.Errorf("the text %q, want %q", got, want)
		}
		if len(m.Attachments) != 1 || !bytes.Equal(m.Attachments[0].Content, []byte(subject)) {
			t.Errorf("%d files", len(m.Attachments))
		}
	})
}

// same takes out what a reader may tidy: invalid bytes, spaces, quotation
// marks around a name, marks that are not seen. Ours reads encoded words once more that were encoded twice, as
// programs do that.
func same(s string) string {
	c1 := func(r rune) bool { return r >= 0x80 && r < 0xa0 }
	if strings.ContainsFunc(s, c1) { // read as Windows' characters, which programs mean by them
		return "=?"
	}
	s = strings.Join(strings.Fields(strings.NewReplacer("\uFFFD", "", `"`, "", "'", "").Replace(page.OneLine(s))), "")
	if strings.Contains(s, "=?") {
		return "=?"
	}
	return s
}
