package identify

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/replywell/replywell/shared/email/message"
	"github.com/replywell/replywell/shared/email/sender"
)

// Same reports whether two addresses are one person's: case does not count, and
// an international domain may be written either way (RFC 5890). Before the "@"
// only the case of A to Z is put aside: other letters fold onto them as well
// (the Kelvin sign onto k), and may be somebody else's mailbox.
func Same(a, b string) bool { return a != "" && Canonical(a) == Canonical(b) }

// Canonical is the one spelling of an address, by which it is compared.
func Canonical(address string) string { return sender.Canonical(address) }

// Usable reports whether mail can be sent to the address.
func Usable(address string) bool {
	at := strings.LastIndexByte(address, '@')
	return at > 0 && at < len(address)-1 && len(address) <= maxAddress && utf8.ValidString(address) &&
		!strings.ContainsFunc(address, func(r rune) bool {
			return unicode.IsSpace(r) || unicode.IsControl(r) || r == '<' || r == '>' || r == ','
		})
}

// onlyFrom gives the address of a mail with exactly one From field in which
// nothing but one address looks like an address. Of any other mail DMARC
// asserts nothing certain (RFC 7489 section 6.6.1): a verifier may have looked
// at the one and a mail program may show the other.
func onlyFrom(m *message.Message) string {
	var fields []string
	for _, f := range m.Header {
		if strings.EqualFold(f.Name, "From") {
			fields = append(fields, f.Raw)
		}
	}
	if len(fields) != 1 || strings.HasSuffix(strings.TrimSpace(fields[0]), ";") { // ";" ends a group
		return ""
	}
	found := false
	for _, word := range strings.FieldsFunc(fields[0], parts) {
		if strings.Contains(word, "@") {
			if !Same(word, m.From.Address) {
				return ""
			}
			found = true
		}
	}
	if !found {
		return ""
	}
	return m.From.Address
}

// parts tells what sets the words of an address field apart.
func parts(r rune) bool {
	return unicode.IsSpace(r) || strings.ContainsRune(`<>()"',;:\[]`, r)
}

// Bare takes the angle brackets off an envelope address; the null path gives "".
func Bare(path string) string {
	return strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(path), "<"), ">")
}

// HostOf is the domain of an address, in the spelling by which it is compared.
func HostOf(address string) string {
	address = Canonical(address)
	return address[strings.LastIndexByte(address, '@')+1:]
}

// Clip shortens a text to so many bytes, at a character.
func Clip(s string, most int) string {
	if len(s) <= most {
		return s
	}
	for most > 0 && !utf8.RuneStart(s[most]) {
		most--
	}
	return s[:most]
}
