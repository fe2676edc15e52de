package local

import (
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"strings"
	"syscall"
	"time"

	"github.com/emersion/go-smtp"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/intent"
	"github.com/replywell/replywell/shared/local/packed"
	"github.com/replywell/replywell/shared/local/verify"
)

// What the SMTP server takes.
const (
	// MaxMail is the size limit of one mail in bytes, announced as SIZE (RFC 1870).
	MaxMail = 25 << 20
	// MaxRecipients is how many recipients one mail may have (RFC 5321 section
	// 4.5.3.1.8: at least 100).
	MaxRecipients = 100
	// Reserve is how much disk stays free of new mail, in bytes: what was taken
	// must still be processed, and what that finds out be written.
	Reserve = 256 << 20
)

// receiver is the SMTP server's side that knows Replywell.
type receiver struct {
	folder   *Folder
	settings *desk.Settings
	keep     func(*os.File, Envelope) error // see Spool.Take
	host     string                         // what the server calls itself
	password string                         // of the sample people; "" where nobody can log in
	now      func() time.Time
	random   io.Reader
	log      *slog.Logger
	free     func() uint64 // bytes of disk that can still be written; nil: not looked at
}

// newServer makes the SMTP server over a listener that bounds it.
func newServer(r *receiver, l net.Listener) (*smtp.Server, *boundedListener) {
	s := smtp.NewServer(r)
	s.Domain = r.host
	s.MaxMessageBytes = MaxMail
	s.MaxRecipients = MaxRecipients
	s.MaxLineLength = 0 // boundedConn bounds command lines, and only those
	s.EnableSMTPUTF8 = true
	s.AllowInsecureAuth = logins(r.settings) // on this machine, where a password guards nothing
	s.ErrorLog = smtpLog{r.log}
	return s, &boundedListener{Listener: l, most: MaxConnections, perAddress: MaxPerAddress, idle: idleTime, beforeMail: beforeMail, life: connectionTime,
		own: r.settings.Servers.Has, host: r.host, open: map[*boundedConn]bool{}, from: map[string]int{}}
}

// NewSession begins a client's session.
func (r *receiver) NewSession(c *smtp.Conn) (smtp.Session, error) {
	s := &session{receiver: r, helo: oneWord(c.Hostname())}
	if a, ok := c.Conn().RemoteAddr().(*net.TCPAddr); ok {
		s.remote = a.IP
	}
	s.conn, _ = c.Conn().(*boundedConn)
	return s, nil
}

// session is one client's transaction.
type session struct {
	*receiver
	conn   *boundedConn
	remote net.IP
	helo   string
	login  string // whose mailbox the client writes from; "" where it did not log in
	from   string
	to     []string
}

// Mail takes the envelope sender; the null path is kept as "<>".
func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	if bad(from) {
		return &smtp.SMTPError{Code: 553, EnhancedCode: smtp.EnhancedCode{5, 1, 7}, Message: "The sender's address cannot be read"}
	}
	if !s.room(0) {
		return errDiskFull
	}
	if from == "" {
		from = "<>"
	}
	s.from = from
	if s.conn != nil {
		s.conn.begin()
	}
	return nil
}

// Rcpt takes our own addresses and refuses every other one: this is no relay.
func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	if bad(to) {
		return &smtp.SMTPError{Code: 553, EnhancedCode: smtp.EnhancedCode{5, 1, 3}, Message: "The recipient's address cannot be read"}
	}
	to, ours := ourAddress(s.settings, to)
	if !ours {
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1},
			Message: "<" + oneWord(to) + "> is no address of this system, which answers " + s.settings.Mailboxes[0].Address}
	}
	s.to = append(s.to, to)
	return nil
}

// ourAddress tells whether a recipient is ours. Mail to the postmaster of one of
// our domains must be taken (RFC 5321 section 4.5.1); a mailbox of it gets it.
func ourAddress(settings *desk.Settings, to string) (string, bool) {
	if _, ours := settings.MailboxAt(to); ours {
		return to, true
	}
	for _, m := range settings.Mailboxes {
		if strings.EqualFold(to, "postmaster@"+domainOf(m.Address)) {
			return m.Address, true
		}
	}
	return to, false
}

// Data streams the mail to disk. 250 is said when mail and envelope are safe.
func (s *session) Data(r io.Reader) error {
	if _, chunked := r.(*io.PipeReader); !chunked && s.conn != nil {
		s.conn.data()
	}
	e, err := s.envelope()
	if s.conn != nil {
		s.conn.passed.forget()
	}
	if err == nil {
		err = s.store(&e, r)
	}
	var said *smtp.SMTPError
	switch {
	case err == nil:
		// The library's way to give an answer its text, an error or not.
		return &smtp.SMTPError{Code: 250, EnhancedCode: smtp.EnhancedCode{2, 0, 0}, Message: "OK: queued as " + e.ID}
	case errors.As(err, &said):
		return said
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, smtp.ErrDataReset), errors.Is(err, net.ErrClosed):
		return &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 4, 2}, Message: "The mail ended before its end; it was not taken"}
	case errors.Is(err, syscall.ENOSPC):
		s.log.Error("the disk is full: no mail can be taken", "error", err)
		return errDiskFull
	}
	s.log.Error("a mail could not be taken", "error", err)
	return &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 3, 0}, Message: "The mail could not be kept, try again later"}
}

// envelope gives the transaction its identity.
func (s *session) envelope() (Envelope, error) {
	var b [8]byte
	if _, err := io.ReadFull(s.random, b[:]); err != nil {
		return Envelope{}, fmt.Errorf("no random bytes for an id: %w", err)
	}
	now := s.now().UTC()
	id := strings.ReplaceAll(now.Format("20060102T150405.000"), ".", "-") + "-" + hex.EncodeToString(b[:])
	e := Envelope{ID: id, Raw: "mail/" + now.Format("2006/01/02") + "/" + id + ".eml", MailFrom: s.from, Recipients: s.to,
		ReceivedAt: now, Verdicts: Verdicts(s.settings, s.remote), Login: s.login, Remote: s.remote.String(), Helo: s.helo}
	if s.login != "" {
		e.Verdicts = verify.Disabled() // the mail itself decides, see loggedIn
	}
	if s.conn != nil && s.conn.own {
		if client, helo := s.conn.passed.about(); client != nil {
			e.Client, e.ClientHelo = client.String(), oneWord(helo)
		}
	}
	return e, nil
}

// store writes the mail, with its envelope behind it, and hands it on.
func (s *session) store(e *Envelope, r io.Reader) error {
	file, err := s.folder.create()
	if err != nil {
		return err
	}
	trace := s.trace(*e)
	pack := packed.NewWriter(roomy{file, s})
	size, err := io.Copy(pack, io.MultiReader(strings.NewReader(trace), r))
	if err = errors.Join(err, pack.Close()); err != nil {
		return errors.Join(err, file.Close(), os.Remove(file.Name()))
	}
	e.Size, e.Trace = int(size), len(trace)
	return s.keep(file, *e)
}

var errDiskFull = &smtp.SMTPError{Code: 452, EnhancedCode: smtp.EnhancedCode{4, 3, 1}, Message: "The disk is full, try again later"}

// room tells whether so many bytes more leave the reserve alone.
func (s *session) room(more int) bool {
	if s.receiver.free == nil {
		return true
	}
	free := s.receiver.free()
	if free >= Reserve+uint64(more) {
		return true
	}
	s.log.Error("the disk is nearly full: no mail is taken until there is room again", "free", free, "reserve", Reserve)
	return false
}

// roomy writes a mail while there is room for it: many may be on their way at once.
type roomy struct {
	io.Writer
	s *session
}

func (w roomy) Write(b []byte) (int, error) {
	if !w.s.room(len(b)) {
		return 0, errDiskFull
	}
	return w.Writer.Write(b)
}

// trace is what a receiving server writes above a mail (RFC 5321 section 4.4).
func (s *session) trace(e Envelope) string {
	from := e.MailFrom
	if from != "<>" {
		from = "<" + from + ">"
	}
	address := "[" + e.Remote + "]"
	if s.remote.To4() == nil {
		address = "[IPv6:" + e.Remote + "]" // section 4.1.3
	}
	one := ""
	if len(e.Recipients) == 1 { // section 7.2: several would tell them of each other
		one = "\r\n\tfor <" + e.Recipients[0] + ">"
	}
	return "Return-Path: " + from + "\r\n" +
		"Received: from " + e.Helo + " (" + address + ")\r\n\tby " + s.host + " with ESMTP id " + e.ID + one + ";\r\n\t" +
		e.ReceivedAt.Format("Mon, 02 Jan 2006 15:04:05 -0700") + "\r\n"
}

// Reset forgets the transaction.
func (s *session) Reset() {
	s.from, s.to = "", nil
	if s.conn != nil {
		s.conn.done()
	}
}

// Logout ends the session.
func (s *session) Logout() error { return nil }

// Verdicts is what this receiver asserts of a mail while its client waits. In live
// mode, with trust_loopback, a program on this machine is believed; of everyone
// else nothing is asserted until the mail has been verified, see [System]. In
// sample mode a login proves who writes, and nothing else does.
func Verdicts(settings *desk.Settings, client net.IP) desk.Verdicts {
	v := verify.Disabled()
	if settings.Mode != desk.ModeSample && settings.TrustLoopback && client.IsLoopback() {
		v.SPF, v.DKIM, v.DMARC = desk.VerdictPass, desk.VerdictPass, desk.VerdictPass
		v.Proof = intent.Proof{SPF: true}.String()
	}
	return v
}

// bad tells of an address that could break out of a header line, or is longer
// than any path (RFC 5321 section 4.5.3.1.3, with room).
func bad(address string) bool {
	return len(address) > 400 || strings.ContainsFunc(address, func(r rune) bool { return r < ' ' || r == 0x7f || r == '<' || r == '>' })
}

// oneWord makes a client's word fit into a header and an answer.
func oneWord(s string) string {
	s = strings.Map(func(r rune) rune {
		if r <= ' ' || r >= 0x7f || strings.ContainsRune("()<>\\\";", r) {
			return '?'
		}
		return r
	}, s)
	if s == "" {
		return "unknown"
	}
	return s[:min(len(s), 255)]
}

// smtpLog takes the library's messages. They are a client's troubles, worth a
// line only when somebody looks for them; but a panic is ours, and its first
// line is always said.
type smtpLog struct{ log *slog.Logger }

func (l smtpLog) Printf(format string, v ...any) {
	text := fmt.Sprintf(format, v...)
	l.log.Debug("smtp: " + text)
	if strings.HasPrefix(format, "panic") {
		first, _, _ := strings.Cut(text, "\n")
		l.log.Warn("smtp: " + first)
	}
}

func (l smtpLog) Println(v ...any) { l.log.Debug("smtp: " + strings.TrimSpace(fmt.Sprintln(v...))) }
