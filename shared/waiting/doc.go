// Package waiting reckons with those who wait: by when each was promised an
// answer, and who sees to it that it is kept.
//
// A promise is no field of a conversation. It follows from the settings (what a
// mailbox promises, and what to which tier of customers), from the hours in which
// the mailbox is answered, and from since when the customer waits. So it holds at
// once when a setting changes, and after everything that can make somebody wait: a
// mail, an answer that bounced, two conversations that were joined, a closing that
// was taken back. Nobody waits when the team spoke last: there is no promise then,
// and with the next mail the clock begins anew. What somebody adds while they wait
// does not start it again.
//
// A promise that will be broken is reminded of once, while there is still time to
// keep it: a quarter of the promised working time before, at least ten minutes and
// at most two hours. The reminder goes to one person: to whose the conversation is,
// if they are at work; else to one who is; else to the lead.
//
// Everything here is pure: values in, values out. The schedule room carries it out,
// and letters says it.
package waiting
