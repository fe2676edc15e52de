package window

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/replywell/replywell/shared/desk"
)

// dayLength is how long the sample day is, in its own minutes, and daySpeed how
// much faster it passes. How long people take to answer is told by the real clock,
// like everything else.
const (
	dayLength = 60
	daySpeed  = 10
	dayTick   = 200 * time.Millisecond
)

// day plays the script. Each of its mails is written from a mailbox and goes by
// SMTP, as if it had been typed on the page.
type day struct {
	mu      sync.Mutex
	begun   bool // somebody plays it
	playing bool
	skip    bool // the next mail is to come now
	over    bool
	minute  float64
	steps   []step
	next    int
	doing   string // what was done last
	problem string
	from    time.Time
	asked   map[string]string // by the script's name of a conversation: the server's id of its last mail
	left    string            // whose mailboxes to look at
	right   string
	report  string // the report's mail, as "inbox.ID"
	gaps    []desk.Gap
	wake    chan struct{}
}

// step is one mail of the sample day.
type step struct {
	minute int
	of     string // the conversation's name in the script
	says   string // what happens, in words; $ is who writes
	do     func(context.Context) (sent, error)
}

// dayView is how far it is.
type dayView struct {
	State    string // "", "playing", "paused" or "over"
	Minute   int
	Length   int
	Next     string
	Doing    string
	Problem  string
	Gaps     []desk.Gap
	Report   string // address of the report
	Speed    int
	Duration int // of the whole, in minutes
}

func (d *day) view() dayView {
	d.mu.Lock()
	defer d.mu.Unlock()
	v := dayView{Minute: min(int(d.minute), dayLength), Length: dayLength, Doing: d.doing, Problem: d.problem, Gaps: d.gaps, Speed: daySpeed, Duration: dayLength / daySpeed}
	switch {
	case d.over:
		v.State = "over"
		if d.report != "" {
			at := state{Left: pane{Side: "left"}, Right: pane{Side: "right", Box: d.right, Open: d.report}, See: "right"}
			v.Report = at.URL()
		}
	case d.playing:
		v.State = "playing"
	case d.asked != nil:
		v.State = "paused"
	}
	return v
}

// state changes with what the page shows of it.
func (d *day) state() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return fmt.Sprint(d.playing, d.over, int(d.minute), d.next, d.doing, d.problem, d.report)
}

// follows gives the mailbox that a side shows while the day is played and nobody
// has chosen one, and what is open in it.
func (d *day) follows(side string) (address, open string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	switch {
	case d.asked == nil:
		return "", ""
	case side == "left":
		return d.left, ""
	case d.over:
		return d.right, d.report
	}
	return d.right, ""
}

func (d *day) start(now time.Time, script []step) {
	d.steps = script
	d.minute, d.next, d.over, d.report, d.gaps, d.doing = 0, 0, false, "", nil, ""
	d.asked, d.from, d.left, d.right = map[string]string{}, now, "", ""
}

// pass lets time pass, and tells whether the next mail is due.
func (d *day) pass(t time.Duration) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.over || d.asked == nil {
		return false
	}
	due := float64(dayLength)
	if d.next < len(d.steps) {
		due = float64(d.steps[d.next].minute)
	}
	if d.skip {
		d.skip, d.minute = false, max(d.minute, due)
		return true
	}
	if d.playing {
		d.minute += t.Minutes() * daySpeed
	}
	return d.playing && d.minute >= due
}
