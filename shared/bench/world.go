package bench

import (
	"context"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/config"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/replyaddr"
	"github.com/replywell/replywell/shared/home"
	"github.com/replywell/replywell/shared/store"
	"github.com/replywell/replywell/shared/store/engine"
)

// Start is when a World's clock begins: a Monday morning.
var Start = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// Tester is what a World needs of a test: *testing.T has it, and *rapid.T.
type Tester interface {
	Helper()
	Context() context.Context
	Fatal(args ...any)
	Fatalf(format string, args ...any)
	Error(args ...any)
	Errorf(format string, args ...any)
	Log(args ...any)
	Logf(format string, args ...any)
}

// World is a desk for one test.
type World struct {
	Tester
	Engine   *Engine
	Store    *store.Store
	Blobs    *Blobs
	Kept     store.Blobs // where blobs are kept; nil: Blobs
	Settings *desk.Settings
	Keys     *replyaddr.Keyring
	Remote   bool // each request to the engine goes over a network

	mu     sync.Mutex
	now    time.Time
	random *rand.ChaCha8
}

// New opens a world over an empty store in a file.
func New(t *testing.T) *World {
	t.Helper()
	return Over(t, Bolt(t))
}

// Over opens a world over an engine.
func Over(t Tester, e engine.Engine) *World {
	t.Helper()
	settings, err := config.Parse(config.Sample, "sample")
	if err != nil {
		t.Fatal(err)
	}
	keys, err := replyaddr.NewKeyring(1, map[uint8][]byte{1: []byte("a key for tests, of 32 bytes and more")})
	if err != nil {
		t.Fatal(err)
	}
	w := &World{
		Tester: t, Engine: &Engine{Engine: e}, Blobs: &Blobs{}, Settings: settings, Keys: keys, now: Start,
		random: rand.NewChaCha8([32]byte{1}),
	}
	w.Store = store.New(w.Engine, w.Now)
	return w
}

// Now is the world's time.
func (w *World) Now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

// Pass moves the world's time.
func (w *World) Pass(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(d)
}

// At sets the world's time.
func (w *World) At(t time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = t
}

// Read gives random bytes, the same in every run.
func (w *World) Read(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.random.Read(p)
}

// Current gives the settings, as services ask for them.
func (w *World) Current(context.Context) (*desk.Settings, error) { return w.Settings, nil }

// Due gives every item that waits in the outbox, by lane.
func (w *World) Due() (items []desk.OutboxItem) {
	w.Helper()
	for _, lane := range store.Lanes(w.Settings.Agents) {
		got, err := w.Store.DueOutbox(w.Context(), lane, w.Now(), 0)
		if err != nil {
			w.Fatal(err)
		}
		items = append(items, got...)
	}
	return items
}

// Events gives all events of the world's day.
func (w *World) Events() (out []desk.Event) {
	w.Helper()
	err := w.Store.Events(w.Context(), w.Now(), func(e desk.Event) error {
		out = append(out, e)
		return nil
	})
	if err != nil {
		w.Fatal(err)
	}
	return out
}

// Home is the world as services know it.
func (w *World) Home() *home.Home {
	return &home.Home{Store: w.Store, Blobs: w.blobs(), Settings: w.Current, Keys: w.Keys, Now: w.Now, Random: w}
}

func (w *World) blobs() store.Blobs {
	if w.Kept != nil {
		return w.Kept
	}
	return w.Blobs
}
