package orders

import (
	"strconv"
	"strings"
	"unicode"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/language"
)

// Some orders mean something in reply to one kind of our mail alone. Below a customer's
// mail they got to the wrong place, and are asked about: with a sign wherever they stand,
// without one where they are all that is said.
const (
	ofReport = "to a report"
	ofHeld   = "to the list of held mail"
	ofList   = "to a mail that lists several"
)

// elsewhere says to which mail of ours a word with a sign is an order, where it is none
// here; "" is to none.
func elsewhere(word string) string {
	switch word {
	case whyWord:
		return ofReport
	case "release", "drop":
		return ofHeld
	}
	return ""
}

// misplaced asks about a mail that says nothing but such an order without its sign: as
// an answer it would tell a customer "release 3". Who is greeted by name is answered.
func (r *reader) misplaced() *Doubt {
	at := r.onlyLine()
	if at < 0 {
		return nil
	}
	of := listAnswer(r.lines[at].plain)
	if of == "" {
		return nil
	}
	return &Doubt{Line: shorten(r.lines[at].raw), Why: WhyUnknown, Of: of}
}

// onlyLine is the one line of a mail that says all of it, without a sign; -1 where there
// are more, or where the customer is greeted by name: who is, is answered.
func (r *reader) onlyLine() int {
	if r.sure() {
		return -1
	}
	at := -1
	for i, l := range r.lines {
		switch {
		case l.blank || l.quoted:
		case at < 0 && greets(l, r.customer):
			for _, w := range wordsOf(l.plain) {
				if r.customer[w] {
					return -1
				}
			}
		case at >= 0 && (r.closes(l) || r.isSelf(l)):
		case at >= 0, l.mark == "#", l.escaped, l.code:
			return -1
		default:
			at = i
		}
	}
	return at
}

// maxElsewhere bounds the words of such an order: a mail lists no more.
const maxElsewhere = desk.MostListed + 4

// listAnswer says to which mail of ours a line is an order, if it is one and nothing else:
// "why 1", "release 3 and 5", "drop all", "1 not F H", "5 take", "F". What the words do
// there is read by ReadReport, ReadList, ReadDigest and ReadMorning, which forgive more;
// here a person may well answer a customer, so a yes or no, a comma behind the order or any
// other word makes an answer of it.
func listAnswer(line string) string {
	ws := strings.Fields(fold(line))
	if len(ws) == 0 || len(ws) > maxElsewhere {
		return ""
	}
	said := make([]string, len(ws))
	for i, w := range ws {
		said[i] = strings.Trim(w, ",;:.!()#*_'\"“”")
	}
	letters, numbers, all, plain := 0, 0, 0, words()
	order, at := "", -1
	for i := 0; i < len(ws); i++ {
		w := said[i]
		of := orderOf(w)
		switch _, err := strconv.Atoi(w); {
		case err == nil:
			numbers++
		case len(w) == 1 && unicode.IsLetter(rune(w[0])) && !agreesOrNot(w):
			letters++
		case of != "" && (order == "" || order == of) && !strings.HasSuffix(ws[i], ","):
			if order == "" {
				order, at = of, i
			}
		case language.Has(language.HeldAll, w), language.Has(language.HeldRest, w):
			all++
		case w == "" || w == "&" || w == "+" || w == "and" || w == "und" || w == "the":
		case order != "" && w == "no" && i+1 < len(ws) && isNumber(said[i+1]): // "drop no. 3"
		case plain.please.at(said, i) > 0 && !language.Has(language.MineYes, w):
			i += plain.please.at(said, i) - 1
		default:
			return ""
		}
	}
	switch {
	case order == ofReport && at == 0 && numbers > 0 && letters+all == 0:
		return ofReport
	case order == ofHeld && numbers+all > 0 && letters == 0:
		return ofHeld
	case order == "take" && numbers > 0 && letters+all == 0:
		return ofList
	case order == "not" && at > 0 && letters > 0 && numbers > 0, order == "" && letters > 0 && numbers+all == 0:
		return ofList
	}
	return ""
}

// orderOf says what a word without a sign orders in reply to one of our mails; "" is
// nothing, or what people say to a customer as well.
func orderOf(word string) string {
	v := words()
	switch {
	case word == "" || agreesOrNot(word):
		return ""
	case elsewhere(word) != "":
		return elsewhere(word)
	case language.Has(language.HeldRelease, word), language.Has(language.HeldDrop, word):
		return ofHeld
	case v.commands[word].name == "take" && v.commands[word].sure:
		return "take"
	case language.Has(language.Except, word):
		return "not"
	}
	return ""
}

// agreesOrNot reports whether a word is a yes or a no.
func agreesOrNot(word string) bool {
	v, ws := words(), []string{word}
	return v.yes.at(ws, 0) > 0 || v.no.at(ws, 0) > 0
}
