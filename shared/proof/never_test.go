package proof_test

import (
	"context"
	"flag"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"github.com/replywell/replywell/shared/bench"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/inbound"
	"github.com/replywell/replywell/shared/send"
	"github.com/replywell/replywell/shared/store/engine"
	"github.com/replywell/replywell/shared/store/engine/enginetest"
)

// bounds of one run.
const (
	atOnce   = 3 // processes on their way
	mostMail = 6 // that people write, besides repetitions
)

// trouble is one run: people write, and everything goes wrong that can.
type trouble struct {
	*office
	*rapid.T
	written   []written
	punctual  bool // events of SES come in time
	leaves    bool // Ben leaves the team some time
	left      bool // he has
	talk      bool // Erika has one concern, and both agents answer it
	night     bool // the skies turn bad too, and calls fail in every way
	bad       time.Time
	failed    *failedNight
	aws       bool               // such a night is on AWS, else on one machine
	unchecked []inbound.Delivery // taken in while DNS was away
	kept      int                // answers that came back to their author
	released  int                // of those that left, by the author's word or in the place of one that came back
}

// most is how many mails people write.
func (w *trouble) most() int {
	if w.talk || w.night {
		return 2 * mostMail
	}
	return mostMail
}

// written is what somebody wrote.
type written struct {
	letter
	who string
}

// act is something that can happen next.
type act struct {
	name string
	do   func()
}

// happen lets one thing happen.
func (w *trouble) happen() {
	steps := w.settled()
	if n := len(steps); n > 0 && (w.busy() >= atOnce || pick(w.T, 4, "go on") > 0) {
		st := steps[pick(w.T, n, "who")]
		w.let(st, w.fate(st))
		return
	}
	acts := w.acts()
	a := acts[pick(w.T, len(acts), "act")]
	w.say("%s %s", time.Now().Format("02 15:04:05"), a.name)
	a.do()
}

// fate says what becomes of a step.
func (w *trouble) fate(st *step) fate {
	if w.night {
		return w.nightsFate(st)
	}
	if k := pick(w.T, 20, "fate"); k > 15 {
		return fate(k - 15)
	}
	return happens
}

// acts are what can happen now. What is early in the list is what a smaller run does.
func (w *trouble) acts() (out []act) {
	add := func(name string, do func()) { out = append(out, act{name, do}) }
	w.queue.Lock()
	mail, wakes, confirmations := slices.Clone(w.queue.mail), slices.Clone(w.queue.wakes), slices.Clone(w.queue.events)
	w.queue.Unlock()
	if w.busy() < atOnce {
		for _, d := range mail {
			add("the mail "+d.ID+" is brought", func() { w.takeIn(d) })
		}
		for i, ids := range wakes {
			add(fmt.Sprintf("the sender is woken for %d", len(ids)), func() { w.wake(i) })
		}
		for _, e := range confirmations {
			add("an event tells of "+e.SentID, func() { w.tell(e) })
		}
		add("the sweep", func() {
			w.sweep()
		})
		add("the schedule", func() {
			w.start("schedule", func(ctx context.Context, s services) error {
				_, err := s.schedule.Run(ctx)
				return err
			}, func(error) {})
		})
		if len(w.arrived) > 0 {
			add("a mail is brought once more", func() { w.takeIn(w.arrived[pick(w.T, len(w.arrived), "which")]) })
		}
	}
	if len(w.written) < w.most() && len(mail) < 2 {
		add("somebody writes", w.writes)
	}
	if len(w.arrived) < 2*w.most() && len(mail) < 2 {
		add("a mail comes by another way too", w.again)
	}
	if answers := w.answersTaken(); len(answers) > 0 {
		add("a customer's server speaks of an answer",
			func() { w.serverSpeaks(answers[pick(w.T, len(answers), "answer")]) })
	}
	add("time passes", w.passes)
	if w.night && pick(w.T, 3, "the skies turn") == 0 {
		out = append(out, w.skiesTurn()...)
	}
	if w.leaves && !w.left && len(w.written) > 2 && w.bad.IsZero() {
		add("Ben leaves the team", func() {
			// There is a sweep every minute; one at least saw him.
			if err := w.services(w.quiet()).send.Sweep(context.Background()); err != nil {
				w.Fatal(err)
			}
			next := *w.settings
			next.Agents = next.Agents[:1]
			w.settings, w.left = &next, true
		})
	}
	return out
}

func (w *trouble) sweep() {
	w.start("sweep", func(ctx context.Context, s services) error { return s.send.Sweep(ctx) }, func(error) {})
}

// takeIn brings a mail; it stays in the queue until it was taken in.
func (w *trouble) takeIn(d inbound.Delivery) {
	d = w.judged(d)
	w.start("take in "+d.ID, func(ctx context.Context, s services) error {
		_, err := s.inbound.Receive(ctx, d)
		return err
	}, func(err error) {
		w.queue.Lock()
		defer w.queue.Unlock()
		if err == nil {
			w.queue.mail = slices.DeleteFunc(w.queue.mail, func(x inbound.Delivery) bool { return x.ID == d.ID })
		}
	})
}

func (w *trouble) wake(i int) {
	w.queue.Lock()
	ids := w.queue.wakes[i]
	w.queue.wakes = slices.Delete(w.queue.wakes, i, i+1) // what dies with it, the sweep finds
	w.queue.Unlock()
	var failed []string
	w.start("send", func(ctx context.Context, s services) (err error) {
		failed, err = s.send.Send(ctx, ids)
		return err
	}, func(error) {
		w.queue.Lock()
		defer w.queue.Unlock()
		if len(failed) > 0 {
			w.queue.wakes = append(w.queue.wakes, failed)
		}
	})
}

// tell brings an event; it stays in the queue until it was taken in, and may come again.
func (w *trouble) tell(e confirmation) {
	w.start("event "+e.SentID, func(ctx context.Context, s services) error {
		return s.events.Record(ctx, e.DeliveryEvent)
	}, func(err error) {
		w.queue.Lock()
		defer w.queue.Unlock()
		if err == nil {
			w.queue.events = slices.DeleteFunc(w.queue.events, func(x confirmation) bool { return x.ID == e.ID })
		}
	})
}

// holidays end a run's long waits.
var holidays = time.Date(2026, 3, 20, 0, 0, 0, 0, time.UTC)

// passes lets time pass: so much that no event of SES is late, if it must not be.
func (w *trouble) passes() {
	d := []time.Duration{time.Second, time.Minute, 6 * time.Minute, 16 * time.Minute,
		49 * time.Hour}[pick(w.T, 5, "how long")]
	if w.talk || time.Now().Add(d).After(holidays) {
		d = min(d, time.Minute) // what is kept for a while only must be there when it is looked at
	}
	if w.night {
		d = w.bearable(d)
	}
	for end := time.Now().Add(d); time.Now().Before(end); {
		now := min(time.Until(end), time.Minute) // what is slow ends meanwhile, and has an event then
		if w.punctual {
			w.queue.Lock()
			for _, e := range w.queue.events {
				now = min(now, max(0, time.Until(e.accepted.Add(send.ConfirmWait-send.AttemptLimit-time.Minute))))
			}
			w.queue.Unlock()
		}
		if now <= 0 {
			return
		}
		time.Sleep(now)
	}
}

// writes lets a person write something new, or answer what they have.
func (w *trouble) writes() {
	n := len(w.written) + 1
	people := []string{erika, anna, joao, ben}
	if w.talk {
		people = []string{erika, anna, ben, anna, ben}
	} else if w.night {
		people = []string{erika, joao, anna, ben, anna, ben}
	}
	who := people[pick(w.T, len(people), "person")]
	got := w.inboxes[who]
	l := letter{from: who, to: support, subject: "Concern", id: fmt.Sprintf("own-%d@mail.example", n)}
	marker := fmt.Sprintf("This is mail number %d, and it has words enough.", n)
	l.body = marker
	agent := who == anna || who == ben
	switch {
	case agent && len(got) == 0:
		who, l.from = erika, erika // an agent has nothing to answer yet
	case agent:
		commands := []string{"", "#close\n", "#note\n", "#nonsense\n"}
		if w.talk {
			commands = []string{"", "", "", "#note all\n"}
		} else if w.night {
			commands = []string{"", "", "#note\n", "#close\n"}
		}
		text := commands[pick(w.T, 4, "command")] + marker
		m := got[pick(w.T, len(got), "answers")]
		for _, q := range got { // a question is answered before anything else
			if strings.Contains(q.read.PlainText, "#release") {
				m, text = q, []string{"#release\n", "#drop\n"}[pick(w.T, 2, "release")]
			}
			if strings.Contains(q.read.PlainText, "\nNot sent: ") && rapid.Bool().Draw(w.T, "to what came back") {
				m, text = q, []string{"send\n", marker}[pick(w.T, 2, "send")]
			}
		}
		l = answerTo(who, m, text)
	case len(w.written) > 0 && w.talk:
		l.answers, l.subject = w.written[0].id, "Re: "+w.written[0].subject
	case len(got) > 0 && rapid.Bool().Draw(w.T, "reply"):
		l = answerTo(who, got[pick(w.T, len(got), "answers")], marker)
	case len(w.written) > 0 && rapid.Bool().Draw(w.T, "further"):
		// another mail below one of their own
		if own := w.written[pick(w.T, len(w.written), "below")]; own.who == who {
			l.answers, l.references, l.subject = own.id, own.references, "Re: "+own.subject
		}
	}
	l.id, l.marker = fmt.Sprintf("own-%d@mail.example", n), marker
	if !agent && pick(w.T, w.seldom(8), "machine") == 7 {
		l.headers, l.path = "Auto-Submitted: auto-replied\n", "<>"
	}
	if agent && len(got) > 0 && !w.talk && pick(w.T, w.seldom(3), "forged") == 2 {
		l.verdicts = &bench.Forged
	}
	w.written = append(w.written, written{l, who})
	d := w.arrive(l)
	w.say("    %s: %s writes to %s: %s", d.ID, who, l.to, strings.SplitN(l.body, "\n\n", 2)[0])
}

// seldom is one of how many times something happens; at night, other things do.
func (w *trouble) seldom(n int) int {
	if w.night {
		return 3 * n
	}
	return n
}

// answersTaken are the answers that the carrier took.
func (w *trouble) answersTaken() (out []taken) {
	w.queue.Lock()
	defer w.queue.Unlock()
	for _, t := range w.taken {
		if t.To[0] == erika || t.To[0] == joao {
			out = append(out, t)
		}
	}
	return out
}

// serverSpeaks tells what became of an answer: by an event where the carrier
// confirms, and by a mail else, or by both.
func (w *trouble) serverSpeaks(m taken) {
	kind := []desk.DeliveryKind{desk.DeliveryDelivered, desk.DeliveryBounced, desk.DeliveryComplaint,
		desk.DeliveryDelayed}[pick(w.T, 4, "what")]
	w.say("    it was %s: %.8s", kind, m.Outbox)
	if w.confirms {
		w.queue.Lock()
		w.queue.events = append(w.queue.events, confirmation{
			desk.DeliveryEvent{Outbox: m.Outbox, SentID: m.SentID, Kind: kind, At: time.Now(),
				ID: string(kind) + " " + m.SentID, Recipients: []desk.BouncedRecipient{
					{Address: m.To[0], Status: "5.1.1", Reason: "no such user", Permanent: true}}}, time.Now()})
		w.queue.Unlock()
	}
	if kind == desk.DeliveryBounced && (!w.confirms || rapid.Bool().Draw(w.T, "by mail too")) &&
		len(w.arrived) < 2*mostMail {
		r := robot{id: "fresh", n: len(w.arrived)}
		l := r.bounce(m, m.To[0])
		l.path, l.to, l.marker = "<>", m.From, "bounce "+l.id
		w.say("    %s is a delivery report", w.arrive(l).ID)
	}
}

// again brings a mail that was written before, by another way: under another id
// of the receiver, to another address of ours where it was to the first.
func (w *trouble) again() {
	o := w.written[pick(w.T, len(w.written), "which")]
	if o.to == support && rapid.Bool().Draw(w.T, "another address") {
		o.tos = []string{help}
	}
	o.headers = "X-Way: another\n" + o.headers
	d := w.arrive(o.letter)
	w.say("    %s is what %s wrote", d.ID, o.who)
}

// settle ends the faults, and does all that is left to do.
func (w *trouble) settle() {
	w.say("%s the faults end", time.Now().Format("02 15:04:05"))
	w.clears()
	w.finish()
	for range 2000 {
		w.queue.Lock()
		mail, events, wakes := slices.Clone(w.queue.mail), slices.Clone(w.queue.events), len(w.queue.wakes)
		unchecked := slices.Clone(w.unchecked)
		w.queue.Unlock()
		switch {
		case len(events) > 0:
			w.tell(events[0])
		case len(mail) > 0:
			w.takeIn(mail[0])
		case wakes > 0:
			w.wake(0)
		case len(unchecked) > 0:
			w.checkAgain(unchecked[0])
		default:
			if !w.due() {
				return
			}
			time.Sleep(time.Minute)
			w.sweep()
		}
		w.finish()
	}
	w.Fatalf("the outbox does not drain")
}

// lagging is an engine whose indexes may stay behind.
type lagging interface{ Lag(changes int) }

// openEngine opens an engine for one run, in the bubble.
type openEngine func(t *rapid.T) engine.Engine

func memory(t *rapid.T) engine.Engine {
	m := enginetest.NewMemory()
	m.Lag(rapid.SampledFrom([]int{0, 0, 3, 20}).Draw(t, "lag of the indexes"))
	return m
}

// prove runs the trouble once.
func prove(t *testing.T, r *rapid.T, open openEngine, reached map[string]int) {
	proveAs(t, r, open, reached, false)
}

func proveAs(t *testing.T, r *rapid.T, open openEngine, reached map[string]int, talk bool) {
	proveIn(t, r, open, reached, &trouble{T: r, punctual: true, talk: talk})
}

func proveIn(t *testing.T, r *rapid.T, open openEngine, reached map[string]int, w *trouble) {
	inBubble(t, func() {
		var err error
		if w.office, err = newOffice(open(r), w.aws || !w.night && rapid.Bool().Draw(r, "a carrier that confirms"),
			r.Logf); err != nil {
			r.Fatal(err)
		}
		if w.failed != nil {
			w.failed.listen(w.office)
		}
		w.settings.Notifications = desk.NotificationPolicy{Most: 2, Window: 10 * time.Minute}
		defer func() { _ = w.engine.Close() }()
		defer w.kill()
		w.punctual = pick(r, 4, "events late") < 3
		w.leaves = pick(r, 4, "Ben leaves") == 3
		w.writes()
		r.Repeat(map[string]func(*rapid.T){"step": func(*rapid.T) { w.happen() }})
		if m, ok := w.engine.(lagging); ok {
			m.Lag(0)
		}
		w.settle()
		w.check()
		if w.night {
			w.checkMorning()
		}
		w.count(reached)
	})
}

// inBubble runs f in a bubble of synctest, and carries a panic out of it:
// rapid ends a run that failed by one.
func inBubble(t *testing.T, f func()) {
	t.Helper()
	var failure any
	synctest.Test(t, func(*testing.T) {
		time.Sleep(time.Until(time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)))
		defer func() { failure = recover() }()
		f()
	})
	switch {
	case failure == nil:
	case fmt.Sprintf("%T", failure) == "rapid.invalidData":
		// Told from a failure by the line alone: rapid takes two that end on the
		// same line for the same, and would make a failure smaller until it is none.
		panic(failure)
	default:
		panic(failure)
	}
}

func TestNothingIsLostOrDoneTwice(t *testing.T) {
	setUnlessAsked(t, "rapid.steps", "400")
	reached := map[string]int{}
	rapid.Check(t, func(r *rapid.T) { prove(t, r, memory, reached) })
	t.Log(reached)
	must := []string{"threaded", "agent", "duplicate", "carried notification", "carried twice"}
	if reached["processes"] > 50_000 { // the rest is too rare to come up in every short run
		must = append(must, "refused", "held", "settled", "report", "carried answer", "carried notice",
			"carried digest")
	}
	for _, what := range must {
		if reached[what] == 0 {
			t.Errorf("no run came to: %s. What is never tried is not proven", what)
		}
	}
}

// count notes what a run came to.
func (w *trouble) count(reached map[string]int) {
	reached["processes"] += w.begun
	reached["kept"] += w.kept
	reached["released"] += w.released
	for _, r := range w.read().inbound {
		reached[string(r.Outcome)]++
		if r.SettledBy != "" {
			reached["settled"]++
		}
	}
	for _, t := range w.taken {
		reached["carried "+string(w.item(t.Outbox).Kind)]++
		if w.times(t.Outbox) > 1 {
			reached["carried twice"]++
		}
	}
}

// setUnlessAsked sets a flag of rapid's for one test, unless the command line does.
func setUnlessAsked(t *testing.T, name, value string) {
	t.Helper()
	if f := flag.Lookup(name); f.Value.String() == f.DefValue {
		if err := f.Value.Set(value); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = f.Value.Set(f.DefValue) }) // it was that before
	}
}
