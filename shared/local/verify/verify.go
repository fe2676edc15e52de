package verify

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"time"

	"blitiri.com.ar/go/spf"

	"github.com/replywell/replywell/shared/desk"
)

// Mail is what is verified.
type Mail struct {
	MailFrom string // envelope sender; "" or "<>" is the null path
	Helo     string // what the client called itself
	// Client is the address of the sender's server. It is nil where mail is
	// handed over by another server; then, and for an address that is not of
	// the public internet, SPF is not judged.
	Client net.IP
	Raw    io.Reader // as the client sent it, without trace lines of our own
	// ResultsBy and SpamFields are set where a mail server of the team's own handed
	// the mail over: what it wrote is believed, see Listen.
	ResultsBy  string
	SpamFields []string
}

// Result is what was found.
type Result struct {
	desk.Verdicts          // Virus is DISABLED, and Spam where nobody told
	Notes         []string // why, for the operator: domains and reasons, no addresses
	Author        string   // the From domain; "" where there is none that could be vouched for
	// Away: DNS did not answer, and with an answer the mail could be vouched for,
	// or better. Asked again later it may be.
	Away bool
}

// Verifier verifies mail. It may be used concurrently.
type Verifier struct {
	DNS Resolver // nil: there is none, and everything is DISABLED
}

// Verify verifies one mail. What goes wrong with DNS is a verdict; the error
// says that the mail could not be read, or that ctx ended, and means nothing
// else about the mail. It returns within [MaxTime] of DNS being slow.
func (v Verifier) Verify(ctx context.Context, m Mail) (Result, error) {
	r := Result{Verdicts: Disabled()}
	if v.DNS == nil {
		return r, nil
	}
	limited, cancel := context.WithTimeout(ctx, MaxTime)
	defer cancel()
	in := bufio.NewReaderSize(m.Raw, MaxHeader)
	h, err := readHeader(in)
	if err != nil {
		return r, fmt.Errorf("reading a mail to verify it: %w", err)
	}
	c := &check{ctx: limited, dns: &lookups{dns: v.DNS}, result: &r}
	author, why := h.author()
	policy, policyErr := c.policy(author)
	signers, err := c.dkim(h, in)
	if err != nil {
		return r, fmt.Errorf("reading a mail to verify it: %w", err)
	}
	results := ReadResults(h.fields, m.ResultsBy, m.SpamFields, m.MailFrom)
	if results.Spam != "" {
		r.Spam = results.Spam
	}
	sender := identity{domain: results.Domain, verdict: results.SPF}
	if r.SPF = results.SPF; results.SPF == "" || public(m.Client) {
		r.SPF = desk.VerdictDisabled
		sender = c.spf(m)
	} else {
		c.note("spf: %s for %s, as %s says", results.SPF, results.Domain, m.ResultsBy)
	}
	switch {
	case h.beyond:
		c.dmarc(desk.VerdictProcessing, why)
	case why != "":
		c.dmarc(desk.VerdictFail, why)
	case policyErr != nil:
		c.dmarc(desk.VerdictProcessing, "policy of "+author+": "+policyErr.Error())
	case policy == nil:
		c.dmarc(desk.VerdictGray, author+" has no policy")
	default:
		c.align(author, policy, sender, signers)
	}
	r.Author, r.Proof = author, proof(author, policy, sender, signers)
	r.Away = author != "" && (policyErr != nil || anyAway(author, append(signers, sender)))
	return r, ctx.Err()
}

// Disabled are the verdicts where nothing is looked at.
func Disabled() desk.Verdicts {
	const d = desk.VerdictDisabled
	return desk.Verdicts{SPF: d, DKIM: d, DMARC: d, Spam: d, Virus: d}
}

// check is one mail's verification.
type check struct {
	ctx    context.Context
	dns    *lookups
	result *Result
}

// identity is a domain and whether it was shown to have sent or signed the mail.
type identity struct {
	domain  string
	verdict desk.Verdict // PASS, PROCESSING_FAILED, or something else
	covers  []string     // of a signature: see intent.Covers
}

func (c *check) note(format string, args ...any) {
	c.result.Notes = append(c.result.Notes, fmt.Sprintf(format, args...))
}

// spf judges the client by the envelope sender's domain, or its own name where
// the path is null (RFC 7208 section 2.4).
func (c *check) spf(m Mail) identity {
	verdict := &c.result.SPF
	if !public(m.Client) {
		c.note("spf: not judged, the client is not the sender's server")
		return identity{verdict: desk.VerdictDisabled}
	}
	local, domain := "postmaster", m.Helo
	if path := strings.Trim(m.MailFrom, "<>"); path != "" {
		at := strings.LastIndexByte(path, '@')
		domain = path[at+1:]
		// The library takes the first "@"; the local part matters for macros only.
		if l := path[:max(at, 0)]; l != "" && !strings.ContainsAny(l, "@\"\\ ") {
			local = l
		}
	}
	domain = ascii(domain)
	if !strings.Contains(domain, ".") {
		*verdict = desk.VerdictGray
		c.note("spf: the client named no domain")
		return identity{verdict: *verdict}
	}
	result, err := spf.CheckHostWithSender(m.Client, m.Helo, local+"@"+domain, spf.WithContext(c.ctx), spf.WithResolver(c.dns))
	switch result {
	case spf.Pass:
		*verdict = desk.VerdictPass
	case spf.Fail:
		*verdict = desk.VerdictFail
	case spf.TempError:
		*verdict = desk.VerdictProcessing
	default: // none, neutral, softfail, permerror: the domain asserts nothing that could be read
		*verdict = desk.VerdictGray
	}
	var dns *net.DNSError
	if errors.As(err, &dns) {
		err = errors.New(dns.Err) // the name that was asked for may be made of the sender's address
	}
	c.note("spf: %s for %s (%v)", result, domain, err)
	return identity{domain: domain, verdict: *verdict}
}

// public tells whether an address can be a sender's on the internet.
func public(ip net.IP) bool {
	shared := net.IPNet{IP: net.IPv4(100, 64, 0, 0).To4(), Mask: net.CIDRMask(10, 32)} // RFC 6598
	return ip.IsGlobalUnicast() && !ip.IsPrivate() && !shared.Contains(ip)
}

// MaxTime is how long DNS may take for one mail. A pair of tries of Go's
// resolver with its ordinary timeout of 5 s fits.
const MaxTime = 12 * time.Second
