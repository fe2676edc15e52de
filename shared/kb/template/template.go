package template

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// Problem is what is wrong with a template's text.
type Problem struct {
	Line int    // counted from 1
	What string // what it is, and what to do
}

// piece is a part of a text: words, or a variable.
type piece struct {
	text     string // as it stands in the source
	variable string // "" where it is words
	line     int
}

// longest bounds what is looked at for the end of a variable, in bytes.
const longest = 100

// wide are the braces of other keyboards, which look the same.
var wide = strings.NewReplacer("｛", "{", "｝", "}", "﹛", "{", "﹜", "}", "\u200b", "", "\u2060", "", "\ufeff", "")

// read takes a text apart. Its time is linear.
func read(text string) (out []piece, problems []Problem) {
	text = wide.Replace(text)
	line := 1
	say := func(format string, args ...any) {
		problems = append(problems, Problem{line, fmt.Sprintf(format, args...)})
	}
	torn := 0 // the last line of which it was said that its braces do not fit
	tear := func(at int, format string, args ...any) {
		if at > torn {
			problems = append(problems, Problem{at, fmt.Sprintf(format, args...)})
		}
		torn = max(torn, at)
	}
	words := func(s string) {
		if s == "" {
			return
		}
		for i, l := range strings.Split(s, "\n") {
			if strings.Contains(l, "}}") {
				tear(line+i, `"}}" closes nothing; a variable is written like {{customer.name}}`)
			}
			for _, name := range otherwise(l) {
				tear(line+i, "%q looks like a variable and would be sent as it stands; write {{%s}}", name.written, name.meant)
			}
		}
		out = append(out, piece{text: s, line: line})
		line += strings.Count(s, "\n")
	}
	for text != "" {
		at := strings.Index(text, "{{")
		if at < 0 {
			words(text)
			break
		}
		words(text[:at])
		text = text[at:]
		end := strings.Index(text[:min(len(text), longest)], "}}")
		if end < 0 || strings.ContainsAny(text[2:end], "\n{") {
			tear(line, `"{{" does not end on its line; close it with "}}", as in {{customer.name}}`)
			text = text[2:]
			continue
		}
		name := strings.ToLower(strings.TrimSpace(text[2:end]))
		written := text[:end+2]
		text = text[end+2:]
		if strings.HasPrefix(text, "}") {
			tear(line, "%q has a brace too many; a variable is written like {{customer.name}}", written+"}")
		}
		switch near := Near(name); {
		case name == "":
			say("%q names no variable; they are %s", written, names())
			continue
		case !Known(name) && near != "":
			say("there is no variable {{%s}}; did you mean {{%s}}?", name, near)
		case !Known(name):
			say("there is no variable {{%s}}; they are %s", name, names())
		}
		out = append(out, piece{text: written, variable: name, line: line})
	}
	return out, problems
}

// names lists the variables as they are written.
func names() string {
	var out []string
	for _, v := range Variables() {
		out = append(out, "{{"+v.Name+"}}")
	}
	return strings.Join(out, ", ")
}

// Check gives what is wrong with a template's text: variables that nobody knows, and
// braces that are none.
func Check(text string) []Problem {
	_, problems := read(text)
	return problems
}

// Uses gives the variables that a text names, each once, in the order in which they stand.
func Uses(text string) (out []string) {
	pieces, _ := read(text)
	for _, p := range pieces {
		if p.variable != "" && !slices.Contains(out, p.variable) {
			out = append(out, p.variable)
		}
	}
	return out
}

// Fill puts values in the place of variables; escape, if not nil, is what makes of a
// value a piece of the text's own form. It gives no text where a variable has no value
// or is not known: those are missing. A text with braces that are half written is not
// filled either, and then problems says why.
func Fill(text string, values map[string]string, escape func(string) string) (filled string, missing []string, problems []Problem) {
	pieces, problems := read(text)
	var b strings.Builder
	for _, p := range pieces {
		if p.variable == "" {
			b.WriteString(p.text)
			continue
		}
		v := value(values[p.variable])
		if (v == "" || !Known(p.variable)) && !slices.Contains(missing, p.variable) {
			missing = append(missing, p.variable)
		}
		if escape != nil {
			v = escape(v)
		}
		b.WriteString(v)
	}
	if len(missing) > 0 || len(problems) > 0 {
		return "", missing, problems
	}
	return b.String(), nil, nil
}

// value is what is put in: one line, without what is not seen, and without braces, so
// that what was filled in can be told from what was not.
func value(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '{' || r == '}' || r == '｛' || r == '｝' || unicode.In(r, unicode.Cf, unicode.Cc, unicode.Co) && !unicode.IsSpace(r):
			return -1
		case unicode.IsSpace(r):
			return ' '
		}
		return r
	}, s)
	return strings.Join(strings.Fields(s), " ")
}

// Left reports whether something of a variable stands in a text that is to be sent,
// as it is or as an address is encoded.
func Left(text string) bool {
	text = strings.ToLower(wide.Replace(text))
	for _, sign := range []string{"{{", "}}", "%7b%7b", "%7d%7d", "&#123;&#123;", "&lbrace;", "&lcub;"} {
		if strings.Contains(text, sign) {
			return true
		}
	}
	return false
}

// other is a name in braces that are not ours.
type other struct{ written, meant string }

// forms are how other programs mark a variable.
var forms = regexp.MustCompile(`\$?\{([^{}\n]{1,60})\}|\[\[([^\[\]\n]{1,60})\]\]|%%?([A-Za-z_. ]{3,60})%%?|<<([^<>\n]{1,60})>>|<%=?([^%\n]{1,60})%>`)

// otherwise finds variables in a line that are marked as other programs do. A word in
// one brace may be meant as it stands, so only the names of variables count.
func otherwise(line string) (out []other) {
	for _, m := range forms.FindAllStringSubmatch(line, -1) {
		for _, inside := range m[1:] {
			inside = strings.TrimSpace(inside)
			if inside == "" {
				continue
			}
			for _, v := range Variables() {
				if plain(inside) == plain(v.Name) {
					out = append(out, other{m[0], v.Name})
				}
			}
		}
	}
	return out
}
