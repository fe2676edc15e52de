package local

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/local/packed"
)

// Envelope is what the SMTP server knows of a mail that it has said 250 to. It
// stands as JSON behind the packed mail, which has a second name in the spool until
// it has been processed.
type Envelope struct {
	ID         string // the SMTP transaction; sorts by time
	Raw        string // blob key
	MailFrom   string // "<>" is the null path
	Recipients []string
	ReceivedAt time.Time
	Verdicts   desk.Verdicts
	Size       int    // bytes of the mail, trace lines included
	Trace      int    // bytes of the trace lines above it, which are ours
	Remote     string // the client's IP address
	Login      string // whose mailbox it was written from, in sample mode; "" where nobody logged in
	Helo       string // what it called itself
	// Client is where the mail came from before it came from Remote, and
	// ClientHelo what that called itself: told by a mail server of the team's own.
	Client, ClientHelo string

	away  bool // DNS did not answer, and its answer matters
	order bool // it does something if its sender is who it says
}

// Unchecked reports whether who sent the mail is looked up again later, because
// DNS did not answer.
func (e Envelope) Unchecked() bool { return e.away }

// Processing mail needs a multiple of its size in memory for a moment.
const (
	// InWork bounds how many bytes of mail are processed at a time, so that a
	// few large mails cannot take all memory. A mail larger than that is
	// processed alone.
	InWork = 16 << 20
	// leastWeight is what a small mail counts, so that there is a bound on
	// their number too: 8 at a time.
	leastWeight = 2 << 20
	// InHand is how many mails are being verified or processed at a time.
	// Verifying waits for the DNS of strangers and takes little memory, so it
	// holds up neither the mail behind it nor the memory of processing.
	InHand = 64
)

// Spool takes mail from the moment it is safely on disk to the moment it is
// processed, over restarts. What one sender sent is processed in the order in
// which it was taken, one at a time: an answer finds the mail that it answers,
// and two mails of one conversation do not get into each other's way. Mail of
// different senders is processed in parallel. Its methods may be used
// concurrently.
type Spool struct {
	folder  *Folder
	judge   func(context.Context, *Envelope) error // completes the verdicts; may be nil
	receive func(context.Context, Envelope) error
	checked func(context.Context, Envelope) error // is told what was found out about a mail later; may be nil
	backoff func(attempts int) time.Duration
	now     func() time.Time
	log     *slog.Logger
	hands   *semaphore.Weighted
	weights *semaphore.Weighted

	mu      sync.Mutex
	queue   []queued
	busy    map[string][]queued // senders whose mail is in work, and what more of theirs waits
	more    chan struct{}
	working sync.WaitGroup
	later   unchecked
}

// queued is a mail and how often it was tried.
type queued struct {
	Envelope
	tried  int
	judged bool // its verdicts are complete
	asked  int  // how often DNS was asked in vain
	turn   bool // its sender's mail before it is done
}

// sender names whose mail is kept in order. Reports and the like, which have no
// envelope sender, need no order.
func (q queued) sender() string {
	if q.MailFrom == "<>" {
		return ""
	}
	return strings.ToLower(q.MailFrom)
}

func newSpool(f *Folder, receive func(context.Context, Envelope) error, log *slog.Logger) *Spool {
	return &Spool{folder: f, receive: receive, backoff: spoolBackoff, now: time.Now, later: newUnchecked(), log: log, busy: map[string][]queued{},
		hands: semaphore.NewWeighted(InHand), weights: semaphore.NewWeighted(InWork), more: make(chan struct{}, 1)}
}

// spoolBackoff is how long a mail waits after so many attempts: a second,
// doubling, at most ten minutes. What is away is on this machine, so it is
// back soon or needs a person.
func spoolBackoff(attempts int) time.Duration {
	return min(time.Second<<min(attempts-1, 20), 10*time.Minute)
}

// Take makes a mail durable whose packed bytes are in a file of the folder's, with the
// envelope behind them, and hands it on to be processed. The mail has two names, among
// the blobs and in the spool: one file is made, written and synced for it, and when it is
// off the spool none is gone. It closes the file.
func (s *Spool) Take(file *os.File, e Envelope) error {
	note, err := json.Marshal(e)
	if err == nil {
		note, err = packed.Note(note)
	}
	if err == nil {
		_, err = file.Write(note)
	}
	if err != nil {
		return errors.Join(err, file.Close(), os.Remove(file.Name()))
	}
	names := []name{{"blobs", e.Raw}, {"spool", e.ID + ".json"}}
	if !s.folder.links { // some disks know only one
		names = names[:1]
	}
	if err := s.folder.place(file, names...); err != nil {
		return err
	}
	if !s.folder.links {
		if err := s.folder.Write(note, "spool", e.ID+".json"); err != nil {
			return err
		}
	}
	s.enqueue(queued{Envelope: e})
	return nil
}

// envelopeIn reads the envelope in a file of the spool: behind a mail, or by itself, as
// versions of before wrote it.
func envelopeIn(path string) (e Envelope, err error) {
	data, err := packed.ReadNote(path)
	if errors.Is(err, packed.ErrNoNote) {
		data, err = os.ReadFile(path)
	}
	if err != nil {
		return e, fmt.Errorf("reading the spool: %w", err)
	}
	if err := json.Unmarshal(data, &e); err != nil || e.ID != strings.TrimSuffix(filepath.Base(path), ".json") {
		return e, errors.Join(errNoEnvelope, err)
	}
	return e, nil
}

var errNoEnvelope = errors.New("no envelope is in it")

// resume queues what an earlier process left, the oldest first.
func (s *Spool) resume() error {
	names, err := filepath.Glob(s.folder.Path("spool", "*.json"))
	if err != nil {
		return err
	}
	slices.Sort(names)
	for _, name := range names {
		e, err := envelopeIn(name)
		if errors.Is(err, errNoEnvelope) {
			s.log.Error("an envelope in the spool cannot be read; it is parked", "file", name, "error", err)
			if err := os.Rename(name, s.folder.Path("spool", "parked", filepath.Base(name))); err != nil {
				return err
			}
			continue
		}
		if err != nil {
			return err
		}
		s.enqueue(queued{Envelope: e})
	}
	return s.resumeLater()
}

func (s *Spool) enqueue(e queued) {
	s.mu.Lock()
	s.queue = append(s.queue, e)
	s.mu.Unlock()
	s.signal()
}

// next gives the oldest mail whose sender has none in work.
func (s *Spool) next() (queued, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for len(s.queue) > 0 {
		e := s.queue[0]
		s.queue = s.queue[1:]
		who := e.sender()
		if who == "" {
			return e, true
		}
		if waiting, busy := s.busy[who]; busy && !e.turn {
			s.busy[who] = append(waiting, e)
			continue
		} else if !busy {
			s.busy[who] = nil
		}
		return e, true
	}
	return queued{}, false
}

// done lets the sender's next mail have its turn.
func (s *Spool) done(who string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	waiting, busy := s.busy[who]
	switch {
	case !busy:
		return
	case len(waiting) == 0:
		delete(s.busy, who)
		return
	}
	waiting[0].turn = true
	s.queue = slices.Insert(s.queue, 0, waiting[0])
	s.busy[who] = waiting[1:]
	s.signal()
}

func (s *Spool) signal() {
	select {
	case s.more <- struct{}{}:
	default:
	}
}

// run processes mail until the context ends, and returns when what was begun
// is done. What is left stays in the spool for the next start.
func (s *Spool) run(ctx context.Context) {
	defer s.working.Wait()
	s.working.Go(func() { s.checkAgain(ctx) })
	for {
		e, ok := s.next()
		if !ok {
			select {
			case <-ctx.Done():
				return
			case <-s.more:
			}
			continue
		}
		if s.hands.Acquire(ctx, 1) != nil {
			return
		}
		s.working.Go(func() {
			defer s.hands.Release(1)
			defer s.done(e.sender())
			s.process(ctx, e)
		})
	}
}

// process hands one mail to the service, and takes it off the spool when it is settled.
func (s *Spool) process(ctx context.Context, e queued) {
	var err error
	if s.judge != nil && !e.judged {
		err = s.judge(ctx, &e.Envelope)
		e.judged = err == nil
	}
	if err == nil && e.away && e.order && s.waits(&e) {
		return
	}
	if err == nil {
		err = s.weighed(ctx, e.Envelope)
	}
	if err != nil && ctx.Err() != nil && errors.Is(err, ctx.Err()) {
		return // the end came before it was begun
	}
	file := s.folder.Path("spool", e.ID+".json")
	switch {
	case err == nil && e.away && s.checked != nil && !e.order:
		err = s.checkLater(e.Envelope)
	case err == nil:
		err = os.Remove(file)
	case desk.IsPermanent(err):
		s.log.Error("a mail cannot be processed; it is kept and parked", "mail", e.ID, "error", err)
		err = os.Rename(file, s.folder.Path("spool", "parked", e.ID+".json"))
	default:
		e.tried, e.turn = e.tried+1, false
		wait := s.backoff(e.tried)
		s.log.Warn("a mail could not be processed yet", "mail", e.ID, "attempt", e.tried, "again in", wait, "error", err)
		time.AfterFunc(wait, func() { s.enqueue(e) })
		return
	}
	if err != nil {
		// Processing it once more after the next start changes nothing.
		s.log.Error("a processed mail could not be taken off the spool", "mail", e.ID, "error", err)
	}
}

// weighed processes a mail when there is memory for it. What was begun is not
// broken off when ctx ends.
func (s *Spool) weighed(ctx context.Context, e Envelope) error {
	weight := min(max(int64(e.Size), leastWeight), InWork)
	if err := s.weights.Acquire(ctx, weight); err != nil {
		return err
	}
	defer s.weights.Release(weight)
	if e.Size > leastWeight {
		defer debug.FreeOSMemory() // a large mail is rare, and its memory is not needed again soon
	}
	return s.try(context.WithoutCancel(ctx), e)
}

// try keeps one mail's panic from ending the process again and again.
func (s *Spool) try(ctx context.Context, e Envelope) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = desk.Permanent(fmt.Errorf("the program failed on it: %v\n%s", p, debug.Stack()))
		}
	}()
	return s.receive(ctx, e)
}
