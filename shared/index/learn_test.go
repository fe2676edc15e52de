package index_test

import (
	"fmt"
	"hash/fnv"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/index"
	"github.com/replywell/replywell/shared/kb"
	"github.com/replywell/replywell/shared/store"
	"github.com/replywell/replywell/shared/store/engine"
	"github.com/replywell/replywell/shared/store/engine/bolt"
)

var monday = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// team is a store with what agents answered, and the service over it.
type team struct {
	*testing.T
	*index.Service
	bucket  *bucket
	counter *engine.Counter
	now     time.Time
	n       int
}

func newTeam(t *testing.T) *team {
	e, err := bolt.Open(filepath.Join(t.TempDir(), "store.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = e.Close() })
	w := &team{T: t, counter: engine.NewCounter(e), now: monday,
		bucket: &bucket{files: map[string][]byte{}, articles: map[string][]byte{
			"pump.md":  []byte("# A leaking pump\n\nTighten the ring by hand, and change the seal."),
			"bill.md":  []byte("# Invoices\n\nThe invoice comes by mail on the first of the month."),
			"other.md": []byte("# Delivery times\n\nA parcel takes three days."),
		}}}
	clock := func() time.Time { return w.now }
	w.Service = &index.Service{Bucket: w.bucket, Store: store.New(w.counter, clock), Now: clock}
	return w
}

// exchange is a customer's mail and its answer, each in a conversation of its own.
func (w *team) exchange(asked, told string, reactions ...desk.Reaction) desk.ConversationID {
	w.Helper()
	w.n++
	id := desk.ConversationID(fmt.Sprintf("c%06d", w.n))
	var sent []string
	for _, r := range reactions {
		if r.Kind == desk.SentAsIs || r.Kind == desk.SentChanged {
			sent = append(sent, r.Article)
		}
	}
	c := &store.Change{Conversation: &desk.Conversation{ID: id, Messages: 2, Mailbox: "support"},
		Messages: []desk.Message{{Conversation: id, Sequence: 1, Kind: desk.KindCustomer,
			From: desk.Person{Name: "Erika Muster", Address: "erika@customers.example"}, Subject: "Question",
			Text: asked},
			{Conversation: id, Sequence: 2, Kind: desk.KindAnswer, From: desk.Person{Name: "Anna Winter"}, Text: told,
				Articles: sent}},
		Events: []desk.Event{{ID: "answered-" + string(id), Kind: desk.EventAnswered, Conversation: id, Sequence: 2,
			Recorded: w.now, Articles: sent, Reactions: reactions}}}
	if err := w.Store.Commit(w.Context(), c); err != nil {
		w.Fatal(err)
	}
	w.now = w.now.Add(time.Minute)
	return id
}

func (w *team) cameBack(id desk.ConversationID, article string) {
	w.Helper()
	if err := w.Store.Commit(w.Context(), &store.Change{
		Events: []desk.Event{{ID: "back-" + string(id), Kind: desk.EventReceived, Conversation: id, Sequence: 3,
			Recorded: w.now, Reactions: []desk.Reaction{{Article: article, Kind: desk.CameBack, Answer: 2}}}}}); err !=
		nil {
		w.Fatal(err)
	}
}

func (w *team) learn() int {
	w.Helper()
	n, err := w.Learn(w.Context())
	if err != nil {
		w.Fatal(err)
	}
	return n
}

func (w *team) state() string {
	w.Helper()
	l, err := w.Store.Learned(w.Context())
	if err != nil {
		w.Fatal(err)
	}
	return l.State
}

func TestLearningFoldsEachOutcomeOnce(t *testing.T) {
	w := newTeam(t)
	if n := w.learn(); n != 0 {
		t.Fatalf("%d outcomes out of nothing", n)
	}
	for day := range 40 {
		w.now = monday.AddDate(0, 0, day)
		for range 3 {
			id := w.exchange("It leaks", "By hand.", desk.Reaction{Article: "pump", Kind: desk.Ignored,
				Confidence: 0.8}, desk.Reaction{Article: "bill", Kind: desk.SentAsIs, Confidence: 0.4})
			if day%5 == 0 {
				w.cameBack(id, "bill")
			}
		}
		if n := w.learn(); n < 6 || n > 9 {
			t.Errorf("day %d: %d outcomes", day, n)
		}
		if n := w.learn(); n != 0 {
			t.Errorf("day %d: %d outcomes are new a second time", day, n)
		}
	}
	daily := w.state()
	l, err := kb.ReadLearned([]byte(daily))
	if err != nil || l.Trust("pump", kb.Day(w.now)) > 0.3 || l.Trust("bill", kb.Day(w.now)) < 0.9 {
		t.Errorf("pump %.2f, bill %.2f, %v", l.Trust("pump", kb.Day(w.now)), l.Trust("bill", kb.Day(w.now)), err)
	}
	// The log is the truth: a state that is lost or of another form is folded anew.
	was, err := w.Store.Learned(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	was.State = `{"form":1,"articles":{}}`
	if err := w.Store.SetLearned(t.Context(), &was); err != nil {
		t.Fatal(err)
	}
	w.learn()
	// Which files came before, and how often the state was written, is not in the log.
	older := regexp.MustCompile(`("lately":\["[^"]+)-\d+"[^]]*`)
	if anew := w.state(); older.ReplaceAllString(anew, "$1") != older.ReplaceAllString(daily, "$1") {
		t.Errorf("folded anew:\n%s\nday by day:\n%s", anew, daily)
	}
}

// Several that learn at the same time, while answers are written: nothing is
// lost and nothing counts twice.
func TestLearningAtTheSameTime(t *testing.T) {
	w := newTeam(t)
	for range 30 {
		w.exchange("It leaks", "By hand.", desk.Reaction{Article: "pump", Kind: desk.OtherSent, Confidence: 0.5})
	}
	var added atomic.Int64
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			n, err := w.Learn(t.Context())
			if err != nil {
				t.Error(err)
			}
			added.Add(int64(n))
		})
	}
	all.Wait()
	l, err := kb.ReadLearned([]byte(w.state()))
	if err != nil {
		t.Fatal(err)
	}
	sum := int64(0)
	for _, s := range l.Articles["pump"] {
		sum += s.Expected
	}
	if added.Load() != 30 || sum != 30*5000 {
		t.Errorf("%d were added, and %d ten-thousandths expected", added.Load(), sum)
	}
}

// hashed stands for the model, and counts.
type hashed struct{ calls *atomic.Int64 }

func (hashed) Dims() int { return 16 }
func (m hashed) Embed(s string) []float32 {
	m.calls.Add(1)
	h := fnv.New64a()
	h.Write([]byte(s))
	x := h.Sum64()
	out := make([]float32, 16)
	for i := range out {
		x = x*6364136223846793005 + 1442695040888963407
		out[i] = float32(int32(x>>33)) / (1 << 31)
	}
	return out
}

// A build takes in what is new at one request for each answer, embeds only what
// is new, and gives the same as a build from nothing.
func TestHistoryGrowsBitByBit(t *testing.T) {
	w := newTeam(t)
	var calls atomic.Int64
	w.Model = hashed{&calls}
	sent := desk.Reaction{Article: "pump", Kind: desk.SentAsIs, Confidence: 0.5}
	for i := range 20 {
		w.exchange(fmt.Sprintf("Dear Anna, water drips out of machine %d below my kitchen window, I am Erika Muster, "+
			"+49 30 1234567", i), "Tighten the ring", sent)
	}
	back := w.exchange("Water drips from the hose", "Tighten the ring", sent)
	for range 3 {
		w.exchange("Can I get a blue "+
			"one?", "Dear Erika Muster,\nthe blue one is sold out until May; write to anna@team.example then.",
			desk.Reaction{Article: "pump", Kind: desk.Ignored, Confidence: 0.2})
	}
	w.cameBack(back, "pump")
	build := func() index.Built {
		t.Helper()
		w.counter.Take()
		b, err := w.Rebuild(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	b := build()
	if b.Mails != 20 || b.ByHand != 3 || b.More {
		t.Errorf("%+v; want 20 mails, without the one after which the customer came back", b)
	}
	first := calls.Swap(0)
	w.now = w.now.AddDate(0, 0, 1)
	w.exchange("Something new: it leaks at the ring", "Tighten it", sent)
	w.counter.Take()
	b = build()
	cost := w.counter.Take()
	if b.Mails != 21 || first < 20 || calls.Load() > 6 {
		t.Errorf("%+v, embedded %d at first and %d then", b, first, calls.Load())
	}
	if cost.Requests() > 7 {
		t.Errorf("taking in one answer cost %d requests; four find it, one reads it", cost.Requests())
	}
	var text string
	for key, data := range w.bucket.files {
		if strings.HasPrefix(key, "kb-index/") {
			text += string(data)
		}
	}
	for _, personal := range []string{"Muster", "Erika", "1234567", "anna@team"} {
		if strings.Contains(text, personal) {
			t.Errorf("the files hold %q", personal)
		}
	}
	// From nothing: the same snapshot.
	w.bucket.files = map[string][]byte{}
	// behind it is which move of the pointer it was
	content := func(key string) string { return key[:strings.LastIndexByte(key, '-')] }
	if anew := build(); content(anew.Key) != content(b.Key) {
		t.Errorf("from nothing: %+v, bit by bit: %+v", anew, b)
	}
}

func TestTheReaderKnowsWhatWasLearnt(t *testing.T) {
	w := newTeam(t)
	r := &index.Reader{Bucket: w.bucket, Store: w.Store, Now: func() time.Time { return w.now }}
	know := func() *index.Knowledge {
		t.Helper()
		k, err := r.Knowledge(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return k
	}
	if know().Len() != 0 {
		t.Error("there are articles before any were read")
	}
	for range 3 {
		w.exchange("Can I get the blue tap for the garden?",
			"The blue one is sold out until May; I will write to you when it is back.")
	}
	if _, err := w.Rebuild(t.Context()); err != nil {
		t.Fatal(err)
	}
	score := func() float64 {
		got := know().Score("", "my pump leaks at the ring", nil, 3)
		for _, s := range got.Suggestions {
			if s.Article == "pump" {
				return s.Confidence
			}
		}
		return 0
	}
	before := score()
	if told := know().Answered("", "Can I have the blue tap for my garden?", 2); len(told) != 1 || told[0].Times != 3 ||
		!strings.Contains(told[0].Text, "sold out") {
		t.Errorf("past answers: %+v", told)
	}
	for range 6 {
		w.exchange("My pump leaks", "By hand.", desk.Reaction{Article: "pump", Kind: desk.OtherSent, Confidence: 0.9})
	}
	w.learn()
	w.now = w.now.Add(index.DefaultFresh)
	if after := score(); after >= before*0.6 {
		t.Errorf("the confidence was %.3f and is %.3f after six agents sent another article", before, after)
	}
	// The bucket is away: what was known stays in use.
	w.now = w.now.Add(2 * index.DefaultFresh)
	r.Bucket = away{}
	if know().Len() != 3 {
		t.Error("nothing is known any more")
	}
}

func TestTopicsWithoutAnArticleAreKeptForTheReport(t *testing.T) {
	w := newTeam(t)
	if got, err := index.Gaps(t.Context(), w.bucket); got != nil || err != nil {
		t.Fatalf("before the first build: %+v, %v", got, err)
	}
	ask := func(n int) {
		for i := range n {
			w.exchange(fmt.Sprintf("Do you give a student discount on the %d pumps I want? Erika Muster", i),
				"Dear Erika,\n\nyes: send a photo of your student card and ten percent are taken off.\n\nAnna Winter")
		}
	}
	ask(9)
	w.now = w.now.AddDate(0, 0, 100) // those were long ago
	ask(5)
	if _, err := w.Rebuild(t.Context()); err != nil {
		t.Fatal(err)
	}
	got, err := index.Gaps(t.Context(), w.bucket)
	if err != nil || len(got) != 1 || got[0].Mails != 5 ||
		!strings.Contains(strings.Join(got[0].Words, " "), "student") ||
		!strings.Contains(got[0].DraftArticle, "student card") {
		t.Fatalf("%+v, %v", got, err)
	}
	for _, personal := range []string{"Erika", "Muster", "Winter"} {
		if strings.Contains(fmt.Sprint(got), personal) {
			t.Errorf("%q stands in %+v", personal, got)
		}
	}
}

// After a deployment with another form of snapshots the first call of the
// schedule builds one that can be read.
func TestASnapshotOfAnotherFormIsBuiltAnew(t *testing.T) {
	w := newTeam(t)
	b, err := w.Rebuild(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	w.bucket.files[b.Key], w.bucket.files["kb-index/form"] = []byte("replywell kb 1"), []byte("replywell kb 1")
	r := &index.Reader{Bucket: w.bucket, Store: w.Store, Now: func() time.Time { return w.now }}
	if _, err := r.Knowledge(t.Context()); err == nil {
		t.Fatal("it can be read")
	}
	if err := w.LearnAndTell(t.Context()); err != nil {
		t.Fatal(err)
	}
	if k, err := r.Knowledge(t.Context()); err != nil || k.Len() != 3 {
		t.Errorf("%v", err)
	}
}

// On one machine nobody tells of a changed article: the keeper looks.
func TestTheKeeperFollowsTheArticles(t *testing.T) {
	w := newTeam(t)
	print := "first"
	k := &index.Keeper{Service: w.Service, Every: 24 * time.Hour,
		Fingerprint: func() (string, error) { return print, nil }}
	builds := func() (n int) {
		t.Helper()
		w.bucket.order = nil
		if err := k.Tick(t.Context()); err != nil {
			t.Fatal(err)
		}
		for _, key := range w.bucket.order {
			if key == "kb-index/form" {
				n++
			}
		}
		return n
	}
	if builds() != 1 || builds() != 0 {
		t.Error("it is to build once at the start")
	}
	w.bucket.articles["new.md"] = []byte("# New\n\nA new article.")
	if print = "second"; builds() != 1 || builds() != 0 {
		t.Error("it is to build once after a change")
	}
	w.now = w.now.Add(25 * time.Hour)
	if builds() != 1 || builds() != 0 {
		t.Error("it is to build once a day")
	}
	w.bucket.articles["bad.md"] = []byte("no title")
	print = "third"
	if err := k.Tick(t.Context()); err == nil || !strings.Contains(err.Error(), "bad") {
		t.Errorf("a bad article: %v", err)
	}
	w.bucket.order = nil
	if err := k.Tick(t.Context()); err != nil || len(w.bucket.order) > 0 {
		t.Errorf("two seconds later: %v, %v; want it to wait for a change or a minute", err, w.bucket.order)
	}
	w.now = w.now.Add(2 * time.Minute)
	if err := k.Tick(t.Context()); err == nil {
		t.Error("after two minutes nobody hears of the bad article")
	}
	delete(w.bucket.articles, "bad.md")
	if print = "fourth"; builds() != 1 {
		t.Error("it does not build after the article was mended")
	}
	// Another process goes on from there.
	k = &index.Keeper{Service: w.Service, Every: 24 * time.Hour, Fingerprint: k.Fingerprint}
	if builds() != 0 {
		t.Error("a new process builds what is built")
	}
}

// An article that disappointed and was mended is offered again at once.
func TestAMendedArticleBeginsAnew(t *testing.T) {
	w := newTeam(t)
	build := func() {
		t.Helper()
		if _, err := w.Rebuild(t.Context()); err != nil {
			t.Fatal(err)
		}
		w.learn()
	}
	trust := func() float64 {
		t.Helper()
		l, err := kb.ReadLearned([]byte(w.state()))
		if err != nil {
			t.Fatal(err)
		}
		return l.Trust("pump", kb.Day(w.now))
	}
	build()
	for range 5 {
		w.exchange("It leaks", "By hand.", desk.Reaction{Article: "pump", Kind: desk.OtherSent, Confidence: 0.9})
	}
	w.now = w.now.AddDate(0, 0, 1)
	w.bucket.articles["pump.md"] = []byte("# A leaking pump\n\nTighten the ring by hand, and change the seal!")
	build()
	if got := trust(); got > 0.5 {
		t.Errorf("trust %.2f after a full stop was changed", got)
	}
	w.bucket.articles["pump.md"] = []byte(
		"# A leaking pump\n\nSend it to the workshop; since May we mend it there within a day, at no cost.")
	build()
	if got := trust(); got != 1 {
		t.Errorf("trust %.2f after it was written anew", got)
	}
}

// articlesOf is what is known of articles, without the names of files.
func articlesOf(state string) string {
	before, _, _ := strings.Cut(state, `"lately"`)
	return before
}

// What was learnt can be made anew from the log, so one that cannot be read is, and no
// build waits for it. One that a newer program wrote is left to that.
func TestWhatWasLearntAndCannotBeReadIsMadeAnew(t *testing.T) {
	for name, spoil := range map[string]func(*engine.Item){
		"of no known kind":    func(i *engine.Item) { i.Kind = "of no known kind" },
		"no JSON":             func(i *engine.Item) { i.Body = []byte(`{"state":`) },
		"another form inside": func(i *engine.Item) { i.Body = []byte(`{"state":"{\"Form\":0}"}`) },
		"without anything":    func(i *engine.Item) { i.Body = []byte(`{"state":7}`) },
	} {
		t.Run(name, func(t *testing.T) {
			for _, outcomes := range []bool{true, false} {
				w := newTeam(t)
				if outcomes {
					w.exchange("The pump leaks", "Tighten the ring",
						desk.Reaction{Article: "pump", Kind: desk.SentAsIs, Confidence: 0.5})
				}
				w.rebuild()
				w.learn()
				was := ""
				if outcomes {
					was = articlesOf(w.state())
				}
				key := engine.Key{Partition: "learned", Sort: "learned"}
				items, err := w.counter.Get(t.Context(), key)
				if err != nil {
					t.Fatal(err)
				}
				item := engine.Item{Key: key, Version: 1, Kind: "learned", Schema: 1}
				if len(items) > 0 {
					item = items[0]
				}
				spoil(&item)
				if err := w.counter.Write(t.Context(), engine.Write{Item: item, If: engine.Always}); err != nil {
					t.Fatal(err)
				}
				w.bucket.articles["new.md"] = []byte("# Something new\n\nThis is new.")
				if _, err := w.Rebuild(t.Context()); err != nil {
					t.Errorf("the build waits for what was learnt: %v", err)
				}
				if _, err := w.Learn(t.Context()); err != nil {
					t.Error(err)
				}
				if _, err := w.Store.Learned(t.Context()); err != nil {
					t.Errorf("it still cannot be read: %v", err)
				}
				if got := articlesOf(w.state()); outcomes && got != was {
					t.Errorf("learnt anew: %s, not %s", got, was)
				}
			}
		})
	}
	w := newTeam(t)
	w.exchange("The pump leaks", "Tighten the ring",
		desk.Reaction{Article: "pump", Kind: desk.SentAsIs, Confidence: 0.5})
	w.learn()
	key := engine.Key{Partition: "learned", Sort: "learned"}
	items, err := w.counter.Get(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	items[0].Schema = 99
	if err := w.counter.Write(t.Context(), engine.Write{Item: items[0], If: engine.Always}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Learn(t.Context()); err == nil || !strings.Contains(err.Error(), "newer program") {
		t.Errorf("what a newer program wrote: %v", err)
	}
}
