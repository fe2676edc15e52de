// Package fuse turns what scorers found into a ranking, and a ranking into a confidence.
//
// It knows neither words nor articles: an Evidence is a row of numbers, one a Scorer, and
// an article is a place. Weights are the constants, fitted by shared/kb/fit; Order ranks
// candidates by them and says how sure the first is (confidence.go). A Calibration is how
// a team's own history refines them: what an index said of mails that were hidden from it,
// and which article was sent (calibration.go). A Pool is what many mails look like together.
package fuse
