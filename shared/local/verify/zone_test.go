package verify

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"io"
	"net"
	"strings"
	"sync"
	"testing"

	"github.com/emersion/go-msgauth/dkim"
)

// zone is a DNS of the test's own. A name that is not in it does not exist.
type zone struct {
	txt  map[string][]string
	mx   map[string][]*net.MX
	ip   map[string]string
	away map[string]bool // gives no answer now
	hang bool            // gives no answer ever

	mu    sync.Mutex
	asked []string
}

func (z *zone) ask(ctx context.Context, name string) error {
	z.mu.Lock()
	z.asked = append(z.asked, name)
	z.mu.Unlock()
	if z.hang {
		<-ctx.Done()
		return ctx.Err()
	}
	if z.away[strings.TrimSuffix(name, ".")] {
		return &net.DNSError{Err: "server misbehaving", Name: name, IsTemporary: true}
	}
	return nil
}

func answer[T any](z *zone, ctx context.Context, name string, have map[string]T) (found T, err error) {
	if err := z.ask(ctx, name); err != nil {
		return found, err
	}
	found, ok := have[strings.ToLower(strings.TrimSuffix(name, "."))]
	if !ok {
		return found, &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
	}
	return found, nil
}

func (z *zone) LookupTXT(ctx context.Context, name string) ([]string, error) {
	return answer(z, ctx, name, z.txt)
}

func (z *zone) LookupMX(ctx context.Context, name string) ([]*net.MX, error) {
	return answer(z, ctx, name, z.mx)
}

func (z *zone) LookupIPAddr(ctx context.Context, name string) ([]net.IPAddr, error) {
	ip, err := answer(z, ctx, name, z.ip)
	if err != nil {
		return nil, err
	}
	return []net.IPAddr{{IP: net.ParseIP(ip)}}, nil
}

func (z *zone) LookupAddr(ctx context.Context, name string) ([]string, error) {
	return nil, errors.Join(z.ask(ctx, name), &net.DNSError{Err: "no such host", Name: name, IsNotFound: true})
}

var (
	ours   = ed25519.NewKeyFromSeed(bytes.Repeat([]byte{1}, ed25519.SeedSize))
	theirs = ed25519.NewKeyFromSeed(bytes.Repeat([]byte{2}, ed25519.SeedSize))
)

func keyRecord(k ed25519.PrivateKey) string {
	return "v=DKIM1; k=ed25519; p=" + base64.StdEncoding.EncodeToString(k.Public().(ed25519.PublicKey))
}

// domains are a team that does everything right, a stranger who does too, and
// some that do not.
func domains() *zone {
	signs := func(k ed25519.PrivateKey) []string { return []string{keyRecord(k)} }
	return &zone{away: map[string]bool{}, ip: map[string]string{}, mx: map[string][]*net.MX{},
		txt: map[string][]string{
			"team.example":                       {"v=spf1 ip4:192.0.2.0/24 -all", "some-site-verification=1"},
			"mail.team.example":                  {"v=spf1 ip4:192.0.2.7 -all"},
			"_dmarc.team.example":                {"v=DMARC1; p=reject; sp=none"},
			"s._domainkey.team.example":          signs(ours),
			"s._domainkey.mail.team.example":     signs(ours),
			"_dmarc.strict.example":              {"v=DMARC1; p=none; adkim=s; aspf=s"},
			"strict.example":                     {"v=spf1 ip4:192.0.2.0/24 -all"},
			"mail.strict.example":                {"v=spf1 ip4:192.0.2.0/24 -all"},
			"s._domainkey.strict.example":        signs(ours),
			"s._domainkey.mail.strict.example":   signs(ours),
			"evil.example":                       {"v=spf1 +all"},
			"_dmarc.evil.example":                {"v=DMARC1; p=none"},
			"s._domainkey.evil.example":          signs(theirs),
			"_dmarc.shop.co.uk":                  {"v=DMARC1; p=reject"},
			"s._domainkey.other.co.uk":           signs(theirs),
			"s._domainkey.co.uk":                 signs(theirs),
			"_dmarc.xn--bcher-kva.example":       {"v=DMARC1; p=reject"},
			"s._domainkey.xn--bcher-kva.example": signs(ours),
			"s._domainkey.nopolicy.example":      signs(ours),
			"testing._domainkey.team.example":    {keyRecord(ours) + "; t=s:y"},
			"strictly._domainkey.team.example":   {keyRecord(ours) + "; t=s"},
			"s._domainkey.revoked.team.example":  {"v=DKIM1; k=ed25519; p="},
			"loop.example":                       {"v=spf1 redirect=loop2.example"},
			"loop2.example":                      {"v=spf1 redirect=loop.example"},
			"soft.example":                       {"v=spf1 ~all"},
			"two.example":                        {"v=spf1 -all", "v=spf1 +all"},
			"away.example":                       {"v=spf1 a:away2.example -all"},
			"_dmarc.away.example":                {"v=DMARC1; p=reject"},
			"_dmarc.twice.example":               {"v=DMARC1; p=reject", "v=DMARC1; p=none"},
			"_dmarc.broken.example":              {"v=DMARC1; adkim=r"},
			"_dmarc.reports.example": {
				"v=DMARC1; rua=mailto:d@reports.example; rf=x; fo=odd; pct=200; adkim=loose"},
			"s._domainkey.reports.example":           signs(ours),
			"_dmarc.foreign.example":                 {"v=spf1 -all", "v=DMARC2; p=none", "V=DMARC1; p=reject"},
			"s._domainkey.foreign.example":           signs(ours),
			"s._domainkey.long.team.example":         {keyRecord(ours) + "; n=" + strings.Repeat("x", maxRecord)},
			"s._domainkey.two.team.example":          {keyRecord(ours), keyRecord(theirs)},
			"_dmarc.own.team.example":                {"v=DMARC1; p=none; adkim=s"},
			"s._domainkey.anna.blogspot.com":         signs(theirs),
			"s._domainkey.testing-team.example":      signs(theirs),
			"_dmarc.quoted.example":                  {"v=DMARC1; p=reject"},
			"s._domainkey.xn--team-9na.example":      signs(theirs),
			"_dmarc.sub.unregistered.localnet":       {"v=DMARC1; p=reject"},
			"s._domainkey.sub.unregistered.localnet": signs(ours),
		}}
}

const from = "From: Anna Winter <anna@team.example>\r\n"

const rest = "To: support+x@shop.example\r\nSubject: Re: My lamp\r\nMessage-ID: <1@team.example>\r\nMIME-Version: " +
	"1.0\r\nContent-Type: text/plain\r\n\r\nTurn it off and on.\r\n"

// signed puts a signature above a mail.
func signed(t testing.TB, mail, domain string, key ed25519.PrivateKey, change ...func(*dkim.SignOptions)) string {
	t.Helper()
	o := &dkim.SignOptions{Domain: domain, Selector: "s", Signer: key, Hash: crypto.SHA256,
		HeaderCanonicalization: dkim.CanonicalizationRelaxed, BodyCanonicalization: dkim.CanonicalizationRelaxed,
		HeaderKeys: []string{"From", "To", "Subject", "Message-ID", "Content-Type"}}
	for _, c := range change {
		c(o)
	}
	var out bytes.Buffer
	if err := dkim.Sign(&out, strings.NewReader(mail), o); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// signedPart signs the first n bytes of a mail's body only, which the library
// does not do any more; n below 0 signs all of it. (RFC 6376 section 3.5, l=.)
func signedPart(mail string, n int, covers string) string {
	_, body, _ := strings.Cut(mail, "\r\n\r\n")
	tag := ""
	if n >= 0 {
		body, tag = body[:n], " l="+string(rune('0'+n))+";"
	}
	hash := sha256.Sum256([]byte(body))
	field := "DKIM-Signature: v=1; a=ed25519-sha256; d=team.example; s=s; h=" + covers + ";" + tag + " bh=" +
		base64.StdEncoding.EncodeToString(hash[:]) + "; b="
	signed := from
	if _, rest, ok := strings.Cut(mail, "\r\nSubject:"); ok && strings.Contains(covers, "Subject") {
		line, _, _ := strings.Cut(rest, "\r\n")
		signed += "Subject:" + line + "\r\n"
	}
	sum := sha256.Sum256([]byte(signed + field))
	return field + base64.StdEncoding.EncodeToString(ed25519.Sign(ours, sum[:])) + "\r\n" + mail
}

// brokenReader fails in the middle of a mail.
type brokenReader struct{ r io.Reader }

func (b brokenReader) Read(p []byte) (int, error) {
	n, err := b.r.Read(p)
	if errors.Is(err, io.EOF) {
		err = errors.New("input/output error")
	}
	return n, err
}
