package probe_test

import (
	"context"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/bench"
	"github.com/replywell/replywell/shared/probe"
	"github.com/replywell/replywell/shared/send"
	"github.com/replywell/replywell/shared/wiring"
)

// shut is a way out that takes mail only when it is open.
type shut struct {
	bench.Post
	open bool
}

func (s *shut) Send(ctx context.Context, m send.Mail) (string, error) {
	if !s.open {
		return "", context.DeadlineExceeded
	}
	return s.Post.Send(ctx, m)
}

// While the way out is shut one probe waits and no other is written; but one is
// awaited in every half hour all the same, so that the alarm hears that none comes.
func TestAProbeThatCannotLeaveIsAwaited(t *testing.T) {
	w := bench.New(t)
	s, way := &probe.Service{Home: w.Home()}, &shut{}
	out := wiring.Sending(w.Home(), way, nil)
	for slot := range 6 {
		awaited := 0
		for range int(probe.Every / (5 * time.Minute)) {
			if yes, err := s.Send(t.Context()); err != nil {
				t.Fatal(err)
			} else if yes {
				awaited++
			}
			way.open = slot >= 4
			_ = out.Sweep(t.Context())
			w.Pass(5 * time.Minute)
		}
		if awaited == 0 {
			t.Errorf("half hour %d: no probe is awaited, so its alarm is silent", slot)
		}
		if n := len(w.Due()); n > 1 || way.open && n > 0 {
			t.Errorf("half hour %d: %d probes wait to leave", slot, n)
		}
	}
}
