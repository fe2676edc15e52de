package local

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"github.com/replywell/replywell/shared/delivery"
	"github.com/replywell/replywell/shared/send"
)

// relayServer is a real SMTP server that fails where it is told to.
type relayServer struct {
	fail map[string]*smtp.SMTPError // by command, or by recipient
	auth string                     // "user:password" where it asks for one
	hang chan struct{}              // DATA waits for it

	mu   sync.Mutex
	got  []send.Mail
	said int // connections
}

func (s *relayServer) NewSession(*smtp.Conn) (smtp.Session, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.said++
	if err := s.fail["EHLO"]; err != nil {
		return nil, err
	}
	return &relaySession{s: s}, nil
}

type relaySession struct {
	s *relayServer
	m send.Mail
}

func (r *relaySession) failing(what string) error {
	if err := r.s.fail[what]; err != nil {
		return err
	}
	return nil
}
func (r *relaySession) Reset()        { r.m = send.Mail{} }
func (r *relaySession) Logout() error { return nil }
func (r *relaySession) Mail(from string, _ *smtp.MailOptions) error {
	r.m.From = from
	return r.failing("MAIL")
}
func (r *relaySession) Rcpt(to string, _ *smtp.RcptOptions) error {
	if err := r.failing(to); err != nil {
		return err
	}
	r.m.To = append(r.m.To, to)
	return nil
}
func (r *relaySession) Data(in io.Reader) (err error) {
	if r.m.Raw, err = io.ReadAll(in); err != nil {
		return err
	}
	if r.s.hang != nil {
		<-r.s.hang
	}
	if err := r.failing("DATA"); err != nil {
		return err
	}
	r.s.mu.Lock()
	defer r.s.mu.Unlock()
	r.s.got = append(r.s.got, r.m)
	return nil
}
func (r *relaySession) AuthMechanisms() []string {
	if r.s.auth == "" {
		return nil
	}
	return []string{sasl.Plain}
}
func (r *relaySession) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user+":"+password != r.s.auth {
			return smtp.ErrAuthFailed
		}
		return nil
	}), nil
}

func startRelay(t *testing.T, s *relayServer) (hostPort string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := smtp.NewServer(s)
	server.Domain, server.AllowInsecureAuth, server.ErrorLog = "relay.example", true,
		smtpLog{slog.New(slog.DiscardHandler)}
	go func() { _ = server.Serve(l) }() // ends with Close
	t.Cleanup(func() { server.Close() })
	return l.Addr().String()
}

var relayMail = send.Mail{Outbox: "o1", From: "bounce@desk.example", To: []string{"a@x.example"},
	MessageID: "o1@desk.example",
	Raw:       []byte("Message-ID: <o1@desk.example>\r\nSubject: x\r\n\r\n.dot\r\nbare\nline\r\n")}

func TestRelayTakesMail(t *testing.T) {
	s := &relayServer{auth: "ann:pa/ss"}
	r, err := NewRelay("smtp://ann:pa%2Fss@"+startRelay(t, s), "desk.example")
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // a retry keeps the Message-ID
		if id, err := r.Send(t.Context(), relayMail); err != nil || id != "" {
			t.Fatalf("%q, %v", id, err)
		}
	}
	for _, m := range s.got {
		if m.From != relayMail.From || strings.Join(m.To, ",") != "a@x.example" ||
			string(m.Raw) != "Message-ID: <o1@desk.example>\r\nSubject: x\r\n\r\n.dot\r\nbare\r\nline\r\n" {
			t.Errorf("the relay got %+v\n%s", m, m.Raw)
		}
	}
	if len(s.got) != 2 {
		t.Errorf("%d mails", len(s.got))
	}
}

func TestRelayErrors(t *testing.T) {
	perm := &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no such user"}
	temp := &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 7, 1}, Message: "try later"}
	for _, tc := range []struct {
		name      string
		fail      map[string]*smtp.SMTPError
		to        []string
		is        delivery.Class
		refused   string // who, where others got it
		says      string
		delivered int
	}{
		{name: "recipient for good", fail: map[string]*smtp.SMTPError{"a@x.example": perm}, is: delivery.Recipient,
			refused: "a@x.example", says: "<a@x.example>: 550 5.1.1 no such user"},
		{name: "recipient for now", fail: map[string]*smtp.SMTPError{"a@x.example": temp}, is: delivery.Temporary,
			says: "451 4.7.1 try later"},
		{name: "sender", fail: map[string]*smtp.SMTPError{"MAIL": perm}, is: delivery.Route, says: "sender: 550"},
		{name: "text for good", fail: map[string]*smtp.SMTPError{
			"DATA": {Code: 554, EnhancedCode: smtp.EnhancedCode{5, 7, 1}, Message: "spam"}}, is: delivery.Message,
			says: "554 5.7.1 spam"},
		{name: "text for now", fail: map[string]*smtp.SMTPError{"DATA": temp}, is: delivery.Temporary, says: "451"},
		{name: "greeting", fail: map[string]*smtp.SMTPError{"EHLO": {Code: 554, Message: "go away"}},
			is: delivery.Route, says: "go away"},
		{name: "one of two for good", fail: map[string]*smtp.SMTPError{"a@x.example": perm},
			to: []string{"a@x.example", "b@x.example"}, is: delivery.Recipient, refused: "a@x.example",
			says: "<a@x.example>", delivered: 1},
		{name: "one of two for now", fail: map[string]*smtp.SMTPError{"b@x.example": temp},
			to: []string{"a@x.example", "b@x.example"}, is: delivery.Temporary, says: "451"},
		{name: "one of two that the relay does not pass on",
			fail: map[string]*smtp.SMTPError{"b@y.example": {Code: 554, EnhancedCode: smtp.EnhancedCode{5, 7, 1},
				Message: "Relay access denied"}}, to: []string{"a@x.example", "b@y.example"},
			is: delivery.Route, refused: "b@y.example", says: "<b@y.example>", delivered: 1},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := &relayServer{fail: tc.fail}
			r, err := NewRelay("smtp://"+startRelay(t, s), "desk.example")
			if err != nil {
				t.Fatal(err)
			}
			m := relayMail
			if tc.to != nil {
				m.To = tc.to
			}
			_, err = r.Send(t.Context(), m)
			e, known := delivery.Of(err)
			if !known || !strings.Contains(err.Error(), tc.says) || len(s.got) != tc.delivered {
				t.Fatalf("error %v, %d delivered; want %+v", err, len(s.got), tc)
			}
			refused := ""
			for _, r := range e.Refused {
				refused += r.Address
			}
			if v := delivery.Judge(e.Response); v.Class != tc.is || refused != tc.refused ||
				e.NotSent() != (tc.delivered == 0) {
				t.Errorf("%v is %+v, and refused is %q; want %+v", err, v, refused, tc)
			}
		})
	}
}

func TestRelayTroubleOfItsOwnIsTemporary(t *testing.T) {
	wrong, err := NewRelay("smtp://ann:wrong@"+startRelay(t, &relayServer{auth: "ann:right"}), "desk.example")
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed := l.Addr().String()
	l.Close()
	gone, err := NewRelay("smtp://"+closed, "desk.example")
	if err != nil {
		t.Fatal(err)
	}
	for name, r := range map[string]*Relay{"a wrong password": wrong, "nobody listens": gone} {
		if _, err := r.Send(t.Context(), relayMail); !route(err) {
			t.Errorf("%s: %v", name, err)
		} else if strings.Contains(err.Error(), "wrong@") {
			t.Errorf("%s: the password is told: %v", name, err)
		}
	}
}

func TestRelayThatHangsIsLeft(t *testing.T) {
	s := &relayServer{hang: make(chan struct{})}
	defer close(s.hang)
	r, err := NewRelay("smtp://"+startRelay(t, s), "desk.example")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	if _, err := r.Send(ctx, relayMail); !errors.Is(err, context.DeadlineExceeded) || !route(err) {
		t.Errorf("%v", err)
	}
}

func TestRelayAddresses(t *testing.T) {
	for address, want := range map[string]string{
		"smtp://mail.example": "mail.example:25", "smtp://u:p@mail.example": "mail.example:587",
		"smtps://u:p@mail.example/": "mail.example:465", "smtp://[::1]:2500": "[::1]:2500",
	} {
		if r, err := NewRelay(address, "x"); err != nil || r.address != want {
			t.Errorf("%s: %v, %v", address, r, err)
		}
	}
	for _, address := range []string{"mail.example:25", "http://mail.example", "smtp://", "smtp://u@mail.example",
		"smtp://h/path", "smtp://u:p#w@h", ""} {
		if _, err := NewRelay(address, "x"); err == nil || !strings.Contains(err.Error(), "smtp://host:25") {
			t.Errorf("%q: %v", address, err)
		}
	}
}

// route reports whether an error is trouble of the way out.
func route(err error) bool {
	e, known := delivery.Of(err)
	return known && delivery.Judge(e.Response).Class == delivery.Route
}
