package plain

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/replywell/replywell/shared/email/langid"
	"github.com/replywell/replywell/shared/kb/terms"
	"github.com/replywell/replywell/shared/language"
)

// Kind is what may keep an answer from being understood.
type Kind string

// The kinds.
const (
	Fine   Kind = ""
	Hard   Kind = "hard" // much harder to read than the customer's own mail
	NoStep Kind = "step" // it says nothing of what happens next
)

// Finding is what is to be pointed out in an answer.
type Finding struct {
	Kind     Kind
	Sentence string // the one that shows it most
}

// Bounds, in letters of content words a sentence; see doc.go for what they were set by.
const (
	hardMean   = 210.0 // letters: of the answer, as its words meet it
	harder     = 1.8   // times the customer's own
	leastWords = 12    // of an answer that is judged
	leastStep  = 9     // of one that is judged by what it says of what happens next
	endless    = 80    // words: what has more is no sentence, but a list or a table
	mostText   = 32 << 10
)

// Judge compares an answer with what the customer wrote, and gives what is to be
// pointed out; nothing where it is short, or where its language is not known well
// enough. Its time is linear.
func Judge(answer, asked string) Finding {
	answer, asked = clip(answer), clip(asked)
	l := language.For(langid.Of(answer))
	theirs := map[string]bool{}
	for _, w := range terms.Words(asked, mostText) {
		theirs[w.Stem] = true
	}
	all := sentencesOf(answer, l, theirs)
	words, longest := 0, sentence{}
	for _, s := range all {
		words += s.words
		if s.words <= endless && s.burden >= longest.burden {
			longest = s
		}
	}
	if mean := burden(all); words >= leastWords && mean >= hardMean && mean >= harder*burden(sentencesOf(asked, l, nil)) {
		return Finding{Hard, longest.text}
	}
	if words >= leastStep && l != nil && !steps(answer, l) {
		return Finding{NoStep, longest.text}
	}
	return Finding{}
}

func clip(s string) string { return strings.ToValidUTF8(s[:min(len(s), mostText)], "") }

// sentence is one, and how much there is to understand in it.
type sentence struct {
	text   string
	words  int
	burden float64
}

var listMark = regexp.MustCompile(`^\s*(?:\d+[.)]|[-*•–])\s+`)

// sentencesOf takes a text apart. A word's burden is its letters; function words have
// none, and the words that known has, half.
func sentencesOf(text string, l *language.Language, known map[string]bool) (out []sentence) {
	stops := map[string]bool{}
	if l != nil {
		stops = terms.StopWords(l)
	}
	for _, line := range strings.Split(terms.WithoutAddresses(text), "\n") {
		for _, s := range terms.SplitSentences(listMark.ReplaceAllString(line, "")) {
			x := sentence{text: strings.TrimSpace(s)}
			for _, w := range terms.Words(s, mostText) {
				if strings.IndexFunc(w.Written, unicode.IsLetter) < 0 {
					continue
				}
				x.words++
				weight := float64(utf8.RuneCountInString(w.Folded))
				switch {
				case stops[w.Folded]:
					weight = 0
				case known[w.Stem]:
					weight /= 2
				}
				x.burden += weight
			}
			if x.words > 0 {
				out = append(out, x)
			}
		}
	}
	return out
}

// burden is that of a text's sentences, as its words meet it: each sentence counts by
// its words, so that a greeting above a long one does not make that shorter.
func burden(all []sentence) float64 {
	sum, n := 0.0, 0.0
	for _, s := range all {
		if s.words <= endless {
			sum, n = sum+s.burden*float64(s.words), n+float64(s.words)
		}
	}
	if n == 0 {
		return 0
	}
	return sum / n
}

var leads = regexp.MustCompile(`[?？؟]|https?://|www\.|@|(?m)^\s*(?:\d+[.)]|[-*•–])\s+\S`)

// steps reports whether a text may say what happens next: it asks, leads somewhere,
// lists, speaks to the reader or of what its author does, or begins a sentence with a
// word that may be an order; or it need not, since a yes or a no to what was asked is all
// there is to say. Of a language whose words for that are not known it may.
func steps(text string, l *language.Language) bool {
	if leads.MatchString(text) || len(l.Phrases(language.SpeaksToReader)) == 0 || len(l.Phrases(language.FirstPerson)) == 0 {
		return true
	}
	mine := map[string]bool{}
	for _, h := range []language.Heading{language.SpeaksToReader, language.FirstPerson} {
		for _, w := range l.Phrases(h) {
			mine[terms.Fold(strings.ToLower(w))] = true
		}
	}
	said := map[string]bool{}
	for _, h := range []language.Heading{language.AnswerYes, language.AnswerNo} {
		for _, w := range l.Phrases(h) {
			said[terms.Fold(strings.ToLower(w))] = true
		}
	}
	polite := map[string]bool{}
	for _, w := range l.Phrases(language.OrderPlease) {
		polite[terms.Fold(w)] = true
	}
	small := terms.StopWords(l)
	for _, w := range l.Phrases(language.FunctionWords) {
		small[terms.Fold(w)] = true
	}
	for _, line := range strings.Split(text, "\n") {
		for _, clause := range clauses.Split(line, -1) {
			for i, w := range terms.Words(clause, mostText) {
				if mine[w.Folded] || i == 0 && said[w.Folded] || i == 0 && (polite[w.Folded] || !small[w.Folded]) && !bare(clause) {
					return true
				}
			}
		}
	}
	return false
}

// clauses end where a sentence or a part of one does.
var clauses = regexp.MustCompile(`[.!:,;–—()]+(?:\s+|$)`)

// bare reports whether a clause is a word or two: a name, a greeting, a leave.
func bare(clause string) bool { return len(strings.Fields(clause)) < 3 }
