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
// It runs on one core. Weights and activations are whole numbers of a byte, and
// they are multiplied by the processor's own instructions for bytes (package
// matmul), exactly: a sentence has the same vector, to the bit, on amd64 and arm64,
// so that vectors stored by one are of use to the other. What could be rounded
// otherwise there is written as float32(x*y) + z, which Go never fuses. A piece of
// a word costs about 0.15 milliseconds.
package embed
