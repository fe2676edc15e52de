package orders

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/replywell/replywell/shared/commands"
	"github.com/replywell/replywell/shared/desk"
)

// template reads the line of #template, and of #show with a template's name: which one
// was meant, the list of them tells. Who means one that is not there is asked about the
// one that is nearest.
func (r *reader) template(i int, command, behind string) found {
	l := r.lines[i]
	plain, _ := commands.TemplateWords(behind)
	said := r.templateSaid(wordsOf(plain))
	values := commands.GivenValues(behind)
	carry := func(name string) found {
		return found{commands: []desk.Command{{Name: command, Word: strings.TrimSpace(name + " " + values)}}}
	}
	if len(said) == 0 {
		if values != "" {
			return found{err: &desk.CommandError{Line: shorten(l.raw), Why: "#" + command + " needs the name of a template before the values"}}
		}
		return found{commands: []desk.Command{{Name: command}}}
	}
	if r.desk.Templates == nil {
		return carry(strings.Join(said, "-"))
	}
	names := r.desk.Templates()
	name, how := templateMeant(said, names)
	switch {
	case how == exact:
		return carry(name)
	case name != "":
		return found{doubt: r.again(i, "#"+command+" "+strings.TrimSpace(name+" "+values), whyNear(said, name))}
	case len(names) == 0:
		return found{err: &desk.CommandError{Line: shorten(l.raw), Why: "there is no template in this mailbox yet"}}
	}
	return found{err: &desk.CommandError{Line: shorten(l.raw), Why: "there is no template of that name; #template alone mails you the list"}}
}

func whyNear(said []string, name string) string {
	if strings.HasPrefix(strings.Join(said, "-"), name+"-") {
		return WhyTail
	}
	return WhySlip
}

// preview reads #show where no number stands behind it but the name of a template.
func (r *reader) preview(i int, behind string) (f found, is bool) {
	plain, _ := commands.TemplateWords(behind)
	said := r.templateSaid(wordsOf(plain))
	if all := wordsOf(plain); len(all) > 1 && words().commands[all[0]] == (meaning{desk.CommandTemplate, true}) {
		return r.template(i, desk.CommandShow, afterWords(behind, 1)), true
	}
	if len(said) == 0 || r.desk.Templates == nil || slices.ContainsFunc(said, isNumber) || words().numbers[said[0]] > 0 {
		return found{}, false
	}
	name, how := templateMeant(said, r.desk.Templates())
	if _, ok := r.spoken(append([]string{desk.CommandShow}, said...)); name == "" || ok && how != exact {
		return found{}, false // "show it"
	}
	return r.template(i, desk.CommandShow, behind), true
}

// templateSaid gives the words that name a template: without courtesies, unless the
// courtesy is the name.
func (r *reader) templateSaid(ws []string) []string {
	bare := r.withoutCourtesy(ws)
	if r.desk.Templates == nil || len(bare) == len(ws) {
		return bare
	}
	names := r.desk.Templates()
	_, whole := templateMeant(ws, names)
	if _, how := templateMeant(bare, names); whole == exact || whole == near && how != exact {
		return ws
	}
	return bare
}

// withoutCourtesy takes what only is polite off the ends of an order.
func (r *reader) withoutCourtesy(ws []string) []string {
	please := words().please
	for len(ws) > 0 {
		if n := please.at(ws, 0); n > 0 {
			ws = ws[n:]
			continue
		}
		cut := false
		for k := len(ws) - 1; k > 0 && k >= len(ws)-3; k-- {
			if please.at(ws, k) == len(ws)-k {
				ws, cut = ws[:k], true
				break
			}
		}
		if !cut {
			break
		}
	}
	return ws
}

// templateMeant finds the template that words mean: exactly, or as the one that is
// nearest to them; "" where none is, or several are.
func templateMeant(said, names []string) (name string, how likeness) {
	whole := strings.Join(said, "-")
	if len(whole) > 4*maxWord {
		return "", unlike
	}
	joined := strings.ReplaceAll(whole, "-", "")
	for _, n := range names {
		if fold(n) == whole || strings.ReplaceAll(fold(n), "-", "") == joined {
			return n, exact
		}
	}
	for rank, fits := range []func(n string) bool{
		func(n string) bool { return strings.HasPrefix(whole, n+"-") }, // words behind it
		func(n string) bool {
			d := slips(whole, n)
			return utf8.RuneCountInString(n) > 2 && (d <= 1 || d == 2 && utf8.RuneCountInString(n) >= 7)
		},
		func(n string) bool { return len(whole) > 2 && strings.HasPrefix(n, whole) },
		func(n string) bool { return shareWord(said, strings.Split(n, "-")) },
	} {
		var found []string
		for _, n := range names {
			if fits(fold(n)) && !slices.Contains(found, n) {
				found = append(found, n)
			}
		}
		if rank == 0 && len(found) > 0 { // the longest is the most that was meant
			return slices.MaxFunc(found, func(a, b string) int { return len(a) - len(b) }), near
		}
		if len(found) == 1 {
			return found[0], near
		}
	}
	return "", unlike
}

// shareWord reports whether a word of an order is one of a name's, or a slip away from it.
func shareWord(said, name []string) bool {
	return slices.ContainsFunc(said, func(w string) bool {
		return utf8.RuneCountInString(w) > 3 && slices.ContainsFunc(name, func(n string) bool { return n == w || slips(w, n) == 1 })
	})
}

// bareOrder finds a mail that is one line, and the name of a command with what belongs
// to it, without its sign: "template refund", "kb lamp flickers", "practice please",
// "Spam!", "block joe@home.example", "assign ben", a slip in the colleague's name too. Its
// writer meant the desk; to a customer most would be no sentence.
func (r *reader) bareOrder(i int) *Doubt {
	l := r.lines[i]
	if r.sure() || l.mark != "" || len(l.plain) > 80 {
		return nil
	}
	word, rest := l.word()
	m := words().commands[fold(word)]
	c, known := commands.Named(m.name)
	if !known || !m.sure {
		return nil
	}
	said := r.withoutCourtesy(wordsOf(rest))
	if alone := r.onlyLine() == i; alone && len(said) == 0 && c.Name != desk.CommandTemplate && !agreesOrNot(fold(word)) {
		return r.again(i, "#"+c.Name, WhySpoken)
	} else if ws := strings.Fields(fold(rest)); alone && len(ws) > 0 && len(r.withoutCourtesy(ws)) == 1 {
		if who := strings.Trim(r.withoutCourtesy(ws)[0], ".!,;:"); strings.Contains(who, "@") || r.mates[who] || r.nearMate(who) {
			return r.again(i, "#"+c.Name+" "+who, WhySpoken)
		}
	}
	if r.above(i).plain != "" || !r.last(i) {
		return nil
	}
	if c.Name == desk.CommandTemplate {
		said = r.templateSaid(wordsOf(rest))
	}
	switch c.Name {
	case desk.CommandTemplate:
		if len(said) == 0 {
			return r.again(i, "#"+c.Name, WhySpoken)
		}
		if r.desk.Templates == nil {
			return nil
		}
		if name, how := templateMeant(said, r.desk.Templates()); how != unlike {
			return r.again(i, "#"+c.Name+" "+name, WhySpoken)
		}
	case desk.CommandKB, desk.CommandFind, desk.CommandArticle:
		if last, _ := utf8.DecodeLastRuneInString(strings.TrimSpace(rest)); len(said) == 0 || len(said) > 6 || strings.ContainsRune(".!?,;:", last) {
			return nil
		}
		return r.again(i, "#"+c.Name+" "+strings.TrimSpace(rest), WhySpoken)
	}
	return nil
}
