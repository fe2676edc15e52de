package intent

import (
	"slices"
	"strings"

	"github.com/replywell/replywell/shared/email/message"
)

// Proof is what the receiving service found out about whose server a mail came
// from and what its signatures cover. The zero value is nothing.
type Proof struct {
	// SPF: the client may send for the envelope sender's domain, which is
	// aligned with the author's (RFC 7489 section 3.1.2).
	SPF bool
	// Signatures are those of the author's domain, or one aligned with it, that
	// passed; where the service does not say which, all of them. Each is the
	// fields that it covers, in lower case.
	Signatures [][]string
}

// fields are those that a verdict depends on.
var fields = []string{"to", "cc", "subject", "date", "content-type"}

// Meant tells whether a mail with this header was written to an address that is
// tells apart from others; if not, why is a clause that says what is missing.
func Meant(h message.Header, p Proof, is func(address string) bool) (ok bool, why string) {
	if p.SPF {
		return true, ""
	}
	if len(p.Signatures) == 0 {
		return false, "it was not sent by a server of your domain (SPF), and no signature of your domain was found"
	}
	for _, f := range fields {
		if len(raw(h, f)) > 1 {
			return false, "it has more than one " + title(f) + " field"
		}
	}
	in := ""
	for _, f := range []string{"to", "cc"} {
		for _, v := range raw(h, f) {
			for _, a := range message.ParseAddressList(v) {
				if is(a.Address) && covered(p.Signatures, f) {
					in = f
				}
			}
		}
	}
	switch {
	case in == "":
		return false, "it was not sent by a server of your domain (SPF), and your domain's signature does not cover the address that it came to"
	case !covered(p.Signatures, "subject"):
		return false, "it was not sent by a server of your domain (SPF), and your domain's signature does not cover its subject"
	case !covered(p.Signatures, "date") || len(raw(h, "date")) == 0: // what tells this mail from a repetition of it
		return false, "it was not sent by a server of your domain (SPF), and your domain's signature does not cover its date"
	case !plain(h) && !covered(p.Signatures, "content-type"):
		return false, "it was not sent by a server of your domain (SPF), and your domain's signature does not cover its Content-Type"
	}
	return true, ""
}

// raw gives the values of a field as they stand in the mail: what an encoded word
// says is no address.
func raw(h message.Header, name string) (out []string) {
	for _, f := range h {
		if strings.EqualFold(f.Name, name) {
			out = append(out, f.Raw)
		}
	}
	return out
}

func covered(signatures [][]string, field string) bool {
	for _, s := range signatures {
		if !slices.Contains(s, field) {
			return false
		}
	}
	return true
}

// plain tells of text that is what it is whatever its header says.
func plain(h message.Header) bool {
	kind, _, _ := strings.Cut(h.Get("Content-Type"), ";")
	kind = strings.ToLower(strings.TrimSpace(kind))
	return kind == "" || kind == "text/plain" || kind == "text"
}

func title(field string) string {
	switch field {
	case "cc":
		return "Cc"
	case "content-type":
		return "Content-Type"
	}
	return strings.ToUpper(field[:1]) + field[1:]
}

// MaxSignatures is how many signatures of a mail are looked at; one with more
// was meant for nobody.
const MaxSignatures = 50

// FromHeader gives the signatures that may have vouched for a mail of that
// author's domain, where the receiving service says that one did and not which.
// One that cannot be read, or that covers a part of the body only (l=), covers nothing.
func FromHeader(h message.Header, author string) (signatures [][]string) {
	all := raw(h, "DKIM-Signature")
	if len(all) > MaxSignatures {
		return [][]string{nil}
	}
	for _, v := range all {
		tags, ok := tagList(v)
		d := strings.ToLower(strings.TrimSuffix(tags["d"], "."))
		switch _, part := tags["l"]; {
		case !ok || d == "":
			signatures = append(signatures, nil)
		case !Aligned(d, author):
		case part:
			signatures = append(signatures, nil)
		default:
			signatures = append(signatures, Covers(strings.Split(tags["h"], ":")))
		}
	}
	return signatures
}

// Covers gives of the names in a signature's h= those that matter here.
func Covers(names []string) []string {
	var out []string
	for _, n := range names {
		n = strings.ToLower(strings.TrimSpace(n))
		if slices.Contains(fields, n) && !slices.Contains(out, n) {
			out = append(out, n)
		}
	}
	return out
}

// tagList reads "tag=value; …" (RFC 6376 section 3.2). A tag that stands twice
// makes it unreadable.
func tagList(s string) (map[string]string, bool) {
	tags := map[string]string{}
	for part := range strings.SplitSeq(s, ";") {
		if strings.TrimSpace(part) == "" {
			continue
		}
		name, value, ok := strings.Cut(part, "=")
		name = strings.TrimSpace(name)
		if _, twice := tags[name]; !ok || twice || name == "" {
			return tags, false
		}
		tags[name] = strings.Map(func(r rune) rune {
			if strings.ContainsRune(" \t\r\n", r) {
				return -1
			}
			return r
		}, value)
	}
	return tags, true
}
