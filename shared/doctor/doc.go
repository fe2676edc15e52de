// Package doctor looks at everything that a desk depends on and that nobody sees
// until mail stays away: DNS, the account that sends, the queues, the clock.
//
// A Finding is one line for a person: the state, why it matters, what to do
// next. What only DNS can tell is asked here, in the same way for both homes;
// what a home knows of itself (AWS, one machine) it looks at and adds. Nothing is
// changed by looking, and no mail is sent.
//
// There are four states. Good needs no words. A Warning works today and will not
// always. Bad does not work now. Unknown could not be looked at, which is a
// finding of its own: whoever has no right to look must not read "all is well".
package doctor
