// Package reply does what an agent's mail asks for.
//
// Whoever calls Carry has made sure that the mail is an agent's: it came to a
// reply address that was signed for this agent and this conversation, the
// receiving service vouches for its sender, and the sender is that agent. From
// there on it goes along a line, and each step hands a value to the next:
//
//  1. look: the settings, and the conversation as the agent knows it.
//  2. read: what the mail asks for (orders.Read), or what is asked back. The mail
//     itself is not looked at after that: its text, files and leave are in the request.
//  3. gather: what its orders need to be decided. Nothing is read after that but
//     what a mail to a customer is compared with.
//  4. decide: pure, from facts and request. Each order is a command (package commands) that adds to one
//     plan; the text goes to the customer or to the team; and what speaks against
//     it is a refusal, or the mail waits for the agent's word.
//  5. record: one change. The answer is a mail of its own, from the support
//     address, in the customer's own thread. Nothing of the agent's mail is passed
//     on as it came: not its headers, not its quotes, not its HTML unsanitised.
//     What would leave is compared with all that must not reach the customer
//     (package guard); what is found is a refusal. With it are written what became
//     of the mail, the conversation's new state, the events, and the word to the
//     agent's colleagues so that two do not answer one question.
//
// A refusal is recorded in the same way, and the agent gets a mail that says
// what happened, why, and what to do next, with the text that was written.
//
// The values that pass from one step to the next are in values.go, and the line itself
// is in carry.go; each other file is one step or one thing, and no two need each other.
package reply
