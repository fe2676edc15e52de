package inbound

import (
	"slices"
	"strings"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/automatic"
	"github.com/replywell/replywell/shared/store"
)

// A mail can overtake the one that it answers: two servers deliver them, or one
// is held up. So a mail that opens a conversation leaves word, for its author,
// of the ids that it answers and that nobody knows: when the mail with that id
// comes, or another that answers it, it finds the conversation. The word is for
// this author alone, because the answers of a thousand people to one newsletter
// have nothing else in common.

// maxAwaited bounds the ids that word is left of.
const maxAwaited = 3

// thread gives the ids that most likely name the mail's thread: what it answers,
// the one before, and the thread's first.
func (a *arrival) thread() []string {
	var ids []string
	for _, list := range [][]string{a.mail.InReplyTo, a.mail.References} {
		ids = append(ids, list[:min(len(list), 1)]...)
	}
	seen, out := map[string]bool{}, []string(nil)
	for _, id := range append(ids, a.answered()...) {
		if id != "" && len(id) <= maxIDLength && !seen[id] && len(out) < maxAwaited {
			seen[id] = true
			out = append(out, id)
		}
	}
	return out
}

// awaited is the name under which word is left of an id, "" where there is
// nobody to leave it for.
func (a *arrival) awaited(id string) string {
	if a.author.Address == "" || id == "" || len(id) > maxIDLength {
		return ""
	}
	return "awaited:" + desk.DerivedID(strings.ToLower(a.author.Address), store.NormalMessageID(id))
}

// overtaken gives what word was left for this mail.
func (a *arrival) overtaken() (out []clue) {
	for _, id := range append(a.thread(), a.mail.MessageID) {
		ref, ok := a.found.MessageIDs[a.awaited(id)]
		if conv, known := a.found.Conversations[ref.Conversation]; ok && known {
			out = append(out, clue{rule: desk.EvidenceMessageID, detail: id, conv: conv})
		}
	}
	return out
}

// leaveWord adds to a change that opens a conversation where the mails that it
// answers belong.
func (a *arrival) leaveWord(c *store.Change, ref store.MessageRef) {
	if a.kind != automatic.Person || a.author.Address == "" {
		return
	}
	for _, id := range a.thread() {
		if _, known := a.found.MessageIDs[id]; !known {
			if c.MessageIDs == nil {
				c.MessageIDs = map[string]store.MessageRef{}
			}
			word := a.awaited(id)
			c.MessageIDs[word] = ref
			if _, left := a.found.MessageIDs[word]; !left && slices.Contains(a.lookup().MessageIDs, word) {
				// Of two that overtook the same mail and come at the same time, one
				// opens the conversation and the other looks again and joins it.
				c.Claims = append(c.Claims, word)
			}
		}
	}
}
