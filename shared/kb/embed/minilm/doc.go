// Package minilm is the English sentence encoder: all-MiniLM-L6-v2 (Wang et al.,
// "MiniLM", 2020; trained for sentences by Reimers and others), 27,732 WordPiece
// pieces, six layers, 384 numbers out, a byte a weight. convert.py made minilm.bin
// from the published package; minilm.LICENSE (Apache-2.0) is its licence.
//
// It is a package of its own, so that only programs that rank carry its 22 MB.
package minilm
