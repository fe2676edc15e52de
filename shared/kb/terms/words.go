package terms

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Word is one word of a text.
type Word struct {
	Written string // as its author wrote it
	Folded  string // lower case, no accents
	Stem    string // folded, common endings off
	Stop    bool   // says little by itself
}

// Split gives the words of a text. Scripts without spaces between words are
// split into overlapping pairs of characters.
func Split(s string) (out []string) {
	if !IsASCII(s) {
		s = norm.NFKC.String(s)
	}
	start, last := -1, rune(0)
	flush := func(end int) {
		if start >= 0 {
			out = append(out, strings.ReplaceAll(strings.ReplaceAll(s[start:end], "'", ""), "’", ""))
			start = -1
		}
	}
	for i, r := range s {
		switch {
		case r >= 0xe00 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai):
			flush(i)
			if last != 0 {
				out = append(out, string([]rune{last, r}))
			}
			last = r
			continue
		case unicode.IsLetter(r) || unicode.IsDigit(r) || start >= 0 && (r == '\'' || r == '’' || unicode.Is(unicode.Mn, r)):
			if start < 0 {
				start = i
			}
		default:
			flush(i)
		}
		last = 0
	}
	flush(len(s))
	return out
}

// Words reads a text into at most so many words.
func Words(s string, most int) []Word {
	parts := Split(s)
	parts = parts[:min(most, len(parts))]
	out := make([]Word, 0, len(parts))
	for _, p := range parts {
		f := Fold(p)
		if f == "" {
			continue
		}
		out = append(out, Word{Written: p, Folded: f, Stem: stem(f), Stop: stopWords[f] || utf8.RuneCountInString(f) < 2})
	}
	return out
}

// Fold brings a word to lower case without accents, so that "Rücksendung" and
// "rucksendung" are one word.
func Fold(w string) string {
	w = strings.ToLower(w)
	if IsASCII(w) {
		return w
	}
	var sb strings.Builder
	for _, r := range norm.NFD.String(w) {
		if !unicode.Is(unicode.Mn, r) {
			sb.WriteRune(r)
		}
	}
	return sb.String()
}

// stem takes English endings off, lightly: charge, charges, charged and
// charging become one; what is left need not be a word.
func stem(w string) string {
	if len(w) < 4 || !IsASCII(w) {
		return w
	}
	switch {
	case strings.HasSuffix(w, "ies") && len(w) > 4:
		return w[:len(w)-3] + "i"
	case strings.HasSuffix(w, "sses"):
		w = w[:len(w)-2]
	case strings.HasSuffix(w, "s") && !strings.HasSuffix(w, "ss") && !strings.HasSuffix(w, "us") && !strings.HasSuffix(w, "is"):
		w = w[:len(w)-1]
	}
	for _, end := range [...]string{"ing", "ed"} {
		rest, ok := strings.CutSuffix(w, end)
		if ok && len(rest) >= 3 && strings.ContainsAny(rest, "aeiouy") {
			w = rest
			if n := len(w); w[n-1] == w[n-2] && !strings.ContainsRune("lsz", rune(w[n-1])) {
				w = w[:n-1]
			}
			break
		}
	}
	if n := len(w); n > 3 && w[n-1] == 'e' {
		w = w[:n-1]
	}
	if n := len(w); n > 2 && w[n-1] == 'y' {
		w = w[:n-1] + "i"
	}
	return w
}

func IsASCII(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// stopWords are function words and courtesies of seven languages, but for those
// that say something in English ("plus", "son"). They are no evidence by themselves,
// though the classifier sees them in pairs ("how to", "not yet").
var stopWords = Set(StopLines)

// EnglishLines is how many of stopLines are English.
const EnglishLines = 3

const StopLines = `a about after all also am an and any are as at be because been before but by can cannot cant could did do does dont
	for from get got had has have hello hi dear thanks thank regards best kind please how i if im in into is it its ive just like me more my no not now of on
	one or our out so some than that the their them then there they this to too up us was we were what when where which who why will with would you your
	der die das ein eine und ich ist nicht mit auf zu fur von bitte hallo danke le la les un une et je est pas pour de des du merci bonjour
	el los una y que en por para gracias hola
	einen einem einer eines dem des mein meine meinen meinem meiner mich mir wir uns unser unsere sie ihr ihre ihren ihrem ihnen er es du dein deine
	sich wie wann wo warum wieso welche welcher welches bekomme bekommen habe haben hatte hatten wird werden wurde wurden kann konnen konnte konnten
	muss mussen soll sollte mochte mochten sind sein gibt geht noch schon nur auch aber oder wenn dass weil bei beim nach aus vom zum zur im
	kein keine keinen nichts mehr sehr viele viel etwas hier dort dann jetzt heute immer wieder seit gerne freundlichen grussen gruss
	nous vous elle ils elles votre vos notre nos cette ces cet qui quoi quand ou avec dans sans suis avez avons ont ai
	ete etre avoir fait faire peux peut pouvez voudrais aux encore deja bien tres mais donc cordialement
	yo tu usted ustedes sus nuestro nuestra como cuando donde porque pero del lo las es esta este esto estan estoy han
	quiero puedo puede tengo tiene muy ya mas nos les saludos
	lo gli uno della dello degli delle del nel nella che chi quando dove perche sono sei siamo abbiamo hanno mio mia miei
	vostro vostra questo questa quello posso vorrei ancora gia molto cosa buongiorno grazie saluti cordiali
	het een ik je jij wij we mijn uw onze niet geen wel maar ook naar voor bij uit hoe wanneer waar waarom welke kan kunt heb hebt heeft hebben
	wordt zijn deze dit nog graag groeten
	uma uns umas dos das nos nas meu minha meus minhas seu sua nosso nossa quando onde porque mas sem sao esta estou foi
	tenho tem posso nao ja muito mais ola obrigado obrigada cumprimentos`
