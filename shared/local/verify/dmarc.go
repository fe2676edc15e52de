package verify

import (
	"strings"

	"github.com/emersion/go-msgauth/dmarc"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/intent"
)

func (c *check) dmarc(v desk.Verdict, why string) {
	c.result.DMARC = v
	c.note("dmarc: %s", why)
}

// align looks for an identity that passed and is the author's (RFC 7489 section
// 3.1). Which policy the domain asks for is no matter here: as in SES, FAIL is
// FAIL where the policy is "none", too.
func (c *check) align(author string, policy *dmarc.Record, sender identity, signers []identity) {
	temporary := false
	fits := func(id identity, mode dmarc.AlignmentMode) bool {
		if id.domain == "" || !aligned(id.domain, author, mode) {
			return false
		}
		temporary = temporary || id.verdict == desk.VerdictProcessing
		return id.verdict == desk.VerdictPass
	}
	for _, s := range signers {
		if fits(s, policy.DKIMAlignment) {
			c.dmarc(desk.VerdictPass, "signed by "+s.domain+" for "+author)
			return
		}
	}
	switch {
	case fits(sender, policy.SPFAlignment):
		c.dmarc(desk.VerdictPass, "sent by "+sender.domain+" for "+author)
	case temporary:
		c.dmarc(desk.VerdictProcessing, "what could vouch for "+author+" could not be looked up")
	case sender.verdict == desk.VerdictDisabled:
		c.dmarc(desk.VerdictGray, "no whole signature of "+author+", and SPF was not judged")
	default:
		c.dmarc(desk.VerdictFail, "nothing of "+author+" vouches for it")
	}
}

// aligned compares two domains: they are one, or, unless the policy is strict,
// belong to one organisation.
func aligned(domain, author string, mode dmarc.AlignmentMode) bool {
	return domain == author || mode != dmarc.AlignmentStrict && intent.Aligned(domain, author)
}

// anyAway tells whether one that may be the author's could not be looked up.
func anyAway(author string, all []identity) bool {
	for _, id := range all {
		if id.verdict == desk.VerdictProcessing && intent.Aligned(id.domain, author) {
			return true
		}
	}
	return false
}

// proof says which of what passed is the author's. A domain without a policy
// is read as one that asks for nothing strict.
func proof(author string, policy *dmarc.Record, sender identity, signers []identity) string {
	var p intent.Proof
	if author == "" {
		return p.String()
	}
	if policy == nil {
		policy = &dmarc.Record{}
	}
	own := func(id identity, mode dmarc.AlignmentMode) bool {
		return id.verdict == desk.VerdictPass && id.domain != "" && aligned(id.domain, author, mode)
	}
	p.SPF = own(sender, policy.SPFAlignment)
	for _, s := range signers {
		if own(s, policy.DKIMAlignment) {
			p.Signatures = append(p.Signatures, s.covers)
		}
	}
	return p.String()
}

// policy finds what holds for the author's domain: its own record, else its
// organisation's (RFC 7489 section 6.6.3). Nil without an error: there is none.
func (c *check) policy(author string) (*dmarc.Record, error) {
	if author == "" {
		return nil, nil
	}
	names := []string{author}
	if o := intent.Organisation(author); o != author {
		names = append(names, o)
	}
	for _, name := range names {
		all, err := c.dns.LookupTXT(c.ctx, "_dmarc."+name)
		if err != nil && !notFound(err) {
			return nil, err
		}
		var records []string
		for _, r := range all {
			if isDMARC(r) {
				records = append(records, r)
			}
		}
		switch len(records) {
		case 0:
			continue
		case 1:
			return readPolicy(records[0]), nil
		}
		return nil, nil // several mean none
	}
	return nil, nil
}

func isDMARC(record string) bool {
	first, _, _ := strings.Cut(record, ";")
	key, value, _ := strings.Cut(first, "=")
	return strings.TrimSpace(key) == "v" && strings.TrimSpace(value) == "DMARC1"
}

// readPolicy reads a record without what is broken in it (RFC 7489 section 6.3:
// such parts are ignored). Without a policy that can be read it counts if it
// asks for reports (section 6.6.3), and as none otherwise.
func readPolicy(record string) *dmarc.Record {
	allowed := map[string]string{"p": "none quarantine reject", "sp": "none quarantine reject", "adkim": "r s", "aspf": "r s"}
	good, seen, broken, reports := []string{"v=DMARC1"}, map[string]bool{}, false, false
	for tag := range strings.SplitSeq(record, ";") {
		key, value, _ := strings.Cut(tag, "=")
		key, value = strings.ToLower(strings.TrimSpace(key)), strings.ToLower(strings.TrimSpace(value))
		reports = reports || key == "rua" && strings.Contains(value, "mailto:")
		words, known := allowed[key]
		if !known || seen[key] {
			continue
		}
		if value != "" && !strings.Contains(value, " ") && strings.Contains(" "+words+" ", " "+value+" ") {
			good, seen[key] = append(good, key+"="+value), true
		} else if key == "sp" {
			broken = true
		}
	}
	if !seen["p"] {
		broken = true
		good = append(good, "p=none")
	}
	if broken && !reports {
		return nil
	}
	policy, err := dmarc.Parse(strings.Join(good, "; "))
	if err != nil {
		return nil
	}
	return policy
}
