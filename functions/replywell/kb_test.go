package main

import (
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"

	"bytes"
	"strings"
	"testing"

	"github.com/replywell/replywell/shared/kb/article"
	"github.com/replywell/replywell/shared/local"
)

// push shows what would change, asks, and publishes all or nothing; at home by
// the data folder's own process too.
func TestKBPushHome(t *testing.T) {
	dir, data := t.TempDir(), dataFolder(t)
	file(t, dir, "return.md",
		"# Sending a lamp back\n\nYou can return anything within 30 days. Use the return label.\n")
	file(t, dir, "late.md",
		"# Where is my parcel?\n\nThe tracking number is in the mail that told you it was shipped.\n")
	push := func(yes bool, in io.Reader) (string, error) {
		var out bytes.Buffer
		to, err := local.NewPublisher(data)
		if err != nil {
			t.Fatal(err)
		}
		err = kbPushCmd{kbFolder: kbFolder{dir}, Yes: yes}.run(t.Context(), to, in, &out)
		return out.String(), err
	}
	code := func(err error) int {
		var c coded
		if errors.As(err, &c) {
			return c.ExitCode()
		}
		return 1
	}
	if out, err := push(false, strings.NewReader("y\n")); err == nil || code(err) != notConfirmed ||
		!strings.Contains(err.Error(), "--yes") || !strings.Contains(out, "+ late.md") {
		t.Fatalf("%v\n%s", err, out)
	}
	if out, err := push(true, nil); err != nil || !strings.Contains(out, "2 added, 0 changed, 0 removed") {
		t.Fatalf("%v\n%s", err, out)
	}
	if out, err := push(true, nil); err != nil || !strings.Contains(out, "Nothing has changed") {
		t.Errorf("%v\n%s", err, out)
	}
	file(t, dir, "return.md",
		"# Sending a lamp back\n\nYou can return anything within 60 days. Use the return label.\n")
	if err := os.Remove(filepath.Join(dir, "late.md")); err != nil {
		t.Fatal(err)
	}
	out, err := push(true, nil)
	if err != nil || !strings.Contains(out, "~ return.md\n      - You can return anything within 30 days. Use the "+
		"return label.\n      + You can") || !strings.Contains(out, "- late.md") {
		t.Errorf("%v\n%s", err, out)
	}
	to, err := local.NewPublisher(data)
	if err != nil {
		t.Fatal(err)
	}
	if err := to.Publish(t.Context(), article.Published{Version: "old"}, nil); !errors.Is(err, article.ErrMoved) {
		t.Errorf("%v", err)
	}
	file(t, dir, "bad.md", "# Bad\n\nSee [this](nowhere.md).\n")
	if out, err := push(true, nil); err == nil || !strings.Contains(out, "bad.md:3") || code(err) != 1 {
		t.Errorf("%v\n%s", err, out)
	}
	if p, err := to.Published(t.Context()); err != nil || len(p.Files) != 1 {
		t.Errorf("%d published, %v", len(p.Files), err)
	}
	// What is published is damaged.
	if err := os.Remove(filepath.Join(dir, "bad.md")); err != nil {
		t.Fatal(err)
	}
	file(t, data, "articles.zip", "garbage")
	if out, err := push(false, strings.NewReader("y\n")); err == nil || code(err) != notConfirmed ||
		!strings.Contains(out, "What is published cannot be read; all of it will be replaced.") {
		t.Errorf("%v\n%s", err, out)
	}
	if out, err := push(true, nil); err != nil || !strings.Contains(out, "1 added, 0 changed, 0 removed") {
		t.Errorf("%v\n%s", err, out)
	}
	if p, err := to.Published(t.Context()); err != nil || len(p.Files) != 1 {
		t.Errorf("%d published, %v", len(p.Files), err)
	}
	if _, err := local.NewPublisher(filepath.Join(data, "none")); err == nil {
		t.Error("a folder that is not there is published to")
	}
}

// A file's name cannot pass for another line of what is printed.
func TestKBNamesAreEscaped(t *testing.T) {
	dir, data := t.TempDir(), dataFolder(t)
	const body = "# Sending %s back\n\nYou can return anything within 30 days. Use the return label.\n"
	file(t, dir, "good.md", strings.Replace(body, "%s", "a lamp", 1))
	file(t, dir, "UPPER.MD", strings.Replace(body, "%s", "a cable", 1))
	file(t, dir, "readme.MD", "about the folder")
	var out bytes.Buffer
	if err := (kbCheckCmd{kbFolder: kbFolder{dir}}).run(&out); err != nil ||
		!strings.Contains(out.String(), "UPPER.MD: is left out, because the name of an article ends in .md") ||
		strings.Contains(out.String(), "readme") {
		t.Errorf("%v\n%s", err, out.String())
	}
	to, err := local.NewPublisher(data)
	if err != nil {
		t.Fatal(err)
	}
	// Published by an earlier program, and now removed.
	if err := to.Publish(t.Context(), article.Published{},
		map[string][]byte{"x\n+ good.md": []byte("# \u202eX\n\ntext \x1b[2J of it\n")}); err != nil {
		t.Fatal(err)
	}
	out.Reset()
	if err := (kbPushCmd{kbFolder: kbFolder{dir}, Yes: true}).run(t.Context(), to, nil, &out); err != nil ||
		!strings.Contains(out.String(), `- x\n+ good.md`) || strings.ContainsAny(out.String(), "\x1b\u202e") {
		t.Errorf("%v\n%q", err, out.String())
	}
	file(t, dir, "a\n- good.md", strings.Replace(body, "%s", "a bulb", 1))
	file(t, dir, "turned.md", strings.Replace(body, "%s", "\u202ea ring", 1))
	out.Reset()
	err = (kbCheckCmd{kbFolder: kbFolder{dir}}).run(&out)
	for _, want := range []string{`a\n- good.md: its name has a control character`,
		`turned.md: the title "Sending \u202ea ring back" has a control character`} {
		if err == nil || !strings.Contains(out.String(), want) {
			t.Errorf("%v: %q is not in\n%s", err, want, out.String())
		}
	}
	out.Reset()
	if err := (kbSearchCmd{KB: dir, Top: 5, Words: []string{"return label"}}).run(t.Context(), &out, &out,
		searchDay); err != nil || !strings.Contains(out.String(), `  a\n- good`) ||
		strings.Contains(out.String(), "\u202e") {
		t.Errorf("%v\n%s", err, out.String())
	}
}

func TestKBCheckOnline(t *testing.T) {
	articles, err := article.Parse(map[string][]byte{
		"a.md": []byte("# A\n\n[one](https://shop.example/ok) [two](https://shop.example/gone) " +
			"[three](https://shop.example/secret)\n")})
	if err != nil {
		t.Fatal(err)
	}
	problems, hints := asker{site(func(path string) int {
		return map[string]int{"/ok": 200, "/gone": 404, "/secret": 403}[path]
	})}.ask(articles)
	if len(problems) != 1 || !strings.Contains(problems[0].Error(),
		"a.md: the link https://shop.example/gone leads nowhere") || len(hints) != 1 ||
		!strings.Contains(hints[0].Error(), "/secret") {
		t.Errorf("%v\n%v", problems, hints)
	}
}

// site is a web site that answers each path with a status.
type site func(path string) int

func (s site) RoundTrip(r *http.Request) (*http.Response, error) {
	code := s(r.URL.Path)
	return &http.Response{StatusCode: code, Status: strconv.Itoa(code) + " " + http.StatusText(code), Body: http.NoBody,
		Request: r, Header: http.Header{}}, nil
}

// dataFolder is one that replywell local has used, and uses no more.
func dataFolder(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	folder, err := local.OpenFolder(dir)
	if err == nil {
		err = folder.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return dir
}
