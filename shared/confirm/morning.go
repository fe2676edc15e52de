package confirm

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/replywell/replywell/shared/commands"
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

// goodForBack is how long the mail that says that an agent is away takes their #back.
const goodForBack = 90 * 24 * time.Hour

// away takes "#away" and "#back" in reply to any mail that asks something: who falls ill
// answers what they have at hand, and that is the morning mail. Nothing is said by it to
// what was asked, which waits as before.
func (a *answer) away(ctx context.Context, vouched bool) (done bool, err error) {
	plain := a.question.Kind == desk.ConfirmMorning || a.question.Kind == desk.ConfirmDigest
	mb := a.mailbox()
	written := a.in.ReceivedAt
	if written.IsZero() {
		written = a.now
	}
	order, is, err := orders.ReadAway(a.ownText(), orders.Desk{Now: written.In(a.settings.ZoneOf(a.agent)), Opens: a.settings.OpensOf(a.agent, mb)}, plain)
	var bad *desk.CommandError
	switch {
	case !is || !vouched:
		return false, nil
	case errors.As(err, &bad):
		return true, a.refuse(ctx, "word", "Nothing was done", fmt.Sprintf("Your reply says “%s”: %s.", bad.Line, bad.Why))
	case err != nil:
		return true, err
	}
	rota, err := a.Store.Rota(ctx)
	if err != nil {
		return true, fmt.Errorf("reading who is away: %w", err)
	}
	facts := commands.Facts{Settings: a.settings, Agent: a.agent, Mailbox: mb, Now: a.now, Rota: rota}
	command, _ := commands.Named(order.Name)
	plan, err := command.Decide(facts, order, commands.Plan{})
	var refused *commands.Refusal
	if errors.As(err, &refused) {
		return true, a.refuse(ctx, "word", refused.Title, refused.Why+" "+refused.Next)
	}
	if err != nil {
		return true, err
	}
	c := a.base("#"+order.Name, order.Name)
	c.Rota = plan.Rota
	q := a.question
	q.Expires = a.now.Add(goodForBack)
	w := letters.Writer{Settings: a.settings, Keys: a.Keys, Now: a.now}
	told, err := w.ChoiceResult(desk.DerivedID(a.in.ID, order.Name), a.agent, mb, letters.ChoiceResult{Title: plan.Page.Title, Tone: page.Info, Text: plan.Page.Why,
		Answers: &q, Says: "#back"})
	if err != nil {
		return true, err
	}
	return true, a.commit(ctx, c, told)
}
