// Package schedule does what falls due by itself, and writes the mails that tell of
// it. Nobody asked for them just then, so each is written once, whatever happens: it
// is recorded in one change with the conversation that says that it was, under an id
// that follows from its reason. A run that comes twice, is cut off, or meets another
// one finds it done.
//
// Two things are looked at. Conversations whose own time has come (silence has solved
// them, an agent put them off till now) are found by an index over that time, so
// nothing is scanned. And all who wait are gone through, once a minute: what they
// were promised follows from the settings and the hours, and is reckoned anew each
// time; see package waiting. They are as many as the backlog, never as many as
// the customers.
//
// Whoever changes a conversation meanwhile wins: the version that it was read with no
// longer holds, and the next run looks again.
package schedule
