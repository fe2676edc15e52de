package inbound

import (
	"context"
	"errors"
	"fmt"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/page"
	"github.com/replywell/replywell/shared/email/replyaddr"
	"github.com/replywell/replywell/shared/inbound/identify"
	"github.com/replywell/replywell/shared/inbound/thread"
	"github.com/replywell/replywell/shared/store"
)

// Release lets a held mail go on as if it had passed the check that held it: an
// agent's mail, by its agent's word, is carried out; any other is judged anew
// from there on. q is the question whose answer says so, by is the mail that
// answered, and also is committed with it as one change; nil is nothing. A
// second release changes nothing. The error is temporary, or store.ErrConflict:
// read q again and decide again.
func (s *Held) Release(ctx context.Context, id string, q desk.Confirmation, by *desk.Inbound, also *store.Change) (desk.Settled, error) {
	held, done, err := s.held(ctx, id, by)
	if done != nil || err != nil {
		return deref(done), err
	}
	own := q.Kind.OfHeld()
	switch {
	case held.Hold == desk.HoldVirus:
		return desk.Settled{Inbound: held, Why: "it contains a virus, and is never passed on; who runs Replywell finds the mail as it came under " + held.Raw}, nil
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
	f, err := identify.Read(Delivery{ID: held.ID, Raw: held.Raw, MailFrom: held.MailFrom, Recipients: held.Recipients, ReceivedAt: held.ReceivedAt,
		Verdicts: held.Verdicts, Size: held.Size}, raw, s.at(settings))
	if err != nil {
		return desk.Settled{}, err
	}
	if own && f.SHA256 != q.SHA256 {
		return desk.Settled{Inbound: held, Why: "the mail in the mail store is not the one that you were shown"}, nil
	}
	f.Record.Version, f.Record.SettledBy, f.Released = held.Version, by.ID, held.Hold
	found, err := s.Store.Lookup(ctx, f.Lookup())
	if err != nil {
		return desk.Settled{}, fmt.Errorf("looking up the held mail %s: %w", id, err)
	}
	if found.DuplicateOf != "" {
		return desk.Settled{Inbound: held, Why: "the same mail came again meanwhile and was taken in then"}, nil
	}
	c := thread.Case{Settings: settings, Facts: f, Found: thread.Found{Found: found}}
	if own {
		in, why, err := s.carryHeld(ctx, c, q, also)
		if why != "" || err != nil {
			return desk.Settled{Inbound: held, Why: why}, err
		}
		return desk.Settled{Inbound: in, Done: true}, nil
	}
	d, err := s.decide(ctx, &c)
	if err != nil {
		return desk.Settled{}, err
	}
	in, err := s.record(ctx, settings, c.Facts, d, also)
	if errors.Is(err, store.ErrAlreadyDone) {
		err = store.ErrConflict
	}
	return desk.Settled{Inbound: in, Done: err == nil}, err
}

// carryHeld hands an agent's own mail on, as if it had come right; or, where the
// agent says so, keeps what somebody outside the desk wrote as a note with that
// person's name. What holds of any agent must hold still; what was missing, the
// agent has made up for. Only what the agent was shown goes out: the text, without
// HTML that may say something else.
func (s *Held) carryHeld(ctx context.Context, c thread.Case, q desk.Confirmation, also *store.Change) (in desk.Inbound, why string, err error) {
	f, in := c.Facts, c.Facts.Record
	agent, listed := c.Settings.Agent(q.Agent)
	conv, err := s.Store.Conversation(ctx, q.Conversation)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return in, "the conversation that it answers is not there any more", nil
	case err != nil:
		return in, "", fmt.Errorf("reading the conversation of a held mail: %w", err)
	case !listed || !thread.Answers(c.Settings, agent, conv):
		return in, "you are no longer one of the agents of the mailbox " + conv.Mailbox, nil
	case q.Kind == desk.ConfirmNote:
		if said, ok := thread.LetIn(c, conv, agent.ID); ok {
			in.Mailbox, in.Conversation = conv.Mailbox, conv.ID
			return in, "", s.Agents.Department(ctx, &in, f.Mail, said, conv, also)
		}
		who := desk.Person{Name: identify.Clip(page.OneLine(f.Mail.From.Name), identify.MaxName), Address: f.Sender}
		err = s.Agents.Outside(ctx, &in, f.Mail, who, f.Verified, agent, conv, also)
		return in, "", err
	}
	in.Mailbox, in.Conversation = conv.Mailbox, conv.ID
	f.Mail.Visible.VisibleHTML = ""
	// It stays what it was written as: an answer, or words for the team.
	token := replyaddr.Token{Purpose: replyaddr.Agent, Conversation: string(q.Conversation), LastSeen: replyaddr.Seen(q.Seen)}
	if t, ok := thread.AgentAddress(f.Recipients); ok {
		token.Purpose, token.Argument = t.Purpose, t.Argument
	}
	err = s.Agents.Carry(ctx, &in, f.Mail, agent, conv, token, also)
	return in, "", err
}

// Drop ends a held mail: it goes to nobody. The raw mail and the record are kept
// until their time is over all the same.
func (s *Held) Drop(ctx context.Context, id string, by *desk.Inbound, also *store.Change) (desk.Settled, error) {
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
func (s *Held) held(ctx context.Context, id string, by *desk.Inbound) (desk.Inbound, *desk.Settled, error) {
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

func deref(s *desk.Settled) desk.Settled {
	if s == nil {
		return desk.Settled{}
	}
	return *s
}
