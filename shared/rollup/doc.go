// Package rollup packs a day's events, so that a report of a quarter reads some
// hundred items and not three million.
//
// What a report says must be exact: how long the customers waited, of whom the
// conversations are that came back, which of two ends was the later one. Counters
// cannot say that of a span that was not foreseen, nor in working hours that are set
// tomorrow, nor of a week that begins at the team's midnight. So a roll-up is no sum.
// It is the day's events themselves, each once and in the order in which they were
// recorded, without what no figure is made of: the ids of events, and who acted. A
// customer's mail with its answer takes some thirty bytes. Whatever is folded from
// events is folded from it in the same way, and gives the same result to the last
// digit; and since who acted is not in it, no figure can tell.
//
// Beside it stand the day's totals, for what looks back over a year: how many
// concerns of each topic were opened, by the quarter of an hour, since a team's
// midnight may be at a quarter past the hour of UTC. They take some kilobytes.
//
// Packing is pure: the same events give the same bytes, so making a roll-up again
// changes nothing, and one that is lost or of an older form is made anew from the log.
//
// Times are kept to the millisecond. Plain gives an event as it comes out of a
// roll-up, so that what is read from the log beside it is the same.
package rollup
