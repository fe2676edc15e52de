// Package measure says how sure a figure is.
//
// A report of a small team is made of small numbers, and small numbers lie: one
// solved of one is a hundred percent, and half within 26 minutes is true of those
// who were answered, while fifty others still wait. So two things are reckoned
// here as those do who have to be right about them.
//
// Times are of everybody. Who still waits has waited at least so long, which is
// knowledge (a censored observation), and Kaplan and Meier's estimate uses it. Who
// was waiting already when the week began is counted from then on (delayed entry).
// "Half within" then may have no answer yet, and that is the answer.
//
// Shares come with Wilson's interval, and a difference of two shares with
// Newcombe's: there is no arrow unless the interval leaves out zero. Below ten
// observations no percentage is said at all.
//
// Everything here is pure.
package measure
