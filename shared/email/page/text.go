package page

import (
	"html"
	"strings"
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
