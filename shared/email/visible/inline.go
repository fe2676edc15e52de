package visible

import (
	"strings"
	"unicode/utf8"
)

// maxQuestion bounds how much of a question is repeated above its answer, in
// characters.
const maxQuestion = 160

// withContext gives inline answers, each under the question that it answers. It
// is "" unless an answer stands between quoted lines, or two stand below them.
func (d *document) withContext() string {
	var sb strings.Builder
	answers, between, lastQuote := 0, false, -1
	for i := 0; i < len(d.lines); {
		k := d.lines[i].kind
		j := i
		for j < len(d.lines) && (d.lines[j].kind == k || d.lines[j].blank()) {
			j++
		}
		switch k {
		case quote:
			between = between || answers > 0
			lastQuote = j
		case fresh:
			text := d.region(i, j)
			if text == "" {
				break
			}
			if sb.Len() > 0 {
				sb.WriteString("\n\n")
			}
			if lastQuote >= 0 {
				if b := d.before(lastQuote - 1); d.html || b >= 0 && d.lines[b].depth > 0 {
					answers++
				}
				if q := d.question(lastQuote); q != "" {
					sb.WriteString("> " + q + "\n")
				}
				lastQuote = -1
			}
			sb.WriteString(text)
		}
		i = max(j, i+1)
	}
	if answers > 1 || answers == 1 && between {
		return sb.String()
	}
	return ""
}

func (d *document) region(i, j int) string {
	var sb strings.Builder
	for ; i < j; i++ {
		sb.WriteString(strings.TrimRight(d.lines[i].raw, " \t\r"))
		sb.WriteByte('\n')
	}
	return strings.Trim(sb.String(), "\n")
}

// question gives the last paragraph above line end, shortened from its front:
// what one answers is mostly what was said last.
func (d *document) question(end int) string {
	i := end - 1
	for i >= 0 && d.lines[i].text == "" {
		i--
	}
	var parts []string
	n := 0
	for ; i >= 0 && d.lines[i].kind == quote && d.lines[i].text != "" && n < maxQuestion; i-- {
		parts = append(parts, d.lines[i].text)
		n += utf8.RuneCountInString(d.lines[i].text) + 1
	}
	for a, b := 0, len(parts)-1; a < b; a, b = a+1, b-1 {
		parts[a], parts[b] = parts[b], parts[a]
	}
	q := []rune(strings.Join(parts, " "))
	if len(q) <= maxQuestion {
		return string(q)
	}
	tail := string(q[len(q)-maxQuestion:])
	if i := strings.IndexByte(tail, ' '); i >= 0 && i < maxQuestion/3 {
		tail = tail[i+1:]
	}
	return "… " + tail
}
