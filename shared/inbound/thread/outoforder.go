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

// names are what a message is found by, and which of them it claims. asked are the
// ids that were looked up for it.
func names(f identify.Facts, found store.Found, asked []string) (names, claims []string) {
	if id := carried(f.Mail.MessageID); id != "" {
		names = append(names, id)
		letter := carried(f.Mail.Letter().MessageID)
		if _, known := found.MessageIDs[letter]; letter != "" && !known {
			names = append(names, letter)
		}
		if f.Forward != nil && f.Forward.MessageID != "" {
			names = append(names, f.Forward.MessageID)
		}
	}
	if !f.AnySender && (f.Kind != automatic.Person || f.Author.Address == "") {
		return names, nil
	}
	for i, id := range f.Awaited {
		if _, known := found.MessageIDs[id]; known {
			continue
		}
		own := identify.AwaitedKey(f.Reader, id)
		names = append(names, own)
		if _, there := found.MessageIDs[own]; !there && slices.Contains(asked, own) {
			claims = append(claims, own)
		}
		if i == 0 {
			names = append(names, identify.AwaitedKey(identify.Anyone, id))
		}
	}
	return names, claims
}

// carried is an id that a header line can carry, else "".
func carried(id string) string {
	if len(id) > identify.MaxIDLength {
		return ""
	}
	return id
}
