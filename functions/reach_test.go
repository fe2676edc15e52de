package functions

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/replywell/replywell/shared/cloud"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/store"
	"github.com/replywell/replywell/shared/store/engine"
	"github.com/replywell/replywell/shared/store/engine/dynamo"
	"github.com/replywell/replywell/shared/worth"
)

// reach brings the functions where a desk comes in days and the scenario in none:
// it writes into the table what is there then, and calls them as AWS does.
func reach(t *testing.T, h *lambdaHome) {
	t.Helper()
	if err := cloud.PushSettings(t.Context(), h.s3, h.outputs["ConfigBucket"], "settings.yaml", led(h)); err != nil {
		t.Fatal(err)
	}
	h.restart(t) // which read the settings anew
	conv := reachIndex(t, h)
	reachCustomers(t, h)
	reachSchedule(t, h, conv)
	reachSend(t, h, conv)
	reachHeld(t, h)
}

// led are the home's settings with a lead and a promise.
func led(h *lambdaHome) []byte {
	promised := bytes.Replace(h.settings, []byte("    address: support@lantern.example\n"),
		[]byte("    address: support@lantern.example\n    answers_within: 1 hour\n"), 1)
	return append(promised, "report: {to: [anna@team.example], keep: true}\n"...)
}

func (h *lambdaHome) commit(t *testing.T, c *store.Change) {
	t.Helper()
	if err := h.store.Commit(t.Context(), c); err != nil {
		t.Fatal(err)
	}
}

// answeredBefore is a conversation whose answer came two hours ago, and that is
// due for being solved since one.
func answeredBefore(t *testing.T, h *lambdaHome, n int) desk.Conversation {
	t.Helper()
	id, err := desk.NewConversationID(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	at := time.Now().Add(-2 * time.Hour)
	c := desk.Conversation{ID: id, Mailbox: "support",
		Customer: desk.Person{Name: "Otto Lang", Address: "otto@customers.example"}, Subject: fmt.Sprintf("Lamp %d", n),
		Opened: at}
	asked := fmt.Sprintf("otto-%d@customers.example", n)
	c.CustomerWrote(at, asked, nil)
	c.Answered(at, "anna", time.Hour)
	h.commit(t, &store.Change{Conversation: &c,
		Messages: []desk.Message{
			{Conversation: id, Sequence: 1, Kind: desk.KindCustomer, From: c.Customer, At: at, Subject: c.Subject,
				Text: fmt.Sprintf("The lamp of model %d hums. What helps?", n), MessageID: asked, Inbound: "mail/" +
					asked},
			{Conversation: id, Sequence: 2, Kind: desk.KindAnswer, Agent: "anna", At: at, Subject: c.Subject,
				Text: "Please turn the screw below it a little."},
		},
		Events: []desk.Event{{ID: desk.DerivedID(string(id), "answered"), Kind: desk.EventAnswered, Occurred: at,
			Mailbox: "support", Conversation: id, Sequence: 2}}})
	return c
}

// reachIndex builds until a snapshot and a history are old enough to be cleared
// away, and once more while an event that teaches cannot be read.
func reachIndex(t *testing.T, h *lambdaHome) (last desk.Conversation) {
	t.Helper()
	for n := range 4 { // three are kept
		last = answeredBefore(t, h, n)
		h.call(t, h.index, map[string]string{"task": "rebuild"})
	}
	table := dynamo.New(dynamodb.NewFromConfig(h.cfg), h.outputs["Table"])
	put := func(w engine.Write) {
		t.Helper()
		if err := table.Write(t.Context(), w); err != nil {
			t.Fatal(err)
		}
	}
	unread := engine.Item{Key: engine.Key{Partition: "of no known kind", Sort: "x"},
		Version: 1, Kind: "of no known kind", Schema: 1, Body: []byte("{}"),
		Index: [2]engine.Key{1: {Partition: "lesson#0", Sort: "2999"}}}
	put(engine.Write{Item: unread, If: engine.IfAbsent})
	h.call(t, h.index, sqsRecord(t, "index", "index-never", `{"source":"aws.s3","detail-type":"Object Created"}`))
	put(engine.Write{Item: unread, If: engine.Always, Delete: true})
	return last
}

// reachCustomers drops lists of customers: one that is good, one that takes its place,
// and one that is not.
func reachCustomers(t *testing.T, h *lambdaHome) {
	t.Helper()
	bucket := h.outputs["ConfigBucket"]
	drop := func(name, list string) {
		t.Helper()
		key := cloud.CustomersPrefix + name
		if _, err := h.s3.PutObject(t.Context(), &s3.PutObjectInput{Bucket: &bucket, Key: &key,
			Body: strings.NewReader(list)}); err != nil {
			t.Fatal(err)
		}
		h.call(t, h.index, sqsRecord(t, "index", "list-"+name,
			`{"source":"aws.s3","detail-type":"Object Created","detail":{"object":{"key":"`+key+`"}}}`))
	}
	drop("first.csv", "address,potential\nerika@customers.example,0.4\n")
	drop("second.csv", "address,potential\nerika@customers.example,0.9\n")
	drop("wrong.csv", "address,potential\nerika,0.9\n")
	told, err := h.s3.GetObject(t.Context(), &s3.GetObjectInput{Bucket: &bucket,
		Key: aws.String(cloud.CustomersPrefix + "wrong.csv" + worth.ErrorsSuffix)})
	if err != nil {
		t.Fatal(err)
	}
	defer told.Body.Close()
	text, err := io.ReadAll(told.Body)
	if err != nil || !strings.Contains(string(text), "line 2: “erika” is no address") {
		t.Errorf("of a list that is wrong it is said: %s, %v", text, err)
	}
	r := &worth.Reader{Blobs: cloud.NewLibrary(h.cfg, h.outputs["MailBucket"]), Now: time.Now}
	if w, err := r.Of(t.Context(), desk.ValuePolicy{}, "erika@customers.example"); err != nil || w.Potential != 0.9 {
		t.Errorf("the list that was dropped last is not the one that holds: %+v, %v", w, err)
	}
}

// reachSchedule lets conversations fall due: answered ones, one that was joined into
// another, and one whose customer was promised an answer.
func reachSchedule(t *testing.T, h *lambdaHome, into desk.Conversation) {
	t.Helper()
	waits := waitsFor(t, h)
	joined := answeredBefore(t, h, 9)
	joined.Into = into.ID
	h.commit(t, &store.Change{Conversation: &joined})
	h.call(t, h.function(t, "schedule"), map[string]string{})
	if c, err := h.store.Itself(t.Context(), into.ID); err != nil || c.State != desk.StateSolved {
		t.Errorf("a conversation that was due is %s, %v; want it solved", c.State, err)
	}
	if c, err := h.store.Itself(t.Context(), waits); err != nil || c.Reminded.IsZero() {
		t.Errorf("nobody was reminded of a promise, %v", err)
	}
}

// waitsFor is a conversation whose customer was promised an answer by now.
func waitsFor(t *testing.T, h *lambdaHome) desk.ConversationID {
	t.Helper()
	id, err := desk.NewConversationID(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	at := time.Now().Add(-2 * time.Hour)
	c := desk.Conversation{ID: id, Mailbox: "support",
		Customer: desk.Person{Name: "Otto Lang", Address: "otto@customers.example"}, Subject: "Lamp",
		State: desk.StateOpen, Opened: at}
	c.CustomerWrote(at, "otto-waits@customers.example", nil)
	h.commit(t, &store.Change{Conversation: &c, Messages: []desk.Message{
		{Conversation: id, Sequence: 1, Kind: desk.KindCustomer, From: c.Customer, At: at, Subject: c.Subject,
			Text: "Who helps me?", MessageID: "otto-waits@customers.example", Inbound: "mail/otto-waits"}}})
	return id
}

// reachSend lets notifications be merged, one be for an agent who left, and a
// composed mail be gone.
func reachSend(t *testing.T, h *lambdaHome, c desk.Conversation) {
	t.Helper()
	queue := func(id string, kind desk.OutboxKind, agent string, putOff bool) string {
		t.Helper()
		at := time.Now().Add(-time.Minute)
		id = desk.DerivedID("reach", id)
		h.commit(t, &store.Change{Outbox: []*desk.OutboxItem{
			{ID: id, Kind: kind, Conversation: c.ID, Sequence: 1, Mailbox: "support", Agent: agent,
				EnvelopeFrom: "support@lantern.example",
				To:           []string{agent + "@team.example"}, MessageID: id + "@lantern.example", Raw: "out/" + id,
				Summary:   desk.Summary{From: c.Customer.Name, Subject: c.Subject, FirstLines: "It hums."},
				NotBefore: at, PutOff: putOff, State: desk.OutboxPending, Created: at, CausedBy: "mail/" + id}}})
		return id
	}
	now := func(id string) {
		t.Helper()
		body, err := json.Marshal(map[string][]string{"outbox": {id}})
		if err != nil {
			t.Fatal(err)
		}
		h.call(t, h.send, sqsRecord(t, "send", "send-"+id, string(body)))
	}
	state := func(id string, want desk.OutboxState) {
		t.Helper()
		if o, err := h.store.Outbox(t.Context(), id); err != nil || o.State != want {
			t.Errorf("the mail is %s, %v; want %s", o.State, err, want)
		}
	}
	first, second := queue("first", desk.OutboxNotification, "anna", true),
		queue("second", desk.OutboxNotification, "anna", true)
	h.call(t, h.send, map[string]string{"task": "sweep"})
	state(first, desk.OutboxMerged)
	state(second, desk.OutboxMerged)
	left, gone := queue("left", desk.OutboxNotification, "carl", false), queue("gone", desk.OutboxNotice, "ben", false)
	now(left)
	state(left, desk.OutboxFailed)
	now(gone)
	state(gone, desk.OutboxFailed)
	h.settle(t)
}

// reachHeld lets a lead be told of a stranger's held mail, and ask for all of it.
func reachHeld(t *testing.T, h *lambdaHome) {
	t.Helper()
	at := time.Now().Add(-48 * time.Hour)
	h.commit(t, &store.Change{Inbound: &desk.Inbound{ID: "mail/held", Raw: "mail/held",
		MailFrom: "otto@customers.example", Recipients: []string{"support@lantern.example"}, ReceivedAt: at,
		Recorded: at,
		Outcome:  desk.OutcomeHeld, Hold: desk.HoldUnverified, Reason: "nobody vouches for it", Mailbox: "support",
		KeptUntil: at.Add(desk.QuarantineKeep),
		Summary: desk.Summary{From: "Otto Lang <otto@customers.example>", Subject: "A lamp that hums",
			FirstLines: "It hums."}}})
	h.call(t, h.function(t, "metrics"), map[string]string{"task": "quarantine"})
	anna := readScenario(t).People["anna"]
	anna.written = 1000 // the scenario's Anna has written before
	see(t, h, anna, step{Sees: []string{"A lamp that hums"}}, "the day's list of held mail")
	h.deliver(t, anna.Address, anna.last(t).Mail.ReplyTo[0].Address, anna.reply(anna.last(t), "all"))
	see(t, h, anna, step{Sees: []string{"A lamp that hums"}}, "the list of all held mail")
}
