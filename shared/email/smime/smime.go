package smime

import (
	"bytes"
	"crypto/rsa"
	"crypto/x509"
	"errors"
	"strings"
	"time"

	"github.com/smallstep/pkcs7"
)

// Bounds of what is looked at. A signature with the certificates that belong to it is a
// few thousand bytes, and one person signs.
const (
	MaxSignature = 256 << 10
	maxCerts     = 12
	maxSigners   = 2
	maxKey       = 8192 // bits; a longer one takes long on purpose
)

// State is how far a signature can be relied on.
type State string

// The states.
const (
	Verified  State = "verified"  // it fits, is the sender's, and an authority that is known here confirms that
	Unknown   State = "unknown"   // it fits, and nobody who is known here says whose it is
	Expired   State = "expired"   // it fits, and the certificate was not valid any more, or not yet
	Other     State = "other"     // it fits, and is another address's than the sender's
	Broken    State = "broken"    // it does not fit what was signed
	Unchecked State = "unchecked" // it cannot be read
)

// Signature is what is known of one.
type Signature struct {
	State  State
	By     string // the address in the certificate, else its name; "" where it has neither
	Issuer string // who issued it, as it says
	Until  time.Time
}

// Check looks at a signature. content is what was signed, as it stands in the mail, for
// one that stands beside it; nil for one that holds it. from is the address of the mail's
// From field, roots are who is relied on; nil is whom the machine knows.
func Check(signature, content []byte, from string, at time.Time, roots *x509.CertPool) (s Signature) {
	defer func() {
		if recover() != nil { // a mail must not end the program
			s = Signature{State: Unchecked}
		}
	}()
	if len(signature) > MaxSignature+len(content) && content != nil {
		return Signature{State: Unchecked}
	}
	p, err := pkcs7.Parse(signature)
	if err != nil || len(p.Signers) == 0 || len(p.Signers) > maxSigners || len(p.Certificates) > maxCerts || tooLong(p.Certificates) {
		return Signature{State: Unchecked}
	}
	signer := p.GetOnlySigner()
	if signer == nil {
		return Signature{State: Unchecked}
	}
	s = Signature{By: named(signer, from), Issuer: signer.Issuer.CommonName, Until: signer.NotAfter}
	if s.Issuer == "" {
		s.Issuer = strings.Join(signer.Issuer.Organization, ", ")
	}
	if s.State, err = fits(p, content); err != nil {
		return s
	}
	switch {
	case !has(signer, from):
		s.State = Other
	case at.After(signer.NotAfter), at.Before(signer.NotBefore):
		s.State = Expired
	case !confirmed(signer, p.Certificates, at, roots):
		s.State = Unknown
	default:
		s.State = Verified
	}
	return s
}

// fits gives an error where the signature is not that of the content. Line ends were
// CRLF when it was made, whatever they are by now, and the one before the boundary
// belongs to the boundary (RFC 1847 section 2.1).
func fits(p *pkcs7.PKCS7, content []byte) (State, error) {
	if content == nil {
		if err := p.Verify(); err != nil {
			return Broken, err
		}
		return "", nil
	}
	lines := bytes.ReplaceAll(bytes.ReplaceAll(content, []byte("\r\n"), []byte("\n")), []byte("\n"), []byte("\r\n"))
	err := errors.New("nothing was tried")
	for _, c := range [][]byte{lines, bytes.TrimSuffix(lines, []byte("\r\n")), append(bytes.Clone(lines), '\r', '\n'), content} {
		p.Content = c
		if err = p.Verify(); err == nil {
			return "", nil
		}
	}
	return Broken, err
}

// confirmed asks whether somebody who is known confirms the certificate for mail.
func confirmed(c *x509.Certificate, others []*x509.Certificate, at time.Time, roots *x509.CertPool) bool {
	between := x509.NewCertPool()
	for _, o := range others {
		between.AddCert(o)
	}
	_, err := c.Verify(x509.VerifyOptions{Roots: roots, Intermediates: between, CurrentTime: at, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageEmailProtection}})
	return err == nil
}

func tooLong(certs []*x509.Certificate) bool {
	for _, c := range certs {
		if k, ok := c.PublicKey.(*rsa.PublicKey); ok && k.N.BitLen() > maxKey {
			return true
		}
	}
	return false
}

// oidEmail is the attribute of a name in which older certificates have the address.
const oidEmail = "1.2.840.113549.1.9.1"

func addresses(c *x509.Certificate) []string {
	out := append([]string(nil), c.EmailAddresses...)
	for _, n := range c.Subject.Names {
		if a, ok := n.Value.(string); ok && n.Type.String() == oidEmail {
			out = append(out, a)
		}
	}
	return out
}

func has(c *x509.Certificate, from string) bool {
	for _, a := range addresses(c) {
		if from != "" && strings.EqualFold(a, from) {
			return true
		}
	}
	return false
}

func named(c *x509.Certificate, from string) string {
	all := addresses(c)
	switch {
	case has(c, from):
		return from
	case len(all) > 0:
		return all[0]
	}
	return c.Subject.CommonName
}
