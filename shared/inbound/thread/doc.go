// Package thread decides what becomes of a mail: the second step of package
// inbound. It is pure. A [Case] is the facts of the mail and what was found in the
// store; [Decide] gives a [Decision], or a [Need]: one more thing that has to be
// read before it can be decided. Whoever calls reads that, adds it to [Found] and
// asks again. So nothing is read that no decision needs, and every decision
// can be written down as one line of a table.
//
// # The questions, in their order
//
//  1. Does the receiving service call it a virus or spam? It is held.
//  2. Is it our own mail that came back? It is dropped: its Message-ID is one of
//     ours, as composed or as the carrier rewrote it, or it bears our mark.
//  3. Did the same mail come by another way? Then it is a duplicate.
//  4. Is it a delivery report or a complaint? Whoever wrote our mail is told.
//  5. Is it an agent's answer to a question of ours? It goes to whoever asked.
//  6. Did it come to an agent's reply address? It is carried out if the address
//     is genuine and in time, the one From address is that agent's, and the
//     receiving service vouches for it. Otherwise it is held and the agent in
//     whose name it came is told. The sender hears nothing.
//  7. Is it a verification or one-time-code mail? It is held. So is a
//     person's mail to a customer's reply address from somebody else whom nobody vouches for.
//  8. Which conversation does it belong to?
//
// # Evidence, the strongest first
//
// The reply address that it was sent to; one that its header names; the ids of the
// mails it answers, the newest first; who awaited it, because an answer to it
// or to what it answers came before; a mail with its own id; a reply address in its
// text; an id in its text. The first piece decides whose conversation the sender
// belongs to: its customer does, and whom an agent admitted. Of anybody else's mail
// a new conversation is made, linked to the one that was named, and the agents are
// asked. Where nothing is named, the sender's own conversation of the same subject
// takes it, within a window; else a new one is opened.
//
// A token or an id proves nothing about who wrote, so no evidence opens a
// conversation to anybody. All evidence stays with the message.
package thread
