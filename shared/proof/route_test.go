package proof_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/replywell/replywell/shared/cloud/moto"
	"github.com/replywell/replywell/shared/delivery"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/send"
	"github.com/replywell/replywell/shared/store"
	"github.com/replywell/replywell/shared/store/engine"
	"github.com/replywell/replywell/shared/store/engine/bolt"
	"github.com/replywell/replywell/shared/store/engine/dynamo"
	"github.com/replywell/replywell/shared/store/engine/enginetest"
)

// weather is what the way out does with a mail: an answer, that it comes back
// after it was taken, or neither.
type weather struct {
	name  string
	says  delivery.Response
	back  bool              // it is taken, and comes back with that answer
	whom  func(string) bool // only these recipients; nil: all
	fine  bool
	loses bool // it is not known whether it was taken, and it was not
}

func only(end string) func(string) bool {
	return func(to string) bool { return strings.HasSuffix(to, end) }
}

var weathers = []weather{
	{name: "fine", fine: true},
	{name: "nobody is there", says: delivery.Response{Stage: delivery.StageConnect, Text: "connection refused"}},
	{name: "go away", says: delivery.Response{Stage: delivery.StageConnect, Code: 554, Text: "No SMTP service here"}},
	{name: "another password", says: delivery.Response{Stage: delivery.StageLogin, Code: 535, Status: "5.7.8",
		Text: "Authentication failed"}},
	{name: "the sender is refused", says: delivery.Response{Stage: delivery.StageSender, Code: 550, Status: "5.1.0",
		Text: "Address rejected"}},
	{name: "log in first", says: delivery.Response{Stage: delivery.StageRecipient, Code: 530,
		Text: "Authentication required"}},
	{name: "no relaying", says: delivery.Response{Stage: delivery.StageRecipient, Code: 554, Status: "5.7.1",
		Text: "Relay access denied"}},
	{name: "no such user, to everybody", says: delivery.Response{Stage: delivery.StageRecipient, Code: 550,
		Status: "5.1.1", Text: "User unknown"}},
	{name: "refused, to everybody", says: delivery.Response{Stage: delivery.StageRecipient, Code: 550, Status: "5.7.1",
		Text: "not today"}},
	{name: "the team is refused", says: delivery.Response{Stage: delivery.StageRecipient, Code: 550, Status: "5.7.1",
		Text: "not today"}, whom: only("@team.lantern.example")},
	{name: "Ben is unknown", says: delivery.Response{Stage: delivery.StageRecipient, Code: 550, Status: "5.1.1",
		Text: "User unknown"}, whom: only(ben)},
	{name: "all is spam", says: delivery.Response{Stage: delivery.StageText, Code: 554, Status: "5.7.1",
		Text: "Message blocked as spam"}},
	{name: "all is too big", says: delivery.Response{Stage: delivery.StageText, Code: 552, Status: "5.3.4",
		Text: "Message too big"}},
	{name: "later", says: delivery.Response{Stage: delivery.StageRecipient, Code: 451, Status: "4.7.1",
		Text: "try later"}},
	{name: "a full disk", says: delivery.Response{Stage: delivery.StageSender, Code: 452, Status: "4.3.1",
		Text: "Insufficient system storage"}},
	{name: "the connection breaks", says: delivery.Response{Stage: delivery.StageBroken, Text: "EOF"}},
	{name: "the account is paused", says: delivery.Response{Stage: delivery.StageService,
		Name: "SendingPausedException"}},
	{name: "the quota is used up", says: delivery.Response{Stage: delivery.StageService,
		Name: "TooManyRequestsException", Text: "Daily message quota exceeded."}},
	{name: "the sandbox", says: delivery.Response{Stage: delivery.StageService, Name: "MessageRejected",
		Text: "Email address is not verified."}, whom: only("@customers.example")},
	{name: "all comes back", says: delivery.Response{Status: "5.1.1", Name: "NoEmail", Text: "550 user unknown"},
		back: true},
	{name: "the team's comes back", says: delivery.Response{Status: "4.2.2", Name: "MailboxFull"}, back: true,
		whom: only("@team.lantern.example")},
	{name: "answers are lost", loses: true},
}

// any is a weather that no one thought of.
func anyWeather(r *rapid.T) weather {
	return weather{name: "whatever", says: delivery.Response{
		Stage: rapid.SampledFrom([]delivery.Stage{delivery.StageConnect, delivery.StageLogin, delivery.StageSender,
			delivery.StageRecipient, delivery.StageText, delivery.StageBroken, delivery.StageService}).Draw(r, "stage"),
		Code: rapid.IntRange(400, 599).Draw(r, "code"),
		Status: fmt.Sprintf("%d.%d.%d", rapid.IntRange(4, 5).Draw(r, "class"), rapid.IntRange(0, 7).Draw(r, "subject"),
			rapid.IntRange(0, 30).Draw(r, "detail")),
		Text: rapid.SampledFrom([]string{"", "no", "blocked using zen.spamhaus.example", "quota", "policy",
			"mailbox full", "Unauthenticated mail is not accepted"}).Draw(r, "text")}}
}

// stormy is the office's carrier on such a day.
type stormy struct {
	carrier
	now func() weather
}

func (s stormy) Send(ctx context.Context, m send.Mail) (string, error) {
	w := s.now()
	var hit []string
	for _, to := range m.To {
		if w.whom == nil || w.whom(to) {
			hit = append(hit, to)
		}
	}
	switch {
	case w.fine || len(hit) == 0:
		return s.carrier.Send(ctx, m)
	case w.loses:
		return "", errors.New("connection reset")
	case w.back:
		s.office.queue.Lock()
		defer s.office.queue.Unlock()
		id := fmt.Sprintf("back-%d", len(s.office.queue.events))
		ev := desk.DeliveryEvent{Outbox: m.Outbox, SentID: fmt.Sprintf("%s-%.8s-%d", id, m.Outbox, time.Now().Unix()),
			Kind: desk.DeliveryBounced, At: time.Now()}
		ev.ID = "bounce " + ev.SentID
		for _, to := range hit {
			ev.Recipients = append(ev.Recipients, desk.BouncedRecipient{Address: to, Status: w.says.Status,
				Name: w.says.Name, Reason: w.says.Text, Permanent: true})
		}
		s.office.queue.events = append(s.office.queue.events, confirmation{ev, time.Now()})
		return ev.SentID, nil
	}
	e := &delivery.Error{Response: w.says, Err: errors.New(w.name)}
	if w.says.Stage == delivery.StageRecipient {
		for _, to := range hit {
			e.Refused = append(e.Refused, delivery.Refused{Address: to, Response: w.says})
		}
	}
	return "", e
}

// stormyDay lets customers write and agents answer through a day on which the
// way out does anything at all, and then through two good ones.
func stormyDay(r *rapid.T, o *office, step time.Duration, reached map[string]int) {
	now := weathers[0]
	s := o.services(o.quiet())
	s.send.Carrier = stormy{carrier{o.quiet(), o}, func() weather { return now }}
	written, answered := 0, map[string]bool{}
	turn := func() {
		for _, e := range append([]confirmation(nil), o.queue.events...) {
			if err := s.events.Record(context.Background(), e.DeliveryEvent); err != nil {
				r.Fatalf("an event: %v", err)
			}
		}
		o.queue.events, o.queue.wakes = nil, nil
		if err := s.send.Sweep(context.Background()); err != nil {
			r.Fatalf("the sweep: %v", err)
		}
	}
	comes := func(l letter) {
		if _, err := s.inbound.Receive(context.Background(), o.delivery(l)); err != nil {
			r.Fatalf("a mail of %s: %v", l.from, err)
		}
	}
	until := time.Now()
	for end := time.Now().Add(24 * time.Hour); time.Now().Before(end); time.Sleep(step) {
		if !time.Now().Before(until) {
			if n := pick(r, len(weathers)+3, "weather"); n < len(weathers) {
				now = weathers[n]
			} else {
				now = anyWeather(r)
			}
			reached[now.name]++
			until = time.Now().Add(time.Duration(1+pick(r, 5, "for how long")) * 40 * time.Minute)
			r.Logf("%s %s", time.Now().Format("02 15:04"), now.name)
		}
		if written < 12 && pick(r, 4, "a customer writes") == 0 {
			written++
			from := []string{erika, joao}[pick(r, 2, "who")]
			comes(letter{from: from, to: support, subject: fmt.Sprintf("Concern %d", written),
				id:   fmt.Sprintf("c%d@mail.example", written),
				body: fmt.Sprintf("This is mail number %d, and it has words enough.", written)})
		}
		for _, who := range []string{anna, ben} {
			for _, m := range o.inboxes[who] {
				if item := o.itemOf(r, m.Outbox); item.Kind == desk.OutboxNotification &&
					!answered[string(item.Conversation)] && pick(r, 6, "an agent answers") == 0 {
					answered[string(item.Conversation)] = true
					l := answerTo(who, m, fmt.Sprintf("Here is what to do about %s, as number %d.", m.read.Subject,
						len(o.arrived)))
					l.id = fmt.Sprintf("a%d@mail.example", len(o.arrived))
					comes(l)
				}
			}
		}
		turn()
	}
	now = weathers[0]
	for end := time.Now().Add(desk.RefusedWait + desk.UntoldAfter + 4*time.Hour); time.Now().Before(end); time.Sleep(
		step) {
		turn()
	}
	if m, ok := o.engine.(*enginetest.Memory); ok {
		m.Lag(0)
	}
	turn()
	o.checkDesks(r, reached)
}

func (o *office) itemOf(r *rapid.T, id string) desk.OutboxItem {
	item, err := o.store().Outbox(context.Background(), id)
	if err != nil {
		r.Fatalf("the outgoing mail %s: %v", id, err)
	}
	return item
}

// checkDesks: what waits is on every desk, nothing left twice, and no answer is
// lost without its author having been told.
func (o *office) checkDesks(r *rapid.T, reached map[string]int) {
	ctx, s := context.Background(), o.store()
	o.checkCauses(r, reached)
	times := map[string]int{}
	for _, t := range o.taken {
		if times[t.Outbox]++; times[t.Outbox] > 1 {
			r.Errorf("a mail to %v left %d times", t.To, times[t.Outbox])
		}
	}
	has := func(id string) bool {
		for range 3 {
			item, err := s.Outbox(ctx, id)
			if err != nil {
				return false
			}
			if item.State != desk.OutboxMerged {
				return times[item.ID] > 0
			}
			id = item.MergedIn
		}
		return false
	}
	for _, d := range o.arrived {
		in, err := s.Inbound(ctx, d.ID)
		if err != nil {
			r.Fatalf("the mail %s is lost: %v", d.ID, err)
		}
		conv, err := s.Conversation(ctx, in.Conversation)
		if err != nil {
			r.Fatal(err)
		}
		list, err := s.Messages(ctx, conv.ID, 1, 0)
		if err != nil {
			r.Fatal(err)
		}
		for _, m := range list {
			if m.Kind == desk.KindCustomer && m.Inbound == d.ID && conv.State == desk.StateOpen {
				reached["open"]++
				for _, a := range o.settings.Agents {
					if !has(desk.DerivedID(m.Inbound, string(desk.OutboxNotification), a.ID)) {
						r.Errorf("%s waits, and %s never heard of it", conv.Subject, a.ID)
					}
				}
			}
			if m.Kind != desk.KindAnswer || m.Inbound != d.ID {
				continue
			}
			bounced := false
			for _, b := range list {
				if b.Kind == desk.KindBounce && b.Outbox == m.Outbox {
					bounced = true
					if conv.State != desk.StateOpen || !has(
						desk.DerivedID(m.Outbox, string(desk.KindBounce), m.Agent)) {
						r.Errorf("an answer of %s did not arrive, the conversation is %s, and its author was not told",
							m.Agent, conv.State)
					}
				}
			}
			if bounced {
				reached["bounced"]++
			} else if reached["answered"]++; times[m.Outbox] == 0 {
				r.Errorf("the answer %s is neither with the customer nor told to have failed", m.Outbox)
			}
		}
	}
	for _, lane := range store.Lanes(o.settings.Agents) {
		if items, err := s.DueOutbox(ctx, lane, time.Now(), 0); err != nil || len(items) > 0 {
			r.Errorf("%d mails wait in %s: %+v, %v", len(items), lane, items, err)
		}
	}
}

func proveRoute(t *testing.T, r *rapid.T, open openEngine, step time.Duration, reached map[string]int) {
	inBubble(t, func() {
		o, err := newOffice(open(r), rapid.Bool().Draw(r, "a carrier that confirms"), r.Logf)
		if err != nil {
			r.Fatal(err)
		}
		defer func() { _ = o.engine.Close() }()
		stormyDay(r, o, step, reached)
	})
}

// Whatever the way out does for a day, when it works again every open
// conversation is on a desk, and nothing left twice.
func TestWhateverTheRouteDoesEveryOpenConversationIsOnADesk(t *testing.T) {
	setUnlessAsked(t, "rapid.checks", "30")
	reached := map[string]int{}
	rapid.Check(t, func(r *rapid.T) { proveRoute(t, r, memory, 5*time.Minute, reached) })
	t.Log(reached)
	for _, what := range []string{"open", "answered", "whatever", "all comes back", "refused, to everybody",
		"the account is paused"} {
		if reached[what] == 0 {
			t.Errorf("no run came to: %s. What is never tried is not proven", what)
		}
	}
}

func TestWhateverTheRouteDoesEveryOpenConversationIsOnADeskInAFile(t *testing.T) {
	setUnlessAsked(t, "rapid.checks", "4")
	dir, n := t.TempDir(), 0
	rapid.Check(t, func(r *rapid.T) {
		n++
		proveRoute(t, r, func(r *rapid.T) engine.Engine {
			e, err := bolt.Open(filepath.Join(dir, fmt.Sprint(n, ".db")))
			if err != nil {
				r.Fatal(err)
			}
			return e
		}, 20*time.Minute, map[string]int{})
	})
}

func TestWhateverTheRouteDoesEveryOpenConversationIsOnADeskInDynamoDB(t *testing.T) {
	setUnlessAsked(t, "rapid.checks", "1")
	srv, n := moto.Shared(t), 0
	rapid.Check(t, func(r *rapid.T) {
		n++
		name := fmt.Sprintf("%s-%d", moto.Name(t), n)
		e := &outside{Engine: dynamo.New(srv.Table(t, dynamo.Table(name)), name), calls: make(chan func()),
			done: make(chan struct{})}
		go e.serve()
		defer close(e.calls)
		proveRoute(t, r, func(*rapid.T) engine.Engine { return e }, 30*time.Minute, map[string]int{})
	})
}
