package topics

import (
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/replywell/replywell/shared/kb/terms"
)

// Background is what any mail of the desk is like.
type Background struct {
	Words map[string]int // in how many mails a word's stem is
	Mails int
}

// Background is that of all mails in the book.
func (b *Book) Background() Background { return Background{b.Words, b.Mails} }

// Text is a mail without personal data.
type Text struct{ Subject, Text string }

const (
	// longestName and shortestName bound a name, in words.
	longestName, shortestName = 7, 2
	// mostNamed is how many mails a name is looked for in.
	mostNamed = 60
	// sharedBy is the least share of the mails that a word of a name stands in, and
	// least two of them.
	sharedBy = 0.1
	// longWord is from how many stems on a word is a phrase by itself: some scripts
	// write no spaces.
	longWord, mostRunes = 4, 60
	// lengthens is for how little a phrase's length counts against it; cutOff is what a
	// phrase is worth that was cut off in the midst of words that say something.
	lengthens, cutOff = 3.0, 0.8
)

// Stems are the words of a mail as backgrounds count them, each once.
func Stems(t Text) (out []string) {
	seen := map[string]bool{}
	for _, s := range terms.Sentences(t.Subject, t.Text) {
		for _, w := range s.Words {
			if !seen[w.Stem] {
				seen[w.Stem] = true
				out = append(out, w.Stem)
			}
		}
	}
	return out
}

// Name gives a few words in a row that the mails of a topic have, and that tell it from
// the desk's other mails; the mails that stand nearest to its middle come first. Each word
// that says something stands in more than one mail. "" where there is no such phrase.
func Name(mails []Text, bg Background) string {
	mails = mails[:min(len(mails), mostNamed)]
	n := namer{in: map[string]int{}, of: len(mails), bg: bg}
	for _, m := range mails {
		for _, w := range Stems(m) {
			n.in[w]++
		}
	}
	best, name := 0.0, ""
	for i, m := range mails {
		// Of two that are as good the nearer one is taken.
		near := 1 - 0.2*float64(i)/float64(len(mails))
		for _, s := range terms.Sentences(m.Subject, m.Text) {
			if s.Weight < 1 {
				continue
			}
			for _, clause := range clauses(s.Text) {
				if phrase, worth := n.best(clause); worth*near > best+1e-9 {
					best, name = worth*near, phrase
				}
			}
		}
	}
	if name == "" {
		return ""
	}
	if name == strings.ToUpper(name) && strings.ContainsRune(name, ' ') { // somebody shouted
		name = strings.ToLower(name)
	}
	r, size := utf8.DecodeRuneInString(name)
	return string(unicode.ToUpper(r)) + name[size:]
}

// stop reports whether a word says little by itself.
func (w word) stop() bool {
	return !slices.ContainsFunc(w.stems, func(s terms.Word) bool { return !s.Stop })
}

type namer struct {
	in map[string]int // in how many of the mails a stem is
	of int
	bg Background
}

// word is a word of a clause as it is written, with the stems in it: more than one in
// scripts without spaces.
type word struct {
	written string
	stems   []terms.Word
	tells   float64 // of all stems, how much they tell the topic from others
	own     bool    // no other mail has one of its stems
}

// tells is how much a stem tells the topic from other mails: the share of the topic's
// mails that have it, times the logarithm of how much larger that is than the share of
// all.
func (n namer) tells(w terms.Word) float64 {
	in := float64(n.in[w.Stem]) / float64(n.of)
	all := (float64(n.bg.Words[w.Stem]) + 1) / (float64(n.bg.Mails) + 20)
	if in <= all || w.Stop && in < 3*all {
		return 0
	}
	worth := in * math.Log(in/all)
	if w.Stop || terms.AnyMailSays(w) {
		worth *= 0.3
	}
	return worth
}

// best is the best phrase of a clause. A phrase begins and ends with words that tell.
func (n namer) best(clause string) (phrase string, worth float64) {
	var words []word
	for _, f := range strings.Fields(clause) {
		w := word{written: strings.TrimFunc(f, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })}
		w.stems = terms.Words(w.written, 40)
		for _, s := range w.stems {
			w.tells += n.tells(s)
			most := max(2, int(math.Ceil(sharedBy*float64(n.of))))
			w.own = w.own || !s.Stop && n.in[s.Stem] < most
		}
		if w.written != "" {
			words = append(words, w)
		}
	}
	for from, first := range words {
		if first.tells == 0 || first.own {
			continue
		}
		sum, said := 0.0, map[string]bool{}
		for to := from; to < min(len(words), from+longestName); to++ {
			w := words[to]
			if w.own {
				break
			}
			for _, s := range w.stems {
				if !said[s.Stem] {
					said[s.Stem] = true
					sum += n.tells(s)
				}
			}
			count := to - from + 1
			if w.tells == 0 || count < shortestName && len(w.stems) < longWord {
				continue
			}
			// Words that tell nothing make it longer, and are needed to read it.
			x := sum / math.Sqrt(float64(count)+lengthens)
			if from > 0 && !words[from-1].stop() {
				x *= cutOff
			}
			if to+1 < len(words) && !words[to+1].stop() {
				x *= cutOff
			}
			if x > worth {
				var written []string
				for _, w := range words[from : to+1] {
					written = append(written, w.written)
				}
				if p := strings.Join(written, " "); utf8.RuneCountInString(p) <= mostRunes {
					phrase, worth = p, x
				}
			}
		}
	}
	return phrase, worth
}

// clauses cuts a sentence where its parts end, and at what was taken out of it.
func clauses(s string) []string {
	for {
		open := strings.IndexByte(s, '[')
		shut := strings.IndexByte(s, ']')
		if open < 0 || shut < open {
			break
		}
		s = s[:open] + ";" + s[shut+1:]
	}
	return slices.DeleteFunc(strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(",;:!?()\"“”„«»。、，！？…\n", r) }), func(c string) bool { return strings.TrimSpace(c) == "" })
}
