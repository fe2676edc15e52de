package identify

import (
	"slices"

	"github.com/replywell/replywell/shared/email/replyaddr"
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
