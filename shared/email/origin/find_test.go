package origin_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/replywell/replywell/shared/email/automatic"
	"github.com/replywell/replywell/shared/email/message"
	"github.com/replywell/replywell/shared/email/origin"

	"github.com/replywell/replywell/shared/golden"
)

func mails(t testing.TB) map[string]*message.Message {
	t.Helper()
	files, err := filepath.Glob("testdata/*/*.eml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no mails in testdata: %v", err)
	}
	all := map[string]*message.Message{}
	for _, f := range files {
		raw, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		all[strings.TrimPrefix(filepath.ToSlash(f), "testdata/")] = message.Parse(raw)
	}
	return all
}

// Every mail of the set that came by another way was written by Erika.
func TestTheAuthorIsFoundWhateverWayTheMailCame(t *testing.T) {
	for file, m := range mails(t) {
		t.Run(file, func(t *testing.T) {
			o := origin.Find(m)
			dir, _, _ := strings.Cut(file, "/")
			if dir == "ordinary" {
				if o.Rule != "from" || o.Author != m.From || o.Forwarded {
					t.Errorf("ordinary mail is taken for one that came by another way: %+v", o)
				}
				return
			}
			if o.Author.Address != "erika.muster@mail.example" || o.Rule == "from" {
				t.Errorf("author %+v by rule %q", o.Author, o.Rule)
			}
			if want := dir != "list"; o.Forwarded != want {
				t.Errorf("forwarded %v, want %v", o.Forwarded, want)
			}
			if j := automatic.Judge(m, ""); j.Automatic() != (dir == "list") {
				t.Errorf("judged as %q by %q", j.Kind, j.Rule)
			}
		})
	}
}

func TestWhatWasFound(t *testing.T) {
	var lines []string
	for file, m := range mails(t) {
		o := origin.Find(m)
		lines = append(lines, fmt.Sprintf("%s: %s | %s <%s> | reply to %q | by %q\n", file, o.Rule, o.Author.Name,
			o.Author.Address, o.ReplyTo, o.Forwarder))
	}
	slices.Sort(lines)
	got := strings.Join(lines, "")
	golden.File(t, "testdata/found.golden", got)
}

func FuzzFind(f *testing.F) {
	files, _ := filepath.Glob("testdata/*/*.eml")
	for _, file := range files {
		if raw, err := os.ReadFile(file); err == nil {
			f.Add(raw)
		}
	}
	f.Add([]byte("From: \"Per conto di: a@b.example\" <p@c.example>\nX-Trasporto: x\n\nx"))
	f.Add([]byte(
		"From: Portal <leads@portal.example>\nReply-To: a@b.example\n\nName: A\nEmail: a@b.example\nMessage: x"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		m := message.Parse(raw)
		o := origin.Find(m)
		if o.Rule == "" {
			t.Fatal("no rule")
		}
		if strings.Contains(m.From.Address, "@") && !strings.Contains(o.Author.Address, "@") {
			t.Fatalf("the author %+v has no address, the From has one", o.Author)
		}
	})
}

func BenchmarkFind(b *testing.B) {
	raw, err := os.ReadFile("testdata/ordinary/plain.eml")
	if err != nil {
		b.Fatal(err)
	}
	m := message.Parse(raw)
	b.ReportAllocs()
	for b.Loop() {
		origin.Find(m)
	}
}
