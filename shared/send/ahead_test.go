package send_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/bench"
)

// What was recorded by a clock that was ahead, and was never tried, leaves when the clock
// is right again and not when that date has come.
func TestWhatAClockAheadRecordedLeavesWhenItIsRight(t *testing.T) {
	for _, ahead := range []time.Duration{3 * time.Hour, 9 * 24 * time.Hour, 400 * 24 * time.Hour} {
		t.Run(ahead.String(), func(t *testing.T) {
			p := bench.NewPath(t)
			p.Pass(ahead)
			p.Arrive(bench.Arrival{From: "erika@customers.example", To: []string{"support@lantern.example"},
				Verdicts: bench.Trusted, Raw: lamp})
			p.Pass(-ahead) // it is set right
			got := fmt.Sprint(bench.Recipients(p.Later(2 * time.Minute)))
			if got != "[anna@team.lantern.example ben@team.lantern.example]" {
				t.Errorf("told are %v", got)
			}
			if sent := p.Later(time.Hour); len(sent) > 0 {
				t.Errorf("%d more", len(sent))
			}
		})
	}
}
