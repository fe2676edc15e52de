package orders

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/replywell/replywell/shared/commands"
	"github.com/replywell/replywell/shared/desk"
)

// sentence is an order in plain words: "ok send 1 please and close".
type sentence struct {
	commands []desk.Command
	digits   bool // a number was written as a digit
	verb     bool // what to do was said
	state    bool // only by a word that says how things are: "closed"
	guess    bool // the number was not said, and is one of several
}

// spoken reads words as an order. It is one if each word is a part of it: what
// to do, a number, what it is about, a courtesy.
func (r *reader) spoken(ws []string) (s sentence, ok bool) {
	var h hearing
	for i := 0; i < len(ws); {
		n := r.hear(&h, ws, i)
		if n == 0 {
			return sentence{}, false
		}
		i += n
	}
	return h.sentenceOf(len(ws))
}

// hearing is what was heard so far of an order in plain words.
type hearing struct {
	sentence
	numbers                   []int
	counted                   bool // a number was written as a word: "first"
	send, show, closing, help bool
	keep                      bool   // "note", and nothing else
	other                     string // a command that is neither
}

// hear takes in the word at i, and gives how many words it took; 0: it is no part of
// an order.
func (r *reader) hear(h *hearing, ws []string, i int) int {
	v := words()
	w := strings.TrimLeft(ws[i], "#")
	if n, err := strconv.Atoi(w); err == nil {
		if n < 1 || n > 99 {
			return 0
		}
		h.numbers, h.digits = append(h.numbers, n), true
		return 1
	}
	w = h.glued(w)
	m := v.commands[w]
	switch {
	case m.sure && m.name == desk.CommandSend:
		h.send, h.verb = true, true
	case m.sure && m.name == desk.CommandShow:
		h.show, h.verb = true, true
	case m.sure && m.name == desk.CommandClose:
		h.close(v.state.at(ws, i) > 0)
	case v.numbers[w] > 0:
		h.numbers, h.counted = append(h.numbers, v.numbers[w]), true
	case m.sure && m.name == desk.CommandHelp && len(ws) == 1:
		h.help, h.verb = true, true
	case m.sure && m.name == desk.CommandNote && len(ws) == 1:
		h.keep, h.verb = true, true
	case m.sure && (m.name == desk.CommandUndo || m.name == desk.CommandSplit || m.name == desk.CommandLearn) && h.other == "":
		h.other, h.verb = m.name, true
	default:
		return r.aroundOrder(w, ws, i)
	}
	return 1
}

// glued takes the number off a word like "send1", and gives what is left of it.
func (h *hearing) glued(w string) string {
	l := strings.TrimRight(w, "0123456789")
	if m := words().commands[l]; l == w || l == "" || m.name != desk.CommandSend && m.name != desk.CommandShow {
		return w
	}
	n, _ := strconv.Atoi(w[len(l):])
	h.numbers, h.digits = append(h.numbers, n), true
	return l
}

// close takes in a word for #close; one may only say how things are: "closed".
func (h *hearing) close(state bool) {
	h.closing = true
	if state {
		h.state = !h.verb
		return
	}
	h.verb, h.state = true, false
}

// aroundOrder gives how many words at i are what stands around an order: a courtesy,
// what it is about, a colleague's name; 0: none.
func (r *reader) aroundOrder(w string, ws []string, i int) int {
	v := words()
	n := max(v.please.at(ws, i), v.thing.at(ws, i))
	if w == "no" && i+1 < len(ws) && isNumber(ws[i+1]) || r.mates[w] || r.self[w] || n == 0 && (w == "" || w == "&" || w == "+") {
		n = 1
	}
	return n
}

// sentenceOf puts together what was heard in so many words.
func (h *hearing) sentenceOf(words int) (sentence, bool) {
	if h.counted && !h.send && !h.show && !h.digits {
		if words < 2 {
			return sentence{}, false
		}
		h.guess = true
	}
	s := h.sentence
	verb := desk.CommandSend
	if h.show {
		verb = desk.CommandShow
	}
	seen := map[int]bool{}
	for _, n := range h.numbers {
		if !seen[n] {
			s.commands = append(s.commands, desk.Command{Name: verb, Argument: n})
		}
		seen[n] = true
	}
	if h.keep {
		return sentence{commands: []desk.Command{keepAnswer}, verb: true}, true
	}
	for _, c := range []struct {
		said bool
		name string
	}{{(h.send || h.show) && len(h.numbers) == 0, verb}, {h.closing, desk.CommandClose}, {h.help, desk.CommandHelp}, {h.other != "", h.other}} {
		if c.said {
			s.commands = append(s.commands, desk.Command{Name: c.name})
		}
	}
	return s, true
}

// numbered gives #send and #show without a number the one that can be meant: the
// only ready answer there is; of several, the first, as a guess.
func (r *reader) numbered(s *sentence, l line) error {
	for i, c := range s.commands {
		if c.Argument > 0 || c.Name != desk.CommandSend && c.Name != desk.CommandShow {
			continue
		}
		if r.desk.Offered == 0 {
			return &desk.CommandError{Line: shorten(l.raw), Why: "#" + c.Name + " needs the number of a ready answer, like #" + c.Name + " 1"}
		}
		s.commands[i].Argument = 1
		s.guess = s.guess || r.desk.Offered > 1
	}
	return nil
}

// maxSpoken bounds an order in plain words.
const maxSpoken = 10

// spokenMail reads a mail that is nothing but an order in plain words: "1",
// "close", "ok send it". One digit is the ready answer of that number.
func (r *reader) spokenMail() (done bool, err error) {
	var ws []string
	at, lines, greeting := -1, 0, false
	for i, l := range r.lines {
		switch {
		case l.blank:
		case l.quoted, l.code, l.escaped, l.mark == "@", l.mark == "/":
			return false, nil
		case lines == 0 && greets(l, r.customer):
			greeting = true
		case lines > 0 && (r.closes(l) || r.isSelf(l)):
		default:
			if at < 0 {
				at = i
			}
			lines++
			if ws = append(ws, wordsOf(l.lead+l.plain)...); lines > 3 || len(ws) > maxSpoken || l.mark == "#" && l.plain != "" && (l.plain[0] < '0' || l.plain[0] > '9') {
				return false, nil // "#send 1" is read as it stands
			}
		}
	}
	if at < 0 {
		return false, nil
	}
	s, ok := r.spoken(ws)
	if !ok || len(s.commands) == 0 {
		return false, nil
	}
	for _, c := range s.commands {
		if c.Argument > 9 && !s.verb {
			return false, nil // "12" is what somebody asked for
		}
	}
	if err := r.numbered(&s, r.lines[at]); err != nil {
		return true, err
	}
	carried := !greeting && !s.guess && !s.state && (s.digits || s.verb)
	for _, c := range s.commands {
		carried = carried && (c.Name == desk.CommandSend || c.Name == desk.CommandShow || c.Name == desk.CommandClose || c.Name == desk.CommandHelp || c.Name == desk.CommandUndo || c == keepAnswer)
	}
	yes := Reading{Commands: s.commands}
	if err := yes.check(); err != nil {
		return true, err
	}
	if carried || r.sure() {
		r.out = yes
		return true, nil
	}
	r.out = Reading{Doubt: &Doubt{Line: shorten(r.lines[at].raw), Why: WhySpoken, Meant: shown(s.commands), Yes: &yes}}
	return true, nil
}

// plainWord reads a line without a sign that may be an order all the same: a
// label, words to a colleague, an order in plain words.
func (r *reader) plainWord(i int, p place) (found, bool) {
	if d := r.plainOrder(i, p); d != nil {
		return found{doubt: d}, true
	}
	if d := r.bareOrder(i); d != nil {
		return found{doubt: d}, true
	}
	if d := r.labelled(i, p); d != nil {
		return found{doubt: d}, true
	}
	if d := r.toColleague(i, p); d != nil {
		return found{doubt: d}, true
	}
	if d := r.spokenLine(i, p); d != nil {
		return found{doubt: d}, true
	}
	if d := r.firstClause(i, p); d != nil {
		return found{doubt: d}, true
	}
	if d := r.dictated(i, p); d != nil {
		return found{doubt: d}, true
	}
	if l := r.lines[i]; l.mark == "/" && strings.HasPrefix(l.lead, "//") && r.paragraph(i) && !r.sure() {
		if e := r.evidence(r.restOfParagraph(i)); (e.they || e.name || e.mate) && !e.you { // as programmers comment
			return found{doubt: r.again(i, "#note "+l.plain, WhyAbout)}, true
		}
	}
	if l := r.lines[i]; l.mark == "!" {
		word, rest := l.word()
		sign, size := utf8.DecodeLastRuneInString(l.lead)
		if name, how := meant(word); how == exact && sign != ' ' && size > 0 && (p != within || r.paragraph(i)) && sign != '¡' && sign != '¿' && sign != '.' && sign != '\'' {
			return found{doubt: r.again(i, "#"+name+" "+l.behind(rest), WhyOther)}, true
		}
	}
	return found{}, false
}

// plainOrder finds a command with what belongs to it, without its sign, as the
// first or the last line: "assign this to Ben".
func (r *reader) plainOrder(i int, p place) *Doubt {
	l := r.lines[i]
	if r.sure() || l.mark != "" || len(l.plain) > 100 || p == within && !r.last(i) {
		return nil
	}
	word, rest := l.word()
	c, known := commands.Named(words().commands[fold(word)].name)
	if !known || !c.Spoken || !words().commands[fold(word)].sure {
		return nil
	}
	if c.Time != "" {
		f := r.timed(i, c, l.behind(rest))
		if len(f.commands) == 1 && f.commands[0].Word != "" {
			return r.again(i, shown(f.commands), WhySpoken)
		}
		return f.doubt
	}
	name, missing := c.Read(rest)
	if missing != "" {
		return nil
	}
	for _, w := range wordsOf(name) {
		if r.mates[w] || r.self[w] || len(wordsOf(name)) == 1 && len(wordsOf(rest)) > 1 {
			return r.again(i, "#"+c.Name+" "+name, WhySpoken)
		}
	}
	return nil
}

// firstClause finds an order in plain words before other words: "please close, he
// is happy", "send 1 (the return one)", "add eva@x.example".
func (r *reader) firstClause(i int, p place) *Doubt {
	l := r.lines[i]
	if r.sure() || p != top || l.mark != "" || len(l.plain) > 300 {
		return nil
	}
	word, rest := l.word()
	if name := strings.ToLower(word); r.last(i) {
		switch name {
		case desk.CommandMerge, desk.CommandAdd, desk.CommandRemove:
			if c, err := readTarget(l.raw, name, strings.Fields(rest)); err == nil && len(strings.Fields(rest)) == 1 {
				return r.again(i, shown([]desk.Command{c}), WhySpoken)
			}
		case desk.CommandAnswer, desk.CommandNote, "release", "drop", "send-anyway":
			if strings.Trim(rest, " .!") == "" {
				return &Doubt{Line: shorten(l.raw), Why: WhyUnknown}
			}
		case desk.CommandSend:
			if fold(strings.Trim(rest, " .!")) == "anyway" {
				return r.again(i, "#send-anyway", WhySpoken)
			}
		}
	}
	before, sep, after := head(l.plain, ",;:(")
	if sep == "" || after == "" {
		return nil
	}
	ws := wordsOf(before)
	if len(ws) > 6 {
		return nil
	}
	if sep == ":" && len(ws) > 1 && ws[len(ws)-1] == desk.CommandNote { // "close and note: ..."
		ws = ws[:len(ws)-1]
	}
	for k := range ws {
		if words().thing.at(ws, k) > 0 && !isNumber(ws[k]) && words().commands[ws[k]].name == "" {
			return nil // "close it, and open it again" is for the customer
		}
	}
	s, ok := r.spoken(ws)
	if !ok || len(s.commands) == 0 || !s.verb || s.commands[0].Argument == 0 && s.commands[0].Name != desk.CommandClose {
		return nil
	}
	return r.again(i, strings.ReplaceAll(shown(s.commands), " #", "\n#")+"\n#note "+after, WhySpoken)
}

// dictated finds a sign that was said instead of written: "hashtag note she called".
func (r *reader) dictated(i int, p place) *Doubt {
	l := r.lines[i]
	if r.sure() || l.mark != "" || p == within && !r.paragraph(i) {
		return nil
	}
	ws := wordsOf(l.plain[:min(len(l.plain), 80)])
	if len(ws) < 2 {
		return nil
	}
	n := words().sign.at(ws, 0)
	if n == 0 || n >= len(ws) {
		return nil
	}
	if name, how := meant(ws[n]); how == exact {
		return r.again(i, "#"+name+" "+afterWords(l.plain, n+1), WhySpoken)
	}
	return nil
}

// spokenLine finds an order in plain words on a line of its own, first or last
// in a mail that says other things as well.
func (r *reader) spokenLine(i int, p place) *Doubt {
	l := r.lines[i]
	if word, rest := l.word(); isNumber(word) && len(rest) > 2 && (rest[0] == '.' || rest[0] == ')') {
		return nil // a list
	}
	if r.sure() || len(l.plain) > 60 || l.mark == "@" || l.mark == "/" || r.closes(l) {
		return nil
	}
	atTop := p != within && (i+1 < len(r.lines) && r.lines[i+1].blank)
	atEnd := p == within && r.last(i) && (r.lines[i-1].blank || r.lines[i-1].ends())
	if !atTop && !atEnd {
		return nil
	}
	ws := wordsOf(l.lead + l.plain)
	s, ok := r.spoken(ws)
	if !ok || len(s.commands) == 0 || len(ws) > maxSpoken {
		return nil
	}
	if bareDigit := !s.verb && s.digits; bareDigit && (len(ws) != 1 || atEnd && !strings.HasSuffix(strings.TrimSpace(r.above(i).plain), ":") || len(l.plain) > 1 || atTop && p == greeted) {
		return nil
	}
	if !s.verb && !s.digits || s.state && len(ws) == 1 && strings.HasSuffix(l.plain, ".") {
		return nil
	}
	for k, c := range s.commands {
		if c.Argument == 0 && (c.Name == desk.CommandSend || c.Name == desk.CommandShow) {
			if s.commands[k].Argument = 1; !atTop && (r.desk.Offered == 0 || len(ws) == 1) {
				return nil
			}
		}
		if c.Name == desk.CommandHelp || c.Name == desk.CommandShow && !s.digits {
			return nil
		}
	}
	return r.again(i, strings.ReplaceAll(shown(s.commands), " #", "\n#"), WhySpoken)
}
