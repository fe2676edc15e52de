// Package packed keeps mail in a half to a quarter of its size.
//
// A mail is text twice, plain and HTML, and one that we compose is kept for each agent.
// It is gzip, so that anybody can look at one (zcat). A file that begins otherwise is as
// it was written, as those of before are. A mail begins with the name of a field, so
// none can be taken for the other.
package packed
