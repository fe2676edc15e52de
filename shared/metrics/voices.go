package metrics

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/page"
	"github.com/replywell/replywell/shared/kb/terms"
	"github.com/replywell/replywell/shared/letters"
	"github.com/replywell/replywell/shared/redact"
	"github.com/replywell/replywell/shared/store"
	"github.com/replywell/replywell/shared/topics"
)

const (
	// shownTrouble and shownThanks bound what is quoted of a mailbox; heard, the
	// conversations that are read for it.
	shownTrouble, shownThanks, heard = 3, 2, 8
	// leastTrouble is how much must have gone wrong, see trouble.
	leastTrouble = 2
	// A quoted sentence has at least so many words that say something, and at most so
	// many characters.
	leastSaid, quoted = 3, 160
)

// voices are the conversations of a mailbox in which something went wrong, or for which
// somebody thanked, in a span.
type voices struct {
	from, to time.Time
	trouble  map[string]map[desk.ConversationID]int
	thanked  map[string][]desk.ConversationID // the newest last
}

func newVoices(from, to time.Time) *voices {
	return &voices{from, to, map[string]map[desk.ConversationID]int{}, map[string][]desk.ConversationID{}}
}

// trouble is how much an event says that a customer had a bad time. No word of theirs is
// weighed: who writes again before anybody answered, and who comes back, has one,
// however politely it is said.
func trouble(e desk.Event) (n int) {
	switch {
	case e.Kind == desk.EventReopened:
		n = 2
	case e.Kind == desk.EventReceived && e.Contacts-e.Exchanges > 1:
		n = 1
	}
	for _, r := range e.Reactions {
		if r.Kind == desk.CameBack {
			n += 2
			break
		}
	}
	return n
}

func (v *voices) add(e desk.Event) {
	if e.Recorded.Before(v.from) || !e.Recorded.Before(v.to) {
		return
	}
	if e.Kind == desk.EventThanked {
		v.thanked[e.Mailbox] = append(v.thanked[e.Mailbox], e.Conversation)
	}
	if n := trouble(e); n > 0 {
		if v.trouble[e.Mailbox] == nil {
			v.trouble[e.Mailbox] = map[desk.ConversationID]int{}
		}
		v.trouble[e.Mailbox][e.Conversation] += n
	}
}

// worst are the conversations in which the most went wrong, the worst first.
func (v *voices) worst(mailbox string) (ids []desk.ConversationID) {
	of := v.trouble[mailbox]
	for id, n := range of {
		if n >= leastTrouble {
			ids = append(ids, id)
		}
	}
	slices.SortFunc(ids, func(a, b desk.ConversationID) int { return cmp.Or(of[b]-of[a], cmp.Compare(a, b)) })
	return ids[:min(len(ids), heard)]
}

// hear gives what customers of a mailbox said went wrong, and what they thanked for.
func (s *Service) hear(ctx context.Context, v *voices, mailbox string, bg topics.Background) (wrong, thanks []letters.Voice, err error) {
	for _, id := range v.worst(mailbox) {
		if len(wrong) == shownTrouble {
			break
		}
		if wrong, err = s.voice(ctx, v, wrong, id, false, func(said terms.Sentence) float64 { return telling(said, bg) }); err != nil {
			return nil, nil, err
		}
	}
	ids := v.thanked[mailbox]
	for i := len(ids) - 1; i >= max(0, len(ids)-heard) && len(thanks) < shownThanks; i-- {
		// Of thanks the longest sentence: "thank you" alone says nothing.
		if thanks, err = s.voice(ctx, v, thanks, ids[i], true, func(said terms.Sentence) float64 { return float64(len(said.Words)) }); err != nil {
			return nil, nil, err
		}
	}
	return wrong, thanks, nil
}

// telling is how much a sentence says: its words by their rarity, the longer the less
// each. Courtesies and what any mail says tell nothing, and swearing is soon common.
func telling(said terms.Sentence, bg topics.Background) (sum float64) {
	if said.Weight < 1 {
		return 0
	}
	seen, n := map[string]bool{}, 0
	for _, w := range said.Words {
		if w.Stop || terms.AnyMailSays(w) || seen[w.Stem] {
			continue
		}
		seen[w.Stem] = true
		n++
		sum += 1 + math.Log1p(float64(bg.Mails)/float64(bg.Words[w.Stem]+1))
	}
	if n < leastSaid {
		return 0
	}
	return sum / math.Sqrt(float64(len(said.Words)))
}

// voice adds the sentence of a conversation's mails that is worth the most, of those that
// came in the span and only thank, or do not.
func (s *Service) voice(ctx context.Context, v *voices, list []letters.Voice, id desk.ConversationID, thanks bool, worth func(terms.Sentence) float64) ([]letters.Voice, error) {
	messages, err := s.Store.Messages(ctx, id, 1, 50)
	if errors.Is(err, store.ErrNotFound) {
		return list, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading what a customer said: %w", err)
	}
	best, said := 0.0, ""
	for _, m := range messages {
		if m.Kind != desk.KindCustomer || m.Thanks != thanks || m.At.Before(v.from) || !m.At.Before(v.to) {
			continue
		}
		for _, x := range terms.Sentences("", redact.Everything(m.Text, m.From.Name)) {
			text := strings.TrimSpace(page.OneLine(x.Text))
			if w := worth(x); w > best && len(x.Words) >= leastSaid && len([]rune(text)) <= quoted {
				best, said = w, text
			}
		}
	}
	if said == "" || slices.ContainsFunc(list, func(l letters.Voice) bool { return l.Said == said }) {
		return list, nil
	}
	return append(list, letters.Voice{Said: said, Conversation: id.Reference()}), nil
}
