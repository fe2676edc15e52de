package reply_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/replywell/replywell/shared/bench"
	"github.com/replywell/replywell/shared/desk"
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
	if c := h.conversation(first); c.Owner != "ben" || c.State != desk.StateOpen || c.Priority != "high" ||
		strings.Join(c.Tags, " ") != "refund lamp" {
		t.Errorf("%+v", c)
	}
	if n := len(h.Due()) - before; n != 1 {
		t.Errorf("%d mails tell of it, one concerns somebody", n)
	}
	h.none(desk.OutboxAnswer)
	_, told := h.newest(desk.OutboxNotification, ben)
	for _, says := range []string{"gave this to you", ", yours.", "glass is cracked",
		"Priority high", "Tags: refund, lamp."} {
		if !strings.Contains(told.PlainText, says) {
			t.Errorf("Ben does not read %q:\n%s", says, told.PlainText)
		}
	}
	h.answerTo(ben, told, "Dear Erika, a new lamp is on its way.\n\nBen")
	if _, got := h.newest(desk.OutboxAnswer, erika); !strings.Contains(got.PlainText, "new lamp") ||
		strings.Contains(got.PlainText, "Priority") {
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
		if word == "note" && slices.ContainsFunc(b.sent[before:],
			func(m bench.Sent) bool { return slices.Contains(m.To, erika) }) {
			t.Error("a note went to the customer")
		}
	}
}

// TestWordsBesideAnOrderAreLookedAt: what an agent jots down beside an order is no
// answer for that. The agent is asked, and either word keeps the order too.
func TestWordsBesideAnOrderAreLookedAt(t *testing.T) {
	for text, jotted := range map[string]string{
		"#priority high\nhe is angry, please hurry":         "he is angry, please hurry",
		"#tag refund\n\nshe asked for her money back":       "she asked for her money back",
		"#take\nI'll call her tomorrow":                     "I'll call her tomorrow",
		"I'll call her tomorrow\n\n#take":                   "I'll call her tomorrow",
		"#take\nDie Kundin ist sauer, ich rufe sie an":      "Die Kundin ist sauer",
		"#topic returns\nI told her it takes a week\n#take": "I told her it takes a week",
		"#close\nshe called, it is solved":                  "she called, it is solved",
		"#take\nI'll call her\n\nSent from my iPhone":       "I'll call her",
		"#send 1\nshe will be angry, call her":              "she will be angry",
		"#prio high\ncan you take this?":                    "can you take this?",
	} {
		for word, kind := range map[string]desk.MessageKind{"note": desk.KindNote, "send": desk.KindAnswer} {
			h := open(t)
			first := h.customerWrites()
			h.agentAnswers(anna, text)
			h.none(desk.OutboxAnswer)
			_, asks := h.newest(desk.OutboxNotice, anna)
			if c := h.conversation(first); c.Owner+c.Priority+c.Topic != "" || len(c.Tags) > 0 ||
				c.State != desk.StateOpen {
				t.Errorf("%q: done before the agent was asked: %+v", text, c)
			}
			h.answerTo(anna, asks, word)
			if word == "send" {
				h.newest(desk.OutboxAnswer, erika)
			} else if !strings.Contains(text, "#send") {
				h.none(desk.OutboxAnswer)
			}
			c := h.conversation(first)
			ms, err := h.Store.Messages(t.Context(), c.ID, 2, 0)
			if err != nil || !slices.ContainsFunc(ms, func(m desk.Message) bool {
				return m.Kind == kind && strings.Contains(m.Text, jotted) && !strings.Contains(m.Text, "#")
			}) {
				t.Errorf("%q, %s: there is %+v (%v); asked:\n%s", text, word, ms, err, asks.PlainText)
			}
			if c.Owner == "" && c.Priority == "" && c.Topic == "" && len(c.Tags) == 0 && c.State == desk.StateOpen {
				t.Errorf("%q: the order was not carried out: %+v", text, c)
			}
		}
	}
}

// TestAnswersBesideAnOrderGoOut: who writes to the customer beside an order is not asked.
func TestAnswersBesideAnOrderGoOut(t *testing.T) {
	for _, text := range []string{
		"#take\n\nDear Erika, I look into it.", "The refund leaves today.\n\n#tag refund",
		"#take\n\nWe send you a new one today.", "#close\nThank you, all is settled.",
		"#priority high\n#answer\nhe is the one who brings it.", "#send 1\n#tag lamp",
	} {
		h := open(t)
		h.customerWrites()
		h.agentAnswers(anna, text)
		h.none(desk.OutboxNotice)
		h.newest(desk.OutboxAnswer, erika)
	}
}

// TestOrdersBesideANoteToTheTeam: where a plain reply is a note, an order beside it
// is an order still.
func TestOrdersBesideANoteToTheTeam(t *testing.T) {
	h := open(t)
	first := h.customerWrites()
	h.agentAnswers(anna, "#note\nshe called")
	_, told := h.newest(desk.OutboxNotification, ben)
	h.answerTo(ben, told, "#priority high\nhe is angry, please hurry")
	h.none(desk.OutboxAnswer)
	ms, err := h.Store.Messages(t.Context(), first.Conversation, 3, 0)
	if c := h.conversation(first); c.Priority != "high" || err != nil || len(ms) != 1 ||
		ms[0].Text != "he is angry, please hurry" {
		t.Errorf("priority %q, the note is %+v (%v)", c.Priority, ms, err)
	}
}

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
