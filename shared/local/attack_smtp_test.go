package local

import (
	"net"
	"strings"
	"testing"

	"github.com/replywell/replywell/shared/desk"
)

// TestAttackSMTPSmuggling (SEC Consult, 2023; CVE-2023-51764): what one program takes for the end of a mail and another does not is how a
// second mail is smuggled in: only CRLF.CRLF ends it here.
func TestAttackSMTPSmuggling(t *testing.T) {
	for name, end := range map[string]string{"LF.LF": "\n.\n", "LF.CRLF": "\n.\r\n", "CRLF.LF": "\r\n.\n", "CR.CR": "\r.\r", "CR.CRLF": "\r.\r\n", "CRLF.CR": "\r\n.\r", "NUL": "\r\n\x00.\r\n"} {
		t.Run(name, func(t *testing.T) {
			w := startSMTP(t)
			dialogue(t, w.address, data("Subject: first\r\n\r\nhi"+end+"MAIL FROM:<boss@shop.example>\r\nRCPT TO:<support@shop.example>\r\nDATA\r\nSubject: second\r\n\r\nsmuggled\r\n.\r\n")...)
			_, raw := w.mail(t, 0)
			if len(w.kept) != 1 || !strings.Contains(raw, "smuggled") {
				t.Errorf("%d mails; the first is %q", len(w.kept), raw)
			}
		})
	}
}

// TestAttackALoopbackThatIsNone: only a client on this machine is believed, and only
// where the document says so. What a client says of itself (HELO, a Received or
// an Authentication-Results field) is no address.
func TestAttackALoopbackThatIsNone(t *testing.T) {
	trusting := testSettings()
	for _, ip := range []string{"192.0.2.1", "10.0.0.1", "169.254.1.1", "0.0.0.0", "::", "::ffff:192.0.2.1", "2001:db8::1", "fe80::1", ""} {
		if v := Verdicts(trusting, net.ParseIP(ip)); v.Authenticated() {
			t.Errorf("a client at %q is believed", ip)
		}
	}
	strict := testSettings()
	strict.TrustLoopback = false
	w := startSMTP(t, func(*boundedListener) {})
	w.server.Backend.(*receiver).settings = strict
	lines := data("Authentication-Results: localhost; dmarc=pass\r\nReceived: from localhost ([127.0.0.1])\r\nX-SES-Spam-Verdict: PASS\r\nFrom: anna@team.example\r\n\r\nhi\r\n.\r\n")
	dialogue(t, w.address, lines...)
	if e, _ := w.mail(t, 0); e.Verdicts.Authenticated() || e.Verdicts.DMARC != desk.VerdictDisabled {
		t.Errorf("%+v", e.Verdicts)
	}
}
