package inbound_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/inbound"
)

// model is a drafter that counts, and remembers how long it may take.
type model struct {
	draft desk.DraftAnswer
	err   error
	calls int
	until time.Time
}

func (m *model) DraftAnswer(ctx context.Context, _, _, _ string, _ []desk.Suggestion) (desk.DraftAnswer, error) {
	m.calls++
	m.until, _ = ctx.Deadline()
	return m.draft, m.err
}

const bodyOfDraft = "Turn the bulb until it clicks [1]."

func TestADraftIsShownToAgentsAndSentToNobody(t *testing.T) {
	w := acknowledging(t)
	m := &model{draft: desk.DraftAnswer{Text: bodyOfDraft,
		Cites: []desk.Citation{{Number: 1, Article: "bulb", Title: "Bulbs"}}}}
	w.Drafter = m
	w.Ranker = func(context.Context) (inbound.Ranker, error) {
		return sure{score: 0.6, reply: "Turn the bulb until it clicks."}, nil
	}
	in := w.receive(erika)
	told := w.to("anna", in.ID)
	if m.calls != 1 || len(told) != 1 {
		t.Fatalf("asked %d times, told in %d mails", m.calls, len(told))
	}
	text := told[0].Text
	if !strings.Contains(text, "A draft, not sent. Check it.") ||
		!strings.Contains(text, "Turn the bulb until it clicks.") || strings.Contains(text, "[1]") ||
		!strings.Contains(text, "Answer 1, Bulbs: “Turn the bulb") {
		t.Errorf("%s", text)
	}
	if _, mails := w.acknowledged(); len(mails) != 1 || strings.Contains(mails[0].Text, "clicks") {
		t.Error("the customer got the draft")
	}
	if left := time.Until(m.until); left <= 0 || left > 8*time.Second {
		t.Errorf("the model may take %v", left)
	}
}

// Without a draft agents are told all the same; and where nothing is offered that
// customers may read, the model is not asked.
func TestNoDraftKeepsNothingFromAnAgent(t *testing.T) {
	for name, tc := range map[string]struct {
		offer sure
		err   error
		calls int
	}{
		"failed":   {sure{score: 0.6, reply: "Turn it."}, errors.New("Bedrock is away"), 1},
		"internal": {sure{score: 0.6, reply: "Turn it.", internal: true}, nil, 0},
	} {
		w := acknowledging(t)
		m := &model{err: tc.err}
		w.Drafter = m
		w.Ranker = func(context.Context) (inbound.Ranker, error) { return tc.offer, nil }
		in := w.receive(erika)
		told := w.to("anna", in.ID)
		if m.calls != tc.calls || len(told) != 1 || strings.Contains(told[0].Text, "A draft") {
			t.Errorf("%s: asked %d times, %d mails", name, m.calls, len(told))
		}
		if tc.err != nil && !strings.Contains(in.Reason, "nothing was drafted: Bedrock is away") {
			t.Errorf("%s: %q", name, in.Reason)
		}
	}
}
