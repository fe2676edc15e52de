package reply_test

import (
	"strings"
	"testing"

	"github.com/replywell/replywell/shared/bench"
	"github.com/replywell/replywell/shared/desk"
)

const atWork = "erika.muster@work.example"

// oneOfTwo is a customer who wrote from two addresses, which an agent said are one's.
func oneOfTwo(t *testing.T) (b *room, home desk.Inbound, answer bench.Sent) {
	b = newRoom(t)
	b.mail(atWork, support, "Invoice", "", "Please send the invoice to my boss.")
	home = b.mail(erika, support, "Lamp", "", "My lamp flickers at home.")
	told := b.last(anna, "flickers at home")
	b.carried(b.reply(anna, told, "#same "+atWork))
	ask := b.last(anna, "Are these two one person?")
	for _, s := range []string{atWork, erika, "Invoice"} {
		if !strings.Contains(ask.Read.PlainText, s) {
			t.Errorf("the question does not name %s:\n%s", s, ask.Read.PlainText)
		}
	}
	b.carried(b.reply(anna, ask, "yes"))
	b.last(anna, "are taken for one person")
	b.carried(b.reply(anna, told, "Dear Erika,\n\nplease try another bulb."))
	return b, home, b.last(erika, "another bulb")
}

// What the second address answers joins the first one's conversation, and the answer goes
// to who wrote last, without a word of the other.
func TestTwoAddressesOfOnePerson(t *testing.T) {
	b, home, answer := oneOfTwo(t)
	in := b.reply(atWork, answer, "I tried it here in the office, and it still flickers.")
	if in.Outcome != desk.OutcomeThreaded || in.Conversation != home.Conversation {
		t.Fatalf("%s in %s (%s)", in.Outcome, in.Conversation, in.Reason)
	}
	told := b.last(anna, "still flickers")
	if !strings.Contains(strings.Join(strings.Fields(told.Read.PlainText), " "), "The same person as "+erika) {
		t.Errorf("the agent is told\n%s", told.Read.PlainText)
	}
	n := len(b.sent)
	b.carried(b.reply(anna, told, "Dear Erika,\n\nthen please send it back to us."))
	for _, m := range b.Outside(b.sent[n:]) {
		if len(m.To) != 1 || m.To[0] != atWork || strings.Contains(m.Read.Text, "at home") {
			t.Errorf("to %v:\n%s", m.To, m.Read.Text)
		}
	}
	b.last(atWork, "send it back")
	// And the other way round.
	if in := b.reply(erika, answer, "It is me again, from home now."); in.Conversation != home.Conversation {
		t.Errorf("the first address: %s in %s", in.Outcome, in.Conversation)
	}
	b.carried(b.reply(anna, b.last(anna, "me again"), "Dear Erika,\n\nthank you for the news."))
	out := b.last(erika, "thank you for the news")
	if strings.Contains(out.Read.Text, "office") {
		t.Errorf("to the first address:\n%s", out.Read.Text)
	}
	// A new mail of either shows the earlier conversations of both.
	b.mail(atWork, support, "Invoice again", "", "Where is the invoice now?")
	if text := b.last(anna, "Where is the invoice now?").Read.PlainText; !strings.Contains(text, "Lamp") {
		t.Errorf("the agent is told\n%s", text)
	}
}

// Nobody gets in by a word that is not theirs: a forged mail of the second address, and
// one after it was taken back, is a stranger's.
func TestAttackSameIsNoDoor(t *testing.T) {
	b, home, answer := oneOfTwo(t)
	if in := b.forged(atWork, answer.Read.ReplyTo[0].Address, "Re: Lamp", "Send all of it to me."); in.Conversation ==
		home.Conversation && in.Outcome == desk.OutcomeThreaded {
		t.Errorf("a forged mail joins: %s", in.Reason)
	}
	for _, back := range []string{"#same none", "#undo same"} {
		b, home, answer := oneOfTwo(t)
		b.carried(b.reply(anna, b.last(anna, "are taken for one person"), back))
		if in := b.reply(atWork, answer, "And now I ask in between."); in.Conversation == home.Conversation {
			t.Errorf("after %s: %s", back, in.Outcome)
		}
		b.mail(atWork, support, "Third", "", "A third question of mine.")
		if text := b.last(anna, "A third question").Read.PlainText; strings.Contains(text, "] Lamp") {
			t.Errorf("after %s the agent is told\n%s", back, text)
		}
	}
}

// What cannot be one person with the customer says so, and changes nothing.
func TestWhatIsNotTheSame(t *testing.T) {
	for said, why := range map[string]string{
		"#same":                          "needs the customer’s other address",
		"#same " + erika:                 "is the address that they write from here",
		"#same " + ben:                   "is an agent’s address",
		"#same " + support:               "is an address of ours",
		"#same clara":                    "needs the customer’s other address",
		"#same clara@":                   "is no address",
		"#same a@x.example b@x.example":  "takes one address",
		"#same none":                     "Nobody has said",
		"#same clara@work.exmaple":       "Did you mean clara@work.example?",
		"#same clara@new.example please": "nobody has written to us from there",
	} {
		b := newRoom(t)
		b.mail(erika, support, "Lamp", "Cc: clara@work.example\n", "The lamp flickers here.")
		b.reply(anna, b.last(anna, "flickers here"), said)
		if text := b.last(anna).Read.PlainText; !strings.Contains(strings.Join(strings.Fields(text), " "), why) {
			t.Errorf("%s:\n%s", said, text)
		}
		if s, err := b.Store.SameAs(b.Context(), erika); err != nil || len(s.Others) > 0 {
			t.Errorf("%s: %v, %v", said, s, err)
		}
	}
}
