package sender

import (
	"slices"
	"strings"

	"golang.org/x/net/idna"
)

// mostLabels bounds the domains above an address that it is known by.
const mostLabels = 6

// Canonical is the one spelling of an address, by which it is compared: of the letters
// before the "@" only the case of A to Z is put aside, and an international domain may
// be written either way (RFC 5890).
func Canonical(address string) string {
	at := strings.LastIndexByte(address, '@')
	local := strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, address[:at+1])
	domain := strings.ToLower(address[at+1:])
	if ascii, err := idna.Lookup.ToASCII(domain); err == nil {
		domain = ascii
	}
	return local + domain
}

// Name is what stands in a list for an address or a domain: the address without what
// stands behind a "+" in it, or "@" and the domain. "" is neither.
func Name(said string) string {
	said = Canonical(strings.TrimSpace(said))
	local, domain, _ := strings.Cut(said[:strings.LastIndexByte(said, '@')+1], "+")
	if domain != "" && local != "" {
		said = local + said[strings.LastIndexByte(said, '@'):]
	}
	at := strings.LastIndexByte(said, '@')
	host := strings.Trim(said[at+1:], ".")
	if !strings.Contains(host, ".") || strings.ContainsAny(said, " <>(),;:\"[]\\") || len(said) > 254 {
		return ""
	}
	if at < 1 {
		return "@" + host
	}
	return said[:at] + "@" + host
}

// Names are all that an address may stand under in a list: itself, its domain, and the
// domains above that, but for the last part by itself.
func Names(addresses ...string) (out []string) {
	add := func(s string) {
		if s != "" && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	for _, a := range addresses {
		name := Name(a)
		at := strings.LastIndexByte(name, '@')
		if at < 1 {
			continue
		}
		add(name)
		host := name[at+1:]
		for n := 0; n < mostLabels && strings.Contains(host, "."); n++ {
			add("@" + host)
			_, host, _ = strings.Cut(host, ".")
		}
	}
	return out
}

// Under reports whether an address stands in a list under the name.
func Under(address, name string) bool { return slices.Contains(Names(address), name) }
