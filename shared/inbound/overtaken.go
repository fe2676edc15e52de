package inbound

import (
	"slices"
	"strings"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/automatic"
	"github.com/replywell/replywell/shared/store"
)

// A mail can overtake the one that it answers: two servers deliver them, or one
// is held up. So a mail leaves word, for its author, of the ids that it answers
// and that nobody knows: when the mail with that id comes, or another that
// answers it, it finds the conversation. The word is for this author alone,
// because the answers of a thousand people to one newsletter have nothing else in
// common. The mail that was answered itself is told of by a second word, which is
// for anybody: where somebody else wrote it, or where a colleague answers it as
// well, the two conversations are linked and the agents are asked.
//
// On a mailing list everybody belongs to every thread, so there a word of each
// id is left, for anybody.

// maxAwaited bounds the ids that word is left of, outside lists.
const maxAwaited = 3

// anyone stands for an author where a word is for anybody. It is no address.
const anyone = "*"

// thread gives the ids that most likely name the mail's thread: what it answers,
// the one before, and the thread's first. On a list, all.
func (a *arrival) thread() []string {
	if a.anybody {
		return slices.DeleteFunc(a.answered(), likeAddress)
	}
	var ids []string
	for _, list := range [][]string{a.inReplyTo(), a.mail.References} {
		ids = append(ids, list[:min(len(list), 1)]...)
	}
	seen, out := map[string]bool{}, []string(nil)
	for _, id := range append(ids, a.answered()...) {
		if id != "" && id != a.mail.MessageID && len(id) <= maxIDLength && !seen[id] && len(out) < maxAwaited {
			seen[id] = true
			out = append(out, id)
		}
	}
	return out
}

// likeAddress tells whether what stands as an id may as well be somebody's address:
// on lists, old programs write that into In-Reply-To. Such an id leads to a mail that bears
// it; nothing is awaited under it, or all who answer one person would meet there.
func likeAddress(id string) bool {
	local, domain, ok := strings.Cut(id, "@")
	return ok && len(local) <= 24 && !strings.ContainsAny(local, "0123456789$%/=+") && strings.Contains(domain, ".")
}

// word is the name under which word is left of an id for an author, "" where
// there is nobody to leave it for.
func word(author, id string) string {
	if author == "" || id == "" || len(id) > maxIDLength {
		return ""
	}
	return "awaited:" + desk.DerivedID(strings.ToLower(author), store.NormalMessageID(id))
}

// reader is for whom the mail leaves and finds words.
func (a *arrival) reader() string {
	if a.anybody {
		return anyone
	}
	return a.author.Address
}

// words are what may have been left for this mail.
func (a *arrival) words() (out []string) {
	for _, id := range append(a.thread(), a.mail.MessageID) {
		out = append(out, word(a.reader(), id))
	}
	out = append(out, word(anyone, a.mail.MessageID))
	if ids := a.thread(); !a.anybody && len(ids) > 0 {
		out = append(out, word(anyone, ids[0]))
	}
	return out
}

// overtaken gives what word was left for this mail: that its own id was
// answered, then that what it answers was.
func (a *arrival) overtaken() (out []clue) {
	seen := map[desk.ConversationID]bool{}
	add := func(reader, id string) {
		ref, ok := a.found.MessageIDs[word(reader, id)]
		if conv, known := a.found.Conversations[ref.Conversation]; ok && known && !seen[conv.ID] {
			seen[conv.ID] = true
			out = append(out, clue{rule: desk.EvidenceAwaited, detail: id, conv: conv, sequence: ref.Sequence})
		}
	}
	for _, id := range append(a.thread(), a.mail.MessageID) {
		add(a.reader(), id)
	}
	if a.kind == automatic.Person {
		add(anyone, a.mail.MessageID)
	}
	if ids := a.thread(); a.kind == automatic.Person && !a.anybody && !a.claimed() && len(ids) > 0 {
		ref := a.found.MessageIDs[word(anyone, ids[0])]
		if conv, known := a.found.Conversations[ref.Conversation]; known && a.together(conv) {
			add(anyone, ids[0])
		}
	}
	return out
}

// leaveWord adds to a change where the mails that this one answers belong.
func (a *arrival) leaveWord(c *store.Change, ref store.MessageRef) {
	if !a.anybody && (a.kind != automatic.Person || a.author.Address == "") {
		return
	}
	asked := a.lookup().MessageIDs
	for i, id := range a.thread() {
		if _, known := a.found.MessageIDs[id]; known {
			continue
		}
		if c.MessageIDs == nil {
			c.MessageIDs = map[string]store.MessageRef{}
		}
		own := word(a.reader(), id)
		c.MessageIDs[own] = ref
		if _, left := a.found.MessageIDs[own]; !left && slices.Contains(asked, own) {
			// Of two that overtook the same mail and come at the same time, one
			// opens the conversation and the other looks again and joins it.
			c.Claims = append(c.Claims, own)
		}
		if i == 0 {
			c.MessageIDs[word(anyone, id)] = ref
		}
	}
}
