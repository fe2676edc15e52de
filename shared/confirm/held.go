package confirm

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/page"
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

// list does what is said about a list, by its numbers.
func (a *answer) list(ctx context.Context) error {
	said, err := orders.ReadList(a.ownText(), len(a.question.Held))
	var bad *desk.CommandError
	switch {
	case errors.As(err, &bad):
		why := "Your answer was not understood: " + bad.Why + "."
		if bad.Line != "" {
			why = fmt.Sprintf("Your answer says “%s”: %s.", bad.Line, bad.Why)
		}
		return a.refuse(ctx, "word", "Nothing was done", why+" Answer the list again: 1 lets mail 1 in, drop 1 drops it, all lists everything.")
	case err != nil:
		return err
	case said.Show && len(said.Release)+len(said.Drop) == 0:
		return a.all(ctx)
	}
	return a.several(ctx, said)
}

// several settles mails of a list, each by itself, and tells the agent what
// became of them. A repeated delivery finds those done that it had done before.
func (a *answer) several(ctx context.Context, said orders.ListAnswer) error {
	var items []string
	n := 0
	for _, o := range []struct {
		word    string
		numbers []int
	}{{"release", said.Release}, {"drop", said.Drop}} {
		for _, i := range o.numbers {
			if i > len(a.question.Held) {
				items = append(items, fmt.Sprintf("%d: not there; the list ends at %d", i, len(a.question.Held)))
				continue
			}
			done, err := a.settle(ctx, a.question.Held[i-1], o.word, nil)
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
			if err := a.copies(ctx, i); err != nil {
				return fmt.Errorf("number %d of the list: %w", i, err)
			}
		}
	}
	c := a.base("confirmed: "+page.Count(n, "mail", "mails")+" of the quarantine", "quarantine")
	tone, title := page.Info, page.Count(n, "held mail was", "held mails were")+" settled"
	if n < len(items) {
		tone, title = page.Warning, fmt.Sprintf("%d of %d held mails were settled", n, len(items))
	}
	w := letters.Writer{Settings: a.settings, Keys: a.Keys, Now: a.now}
	told, err := w.ChoiceResult(desk.DerivedID(a.in.ID, "quarantine-told"), a.agent, a.mailbox(), letters.ChoiceResult{Tone: tone, Title: title,
		Text: "This is what happened to each, by its number in the list that you answered.", About: []page.Block{page.Bullets{Items: items}}})
	if err != nil {
		return err
	}
	return a.commit(ctx, c, told)
}

// copies ends what says the same as a line that was decided on: it is let in or
// dropped once.
func (a *answer) copies(ctx context.Context, n int) error {
	if n > len(a.question.Copies) {
		return nil
	}
	for _, id := range a.question.Copies[n-1] {
		if _, err := a.settle(ctx, id, "drop", nil); errors.Is(err, store.ErrAlreadyDone) {
			return store.ErrConflict
		} else if err != nil {
			return err
		}
	}
	return nil
}

// mostHeld bounds how many held mails a list of all is made of.
const mostHeld = 1000

// all mails the list of everything that is held and can be let in.
func (a *answer) all(ctx context.Context) error {
	held, err := a.Store.Held(ctx, mostHeld)
	if err != nil {
		return fmt.Errorf("reading what is held: %w", err)
	}
	held = slices.DeleteFunc(held, func(in desk.Inbound) bool { return !in.KeptUntil.IsZero() && !in.KeptUntil.After(a.now) })
	q := desk.SortHeld(held, time.Time{}, true, nil)
	c := a.base("asked for all held mail", "quarantine all")
	id, free, err := a.noticeID(ctx)
	if err != nil {
		return err
	}
	if !free {
		return a.commit(ctx, c)
	}
	question := desk.Confirmation{ID: desk.ConfirmationID(desk.ConfirmQuarantine, a.in.ID, a.agent.ID), Kind: desk.ConfirmQuarantine, Agent: a.agent.ID,
		Mailbox: a.mailbox().ID, Asked: a.now, Expires: a.now.Add(desk.ConfirmationGood), CausedBy: a.in.ID}
	letters.QuestionOf(&question, q, letters.MaxQuarantineAll)
	w := letters.Writer{Settings: a.settings, Keys: a.Keys, Now: a.now}
	list, err := w.Quarantine(id, a.agent, a.mailbox(), question, q, true)
	if err != nil {
		return err
	}
	c.Confirmations = append(c.Confirmations, &question)
	return a.commit(ctx, c, list)
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
