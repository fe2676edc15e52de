package inbound

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/inbound/identify"
	"github.com/replywell/replywell/shared/kb"
)

const (
	maxSuggestions = 3
	maxPast        = 2               // answers of colleagues to similar mails
	draftWithin    = 8 * time.Second // how long agents' mail waits for a draft
)

// suggest finds the articles that may answer a customer's message. Agents must
// hear of the mail with or without ready answers, so what went wrong is told as a
// clause for the record's reason.
func (s *Held) suggest(ctx context.Context, e *entry) string {
	if e.message.Kind != desk.KindCustomer || e.thanks || s.Ranker == nil {
		return ""
	}
	ranker, err := s.Ranker(ctx)
	if err != nil {
		return "; nothing was suggested: " + identify.Clip(fmt.Sprintf("the knowledge base could not be read: %v", err), identify.MaxName)
	}
	e.offered = ranker.Suggest(e.message.Subject, e.message.Text, maxSuggestions)
	if len(e.offered) == 0 || e.offered[0].Score < kb.Likely {
		if r, ok := ranker.(interface {
			Answered(subject, text string, most int) []desk.PastAnswer
		}); ok {
			e.past = r.Answered(e.message.Subject, e.message.Text, maxPast)
		}
	}
	for _, o := range e.offered {
		e.message.Suggested = append(e.message.Suggested, o.Article)
		e.message.Likely = append(e.message.Likely, desk.Likely(o.Score))
	}
	return s.draft(ctx, e)
}

// draft asks for a draft where an article was offered that customers may read.
func (s *Held) draft(ctx context.Context, e *entry) string {
	sendable := slices.ContainsFunc(e.offered, func(o desk.Suggestion) bool { return !o.Internal })
	if s.Drafter == nil || !sendable {
		return ""
	}
	ctx, cancel := context.WithTimeout(ctx, draftWithin)
	defer cancel()
	d, err := s.Drafter.DraftAnswer(ctx, e.message.Subject, e.message.Text, "", e.offered)
	if err != nil {
		return "; nothing was drafted: " + identify.Clip(err.Error(), identify.MaxName)
	}
	e.draft = &d
	return ""
}

// firstDraft is a Drafter that is asked once.
type firstDraft struct {
	Drafter
	asked bool
	draft desk.DraftAnswer
	err   error
}

func (f *firstDraft) DraftAnswer(ctx context.Context, subject, text, language string, offered []desk.Suggestion) (desk.DraftAnswer, error) {
	if !f.asked {
		f.asked = true
		f.draft, f.err = f.Drafter.DraftAnswer(ctx, subject, text, language, offered)
	}
	return f.draft, f.err
}

// draftingOnce is what one mail is taken in by: a draft is asked for once, however
// often the mail is recorded anew.
func (s *Held) draftingOnce() *Held {
	if s.Drafter == nil {
		return s
	}
	one := *s
	one.Drafter = &firstDraft{Drafter: s.Drafter}
	return &one
}
