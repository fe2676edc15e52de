package page

import (
	"html"
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// phoneWord is how many characters of one word fit a telephone; what is longer may break,
// or it makes the whole mail wider than the screen.
const phoneWord = 36

// anchor writes a link. The target must have passed safeTarget.
func anchor(target, text string) string {
	style := ""
	if slices.ContainsFunc(strings.Fields(text), func(w string) bool { return len(w) > phoneWord }) {
		style = ` style="word-break:break-all"`
	}
	return `<a href="` + html.EscapeString(target) + `" rel="noopener noreferrer nofollow"` + style + `>` + html.EscapeString(text) + "</a>"
}

// safeTarget gives the target if a link may lead there, else "".
func safeTarget(target string) string {
	target = strings.TrimSpace(target)
	if len(target) > maxLink || !safeHref.MatchString(target) || withoutControls(target) != target {
		return ""
	}
	u, err := url.Parse(target)
	if err != nil || (u.Scheme == "http" || u.Scheme == "https") && u.Host == "" {
		return ""
	}
	return target
}

// findLink finds the one link in a word, and where it stands.
func findLink(word string) (start, end int, target string) {
	if len(word) > maxLink || !strings.ContainsAny(word, ":@.") {
		return 0, 0, ""
	}
	lower := lowerASCII(word)
	start = -1
	for _, scheme := range []string{"https://", "http://", "mailto:", "www."} {
		i := strings.Index(lower, scheme)
		if i >= 0 && (start < 0 || i < start) && (i == 0 || !wordByte(lower[i-1])) {
			start = i
		}
	}
	if start >= 0 {
		end = start + linkEnd(word[start:])
		target = word[start:end]
		if strings.HasPrefix(lower[start:], "www.") {
			if strings.Count(target, ".") < 2 {
				return 0, 0, ""
			}
			target = "https://" + target
		}
		return start, end, safeTarget(target)
	}
	start, end = findAddress(word)
	if end == 0 {
		return 0, 0, ""
	}
	return start, end, safeTarget("mailto:" + word[start:end])
}

// linkEnd leaves out the punctuation of the sentence a link stands in, and a
// closing bracket that was opened before it.
func linkEnd(s string) int {
	if i := strings.IndexAny(s, "<>\"`{}|\\^"); i >= 0 {
		s = s[:i]
	}
	round := strings.Count(s, ")") - strings.Count(s, "(")
	square := strings.Count(s, "]") - strings.Count(s, "[")
	for s != "" {
		r, size := utf8.DecodeLastRuneInString(s)
		switch {
		case strings.ContainsRune(".,;:!?'*_~…»”’。，、！？", r):
		case r == ')' && round > 0:
			round--
		case r == ']' && square > 0:
			square--
		default:
			return len(s)
		}
		s = s[:len(s)-size]
	}
	return 0
}

// findAddress finds a plain e-mail address in a word.
func findAddress(word string) (start, end int) {
	at := strings.IndexByte(word, '@')
	if at < 1 || strings.Count(word, "@") != 1 {
		return 0, 0
	}
	start, end = at, at+1
	for start > 0 && (wordByte(word[start-1]) || strings.IndexByte(".+-_", word[start-1]) >= 0) {
		start--
	}
	for end < len(word) && (wordByte(word[end]) || word[end] == '.' || word[end] == '-') {
		end++
	}
	end = at + 1 + len(strings.TrimRight(word[at+1:end], ".-"))
	if start == at || !strings.Contains(word[at+1:end], ".") {
		return 0, 0
	}
	return start, end
}

func wordByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
}

func lowerASCII(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' {
			return unicode.ToLower(r)
		}
		return r
	}, s)
}

// Choice is a question with answers that a tap sends: one line below what somebody typed.
// The text, where nothing can be tapped, has the address of each.
type Choice struct {
	Ask     string
	Answers []ChoiceAnswer
}

// ChoiceAnswer is one of them: the words, where the tap leads, and the bare address.
type ChoiceAnswer struct{ Text, URL, Address string }

func (c Choice) text(w *textWriter) {
	w.line(OneLine(c.Ask))
	for _, a := range c.Answers {
		w.line(OneLine(a.Text), ": ", OneLine(a.Address))
	}
}

func (c Choice) html(w *htmlWriter) {
	w.b.WriteString(`<p style="margin:1em 0">` + html.EscapeString(OneLine(c.Ask)))
	for i, a := range c.Answers {
		if i > 0 {
			w.b.WriteString(" ·")
		}
		// As high as a finger; Word takes no padding there, and has a mouse.
		w.b.WriteString(` <a href="` + html.EscapeString(safeTarget(a.URL)) + `" style="display:inline-block;padding:12px 10px">` + html.EscapeString(OneLine(a.Text)) + "</a>")
	}
	w.close("p")
}
