package inbound_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/bench"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/earlier"
)

var (
	twoYearsAgo = monday.AddDate(-2, 0, 0)
	frieda      = desk.Person{Name: "Frieda Früher", Address: "frieda@customer.example"}
	oldPump     = earlier.Conversation{Customer: frieda,
		IDs: []string{"a1@olddesk", "q1@customer", "q2@customer", "unseen@customer"}, Letters: []earlier.Letter{
			{ID: "q1@customer", From: frieda, At: twoYearsAgo, Subject: "Old pump", Text: "My old pump hums."},
			{ID: "a1@olddesk", Team: true, From: desk.Person{Name: "Greta Gone", Address: "greta@shop.example"},
				At: twoYearsAgo.Add(time.Hour), Subject: "Re: Old pump", Text: "It hums when it is happy."},
			{ID: "q2@customer", From: frieda, At: twoYearsAgo.Add(2 * time.Hour), Subject: "Re: Old pump",
				Text: "Then I am happy too."}}}
	again = mail{from: "Frieda <frieda@customer.example>", subject: "Re: Old pump", id: "q3@customer",
		reply: "a1@olddesk", body: "Now it hums all night."}
)

func (w *world) imported(all ...earlier.Conversation) {
	w.Helper()
	if _, err := earlier.Keep(w.t.Context(), &bench.Bucket{Blobs: w.Blobs}, w.Now(), all); err != nil {
		w.Fatalf("%v", err)
	}
}

// A customer who answers a mail of before Replywell finds the conversation again: agents
// see what was said, and answer in it. Until then nothing of it is anywhere.
func TestAnAnswerToAnOldMailFindsItsConversation(t *testing.T) {
	for _, c := range []struct {
		name string
		mail func(*mail)
		sees bool
	}{
		{"by In-Reply-To", func(*mail) {}, true},
		{"by References alone", func(m *mail) {
			m.reply, m.references = "",
				"<nobody@knows> <q1@customer> <later@customer>"
		}, true},
		{"by an id that the old mails only name", func(m *mail) { m.reply = "unseen@customer" }, true},
		{"a stranger who knows the id", func(m *mail) { m.from = "mallory@elsewhere.example" }, false},
		{"an id that nobody knows", func(m *mail) { m.reply = "other@olddesk" }, false},
		{"spam", func(m *mail) { m.verdicts = &desk.Verdicts{Spam: desk.VerdictFail} }, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			w.imported(oldPump)
			if n := len(w.Engine.Requests()); n != 0 {
				t.Errorf("the import asked the store %d times", n)
			}
			m := again
			c.mail(&m)
			in := w.receive(m)
			sees := false
			for _, s := range w.to("anna", in.ID) {
				if c.sees && (!strings.Contains(s.Text, "Just came") || m.reply != "unseen@customer" &&
					!strings.Contains(s.Text, "of 2 November 2024")) {
					t.Errorf("how long it waits, or what it answers:\n%s", s.Text)
				}
				sees = strings.Contains(s.Text, "It hums when it is happy.") &&
					strings.Contains(s.Text, "Greta Gone") && strings.Contains(s.Text, "My old pump hums.")
			}
			if sees != c.sees {
				t.Errorf("agents see what was said before: %v; %s %s", sees, in.Outcome, in.Reason)
			}
			if !c.sees {
				return
			}
			conv := w.conversation(in.Conversation)
			if conv.Mailbox != "support" || conv.State != desk.StateOpen || conv.Messages != 4 ||
				conv.Customer != frieda || conv.Answers != 1 {
				t.Errorf("%+v", conv)
			}
			if n := len(w.events(desk.EventOpened)); n != 0 {
				t.Errorf("%d conversations are counted as opened", n)
			}
			next := w.receive(mail{from: again.from, subject: "Re: Old pump", id: "q4@customer", reply: "q2@customer",
				body: "And whistles."})
			if next.Conversation != in.Conversation {
				t.Error("the next mail of the same conversation found another")
			}
		})
	}
}

// What was imported counts from the import, also when it was taken in, and is gone after
// the retention time.
func TestRetentionOfOldMailCountsFromTheImport(t *testing.T) {
	w := newWorld(t)
	w.Store.Keep = 100 * 24 * time.Hour
	w.imported(oldPump)
	w.At(monday.Add(99 * 24 * time.Hour))
	in := w.receive(again)
	if got := w.conversation(in.Conversation); got.Messages != 4 {
		t.Fatalf("not found on the last day: %+v", got)
	}
	w.At(w.Now().Add(2 * 24 * time.Hour))
	if ms := w.messages(in.Conversation); len(ms) != 1 || ms[0].Text != again.body {
		t.Errorf("%d messages are kept on: %v", len(ms), ms)
	}
	late := newWorld(t)
	late.Store.Keep = 100 * 24 * time.Hour
	late.imported(oldPump)
	late.At(monday.Add(101 * 24 * time.Hour))
	if got := late.conversation(late.receive(again).Conversation); got.Messages != 1 {
		t.Errorf("found after the retention time: %+v", got)
	}
}

// Two mails that answer the same old conversation at once find one, and so does a mail
// that answers what a later import brought.
func TestAnOldConversationIsTakenInOnce(t *testing.T) {
	w := newWorld(t)
	w.imported(oldPump)
	var both [8]desk.ConversationID
	var all sync.WaitGroup
	for i := range both {
		m := again
		m.id, m.reply, m.body = fmt.Sprintf("at-once-%d@customer", i), oldPump.IDs[i%len(oldPump.IDs)],
			fmt.Sprint("Number ", i)
		d := w.arrives(m)
		all.Go(func() {
			in, err := w.Receive(t.Context(), d)
			if both[i] = in.Conversation; err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	for _, id := range both[1:] {
		if id != both[0] {
			t.Fatalf("taken in twice: %v", both)
		}
	}
	more := oldPump
	more.IDs = append(slices.Clone(oldPump.IDs), "q9@customer")
	w.imported(more)
	m := again
	m.id, m.reply = "late@customer", "q9@customer"
	if in := w.receive(m); in.Conversation != both[0] {
		t.Error("an id that came by a later import leads elsewhere")
	}
}

// Nobody waited while we were not here: what was never answered counts from now.
func TestAnOldQuestionThatNobodyAnsweredWaitsFromNow(t *testing.T) {
	w := newWorld(t)
	w.imported(earlier.Conversation{Customer: frieda, IDs: []string{"q1@customer"}, Letters: oldPump.Letters[:1]})
	m := again
	m.reply = "q1@customer"
	conv := w.conversation(w.receive(m).Conversation)
	if since, waits := conv.Waits(); !waits || since != monday || conv.Opened != monday {
		t.Errorf("waits since %v: %+v", since, conv)
	}
}
