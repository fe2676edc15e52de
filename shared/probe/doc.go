// Package probe writes to the desk from the desk, and sees whether that arrives.
//
// A desk that nobody writes to and a desk that mail does not reach look alike from
// inside. So one mail goes the whole way now and then: it is recorded in the
// outbox, sent like an answer, carried by whatever carries mail, received, and
// comes to the same door as a customer's. There it is known again, by an address
// that only this desk can have made (a token of replyaddr with the purpose Probe:
// a MAC, the time of sending, an expiry), and goes no further: it is no mail of the
// store, no conversation, and in no figure.
package probe
