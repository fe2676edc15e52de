// Package sender says by what a sender of mail is known where a team keeps a list of
// senders: how an address is spelt to be compared, and under which names it stands in
// such a list.
//
// Who is kept out under one address writes from the next, so what stands behind a "+"
// in an address does not count (RFC 5233), and a domain stands for all below it. A
// domain at which anybody can have a mailbox says nothing of who writes: [Anybodys].
package sender
