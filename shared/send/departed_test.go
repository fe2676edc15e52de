package send_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/bench"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/send"
	"github.com/replywell/replywell/shared/store"
)

// An agent is replaced while a customer's mail waits to be told. Nothing goes to
// who left, and who came is told; the lane is looked into until it is empty.
func TestMailToAnAgentWhoLeftIsHandedOver(t *testing.T) {
	p := bench.NewPath(t)
	in := p.Arrive(bench.Arrival{From: "erika@customers.example", To: []string{"support@lantern.example"},
		Verdicts: bench.Trusted,
		Raw: "From: erika@customers.example\nTo: support@lantern.example\nSubject: Lamp\nMessage-ID: <1@x>\n\nMy " +
			"lamp is broken.\n"})
	settings := *p.Settings
	settings.Mailboxes = slices.Clone(settings.Mailboxes)
	settings.Mailboxes[0].Agents = []string{"carol"}
	settings.Agents = []desk.Agent{{ID: "carol", Name: "Carol", Addresses: []string{"carol@team.lantern.example"}}}
	if err := p.Send.Recover(t.Context()); err != nil { // a sweep or a start has seen the agents
		t.Fatal(err)
	}
	*p.Settings = settings
	sent := p.Later(3 * time.Minute)
	if got := bench.Recipients(sent); !slices.Equal(got, []string{"carol@team.lantern.example"}) || len(sent) != 1 {
		t.Fatalf("%d mails went to %v", len(sent), got)
	}
	if r := sent[0].Read; len(r.ReplyTo) != 1 {
		t.Errorf("Carol cannot answer: %+v", r.ReplyTo)
	}
	for _, gone := range []string{"anna", "ben"} {
		item, err := p.Store.Outbox(t.Context(), desk.DerivedID(in.ID, string(desk.OutboxNotification), gone))
		if err != nil || item.State != desk.OutboxFailed || item.LastError == "" {
			t.Errorf("the mail to %s: %+v, %v", gone, item, err)
		}
	}
	listed := func() (ids []string) {
		l, err := p.Store.AgentLanes(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range l.Agents {
			ids = append(ids, a.ID)
		}
		return ids
	}
	if got := fmt.Sprint(listed()); got != "[anna ben carol]" {
		t.Errorf("the lanes of %s are looked into", got)
	}
	p.Pass(31 * 24 * time.Hour)
	if more := p.Sent(); len(more) > 0 || fmt.Sprint(listed()) != "[carol]" {
		t.Errorf("a month later %d more left; the lanes of %v are looked into", len(more), listed())
	}
}

// Notices, and notifications that wait to be merged, go to nobody who left.
func TestNothingIsSentToAnAgentWhoLeft(t *testing.T) {
	w := newWorld(t)
	w.sweep()
	for range 6 {
		w.put(desk.OutboxNotification, "ben")
	}
	w.sweep() // three leave, three are put off
	notice := w.put(desk.OutboxNotice, "ben")
	w.carrier.sent = nil
	w.settings.Agents = w.settings.Agents[:1]
	w.desk.Pass(send.ConfirmWait)
	w.sweep()
	for _, m := range w.carrier.sent {
		if m.To[0] == "ben@team.example" {
			t.Errorf("%s went to ben", m.Outbox)
		}
	}
	if item := w.item(notice); item.State != desk.OutboxFailed {
		t.Errorf("%+v", item)
	}
	if due, err := w.Store.DueOutbox(t.Context(), store.LaneOfAgent("ben"), w.desk.Now().AddDate(1, 0, 0), 0); err !=
		nil || len(due) > 0 {
		t.Errorf("%d mails wait for ben, %v", len(due), err)
	}
}
