package asks

import (
	_ "embed"
	"strings"
	"sync"
	"unicode"

	"github.com/replywell/replywell/shared/email/wording"
)

//go:embed asks.txt
var table string

const (
	mostText  = 20 << 10 // bytes of a mail that are looked at
	firstStep = 400      // bytes of an answer in which its first step stands
)

// phrases are folded, one list for each key of the table.
type phrases map[string][]string

var languages = sync.OnceValue(func() (out []phrases) {
	for l := range strings.SplitSeq(table, "\n") {
		key, value, ok := strings.Cut(l, ":")
		switch {
		case strings.HasPrefix(l, "#"), l == "":
		case strings.HasPrefix(l, "["):
			out = append(out, phrases{})
		case ok && len(out) > 0:
			for p := range strings.SplitSeq(value, "|") {
				if p = wording.Fold(p); p != "" {
					out[len(out)-1][key] = append(out[len(out)-1][key], p)
				}
			}
		}
	}
	return out
})

// Person reports whether a mail asks to be answered by a person, or called.
func Person(text string) bool {
	for _, s := range sentences(text) {
		for _, l := range languages() {
			if l.in("real", s) || l.in("contact", s) && l.in("person", s) || l.in("robot", s) && l.in("not", s) {
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
			if l.in("ask", s) {
				return true
			}
		}
	}
	return false
}

// in reports whether one of the phrases stands in a folded sentence as words.
func (l phrases) in(key, sentence string) bool {
	for _, p := range l[key] {
		beginning := strings.HasSuffix(p, "*")
		p = strings.TrimSuffix(p, "*")
		if !isASCIIOrLatin(p) {
			if strings.Contains(sentence, p) {
				return true
			}
			continue
		}
		for from := 0; ; {
			i := strings.Index(sentence[from:], p)
			if i < 0 {
				break
			}
			i += from
			if (i == 0 || !letterBefore(sentence, i)) && (beginning || !letterAt(sentence, i+len(p))) {
				return true
			}
			from = i + len(p)
		}
	}
	return false
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
