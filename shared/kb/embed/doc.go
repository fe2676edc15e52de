// Package embed turns an English sentence into a vector that stands for its
// meaning: sentences that ask the same in other words come out close.
//
// The model is all-MiniLM-L6-v2 (Wang et al., "MiniLM", 2020; trained for
// sentences by Reimers and others): 27,732 WordPiece pieces, six transformer
// layers, 384 numbers out. minilm.bin holds it with a byte for each weight;
// convert.py made it from the published package and says how the file is laid
// out; minilm.LICENSE is its licence. docs/suggestions.md says what it is worth,
// and what smaller models were.
//
// It runs in plain Go, on one core, without vector instructions, which Go does
// not offer on the machines this is for. Weights and activations are whole
// numbers, so three products fit into one multiplication of 64 bits: three
// weights stand in one word, 21 bits apart, and a sum of 64 products stays
// below 2^20 (see multiply.go). A piece of a word costs about two milliseconds.
package embed
