package functions

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/kb"
	"github.com/replywell/replywell/shared/store"
)

// decide reads what the system decided, as lines that hold no id, no time and
// nothing else that differs from one run to the next.
func decide(t *testing.T, s *store.Store, from time.Time, seen []received) string {
	t.Helper()
	ctx := t.Context()
	var out strings.Builder
	label := map[desk.ConversationID]string{}
	var convs []desk.Conversation
	for _, address := range []string{"erika@customers.example", "eve@elsewhere.example"} {
		list, err := s.CustomerConversations(ctx, address, 10)
		if err != nil {
			t.Fatal(err)
		}
		convs = append(convs, list...)
	}
	slices.SortFunc(convs, func(a, b desk.Conversation) int { return a.Opened.Compare(b.Opened) })
	for i, c := range convs {
		label[c.ID] = fmt.Sprintf("conversation %d", i+1)
		fmt.Fprintf(&out, "%s of %s, %q: %s, %d messages, %d of the customer's, %d answers, reopened %d, owner %q\n",
			label[c.ID], c.Customer.Address, c.Subject,
			c.State, c.Messages, c.CustomerMessages, c.Answers, c.Reopened, c.Owner)
		messages, err := s.Messages(ctx, c.ID, 1, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range messages {
			fmt.Fprintf(&out, "  message %d: %s of %s, agent %q", m.Sequence, m.Kind, m.From.Address, m.Agent)
			if m.Kind == desk.KindBounce { // told by a mail to one home, and by an event to the other
				out.WriteString("\n")
				continue
			}
			fmt.Fprintf(&out, ", verified %v, evidence %q, automatic %q, suggested %v\n", m.Verified, m.Evidence.Rule,
				m.Automatic, m.Suggested)
			if m.Inbound == "" {
				continue
			}
			in, err := s.Inbound(ctx, m.Inbound)
			if err != nil {
				t.Fatal(err)
			}
			if in.Size == 0 || in.Raw == "" {
				t.Errorf("the record of the mail %s holds no size or no place: %+v", in.ID, in)
			}
			fmt.Fprintf(&out, "    came as a mail: %s\n", in.Outcome)
		}
	}
	writeHeld(ctx, t, s, &out)
	writeOutbox(ctx, t, s, label, seen, &out)
	writeEvents(ctx, t, s, from, label, &out)
	writeLearned(ctx, t, s, &out)
	return out.String()
}

func writeHeld(ctx context.Context, t *testing.T, s *store.Store, out *strings.Builder) {
	t.Helper()
	held, err := s.Held(ctx, 100)
	if err != nil {
		t.Fatal(err)
	}
	for _, in := range held {
		fmt.Fprintf(out, "held: a mail of %s, %s\n", in.MailFrom, in.Reason)
	}
}

func writeOutbox(ctx context.Context, t *testing.T, s *store.Store, label map[desk.ConversationID]string,
	seen []received, out *strings.Builder) {
	t.Helper()
	var lines []string
	for _, r := range seen {
		o, err := s.Outbox(ctx, r.Outbox)
		if err != nil {
			t.Fatalf("the mail %q: %v", r.Mail.Subject, err)
		}
		// Its Message-ID, as the recipient saw it, leads back to it.
		if back, err := s.FindSent(ctx, r.Mail.MessageID); err != nil || back.ID != o.ID {
			t.Errorf("the Message-ID %s leads to %q, %v", r.Mail.MessageID, back.ID, err)
		}
		lines = append(lines, fmt.Sprintf("%s message %d: %s to %s, %s\n", label[o.Conversation], o.Sequence, o.Kind,
			strings.Join(o.To, ","), o.State))
	}
	slices.Sort(lines)
	for _, l := range lines {
		out.WriteString("mail for " + l)
	}
}

func writeEvents(ctx context.Context, t *testing.T, s *store.Store, from time.Time,
	label map[desk.ConversationID]string, out *strings.Builder) {
	t.Helper()
	var list []desk.Event
	for day := from.UTC().Truncate(24 * time.Hour); !day.After(time.Now()); day = day.Add(24 * time.Hour) {
		if err := s.Events(ctx, day, func(e desk.Event) error { list = append(list, e); return nil }); err != nil {
			t.Fatal(err)
		}
	}
	slices.SortFunc(list, func(a, b desk.Event) int {
		return cmp.Or(cmp.Compare(label[a.Conversation], label[b.Conversation]), cmp.Compare(a.Sequence, b.Sequence),
			cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Agent, b.Agent))
	})
	for _, e := range list {
		if e.Kind == desk.EventDelivered {
			continue // the carrier's word, not a decision; a process that is killed may not hear it
		}
		if e.Kind == desk.EventMoment {
			continue // some are drawn by lot, by the conversation's number
		}
		fmt.Fprintf(out, "event %s, %q message %d, agent %q, answers %d, exchanges %d\n", e.Kind, label[e.Conversation],
			e.Sequence, e.Agent, e.Answers, e.Exchanges)
	}
}

var suggestions = regexp.MustCompile(`(?m)(, suggested \[.*\]$|^event suggestion\.offered.*\n)`)

// withoutSuggestions takes out what the ranking of articles decides: it must be
// alike in both homes, and may become better without anything here changing.
func withoutSuggestions(decisions string) string { return suggestions.ReplaceAllString(decisions, "") }

// writeLearned tells what became of the articles that were sent. How sure the
// ranking was of them is its own affair.
func writeLearned(ctx context.Context, t *testing.T, s *store.Store, out *strings.Builder) {
	t.Helper()
	l, err := s.Learned(ctx)
	if err != nil {
		t.Fatal(err)
	}
	state, err := kb.ReadLearned([]byte(l.State))
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range slices.Sorted(maps.Keys(state.Articles)) {
		for _, sum := range state.Articles[id] {
			if sum.Success > 0 {
				fmt.Fprintf(out, "learnt: %s was sent with success %d, and that was expected: %v\n", id, sum.Success,
					sum.Expected > 0)
			}
		}
	}
}
