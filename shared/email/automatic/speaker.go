package automatic

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/replywell/replywell/shared/email/wording"
	"github.com/replywell/replywell/shared/language"
)

// A machine speaks to "you"; a person speaks of "I". And a service that passes a
// person's words on offers a way to answer them. Both hold in every language, and
// whatever codes and links stand around.

// answering is the path of a link by which a person's words are answered, heard or
// read where they were left. No mail that proves an address needs one.
var answering = regexp.MustCompile(`[/._?&-](messages?|messaging|inbox|reply|replies|respond|conversations?|threads?|comments?|reviews?|tickets?|issues?|voicemail|listen|disco|chats?)\b`)

// offersAnswer tells whether the mail has such a link.
func (f *facts) offersAnswer() bool {
	_, lower := f.body()
	for _, l := range linksOf(clipText(lower) + "\n" + strings.ToLower(clipText(f.m.HTML))) {
		_, rest, _ := strings.Cut(l, "://")
		if _, path, ok := strings.Cut(rest, "/"); ok && answering.MatchString("/"+path) {
			return true
		}
	}
	return false
}

// ofHimself tells whether somebody speaks of himself in sentences that make a
// quarter of the text. A name that somebody gave to a service, to have his words
// put into its mail, is less than that; a button ("Confirm my address") is no sentence.
func (f *facts) ofHimself() bool {
	text, _ := f.body()
	text = anyLink.ReplaceAllString(clipText(text)+"\n"+clipText(f.m.Text), "")
	buttons := map[string]bool{}
	for _, b := range anchors.FindAllStringSubmatch(clipText(f.m.HTML), 40) {
		buttons[strings.ToLower(strings.TrimSpace(tags.ReplaceAllString(b[1], " ")))] = true
	}
	own, all := 0, 0
	seen := map[string]bool{}
	for _, s := range phrasesOf(strings.ToLower(text)) {
		n := length(s)
		if n == 0 || buttons[strings.Trim(s, " *_[]()")] || seen[s] {
			continue
		}
		seen[s] = true
		if all += n; n >= 5 && firstPerson(s) && !anyOf(wording.Fold(s), language.VerificationPhrase) {
			own += n
		}
	}
	return own >= 5 && 4*own >= all
}

var (
	anchors = regexp.MustCompile(`(?is)<a\s[^>]*>(.{0,200}?)</a>`)
	tags    = regexp.MustCompile(`<[^>]*>`)
)

// phrasesOf cuts a text at its full stops and lines.
func phrasesOf(text string) []string {
	return strings.FieldsFunc(strings.NewReplacer(". ", "\n", "! ", "\n", "? ", "\n", ".\r", "\n").Replace(text), func(r rune) bool {
		return r == '\n' || r == '\r' || r == '。' || r == '！' || r == '？'
	})
}

// length is how many words a sentence has; of a script that says much in few
// signs two of them count as one.
func length(s string) int {
	n := 0
	for _, r := range s {
		if dense(r) {
			n++
		}
	}
	return max(len(strings.Fields(s)), n/2)
}

func dense(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul)
}

// firstPerson tells of a sentence in which somebody speaks of himself. Folded.
func firstPerson(s string) bool {
	if anyOf(s, language.FirstPersonPart) || selfForms.MatchString(s) {
		return true
	}
	for len(s) > 0 {
		at := strings.IndexFunc(s, unicode.IsLetter)
		if at < 0 {
			return false
		}
		s = s[at:]
		end := strings.IndexFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) })
		if end < 0 {
			end = len(s)
		}
		if language.Has(language.FirstPerson, s[:end]) {
			return true
		}
		_, size := utf8.DecodeRuneInString(s[end:])
		s = s[end+size:]
	}
	return false
}

// selfForms are first persons of which each word alone says something else elsewhere:
// "i" is "in" in Swedish, "je" is "you" in Dutch, "min" is a minute.
var selfForms = regexp.MustCompile(`\bi(['’](m|ve|d|ll)| (am|have|haven['’]t|can|can['’]t|cannot|could|did|didn['’]t|do|don['’]t|never|want|need|got|get|was|would|tried|still|keep|just|already|think|see|had|bought|ordered|received))\b|\bj['’]|\bje (n['’]|ne |suis |voudrais |veux |peux |dois |reçois |vous )|\b(mon|ma|mes) (compte|e-?mail|adresse|code|commande|lamp)|\bm['’](a|ont|est)\b|\b(ho|non ho) (ricevuto|mai|provato)|\b(he|no he) (recibido|intentado)|\bm[ií] (cuenta|correo|pedido|código|lámpara)|\b(il|la) mi[oa] |(^|[^0-9] ?)\bmin (kod|lamp|konto|adress|mail|ordre|order)|\bcum intru\b|\bmi (vůbec|nie|nu)\b`)
