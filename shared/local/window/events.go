package window

import (
	"context"
	"fmt"
	"hash/fnv"
	"net/http"
	"time"
)

// How often it is looked whether something changed, how often a browser hears
// from us when nothing did, and how many may listen.
const (
	watchEvery  = 300 * time.Millisecond
	aliveEvery  = 15 * time.Second
	mostWatched = 64
)

// events tells a browser by server-sent events (WHATWG HTML, section 9.2) when
// what the page shows has changed; what that is, it asks for itself.
func (p *window) events(w http.ResponseWriter, r *http.Request) {
	p.watch.mu.Lock()
	full := p.watch.listeners >= mostWatched
	if !full {
		p.watch.listeners++
	}
	p.watch.mu.Unlock()
	if full {
		http.Error(w, "Too many windows listen for new mail; close some.", http.StatusServiceUnavailable)
		return
	}
	defer func() {
		p.watch.mu.Lock()
		defer p.watch.mu.Unlock()
		p.watch.listeners--
	}()
	w.Header().Set("Content-Type", "text/event-stream")
	c := http.NewResponseController(w)
	say := func(format string, args ...any) bool {
		_ = c.SetWriteDeadline(time.Now().Add(10 * time.Second)) // where that is not known, the write waits longer
		_, err := fmt.Fprintf(w, format, args...)
		return err == nil && c.Flush() == nil
	}
	state, said := p.state(r.Context()), time.Now()
	if !say("retry: 1000\ndata: %x\n\n", state) {
		return
	}
	tick := time.NewTicker(watchEvery)
	defer tick.Stop()
	for {
		select {
		case <-r.Context().Done():
			return
		case <-p.stopping:
			return
		case <-tick.C:
		}
		switch now := p.state(r.Context()); {
		case now != state:
			if state, said = now, time.Now(); !say("data: %x\n\n", state) {
				return
			}
		case time.Since(said) > aliveEvery:
			if said = time.Now(); !say(": alive\n\n") {
				return
			}
		}
	}
}

// state is another number when the page shows something else: mail in a mailbox,
// mail read, and what became of the mail that came last.
func (p *window) state(ctx context.Context) uint64 {
	p.watch.mu.Lock()
	defer p.watch.mu.Unlock()
	if time.Since(p.watch.looked) < watchEvery/2 {
		return p.watch.state
	}
	h := fnv.New64a()
	left, right := p.sides()
	for _, b := range append(left, right...) {
		fmt.Fprintln(h, b.Address, b.Count, b.Unread)
	}
	fmt.Fprintln(h, p.day.state())
	for _, id := range p.arrived(1) {
		in, err := p.records.Inbound(ctx, id)
		fmt.Fprintln(h, id, in.Version, in.Outcome, err)
		if err != nil {
			continue
		}
		for _, o := range p.caused(ctx, in, nil) {
			fmt.Fprintln(h, o.ID, o.State)
		}
	}
	p.watch.state, p.watch.looked = h.Sum64(), time.Now()
	return p.watch.state
}
