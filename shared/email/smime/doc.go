// Package smime says what the S/MIME signature of a mail is worth: whether it fits what
// was signed, whose it is, and whether an authority that this machine knows confirms that.
//
// Nothing is fetched from the net, so no list of revoked certificates is looked at, and
// nothing that is found out here makes a mail an agent's or a customer's: it is named to
// who reads the mail, beside what the receiving service vouches for.
package smime
