package proof_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/bench"
	"github.com/replywell/replywell/shared/index"
	"github.com/replywell/replywell/shared/rollup"
	"github.com/replywell/replywell/shared/wiring"
)

// A day that was counted by a clock that was ahead, before the day was over, is counted
// again: its roll-up has what came later too.
func TestADayThatWasCountedTooSoonIsCountedAgain(t *testing.T) {
	p := bench.NewPath(t)
	figures := wiring.Metrics(p.Home(), index.Found{})
	writes := func(n int) {
		raw := fmt.Sprintf("From: %s\nTo: %s\nSubject: Lamp %d\nMessage-ID: <%d@customers.example>\n\nLamp %d "+
			"flickers.\n", erika, support, n, n, n)
		p.Arrive(bench.Arrival{From: erika, To: []string{support}, Verdicts: bench.Trusted, Raw: raw})
	}
	count := func() {
		if err := figures.RollUpDays(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	day := p.Now()
	writes(1)
	p.Pass(26 * time.Hour)
	count()
	p.Pass(-26 * time.Hour) // it is set right
	writes(2)
	for range 60 {
		p.Pass(time.Hour)
		count()
	}
	log, err := p.Store.Day(t.Context(), day)
	if err != nil {
		t.Fatal(err)
	}
	want, err := rollup.Pack(log)
	if err != nil {
		t.Fatal(err)
	}
	got, err := p.Store.RollUp(t.Context(), day)
	if err != nil || string(got.Data) != string(want) {
		t.Errorf("the roll-up has %d events, and the day's log has %d, %v", got.Events, len(log), err)
	}
}
