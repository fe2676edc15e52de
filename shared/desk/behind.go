package desk

import "slices"

// MaxBehind is how many conversations a report remembers of each of its figures.
const MaxBehind = 12

// mostBehind bounds what a question remembers of a report, in bytes as the store keeps
// it: an item takes 350 KB, with what the question itself says.
const mostBehind = 300_000

// Remembered is what a question can remember of a report. That of a desk with some fifty
// mailboxes and more remembers fewer conversations of each figure; of hundreds, none of
// some, and then not the last figures.
func Remembered(all []Behind) []Behind {
	most, size := MaxBehind, 0
	weigh := func(b Behind, most int) (n int) {
		n = 120 + len(b.Figure) + len(b.Label) + len(b.What) + len(b.Mailbox) + len(b.Name)
		for _, id := range b.Conversations[:min(len(b.Conversations), most)] {
			n += len(id) + 3
		}
		return n
	}
	sum := func(most int) (n int) {
		for _, b := range all {
			n += weigh(b, most)
		}
		return n
	}
	for most > 0 && sum(most) > mostBehind {
		most--
	}
	if most == MaxBehind {
		return all
	}
	var out []Behind
	for _, b := range all {
		if size += weigh(b, most); size > mostBehind {
			break
		}
		b.Conversations = b.Conversations[:min(len(b.Conversations), most)]
		out = append(out, b)
	}
	return out
}

// The figures behind which conversations stand.
const (
	FigureWaiting     = "waiting"
	FigurePromises    = "promises"
	FigureFirst       = "first-answer-half"
	FigureNotAtFirst  = "solved-at-first-answer"
	FigureCameBack    = "came-back-within-7-days"
	FigureSaid        = "said"
	FigureAtRisk      = "at-risk"
	FigureWon         = "won"
	FigureReopened    = "reopened"
	FigureExchanges   = "exchanges"
	FigureContacts    = "contacts"
	FigureHands       = "changed-hands"
	FigureSolved      = "solved"
	FigureOpened      = "opened"
	FigureTaken       = "suggestions-taken"
	FigureChanged     = "suggestions-changed"
	FigureIgnored     = "suggestions-ignored"
	FigureOnDefect    = "suggestions-on-defects"
	FigureAsked       = "asked-again-after-article"
	FigureThanks      = "thanks"
	FigureBounced     = "bounced"
	FigureTopic       = "topic " // the beginning of a rise's name
	FigureArticleSent = "articles-sent"
	FigureAnswered    = "answered" // no report has it; it tells whether several people answered
)

// Draw keeps at most MaxBehind of the conversations that it is given, as their numbers:
// the lowest ones. A conversation's id is random, so that is a drawing by lot, and one
// that comes out the same in whatever order, and however often, they are given.
type Draw []uint64

// Add takes one in.
func (d *Draw) Add(number uint64) {
	if n := len(*d); n == MaxBehind && number >= (*d)[n-1] || number>>63 != 0 {
		return
	}
	at, there := slices.BinarySearch(*d, number)
	if there {
		return
	}
	*d = slices.Insert(*d, at, number)
	if len(*d) > MaxBehind {
		*d = (*d)[:MaxBehind]
	}
}

// Longest keeps at most MaxBehind conversations with the largest values; of equal ones,
// those with the lowest numbers. Each is added once.
type Longest []longest

type longest struct {
	number uint64
	value  int64
}

// Add takes one in.
func (l *Longest) Add(number uint64, value int64) {
	if number>>63 != 0 {
		return
	}
	at := len(*l)
	for at > 0 && ((*l)[at-1].value < value || (*l)[at-1].value == value && (*l)[at-1].number > number) {
		at--
	}
	if at == MaxBehind {
		return
	}
	*l = slices.Insert(*l, at, longest{number, value})
	if len(*l) > MaxBehind {
		*l = (*l)[:MaxBehind]
	}
}

// Numbers are those of the conversations, the largest value first.
func (l Longest) Numbers() (out Draw) {
	for _, x := range l {
		out = append(out, x.number)
	}
	return out
}
