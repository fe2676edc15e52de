package index_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/index"
	"github.com/replywell/replywell/shared/kb"
)

const hose = "My Zylonator gurgles and drools on the floor"

// sends is an agent who sends an article that was not offered.
func (w *team) sends(asked, article string) desk.ConversationID {
	w.Helper()
	return w.exchange(asked, "Here is how.", desk.Reaction{Article: article, Kind: desk.SentAsIs, Confidence: 0.1})
}

func (w *team) reader() *index.Reader {
	return &index.Reader{Bucket: w.bucket, Store: w.Store, Now: w.Service.Now, Fresh: -1}
}

// first is the article that a reader puts first, and how sure it is.
func (w *team) first(r *index.Reader, text string) (string, float64) {
	w.Helper()
	k, err := r.Knowledge(w.Context())
	if err != nil {
		w.Fatal(err)
	}
	s := k.Score("", text, nil, 1).Suggestions[0]
	return s.Article, s.Confidence
}

func (w *team) learned() *kb.Learned {
	w.Helper()
	state, err := kb.ReadLearned([]byte(w.state()))
	if err != nil {
		w.Fatal(err)
	}
	return state
}

// recent is what the current file holds.
func (w *team) recent() []kb.Recent {
	w.Helper()
	mails, _, err := index.Recent(w.Context(), w.bucket, w.learned())
	if err != nil {
		w.Fatal(err)
	}
	return mails
}

func (w *team) recentFiles() (keys []string) {
	for key := range w.bucket.files {
		if strings.HasPrefix(key, "kb-index/lately-") {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	return keys
}

func unzip(t *testing.T, data []byte) []byte {
	t.Helper()
	z, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	out, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func (w *team) rebuild() {
	w.Helper()
	if _, err := w.Rebuild(w.Context()); err != nil {
		w.Fatal(err)
	}
}

// What was sent a minute ago is known for the next mail, with no build in between:
// for a team without any history and for one that has some.
func TestAnAnswerTeachesTheNextMail(t *testing.T) {
	for _, before := range []int{0, 40} {
		t.Run(fmt.Sprint(before, " answers before"), func(t *testing.T) {
			w := newTeam(t)
			for i := range before {
				w.sends(fmt.Sprintf("When does invoice number %d come by mail", i), []string{"bill", "other"}[i%2])
			}
			w.rebuild()
			w.learn()
			r := w.reader()
			w.first(r, hose)
			snapshot := string(w.bucket.files[index.Current])
			w.sends("Our Zylonator gurgles, and it drools on the carpet", "pump")
			if w.learn() == 0 {
				t.Fatal("nothing was learnt")
			}
			if got, _ := w.first(r, hose); got != "pump" {
				t.Errorf("%s comes first", got)
			}
			k, err := r.Knowledge(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if s := k.Suggest("", hose+". Our Zylonator gurgles, and it drools on the carpet", 3); len(s) == 0 ||
				s[0].Article != "pump" || s[0].Alike != 1 {
				t.Errorf("it is not told that pump was sent for a mail like this: %+v", s)
			}
			if string(w.bucket.files[index.Current]) != snapshot {
				t.Error("the index was built anew")
			}
			w.counter.Take()
			w.learn()
			if requests := w.counter.Take().Requests(); requests > 5 {
				t.Errorf("with nothing new, learning costs %d requests", requests)
			}
			for _, key := range w.recentFiles() {
				if strings.Contains(string(unzip(t, w.bucket.files[key])), "Muster") {
					t.Error("the file holds the customer's name")
				}
			}
			// The next build takes it in, and then it counts once among the earlier mails.
			w.now = w.now.AddDate(0, 0, 1)
			w.rebuild()
			for range 2 {
				if k, err = r.Knowledge(t.Context()); err != nil {
					t.Fatal(err)
				}
				if s := k.Suggest("", hose+". Our Zylonator gurgles, and it drools on the carpet", 3); len(s) == 0 ||
					s[0].Article != "pump" || s[0].Alike != 1 {
					t.Errorf("after the build: %+v", s)
				}
				w.learn()
			}
			// In the end it stands for nothing but itself.
			w.now = w.now.AddDate(0, 0, 20)
			w.sends("Where is my parcel", "other")
			w.learn()
			if mails := w.recent(); len(mails) != 1 || mails[0].Built {
				t.Errorf("%+v", mails)
			}
		})
	}
}

// An answer after which the customer asked the same again teaches no longer.
func TestAnAnswerThatWasNoneIsForgottenAtOnce(t *testing.T) {
	w := newTeam(t)
	w.rebuild()
	r := w.reader()
	w.sends("Where is the Zylonator that I ordered", "other")
	id := w.sends("Our Zylonator gurgles, and it drools on the carpet", "pump")
	w.learn()
	if got, _ := w.first(r, hose); got != "pump" {
		t.Fatalf("%s comes first", got)
	}
	w.cameBack(id, "pump")
	w.learn()
	if got, _ := w.first(r, hose); got == "pump" {
		t.Error("it still does what was wrong")
	}
}

// A file that is lost or damaged is made anew from the log, also where nothing new is
// answered; until then mails are compared with those in the index. A process that could
// not read it tries again.
func TestALostFileOfLateAnswersIsMadeAnew(t *testing.T) {
	for name, harm := range map[string]func(b *bucket, key string){
		"lost":    func(b *bucket, key string) { delete(b.files, key) },
		"damaged": func(b *bucket, key string) { b.files[key] = b.files[key][:20] },
	} {
		t.Run(name, func(t *testing.T) {
			w := newTeam(t)
			w.rebuild()
			w.sends("Our Zylonator gurgles, and it drools on the carpet", "pump")
			w.learn()
			w.now = w.now.Add(3 * time.Hour) // longer ago than what is read again each time
			w.sends("Where is my invoice", "bill")
			w.learn()
			state := w.learned()
			harm(w.bucket, state.RecentFile())
			r := w.reader()
			if got, _ := w.first(r, hose); got == "pump" {
				t.Error("it knows what it cannot have read")
			}
			w.learn()
			if got, _ := w.first(r, hose); got != "pump" {
				t.Errorf("made anew, %s comes first", got)
			}
			w.counter.Take()
			w.learn()
			if n := w.counter.Take().Requests(); n > 5 {
				t.Errorf("after that learning costs %d requests", n)
			}
		})
	}
}

// A process whose reading failed once is not behind for longer.
func TestAReaderThatFailedTriesAgain(t *testing.T) {
	w := newTeam(t)
	w.rebuild()
	w.sends("Our Zylonator gurgles, and it drools on the carpet", "pump")
	w.learn()
	r := w.reader()
	w.first(r, hose)
	w.sends("Where is my invoice", "bill")
	w.learn()
	state := w.learned()
	file := w.bucket.files[state.RecentFile()]
	delete(w.bucket.files, state.RecentFile())
	if got, _ := w.first(r, hose); got != "pump" {
		t.Errorf("%s comes first; what was known before is to stay", got)
	}
	before, err := r.Knowledge(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	w.bucket.files[state.RecentFile()] = file
	after, err := r.Knowledge(t.Context())
	if err != nil || after.Index == before.Index {
		t.Errorf("it did not try again: %v", err)
	}
}

// An event that becomes visible after a build, though it was recorded before, is new.
func TestALateEventIsNotTakenForBuiltIn(t *testing.T) {
	w := newTeam(t)
	w.sends("Where is my invoice", "bill")
	w.learn()
	at := w.now.Add(-30 * time.Second) // before the next
	w.sends("Where is my parcel", "other")
	w.rebuild()
	now := w.now
	w.now = at
	w.sends("Our Zylonator gurgles, and it drools on the carpet", "pump")
	w.now = now
	w.learn()
	mails := w.recent()
	if len(mails) != 3 {
		t.Fatalf("%+v", mails)
	}
	for _, m := range mails {
		if m.Built != (m.Sent[0] != "pump") {
			t.Errorf("%s: built in %v", m.Sent[0], m.Built)
		}
	}
	if got, _ := w.first(w.reader(), hose); got != "pump" {
		t.Errorf("%s comes first", got)
	}
}

// A state that an older program wrote names no file: all that is recent is noted.
func TestLateAnswersAfterAnUpdate(t *testing.T) {
	w := newTeam(t)
	w.rebuild()
	for i := range 6 {
		w.sends(fmt.Sprintf("Zylonator number %d gurgles", i), "pump")
	}
	w.now = w.now.Add(3 * time.Hour)
	w.learn()
	was, err := w.Store.Learned(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	was.State = regexp.MustCompile(`,"lately":.*`).ReplaceAllString(was.State, "}")
	if err := w.Store.SetLearned(t.Context(), &was); err != nil {
		t.Fatal(err)
	}
	w.learn()
	if mails := w.recent(); len(mails) != 6 {
		t.Errorf("%d mails", len(mails))
	}
}

// Where the file cannot be written, articles lose and gain trust all the same.
func TestTrustMovesWithoutTheFile(t *testing.T) {
	w := newTeam(t)
	w.rebuild()
	for range 5 {
		w.exchange("It leaks", "Here is how.", desk.Reaction{Article: "pump", Kind: desk.OtherSent, Confidence: 0.9},
			desk.Reaction{Article: "bill", Kind: desk.SentAsIs, Confidence: 0.1})
	}
	w.bucket.failOn = "kb-index/lately-"
	if _, err := w.Learn(t.Context()); err == nil {
		t.Error("nobody hears that the file cannot be written")
	}
	if w.learned().Trust("pump", kb.Day(w.now)) > 0.3 {
		t.Error("the article has lost nothing")
	}
	w.bucket.failOn = ""
	w.learn()
	if w.learned().RecentFile() == "" {
		t.Error("it is not made up for")
	}
}

// Few files stay, also of those that lose a race, and what is kept is bounded.
func TestLateAnswersAreBounded(t *testing.T) {
	w := newTeam(t)
	w.rebuild()
	for i := range 330 {
		w.sends(fmt.Sprintf("Zylonator number %d gurgles", i), "pump")
		if i%40 == 0 {
			w.learn()
		}
	}
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			if _, err := w.Learn(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if keys := w.recentFiles(); len(keys) > 3 {
		t.Errorf("%d files", len(keys))
	}
	w.now = w.now.Add(-5 * time.Hour) // all of it is within what is read again
	w.counter.Take()
	w.learn()
	if n := w.counter.Take().Requests(); n > 5 {
		t.Errorf("with nothing new and more than is kept, learning costs %d requests", n)
	}
	if mails := w.recent(); len(mails) != 300 || !strings.Contains(mails[299].Text, "number 329 ") {
		t.Errorf("%d mails", len(mails))
	}
}

// Meanings are kept with the mails, are those of the model that the index is of, and
// are made once.
func TestLateAnswersAreComparedByMeaning(t *testing.T) {
	w := newTeam(t)
	calls := &atomic.Int64{}
	w.Model = hashed{calls}
	w.rebuild()
	w.sends("Our Zylonator gurgles, and it drools on the carpet", "pump")
	calls.Store(0)
	w.learn()
	if calls.Load() == 0 {
		t.Fatal("nothing was embedded")
	}
	state := w.learned()
	mails, model, err := index.Recent(t.Context(), w.bucket, state)
	if err != nil || len(mails) != 1 || len(mails[0].Sense) != 16 || model != kb.ModelName(w.Model) {
		t.Fatalf("%+v, %q, %v", mails, model, err)
	}
	w.sends("Where is my invoice", "bill")
	calls.Store(0)
	w.learn()
	if n := calls.Load(); n > 1 {
		t.Errorf("%d sentences were embedded for one that is new", n)
	}
	// What the model makes nothing of is not given to it again and again.
	w.Model = senselessModel{calls}
	w.learn()
	calls.Store(0)
	if w.learn(); calls.Load() > 0 {
		t.Errorf("%d sentences were embedded that no vector came of before", calls.Load())
	}
}

// senselessModel understands nothing.
type senselessModel struct{ calls *atomic.Int64 }

func (senselessModel) Dims() int    { return 16 }
func (senselessModel) Name() string { return "senseless" }
func (m senselessModel) Embed(string) []float32 {
	m.calls.Add(1)
	return nil
}
