// Package inbound takes in every mail that arrives, and decides what it is.
//
// A mail comes as a [Delivery]: the envelope and the verdicts of the receiving
// service, which can be trusted, and the key of the raw bytes, which cannot.
// [Service.Receive] reads it, asks a fixed list of questions, and records the
// answer together with all that follows from it, in one write. Nothing is
// thrown away: whatever is decided, the raw mail stays, and the record says why.
//
// # The questions, in their order
//
//  1. Was this delivery processed before? Then the answer of then is the answer.
//  2. Does the receiving service call it a virus or spam? It is held.
//  3. Is it our own mail that came back? It is dropped: its Message-ID is one of
//     ours, as composed or as the carrier rewrote it, or it bears our mark.
//  4. Did the same mail come by another way? Then it is a duplicate.
//  5. Is it a delivery report or a complaint? Whoever wrote our mail is told.
//  6. Did it come to an agent's reply address? It is carried out if the address
//     is genuine and in time, the one From address is that agent's, and the
//     receiving service vouches for it. Otherwise it is held and the agent in
//     whose name it came is told. The sender hears nothing.
//  7. Is it a verification or one-time-code mail? It is held. So is a
//     person's mail to a customer's reply address from somebody else whom nobody vouches for.
//  8. Which conversation does it belong to? The reply address it was sent to
//     says so, else the ids of the mails it answers, the newest first, else
//     word that the same author's mail left which overtook this one. The sender must be that conversation's customer; of anybody else's mail a new
//     conversation is made, linked to the one that was named, and the agents are
//     asked. No evidence at all is a new conversation as well.
//
// Only what the envelope says counts for 6: reply addresses in To or Cc are
// words of the sender's. The first recipient that is ours decides the mailbox;
// where no recipient is, the first mailbox of the settings takes the mail, for
// it did come to us.
//
// # Who wrote
//
// Much mail is passed on by a group, a host or a web form. The person is found
// by the rules of package origin, and answers go to that person. What the
// verdicts authenticate is the From address, so a person found in any other way
// counts as not confirmed, and agents are told so. A mail that names nobody who
// could be answered is a conversation without an address: agents see it, and
// see that they cannot answer it.
//
// # What no person wrote
//
// Automatic mail is kept in its conversation and shown to agents. It changes
// nothing about whose turn it is, reopens nothing, and is not counted as a
// concern. And no mail, automatic or not, makes this package write to anyone
// who is not a configured agent.
//
// # Twice, and at the same time
//
// A delivery may come any number of times. The record under the receiver's id
// is written once, with everything that follows from it; a second write fails
// as a whole. A mail that meets another change of its conversation reads again
// and decides again. A new mail of a customer's costs three requests to the store,
// and so does a reply; the tests count them.
package inbound
