// Package calendar reckons with the hours at which a team works.
//
// A promise ("an answer within four hours"), a snooze ("until Tuesday"), a
// report ("half are answered within two hours") all mean hours at which somebody
// is there: not the night, not lunch, not a Sunday, not Whit Monday. So there is
// one room that knows when that is, and the promises, the snoozes and the report
// reckon with the same hours.
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
