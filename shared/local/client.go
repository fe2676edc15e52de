package local

import (
	"bytes"
	"net"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/emersion/go-smtp"
)

// boundedConn stands between a client and the SMTP library. It hands the library
// one command line at a time, so that it always knows what it reads: a command,
// a chunk of BDAT, or mail up to the one end that a mail has. So it can bound
// each, and answer what the library does not know.
type boundedConn struct {
	net.Conn
	idle, beforeMail time.Duration
	end              time.Time
	gone             func()
	own              bool   // the client is a mail server of the team's own
	host             string // what the server calls itself
	passed           passed // what such a client said of the client before it

	free  atomic.Int64 // since when no transaction is open, in ns; 0 while one is
	mail  atomic.Bool  // between DATA and its end; the session says when it begins
	raw   []byte       // read, and not looked at yet
	out   []byte       // for the library
	asked bool         // the last command was an AUTH that waits for an answer
	chunk uint64       // bytes of a BDAT chunk still to come
	text  dataFilter
}

// begin and done tell of a transaction's begin and end.
func (c *boundedConn) begin() { c.free.Store(0) }
func (c *boundedConn) done() {
	c.mail.Store(false)
	c.free.CompareAndSwap(0, time.Now().UnixNano())
}

// data tells that mail comes now.
func (c *boundedConn) data() {
	c.text = dataFilter{}
	c.mail.Store(true)
}

func (c *boundedConn) Read(b []byte) (int, error) {
	for len(c.out) == 0 {
		if err := c.look(); err != nil {
			return 0, err
		}
		if len(c.out) > 0 {
			break
		}
		if err := c.more(); err != nil {
			return 0, err
		}
	}
	n := copy(b, c.out)
	c.out = c.out[n:]
	return n, nil
}

// look takes from what was read as much as can be understood by itself.
func (c *boundedConn) look() error {
	for len(c.raw) > 0 && len(c.out) == 0 {
		switch {
		case c.mail.Load():
			var used int
			var ended bool
			c.out, used, ended = c.text.filter(c.out[:0], c.raw)
			if c.raw = c.raw[used:]; ended {
				c.mail.Store(false)
			}
		case c.chunk > 0:
			n := int(min(c.chunk, uint64(len(c.raw))))
			c.out, c.raw, c.chunk = append(c.out[:0], c.raw[:n]...), c.raw[n:], c.chunk-uint64(n)
		default:
			end := bytes.IndexByte(c.raw, '\n') + 1
			if end > maxCommandLine || end == 0 && len(c.raw) > maxCommandLine {
				return smtp.ErrTooLongLine
			}
			if end == 0 {
				return nil
			}
			line := string(c.raw[:end])
			c.raw = c.raw[end:]
			c.command(line)
		}
	}
	return nil
}

// more reads from the client, who has so long.
func (c *boundedConn) more() error {
	now := time.Now()
	deadline := now.Add(c.idle)
	if free := c.free.Load(); free != 0 && !c.mail.Load() && c.chunk == 0 {
		deadline = now.Add(min(c.beforeMail, c.idle))
		// Commands that do nothing do not keep a connection either.
		if last := time.Unix(0, free).Add(max(c.idle, c.beforeMail)); deadline.After(last) {
			deadline = last
		}
	}
	if deadline.After(c.end) {
		deadline = c.end
	}
	if err := c.SetReadDeadline(deadline); err != nil {
		return err
	}
	buffer := make([]byte, 4<<10)
	n, err := c.Conn.Read(buffer)
	c.raw = append(c.raw, buffer[:n]...)
	if n > 0 {
		return nil
	}
	return err
}

// command hands a command line on. What the library would say back to the
// client is made one word of harmless signs before.
func (c *boundedConn) command(line string) {
	verb, rest, _ := strings.Cut(strings.TrimRight(line, "\r\n"), " ")
	asked := c.asked
	c.asked = false
	switch strings.ToUpper(verb) {
	case "EHLO", "HELO", "LHLO":
		name, _, _ := strings.Cut(strings.TrimSpace(rest), " ")
		if line = verb + "\r\n"; name != "" {
			line = verb + " " + oneWord(name) + "\r\n"
		}
	case "BDAT":
		c.chunk = bdatSize(line)
	case "XCLIENT", "XFORWARD":
		if c.own {
			c.answer(c.passed.take(verb, rest, c.host))
			return
		}
		line = "XXXX\r\n"
	case "AUTH":
		c.asked = len(strings.Fields(rest)) == 1
	default:
		signs := "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
		if asked {
			signs += "0123456789+/=*" // the answer to a question of AUTH (RFC 4954 section 4)
		}
		if strings.Trim(strings.ToUpper(verb), signs) != "" {
			line = "XXXX\r\n"
		}
	}
	c.out = append(c.out[:0], line...)
}

// answer speaks for the library. Its own answers to earlier commands are out by
// now: it has asked for the next one.
func (c *boundedConn) answer(line string) { _, _ = c.Write([]byte(line + "\r\n")) } // a client that is gone is noticed when it is read from

// bdatSize gives the number of bytes that follow a BDAT command (RFC 3030
// section 2), 0 for any other line.
func bdatSize(line string) uint64 {
	f := strings.Fields(line)
	if len(f) < 2 || len(f) > 3 || len(f) == 3 && !strings.EqualFold(f[2], "LAST") {
		return 0 // refused, and nothing follows
	}
	n, err := strconv.ParseUint(f[1], 10, 32)
	if err != nil {
		return 0
	}
	return n
}

// Write answers the client, in signs that are seen. It offers what the library
// does not know of, where the client may use it.
func (c *boundedConn) Write(b []byte) (int, error) {
	if err := c.SetWriteDeadline(time.Now().Add(c.idle)); err != nil {
		return 0, err
	}
	said := bytes.Map(func(r rune) rune {
		if r < ' ' && r != '\r' && r != '\n' || r >= 0x7f {
			return '?'
		}
		return r
	}, b)
	if first, rest, ok := bytes.Cut(said, []byte("\r\n")); ok && c.own && bytes.HasPrefix(first, []byte("250-Hello ")) {
		said = append(append(first[:len(first):len(first)], "\r\n250-XCLIENT ADDR HELO NAME\r\n250-XFORWARD ADDR HELO NAME\r\n"...), rest...)
	}
	if _, err := c.Conn.Write(said); err != nil {
		return 0, err
	}
	return len(b), nil
}

func (c *boundedConn) Close() error {
	c.gone()
	return c.Conn.Close()
}

// dataFilter reads the mail of a DATA command up to its end, which is CRLF.CRLF
// and nothing else, and writes it so that the library sees the same end and no
// other. A line may end in CR CR LF, as broken programs make it: the library
// would not take that for a line's end, so it gets CR LF. A line of a dot alone
// that ends so is no end, and does not become one.
type dataFilter struct{ state dataState }

type dataState byte

const (
	atLine    dataState = iota // at the beginning of a line
	afterDot                   // behind the dot at a line's beginning
	afterDotC                  // behind that and a CR
	inDotCRs                   // behind that and more than one CR
	inLine                     // within a line
	afterCR                    // behind one or more CR
)

// filter appends to out what the library gets. used tells how much of in was
// looked at: all of it, unless the mail ended.
func (f *dataFilter) filter(out, in []byte) (_ []byte, used int, ended bool) {
	for i, x := range in {
		switch f.state {
		case atLine, inLine:
			switch {
			case x == '.' && f.state == atLine:
				f.state = afterDot
			case x == '\r':
				f.state = afterCR
			default:
				f.state = inLine
			}
		case afterDot:
			if f.state = inLine; x == '\r' {
				f.state = afterDotC
			}
		case afterDotC:
			switch x {
			case '\n':
				f.state = atLine
				return append(out, x), i + 1, true
			case '\r':
				f.state = inDotCRs // the library takes the dot for a line's own now
			default:
				f.state = inLine
			}
		case inDotCRs:
			if x == '\r' {
				continue
			}
			if f.state = inLine; x == '\n' {
				out = append(out, '\r')
				f.state = atLine
			}
		case afterCR:
			if x == '\r' {
				continue
			}
			if f.state = inLine; x == '\n' {
				f.state = atLine
			}
		}
		out = append(out, x)
	}
	return out, len(in), false
}
