package verify

import (
	"context"
	"errors"
	"net"
	"strings"
	"sync/atomic"

	"golang.org/x/net/idna"
)

// Resolver asks DNS. *net.Resolver is one. Names end with a dot. An error that
// is not a *net.DNSError counts as temporary.
type Resolver interface {
	LookupTXT(ctx context.Context, name string) ([]string, error)
	LookupMX(ctx context.Context, name string) ([]*net.MX, error)
	LookupIPAddr(ctx context.Context, host string) ([]net.IPAddr, error)
	LookupAddr(ctx context.Context, addr string) ([]string, error)
}

const (
	// MaxLookups is how many questions one mail may cost. SPF at its worst
	// asks about as many (RFC 7208 section 4.6.4).
	MaxLookups = 100
	// maxRecord is how long a TXT record may be, in bytes; longer ones are
	// passed over. A key of 8,192 bits has 1,400.
	maxRecord = 4 << 10
)

// lookups is the DNS of one mail: bounded, asked by full names only, so that no
// search list of this machine answers for another domain.
type lookups struct {
	dns  Resolver
	used atomic.Int64
}

func (l *lookups) LookupTXT(ctx context.Context, name string) (short []string, err error) {
	records, err := ask(ctx, l, full(name), l.dns.LookupTXT)
	for _, r := range records {
		if len(r) <= maxRecord {
			short = append(short, r)
		}
	}
	return short, err
}

func (l *lookups) LookupMX(ctx context.Context, name string) ([]*net.MX, error) {
	return ask(ctx, l, full(name), l.dns.LookupMX)
}

func (l *lookups) LookupIPAddr(ctx context.Context, host string) ([]net.IPAddr, error) {
	return ask(ctx, l, full(host), l.dns.LookupIPAddr)
}

func (l *lookups) LookupAddr(ctx context.Context, addr string) ([]string, error) {
	return ask(ctx, l, addr, l.dns.LookupAddr)
}

func ask[T any](ctx context.Context, l *lookups, name string, lookup func(context.Context, string) ([]T, error)) ([]T, error) {
	if l.used.Add(1) > MaxLookups {
		return nil, &net.DNSError{Err: "too many lookups for one mail", Name: name}
	}
	if err := ctx.Err(); err != nil {
		return nil, &net.DNSError{Err: err.Error(), Name: name, IsTimeout: true}
	}
	found, err := lookup(ctx, name)
	if _, ok := err.(*net.DNSError); err != nil && !ok { // the libraries look for this type itself
		err = &net.DNSError{Err: err.Error(), Name: name, IsTemporary: true}
	}
	return found, err
}

func full(name string) string { return strings.TrimSuffix(name, ".") + "." }

// notFound tells that DNS did answer: there is none.
func notFound(err error) bool {
	var dns *net.DNSError
	return errors.As(err, &dns) && dns.IsNotFound
}

// ascii gives a domain in the form that DNS has, in lower case; "" for what is
// no domain (an address literal, say).
func ascii(domain string) string {
	domain = strings.ToLower(domain)
	if strings.ContainsFunc(domain, func(r rune) bool { return r >= 0x80 }) {
		var err error
		if domain, err = idna.Lookup.ToASCII(domain); err != nil {
			return ""
		}
	}
	if len(domain) > 253 {
		return ""
	}
	for label := range strings.SplitSeq(domain, ".") {
		if label == "" || len(label) > 63 || strings.Trim(label, "abcdefghijklmnopqrstuvwxyz0123456789-_") != "" {
			return ""
		}
	}
	return domain
}
