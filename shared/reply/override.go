package reply

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/replywell/replywell/shared/commands"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/store"
)

// overrideGood is how long an answer that was held back can be sent as it was.
const overrideGood = 14 * 24 * time.Hour

// heldBack goes back to the answer that was held back because of what stands in
// it, and which the agent wants to be sent as it was. Which one it is, the mail
// says that told of it and that is answered here. It is sent once; what the
// agent was not shown then is not allowed now; and whatever else speaks against
// it still does.
func (s *Service) heldBack(ctx context.Context, f commands.Facts, w written) (commands.Facts, written, error) {
	notice, err := s.noticeAnswered(ctx, f, w.mail.InReplyTo, w.mail.References)
	if err != nil {
		return f, w, err
	}
	var refused, held desk.Inbound
	sent := false
	if notice != nil && len(notice.Tells) == 0 {
		if refused, held, err = s.refusedAnswer(ctx, notice.CausedBy); err != nil {
			return f, w, err
		}
		if _, sent, err = s.atWord(ctx, held); err != nil {
			return f, w, err
		}
	}
	if why := overridable(f, notice, refused, held, sent); why != nil {
		return f, w, why
	}
	mail, err := s.mailOf(ctx, held)
	if err != nil {
		return f, w, fmt.Errorf("reading the answer that was held back: %w", err)
	}
	f.Team, f.Whom = false, false // it was on its way to the customer
	w = written{in: w.in, mail: saidBy(f.Agent, mail, held.Opens), held: &held, shown: refused.Reason + "\n", asked: w.mail.MessageID}
	w.verdict, err = s.verdictOn(ctx, f.Agent, held)
	w.late = w.said != ""
	return f, w, err
}

// overridable says why nothing can be sent as it was, or gives nil. refused is the
// mail that the notice told of, and held the one whose text it was.
func overridable(f commands.Facts, notice *desk.OutboxItem, refused, held desk.Inbound, sent bool) error {
	no := func(why string) error {
		return &commands.Refusal{Rule: "anyway", Title: "Nothing was sent", Why: why,
			Next: "Answer the mail that told you what was found in your answer with #send-anyway, or this mail with your text."}
	}
	switch {
	case notice == nil || len(notice.Tells) > 0:
		return no("#send-anyway sends an answer that was held back, and your mail answers none that told you of one.")
	case held.ID == "" || held.Outcome != desk.OutcomeRefused || !strings.HasPrefix(refused.Reason, leakWhy) || held.Conversation != f.Conversation.ID:
		return no("The mail that you answered does not tell of an answer that was held back.")
	case f.Now.Sub(held.Recorded) > overrideGood:
		return no("The answer was held back too long ago; the conversation may have gone on.")
	case sent:
		return no("The answer was sent already, at your word, and is sent once.")
	}
	return nil
}

// noticeAnswered gives the notice to this agent, about this conversation, that
// the mail answers; nil if there is none.
func (s *Service) noticeAnswered(ctx context.Context, f commands.Facts, inReplyTo, references []string) (*desk.OutboxItem, error) {
	ids := slices.Concat(inReplyTo, references)
	for i := len(ids) - 1; i >= max(0, len(ids)-5); i-- {
		item, err := s.Store.FindSent(ctx, ids[i])
		if errors.Is(err, store.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("reading the mail that is answered: %w", err)
		}
		if item.Kind == desk.OutboxNotice && item.Agent == f.Agent.ID && item.Conversation == f.Conversation.ID {
			return &item, nil
		}
	}
	return nil, nil
}

// refusedAnswer reads the record of a mail that was refused, and of the one whose
// text it stood for; neither has an id where it is not there any more.
func (s *Service) refusedAnswer(ctx context.Context, id string) (refused, held desk.Inbound, err error) {
	refused, err = s.Store.Inbound(ctx, id)
	held = refused
	for err == nil && held.Of != "" && held.Outcome == desk.OutcomeRefused {
		held, err = s.Store.Inbound(ctx, held.Of)
	}
	if errors.Is(err, store.ErrNotFound) {
		return desk.Inbound{}, desk.Inbound{}, nil
	}
	if err != nil {
		return refused, held, fmt.Errorf("reading the answer that was held back: %w", err)
	}
	return refused, held, nil
}

// verdictOn reads what the agent said of a doubtful line in a mail that is carried
// out again, because it was held or waited since.
func (s *Service) verdictOn(ctx context.Context, agent desk.Agent, held desk.Inbound) (verdict, error) {
	q, err := s.Store.Confirmation(ctx, desk.ConfirmationID(desk.ConfirmMeant, held.ID, agent.ID))
	if errors.Is(err, store.ErrNotFound) || err == nil && q.Word == "" {
		return verdict{}, nil
	}
	if err != nil {
		return verdict{}, fmt.Errorf("reading what the agent said of a mail: %w", err)
	}
	return verdict{said: q.Word, of: q.SHA256}, nil
}

// mostAtWord bounds how often one text is sent at a word and taken back again.
const mostAtWord = 20

// atWord is the id under which a mail's text is sent at its agent's word, and
// whether it was: what was taken back since can be sent again, under the next id.
func (s *Service) atWord(ctx context.Context, held desk.Inbound) (id string, sent bool, err error) {
	for n := range mostAtWord {
		if id = desk.DerivedID(held.ID, "anyway"); n > 0 {
			id = desk.DerivedID(id, strconv.Itoa(n))
		}
		item, err := s.Store.Outbox(ctx, id)
		switch {
		case errors.Is(err, store.ErrNotFound):
			return id, false, nil
		case err != nil:
			return "", false, fmt.Errorf("asking whether an answer was sent: %w", err)
		case item.State != desk.OutboxTakenBack:
			return id, true, nil
		}
	}
	return id, true, nil
}
