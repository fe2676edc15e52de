package desk

import (
	"math"
	"regexp"
	"strings"
	"unicode"
)

// Suggestion is an article offered to an agent.
type Suggestion struct {
	Article  string // id
	Title    string
	Passage  string  // the part that answers
	Reply    string  // the article as text that reads like mail
	Score    float64 // probability that it is the right answer, 0 to 1
	Because  string  // the customer's words that matched
	Internal bool    // for agents only: never sent to customers
	Language string  // of the article, BCP 47; "" is not said
	// Department looks after the article; "" is not said.
	Department string
	// Of the past mails most like this one (AlikeOf, 25 at most) so many (Alike)
	// were answered with this article.
	Alike, AlikeOf int
}

// PastAnswer is what a colleague wrote by hand to a mail like this one, without
// personal data. It is for agents to read, never sent by itself.
type PastAnswer struct {
	Text  string
	Day   int     // of the newest, counted from 1970
	Times int     // how many answers to such mails say about the same
	Alike float64 // how alike the mails are, from 0 to 1
}

// Reaction is what became of an article, with all that can be learnt from it.
// It holds no text.
type Reaction struct {
	Article    string
	Kind       ReactionKind
	Confidence float64 // with which the article was offered, from 0 to 1; 0: it was not
	Answer     int     // sequence of the answer that is meant, for what a customer did; else 0
}

// ReactionKind names what became of an article.
type ReactionKind string

// The reactions of an agent, and those of a customer to what was sent.
const (
	SentAsIs    ReactionKind = "sent"     // the agent sent the article as it is
	SentChanged ReactionKind = "changed"  // sent after a change
	Ignored     ReactionKind = "ignored"  // the agent answered without any article
	OtherSent   ReactionKind = "other"    // the agent sent another article
	CameBack    ReactionKind = "cameback" // it was sent, and the customer asked about the same again
	Thanked     ReactionKind = "thanked"  // it was sent, and the customer said thanks
)

// Likely rounds a probability to the precision that is kept with what was offered.
func Likely(p float64) float64 { return math.Round(max(0, min(1, p))*1e4) / 1e4 }

// Gap is a topic that agents answered by hand again and again, for want of an
// article. It holds no personal data that could be told.
type Gap struct {
	Mails        int      // how many recently
	Name         string   // a few words that its mails have
	Words        []string // what its mails have in common
	DraftArticle string   `json:"Draft"` // an article's file made of the most typical answer, for a person to review
}

// Called is what people may call it.
func (g Gap) Called() string {
	if g.Name != "" {
		return g.Name
	}
	return strings.Join(g.Words, ", ") // found by a version that gave no names
}

// DraftAnswer is an answer that a model wrote of the articles offered, for an agent to
// check. It is never sent by itself.
type DraftAnswer struct {
	Text  string
	Cites []Citation // at least one; behind what rests on it stands its number in Text, in square brackets
}

// Citation names an article that a draft rests on.
type Citation struct {
	Number  int // of the suggestion, from 1
	Article string
	Title   string
}

// What stands in an article between these marks, each on a line of its own, is
// for the team alone.
const (
	PassageOpens  = ":::internal"
	PassageCloses = ":::"
)

// MarksPassage reports whether the mark of a passage for the team alone stands
// anywhere in a text, as a person reads it: what is like a colon counts as one,
// what is not seen does not count, and a colon may be missing. What a customer is
// to read must not have one.
func MarksPassage(text string) bool {
	text = Colons(text)
	return internal.MatchString(text) && passageMark.MatchString(text)
}

// StrayMark reports whether any mark of such a passage, opening or closing, stands
// in a text that was made of an article.
func StrayMark(text string) bool {
	return strings.Contains(Colons(text), PassageCloses) || MarksPassage(text)
}

// passageMark finds the opening mark. "std::internal" is none. internal finds
// quickly where there cannot be one.
var (
	internal    = regexp.MustCompile(`(?i):\s*internal`)
	passageMark = regexp.MustCompile(`(?i):\s*:\s*:\s*internal|(?:^|[^\pL\pN_]):\s*:\s*internal`)
)

// Colons writes every sign that looks like a colon as one, and leaves out signs
// that are not seen.
func Colons(text string) string {
	if strings.IndexFunc(text, func(r rune) bool { return r > unicode.MaxASCII }) < 0 {
		return text
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r == '：' || r == '﹕' || r == '∶' || r == '꞉' || r == 'ː' || r == '︓':
			return ':'
		case unicode.Is(unicode.Cf, r):
			return -1
		}
		return r
	}, text)
}
