package local

import (
	"context"
	"errors"
	"io"
	"net"
	"slices"
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
	// relayEnd is how long a server is given to end a connection that we have ended.
	relayEnd = 2 * time.Second
	// A server may count a connection for a while after it has ended: a refusal so
	// soon afterwards is asked again after a pause.
	relaySettles = 5 * time.Second
	relayPause   = 250 * time.Millisecond
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

// drained is a connection whose Close waits until the server has ended it too, for
// [relayEnd] at most: so long the server counts it as one of ours.
type drained struct{ net.Conn }

func (c drained) Close() error {
	if half, ok := c.Conn.(interface{ CloseWrite() error }); ok && half.CloseWrite() == nil {
		_ = c.SetReadDeadline(time.Now().Add(relayEnd))
		_, _ = io.Copy(io.Discard, c.Conn) // how it ends changes nothing
	}
	return c.Conn.Close()
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
	open    int          // in use, waiting, being made and being ended
	ended   time.Time    // when the last one was
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
	if len(p.idle) > 0 { // it would keep the room of the new one
		c := p.idle[0]
		p.idle = p.idle[1:]
		c.leave.Stop()
		go p.end(c, (*relayConn).farewell)
	}
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
	go func() { // it is given one
		c := <-me.turn
		p.mu.Lock()
		defer p.mu.Unlock()
		p.pass(c)
	}()
	return nil, ctx.Err()
}

// pass gives a connection to whoever waits longest; nil is room for one. Call it
// with the lock held.
func (p *connections) pass(c *relayConn) {
	switch {
	case len(p.waiting) > 0 && (c != nil || p.roomFor(1)):
		w := p.waiting[0]
		p.waiting = p.waiting[1:]
		if c == nil || !w.fresh {
			w.turn <- c
			return
		}
		go func() {
			c.farewell()
			p.mu.Lock()
			p.ended = time.Now()
			p.mu.Unlock()
			w.turn <- nil
		}()
	case c == nil:
		p.open--
	case p.closed:
		go p.end(c, (*relayConn).farewell)
	default:
		c.leave = time.AfterFunc(relayIdle, func() { p.leave(c) })
		p.idle = append(p.idle, c)
	}
}

// end ends a connection, and gives its room away when the server has ended it too.
func (p *connections) end(c *relayConn, how func(*relayConn)) {
	how(c)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.ended = time.Now()
	p.pass(nil)
}

// roomFor reports whether one that is counted already may be made.
func (p *connections) roomFor(counted int) bool {
	p.open -= counted
	defer func() { p.open += counted }()
	return p.room()
}

// failed tells that no connection could be made. again: another one is to be taken
// after the pause, since others are open and the relay admits no more, or since it
// counts one that has just ended.
func (p *connections) failed(err error) (again bool, pause time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	said, known := delivery.Of(err)
	if known && said.Code/100 == 4 {
		switch {
		case p.open > 1:
			p.fewer, p.until, again = p.open-1, time.Now().Add(fewerFor), true
		case time.Since(p.ended) < relaySettles:
			again, pause = true, relayPause
		}
	}
	p.pass(nil)
	return again, pause
}

// done gives back a connection after a mail.
func (p *connections) done(c *relayConn, err error) {
	c.mails++
	said, known := delivery.Of(err)
	sound := err == nil || known && said.Code != 0 && said.Code != 421 && !errors.Is(err, errLeft) && c.Reset() == nil
	switch {
	case sound && c.mails < relayMails:
		p.mu.Lock()
		p.pass(c)
		p.mu.Unlock()
	case sound:
		go p.end(c, (*relayConn).farewell)
	default:
		go p.end(c, (*relayConn).drop)
	}
}

// left tells that a kept connection had ended. The others that waited are left too.
func (p *connections) left(c *relayConn) {
	p.mu.Lock()
	gone := append(p.idle, c)
	p.idle = nil
	p.mu.Unlock()
	for _, c := range gone {
		if c.leave != nil {
			c.leave.Stop()
		}
		go p.end(c, (*relayConn).drop)
	}
}

// leave ends a connection that waited in vain.
func (p *connections) leave(c *relayConn) {
	p.mu.Lock()
	i := slices.Index(p.idle, c)
	if i >= 0 {
		p.idle = slices.Delete(p.idle, i, i+1)
	}
	p.mu.Unlock()
	if i >= 0 {
		p.end(c, (*relayConn).farewell)
	}
}

func (p *connections) close() {
	p.mu.Lock()
	p.closed = true
	idle := p.idle
	p.idle = nil
	p.mu.Unlock()
	for _, c := range idle {
		c.leave.Stop()
		p.end(c, (*relayConn).farewell)
	}
}

// drop ends a connection without a word, where the server did so before.
func (c *relayConn) drop() { c.Close() }

// farewell says QUIT. What it carried is taken; a farewell that fails changes nothing.
func (c *relayConn) farewell() {
	c.CommandTimeout = relayEnd
	_ = c.Quit()
	c.Close()
}

// The bounds of SMTP connections.
const (
	// MaxConnections is how many clients are served at a time; another one is
	// told 421 and may come again.
	MaxConnections = 200
	// MaxPerAddress is how many of them one address may have, so that no single
	// client takes all. It does not hold for this machine, nor for the servers
	// that the settings name as the team's own.
	MaxPerAddress = 20
	// maxCommandLine bounds a command line in bytes: four times RFC 5321
	// section 4.5.3.1.4, as extensions lengthen it. Lines of mail are not
	// bounded: what other programs send is longer than they should.
	maxCommandLine = 2048
	// idleTime is how long the server waits for a client in a transaction
	// (section 4.5.3.2.7: at least 5 minutes); connectionTime is how long a
	// connection may last.
	idleTime       = 5 * time.Minute
	connectionTime = time.Hour
	// beforeMail is how long it waits outside of a transaction, where a client
	// that goes away loses nothing.
	beforeMail = 30 * time.Second
)

// boundedListener admits at most `most` connections, and of one address at most
// `perAddress`, and bounds each.
type boundedListener struct {
	net.Listener
	most, perAddress       int
	idle, beforeMail, life time.Duration
	own                    func(net.IP) bool // servers of the team's own; nil: none
	host                   string            // what the server calls itself

	mu   sync.Mutex
	open map[*boundedConn]bool
	from map[string]int // connections by [network]
}

// Accept turns away what is too many, with the answer that lets a mail server
// come again later.
func (l *boundedListener) Accept() (net.Conn, error) {
	for {
		c, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		if b, ok := l.admit(c); ok {
			return b, nil
		}
		go turnAway(c)
	}
}

func (l *boundedListener) admit(c net.Conn) (*boundedConn, bool) {
	ip := remoteIP(c)
	own := l.own != nil && l.own(ip)
	key := network(ip)
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.open) >= l.most || !own && !ip.IsLoopback() && l.from[key] >= l.perAddress {
		return nil, false
	}
	now := time.Now()
	b := &boundedConn{Conn: c, idle: l.idle, beforeMail: l.beforeMail, end: now.Add(l.life), own: own, host: l.host}
	b.free.Store(now.UnixNano())
	b.gone = func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		if !l.open[b] {
			return
		}
		delete(l.open, b)
		if l.from[key]--; l.from[key] <= 0 {
			delete(l.from, key)
		}
	}
	l.open[b] = true
	l.from[key]++
	return b, true
}

func remoteIP(c net.Conn) net.IP {
	if a, ok := c.RemoteAddr().(*net.TCPAddr); ok {
		return a.IP
	}
	return nil
}

// network is what counts as one address: of IPv6 everybody has a /64.
func network(ip net.IP) string {
	if ip4 := ip.To4(); ip4 != nil {
		return ip4.String()
	}
	return ip.Mask(net.CIDRMask(64, 128)).String()
}

// cutOff closes every connection.
func (l *boundedListener) cutOff() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for c := range l.open {
		c.Conn.Close()
	}
}

func turnAway(c net.Conn) {
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(5 * time.Second)) // without it the client's slowness would be ours
	_, _ = c.Write([]byte("421 4.3.2 Too many connections, try again later\r\n"))
}
