package store

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/store/engine"
)

// Budget is what was spent of a bound on automatic mail: when mails were
// recorded for one address, or in one conversation, within
// desk.AutomaticWindow. Who records such a mail writes the Budgets of its
// recipients and of its conversation in the same Change; without them the
// Change is refused. See package outbox, which is who does it. Whoever asks a customer
// whether an answer solved it counts that in the same way.
type Budget struct {
	Subject string      // of AddressBudget, ConversationBudget or RatingBudget
	Times   []time.Time // oldest first; whoever sets them drops older ones
	Version int64
}

// AddressBudget names the budget of a mail address. Case does not count, nor
// does a +tag: erika+1@ and erika+2@ are read in one mailbox.
func AddressBudget(address string) string {
	address = strings.ToLower(strings.TrimSpace(address))
	local, domain, _ := cutLast(address, "@")
	if user, _, tagged := strings.Cut(local, "+"); tagged && user != "" {
		local = user
	}
	return "address:" + local + "@" + domain
}

// RatingBudget names what says when somebody at an address was last asked whether an answer
// solved it. It is kept for desk.RatingApart.
func RatingBudget(address string) string {
	return ratingBudget + strings.TrimPrefix(AddressBudget(address), "address:")
}

const ratingBudget = "rating:"

// ConversationBudget names the budget of a conversation.
func ConversationBudget(id desk.ConversationID) string { return "conversation:" + string(id) }

// BudgetsOf names every budget that an automatic mail is counted in.
func BudgetsOf(o desk.OutboxItem) []string {
	var out []string
	for _, to := range o.To {
		if s := AddressBudget(to); !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	if o.Conversation != "" {
		out = append(out, ConversationBudget(o.Conversation))
	}
	return out
}

// Budgets reads what was spent, all in one request, consistently. For every
// subject there is an answer.
func (s *Store) Budgets(ctx context.Context, subjects []string) (map[string]Budget, error) {
	keys := newKeySet()
	for _, subject := range subjects {
		keys.add(budgetKey(subject))
	}
	items, err := s.get(ctx, keys.list)
	if err != nil {
		return nil, err
	}
	out := make(map[string]Budget, len(subjects))
	for _, subject := range subjects {
		b := Budget{Subject: subject}
		if item, ok := items[budgetKey(subject)]; ok {
			if b, err = toBudget(item); err != nil {
				return nil, err
			}
		}
		out[subject] = b
	}
	return out, nil
}

// budgets adds what is spent, and refuses automatic mail that is not counted in it.
func (b *builder) budgets(c *Change) {
	for _, o := range c.Outbox {
		if o.Version > 0 || !o.Automatic() {
			continue
		}
		subjects := BudgetsOf(*o)
		if len(o.To) == 0 {
			b.err = desk.Permanent(fmt.Errorf("the automatic mail %s is to nobody", o.ID))
		}
		for _, subject := range subjects {
			if !slices.ContainsFunc(c.Budgets, func(x *Budget) bool { return x.Subject == subject }) {
				b.err = desk.Permanent(fmt.Errorf("the mail %s leaves without a person's decision and is not counted in any budget; record it by the outbox", o.ID))
			}
		}
	}
	for _, x := range c.Budgets {
		b.add(kindBudget, budgetKey(x.Subject), x.Version, storedBudget(*x), func(p *part) {
			p.write.Item.Expires = b.now.Add(keepBudget)
			if strings.HasPrefix(x.Subject, ratingBudget) {
				p.write.Item.Expires = b.now.Add(desk.RatingApart)
			}
		})
	}
}

func budgetKey(subject string) engine.Key {
	return engine.Key{Partition: "budget#" + digest(subject), Sort: "budget"}
}

func cutLast(s, sep string) (before, after string, found bool) {
	if i := strings.LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return s, "", false
}
