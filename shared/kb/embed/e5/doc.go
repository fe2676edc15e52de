// Package e5 is the sentence encoder of a hundred languages: multilingual-e5-small
// (Wang et al., "Multilingual E5 Text Embeddings", 2024), 250,001 SentencePiece
// pieces, twelve layers, 384 numbers out. A question in one language comes out close
// to its answer in another. In English minilm is better, at a third of the cost.
//
// convert.py made e5.bin from a published package that has it in four bits a weight;
// e5.LICENSE (MIT) is its licence. It is a package of its own, so that only programs
// that rank carry its 60 MB.
package e5
