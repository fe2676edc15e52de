// Package kb holds the knowledge base: articles, and which of them answers a mail.
//
// An article is a Markdown file with front matter, kept by the team under
// version control. Load reads a folder of them and reports every problem at
// once. New builds an Index; Suggest ranks the articles for a customer's words
// and says, for each, which words matched, so that an agent sees why.
//
// The ranking is fielded BM25 (Robertson and Zaragoza, "The Probabilistic
// Relevance Framework: BM25 and Beyond", 2009): a rare word counts more than a
// common one, a word in the title more than one in the body, and repeating a
// word counts less each time. An article that shares too little of the mail's
// weight is not suggested: a wrong suggestion costs more than none.
//
// The package is pure: no clock, no network, and the same articles and words
// give the same ranking in the same order. A Snapshot carries an index from the
// function that builds it to those that use it.
package kb
