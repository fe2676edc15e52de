package reply_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/replywell/replywell/shared/desk"
)

// People in copy are proposed; one whom an agent admits, by the place in the list too,
// gets the answers, and what they write, by address or by id, is the
// customer's conversation's.
func TestAProposedPersonIsAdmittedByNumberAndWrites(t *testing.T) {
	b := newRoom(t)
	first := b.mail(erika, support, "Broken lamp", "Cc: Max <max@customers.example>, eva@office.example\n",
		"It does not light up.")
	told := b.last(anna, "It does not light up.")
	if !strings.Contains(told.Read.PlainText, "- Max, max@customers.example\n- eva@office.example") ||
		!strings.Contains(told.Read.PlainText, "To send them your answers in copy") {
		t.Fatalf("the agent is told:\n%s", told.Read.PlainText)
	}
	b.carried(b.reply(anna, told, "#add 1\n\nPlease change the bulb."))
	// The second is the second still, in a mail in which it was.
	b.carried(b.reply(anna, told, "#add 2\n\nOr the fuse."))
	c := b.conv(first.Conversation)
	if len(c.Participants) != 2 || c.Participants[1].Address != "eva@office.example" || len(c.Proposed) != 0 {
		t.Fatalf("admitted are %v, proposed %v", c.Participants, c.Proposed)
	}
	out := b.last("max@customers.example", "Or the fuse.")
	if !slices.Contains(out.To, erika) || !slices.Contains(out.To, "eva@office.example") {
		t.Errorf("the answer goes to %v", out.To)
	}
	for how, in := range map[string]desk.Inbound{
		"by address": b.reply("max@customers.example", out, "I changed the bulb."),
		"by subject": b.mail("max@customers.example", support, "AW: Broken lamp", "",
			"And one more thing about the bulb."),
		"by id": b.mail("eva@office.example", support, "Fuse", "In-Reply-To: <"+out.Read.MessageID+">\n",
			"I changed the fuse."),
	} {
		if in.Outcome != desk.OutcomeThreaded || in.Conversation != first.Conversation {
			t.Errorf("%s: %s in %s (%s)", how, in.Outcome, in.Conversation, in.Reason)
		}
	}
	if c := b.conv(first.Conversation); c.Customer.Address != erika || c.State != desk.StateOpen {
		t.Errorf("the customer is %v, %s", c.Customer, c.State)
	}
	told = b.last(anna, "I changed the fuse.")
	if text := told.Read.PlainText; !strings.Contains(text,
		"Part of this conversation: Max, max@customers.example; eva@office.example (they get your answer in copy)") ||
		strings.Contains(text, "#add and an address") {
		t.Errorf("the agent is told:\n%s", text)
	}
	b.carried(b.reply(anna, told, "Well done."))
	if out := b.last("eva@office.example", "Well done."); !slices.Contains(out.To, erika) ||
		strings.Contains(out.Read.Text, "It does not light up") {
		t.Errorf("the answer goes to %v:\n%s", out.To, out.Read.Text)
	}
}
