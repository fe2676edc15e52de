package reply_test

import (
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/bench"
	"github.com/replywell/replywell/shared/desk"
)

// file is one that is written into a mail: a name, what it is, and bytes.
func file(name, kind, how string, content []byte) string {
	encoded := base64.StdEncoding.EncodeToString(content)
	var b strings.Builder
	fmt.Fprintf(&b, "--b\nContent-Type: %s; name=\"%s\"\nContent-Disposition: %s; filename=\"%s\"\nContent-ID: "+
		"<%s@x>\n"+
		"Content-Transfer-Encoding: base64\n\n", kind, name, how, name, name)
	for ; len(encoded) > 0; encoded = encoded[min(76, len(encoded)):] {
		b.WriteString(encoded[:min(76, len(encoded))] + "\n")
	}
	return b.String()
}

// noise is what a film is to whoever looks for words: bytes of no text.
func noise(n int) []byte {
	out := make([]byte, n)
	_, _ = rand.NewChaCha8([32]byte{}).Read(out) // it never fails
	return out
}

// heavy is a picture that programs show, of so many bytes.
func heavy(bytes int) []byte { return append(slices.Clone(drawing), noise(bytes-len(drawing))...) }

// TestLargeFiles: which of an answer's files are mailed, and what becomes of the others.
func TestLargeFiles(t *testing.T) {
	const mb = 1_000_000
	film := func(n int) string { return file(fmt.Sprintf("film%d.mp4", n), "video/mp4", "attachment", noise(n*mb)) }
	html := func(n int) string {
		return "--b\nContent-Type: text/html; charset=utf-8\n\n<p>Hello Erika, here:</p><p><img " +
			"src=\"cid:hall.png@x\"></p>" +
			"<p>As you see.</p>\n" + file("hall.png", "image/png", "inline", heavy(n))
	}
	plain := "--b\nContent-Type: text/plain; charset=utf-8\n\nHello Erika, here they are.\n"
	for _, c := range []struct {
		name           string
		said           string
		mailed, linked string // names
		refused        string // where nothing can be linked
	}{
		{"small ones stay", plain + film(6) + film(1) + film(11) + film(2), "film6.mp4 film1.mp4 film2.mp4",
			"film11.mp4",
			"film11.mp4, 11 MB"},
		{"a picture in the text stays before a film", html(6*mb) + film(5), "hall.png", "film5.mp4", "film5.mp4"},
		{"a picture that is too large itself", html(11 * mb), "", "hall.png", "hall.png, 11 MB"},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, public := range []string{"https://files.lantern.example", ""} {
				u := &undo{Path: bench.NewPath(t)}
				u.Settings.Links = desk.FileLinks{Public: public, Good: 10 * 24 * time.Hour}
				u.mail(erika, support, "My lamp", "", "What shall I do with the glass?")
				u.wait(0)
				u.mail(anna, u.to, "Re: My lamp", "MIME-Version: 1.0\nContent-Type: multipart/mixed; "+
					"boundary=b\n", c.said+"--b--\n")
				u.wait(time.Hour)
				var got *bench.Sent
				for i, m := range u.mails {
					if slices.Contains(m.To, erika) {
						got = &u.mails[i]
					}
				}
				if public == "" && c.linked != "" {
					if got != nil || !strings.Contains(u.told(), "at most 10 MB can be mailed") ||
						!strings.Contains(u.told(), c.refused) {
						t.Errorf("without links: %s", u.told())
					}
					continue
				}
				if got == nil {
					t.Fatalf("nothing left: %s", u.told())
				}
				var mailed []string
				for _, a := range got.Read.Attachments {
					mailed = append(mailed, a.Filename)
				}
				if strings.Join(mailed, " ") != c.mailed {
					t.Errorf("%q: mailed are %v", public, mailed)
				}
				for _, name := range strings.Fields(c.linked) {
					if n := strings.Count(got.Read.PlainText, name+" ("); n != 1 ||
						!strings.Contains(got.Read.PlainText, public+"/") {
						t.Errorf("%s is linked %d times:\n%s", name, n, got.Read.PlainText)
					}
				}
				if c.linked != "" && !strings.Contains(got.Read.PlainText, "12 Mar 2026") {
					t.Errorf("it does not say until when:\n%s", got.Read.PlainText)
				}
				if strings.Contains(c.linked, "hall") && (strings.Contains(got.Read.HTML, "cid:") ||
					!strings.Contains(got.Read.HTML, "[hall.png]")) {
					t.Errorf("where the picture stood: %s", got.Read.HTML)
				}
			}
		})
	}
}

// What is taken back and sent in spite of that has its files too, and the same ones.
func TestALinkSurvivesBeingTakenBack(t *testing.T) {
	u := &undo{Path: bench.NewPath(t)}
	u.Settings.Links.Public, u.Settings.Mailboxes[0].Grace = "https://files.lantern.example", 2*time.Minute
	u.mail(erika, support, "My lamp", "", "What shall I do with the glass?")
	u.wait(0)
	first := u.to
	u.mail(anna, first, "Re: My lamp", "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n",
		"--b\nContent-Type: text/plain\n\nHello Erika, here it is.\n"+file("film.mp4", "video/mp4",
			"attachment", noise(11_000_000))+"--b--\n")
	u.mail(anna, first, "Re: My lamp", "", "#undo")
	u.wait(0)
	if !strings.Contains(u.told(), "film.mp4") {
		t.Errorf("what was taken back does not name its file: %s", u.told())
	}
	u.mail(anna, u.to, "Re: My lamp", "", "send")
	u.wait(time.Hour)
	for _, m := range u.mails {
		if slices.Contains(m.To, erika) && strings.Contains(m.Read.PlainText, "https://files.lantern.example/") {
			return
		}
	}
	t.Errorf("it left without its link: %s", u.told())
}

// What must not reach a customer is found in a file that is linked, as in one that is mailed.
func TestALinkedFileIsLookedThrough(t *testing.T) {
	u := &undo{Path: bench.NewPath(t)}
	u.Settings.Links.Public = "https://files.lantern.example"
	u.mail(erika, support, "My lamp", "", "What shall I do with the glass?")
	u.wait(0)
	u.mail(anna, u.to, "Re: My lamp", "", "#note She never pays her invoices before the third reminder.")
	u.wait(0)
	leak := append(noise(11_000_000), "Write to "+u.to...)
	u.mail(anna, u.to, "Re: My lamp", "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n",
		"--b\nContent-Type: text/plain\n\nHello Erika, here it is.\n"+file("film.mp4", "video/mp4",
			"attachment", leak)+"--b--\n")
	u.wait(time.Hour)
	if gone := u.gone(); len(gone) > 0 || !strings.Contains(u.told(), "must not reach a customer") {
		t.Errorf("it left (%q), or nobody was told: %s", gone, u.told())
	}
}
