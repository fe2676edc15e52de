package inbound_test

import (
	"fmt"
	"testing"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/inbound"
)

// Two mails of one customer overtake the mail that both answer, and are taken in
// at the same moment: they are one conversation.
func TestTwoThatOvertookAtOnceAreOneConversation(t *testing.T) {
	w := newWorld(t)
	for n := range 20 {
		var ds []inbound.Delivery
		for k := range 4 {
			ds = append(ds, w.arrives(mail{from: "erika@customer.example", subject: "Re: Pump",
				id:    fmt.Sprintf("late%d-%d@customer.example", n, k),
				reply: fmt.Sprintf("first%d@customer.example", n), body: fmt.Sprintf("This is mail %d of %d.", k, n)}))
		}
		in := w.atOnce(ds...)
		for _, x := range in {
			if x.Outcome != desk.OutcomeThreaded || x.Conversation != in[0].Conversation {
				t.Fatalf("round %d: %s is %s in %s, the first in %s", n, x.ID, x.Outcome, x.Conversation,
					in[0].Conversation)
			}
		}
	}
}
