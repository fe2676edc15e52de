package intent

import (
	"strings"

	"golang.org/x/net/publicsuffix"
)

// Organisation is the domain that was registered (RFC 7489 section 3.2), by the
// public suffix list. A public suffix stands for itself.
func Organisation(domain string) string {
	if d, err := publicsuffix.EffectiveTLDPlusOne(domain); err == nil {
		return d
	}
	return domain
}

// Aligned tells whether two domains, in lower case and as DNS has them, belong to
// one organisation.
func Aligned(domain, author string) bool {
	return domain != "" && author != "" && (domain == author || Organisation(domain) == Organisation(author))
}

// nothing is the text of a proof of nothing. It is not empty: that is a service
// which does not say.
const nothing = "none"

// String gives a proof as one line, in which a record keeps it.
func (p Proof) String() string {
	var out []string
	if p.SPF {
		out = append(out, "spf")
	}
	for _, s := range p.Signatures {
		out = append(out, "dkim="+strings.Join(s, ":"))
	}
	if len(out) == 0 {
		return nothing
	}
	return strings.Join(out, " ")
}

// ParseProof reads what String wrote. said is false where the service did not
// say what passed.
func ParseProof(text string) (p Proof, said bool) {
	for _, f := range strings.Fields(text) {
		if list, ok := strings.CutPrefix(f, "dkim="); ok {
			p.Signatures = append(p.Signatures, Covers(strings.Split(list, ":")))
		} else if f == "spf" {
			p.SPF = true
		}
	}
	return p, strings.TrimSpace(text) != ""
}
