package letters

import (
	"github.com/replywell/replywell/shared/email/page"
	"github.com/replywell/replywell/shared/email/smime"
)

// signed says what the signature of a mail is worth; "" where it has none.
func (n *notification) signed() string {
	if n.more.PGP {
		return "Signed by PGP, which is not checked here."
	}
	s := n.more.SMIME
	if s == nil {
		return ""
	}
	by, issuer := page.Excerpt(s.By, 200), page.Excerpt(s.Issuer, 80)
	switch s.State {
	case smime.Verified:
		return "Signed (S/MIME) by " + by + ", which " + issuer + " confirms."
	case smime.Unknown:
		return "Signed (S/MIME) by " + by + ", with a certificate that no authority known here confirms: anybody could have made it. It says that " + issuer + " issued it."
	case smime.Expired:
		return "Signed (S/MIME) by " + by + ", with a certificate that is not valid today; it ends on " + n.w.day(s.Until) + "."
	case smime.Other:
		return "Signed (S/MIME) by " + by + ", which is not the sender’s address."
	case smime.Broken:
		return "Its S/MIME signature does not fit: the text was changed on the way, or is not the signer’s."
	}
	return "It bears an S/MIME signature that could not be read."
}
