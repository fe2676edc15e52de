package confirm

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/compose"
	"github.com/replywell/replywell/shared/letters"
	"github.com/replywell/replywell/shared/orders"
	"github.com/replywell/replywell/shared/store"
)

// settle does to one held mail what the word says.
func (a *answer) settle(ctx context.Context, id, word string, also *store.Change) (desk.Settled, error) {
	if word == "release" || word == "yes" {
		return a.Held.Release(ctx, id, a.question, &a.in, also)
	}
	return a.Held.Drop(ctx, id, &a.in, also)
}

// one settles the mail that was held in the agent's name, and uses the question
// up with it.
func (a *answer) one(ctx context.Context, word string) error {
	if len(a.question.Held) != 1 {
		return desk.Permanent(fmt.Errorf("the question %s is about %d held mails, and can only be about one", a.question.ID, len(a.question.Held)))
	}
	q := a.question
	q.Use(a.now, a.in.ID, word)
	base := a.base("confirmed: #"+word, word)
	base.Confirmations = []*desk.Confirmation{&q}
	done, err := a.settle(ctx, q.Held[0], word, base)
	if err != nil {
		return err
	}
	if !done.Done {
		return a.refuse(ctx, "settled", "Nothing was done", sentence(done.Why))
	}
	return nil
}

// several settles mails of a list, each by itself, and tells the agent what
// became of them. A repeated delivery finds those done that it had done before.
func (a *answer) several(ctx context.Context, said []orders.Answer) error {
	var items []string
	n := 0
	for _, s := range said {
		numbers := s.Numbers
		if s.All {
			for i := range a.question.Held {
				numbers = append(numbers, i+1)
			}
		}
		for _, i := range numbers {
			if i > len(a.question.Held) {
				items = append(items, fmt.Sprintf("%d: not there; the list ends at %d", i, len(a.question.Held)))
				continue
			}
			done, err := a.settle(ctx, a.question.Held[i-1], s.Word, nil)
			switch {
			case errors.Is(err, store.ErrAlreadyDone):
				return store.ErrConflict
			case err != nil:
				return fmt.Errorf("number %d of the list: %w", i, err)
			case !done.Done:
				items = append(items, fmt.Sprintf("%d: left as it is; %s", i, done.Why))
			default:
				n++
				items = append(items, fmt.Sprintf("%d: %s", i, became(done.Inbound)))
			}
		}
	}
	c := a.base("confirmed: "+compose.Count(n, "mail", "mails")+" of the quarantine", "quarantine")
	tone, title := compose.Info, compose.Count(n, "held mail was", "held mails were")+" settled"
	if n < len(items) {
		tone, title = compose.Warning, fmt.Sprintf("%d of %d held mails were settled", n, len(items))
	}
	w := letters.Writer{Settings: a.settings, Keys: a.Keys, Now: a.now}
	told, err := w.Told(desk.DerivedID(a.in.ID, "quarantine-told"), a.agent, a.mailbox(), letters.Told{Tone: tone, Title: title,
		Text: "This is what became of them, by their numbers in the list that you answered.", About: []compose.Block{compose.Bullets{Items: items}}})
	if err != nil {
		return err
	}
	return a.commit(ctx, c, told)
}

// became says in plain words what a settled mail is now.
func became(in desk.Inbound) string {
	switch in.Outcome {
	case desk.OutcomeDropped:
		return "dropped"
	case desk.OutcomeHeld:
		return "released, and held again: " + in.Reason
	case desk.OutcomeThreaded:
		return "released, into conversation " + in.Conversation.Reference()
	}
	return "released"
}

// sentence makes a clause one.
func sentence(clause string) string {
	if clause == "" {
		return ""
	}
	return strings.ToUpper(clause[:1]) + clause[1:] + "."
}
