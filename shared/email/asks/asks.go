package asks

import (
	"strings"
	"sync"
	"unicode"

	"github.com/replywell/replywell/shared/email/wording"
	"github.com/replywell/replywell/shared/language"
)

const (
	mostText  = 20 << 10 // bytes of a mail that are looked at
	firstStep = 400      // bytes of an answer in which its first step stands
)

// phrases are folded, one list for each heading.
type phrases map[language.Heading][]string

var headings = []language.Heading{language.Person, language.PersonContact, language.PersonWanted, language.Robot, language.Not, language.Asking}

var languages = sync.OnceValue(func() (out []phrases) {
	for _, l := range language.All() {
		ps := phrases{}
		for _, h := range headings {
			for _, p := range l.Phrases(h) {
				words := strings.Split(p, gap)
				for i := range words {
					words[i] = wording.Fold(words[i])
				}
				ps[h] = append(ps[h], strings.Join(words, gap))
			}
		}
		if len(ps) > 0 {
			out = append(out, ps)
		}
	}
	return out
})

// Person reports whether a mail asks to be answered by a person, or called.
func Person(text string) bool {
	for _, s := range sentences(text) {
		for _, l := range languages() {
			if l.in(language.PersonWanted, s) || l.in(language.PersonContact, s) && l.in(language.Person, s) || l.in(language.Robot, s) && l.in(language.Not, s) {
				return true
			}
		}
	}
	return false
}

// First reports whether an answer begins by asking for something: "Please send
// us your order number."
func First(answer string) bool {
	if len(answer) > firstStep {
		answer = strings.ToValidUTF8(answer[:firstStep], "")
	}
	for _, s := range sentences(answer) {
		for _, l := range languages() {
			if l.in(language.Asking, s) {
				return true
			}
		}
	}
	return false
}

// gap stands in a phrase where other words may: "call … me".
const gap = " … "

// in reports whether one of the phrases stands in a folded sentence as words.
func (l phrases) in(h language.Heading, sentence string) bool {
	for _, p := range l[h] {
		first, then, gapped := strings.Cut(p, gap)
		end := after(sentence, first)
		if end >= 0 && (!gapped || after(sentence[end:], then) >= 0) {
			return true
		}
	}
	return false
}

// after gives where in a folded sentence a phrase ends that stands in it as words;
// -1 where it does not.
func after(sentence, p string) int {
	p, beginning := strings.CutSuffix(p, "*")
	for from := 0; ; {
		i := strings.Index(sentence[from:], p)
		if i < 0 {
			return -1
		}
		i, from = i+from, i+from+len(p)
		if !isASCIIOrLatin(p) || !letterBefore(sentence, i) && (beginning || !letterAt(sentence, from)) {
			return from
		}
	}
}

func isASCIIOrLatin(s string) bool {
	for _, r := range s {
		if unicode.Is(unicode.Han, r) || unicode.Is(unicode.Hiragana, r) || unicode.Is(unicode.Katakana, r) {
			return false
		}
	}
	return true
}

func letterBefore(s string, i int) bool {
	r := []rune(s[max(0, i-4):i])
	return len(r) > 0 && unicode.IsLetter(r[len(r)-1])
}

func letterAt(s string, i int) bool {
	for _, r := range s[i:] {
		return unicode.IsLetter(r)
	}
	return false
}

// sentences gives a text's sentences, folded; lines that quote do not count.
func sentences(text string) (out []string) {
	if len(text) > mostText {
		text = strings.ToValidUTF8(text[:mostText], "")
	}
	for l := range strings.SplitSeq(text, "\n") {
		if strings.HasPrefix(strings.TrimSpace(l), ">") {
			continue
		}
		for _, s := range strings.FieldsFunc(l, func(r rune) bool { return strings.ContainsRune(".!?。！？;", r) }) {
			if s = wording.Fold(s); s != "" {
				out = append(out, s)
			}
		}
	}
	return out
}
