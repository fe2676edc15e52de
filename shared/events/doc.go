// Package events takes in what carriers tell of the mails that they took: sent,
// delivered, bounced, complained about, refused.
//
// SES publishes such events with the tag of the outbox item; other servers send
// delivery reports and complaints as mail, which the inbound service reads and
// hands over. Both become a desk.DeliveryEvent and are treated alike:
//
//   - Whatever is told of a mail, the carrier took it: the first event that comes
//     settles an outbox item whose own answer was lost, be it the delivery or the
//     bounce. A mail that was given twice is found by both of its ids.
//   - A bounce or complaint becomes a message of the conversation that the mail
//     belongs to, the conversation waits for us again, and whoever wrote the
//     mail is told, in plain words, with what to do next. The sender of the
//     report never gets mail: reports are not answered.
//   - A mail to an agent that bounces is told to the other agents of the
//     mailbox, at most once a day for each agent, so that no one talks to a
//     mailbox that nobody reads, and no two broken mailboxes talk to each other.
//
// The same event twice, or the same bounce by event and by mail, changes
// nothing the second time.
package events
