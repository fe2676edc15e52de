package inbound

import (
	"cmp"
	"context"
	"fmt"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/inbound/identify"
	"github.com/replywell/replywell/shared/inbound/thread"
	"github.com/replywell/replywell/shared/store"
)

// record writes what was decided: the mail's record and all that follows from it,
// as one change. It gives the record. also, if not nil, is committed with it.
func (s *Held) record(ctx context.Context, settings *desk.Settings, f identify.Facts, decided thread.Decision, also *store.Change) (desk.Inbound, error) {
	in, mail := f.Record, f.Mail
	var err error
	switch d := decided.(type) {
	case thread.OurOwn:
		in.Outcome, in.Reason = desk.OutcomeOwn, d.Reason
		err = s.Store.Commit(ctx, &store.Change{Inbound: &in})
	case thread.Duplicate:
		in.Outcome, in.Of, in.Reason = desk.OutcomeDuplicate, d.Of, "a mail with the same Message-ID and the same body came before"
		err = s.Store.Commit(ctx, &store.Change{Inbound: &in})
	case thread.Report:
		in.Conversation, in.Sequence, in.Mailbox = d.Conversation, d.Sequence, cmp.Or(d.Mailbox, in.Mailbox)
		err = s.Reports.Report(ctx, &in, d.Event)
	case thread.Order:
		in.Conversation, in.Mailbox = d.Conversation.ID, d.Conversation.Mailbox
		err = s.Agents.Carry(ctx, &in, mail, d.Agent, d.Conversation, d.Token, also)
	case thread.Department:
		in.Conversation, in.Mailbox = d.Conversation.ID, cmp.Or(d.Conversation.Mailbox, in.Mailbox)
		err = s.Agents.Department(ctx, &in, mail, d.Reply, d.Conversation, also)
	case thread.First:
		in.Mailbox, in.Opens = d.Mailbox.ID, true
		err = s.Agents.First(ctx, &in, mail, d.Agent, d.Mailbox, also)
	case thread.Wrote:
		in.Mailbox = d.Mailbox.ID
		err = s.Agents.Wrote(ctx, &in, mail, d.Agent, d.Mailbox, d.Conversation, d.Customer, d.Others, also)
	case thread.Machine:
		in.Outcome, in.Reason, in.Conversation, in.Mailbox = desk.OutcomeAgent, d.Reason, d.Conversation, cmp.Or(d.Mailbox, in.Mailbox)
		change := &store.Change{Inbound: &in, ContentHash: in.ContentHash}
		change.Join(also)
		err = s.absent(ctx, settings, f.Mailbox, d, change)
	case thread.Returned:
		err = s.giveBack(ctx, settings, f, &in, d, also)
	case thread.Hold:
		in.Conversation, in.Mailbox = d.Conversation, cmp.Or(d.Mailbox, in.Mailbox)
		err = s.hold(ctx, settings, f, &in, d, also)
	case thread.Message:
		in.Mailbox = d.Mailbox.ID
		err = s.write(ctx, settings, &in, d, also)
	default:
		err = fmt.Errorf("the mail %s was decided on as %T, and nothing records that", in.ID, d)
	}
	return in, err
}
