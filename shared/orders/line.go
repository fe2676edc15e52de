package orders

import (
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/htmltext"
	"github.com/replywell/replywell/shared/email/visible/phrasebook"
)

func first1(s string) string { w, _, _ := strings.Cut(s, " "); return w }

func first(s string) rune { c, _ := utf8.DecodeRuneInString(s); return c }

func startsLower(s string) bool { return unicode.IsLower(first(s)) }

func hasCase(s string) bool {
	return strings.ContainsFunc(s, func(c rune) bool { return unicode.IsUpper(c) || unicode.IsLower(c) })
}

// unescape takes the backslash off "\#" at the beginning of a word.
func unescape(s string) string {
	if !strings.Contains(s, `\#`) {
		return s
	}
	var b strings.Builder
	last := ' '
	for i, c := range s {
		if c == '\\' && strings.HasPrefix(s[i+1:], "#") && (unicode.IsSpace(last) || strings.ContainsRune(">([{*_-\"'“„«", last) || unseen(last)) {
			last = c
			continue
		}
		b.WriteRune(c)
		last = c
	}
	return b.String()
}

// Unescape does the same in HTML.
func Unescape(html string) string { return unescape(html) }

// head is what a line begins with, up to a sign that parts it from the rest.
func head(s string, marks string) (before, sep, after string) {
	at := strings.IndexAny(s, marks)
	for _, dash := range []string{" - ", " – ", " — ", "—"} {
		if k := strings.Index(s, dash); k >= 0 && (at < 0 || k < at) {
			return s[:k], strings.TrimSpace(dash), strings.TrimSpace(s[k+len(dash):])
		}
	}
	if at < 0 {
		return s, "", ""
	}
	size := len(string(first(s[at:])))
	return s[:at], s[at : at+size], strings.TrimSpace(s[at+size:])
}

// afterWords gives what stands behind the first n words of a line.
func afterWords(s string, n int) string {
	for ; n > 0; n-- {
		s = strings.TrimLeftFunc(s, func(c rune) bool { return !inWord(c) })
		end := strings.IndexFunc(s, func(c rune) bool { return !inWord(c) && c != '\'' && c != '-' })
		if end < 0 {
			return ""
		}
		s = s[end:]
	}
	return strings.TrimLeft(s, " :.,;-–—")
}

// standsIn reports whether a line stands for a picture in the plain text, as programs
// write it: "[image: lamp.png]", "[cid:4711@mail]".
func standsIn(line string) bool {
	line = strings.TrimSpace(line)
	if len(line) < 2 || line[0] != '[' || line[len(line)-1] != ']' {
		return false
	}
	name := line[1 : len(line)-1]
	if strings.ContainsAny(name, "[]") {
		return false
	}
	switch name = strings.ToLower(name); path.Ext(name) {
	case ".png", ".jpg", ".jpeg", ".gif", ".webp", ".heic", ".bmp", ".svg", ".tif", ".tiff":
		return true
	}
	return strings.HasPrefix(name, "cid:") || strings.HasPrefix(name, "image:") // with a description, as Word writes it
}

// line is one line of a mail, as a person reads it.
type line struct {
	raw   string
	plain string // what is seen of it, in plain signs, from the first word on
	lead  string // what stands before the first word
	// mark is the sign that makes an order of the word behind it: "#", "/", "@", or
	// "!" for any other that is no decoration. "" is none.
	mark    string
	spaced  bool // a blank stands between the two, as in a heading
	hashes  int
	quoted  bool // "> "
	code    bool
	heading bool // of the HTML
	escaped bool // "\#": a sign and no order
	blank   bool
}

// decoration may stand around a line and says nothing: bullets, quotation marks,
// marks of bold and slanted type, brackets.
const decoration = "*_\"'`“”„‟«»‹›‘’‚-–—−•·‣◦▪●○■□|([{<>…+,;"

// readLine reads one line. Its time is linear.
func readLine(raw string) line {
	l := line{raw: raw}
	s := clean(raw)
	if s == "" {
		l.blank = true
		return l
	}
	if s[0] == '>' {
		l.quoted = true
		return l
	}
	if len(s) > 4 && s[0] == 'h' && s[1] >= '1' && s[1] <= '6' && s[2:4] == ". " {
		s = s[4:] // a heading, as trackers write it
	}
	s = withoutNumber(s)
	at := strings.IndexFunc(s, inWord)
	if at < 0 {
		at = len(s)
	}
	l.lead, l.plain = s[:at], s[at:]
	l.hashes = strings.Count(l.lead, "#")
	sign := strings.LastIndexAny(l.lead, "#/@")
	if sign < 0 {
		last, _ := utf8.DecodeLastRuneInString(l.lead)
		if l.lead != "" && last != ' ' && !strings.ContainsRune(decoration, last) || strings.HasSuffix(l.lead, "--") {
			l.mark = "!"
		}
		return l
	}
	l.mark = l.lead[sign : sign+1]
	l.spaced = strings.ContainsRune(l.lead[sign:], ' ')
	l.escaped = strings.HasSuffix(l.lead[:sign], `\`)
	if l.mark == "#" {
		if first := strings.IndexByte(l.lead, '#'); first > 0 && l.lead[first-1] == '\\' {
			l.escaped = true
		}
	}
	return l
}

// withoutNumber takes the number or letter of a list off a line, where a sign
// stands behind it: "1. #note", "a) #note", "o #note".
func withoutNumber(s string) string {
	first, rest, ok := strings.Cut(s, " ")
	if !ok || len(first) > 3 || rest == "" || !strings.ContainsAny(strings.TrimLeft(rest, decoration)[:min(1, len(strings.TrimLeft(rest, decoration)))], "#/@") {
		return s
	}
	core := strings.TrimRight(first, ".)")
	if core != first && core != "" || first == "o" {
		return rest
	}
	return s
}

// word gives the first word, and what stands behind it.
func (l line) word() (word, rest string) {
	end := strings.IndexFunc(l.plain, func(r rune) bool { return !inWord(r) && r != '-' && r != '_' })
	if end < 0 {
		end = len(l.plain)
	}
	long := strings.TrimRight(l.plain[:end], "-_")
	if _, how := meant(long); how == exact || !strings.ContainsAny(long, "-_") {
		return long, l.plain[len(long):]
	}
	end = strings.IndexFunc(l.plain, func(r rune) bool { return !inWord(r) })
	return l.plain[:end], l.plain[end:]
}

// behind takes off what parts a command from its text, and the quotation or
// type marks that enclose the line.
func (l line) behind(rest string) string {
	rest = strings.TrimLeft(rest, " :.!~=/)]}"+decoration)
	if strings.ContainsAny(l.lead, "*_\"'`([{“„«") {
		rest = strings.TrimRight(rest, "*_\"'`)]}”»“ ")
	}
	return rest
}

// lineEnds makes every sign that begins a new line on a screen one.
var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n", "\u0085", "\n", "\v", "\n", "\f", "\n")

// readLines reads a mail's lines. headings are those of its HTML, folded.
func readLines(text string, headings map[string]bool) []line {
	raws := strings.Split(lineEnds.Replace(text), "\n")
	var out []line
	fenced := false
	for _, raw := range raws {
		for _, part := range split(raw) {
			l := readLine(part)
			fence := strings.HasPrefix(strings.TrimSpace(part), "```")
			l.code = fenced || fence
			if fence {
				fenced = !fenced
			}
			l.heading = len(headings) > 0 && headings[fold(part)]
			out = append(out, l)
		}
	}
	for i := range out {
		out[i].code = out[i].code || indented(out, i)
	}
	return out
}

// indented reports whether a line is one of several that stand further right
// than the text, as code does.
func indented(ls []line, i int) bool {
	deep := func(k int) bool {
		return k >= 0 && k < len(ls) && !ls[k].blank && (strings.HasPrefix(ls[k].raw, "    ") || strings.HasPrefix(ls[k].raw, "\t"))
	}
	return deep(i) && (deep(i-1) || deep(i+1))
}

// split parts a greeting from the order that stands behind it on one line:
// "Hi Erika, #note she called".
func split(raw string) []string {
	if l := readLine(raw); l.mark == "#" && !l.spaced && len(raw) < 500 {
		if word, _ := l.word(); words().commands[fold(word)].sure && words().commands[fold(word)].name != desk.CommandNote {
			if at := strings.LastIndex(raw, " #"); at > 0 { // "#close #note she called"
				next, _ := readLine(raw[at:]).word()
				if words().commands[fold(next)].sure {
					return append(split(raw[:at]), raw[at:])
				}
			}
		}
	}
	at := strings.IndexAny(raw, "#＃﹟")
	if at <= 0 || at > 60 || strings.HasSuffix(raw[:at], `\`) {
		return []string{raw}
	}
	if head := strings.TrimSpace(raw[:at]); head != "" && greets(readLine(head), nil) {
		return []string{raw[:at], raw[at:]}
	}
	return []string{raw}
}

// greets reports whether a line is a greeting and nothing else: words that begin
// a letter, with up to four names; or one of these names alone, with a comma.
func greets(l line, names map[string]bool) bool {
	if l.quoted || l.blank || l.mark != "" && l.mark != "!" {
		return false
	}
	s := fold(l.plain)
	if len(s) > 100 {
		return false
	}
	n := phrasebook.Default().Greeting(phrasebook.Fold(s))
	rest := strings.TrimRight(s, " ,.!:;-–—*…、，！")
	if n == 0 || n > len(s) {
		if bare := strings.TrimRightFunc(rest, phrasebook.Unspaced); bare != rest && names[bare] && utf8.RuneCountInString(rest)-utf8.RuneCountInString(bare) <= 3 {
			return true // a name with its title, as Japanese and Chinese letters begin
		}
		if len(names) == 0 || len(rest) == len(s) {
			return false
		}
		for _, w := range wordsOf(rest) {
			if !names[w] {
				return false
			}
		}
		return rest != ""
	}
	if n >= len(rest) {
		return true
	}
	rest = rest[n:]
	if strings.ContainsAny(rest, ",.:;!?#/@") && !strings.Contains(rest, "mr.") && !strings.Contains(rest, "ms.") && !strings.Contains(rest, "mrs.") && !strings.Contains(rest, "dr.") {
		return false
	}
	return len(strings.Fields(rest)) <= 5
}

// ends reports whether a line ends a sentence, or announces what follows.
func (l line) ends() bool {
	if l.blank {
		return true
	}
	r, _ := utf8.DecodeLastRuneInString(strings.TrimRight(l.plain+strings.TrimSpace(l.lead), " *_\"'`)]}”»"))
	return r != ',' && !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r)
}

// headingsOf gives the headings of an HTML body, folded; nil without any.
func headingsOf(body string) map[string]bool {
	lower := strings.ToLower(body)
	if !strings.Contains(lower, "<h") {
		return nil
	}
	out := map[string]bool{}
	var walk func(n *html.Node, deep int)
	walk = func(n *html.Node, deep int) {
		if n.Type == html.ElementNode && len(n.Data) == 2 && n.Data[0] == 'h' && n.Data[1] >= '1' && n.Data[1] <= '6' {
			for _, t := range strings.Split(htmltext.Render(n, htmltext.Options{TextOnly: true}), "\n") {
				if t = fold(t); t != "" {
					out[t] = true
				}
			}
			return
		}
		for c := n.FirstChild; c != nil && deep < 1000; c = c.NextSibling {
			walk(c, deep+1)
		}
	}
	walk(htmltext.Parse(body), 0)
	return out
}
