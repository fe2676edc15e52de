package inbound

import (
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/intent"
	"github.com/replywell/replywell/shared/email/replyaddr"
)

// meant reports whether the mail was written to the reply address that it came
// to; why says what does not show it.
func (a *arrival) meant(t named, keys *replyaddr.Keyring, now time.Time) (ok bool, why string) {
	v := a.in.Verdicts
	ok, why = intent.Meant(a.mail.Header, a.proof(), func(address string) bool {
		for _, x := range a.openTokens(keys, []string{address}, now) {
			if x.genuine() && x.Token == t.Token {
				return true
			}
		}
		return false
	})
	if !ok && v.SPF == desk.VerdictProcessing {
		why += " (DNS did not answer when SPF was looked up)"
	}
	return ok, why
}

// proof is what the receiving service found out. Where it says which of what
// passed is the author's domain's, that decides; SES does not, and there its
// verdict on SPF with the envelope sender's domain does, or every signature of
// the author's domain.
func (a *arrival) proof() intent.Proof {
	v := a.in.Verdicts
	p, said := intent.ParseProof(v.Proof)
	if said {
		return p
	}
	author, path := hostOf(a.single), bare(a.in.MailFrom)
	p.SPF = v.SPF == desk.VerdictPass && path != "" && intent.Aligned(hostOf(path), author)
	if v.DKIM == desk.VerdictPass || v.DMARC == desk.VerdictPass {
		p.Signatures = intent.FromHeader(a.mail.Header, author)
	}
	return p
}
