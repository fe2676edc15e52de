package confirm_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/bench"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/letters"
	"github.com/replywell/replywell/shared/metrics"
	"github.com/replywell/replywell/shared/outbox"
	"github.com/replywell/replywell/shared/store"
)

// merges stands for whoever joins conversations.
type merges struct {
	store  *store.Store
	mu     sync.Mutex
	done   []string
	broken error // what happens after the first attempt to do it, before anything is written
}

func (m *merges) Confirmed(ctx context.Context, c desk.Confirmation, agent desk.Agent, base *store.Change) error {
	if m.broken != nil {
		return m.broken
	}
	if err := m.store.Commit(ctx, base); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.done = append(m.done, agent.ID+" merges "+c.About)
	return nil
}

const anna = "anna@team.lantern.example"

// asked puts a question to Anna and gives the desk, who does it, and the letter.
func asked(t *testing.T) (*bench.Path, *merges, bench.Sent) {
	p := bench.NewPath(t)
	m := &merges{store: p.Store}
	p.Confirm.Actions[desk.ConfirmMerge] = m
	agent, _ := p.Settings.Agent("anna")
	c := desk.Confirmation{ID: desk.ConfirmationID(desk.ConfirmMerge, "mail-0", "anna"), Kind: desk.ConfirmMerge,
		Agent: "anna", Mailbox: "support",
		About: "the other one", Asked: p.Now(), Expires: p.Now().Add(desk.ConfirmationGood), CausedBy: "mail-0"}
	w := letters.Writer{Settings: p.Settings, Keys: p.Keys, Now: p.Now()}
	ready, err := w.Ask(desk.DerivedID("ask"), agent, p.Settings.Mailboxes[0], desk.Conversation{}, c,
		letters.Question{Subject: "Merge?", Title: "Merge two conversations?",
			Words: letters.YesOrNo("puts both into one", "leaves them apart")})
	if err != nil {
		t.Fatal(err)
	}
	r := outbox.Recorder{Store: p.Store, Blobs: p.Blobs, Settings: p.Current}
	if err := r.Commit(t.Context(), &store.Change{Confirmations: []*desk.Confirmation{&c}}, []letters.Ready{ready},
		p.Now(), "mail-0"); err != nil {
		t.Fatal(err)
	}
	sent := p.Sent()
	if len(sent) != 1 || sent[0].To[0] != anna {
		t.Fatalf("asked %v", bench.Recipients(sent))
	}
	return p, m, sent[0]
}

var serial int

func reply(from string, to bench.Sent, text string) bench.Arrival {
	serial++
	quote := "> " + strings.ReplaceAll(strings.TrimSpace(to.Read.Text), "\n", "\n> ")
	return bench.Arrival{From: from, To: []string{to.Read.ReplyTo[0].Address}, Verdicts: bench.Trusted,
		Raw: fmt.Sprintf("From: <%s>\nTo: <%s>\nSubject: Re: %s\nMessage-ID: <%d@team.lantern.example>\n\n%s\n\nOn "+
			"Monday, Lantern wrote:\n%s\n",
			from, to.Read.ReplyTo[0].Address, to.Read.Subject, serial, text, quote)}
}

func TestAConfirmationIsCarriedOutOnce(t *testing.T) {
	p, m, letter := asked(t)
	in := p.Arrive(reply(anna, letter, "#yes\n\nThank you"))
	if in.Outcome != desk.OutcomeAgent || len(m.done) != 1 || m.done[0] != "anna merges the other one" {
		t.Fatalf("%s (%s), done %v", in.Outcome, in.Reason, m.done)
	}
	again := p.Arrive(reply(anna, letter, "#yes"))
	if again.Outcome != desk.OutcomeRefused || len(m.done) != 1 {
		t.Errorf("the second: %s (%s), done %v", again.Outcome, again.Reason, m.done)
	}
	told := p.Sent()
	if len(told) != 1 || !strings.Contains(told[0].Read.Text, "answered already") ||
		!strings.HasPrefix(told[0].Read.ReplyTo[0].Name, "Nobody reads replies") {
		t.Errorf("told %v", told)
	}
}

// Whatever is not a word at the top of a person's own text confirms nothing.
func TestWhatConfirmsNothing(t *testing.T) {
	for name, c := range map[string]struct {
		change func(p *bench.Path, a *bench.Arrival)
		want   desk.Outcome
		why    string
	}{
		"a comment": {func(_ *bench.Path, a *bench.Arrival) {
			a.Raw = strings.Replace(a.Raw, "#yes", "What is this?", 1)
		}, desk.OutcomeRefused, "not understood"},
		"nothing but the quote": {func(_ *bench.Path, a *bench.Arrival) {
			a.Raw = strings.Replace(a.Raw, "#yes", "", 1)
		}, desk.OutcomeRefused, "not understood"},
		"another question's word": {func(_ *bench.Path, a *bench.Arrival) {
			a.Raw = strings.Replace(a.Raw, "#yes", "#release", 1)
		}, desk.OutcomeRefused, "there are #yes and #no"},
		"an autoresponder": {func(_ *bench.Path, a *bench.Arrival) {
			a.Raw = "Auto-Submitted: auto-replied\n" +
				a.Raw
		}, desk.OutcomeAgent, "nothing was sent"},
		"a vacation program that marks nothing": {func(_ *bench.Path, a *bench.Arrival) {
			a.Raw = strings.Replace(a.Raw, "#yes", "I am out of the office until Monday.", 1)
		}, "", ""},
		"a stranger who was forwarded the question": {func(_ *bench.Path, a *bench.Arrival) {
			a.From, a.Raw = "mallory@elsewhere.example",
				strings.Replace(a.Raw, "From: <"+anna, "From: <mallory@elsewhere.example", 1)
		}, desk.OutcomeHeld, "your own addresses"},
		"a colleague": {func(_ *bench.Path, a *bench.Arrival) {
			a.Raw = strings.Replace(a.Raw, "From: <anna@", "From: <ben@", 1)
		}, desk.OutcomeHeld, "your own addresses"},
		"forged in the agent's name": {func(_ *bench.Path, a *bench.Arrival) { a.Verdicts = bench.Forged },
			desk.OutcomeRefused, "could not confirm"},
		"too late": {func(p *bench.Path, _ *bench.Arrival) {
			p.Pass(desk.ConfirmationGood + time.Hour)
		}, desk.OutcomeRefused, "time was over"},
		"an agent who has left": {func(p *bench.Path, _ *bench.Arrival) {
			p.Settings.Agents = p.Settings.Agents[1:]
		}, desk.OutcomeHeld, "no longer in the settings"},
		"a no": {func(_ *bench.Path, a *bench.Arrival) {
			a.Raw = strings.Replace(a.Raw, "#yes", "#no", 1)
		}, desk.OutcomeAgent, "confirmed: #no"},
	} {
		t.Run(name, func(t *testing.T) {
			p, m, letter := asked(t)
			a := reply(anna, letter, "#yes")
			c.change(p, &a)
			in := p.Arrive(a)
			if c.want != "" && in.Outcome != c.want || !strings.Contains(in.Reason, c.why) {
				t.Errorf("%s (%s)", in.Outcome, in.Reason)
			}
			if len(m.done) != 0 {
				t.Errorf("done %v", m.done)
			}
			if out := p.Outside(p.Sent()); len(out) != 0 {
				t.Errorf("mail left for %v", bench.Recipients(out))
			}
		})
	}
}

// Two answers at once: one of them is carried out.
func TestTwoAnswersAtOnce(t *testing.T) {
	p, m, letter := asked(t)
	var wg sync.WaitGroup
	var out [2]desk.Inbound
	for i, a := range []bench.Arrival{reply(anna, letter, "#yes"), reply(anna, letter, "#yes\nonce more")} {
		wg.Go(func() { out[i] = p.Arrive(a) })
	}
	wg.Wait()
	if len(m.done) != 1 || out[0].Outcome == out[1].Outcome {
		t.Errorf("%s and %s, done %v", out[0].Outcome, out[1].Outcome, m.done)
	}
}

// What fails before it is written is asked for again by the next delivery.
func TestAFailureUsesNothingUp(t *testing.T) {
	p, m, letter := asked(t)
	m.broken = fmt.Errorf("the store is away")
	a := reply(anna, letter, "#yes")
	if _, err := p.Try(a); err == nil {
		t.Fatal("no error")
	}
	c, err := p.Store.Confirmation(t.Context(), desk.ConfirmationID(desk.ConfirmMerge, "mail-0", "anna"))
	if err != nil || !c.Waits(p.Now()) {
		t.Fatalf("%+v, %v", c, err)
	}
	m.broken = nil
	if in := p.Arrive(a); in.Outcome != desk.OutcomeAgent || len(m.done) != 1 {
		t.Errorf("%s (%s), done %v", in.Outcome, in.Reason, m.done)
	}
}

// A program that answers every notice gets a few a day, and then silence.
func TestNoticesEnd(t *testing.T) {
	p, _, letter := asked(t)
	n := 0
	for range 20 {
		p.Arrive(reply(anna, letter, "Thank you for your mail. I will answer soon."))
		n += len(p.Sent())
	}
	if n == 0 || n > 6 { // asked once more, and then told
		t.Errorf("%d notices", n)
	}
}

// What an agent writes when the day's notices are used up comes back the next day.
func TestNothingWrittenToAQuestionIsLost(t *testing.T) {
	p, _, letter := asked(t)
	for range 10 {
		p.Arrive(reply(anna, letter, "No, wait, who is that?"))
	}
	p.Sent()
	p.Arrive(reply(anna, letter, "Dear Erika,\n\nthe workshop found your lamp behind the stove."))
	if sent := p.Sent(); len(sent) != 0 {
		t.Fatalf("told at once: %v", bench.Recipients(sent))
	}
	day := &metrics.Service{Home: p.Home()}
	found := 0
	for range 48 {
		p.Pass(time.Hour)
		if err := day.PostQuarantine(t.Context()); err != nil {
			t.Fatal(err)
		}
		for _, m := range p.Sent() {
			if m.To[0] == anna && strings.Contains(m.Read.PlainText, "behind the stove") {
				found++
			}
		}
	}
	if found != 1 {
		t.Errorf("the text came back %d times", found)
	}
}

// A question that was answered already takes no letter; it gives it back.
func TestALetterToAnAnsweredQuestionComesBack(t *testing.T) {
	p, _, letter := asked(t)
	p.Arrive(reply(anna, letter, "#yes"))
	p.Sent()
	p.Arrive(reply(anna, letter, "Dear Erika, your lamp stands behind the stove."))
	if sent := p.Sent(); len(sent) != 1 || !strings.Contains(sent[0].Read.PlainText, "behind the stove") {
		t.Errorf("told %v", bench.Recipients(sent))
	}
}
