package schedule_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/store"
)

// worth says what a team knows of the customer of a conversation.
func (o *office) worth(id desk.ConversationID, w desk.Worth) {
	o.Helper()
	c := o.conv(id)
	c.Worth = w
	if err := o.Store.Commit(o.Context(), &store.Change{Conversation: &c}); err != nil {
		o.Fatal(err)
	}
}

// A quiet customer who may well order again stands before the loud ones who came with
// them, in the morning mail and by its reason; and loud ones who come later, however
// many, stay behind once the bound is over.
func TestAQuietCustomerIsNotDrowned(t *testing.T) {
	o := newOffice(t)
	o.Settings.Morning.Off = false
	o.Settings.Notifications.Most = 1000
	o.until("2026-03-02 16:30")
	loud := func(n int) {
		o.opens(fmt.Sprintf("loud%d@customers.example", n), fmt.Sprintf("WHERE IS MY LAMP NUMBER %d!!!", n))
	}
	for n := range 3 {
		loud(n)
	}
	quiet := o.opens(erika, "Could you look at my order when it suits you?")
	o.worth(quiet.Conversation, desk.Worth{Potential: 1, Since: o.Now().AddDate(-4, 0, 0)})
	for _, m := range with(o.sent, anna, "") {
		o.writes(anna, m.Read.ReplyTo[0].Address, "Re: "+m.Read.Subject,
			"In-Reply-To: <"+m.Read.MessageID+">\n", "#take")
	}
	mail := func(day string) string {
		o.Helper()
		got := with(o.until(day+" 09:10"), anna, "Good morning")
		if len(got) != 1 {
			t.Fatalf("%d morning mails on %s", len(got), day)
		}
		return strings.Join(strings.Fields(got[0].Read.PlainText), " ")
	}
	text := mail("2026-03-03")
	if !strings.Contains(text, "Start with "+erika) ||
		!strings.Contains(text, "First: may well order again, a customer for 4 years.") {
		t.Errorf("the quiet customer is not first, and why: %s", text)
	}
	for n := range 8 {
		loud(10 + n)
		o.later(time.Hour)
	}
	if text = mail("2026-03-04"); !strings.Contains(text, "Start with "+erika) {
		t.Errorf("the quiet customer was overtaken: %s", text)
	}
}

// The mail about somebody who waits says how urgent it is and why, where it is not as usual.
func TestWhyItIsUrgent(t *testing.T) {
	o := newOffice(t)
	o.opens(erika, "The lamp flickers. What can I do?")
	if text := o.last(anna, "flickers").Read.PlainText; strings.Contains(text, "Priority") {
		t.Errorf("a usual mail says %s", text)
	}
	sent := with(o.until("2026-03-02 12:30"), anna, "")
	sent = append(sent, with(o.sent, ben, "one reminder")...)
	m := sent[len(sent)-1].Read.PlainText
	if !strings.Contains(m, "Priority high: waits 3 hours of 4 hours.") {
		t.Errorf("the reminder says %s", m)
	}
}
