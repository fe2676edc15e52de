// Package embed turns an English sentence into a vector that stands for its
// meaning: sentences that ask the same in other words come out close.
//
// Two models work together. Table is static: a vector for each of 27,729 pieces
// of words, distilled from all-MiniLM-L6-v2 (distil.py), added up; it costs
// microseconds. Model is an encoder that reads the sentence as a whole, about a
// millisecond a word; Joint sets their vectors side by side. docs/suggestions.md
// says what each is worth.
//
// The encoder is the Universal Sentence Encoder, lite (Cer et al., 2018): 8,000
// SentencePiece pieces, two transformer layers, 512 numbers out. uselite.bin
// holds it with a byte for each weight; convert.py made it from the published
// package and says how the file is laid out; uselite.LICENSE is its licence.
//
// It runs in plain Go, on one core, without vector instructions, which Go does
// not offer on the machines this is for. Weights and activations are whole
// numbers, so three products fit into one multiplication of 64 bits: three
// weights stand in one word, 21 bits apart, and a sum of 64 products stays
// below 2^20 (see multiply.go). The result is the same on every machine.
package embed
