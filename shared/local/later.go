package local

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/replywell/replywell/shared/local/verify"
)

// DNS that is away for a moment must not decide what a mail is. What an agent
// writes waits: it is checked again, and for an hour nobody is asked whether it
// is true. A customer's mail does not wait: agents are told of it at once, and it
// is checked again beside that.
const (
	// orderWaits is how long an agent's mail waits for DNS.
	orderWaits = time.Hour
	// orderTries is the same as a number of tries, for a clock that is wrong.
	orderTries = 36
	// laterFor is how long a customer's mail is checked again.
	laterFor = 24 * time.Hour
	// maxLater is how many mails may wait for that. Their senders' DNS is a
	// stranger's, which may be away on purpose; those beyond stay unchecked.
	maxLater = 1000
	// checksAtOnce is how many of them are asked about at a time.
	checksAtOnce = 4
)

// askAgain is how long to wait for DNS after so many tries: 5 seconds,
// doubling, at most 2 minutes.
func askAgain(tries int) time.Duration {
	return min(5*time.Second<<min(max(tries-1, 0), 20), 2*time.Minute)
}

// checkAgain is the same for what waits in nobody's way: 5 seconds to an hour.
func checkAgain(tries int) time.Duration {
	return min(5*time.Second<<min(max(tries-1, 0), 20), time.Hour)
}

// waits puts an agent's mail off, unless it has waited for long enough.
func (s *Spool) waits(e *queued) bool {
	if e.asked++; e.asked > orderTries || s.now().Sub(e.ReceivedAt) >= orderWaits {
		return false
	}
	again := *e
	again.judged, again.turn, again.Verdicts = false, false, verify.Disabled()
	wait := s.later.wait(askAgain, e.asked)
	s.log.Warn("an agent's mail waits, because DNS does not answer", "mail", e.ID, "attempt", e.asked, "again in", wait)
	time.AfterFunc(wait, func() { s.enqueue(again) })
	return true
}

// unchecked are mails that were taken in before DNS said whose they are.
type unchecked struct {
	mu   sync.Mutex
	due  []dueCheck // the soonest first
	more chan struct{}
	wait func(backoff func(int) time.Duration, tries int) time.Duration // shorter in tests
}

type dueCheck struct {
	Envelope
	tries int
	at    time.Time // by the monotonic clock
}

func newUnchecked() unchecked {
	return unchecked{more: make(chan struct{}, 1), wait: func(b func(int) time.Duration, n int) time.Duration { return b(n) }}
}

// checkLater keeps the envelope of a mail that was taken in, to be checked again.
func (s *Spool) checkLater(e Envelope) error {
	file := s.folder.Path("spool", e.ID+".json")
	if !s.addLater(dueCheck{Envelope: e, tries: 1}) {
		return os.Remove(file)
	}
	return os.Rename(file, s.folder.Path("spool", "later", e.ID+".json"))
}

// addLater puts a mail where its turn is. false: there are too many.
func (s *Spool) addLater(d dueCheck) bool {
	u := &s.later
	u.mu.Lock()
	defer u.mu.Unlock()
	if len(u.due) >= maxLater {
		return false
	}
	d.at = time.Now().Add(u.wait(checkAgain, d.tries))
	at, _ := slices.BinarySearchFunc(u.due, d, func(a, b dueCheck) int { return a.at.Compare(b.at) })
	u.due = slices.Insert(u.due, at, d)
	select {
	case u.more <- struct{}{}:
	default:
	}
	return true
}

// resumeLater takes up what an earlier process left to be checked.
func (s *Spool) resumeLater() error {
	names, err := filepath.Glob(s.folder.Path("spool", "later", "*.json"))
	if err != nil {
		return err
	}
	for _, name := range names {
		e, err := envelopeIn(name)
		if err != nil && !errors.Is(err, errNoEnvelope) {
			return err
		}
		if err != nil || !s.addLater(dueCheck{Envelope: e}) {
			if err := os.Remove(name); err != nil { // the mail was taken in; this was about its sender alone
				return err
			}
		}
	}
	return nil
}

// checkAgain checks mails whose time has come until the context ends.
func (s *Spool) checkAgain(ctx context.Context) {
	var work errgroup.Group
	work.SetLimit(checksAtOnce)
	defer func() { _ = work.Wait() }() // the functions report to the log
	u := &s.later
	for {
		u.mu.Lock()
		wait := time.Hour
		var next *dueCheck
		if len(u.due) > 0 {
			if wait = time.Until(u.due[0].at); wait <= 0 {
				d := u.due[0]
				next, u.due = &d, u.due[1:]
			}
		}
		u.mu.Unlock()
		if next != nil {
			work.Go(func() error {
				s.checkNow(ctx, *next)
				return nil
			})
			continue
		}
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
			timer.Stop()
			return
		case <-u.more:
		case <-timer.C:
		}
		timer.Stop()
	}
}

// checkNow asks DNS once more, and tells the service what it says. What the end
// of the process breaks off is taken up at the next start.
func (s *Spool) checkNow(ctx context.Context, d dueCheck) {
	e := d.Envelope
	e.Verdicts = verify.Disabled()
	err := s.judge(ctx, &e)
	if err == nil && !e.away {
		err = s.checked(context.WithoutCancel(ctx), e)
	}
	if ctx.Err() != nil && err != nil {
		return
	}
	if (err != nil || e.away) && s.now().Sub(e.ReceivedAt) < laterFor && d.tries < 48 {
		if err != nil {
			s.log.Warn("a mail could not be checked again yet", "mail", e.ID, "error", err)
		}
		d.tries++
		if s.addLater(d) {
			return
		}
	}
	if err := os.Remove(s.folder.Path("spool", "later", e.ID+".json")); err != nil {
		s.log.Error("a mail that was checked stays in the list of those that are not", "mail", e.ID, "error", err)
	}
}
