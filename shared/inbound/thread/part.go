package thread

import (
	"slices"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/store"
)

// answeredEntry is the entry of a conversation that the mail answers, by its
// number; 0 is none in particular. Only where conversations were joined does it matter.
func (c Case) answeredEntry(conv desk.Conversation) (n int) {
	if !conv.Joined() {
		return 0
	}
	for _, t := range c.Facts.Recipients {
		if t.Genuine && t.Leads.Conversation == conv.ID {
			return t.Leads.Sequence
		}
	}
	for _, id := range append(slices.Clone(c.Facts.Answered), c.Facts.Mail.MessageID) {
		if ref, ok := c.Found.MessageIDs[id]; ok && ref.Conversation == conv.ID {
			return ref.Sequence
		}
	}
	return 0
}

// part finds which of the conversations that were joined the mail belongs to,
// by the entry that it answers; "" is the conversation itself.
func (c Case) part(conv desk.Conversation, history []desk.Message) (desk.ConversationID, Need) {
	n := c.answeredEntry(conv)
	if n < 1 {
		return "", Need{}
	}
	is := func(m desk.Message) bool { return m.Sequence == n }
	i := slices.IndexFunc(history, is)
	if i >= 0 {
		return history[i].Part, Need{}
	}
	if c.Found.Entry == nil {
		return "", Need{Entry: store.Place{Conversation: conv.ID, Sequence: n}}
	}
	if i := slices.IndexFunc(c.Found.Entry, is); i >= 0 {
		return c.Found.Entry[i].Part, Need{}
	}
	return "", Need{}
}
