package reply

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/replywell/replywell/shared/commands"
	"github.com/replywell/replywell/shared/email/page"
	"github.com/replywell/replywell/shared/guard"
	"github.com/replywell/replywell/shared/outbox"
)

// known reads what the answer is compared with before it leaves: the
// conversation, what the agent's mailbox was shown of others, and what of all
// that anybody may read. shown is what its author was told of it, if it is sent in
// spite of that. nil is for a plan without an answer.
func (s *Service) known(ctx context.Context, f commands.Facts, p plan, shown string, articles Articles) (*guard.Known, error) {
	if p.answer == nil {
		return nil, nil
	}
	around, offered, err := s.Store.AroundAgent(ctx, f.Agent.ID, f.Conversation)
	if err != nil {
		return nil, fmt.Errorf("reading what must not leave with the answer: %w", err)
	}
	k := &guard.Known{Keys: s.Keys, Now: f.Now, Settings: f.Settings, Conversation: f.Conversation}
	k.Allowed = func(h guard.Hit) bool { return allowed(p.literal, shown, h) }
	k.Messages = slices.Concat(f.Messages, around)
	var sent []string
	for _, r := range p.Ready {
		if r.Article == "" { // a template's words are the team's own
			k.Public = append(k.Public, r.Title+"\n"+r.Text)
			continue
		}
		sent = append(sent, r.Article)
	}
	speaks(k, slices.Concat(sent, offered), articles)
	return k, nil
}

// allowed reports whether the agent was shown the place and wants it to be sent.
func allowed(as literal, shown string, h guard.Hit) bool {
	if h.Kind == guard.Command && as.has(h.Span) {
		return true
	}
	return strings.Contains(shown, shownSpan(h))
}

// shownSpan is how a place is shown to the agent.
func shownSpan(h guard.Hit) string {
	return "“" + page.Excerpt(h.Span, guard.MaxSpan) + "” in " + h.Where + ": " + whatIs(h)
}

// speaks adds the articles that the answer is made of, and those that were offered
// with the messages: what stands in them is nobody's, but for what is internal.
func speaks(k *guard.Known, sent []string, articles Articles) {
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
	add(sent)
	for _, m := range k.Messages {
		add(m.Suggested)
	}
}

// leakWhy begins the record of an answer that was held back for what stands in it.
const leakWhy = "It contains what must not reach a customer:"

// leaked puts what was found in an answer into a refusal.
func leaked(e *outbox.LeakError) *commands.Refusal {
	if slices.ContainsFunc(e.Hits, func(h guard.Hit) bool {
		return h.Kind == guard.Frame && strings.Contains(strings.ToLower(page.ReplyMarker), h.Span)
	}) {
		return &commands.Refusal{Rule: "quoted", Title: "Nothing was sent", Commands: true,
			Why:  "No text of yours was found above the quoted mail, or it could not be told from it.",
			Next: "Answer this mail with #answer and your text at the top, and delete what is quoted below it."}
	}
	r := &commands.Refusal{Rule: "internal-text", Title: "Your answer was not sent", Why: leakWhy,
		Next: "Answer this mail with #answer and your text without it. Your whole text stands below."}
	final := false
	for _, h := range e.Hits {
		r.Places = append(r.Places, shownSpan(h))
		final = final || h.Final()
	}
	if !final {
		r.Next = "Answer this mail with #answer and your text without it; your whole text stands below. If the customer may read it, answer this mail with #send-anyway alone, and your answer is sent as it was."
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
