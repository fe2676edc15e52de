// Package packed keeps mail in a half to a quarter of its size.
//
// A mail is text twice, plain and HTML, and one that we compose is kept for each agent.
// It is Zstandard (RFC 8878), so that anybody can look at one (zstdcat). A file that
// begins otherwise is as it was written, or packed by gzip, as those of before are. A
// mail begins with the name of a field, so none can be taken for the other.
//
// Behind what is packed a note may stand ([Note]), which is no part of it.
package packed
