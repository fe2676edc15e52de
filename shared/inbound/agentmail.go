package inbound

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/automatic"
	"github.com/replywell/replywell/shared/email/page"
	"github.com/replywell/replywell/shared/email/replyaddr"
	"github.com/replywell/replywell/shared/letters"
	"github.com/replywell/replywell/shared/store"
)

// agentToken gives the first recipient that is an agent's reply address.
func (a *arrival) agentToken() (named, bool) {
	for _, t := range a.tokens {
		if t.genuine() && t.Purpose.FromAgent() {
			return t, true
		}
	}
	return named{}, false
}

// agentMail decides on mail to an agent's reply address, which is the only door
// to a customer. It opens for three keys together: the address was made here
// for an agent, and is not too old; the one From address is that agent's; and
// the receiving service vouches for it. Everything else is held: the customer
// hears nothing, the sender hears nothing, and the agent in whose name it came
// is told at the address that stands in the settings.
func (s *Service) agentMail(ctx context.Context, a *arrival) (bool, error) {
	t, ok := a.agentToken()
	if !ok {
		return s.agentWithoutAddress(ctx, a)
	}
	a.in.Conversation = t.conversation()
	agent, listed := a.agentOf(t, s.Keys)
	conv, known := a.found.Conversations[t.conversation()]
	if known {
		a.in.Mailbox = conv.Mailbox
	}
	if mechanical(a.kind) || a.mail.Origin.Rule == "rule-forward" {
		return true, s.agentsMachine(ctx, a, agent, listed)
	}
	meant, why := a.meant(t, s.Keys, s.Now())
	switch {
	case !listed:
		return true, s.hold(ctx, a, desk.HoldUnlisted, "it came to a reply address that was made for an agent who is no longer in the settings, or at another mailbox")
	case !known:
		return true, s.refuseAgent(ctx, a, t, "the conversation that it answers is not there any more")
	case !a.answers(agent, conv):
		return true, s.refuseAgent(ctx, a, t, "you are no longer one of the agents of the mailbox "+conv.Mailbox)
	case a.single == "":
		return true, s.askAgent(ctx, a, agent, claim{conv, t.seen(), false}, "it does not have exactly one sender in its From field")
	case !hasAddress(agent, a.single):
		return true, s.fromSomebodyElse(ctx, a, agent, claim{conv, t.seen(), false}, t)
	case a.manyConversations():
		return true, s.refuseAgent(ctx, a, t, "it was sent to the reply addresses of several conversations at once; answer each conversation by a mail of its own")
	case !a.vouched(agent):
		return true, s.askAgent(ctx, a, agent, claim{conv, t.seen(), !t.expired() && !t.void(agent)}, a.unvouched())
	case !meant:
		return true, s.askAgent(ctx, a, agent, claim{conv, t.seen(), false}, "nothing shows that you wrote it to this conversation: "+why+". Somebody may have handed in a mail of yours that was written to others")
	case t.void(agent):
		return true, s.askAgent(ctx, a, agent, claim{conv, t.seen(), false}, "the reply address that it was sent to was made before "+agent.Since.Format("2 January 2006")+", and your older ones were declared void")
	case t.expired():
		return true, s.askAgent(ctx, a, agent, claim{conv, t.seen(), false}, "the reply address that it was sent to is too old")
	}
	a.in.Mailbox = conv.Mailbox
	return true, s.Agents.Carry(ctx, &a.in, a.mail, agent, conv, t.Token, a.also)
}

// agentOf names the agent that the address was made for. All agents are
// compared, each in constant time, so that the time tells nothing.
func (a *arrival) agentOf(t named, keys *replyaddr.Keyring) (agent desk.Agent, ok bool) {
	for _, x := range a.settings.Agents {
		for _, box := range t.boxes {
			if t.Mailbox = box; t.IsFor(keys, x.ID) {
				agent, ok = x, true
			}
		}
	}
	return agent, ok
}

// answers reports whether the agent is one of the conversation's mailbox.
func (a *arrival) answers(agent desk.Agent, conv desk.Conversation) bool {
	mb, ok := a.settings.Mailbox(conv.Mailbox)
	if !ok {
		return false
	}
	for _, id := range mb.Agents {
		if id == agent.ID {
			return true
		}
	}
	return false
}

// manyConversations reports whether agents' addresses of more than one
// conversation are among the recipients.
func (a *arrival) manyConversations() bool {
	first := desk.ConversationID("")
	for _, t := range a.tokens {
		if !t.genuine() || !t.Purpose.FromAgent() {
			continue
		}
		if first != "" && t.conversation() != first {
			return true
		}
		first = t.conversation()
	}
	return false
}

func hasAddress(agent desk.Agent, address string) bool {
	for _, x := range agent.Addresses {
		if same(x, address) {
			return true
		}
	}
	return false
}

// mechanical are the kinds of mail that a person's mail program sends without
// the person. An agent's own words about a code, or below a company's bulk
// headers, are not among them.
func mechanical(k automatic.Kind) bool {
	switch k {
	case automatic.Bounce, automatic.Complaint, automatic.OutOfOffice, automatic.AutoReply, automatic.Calendar, automatic.ReadReceipt, automatic.Challenge:
		return true
	}
	return false
}

// agentsMachine records what an agent's mail program sent by itself. Nobody is
// told: a notice would be answered by the same machine.
func (s *Service) agentsMachine(ctx context.Context, a *arrival, agent desk.Agent, listed bool) error {
	if !listed || !hasAddress(agent, a.mail.From.Address) {
		return s.hold(ctx, a, desk.HoldMachine, "it is automatic mail ("+string(a.kind)+") to an agent's reply address, from somebody else")
	}
	a.in.Outcome, a.in.Reason = desk.OutcomeAgent, "automatic mail ("+string(a.kind)+") from an agent's mailbox: recorded, and nothing was sent"
	c := &store.Change{Inbound: &a.in, ContentHash: a.in.ContentHash}
	c.Join(a.also)
	return s.Store.Commit(ctx, c)
}

// agentWithoutAddress sees an agent who answers a notification by another way
// than its reply address: "support@" typed by hand, or an address whose key is
// out of use. As a customer's mail it would open a stray conversation.
func (s *Service) agentWithoutAddress(ctx context.Context, a *arrival) (bool, error) {
	agent, ok := a.settings.AgentAt(a.mail.From.Address)
	if !ok {
		return s.reader(ctx, a)
	}
	if mechanical(a.kind) {
		// Some vacation programs write to From: it answers our notification.
		return true, s.agentsMachine(ctx, a, agent, true)
	}
	for _, t := range a.tokens {
		if t.genuine() && t.Purpose == replyaddr.Bounce {
			a.in.Conversation = t.conversation()
			return true, s.askAgent(ctx, a, agent, claim{a.found.Conversations[t.conversation()], t.seen(), false},
				"it was sent to the address that takes delivery reports, and not to our mail's reply address")
		}
		if t.genuine() && t.Purpose == replyaddr.Notice {
			return true, s.refuse(ctx, a, agent, desk.Conversation{}, 0, noReader)
		}
		if !t.genuine() {
			return true, s.refuse(ctx, a, agent, desk.Conversation{}, 0, "the reply address that it was sent to was not made here, or with a key that is out of use; answer the newest mail of the conversation")
		}
	}
	ev := a.evidence()
	if b := a.brought(agent); b != nil && len(ev) == 0 {
		a.bring(b)
		return false, nil
	}
	if len(ev) == 0 && a.answersUs() {
		return true, s.refuse(ctx, a, agent, desk.Conversation{}, 0, noReader)
	}
	if len(ev) == 0 {
		return s.agentAsCustomer(ctx, a, agent)
	}
	if a.admits(ev[0]) {
		return false, nil
	}
	several, err := s.isDigest(ctx, ev[0].sent)
	if err != nil {
		return true, err
	}
	if several {
		return true, s.refuse(ctx, a, agent, desk.Conversation{}, 0, "it answers a mail that tells of several conversations; reply to that mail itself, with a number or a letter that it names")
	}
	a.in.Conversation, a.in.Mailbox = ev[0].conv.ID, ev[0].conv.Mailbox
	return true, s.askAgent(ctx, a, agent, claim{ev[0].conv, a.shownIn(ev[0]), false}, "it was sent to "+a.mailbox.Address+"; to answer a customer, reply to our mail about the conversation, so that it goes to that mail's own reply address")
}

// noReader says why a reply to a mail that only tells something went nowhere.
const noReader = "it answers a mail of ours that needs no answer, and that nobody reads the answers to"

// answersUs reports whether the mail answers one of ours that belongs to no
// conversation.
func (a *arrival) answersUs() bool {
	return slices.ContainsFunc(a.answered(), func(id string) bool {
		ref := a.found.MessageIDs[id]
		return ref.Outgoing && ref.Conversation == ""
	})
}

// agentAsCustomer lets an agent open conversations as anybody may, and tells it
// from a program in the agent's mailbox that answers each of our mails with a
// new one: so many in a day, and the rest is held.
func (s *Service) agentAsCustomer(ctx context.Context, a *arrival, agent desk.Agent) (bool, error) {
	recent, err := s.Store.CustomerConversations(ctx, a.author.Address, maxAgentOpens)
	if err != nil {
		return true, fmt.Errorf("counting an agent's own conversations: %w", err)
	}
	if n := len(recent); n < maxAgentOpens || s.Now().Sub(recent[n-1].Opened) >= 24*time.Hour {
		return false, nil
	}
	return true, s.refuse(ctx, a, agent, desk.Conversation{}, 0, fmt.Sprintf("%d conversations were opened from your address within a day, and it seems to be a mail program that answers our mails; switch that off, and reply to our mails", maxAgentOpens))
}

// isDigest reports whether an outbox item tells of several conversations.
func (s *Service) isDigest(ctx context.Context, id string) (bool, error) {
	if id == "" {
		return false, nil
	}
	item, err := s.Store.Outbox(ctx, id)
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("reading the mail that an agent answers: %w", err)
	}
	return item.Kind == desk.OutboxDigest, nil
}

// refuseAgent holds mail to an agent's address and tells the agent that it was made for.
func (s *Service) refuseAgent(ctx context.Context, a *arrival, t named, why string) error {
	agent, ok := a.agentOf(t, s.Keys)
	if !ok {
		return s.hold(ctx, a, desk.HoldAgent, why)
	}
	return s.refuse(ctx, a, agent, a.found.Conversations[t.conversation()], t.seen(), why)
}

// claim is what a mail in an agent's name would be, if the agent says that it
// is the agent's own.
type claim struct {
	conv      desk.Conversation
	seen      int  // the last message that the agent was shown
	unvouched bool // nothing is missing but that the domain vouches
}

// askAgent holds a mail of which one thing is missing that an agent's mail must
// have, and asks the agent at the stored address whether to send it.
func (s *Service) askAgent(ctx context.Context, a *arrival, agent desk.Agent, c claim, why string) error {
	return s.ask(ctx, a, agent, c, desk.ConfirmRelease, why)
}

// ask is askAgent with the kind of question: whether to send it, to send it in
// one's own name, or to keep it as somebody else's note.
func (s *Service) ask(ctx context.Context, a *arrival, agent desk.Agent, c claim, kind desk.ConfirmationKind, why string) error {
	a.in.Agent = agent.ID
	if !a.answers(agent, c.conv) || c.conv.Customer.Address == "" || len(a.carried()) > letters.MaxQuestion || a.settings.KeepHeld() <= 0 {
		return s.refuse(ctx, a, agent, c.conv, c.seen, why)
	}
	now := s.Now()
	good := min(desk.ConfirmationGood, a.settings.KeepHeld())
	q := &desk.Confirmation{ID: desk.ConfirmationID(kind, a.in.ID, agent.ID), Kind: kind, Agent: agent.ID, Mailbox: c.conv.Mailbox,
		Conversation: c.conv.ID, Held: []string{a.in.ID}, SHA256: a.sha256, Seen: c.seen, Unvouched: c.unvouched, Asked: now, Expires: now.Add(good), CausedBy: a.in.ID}
	a.in.Conversation, a.in.Mailbox = c.conv.ID, c.conv.Mailbox
	return s.told(ctx, a, agent, c.conv, c.seen, why, q)
}

// refuse holds a mail that came in an agent's name, or to an agent's address,
// and tells that agent. The notices of a day are bounded: whoever has hold of
// an agent's reply address could otherwise fill the agent's mailbox with them.
func (s *Service) refuse(ctx context.Context, a *arrival, agent desk.Agent, conv desk.Conversation, seen int, why string) error {
	a.in.Agent = agent.ID
	return s.told(ctx, a, agent, conv, seen, why, nil)
}

// told holds the mail and tells the agent, with the question whether to release
// it if there is one.
func (s *Service) told(ctx context.Context, a *arrival, agent desk.Agent, conv desk.Conversation, seen int, why string, q *desk.Confirmation) error {
	id, free, err := s.heldNotice(ctx, agent)
	if err != nil {
		return err
	}
	if !free {
		a.in.Untold = true // told in one mail the next day
		return s.hold(ctx, a, desk.HoldAgent, why)
	}
	mb := a.mailbox
	if x, ok := a.settings.Mailbox(conv.Mailbox); ok {
		mb = x
	}
	w := letters.Writer{Settings: a.settings, Keys: s.Keys, Now: s.Now()}
	h := letters.Held{From: a.mail.From.Address, Name: clip(page.OneLine(a.mail.From.Name), 60), Subject: a.mail.Subject, At: a.in.ReceivedAt, Until: a.in.ReceivedAt.Add(a.settings.KeepHeld()), Why: why, Text: a.shown(), Seen: seen, Question: q,
		Proven: a.single != "" && hasAddress(agent, a.single) && a.vouched(agent)}
	if t, ok := a.agentToken(); ok {
		h.Team = t.Purpose == replyaddr.Team
	}
	if q != nil {
		h.Text, a.asks = a.carried(), []*desk.Confirmation{q}
		for _, f := range a.mail.Attachments {
			h.Files = append(h.Files, clip(page.OneLine(f.Filename), maxName)+", "+page.Size(int64(f.Size)))
		}
	}
	notice, err := w.Held(id, agent, mb, conv, h)
	if err != nil {
		return err
	}
	return s.hold(ctx, a, desk.HoldAgent, why, notice)
}

// heldNotice gives the id of the day's next notice to this agent, if there may
// be another one.
func (s *Service) heldNotice(ctx context.Context, agent desk.Agent) (id string, free bool, err error) {
	day := s.Now().UTC().Format("2006-01-02")
	for n := range maxHeldNotices {
		id = desk.DerivedID(heldNoticeLabel, agent.ID, day, strconv.Itoa(n))
		_, err = s.Store.Outbox(ctx, id)
		if errors.Is(err, store.ErrNotFound) {
			return id, true, nil
		}
		if err != nil {
			return "", false, fmt.Errorf("counting notices: %w", err)
		}
	}
	return "", false, nil
}
