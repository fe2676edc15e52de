package processor_test

import (
	"testing"
	"time"

	"github.com/replywell/replywell/shared/bench/processor"
)

// TestTimeIsOfWorkAndNotOfWaiting: whoever waits has no processor, and whoever counts has one.
func TestTimeIsOfWorkAndNotOfWaiting(t *testing.T) {
	begun, before := time.Now(), processor.Time()
	for n := uint32(1); processor.Time()-before < 20*time.Millisecond; n = n*1664525 + 1013904223 {
		if time.Since(begun) > time.Minute {
			t.Fatal("work of a minute took no time")
		}
	}
	before = processor.Time()
	<-time.After(50 * time.Millisecond)
	if waited := processor.Time() - before; waited > 40*time.Millisecond {
		t.Errorf("waiting for 50 ms took %v of a processor", waited)
	}
}
