package send_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/replywell/replywell/shared/bench"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email"
	"github.com/replywell/replywell/shared/send"
)

func TestAboveTheRateNotificationsBecomeOneMail(t *testing.T) {
	w := newWorld(t)
	var ids []string
	for range 8 {
		id := w.put(desk.OutboxNotification, "anna")
		ids = append(ids, id)
		w.send(id)
		w.desk.Pass(time.Second)
	}
	notice := w.put(desk.OutboxNotice, "anna") // about the agent's own mail: never merged
	w.send(notice)
	if len(w.carrier.sent) != 4 {
		t.Fatalf("%d mails left at once, want 3 and the notice", len(w.carrier.sent))
	}
	w.desk.Pass(5 * time.Minute)
	w.sweep()
	if len(w.carrier.sent) != 4 {
		t.Fatal("merged before the window's end")
	}
	w.desk.Pass(5 * time.Minute)
	w.sweep()
	if len(w.carrier.sent) != 5 {
		t.Fatalf("%d mails, want one more", len(w.carrier.sent))
	}
	digest := w.carrier.sent[4]
	mail := email.Read(digest.Raw, "")
	if mail.Subject != "5 new messages in 3 conversations" || mail.From.Address != "support@shop.example" ||
		len(mail.ReplyTo) != 1 {
		t.Errorf("the digest is %q from %v, reply to %v", mail.Subject, mail.From, mail.ReplyTo)
	}
	for i, id := range ids {
		item := w.item(id)
		listed := strings.Contains(mail.PlainText, fmt.Sprintf("“text of number %d”", i+1)) &&
			strings.Contains(mail.PlainText, item.Summary.From)
		if merged := item.State == desk.OutboxMerged && item.MergedIn == digest.Outbox; merged != listed ||
			merged == (i < 3) {
			t.Errorf("number %d is %s in %q and listed: %v", i+1, item.State, item.MergedIn, listed)
		}
	}
	if first, last := strings.Index(mail.PlainText, "Concern 2"),
		strings.Index(mail.PlainText, "Concern 4"); first < 0 || first > last {
		t.Errorf("not in the order in which they came:\n%s", mail.PlainText)
	}
	if found, err := w.Store.FindSent(t.Context(), digest.MessageID); err != nil || found.Kind != desk.OutboxDigest {
		t.Errorf("the digest by its id: %+v, %v", found, err)
	}
	if n := w.put(desk.OutboxNotification, "ben"); true {
		w.send(n)
		if w.item(n).State != desk.OutboxSent {
			t.Error("another agent's notification waited too")
		}
	}
}

func TestOneThatWaitedGoesByItself(t *testing.T) {
	w := newWorld(t)
	var last string
	for range 4 {
		last = w.put(desk.OutboxNotification, "anna")
		w.send(last)
	}
	if !w.item(last).PutOff {
		t.Fatal("the fourth was not put off")
	}
	w.desk.Pass(10 * time.Minute)
	w.sweep()
	if item := w.item(last); item.State != desk.OutboxSent || item.PutOff {
		t.Errorf("%+v", item)
	}
}

func TestALargeBurstMakesSeveralDigests(t *testing.T) {
	w := newWorld(t)
	w.settings.Notifications.Most = 1
	n := send.MostListed + 21
	for range n {
		w.put(desk.OutboxNotification, "anna")
	}
	w.sweep()
	w.desk.Pass(10 * time.Minute)
	w.sweep()
	// Two a conversation, and no digest has more conversations than letters.
	if len(w.carrier.sent) != 4 {
		t.Errorf("%d mails, want one and three digests", len(w.carrier.sent))
	}
}

// Whatever the burst: each notification was sent itself or is told of in
// exactly one digest that was sent, and no window holds more single ones than
// the policy allows.
func TestNothingIsDroppedProperty(t *testing.T) {
	engine := bench.Bolt(t)
	world := 0
	rapid.Check(t, func(t *rapid.T) {
		w := worldOver(t, engine)
		world++
		w.n = world * 1000 // one file for all: ids and agents of its own
		agent := fmt.Sprintf("agent-%d", world)
		w.settings.Agents = []desk.Agent{{ID: agent, Addresses: []string{"a@team.example"}}}
		policy := desk.NotificationPolicy{Most: rapid.IntRange(1, 3).Draw(t, "most"), Window: time.Minute}
		w.settings.Notifications = policy
		var ids []string
		for range rapid.IntRange(1, 8).Draw(t, "steps") {
			var burst []string
			for range rapid.IntRange(0, 5).Draw(t, "burst") {
				burst = append(burst, w.put(desk.OutboxNotification, agent))
			}
			ids = append(ids, burst...)
			if rapid.Bool().Draw(t, "queue") {
				w.send(burst...)
			}
			w.desk.Pass(time.Duration(rapid.IntRange(0, 80).Draw(t, "seconds")) * time.Second)
			if rapid.Bool().Draw(t, "sweep") {
				w.sweep()
			}
		}
		for range 4 {
			w.sweep()
			w.desk.Pass(policy.Window)
		}
		checkNothingDropped(t, w, ids, policy)
	})
}

func checkNothingDropped(t *rapid.T, w *world, ids []string, policy desk.NotificationPolicy) {
	sent := map[string]string{} // outbox id -> text
	var single []time.Time
	for _, m := range w.carrier.sent {
		if sent[m.Outbox] != "" {
			t.Fatalf("%s was sent twice", m.Outbox)
		}
		// lists are broken at 72 columns
		sent[m.Outbox] = strings.Join(strings.Fields(email.Read(m.Raw, "").PlainText), " ")
		if slices.Contains(ids, m.Outbox) {
			single = append(single, m.at)
		}
	}
	for _, id := range ids {
		item, told := w.item(id), 0
		for _, text := range sent {
			told += strings.Count(text, "“"+item.Summary.FirstLines+"”")
		}
		_, itself := sent[id]
		switch {
		case item.State == desk.OutboxSent && itself && told == 0:
		case item.State == desk.OutboxMerged && !itself && told == 1 &&
			strings.Contains(sent[item.MergedIn], item.Summary.FirstLines):
		default:
			t.Fatalf("%s is %s, was sent: %v, is told of %d times", id, item.State, itself, told)
		}
	}
	for i := policy.Most; i < len(single); i++ {
		if single[i].Sub(single[i-policy.Most]) < policy.Window {
			t.Fatalf("more than %d single notifications within %v: %v", policy.Most, policy.Window, single)
		}
	}
}
