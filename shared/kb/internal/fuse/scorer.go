package fuse

import (
	"fmt"
	"slices"
)

// Scorer is one way to say how well an article fits a mail.
type Scorer int

// The scorers. Their names in files are in scorerNames.
const (
	ByTerms        Scorer = iota // BM25 over the fields, as a share of what could be reached
	ByTitle                      // cosine of words and pairs with the title and topics
	ByTitlePart                  // cosine of pieces with them
	ByText                       // cosine of words with the whole article
	ByTextPart                   // cosine of pieces with it
	ByTitleSense                 // embedding: title
	ByPassage                    // embedding: the best passage, each read together with the title
	ByMail                       // nearest past mail, words
	ByMailPart                   // nearest past mail, pieces
	ByMails                      // share among the nearest past mails
	ByArticleMails               // the article's past mails as one text
	ByMailSense                  // embedding: nearest past mail, or the title
	BySenses                     // embedding: share among the nearest past mails
	ByCentre                     // embedding: the mean of its past mails and the title
	ByLearnt                     // log probability by the classifier
	ByOften                      // how often it is sent
	ByWeight                     // what the classifier weighed, not against the others
	ByKnown                      // share of the mail's words that anything here has; the same for all
	ByTitled                     // whether the article has a title
	Scorers
)

var scorerNames = [Scorers]string{"terms", "title", "title-part", "text", "text-part", "title-sense", "passage", "mail", "mail-part",
	"mails", "together", "mail-sense", "senses", "centre", "learnt", "often", "weight", "known", "titled"}

// MarshalText names a scorer.
func (s Scorer) MarshalText() ([]byte, error) { return []byte(scorerNames[s]), nil }

// UnmarshalText finds a scorer by its name.
func (s *Scorer) UnmarshalText(name []byte) error {
	i := slices.Index(scorerNames[:], string(name))
	if i < 0 {
		return fmt.Errorf("there is no scorer %q", name)
	}
	*s = Scorer(i)
	return nil
}

// Scores is what the scorers say of one article, each in its own unit.
type Scores [Scorers]float64
