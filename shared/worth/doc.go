// Package worth keeps what a team says of its customers: how much may be ordered
// again, their tier, who looks after them, and since when.
//
// The team has that list elsewhere, in a shop or a CRM, and exports it as CSV. [Read]
// reads such a file, and says of each line what is wrong with it and what to do; a file
// with a single wrong line is not taken. [Keep] puts the whole list in the place of the
// one before, in one step: a reader sees the one or the other, whatever ends in the
// middle. [Reader] finds one customer in it by one small read, however long the list.
//
// # What is kept
//
// No list of addresses: an entry stands under a hash of its address or domain. [Forget]
// takes one customer out, and the files go with the raw mail's retention time, so that
// a list that nobody renews does not stay for ever.
//
// # The score
//
// A potential from 0 to 1 is what others need. It is reckoned from the columns by the
// team's formula when a customer writes, not when the list is imported: so a changed
// formula holds from the next mail on, and "customer for 4 years" grows by itself. The
// formula's language is package formula's, which programs that take in mail hand in:
// no other program links it.
package worth
