package orders

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/replywell/replywell/shared/commands"
	"github.com/replywell/replywell/shared/desk"
)

// hash reads a line whose first word has a "#".
func (r *reader) hash(i int, p place) found {
	l := r.lines[i]
	word, rest := l.word()
	if word == "" {
		return found{}
	}
	if word[0] >= '0' && word[0] <= '9' {
		return r.hashNumber(i, p, word, rest)
	}
	if !unicode.IsLetter([]rune(word)[0]) {
		return found{}
	}
	if joined, after := letters(l.plain); joined != "" { // "# n o t e"
		if n, h := meant(joined); h == exact && p != within {
			return found{doubt: r.again(i, "#"+n+" "+after, WhySlip)}
		}
	}
	name, how, rest := r.named(word, rest)
	if of := elsewhere(fold(word)); of != "" && how != exact && !l.code && (!l.spaced || startsLower(l.plain)) && !r.otherHeadings(i) && !r.sure() {
		return found{doubt: &Doubt{Line: shorten(l.raw), Why: WhyUnknown, Of: of}}
	}
	if l.spaced && !r.spacedOrder(i, p, how, rest) {
		if how == exact && !l.code && l.hashes == 1 && (name == desk.CommandNote && (p != within || !r.evidence(r.rest(i)).you) || l.behind(rest) == "") && !r.otherHeadings(i) {
			return found{doubt: r.again(i, "#"+name+" "+l.behind(rest), WhyOther)}
		}
		return found{}
	}
	if how == exact {
		return r.carried(i, name, rest)
	}
	if l.code {
		return found{}
	}
	return r.unsure(i, p, word, name, how, rest)
}

// letters joins the single letters that a line begins with, three and more.
func letters(s string) (joined, rest string) {
	rest = s
	for {
		w, after, _ := strings.Cut(rest, " ")
		if utf8.RuneCountInString(w) != 1 || !unicode.IsLetter(first(w)) {
			break
		}
		joined, rest = joined+w, after
	}
	if utf8.RuneCountInString(joined) < 3 {
		return "", s
	}
	return joined, rest
}

// named finds the command of a word, or of the word and the next: "internal
// note", "send anyway".
func (r *reader) named(word, rest string) (name string, how likeness, behind string) {
	name, how = meant(word)
	if next := strings.TrimLeft(rest, " "); next != rest && next != "" {
		end := strings.IndexFunc(next, func(c rune) bool { return !inWord(c) })
		if end < 0 {
			end = len(next)
		}
		if two, h := meant(word + " " + next[:end]); h == exact && end > 0 {
			return two, exact, next[end:]
		}
		if fold(word+" "+next[:end]) == "send anyway" {
			return desk.CommandSendAnyway, exact, next[end:]
		}
		// A blank that slipped in: "#no te".
		if joined, h := meant(word + next[:end]); how == unlike && h == exact && end > 0 {
			return joined, near, next[end:]
		}
	}
	// Digits that were written to it: "#send1".
	if letters := strings.TrimRight(word, "0123456789"); how != exact && letters != word {
		if n, h := meant(letters); h == exact {
			return n, exact, " " + word[len(letters):] + rest
		}
	}
	return name, how, rest
}

// carried reads the line of a command that is certain.
func (r *reader) carried(i int, name, rest string) found {
	l := r.lines[i]
	switch name {
	case desk.CommandNote:
		f := found{note: true, tail: l.behind(rest)}
		if f.all = strings.HasPrefix(rest, "!"); !f.all && fold(f.tail) == desk.NoteForAll {
			f.all, f.tail = true, ""
		}
		return f
	case desk.CommandForward:
		return r.forward(i, l.behind(rest))
	case desk.CommandAnswer:
		return found{commands: []desk.Command{{Name: name}}, tail: l.behind(rest)}
	case desk.CommandTemplate:
		return r.template(i, name, l.behind(rest))
	case desk.CommandShow:
		if f, is := r.preview(i, l.behind(rest)); is {
			return f
		}
	case desk.CommandAdd, desk.CommandRemove, desk.CommandMerge:
		c, err := readTarget(strings.TrimSpace(l.raw), name, strings.Fields(rest))
		if err != nil {
			return found{err: err}
		}
		return found{commands: []desk.Command{c}}
	}
	if c, _ := commands.Named(name); c.Time != "" {
		return r.timed(i, c, l.behind(rest))
	} else if c.Read != nil {
		word, missing := c.Read(l.behind(rest))
		if missing != "" {
			return found{err: &desk.CommandError{Line: shorten(l.raw), Why: missing}}
		}
		return found{commands: []desk.Command{{Name: name, Word: word}}}
	}
	first := desk.Command{Name: name}
	behind := wordsOf(rest)
	if name == desk.CommandSendAnyway && len(behind) == 0 {
		return found{commands: []desk.Command{first}}
	}
	s, ok := r.spoken(append([]string{name}, behind...))
	switch {
	case ok && len(s.commands) > 0:
		if err := r.numbered(&s, l); err != nil {
			return found{err: err}
		}
		if s.guess {
			return found{doubt: r.again(i, shown(s.commands), WhyTail)}
		}
		return found{commands: s.commands}
	case name == desk.CommandSend || name == desk.CommandShow:
		if c := r.firstNumber(name, behind); c.Argument > 0 && strings.ContainsAny(rest, " ") {
			return found{doubt: r.again(i, shown([]desk.Command{c}), WhyTail)}
		}
		return found{err: &desk.CommandError{Line: shorten(l.raw), Why: "#" + name + " needs the number of a ready answer, like #" + name + " 1"}}
	case name == desk.CommandClose:
		// What stands behind it may be for the team or for the customer; a note harms nobody.
		return found{doubt: r.again(i, "#close\n#note "+l.behind(rest), WhyTail)}
	case name == desk.CommandLearn:
		return found{doubt: r.again(i, "#learn\n"+l.behind(rest), WhyTail)}
	case name == desk.CommandSendAnyway:
		return found{err: &desk.CommandError{Line: shorten(l.raw), Why: "#send-anyway stands on a line by itself; put your text below it"}}
	}
	return found{doubt: r.again(i, "#"+name, WhyTail)}
}

// firstNumber finds the number that a command was given among other words.
func (r *reader) firstNumber(name string, ws []string) desk.Command {
	for _, w := range ws {
		if n, err := strconv.Atoi(strings.Trim(w, "#")); err == nil && n > 0 && n < 100 {
			return desk.Command{Name: name, Argument: n}
		}
	}
	if name == desk.CommandSend && r.desk.Offered == 1 && len(ws) > 0 && !isNumber(ws[0]) {
		return desk.Command{Name: name, Argument: 1}
	}
	return desk.Command{}
}

func isNumber(w string) bool { _, err := strconv.Atoi(w); return err == nil }

// unsure reads a line with a "#" and a word that is no command's name.
func (r *reader) unsure(i int, p place, word, name string, how likeness, rest string) found {
	l := r.lines[i]
	if r.hashtags(l) && p == within {
		return found{}
	}
	asks := name == desk.CommandForward && (how == near || r.names(rest))
	if how == like && p == within && !asks && name != desk.CommandNote && name != desk.CommandClose {
		how = unlike // "#include" is code
	}
	if how == near && p == within && name == desk.CommandSend && !strings.ContainsAny(rest, "0123456789") {
		how = unlike // "#spend" is no slip of "#send" without a number
	}
	if how == near && p == within && !asks && name != desk.CommandNote && name != desk.CommandClose && name != desk.CommandSend && name != desk.CommandLearn && l.behind(rest) == "" && !r.alone(i) {
		how = unlike
	}
	if how != unlike {
		why := WhySlip
		if how == like {
			why = WhyOther
		}
		corrected := "#" + name + " " + l.behind(rest)
		if name == desk.CommandNote && how == like && words().internal.in(wordsOf(word)) {
			corrected = "#note " + strings.TrimSpace(l.behind(rest))
		}
		return found{doubt: r.again(i, corrected, why)}
	}
	if n, tail := glued(word); n != "" && !courtesySuffix(tail) {
		if n == desk.CommandNote {
			tail += rest
		} else {
			tail = ""
		}
		return found{doubt: r.again(i, "#"+n+" "+tail, WhySlip)}
	}
	if p != within {
		if r.mates[fold(word)] || words().team.in(wordsOf(word)) || words().all.in(wordsOf(word)) {
			return found{doubt: r.again(i, "#note "+l.plain, WhyColleague)}
		}
		return found{doubt: &Doubt{Line: shorten(l.raw), Why: WhyUnknown}}
	}
	// A word by itself in a paragraph by itself, small as commands are.
	lower := fold(word) == word
	if lower && r.alone(i) && strings.Trim(rest, " :.!") == "" {
		return found{doubt: &Doubt{Line: shorten(l.raw), Why: WhyUnknown}}
	}
	if r.mates[fold(word)] {
		return found{doubt: r.again(i, "#note "+l.plain, WhyColleague)}
	}
	return found{}
}

// courtesySuffix are endings that make another word of "note", "close" and "send".
func courtesySuffix(s string) bool {
	switch s {
	case "s", "d", "r", "t", "n", "book", "books", "pad", "worthy", "rs", "ts", "er", "ers", "ing", "up", "out", "ness", "ly", "by", "card", "off", "over":
		return true
	}
	return false
}

// hashtags reports whether a line has several words with a "#", as people write
// below pictures, and none of them is a command.
func (r *reader) hashtags(l line) bool {
	n := 0
	for _, w := range strings.Fields(l.lead + l.plain) {
		if strings.HasPrefix(w, "#") && len(w) > 1 {
			n++
			if words().commands[fold(strings.TrimRight(w[1:], ".,;:!"))].sure {
				return false
			}
		}
	}
	return n > 1
}

// hashNumber reads "#1": the ready answer of that number, where nothing else
// stands on the line and it is not the number of something.
func (r *reader) hashNumber(i int, p place, word, rest string) found {
	if len(word) != 1 || word == "0" || strings.Trim(rest, " .!)") != "" || r.lines[i].spaced {
		return found{}
	}
	if p != within || r.last(i) && (i == 0 || r.lines[i-1].ends()) {
		return found{doubt: r.again(i, "#send "+word, WhySpoken)}
	}
	return found{}
}

// spacedOrder tells "# note" from a heading. Commands are small and stand alone;
// headings begin with a capital, have several words, and are several.
func (r *reader) spacedOrder(i int, p place, how likeness, rest string) bool {
	l := r.lines[i]
	if how == unlike || l.hashes > 1 && (r.otherHeadings(i) || !startsLower(l.plain)) || l.code {
		return false
	}
	behind := l.behind(rest)
	alone := behind == ""
	if s, ok := r.spoken(append([]string{desk.CommandClose}, wordsOf(rest)...)); ok && len(s.commands) > 0 {
		alone = true
	}
	small := startsLower(l.plain) || !unicode.IsLetter(first(l.plain)) || strings.ToUpper(l.plain) == l.plain && alone || !hasCase(l.plain)
	switch {
	case how == exact && l.hashes == 1 && small:
		return true
	case how == exact && alone:
		return p != within && !r.otherHeadings(i)
	case small && l.hashes == 1:
		return p != within || r.paragraph(i)
	}
	return false
}
