package reply_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/store/storetest"
)

// TestWhoseAConversationIs: an agent gives it to a colleague, who alone hears of
// it, answers at once, and everybody reads in the next mail whose it is.
func TestWhoseAConversationIs(t *testing.T) {
	h := open(t)
	first := h.customerWrites()
	before := len(h.Due())
	in := h.agentAnswers(anna, "#assign to Ben, please\n#priority high\n#tag refund lamp")
	if in.Outcome != desk.OutcomeAgent {
		t.Fatalf("%+v", in)
	}
	if c := h.conversation(first); c.Owner != "ben" || c.State != desk.StateOpen || c.Priority != "high" || strings.Join(c.Tags, " ") != "refund lamp" {
		t.Errorf("%+v", c)
	}
	if n := len(h.Due()) - before; n != 1 {
		t.Errorf("%d mails tell of it, one concerns somebody", n)
	}
	h.none(desk.OutboxAnswer)
	_, told := h.newest(desk.OutboxNotification, ben)
	for _, says := range []string{"gave this to you", ", yours.", "glass is cracked", "Priority high. Tags: refund, lamp."} {
		if !strings.Contains(told.PlainText, says) {
			t.Errorf("Ben does not read %q:\n%s", says, told.PlainText)
		}
	}
	h.answerTo(ben, told, "Dear Erika, a new lamp is on its way.\n\nBen")
	if _, got := h.newest(desk.OutboxAnswer, erika); !strings.Contains(got.PlainText, "new lamp") || strings.Contains(got.PlainText, "Priority") {
		t.Errorf("Erika reads:\n%s", got.PlainText)
	}
}

// TestOneCanAnswerAndGiveItAway: an answer does not take back what is said beside it.
func TestOneCanAnswerAndGiveItAway(t *testing.T) {
	h := open(t)
	first := h.customerWrites()
	h.agentAnswers(anna, "Dear Erika,\n\nmy colleague Ben sends you a new one.\n\n#assign Ben")
	if c := h.conversation(first); c.Owner != "ben" || c.State != desk.StateAnswered {
		t.Errorf("%+v", c)
	}
	if _, got := h.newest(desk.OutboxAnswer, erika); strings.Contains(got.PlainText, "#assign") {
		t.Errorf("Erika reads:\n%s", got.PlainText)
	}
}

// TestWhatAnAgentSaysOfAConversation plays the careless: nothing of it ever goes
// to the customer, and nothing is lost.
func TestWhatAnAgentSaysOfAConversation(t *testing.T) {
	for text, want := range map[string]string{
		"#take":                              "",
		"# take":                             "",
		"*#take*":                            "",
		"#asign Ben":                         "Did you mean #assign Ben?",
		"assign to Ben":                      "Did you mean #assign Ben?",
		"Assign this to Ben please.":         "Did you mean #assign Ben?",
		"#assign Benn":                       "Nothing was done, and nothing was sent",
		"#assign":                            "Nothing was sent",
		"#assign Ben\nhe is angry, call him": "whether its words are for Erika Muster or for the team",
		"#assign Ben can you call her?":      "a name and no more",
		"#claim":                             "Did you mean #take?",
		"#prioritiy high":                    "Did you mean #priority high?",
		"#urgent":                            "Nothing was sent",
		"#tag":                               "Nothing was sent",
		"#history":                           "All that was said",
		"#who":                               "Erika Muster",
		"#history\nand tell me about it":     "All that was said",
		"#take\n#history":                    "Nothing was sent",
	} {
		h := open(t)
		h.customerWrites()
		h.agentAnswers(anna, text)
		h.none(desk.OutboxAnswer)
		got := ""
		for _, o := range h.Due() {
			if o.Kind == desk.OutboxNotice {
				got = h.sent(o).PlainText
			}
		}
		if want == "" && got != "" || !strings.Contains(got, want) {
			t.Errorf("%q: want %q, the agent is told:\n%s", text, want, got)
		}
	}
}

// TestWordsBesideAnAssignment: words that may be for the colleague wait, and go
// where the agent says, with the assignment.
func TestWordsBesideAnAssignment(t *testing.T) {
	for word, reaches := range map[string]string{"note": ben, "send": erika} {
		b := newRoom(t)
		lamp := b.mail(erika, support, "Lamp", "", "The lamp flickers.")
		before := len(b.sent)
		b.reply(anna, b.last(anna, "The lamp flickers."), "#assign Ben\n\nhe asked three times, please call him")
		for _, m := range b.sent[before:] {
			if slices.Contains(m.To, erika) || slices.Contains(m.To, ben) {
				t.Errorf("before anybody was asked, %v got %q", m.To, m.Read.Text)
			}
		}
		if c := b.conv(lamp.Conversation); c.Owner != "" {
			t.Errorf("it is %s's before anybody was asked", c.Owner)
		}
		b.carried(b.reply(anna, b.last(anna, "Whom is your text for?"), word))
		if c := b.conv(lamp.Conversation); c.Owner != "ben" {
			t.Errorf("%s: it is %q's", word, c.Owner)
		}
		b.last(reaches, "he asked three times")
		b.last(ben, "gave this to you")
		if word == "note" && slices.ContainsFunc(b.sent[before:], func(m storetest.Sent) bool { return slices.Contains(m.To, erika) }) {
			t.Error("a note went to the customer")
		}
	}
}
