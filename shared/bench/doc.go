// Package bench is the test bench: a desk at which a test of any service works.
//
// A [World] has the real store over an engine that counts and can fail, blobs, the
// sample team, keys that stay the same, and a clock and randomness that give the same
// in every run. [New] opens one over bbolt; [Over] takes an engine, and [OnEach] runs
// a test over both, DynamoDB's API over the wire included. A [Path] is a World with
// the services of a mail's way wired together, as programs wire them: what arrives is
// judged and carried out, and what waits is sent to a [Post], a carrier that keeps
// what it is given.
//
// What differs from a team's own desk is what a test must decide: the time, chance,
// what fails, and that nothing is kept. All else is the real thing, so that a test
// proves something of the product and not of the bench.
//
// It stands above all rooms, as programs do, and nothing but tests imports it.
package bench
