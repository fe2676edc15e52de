package reply_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/bench"
	"github.com/replywell/replywell/shared/desk"
)

// room is a desk with people who write mails.
type room struct {
	*bench.Path
	n    int
	sent []bench.Sent
}

func newRoom(t *testing.T) *room { return &room{Path: bench.NewPath(t)} }

// mail writes a mail; to is an address, above stands over its header.
func (b *room) mail(from, to, subject, above, text string) desk.Inbound {
	b.Helper()
	b.n++
	b.Pass(time.Minute)
	in := b.Arrive(bench.Arrival{From: from, To: []string{to}, Verdicts: bench.Trusted,
		Raw: fmt.Sprintf("From: <%s>\nTo: <%s>\nSubject: %s\nMessage-ID: <m%d@%s>\n%s\n%s\n", from, to, subject, b.n,
			strings.SplitN(from, "@", 2)[1], above, text)})
	b.Pass(time.Hour)
	b.sent = append(b.sent, b.Sent()...)
	return in
}

// last is the newest mail to somebody with the words in it.
func (b *room) last(to string, words ...string) bench.Sent {
	b.Helper()
	for i := len(b.sent) - 1; i >= 0; i-- {
		m := b.sent[i]
		if slices.Contains(m.To, to) && !slices.ContainsFunc(words,
			func(w string) bool { return !strings.Contains(m.Read.Subject+"\n"+m.Read.Text, w) }) {
			return m
		}
	}
	b.Fatalf("no mail to %s with %q", to, words)
	return bench.Sent{}
}

// reply answers a mail by its Reply-To.
func (b *room) reply(from string, to bench.Sent, text string) desk.Inbound {
	b.Helper()
	return b.mail(from, to.Read.ReplyTo[0].Address, "Re: "+to.Read.Subject, "In-Reply-To: <"+to.Read.MessageID+">\n",
		text)
}

func (b *room) carried(in desk.Inbound) {
	b.Helper()
	if in.Outcome != desk.OutcomeAgent {
		b.Fatalf("%s: %s", in.Outcome, in.Reason)
	}
}

// texts are what a conversation shows.
func (b *room) texts(id desk.ConversationID) (out []string) {
	b.Helper()
	ms, err := b.Store.Messages(b.Context(), id, 1, 0)
	if err != nil {
		b.Fatal(err)
	}
	for _, m := range ms {
		if m.Kind != desk.KindArranged {
			out = append(out, m.Text)
		}
	}
	return out
}

func (b *room) conv(id desk.ConversationID) desk.Conversation {
	b.Helper()
	c, err := b.Store.Conversation(b.Context(), id)
	if err != nil {
		b.Fatal(err)
	}
	return c
}

// two opens a conversation with a lamp and a bill in it.
func (b *room) two() (lamp desk.Inbound) {
	b.Helper()
	lamp = b.mail(erika, support, "Lamp", "", "The lamp flickers.")
	b.carried(b.reply(anna, b.last(anna, "The lamp flickers."), "Try another bulb."))
	b.reply(erika, b.last(erika, "Try another bulb."), "By the way, my bill is wrong.")
	return lamp
}

func equal(t *testing.T, what string, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s shows %q, want %q", what, got, want)
	}
}

func TestSplitAndUndo(t *testing.T) {
	b := newRoom(t)
	lamp := b.two()
	old := b.last(ben, "my bill is wrong")
	b.carried(b.reply(anna, b.last(anna, "my bill is wrong"), "#split"))
	fresh := b.last(ben, "my bill is wrong", "split this off")
	x := b.conv(lamp.Conversation)
	if len(x.Linked) != 1 || x.State != desk.StateAnswered || x.CustomerMessages != 1 || x.Answers != 1 {
		t.Fatalf("%+v", x)
	}
	y := b.conv(x.Linked[0])
	if y.State != desk.StateOpen || y.CustomerMessages != 1 || y.Customer.Address != erika {
		t.Fatalf("%+v", y)
	}
	equal(t, "the first half", b.texts(x.ID), "The lamp flickers.", "Try another bulb.")
	equal(t, "the second half", b.texts(y.ID), "By the way, my bill is wrong.")

	// An answer by the address from before the split, and one by the fresh address.
	b.carried(b.reply(ben, old, "Which bill is it?"))
	toErika := b.last(erika, "Which bill is it?")
	b.reply(erika, toErika, "That of May.")
	if in := b.reply(ben, fresh, "We look at it."); in.Outcome != desk.OutcomeRefused {
		t.Errorf("an answer past what came meanwhile is %s", in.Outcome)
	}
	b.carried(b.reply(ben, b.last(ben, "We look at it.", "That of May."), "send"))
	// A late answer to the first half.
	b.reply(erika, b.last(erika, "Try another bulb."), "The bulb was it.")
	equal(t, "the first half", b.texts(x.ID), "The lamp flickers.", "Try another bulb.", "The bulb was it.")
	equal(t, "the second half", b.texts(y.ID), "By the way, my bill is wrong.", "Which bill is it?", "That of May.",
		"We look at it.")

	// Taken back from the half that was split off; both sides lead to one again.
	b.carried(b.reply(anna, b.last(anna, "We look at it."), "#undo"))
	equal(t, "the whole", b.texts(x.ID), "The lamp flickers.", "Try another bulb.", "By the way, my bill is wrong.",
		"The bulb was it.",
		"Which bill is it?", "That of May.", "We look at it.")
	if got := b.conv(y.ID); got.ID != x.ID || got.CustomerMessages != 4 || got.Answers != 3 {
		t.Errorf("the second half is %+v", got)
	}
	if in := b.reply(erika, toErika, "Thanks for looking."); in.Conversation != x.ID {
		t.Errorf("a later reply went to %s", in.Conversation)
	}
	if in := b.reply(ben, fresh, "#undo"); in.Outcome != desk.OutcomeRefused {
		t.Errorf("a second #undo: %s", in.Outcome)
	}
}

func TestUndoEndsAfterThirtyDays(t *testing.T) {
	b := newRoom(t)
	b.two()
	b.carried(b.reply(anna, b.last(anna, "my bill is wrong"), "#split"))
	b.Pass(31 * 24 * time.Hour)
	if in := b.reply(ben, b.last(ben, "split this off"), "#undo"); in.Outcome != desk.OutcomeRefused ||
		!strings.Contains(in.Reason, "30 days") {
		t.Errorf("%s: %s", in.Outcome, in.Reason)
	}
}

func TestTheFirstMessageCannotBeSplitOff(t *testing.T) {
	b := newRoom(t)
	lamp := b.two()
	if in := b.reply(anna, b.last(anna, "The lamp flickers.", "First contact"), "#split\n\nHello"); in.Outcome !=
		desk.OutcomeRefused {
		t.Errorf("%s", in.Outcome)
	}
	if n := len(b.texts(lamp.Conversation)); n != 3 {
		t.Errorf("%d messages", n)
	}
}

// merged opens two conversations of Erika's and joins them.
func (b *room) merged() (lamp, bill desk.Inbound) {
	b.Helper()
	lamp = b.mail(erika, support, "Lamp", "", "The lamp flickers.")
	bill = b.mail(erika, support, "Bill", "", "My bill is wrong.")
	b.carried(b.reply(anna, b.last(anna, "My bill is wrong."), "#merge 1"))
	if c := b.conv(bill.Conversation); c.Into != "" || c.ID != bill.Conversation {
		b.Fatal("joined before it was confirmed")
	}
	b.carried(b.reply(anna, b.last(anna, "Shall these two be joined?"), "#yes"))
	return lamp, bill
}

func TestMergeAndUndo(t *testing.T) {
	b := newRoom(t)
	lamp, bill := b.merged()
	one := b.conv(bill.Conversation)
	if one.ID != lamp.Conversation || one.CustomerMessages != 2 || one.State != desk.StateOpen {
		t.Fatalf("%+v", one)
	}
	equal(t, "the whole", b.texts(one.ID), "The lamp flickers.", "My bill is wrong.")
	if list, err := b.Store.CustomerConversations(t.Context(), erika, 0); err != nil || len(list) != 1 {
		t.Errorf("the customer has %d conversations, %v", len(list), err)
	}
	told := b.last(ben, "joined ["+bill.Conversation.Reference()+"]")
	for _, words := range []string{"The lamp flickers.", "My bill is wrong.", "#undo"} {
		if !strings.Contains(told.Read.Text, words) {
			t.Errorf("Ben is not told %q:\n%s", words, told.Read.Text)
		}
	}
	// Answers to mails from before, and what comes back on each.
	b.carried(b.reply(ben, b.last(ben, "My bill is wrong.", "sender confirmed"), "Which bill is it?"))
	answer := b.last(erika, "Which bill is it?")
	if answer.Read.Subject != "Re: Bill" || !slices.Contains(answer.Read.InReplyTo, "m2@customers.example") {
		t.Errorf("the answer is in the thread %q, %v", answer.Read.Subject, answer.Read.InReplyTo)
	}
	if c := b.conv(one.ID); c.State != desk.StateAnswered {
		t.Errorf("after an answer to the newest message: %s", c.State)
	}
	b.reply(anna, b.last(anna, "The lamp flickers.", "First contact"), "Try another bulb.")
	b.carried(b.reply(anna, b.last(anna, "Not sent: ", "Ben Okafor answered"), "send"))
	b.reply(erika, b.last(erika, "Try another bulb."), "It was the bulb.")
	b.reply(erika, answer, "That of May.")
	b.carried(b.reply(anna, b.last(anna, "That of May."), "#undo"))
	equal(t, "the lamp", b.texts(lamp.Conversation), "The lamp flickers.", "Try another bulb.", "It was the bulb.")
	equal(t, "the bill", b.texts(bill.Conversation), "My bill is wrong.", "Which bill is it?", "That of May.")
	if in := b.reply(erika, answer, "Or of June."); in.Conversation != bill.Conversation {
		t.Error("a reply to the bill went elsewhere")
	}
	if in := b.reply(erika, b.last(erika, "Try another bulb."), "And it shines."); in.Conversation !=
		lamp.Conversation {
		t.Error("a reply to the lamp went elsewhere")
	}
	for _, id := range []desk.ConversationID{lamp.Conversation, bill.Conversation} {
		if c := b.conv(id); c.ID != id || c.CustomerMessages != 3 || c.Answers != 1 || c.State != desk.StateOpen {
			t.Errorf("%+v", c)
		}
	}
}

func TestMergeByReferenceAndNo(t *testing.T) {
	b := newRoom(t)
	lamp := b.mail(erika, support, "Lamp", "", "The lamp flickers.")
	bill := b.mail(erika, support, "Bill", "", "My bill is wrong.")
	b.carried(b.reply(anna, b.last(anna, "The lamp flickers.", "First contact"), "#merge "+
		bill.Conversation.Reference()))
	b.carried(b.reply(anna, b.last(anna, "Shall these"), "#no"))
	if b.conv(bill.Conversation).ID == lamp.Conversation {
		t.Error("joined after a no")
	}
	for _, text := range []string{"#merge 3", "#merge AAA-AAA", "#merge " + lamp.Conversation.Reference()} {
		if in := b.reply(anna, b.last(anna, "The lamp flickers.", "First contact"), text); in.Outcome !=
			desk.OutcomeRefused {
			t.Errorf("%s: %s", text, in.Outcome)
		}
	}
}

func TestUndoOpensAClosedConversation(t *testing.T) {
	b := newRoom(t)
	lamp := b.two()
	b.carried(b.reply(anna, b.last(anna, "my bill is wrong"), "#close"))
	b.carried(b.reply(ben, b.last(ben, "my bill is wrong"), "#undo"))
	if c := b.conv(lamp.Conversation); c.State != desk.StateOpen || !c.Solved.IsZero() {
		t.Errorf("%+v", c)
	}
}

func TestHelpListsTheCommands(t *testing.T) {
	b := newRoom(t)
	b.two()
	b.carried(b.reply(anna, b.last(anna, "my bill is wrong"), "#help"))
	text := b.last(anna, "What you can write").Read.Text
	for _, c := range []string{"#send 1", "#show 1", "#note", "#close", "#split", "#merge", "#add", "#remove", "#undo",
		"#learn"} {
		if !strings.Contains(text, c) {
			t.Errorf("%s is missing:\n%s", c, text)
		}
	}
}

func TestAnAdmittedPersonGetsAnswersAndNoHistory(t *testing.T) {
	b := newRoom(t)
	lamp := b.two()
	const karl = "karl@customers.example"
	b.carried(b.reply(anna, b.last(anna, "my bill is wrong"), "#add "+karl+"\nThe bill will be corrected."))
	got := b.last(karl, "The bill will be corrected.")
	if !slices.Equal(got.To, []string{erika, karl}) || strings.Contains(got.Read.Text, "my bill is wrong") ||
		len(got.Read.Cc) != 1 {
		t.Errorf("to %v:\n%s", got.To, got.Read.Text)
	}
	if c := b.conv(lamp.Conversation); len(c.Participants) != 1 {
		t.Errorf("%+v", c.Participants)
	}
	for _, text := range []string{"#add " + karl, "#add " + support, "#add " + ben, "#remove eve@x.example", "#add 4"} {
		if in := b.reply(ben, b.last(ben, "my bill is wrong"), text); in.Outcome != desk.OutcomeRefused {
			t.Errorf("%s: %s", text, in.Outcome)
		}
	}
	b.carried(b.reply(ben, b.last(ben, "my bill is wrong"), "#undo"))
	b.carried(b.reply(ben, b.last(ben, "my bill is wrong"), "#answer\nIt is corrected now."))
	if got := b.last(erika, "It is corrected now."); !slices.Equal(got.To, []string{erika}) {
		t.Errorf("to %v", got.To)
	}
}
