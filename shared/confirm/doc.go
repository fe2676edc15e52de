// Package confirm takes the answers to questions that were put to one agent.
//
// Some things are not done at a word: what destroys or joins conversations, what
// came in an agent's name without proof, what the receiving service took for
// spam. The change that would do it writes a desk.Confirmation instead, and a
// letter to the agent's stored address, whose Reply-To is signed for this one
// question. Whoever answers with the right word has read that mailbox.
//
// # What an answer must be
//
// inbound has seen to it that the mail came to an address signed for this agent,
// that its one From address is that agent's, and that no mail program wrote it.
// Here the rest is asked: the question waits and is not too old, the domain
// vouches for the mail (except where that was the one thing the held mail
// missed), and the first line of the agent's own new text is one of the words.
// Programs that follow links, or answer whatever comes, say no such word.
//
// # Once
//
// The effect, the used-up confirmation and the record of the mail that answered
// are one change, with a condition on each. So a crash leaves all or nothing of
// it, a repeated delivery finds itself done, and of two answers at the same time
// one finds the question answered. A list of held mail can be answered more than
// once; there each held mail is what is used up.
//
// # Who does it
//
// This package knows no effect. It hands each kind to whoever does it, with the
// change to add to: held mail goes back to inbound, which judges it anew; what
// concerns a conversation goes to reply. They meet in main.
package confirm
