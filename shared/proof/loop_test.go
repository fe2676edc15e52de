package proof_test

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/guard"
	"github.com/replywell/replywell/shared/letters"
	"github.com/replywell/replywell/shared/outbox"
	"github.com/replywell/replywell/shared/store"
	"github.com/replywell/replywell/shared/store/engine/enginetest"
)

// days is how long each run of the loops lasts.
var days = flag.Int("days", 6, "simulated days of each run of TestNoLoopWhateverAnswers")

// mails ends a run early, so that the quick tests stay quick.
var mails = flag.Int("mails", 300, "mails that leave before a run of TestNoLoopWhateverAnswers ends early")

// What may happen within a day, whatever answers.
const (
	// decidedADay is what an agent's program that nothing tells from the agent
	// can send to one address: reply.Service bounds it, for each agent.
	decidedADay = 2 * 2 * 80
	// toAgentADay is what an agent can be sent: notifications and one digest
	// within each window, and notices.
	toAgentADay = 24*6*21 + 400
)

// loop is a world of programs that answer each other through us.
type loop struct {
	*office
	*rapid.T
	services
	engine *enginetest.Memory
	robots []*robot
	later  []planned
	read   int // of taken
	came   int // mails that robots and people wrote

	automatic int    // mails that left without a person's decision
	ours      string // how our acknowledger is: none, the desk's own, thoughtless, mailing the envelope
}

// fetched is how often mail is sent and read on a day: every ten minutes at
// first, so that what grows fast is seen to; later more seldom, so that many
// days can pass.
func fetched(day int) time.Duration {
	switch {
	case day == 0:
		return 10 * time.Minute
	case day < 4:
		return 3 * time.Hour
	}
	return 12 * time.Hour
}

// written is how many days people write; then they leave it to the programs.
const writtenDays = 3

// planned is a mail that a robot writes later.
type planned struct {
	at time.Time
	letter
}

// TestNoLoopWhateverAnswers lets programs answer whatever mail we write, and an
// acknowledger of ours that looks at nothing answer whatever comes. However
// they are combined, an address outside the team gets no more automatic mail
// than the bound, a conversation no more, an agent no more than agents can get,
// and the store no more than came.
func TestNoLoopWhateverAnswers(t *testing.T) {
	setUnlessAsked(t, "rapid.checks", "12")
	reached := map[string]int{}
	rapid.Check(t, func(r *rapid.T) {
		inBubble(t, func() {
			e := enginetest.NewMemory()
			o, err := newOffice(e, false, r.Logf)
			if err != nil {
				r.Fatal(err)
			}
			o.settings.Notifications = desk.NotificationPolicy{Most: 20, Window: 10 * time.Minute}
			l := &loop{office: o, T: r, engine: e}
			l.services = o.services(o.quiet())
			l.draw()
			for day := 0; day < *days && len(l.taken) < *mails; day++ {
				l.day(day)
				reached["days"]++
			}
			for k, n := range e.Kinds() {
				reached[k] += n
			}
			reached["mails that came"] += l.came
			reached["mails that left"] += len(l.taken)
			reached["automatic"] += l.automatic
		})
	})
	t.Log(reached)
	for _, what := range []string{"automatic", "outbox", "inbound", "message"} {
		if reached[what] == 0 {
			t.Errorf("no run came to: %s. What is never tried is not proven", what)
		}
	}
}

// draw puts robots into mailboxes.
func (l *loop) draw() {
	l.ours = oneOf(l.T, "our acknowledger", "none", "the desk's own", "thoughtless", "to the envelope")
	l.say("our acknowledger: %s", l.ours)
	for i := range l.settings.Mailboxes {
		l.settings.Mailboxes[i].Acknowledge = l.ours == "the desk's own"
	}
	for _, at := range []string{erika, joao, anna, ben, "@robots.example"} {
		if rapid.Bool().Draw(l.T, "a robot at "+at) {
			r := drawRobot(l.T, at)
			l.robots = append(l.robots, r)
			l.say("%s", r)
		}
	}
}

// day lets a day pass: people write in the morning, programs all day.
func (l *loop) day(n int) {
	began, size, came, sent := time.Now(), l.engine.Size(), l.came, len(l.taken)
	if n < writtenDays {
		l.person(letter{from: erika, subject: fmt.Sprintf("Concern of day %d", n),
			id: fmt.Sprintf("erika-%d@customers.example", n), body: "My lamp arrived broken. What do I do?"})
		l.person(letter{from: fmt.Sprintf("new%d@robots.example", n), subject: "A question",
			id: fmt.Sprintf("new-%d@robots.example", n), body: "Do you have the lamp in green?"})
	}
	answered := n >= writtenDays
	for end := began.Add(24 * time.Hour); time.Now().Before(end) && len(l.taken) < *mails; {
		l.sweep()
		fresh := l.taken[l.read:]
		// lanes leave in any order
		slices.SortStableFunc(fresh, func(a, b taken) int { return cmp.Compare(a.Outbox, b.Outbox) })
		l.read = len(l.taken)
		for _, m := range fresh {
			if m.To[0] == ben && !answered && len(m.read.ReplyTo) > 0 {
				answered = true
				l.person(answerTo(ben, m, fmt.Sprintf("We send you a new one, as on day %d.", n)))
			}
			for _, r := range l.robots {
				if r.lives(m.To[0]) {
					for _, x := range r.answers(m, m.To[0]) {
						l.later = append(l.later, planned{time.Now().Add(r.delay), x})
					}
				}
			}
		}
		due := slices.Clone(l.later)
		l.later = l.later[:0]
		for _, p := range due {
			if p.at.After(time.Now()) {
				l.later = append(l.later, p)
			} else {
				l.comes(p.letter)
			}
		}
		if len(due) == len(l.later) && len(fresh) == 0 && !l.waits() {
			// Nobody does anything before the next robot wakes, or the day ends.
			next := end
			for _, p := range l.later {
				if p.at.Before(next) {
					next = p.at
				}
			}
			time.Sleep(max(0, time.Until(next)))
			continue
		}
		time.Sleep(min(fetched(n), time.Until(end)))
	}
	if err := l.metrics.PostLast(context.Background()); err != nil {
		l.Fatal(err)
	}
	done, err := l.schedule.Run(context.Background())
	if err != nil {
		l.Fatal(err)
	}
	l.engine.Expire(time.Now())
	l.bounds(began)
	l.say("day %d: %d mails came, %d left, %d items more", n, l.came-came, len(l.taken)-sent, l.engine.Size()-size)
	const report = 20 // a week's report: its days rolled up, two items each, its mail, and what is asked of it
	if grown, most := l.engine.Size()-size, 40*(l.came-came)+5*(len(l.taken)-sent)+done.Solved+report; grown > most {
		l.Fatalf("on day %d %d mails came, %d left, and the store grew by %d items", n, l.came-came, len(l.taken)-sent,
			grown)
	}
}

func (l *loop) person(x letter) {
	if x.to == "" {
		x.to = support
	}
	if x.id == "" {
		x.id = fmt.Sprintf("person-%d@mail.example", l.came)
	}
	l.comes(x)
}

// comes lets a mail arrive and be acknowledged without any sense.
func (l *loop) comes(x letter) {
	l.came++
	in, err := l.inbound.Receive(context.Background(), l.delivery(x))
	if err != nil {
		l.Fatalf("a mail of %s: %v", x.from, err)
	}
	if in.Outcome == desk.OutcomeThreaded && (l.ours == "thoughtless" || l.ours == "to the envelope") {
		l.acknowledge(in)
	}
}

// acknowledge answers every message, by a program that was written without a
// thought: whoever wrote, a machine or not, again and again. The outbox alone
// stands between it and the world.
func (l *loop) acknowledge(in desk.Inbound) {
	ctx, s := context.Background(), l.store()
	conv, err := s.Conversation(ctx, in.Conversation)
	if err != nil {
		l.Fatal(err)
	}
	to := address(in.MailFrom)
	if l.ours == "thoughtless" || to == "" || to == "<>" {
		to = conv.Customer.Address
	}
	if to == "" || conv.Customer.Address == "" {
		return
	}
	mb, _ := l.settings.Mailbox(conv.Mailbox)
	w := letters.Writer{Settings: l.settings, Keys: l.keys, Now: time.Now()}
	reply, err1 := w.CustomerAddress(mb, conv, in.Sequence)
	path, err2 := w.BounceAddress(mb, conv.ID, to, in.Sequence)
	if err1 != nil || err2 != nil {
		l.Fatal(err1, err2)
	}
	id := desk.DerivedID(in.ID, "acknowledgement")
	item := desk.OutboxItem{ID: id, Kind: "acknowledgement", Conversation: conv.ID, Sequence: in.Sequence,
		Mailbox: conv.Mailbox, To: []string{to},
		EnvelopeFrom: path, MessageID: id + "@lantern.example", Raw: "out/" + id}
	raw := fmt.Sprintf("From: %s\r\nTo: %s\r\nReply-To: %s\r\nMessage-ID: <%s>\r\nSubject: We have your message\r\n"+
		"\r\nWe answer soon.\r\n", support, to, reply, item.MessageID)
	err = store.Retry(ctx, func(bool) error {
		return outbox.Recorder{Store: s, Blobs: &l.blobs, Settings: l.current,
			Guard: &guard.Known{Keys: l.keys, Now: time.Now(), Settings: l.settings, Conversation: conv}}.Commit(ctx,
			&store.Change{}, []letters.Ready{{Item: item, Raw: []byte(raw)}}, time.Now(), in.ID)
	})
	if err != nil {
		l.Fatalf("acknowledging: %v", err)
	}
}

func (l *loop) sweep() {
	if err := l.send.Sweep(context.Background()); err != nil {
		l.Fatal(err)
	}
}

// waits reports whether a mail waits to be sent.
func (l *loop) waits() bool {
	for _, lane := range store.Lanes(l.settings.Agents) {
		items, err := l.store().DueOutbox(context.Background(), lane, time.Now().Add(24*time.Hour), 1)
		if err != nil {
			l.Fatal(err)
		}
		if len(items) > 0 {
			return true
		}
	}
	return false
}

// bounds checks who was sent how much since the time.
func (l *loop) bounds(since time.Time) {
	automatic, decided, agents := map[string]int{}, map[string]int{}, map[string]int{}
	team := map[string]bool{}
	for _, a := range l.settings.Agents {
		for _, x := range a.Addresses {
			team[x] = true
		}
	}
	for i := len(l.taken) - 1; i >= 0 && !l.taken[i].at.Before(since); i-- {
		m := l.taken[i]
		item, err := l.store().Outbox(context.Background(), m.Outbox)
		if err != nil {
			l.Fatal(err)
		}
		to := strings.ToLower(m.To[0])
		switch {
		case item.Automatic():
			l.automatic++
			automatic[store.AddressBudget(to)]++
			automatic[store.ConversationBudget(item.Conversation)]++
		case team[to] && item.Agent != "", item.Kind == desk.OutboxReport:
			agents[to]++
		case item.Decided != "":
			decided[to]++
		default:
			l.Fatalf("a mail of kind %s left for %s, which nobody decided and nobody counted", item.Kind, to)
		}
	}
	for who, n := range automatic {
		if n > desk.DefaultAutomatic {
			l.Fatalf("%d automatic mails left within a day for %s", n, who)
		}
	}
	for who, n := range decided {
		if n > decidedADay {
			l.Fatalf("%d answers left within a day for %s", n, who)
		}
	}
	for who, n := range agents {
		if n > toAgentADay {
			l.Fatalf("%s was sent %d mails within a day", who, n)
		}
	}
}
