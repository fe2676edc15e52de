package local

import (
	"net"
	"sync"
	"time"
)

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
