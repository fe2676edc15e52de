package redact

import (
	"regexp"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/replywell/replywell/shared/language"
)

const nameWord = `\p{Lu}[\p{L}'’-]{1,40}`

// nameTail is the rest of a name: "van der Meer".
func nameTail() string {
	return `(?: (?:(?:` + either(language.NameParticle) + `)\.? ){0,2}` + nameWord + `){0,2}`
}

var (
	titled = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(^|[^\p{L}])(` + either(language.NameTitle) + `)\.?((?: (?:Dr|Prof|Ing)\.?){0,2}) ` + nameWord + nameTail())
	})
	// I say who I am: in my own words a name follows.
	selfNamed = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`((?i:\b(?:` + strings.ReplaceAll(either(language.OwnName), "'", "['’]") + `))) ` + nameWord + nameTail())
	})
	honorific = regexp.MustCompile(`([\p{Han}\p{Katakana}]{1,8})(様|さま|さん|氏)|([\p{Hangul}]{2,4})(님|씨)`)
	// handle is a name on a social network; a path behind it makes it a program's.
	handle = regexp.MustCompile(`(?:^|[^\p{L}\p{N}_./@])@[A-Za-z_](?:[\w.]{0,28}\w)?\b/?`)
)

// takeNames takes the known names, and those that stand where names do.
func takeNames(text string, names []string) string {
	text = takeKnown(text, names)
	text = handle.ReplaceAllStringFunc(text, func(s string) string {
		before, _, _ := strings.Cut(s, "@")
		if strings.HasSuffix(s, "/") {
			return s
		}
		return before + "[name]"
	})
	text = titled().ReplaceAllString(text, "$1$2$3 [name]")
	text = selfNamed().ReplaceAllString(text, "$1 [name]")
	text = honorific.ReplaceAllStringFunc(text, func(s string) string {
		m := honorific.FindStringSubmatch(s)
		name, title := m[1]+m[3], m[2]+m[4]
		if language.Has(language.TitleNobody, name) || strings.HasSuffix(name, "客") || strings.HasSuffix(name, "皆") {
			return s
		}
		return "[name]" + title
	})
	lines := strings.Split(text, "\n")
	closed := false
	for i, l := range lines {
		t := strings.TrimSpace(l)
		if i == 0 || strings.TrimSpace(lines[i-1]) == "" {
			lines[i] = greeted(l)
		}
		if closed && t != "" && t != "[name]" && len(strings.Fields(t)) <= 4 {
			lines[i] = "[name]"
		}
		if t != "" {
			closed = closes(t)
		}
	}
	return strings.Join(lines, "\n")
}

// namesIn gives the names that a text says its writer has.
func namesIn(text string) (out []string) {
	for _, m := range selfNamed().FindAllString(text, 10) {
		for i, r := range m {
			if unicode.IsUpper(r) && i > 0 {
				out = append(out, strings.TrimPrefix(m[i:], "Name ist "))
				break
			}
		}
	}
	lines := strings.Split(text, "\n")
	for i, l := range lines {
		if closes(strings.TrimSpace(l)) {
			for _, next := range lines[i+1:] {
				if n := strings.TrimSpace(next); n != "" {
					if len(strings.Fields(n)) <= 4 && !strings.ContainsAny(n, ".?!:;") {
						out = append(out, n)
					}
					break
				}
			}
		}
		if words, n, ok := strings.Cut(l, ","); ok && closes(words) && len(strings.Fields(n)) <= 3 {
			out = append(out, strings.TrimSpace(n))
		}
	}
	return out
}

// greeted takes the name out of "Hi Erika," and "Sehr geehrte Frau Muster,".
func greeted(line string) string {
	ws := strings.Fields(line)
	if len(ws) < 2 || len(ws) > 7 {
		return line
	}
	n := 0
	for n < len(ws) && language.Has(language.GreetingWord, strings.ToLower(strings.Trim(ws[n], ",.!"))) && !strings.HasSuffix(ws[n], ",") {
		n++
	}
	rest := ws[n:]
	if n == 0 || len(rest) == 0 || len(rest) > 4 {
		return line
	}
	last := rest[len(rest)-1]
	end := ""
	if r, _ := utf8.DecodeLastRuneInString(last); strings.ContainsRune(",!.:，、", r) {
		end = string(r)
	}
	if end == "" && !capital(rest[0]) {
		return line
	}
	if allStop(rest) {
		return line
	}
	return strings.Join(ws[:n], " ") + " [name]" + end
}

// allStop: "Hi there," greets nobody by name.
func allStop(ws []string) bool {
	for _, w := range ws {
		if !language.Has(language.GreetingNobody, strings.ToLower(strings.Trim(w, ",.!:"))) {
			return false
		}
	}
	return true
}

func capital(w string) bool {
	r, _ := utf8.DecodeRuneInString(w)
	return unicode.IsUpper(r) || unicode.IsLetter(r) && !unicode.IsLower(r)
}

// closes tells whether a line is the words that end a letter.
func closes(line string) bool {
	ws := strings.FieldsFunc(strings.ToLower(line), func(r rune) bool { return !unicode.IsLetter(r) && r != '\'' && r != '’' })
	if len(ws) == 0 || len(ws) > 6 {
		return false
	}
	if len(ws) <= 4 {
		for _, w := range ws[:min(2, len(ws))] {
			if language.Has(language.SignOffWord, w) {
				return true
			}
		}
	}
	all := strings.Join(ws, " ")
	for _, p := range language.Phrases(language.SignOffStart) {
		if strings.HasPrefix(all, p) {
			return true
		}
	}
	return false
}

// leastPart is how many letters a part of a name has that is looked for alone.
const leastPart = 3

// takeKnown takes the given people's names, each part of them: written with a
// capital, in the cases of languages that have them; without one where the text
// has no capitals or two parts stand together.
func takeKnown(text string, names []string) string {
	parts := map[string]bool{}
	for _, n := range names {
		for _, p := range strings.FieldsFunc(strings.ReplaceAll(n, "’", "'"), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) && r != '\'' }) {
			p = strings.ToLower(strings.Trim(p, "'"))
			if r, _ := utf8.DecodeRuneInString(p); unspaced(r) && utf8.RuneCountInString(p) >= 2 {
				text = strings.ReplaceAll(text, p, "[name]")
			} else if utf8.RuneCountInString(p) >= leastPart && !language.Has(language.NameParticle, p) && !language.Has(language.NameJoining, p) {
				parts[p] = true
			}
		}
	}
	if len(parts) == 0 {
		return text
	}
	small := strings.ToLower(text) == text
	type span struct {
		from, to int
		capital  bool
	}
	var found []span
	for _, at := range nameLike.FindAllStringIndex(text, -1) {
		w := text[at[0]:at[1]]
		if inflected(parts, strings.ToLower(strings.ReplaceAll(w, "’", "'"))) {
			found = append(found, span{at[0], at[1], capital(w)})
		}
	}
	var b strings.Builder
	last := 0
	for i, f := range found {
		beside := i > 0 && strings.TrimLeft(text[found[i-1].to:f.from], " -") == "" || i+1 < len(found) && strings.TrimLeft(text[f.to:found[i+1].from], " -") == ""
		if !f.capital && !small && !beside {
			continue
		}
		end := f.to
		if w := text[f.from:f.to]; strings.HasSuffix(w, "'s") || strings.HasSuffix(w, "’s") || strings.HasSuffix(w, "'S") {
			end -= len("s")
			end -= len(w[:len(w)-1]) - len(strings.TrimRight(w[:len(w)-1], "'’"))
		}
		b.WriteString(text[last:f.from] + "[name]")
		last = end
	}
	return b.String() + text[last:]
}

// nameLike is a word, with an apostrophe inside.
var nameLike = regexp.MustCompile(`\p{L}[\p{L}\p{M}]*(?:['’][\p{L}\p{M}]+)?`)

// inflected tells whether a word is one of the parts, or one with an ending that
// some language puts on names.
func inflected(parts map[string]bool, w string) bool {
	if parts[w] {
		return true
	}
	if i := strings.IndexByte(w, '\''); i > 0 && parts[w[:i]] {
		return true // Erika's, Ayşe'nin
	}
	for p := range parts { // Virtanen, Virtasen, Virtaselle
		if stem, ok := strings.CutSuffix(p, "nen"); ok && strings.HasPrefix(w, stem+"s") && len(w) <= len(p)+4 {
			return true
		}
	}
	for _, end := range phrases(language.NameEnding) {
		if stem, ok := strings.CutSuffix(w, end); ok && utf8.RuneCountInString(stem) >= leastPart && (parts[stem] || utf8.RuneCountInString(stem) >= 4 && (parts[stem+"a"] || parts[stem+"а"] || parts[stem+"я"])) {
			return true
		}
	}
	return false
}

func unspaced(r rune) bool {
	return unicode.Is(unicode.Han, r) || unicode.Is(unicode.Hiragana, r) || unicode.Is(unicode.Katakana, r) || unicode.Is(unicode.Hangul, r)
}
