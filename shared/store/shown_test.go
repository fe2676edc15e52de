package store_test

import (
	"bytes"
	"fmt"
	"slices"
	"testing"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/store"
	"github.com/replywell/replywell/shared/store/engine"
)

// What an agent has at hand beside a conversation is read in two requests: what
// the agent's mailbox was shown of others, what followed it, and the ends of
// linked conversations.
func TestAroundAgent(t *testing.T) {
	onEach(t, func(w *world) {
		n := store.Notified{Agent: "anna"}
		var convs []desk.Conversation
		for i := range 5 {
			c := arrival(i, nil)
			w.commit(c)
			conv := *c.Conversation
			conv.Messages++
			answer := c.Messages[0]
			answer.Sequence, answer.Kind, answer.Text = 2, desk.KindAnswer, fmt.Sprint("answer ", i)
			w.commit(&store.Change{Conversation: &conv, Messages: []desk.Message{answer}})
			convs = append(convs, conv)
			if i != 4 { // of the last one, Anna was not told
				n.Show(conv.ID, 1)
			}
		}
		n.Show(convs[3].ID, 2)
		if err := w.SetNotified(w.Context(), &n); err != nil {
			w.Fatal(err)
		}
		counter := engine.NewCounter(w.engine)
		s := store.New(counter, w.clock.now)
		here := convs[0]
		here.Linked = []desk.ConversationID{convs[4].ID}
		got, _, err := s.AroundAgent(w.Context(), "anna", here)
		if err != nil {
			w.Fatal(err)
		}
		var read []string
		for _, m := range got {
			read = append(read, fmt.Sprint(slices.IndexFunc(convs,
				func(c desk.Conversation) bool { return c.ID == m.Conversation }), "/", m.Sequence))
		}
		if want := []string{"1/1", "1/2", "2/1", "2/2", "3/1", "3/2", "4/1", "4/2"}; !slices.Equal(read, want) {
			w.Errorf("read %v, not %v", read, want)
		}
		if costs := counter.Take(); costs.Requests() != 2 {
			w.Errorf("%+v", costs)
		}
		if got, _, err := s.AroundAgent(w.Context(), "ben", convs[0]); err != nil || len(got) != 0 {
			w.Errorf("Ben, who was shown nothing: %v, %v", got, err)
		}
	})
}

// However much an agent was shown, it is read in two requests.
func TestAroundAgentIsBounded(t *testing.T) {
	w := newWorld(t, openBolt(t))
	n := store.Notified{Agent: "anna"}
	for i := range 2 * store.MaxShown {
		n.Show(conversationID(i), 9)
	}
	if err := w.SetNotified(w.Context(), &n); err != nil {
		t.Fatal(err)
	}
	here := desk.Conversation{ID: conversationID(999)}
	for i := range 20 {
		c := arrival(200+i, nil)
		c.Conversation.Messages, c.Messages[0].Sequence = 99, 99
		w.commit(c)
		here.Linked = append(here.Linked, c.Conversation.ID)
	}
	counter := engine.NewCounter(w.engine)
	got, _, err := store.New(counter, w.clock.now).AroundAgent(t.Context(), "anna", here)
	costs := counter.Take()
	if err != nil || len(got) != 4 || costs.Requests() != 2 || costs.ReadUnits > 110 {
		t.Errorf("%d messages, %+v, %v", len(got), costs, err)
	}
}

// What lists, transcripts and articles showed is kept beside it, and read in one request more.
func TestWhatListsShowedIsRead(t *testing.T) {
	onEach(t, func(w *world) {
		n := store.Notified{Agent: "anna"}
		c := arrival(1, nil)
		w.commit(c)
		for i := range store.MaxListed + 5 {
			id, err := desk.NewConversationID(bytes.NewReader([]byte{9, 9, byte(i), 1, 2, 3, 4}))
			if err != nil {
				w.Fatal(err)
			}
			listed := []desk.Listed{{Conversation: id, Sequence: 1}, {}}
			n.List(desk.OutboxItem{Lists: listed, Offers: []string{fmt.Sprint(i)}})
		}
		n.List(desk.OutboxItem{Lists: []desk.Listed{{Conversation: c.Conversation.ID, Sequence: 1}}})
		if err := w.SetNotified(w.Context(), &n); err != nil {
			w.Fatal(err)
		}
		counter := engine.NewCounter(w.engine)
		other := desk.Conversation{ID: "other"}
		got, articles, err := store.New(counter, w.clock.now).AroundAgent(w.Context(), "anna", other)
		if err != nil || len(got) != 1 || got[0].Text != c.Messages[0].Text || len(articles) != store.MaxListed ||
			articles[0] != "5" {
			w.Errorf("%v, %v, %v", got, articles, err)
		}
		if costs := counter.Take(); costs.Requests() != 2 {
			w.Errorf("%+v", costs)
		}
	})
}

func TestShownIsBounded(t *testing.T) {
	n := store.Notified{Agent: "anna"}
	for i := range 3 * store.MaxShown {
		n.Show(conversationID(i%(2*store.MaxShown)), i+1)
		n.Show("", 1)
		n.Show(conversationID(i), 0)
	}
	if len(n.Shown) != store.MaxShown {
		t.Fatalf("%d are kept", len(n.Shown))
	}
	if last := store.Show(conversationID((3*store.MaxShown-1)%(2*store.MaxShown)),
		3*store.MaxShown); n.Shown[store.MaxShown-1] != last {
		t.Errorf("the last is %s, not %s", n.Shown[store.MaxShown-1], last)
	}
	size := 0
	for _, s := range n.Shown {
		size += len(s) + 3
	}
	if size > 800 {
		t.Errorf("%d bytes are kept for each agent", size)
	}
}
