// Package kb says which article answers a mail, and how sure that is.
//
// Build makes an Index of a team's articles and of the mails that were answered with
// them before; Suggest ranks the articles for a mail and says, for each, how likely it is
// the right one and which of the customer's words matched. Articles themselves are package
// article's.
//
// A mail goes through an index as a line of values (find.go):
//
//  1. Read. Greeting, quoted mail and signature are taken off (package terms), and
//     sentences that are about nothing that is answered here hardly count.
//  2. Ask. Each scorer judges every article in its own way: BM25 over fields,
//     cosines of words and of pieces of words with the title and the whole text,
//     a sentence-embedding model where there is one; with a history, the nearest
//     past mails, an article's past mails taken together, and a classifier
//     trained on them. An article's title counts as a mail that it answers, so that
//     one that was never sent is not unlike every mail (internal/evidence).
//  3. Fuse. One linear formula over what a few scorers say ranks the articles. Its
//     weights shift from the articles' text to the history as the history grows; a team's
//     own history refines them, and lets more scorers have a say (internal/fuse).
//  4. Doubt. Two logistic formulas say how likely it is that an article answers the
//     mail at all, and that the first is the one. How many mails have an
//     answer differs from team to team: what a team's mails look like together, and
//     which were answered by hand, tells it.
//  5. Trust. An article that disappoints falls behind (learn.go). Below a threshold the
//     index is silent: a wrong suggestion costs more than none.
//
// Between builds an index learns too: WithLearned makes one that trusts articles by what
// became of them, WithRecent one that also knows what was answered since.
//
// The formulas' constants are fitted, by shared/kb/fit, on public sets;
// docs/suggestions-figures.md has the figures, also for sets left out of the fitting.
//
// The package is pure: no clock, no network, and the same articles, history and
// mail give the same ranking in the same order. A Snapshot carries an index from
// the function that builds it to those that use it.
package kb
