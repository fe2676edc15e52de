package reply

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email"
	"github.com/replywell/replywell/shared/email/page"
	"github.com/replywell/replywell/shared/guard"
	"github.com/replywell/replywell/shared/store"
)

// anywayGood is how long an answer that was held back can be sent as it was.
const anywayGood = 14 * 24 * time.Hour

// maxAsks bounds how often it can be asked for, when each time something new was
// found meanwhile.
const maxAsks = 3

// anyway goes back to the answer that was held back because of what stands in
// it, and which the agent wants to be sent as it was. Which one it is, the mail
// says that told of it and that is answered here. It is sent once; what the
// agent was not shown then is not allowed now; and whatever else speaks against
// it still does.
func (j *job) anyway(ctx context.Context) error {
	told, err := j.noticeAnswered(ctx)
	if err != nil {
		return err
	}
	nothing := func(why string) error {
		return &refusal{rule: "anyway", title: "Nothing was sent", why: why,
			next: "Answer the mail that told you what was found in your answer with #send-anyway, or this mail with your text."}
	}
	if told == nil || len(told.Tells) > 0 {
		return nothing("#send-anyway sends an answer that was held back, and your mail answers none that told you of one.")
	}
	held, err := j.Store.Inbound(ctx, told.CausedBy)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return fmt.Errorf("reading the answer that was held back: %w", err)
	}
	for err == nil && held.Of != "" && held.Outcome == desk.OutcomeRefused && j.held == nil {
		reason := held.Reason
		if held, err = j.Store.Inbound(ctx, held.Of); err == nil {
			held.Reason = reason
		}
	}
	switch {
	case err != nil || held.Outcome != desk.OutcomeRefused || !strings.HasPrefix(held.Reason, leakWhy) || held.Conversation != j.conv.ID || j.asks == maxAsks:
		return nothing("The mail that you answered does not tell of an answer that was held back.")
	case j.now.Sub(held.Recorded) > anywayGood:
		return nothing("The answer was held back too long ago; the conversation may have gone on.")
	}
	if _, err := j.Store.Outbox(ctx, anywayID(held)); err == nil {
		return nothing("The answer was sent already, at your word, and is sent once.")
	} else if !errors.Is(err, store.ErrNotFound) {
		return fmt.Errorf("asking whether an answer was sent: %w", err)
	}
	raw, err := j.Blobs.Get(ctx, held.Raw)
	if err != nil {
		return fmt.Errorf("reading the answer that was held back: %w", err)
	}
	if j.held == nil {
		j.asked = j.mail.MessageID
	}
	j.held, j.mail, j.shown = &held, saidBy(j.agent, email.Read(raw, held.MailFrom)), j.shown+held.Reason+"\n"
	j.team, j.whom = false, false // it was on its way to the customer
	j.asks++
	return j.recall(ctx, held)
}

// noticeAnswered gives the notice to this agent, about this conversation, that
// the mail answers; nil if there is none.
func (j *job) noticeAnswered(ctx context.Context) (*desk.OutboxItem, error) {
	ids := append(append([]string(nil), j.mail.InReplyTo...), j.mail.References...)
	for i := len(ids) - 1; i >= max(0, len(ids)-5); i-- {
		item, err := j.Store.FindSent(ctx, ids[i])
		if errors.Is(err, store.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("reading the mail that is answered: %w", err)
		}
		if item.Kind == desk.OutboxNotice && item.Agent == j.agent.ID && item.Conversation == j.conv.ID {
			return &item, nil
		}
	}
	return nil, nil
}

func anywayID(held desk.Inbound) string { return desk.DerivedID(held.ID, "anyway") }

// allowed reports whether the agent was shown the place and wants it to be sent.
func (j *job) allowed(h guard.Hit) bool {
	if h.Kind == guard.Command && j.meantAsText(h.Span) {
		return true
	}
	return j.held != nil && strings.Contains(j.shown, shownSpan(h))
}

// shownSpan is how a place is shown to the agent.
func shownSpan(h guard.Hit) string {
	return "“" + page.Excerpt(h.Span, guard.MaxSpan) + "” in " + h.Where + ": " + whatIs(h)
}
