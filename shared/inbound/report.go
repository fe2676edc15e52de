package inbound

import (
	"cmp"
	"context"
	"fmt"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/automatic"
	"github.com/replywell/replywell/shared/email/replyaddr"
	"github.com/replywell/replywell/shared/store"
)

// report hands delivery reports and complaints about our mail to those who
// wrote it. Which mail it is about is told by the envelope sender that the mail
// had, which comes back as the recipient; else by the Message-ID in the report.
// A report about a mail that we do not know is held: it may be backscatter of
// mail forged in our name, and there is nobody to tell.
func (s *Service) report(ctx context.Context, a *arrival) (bool, error) {
	if a.kind != automatic.Bounce && a.kind != automatic.Complaint {
		return false, nil
	}
	ev := desk.DeliveryEvent{ID: a.in.ID, Kind: deliveryKind(a.mail.Automatic), At: a.in.ReceivedAt}
	for _, r := range a.mail.Automatic.Recipients {
		ev.Recipients = append(ev.Recipients, desk.BouncedRecipient{Address: r.Address, Status: r.Status, Reason: cmp.Or(r.Said, r.Reason), Permanent: r.Permanent})
	}
	ref, id, known := a.reported()
	if known {
		ev.Outbox, ev.SentID = ref.Outbox, id
		a.in.Conversation, a.in.Sequence = ref.Conversation, ref.Sequence
		if conv, ok := a.found.Conversations[ref.Conversation]; ok {
			a.in.Mailbox = conv.Mailbox
		}
	} else if t, conv, ok := a.bounced(); ok {
		known = true
		a.in.Conversation, a.in.Sequence, a.in.Mailbox = conv.ID, t.seen(), conv.Mailbox
		var err error
		if ev.Outbox, err = s.sentTo(ctx, a, t, conv); err != nil {
			return true, err
		}
	}
	if !known {
		return true, s.hold(ctx, a, desk.HoldReport, "it is a delivery report about a mail that we do not know")
	}
	return true, s.Reports.Report(ctx, &a.in, ev)
}

// reported finds the mail of ours that a report names.
func (a *arrival) reported() (store.MessageRef, string, bool) {
	for _, id := range append([]string{a.mail.Automatic.Original.MessageID}, a.answered()...) {
		if ref, ok := a.found.MessageIDs[id]; ok && id != "" && ref.Outgoing {
			return ref, id, true
		}
	}
	return store.MessageRef{}, "", false
}

// bounced finds the envelope sender of a mail of ours among the recipients.
func (a *arrival) bounced() (named, desk.Conversation, bool) {
	for _, t := range a.tokens {
		if conv, ok := a.found.Conversations[t.conversation()]; ok && t.genuine() && t.Purpose == replyaddr.Bounce {
			return t, conv, true
		}
	}
	return named{}, desk.Conversation{}, false
}

// sentTo names the outbox item that had this envelope sender: the answer that
// carried the message, or the notification that told the agent of it.
func (s *Service) sentTo(ctx context.Context, a *arrival, t named, conv desk.Conversation) (string, error) {
	ms, err := s.Store.Messages(ctx, conv.ID, t.seen(), 1)
	if err != nil {
		return "", fmt.Errorf("reading the message that a report is about: %w", err)
	}
	if len(ms) == 0 || ms[0].Sequence != t.seen() {
		return "", nil
	}
	if agent, ok := a.agentOf(t, s.Keys); ok && ms[0].Inbound != "" {
		return notificationID(ms[0].Inbound, agent), nil
	}
	return ms[0].Outbox, nil
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
