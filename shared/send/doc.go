// Package send takes mail from the outbox to a carrier.
//
// Every mail that is to leave was recorded before, as a [desk.OutboxItem], in
// the same write as the state change that causes it. This package does the
// rest, and there is one question behind all of it: what is known if the
// process ends right here?
//
// # One item
//
// An item is claimed, carried and marked. The claim is a conditional write
// (pending becomes sending, the attempt is counted), so of two senders that
// hold the same item one goes on and the other lets go. A claim is also a
// lease: NotBefore is moved to the moment from which somebody else may try
// again, so an item whose sender died is simply due once more. How long the
// lease is depends on the carrier. SES has no idempotency token, but tells
// of every mail it took by an event that bears the item's id; so a send whose
// answer was lost is given fifteen minutes for its event to arrive
// ([Carrier].Confirms). Other carriers are asked again sooner, with the same
// Message-ID, by which mail systems recognise a mail that came twice.
//
// When the carrier has taken the mail, one write marks the item as sent and
// records the Message-ID that the carrier gave it, beside the composed one,
// which was recorded with the item: the mail may come back under either. A temporary error puts the item
// back with [desk.Backoff]. A permanent error, or [desk.MaxAttempts] temporary
// ones, ends it as failed; when it was an answer, the agent who wrote it is
// told first ([Failed]), and only then it is marked, so that a crash between
// the two tells twice what has one id, rather than never.
//
// # Many notifications
//
// An agent is sent at most [desk.NotificationPolicy].Most mails about single
// messages within a window. What comes above that waits until the oldest of
// them has left the window; then everything that waits for this agent goes out
// as one mail, or a few when it does not fit in one (see [letters.Writer]'s
// Digest). The items are marked as merged, and point to the digest that tells
// of them, in the write that puts the digest into the outbox. So whatever the
// burst, each notification was sent itself or stands in exactly one digest.
//
// [Service.Send] is started by a queue, or by a wake-up in one process;
// [Service.Sweep] by a schedule, for everything that is due. Either alone
// would do; together they are fast and forget nothing.
package send
