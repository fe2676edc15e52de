package proof_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/bench"
	"github.com/replywell/replywell/shared/desk"
)

const (
	lagerAt = "lager@team.lantern.example"
	erikaAt = "erika@home.example"
)

// house is a desk with a warehouse beside it, that Erika has written to and Anna was told of.
func house(w *bench.World) *causal {
	w.Helper()
	c := newCausal(w)
	c.Settings.Departments = []desk.Department{{ID: "warehouse", Name: "Warehouse", Address: lagerAt,
		Within: 4 * time.Hour, Topics: []string{"parcels"}},
		{ID: "sales", Name: "Sales", Address: "sales@team.lantern.example", Within: 4 * time.Hour}}
	c.Settings.Mailboxes[0].Agents = []string{"anna", "ben"}
	c.asked[erikaAt] = c.file(erikaAt, supports, "My parcel",
		"Where is my parcel? Write to erika@home.example, please.", "photo.png")
	c.sent()
	return c
}

// file is mail with a file in it.
func (c *causal) file(from, to, subject, text, name string) desk.Inbound {
	c.Helper()
	c.n++
	return c.Arrive(bench.Arrival{From: from, To: []string{to}, Verdicts: bench.Trusted, Raw: fmt.Sprintf(
		"From: Erika Muster <%s>\nTo: %s\nSubject: %s\nMessage-ID: <%d@causal>\nMIME-Version: 1.0\n"+
			"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: "+
			"text/plain\n\n%s\n--b\nContent-Type: image/png\n"+
			"Content-Disposition: attachment; filename=%s\nContent-Transfer-Encoding: "+
			"base64\n\niVBORw0KGgo=\n--b--\n",
		from, to, subject, c.n, text, name)})
}

// replies lets somebody write to where the department's mail asks for replies.
func (c *causal) replies(from string, m bench.Sent, v desk.Verdicts, head, text string) desk.Inbound {
	c.Helper()
	c.n++
	to := m.Read.ReplyTo[0].Address
	return c.Arrive(bench.Arrival{From: from, To: []string{to}, Verdicts: v, Raw: fmt.Sprintf(
		"From: Otto Lager <%s>\nTo: %s\n%sSubject: Re: %s\nMessage-ID: <%d@lager>\n\n%s\n\n> what was asked\n",
		from, to, head, m.Read.Subject, c.n, text)})
}

func theOne(w *bench.World, mails []bench.Sent, to string) bench.Sent {
	w.Helper()
	var found []bench.Sent
	for _, m := range mails {
		if slices.Contains(m.To, to) {
			found = append(found, m)
		}
	}
	if len(found) != 1 {
		w.Fatalf("%d mails to %s among those to %v", len(found), to, bench.Recipients(mails))
	}
	return found[0]
}

func has(w *bench.World, m bench.Sent, wants ...string) {
	w.Helper()
	text := strings.Join(strings.Fields(m.Read.Text), " ")
	for _, want := range wants {
		if !strings.Contains(text, want) {
			w.Errorf("the mail to %v does not say %q:\n%s", m.To, want, m.Read.Text)
		}
	}
}

func hasNot(w *bench.World, m bench.Sent, never ...string) {
	w.Helper()
	for _, x := range never {
		if strings.Contains(m.Read.Text, x) || strings.Contains(string(m.Raw), x) {
			w.Errorf("the mail to %v holds %q:\n%s", m.To, x, m.Read.Text)
		}
	}
}

// A department is asked by mail, with the question above and the customer's mail below;
// what it replies is a note with the name of who wrote it, told to who asked, whatever is
// in it; the agent sends. The customer hears nothing until then.
func TestADepartmentIsAskedAndItsReplyIsANote(t *testing.T) {
	bench.OnEach(t, func(w *bench.World) {
		c := house(w)
		c.says(erikaAt, "#note She is always angry, quiche 40 %")
		told := c.says(erikaAt, "#forward warehouse\nIs order 20881 still with you?")
		asked := theOne(w, told, lagerAt)
		has(w, asked, "A reply goes to Anna Winter in support, as a note. Erika Muster does not see it.",
			"Is order 20881 still with you?", "Where is my parcel?", "Erika Muster waits since")
		hasNot(w, asked, erikaAt, "quiche", "Team only")
		if asked.Read.From.Address != supports || len(asked.Read.Attachments) != 1 {
			w.Errorf("it comes from %v, with %d files", asked.Read.From, len(asked.Read.Attachments))
		}
		if len(told) != 1 {
			w.Errorf("asking sent mail to %v", bench.Recipients(told))
		}
		c.replies("otto@team.lantern.example", asked, bench.Trusted, "", "Yes, it leaves on "+
			"Thursday.\n\n#close\n#send 1")
		told = c.sent()
		note := theOne(w, told, annaAt)
		has(w, note, "Warehouse has replied to the team", "Erika Muster still waits for your answer", "Otto "+
			"Lager, Warehouse",
			"Yes, it leaves on Thursday.", "“#close”, “#send 1” in it did nothing: only agents give orders",
			"#answer")
		back := theOne(w, told, lagerAt)
		has(w, back, "Nothing to do: your words reached Anna Winter", "“#close”, “#send 1” did nothing")
		for _, m := range c.Outside(told) {
			if !slices.Contains(m.To, lagerAt) {
				w.Errorf("the reply sent a mail to %v", m.To)
			}
		}
		conv := c.Conversation(c.asked[erikaAt])
		if conv.State != desk.StateOpen || len(conv.WaitsFor()) != 0 || conv.Answers != 0 {
			w.Errorf("after the reply: %+v", conv)
		}
		// Anna answers from the note.
		c.shown[erikaAt] = note.Read.ReplyTo[0].Address
		answer := theOne(w, c.says(erikaAt, "#answer\nHello Erika,\n\nyour parcel is on its way to you on "+
			"Thursday.\n\nAnna"), erikaAt)
		has(w, answer, "on its way to you on Thursday")
		hasNot(w, answer, "Otto", "lager@")
	})
}

// The whole thread and the team's notes go along where that is said, and then alone.
func TestTheWholeThreadGoesAlongWhereThatIsSaid(t *testing.T) {
	bench.OnEach(t, func(w *bench.World) {
		c := house(w)
		c.says(erikaAt, "Hello Erika,\n\nwe are looking into it.\n\nAnna")
		c.says(erikaAt, "#note She is always angry")
		c.mail(erikaAt, supports, "Re: My parcel", "And now?")
		c.sent()
		for _, x := range []struct {
			order       string
			says, never []string
		}{
			{"#forward warehouse\nAnything new?", []string{"And now?"}, []string{"we are looking into it",
				"always angry", "Where is my parcel"}},
			{"#forward warehouse all\nAnything new?", []string{"And now?", "we are looking into it", "Where is " +
				"my parcel"}, []string{"always angry"}},
			{"#forward warehouse all notes\nAnything new?", []string{"And now?", "we are looking into it",
				"always angry"}, nil},
		} {
			m := theOne(w, c.says(erikaAt, x.order), lagerAt)
			has(w, m, x.says...)
			hasNot(w, m, append(x.never, erikaAt)...)
		}
		if conv := c.Conversation(c.asked[erikaAt]); len(conv.WaitsFor()) != 1 {
			w.Errorf("asked three times, it waits for %v", conv.WaitsFor())
		}
	})
}

// What cannot be a department's word for certain is held, and who asked is asked once;
// what others wrote to whom the question was passed on is shown with that said; what the
// customer writes there is the customer's.
func TestWhoWroteAtADepartmentsAddress(t *testing.T) {
	bench.OnEach(t, func(w *bench.World) {
		c := house(w)
		asked := theOne(w, c.says(erikaAt, "#forward warehouse\nIs it there?"), lagerAt)
		before := c.Conversation(c.asked[erikaAt]).Messages

		in := c.replies("otto@team.lantern.example", asked, bench.Forged, "", "Pay her 500 euro.")
		told := c.sent()
		if in.Outcome != desk.OutcomeHeld || len(c.Outside(told)) != 0 ||
			c.Conversation(c.asked[erikaAt]).Messages != before {
			w.Fatalf("a forged reply is %s: %s", in.Outcome, in.Reason)
		}
		question := theOne(w, told, annaAt)
		has(w, question, "Keep what Otto Lager wrote as a note?", "nothing proves who wrote it", "Pay her 500 euro.",
			"If you are not sure that it is from Warehouse, ask them by another way before you decide.")

		c.n++
		c.mail(annaAt, question.Read.ReplyTo[0].Address, "Re: held", "yes")
		has(w, theOne(w, c.sent(), "ben@team.lantern.example"), "Nothing proves who wrote it; you let it in.",
			"Pay her 500 euro.")

		in = c.replies("driver@carrier.example", asked, bench.Trusted, "", "It is in our van.")
		has(w, theOne(w, c.sent(), annaAt), "It came from driver at carrier[.]example, which is no address of "+
			"Warehouse’s: they passed your question on.", "It is in our van.")

		in = c.replies("otto@team.lantern.example", asked, bench.Trusted, "Cc: Erika <"+erikaAt+">\n", "It is "+
			"on the shelf.")
		told = c.sent()
		has(w, theOne(w, told, annaAt), "Erika Muster stood in copy of it, so they have it.")
		if got := c.Outside(told); len(got) != 0 {
			w.Errorf("a reply to all sent %v", bench.Recipients(got))
		}

		in = c.replies(erikaAt, asked, bench.Trusted, "", "Thank you Otto, but when?")
		told = c.sent()
		if in.Outcome != desk.OutcomeThreaded || in.Conversation != c.asked[erikaAt].Conversation {
			w.Errorf("the customer's mail there is %s in %s", in.Outcome, in.Conversation)
		}
		has(w, theOne(w, told, annaAt), "Erika", "but when?")

		in = c.replies("otto@team.lantern.example", asked, bench.Trusted, "Auto-Submitted: auto-replied\n", "I "+
			"am out of the office until Friday.")
		if told = c.sent(); len(told) != 0 { // nothing waits for them any more
			w.Errorf("an out-of-office note was told to %v", bench.Recipients(told))
		}
		c.Settings.Departments = c.Settings.Departments[1:]
		in = c.replies("otto@team.lantern.example", asked, bench.Trusted, "", "Still there.")
		if in.Outcome != desk.OutcomeHeld || in.Hold != desk.HoldUnlisted {
			w.Errorf("a reply of a department that is gone is %s: %s", in.Outcome, in.Reason)
		}
	})
}

// Who asked is reminded once when no reply comes, is told once of an out-of-office note,
// and the customer's promise is reminded of all the same.
func TestADepartmentThatDoesNotReply(t *testing.T) {
	bench.OnEach(t, func(w *bench.World) {
		c := house(w)
		c.Settings.Mailboxes[0].Within = 8 * time.Hour
		asked := theOne(w, c.says(erikaAt, "#forward warehouse\nIs it there?"), lagerAt)
		c.replies("otto@team.lantern.example", asked, bench.Trusted, "Auto-Submitted: auto-replied\n", "I am "+
			"out of the office until Friday.")
		c.replies("otto@team.lantern.example", asked, bench.Trusted, "Auto-Submitted: auto-replied\n", "I am "+
			"out of the office until Friday!")
		has(w, theOne(w, c.sent(), annaAt), "Warehouse’s mailbox answered by itself", "out of the office until "+
			"Friday")
		told := c.Later(9 * time.Hour)
		var silent, promise int
		for _, m := range told {
			text := strings.Join(strings.Fields(m.Read.Text), " ")
			if strings.Contains(text, "Warehouse has not replied since") {
				silent++
				has(w, m, "You asked, and no reply has come.", "Their mailbox answered by itself", "#forward "+
					"warehouse asks again", "Waits for Warehouse since")
			}
			if strings.Contains(text, "promised") {
				promise++
			}
		}
		if silent != 1 || promise == 0 {
			w.Errorf("%d reminders of the department and %d of the promise, in mails to %v", silent, promise,
				to(told))
		}
		c.replies("otto@team.lantern.example", asked, bench.Trusted, "", "Here it is.")
		c.sent()
		if got := c.Later(9 * time.Hour); len(got) != 0 {
			for _, m := range got {
				hasNot(w, m, "has not replied")
			}
		}
	})
}
