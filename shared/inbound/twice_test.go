package inbound_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"sort"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/inbound"
)

// atOnce receives all deliveries at the same time.
func (w *world) atOnce(ds ...inbound.Delivery) []desk.Inbound {
	w.Helper()
	out, errs := make([]desk.Inbound, len(ds)), make([]error, len(ds))
	var wg sync.WaitGroup
	start := make(chan struct{})
	for i, d := range ds {
		wg.Go(func() {
			<-start
			out[i], errs[i] = w.Receive(w.t.Context(), d)
		})
	}
	close(start)
	wg.Wait()
	if err := errors.Join(errs...); err != nil {
		w.Fatalf("Receive: %v", err)
	}
	return out
}

func TestTheSameDeliveryAnyNumberOfTimesIsOne(t *testing.T) {
	w := newWorld(t)
	d := w.arrives(erika)
	ds := make([]inbound.Delivery, 20)
	for i := range ds {
		ds[i] = d
	}
	answers := w.atOnce(ds...)
	w.At(w.Now().Add(25 * time.Hour))
	answers = append(answers, w.atOnce(d)...)
	for _, in := range answers {
		if in.Conversation != answers[0].Conversation || in.Outcome != desk.OutcomeThreaded || in.Sequence != 1 {
			t.Errorf("one answer is %+v", in)
		}
	}
	if n := len(w.messages(answers[0].Conversation)); n != 1 {
		t.Errorf("%d messages", n)
	}
	if n := len(w.outbox()); n != 2 {
		t.Errorf("%d mails to two agents", n)
	}
	convs, err := w.Store.CustomerConversations(t.Context(), "erika@customer.example", 0)
	if err != nil || len(convs) != 1 {
		t.Errorf("%d conversations, %v", len(convs), err)
	}
}

func TestTheSameMailByAnotherWayIsADuplicate(t *testing.T) {
	w := newWorld(t)
	other := erika
	other.headers = "Received: from a by b; Mon, 02 Nov 2026 08:59:30 +0000\n"
	other.recipients = []string{"sales@shop.example"}
	answers := w.atOnce(w.arrives(erika), w.arrives(other), w.arrives(erika), w.arrives(other))
	threaded := 0
	for _, in := range answers {
		switch in.Outcome {
		case desk.OutcomeThreaded:
			threaded++
		case desk.OutcomeDuplicate:
			if in.Of == "" || in.Of == in.ID {
				t.Errorf("a duplicate of %q", in.Of)
			}
		default:
			t.Errorf("recorded as %+v", in)
		}
	}
	if threaded != 1 {
		t.Errorf("%d of four are messages", threaded)
	}
	edited := erika
	edited.body += "\nP.S. One more thing."
	if in := w.receive(edited); in.Outcome != desk.OutcomeThreaded {
		t.Errorf("the same id with another text is %s (%s)", in.Outcome, in.Reason)
	}
}

func TestTwoHundredMailsOfTwentyCustomersAtOnce(t *testing.T) {
	w := newWorld(t)
	replyTo := make([]string, 20)
	conv := make([]desk.ConversationID, 20)
	customer := func(c int) string { return fmt.Sprintf("c%d@customer.example", c) }
	for c := range 20 {
		in := w.receive(mail{from: customer(c), subject: fmt.Sprintf("Concern %d", c),
			id: fmt.Sprintf("m%d-0@customer.example", c), body: "The first mail."})
		conv[c] = in.Conversation
		replyTo[c], _ = w.answered(in.Conversation, fmt.Sprintf("a%d@shop.example", c))
	}
	before := len(w.outbox())
	var ds []inbound.Delivery
	for n := range 10 {
		for c := range 20 {
			m := mail{from: customer(c), subject: "Re: Concern", id: fmt.Sprintf("m%d-%d@customer.example", c, n+1),
				body: fmt.Sprintf("Mail %d of customer %d.", n, c)}
			switch n % 3 {
			case 0:
				m.recipients = []string{replyTo[c]}
			case 1:
				m.reply = fmt.Sprintf("a%d@shop.example", c)
			default:
				m.references = fmt.Sprintf("<m%d-0@customer.example>", c)
			}
			ds = append(ds, w.arrives(m))
		}
	}
	answers := w.atOnce(ds...)
	for i, in := range answers {
		if in.Conversation != conv[i%20] {
			t.Errorf("mail %d of customer %d is %s in the wrong conversation", i/20, i%20, in.Outcome)
		}
	}
	for c := range 20 {
		ms := w.messages(conv[c])
		texts := map[string]bool{}
		for i, m := range ms {
			if m.Sequence != i+1 {
				t.Errorf("customer %d: message %d has the sequence number %d", c, i, m.Sequence)
			}
			texts[m.Text] = true
		}
		if len(ms) != 12 || len(texts) != 12 || w.conversation(conv[c]).Messages != 12 {
			t.Errorf("customer %d: %d messages, %d texts", c, len(ms), len(texts))
		}
	}
	told := map[string]int{}
	out := w.outbox()
	for _, o := range out {
		told[o.Agent+" "+o.CausedBy]++
	}
	for k, n := range told {
		if n != 1 {
			t.Errorf("%s was told %d times", k, n)
		}
	}
	if len(out)-before != 400 {
		t.Errorf("%d notifications of 200 mails to two agents", len(out)-before)
	}
}

func TestACustomersMailCostsFewRequests(t *testing.T) {
	w := newWorld(t)
	w.Settings.Mailboxes[0].Agents = []string{"anna"}
	first := w.receive(erika)
	if r := w.Engine.Requests(); len(r) > 3 {
		t.Errorf("a new mail took %d requests: %v", len(r), r)
	}
	replyTo, _ := w.answered(first.Conversation, "a1@shop.example")
	w.Engine.Requests()
	for name, m := range map[string]mail{
		"by its reply address": {recipients: []string{replyTo}},
		"by a message id":      {reply: "a1@shop.example"},
		"by both": {reply: "a1@shop.example", references: "<first@customer.example>",
			recipients: []string{replyTo}},
	} {
		m.from, m.subject, m.body, m.id = "erika@customer.example", "Re: The pump leaks", name,
			strings.ReplaceAll(name, " ", "-")+"@customer.example"
		w.receive(m)
		r := w.Engine.Requests()
		t.Logf("%s: %v", name, r)
		if len(r) > 3 {
			t.Errorf("a reply %s took %d requests: %v", name, len(r), r)
		}
	}
	w.receive(erika)
	if r := w.Engine.Requests(); len(r) > 3 {
		t.Errorf("a duplicate took %d requests: %v", len(r), r)
	}
}

func TestALargeTeamIsToldInOneWrite(t *testing.T) {
	w := newWorld(t)
	w.Settings.Mailboxes[0].Agents = nil
	for i := range desk.MaxAgents {
		id := fmt.Sprintf("agent%d", i)
		w.Settings.Agents = append(w.Settings.Agents,
			desk.Agent{ID: id, Name: id, Addresses: []string{id + "@team.example"}})
		w.Settings.Mailboxes[0].Agents = append(w.Settings.Mailboxes[0].Agents, id)
	}
	if in := w.receive(erika); in.Outcome != desk.OutcomeThreaded || len(w.outbox()) != desk.MaxAgents {
		t.Errorf("recorded as %s (%s), %d are told", in.Outcome, in.Reason, len(w.outbox()))
	}
}

func TestAnErrorOfTheStoreRecordsNothing(t *testing.T) {
	w := newWorld(t)
	d := w.arrives(erika)
	w.Engine.Fail(errors.New("the disk is full"))
	if _, err := w.Receive(t.Context(), d); err == nil || desk.IsPermanent(err) {
		t.Errorf("with a full disk: %v", err)
	}
	w.Engine.Fail(nil)
	if in, err := w.Receive(t.Context(), d); err != nil || in.Outcome != desk.OutcomeThreaded {
		t.Errorf("afterwards: %+v, %v", in, err)
	}
	if n := len(w.outbox()); n != 2 {
		t.Errorf("%d notifications", n)
	}
}

// TestAnyOrderGivesTheSameMessages delivers mails of two customers, in any
// order and any number of times, and finds each of them exactly once.
func TestAnyOrderGivesTheSameMessages(t *testing.T) {
	dir, run := t.TempDir(), 0
	mails := []mail{
		{id2: "1", from: "a@customer.example", subject: "One", id: "a1@customer.example", body: "First of A"},
		{id2: "2", from: "a@customer.example", subject: "Re: One", id: "a2@customer.example",
			reply: "a1@customer.example", body: "Second of A"},
		{id2: "3", from: "b@customer.example", subject: "Two", id: "b1@customer.example", reply: "a1@customer.example",
			body: "First of B"},
		{id2: "4", from: "b@customer.example", subject: "Two", body: "B without an id"},
		{id2: "5", from: "a@customer.example", subject: "Away", headers: "Auto-Submitted: auto-replied\n",
			id: "a3@customer.example", reply: "a2@customer.example", body: "A is away"},
		{id2: "6", from: "a@customer.example", subject: "One", id: "a1@customer.example", body: "First of A",
			headers: "X-Way: another\n"},
	}
	want := []string{"A is away", "B without an id", "First of A", "First of B", "Second of A"}
	rapid.Check(t, func(r *rapid.T) {
		run++
		w := newWorldAt(t, filepath.Join(dir, fmt.Sprint(run)), r)
		ds := make([]inbound.Delivery, len(mails))
		for i, m := range mails {
			ds[i] = w.arrives(m)
		}
		order := rapid.Permutation(append(ds, rapid.SliceOfN(rapid.SampledFrom(ds), 0, 6).Draw(r, "repeated")...)).Draw(
			r, "order")
		for _, d := range order {
			if _, err := w.Receive(t.Context(), d); err != nil {
				r.Fatalf("Receive: %v", err)
			}
		}
		var got []string
		for _, who := range []string{"a@customer.example", "b@customer.example"} {
			convs, err := w.Store.CustomerConversations(t.Context(), who, 0)
			if err != nil {
				r.Fatalf("reading: %v", err)
			}
			for _, c := range convs {
				ms := w.messages(c.ID)
				if len(ms) != c.Messages {
					r.Fatalf("a conversation counts %d messages and has %d", c.Messages, len(ms))
				}
				for _, m := range ms {
					if m.From.Address != who {
						r.Fatalf("%q stands in a conversation of %s", m.Text, who)
					}
					got = append(got, m.Text)
				}
			}
		}
		sort.Strings(got)
		if strings.Join(got, "|") != strings.Join(want, "|") {
			r.Fatalf("the messages are %q", got)
		}
		if n := len(w.outbox()); n != 2*len(want) {
			r.Fatalf("%d notifications", n)
		}
	})
}

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
