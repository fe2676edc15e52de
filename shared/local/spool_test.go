package local

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/local/packed"
)

// running is a spool at work; done gets the id of every call that ended.
type running struct {
	*Spool
	done chan string
	stop func()
}

func runSpool(t *testing.T, f *Folder, receive func(context.Context, Envelope) error) *running {
	t.Helper()
	r := &running{done: make(chan string, 1000)}
	r.Spool = newSpool(f, func(ctx context.Context, e Envelope) error {
		defer func() { r.done <- e.ID }()
		return receive(ctx, e)
	}, quiet)
	r.backoff = func(int) time.Duration { return time.Millisecond }
	if err := r.resume(); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	var worker sync.WaitGroup
	worker.Go(func() { r.run(ctx) })
	r.stop = func() { cancel(); worker.Wait() }
	t.Cleanup(r.stop)
	return r
}

func (r *running) await(t *testing.T, n int) (ids []string) {
	t.Helper()
	for range n {
		select {
		case id := <-r.done:
			ids = append(ids, id)
		case <-time.After(time.Minute):
			t.Fatalf("only %d of %d calls", len(ids), n)
		}
	}
	return ids
}

// Keep puts a small mail into the spool, as the SMTP server does.
func (s *Spool) Keep(e Envelope) error {
	if e.Raw == "" {
		e.Raw = "mail/" + e.ID
	}
	file, err := s.folder.create()
	if err != nil {
		return err
	}
	if _, err := file.Write(packed.Pack([]byte("Subject: Lamp\r\n\r\nIt flickers.\r\n"))); err != nil {
		return err
	}
	return s.Take(file, e)
}

func spooled(t *testing.T, f *Folder, dir ...string) int {
	t.Helper()
	names, err := filepath.Glob(f.Path(append(append([]string{"spool"}, dir...), "*.json")...))
	if err != nil {
		t.Fatal(err)
	}
	return len(names)
}

func TestSpoolBringsWhatItHolds(t *testing.T) {
	f := testFolder(t)
	var tries atomic.Int32
	s := runSpool(t, f, func(_ context.Context, e Envelope) error {
		switch {
		case e.ID == "temporary" && tries.Add(1) < 3:
			return errors.New("the store is away")
		case e.ID == "permanent":
			return desk.Permanent(errors.New("no"))
		case e.ID == "panic":
			panic("a bug")
		}
		return nil
	})
	for _, id := range []string{"good", "temporary", "permanent", "panic"} {
		if err := s.Keep(Envelope{ID: id, Size: 10}); err != nil {
			t.Fatal(err)
		}
	}
	s.await(t, 6)
	s.stop()
	if n, parked := spooled(t, f), spooled(t, f, "parked"); n != 0 || parked != 2 || tries.Load() != 3 {
		t.Errorf("%d wait, %d are parked, %d tries", n, parked, tries.Load())
	}
}

func TestSpoolGoesOnAfterARestart(t *testing.T) {
	for name, links := range map[string]bool{"two names": true, "one name": false} {
		t.Run(name, func(t *testing.T) {
			f := testFolder(t)
			f.links = links
			goesOn(t, f)
		})
	}
}

func goesOn(t *testing.T, f *Folder) {
	first := newSpool(f, nil, quiet) // not run: the process ended before
	want := Envelope{ID: "b", Raw: "mail/b", MailFrom: "<>", Recipients: []string{"x@y.example"},
		ReceivedAt: time.Now().UTC(), Size: 5}
	for _, e := range []Envelope{want, {ID: "a"}} {
		if err := first.Keep(e); err != nil {
			t.Fatal(err)
		}
	}
	for name, content := range map[string]string{"broken.json": "{", "before.json": `{"ID": "before"}`, "other.json": `{"ID": "before"}`} {
		if err := os.WriteFile(f.Path("spool", name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var got Envelope
	s := runSpool(t, f, func(_ context.Context, e Envelope) error {
		if e.ID == "b" {
			got = e
		}
		return nil
	})
	s.await(t, 3)
	s.stop()
	if raw, err := (Blobs{f}).Get(t.Context(), want.Raw); err != nil || !strings.Contains(string(raw), "flickers") {
		t.Errorf("the mail is %q, %v", raw, err)
	}
	if fmt.Sprint(got) != fmt.Sprint(want) || spooled(t, f) != 0 || spooled(t, f, "parked") != 2 {
		t.Errorf("got %+v, want %+v; %d wait", got, want, spooled(t, f))
	}
}

// However many mails wait, only so many bytes of them are worked on at a time.
func TestSpoolBoundsItsWork(t *testing.T) {
	var now, most, count atomic.Int64
	s := runSpool(t, testFolder(t), func(_ context.Context, e Envelope) error {
		if n := now.Add(int64(e.Size)); n > most.Load() {
			most.Store(n)
		}
		count.Add(1)
		defer now.Add(-int64(e.Size))
		return nil
	})
	for i := range 60 {
		size := 3 << 20
		if i%10 == 0 {
			size = MaxMail
		}
		if err := s.Keep(Envelope{ID: fmt.Sprint("m", i), Size: size}); err != nil {
			t.Fatal(err)
		}
	}
	s.await(t, 60)
	if most.Load() > MaxMail || count.Load() != 60 {
		t.Errorf("%d bytes at a time, %d mails", most.Load(), count.Load())
	}
}

// One sender's mails are processed in the order in which they were taken, and
// do not hold up anybody else's.
func TestSpoolKeepsASendersOrder(t *testing.T) {
	hold, others := make(chan bool), make(chan string, 100)
	var mu sync.Mutex
	var order []string
	s := runSpool(t, testFolder(t), func(_ context.Context, e Envelope) error {
		if e.MailFrom != "erika@x.example" && e.MailFrom != "Erika@x.example" {
			others <- e.ID
			return nil
		}
		<-hold
		mu.Lock()
		defer mu.Unlock()
		order = append(order, e.ID)
		return nil
	})
	for i := range 20 {
		from := []string{"erika@x.example", "Erika@x.example"}[i%2]
		for _, e := range []Envelope{{ID: fmt.Sprintf("e%02d", i), MailFrom: from},
			{ID: fmt.Sprintf("b%02d", i), MailFrom: "ben@x.example"}, {ID: fmt.Sprintf("n%02d", i), MailFrom: "<>"}} {
			if err := s.Keep(e); err != nil {
				t.Fatal(err)
			}
		}
	}
	for range 40 {
		select {
		case <-others:
		case <-time.After(time.Minute):
			t.Fatal("others wait for a sender whose mail takes long")
		}
	}
	close(hold)
	s.await(t, 60)
	s.stop()
	if !slices.IsSorted(order) || len(order) != 20 {
		t.Errorf("order %v", order)
	}
	if len(s.busy) != 0 {
		t.Errorf("still busy: %v", s.busy)
	}
}

func TestStoppingWaitsForWhatWasBegun(t *testing.T) {
	f := testFolder(t)
	begun, goOn := make(chan bool), make(chan bool)
	s := runSpool(t, f, func(ctx context.Context, e Envelope) error {
		begun <- true
		<-goOn
		return ctx.Err() // work that was begun is not cancelled
	})
	if err := s.Keep(Envelope{ID: "x"}); err != nil {
		t.Fatal(err)
	}
	<-begun
	stopped := make(chan bool)
	go func() { s.stop(); close(stopped) }()
	close(goOn)
	<-stopped
	if spooled(t, f) != 0 {
		t.Error("the mail that was begun is still in the spool")
	}
}
