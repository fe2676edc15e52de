package reply_test

import (
	"strings"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/desk"
)

// TestAnswersBetweenTheLinesCarryNothingInternal: an agent answers between the
// quoted lines of a notification that also shows a colleague's note.
func TestAnswersBetweenTheLinesCarryNothingInternal(t *testing.T) {
	h := open(t)
	h.customerWrites()
	h.agentAnswers(ben, "#note\nThe October batch again, the workshop knows about it.")
	h.Pass(time.Minute)
	h.arrive(erika, support, "From: erika@customers.example\nTo: support@lantern.example\nSubject: Re: Broken lamp\n"+
		"Message-ID: <second@customers.example>\nIn-Reply-To: <first@customers.example>\n\nShall I send it back?\n\n"+
		"And who pays the parcel?\n")
	_, told := h.newest(desk.OutboxNotification, anna)
	if !strings.Contains(told.PlainText, "October batch") {
		t.Fatalf("the notification shows no note:\n%s", told.PlainText)
	}
	var b strings.Builder
	b.WriteString("On Sat, Nov 21, 2026 at 10:15 PM Erika (Lantern) <support@lantern.example> wrote:\n\n")
	for _, line := range strings.Split(strings.TrimSpace(told.PlainText), "\n") {
		b.WriteString(strings.TrimRight("> "+line, " ") + "\n")
		switch {
		case strings.Contains(line, "send it back?"):
			b.WriteString("\nYes, please do.\n\n")
		case strings.Contains(line, "pays the parcel?"):
			b.WriteString("\nWe do.\n\n")
		case strings.Contains(line, "October batch"):
			b.WriteString("\nSorry for the trouble.\n\n")
		}
	}
	in := h.answerTo(anna, told, b.String())
	if in.Outcome != desk.OutcomeAgent {
		h.none(desk.OutboxAnswer)
		_, notice := h.newest(desk.OutboxNotice, anna)
		t.Fatalf("%s (%s)\n%s", in.Outcome, in.Reason, notice.PlainText)
	}
	_, got := h.newest(desk.OutboxAnswer, erika)
	own, _, _ := strings.Cut(got.PlainText, " wrote:")
	for _, want := range []string{"Yes, please do.", "We do.", "Sorry for the trouble."} {
		if !strings.Contains(own, want) {
			t.Errorf("%q is not in the answer:\n%s", want, got.PlainText)
		}
	}
	for _, internal := range []string{"October", "Note by", "team only", "Reply above", "#close", "sender confirmed",
		"team’s turn"} {
		if strings.Contains(got.PlainText, internal) || strings.Contains(got.HTML, internal) {
			t.Errorf("%q is in the answer:\n%s", internal, got.PlainText)
		}
	}
}

func TestAReplyThatOnlyQuotesSendsNothing(t *testing.T) {
	h := open(t)
	h.customerWrites()
	if in := h.agentAnswers(anna, ""); in.Outcome != desk.OutcomeRefused {
		t.Errorf("%s", in.Outcome)
	}
	_, told := h.newest(desk.OutboxNotification, anna)
	// A client that quotes the selected line alone.
	in := h.arrive(anna, told.ReplyTo[0].Address, "From: anna@team.lantern.example\nSubject: Re: x\nMessage-ID: "+
		"<s@team.example>\n\nOn Mon, 2 Mar 2026 at 09:01, Erika Muster <support@lantern.example> wrote:\n\n> the "+
		"glass is cracked. What do I do?\n")
	if in.Outcome != desk.OutcomeRefused {
		t.Errorf("a lone quote is %s", in.Outcome)
	}
	h.none(desk.OutboxAnswer)
}
