package fuse

import (
	_ "embed"
	"encoding/json"
	"hash/crc32"
	"slices"
)

// Weights are the constants that turn evidence into a ranking and a ranking
// into a confidence. They are fitted by shared/kb/fit, never by hand.
type Weights struct {
	Scorers []Scorer  `json:"scorers"` // those that have a say, see Features
	Rank    []float64 `json:"rank"`    // of the features
	Level   []Scorer  `json:"level"`   // whose sum says how much of a mail an article is about, see Signs
	Near    Scorer    `json:"near"`    // says how like a mail is to one that was answered
	Low     float64   `json:"low"`     // a level that mails without an answer have, see Pool
	First   []float64 `json:"first"`   // of Signs.FirstAmong
	Fits    []float64 `json:"fits"`    // of Signs.FitsAmong

	// The same where nothing is known of other mails, of Signs.First and Signs.Fits.
	FirstAlone []float64 `json:"firstAlone"`
	FitsAlone  []float64 `json:"alone"`

	Apart     Apart   `json:"apart"`     // the signs that First and Fits are of
	Threshold float64 `json:"threshold"` // least confidence that is shown
}

// NewWeights gives weights that rank by some scorers, before anything is fitted,
// for an index with an embedding model or without one.
func NewWeights(scorers []Scorer, sense bool) *Weights {
	w := &Weights{Scorers: scorers, Rank: make([]float64, 2*len(scorers)), Apart: ByStanding}
	if sense {
		w.Level, w.Near, w.Low = []Scorer{ByMailSense, ByPassage}, ByMailSense, 0.75
	} else {
		w.Level, w.Near, w.Low = []Scorer{ByTitle, ByText}, ByMail, 0.15
	}
	return w
}

//go:embed fitted.json
var fittedJSON []byte

//go:embed fitted-words.json
var fittedWordsJSON []byte

//go:embed fitted-wide.json
var fittedWideJSON []byte

// fitted are the constants with the English embedding model, fittedWide those with the
// wide one, fittedWords those without any.
var Fitted, FittedWide, FittedWords = readWeights(fittedJSON), readWeights(fittedWideJSON), readWeights(fittedWordsJSON)

// fittedAcross are the wide model's constants for mail in another language than the
// articles'. Its confidence carries over less well than any other, so more of it is
// asked: what no language is (names, slang, romanised words) comes here as well. The past
// mails nearest in meaning have a say from the start: a history in another language has
// no words to go by, and a classifier that learnt from it reads less than they do.
var FittedAcross = func() *Weights {
	w := *FittedWide
	w.Threshold = max(w.Threshold, acrossThreshold)
	w.Rank = slices.Clone(w.Rank)
	w.Rank[2*slices.Index(w.Scorers, BySenses)+1] += acrossSenses
	return &w
}()

const (
	acrossThreshold = 0.65
	// acrossSenses is how much BySenses counts with a full history. It was chosen on German
	// and Japanese mail; docs/suggestions-figures.md says what it is worth in other languages.
	acrossSenses = 4
)

func readWeights(data []byte) *Weights {
	w := &Weights{}
	if err := json.Unmarshal(data, w); err != nil {
		panic("the fitted constants are part of the program: " + err.Error())
	}
	return w
}

// Sum is the constants' checksum, for what was made with them.
func Sum() uint32 {
	sum := crc32.ChecksumIEEE(fittedJSON)
	return crc32.Update(crc32.Update(sum, crc32.IEEETable, fittedWordsJSON), crc32.IEEETable, fittedWideJSON)
}
