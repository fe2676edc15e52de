// Package storetest gives tests of services a desk to work on: the real store
// on a file of its own, blobs in memory, the sample settings, keys that stay
// the same, and a clock that moves only when told to.
//
// It is for tests alone, and nothing else imports it. What differs from a team's own
// desk is what a test must decide: the time, the randomness, and that nothing is kept.
package storetest
