// Package embed turns a sentence into a vector that stands for its meaning:
// sentences that ask the same in other words come out close.
//
// It reads and runs models; each model is a package of its own, so that a program
// carries those that it ranks with: minilm for English, e5 for a hundred languages.
// Both are transformers that read a sentence as a whole (Devlin et al., 2019).
// docs/suggestions-figures.md says what they are worth, and what others were.
//
// It runs on one core. Weights and activations are whole numbers of a byte, and
// they are multiplied by the processor's own instructions for bytes (package
// matmul), exactly, and what stands between keeps its order of adding (package simd): a sentence has the same vector, to the bit, on amd64 and arm64,
// so that vectors stored by one are of use to the other. What could be rounded
// otherwise there is written as float32(x*y) + z, which Go never fuses. A piece of
// a word costs 0.08 milliseconds in minilm, twice that in e5.
package embed
