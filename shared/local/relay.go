package local

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"math"
	"net"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"github.com/replywell/replywell/shared/delivery"
	"github.com/replywell/replywell/shared/send"
)

// Relay is the carrier that hands every mail to one SMTP server, which takes
// it from there: a provider's submission service, or the mail server next door.
// It keeps its connections; see [connections].
type Relay struct {
	address  string // host:port
	host     string
	implicit bool // smtps: TLS from the first byte (RFC 8314)
	user     string
	password string
	helo     string
	config   *tls.Config

	// offersTLS is set once the server has offered STARTTLS. From then on a
	// connection without it is refused, so that nobody in between can take it out.
	offersTLS atomic.Bool

	perSecond float64 // how many mails a second it is given; 0: as many as it takes
	open      connections
}

var _ send.Carrier = (*Relay)(nil)

// The relay's time limits.
const (
	relayDial    = 30 * time.Second
	relayCommand = 90 * time.Second
	relayData    = 3 * time.Minute
)

// NewRelay reads the address of a relay: smtp://host, smtp://user:password@host:587
// or smtps://user:password@host. helo is the name of this machine in the
// dialogue. The error says what to write instead.
func NewRelay(address, helo string) (*Relay, error) {
	const form = "write it as smtp://host:25, smtp://user:password@host:587 or smtps://user:password@host:465"
	u, err := url.Parse(address)
	if err != nil {
		return nil, fmt.Errorf("--relay is no URL (a password with signs like # or / needs them percent-encoded): %s", form)
	}
	r := &Relay{host: u.Hostname(), helo: helo, implicit: u.Scheme == "smtps"}
	port := u.Port()
	switch {
	case u.Scheme != "smtp" && u.Scheme != "smtps":
		return nil, fmt.Errorf("--relay %q does not begin with smtp:// or smtps://: %s", u.Redacted(), form)
	case r.host == "":
		return nil, fmt.Errorf("--relay %q names no host: %s", u.Redacted(), form)
	case u.Path != "" && u.Path != "/" || u.RawQuery != "" || u.Fragment != "":
		return nil, fmt.Errorf("--relay %q has something after the host: %s", u.Redacted(), form)
	case port == "" && r.implicit:
		port = "465"
	case port == "":
		port = "25"
	}
	if u.User != nil {
		r.user = u.User.Username()
		r.password, _ = u.User.Password()
		if r.user == "" || r.password == "" {
			return nil, fmt.Errorf("--relay %q has a user or a password but not both: %s", u.Redacted(), form)
		}
		if port == "25" && u.Port() == "" {
			port = "587"
		}
	}
	r.address, r.open.most = net.JoinHostPort(r.host, port), RelayConnections
	// A server on this machine cannot be impersonated from elsewhere, and
	// seldom has a certificate in its own name.
	r.config = &tls.Config{ServerName: r.host, MinVersion: tls.VersionTLS12, InsecureSkipVerify: loopback(r.host)}
	return r, nil
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// Confirms is false: a relay tells nothing after it took a mail. A mail whose
// answer was lost is sent again with its Message-ID.
func (r *Relay) Confirms() bool { return false }

// Rate is how many mails a second the relay is given.
func (r *Relay) Rate(context.Context) (float64, error) {
	if r.perSecond <= 0 {
		return math.Inf(1), nil
	}
	return r.perSecond, nil
}

// Close ends the connections that wait for the next mail; the others end with theirs.
func (r *Relay) Close() { r.open.close() }

// Send hands over one mail. Its error is a *[delivery.Error] that says where in
// the dialogue the mail was not taken, and what the relay said. Where only some
// recipients are refused for good, the others get the mail, and the error names
// those who do not.
func (r *Relay) Send(ctx context.Context, m send.Mail) (string, error) {
	c, err := r.connection(ctx, false)
	if err == nil {
		err = r.transact(ctx, c, m)
		if c.mails > 0 && errors.Is(err, errLeft) && ctx.Err() == nil {
			r.open.left(c) // and the others that waited, most likely
			if c, err = r.connection(ctx, true); err == nil {
				err = r.transact(ctx, c, m)
			}
		}
		if c != nil {
			r.open.done(c, err)
		}
	}
	if err == nil {
		return "", nil
	}
	if ctx.Err() != nil {
		return "", &delivery.Error{Response: delivery.Response{Stage: delivery.StageConnect, Text: ctx.Err().Error()}, Err: fmt.Errorf("the relay %s: %w", r.address, ctx.Err())}
	}
	var known *delivery.Error
	if !errors.As(err, &known) {
		known = refusal(delivery.StageConnect, err)
	}
	known.Err = fmt.Errorf("the relay %s: %w", r.address, known.Err)
	return "", known
}

// refusal is what the relay answered at a stage, or that it answered nothing.
func refusal(stage delivery.Stage, err error) *delivery.Error {
	a := delivery.Response{Stage: stage, Text: err.Error()}
	var said *smtp.SMTPError
	if errors.As(err, &said) {
		a.Code, a.Text = said.Code, said.Message
		if e := said.EnhancedCode; e != smtp.NoEnhancedCode && e != smtp.EnhancedCodeNotSet {
			a.Status = fmt.Sprintf("%d.%d.%d", e[0], e[1], e[2])
		}
	} else if stage != delivery.StageConnect && stage != delivery.StageLogin {
		a.Stage = delivery.StageBroken
	}
	return &delivery.Error{Response: a, Err: describe(err)}
}

// connection gives an open connection, or a new one where one more is admitted.
// fresh: it is to be a new one.
func (r *Relay) connection(ctx context.Context, fresh bool) (*relayConn, error) {
	for {
		c, err := r.open.take(ctx, fresh)
		if c != nil || err != nil {
			return c, err
		}
		c, err = r.connect(ctx)
		if err == nil {
			return c, nil
		}
		again, pause := r.open.failed(err)
		if !again {
			return nil, err
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// connect greets the relay, secures the connection where it can be, and
// authenticates.
func (r *Relay) connect(ctx context.Context) (*relayConn, error) {
	c, stop, err := r.dial(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { stop() }()
	fail := func(err error) (*relayConn, error) {
		c.Close()
		return nil, refusal(delivery.StageConnect, err)
	}
	if err := c.Hello(r.helo); err != nil {
		return fail(err)
	}
	_, secure := c.TLSConnectionState()
	if offered, _ := c.Extension("STARTTLS"); offered && !secure {
		r.offersTLS.Store(true)
		stop()
		c.Close()
		var again *relayConn
		if again, stop, err = r.dial(ctx); err != nil {
			stop = func() bool { return true }
			return nil, err
		}
		c = again
		if err := c.Hello(r.helo); err != nil {
			return fail(fmt.Errorf("securing the connection (STARTTLS): %w", err))
		}
		_, secure = c.TLSConnectionState()
	}
	if r.user == "" {
		return c, nil
	}
	if !secure && !loopback(r.host) {
		return fail(errors.New("it offers no TLS, and the password is not sent in the clear; use smtps://, or a relay with STARTTLS"))
	}
	if err := c.Auth(r.login(c.Client)); err != nil {
		c.Close()
		return nil, refusal(delivery.StageLogin, fmt.Errorf("it did not accept user and password: %w", err))
	}
	return c, nil
}

// dial opens a connection, which ends with the context until stop is called.
func (r *Relay) dial(ctx context.Context) (c *relayConn, stop func() bool, err error) {
	dialer := net.Dialer{Timeout: relayDial}
	conn, err := dialer.DialContext(ctx, "tcp", r.address)
	if err != nil {
		return nil, nil, fmt.Errorf("it cannot be reached: %w", err)
	}
	stop = context.AfterFunc(ctx, func() { conn.Close() })
	if err := conn.SetDeadline(time.Now().Add(relayCommand)); err != nil {
		stop()
		conn.Close()
		return nil, nil, err
	}
	c = &relayConn{conn: conn}
	switch {
	case r.implicit:
		c.Client = smtp.NewClient(tls.Client(drained{conn}, r.config))
	case r.offersTLS.Load():
		if c.Client, err = smtp.NewClientStartTLS(drained{conn}, r.config); err != nil {
			stop()
			conn.Close()
			return nil, nil, fmt.Errorf("securing the connection (STARTTLS): %w", err)
		}
	default:
		c.Client = smtp.NewClient(drained{conn})
	}
	c.CommandTimeout, c.SubmissionTimeout = relayCommand, relayData
	return c, stop, nil
}

func (r *Relay) login(c *smtp.Client) sasl.Client {
	if !c.SupportsAuth(sasl.Plain) && c.SupportsAuth(sasl.Login) {
		return sasl.NewLoginClient(r.user, r.password)
	}
	return sasl.NewPlainClient("", r.user, r.password)
}

// transact hands over one mail on a connection.
func (r *Relay) transact(ctx context.Context, c *relayConn, m send.Mail) error {
	defer context.AfterFunc(ctx, func() { c.conn.Close() })()
	opts := &smtp.MailOptions{}
	if ok, _ := c.Extension("8BITMIME"); ok && bytes.ContainsFunc(m.Raw, func(c rune) bool { return c > 0x7f }) {
		opts.Body = smtp.Body8BitMIME
	}
	if !ascii(m.From) || !ascii(strings.Join(m.To, "")) {
		if ok, _ := c.Extension("SMTPUTF8"); !ok {
			return &delivery.Error{Response: delivery.Response{Stage: delivery.StageRecipient, Code: 553, Status: "5.6.7", Text: "no SMTPUTF8"},
				Err: errors.New("it cannot write to an address with letters beyond ASCII (no SMTPUTF8)")}
		}
		opts.UTF8 = true
	}
	from := m.From
	if from == "<>" {
		from = ""
	}
	if err := c.Mail(from, opts); err != nil {
		return left(refusal(delivery.StageSender, fmt.Errorf("sender: %w", err)))
	}
	var refused []delivery.Refused
	var words []error
	var later *delivery.Error
	for _, to := range m.To {
		err := c.Rcpt(to, nil)
		if err == nil {
			continue
		}
		said := refusal(delivery.StageRecipient, fmt.Errorf("<%s>: %w", to, err))
		if err := left(said); errors.Is(err, errLeft) {
			return err
		}
		if said.Code/100 != 5 && later == nil {
			later = said
		}
		refused, words = append(refused, delivery.Refused{Address: to, Response: said.Response}), append(words, said.Err)
	}
	if later != nil {
		return later // nothing was sent, so nobody gets it twice
	}
	if len(refused) < len(m.To) {
		w, err := c.Data()
		if err == nil {
			_, err = w.Write(m.Raw)
		}
		if err != nil {
			return left(refusal(delivery.StageText, err))
		}
		if err := w.Close(); err != nil {
			return refusal(delivery.StageText, err)
		}
	}
	if len(refused) == 0 {
		return nil
	}
	return &delivery.Error{Response: refused[0].Response, Refused: refused, Others: len(m.To) - len(refused), Err: errors.New(strings.ReplaceAll(errors.Join(words...).Error(), "\n", "; "))}
}

// left marks what came before the end of a mail's text and ended the connection.
func left(e *delivery.Error) error {
	if e.Code == 421 || e.Stage == delivery.StageBroken {
		return errors.Join(errLeft, e)
	}
	return e
}

// describe gives a server's answer with its code, which people look up.
func describe(err error) error {
	var said *smtp.SMTPError
	if errors.As(err, &said) {
		before, _, _ := strings.Cut(err.Error(), "SMTP error")
		e := said.EnhancedCode
		code := ""
		if e != smtp.NoEnhancedCode && e != smtp.EnhancedCodeNotSet {
			code = fmt.Sprintf("%d.%d.%d ", e[0], e[1], e[2])
		}
		return fmt.Errorf("%s%d %s%s", before, said.Code, code, said.Message)
	}
	return err
}

func ascii(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r > 0x7e })
}
