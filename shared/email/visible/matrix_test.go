package visible

import (
	_ "embed"
	"fmt"
	"html"
	"maps"
	"slices"
	"strings"
	"testing"
	"unicode"
)

//go:embed testdata/matrix.txt
var matrixTable string

// speech is what the generated mails say in one language, by the keys of
// testdata/matrix.txt.
type speech map[string]string

func speeches(t testing.TB) map[string]speech {
	all := map[string]speech{}
	var now speech
	for n, l := range strings.Split(matrixTable, "\n") {
		switch key, value, ok := strings.Cut(l, ":"); {
		case strings.HasPrefix(l, "["):
			now = speech{}
			all[strings.Trim(l, "[]")] = now
		case strings.HasPrefix(l, "#") || l == "":
		case !ok || now == nil:
			t.Fatalf("testdata/matrix.txt line %d: %q is no key and value", n+1, l)
		default:
			now[key] = strings.TrimSpace(value)
		}
	}
	return all
}

const personName, personAddress = "Ann Example", "ann.example@shop.example"

// says fills in who is quoted.
func (s speech) says(key string) string {
	return strings.NewReplacer("{p}", personName+" <"+personAddress+">", "{n}", personName, "{a}",
		personAddress).Replace(s[key])
}

func (s speech) labels() [4]string {
	return [4]string(strings.Split(strings.ReplaceAll(s["labels"], " | ", "|"), "|"))
}

// signatures an author may have, as lines; the author's name is below each.
var signatures = map[string]func(s speech) []string{
	"none":    func(speech) []string { return nil },
	"dashes":  func(speech) []string { return []string{"-- ", "Erika Beispiel", "Beispiel AG", "+49 30 1234567"} },
	"closing": func(s speech) []string { return []string{s["sign"] + ",", "Erika Beispiel"} },
	"mobile":  func(s speech) []string { return []string{s["mobile"]} },
}

// sample is one generated mail and what its author wrote.
type sample struct {
	name, language, client, text, html, want string
	inline                                   bool
}

// samples generates client x language x posting style x signature x format x
// wrapped or not.
func samples(t testing.TB) []sample {
	var out []sample
	all := speeches(t)
	for _, language := range slices.Sorted(maps.Keys(all)) {
		s := all[language]
		for _, client := range clients {
			for _, style := range client.styles() {
				for _, sign := range slices.Sorted(maps.Keys(signatures)) {
					if style == "inline" && sign == "closing" {
						continue
					}
					out = append(out, client.samples(s, language, style, sign, signatures[sign](s))...)
				}
			}
		}
	}
	return out
}

// samples are one client's mails with the author's own last lines.
func (c client) samples(s speech, language, style, sign string, own []string) []sample {
	var out []sample
	add := func(format, text, markup string) {
		out = append(out, sample{strings.Join([]string{language, c.name, style, sign, format}, "/"), language, c.name,
			text, markup, s["hello"] + " " + s["more"], style == "inline"})
	}
	text := c.text(s, style, own, false)
	if text != "" {
		add("text", text, "")
		if w := c.text(s, style, own, true); w != text {
			add("wrapped", w, "")
		}
	}
	if c.html != nil {
		markup := c.html(s, style, own)
		add("html", "", markup)
		if text != "" {
			add("both", text, markup)
		}
	}
	return out
}

func TestMatrixOfClientsAndLanguages(t *testing.T) {
	t.Parallel()
	total, exact, shown := 0, 0, 0
	wrong := map[string][2]int{}
	for _, m := range samples(t) {
		p := Split("Re: Order 4711", m.text, m.html)
		total++
		ok := strings.Join(strings.Fields(p.Visible), " ") == m.want && p.Inline == m.inline
		for _, k := range []string{m.language, m.client} {
			w := wrong[k]
			w[1]++
			if !ok {
				w[0]++
			}
			wrong[k] = w
		}
		if ok {
			exact++
			continue
		}
		if shown++; shown < 40 || shown%7 == 0 && shown < 400 {
			t.Logf("%s\n got  %q inline %v\n want %q inline %v\n rules %q", m.name, p.Visible, p.Inline, m.want,
				m.inline, p.Rules)
		}
	}
	share := float64(exact) / float64(total)
	t.Logf("%d of %d mails exact (%.2f %%)", exact, total, 100*share)
	for _, k := range slices.Sorted(maps.Keys(wrong)) {
		if w := wrong[k]; w[0] > 0 {
			t.Logf("%-14s %d of %d wrong", k, w[0], w[1])
		}
	}
	if share < 0.98 {
		t.Errorf("%.2f %% of the generated mails are exact, want 98 %%", 100*share)
	}
}

// TestMatrixLosesNothing: whatever is decided, every word of the mail is in the
// parts, once.
func TestMatrixLosesNothing(t *testing.T) {
	t.Parallel()
	for _, m := range samples(t) {
		if m.text == "" || m.html != "" {
			continue
		}
		if err := sameWords(m.text, Split("Re: Order 4711", m.text, "")); err != nil {
			t.Fatalf("%s: %v", m.name, err)
		}
	}
}

// sameWords tells whether the parts hold every word of a text as often as the text
// does, and as many characters.
func sameWords(text string, p Parts) error {
	parts := p.Visible + "\n" + p.Quoted + "\n" + p.Signature
	count := map[string]int{}
	split := func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }
	for w := range strings.FieldsFuncSeq(text, split) {
		count[w]++
	}
	for w := range strings.FieldsFuncSeq(parts, split) {
		count[w]--
	}
	for w, n := range count {
		if n != 0 {
			return fmt.Errorf("the word %q is in the mail %d times more than in its parts", w, n)
		}
	}
	if a, b := inked(text), inked(parts); a != b {
		return fmt.Errorf("the mail has %d characters that are not blank, its parts %d", a, b)
	}
	return nil
}

// inked counts the characters that show something: of a line's end, those that show
// nothing are dropped.
func inked(s string) int {
	n := 0
	for _, r := range s {
		if !unicode.IsSpace(r) && !strings.ContainsRune("\u200b\u2060\u2061\u2062\u2063\u2064\ufeff\u00ad\u034f\u180e",
			r) {
			n++
		}
	}
	return n
}

func esc(s string) string { return html.EscapeString(s) }
