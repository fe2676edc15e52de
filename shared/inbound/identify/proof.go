package identify

import (
	"slices"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email"
	"github.com/replywell/replywell/shared/email/intent"
)

// proof is what the receiving service found out. Where it says which of what
// passed is the author's domain's, that decides; SES does not, and there its
// verdict on SPF with the envelope sender's domain does, or every signature of
// the author's domain. sender is the one address of the one From field.
func proof(m *email.Mail, in desk.Inbound, sender string) intent.Proof {
	v := in.Verdicts
	p, said := intent.ParseProof(v.Proof)
	if said {
		return p
	}
	author, path := HostOf(sender), Bare(in.MailFrom)
	p.SPF = v.SPF == desk.VerdictPass && path != "" && intent.Aligned(HostOf(path), author)
	if v.DKIM == desk.VerdictPass || v.DMARC == desk.VerdictPass {
		p.Signatures = intent.FromHeader(m.Header, author)
	}
	return p
}

// spfAlone reports whether SPF vouches for the From domain. SPF says who owns the
// envelope sender, so that must be of the From address's own domain (RFC 7489
// section 3.1.2, strict).
func spfAlone(in desk.Inbound, sender string) bool {
	v := in.Verdicts
	return v.DMARC != desk.VerdictFail && v.SPF == desk.VerdictPass && sender != "" && HostOf(Bare(in.MailFrom)) == HostOf(sender)
}

// VouchedFor reports whether the agent's domain vouches for the mail: by DMARC, or
// by what the settings take for it.
func (f Facts) VouchedFor(agent desk.Agent) bool {
	return f.Record.Verdicts.Authenticated() || agent.VouchedBy == desk.VouchedBySPF && f.SPFAlone
}

// VouchedForDepartment is VouchedFor for a mail that says it is a department's.
func (f Facts) VouchedForDepartment(d desk.Department) bool {
	return f.Record.Verdicts.Authenticated() || d.VouchedBy == desk.VouchedBySPF && f.SPFAlone
}

// OfDepartment reports whether an address is the department's: its own, its ambassador's,
// or one of its own domain, if that is no provider's that anybody can have.
func OfDepartment(d desk.Department, address string, public func(domain string) bool) bool {
	if Same(address, d.Address) || Same(address, d.Ambassador) {
		return true
	}
	own := HostOf(d.Address)
	return address != "" && own == HostOf(address) && !public(own)
}

// unverified says why nobody vouches for an agent's mail.
func unverified(v desk.Verdicts) string {
	switch {
	case v.Authenticated():
		return ""
	case v.DMARC == desk.VerdictProcessing:
		return "it could not be checked whether it truly comes from your address: DNS did not answer, or the mail is too large to be checked"
	}
	return "the receiving service could not confirm that it truly comes from your address (DMARC)"
}

// HasAddress reports whether an address is one of the agent's.
func HasAddress(agent desk.Agent, address string) bool {
	return slices.ContainsFunc(agent.Addresses, func(x string) bool { return Same(x, address) })
}
