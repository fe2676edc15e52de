// Package reply does what an agent's mail asks for.
//
// Whoever calls Carry has made sure that the mail is an agent's: it came to a
// reply address that was signed for this agent and this conversation, the
// receiving service vouches for its sender, and the sender is that agent. From
// there on:
//
//  1. Read the order: commands at the top of the agent's own new text, from a
//     closed list, and the text below them (orders.Read). A word that is no
//     command means that nothing is sent.
//  2. Decide, before anything is written, what is to happen: an answer, a note,
//     an article, a closing; or a refusal with its reason.
//  3. Write the answer as a mail of its own, from the support address, in the
//     customer's own thread. Nothing of the agent's mail is passed on as it
//     came: not its headers, not its quotes, not its HTML unsanitised.
//     What would leave is compared with all that must not reach the customer
//     (package guard); what is found is a refusal.
//  4. Record all of it at once: what became of the mail, the message, the
//     conversation's new state, the events, the mail to the customer, and the
//     word to the agent's colleagues so that two do not answer one question.
//
// A refusal is recorded in the same way, and the agent gets a mail that says
// what happened, why, and what to do next, with the text that was written.
package reply
