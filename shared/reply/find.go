package reply

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/replywell/replywell/shared/commands"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/page"
	"github.com/replywell/replywell/shared/kb/article"
	"github.com/replywell/replywell/shared/kb/terms"
)

// Bounds of what is found.
const (
	mostArticles = 5   // in one mail
	mostHits     = 9   // conversations in one mail
	mostLooked   = 500 // conversations that are looked at
	mostAsked    = 8   // words that count
)

// find reads what commands look for: templates, articles, conversations.
func (s *Service) find(ctx context.Context, f *commands.Facts, t *templates, n commands.Needs) (err error) {
	if n.Templates {
		f.Templates = t.offered(*f)
	}
	for _, word := range n.Filled {
		if f.Filled == nil {
			f.Filled = map[string]commands.Template{}
		}
		f.Filled[word] = t.filled(*f, word)
	}
	if t.err != nil {
		return fmt.Errorf("reading the templates: %w", t.err)
	}
	if n.Whole != "" {
		if f.Whole, err = s.whole(ctx, *f, n.Whole); err != nil {
			return fmt.Errorf("looking for an article: %w", err)
		}
	}
	if n.Search != "" && f.Whole == nil {
		k, err := s.Articles(ctx)
		if err != nil {
			return fmt.Errorf("looking for articles: %w", err)
		}
		if x, ok := k.(searched); ok {
			f.Found = x.Search(n.Search, mostArticles)
		}
	}
	if n.Welcomed {
		known, err := s.Store.Welcomed(ctx)
		if err != nil {
			return fmt.Errorf("asking since when the agent is one: %w", err)
		}
		f.Welcomed = known.Agents[f.Agent.ID]
	}
	if n.Find != "" {
		f.Hits, f.Searched, err = s.hits(ctx, *f, n.Find)
	}
	return err
}

// whole finds the article that a number of the mail that is answered means, or its id,
// or its title; nil where none is meant.
func (s *Service) whole(ctx context.Context, f commands.Facts, said string) (*commands.Ready, error) {
	k, err := s.Articles(ctx)
	if err != nil {
		return nil, err
	}
	id := ""
	if n, err := strconv.Atoi(strings.TrimLeft(said, "#")); err == nil {
		if offered := f.Offered(); n > 0 && n <= len(offered) {
			id = offered[n-1]
		}
	}
	if x, ok := k.(searched); ok && id == "" {
		for _, a := range x.Articles() {
			if strings.EqualFold(a.ID, strings.TrimSuffix(said, ".md")) || strings.EqualFold(page.OneLine(a.Title), said) {
				id = a.ID
			}
		}
	}
	if id == "" {
		return nil, nil
	}
	ready, err := s.ready(ctx, []string{id})
	if err != nil || len(ready) == 0 || ready[0].Missing {
		return nil, err
	}
	return &ready[0], nil
}

// hits finds conversations of the agent's mailboxes in which words stand, the best first.
func (s *Service) hits(ctx context.Context, f commands.Facts, words string) (out []commands.Hit, searched int, err error) {
	var mine []string
	for _, mb := range f.Settings.Mailboxes {
		if slices.Contains(mb.Agents, f.Agent.ID) {
			mine = append(mine, mb.ID)
		}
	}
	looked, err := s.Store.Latest(ctx, mine, mostLooked)
	if err != nil {
		return nil, 0, fmt.Errorf("looking for conversations: %w", err)
	}
	seen := map[desk.ConversationID]bool{}
	for _, c := range looked {
		seen[c.ID] = true
	}
	for _, w := range strings.Fields(words) {
		if !strings.Contains(w, "@") {
			continue
		}
		theirs, err := s.Store.CustomerConversations(ctx, strings.Trim(w, "<>,;"), mostLooked)
		if err != nil {
			return nil, 0, fmt.Errorf("looking for a customer's conversations: %w", err)
		}
		for _, c := range theirs {
			if slices.Contains(mine, c.Mailbox) && !seen[c.ID] {
				seen[c.ID] = true
				looked = append(looked, c)
			}
		}
	}
	ends, err := s.Store.Ends(ctx, looked)
	if err != nil {
		return nil, 0, fmt.Errorf("looking for conversations: %w", err)
	}
	asked := queryOf(words)
	type ranked struct {
		commands.Hit
		n int
	}
	var all []ranked
	for _, c := range looked {
		h, n := asked.in(c, ends[c.ID])
		if 2*n > len(asked) || n == len(asked) {
			h.All = n == len(asked)
			all = append(all, ranked{h, n})
		}
	}
	slices.SortStableFunc(all, func(a, b ranked) int {
		return cmp.Or(b.n-a.n, b.Conversation.Activity.Compare(a.Conversation.Activity))
	})
	for _, h := range all {
		if len(out) < mostHits && h.n == all[0].n {
			out = append(out, h.Hit)
		}
	}
	return out, len(looked), nil
}

// wanted is a word that is looked for: as it is, and without its ending.
type wanted struct{ folded, stem string }

type query []wanted

// queryOf reads what is looked for. Words that say little by themselves count only where
// there is nothing else.
func queryOf(words string) (out query) {
	var little query
	for _, w := range strings.Fields(words) {
		if strings.ContainsAny(w, "@-") { // an address, a reference, a number of parts
			out = append(out, wanted{folded: terms.Fold(strings.ToLower(strings.Trim(w, "<>,;[]()")))})
			continue
		}
		for _, t := range terms.Words(w, mostAsked) {
			if x := (wanted{t.Folded, t.Stem}); t.Stop {
				little = append(little, x)
			} else {
				out = append(out, x)
			}
		}
	}
	if len(out) == 0 {
		out = little
	}
	return out[:min(len(out), mostAsked)]
}

// in counts the words that stand in a conversation, and gives it as it is listed.
func (q query) in(c desk.Conversation, ends []desk.Message) (h commands.Hit, n int) {
	h = commands.Hit{Conversation: c, Sequence: 1}
	head := strings.Join([]string{c.Subject, c.Customer.Name, c.Customer.Address, c.ID.Reference(), c.Topic, strings.Join(c.Tags, " ")}, " ")
	texts := []string{head}
	for _, p := range c.Participants {
		texts[0] += " " + p.Name + " " + p.Address
	}
	for _, m := range ends {
		texts = append(texts, m.Text)
		if m.Kind == desk.KindCustomer {
			h.Sequence = m.Sequence
		}
	}
	stems := map[string]bool{}
	folded := make([]string, len(texts))
	for i, t := range texts {
		folded[i] = terms.Fold(strings.ToLower(t))
		for _, w := range terms.Words(t, article.MostWords) {
			stems[w.Stem] = true
		}
	}
	best := 0
	for _, w := range q {
		hit := w.stem != "" && stems[w.stem]
		for i, t := range folded {
			if w.folded != "" && strings.Contains(t, w.folded) {
				hit, best = true, max(best, i)
			}
		}
		if hit {
			n++
		}
	}
	if len(ends) > 0 {
		h.Says = ends[max(0, best-1)].Text
	}
	return h, n
}
