package inbound_test

import (
	"strings"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/bench"
	"github.com/replywell/replywell/shared/desk"
)

const sealed = "From: Erika <erika@customers.example>\nTo: <support@lantern.example>\n" +
	"Subject: Frage zu meiner Bestellung vom Montag, die Lampe ist leider kaputt\n" +
	"Message-ID: <e1@customers.example>\nMIME-Version: 1.0\n"

var cipher = map[string]string{
	"S/MIME": "Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m\n" +
		"Content-Transfer-Encoding: base64\n\nMIAGCSqGSIb3DQEHA6CAMIACAQAxggE=\n",
	"PGP/MIME": "Content-Type: multipart/encrypted; protocol=\"application/pgp-encrypted\"; boundary=b\n\n--b\n" +
		"Content-Type: application/pgp-encrypted\n\nVersion: 1\n\n--b\nContent-Type: application/octet-stream\n\n" +
		"-----BEGIN PGP MESSAGE-----\n\nhQEMA\n-----END PGP MESSAGE-----\n\n--b--\n",
	"PGP in the text": "Content-Type: text/plain\n\n-----BEGIN PGP MESSAGE-----\n\nhQEMA\n-----END PGP MESSAGE-----\n",
}

// Who writes encrypted is told what to do, in their language, once; the agent sees that it
// came.
func TestEncryptedMailIsAskedForOnceMore(t *testing.T) {
	for how, body := range cipher {
		p := bench.NewPath(t)
		in := p.Arrive(bench.Arrival{From: "erika@customers.example", To: []string{"support@lantern.example"},
			Verdicts: bench.Trusted, Raw: sealed + body})
		if in.Outcome != desk.OutcomeThreaded {
			t.Fatalf("%s: %s (%s)", how, in.Outcome, in.Reason)
		}
		sent := p.Sent()
		out := p.Outside(sent)
		if len(out) != 1 || out[0].To[0] != "erika@customers.example" ||
			!strings.Contains(out[0].Read.PlainText, "verschlüsselt") ||
			strings.Contains(out[0].Read.Text, "Bestellung") {
			t.Fatalf("%s: %v", how, bench.Recipients(out))
		}
		if h := out[0].Read.Header; h.Get("Auto-Submitted") != "auto-replied" {
			t.Errorf("%s: Auto-Submitted is %q", how, h.Get("Auto-Submitted"))
		}
		told := false
		for _, m := range sent {
			told = told || strings.Contains(m.Read.PlainText, "encrypted")
		}
		if !told {
			t.Errorf("%s: no agent is told that it is encrypted", how)
		}
		// Another one, and one that answers ours, are not told again that day.
		p.Pass(time.Hour)
		again := strings.Replace(sealed, "e1@", "e2@", 1) + "In-Reply-To: <" + out[0].Read.MessageID + ">\n" + body
		p.Arrive(bench.Arrival{From: "erika@customers.example", To: []string{out[0].Read.ReplyTo[0].Address},
			Verdicts: bench.Trusted, Raw: again})
		if out := p.Outside(p.Sent()); len(out) != 0 {
			t.Errorf("%s: asked again: %v", how, bench.Recipients(out))
		}
	}
}

// Nobody is written to who did not write: what nobody vouches for, machines, lists.
func TestAttackEncryptedMailWritesToNobody(t *testing.T) {
	for name, c := range map[string]struct {
		verdicts desk.Verdicts
		above    string
	}{
		"forged":       {bench.Forged, ""},
		"a list's":     {bench.Trusted, "List-Id: <l.customers.example>\n"},
		"a machine's":  {bench.Trusted, "Auto-Submitted: auto-generated\n"},
		"by Reply-To":  {bench.Trusted, "Reply-To: victim@elsewhere.example\n"},
		"in bulk":      {bench.Trusted, "Precedence: bulk\n"},
		"like a probe": {bench.Trusted, "X-Auto-Response-Suppress: All\n"},
	} {
		p := bench.NewPath(t)
		p.Arrive(bench.Arrival{From: "erika@customers.example", To: []string{"support@lantern.example"},
			Verdicts: c.verdicts, Raw: c.above + sealed + cipher["S/MIME"]})
		if out := p.Outside(p.Sent()); len(out) != 0 {
			t.Errorf("%s: %v got mail", name, bench.Recipients(out))
		}
	}
}
