package inbound_test

import (
	_ "embed"
	"fmt"
	"strings"
	"testing"

	"github.com/replywell/replywell/shared/bench"
	"github.com/replywell/replywell/shared/desk"
)

// Mails that openssl signed, with a certificate of an authority that no machine knows.
var (
	//go:embed testdata/signed.eml
	signedMail string
	//go:embed testdata/opaque.eml
	opaqueMail string
)

// An agent reads a signed mail as its text, and what the signature is worth.
func TestSignedMailIsReadAsItsText(t *testing.T) {
	const asked, signer = "The lamp that I bought on Monday flickers.", "Signed (S/MIME) by erika@customers.example"
	other := strings.Replace(signedMail, "Monday", "Friday", 1)
	for name, c := range map[string]struct {
		raw, from string
		want      []string
	}{
		"beside it": {signedMail, "erika@customers.example", []string{asked, signer, "no authority known here",
			"Example Trust CA"}},
		"around it": {opaqueMail, "erika@customers.example", []string{asked, signer, "no authority known here"}},
		"changed on the way": {other, "erika@customers.example", []string{"on Friday flickers", "does not fit",
			"the text was changed"}},
		"of another sender": {strings.Replace(signedMail, "Muster <erika@", "Muster <otto@", 1),
			"otto@customers.example", []string{asked, signer, "not the sender’s address"}},
	} {
		p := bench.NewPath(t)
		in := p.Arrive(bench.Arrival{From: c.from, To: []string{"support@lantern.example"}, Verdicts: bench.Trusted,
			Raw: c.raw})
		if in.Outcome != desk.OutcomeThreaded {
			t.Errorf("%s: %s (%s)", name, in.Outcome, in.Reason)
			continue
		}
		told := 0
		for _, m := range p.Sent() {
			text := strings.Join(strings.Fields(m.Read.PlainText), " ")
			if m.To[0] != "anna@team.lantern.example" {
				continue
			}
			told++
			for _, w := range c.want {
				if !strings.Contains(text, w) {
					t.Errorf("%s: no %q in\n%s", name, w, m.Read.PlainText)
				}
			}
			if strings.Contains(text, "MIID") || strings.Contains(text, "This is an S/MIME") {
				t.Errorf("%s: the wrapping is shown:\n%s", name, m.Read.PlainText)
			}
		}
		if told != 1 {
			t.Errorf("%s: %d mails told Anna", name, told)
		}
	}
}

// Nobody's mail ends or holds up the desk: signatures in signatures, and a file of 8 MB
// below one, are read within bounds.
func TestAttackSignedMailIsBounded(t *testing.T) {
	head, body, _ := strings.Cut(signedMail, "Content-Type: multipart/signed")
	body = "Content-Type: multipart/signed" + body
	deep := body
	for n := range 50 {
		b := fmt.Sprintf("deep%d", n)
		deep = "Content-Type: multipart/signed; protocol=\"application/x-pkcs7-signature\"; boundary=" + b + "\n\n--" +
			b + "\n" + deep + "\n--" + b + "\nContent-Type: application/x-pkcs7-signature\n\nnone\n--" + b + "--\n"
	}
	line := strings.Repeat("QUJD", 18) + "\n"
	file := "Content-Type: multipart/mixed; boundary=f\n\n--f\nContent-Type: text/plain\n\nThe lamp flickers.\n--f\n" +
		"Content-Type: application/octet-stream; name=a.bin\nContent-Transfer-Encoding: base64\n\n" +
		strings.Repeat(line, 8<<20/len(line)) + "--f--\n"
	_, rest, _ := strings.Cut(body, "\nContent-Type: text/plain")
	_, tail, _ := strings.Cut(rest, "Erika\n")
	start, _, _ := strings.Cut(body, "Content-Type: text/plain")
	for name, raw := range map[string]string{"fifty deep": head + deep, "8 MB": head + start + file + tail} {
		p := bench.NewPath(t)
		in := p.Arrive(bench.Arrival{From: "erika@customers.example", To: []string{"support@lantern.example"},
			Verdicts: bench.Trusted, Raw: raw})
		if in.Outcome != desk.OutcomeThreaded {
			t.Errorf("%s: %s (%s)", name, in.Outcome, in.Reason)
		}
		if len(p.Sent()) == 0 {
			t.Errorf("%s: nobody is told", name)
		}
	}
}
