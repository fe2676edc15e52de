// Package wiring puts the services together, in one place for both homes, for the
// command line's tools and for the tests.
//
// A service knows no other: where one hands over to another it declares a small
// interface, and here is who fills it in. So what is wired in a test is what is wired
// in a function, and a new part of a service's is named once.
//
// There is a function for each part of the system, and each makes no more than that
// part needs: a Lambda function that only sends links nothing of what reads mail.
// All of them take one home.Home, and share it.
//
// No two services need each other. What lets held mail go on (inbound.Held) is what
// takes in mail without the answers to our questions, for none of those is ever held;
// so who takes those answers (confirm) can have the one and be had by the other.
package wiring
