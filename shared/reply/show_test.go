package reply_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/kb"
	"github.com/replywell/replywell/shared/kb/article"
	"github.com/replywell/replywell/shared/reply"
)

// changed is the knowledge base with something changed in each article.
type changed struct {
	*kb.Index
	change func(*article.Article)
}

func (c changed) Article(id string) (article.Article, bool) {
	a, ok := c.Index.Article(id)
	c.change(&a)
	return a, ok
}

const question = "From: erika@customers.example\nTo: support@lantern.example\nSubject: Return\nMessage-ID: " +
	"<r@customers.example>\n\nI want to send the lamp back. How does the return work, and when do I get my money?\n"

// asked is a desk at which a customer wrote, and agents were offered articles.
func asked(t *testing.T, change func(*article.Article)) (*house, desk.Inbound) {
	t.Helper()
	x, err := sampleIndex()
	if err != nil {
		t.Fatal(err)
	}
	h := open(t)
	h.inbound.Agents.(*reply.Service).Articles = func(context.Context) (reply.Articles, error) {
		return changed{x, change}, nil
	}
	return h, h.arrive(erika, support, question)
}

// #show mails a ready answer whole, to the agent alone, with what belongs to it
// for the team; and the mail that shows it can be answered with #send.
func TestShowMailsAReadyAnswerWhole(t *testing.T) {
	h, first := asked(t, func(a *article.Article) {
		a.Notes, a.Department = "Above 200 euros of goodwill ask **Ben**, who knows the budget of the year.", "returns"
	})
	if in := h.agentAnswers(anna, "#show 1\n\nDear Erika, one moment."); in.Outcome != desk.OutcomeAgent {
		t.Fatalf("%s (%s)", in.Outcome, in.Reason)
	}
	h.none(desk.OutboxAnswer)
	shown, m := h.newest(desk.OutboxNotice, anna)
	for _, want := range []string{"Ready answer 1: Sending a lamp back", "What #send 1 sends",
		"1. Put the lamp into its box", "We pay the postage", "for the team only", "goodwill ask Ben",
		"Department: returns", "Dear Erika, one moment."} {
		if !strings.Contains(m.PlainText, want) {
			t.Errorf("%q is not in\n%s", want, m.PlainText)
		}
	}
	if n := len(h.kinds(first)); n != 1 || h.conversation(first).State != desk.StateOpen || len(shown.To) != 1 {
		t.Errorf("%d messages, %s, to %v", n, h.conversation(first).State, shown.To)
	}
	// What it shows for the team stays inside.
	if in := h.arrive(anna, m.ReplyTo[0].Address, "From: "+anna+"\nTo: x\nSubject: Re: "+m.Subject+
		"\nMessage-ID: <a1@team.lantern.example>\n\n#answer\n\nDear Erika,\n\nabove 200 euros of goodwill ask Ben, "+
		"who knows the budget of the year.\n"); in.Outcome != desk.OutcomeRefused {
		t.Errorf("%s (%s)", in.Outcome, in.Reason)
	}
	h.none(desk.OutboxAnswer)
	if in := h.arrive(anna, m.ReplyTo[0].Address, "From: "+anna+"\nTo: x\nSubject: Re: "+m.Subject+
		"\nMessage-ID: <a2@team.lantern.example>\n\n#send 1\n"); in.Outcome != desk.OutcomeAgent {
		t.Fatalf("%s (%s)", in.Outcome, in.Reason)
	}
	if _, m := h.newest(desk.OutboxAnswer, erika); !strings.Contains(m.PlainText, "We pay the postage") ||
		strings.Contains(m.PlainText+m.HTML, "goodwill") {
		t.Errorf("the answer says:\n%s", m.PlainText)
	}
}

func TestShowSaysWhatIsNeverSent(t *testing.T) {
	h, _ := asked(t, func(a *article.Article) { a.Audience = "internal" })
	h.agentAnswers(anna, "#show 1")
	if _, m := h.newest(desk.OutboxNotice, anna); !strings.Contains(m.PlainText,
		"is for the team only; it is never sent") || !strings.Contains(m.PlainText, "We pay the postage") ||
		strings.Contains(m.PlainText, "with #send 1") {
		t.Errorf("%s", m.PlainText)
	}
	h, _ = asked(t, func(*article.Article) {})
	if in := h.agentAnswers(anna, "#show 9"); in.Outcome != desk.OutcomeRefused {
		t.Errorf("%s", in.Outcome)
	}
	if _, m := h.newest(desk.OutboxNotice, anna); !strings.Contains(m.PlainText, "ready answer 9") {
		t.Errorf("%s", m.PlainText)
	}
}

// A program that asks for it again and again is not mailed forever.
func TestShowIsBoundedInADay(t *testing.T) {
	h, _ := asked(t, func(*article.Article) {})
	for range 15 {
		if in := h.agentAnswers(anna, "#show 1"); in.Outcome != desk.OutcomeAgent {
			t.Fatalf("%s (%s)", in.Outcome, in.Reason)
		}
	}
	n := 0
	for _, o := range h.Due() {
		if o.Kind == desk.OutboxNotice {
			n++
		}
	}
	if n != 10 {
		t.Errorf("%d mails", n)
	}
}

// #help begins with what is needed at the mail that is answered.
func TestHelpBeginsWithWhatIsNeeded(t *testing.T) {
	likely := func(h *house) string {
		_, m := h.newest(desk.OutboxNotice, anna)
		_, rest, _ := strings.Cut(flat(m.PlainText), "Most likely what you need now:")
		first, _, _ := strings.Cut(rest, "All there is:")
		return first
	}
	for _, c := range []struct {
		name     string
		prepare  func(h *house)
		has, not []string
	}{
		{"a customer waits", func(*house) {}, []string{"your own words", "#send 1: sends “Sending a lamp back”",
			"#take"}, []string{"#undo", "#close", "#practice"}},
		{"an answer has not left", func(h *house) {
			h.Settings.Mailboxes[0].Grace = time.Hour
			h.agentAnswers(anna, "Hi Erika, please turn the bulb.")
		}, []string{"#undo: stops your answer, which leaves at", "#close", "#pending"}, []string{"#take",
			"your own words"}},
		{"a new agent", func(h *house) {
			known, _ := h.Store.Welcomed(h.Context())
			known.Agents = map[string]time.Time{"anna": h.Now()}
			if err := h.Store.SetWelcomed(h.Context(), &known); err != nil {
				h.Fatal(err)
			}
		}, []string{"#practice: tries all this"}, nil},
	} {
		h := offering(t, "")
		h.customerWrites()
		c.prepare(h)
		h.agentAnswers(anna, "#help")
		got := likely(h)
		for _, want := range c.has {
			if !strings.Contains(got, want) {
				t.Errorf("%s: %q is not in %q", c.name, want, got)
			}
		}
		for _, not := range c.not {
			if strings.Contains(got, not) {
				t.Errorf("%s: %q is in %q", c.name, not, got)
			}
		}
	}
}
