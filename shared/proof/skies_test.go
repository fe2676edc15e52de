package proof_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"pgregory.net/rapid"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/inbound"
	"github.com/replywell/replywell/shared/store/engine"
	"github.com/replywell/replywell/shared/store/engine/dynamo"
	"github.com/replywell/replywell/shared/store/engine/dynamo/inprocess"
)

// bad is what is bad for a while.
type bad struct {
	table bool          // refuses everything
	full  bool          // the disk: nothing can be written
	dns   bool          // is away
	route weather       // what the way out does
	skew  time.Duration // of all clocks
}

// skies are what is bad for every process of an office.
type skies struct {
	mu   sync.Mutex
	bad  bad
	hits map[string]int // what met a bad sky
}

var errFull = fmt.Errorf("writing: %w", syscall.ENOSPC)

func (s *skies) now() bad {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.bad
}

func (s *skies) turn(how func(*bad)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	how(&s.bad)
}

func (s *skies) out() weather         { return s.now().route }
func (s *skies) wrong() time.Duration { return s.now().skew }

func (s *skies) hit(what string, err error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.hits == nil {
		s.hits = map[string]int{}
	}
	s.hits[what]++
	return err
}

func (s *skies) read() error {
	if s.now().table {
		return s.hit("the table is away", errDown)
	}
	return nil
}

func (s *skies) room() error {
	if s.now().full {
		return s.hit("the disk is full", errFull)
	}
	return nil
}

func (s *skies) write() error {
	if err := s.read(); err != nil {
		return err
	}
	return s.room()
}

// seen is what a process sees of the engine. Where the table is of this process, each
// of the SDK's requests is a step, its repetitions too.
func (o *office) seen(p *process) engine.Engine {
	if o.table == nil {
		return seam{o.engine, p, &o.skies}
	}
	return dynamo.New(o.table.Client(func(r *inprocess.Request) (out *http.Response, err error) {
		what := fmt.Sprintf("%s %.40s (%d)", r.Operation, r.Keys[0], len(r.Keys))
		err = p.at(r.Context(), what, func() error {
			if err := o.skies.read(); err != nil {
				return err
			}
			out, err = r.Answer()
			return err
		})
		switch {
		case errors.Is(err, errThrottled):
			return r.Refusal(http.StatusBadRequest, "ProvisionedThroughputExceededException")
		case errors.Is(err, errHalf):
			return r.HeldBack()
		case errors.Is(err, errDown):
			return r.Refusal(http.StatusInternalServerError, "InternalServerError")
		case err != nil:
			return nil, err
		}
		return out, nil
	}), inprocess.Name)
}

// most is the time that a process has, as a function's timeout is.
const most = 2 * time.Minute

// start starts a process that uses the services, and that has so much time.
func (o *office) start(name string, run func(context.Context, services) error, ended func(error)) {
	o.begin(name, func(p *process) error {
		ctx, stop := context.WithTimeout(context.Background(), most)
		defer stop()
		return run(ctx, o.services(p))
	}, ended)
}

// tabled is the engine of AWS over a table of this process.
type tabled struct {
	engine.Engine
	*inprocess.Table
}

func inTheProcess(r *rapid.T) engine.Engine {
	t := inprocess.New()
	t.Lag(rapid.SampledFrom([]int{0, 0, 3, 20}).Draw(r, "lag of the indexes"))
	return tabled{dynamo.New(t.Client(nil), inprocess.Name), t}
}

// nightsFates are what may become of a step at night, beside that it takes place.
var nightsFates = []fate{fails, lost, dies, diesAfter, throttled, hangs, hangsAfter, slow}

func (w *trouble) nightsFate(st *step) fate {
	k := pick(w.T, 5*len(nightsFates), "fate")
	if k == 0 && strings.HasPrefix(st.what, "BatchGetItem") {
		return half
	}
	if k < 4*len(nightsFates) {
		return happens
	}
	return nightsFates[k-4*len(nightsFates)]
}

// storms are the weathers of an hour: mail waits for a better one.
var storms = slices.DeleteFunc(slices.Clone(weathers), func(w weather) bool {
	return !slices.Contains([]string{"nobody is there", "log in first", "later", "a full disk", "the connection breaks",
		"the account is paused", "the quota is used up", "answers are lost"}, w.name)
})

// jumps are how far the clock of one machine may be wrong for a while.
var jumps = []time.Duration{-5 * time.Hour, -2 * time.Minute, 2 * time.Minute, 5 * time.Hour, 26 * time.Hour,
	9 * 24 * time.Hour}

// skiesTurn are the turns that the skies can take now.
func (w *trouble) skiesTurn() (out []act) {
	turn := func(name string, bad bool, do func()) {
		out = append(out, act{name, func() {
			if bad {
				_ = w.skies.hit(name, nil)
				if w.bad.IsZero() {
					w.bad = time.Now()
				}
			}
			do()
		}})
	}
	if s := &w.skies; w.bad.IsZero() {
		turn("the table refuses everything", true, func() { s.turn(func(b *bad) { b.table = true }) })
		turn("the way out is bad", true, func() {
			now := storms[pick(w.T, len(storms), "weather")]
			w.say("    %s", now.name)
			s.turn(func(b *bad) { b.route = now })
		})
		if !w.confirms { // on one machine
			turn("the disk is full", true, func() { s.turn(func(b *bad) { b.full = true }) })
			turn("DNS is away", true, func() { s.turn(func(b *bad) { b.dns = true }) })
			turn("the clock jumps", true, func() {
				far := jumps[pick(w.T, len(jumps), "how far")]
				w.say("    by %v", far)
				s.turn(func(b *bad) { b.skew = far })
				w.upset()
			})
		}
	} else {
		turn("it is fine again", false, w.clears)
	}
	count := func() {
		w.start("roll up", func(ctx context.Context, s services) error { return s.metrics.RollUpDays(ctx) },
			func(error) {})
	}
	turn("the days that are over are counted", false, count)
	if w.skies.wrong() > 0 { // that is when it can be too soon
		turn("the days that are over by this clock are counted", false, count)
		turn("the days that are over by this clock are counted", false, count)
	}
	w.queue.Lock()
	unchecked := slices.Clone(w.unchecked)
	w.queue.Unlock()
	if len(unchecked) > 0 {
		turn("what DNS did not answer for is checked again", false, func() { w.checkAgain(unchecked[0]) })
	}
	return out
}

// clears ends what the skies do.
func (w *trouble) clears() {
	w.bad = time.Time{}
	if w.skies.wrong() != 0 {
		w.upset()
	}
	w.skies.turn(func(b *bad) { *b = bad{route: weathers[0]} })
}

// upset notes that something went wrong with every process that is on its way.
func (w *trouble) upset() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, p := range w.running {
		p.faulted = true
	}
}

// bearable is how much time may pass: bad skies last for hours.
func (w *trouble) bearable(d time.Duration) time.Duration {
	if w.bad.IsZero() {
		return d
	}
	if time.Since(w.bad) > 6*time.Hour {
		w.clears()
	}
	return min(d, 90*time.Minute)
}

// judged is the mail as it is handed over while DNS does not answer: an agent's has
// waited for an hour then, and a customer's is checked again.
func (w *trouble) judged(d inbound.Delivery) inbound.Delivery {
	w.queue.Lock()
	defer w.queue.Unlock()
	if !w.skies.now().dns || slices.ContainsFunc(w.unchecked, func(x inbound.Delivery) bool { return x.ID == d.ID }) {
		return d
	}
	_ = w.skies.hit("DNS does not answer", nil)
	w.unchecked = append(w.unchecked, d)
	d.CheckedLater = true
	const unknown = desk.VerdictProcessing
	d.Verdicts.SPF, d.Verdicts.DKIM, d.Verdicts.DMARC = unknown, unknown, unknown
	return d
}

func (w *trouble) checkAgain(d inbound.Delivery) {
	w.start("check "+d.ID+" again", func(ctx context.Context, s services) error {
		if w.skies.now().dns {
			return errors.New("DNS does not answer")
		}
		return s.inbound.Checked(ctx, d)
	}, func(err error) {
		w.queue.Lock()
		defer w.queue.Unlock()
		if err == nil {
			w.unchecked = slices.DeleteFunc(w.unchecked, func(x inbound.Delivery) bool { return x.ID == d.ID })
		}
	})
}
