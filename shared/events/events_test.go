package events_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/replywell/replywell/shared/bench"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email"
	"github.com/replywell/replywell/shared/events"
	"github.com/replywell/replywell/shared/guard"
	"github.com/replywell/replywell/shared/letters"
	"github.com/replywell/replywell/shared/outbox"
	"github.com/replywell/replywell/shared/store"
)

// desk with one conversation that Anna has answered.
func answered(t *testing.T) (*bench.World, *events.Service, desk.Conversation, desk.OutboxItem) {
	w := bench.New(t)
	s := &events.Service{Home: w.Home()}
	id, err := desk.NewConversationID(w)
	if err != nil {
		t.Fatal(err)
	}
	conv := desk.Conversation{ID: id, Mailbox: "support",
		Customer: desk.Person{Name: "Erika", Address: "erika@customers.example"}, Subject: "Lamp",
		State: desk.StateOpen, Opened: w.Now()}
	conv.CustomerWrote(w.Now(), "first@x", nil)
	asked := desk.Message{Conversation: id, Sequence: 1, Kind: desk.KindCustomer, At: w.Now(), From: conv.Customer,
		Text: "Where is it?"}
	conv.Answered(w.Now(), "anna", w.Settings.SolvedAfter)
	a, _ := w.Settings.Agent("anna")
	msg := desk.Message{Conversation: id, Sequence: 2, Kind: desk.KindAnswer, Agent: "anna", At: w.Now(),
		Text: "On its way.", Outbox: desk.DerivedID("answer")}
	letter, err := letters.Writer{Settings: w.Settings, Keys: w.Keys, Now: w.Now()}.Answer(msg.Outbox,
		w.Settings.Mailboxes[0], conv, msg, letters.Answer{Agent: a, Text: msg.Text, To: asked})
	if err != nil {
		t.Fatal(err)
	}
	r := outbox.Recorder{Store: w.Store, Blobs: w.Blobs, Settings: w.Current, Guard: &guard.Known{}}
	if err := r.Commit(t.Context(), &store.Change{Inbound: &desk.Inbound{ID: "anna's mail", Outcome: desk.OutcomeAgent},
		Conversation: &conv, Messages: []desk.Message{asked, msg}}, []letters.Ready{letter}, w.Now(),
		"test"); err != nil {
		t.Fatal(err)
	}
	return w, s, conv, letter.Item
}

func notifications(w *bench.World) (out []*email.Mail) {
	for _, o := range w.Due() {
		if o.Kind != desk.OutboxAnswer {
			raw, err := w.Blobs.Get(w.Context(), o.Raw)
			if err != nil {
				w.Fatal(err)
			}
			out = append(out, email.Read(raw, ""))
		}
	}
	return out
}

func TestBounceIsToldOnceToWhoWrote(t *testing.T) {
	w, s, conv, item := answered(t)
	ev := desk.DeliveryEvent{Outbox: item.ID, Kind: desk.DeliveryBounced, At: w.Now(), ID: "e1",
		Recipients: []desk.BouncedRecipient{{Address: "erika@customers.example", Status: "5.1.1",
			Reason: "the mailbox does not exist", Permanent: true}}}
	for i := range 3 {
		ev.ID = []string{"e1", "e1", "e2"}[i]
		if err := s.Record(t.Context(), ev); err != nil {
			t.Fatal(err)
		}
	}
	in := &desk.Inbound{ID: "dsn", Raw: "mail/dsn", ReceivedAt: w.Now()}
	if err := s.Report(t.Context(), in, ev); err != nil || in.Outcome != desk.OutcomeReport {
		t.Fatalf("the same by mail: %+v, %v", in, err)
	}
	told := notifications(w)
	if len(told) != 1 || told[0].To[0].Address != "anna@team.lantern.example" ||
		!strings.Contains(told[0].Text, "There is no mailbox") {
		t.Fatalf("%d mails tell of it", len(told))
	}
	c, err := w.Store.Conversation(t.Context(), conv.ID)
	if err != nil || c.State != desk.StateOpen || c.Messages != 3 {
		t.Errorf("%+v, %v", c, err)
	}
}

func TestComplaintAndFailure(t *testing.T) {
	w, s, conv, item := answered(t)
	if err := s.Record(t.Context(), desk.DeliveryEvent{Outbox: item.ID, Kind: desk.DeliveryComplaint,
		At: w.Now()}); err != nil {
		t.Fatal(err)
	}
	if err := s.Failed(t.Context(), item, []desk.BouncedRecipient{
		{Address: item.To[0], Stage: "recipient", Code: 550, Status: "5.7.1", Reason: "not today"}}); err != nil {
		t.Fatal(err)
	}
	ms, err := w.Store.Messages(t.Context(), conv.ID, 3, 0)
	if err != nil || len(ms) != 2 || ms[0].Kind != desk.KindComplaint || ms[1].Kind != desk.KindBounce {
		t.Fatalf("%+v, %v", ms, err)
	}
	if !strings.Contains(ms[1].Text, "refused the mail") {
		t.Errorf("%q", ms[1].Text)
	}
}

func TestLostAnswerIsSettledBySendEvent(t *testing.T) {
	w, s, _, item := answered(t)
	ev := desk.DeliveryEvent{Outbox: item.ID, SentID: "0100abc", Kind: desk.DeliverySend, At: w.Now()}
	for range 2 {
		if err := s.Record(t.Context(), ev); err != nil {
			t.Fatal(err)
		}
	}
	got, err := w.Store.Outbox(t.Context(), item.ID)
	if err != nil || got.State != desk.OutboxSent || got.SentID != "0100abc" {
		t.Fatalf("%+v, %v", got, err)
	}
	for _, id := range []string{"0100abc", "0100abc@email.amazonses.com", "0100abc@eu-west-1.amazonses.com",
		item.MessageID} {
		if found, err := w.Store.FindSent(t.Context(), id); err != nil || found.ID != item.ID {
			t.Errorf("by %s: %v, %v", id, found.ID, err)
		}
	}
}

func TestUnreachableAgentIsToldToOthersOnceADay(t *testing.T) {
	w, s, conv, item := answered(t)
	note, err := letters.Writer{Settings: w.Settings, Keys: w.Keys, Now: w.Now()}.Notice("n1", w.Settings.Mailboxes[0],
		conv, 1, letters.Notice{Agent: w.Settings.Agents[0], Title: "x", Why: "y"})
	if err != nil {
		t.Fatal(err)
	}
	if err := (outbox.Recorder{Store: w.Store, Blobs: w.Blobs, Settings: w.Current}).Commit(t.Context(),
		&store.Change{}, []letters.Ready{note}, w.Now(), "t"); err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{"a", "b"} {
		if err := s.Record(t.Context(), desk.DeliveryEvent{Outbox: "n1", ID: id, Kind: desk.DeliveryBounced,
			At: w.Now()}); err != nil {
			t.Fatal(err)
		}
	}
	toBen := 0
	for _, m := range notifications(w) {
		if m.To[0].Address == "ben@team.lantern.example" {
			toBen++
		}
	}
	if toBen != 1 {
		t.Errorf("Ben was told %d times", toBen)
	}
	_ = item
}

func TestUnknownMail(t *testing.T) {
	w, s, _, _ := answered(t)
	err := s.Record(t.Context(), desk.DeliveryEvent{Outbox: "nope", Kind: desk.DeliveryBounced})
	if !errors.Is(err, events.ErrUnknownMail) || !desk.IsPermanent(err) {
		t.Errorf("%v", err)
	}
	in := &desk.Inbound{ID: "backscatter", Raw: "mail/b", ReceivedAt: w.Now()}
	if err := s.Report(t.Context(), in, desk.DeliveryEvent{SentID: "x@y", Kind: desk.DeliveryBounced}); err != nil ||
		in.Outcome != desk.OutcomeHeld {
		t.Errorf("%+v, %v", in, err)
	}
}

// Where only somebody in copy was not reached, the customer has the answer: the
// conversation waits for nothing, and who wrote is told, once.
func TestABounceOfACopyReopensNothing(t *testing.T) {
	w, s, conv, item := answered(t)
	conv, err := w.Store.Conversation(t.Context(), conv.ID)
	if err != nil {
		t.Fatal(err)
	}
	conv.Participants = []desk.Person{{Name: "Paul", Address: "paul@partner.example"}}
	if err := w.Store.Commit(t.Context(), &store.Change{Conversation: &conv}); err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{"e1", "e2"} {
		ev := desk.DeliveryEvent{Outbox: item.ID, Kind: desk.DeliveryBounced, At: w.Now(), ID: id,
			Recipients: []desk.BouncedRecipient{{Address: "Paul@partner.example", Status: "5.1.1",
				Reason: "the mailbox does not exist", Permanent: true}}}
		if err := s.Record(t.Context(), ev); err != nil {
			t.Fatal(err)
		}
	}
	told := notifications(w)
	if len(told) != 1 || told[0].To[0].Address != "anna@team.lantern.example" ||
		!strings.Contains(told[0].Text, "Somebody in copy did not get your answer") ||
		!strings.Contains(told[0].Text, "#remove Paul@partner.example") {
		t.Fatalf("%d mails tell of it", len(told))
	}
	if c, err := w.Store.Conversation(t.Context(), conv.ID); err != nil || c.State != desk.StateAnswered ||
		c.Messages != 2 {
		t.Errorf("%+v, %v", c, err)
	}
}
