// Package delivery says what it means that a mail was not taken, and says it to
// people.
//
// Mail fails in three ways that ask for three different things, and no system
// tells them apart by a bit of its own. The *route* may have trouble: our relay
// is down, wants another password, is over its quota; SES has paused the
// account. Nothing is wrong with the mail or with whom it is for, and a person
// can mend it, so all mail waits. A *recipient* may be refused: there is no such
// mailbox, or his server wants nothing of ours. An answer is over then, and its
// author must know. Or the *message* is refused, for its size or its content,
// and would be refused to anybody.
//
// [Judge] is the one place where that is decided: a table of one line a case,
// from where in the dialogue the answer came, its code, its enhanced status, the
// name that SES gives it, and what its words speak of (package automatic knows
// the words of mail systems). Most refusals in the dialogue leave a doubt, for a
// relay says "550 5.7.1 refused" to its own trouble too. What resolves it is
// whom else it was said to: [Widespread] takes the same words, said to
// recipients of several domains, for trouble of the route.
//
// [Explain] says to people what happened and what to do next, in the same words
// whether it came as an answer in the dialogue, as a delivery report by mail, or
// as an event of SES.
//
// Everything here is a function of what it is given.
package delivery
