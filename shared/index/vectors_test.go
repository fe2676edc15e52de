package index_test

import (
	"context"
	"fmt"
	"hash/fnv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/index"
)

// slowModel takes its time for each sentence, by the clock of the test.
type slowModel struct {
	mu    *sync.Mutex // models that share a clock share it
	now   *time.Time
	takes time.Duration
	calls int
	stops int           // after so many calls it gives no answer any more; 0: never
	hangs chan struct{} // a call hangs
	goOn  chan struct{}
}

func (m *slowModel) Dims() int { return 4 }

func (m *slowModel) Embed(sentence string) []float32 {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.calls++; m.stops > 0 && m.calls >= m.stops {
		m.mu.Unlock()
		m.hangs <- struct{}{}
		<-m.goOn
		m.mu.Lock()
	}
	*m.now = m.now.Add(m.takes)
	h := fnv.New32a()
	h.Write([]byte(sentence))
	out := make([]float32, 4)
	out[h.Sum32()%4] = 1
	return out
}

// lambda is a call that must end in 15 minutes of the test's clock.
type lambda struct {
	context.Context
	end time.Time
}

func (l lambda) Deadline() (time.Time, bool) { return l.end, true }

// slowTeam has a clock that many may look at.
func slowTeam(t *testing.T, mails int) (w *team, m *slowModel) {
	w = newTeam(t)
	// As a mail these are two sentences that are not embedded for the article itself.
	w.bucket.articles["pump.md"] = []byte(
		"# Does the pump leak? Tighten its ring\n\nTighten the ring by hand, and change the seal.")
	sent := desk.Reaction{Article: "pump", Kind: desk.SentAsIs, Confidence: 0.5}
	other := desk.Reaction{Article: "bill", Kind: desk.SentAsIs, Confidence: 0.5}
	for i := range mails {
		w.exchange(fmt.Sprintf("Water drips out of the machine number %d below the window", i), "Tighten the ring",
			[]desk.Reaction{sent, other}[i%2])
	}
	m = &slowModel{mu: new(sync.Mutex), now: &w.now}
	w.Service.Model = m
	w.Service.Now = func() time.Time {
		m.mu.Lock()
		defer m.mu.Unlock()
		return w.now
	}
	return w, m
}

// More mails than one call can embed: each call publishes an index of all articles
// and mails in its time, the next goes on, and in the end it is the index that a
// quick model gives.
func TestAGreatHistoryIsEmbeddedBitByBit(t *testing.T) {
	const mails = 120
	quick, _ := slowTeam(t, mails)
	want, err := quick.Rebuild(t.Context())
	if err != nil || want.Left != 0 || want.More || want.Mails != mails {
		t.Fatalf("%+v, %v", want, err)
	}
	w, m := slowTeam(t, mails)
	w.learn() // embeds them by itself
	m.calls = 0
	m.takes = 10 * time.Second // 20 minutes for all
	call := func(do func(context.Context) error) (took time.Duration) {
		t.Helper()
		start := w.Service.Now()
		if err := do(lambda{t.Context(), start.Add(15 * time.Minute)}); err != nil {
			t.Fatal(err)
		}
		return w.Service.Now().Sub(start)
	}
	unfinished := func() bool { _, is := w.bucket.files["kb-index/unfinished"]; return is }
	if took := call(w.RebuildAll); took > 12*time.Minute {
		t.Errorf("the first call took %v of its 15 minutes", took)
	}
	r := &index.Reader{Bucket: w.bucket, Now: w.Service.Now, Fresh: -1}
	if k, err := r.Knowledge(t.Context()); err != nil || k.Len() != 3 ||
		k.Score("", "Water drips out of the machine", nil, 1).Suggestions[0].Article == "" {
		t.Fatalf("after the first call: %v", err)
	}
	if !unfinished() {
		t.Fatal("nothing says that there is more to do")
	}
	calls := 0
	for ; unfinished() && calls < 10; calls++ {
		w.now = w.now.Add(5 * time.Minute)
		call(w.LearnAndTell)
	}
	if unfinished() || calls > 4 {
		t.Errorf("it is not done after %d calls more", calls)
	}
	if m.calls > 2*mails {
		t.Errorf("%d sentences were embedded; what was embedded is to be kept", m.calls)
	}
	before := m.calls
	got, err := w.Rebuild(t.Context())
	if err != nil || got.Left != 0 || m.calls-before > 1 {
		t.Errorf("%+v, %v, %d embedded once more", got, err, m.calls-before)
	}
	if a, b := string(quick.bucket.files[want.Key]), string(w.bucket.files[got.Key]); a != b {
		t.Error("bit by bit gives another index than all at once")
	}
	w.now = w.now.Add(5 * time.Minute)
	w.bucket.order = nil
	call(w.LearnAndTell)
	if len(w.bucket.order) > 0 {
		t.Errorf("with nothing left to do it wrote %v", w.bucket.order)
	}
}

// A call that is ended from outside, in the midst of embedding, loses a minute.
func TestABuildThatIsKilledIsNotForNothing(t *testing.T) {
	w, m := slowTeam(t, 60)
	w.learn() // embeds them by itself
	m.calls = 0
	m.takes = 7 * time.Second
	kept := func() (n int) {
		for key, data := range w.bucket.files {
			if strings.HasPrefix(key, "kb-history/vectors-") {
				n += (len(data) - 36) / 28 // a head, and 16 bytes of hash, 4 of length, 8 of vector
			}
		}
		return n
	}
	// Nothing more is heard of the first call from its fortieth sentence on.
	m.stops, m.hangs, m.goOn = 40, make(chan struct{}, 1000), make(chan struct{})
	ended := make(chan struct{})
	go func() {
		_ = w.RebuildAll(lambda{context.Background(), w.Service.Now().Add(15 * time.Minute)})
		close(ended)
	}()
	defer func() { close(m.goOn); <-ended }()
	<-m.hangs
	if n := kept(); n < 20 {
		t.Errorf("%d vectors were kept", n)
	}
	later := &slowModel{mu: m.mu, now: &w.now, takes: time.Second}
	next := &index.Service{Bucket: w.bucket, Store: w.Store, Model: later, Now: w.Service.Now}
	call := func() int {
		t.Helper()
		before := later.calls
		if err := next.LearnAndTell(lambda{t.Context(), w.Service.Now().Add(15 * time.Minute)}); err != nil {
			t.Fatal(err)
		}
		return later.calls - before
	}
	if n := call(); n != 0 {
		t.Errorf("%d sentences were embedded while the other may still be at it", n)
	}
	m.mu.Lock()
	w.now = w.now.Add(15 * time.Minute)
	m.mu.Unlock()
	if n := call(); n == 0 || n > 50 {
		t.Errorf("%d sentences were embedded after it", n)
	}
	if n := call(); n != 0 {
		t.Errorf("%d sentences were embedded when all was done", n)
	}
}
