package thread

import (
	"slices"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/automatic"
	"github.com/replywell/replywell/shared/inbound/identify"
	"github.com/replywell/replywell/shared/store"
)

// A mail can come before the one that it answers: two servers deliver them, or one
// is held up. So a mail keeps, for its author, the ids that it answers
// and that nobody knows: they are awaited. When the mail with such an id comes, or
// another that answers it, it finds the conversation. An id is awaited by this
// author alone, because the answers of a thousand people to one newsletter have
// nothing else in common. The mail that was answered itself is awaited by anybody:
// where somebody else wrote it, or where a colleague answers it as
// well, the two conversations are linked and the agents are asked.
//
// On a mailing list everybody belongs to every thread, so there each id is awaited
// by anybody.

// outOfOrder gives who awaited this mail: who answered its own id, then who
// answered what it answers.
func (c Case) outOfOrder() (out []clue) {
	f, seen := c.Facts, map[desk.ConversationID]bool{}
	add := func(reader, id string) {
		ref, ok := c.Found.MessageIDs[identify.AwaitedKey(reader, id)]
		if conv, known := c.Found.Conversations[ref.Conversation]; ok && known && !seen[conv.ID] {
			seen[conv.ID] = true
			k := clue{rule: desk.EvidenceAwaited, detail: id, conv: conv, sequence: ref.Sequence}
			k.admitted = c.admits(k)
			out = append(out, k)
		}
	}
	for _, id := range append(slices.Clone(f.Awaited), f.Mail.MessageID) {
		add(f.Reader, id)
	}
	if f.Kind == automatic.Person {
		add(identify.Anyone, f.Mail.MessageID)
	}
	if f.Kind == automatic.Person && !f.AnySender && !f.Claimed && len(f.Awaited) > 0 {
		ref := c.Found.MessageIDs[identify.AwaitedKey(identify.Anyone, f.Awaited[0])]
		if conv, known := c.Found.Conversations[ref.Conversation]; known && acquainted(f, conv) {
			add(identify.Anyone, f.Awaited[0])
		}
	}
	return out
}

// Await adds to a change under which names the mails that f answers are
// awaited, and that they belong where ref says. f are the facts of c, or those of
// what an agent passed on.
func Await(change *store.Change, f identify.Facts, c Case, ref store.MessageRef) {
	if !f.AnySender && (f.Kind != automatic.Person || f.Author.Address == "") {
		return
	}
	asked := c.Facts.Lookup().MessageIDs
	for i, id := range f.Awaited {
		if _, known := c.Found.MessageIDs[id]; known {
			continue
		}
		if change.MessageIDs == nil {
			change.MessageIDs = map[string]store.MessageRef{}
		}
		own := identify.AwaitedKey(f.Reader, id)
		change.MessageIDs[own] = ref
		if _, there := c.Found.MessageIDs[own]; !there && slices.Contains(asked, own) {
			// Of two that answer the same mail and come at the same time, one
			// opens the conversation and the other looks again and joins it.
			change.Claims = append(change.Claims, own)
		}
		if i == 0 {
			change.MessageIDs[identify.AwaitedKey(identify.Anyone, id)] = ref
		}
	}
}
