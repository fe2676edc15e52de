package letters

import (
	"fmt"
	"slices"
	"strings"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/page"
)

// outsider says of a mail that names a conversation to which its sender does not
// belong what is known, and no more: how it came to name it, whether the sender
// was in copy there, and how they are admitted. What else they have read there
// nobody here can know.
func (n *notification) outsider() []page.Block {
	there := n.more.Linked
	ref, who := "["+there.ID.Reference()+"]", personName(n.msg.From)
	text := []string{fmt.Sprintf("This mail %s %s %s, a conversation with %s. %s is not part of it, so this is a new conversation. A reply goes to %s alone.",
		n.names(), ref, subject(there.Subject), personName(there.Customer), who, who)}
	if before := n.hadBefore(); before != "" {
		text = append(text, before)
	}
	text = append(text, "We cannot know how much of it they have read. Please do not quote from it before you are sure who this is.")
	if n.msg.From.Address == "" {
		return []page.Block{page.Callout{Tone: page.Warning, Title: "Somebody else wrote into a conversation", Text: strings.Join(text, " ")}}
	}
	b, can := n.admits(*there)
	if can {
		text = append(text, "If they are part of it, let them in: they then get the answers in copy, and their mail comes there.")
	} else {
		text = append(text, "The agents of that mailbox can let them in, with #add and their address.")
	}
	out := []page.Block{page.Callout{Tone: page.Warning, Title: "Somebody else wrote into a conversation", Text: strings.Join(text, " ")}}
	if can {
		out = append(out, b)
	}
	return out
}

// names says how the mail names the other conversation.
func (n *notification) names() string {
	f := n.msg.Evidence.Found
	if len(f) == 0 {
		return "answers"
	}
	switch f[0].Rule {
	case desk.EvidenceAwaited:
		return "is answered by one in"
	case desk.EvidenceToken, desk.EvidenceHeaderToken:
		return "came to the reply address that was given out in"
	case desk.EvidenceQuotedToken, desk.EvidenceQuotedID:
		return "quotes a mail of"
	}
	return "answers a mail of"
}

// hadBefore says what mail of the other conversation the sender is known to have
// had, and whether they quote something.
func (n *notification) hadBefore() string {
	var said []string
	proposed := slices.ContainsFunc(n.more.Linked.Proposed, func(p desk.Person) bool { return strings.EqualFold(p.Address, n.msg.From.Address) })
	switch {
	case n.msg.Evidence.Rule == desk.EvidenceBeside:
		said = append(said, "They wrote into it before.")
	case proposed:
		said = append(said, "They were in copy (Cc) of a mail there, and have that mail.")
	}
	if n.more.Quoted != "" {
		said = append(said, "What they quote stands below: that they have.")
	}
	return strings.Join(said, " ")
}

// admits is the mail that admits the sender there, where this agent may.
func (n *notification) admits(there desk.Conversation) (page.Button, bool) {
	if n.w.Settings == nil {
		return page.Button{}, false
	}
	mb, ok := n.w.Settings.Mailbox(there.Mailbox)
	if !ok || !slices.Contains(mb.Agents, n.agent.ID) {
		return page.Button{}, false
	}
	// It shows nothing of that conversation but that it began.
	to, err := n.w.replyTo(ReplyTeam, mb, there, n.agent, 1)
	if err != nil {
		return page.Button{}, false
	}
	who, ref := personName(n.msg.From), there.ID.Reference()
	return page.Button{Label: "Admit " + who + " to [" + ref + "]", URL: mailto(to.Address, "Admit "+who+" to ["+ref+"]", "#add "+n.msg.From.Address),
		Say: "To admit them, reply to a mail of [" + ref + "] with #add and their address."}, true
}
