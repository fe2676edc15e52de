package verify

import (
	"bytes"
	"errors"
	"io"
	"net"
	"strings"

	"github.com/emersion/go-msgauth/dkim"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/intent"
)

const (
	// MaxSignatures is how many DKIM signatures of a mail are checked, from the
	// top. What people send has one to four.
	MaxSignatures = 8
	// maxSignature is how long one may be in bytes, and maxSigned how many
	// fields it may name. A mail with a larger one has no DKIM.
	maxSignature, maxSigned = 8 << 10, 200
	// maxBlank is how many line ends may follow one another in a body: they
	// are kept in memory until it is known whether they end it.
	maxBlank = 64 << 10
)

// dkim checks the signatures. The error is one of reading the mail.
func (c *check) dkim(h *header, body io.Reader) (signers []identity, err error) {
	signatures := h.all("DKIM-Signature")
	verdict := &c.result.DKIM
	switch why := h.unsignable(signatures); {
	case h.beyond:
		*verdict = desk.VerdictProcessing
		return nil, nil
	case len(signatures) == 0:
		*verdict = desk.VerdictGray
		return nil, nil
	case why != "":
		*verdict = desk.VerdictFail
		c.note("dkim: %s", why)
		return nil, nil
	}
	guard := &bodyGuard{r: body}
	found, err := dkim.VerifyWithOptions(io.MultiReader(bytes.NewReader(h.raw), guard), &dkim.VerifyOptions{
		MaxVerifications: MaxSignatures,
		LookupTXT:        c.key,
	})
	switch {
	case guard.err != nil:
		return nil, guard.err
	case guard.tripped:
		*verdict = desk.VerdictFail
		c.note("dkim: the body has too many empty lines in a row")
		return nil, nil
	case err != nil && !errors.Is(err, dkim.ErrTooManySignatures):
		*verdict = desk.VerdictFail
		c.note("dkim: %v", err)
		return nil, nil
	}
	*verdict = desk.VerdictFail
	for _, f := range found {
		id := identity{domain: ascii(f.Domain), verdict: desk.VerdictFail, covers: intent.Covers(f.HeaderKeys)}
		switch {
		case f.Err == nil && !bound(f.HeaderKeys):
			f.Err = errors.New("it covers From alone, and would stand above any other header as well")
		case f.Err == nil:
			id.verdict, *verdict = desk.VerdictPass, desk.VerdictPass
		case dkim.IsTempFail(f.Err):
			if id.verdict = desk.VerdictProcessing; *verdict == desk.VerdictFail {
				*verdict = desk.VerdictProcessing
			}
		}
		if f.Err != nil {
			c.note("dkim: signature of %s: %v", id.domain, f.Err)
		}
		signers = append(signers, id)
	}
	return signers, nil
}

// key looks up a key. One that its domain is only trying out (t=y, RFC 6376
// section 3.6.1) is none: a mail signed with it is to be treated as unsigned.
func (c *check) key(name string) ([]string, error) {
	records, err := c.dns.LookupTXT(c.ctx, name)
	for _, r := range records {
		for tag := range strings.SplitSeq(r, ";") {
			n, flags, _ := strings.Cut(tag, "=")
			if !strings.EqualFold(strings.TrimSpace(n), "t") {
				continue
			}
			for f := range strings.SplitSeq(flags, ":") {
				if strings.EqualFold(strings.TrimSpace(f), "y") {
					c.note("dkim: the key %s is in testing (t=y)", name)
					return nil, &net.DNSError{Err: "the key is in testing", Name: name, IsNotFound: true}
				}
			}
		}
	}
	return records, err
}

// bound tells whether a signature covers, beside From, something of the header
// that makes it this mail's.
func bound(names []string) bool {
	for _, n := range names {
		switch strings.ToLower(strings.TrimSpace(n)) {
		case "to", "cc", "subject", "date", "message-id":
			return true
		}
	}
	return false
}

// unsignable tells why no signature of the mail can count.
func (h *header) unsignable(signatures []string) string {
	for _, s := range signatures {
		if len(s) > maxSignature || strings.Count(s, ":") > maxSigned {
			return "a signature is beyond the bounds"
		}
	}
	for _, name := range []string{"Subject", "Content-Type", "Content-Transfer-Encoding"} {
		if len(h.all(name)) > 1 {
			return "there are several " + name + " fields, and no telling which was signed"
		}
	}
	return ""
}

// bodyGuard passes a body on while it is one that the library can check in
// little memory. An end that is not the body's is remembered: the library does
// not stop well when its reader fails.
type bodyGuard struct {
	r       io.Reader
	blank   int
	tripped bool
	err     error
}

func (g *bodyGuard) Read(p []byte) (int, error) {
	if g.tripped || g.err != nil {
		return 0, io.EOF
	}
	n, err := g.r.Read(p)
	for _, b := range p[:n] {
		switch b {
		case '\r', '\n':
			g.blank++
		case ' ', '\t':
		default:
			g.blank = 0
		}
		if g.blank > maxBlank {
			g.tripped = true
			return 0, io.EOF
		}
	}
	if err != nil && !errors.Is(err, io.EOF) {
		g.err, err = err, io.EOF
	}
	return n, err
}
