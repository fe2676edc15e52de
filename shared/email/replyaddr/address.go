package replyaddr

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"
)

// maxLocal and maxAddress are RFC 5321's bounds for a local part (section
// 4.5.3.1.1) and for an address (a path of 256 without its angle brackets,
// section 4.5.3.1.3), in octets.
const (
	maxLocal   = 64
	maxAddress = 254
	maxLooked  = 2048 // no longer recipient is looked at; percent-encoding can triple an address
)

// Address puts a token into a base. A base is a mailbox, and then the token is
// its sub-address ("support@example.com" gives "support+TOKEN@example.com"), or
// "@" and a domain that is for replies only ("@reply.example.com" gives
// "TOKEN@reply.example.com"). Check a base with CheckBase when it is configured.
func Address(base, token string) string {
	local, domain := cut(base)
	if local == "" {
		return token + "@" + domain
	}
	return local + "+" + token + "@" + domain
}

// CheckBase tells in plain words why a base cannot carry tokens; nil if it can.
func CheckBase(base string) error {
	local, domain := cut(base)
	switch {
	case !strings.Contains(base, "@"):
		return fmt.Errorf("%q is no base for reply addresses: write a mailbox (support@example.com), or @ and a domain that is for replies only (@reply.example.com)", clip(base))
	case domain == "" || strings.ContainsFunc(domain, notDomain) || strings.HasPrefix(domain, ".") || strings.HasSuffix(domain, ".") || strings.Contains(domain, ".."):
		return fmt.Errorf("the base %q for reply addresses has no usable domain after the @: use letters, digits, hyphens and dots (xn-- for international names)", clip(base))
	case strings.ContainsFunc(local, notLocal) || strings.HasPrefix(local, ".") || strings.HasSuffix(local, ".") || strings.Contains(local, ".."):
		return fmt.Errorf("the base %q for reply addresses has signs before the @ that would need quoting: use letters, digits, dots, hyphens and underscores", clip(base))
	}
	if room := maxLocal - TokenLen - 1; len(local) > room {
		return fmt.Errorf("%q is too long to carry a reply token: mail allows %d characters before the @, which leaves %d for the mailbox, and %q has %d; use a shorter mailbox for replies, or a domain of their own such as @reply.%s",
			clip(base), maxLocal, room, clip(local), len(local), domain)
	}
	if n := len(Address(base, strings.Repeat("a", TokenLen))); n > maxAddress {
		return fmt.Errorf("%q makes reply addresses of %d characters, and mail allows %d: use a shorter domain", clip(base), n, maxAddress)
	}
	return nil
}

// Find looks for a token in a recipient's address as it came: with angle
// brackets, a display name, "mailto:", percent-encoding, quotes, another case
// or a trailing dot. base is the one of bases that it is an address of. Only
// the shape is looked at; Open decides whether the token is good.
func Find(bases []string, recipient string) (token, base string, ok bool) {
	if len(recipient) > maxLooked {
		return "", "", false
	}
	local, domain := cut(tidy(recipient))
	local, domain = lowerASCII(local), lowerASCII(domain)
	if local == "" || len(local) > maxLocal {
		return "", "", false
	}
	for _, b := range bases {
		blocal, bdomain := cut(b)
		if domain != lowerASCII(bdomain) || domain == "" {
			continue
		}
		candidate := local
		if blocal != "" {
			rest, has := strings.CutPrefix(local, lowerASCII(blocal)+"+")
			if !has {
				continue
			}
			candidate = rest
		}
		if _, good := decode(candidate); good {
			return candidate, b, true
		}
	}
	return "", "", false
}

// tidy takes off what mail clients, forms and logs put around an address.
func tidy(s string) string {
	s = strings.TrimSpace(s)
	if open := strings.LastIndexByte(s, '<'); open >= 0 {
		s = s[open+1:]
		if end := strings.IndexByte(s, '>'); end >= 0 {
			s = s[:end]
		}
	}
	s = strings.TrimSpace(s)
	if len(s) >= 7 && strings.EqualFold(s[:7], "mailto:") {
		s = s[7:]
		s, _, _ = strings.Cut(s, "?")
	}
	if plain, err := url.PathUnescape(s); err == nil {
		s = plain
	}
	// A form that decodes "+" as a query does makes it a space.
	s = strings.ReplaceAll(strings.TrimSpace(s), " ", "+")
	local, domain := cut(s)
	if n := len(local); n >= 2 && local[0] == '"' && local[n-1] == '"' {
		local = strings.ReplaceAll(local[1:n-1], `\`, "")
	}
	return local + "@" + strings.TrimRight(domain, ".>,;")
}

// cut splits an address at its last "@".
func cut(address string) (local, domain string) {
	at := strings.LastIndexByte(address, '@')
	if at < 0 {
		return "", ""
	}
	return address[:at], address[at+1:]
}

func notDomain(r rune) bool {
	return !alnum(r) && r != '-' && r != '.'
}

// notLocal allows RFC 5322's atext without the signs that other systems give a
// meaning of their own (% and !).
func notLocal(r rune) bool {
	return !alnum(r) && !strings.ContainsRune("#$&'*+-/=?^_`{|}~.", r)
}

func alnum(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
}

// Find gives every genuine token that stands in a text, in any case and
// whatever stands around it, with the bytes of the text that spell it. An
// expired token is genuine. skip tells which bytes to read over, such as the
// line breaks that a mail program put into a token; nil reads over none. Time is
// linear in the text.
func (k *Keyring) Find(text string, now time.Time, skip func(byte) bool) []Found {
	checks := len(text)
	return k.FindWithin(text, now, skip, &checks)
}

// FindWithin is Find with at most so many checks, a check being one computation
// of a MAC: a text that is made for it asks for one at each byte. checks is
// counted down; what is below zero then was not looked at.
func (k *Keyring) FindWithin(text string, now time.Time, skip func(byte) bool, checks *int) []Found {
	var out []Found
	var run []byte
	var at []int32 // where each byte of run stands
	flush := func() {
		for i := 0; i+TokenLen <= len(run); i++ {
			if !k.mayBegin(run[i], run[i+1]) {
				continue
			}
			if *checks--; *checks < 0 {
				return
			}
			t, err := k.Open(string(run[i:i+TokenLen]), now)
			if err == nil || errors.Is(err, ErrExpired) {
				out = append(out, Found{t, int(at[i]), int(at[i+TokenLen-1]) + 1})
				i += TokenLen - 1
			}
		}
		run, at = run[:0], at[:0]
	}
	for i := range len(text) {
		c := text[i]
		if c >= 'A' && c <= 'Z' {
			c += 'a' - 'A'
		}
		switch {
		case c >= 'a' && c <= 'z' || c >= '2' && c <= '7':
			run, at = append(run, c), append(at, int32(i))
		case skip == nil || !skip(c):
			flush()
		}
	}
	flush()
	return out
}

// Found is a token that stands in a text, at these bytes.
type Found struct {
	Token
	Start, End int
}

// mayBegin tells by its first two characters whether a token can begin there:
// they hold the purpose and the key.
func (k *Keyring) mayBegin(a, b byte) bool {
	bits := value(a)<<5 | value(b)
	purpose, id := Purpose(bits>>6), uint8(bits>>2&0x0f)
	_, known := k.keys[id]
	return known && purpose >= Agent
}

// value is what a character of the alphabet stands for.
func value(c byte) uint16 {
	if c >= 'a' {
		return uint16(c - 'a')
	}
	return uint16(c-'2') + 26
}
