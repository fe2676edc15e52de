// Package golden holds what a program makes to a file that a person has looked at.
//
// Where people would rather look than read, a test compares a whole text with the one
// that stands in its package's testdata. When the new text is better, "go test -update"
// writes it there, and the difference is looked at before it is committed. Every test
// with such files uses this room, so that they all know the flag and all say in the same
// words where a text differs first.
//
// Only tests import it. It knows nothing of mail, and needs the standard library alone.
package golden
