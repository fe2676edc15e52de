package local

import (
	"context"
	"errors"
	"net"
	"sync"
	"time"

	"github.com/emersion/go-smtp"

	"github.com/replywell/replywell/shared/delivery"
)

// RelayConnections is how many connections a relay is held at most, where nothing
// else is said.
const RelayConnections = 8

// A connection is left when it waited so long for a mail, and after so many mails:
// servers bound both, and say so with a 421 or by hanging up.
const (
	relayIdle  = 20 * time.Second
	relayMails = 100
	// fewerFor is how long a relay that refused one more connection is not asked for more.
	fewerFor = 10 * time.Minute
)

// errLeft is a connection that the server ended before it had all of a mail, which it
// so has not taken. Where the connection was kept, the server had ended it for a
// reason of its own, and the mail goes over another one.
var errLeft = errors.New("the connection was ended")

// relayConn is a connection to a relay on which it was greeted, and logged in to
// where it asks for that.
type relayConn struct {
	*smtp.Client
	conn  net.Conn
	mails int // that it took
	leave *time.Timer
}

// connections are those to one relay. A greeting, TLS and a login cost more than a
// mail, so what is open is used again; and a relay answers a mail when it has it
// safely, so several go at a time. Where the relay refuses one more connection, it
// has as many as it admits.
type connections struct {
	mu      sync.Mutex
	most    int
	fewer   int // what the relay admitted, until then; 0: nothing is known
	until   time.Time
	open    int          // in use, waiting, and being made
	idle    []*relayConn // the one used last stands last
	waiting []waiter
	closed  bool
}

// waiter is given a connection, or nil where there is room for a new one.
type waiter struct {
	turn  chan *relayConn
	fresh bool // nothing but a new one will do
}

func (p *connections) room() bool {
	most := p.most
	if p.fewer > 0 && time.Now().Before(p.until) {
		most = min(most, p.fewer)
	}
	return p.open < most
}

// take gives a connection that is open. It gives nil where a new one is to be made;
// then failed, done or left tells how that went.
func (p *connections) take(ctx context.Context, fresh bool) (*relayConn, error) {
	p.mu.Lock()
	if n := len(p.idle); n > 0 && !fresh {
		c := p.idle[n-1]
		p.idle = p.idle[:n-1]
		p.mu.Unlock()
		c.leave.Stop()
		return c, nil
	}
	if p.room() {
		p.open++
		p.mu.Unlock()
		return nil, nil
	}
	me := waiter{make(chan *relayConn, 1), fresh}
	p.waiting = append(p.waiting, me)
	p.mu.Unlock()
	select {
	case c := <-me.turn:
		return c, nil
	case <-ctx.Done():
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for i, w := range p.waiting {
		if w == me {
			p.waiting = append(p.waiting[:i:i], p.waiting[i+1:]...)
			return nil, ctx.Err()
		}
	}
	p.pass(<-me.turn) // it was given meanwhile
	return nil, ctx.Err()
}

// pass gives a connection to whoever waits longest; nil is room for one. Call it
// with the lock held.
func (p *connections) pass(c *relayConn) {
	switch {
	case len(p.waiting) > 0 && (c != nil || p.roomFor(1)):
		w := p.waiting[0]
		p.waiting = p.waiting[1:]
		if c != nil && w.fresh {
			go c.farewell()
			c = nil
		}
		w.turn <- c
	case c == nil:
		p.open--
	case p.closed:
		p.open--
		go c.farewell()
	default:
		c.leave = time.AfterFunc(relayIdle, func() { p.leave(c) })
		p.idle = append(p.idle, c)
	}
}

// roomFor reports whether one that is counted already may be made.
func (p *connections) roomFor(counted int) bool {
	p.open -= counted
	defer func() { p.open += counted }()
	return p.room()
}

// failed tells that no connection could be made. true: others are open and the
// relay admits no more, so that one of those is to be waited for.
func (p *connections) failed(err error) (wait bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	said, known := delivery.Of(err)
	if known && said.Code/100 == 4 && p.open > 1 {
		p.fewer, p.until, wait = p.open-1, time.Now().Add(fewerFor), true
	}
	p.pass(nil)
	return wait
}

// done gives back a connection after a mail.
func (p *connections) done(c *relayConn, err error) {
	c.mails++
	said, known := delivery.Of(err)
	sound := err == nil || known && said.Code != 0 && said.Code != 421 && !errors.Is(err, errLeft) && c.Reset() == nil
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case sound && c.mails < relayMails:
		p.pass(c)
		return
	case sound:
		go c.farewell()
	default:
		c.Close()
	}
	p.pass(nil)
}

// left tells that a kept connection had ended. The others that waited are left too.
func (p *connections) left(c *relayConn) {
	c.Close()
	p.mu.Lock()
	idle := p.idle
	p.idle = nil
	for range len(idle) + 1 {
		p.pass(nil)
	}
	p.mu.Unlock()
	for _, c := range idle {
		c.leave.Stop()
		c.Close()
	}
}

// leave ends a connection that waited in vain.
func (p *connections) leave(c *relayConn) {
	p.mu.Lock()
	for i, other := range p.idle {
		if other == c {
			p.idle = append(p.idle[:i:i], p.idle[i+1:]...)
			p.pass(nil)
			p.mu.Unlock()
			c.farewell()
			return
		}
	}
	p.mu.Unlock()
}

func (p *connections) close() {
	p.mu.Lock()
	p.closed = true
	idle := p.idle
	p.idle = nil
	p.open -= len(idle)
	p.mu.Unlock()
	for _, c := range idle {
		c.leave.Stop()
		c.farewell()
	}
}

// farewell says QUIT. What it carried is taken; a farewell that fails changes nothing.
func (c *relayConn) farewell() {
	c.CommandTimeout = 2 * time.Second
	_ = c.Quit()
	c.Close()
}
