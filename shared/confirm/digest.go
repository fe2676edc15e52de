package confirm

import (
	"context"
	"errors"
	"fmt"
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
	// Take makes the conversation the agent's, as if they had replied so to the mail itself.
	Take(ctx context.Context, l desk.Listed, by desk.Inbound, mail *email.Mail, agent desk.Agent) (desk.Settled, error)
}

// digest carries out a reply to a digest: first the answers, each by itself, then,
// as one change with the reply's record, the mails that were fetched and what
// became of it all. A repeated delivery finds those answers sent that were sent.
func (a *answer) digest(ctx context.Context) error {
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
	for _, o := range order.Answers {
		for i, l := range listed {
			if l.Common != o.Number || slices.Contains(o.Not, i) {
				continue
			}
			done, err := a.Digests.AnswerDigest(ctx, l, a.in, a.mail, a.agent)
			if err != nil {
				return fmt.Errorf("answering %s of a digest: %w", desk.DigestSign(i), err)
			}
			if sent++; !done.Done {
				sent--
				left = append(left, fmt.Sprintf("%s [%s]: %s", desk.DigestSign(i), l.Conversation.Reference(), done.Why))
			}
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
		t.Text = "You asked for " + strings.Join(which, " and ") + "; each customer has it alone, in their own thread."
	}
	w := letters.Writer{Settings: a.settings, Keys: a.Keys, Now: a.now}
	return w.ChoiceResult(desk.DerivedID(a.in.ID, "digest-told"), a.agent, a.mailbox(), t)
}
