package automatic

import (
	"strings"

	"github.com/replywell/replywell/shared/email/wording"
	"github.com/replywell/replywell/shared/language"
)

// absence is an absence note that answers a mail and bears no mark of a machine.
// Only a mail that answers one can be: what people write first about holidays and
// absences is their business. One that asks anything is a person's. Then one of
// three shapes is wanted, which people's answers do not have:
//
//   - the subject has a heading right before the prefix of an answer: "Urlaub Re:
//     Your order". People's programs put the prefix first;
//   - the subject is a sentence about the sender by name: "Ann Lee is out of the
//     office". People do not speak so of themselves;
//   - the text says of itself that it is automatic and that its writer is away, and
//     says nothing else.
func absence(f *facts) (Judgement, bool) {
	if len(f.m.InReplyTo) == 0 && len(f.m.References) == 0 {
		return Judgement{}, false
	}
	own := f.ownFolded()
	if strings.ContainsAny(own, "?？؟") {
		return Judgement{}, false
	}
	rule := ""
	switch {
	case f.headed():
		rule = "subject:heading"
	case f.named() && len(own) < noteLimit:
		rule = "subject:name"
	case len(own) < noteLimit && saysAutomatic(own) && saysAway(own) && onlyAway(own):
		rule = "text:absence"
	default:
		return Judgement{}, false
	}
	return Judgement{Kind: OutOfOffice, Rule: rule, Original: f.answered()}, true
}

// noteLimit bounds a note that is known by its words alone, in bytes.
const noteLimit = 1500

// ownFolded is the folded text up to the first quoted line, clipped; without what
// lies below, which no rule here needs and is most of an answer.
func (f *facts) ownFolded() string {
	text := f.m.PlainText
	if strings.TrimSpace(text) == "" {
		text = f.m.Text
	}
	if i := strings.Index(text, "\n>"); i >= 0 {
		text = text[:i+1]
	}
	return ownWords(wording.Fold(clipText(text)))
}

// headed tells whether a heading of absence notes stands right before the prefix of
// an answer.
func (f *facts) headed() bool {
	s := strings.TrimLeft(f.subject, "[(*# ")
	for _, h := range []language.Heading{language.AutomaticPrefix, language.AbsencePrefix, language.AbsenceHeading} {
		for _, p := range language.Phrases(h) {
			rest, ok := strings.CutPrefix(s, p)
			if trimmed := strings.TrimLeft(rest, " ])*.!:-–—"); ok && trimmed != rest && hasAnswerPrefix(trimmed) {
				return true
			}
		}
	}
	return false
}

// named tells whether the subject is a sentence that says of the sender, by name,
// that they are away.
func (f *facts) named() bool {
	subject := f.subject
	for i := range subject { // "Ann Lee is out of the office Re: Your order"
		if i > 0 && subject[i-1] == ' ' && hasAnswerPrefix(subject[i:]) {
			subject = strings.TrimRight(subject[:i], " :-–—")
			break
		}
	}
	if f.answer || len(subject) > 100 || strings.ContainsAny(subject, "?:") {
		return false
	}
	at := -1
	for _, h := range []language.Heading{language.AbsencePrefix, language.AbsenceSubject} {
		for _, p := range language.Phrases(h) {
			if i := strings.Index(subject, p); i > 0 && len(p) > 3 && (at < 0 || i < at) {
				at = i
			}
		}
	}
	for _, p := range language.Phrases(language.AbsenceHeading) { // at the end alone: the same words begin much else
		if i := strings.LastIndex(subject, " "+p); i > 0 && at < 0 && strings.Trim(subject[i+1+len(p):], " .!") == "" {
			at = i + 1
		}
	}
	if at <= 0 {
		return false
	}
	head := subject[:at]
	if strings.ContainsAny(head, "0123456789;") || strings.Count(head, ",") > 1 || len(strings.Fields(subject[at:])) > 8 {
		return false
	}
	known, found := strings.FieldsFunc(f.name, notLetter), 0
	if len(known) == 0 {
		known = strings.FieldsFunc(f.local, notLetter)
	}
	for _, w := range known {
		if len(w) > 1 && strings.Contains(" "+strings.Join(strings.FieldsFunc(head, notLetter), " ")+" ", " "+w+" ") {
			found++
		}
	}
	words := len(strings.Fields(head))
	return found > 0 && found >= min(2, len(known)) && words > found && words <= found+2 // a verb, and perhaps "currently"
}

// saysAutomatic tells whether a sentence begins by saying that the mail is
// automatic. Inside a sentence, or in quotation marks, somebody speaks of another.
func saysAutomatic(own string) bool {
	for s := range sentences(own) {
		if automation(s) {
			return true
		}
	}
	return false
}

// automation tells whether a sentence says that the mail is automatic: at most
// fifteen words, none of them another's.
func automation(s string) bool {
	if len(strings.Fields(s)) > 15 {
		return false
	}
	if startsAny(s, language.AutomaticSentence) {
		return true
	}
	for _, b := range language.Phrases(language.AutomaticStart) {
		if rest, ok := strings.CutPrefix(s, b); ok && anyOf(strings.Join(firstWords(rest, 3), " "), language.AutomaticMade) {
			return true
		}
	}
	return false
}

func firstWords(s string, n int) []string {
	w := strings.Fields(s)
	return w[:min(n, len(w))]
}

// saysAway tells whether a sentence says that its writer is away.
func saysAway(own string) bool {
	for s := range sentences(own) {
		if anyOf(s, language.AbsencePhrase) && !strings.ContainsAny(s, "\"“„«") {
			return true
		}
	}
	return false
}

// onlyAway tells whether a text has no sentence but those of an absence note: that
// one is away, that the mail is automatic, whom to ask instead, thanks and names.
func onlyAway(own string) bool {
	for s := range sentences(own) {
		switch {
		case len(strings.Fields(s)) < 4, strings.HasSuffix(s, ",") && len(strings.Fields(s)) <= 8, anyOf(s, language.AbsencePhrase, language.AutomaticPhrase), automation(s), startsAny(s, language.AbsenceSentence),
			strings.Contains(s, "@") && len(s) < 200:
		default:
			return false
		}
	}
	return true
}

// sentences gives the sentences of a text, and its lines where they end without a
// mark; at most 40.
func sentences(text string) func(func(string) bool) {
	return func(give func(string) bool) {
		start, n := 0, 0
		for i := 0; i <= len(text) && n < 40; i++ {
			end := i == len(text) || text[i] == '\n' && (i+1 == len(text) || text[i+1] == '\n' || i-start < 55) ||
				(text[i] == '.' || text[i] == '!') && (i+1 == len(text) || text[i+1] == ' ' || text[i+1] == '\n') && i > 0 && !isDigit(text[i-1]) || strings.HasPrefix(text[i:], "。")
			if !end {
				continue
			}
			if s := strings.Trim(strings.ReplaceAll(text[start:i], "\n", " "), " .!-*_()[]。"); s != "" {
				n++
				if !give(s) {
					return
				}
			}
			start = min(i+1, len(text))
		}
	}
}

func notLetter(r rune) bool { return strings.ContainsRune(" .,-_/'\"()<>@=", r) }
