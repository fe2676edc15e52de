package thread

import (
	"slices"
	"strings"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/automatic"
	"github.com/replywell/replywell/shared/email/message"
	"github.com/replywell/replywell/shared/email/sender"
	"github.com/replywell/replywell/shared/inbound/identify"
)

// proposedThere proposes a person who wrote into a conversation that is not theirs
// to the agents of that one. nil: it is left alone, for the person is known there,
// or they are too many.
func proposedThere(f identify.Facts, there desk.Conversation) *desk.Conversation {
	if f.Kind != automatic.Person || f.Author.Address == "" || f.Unread || f.AnySender {
		return nil
	}
	before := len(there.Proposed)
	there.Propose([]desk.Person{f.Author}, identify.Same)
	if len(there.Proposed) == before {
		return nil
	}
	return &there
}

// acquainted reports whether the author and the conversation's customer have to do
// with each other, as far as mail tells: one has the other in copy, or both write
// from one organisation's domain.
func acquainted(f identify.Facts, conv desk.Conversation) bool {
	in := func(people []desk.Person) bool {
		return slices.ContainsFunc(people, func(p desk.Person) bool { return identify.Same(p.Address, f.Author.Address) })
	}
	if in(conv.Proposed) || in(conv.Participants) || slices.ContainsFunc(f.Copies, func(c message.Address) bool { return identify.Same(c.Address, conv.Customer.Address) }) {
		return true
	}
	_, mine, _ := strings.Cut(identify.Canonical(f.Author.Address), "@")
	_, theirs, _ := strings.Cut(identify.Canonical(conv.Customer.Address), "@")
	return mine != "" && mine == theirs && !sender.Anybodys(mine)
}
