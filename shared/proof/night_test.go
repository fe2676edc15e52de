package proof_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	lambda "github.com/aws/aws-lambda-go/events"

	"github.com/replywell/replywell/shared/cloud"
	"github.com/replywell/replywell/shared/delivery"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/inbound"
	"github.com/replywell/replywell/shared/send"
	"github.com/replywell/replywell/shared/store/engine"
	"github.com/replywell/replywell/shared/store/engine/enginetest"
)

// ill is an engine that fails as a whole while it is down.
type ill struct {
	engine.Engine
	down *bool
}

var errDown = errors.New("InternalServerError: the table is away")

func (e ill) Get(ctx context.Context, keys ...engine.Key) ([]engine.Item, error) {
	if *e.down {
		return nil, errDown
	}
	return e.Engine.Get(ctx, keys...)
}

func (e ill) Query(ctx context.Context, q engine.Query) (engine.Page, error) {
	if *e.down {
		return engine.Page{}, errDown
	}
	return e.Engine.Query(ctx, q)
}

func (e ill) Write(ctx context.Context, writes ...engine.Write) error {
	if *e.down {
		return errDown
	}
	return e.Engine.Write(ctx, writes...)
}

// A bad night on AWS: the functions' own handlers, their queues as the template
// sets them, and one thing that is away for hours while customers and agents
// write. Then nothing is in a dead-letter queue, nothing is lost, nothing left
// twice, and everything is late by no more than the trouble was long.
func TestABadNightEndsInNoDeadLetter(t *testing.T) {
	paused := &weather{name: "the account is paused",
		says: delivery.Response{Stage: delivery.StageService, Name: "SendingPausedException"}}
	for _, tc := range []struct {
		name    string
		hours   time.Duration
		table   bool // is away
		secrets bool // are away: no invocation can begin
		ses     *weather
	}{
		{name: "the table is away for two hours", hours: 2, table: true},
		{name: "the table is away for a day", hours: 24, table: true},
		{name: "the keys cannot be read for two hours", hours: 2, secrets: true},
		{name: "SES says no for an hour", hours: 1, ses: paused},
		{name: "the quota is used up for an hour", hours: 1,
			ses: &weather{name: "quota", says: delivery.Response{Stage: delivery.StageService,
				Name: "TooManyRequestsException", Text: "Daily message quota exceeded."}}},
		{name: "every connection to SES dies for an hour", hours: 1, ses: &weather{name: "died", loses: true}},
		{name: "all of it, for two hours", hours: 2, table: true, secrets: true, ses: paused},
	} {
		t.Run(tc.name, func(t *testing.T) {
			inBubble(t, func() {
				n := newNight(t)
				n.until(time.Now().Add(30*time.Minute), true)
				trouble := time.Now()
				n.down, n.locked = tc.table, tc.secrets
				if tc.ses != nil {
					n.ses = tc.ses
				}
				n.until(trouble.Add(tc.hours*time.Hour), true)
				n.down, n.locked, n.ses = false, false, &weather{fine: true}
				n.until(time.Now().Add(30*time.Minute), true)
				n.until(time.Now().Add(max(tc.hours, 2)*time.Hour), false)
				n.check(tc.hours * time.Hour)
			})
		})
	}
}

type night struct {
	*office
	t        *testing.T
	room     *waitingRoom
	in       cloud.Inbound
	out      cloud.Outgoing
	told     cloud.Events
	down     bool
	locked   bool
	ses      *weather
	written  map[string]time.Time // by a word of the mail: when it was written
	answered map[string]bool      // notifications, by outbox id
	swept    time.Time
}

func newNight(t *testing.T) *night {
	n := &night{t: t, ses: &weather{fine: true}, written: map[string]time.Time{}, answered: map[string]bool{}}
	o, err := newOffice(ill{enginetest.NewMemory(), &n.down}, true, func(string, ...any) {})
	if err != nil {
		t.Fatal(err)
	}
	o.settings.Notifications = desk.NotificationPolicy{Most: 1000, Window: time.Minute}
	if n.room, err = newWaitingRoom(); err != nil {
		t.Fatal(err)
	}
	n.office = o
	s := o.services(o.quiet())
	s.send.Carrier = nightCarrier{carrier{o.quiet(), o}, n}
	refresh := func(context.Context) error {
		if n.locked {
			return errors.New("Secrets Manager is away")
		}
		return nil
	}
	client := n.room.client()
	queue := func(name string) cloud.Queue {
		return cloud.Queue{SQS: client, URL: n.room.url(name), DeadLetters: n.room.url(name + "Dead")}
	}
	n.in = cloud.Inbound{Queue: queue("MailQueue"), Bucket: "mail-bucket", Refresh: refresh, Receive: s.inbound.Receive}
	n.out = cloud.Outgoing{Queue: queue("SendQueue"), Refresh: refresh, Send: s.send.Send, Sweep: s.send.Sweep}
	n.told = cloud.Events{Queue: queue("EventsQueue"), Refresh: refresh, Record: s.events.Record}
	return n
}

// nightCarrier is the office's, in the night's weather.
type nightCarrier struct {
	carrier
	night *night
}

func (c nightCarrier) Send(ctx context.Context, m send.Mail) (string, error) {
	return stormy{c.carrier, func() weather { return *c.night.ses }}.Send(ctx, m)
}

// until lets time pass: somebody writes every ten minutes, an agent answers what
// has arrived, the queues and the schedule call.
func (n *night) until(end time.Time, writing bool) {
	for ; time.Now().Before(end); time.Sleep(5 * time.Second) {
		if now := time.Now(); writing && now.Unix()%600 < 5 {
			word := fmt.Sprintf("Question%d", len(n.written))
			n.written[word] = now
			n.comes(n.delivery(letter{from: customer(len(n.written)), to: support, subject: word, id: word +
				"@customers.example", body: "My lamp arrived broken, see " + word + ". What do I do?"}))
		}
		for _, m := range n.inboxes[anna] {
			if word := strings.Fields(m.read.Subject + " -"); !n.answered[m.Outbox] && !n.down {
				n.answered[m.Outbox] = true
				item, err := n.store().Outbox(context.Background(), m.Outbox)
				if err != nil || item.Kind != desk.OutboxNotification || n.answered[string(item.Conversation)] {
					continue
				}
				n.answered[string(item.Conversation)] = true
				l := answerTo(anna, m, "We send you a new one, as you ask in "+word[0]+" and the rest.")
				l.id = fmt.Sprintf("a%d@team.lantern.example", len(n.arrived))
				n.comes(n.delivery(l))
			}
		}
		n.room.poll("MailQueue", 5, n.in.Handle)
		for _, ids := range n.queue.wakes {
			n.room.put("SendQueue", mustJSON(map[string]any{"outbox": ids}))
		}
		n.queue.wakes = nil
		n.room.poll("SendQueue", 5, func(ctx context.Context, ev lambda.SQSEvent) (lambda.SQSEventResponse, error) {
			return n.out.Handle(ctx, json.RawMessage(mustJSON(ev)))
		})
		if time.Since(n.swept) >= time.Minute {
			n.swept = time.Now()
			// the next one comes in a minute
			_, _ = n.out.Handle(context.Background(), json.RawMessage(`{"task":"sweep"}`))
		}
		for _, e := range n.queue.events {
			n.room.put("EventsQueue", mustJSON(map[string]any{"eventType": "Send",
				"mail": map[string]any{"messageId": e.SentID, "timestamp": e.At,
					"tags": map[string]any{cloud.OutboxTag: []string{e.Outbox}}}}))
		}
		n.queue.events = nil
		n.room.poll("EventsQueue", 10, n.told.Handle)
	}
}

// customer is one of a dozen.
func customer(n int) string { return fmt.Sprintf("customer%d@customers.example", n%12) }

// comes is the notice that SES publishes of a mail that it stored.
func (n *night) comes(d inbound.Delivery) {
	verdict := func(v desk.Verdict) map[string]any { return map[string]any{"status": v} }
	n.room.put("MailQueue", mustJSON(map[string]any{"notificationType": "Received",
		"mail": map[string]any{"messageId": d.ID, "source": d.MailFrom, "timestamp": d.ReceivedAt},
		"receipt": map[string]any{"recipients": d.Recipients, "timestamp": d.ReceivedAt,
			"spfVerdict": verdict(d.Verdicts.SPF), "dkimVerdict": verdict(d.Verdicts.DKIM),
			"dmarcVerdict": verdict(d.Verdicts.DMARC), "spamVerdict": verdict(d.Verdicts.Spam),
			"virusVerdict": verdict(d.Verdicts.Virus),
			"action":       map[string]any{"type": "S3", "bucketName": "mail-bucket", "objectKey": d.Raw}}}))
}

func (n *night) check(long time.Duration) {
	for name, q := range n.room.queues {
		if len(q.dead) > 0 {
			n.t.Errorf("%s: %d dead letters, the first is %s", name, len(q.dead), q.dead[0].body)
		}
		if len(q.messages) > 0 {
			n.t.Errorf("%s: %d messages still wait", name, len(q.messages))
		}
	}
	times := map[string]int{}
	for _, m := range n.taken {
		if times[m.Outbox]++; times[m.Outbox] > 1 {
			n.t.Errorf("a mail to %v left %d times", m.To, times[m.Outbox])
		}
		if item, err := n.store().Outbox(context.Background(), m.Outbox); err != nil || item.State != desk.OutboxSent {
			n.t.Errorf("a mail to %v is recorded as %s, %v", m.To, item.State, err)
		}
	}
	late := time.Duration(0)
	for word, at := range n.written {
		answers := 0
		for _, m := range n.taken {
			if strings.HasSuffix(m.To[0], "@customers.example") &&
				strings.Contains(m.read.PlainText, "We send you a new one") &&
				strings.HasSuffix(" "+m.read.Subject, " "+word) {
				answers++
				late = max(late, m.at.Sub(at))
			}
		}
		if answers != 1 {
			n.t.Errorf("%s, written at %s, was answered %d times", word, at.Format(time.TimeOnly), answers)
		}
	}
	n.t.Logf("%d mails came, %d left; the latest answer came after %v", len(n.arrived), len(n.taken), late)
	if len(n.written) < 6 || late > long+long/2 {
		n.t.Errorf("%d customers wrote, and the latest answer came after %v of a trouble of %v", len(n.written), late,
			long)
	}
}

func mustJSON(v any) string {
	out, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(out)
}
