package identify

import (
	"slices"

	"github.com/replywell/replywell/shared/email/replyaddr"
	"github.com/replywell/replywell/shared/email/sender"
	"github.com/replywell/replywell/shared/store"
)

// Lookup names what one request should find. The mail's own id comes first,
// then what it answers, the newest first.
func (f Facts) Lookup() store.Lookup {
	l := store.Lookup{Inbound: f.Record.ID, ContentHash: f.Record.ContentHash}
	if f.Record.SignedOnly {
		l.SignedHash = f.Record.SignedHash
	}
	ids := slices.Concat([]string{f.Mail.MessageID, f.Mail.Automatic.Original.MessageID}, f.Answered, f.Cited, f.AwaitedKeys())
	if f.AsForward != nil {
		ids = append(ids, f.AsForward.AwaitedKeys()...)
	}
	l.Senders = f.Senders()
	if f.Verified && !f.AnySender { // of a proven author alone
		l.Person = Canonical(f.Author.Address)
	}
	seen := map[string]bool{}
	for _, id := range ids {
		if id != "" && len(id) <= MaxIDLength && !seen[id] && len(l.MessageIDs) < store.MaxLookup {
			seen[id] = true
			l.MessageIDs = append(l.MessageIDs, id)
		}
	}
	for _, t := range slices.Concat(f.Recipients, f.Written, f.Quoted) {
		if t.Genuine && t.Purpose != replyaddr.Confirm && t.Purpose != replyaddr.Notice {
			l.Places = append(l.Places, t.Named)
		}
	}
	return l
}

// Senders are the names by which the mail may be one of somebody who is blocked: of who
// wrote it, of who sent it, and of where it asks for answers. What an agent sent is never
// kept aside for its sender, nor a mail that an agent passes on.
func (f Facts) Senders() []string {
	if f.Agent != nil || f.AnySender {
		return nil
	}
	return sender.Names(f.Author.Address, f.Sender, f.AnswersTo)
}
