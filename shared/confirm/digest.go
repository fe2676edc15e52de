package confirm

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email"
	"github.com/replywell/replywell/shared/email/page"
	"github.com/replywell/replywell/shared/letters"
	"github.com/replywell/replywell/shared/orders"
	"github.com/replywell/replywell/shared/store"
)

// Digests does what a reply to a digest asks for about one of its mails. by is the
// reply. Answer sends the ready answer that was offered under l.Offered, as if the
// agent had replied so to the mail itself, and says why not where it does not; the
// same reply again finds it done. Fetch writes the agent's mail about it again.
type Digests interface {
	AnswerDigest(ctx context.Context, l desk.Listed, by desk.Inbound, mail *email.Mail, agent desk.Agent) (desk.Settled, error)
	Fetch(ctx context.Context, id string, l desk.Listed, agent desk.Agent) (letters.Ready, error)
	// TakeBack stops the answer that the reply given sent to the mail, if it has not left. by
	// is the mail that says so.
	TakeBack(ctx context.Context, l desk.Listed, given string, by desk.Inbound, agent desk.Agent) (desk.TakenFromList, error)
	// Take makes the conversation the agent's, as if they had replied so to the mail itself.
	Take(ctx context.Context, l desk.Listed, by desk.Inbound, mail *email.Mail, agent desk.Agent) (desk.Settled, error)
}

// digest carries out a reply to a digest: first the answers, each by itself, then,
// as one change with the reply's record, the mails that were fetched and what
// became of it all. A repeated delivery finds those answers sent that were sent.
func (a *answer) digest(ctx context.Context) error {
	if number, undo := orders.ReadListUndo(a.ownText()); undo {
		return a.undoDigest(ctx, number)
	}
	listed, answers := a.question.Listed, 0
	for _, l := range listed {
		answers = max(answers, l.Common)
	}
	order, err := orders.ReadDigest(a.ownText(), len(listed), answers, a.agent.Name, a.agent.PublicName)
	var bad *desk.CommandError
	if errors.As(err, &bad) {
		why := "Your reply was not understood: " + bad.Why + "."
		if bad.Line != "" {
			why = fmt.Sprintf("Your reply says “%s”: %s.", bad.Line, bad.Why)
		}
		next := " Nobody got anything. Answer that mail again with a letter, which fetches a mail that you can answer."
		if answers > 0 {
			next = " Nobody got anything. Answer that mail again with a number for all who ask the same, or with a letter, which fetches a mail that you can answer."
		}
		return a.refuse(ctx, "word", "Nothing was done", why+next)
	}
	if err != nil {
		return err
	}
	var left []string // what was not done, and why
	sent := 0
	given := a.question
	for _, o := range order.Answers {
		var to []int
		for i, l := range listed {
			if l.Common != o.Number || slices.Contains(o.Not, i) {
				continue
			}
			done, err := a.Digests.AnswerDigest(ctx, l, a.in, a.mail, a.agent)
			if err != nil {
				return fmt.Errorf("answering %s of a digest: %w", desk.DigestSign(i), err)
			}
			if !done.Done {
				left = append(left, fmt.Sprintf("%s [%s]: %s", desk.DigestSign(i), l.Conversation.Reference(), done.Why))
				continue
			}
			sent++
			to = append(to, i)
		}
		if len(to) > 0 {
			given.Given = append(slices.Clip(given.Given), desk.ListGiven{Number: o.Number, By: a.in.ID, To: to, At: a.now})
		}
	}
	var mails []letters.Ready
	for _, i := range order.Fetch {
		l := listed[i]
		r, err := a.Digests.Fetch(ctx, desk.DerivedID(a.in.ID, "fetched", string(l.Conversation)), l, a.agent)
		switch {
		case errors.Is(err, store.ErrNotFound):
			left = append(left, fmt.Sprintf("%s [%s]: it is not there any more", desk.DigestSign(i), l.Conversation.Reference()))
		case err != nil:
			return fmt.Errorf("fetching %s of a digest: %w", desk.DigestSign(i), err)
		default:
			mails = append(mails, r)
		}
	}
	c := a.base(fmt.Sprintf("confirmed: %s, %s", page.Count(sent, "answer", "answers"), page.Count(len(mails), "mail fetched", "mails fetched")), "digest")
	if sent > 0 {
		c.Confirmations = append(c.Confirmations, &given)
	}
	if len(order.Answers)+len(left) > 0 {
		told, err := a.digestTold(order, sent, left)
		if err != nil {
			return err
		}
		mails = append(mails, told)
	}
	return a.commit(ctx, c, mails...)
}

// digestTold says what became of a reply to a digest.
func (a *answer) digestTold(order orders.DigestOrder, sent int, left []string) (letters.Ready, error) {
	t := letters.ChoiceResult{Title: page.Count(sent, "answer was", "answers were") + " sent"}
	switch {
	case len(order.Answers) == 0:
		t.Title = "Not every mail could be fetched"
	case sent == 0:
		t.Title = "Nothing was sent"
	}
	if len(left) > 0 {
		t.Tone, t.Text = page.Warning, "Not done, by the letters of the digest that you answered:"
		t.About = append(t.About, page.Bullets{Items: left}, page.Paragraph{Text: "Answer the digest with such a letter to have the mail as it is now."})
	} else {
		var which []string
		for _, o := range order.Answers {
			w := fmt.Sprintf("answer %d", o.Number)
			if len(o.Not) > 0 {
				w += ", without those that you left out"
			}
			which = append(which, w)
		}
		t.Text = "You asked for " + strings.Join(which, " and ") + "; each customer gets it alone, in their own thread."
		if grace := a.mailbox().Grace; grace > 0 {
			t.Text += " It leaves " + page.Duration(grace) + " after your mail came; until then undo, in reply to the list, stops it."
		}
	}
	w := letters.Writer{Settings: a.settings, Keys: a.Keys, Now: a.now}
	return w.ChoiceResult(desk.DerivedID(a.in.ID, "digest-told"), a.agent, a.mailbox(), t)
}

// undoDigest takes back an answer that was given from the digest: the one of that number,
// or the only one. What has left by then stays.
func (a *answer) undoDigest(ctx context.Context, number int) error {
	q := a.question
	var given []desk.ListGiven
	numbers := map[int]bool{}
	for _, g := range q.Given {
		if number == 0 || g.Number == number {
			given = append(given, g)
			numbers[g.Number] = true
		}
	}
	const each = " What you answered in its own thread is taken back by #undo in reply to that mail."
	switch {
	case len(given) == 0 && number > 0:
		return a.refuse(ctx, "undo", "Nothing was taken back", fmt.Sprintf("Answer %d was not given from that list.", number)+each)
	case len(given) == 0:
		return a.refuse(ctx, "undo", "Nothing was taken back", "No answer was given from that list, so there is none to take back."+each)
	case len(numbers) > 1:
		var which, say []string
		for _, n := range slices.Sorted(maps.Keys(numbers)) {
			to := 0
			for _, g := range given {
				if g.Number == n {
					to += len(g.To)
				}
			}
			which = append(which, fmt.Sprintf("answer %d to %s", n, page.Count(to, "customer", "customers")))
			say = append(say, fmt.Sprintf("undo %d", n))
		}
		return a.refuse(ctx, "undo", "Nothing was taken back yet: which answer?", "You gave "+strings.Join(which, " and ")+
			" from that list. Answer it again with "+strings.Join(say, " or ")+".")
	}
	var back, left []string
	text := ""
	for _, g := range given {
		for _, i := range g.To {
			t, err := a.Digests.TakeBack(ctx, q.Listed[i], g.By, a.in, a.agent)
			switch {
			case err != nil:
				return fmt.Errorf("taking back %s of a digest: %w", desk.DigestSign(i), err)
			case t.Back:
				back, text = append(back, t.Who), t.Text
			case t.Was:
				left = append(left, t.Who+": it left at "+a.when(t.Left))
			}
		}
	}
	told, err := a.undoneTold(back, left, text, given[0].Number)
	if err != nil {
		return err
	}
	return a.commit(ctx, a.base(fmt.Sprintf("undo: %s taken back", page.Count(len(back), "answer", "answers")), "undo"), told)
}

// undoneTold says what was taken back, with its text, and what had left.
func (a *answer) undoneTold(back, left []string, text string, number int) (letters.Ready, error) {
	t := letters.ChoiceResult{Title: page.Count(len(back), "answer was", "answers were") + " taken back"}
	if len(back) > 0 {
		t.Text = "They have not got it. They wait again, and the list works as before: " + fmt.Sprintf("%d sends it again, a letter fetches a mail.", number)
		t.About = append(t.About, page.Bullets{Items: back}, page.Quote{Who: "The answer", Text: text})
	}
	switch {
	case len(back) == 0:
		t.Tone, t.Title, t.Text = page.Warning, "Too late: nothing was taken back", "It has left already. What it says stands in each thread; a letter in reply to the list fetches the mail."
		t.About = append(t.About, page.Bullets{Items: left})
	case len(left) > 0:
		t.Tone = page.Warning
		t.About = append(t.About, page.Paragraph{Text: "Too late for:"}, page.Bullets{Items: left})
	}
	w := letters.Writer{Settings: a.settings, Keys: a.Keys, Now: a.now}
	return w.ChoiceResult(desk.DerivedID(a.in.ID, "digest-undone"), a.agent, a.mailbox(), t)
}
