package inbound

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email"
	"github.com/replywell/replywell/shared/email/replyaddr"
	"github.com/replywell/replywell/shared/letters"
	"github.com/replywell/replywell/shared/store"
)

// Release lets a held mail go on as if it had passed the check that held it: an
// agent's mail, by its agent's word, is carried out; any other is judged anew
// from there on. q is the question whose answer says so, by is the mail that
// answered, and also is committed with it as one change; nil is nothing. A
// second release changes nothing. The error is temporary, or store.ErrConflict:
// read q again and decide again.
func (s *Service) Release(ctx context.Context, id string, q desk.Confirmation, by *desk.Inbound, also *store.Change) (desk.Settled, error) {
	held, done, err := s.held(ctx, id, by)
	if done != nil || err != nil {
		return deref(done), err
	}
	own := q.Kind.OfHeld()
	switch {
	case held.Hold == desk.HoldVirus:
		return desk.Settled{Inbound: held, Why: "it has a virus in it, and is never passed on; who runs Replywell finds the mail as it came under " + held.Raw}, nil
	case !own && (held.Hold == desk.HoldAgent || held.Hold == desk.HoldUnlisted || held.Hold == desk.HoldMachine):
		return desk.Settled{Inbound: held, Why: "it came in an agent's name or to an agent's address, and only that agent can release it"}, nil
	}
	settings, err := s.Settings(ctx)
	if err != nil {
		return desk.Settled{}, fmt.Errorf("reading the settings: %w", err)
	}
	raw, err := s.Blobs.Get(ctx, held.Raw)
	if errors.Is(err, store.ErrNotFound) {
		return desk.Settled{Inbound: held, Why: "the mail as it came is not in the mail store any more"}, nil
	}
	if err != nil {
		return desk.Settled{}, fmt.Errorf("reading the held mail %s: %w", id, err)
	}
	if own && fingerprint(raw) != q.SHA256 {
		return desk.Settled{Inbound: held, Why: "the mail in the mail store is not the one that you were shown"}, nil
	}
	a, err := s.arrive(settings, Delivery{ID: held.ID, Raw: held.Raw, MailFrom: held.MailFrom, Recipients: held.Recipients, ReceivedAt: held.ReceivedAt,
		Verdicts: held.Verdicts, Size: held.Size}, email.Read(raw, held.MailFrom), body(raw))
	if err != nil {
		return desk.Settled{}, err
	}
	a.in.Version, a.in.SettledBy, a.sha256, a.released, a.also = held.Version, by.ID, fingerprint(raw), held.Hold, also
	if a.found, err = s.Store.Lookup(ctx, a.lookup()); err != nil {
		return desk.Settled{}, fmt.Errorf("looking up the held mail %s: %w", id, err)
	}
	if first := a.found.DuplicateOf; first != "" {
		return desk.Settled{Inbound: held, Why: "the same mail came again meanwhile and was taken in then"}, nil
	}
	if own {
		settle := s.carryHeld
		if q.Kind == desk.ConfirmNote {
			settle = s.noteHeld
		}
		if why, err := settle(ctx, a, q); why != "" || err != nil {
			return desk.Settled{Inbound: held, Why: why}, err
		}
		return desk.Settled{Inbound: a.in, Done: true}, nil
	}
	err = s.judge(ctx, a)
	if errors.Is(err, store.ErrAlreadyDone) {
		err = store.ErrConflict
	}
	return desk.Settled{Inbound: a.in, Done: err == nil}, err
}

// carryHeld hands an agent's own mail on, as if it had come right. What holds of
// any agent must hold still; what was missing, the agent has made up for. Only
// what the agent was shown goes out: the text, without HTML that may say something else.
func (s *Service) carryHeld(ctx context.Context, a *arrival, q desk.Confirmation) (why string, err error) {
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
	a.in.Mailbox, a.in.Conversation = conv.Mailbox, conv.ID
	a.mail.Visible.VisibleHTML = ""
	// It stays what it was written as: an answer, or words for the team.
	token := replyaddr.Token{Purpose: replyaddr.Agent, Conversation: string(q.Conversation), LastSeen: replyaddr.Seen(q.Seen)}
	if t, ok := a.agentToken(); ok {
		token.Purpose, token.Argument = t.Purpose, t.Argument
	}
	return "", s.Agents.Carry(ctx, &a.in, a.mail, agent, conv, token, a.also)
}

// Drop ends a held mail: it goes to nobody. The raw mail and the record are kept
// until their time is over all the same.
func (s *Service) Drop(ctx context.Context, id string, by *desk.Inbound, also *store.Change) (desk.Settled, error) {
	held, done, err := s.held(ctx, id, by)
	if done != nil || err != nil {
		return deref(done), err
	}
	held.Outcome, held.SettledBy = desk.OutcomeDropped, by.ID
	c := &store.Change{Inbound: &held}
	c.Join(also)
	err = s.Store.Commit(ctx, c)
	return desk.Settled{Inbound: held, Done: err == nil}, err
}

// held reads a held mail. Where there is nothing to do any more, it says so.
func (s *Service) held(ctx context.Context, id string, by *desk.Inbound) (desk.Inbound, *desk.Settled, error) {
	in, err := s.Store.Inbound(ctx, id)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return in, &desk.Settled{Why: "its time was over, and it is gone"}, nil
	case err != nil:
		return in, nil, fmt.Errorf("reading the held mail %s: %w", id, err)
	case in.SettledBy == by.ID:
		return in, &desk.Settled{Inbound: in, Done: true}, nil
	case in.Outcome == desk.OutcomeHeld:
		return in, nil, nil
	case in.Outcome == desk.OutcomeDropped:
		return in, &desk.Settled{Inbound: in, Why: "it was dropped before"}, nil
	}
	return in, &desk.Settled{Inbound: in, Why: "it was released before"}, nil
}

// stepsAfter gives what is still asked of a released mail. A person has seen that
// it is no spam, no ticket trick, no stray report; what makes an agent's mail an
// agent's is asked all the same.
func (s *Service) stepsAfter(hold string) []step {
	if hold == desk.HoldSpam {
		return []step{s.agentMail, s.verification, s.stranger}
	}
	return nil
}

// shownIn is the last message that the agent had been shown by our mail which
// the clue names.
func (a *arrival) shownIn(c clue) int {
	for _, ref := range a.found.MessageIDs {
		if ref.Outbox != "" && ref.Outbox == c.sent {
			return ref.Sequence
		}
	}
	return 0
}

// vouched reports whether the agent's domain vouches for the mail: by DMARC, or
// by what the settings take for it. SPF alone says who owns the envelope sender,
// so that must be of the From address's own domain (RFC 7489 section 3.1.2, strict).
func (a *arrival) vouched(agent desk.Agent) bool {
	v := a.in.Verdicts
	if v.Authenticated() {
		return true
	}
	return agent.VouchedBy == desk.VouchedBySPF && v.DMARC != desk.VerdictFail && v.SPF == desk.VerdictPass &&
		a.single != "" && hostOf(bare(a.in.MailFrom)) == hostOf(a.single)
}

func hostOf(address string) string {
	address = canonical(address)
	return address[strings.LastIndexByte(address, '@')+1:]
}

// void reports whether an agent's reply address is older than the settings let
// it be. An address tells until when it is good, and all are good for as long.
func (n named) void(agent desk.Agent) bool {
	return !agent.Since.IsZero() && n.Expires.Add(-letters.AgentAddressGood).Before(agent.Since)
}

func fingerprint(raw []byte) string {
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:])
}

func deref(s *desk.Settled) desk.Settled {
	if s == nil {
		return desk.Settled{}
	}
	return *s
}
