// Package schedule does what falls due by itself.
//
// A conversation that was answered and hears nothing more counts as solved
// after a time that the team sets. Each conversation carries the moment at
// which to look at it next, and an index finds those whose moment has come;
// nothing is scanned. Whoever changes a conversation meanwhile wins: the
// version it was read with no longer holds, and the next run looks again.
package schedule
