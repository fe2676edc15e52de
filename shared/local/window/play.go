package window

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/local/mailbox"
)

// playDay starts the day, stops it for a while, goes on, or brings its next mail.
func (p *window) playDay(w http.ResponseWriter, r *http.Request) {
	d := &p.day
	d.mu.Lock()
	defer d.mu.Unlock()
	switch r.PathValue("do") {
	case "play":
		if d.asked == nil || d.over {
			d.start(p.now(), p.script())
		}
		d.playing, d.problem = true, ""
	case "pause":
		d.playing = false
	case "next":
		if d.asked == nil || d.over {
			d.start(p.now(), p.script())
		}
		d.skip, d.problem = true, ""
	default:
		p.fail(w, http.StatusNotFound, "There is nothing here", "The sample day can be played, paused, and brought to its next mail.")
		return
	}
	if !d.begun {
		d.begun, d.wake = true, make(chan struct{}, 1)
		go p.playing()
	}
	select {
	case d.wake <- struct{}{}:
	default: // it looks already
	}
	s := readAt(r)
	s.Left, s.Right, s.Mail, s.Sample = pane{Side: "left"}, pane{Side: "right"}, "", "" // they follow what happens
	http.Redirect(w, r, s.URL(), http.StatusSeeOther)
}

// playing does what is due until the server stops.
func (p *window) playing() {
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	go func() {
		<-p.stopping
		stop()
	}()
	tick := time.NewTicker(dayTick)
	defer tick.Stop()
	for ctx.Err() == nil {
		due := p.day.pass(0)
		if !due {
			select {
			case <-ctx.Done():
				return
			case <-p.day.wake:
				due = p.day.pass(0)
			case <-tick.C:
				due = p.day.pass(dayTick)
			}
		}
		if due {
			p.doNext(ctx)
		}
	}
}

// doNext writes the next mail of the script, or ends the day.
func (p *window) doNext(ctx context.Context) {
	d := &p.day
	d.mu.Lock()
	n, from, script := d.next, d.from, d.steps
	d.mu.Unlock()
	if n >= len(script) {
		p.endDay(ctx, from)
		return
	}
	step := script[n]
	out, err := step.do(ctx)
	d.mu.Lock()
	defer d.mu.Unlock()
	if err != nil {
		d.playing = false
		if ctx.Err() == nil {
			d.problem = "The day stands still: " + err.Error()
		}
		return
	}
	d.next, d.doing = n+1, strings.ReplaceAll(step.says, "$", out.from.Title())
	if step.of != "" && out.side == "left" {
		d.asked[step.of] = out.id
	}
	if out.side == "left" {
		d.left = out.from.Address
	} else {
		d.right = out.from.Address
		if out.about != "" {
			d.left = out.about
		}
	}
}

// endDay has the figures of the day posted, as those of a week are, and waits for
// the mail.
func (p *window) endDay(ctx context.Context, from time.Time) {
	d := &p.day
	gaps, err := p.figures(ctx, from)
	report, reader := "", ""
	if err == nil && len(p.settings.Report.To) > 0 {
		reader = p.settings.Report.To[0]
		report, err = p.await(ctx, reader, func(h mailbox.Head) bool {
			o, err := p.records.Outbox(ctx, h.ID)
			return err == nil && o.Kind == desk.OutboxReport && !h.At.Before(from)
		})
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.playing, d.over, d.gaps = false, true, gaps
	d.minute, d.doing = dayLength, "The hour is over, and its report has come"
	if report != "" {
		d.report, d.right = mailbox.Inbox+"."+report, reader
	}
	if err != nil && ctx.Err() == nil {
		d.problem = "The report did not come: " + err.Error()
	}
}

// errNotCome is a mail that was waited for in vain.
var errNotCome = errors.New("the mail that this answers has not come yet; press the button again in a moment")

// await waits for a received mail, and gives its id.
func (p *window) await(ctx context.Context, address string, is func(mailbox.Head) bool) (string, error) {
	ctx, stop := context.WithTimeout(ctx, toldWithin)
	defer stop()
	for {
		mails, err := p.mailboxes.List(address, 50)
		if err != nil {
			return "", err
		}
		for _, h := range mails {
			if h.Folder == mailbox.Inbox && is(h) {
				return h.ID, nil
			}
		}
		select {
		case <-ctx.Done():
			return "", errNotCome
		case <-time.After(100 * time.Millisecond):
		}
	}
}
