package letters_test

import (
	"context"
	"encoding/json"
	"html"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/bench/need"
	"github.com/replywell/replywell/shared/email/page"
	"github.com/replywell/replywell/shared/letters"
)

// sent is the letter of a situation, as Anna gets it.
func sent(t *testing.T, name string) letters.Ready {
	t.Helper()
	w, s := writer(t), situations(t)[name]
	ready, err := w.Notification("0123", w.Settings.Agents[0], w.Settings.Mailboxes[0], s.conv, s.msg, s.more)
	if err != nil {
		t.Fatal(err)
	}
	return ready
}

// own are the words of a letter that are ours: all but those of customers, colleagues and
// articles, which stand four columns in.
func own(text string) (words []string) {
	for l := range strings.SplitSeq(text, "\n") {
		if !strings.HasPrefix(l, "    ") {
			words = append(words, strings.Fields(l)...)
		}
	}
	return words
}

// Nobody reads a mail that is longer than what it tells of.
func TestLettersAreShort(t *testing.T) {
	for name, most := range map[string]int{"short-question": 150, "reply": 220, "thank-you": 70,
		"colleague-answered": 70, "note": 70} {
		ready := sent(t, name)
		if words := own(ready.Letter.Text); len(words) > most {
			t.Errorf("%s has %d words of our own, and may have %d: %q", name, len(words), most, words)
		} else {
			t.Logf("%s: %d words of our own, of %d", name, len(words), most)
		}
	}
}

// No line is wider than 72 columns, in no letter, but for what cannot be broken.
func TestLettersHaveNarrowLines(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) < 20 {
		t.Fatal(err)
	}
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		_, text, _ := strings.Cut(string(data), "\n\n")
		for l := range strings.SplitSeq(text, "\n") {
			sent := len([]rune(l))
			if strings.HasPrefix(l, " ") {
				sent++ // format=flowed puts one more there
			}
			if sent > page.Columns && strings.Contains(strings.TrimSpace(l), " ") {
				t.Errorf("%s: %q", f, l)
			}
		}
	}
}

// Two lists in one letter never have the same kind of signs: digits are the
// ready answers.
func TestDigitsAreReadyAnswers(t *testing.T) {
	digit := regexp.MustCompile(`(?m)^\d+[.:)] |#(?:merge|add|remove) \d`)
	for name := range situations(t) {
		if found := digit.FindAllString(sent(t, name).Letter.Text, -1); found != nil {
			t.Errorf("%s has other numbers than those of ready answers: %q", name, found)
		}
	}
}

// A customer's name stands where it is needed, and the address once.
func TestALetterSaysAnAddressOnce(t *testing.T) {
	for _, name := range []string{"short-question", "reply", "unconfirmed", "past-answers"} {
		if n := strings.Count(sent(t, name).Letter.Text, "erika@customer.example"); n != 1 {
			t.Errorf("%s: %d times", name, n)
		}
	}
}

// measured is what a browser measures of a letter in a window of so many pixels.
type measured struct{ Width, FirstAction, Height float64 }

// drawn measures letters in Chromium, by file name. A machine for tests has few
// fonts; this one, a little closer, is as wide as those of telephones.
func drawn(t *testing.T, width string, pages map[string]string) map[string]measured {
	t.Helper()
	browser := need.Chromium(t)
	var b strings.Builder
	b.WriteString(`<!DOCTYPE html><meta charset="utf-8"><body><script>
const out={};
function measure(f){const d=f.contentDocument,a=d.querySelector(".rw-btn");
out[f.title]={Width:d.documentElement.scrollWidth,FirstAction:a?a.getBoundingClientRect().bottom:0,Height:d.body.getBoundingClientRect().height};
if(--left==0)document.body.textContent=JSON.stringify(out)}
let left=COUNT;</script>`)
	for name, htm := range pages {
		b.WriteString(`<iframe title="` + name + `" onload="measure(this)" style="border:0;width:` + width +
			`px;height:3000px" srcdoc="` + html.EscapeString(
			strings.NewReplacer("-apple-system,", "'DejaVu Sans Condensed',", "</head>",
				"<style>*{letter-spacing:-.2px}</style></head>").Replace(htm)) + `"></iframe>`)
	}
	file := filepath.Join(t.TempDir(), "all.html")
	if err := os.WriteFile(file, []byte(strings.Replace(b.String(), "COUNT", strconv.Itoa(len(pages)), 1)),
		0o600); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithTimeout(t.Context(), 90*time.Second)
	defer stop()
	cmd := exec.CommandContext(ctx, browser, "--headless=new", "--no-sandbox", "--disable-gpu",
		"--disable-background-networking", "--user-data-dir="+t.TempDir(), "--dump-dom", "file://"+file)
	data, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v", err)
	}
	found := regexp.MustCompile(`\{".*\}\}`).Find(data)
	var out map[string]measured
	if err := json.Unmarshal([]byte(html.UnescapeString(string(found))), &out); err != nil || len(out) != len(pages) {
		t.Fatalf("the browser says %.300s: %v", data, err)
	}
	return out
}

// The first thing that can be done is on the first screen of a telephone, and no
// letter is wider than it.
func TestLettersFitATelephone(t *testing.T) {
	pages := map[string]string{}
	files, err := filepath.Glob("testdata/*.html")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		pages[strings.TrimSuffix(filepath.Base(f), ".html")] = string(data)
	}
	const screen = 627 // pixels of a telephone's screen that a mail program leaves to a mail
	for name, p := range drawn(t, "360", pages) {
		if p.Width > 360 {
			t.Errorf("%s is %v pixels wide on a screen of 360", name, p.Width)
		}
		if name == "short-question" && (p.FirstAction == 0 || p.FirstAction > screen) {
			t.Errorf("the first action ends at %v pixels", p.FirstAction)
		}
		t.Logf("%s: first action ends at %v, height %v", name, p.FirstAction, p.Height)
	}
}
