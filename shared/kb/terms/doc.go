// Package terms reads a text as words, as the knowledge base compares texts:
// without greeting, quoted mail and signature (clean.go), in words brought to one form
// (words.go), as weighed features (features.go), and against many other texts at once
// (postings.go; terms.go for BM25).
//
// A feature is a word, a pair of neighbours, or a piece of three to five characters,
// known by its hash. How much it weighs is told by how rare it is among the texts
// that it is compared with. Nothing here knows an article, a model or a history: texts
// come in, and vectors and cosines go out. The same texts give the same numbers.
package terms
