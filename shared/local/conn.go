package local

import (
	"net"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/emersion/go-smtp"
)

// The bounds of one SMTP connection.
const (
	// MaxConnections is how many clients are served at a time; another one is
	// told 421 and may come again.
	MaxConnections = 200
	// maxCommandLine bounds a command line in bytes: four times RFC 5321
	// section 4.5.3.1.4, as extensions lengthen it. Lines of mail are not
	// bounded: what other programs send is longer than they should.
	maxCommandLine = 2048
	// idleTime is how long the server waits for a client (section 4.5.3.2.7:
	// at least 5 minutes); connectionTime is how long a connection may last.
	idleTime       = 5 * time.Minute
	connectionTime = time.Hour
)

// boundedListener admits at most `most` connections, and bounds each.
type boundedListener struct {
	net.Listener
	most       int
	idle, life time.Duration

	mu   sync.Mutex
	open map[*boundedConn]bool
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
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.open) >= l.most {
		return nil, false
	}
	b := &boundedConn{Conn: c, idle: l.idle, end: time.Now().Add(l.life)}
	b.gone = func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		delete(l.open, b)
	}
	l.open[b] = true
	return b, true
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

// boundedConn watches what a client sends: the time it takes, and the length of
// its command lines. It knows commands from mail by following the dialogue: a
// BDAT command says how many bytes of mail come after it, and the session says
// when DATA begins and ends.
type boundedConn struct {
	net.Conn
	idle time.Duration
	end  time.Time
	gone func()

	mail  atomic.Bool // between DATA and its end
	cr    bool        // the last byte of mail was a CR
	line  []byte      // the start of the command line that is being read
	count int         // its length so far
	chunk uint64      // bytes of a BDAT chunk still to come
}

func (c *boundedConn) Read(b []byte) (int, error) {
	for {
		deadline := time.Now().Add(c.idle)
		if deadline.After(c.end) {
			deadline = c.end
		}
		if err := c.SetReadDeadline(deadline); err != nil {
			return 0, err
		}
		n, err := c.Conn.Read(b)
		if !c.mail.Load() {
			c.cr = false
			return c.commands(b[:n], err)
		}
		c.line, c.count = c.line[:0], 0
		if n = c.oneCR(b[:n]); n > 0 || err != nil {
			return n, err
		}
	}
}

// oneCR makes CR CR LF, which broken line ends become on their way, CR LF. A
// mail whose last line ends so would never end for the library.
func (c *boundedConn) oneCR(b []byte) int {
	n := 0
	for _, x := range b {
		if x == '\r' && c.cr {
			continue
		}
		c.cr = x == '\r'
		b[n] = x
		n++
	}
	return n
}

// commands looks at what arrived outside of DATA.
func (c *boundedConn) commands(b []byte, err error) (int, error) {
	for _, x := range b {
		if c.chunk > 0 {
			c.chunk--
			continue
		}
		if x == '\n' {
			c.chunk = bdatSize(string(c.line))
			c.line, c.count = c.line[:0], 0
			continue
		}
		if c.count++; c.count > maxCommandLine {
			return 0, smtp.ErrTooLongLine
		}
		if len(c.line) < 32 {
			c.line = append(c.line, x)
		}
	}
	return len(b), err
}

// bdatSize gives the number of bytes that follow a BDAT command (RFC 3030
// section 2), 0 for any other line.
func bdatSize(line string) uint64 {
	f := strings.Fields(line)
	if len(f) < 2 || !strings.EqualFold(f[0], "BDAT") {
		return 0
	}
	n, err := strconv.ParseUint(f[1], 10, 32)
	if err != nil {
		return 0 // the server refuses it as malformed, and nothing follows
	}
	return n
}

func (c *boundedConn) Write(b []byte) (int, error) {
	if err := c.SetWriteDeadline(time.Now().Add(c.idle)); err != nil {
		return 0, err
	}
	return c.Conn.Write(b)
}

func (c *boundedConn) Close() error {
	c.gone()
	return c.Conn.Close()
}
