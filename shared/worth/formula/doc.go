// Package formula reckons a customer's potential by the formula that a team wrote in its
// settings, like
//
//	0.6 * min(revenue / 20000, 1) + 0.3 * min(orders / 12, 1) + 0.1 * potential
//
// The language is expr's (github.com/expr-lang/expr): sums, comparisons, "a ? b : c",
// min, max and the like. It has no loops without an end and reaches nothing but the
// numbers below. The result is taken between 0 and 1. Whoever takes in mail hands
// [Score] to package worth; no other program links the language.
package formula
