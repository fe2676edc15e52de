package index_test

import (
	"fmt"
	"hash/fnv"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/index"
	"github.com/replywell/replywell/shared/store"
)

// byWords takes a sentence's words for its meaning.
type byWords struct{}

func (byWords) Dims() int { return 64 }
func (byWords) Embed(s string) []float32 {
	v := make([]float32, 64)
	sum := 0.0
	for _, w := range strings.Fields(strings.ToLower(strings.Trim(s, ".?! "))) {
		h := fnv.New32a()
		_, _ = h.Write([]byte(w))
		v[h.Sum32()%64]++
	}
	for _, x := range v {
		sum += float64(x * x)
	}
	for i := range v {
		v[i] /= float32(math.Sqrt(sum))
	}
	return v
}

// open opens a conversation; offered: an article was offered with its first mail.
func (w *team) open(text string, offered bool) {
	w.Helper()
	w.n++
	id := desk.ConversationID(fmt.Sprintf("o%06d", w.n))
	events := []desk.Event{{ID: "opened-" + string(id), Kind: desk.EventOpened, Mailbox: "support", Conversation: id,
		Occurred: w.now, Recorded: w.now}}
	if offered {
		events = append(events, desk.Event{ID: "offered-" + string(id), Kind: desk.EventSuggested, Mailbox: "support",
			Conversation: id, Recorded: w.now, Articles: []string{"pump"}})
	}
	if err := w.Store.Commit(w.Context(), &store.Change{
		Conversation: &desk.Conversation{ID: id, Messages: 1, Mailbox: "support"}, Events: events,
		Messages: []desk.Message{{Conversation: id, Sequence: 1, Kind: desk.KindCustomer, Text: text,
			From: desk.Person{Name: "Erika Muster", Address: "erika@customers.example"}}}}); err != nil {
		w.Fatal(err)
	}
	w.now = w.now.Add(7 * time.Minute)
}

func (w *team) topics() map[string]int {
	w.Helper()
	b, err := index.Topics(w.Context(), w.bucket)
	if err != nil {
		w.Fatal(err)
	}
	out := map[string]int{}
	b.Each(func(topic, mailbox string, _ time.Time) {
		if mailbox != "support" {
			w.Errorf("a mail of the mailbox %q", mailbox)
		}
		out[topic]++
	})
	return out
}

// Once an hour new conversations are put into topics, each once, also after the book was
// lost; those for which an article was offered are topics already.
func TestNewConversationsArePutIntoTopics(t *testing.T) {
	w := newTeam(t)
	w.Model = byWords{}
	put := func() {
		t.Helper()
		if err := w.PutIntoTopics(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	put()
	for day := range 4 {
		for i := range 10 {
			w.open(fmt.Sprintf("My lamp hums when dimmed %c. I am Erika Muster", 'a'+i%3), false)
			w.open(fmt.Sprintf("Where does parcel stand still %c", 'a'+i%3), false)
			w.open("My pump leaks much water", true)
		}
		put()
		w.now = monday.AddDate(0, 0, day+1)
	}
	put()
	w.counter.Take()
	put() // within the hour
	if n := w.counter.Take().Requests(); n != 0 {
		t.Errorf("%d requests within the hour", n)
	}
	got := w.topics()
	if len(got) != 2 || got["t1"]+got["t2"] != 80 || got["t1"] != 40 {
		t.Errorf("80 mails about two things are %v", got)
	}
	w.bucket.files["kb-index/topics"] = nil
	w.now = w.now.Add(2 * time.Hour)
	put()
	if again := w.topics(); len(again) != 2 {
		t.Errorf("anew they are %v", again)
	}
	b, err := index.Topics(t.Context(), w.bucket)
	if err != nil || b.Words["lamp"] == 0 || b.Words["erika"]+b.Words["muster"] > 0 {
		t.Errorf("%v, %v", b.Words, err)
	}
}
