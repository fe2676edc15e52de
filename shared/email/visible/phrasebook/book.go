package phrasebook

import (
	_ "embed" // the table
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/replywell/replywell/shared/language"
)

//go:embed clients.txt
var clientsTable string

// Field is a set of header fields that a label can stand for.
type Field uint16

// The fields of a header block.
const (
	From Field = 1 << iota
	Sent
	Date
	To
	Cc
	Subject
	ReplyTo
)

// Meaning is what a label means in one language. Lang indexes Book.Languages.
type Meaning struct {
	Lang  int
	Field Field
}

// Book is the words of the languages, ready to be asked. It is never changed after
// it was made, so any number of goroutines may ask it.
type Book struct {
	Languages []string // codes, in the order of [language.All]

	labels              map[string][]Meaning
	wrote, on           Words
	pronouns            map[string]bool
	original, forwarded prefixes
	mobile, aboveBegin  prefixes
	mobileEnd           map[string]string // how a line must end that begins so
	closing             map[string]bool
	greeting            prefixes
	above, legal        []string
	re, fw              map[string]bool
	months, days        map[string]bool
}

// Default gives the book of all languages. It is made once, when it is first
// asked for.
var Default = sync.OnceValue(func() *Book { return New(language.All()) })

// New makes a book of some languages, at most MaxLanguages.
func New(languages []*language.Language) *Book {
	b := &Book{
		labels: map[string][]Meaning{}, wrote: newWords(), on: newWords(), pronouns: map[string]bool{},
		original: prefixes{}, forwarded: prefixes{}, mobile: prefixes{}, aboveBegin: prefixes{}, mobileEnd: map[string]string{},
		closing: map[string]bool{}, greeting: prefixes{}, re: map[string]bool{}, fw: map[string]bool{}, months: map[string]bool{}, days: map[string]bool{},
	}
	for i, l := range languages[:min(len(languages), MaxLanguages)] {
		b.Languages = append(b.Languages, l.Code)
		for _, f := range fields {
			for _, p := range l.Phrases(f.heading) {
				p = Fold(p)
				b.labels[p] = append(b.labels[p], Meaning{i, f.field})
			}
		}
		for h, add := range b.takers() {
			for _, p := range l.Phrases(h) {
				add(Fold(p))
			}
		}
	}
	return b
}

// MaxLanguages bounds Meaning.Lang.
const MaxLanguages = 64

var fields = []struct {
	heading language.Heading
	field   Field
}{
	{language.LabelFrom, From}, {language.LabelSent, Sent}, {language.LabelDate, Date}, {language.LabelTo, To},
	{language.LabelCc, Cc}, {language.LabelSubject, Subject}, {language.LabelReplyTo, ReplyTo},
}

// takers says for each heading what becomes of a folded phrase below it.
func (b *Book) takers() map[language.Heading]func(string) {
	in := func(set map[string]bool) func(string) { return func(p string) { set[p] = true } }
	return map[language.Heading]func(string){
		language.AttributionStart:   b.on.add,
		language.AttributionVerb:    b.wrote.add,
		language.AttributionPronoun: in(b.pronouns),
		language.OriginalMessage:    b.original.add,
		language.ForwardedMessage:   b.forwarded.add,
		language.ReplyPrefix:        in(b.re),
		language.ForwardPrefix:      in(b.fw),
		language.Greeting:           b.greeting.add,
		language.SignOff:            func(p string) { b.closing[strings.TrimRight(p, ",.!")] = true },
		language.FinePrint:          func(p string) { b.legal = append(b.legal, p) },
		language.Months:             func(p string) { addShortForms(b.months, p, 3) },
		language.Days:               func(p string) { addShortForms(b.days, p, 2) },
		language.ReplyAbove: func(p string) {
			b.above = append(b.above, p)
			b.aboveBegin.add(p)
		},
		language.PhoneSignature: func(p string) {
			begin, end, _ := strings.Cut(p, "…")
			begin = strings.TrimSpace(begin)
			b.mobile.add(begin)
			if end != "" {
				b.mobileEnd[begin] = strings.TrimSpace(end)
			}
		},
	}
}

// addShortForms adds a word and every shorter form of it with at least min letters.
func addShortForms(set map[string]bool, w string, min int) {
	set[w] = true
	n := 0
	for i := range w {
		if n >= min {
			set[w[:i]] = true
		}
		n++
	}
}

// Label tells what a label, given without its colon, means; nil if nothing.
func (b *Book) Label(s string) []Meaning {
	if len(s) > 40 {
		return nil
	}
	return b.labels[Fold(s)]
}

// Wrote finds the verbs of attribution lines, On the words they begin with.
func (b *Book) Wrote() Words { return b.wrote }

// AttributionOpeners finds the words that attribution lines begin with.
func (b *Book) AttributionOpeners() Words { return b.on }

// Pronoun tells whether a folded word makes a verb beside it a person's own.
func (b *Book) Pronoun(w string) bool { return b.pronouns[w] }

// Month tells whether a folded word names a month, perhaps shortened.
func (b *Book) Month(w string) bool { return b.months[w] }

// Day tells whether a folded word names a day of the week, perhaps shortened.
func (b *Book) Day(w string) bool { return b.days[w] }

// Original gives how many bytes of a folded line are the words that say that the
// original message follows; 0 if it does not begin so.
func (b *Book) Original(folded string) int { return b.original.longest(folded) }

// Forwarded gives the same of a forwarded message.
func (b *Book) Forwarded(folded string) int { return b.forwarded.longest(folded) }

// Mobile gives how many bytes of a folded line are the words that a telephone or
// an app begins its signature with; 0 if it does not begin so.
func (b *Book) Mobile(folded string) int {
	n := b.mobile.longest(folded)
	if end := b.mobileEnd[folded[:n]]; end != "" && !strings.HasSuffix(strings.TrimRight(folded, ".!) "), end) {
		return 0
	}
	return n
}

// Closing tells whether a folded line is the words that end a letter.
func (b *Book) Closing(folded string) bool {
	return b.closing[strings.TrimRight(folded, ",.! 。！、，")]
}

// Greeting gives how many bytes of a folded line are the words that begin a
// letter; 0 if it does not begin so.
func (b *Book) Greeting(folded string) int { return b.greeting.longest(folded) }

// AboveBegins tells whether a folded line begins with a help desk's "reply above
// this line", Above whether it holds that anywhere, which costs more to find out.
func (b *Book) AboveBegins(folded string) bool { return b.aboveBegin.longest(folded) > 0 }

// Above is explained at AboveBegins.
func (b *Book) Above(folded string) bool {
	for _, p := range b.above {
		if strings.Contains(folded, p) {
			return true
		}
	}
	return false
}

// Legal tells whether a folded line holds words of the fine print that companies
// put below a signature.
func (b *Book) Legal(folded string) bool {
	for _, p := range b.legal {
		if strings.Contains(folded, p) {
			return true
		}
	}
	return false
}

// LegalWords tells how many different of those words a folded text holds.
func (b *Book) LegalWords(folded string) (n int) {
	for _, p := range b.legal {
		if strings.Contains(folded, p) {
			n++
		}
	}
	return n
}

// Prefix tells whether a folded word, without its colon, stands before a subject
// that is answered or passed on, in any language.
func (b *Book) Prefix(folded string) (reply, forward bool) { return b.re[folded], b.fw[folded] }

// Subject tells what the prefixes of a subject say: "Re: Fwd: x" is both. Only
// the outermost prefix counts for the kind; ten are looked at, at most.
func (b *Book) Subject(s string) (reply, forward bool) {
	for range 10 {
		i := strings.IndexAny(s, ":：")
		if i < 0 || i > 40 {
			break
		}
		p, _, _ := strings.Cut(Fold(s[:i]), "[")
		p = strings.TrimSpace(p)
		switch {
		case b.re[p]:
			reply = true
		case b.fw[p]:
			forward = true
		default:
			return reply, forward
		}
		if reply || forward {
			return reply, forward
		}
		_, n := utf8.DecodeRuneInString(s[i:])
		s = s[i+n:]
	}
	return reply, forward
}

// Fold gives a text in the form in which everything here is compared: lower
// case, blanks folded to one, straight apostrophes, no bold marks or direction
// marks around it.
func Fold(s string) string {
	if plain(s) {
		return strings.ToLower(s)
	}
	var sb strings.Builder
	sb.Grow(len(s))
	blank := true
	for _, r := range s {
		switch {
		case r == '’' || r == '`' || r == 'ʼ':
			r = '\''
		case r == 'ı': // capitals do not tell these two from their like
			r = 'i'
		case r == 'ς':
			r = 'σ'
		case Invisible(r) || r == '*':
			continue
		case r >= 0x064B && r <= 0x0652 || r == 0x0640: // Arabic vowel signs and stretching: some write them
			continue
		case r > unicode.MaxASCII && unicode.IsDigit(r):
			r = digit(r)
		case unicode.IsSpace(r):
			if !blank {
				sb.WriteByte(' ')
			}
			blank = true
			continue
		}
		blank = false
		sb.WriteRune(unicode.ToLower(r))
	}
	return strings.TrimSpace(sb.String())
}

// zeros are the digits zero of the scripts that mail programs write dates in;
// the other nine follow each of them.
var zeros = [...]rune{0x660, 0x6F0, 0x966, 0x9E6, 0xE50, 0x17E0, 0x1040, 0xFF10}

// digit gives the ASCII digit of the same value, or r itself.
func digit(r rune) rune {
	for _, zero := range zeros {
		if r >= zero && r <= zero+9 {
			return '0' + r - zero
		}
	}
	return r
}

// plain tells whether nothing but the case of a text can differ from its folded
// form: ASCII without marks, doubled or outer blanks. Most of what is asked is.
func plain(s string) bool {
	last := byte(' ')
	for i := range len(s) {
		c := s[i]
		if c >= utf8.RuneSelf || c == '*' || c == '`' || c < ' ' || c == ' ' && last == ' ' {
			return false
		}
		last = c
	}
	return last != ' '
}

// Invisible tells whether a rune is a direction mark or another of zero width.
func Invisible(r rune) bool {
	return r >= 0x200B && r <= 0x200F || r >= 0x202A && r <= 0x202E || r >= 0x2060 && r <= 0x2069 || r == 0xFEFF || r == 0xAD
}
