package reply

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email"
	"github.com/replywell/replywell/shared/email/replyaddr"
	"github.com/replywell/replywell/shared/kb/article"
	"github.com/replywell/replywell/shared/letters"
	"github.com/replywell/replywell/shared/outbox"
	"github.com/replywell/replywell/shared/store"
)

// Service carries agents' mails out. All fields are needed but Wake.
type Service struct {
	Store    *store.Store
	Blobs    store.Blobs
	Settings func(context.Context) (*desk.Settings, error)
	Keys     *replyaddr.Keyring
	Articles func(context.Context) (Articles, error)
	// Wake tells the sender that these outbox items are there; nil: the sweep finds them.
	Wake   func(ctx context.Context, outboxIDs []string)
	Now    func() time.Time
	Random io.Reader
}

// Articles is the knowledge base as far as an answer needs it; *kb.Index is one.
type Articles interface {
	Article(id string) (article.Article, bool)
}

// job is one mail being carried out.
type job struct {
	*Service
	settings *desk.Settings
	letters  letters.Writer
	in       *desk.Inbound
	mail     *email.Mail
	agent    desk.Agent
	mailbox  desk.Mailbox
	conv     desk.Conversation
	messages []desk.Message // the conversation's last ones, oldest first
	seen     int            // the last message that the mail showed which the agent answers
	aware    int            // the last one that the agent was shown since, where that is later
	team     bool           // a plain reply to the mail that is answered is no answer, but a note
	whom     bool           // and not that either: it says for whom it is
	held     *desk.Inbound  // the answer that is sent as it was; see anyway.go
	asked    string         // then, the Message-ID of the mail that asks for it
	shown    string         // and what the agent was told of it
	asks     int            // and how often it was asked for
	also     *store.Change  // committed with whatever is recorded
	said     string         // the word by which the agent settled what was doubtful in the mail
	shownAs  string         // and what was shown then; see meant.go
	now      time.Time
}

// Carry does what the mail asks for and records it. in is the mail's record,
// not yet stored; conv and token are what its reply address named. An error is
// temporary, and nothing has happened, unless desk.IsPermanent. also, if not
// nil, is committed with it, as one change: what released a held mail.
func (s *Service) Carry(ctx context.Context, in *desk.Inbound, mail *email.Mail, agent desk.Agent, conv desk.Conversation, token replyaddr.Token, also *store.Change) error {
	return s.carry(ctx, in, mail, agent, conv, token, also, job{})
}

// carry is Carry, with what the agent said about the mail.
func (s *Service) carry(ctx context.Context, in *desk.Inbound, mail *email.Mail, agent desk.Agent, conv desk.Conversation, token replyaddr.Token, also *store.Change, said job) error {
	settings, err := s.Settings(ctx)
	if err != nil {
		return err
	}
	again := store.Retry
	if also != nil { // whoever gave it must read it again as well
		again = func(_ context.Context, attempt func(bool) error) error { return attempt(true) }
	}
	err = again(ctx, func(first bool) error {
		place := store.Place{Conversation: desk.ConversationID(token.Conversation), Sequence: int(token.LastSeen)}
		if !first || conv.Arranged > 0 || conv.ID != place.Conversation {
			// Where the answer belongs may have been arranged since.
			if conv, place, err = s.Store.Place(ctx, place); err != nil {
				return fmt.Errorf("reading the conversation again: %w", err)
			}
		}
		record := *in
		j := &job{Service: s, settings: settings, in: &record, mail: saidBy(agent, mail), agent: agent, conv: conv, seen: place.Sequence, also: also, said: said.said, shownAs: said.shownAs, now: s.Now()}
		j.answers(token)
		j.letters = letters.Writer{Settings: settings, Keys: s.Keys, Now: j.now}
		if err := j.run(ctx); err != nil {
			return err
		}
		*in = record
		return nil
	})
	if errors.Is(err, store.ErrAlreadyDone) {
		return nil
	}
	return err
}

// before is how many messages before the one that the agent was shown are
// read, to find the customer's words and the suggestions that it goes with, and
// to see an exchange that runs too fast for people.
const before = 3 * mostAnswers

func (j *job) run(ctx context.Context) error {
	var err error
	if j.mailbox, err = j.mailboxOf(j.conv); err != nil {
		return err
	}
	if j.messages, err = j.Store.Messages(ctx, j.conv.ID, max(1, min(j.seen, j.conv.Messages)-before), 0); err != nil {
		return err
	}
	arranged, err := j.arrange(ctx)
	if arranged && err == nil {
		return nil
	}
	var p *plan
	if !arranged {
		p, err = j.decide(ctx)
	}
	var refused *refusal
	var kept *waits
	var asked *doubtful
	switch {
	case errors.As(err, &kept):
		return j.keep(ctx, kept)
	case errors.As(err, &refused):
		return j.refuse(ctx, refused)
	case errors.As(err, &asked):
		return j.askMeant(ctx, asked.Doubt)
	case err != nil:
		return err
	}
	err = j.record(ctx, p)
	if leak := (*outbox.LeakError)(nil); errors.As(err, &leak) {
		return j.refuse(ctx, j.leaked(leak))
	}
	return err
}

func (j *job) mailboxOf(c desk.Conversation) (desk.Mailbox, error) {
	mailbox, ok := j.settings.Mailbox(c.Mailbox)
	if !ok {
		return mailbox, fmt.Errorf("conversation %s belongs to the mailbox %q, which is not in the configuration any more; put it back, or the answer cannot be sent", c.ID.Reference(), c.Mailbox)
	}
	return mailbox, nil
}
