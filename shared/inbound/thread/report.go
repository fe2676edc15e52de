package thread

import (
	"cmp"
	"slices"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/automatic"
	"github.com/replywell/replywell/shared/email/replyaddr"
	"github.com/replywell/replywell/shared/inbound/identify"
)

// report hands delivery reports and complaints about our mail to those who
// wrote it. Which mail it is about is told by the envelope sender that the mail
// had, which comes back as the recipient; else by the Message-ID in the report.
// A report about a mail that we do not know is held: it may be backscatter of
// mail forged in our name, and there is nobody to tell.
func report(c Case) Decision {
	f := c.Facts
	if f.Kind != automatic.Bounce && f.Kind != automatic.Complaint {
		return nil
	}
	ev := desk.DeliveryEvent{ID: f.Record.ID, Kind: deliveryKind(f.Mail.Automatic), At: f.Record.ReceivedAt}
	for _, r := range f.Mail.Automatic.Recipients {
		ev.Recipients = append(ev.Recipients, desk.BouncedRecipient{Address: r.Address, Status: r.Status, Reason: cmp.Or(r.Said, r.Reason), Permanent: r.Permanent})
	}
	for _, id := range append([]string{f.Mail.Automatic.Original.MessageID}, f.Answered...) {
		if ref, ok := c.Found.MessageIDs[id]; ok && id != "" && ref.Outgoing {
			ev.Outbox, ev.SentID = ref.Outbox, id
			return Report{Event: ev, Conversation: ref.Conversation, Sequence: ref.Sequence, Mailbox: c.Found.Conversations[ref.Conversation].Mailbox}
		}
	}
	i := slices.IndexFunc(f.Recipients, func(t identify.Address) bool {
		_, ok := c.Found.Conversations[t.Leads.Conversation]
		return ok && t.Genuine && t.Purpose == replyaddr.Bounce
	})
	if i < 0 {
		return Hold{Word: desk.HoldReport, Reason: "it is a delivery report about a mail that we do not know"}
	}
	t := f.Recipients[i]
	if c.Found.Entry == nil {
		return Need{Entry: t.Leads}
	}
	ev.Outbox = sentTo(c.Found.Entry, t)
	return Report{Event: ev, Conversation: t.Leads.Conversation, Sequence: t.Leads.Sequence, Mailbox: c.Found.Conversations[t.Leads.Conversation].Mailbox}
}

// sentTo names the outbox item that had this envelope sender: the answer that
// carried the message, or the notification that told the agent of it.
func sentTo(entry []desk.Message, t identify.Address) string {
	switch {
	case len(entry) == 0:
		return ""
	case t.Agent != nil && entry[0].Inbound != "":
		return desk.NotificationID(entry[0].Inbound, t.Agent.ID)
	}
	return entry[0].Outbox
}

// deliveryKind puts a report's actions (RFC 3464 section 2.3.3) in our words.
// One recipient who was not reached outweighs all who were.
func deliveryKind(j automatic.Judgement) desk.DeliveryKind {
	if j.Kind == automatic.Complaint {
		return desk.DeliveryComplaint
	}
	kind := desk.DeliveryDelivered
	if len(j.Recipients) == 0 {
		kind = desk.DeliveryBounced
	}
	for _, r := range j.Recipients {
		switch r.Action {
		case "delivered", "relayed", "expanded":
		case "delayed":
			if kind == desk.DeliveryDelivered {
				kind = desk.DeliveryDelayed
			}
		default:
			kind = desk.DeliveryBounced
		}
	}
	return kind
}
