package language

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/replywell/replywell/shared/golden"
)

// promised are the languages that the product says it reads.
var promised = strings.Fields("en de fr es it pt nl pl cs sk hu ro ru uk sv da nb fi et hr tr el ja zh ko vi he ar")

// needed is what every language must have: a mail of a person cannot be read without.
var needed = []Heading{
	Name, LabelFrom, LabelSent, LabelDate, LabelTo, LabelCc, LabelSubject, LabelReplyTo, AttributionStart,
	AttributionVerb, OriginalMessage,
	ForwardedMessage, ReplyPrefix, ForwardPrefix, PhoneSignature, ReplyAbove, Months, Days, Greeting, SignOff,
	FinePrint,
}

// together are headings of which a language has all or none: one mail, one line.
var together = [][]Heading{
	{
		ConfirmationSubject, ConfirmationGot, ConfirmationPerson, ConfirmationWithin, ConfirmationHour,
		ConfirmationHours, ConfirmationDay, ConfirmationDays,
		ConfirmationAdvice, ConfirmationGeneral, ConfirmationStill, ConfirmationMore, ConfirmationAutomatic, QuoteLine,
		AnswerGreeting, AnswerGreetingNobody, AnswerLeave,
	},
	{QuoteLine, QuoteDate},
	{FollowUpAsk, FollowUpClose, QuoteDate, AnswerLeave},
	{FilesUntil, QuoteDate},
	{EncryptedAsk, AnswerLeave},
	{RatingAsk, RatingYes, RatingNo, RatingSolved, RatingMissing},
	{Thanks, ThanksBeside},
	{Person, PersonContact, PersonWanted, Robot, Not, Asking},
	{Number1, Number2, Number3},
}

// TestEveryLanguageHasWhatIsNeeded tells a translator what a mail cannot be read
// without.
func TestEveryLanguageHasWhatIsNeeded(t *testing.T) {
	for _, code := range promised {
		if l := For(code); l == nil || l.Code != code {
			t.Errorf("there is no file %s.txt: copy en.txt and translate it", code)
		}
	}
	for _, l := range All() {
		for _, h := range needed {
			if len(l.Phrases(h)) == 0 {
				t.Errorf("%s.txt: there is nothing below [%s]; look at en.txt and translate it", l.Code, h)
			}
		}
		for _, group := range together {
			var has, lacks []string
			for _, h := range group {
				if len(l.Phrases(h)) == 0 {
					lacks = append(lacks, h.String())
				} else {
					has = append(has, h.String())
				}
			}
			if len(lacks) > 0 && len(has) > 0 && slices.Contains(has, group[0].String()) {
				t.Errorf("%s.txt: there is [%s] and nothing below [%s]; both or neither", l.Code,
					strings.Join(has, "], ["), strings.Join(lacks, "], ["))
			}
		}
	}
}

// TestPlaceholders: what stands for a value in a line of ours is in it once, and
// nothing else is.
func TestPlaceholders(t *testing.T) {
	want := map[Heading]string{QuoteLine: "$D $N $T", ConfirmationWithin: "$T", ConfirmationHours: "$N",
		ConfirmationDays: "$N", AnswerGreeting: "$N", FollowUpClose: "$D", FilesUntil: "$D"}
	for _, l := range All() {
		for h := QuoteLine; h <= RatingMissing; h++ {
			var got []string
			for s := l.Line(h); s != ""; {
				i := strings.IndexByte(s, '$')
				if i < 0 {
					break
				}
				got, s = append(got, s[i:min(i+2, len(s))]), s[min(i+2, len(s)):]
			}
			slices.Sort(got)
			if h == AnswerGreeting && got == nil {
				continue // a name that would have to be declined is left out
			}
			if g := strings.Join(got, " "); l.Line(h) != "" && g != want[h] {
				t.Errorf("%s.txt: [%s] has the placeholders %q, and needs %q", l.Code, h, g, want[h])
			}
		}
	}
}

// TestNothingStandsTwice: a phrase that stands twice below a heading is a slip.
func TestNothingStandsTwice(t *testing.T) {
	for _, l := range All() {
		for h := range Headings() {
			seen := map[string]bool{}
			for _, p := range l.Phrases(h) {
				if seen[p] {
					t.Errorf("%s.txt: %q stands twice below [%s]", l.Code, p, h)
				}
				seen[p] = true
			}
		}
	}
}

// TestFilesAreWrittenAlike: every file has every heading, in one order, each with its
// comment; "go test ./shared/language -update" sees to it, so that a translator finds
// in each file what there is to translate. Comments of one's own stay where they are.
func TestFilesAreWrittenAlike(t *testing.T) {
	for _, l := range All() {
		name := l.Code + ".txt"
		old, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		tidy := tidied(l, string(old))
		if tidy == string(old) {
			continue
		}
		if !*golden.Update {
			t.Errorf("%s does not have the headings and comments of headings.go: run go test ./shared/language -update",
				name)
		} else if err := os.WriteFile(name, []byte(tidy), 0o644); err != nil {
			t.Fatal(err)
		}
		if again, err := Parse(name, tidy); err != nil || !equal(l, again) {
			t.Fatalf("%s says something else after it was tidied: %v", name, err)
		}
	}
}

func equal(a, b *Language) bool {
	for h := range Headings() {
		if !slices.Equal(a.Phrases(h), b.Phrases(h)) {
			return false
		}
	}
	return true
}

// tidied gives the text of a file with the headings and comments of the table.
func tidied(l *Language, text string) string {
	bodies, at, fresh := map[string][]string{}, "", false
	for line := range strings.SplitSeq(text, "\n") {
		line = strings.TrimSpace(line)
		switch {
		case strings.HasPrefix(line, "["):
			at, fresh = strings.Trim(line, "[]"), true
		case at == "", strings.HasPrefix(line, "# ----"):
		case fresh && strings.HasPrefix(line, "#"): // the table's comment
		default:
			fresh = fresh && line == ""
			bodies[at] = append(bodies[at], line)
		}
	}
	var b strings.Builder
	fmt.Fprintf(&b, "# %s (%s): what Replywell reads and says in this language.\n", l.Name, l.Code)
	b.WriteString("# docs/languages.md tells how this file is written. Check it: go test ./shared/language\n")
	for _, h := range headings {
		if h.group != "" {
			fmt.Fprintf(&b, "\n# ---- %s ----\n", h.group)
		}
		fmt.Fprintf(&b, "\n[%s]\n%s", h.name, wrapped(h.comment, "# ", 100))
		if body := strings.Trim(strings.Join(bodies[h.name], "\n"), "\n"); body != "" {
			b.WriteString(body + "\n")
		}
	}
	return b.String()
}

// wrapped breaks a text at blanks into lines of at most so many characters.
func wrapped(text, begin string, width int) string {
	var b strings.Builder
	n := 0
	for _, w := range strings.Fields(text) {
		length := utf8.RuneCountInString(w)
		switch {
		case n == 0:
			b.WriteString(begin)
			n = len(begin)
		case n+1+length > width:
			b.WriteString("\n" + begin)
			n = len(begin)
		default:
			b.WriteByte(' ')
			n++
		}
		b.WriteString(w)
		n += length
	}
	return b.String() + "\n"
}

// TestWhatEachLanguageLacks keeps a table that people can read: what of each part is
// missing in which language. It fails where the table is old; a language that lacks
// something costs its people that, and nobody else.
func TestWhatEachLanguageLacks(t *testing.T) {
	var b strings.Builder
	b.WriteString("What each language has of each part, and what it lacks. Written by: go test ./shared/language " +
		"-update\n")
	for _, l := range All() {
		has, all := 0, 0
		var parts []string
		group, first := "", 0
		var lacks []string
		end := func() {
			if len(lacks) > 1 && len(lacks) == all-first {
				lacks = []string{"all of it"}
			}
			if len(lacks) > 0 {
				parts = append(parts, wrapped(group+": "+strings.Join(lacks, ", "), "    ", 110))
			}
			lacks, first = nil, all
		}
		for h := range Headings() {
			if g := headings[h].group; g != "" {
				end()
				group, _, _ = strings.Cut(g, ". ")
			}
			if all++; len(l.Phrases(h)) > 0 {
				has++
			} else {
				lacks = append(lacks, h.String())
			}
		}
		end()
		fmt.Fprintf(&b, "\n%s (%s) has %d of %d headings.", l.Name, l.Code, has, all)
		if len(parts) > 0 {
			b.WriteString(" It lacks\n" + strings.Join(parts, ""))
		} else {
			b.WriteString("\n")
		}
	}
	golden.File(t, "testdata/lacking.golden", b.String())
}

func TestParseNamesTheLineThatIsWrong(t *testing.T) {
	for text, want := range map[string]string{
		"Von":                                 `xx.txt:1: "Von" stands before the first [heading]`,
		"[name]\nX\n\n[frm]\nVon":             "xx.txt:4: [frm] is no heading",
		"[name]\nX\n[label-from\nVon":         `xx.txt:3: "[label-from" has no ] at its end`,
		"[name]\nX\n[days]\na\n[days]\nb":     "xx.txt:5: [days] stands twice",
		"[name]\nX\nY":                        "xx.txt:3: [name] has a second line",
		"# nothing\n[days]\nMontag":           "xx.txt:1: there is no [name]",
		"[name]\nX\n[quote-line]\n$D\n$N: $T": "xx.txt:5: [quote-line] has a second line",
	} {
		if _, err := Parse("xx.txt", text); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}

// What editors on any system write is read: marks of byte order, carriage returns,
// blanks at ends, comments, quotation marks for what would be taken for something else.
func TestParseReadsWhatEditorsWrite(t *testing.T) {
	l, err := Parse("xx.txt", "\ufeff# mine\r\n[name]\r\n  Xish \r\n[label-from]\r\n# a comment\r\nVon \r\n\r\n"+
		"\"#1\"\r\n\"[a]\"\r\n\" with blanks \"\r\n[days]\r\na b\r\nc\r\n")
	if err != nil {
		t.Fatal(err)
	}
	if got := l.Phrases(LabelFrom); l.Name != "Xish" ||
		!slices.Equal(got, []string{"Von", "#1", "[a]", " with blanks "}) ||
		!slices.Equal(l.Phrases(Days), []string{"a", "b", "c"}) {
		t.Errorf("%q: %q, %q", l.Name, got, l.Phrases(Days))
	}
}

func TestForTakesAnyTag(t *testing.T) {
	for tag, want := range map[string]string{"de": "de", "de-AT": "de", "PT-br": "pt", "no": "nb", "nn-NO": "nb",
		"": "en"} {
		if l := For(tag); l == nil || l.Code != want {
			t.Errorf("%q: %v, want %s", tag, l, want)
		}
	}
	if l := For("tlh"); l != nil {
		t.Errorf("tlh is taken for %s", l.Name)
	}
}

func FuzzParse(f *testing.F) {
	f.Add("[name]\nX\n[days]\na b\n\"#\"\n[quote-line]\n$D $N $T")
	f.Fuzz(func(t *testing.T, text string) {
		l, err := Parse("xx.txt", text)
		if err != nil && !strings.HasPrefix(err.Error(), "xx.txt:") {
			t.Errorf("the error names no line: %v", err)
		}
		if err == nil && l.Name == "" {
			t.Error("a language without a name")
		}
	})
}

// BenchmarkRead is what the first mail pays: all files read.
func BenchmarkRead(b *testing.B) {
	for b.Loop() {
		if len(load().all) == 0 {
			b.Fatal("no languages")
		}
	}
}
