package inbound

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/page"
	"github.com/replywell/replywell/shared/store"
)

// Agents forward what they were told, and whoever has it answers by its reply
// address, which is the agent's. Their words are never the agent's. A colleague of
// the same mailbox whom the receiving service vouches for is asked himself, and
// answers in his own name. What anybody else writes there becomes a note with that
// person's name if the agent says so. Only a mail that may be the agent's own, from
// an address that we do not know, is asked about as the agent's.

// fromSomebodyElse decides on a mail to an agent's reply address from an address
// that is not the agent's.
func (s *Service) fromSomebodyElse(ctx context.Context, a *arrival, agent desk.Agent, c claim, t named) error {
	colleague, listed := a.settings.AgentAt(a.single)
	switch {
	case listed && !a.provenBy(s, colleague, t):
		return s.refuse(ctx, a, agent, c.conv, c.seen, "it came to your reply address in the name of "+called(colleague)+", and the receiving service could not confirm that; "+
			"if "+called(colleague)+" wrote it, the answer is best written to our mail to "+called(colleague))
	case listed && a.answers(colleague, c.conv):
		return s.ask(ctx, a, colleague, c, desk.ConfirmOwn, "you wrote to the reply address of "+called(agent)+", who had our mail")
	case !listed && resembles(agent, desk.Person{Name: a.mail.From.Name, Address: a.single}):
		return s.askAgent(ctx, a, agent, c, "it did not come from one of your own addresses; a reply address works only for the person it was made for")
	}
	return s.ask(ctx, a, agent, c, desk.ConfirmNote, "somebody else wrote it, to your reply address")
}

// provenBy reports whether the mail is that agent's own as any agent's must be,
// but for the reply address, which is another's.
func (a *arrival) provenBy(s *Service, agent desk.Agent, t named) bool {
	meant, _ := a.meant(t, s.Keys, s.Now())
	return a.vouched(agent) && meant && !t.expired()
}

func called(a desk.Agent) string {
	if n := page.OneLine(a.Name); n != "" {
		return n
	}
	return a.ID
}

// resembles reports whether a sender whom we do not know may be the agent, writing
// from home: a word of the agent's name stands in the sender's name or address.
func resembles(agent desk.Agent, sender desk.Person) bool {
	local, _, _ := strings.Cut(sender.Address, "@")
	split := func(s string) []string {
		return strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return strings.ContainsRune(" .,_-+\"'()\u00a0", r) })
	}
	theirs := append(split(sender.Name), split(local)...)
	for _, own := range append(split(agent.Name), split(agent.PublicName)...) {
		for _, w := range theirs {
			if len(own) > 2 && (w == own || len(own) > 3 && strings.HasPrefix(w, own)) {
				return true
			}
		}
	}
	return false
}

// noteHeld keeps a held mail of somebody outside the desk as a note with that
// person's name, by the word of the agent to whose address it came.
func (s *Service) noteHeld(ctx context.Context, a *arrival, q desk.Confirmation) (why string, err error) {
	agent, listed := a.settings.Agent(q.Agent)
	conv, err := s.Store.Conversation(ctx, q.Conversation)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return "the conversation that it answers is not there any more", nil
	case err != nil:
		return "", fmt.Errorf("reading the conversation of a held mail: %w", err)
	case !listed || !a.answers(agent, conv):
		return "you are no longer one of the agents of the mailbox " + conv.Mailbox, nil
	}
	who := desk.Person{Name: clip(page.OneLine(a.mail.From.Name), maxName), Address: a.single}
	return "", s.Agents.Outside(ctx, &a.in, a.mail, who, a.verified, agent, conv, a.also)
}
