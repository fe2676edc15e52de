// Package drafting says what a language model is asked for, and which of its
// answers a person may see. It calls nothing: the call is made by shared/cloud.
//
// A draft is an offer to an agent, below the articles in the agent's own mail. It
// is never sent by itself, and nothing waits for it longer than a few seconds.
//
// What customers write and what articles say is data. It stands between marks
// that nobody can know beforehand, and the model is told that nothing there is an
// instruction. That is asked, not enforced, so an answer is believed in nothing:
// [Accept] lets it through only where it cites one of the articles that were
// given, cites no other, and names no address, link or long number that neither
// the cited articles nor, for numbers, the mail has. The model has no tools and is
// given no internal article, no note and no earlier message: the worst that a mail
// which turns the model can bring about is a bad draft that a person reads.
package drafting
