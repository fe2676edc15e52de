package orders

import (
	"strings"

	"github.com/replywell/replywell/shared/desk"
)

// inLine finds an order in the middle of a line: "... . #note he is rude".
func (r *reader) inLine(i int) *Doubt {
	if r.sure() && r.depth > 2 {
		return nil
	}
	s := clean(r.lines[i].raw)
	for from := 0; ; {
		at := strings.IndexAny(s[from:], "#@/")
		if at < 0 {
			return nil
		}
		at += from
		from = at + 1
		if at == 0 || s[at-1] != ' ' && !strings.ContainsRune(".,;:!?)*_", rune(s[at-1])) {
			continue
		}
		end := strings.IndexFunc(s[from:], func(c rune) bool { return !inWord(c) })
		if end < 0 {
			end = len(s) - from
		}
		word, rest := s[from:from+end], s[from+end:]
		if word == "" && s[at] == '#' && strings.HasPrefix(rest, " ") { // "# forward warehouse"
			if word, rest, _ = strings.Cut(rest[1:], " "); words().commands[fold(word)].name != desk.CommandForward {
				word = ""
			}
		}
		name, how := "", unlike
		if m := words().commands[fold(word)]; m.sure {
			name, how = m.name, exact
		} else if r.compared < maxCompared {
			r.compared++
			name, how = meant(word)
		}
		note := name == desk.CommandNote
		asks := name == desk.CommandForward && how != unlike && r.names(rest)
		switch {
		case word == "" || strings.HasPrefix(rest, "@"):
		case s[at] == '@' && r.mates[fold(word)] && !strings.HasPrefix(rest, ".") && !strings.HasPrefix(rest, "@"):
			return r.again(i, s[:at]+"\n\n#note "+s[at:], WhyColleague)
		case s[at] == '/' && how == exact && note && strings.HasPrefix(rest, " "):
			return r.again(i, s[:at]+"\n\n#note "+rest, WhyWithin)
		case s[at] == '/' && asks, s[at] == '#' && (asks || name == desk.CommandForward && how == near):
			return r.again(i, s[:at]+"\n\n#forward "+strings.TrimLeft(rest, " :"), WhyWithin)
		case s[at] != '#':
		case how == exact, note && (how == near || how == like && words().internal.in([]string{fold(word)})), name == desk.CommandClose && how == near:
			return r.again(i, s[:at]+"\n\n#"+name+" "+strings.TrimLeft(rest, " :"), WhyWithin)
		}
	}
}

// maxCompared bounds how many words within lines are looked at for slips: a mail
// with more signs than that is no letter.
const maxCompared = 200

// maxInner bounds how often a mail is read for a sentence within a line.
const maxInner = 12

// inSentence finds a sentence within a line that is headed for the team: "It is on
// its way. (internal: she lies)". What it is headed with decides whether the mail
// is read for it, which costs a reading.
func (r *reader) inSentence(i int) *Doubt {
	if r.sure() || r.inner >= maxInner || len(r.lines[i].raw) > 4000 {
		return nil
	}
	s := clean(r.lines[i].raw)
	for at, c := range s {
		if !strings.ContainsRune(".!?([:", c) || at+2 >= len(s) || s[at+1] != ' ' && c != '(' && c != '[' {
			continue
		}
		rest := strings.TrimSpace(s[at+1:])
		before, sep, _ := head(rest, ":,)]")
		ws := wordsOf(before)
		if sep != ":" && sep != "," || len(ws) == 0 || len(ws) > 6 {
			continue
		}
		lab := r.labelOf(ws, true)
		if lab.words == 0 || (c == ':' || sep == ",") && !lab.mate {
			continue
		}
		if !lab.internal && !lab.mate {
			sentence, _, _ := strings.Cut(rest, ". ")
			if e := r.evidence(sentence); !lab.note || lab.hint || !e.they || e.you {
				continue
			}
		}
		r.inner++
		if r.inner > maxInner {
			return nil
		}
		open := strings.TrimRight(s[:at+1], "([")
		return r.again(i, open+"\n\n#note "+strings.TrimRight(strings.TrimSpace(rest), ")]"), WhyLabel)
	}
	return nil
}
