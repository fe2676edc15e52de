package outbox

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/letters"
	"github.com/replywell/replywell/shared/store"
)

// Which bound withheld a mail; Detail of desk.EventWithheld.
const (
	boundAddress      = "per-address"
	boundConversation = "per-conversation"
)

// Room reports whether an automatic mail in this conversation to these
// addresses would leave now. It decides nothing: between this and Commit others
// may use the room up, and then Commit withholds the mail. It is for who would
// say "acknowledged" in a record or spare itself the writing.
func (r Recorder) Room(ctx context.Context, conv desk.ConversationID, now time.Time, to ...string) (bool, error) {
	settings, err := r.Settings(ctx)
	if err != nil {
		return false, fmt.Errorf("reading the settings: %w", err)
	}
	item := desk.OutboxItem{Conversation: conv, To: to}
	spent, err := r.Store.Budgets(ctx, store.BudgetsOf(item))
	if err != nil {
		return false, fmt.Errorf("reading what was sent automatically: %w", err)
	}
	l := ledger{policy: settings.Automatic.Bounded(), spent: spent, now: now}
	return l.full(item) == "", nil
}

// admit checks whom each letter is for and who decided on it, and gives those
// that may leave. Automatic mail is counted in the change; what is above its
// bound is left out, and an event of the change says so.
func (r Recorder) admit(ctx context.Context, c *store.Change, ready []letters.Ready, now time.Time) ([]letters.Ready, error) {
	if len(ready) == 0 {
		return nil, nil
	}
	settings, err := r.Settings(ctx)
	if err != nil {
		return nil, fmt.Errorf("reading the settings: %w", err)
	}
	var subjects []string
	for _, l := range ready {
		if err := check(settings, c, l.Item); err != nil {
			return nil, fmt.Errorf("recording the %s %s: %w", l.Item.Kind, l.Item.ID, err)
		}
		if l.Item.Automatic() {
			subjects = append(subjects, store.BudgetsOf(l.Item)...)
		}
	}
	if len(subjects) == 0 {
		return ready, nil
	}
	spent, err := r.Store.Budgets(ctx, subjects)
	if err != nil {
		return nil, fmt.Errorf("reading what was sent automatically: %w", err)
	}
	book := ledger{policy: settings.Automatic.Bounded(), spent: spent, now: now}
	var leave []letters.Ready
	for _, l := range ready {
		if !l.Item.Automatic() {
			leave = append(leave, l)
		} else if bound := book.full(l.Item); bound == "" {
			book.spend(c, l.Item)
			leave = append(leave, l)
		} else {
			c.Events = append(c.Events, desk.Event{ID: desk.DerivedID(l.Item.ID, string(desk.EventWithheld)), Schema: desk.EventSchema, Kind: desk.EventWithheld,
				Occurred: now, Recorded: now, Mailbox: l.Item.Mailbox, Conversation: l.Item.Conversation, Sequence: l.Item.Sequence, Detail: bound})
		}
	}
	return leave, nil
}

// check holds a letter against what it says of itself. Its errors are not
// permanent: settings that changed a moment ago are the innocent cause.
func check(settings *desk.Settings, c *store.Change, item desk.OutboxItem) error {
	if len(item.To) == 0 {
		return errors.New("it has no recipient")
	}
	switch {
	case item.Agent != "":
		agent, ok := settings.Agent(item.Agent)
		if !ok {
			return fmt.Errorf("it is for the agent %s, who is not in the settings", item.Agent)
		}
		return all(item.To, agent.Addresses, "which is no address of the agent "+agent.ID)
	case item.Kind == desk.OutboxReport:
		return all(item.To, settings.Report.Readers(), "which is not among those whom the settings name for the report")
	case item.Kind == desk.OutboxProbe:
		for _, to := range item.To {
			if mb, ok := settings.MailboxAt(to); !ok || mb.ID != item.Mailbox {
				return fmt.Errorf("it is a probe for %s, which is no address of its own mailbox", to)
			}
		}
	case item.Kind == desk.OutboxDepartment:
		var known []string
		for _, d := range settings.Departments {
			known = append(known, d.Recipients()...)
		}
		if err := all(item.To, known, "which is no address of a department"); err != nil {
			return err
		}
	}
	if item.Decided != "" && (c.Inbound == nil || c.Inbound.Outcome != desk.OutcomeAgent) {
		return fmt.Errorf("it says that the agent %s decided on it, and no agent's mail is recorded with it", item.Decided)
	}
	return nil
}

func all(to, allowed []string, why string) error {
	for _, a := range to {
		if !slices.ContainsFunc(allowed, func(x string) bool { return strings.EqualFold(x, a) }) {
			return fmt.Errorf("it goes to an address outside, %s", why)
		}
	}
	return nil
}

// ledger is what was spent, as far as one change knows.
type ledger struct {
	policy desk.AutomaticPolicy
	spent  map[string]store.Budget
	now    time.Time
}

// full names the bound that an item does not fit in, or "".
func (l ledger) full(item desk.OutboxItem) string {
	for _, subject := range store.BudgetsOf(item) {
		most, bound := l.policy.PerAddress, boundAddress
		if subject == store.ConversationBudget(item.Conversation) {
			most, bound = l.policy.PerConversation, boundConversation
		}
		if len(l.recent(l.spent[subject].Times)) >= most {
			return bound
		}
	}
	return ""
}

func (l ledger) recent(times []time.Time) (out []time.Time) {
	for _, t := range times {
		if l.now.Sub(t) < desk.AutomaticWindow {
			out = append(out, t)
		}
	}
	return out
}

// spend counts an item and puts its budgets into the change, each once.
func (l ledger) spend(c *store.Change, item desk.OutboxItem) {
	for _, subject := range store.BudgetsOf(item) {
		b := l.spent[subject]
		b.Times = append(l.recent(b.Times), l.now)
		l.spent[subject] = b
		i := slices.IndexFunc(c.Budgets, func(x *store.Budget) bool { return x.Subject == subject })
		if i < 0 {
			c.Budgets = append(c.Budgets, &b)
		} else {
			*c.Budgets[i] = b
		}
	}
}
