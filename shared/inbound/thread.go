package inbound

import (
	"context"
	"fmt"
	"strings"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/automatic"
	"github.com/replywell/replywell/shared/email/replyaddr"
	"github.com/replywell/replywell/shared/letters"
)

// clue is one piece of evidence for a conversation.
type clue struct {
	rule   string // desk.EvidenceToken or desk.EvidenceMessageID
	detail string
	conv   desk.Conversation
	token  *named // for a token
	sent   string // for the id of a mail of ours: its outbox item
}

// evidence gives all that names a conversation, the strongest first: the reply
// addresses that the mail was sent to, then the ids of the mails it answers,
// the newest first, then its own id, which came before by another way, and last
// what a mail left word of that overtook this one.
func (a *arrival) evidence() []clue {
	var out []clue
	for i, t := range a.tokens {
		conv, ok := a.found.Conversations[t.conversation()]
		if !t.genuine() || !ok || t.Purpose == replyaddr.Agent {
			continue
		}
		detail := map[replyaddr.Purpose]string{replyaddr.Customer: "customer's reply address", replyaddr.Bounce: "envelope sender of our mail"}[t.Purpose]
		if detail == "" {
			continue
		}
		if t.expired() {
			detail += " (expired)"
		}
		out = append(out, clue{desk.EvidenceToken, detail, conv, &a.tokens[i], ""})
	}
	for _, id := range append(a.answered(), a.mail.MessageID) {
		ref, ok := a.found.MessageIDs[id]
		if conv, known := a.found.Conversations[ref.Conversation]; ok && known {
			out = append(out, clue{desk.EvidenceMessageID, id, conv, nil, ref.Outbox})
		}
	}
	return append(out, a.overtaken()...)
}

// admits reports whether the sender belongs to the clue's conversation: only
// its customer does. A token or an id proves nothing about who wrote. Automatic
// mail to the envelope sender of a mail to the customer is the customer's
// mailbox speaking, under whatever address.
func (a *arrival) admits(c clue) bool {
	if same(a.author.Address, c.conv.Customer.Address) {
		return true
	}
	return a.kind != automatic.Person && c.token != nil && c.token.Purpose == replyaddr.Bounce
}

// thread puts the mail into its conversation, or opens one. Evidence that names
// a conversation which the sender does not belong to links the two, so that
// agents see it, and opens nothing to the sender.
func (s *Service) thread(ctx context.Context, a *arrival) error {
	clues := a.evidence()
	for _, c := range clues {
		if a.admits(c) {
			return s.join(ctx, a, c.conv, desk.Evidence{Rule: c.rule, Detail: a.details(c.detail, clues)})
		}
	}
	ev := desk.Evidence{Rule: desk.EvidenceNew, Detail: a.details("", clues)}
	if a.from != nil {
		ev.Rule, ev.Detail = desk.EvidenceBrought, a.from.agent.ID
	}
	var linked *desk.Conversation
	if len(clues) > 0 {
		linked = &clues[0].conv
		ev.Linked = linked.ID
	}
	return s.open(ctx, a, ev, linked)
}

// details writes down all that was found, for whoever asks why.
func (a *arrival) details(chosen string, clues []clue) string {
	var out []string
	if chosen != "" {
		out = append(out, chosen)
	}
	for _, c := range clues {
		if c.detail != chosen {
			out = append(out, fmt.Sprintf("also %s %s [%s]", c.rule, c.detail, c.conv.ID.Reference()))
		}
	}
	for _, t := range a.tokens {
		if !t.genuine() {
			out = append(out, "a reply address that was not made here")
		}
	}
	if r := a.mail.Origin.Rule; r != "" && r != "from" {
		out = append(out, "author by "+r)
	}
	return clip(strings.Join(out, "; "), maxDetail)
}

// join adds the mail to a conversation that exists.
func (s *Service) join(ctx context.Context, a *arrival, conv desk.Conversation, ev desk.Evidence) error {
	if mb, ok := a.settings.Mailbox(conv.Mailbox); ok {
		a.mailbox = mb
	}
	a.in.Mailbox = a.mailbox.ID
	conv.Mailbox = a.mailbox.ID // another one only where its own is gone from the settings
	e := &entry{conv: conv, evidence: ev, history: a.around(conv)}
	if e.history == nil {
		var err error
		if e.history, err = s.Store.Messages(ctx, conv.ID, max(1, conv.Messages-historyShown+1), historyShown); err != nil {
			return fmt.Errorf("reading the conversation %s: %w", conv.ID, err)
		}
	}
	var err error
	if e.part, err = s.part(ctx, a, conv, e.history); err != nil {
		return err
	}
	return s.write(ctx, a, e)
}

// around gives the messages that came with the lookup, if they are the
// conversation's last ones; it saves a request.
func (a *arrival) around(conv desk.Conversation) []desk.Message {
	near := a.found.Around
	if n := len(near); n == 0 || near[n-1].Conversation != conv.ID || near[n-1].Sequence != conv.Messages {
		return nil
	}
	return near
}

// open begins a conversation with the mail. One that a machine begins waits for
// nobody: it is not counted as a concern until a person writes in it.
func (s *Service) open(ctx context.Context, a *arrival, ev desk.Evidence, linked *desk.Conversation) error {
	id, err := desk.NewConversationID(s.Random)
	if err != nil {
		return err
	}
	e := &entry{evidence: ev, linked: linked, created: true}
	e.conv = desk.Conversation{ID: id, Mailbox: a.mailbox.ID, Customer: a.author, Subject: a.subject(), State: desk.StateAnswered, Opened: a.in.ReceivedAt}
	if linked != nil {
		e.conv.Linked = []desk.ConversationID{linked.ID}
	}
	if a.author.Address != "" {
		if e.others, err = s.Store.CustomerConversations(ctx, a.author.Address, letters.MaxOthers); err != nil {
			return fmt.Errorf("reading the customer's conversations: %w", err)
		}
	}
	return s.write(ctx, a, e)
}
