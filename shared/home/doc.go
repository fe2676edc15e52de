// Package home is what every service needs, as one value that a home opens once.
//
// The desk has two homes, AWS and one machine, and tests are a third. Each opens a
// [Home]: where things are kept, who is of the team, with which keys reply addresses
// are signed, what time it is. A service embeds it and adds what only that service
// needs; package wiring puts the services together.
//
// All services of a process share one Home. So a key that is read anew is known to
// all of them at once; nothing else in it changes while they run.
package home
