// Package matmul multiplies matrices of signed bytes, exactly.
//
// A sentence encoder whose weights and activations are bytes spends nearly all
// of its time here: some 600 million products for a mail. Processors have
// instructions for just that, 16 to 64 products each, and Go's compiler gives
// none of them, so each family of processors has a kernel of a page of assembly:
//
//	amd64  AVX-512 VNNI  VPDPBUSD, bytes with bytes, summed by fours
//	amd64  AVX2          VPMADDUBSW and VPMADDWD
//	arm64  FEAT_DotProd  SDOT: Graviton2 and later, Apple's M1 and later
//	any    plain Go      where none of these is there; the reference for the others
//
// Which one is used is asked of the processor when the program starts. All sums
// are whole numbers of 32 bits and none can run over ([MostIn]), so the kernels
// give the same sums to the last bit, and vectors that were stored on one
// architecture are of use on another. Tests hold every kernel that the machine
// has against plain Go; arm64's are run under an emulator.
//
// # Layout
//
// The kernels want four bytes of one column side by side, and sixteen columns
// next to each other, so that weights are read in one straight line. [Pack]
// brings a matrix into that form once: panels of sixteen columns; in a panel, for
// each four rows, the four bytes of the first column, those of the second, and so
// on. Rows and columns are filled up with zeros to whole groups.
//
// No Go module was found that has such kernels for bytes on both architectures;
// ADR 56 says what was looked at.
package matmul
