// Package volume tells when more is written about one concern than its own past
// and the week's lets expect.
//
// Volume means something only beside its concern: forty mails about a late parcel
// in Christmas week are a Tuesday, forty about a lamp that smells are a recall. So
// each topic is held against itself. What it usually gets is its level, which may
// grow or shrink slowly, times the shape of its weekdays, times what all topics do
// at once (a launch, a bank holiday); around that, its days vary more than chance
// alone would have it, and by how much is measured, too (the dispersion: variance
// over mean, of a negative binomial). Days that stood out before count less, so a
// rise of last month hides none of this one.
//
// The last 1, 2, 3, 4, 5 and 7 days are each taken as one. A rise is told where so
// many mails would come by chance in hardly any of a hundred years of that topic,
// and the error in what was expected is part of the reckoning. The bounds are set
// so that a desk of forty topics hears some ten false alarms a year.
//
// A topic of which little is known borrows from the others: its weekdays, its
// trend and its dispersion are those of all together, but for what its own mails
// say. It is an empirical Bayes estimate, in closed forms and one regression of two
// terms, so it costs microseconds and gives the same result on each machine.
//
// How good it is is measured in years_test.go and volume_test.go, on generated
// desks: against an oracle that knows the truth, and against two methods that
// public health uses, EARS C3 and Farrington's.
//
// Everything here is pure, and knows nothing of mail.
package volume
