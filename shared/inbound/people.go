package inbound

import (
	"slices"
	"strings"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/automatic"
	"github.com/replywell/replywell/shared/email/compose"
	"github.com/replywell/replywell/shared/email/message"
)

// Whom a mail names beside its author, and who answers in a conversation that is
// not theirs, is proposed to the agents: kept with the conversation, shown, and
// admitted by their word alone. To be in copy gives nobody a look at what was
// said, nor an answer.

// maxLinked bounds the conversations that one is linked to.
const maxLinked = 20

// copies are the people whom the mail's header names beside us and its author.
func (a *arrival) copies() []message.Address {
	var out []message.Address
	seen := map[string]bool{canonical(a.author.Address): true}
	for _, list := range [][]message.Address{a.mail.To, a.mail.Cc} {
		for _, c := range list {
			_, ours := a.settings.MailboxAt(c.Address)
			if key := canonical(c.Address); usable(c.Address) && !ours && !seen[key] && len(out) < maxRecipients {
				seen[key] = true
				out = append(out, c)
			}
		}
	}
	return out
}

// alsoSentTo are the names of our other mailboxes that the header names. Its
// copies are duplicates, so this tells the agents who else has the mail.
func (a *arrival) alsoSentTo() (names []string) {
	seen := map[string]bool{a.mailbox.ID: true}
	for _, list := range [][]message.Address{a.mail.To, a.mail.Cc} {
		for _, c := range list {
			if mb, ours := a.settings.MailboxAt(c.Address); ours && !seen[mb.ID] {
				seen[mb.ID] = true
				names = append(names, compose.OneLine(mb.Name))
			}
		}
	}
	return names
}

// propose adds those in copy to the conversation's proposed people: only of a
// person's mail, only people, and no agents, who need no admission.
func (a *arrival) propose(e *entry) {
	if a.kind != automatic.Person || a.from != nil {
		return
	}
	var people []desk.Person
	for _, c := range a.copies() {
		if _, agent := a.settings.AgentAt(c.Address); !agent && !a.list(c.Address) && !nobody(c.Address) {
			people = append(people, desk.Person{Name: clip(compose.OneLine(c.Name), maxName), Address: c.Address})
		}
	}
	e.conv.Propose(people, same)
}

// proposeThere adds a person who wrote into a conversation that is not theirs to
// the people proposed there, and links it back.
func (a *arrival) proposeThere(e *entry, there desk.Conversation) {
	if a.kind != automatic.Person || a.author.Address == "" || nobody(a.author.Address) || a.anybody {
		return
	}
	before := len(there.Proposed)
	there.Propose([]desk.Person{a.author}, same)
	if len(there.Proposed) == before {
		return // known, or too many: the conversation is left alone
	}
	if len(there.Linked) < maxLinked {
		there.Linked = append(slices.Clone(there.Linked), e.conv.ID)
	}
	e.changed = append(e.changed, &there)
}

// list reports whether the address is a mailing list's that the mail went
// through (RFC 2369).
func (a *arrival) list(address string) bool {
	for _, name := range []string{"List-Post", "List-Id", "Mailing-List", "X-BeenThere"} {
		for _, v := range a.mail.Header.Values(name) {
			if strings.Contains(strings.ToLower(v), strings.ToLower(address)) {
				return true
			}
		}
	}
	return false
}

// nobody reports whether the address says of itself that nobody reads it, or
// that it is a program's.
func nobody(address string) bool {
	local, _, _ := strings.Cut(strings.ToLower(address), "@")
	switch strings.NewReplacer("-", "", "_", "", ".", "").Replace(local) {
	case "noreply", "donotreply", "mailerdaemon", "postmaster", "nobody", "undisclosedrecipients":
		return true
	}
	return false
}
