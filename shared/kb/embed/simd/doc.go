// Package simd is what a sentence encoder does between its products (package matmul):
// attention, the activation function, and numbers to bytes and back.
//
// Once the products are made by the processor's own instructions, half of the time goes
// here, and with long passages more: each piece of a word attends to each other. Go's
// compiler does one number at a time, so amd64 has kernels of AVX2, eight numbers each:
//
//	Attend      eight queries side by side: their products with the keys, the
//	            exponentials, and the mean of the values
//	GELU        two looks into a table, and a straight line between them
//	Quantise    the largest of a row, and the row in units of it
//	Dequantise  sums of products as numbers again
//
// Plain Go is the reference, and what all other machines use. Each kernel gives the
// same numbers to the last bit: it adds in the same order, one lane for each of the
// reference's sums, and nothing is fused, for what could be is written as
// float32(x*y) + z. So vectors that were stored on one machine are of use on another.
// Tests hold every kernel to plain Go.
package simd
