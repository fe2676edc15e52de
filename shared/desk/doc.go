// Package desk is the vocabulary of Replywell and the rules that need nothing
// but the words themselves.
//
// A customer writes to a Mailbox, the support address. Each mail that arrives
// is recorded once as an Inbound under the receiver's own id, and becomes a
// Message in a Conversation. Agents are told by mail and answer by mail; what
// they write may start with a Command. Every mail that is to leave is an
// OutboxItem, recorded together with the change that causes it. What happened
// is an Event, recorded together with what it tells of; every figure in a
// report is folded from events.
//
// The package imports the standard library only and does no I/O: time, ids and
// randomness come in as values. The store keeps these values; the services in
// the neighbouring rooms change them; letters turn them into mail.
package desk
