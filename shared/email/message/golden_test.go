package message

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/replywell/replywell/shared/golden"
)

// reading is what a golden file holds: what a person would look at.
type reading struct {
	From        string   `json:"from"`
	To          []string `json:"to,omitempty"`
	Cc          []string `json:"cc,omitempty"`
	ReplyTo     []string `json:"reply_to,omitempty"`
	Subject     string   `json:"subject"`
	Date        string   `json:"date,omitempty"`
	MessageID   string   `json:"message_id,omitempty"`
	InReplyTo   []string `json:"in_reply_to,omitempty"`
	References  []string `json:"references,omitempty"`
	Wrapper     Wrapper  `json:"wrapper,omitempty"`
	Text        []string `json:"text"`
	Attachments []string `json:"attachments,omitempty"`
	Warnings    []string `json:"warnings,omitempty"`
}

func read(m *Message) reading {
	show := func(as []Address) (out []string) {
		for _, a := range as {
			out = append(out, strings.TrimSpace(a.Name+" <"+a.Address+">"))
		}
		return out
	}
	r := reading{From: strings.Join(show([]Address{m.From}), ""), To: show(m.To), Cc: show(m.Cc),
		ReplyTo: show(m.ReplyTo), Subject: m.Subject,
		MessageID: m.MessageID, InReplyTo: m.InReplyTo, References: m.References, Wrapper: m.Wrapper,
		Text: strings.Split(m.Text, "\n")}
	if !m.Date.IsZero() {
		r.Date = m.Date.Format(time.RFC3339)
	}
	for _, a := range m.Attachments {
		s := a.Filename + ", " + a.ContentType + ", "
		if len(a.Content) <= 60 && utf8.Valid(a.Content) {
			s += string(a.Content)
		} else {
			s += a.SHA256[:12]
		}
		if a.Inline {
			s += ", inline"
		}
		if a.ContentID != "" {
			s += ", " + a.ContentID
		}
		r.Attachments = append(r.Attachments, s)
	}
	for _, w := range m.Warnings {
		r.Warnings = append(r.Warnings, w.Name)
	}
	return r
}

// TestGoldenMails reads every mail of testdata, sorted there by what is wrong
// with it. Run with -update after a change that was meant, and look at the difference.
func TestGoldenMails(t *testing.T) {
	n := 0
	err := filepath.WalkDir("testdata", func(path string, d fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".eml" {
			return err
		}
		n++
		t.Run(strings.TrimSuffix(filepath.ToSlash(path), ".eml"), func(t *testing.T) { checkGolden(t, path) })
		return nil
	})
	if err != nil || n == 0 {
		t.Fatal(n, err)
	}
}

func checkGolden(t *testing.T, path string) {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(read(Parse(raw))); err != nil {
		t.Fatal(err)
	}
	golden.File(t, strings.TrimSuffix(path, ".eml")+".json", b.String())
}
