// Package asks recognises two things that a mail or an answer asks for, where a
// machine is about to speak by itself: a customer who asks for a person, and an
// answer that begins by asking for something.
//
// The words are data, in the files of package language ([person] to [asking]). Both questions err on one
// side: who is taken to ask for a person is answered by one all the same, and an
// answer that is not offered by itself is offered to an agent.
package asks
