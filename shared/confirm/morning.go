package confirm

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/page"
	"github.com/replywell/replywell/shared/letters"
	"github.com/replywell/replywell/shared/orders"
	"github.com/replywell/replywell/shared/store"
)

// morning carries out a reply to a morning mail, or to a list of what was looked for: what is taken becomes the agent's,
// each by itself; then, as one change with the reply's record, the mails come again,
// each in its own thread.
func (a *answer) morning(ctx context.Context) error {
	order, err := orders.ReadMorning(a.ownText(), len(a.question.Listed), a.agent.Name, a.agent.PublicName)
	var bad *desk.CommandError
	if errors.As(err, &bad) {
		why := "Your reply was not understood: " + bad.Why + "."
		if bad.Line != "" {
			why = fmt.Sprintf("Your reply says “%s”: %s.", bad.Line, bad.Why)
		}
		return a.refuse(ctx, "word", "Nothing was done", why+" Nobody got anything. Answer that mail again with a number, which fetches a mail that you can answer.")
	}
	if err != nil {
		return err
	}
	return a.fetch(ctx, order)
}

// fetch carries out what a reply asks of the entries of a list.
func (a *answer) fetch(ctx context.Context, order orders.MorningOrder) error {
	listed := a.question.Listed
	var left []string
	var mails []letters.Ready
	for _, i := range order.Fetch {
		l := listed[i]
		if slices.Contains(order.Take, i) {
			done, err := a.Digests.Take(ctx, l, a.in, a.mail, a.agent)
			if err != nil {
				return fmt.Errorf("taking %d of a list: %w", i+1, err)
			}
			if !done.Done {
				left = append(left, fmt.Sprintf("%d [%s]: %s", i+1, l.Conversation.Reference(), done.Why))
				continue
			}
		}
		r, err := a.Digests.Fetch(ctx, desk.DerivedID(a.in.ID, "fetched", string(l.Conversation)), l, a.agent)
		switch {
		case errors.Is(err, store.ErrNotFound):
			left = append(left, fmt.Sprintf("%d [%s]: it is not there any more", i+1, l.Conversation.Reference()))
		case err != nil:
			return fmt.Errorf("fetching %d of a list: %w", i+1, err)
		default:
			mails = append(mails, r)
		}
	}
	c := a.base(fmt.Sprintf("confirmed: %s, %d taken", page.Count(len(mails), "mail fetched", "mails fetched"), len(order.Take)), "morning")
	if len(left) > 0 {
		w := letters.Writer{Settings: a.settings, Keys: a.Keys, Now: a.now}
		told, err := w.ChoiceResult(desk.DerivedID(a.in.ID, "morning-told"), a.agent, a.mailbox(), letters.ChoiceResult{Title: "Not every mail could be fetched", Tone: page.Warning,
			Text: "Not done, by the numbers of the mail that you answered:", About: []page.Block{page.Bullets{Items: left}}})
		if err != nil {
			return err
		}
		mails = append(mails, told)
	}
	return a.commit(ctx, c, mails...)
}
