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
)

// report carries out a reply to a report: it mails what is behind the figures that it
// names, or fetches mails that such a mail listed.
func (a *answer) report(ctx context.Context) error {
	q := a.question
	order, err := orders.ReadReport(a.ownText(), q, a.agent.Name, a.agent.PublicName)
	var bad *desk.CommandError
	if errors.As(err, &bad) {
		why := "Your reply was not understood: " + bad.Why + "."
		if bad.Line != "" {
			why = fmt.Sprintf("Your reply says “%s”: %s.", bad.Line, bad.Why)
		}
		return a.refuse(ctx, "word", "Nothing was done", why+" Nobody got anything. Answer that mail again with #why and a figure’s number or name, such as “#why waiting”.")
	}
	if err != nil {
		return err
	}
	if len(order.Fetch) > 0 {
		return a.fetch(ctx, order.MorningOrder)
	}
	w := letters.Writer{Settings: a.settings, Keys: a.Keys, Now: a.now}
	if len(order.Figures) == 0 {
		if order.Meant < 0 {
			return a.refuse(ctx, "word", "Nothing was done", fmt.Sprintf("The report has no figure “%s”. Answer it again with #why and the name of one of its figures, such as “#why waiting”.", page.Excerpt(order.Said, 60)))
		}
		letter, asks, err := w.WhyMeant(desk.DerivedID(a.in.ID, "why-meant"), a.agent, a.mailbox(), order.Said, q.Behind[order.Meant], q.Behind)
		if err != nil {
			return err
		}
		c := a.base("it names no figure of the report; whether another one was meant was asked", "why")
		c.Confirmations = []*desk.Confirmation{asks}
		return a.commit(ctx, c, letter)
	}
	var told []letters.Why
	for _, i := range order.Figures {
		y, err := a.why(ctx, i)
		if err != nil {
			return err
		}
		told = append(told, y)
	}
	letter, asks, err := w.Why(desk.DerivedID(a.in.ID, "why"), a.agent, a.mailbox(), told)
	if err != nil {
		return err
	}
	c := a.base(fmt.Sprintf("confirmed: what is behind %s", page.Count(len(told), "figure", "figures")), "why")
	c.Confirmations = []*desk.Confirmation{asks}
	return a.commit(ctx, c, letter)
}

// fewShown and fewPeople are as in the report: what is of fewer than five
// conversations, or of one of the team, is shown together with the next figure, unless
// the team is so small that everybody knows.
const (
	fewShown  = 5
	fewPeople = 2
)

// why reads the conversations behind a figure that the agent may see, joined with
// those of the next figures until they are not few, nor all of one of the team.
func (a *answer) why(ctx context.Context, at int) (letters.Why, error) {
	all := a.question.Behind
	y := letters.Why{Asked: all[at], All: all}
	var same []desk.Behind // of the same mailbox, beginning with the one that is asked for
	for i := range all {
		if b := all[(at+i)%len(all)]; b.Mailbox == all[at].Mailbox {
			same = append(same, b)
		}
	}
	if all[at].Total == 0 {
		return y, nil
	}
	people := map[string]bool{}
	known := map[desk.ConversationID]bool{}
	for i, b := range same {
		heads, err := a.Store.Heads(ctx, b.Conversations)
		if err != nil {
			return y, fmt.Errorf("reading what is behind a figure: %w", err)
		}
		for _, id := range b.Conversations {
			c, there := heads[id]
			if !there || known[id] || c.Into != "" || !letters.Serves(a.settings, a.agent.ID, c.Mailbox) {
				continue
			}
			known[id] = true
			y.Shown = append(y.Shown, c)
			if c.Owner != "" {
				people[c.Owner] = true
			}
		}
		if i > 0 {
			y.Merged = append(y.Merged, b)
		}
		if len(a.settings.Agents) <= fewPeople || len(y.Shown) >= fewShown && len(people) != 1 {
			break
		}
	}
	if len(a.settings.Agents) > fewPeople && (len(y.Shown) < fewShown || len(people) == 1) {
		y.Shown = nil
	}
	if len(y.Merged) > 0 { // the order would tell which are whose
		slices.SortFunc(y.Shown, func(c, d desk.Conversation) int { return c.Opened.Compare(d.Opened) })
	}
	return y, nil
}
