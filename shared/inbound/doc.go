// Package inbound takes in every mail that arrives, and decides what it is.
//
// A mail comes as a [Delivery]: the envelope and the verdicts of the receiving
// service, which can be trusted, and the key of the raw bytes, which cannot.
// [Service.Receive] records what becomes of it together with all that follows, in
// one write. Nothing is thrown away: whatever is decided, the raw mail stays, and
// the record says why.
//
// # A line of values
//
//	Delivery, bytes  -> identify.Read     -> identify.Facts     who and what it is; pure
//	Facts            -> Store.Lookup, find -> thread.Found      what the store knows of what it names
//	Facts, Found     -> thread.Decide     -> thread.Decision    what becomes of it, with its evidence; pure
//	Decision         -> record            -> one store.Change   and its letters; the only step that writes
//
// Each step takes values and gives values; no step reaches back. The decision may
// be that one more thing has to be read (thread.Need): then find reads it, and it
// is decided again. What was decided is one of the types of package thread, and
// record has one branch for each.
//
// The order of the questions, and of the evidence, stands in package thread; what
// is believed of a mail, in package identify.
//
// # What a message does
//
// A message is made of the facts and the decision, and changes its conversation
// (message.go); ready answers are looked for (suggest.go); agents are told
// (notification.go), and the customer of a new conversation may get an
// acknowledgement (acknowledge.go). What no person wrote is kept in its
// conversation and shown to agents. It changes nothing about whose turn it is,
// reopens nothing, and is not counted as a concern. And no mail, automatic or not,
// makes this package write to anyone who is not a configured agent, but for the
// acknowledgement and for a reader of the weekly report.
//
// # Held mail
//
// What a check held, a person may release: [Service.Release] takes the same line
// with that check passed, [Service.Drop] ends it, and [Service.Checked] takes it
// once more when DNS has answered after all.
//
// # Twice, and at the same time
//
// A delivery may come any number of times. The record under the receiver's id
// is written once, with everything that follows from it; a second write fails
// as a whole. A mail that meets another change of its conversation is looked up
// and decided again. A new mail of a customer's costs three requests to the store,
// and so does a reply; the tests count them.
package inbound
