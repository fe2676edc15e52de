package compose

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/idna"
)

const maxAddressLen = 320 // octets of an address; RFC 5321 allows 254, and some systems exceed it

// encodeAddrSpec checks an address and writes it for a header: the domain in
// its ASCII form (RFC 5890), the local part quoted if it must be.
func encodeAddrSpec(address string) (string, error) {
	if err := checkLine(address); err != nil {
		return "", fmt.Errorf("the address %w", err)
	}
	at := strings.LastIndexByte(address, '@')
	if at < 1 || at == len(address)-1 {
		return "", fmt.Errorf("%q is no address: it needs something before and after an @", clip(address))
	}
	if len(address) > maxAddressLen {
		return "", fmt.Errorf("the address %q is too long (%d characters, at most %d)", clip(address), len(address), maxAddressLen)
	}
	local, domain := address[:at], address[at+1:]
	if local == `""` || !utf8.ValidString(address) {
		return "", fmt.Errorf("%q is no address that a mail can be sent to", clip(strings.ToValidUTF8(address, "\uFFFD")))
	}
	ascii := domain
	if strings.ContainsFunc(domain, func(r rune) bool { return r > '~' }) {
		var err error
		if ascii, err = idna.Lookup.ToASCII(domain); err != nil {
			return "", fmt.Errorf("the domain of %q cannot be written in mail: %w", clip(address), err)
		}
	}
	if !domainForm(ascii) {
		return "", fmt.Errorf("the domain of %q has not the form of one", clip(address))
	}
	if strings.ContainsFunc(local, func(r rune) bool { return r > '~' || r < ' ' }) {
		return "", fmt.Errorf("%q has letters outside ASCII before the @, which the mail service cannot deliver to", clip(address))
	}
	dotAtom := !strings.HasPrefix(local, ".") && !strings.HasSuffix(local, ".") && !strings.Contains(local, "..") &&
		!strings.ContainsFunc(local, func(r rune) bool { return !atext(r) && r != '.' })
	if !dotAtom {
		unquoted := local
		if len(local) >= 2 && local[0] == '"' && local[len(local)-1] == '"' {
			unquoted = strings.NewReplacer(`\\`, `\`, `\"`, `"`).Replace(local[1 : len(local)-1])
		}
		local = `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(unquoted) + `"`
	}
	return local + "@" + ascii, nil
}

// domainForm tells whether a domain is a dot-atom, or an address literal in
// brackets (RFC 5322 section 3.4.1).
func domainForm(domain string) bool {
	if inner, ok := strings.CutPrefix(domain, "["); ok {
		inner, ok = strings.CutSuffix(inner, "]")
		return ok && inner != "" && !strings.ContainsFunc(inner, func(r rune) bool { return !atext(r) && r != '.' && r != ':' })
	}
	for label := range strings.SplitSeq(domain, ".") {
		if label == "" || strings.ContainsFunc(label, func(r rune) bool { return !atext(r) }) {
			return false
		}
	}
	return true
}

// atext is RFC 5322 section 3.2.3.
func atext(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("!#$%&'*+-/=?^_`{|}~", r)
}

// checkLine refuses what would end a header line and begin another one.
func checkLine(s string) error {
	switch {
	case strings.ContainsAny(s, "\r\n"):
		return errors.New("contains a line break, which could smuggle in another header field")
	case strings.ContainsRune(s, 0):
		return errors.New("contains a NUL character")
	}
	return nil
}

// clip keeps a stranger's text in an error short.
func clip(s string) string {
	if r := []rune(s); len(r) > 60 {
		return string(r[:60]) + "..."
	}
	return s
}
