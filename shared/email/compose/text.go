package compose

import (
	"html"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	maxQuoteDepth = 8 // deeper quotes are shown at this depth
	quoteStyle    = "margin:0 0 0 4px;padding:0 0 0 12px;border-left:2px solid #b8c0cc"
	paraTag       = `<p style="margin:0 0 1em">`
	lastParaTag   = `<p style="margin:0">`
	framedParaTag = `<p style="margin:0 0 9px">`
)

// TextToHTML makes plain text HTML: an empty line ends a paragraph, line breaks
// and indents stay, lines that begin with ">" become block quotes, and links and
// addresses can be clicked. Everything else is escaped. Linear in its size.
func TextToHTML(text string) string {
	var b strings.Builder
	b.Grow(len(text) + len(text)/4)
	depth, open := 0, false
	closePara := func() {
		if open {
			b.WriteString("</p>\n")
			open = false
		}
	}
	for line := range strings.SplitSeq(strings.TrimSpace(cleanText(text)), "\n") {
		d, rest := quoteDepth(line)
		if d != depth {
			closePara()
			for ; depth < d; depth++ {
				b.WriteString(`<blockquote style="` + quoteStyle + "\">\n")
			}
			for ; depth > d; depth-- {
				b.WriteString("</blockquote>\n")
			}
		}
		if strings.TrimSpace(rest) == "" {
			closePara()
			continue
		}
		if open {
			b.WriteString("<br>\n")
		} else {
			b.WriteString(paraTag)
			open = true
		}
		writeLine(&b, rest)
	}
	closePara()
	for ; depth > 0; depth-- {
		b.WriteString("</blockquote>\n")
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// cleanText gives valid text with LF line ends and no control characters, nor
// marks that turn the direction of writing around.
func cleanText(s string) string { return withoutControls(bodyText(s)) }

func withoutControls(s string) string {
	return strings.Map(func(r rune) rune {
		if r != '\n' && r != '\t' && (r < ' ' || r >= 0x7f && r < 0xa0) || hidden(r) {
			return -1
		}
		return r
	}, s)
}

// quoteDepth counts the ">" a line begins with, as mail clients write them.
func quoteDepth(line string) (depth int, rest string) {
	rest = line
	for {
		after, ok := strings.CutPrefix(strings.TrimPrefix(rest, " "), ">")
		if !ok {
			break
		}
		depth++
		rest = after
	}
	if depth == 0 {
		return 0, line
	}
	return min(depth, maxQuoteDepth), strings.TrimPrefix(rest, " ")
}

// writeLine writes one line: its indent, its words, its links. Spaces that line
// up columns must not collapse, and a line must still be able to break.
func writeLine(b *strings.Builder, line string) {
	line = strings.TrimRight(strings.ReplaceAll(line, "\t", "    "), " ")
	for first := true; line != ""; first = false {
		words := strings.TrimLeft(line, " ")
		switch n := len(line) - len(words); {
		case n > 0 && first:
			b.WriteString(strings.Repeat("&nbsp;", n))
		case n > 0:
			b.WriteString(strings.Repeat("&nbsp;", n-1) + " ")
		}
		end := strings.IndexByte(words, ' ')
		if end < 0 {
			end = len(words)
		}
		writeWord(b, words[:end])
		line = words[end:]
	}
}

// writeWord writes one word, a link if it holds one.
func writeWord(b *strings.Builder, word string) {
	start, end, target := findLink(word)
	if target == "" {
		b.WriteString(html.EscapeString(word))
		return
	}
	b.WriteString(html.EscapeString(word[:start]))
	b.WriteString(anchor(target, word[start:end]))
	b.WriteString(html.EscapeString(word[end:]))
}

// anchor writes a link. The target must have passed safeTarget.
func anchor(target, text string) string {
	return `<a href="` + html.EscapeString(target) + `" rel="noopener noreferrer nofollow">` + html.EscapeString(text) + "</a>"
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
