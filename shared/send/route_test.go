package send_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/bench"
	"github.com/replywell/replywell/shared/delivery"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/send"
	"github.com/replywell/replywell/shared/store"
	"github.com/replywell/replywell/shared/store/engine/enginetest"
)

// everyMinute sweeps as the schedule does.
func (w *world) everyMinute(d time.Duration) {
	for range int(d / time.Minute) {
		w.desk.Pass(time.Minute)
		w.sweep()
	}
}

// Whatever the way out says for a while, nothing is given up, and all of it has
// left soon after it works again, once.
func TestTroubleOfTheRouteEndsNothing(t *testing.T) {
	for name, answer := range map[string]error{
		"nobody there":   at(delivery.StageConnect, 0, "connection refused"),
		"go away":        at(delivery.StageConnect, 554, "No SMTP service here"),
		"password":       at(delivery.StageLogin, 535, "Authentication failed"),
		"sender":         at(delivery.StageSender, 550, "Sender refused"),
		"sender unknown": at(delivery.StageSender, 553, "who are you"),
		"must log in":    at(delivery.StageRecipient, 530, "Authentication required"),
		"no relaying":    at(delivery.StageRecipient, 554, "Relay access denied"),
		"full disk":      at(delivery.StageText, 452, "Insufficient system storage"),
		"paused account": &delivery.Error{Response: delivery.Response{Stage: delivery.StageService,
			Name: "SendingPausedException"}, After: time.Minute, Err: fmt.Errorf("paused")},
		"quota of the day": &delivery.Error{Response: delivery.Response{Stage: delivery.StageService,
			Name: "TooManyRequestsException", Text: "Daily message quota exceeded."}, Err: fmt.Errorf("quota")},
	} {
		for _, lasts := range []time.Duration{10 * time.Minute, 50 * time.Hour} {
			w := worldOver(t, enginetest.NewMemory())
			w.settings.Notifications.Most = 100
			w.carrier.answer = func(send.Mail) error {
				if w.desk.Now().Sub(start) < lasts {
					return answer
				}
				return nil
			}
			var ids []string
			for _, kind := range []desk.OutboxKind{desk.OutboxAnswer, desk.OutboxNotification, desk.OutboxNotice} {
				agent := ""
				if kind != desk.OutboxAnswer {
					agent = "anna"
				}
				ids = append(ids, w.put(kind, agent))
			}
			w.send(ids...)
			w.everyMinute(lasts - time.Minute)
			if len(w.carrier.sent) > 0 || len(w.told.items) > 0 {
				t.Fatalf("%s: %d left, told %q", name, len(w.carrier.sent), w.told.items)
			}
			w.everyMinute(desk.RouteWait + 3*time.Minute)
			times := map[string]int{}
			for _, m := range w.carrier.sent {
				times[m.Outbox]++
			}
			for _, id := range ids {
				if item := w.item(id); item.State != desk.OutboxSent || times[id] != 1 {
					t.Errorf("%s for %v: the %s left %d times and is %s: %s", name, lasts, item.Kind, times[id],
						item.State, item.LastError)
				}
			}
		}
	}
}

// While nothing gets through, one mail at a time finds out: a thousand that wait
// are not a thousand attempts a minute.
func TestOneMailAtATimeAsksWhetherTheWayIsOpen(t *testing.T) {
	w := worldOver(t, enginetest.NewMemory())
	tries := 0
	w.carrier.answer = func(send.Mail) error { tries++; return at(delivery.StageConnect, 0, "connection refused") }
	for range 250 {
		w.put(desk.OutboxAnswer, "")
	}
	w.everyMinute(time.Hour)
	if tries > 100 {
		t.Errorf("%d attempts in an hour", tries)
	}
	w.carrier.answer = nil
	w.everyMinute(desk.RouteWait + time.Minute)
	if len(w.carrier.sent) != 250 {
		t.Errorf("%d of 250 left", len(w.carrier.sent))
	}
}

// An hour of trouble is one mail to each lead, however many wait; a day is two.
func TestAnHourOfTroubleIsOneMail(t *testing.T) {
	w := worldOver(t, enginetest.NewMemory())
	down := true
	w.carrier.answer = func(send.Mail) error {
		if down {
			return at(delivery.StageConnect, 0, "connection refused")
		}
		return nil
	}
	for range 20 {
		w.put(desk.OutboxAnswer, "")
	}
	w.everyMinute(50 * time.Minute)
	if n := w.alerts(); n != 0 {
		t.Fatalf("%d alerts before an hour", n)
	}
	w.everyMinute(3 * time.Hour)
	if n := w.alerts(); n != 1 {
		t.Fatalf("%d alerts after hours", n)
	}
	w.everyMinute(23 * time.Hour)
	if n := w.alerts(); n != 2 {
		t.Fatalf("%d alerts after a day", n)
	}
	down = false
	w.everyMinute(desk.RouteWait + 2*time.Minute)
	var told []string
	for _, m := range w.carrier.sent {
		if w.item(m.Outbox).Kind == desk.OutboxAlert {
			told = append(told, string(m.Raw))
		}
	}
	if len(told) != 2 || !strings.Contains(told[0], "To: ") || !strings.Contains(told[0], "20") {
		t.Errorf("told %d: %s", len(told), told)
	}
}

// alerts counts what is to be told of trouble, sent or not.
func (w *world) alerts() (n int) {
	w.t.Helper()
	seen := map[string]bool{}
	for _, lane := range store.Lanes(w.settings.Agents) {
		items, err := w.Store.DueOutbox(w.context(), lane, w.desk.Now().AddDate(1, 0, 0), 0)
		if err != nil {
			w.t.Fatal(err)
		}
		for _, item := range items {
			if item.Kind == desk.OutboxAlert && !seen[item.ID] {
				seen[item.ID] = true
				n++
			}
		}
	}
	return n
}

// The same words to recipients of several domains are the route's; to one
// recipient alone they are the recipient's.
func TestTheSameRefusalToSeveralDomainsIsTheRoutes(t *testing.T) {
	w := newWorld(t)
	w.carrier.answer = func(m send.Mail) error { return says(550, "5.7.1", "<"+m.To[0]+">: we do not want this") }
	note, answer := w.put(desk.OutboxNotification, "anna"), w.put(desk.OutboxAnswer, "")
	w.to(answer, "erika@customers.example")
	w.send(note)
	w.send(answer)
	if item := w.item(answer); item.State != desk.OutboxPending || item.RouteTries != 1 {
		t.Errorf("an answer after the same words to the team's domain: %+v", item)
	}
	w.carrier.answer = nil
	w.everyMinute(desk.RouteWait + time.Minute)
	if item := w.item(answer); item.State != desk.OutboxSent {
		t.Errorf("%+v", item)
	}

	w = newWorld(t)
	w.carrier.answer = func(m send.Mail) error {
		if strings.HasSuffix(m.To[0], "@customers.example") {
			return says(550, "5.7.1", "we do not want this")
		}
		return nil
	}
	note, answer = w.put(desk.OutboxNotification, "anna"), w.put(desk.OutboxAnswer, "")
	w.to(answer, "erika@customers.example")
	w.send(note, answer)
	if item := w.item(answer); item.State != desk.OutboxFailed || len(w.told.items) != 1 ||
		w.item(note).State != desk.OutboxSent {
		t.Errorf("%+v, told %v", item, w.told.items)
	}
}

// to gives a mail that waits another recipient.
func (w *world) to(id, address string) {
	w.t.Helper()
	item := w.item(id)
	item.To = []string{address}
	if err := w.Store.Commit(w.context(), &store.Change{Outbox: []*desk.OutboxItem{&item}}); err != nil {
		w.t.Fatal(err)
	}
}

const lamp = "From: erika@customers.example\nTo: support@lantern.example\nSubject: Lamp\nMessage-ID: <1@x>\n\nMy " +
	"lamp is broken.\n"

// An agent's mailbox that refuses mail: the others are told at once, and it is
// tried again daily while the customer waits, and no longer.
func TestARefusedNotificationIsTriedAgainDailyWhileTheCustomerWaits(t *testing.T) {
	p := bench.NewPath(t)
	refuses := true
	p.Post.Refuse = func(m send.Mail) error {
		if refuses && m.To[0] == "ben@team.lantern.example" {
			return says(550, "5.1.1", "user unknown")
		}
		return nil
	}
	in := p.Arrive(bench.Arrival{From: "erika@customers.example", To: []string{"support@lantern.example"},
		Verdicts: bench.Trusted, Raw: lamp})
	sent := p.Later(2 * time.Minute)
	var told []string
	for _, m := range sent {
		if m.Read.Subject == "Mail to Ben Okafor does not arrive" {
			told = append(told, m.To[0])
			if text := m.Read.Text; !strings.Contains(text, "There is no mailbox ben@team.lantern.example") ||
				!strings.Contains(text, "once a day") || m.Read.ReplyTo[0].Name !=
				"Nobody reads replies (Lantern Shop Support)" {
				t.Errorf("the alert says\n%s", text)
			}
		}
	}
	if len(told) != 1 || told[0] != "anna@team.lantern.example" {
		t.Fatalf("told of it are %v", told)
	}
	if n := len(p.Later(22 * time.Hour)); n > 0 {
		t.Errorf("%d more mails within the day", n)
	}
	refuses = false
	sent = p.Later(3 * time.Hour)
	if got := bench.Recipients(sent); len(got) != 1 || got[0] != "ben@team.lantern.example" {
		t.Fatalf("the next day, %v", got)
	}
	if c := p.Conversation(in); c.State != desk.StateOpen {
		t.Fatal(c.State)
	}

	refuses = true
	in = p.Arrive(bench.Arrival{From: "joao@customers.example", To: []string{"support@lantern.example"},
		Verdicts: bench.Trusted,
		Raw:      strings.NewReplacer("erika", "joao", "<1@x>", "<2@x>", "Lamp", "Pump", "lamp", "pump").Replace(lamp)})
	p.Later(2 * time.Minute)
	c := p.Conversation(in)
	c.Close(p.Now())
	if err := p.Store.Commit(t.Context(), &store.Change{Conversation: &c}); err != nil {
		t.Fatal(err)
	}
	refuses = false
	if sent := p.Later(26 * time.Hour); len(sent) > 0 {
		t.Errorf("%d mails about a conversation that is over", len(sent))
	}
}

// A conversation that no agent was told of, for whatever reason, is told again.
func TestAConversationThatNobodyWasToldOfIsToldAgain(t *testing.T) {
	p := bench.NewPath(t)
	in := p.Arrive(bench.Arrival{From: "erika@customers.example", To: []string{"support@lantern.example"},
		Verdicts: bench.Trusted, Raw: lamp})
	for _, agent := range []string{"anna", "ben"} { // as an older program left it, or a blob store that lost something
		item, err := p.Store.Outbox(t.Context(), desk.DerivedID(in.ID, string(desk.OutboxNotification), agent))
		if err != nil {
			t.Fatal(err)
		}
		item.State = desk.OutboxFailed
		if err := p.Store.Commit(t.Context(), &store.Change{Outbox: []*desk.OutboxItem{&item}}); err != nil {
			t.Fatal(err)
		}
	}
	if sent := p.Later(30 * time.Minute); len(sent) > 0 {
		t.Fatalf("%d mails at once", len(sent))
	}
	sent := p.Later(desk.UntoldAfter)
	if got := fmt.Sprint(bench.Recipients(sent)); got != "[anna@team.lantern.example ben@team.lantern.example]" {
		t.Fatalf("told are %v", got)
	}
	if sent := p.Later(72 * time.Hour); len(sent) > 0 {
		t.Errorf("%d more", len(sent))
	}
}

// A message that came while the clock was ahead by months is looked after like any other.
func TestAConversationThatCameWhileTheClockWasAheadIsToldAgain(t *testing.T) {
	p := bench.NewPath(t)
	const ahead = 90 * 24 * time.Hour
	p.Pass(ahead)
	in := p.Arrive(bench.Arrival{From: "erika@customers.example", To: []string{"support@lantern.example"},
		Verdicts: bench.Trusted, Raw: lamp})
	for _, agent := range []string{"anna", "ben"} {
		item, err := p.Store.Outbox(t.Context(), desk.DerivedID(in.ID, string(desk.OutboxNotification), agent))
		if err != nil {
			t.Fatal(err)
		}
		item.State = desk.OutboxFailed
		if err := p.Store.Commit(t.Context(), &store.Change{Outbox: []*desk.OutboxItem{&item}}); err != nil {
			t.Fatal(err)
		}
	}
	p.Pass(-ahead) // it is set right
	sent := p.Later(desk.UntoldAfter + 5*time.Minute)
	if got := fmt.Sprint(bench.Recipients(sent)); got != "[anna@team.lantern.example ben@team.lantern.example]" {
		t.Fatalf("told are %v", got)
	}
	if sent := p.Later(120 * 24 * time.Hour); len(sent) > 0 {
		t.Errorf("%d more", len(sent))
	}
}

// A mail server that takes the agent's mail, but not this one: the agent is told
// of the customer without what was refused, and can answer.
func TestANotificationOfAFormThatIsRefusedIsToldWithoutIt(t *testing.T) {
	p := bench.NewPath(t)
	p.Post.Refuse = func(m send.Mail) error {
		if strings.Contains(string(m.Raw), "lamp is broken") {
			return at(delivery.StageText, 554, "5.7.1 Message blocked as spam")
		}
		return nil
	}
	in := p.Arrive(bench.Arrival{From: "erika@customers.example", To: []string{"support@lantern.example"},
		Verdicts: bench.Trusted, Raw: lamp})
	sent := p.Later(3 * time.Minute)
	if got := fmt.Sprint(bench.Recipients(sent)); got != "[anna@team.lantern.example ben@team.lantern.example]" {
		t.Fatalf("told are %v", got)
	}
	m := sent[0].Read
	if !strings.Contains(m.Text, "took the mail for advertising") || len(m.ReplyTo) != 1 {
		t.Errorf("it says\n%s", m.Text)
	}
	if sent := p.Later(3 * time.Hour); len(sent) > 0 || p.Conversation(in).State != desk.StateOpen {
		t.Errorf("%d more", len(sent))
	}
}
