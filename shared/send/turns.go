package send

import (
	"context"
	"sync"
)

// turns keep the mails of one group, an agent's or a conversation's, in order
// within a process, though several calls send at a time: whoever comes later waits
// until those before have handed over theirs. Other processes are kept out by the
// claims; between them there is no order.
type turns struct {
	mu   sync.Mutex
	last map[string]chan struct{} // by group; closed when whoever came last is done
}

// turn is a place in a group's line.
type turn struct {
	of     *turns
	group  string
	before chan struct{} // nil: nobody stands before
	mine   chan struct{}
}

// take takes places for several groups at once, so that two calls stand in the same
// order in all lines, and neither waits for the other.
func (t *turns) take(groups ...string) map[string]turn {
	t.mu.Lock()
	defer t.mu.Unlock()
	out := map[string]turn{}
	for _, g := range groups {
		out[g] = t.place(g)
	}
	return out
}

// try takes a place where nobody stands before; false: somebody does.
func (t *turns) try(group string) (turn, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.last[group] != nil {
		return turn{}, false
	}
	return t.place(group), true
}

// place adds one to a group's line. Call it with the lock held.
func (t *turns) place(group string) turn {
	if t.last == nil {
		t.last = map[string]chan struct{}{}
	}
	one := turn{t, group, t.last[group], make(chan struct{})}
	t.last[group] = one.mine
	return one
}

// wait returns when those before are done.
func (t turn) wait(ctx context.Context) error {
	if t.before == nil {
		return nil
	}
	select {
	case <-t.before:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// done lets the next one go on.
func (t turn) done() {
	t.of.mu.Lock()
	defer t.of.mu.Unlock()
	if t.of.last[t.group] == t.mine {
		delete(t.of.last, t.group)
	}
	close(t.mine)
}
