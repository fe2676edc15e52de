package inbound_test

import (
	"strings"
	"testing"
)

// TestNoSignatureIsInvisible: what was set aside is in every notification, unless
// agents have seen it from this sender before.
func TestNoSignatureIsInvisible(t *testing.T) {
	w := newWorld(t)
	card := "\n\n-- \nErika Muster\n030 1234567"
	n := 0
	shown := func(from, subject, answers, body, part string) bool {
		t.Helper()
		n++
		in := w.receive(mail{from: from, subject: subject, id: string(rune('a'+n)) + "@customer.example",
			reply: answers, body: body})
		told := w.to("anna", in.ID)
		if len(told) != 1 {
			t.Fatalf("%d notifications of %q (%s)", len(told), body, in.Reason)
		}
		return strings.Contains(told[0].PlainText, part)
	}
	erika := "Erika <erika@customer.example>"
	if !shown(erika, "Order 1", "", "Where is it?"+card, "030 1234567") {
		t.Error("a first signature is not shown")
	}
	if shown(erika, "Re: Order 1", "b@customer.example", "And when?"+card, "030 1234567") {
		t.Error("a known signature is shown again")
	}
	if !shown(erika, "Re: Order 1", "b@customer.example", "I moved."+card+"\n5 Mill Lane", "5 Mill Lane") {
		t.Error("a signature that changed is not shown")
	}
	if shown(erika, "Order 2", "", "One more thing."+card, "030 1234567") {
		t.Error("a signature that is known from another conversation is shown again")
	}
	if !shown("Joao <joao@customer.example>", "Order 3", "", "Hello."+card, "030 1234567") {
		t.Error("another sender's signature is taken for known")
	}
	long := strings.Repeat("A line of the card\n", 40)
	if !shown("Kim <kim@customer.example>", "Order 4", "", "Hello.\n\n-- \n"+long+"LAST", "LAST") {
		t.Error("the end of a long signature is not shown")
	}
}
