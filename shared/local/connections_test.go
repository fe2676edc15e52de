package local

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"github.com/replywell/replywell/shared/delivery"
	"github.com/replywell/replywell/shared/send"
)

// moodyServer is a real SMTP server with the habits of those that bound what a
// client may have.
type moodyServer struct {
	admits  int           // connections at a time; 0: any
	perConn int           // mails on a connection, then 421; 0: any
	slow    bool          // it counts a connection for a while that the client has ended
	late    int           // so often it refuses, where a connection has ended, before it counts it so
	hangsUp bool          // after each mail
	breaks  string        // a recipient whose mail's end it does not answer: it hangs up
	stalls  string        // a recipient whose mail it does not answer
	over    chan struct{} // ends what stalls

	mu                 sync.Mutex
	open, most, opened int
	refused, uncounted int      // connections
	got                []string // who was written to
	ended              chan bool
}

type moodySession struct {
	s     *moodyServer
	c     *smtp.Conn
	mails int
	to    string
}

func (s *moodyServer) NewSession(c *smtp.Conn) (smtp.Session, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.admits > 0 && s.open >= s.admits {
		if s.refused++; s.uncounted > 0 && s.refused%s.late == 0 {
			s.uncounted--
			s.open--
		}
		return nil, &smtp.SMTPError{Code: 421, EnhancedCode: smtp.EnhancedCode{4, 7, 0},
			Message: "too many connections of yours"}
	}
	s.open++
	s.opened++
	s.most = max(s.most, s.open)
	return &moodySession{s: s, c: c}, nil
}

func (m *moodySession) Reset() { m.to = "" }
func (m *moodySession) Logout() error {
	if m.s.slow {
		time.Sleep(5 * time.Millisecond)
	}
	m.s.mu.Lock()
	defer m.s.mu.Unlock()
	switch c, _ := m.c.Conn().(*oneMail); {
	case c != nil && c.over: // it is counted
	case m.s.late > 0:
		m.s.uncounted++
	default:
		m.s.open--
	}
	select {
	case m.s.ended <- true:
	default:
	}
	return nil
}

func (m *moodySession) Mail(string, *smtp.MailOptions) error {
	if m.s.perConn > 0 && m.mails >= m.s.perConn {
		return &smtp.SMTPError{Code: 421, EnhancedCode: smtp.EnhancedCode{4, 7, 0},
			Message: "enough on this connection"}
	}
	return nil
}

func (m *moodySession) Rcpt(to string, _ *smtp.RcptOptions) error {
	if strings.HasPrefix(to, "nobody") {
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no such user"}
	}
	m.to = to
	return nil
}

func (m *moodySession) Data(in io.Reader) error {
	if _, err := io.Copy(io.Discard, in); err != nil {
		return err
	}
	m.mails++
	m.s.mu.Lock()
	m.s.got = append(m.s.got, m.to)
	m.s.mu.Unlock()
	switch {
	case m.to == m.s.breaks:
		m.c.Conn().Close()
	case m.to == m.s.stalls:
		<-m.s.over
	}
	return nil
}

func (s *moodyServer) start(t *testing.T, most int) *Relay {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.ended = make(chan bool, 1000)
	if s.hangsUp {
		l = hangingUp{l, s}
	}
	server := smtp.NewServer(s)
	server.Domain, server.ErrorLog = "relay.example", smtpLog{quiet}
	go func() { _ = server.Serve(l) }() // ends with Close
	t.Cleanup(func() { server.Close() })
	r, err := NewRelay("smtp://"+l.Addr().String(), "desk.example")
	if err != nil {
		t.Fatal(err)
	}
	r.open.most = most
	t.Cleanup(r.Close)
	return r
}

// hangingUp ends each connection when a mail was answered on it, and counts it as
// ended before the client can see it.
type hangingUp struct {
	net.Listener
	s *moodyServer
}

type oneMail struct {
	net.Conn
	s    *moodyServer
	over bool
}

func (l hangingUp) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	return &oneMail{Conn: c, s: l.s}, err
}

func (c *oneMail) Write(b []byte) (int, error) {
	last := bytes.Contains(b, []byte("queued"))
	if last {
		c.s.mu.Lock()
		c.s.open--
		c.over = true
		c.s.mu.Unlock()
	}
	n, err := c.Conn.Write(b)
	if last {
		c.Close()
	}
	return n, err
}

func mailTo(to string) send.Mail {
	return send.Mail{From: "bounce@desk.example", To: []string{to}, Raw: []byte("Subject: x\r\n\r\nx\r\n")}
}

// However the server bounds its clients, each mail gets through once, and nobody is
// told of trouble.
func TestRelayGetsAlongWithWhatServersBound(t *testing.T) {
	for name, tc := range map[string]struct {
		server     *moodyServer
		most       int // connections that we may have
		workers    int
		mails      int  // of each
		connection int  // how many are opened at most in all; 0: any
		at         int  // at a time at most
		never      bool // is a connection refused
	}{
		"one after the other":         {most: 8, workers: 1, mails: 50, connection: 1, at: 1},
		"several at a time":           {most: 4, workers: 16, mails: 10, connection: 8, at: 4},
		"more than it likes of one":   {most: 8, workers: 1, mails: relayMails + 5, connection: 2, at: 2},
		"421 after some mails":        {server: &moodyServer{perConn: 3}, most: 4, workers: 6, mails: 10, at: 4},
		"it hangs up after each mail": {server: &moodyServer{hangsUp: true}, most: 4, workers: 4, mails: 10, at: 4},
		"it admits two":               {server: &moodyServer{admits: 2}, most: 8, workers: 12, mails: 8, at: 2},
		"it admits one":               {server: &moodyServer{admits: 1}, most: 8, workers: 12, mails: 8, at: 1},
		"it admits two, for three mails": {server: &moodyServer{admits: 2, perConn: 3}, most: 8, workers: 6, mails: 8,
			at: 2},
		"it admits two, and ends slowly": {server: &moodyServer{admits: 2, perConn: 3, slow: true}, most: 2, workers: 6,
			mails: 8, at: 2, never: true},
		"it admits one, and ends slowly": {server: &moodyServer{admits: 1, perConn: 1, slow: true}, most: 1, workers: 3,
			mails: 4, at: 1, never: true},
		"it still counts what has ended": {server: &moodyServer{admits: 1, perConn: 3, late: 2}, most: 8, workers: 3,
			mails: 4, at: 1},
		"recipients who are not there":    {most: 2, workers: 3, mails: 6, connection: 2, at: 2},
		"one connection, and many wait":   {most: 1, workers: 12, mails: 4, connection: 1, at: 1},
		"it hangs up, and one connection": {server: &moodyServer{hangsUp: true}, most: 1, workers: 6, mails: 4, at: 1},
	} {
		t.Run(name, func(t *testing.T) {
			s := cmp.Or(tc.server, &moodyServer{})
			r := s.start(t, tc.most)
			var want []string
			var work sync.WaitGroup
			for w := range tc.workers {
				for i := range tc.mails {
					want = append(want, fmt.Sprintf("c%d-%d@x.example", w, i))
				}
				work.Go(func() {
					for i := range tc.mails {
						if name == "recipients who are not there" {
							if _, err := r.Send(t.Context(), mailTo("nobody@x.example")); err == nil ||
								!strings.Contains(err.Error(), "no such user") {
								t.Errorf("nobody: %v", err)
							}
						}
						if _, err := r.Send(t.Context(), mailTo(fmt.Sprintf("c%d-%d@x.example", w, i))); err != nil {
							t.Errorf("mail %d of %d: %v", i, w, err)
						}
					}
				})
			}
			work.Wait()
			s.mu.Lock()
			defer s.mu.Unlock()
			slices.Sort(s.got)
			slices.Sort(want)
			if !slices.Equal(s.got, want) {
				t.Errorf("it got %d mails, want %d:\n%v", len(s.got), len(want), s.got)
			}
			if tc.connection > 0 && s.opened > tc.connection || s.most > tc.at {
				t.Errorf("%d connections were opened, %d at a time", s.opened, s.most)
			}
			if tc.never && s.refused > 0 {
				t.Errorf("%d connections were refused", s.refused)
			}
		})
	}
}

// A mail whose end was not answered may be there: it is not said again by itself.
func TestRelayThatBreaksOffIsNotToldTwice(t *testing.T) {
	s := &moodyServer{breaks: "b@x.example"}
	r := s.start(t, 2)
	for _, to := range []string{"a@x.example", "b@x.example", "c@x.example"} {
		_, err := r.Send(t.Context(), mailTo(to))
		said, known := delivery.Of(err)
		if broke := known && said.Stage == delivery.StageBroken; broke != (to == s.breaks) || err != nil && !broke {
			t.Errorf("%s: %v", to, err)
		}
	}
	if got := fmt.Sprint(s.got); got != "[a@x.example b@x.example c@x.example]" {
		t.Errorf("it got %s", got)
	}
}

// A mail that stalls holds up its own connection alone, and whoever waits for one
// gives up with the context.
func TestRelayThatStallsHoldsUpOneMail(t *testing.T) {
	s := &moodyServer{stalls: "s@x.example", over: make(chan struct{})}
	r := s.start(t, 2)
	stalled := make(chan error)
	go func() {
		_, err := r.Send(t.Context(), mailTo(s.stalls))
		stalled <- err
	}()
	for i := range 20 {
		if _, err := r.Send(t.Context(), mailTo(fmt.Sprintf("c%d@x.example", i))); err != nil {
			t.Error(err)
		}
	}
	r.open.mu.Lock()
	r.open.most = 1
	r.open.mu.Unlock()
	r.Close() // what waits is let go
	ctx, stop := context.WithCancel(t.Context())
	waits := make(chan error)
	go func() {
		_, err := r.Send(ctx, mailTo("w@x.example"))
		waits <- err
	}()
	stop()
	if err := <-waits; !route(err) {
		t.Errorf("who waited in vain: %v", err)
	}
	close(s.over)
	if err := <-stalled; err != nil {
		t.Errorf("what stalled: %v", err)
	}
}

// A connection that waits does not keep the room of the new one that is needed.
func TestRelayWithoutRoomEndsWhatWaits(t *testing.T) {
	s := &moodyServer{admits: 1}
	r := s.start(t, 1)
	if _, err := r.Send(t.Context(), mailTo("a@x.example")); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithTimeout(t.Context(), relayIdle/2)
	defer stop()
	c, err := r.connection(ctx, true)
	if err != nil {
		t.Fatal(err)
	}
	r.open.done(c, nil)
	if s.opened != 2 || s.refused > 0 {
		t.Errorf("%d were opened, %d refused", s.opened, s.refused)
	}
}

// What waits for a mail in vain is closed, at the end of all at the latest.
func TestRelayIsLeftWithAFarewell(t *testing.T) {
	s := &moodyServer{}
	r := s.start(t, 4)
	if _, err := r.Send(t.Context(), mailTo("a@x.example")); err != nil {
		t.Fatal(err)
	}
	r.open.mu.Lock()
	c := r.open.idle[0]
	r.open.mu.Unlock()
	r.open.leave(c) // as its timer does
	<-s.ended
	if _, err := r.Send(t.Context(), mailTo("b@x.example")); err != nil {
		t.Fatal(err)
	}
	r.Close()
	<-s.ended
	if _, err := r.Send(t.Context(), mailTo("c@x.example")); err != nil {
		t.Fatal(err)
	}
	<-s.ended
	r.open.mu.Lock()
	r.open.most = 1
	r.open.mu.Unlock()
	if c, err := r.open.take(t.Context(), false); c != nil || err != nil { // there is room when all have ended
		t.Fatal(c, err)
	}
	if r.open.open != 1 || len(r.open.idle) != 0 || s.opened != 3 {
		t.Errorf("%d are open, %d wait, %d were opened", r.open.open-1, len(r.open.idle), s.opened)
	}
}
