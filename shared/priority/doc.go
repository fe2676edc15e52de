// Package priority says in which order those who wait are answered, and why.
//
// It is one number for each who waits, reckoned from four: how much of the promised
// time has passed, how likely and how much the customer orders again, how the mail
// sounds, and what an agent said of it.
//
//	score = wait + 0.5·potential + 0.3·mood + 0.1·long-standing ± 0.5 (an agent's word)
//
// wait is the time waited over the promised time: 1 when the promise breaks, 2 when it
// has broken as long ago again. Where nothing is promised a working day is taken in its
// place. It has no upper bound, and everything else has: so nobody is overtaken for
// ever. Potential and mood are from 0 to 1. Potential weighs more than loudness, whatever
// the mail sounds like: a quiet customer of full potential comes before the loudest one
// of none who has waited as long.
//
// # The bound
//
// What is not waiting adds at most 1.4 to a score and takes at most 0.5 from it. So one
// who waits is before everybody who comes later than 1.9 of the promised time after
// them, whatever those write and however many they are, if they were promised the same;
// see [Bound]. Somebody to whom less was promised is bound by the longer time: after
// Bound of their own promise they come before everybody who has not waited for the same
// multiple of theirs.
//
// Everything here is pure. Who reads potential and mood from where is the caller's.
package priority
