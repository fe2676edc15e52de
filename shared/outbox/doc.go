// Package outbox records the mails that a change causes together with the
// change, so that neither is ever there without the other.
//
// A mail that is to leave is an item in the outbox and a composed body in the
// blob store. The body is kept first: if the change then fails, a body that
// nobody names is left behind, and the blob store's retention clears it away.
// The other way round a mail could be due whose text is nowhere. The sender is
// woken last, and only as a courtesy: the sweep finds what it was not told of.
//
// Every mail of ours passes through here, so here is where it is asked why it
// leaves. There are four kinds, told apart by the item alone:
//
//   - To an agent (Agent is set): to that agent's own addresses, by the settings.
//     How many there may be is bounded by who sends them: notifications are
//     merged above a rate, notices are counted by the day.
//   - A report: to those whom the settings name for it.
//   - What an agent decided (Decided is set): the agent's mail is recorded as
//     carried out in the same change.
//   - Everything else is automatic mail to somebody outside. It is counted for
//     each address and for the conversation, by conditional writes in the same
//     change, and what is above desk.Settings.Automatic is left out: the rest of
//     the change takes place, and an event (desk.EventWithheld) says what did not.
//
// The last is the bound on loops. It depends on nothing that the other side
// writes, and a kind of mail that is invented tomorrow falls under it unless it
// says who decided. The store refuses automatic mail that is not counted, so
// there is no way around this package; alone_test.go sees to the other kinds.
package outbox
