package local

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"runtime/debug"
	"strings"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/replyaddr"
	"github.com/replywell/replywell/shared/local/verify"
)

// judge completes the verdicts of a mail before it is processed: what the SMTP
// server could not assert at once is verified. Trouble with DNS is a verdict,
// not an error; an error means that the mail could not be read, or that ctx
// ended.
func (s *System) judge(ctx context.Context, e *Envelope) error {
	e.away, e.order = false, false
	if e.Verdicts.Authenticated() || s.options.DNS == nil {
		return nil
	}
	file, err := os.Open(s.folder.Path("blobs", e.Raw))
	if errors.Is(err, os.ErrNotExist) {
		return nil // the service says so
	}
	if err != nil {
		return fmt.Errorf("opening a mail to verify it: %w", err)
	}
	defer file.Close()
	if _, err := file.Seek(int64(e.Trace), io.SeekStart); err != nil {
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
