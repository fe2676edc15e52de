package intent

import (
	"strings"
	"testing"

	"github.com/replywell/replywell/shared/email/message"
)

const address = "support+token@shop.example"

// TestAttack14WhatShowsThatAMailWasMeant: demand 14. Whoever has a signed mail of an agent's,
// written to somebody else, wants it carried out as an answer to a customer.
func TestAttack14WhatShowsThatAMailWasMeant(t *testing.T) {
	const to, subject, text = "To: " + address + "\r\n", "Subject: Re: Lamp\r\n", "Content-Type: text/plain\r\n"
	const multi = "Content-Type: multipart/alternative; boundary=x\r\n"
	const date = "Date: Mon, 02 Mar 2026 09:00:00 +0000\r\n"
	for name, tc := range map[string]struct {
		header, proof string
		want          bool
	}{
		"SPF":                     {to + subject + multi, "spf", true},
		"SPF, whatever To says":   {"To: list@lists.example\r\n", "spf", true},
		"signed, all of it":       {to + subject + text, "dkim=to:subject", true},
		"signed, no Content-Type": {to + subject, "dkim=to:subject", true},
		"signed, in Cc": {"To: a@b.example\r\nCc: x@y.example, Shop <" + address +
			">\r\n" + subject, "dkim=cc:subject", true},
		"multipart, Content-Type signed":     {to + subject + multi, "dkim=to:subject:content-type", true},
		"multipart, Content-Type not signed": {to + subject + multi, "dkim=to:subject", false},
		"HTML, Content-Type not signed": {to + subject + "Content-Type: text/html\r\n", "dkim=to:subject",
			false},
		"nothing passed":  {to + subject + text, "none", false},
		"nothing is said": {to + subject + text, "", false},
		"signed, written to a list": {"To: list@lists.example\r\n" + subject + text,
			"dkim=to:cc:subject:content-type", false},
		"To is not signed":                          {to + subject + text, "dkim=subject:content-type", false},
		"the subject is not signed":                 {to + subject + text, "dkim=to:content-type", false},
		"two signatures, and one does not cover To": {to + subject + text, "dkim=to:subject dkim=subject", false},
		"two signatures that cover all": {to + subject + text, "dkim=to:subject dkim=subject:to:cc",
			true},
		"a second To above": {to + "To: list@lists.example\r\n" + subject, "dkim=to:subject",
			false},
		"a second Subject": {to + subject + "Subject: Refund\r\n", "dkim=to:subject", false},
		"a Cc that is put in, unsigned": {"To: list@lists.example\r\nCc: " + address + "\r\n" + subject,
			"dkim=to:subject", false},
		"two Cc fields": {to + "Cc: a@b.example\r\nCc: c@d.example\r\n" + subject,
			"dkim=to:cc:subject", false},
		"a second Content-Type": {to + subject + text + multi, "dkim=to:subject:content-type",
			false},
		"Bcc": {"To: a@b.example\r\nBcc: " + address + "\r\n" + subject,
			"dkim=to:cc:bcc:subject", false},
		"the address in a name": {"To: \"" + address + "\" <list@lists.example>\r\n" + subject,
			"dkim=to:subject", false},
		"the address in an encoded name": {
			"To: =?utf-8?q?=3Csupport+token=40shop=2Eexample=3E=2C?= <list@lists.example>\r\n" + subject,
			"dkim=to:subject", false},
		"the address in a comment": {"To: list@lists.example (" + address + ")\r\n" + subject,
			"dkim=to:subject", false},
		"the date is not signed": {to + subject + date, "dkim=to:subject", false},
		"there is no date":       {to + subject, "dkim=to:subject:date", false},
		"a second date":          {to + subject + date + date, "dkim=to:subject:date", false},
		"a folded To": {"To: Everybody\r\n <list@lists.example>,\r\n\t" + address +
			"\r\n" + subject, "dkim=to:subject", true},
		"a group": {"To: desk: a@b.example, " + address + ";\r\n" + subject,
			"dkim=to:subject", true},
		"an empty group of that name": {"To: \"" + address + "\": ;\r\n" + subject, "dkim=to:subject",
			false},
		"in other case": {"To: SUPPORT+Token@Shop.Example\r\n" + subject,
			"dkim=to:subject", true},
		"below a longer domain": {"To: " + address + ".evil.example\r\n" + subject,
			"dkim=to:subject", false},
		"as a quoted local part": {"To: \"" + address + "\"@evil.example\r\n" + subject,
			"dkim=to:subject", false},
		"in a route": {"To: <@" + "shop.example:list@lists.example>\r\n" + subject,
			"dkim=to:subject", false},
		"another's token": {"To: support+other@shop.example\r\n" + subject,
			"dkim=to:subject", false},
		"Delivered-To, Resent-To, X-Original-To": {"Delivered-To: " + address + "\r\nResent-To: " + address +
			"\r\nTo: list@lists.example\r\n" + subject, "dkim=to:subject:delivered-to", false},
		"a signature that covers nothing, and a good": {to + subject, "dkim= dkim=to:subject", false},
	} {
		if !strings.Contains(name, "date") {
			tc.header, tc.proof = tc.header+date, strings.ReplaceAll(tc.proof, "subject", "subject:date")
		}
		m := message.Parse([]byte("From: anna@team.example\r\n" + tc.header + "\r\nhi\r\n"))
		p, _ := ParseProof(tc.proof)
		ok, why := Meant(m.Header, p, func(a string) bool { return strings.EqualFold(a, address) })
		if ok != tc.want || ok != (why == "") {
			t.Errorf("%s: %v (%s)", name, ok, why)
		}
	}
}

// TestAttack14WhichSignaturesMayHaveVouched: where the service says that one passed and not which,
// whoever adds a signature or breaks one wants the others to be passed over.
func TestAttack14WhichSignaturesMayHaveVouched(t *testing.T) {
	sig := func(tags string) string { return "DKIM-Signature: v=1; a=rsa-sha256; " + tags + " bh=x; b=y\r\n" }
	for name, tc := range map[string]struct{ header, want string }{
		"one": {sig("d=team.example; h=From:To:Subject;"), "dkim=to:subject"},
		"one of a sender's service": {sig("d=team.example; h=From:To:Subject;") + sig("d=amazonses.com; h=From;"),
			"dkim=to:subject"},
		"of the domain below": {sig("d=mail.team.example; h=from : to\r\n :subject;"), "dkim=to:subject"},
		"two": {sig("d=team.example; h=From:To;") + sig("d=TEAM.example.; h=From:Subject;"),
			"dkim=to dkim=subject"},
		"a part of the body": {sig("d=team.example; h=From:To:Subject; l=10;"), "dkim="},
		"no tags": {"DKIM-Signature: garbage\r\n" + sig("d=team.example; h=From:To;"),
			"dkim= dkim=to"},
		"a tag twice":        {sig("d=team.example; h=From; h=From:To:Subject;"), "dkim="},
		"no domain":          {sig("h=From:To:Subject;"), "dkim="},
		"a stranger's alone": {sig("d=evil.example; h=From:To:Subject;"), "none"},
		"a neighbour's":      {sig("d=other.co.uk; h=From:To;"), "none"},
		"none":               {"", "none"},
		"more than are looked at": {strings.Repeat(sig("d=evil.example; h=From;"), MaxSignatures) +
			sig("d=team.example; h=From:To;"), "dkim="},
		"a field hidden behind a sign": {"DKIM-Signature : v=1; d=team.example; h=From;\r\n" +
			sig("d=team.example; h=From:To:Subject;"), "dkim= dkim=to:subject"},
	} {
		m := message.Parse([]byte("From: anna@team.example\r\n" + tc.header + "\r\nhi\r\n"))
		if got := (Proof{Signatures: FromHeader(m.Header, "team.example")}).String(); got != tc.want {
			t.Errorf("%s: %s, want %s", name, got, tc.want)
		}
	}
}

func TestAProofIsReadAsItWasWritten(t *testing.T) {
	for _, p := range []Proof{{}, {SPF: true}, {Signatures: [][]string{nil}},
		{SPF: true, Signatures: [][]string{{"to", "subject"}, nil, {"cc"}}}} {
		got, said := ParseProof(p.String())
		if !said || got.String() != p.String() {
			t.Errorf("%+v became %+v", p, got)
		}
	}
	if _, said := ParseProof(""); said {
		t.Error("nothing is said, and is read as said")
	}
}
