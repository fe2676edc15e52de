// Package kb holds the knowledge base: articles, and which of them answers a mail.
//
// An article is a Markdown file with front matter, kept by the team under
// version control. Load reads a folder of them and reports every problem at
// once. Build makes an Index of them and of the mails that were answered with
// them before; Suggest ranks the articles for a mail and says, for each, how
// likely it is the right one and which of the customer's words matched.
//
// A mail is read in four steps.
//
//  1. Clean. Greeting, quoted mail and signature are taken off, and sentences
//     that any mail could hold ("I look forward to your answer") hardly count.
//  2. Ask. Each scorer judges every article in its own way: BM25 over fields,
//     cosines of words and of pieces of words with the title and the whole text,
//     a sentence-embedding model where there is one; with a history, the nearest
//     past mails, an article's past mails taken together, and a classifier
//     trained on them. An article's title counts as a mail that it answers, so that
//     one that was never sent is not unlike every mail. evidence.go lists them;
//     past.go has those of the history.
//  3. Fuse. One linear formula over what a few scorers say ranks the articles. Its
//     weights shift from the articles' text to the history as the history grows;
//     own.go refines them, and lets more scorers have a say, by asking about parts
//     of the team's own history that it hides.
//  4. Doubt. Two logistic formulas say how likely it is that an article answers the
//     mail at all, and that the first is the one (doubt.go). How many mails have an
//     answer differs from team to team: what a team's mails look like together, and
//     which were answered by hand, tells it. Below a threshold the index is
//     silent: a wrong suggestion costs more than none.
//
// Between builds an index learns too: With makes one that trusts articles by what became
// of them, After one that also knows what was answered lately.
//
// The formulas' constants are fitted, by shared/kb/fit, on public sets;
// docs/suggestions.md has the figures, also for sets left out of the fitting.
//
// The package is pure: no clock, no network, and the same articles, history and
// mail give the same ranking in the same order. A Snapshot carries an index from
// the function that builds it to those that use it.
package kb
