package local

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/mail"
	"os"
	"runtime/debug"
	"strings"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/intent"
	"github.com/replywell/replywell/shared/email/replyaddr"
	"github.com/replywell/replywell/shared/local/packed"
	"github.com/replywell/replywell/shared/local/verify"
)

// judge completes the verdicts of a mail before it is processed: what the SMTP
// server could not assert at once is verified. Trouble with DNS is a verdict,
// not an error; an error means that the mail could not be read, or that ctx
// ended.
func (s *System) judge(ctx context.Context, e *Envelope) error {
	e.away, e.order = false, false
	if e.Login != "" {
		return s.loggedIn(e)
	}
	if e.Verdicts.Authenticated() || s.options.DNS == nil {
		return nil
	}
	file, err := packed.Open(s.folder.Path("blobs", e.Raw))
	if errors.Is(err, os.ErrNotExist) {
		return nil // the service says so
	}
	if err != nil {
		return fmt.Errorf("opening a mail to verify it: %w", err)
	}
	defer file.Close()
	if _, err := io.CopyN(io.Discard, file, int64(e.Trace)); err != nil {
		return fmt.Errorf("reading a mail to verify it: %w", err)
	}
	m := verify.Mail{MailFrom: e.MailFrom, Helo: e.Helo, Raw: file}
	switch own := s.options.Settings.Servers; {
	case own.Has(net.ParseIP(e.Remote)):
		if e.Client != "" {
			m.Client, m.Helo = net.ParseIP(e.Client), e.ClientHelo
		}
		m.ResultsBy, m.SpamFields = own.ResultsBy, own.SpamFields
	case s.options.MX:
		m.Client = net.ParseIP(e.Remote)
	}
	r, err := s.verify(ctx, m)
	if err != nil {
		return err
	}
	v := &e.Verdicts
	v.SPF, v.DKIM, v.DMARC, v.Proof, v.Spam = r.SPF, r.DKIM, r.DMARC, r.Proof, r.Spam
	s.heard(e)
	e.away, e.order = r.Away, s.order(*e, r.Author)
	s.options.Log.Debug("a mail was verified", "mail", e.ID, "spf", v.SPF, "dkim", v.DKIM, "dmarc", v.DMARC, "because", strings.Join(r.Notes, "; "))
	return nil
}

// loggedIn judges a mail that was written from a sample mailbox: it is proven if
// it names that mailbox's person as its author, and nobody else.
func (s *System) loggedIn(e *Envelope) error {
	file, err := packed.Open(s.folder.Path("blobs", e.Raw))
	if errors.Is(err, os.ErrNotExist) {
		return nil // the service says so
	}
	if err != nil {
		return fmt.Errorf("opening a mail to see who wrote it: %w", err)
	}
	defer file.Close()
	if _, err := io.CopyN(io.Discard, file, int64(e.Trace)); err != nil {
		return fmt.Errorf("reading a mail to see who wrote it: %w", err)
	}
	e.Verdicts.SPF, e.Verdicts.DMARC = desk.VerdictPass, desk.VerdictFail
	m, err := mail.ReadMessage(bufio.NewReader(io.LimitReader(file, 1<<20)))
	if err != nil {
		return nil // who wrote it cannot be read, and so is not proven
	}
	authors, err := mail.ParseAddressList(strings.Join(m.Header["From"], ", "))
	if err == nil && len(authors) == 1 && s.sameMailbox(e.Login, authors[0].Address) {
		e.Verdicts.DMARC, e.Verdicts.Proof = desk.VerdictPass, intent.Proof{SPF: true}.String()
	}
	return nil
}

// sameMailbox tells whether two addresses are one person's.
func (s *System) sameMailbox(a, b string) bool {
	if strings.EqualFold(a, b) {
		return true
	}
	x, ok := s.options.Settings.AgentAt(a)
	y, also := s.options.Settings.AgentAt(b)
	return ok && also && x.ID == y.ID
}

// order tells of mail that does something if its sender is who it says: an
// agent's, by the address that it came to, or by where it came from.
func (s *System) order(e Envelope, author string) bool {
	if s.Keys != nil {
		for _, r := range e.Recipients {
			for _, t := range s.Keys.Find(r, s.options.Now(), nil) {
				if t.Purpose.FromAgent() || t.Purpose == replyaddr.Confirm {
					return true
				}
			}
		}
	}
	_, agent := s.options.Settings.AgentAt(e.MailFrom)
	return agent && strings.EqualFold(domainOf(e.MailFrom), author)
}

// verify holds a fault in verifying to the mail: it is not authenticated then.
func (s *System) verify(ctx context.Context, m verify.Mail) (r verify.Result, err error) {
	defer func() {
		if p := recover(); p != nil {
			s.options.Log.Error("the program failed while it verified a mail", "fault", fmt.Sprint(p), "at", string(debug.Stack()))
			const failed = desk.VerdictProcessing
			r, err = verify.Result{Verdicts: desk.Verdicts{SPF: failed, DKIM: failed, DMARC: failed}}, nil
		}
	}()
	return verify.Verifier{DNS: s.options.DNS}.Verify(ctx, m)
}
