package proof_test

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/send"
	"github.com/replywell/replywell/shared/store"
)

// due reports whether anything waits in the outbox, however far off.
func (w *trouble) due() bool {
	for _, lane := range store.Lanes([]desk.Agent{{ID: "anna"}, {ID: "ben"}}) {
		items, err := w.store().DueOutbox(context.Background(), lane, time.Now().AddDate(1, 0, 0), 0)
		if err != nil {
			w.Fatal(err)
		}
		if len(items) > 0 {
			return true
		}
	}
	return false
}

// book is all that the store holds when everything has come to rest.
type book struct {
	inbound       map[string]desk.Inbound
	conversations map[desk.ConversationID]desk.Conversation
	messages      map[desk.ConversationID][]desk.Message
	events        []desk.Event
}

func (w *trouble) read() book {
	ctx, s := context.Background(), w.store()
	b := book{inbound: map[string]desk.Inbound{}, conversations: map[desk.ConversationID]desk.Conversation{},
		messages: map[desk.ConversationID][]desk.Message{}}
	add := func(id desk.ConversationID) {
		if _, known := b.conversations[id]; known || id == "" {
			return
		}
		c, err := s.Conversation(ctx, id)
		if err != nil {
			w.Fatalf("the conversation %s: %v", id, err)
		}
		b.conversations[id] = c
		if b.messages[id], err = s.Messages(ctx, id, 1, 0); err != nil {
			w.Fatal(err)
		}
	}
	for _, d := range w.arrived {
		in, err := s.Inbound(ctx, d.ID)
		if err != nil {
			w.Fatalf("the mail %s is lost: %v", d.ID, err)
		}
		b.inbound[d.ID] = in
		add(in.Conversation)
	}
	for _, who := range []string{erika, joao, anna, ben} {
		list, err := s.CustomerConversations(ctx, who, 0)
		if err != nil {
			w.Fatal(err)
		}
		for _, c := range list {
			add(c.ID)
		}
	}
	first, last := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC), time.Now().AddDate(0, 0, 10) // a clock may be ahead
	for day := first; !day.After(last); day = day.AddDate(0, 0, 1) {
		err := s.Events(ctx, day, func(e desk.Event) error {
			b.events = append(b.events, e)
			return nil
		})
		if err != nil {
			w.Fatal(err)
		}
	}
	return b
}

// check compares what everybody holds with what was promised.
func (w *trouble) check() {
	b := w.read()
	w.checkMail(b)
	w.checkOrder(b)
	w.checkEvents(b)
	w.checkTold(b)
	w.checkAnswers(b)
	w.checkNews(b)
	w.checkTaken(b)
}

// checkMail: every mail is in exactly one conversation, or somebody can see why not.
func (w *trouble) checkMail(b book) {
	in := map[string]int{}   // messages, by the delivery they came with
	says := map[string]int{} // customers' messages, by what they say
	for _, list := range b.messages {
		for _, m := range list {
			if m.Inbound == "" {
				continue // an event of the carrier's
			}
			in[m.Inbound]++
			if m.Kind == desk.KindCustomer || m.Kind == desk.KindAutomatic {
				for _, o := range w.written {
					if strings.Contains(m.Text, o.marker) {
						says[o.marker]++
					}
				}
			}
		}
	}
	first := map[string]string{} // by what a mail says: the delivery that counted
	for _, d := range w.arrived {
		r := b.inbound[d.ID]
		switch r.Outcome {
		case desk.OutcomeThreaded:
			if in[d.ID] != 1 {
				w.Errorf("%s is %d messages", d.ID, in[d.ID])
			}
		case desk.OutcomeAgent, desk.OutcomeRefused:
			if in[d.ID] > 1 {
				w.Errorf("%s is %d messages", d.ID, in[d.ID])
			}
		case desk.OutcomeDuplicate:
			if of, ok := b.inbound[r.Of]; !ok || of.Outcome == desk.OutcomeDuplicate ||
				w.markers[r.Of] != w.markers[d.ID] {
				w.Errorf("%s is called a duplicate of %q, which is %+v", d.ID, r.Of, of)
			}
			continue
		case desk.OutcomeReport:
			if in[d.ID] > 1 {
				w.Errorf("%s is %d messages", d.ID, in[d.ID])
			}
		case desk.OutcomeHeld, desk.OutcomeDropped:
			if r.Reason == "" || in[d.ID] > 0 {
				w.Errorf("%s is held because of %q, and is %d messages", d.ID, r.Reason, in[d.ID])
			}
			continue // it does not count: should it come by a way that lets it through, it is no repetition
		default:
			w.Errorf("%s is %s: %s", d.ID, r.Outcome, r.Reason)
		}
		if other := first[w.markers[d.ID]]; other != "" {
			w.Errorf("%s and %s are the same mail, and both count: %s and %s", other, d.ID, b.inbound[other].Outcome,
				r.Outcome)
		}
		first[w.markers[d.ID]] = d.ID
	}
	for _, o := range w.written {
		if r := b.inbound[first[o.marker]]; r.Outcome == desk.OutcomeThreaded && says[o.marker] != 1 {
			w.Errorf("what %s wrote stands in %d messages: %s", o.who, says[o.marker], o.marker)
		}
	}
}

// checkOrder: no number is left out, and the head counts what is there.
func (w *trouble) checkOrder(b book) {
	for id, c := range b.conversations {
		customer, answers := 0, 0
		for i, m := range b.messages[id] {
			if m.Sequence != i+1 {
				w.Errorf("in %s message %d has the number %d", id, i+1, m.Sequence)
			}
			switch m.Kind {
			case desk.KindCustomer:
				customer++
			case desk.KindAnswer:
				answers++
			}
		}
		if c.Messages != len(b.messages[id]) || c.CustomerMessages != customer || c.Answers != answers {
			w.Errorf("%s counts %d messages, %d and %d; there are %d, %d and %d", id, c.Messages, c.CustomerMessages,
				c.Answers, len(b.messages[id]), customer, answers)
		}
		for _, m := range b.messages[id] {
			if m.At.After(c.Activity) {
				w.Errorf("the last activity of %s is %v, and message %d is of %v", id, c.Activity, m.Sequence, m.At)
			}
		}
	}
}

// checkEvents: the figures tell what is there, each thing once.
func (w *trouble) checkEvents(b book) {
	count, seen := map[desk.EventKind]int{}, map[string]bool{}
	for _, e := range b.events {
		if !seen[e.ID] {
			seen[e.ID] = true
			count[e.Kind]++
		}
	}
	want := map[desk.EventKind]int{}
	for _, c := range b.conversations {
		if c.CustomerMessages > 0 {
			want[desk.EventOpened]++
		}
		want[desk.EventReopened] += c.Reopened
		for _, m := range b.messages[c.ID] {
			switch m.Kind {
			case desk.KindCustomer, desk.KindAutomatic:
				want[desk.EventReceived]++
			case desk.KindAnswer:
				want[desk.EventAnswered]++
			case desk.KindNote:
				want[desk.EventNoted]++
			case desk.KindBounce:
				want[desk.EventBounced]++
			case desk.KindComplaint:
				want[desk.EventComplained]++
			}
		}
	}
	for _, r := range b.inbound {
		if r.Outcome == desk.OutcomeRefused {
			want[desk.EventRefused]++
		}
		if r.Outcome == desk.OutcomeHeld || r.SettledBy != "" {
			want[desk.EventHeld]++
		}
	}
	for _, kind := range []desk.EventKind{desk.EventOpened, desk.EventReopened, desk.EventReceived, desk.EventAnswered,
		desk.EventNoted, desk.EventBounced, desk.EventComplained, desk.EventRefused, desk.EventHeld} {
		if count[kind] != want[kind] {
			w.Errorf("%d events of %s; it happened %d times", count[kind], kind, want[kind])
		}
	}
	solved := count[desk.EventSolved] - count[desk.EventReopened]
	for _, c := range b.conversations {
		if c.State == desk.StateSolved {
			solved--
		}
	}
	if solved < 0 {
		w.Errorf("%d conversations more are solved than events tell of", -solved)
	}
}

// item reads an outgoing mail that must be there.
func (w *trouble) item(id string) desk.OutboxItem {
	item, err := w.store().Outbox(context.Background(), id)
	if err != nil {
		w.Fatalf("the outgoing mail %s: %v", id, err)
	}
	return item
}

// times counts how often the carrier took a mail.
func (w *trouble) times(id string) (n int) {
	for _, t := range w.taken {
		if t.Outbox == id {
			n++
		}
	}
	return n
}

// told reports whether a mail left, itself or in a digest.
func (w *trouble) told(id string) bool {
	item := w.item(id)
	if item.State == desk.OutboxMerged {
		merged := item
		if item = w.item(item.MergedIn); item.Kind != desk.OutboxDigest || item.Agent != merged.Agent {
			w.Errorf("%s is merged into %+v", id, item)
		}
	}
	return item.State == desk.OutboxSent && w.times(item.ID) > 0
}

// checkTold: every agent of the mailbox is told of each customer's message,
// itself or in one digest.
func (w *trouble) checkTold(b book) {
	for _, list := range b.messages {
		for _, m := range list {
			if m.Kind != desk.KindCustomer && m.Kind != desk.KindAutomatic {
				continue
			}
			for _, a := range w.settings.Agents {
				if !w.told(desk.DerivedID(m.Inbound, string(desk.OutboxNotification), a.ID)) {
					w.Errorf("%s was not told of %s", a.ID, m.Inbound)
				}
			}
		}
	}
}

// checkAnswers: every answer that is recorded was taken by the carrier, and
// what was not carried out is told to its agent.
func (w *trouble) checkAnswers(b book) {
	for _, list := range b.messages {
		for _, m := range list {
			if m.Kind != desk.KindAnswer {
				continue
			}
			item := w.item(m.Outbox)
			if item.State != desk.OutboxSent || w.times(item.ID) == 0 {
				w.Errorf("the answer of %s is %s, and was taken %d times: %s", m.Inbound, item.State, w.times(item.ID),
					item.LastError)
			}
			if item.CausedBy != m.Inbound || item.Conversation != m.Conversation {
				w.Errorf("the answer of %s is carried by %+v", m.Inbound, item)
			}
		}
	}
	for _, list := range b.messages {
		seen := map[string]bool{}
		for _, m := range list {
			if m.Kind != desk.KindBounce && m.Kind != desk.KindComplaint {
				continue
			}
			if key := string(m.Kind) + m.Outbox; seen[key] {
				w.Errorf("the %s of %s stands twice in %s", m.Kind, m.Outbox, m.Conversation)
			} else {
				seen[key] = true
			}
			if !(w.left && m.Agent == "ben") && !w.told(desk.DerivedID(m.Outbox, string(m.Kind), m.Agent)) {
				w.Errorf("the %s of %s was told to nobody", m.Kind, m.Outbox)
			}
		}
	}
	for _, r := range b.inbound {
		if r.Outcome != desk.OutcomeRefused && r.Outcome != desk.OutcomeHeld || w.left && r.MailFrom == ben {
			continue
		}
		told := slices.ContainsFunc(w.taken, func(t taken) bool { return w.item(t.Outbox).CausedBy == r.ID })
		if !told {
			w.Errorf("%s is %s (%s), and nobody was told", r.ID, r.Outcome, r.Reason)
		}
	}
}

// checkTaken: what left has a cause, and left once, unless nobody could know.
func (w *trouble) checkTaken(b book) {
	last := map[string]taken{}
	w.checkCauses(w, map[string]int{})
	for _, t := range w.taken {
		item := w.item(t.Outbox)
		if !slices.Equal(item.To, t.To) || item.MessageID != t.MessageID {
			w.Errorf("a mail left to %v as %s; recorded is %v as %s", t.To, t.MessageID, item.To, item.MessageID)
		}
		before, again := last[t.Outbox]
		last[t.Outbox] = t
		if !again {
			continue
		}
		switch {
		case w.confirms && w.punctual:
			w.Errorf("the mail %s left twice, at %v and at %v", t.Outbox, before.at, t.at)
		case w.confirms && t.at.Sub(before.at) < send.ConfirmWait-send.AttemptLimit:
			w.Errorf("the mail %s left again after %v, before its event had time to come", t.Outbox,
				t.at.Sub(before.at))
		case !before.process.faulted:
			w.Errorf("the mail %s left twice, and nothing had gone wrong with %s", t.Outbox, before.process)
		}
	}
	for id, t := range last {
		if s := w.item(id).State; s != desk.OutboxSent && !(w.left && t.To[0] == ben) {
			w.Errorf("a mail to %v left and is recorded as %s", t.To, s)
		}
	}
}
