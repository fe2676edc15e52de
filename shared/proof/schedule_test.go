package proof_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"sync"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"
)

// Errors that a step ends in when it is made to fail.
var (
	errFault     = errors.New("as the test wants it: an error")
	errDead      = errors.New("as the test wants it: this process has ended")
	errThrottled = errors.New("as the test wants it: too much is asked for")
	errHalf      = errors.New("as the test wants it: half of what was asked for")
)

// fate is what happens to a step.
type fate int

const (
	happens fate = iota
	fails        // it does not take place, and an error says that something went wrong
	lost         // it takes place, and an error says that something went wrong
	dies         // the process ends before it
	diesAfter
	throttled // it does not take place, and the answer is that too much is asked for
	hangs     // it does not take place, and there is no answer until nobody waits for it
	hangsAfter
	slow // it takes place after a minute and more
	half // of a batch, half is answered
)

var fates = map[fate]string{happens: "", fails: "  FAILS", lost: "  takes place, ANSWER LOST",
	dies: "  process DIES before", diesAfter: "  process DIES after", throttled: "  THROTTLED",
	hangs: "  HANGS", hangsAfter: "  takes place and HANGS", slow: "  is SLOW", half: "  HALF of it"}

// longest is how long who asks waits for an answer, where nothing else says so; slowness is how
// long a slow answer takes. Neither falls on the moment at which anything else ends: which of two
// is first would be chance.
const longest, slowness = 61_003_007 * time.Microsecond, 70_005_011 * time.Microsecond

// step is a call that waits to be let through.
type step struct {
	process *process
	what    string
	goOn    chan fate
}

// process is one run of a service: a Lambda invocation, a worker.
type process struct {
	*stage
	name    string
	number  int
	random  *rand.ChaCha8
	calm    bool // nothing is a step in it
	dead    bool
	faulted bool // something was made to go wrong in it
	begun   time.Time
	skew    time.Duration // of its clock, beside the office's
}

// stage is where processes run, one step at a time.
type stage struct {
	mu      sync.Mutex
	waiting []*step
	running []*process
	begun   int
	fated   map[fate]int // steps, by what became of them
	say     func(format string, args ...any)
}

// begin starts a process. ended is called when it ends, unless it died.
func (s *stage) begin(name string, run func(*process) error, ended func(error)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.begun++
	p := &process{stage: s, name: name, number: s.begun, begun: time.Now()}
	p.random = rand.NewChaCha8([32]byte{byte(p.number), byte(p.number >> 8), 1})
	s.running = append(s.running, p)
	go func() {
		err := run(p)
		s.mu.Lock()
		defer s.mu.Unlock()
		s.running = slices.DeleteFunc(s.running, func(x *process) bool { return x == p })
		if p.dead {
			return
		}
		if err != nil {
			s.say("    %s ends: %v", p, err)
		}
		ended(err)
	}()
}

// quiet is a process in which everything happens at once.
func (s *stage) quiet() *process {
	return &process{stage: s, calm: true, random: rand.NewChaCha8([32]byte{2})}
}

func (p *process) String() string { return fmt.Sprintf("#%d %s", p.number, p.name) }

// Read gives random bytes, the same in every run.
func (p *process) Read(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.random.Read(b)
}

// at is a step: it waits to be let through, and ends as the scheduler decides.
func (p *process) at(ctx context.Context, what string, effect func() error) error {
	if p.calm {
		return effect()
	}
	p.mu.Lock()
	if p.dead {
		p.mu.Unlock()
		return errDead
	}
	st := &step{process: p, what: what, goOn: make(chan fate, 1)}
	p.waiting = append(p.waiting, st)
	p.mu.Unlock()
	f := <-st.goOn
	if p.isDead() {
		return errDead // while it waited
	}
	over := ctx.Err() // its time was over before it was let through
	if f != happens || over != nil {
		p.mu.Lock()
		p.faulted = true
		p.mu.Unlock()
	}
	switch {
	case over != nil && (f == dies || f == diesAfter):
		f = dies
	case over != nil:
		return over
	}
	switch f {
	case fails:
		return errFault
	case throttled:
		return errThrottled
	case half:
		return errHalf
	case hangs:
		return p.hang(ctx, longest)
	case slow:
		if err := p.hang(ctx, slowness); !errors.Is(err, os.ErrDeadlineExceeded) {
			f = lost // it takes place, and nobody waits any more
		}
	case dies:
		p.die()
		return errDead
	}
	if p.isDead() {
		return errDead
	}
	err := effect()
	if errors.Is(err, errDown) || errors.Is(err, errFull) {
		p.mu.Lock()
		p.faulted = true
		p.mu.Unlock()
	}
	switch {
	case f == diesAfter:
		p.die()
		return errDead
	case f == lost && err == nil:
		return errFault
	case f == hangsAfter && err == nil:
		return p.hang(ctx, longest)
	}
	return err
}

// hang waits for an answer that does not come, for so long or until the process' time is over.
func (p *process) hang(ctx context.Context, most time.Duration) error {
	t := time.NewTimer(most)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return os.ErrDeadlineExceeded
	}
}

func (p *process) die() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.dead = true
}

func (p *process) isDead() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.dead
}

// settled waits until everybody has come to a step, or waits for time to pass,
// and gives the steps in an order that is the same in every run.
func (s *stage) settled() []*step {
	synctest.Wait()
	s.mu.Lock()
	defer s.mu.Unlock()
	slices.SortStableFunc(s.waiting, func(a, b *step) int {
		if a.process.number != b.process.number {
			return a.process.number - b.process.number
		}
		if a.what < b.what {
			return -1
		} else if a.what > b.what {
			return 1
		}
		return 0
	})
	return slices.Clone(s.waiting)
}

// let lets a step go on.
func (s *stage) let(st *step, f fate) {
	s.mu.Lock()
	s.waiting = slices.DeleteFunc(s.waiting, func(x *step) bool { return x == st })
	if s.fated == nil {
		s.fated = map[fate]int{}
	}
	s.fated[f]++
	s.mu.Unlock()
	s.say("  %s: %s%s", st.process, st.what, fates[f])
	st.goOn <- f
}

// busy is how many processes are on their way.
func (s *stage) busy() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.running)
}

// finish lets everybody go on until all have ended. Who waits for time to pass
// gets it.
func (s *stage) finish() {
	for s.busy() > 0 {
		steps := s.settled()
		if len(steps) == 0 {
			if s.busy() > 0 {
				time.Sleep(time.Second)
			}
			continue
		}
		s.let(steps[0], happens)
	}
}

// kill ends all processes, so that none outlives the test.
func (s *stage) kill() {
	for s.busy() > 0 {
		s.mu.Lock()
		for _, p := range s.running {
			p.dead = true
		}
		for _, st := range s.waiting {
			st.goOn <- dies
		}
		s.waiting = nil
		s.mu.Unlock()
		time.Sleep(time.Minute)
	}
}

// pick draws an index, each as likely as any other: rapid's own integers are
// mostly small ones.
func pick(t *rapid.T, n int, label string) int {
	bits := 1
	for 1<<bits < 8*n {
		bits++
	}
	v := 0
	for _, one := range rapid.SliceOfN(rapid.Bool(), bits, bits).Draw(t, label) {
		v <<= 1
		if one {
			v++
		}
	}
	return v % n
}
