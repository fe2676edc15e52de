package reply

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/replywell/replywell/shared/email/page"
	"github.com/replywell/replywell/shared/guard"
	"github.com/replywell/replywell/shared/outbox"
)

// known reads what the answer is compared with before it leaves: the
// conversation, what the agent's mailbox was shown of others, and what of all
// that anybody may read.
func (j *job) known(ctx context.Context, p *plan) (*guard.Known, error) {
	around, err := j.Store.AroundAgent(ctx, j.agent.ID, j.conv)
	if err != nil {
		return nil, fmt.Errorf("reading what must not leave with the answer: %w", err)
	}
	k := &guard.Known{Keys: j.Keys, Now: j.now, Settings: j.settings, Conversation: j.conv, Allowed: j.allowed}
	k.Messages = append(append(k.Messages, j.messages...), around...)
	if err := j.articles(ctx, p, k); err != nil {
		return nil, err
	}
	return k, nil
}

// articles adds those that the answer is made of, and those that were offered
// with the messages: what stands in them is nobody's, but for what is internal.
func (j *job) articles(ctx context.Context, p *plan, k *guard.Known) error {
	articles, err := j.Articles(ctx)
	if err != nil {
		return fmt.Errorf("reading the knowledge base: %w", err)
	}
	seen := map[string]bool{}
	k.Internal = map[string]string{}
	add := func(ids []string) {
		for _, id := range ids {
			a, ok := articles.Article(id)
			if !ok || seen[id] {
				continue
			}
			seen[id] = true
			if a.Internal() {
				k.Internal[a.Title] = a.Body + "\n" + a.Notes
				continue
			}
			k.Public = append(k.Public, a.Title+"\n"+a.MailText())
			if a.Notes != "" {
				k.Internal[a.Title] = a.Notes
			}
		}
	}
	add(p.articles)
	for _, m := range k.Messages {
		add(m.Suggested)
	}
	return nil
}

// leakWhy begins the record of an answer that was held back for what stands in it.
const leakWhy = "It contains what must not reach a customer:"

// leaked puts what was found in an answer into a refusal.
func (j *job) leaked(e *outbox.LeakError) *refusal {
	if slices.ContainsFunc(e.Hits, func(h guard.Hit) bool {
		return h.Kind == guard.Frame && strings.Contains(strings.ToLower(page.ReplyMarker), h.Span)
	}) {
		return &refusal{rule: "quoted", title: "Nothing was sent", commands: true,
			why:  "No text of yours was found above the quoted mail, or it could not be told from it.",
			next: "Answer this mail with #answer and your text at the top, and delete what is quoted below it."}
	}
	r := &refusal{rule: "internal-text", title: "Your answer was not sent", why: leakWhy,
		next: "Answer this mail with #answer and your text without it. Your whole text stands below."}
	final := false
	for _, h := range e.Hits {
		r.places = append(r.places, shownSpan(h))
		final = final || h.Final()
	}
	if !final {
		r.next = "Answer this mail with #answer and your text without it; your whole text stands below. If the customer may read it, answer this mail with #send-anyway alone, and your answer is sent as it was."
	}
	return r
}

// whatIs says in plain words what was found.
func whatIs(h guard.Hit) string {
	whose := h.Source.Who
	if whose = page.Excerpt(whose, 60); whose == "" {
		whose = "another customer"
	}
	switch h.Kind {
	case guard.ReplyAddress:
		return "a reply address of the team; whoever has it is heard as one of you"
	case guard.Frame:
		return "a piece of our mail to you"
	case guard.Command:
		return "a command to us"
	case guard.AgentAddress:
		return "an agent's own address"
	case guard.Note:
		return "words of a note for the team"
	case guard.InternalArticle:
		return "words of the article “" + page.Excerpt(h.Source.Who, 80) + "”, which is for the team only"
	case guard.InternalMark:
		return "the mark of a passage for the team alone, so what stands behind it may be for the team alone as well"
	case guard.CustomerAddress:
		return "another customer's address"
	case guard.Unread:
		return "more than could be looked through: it may hold anything"
	case guard.CustomerName:
		return "another customer's name"
	case guard.OtherCustomer:
		return page.Count(h.Words, "word", "words") + " that " + whose + " wrote in [" + h.Source.Conversation.Reference() + "]"
	}
	return "something for the team only"
}
