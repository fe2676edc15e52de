// Package calendar reckons with the hours at which a team works.
//
// "Half are answered within two hours", and any other time that a team is held
// to, means hours at which somebody is there: not the night, not lunch, not a
// Sunday, not Whit Monday. So there is one room that knows when that is. The report
// reckons with it; what is to reckon with time next has it here.
//
// Hours are made of three things: the shifts of each day of the week in the
// team's own time zone, the public holidays of a country or of a part of one
// (github.com/rickar/cal keeps them), and days off of the team's own. A team
// that says no shift works round the clock, and then no day is off either.
//
// Two questions are answered. Between: how much working time lies between two
// moments. After: at which moment so much working time has passed. They are each
// other's reverse, and both are right on the two days of a year on which clocks
// are changed: a shift lasts as long as it really does, so one that spans the
// change has an hour less or more.
//
// Everything here is pure; no clock is read.
package calendar
