package functions

import (
	"net"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestAttack13TheHouseItself: demand 13, as far as it is written in templates. Each
// function may do what it needs and no more, buckets are closed to the public and
// to plain HTTP, services are let in by name, and data has a retention time.
func TestAttack13TheHouseItself(t *testing.T) {
	for _, check := range []struct {
		demand string
		test   func(*testing.T)
	}{
		{"a function may do only what it needs", functionsMayDoOnlyWhatTheyNeed},
		{"buckets block public access, refuse plain HTTP, and forget", bucketsAreClosed},
		{"other services are let in by name, and for this account only", servicesAreLetInByNameOnly},
	} {
		t.Run(check.demand, check.test)
	}
}

// Words that no log may hold. They stand in every part of the hostile mails
// below that a log could be tempted to repeat.
const (
	secretWord    = "zwxsecretword"
	secretMailbox = "zwxmailbox"
)

// TestAttack13LogsHoldNoAddressesAndNoText: the built program, told to log all it can, gets mails that
// are broken in every way and carry secret words in every part. Its log has
// none of them, and no address.
func TestAttack13LogsHoldNoAddressesAndNoText(t *testing.T) {
	h := newLocalHome(t, programs(t), "--verbose")
	config, err := os.ReadFile(h.config)
	if err != nil {
		t.Fatal(err)
	}
	// A made-up customer makes the domain one whose mailboxes refuse mail on demand.
	if err := os.WriteFile(h.config, append(config,
		"sample_customers:\n  - {name: Erika, address: erika@customers.example}\n"...), 0o600); err != nil {
		t.Fatal(err)
	}
	h.restart(t)
	who := secretMailbox + "@" + secretWord + ".example"
	text := "Content-Type: text/plain; charset=utf-8\r\n\r\n" + secretWord + " " + who + "\r\n"
	corpus := map[string]string{
		"ordinary": "From: " + secretWord + " <" + who + ">\r\nSubject: " + secretWord + "\r\nMessage-ID: <" +
			secretWord + "@x.example>\r\n" + text,
		"no header":     secretWord + " " + who,
		"empty":         "",
		"only a header": "From: " + who,
		"broken From":   "From: \"" + secretWord + "\" <<" + who + ">,,@\r\n" + text,
		"broken MIME": "From: " + who + "\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=" +
			secretWord + "\r\n\r\n--" + secretWord + "\r\nContent-Type: " + secretWord + "/" + secretWord +
			"\r\nContent-Transfer-Encoding: " + secretWord + "\r\n\r\n" + secretWord,
		"broken charset": "From: =?" + secretWord + "?q?" + secretWord + "?= <" + who + ">\r\nSubject: =?" +
			secretWord + "?b?" + secretWord + "?=\r\nContent-Type: text/plain; charset=" + secretWord + "\r\n\r\n" +
			secretWord,
		"broken date": "From: " + who + "\r\nDate: " + secretWord + "\r\n" + text,
		"bounce": "From: MAILER-DAEMON@" + secretWord + ".example\r\nSubject: " + secretWord +
			"\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\n\r\n" +
			secretWord + "\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nFinal-Recipient: rfc822; " + who +
			"\r\nAction: failed\r\nStatus: 5.0.0\r\nDiagnostic-Code: smtp; 550 " + secretWord + "\r\n--b--\r\n",
		"code": "From: noreply@" + secretWord +
			".example\r\nAuto-Submitted: auto-generated\r\nSubject: Your verification code 482193\r\n" + text,
		"agent's name": "From: Anna <anna@team.example>\r\nSubject: " + secretWord + "\r\n" + text,
		"signed by nobody": "DKIM-Signature: v=1; a=rsa-sha256; d=" + secretWord + ".example; s=" + secretWord +
			"; h=from; bh=x; b=" + secretWord + "\r\nFrom: " + who + "\r\n" + text,
		"attachment": "From: " + who + "\r\nMIME-Version: 1.0\r\nContent-Type: application/ms-tnef; name=" +
			secretWord + "\r\nContent-Disposition: attachment; filename=" + secretWord + "\r\n\r\n" + secretWord,
	}
	for _, name := range sortedKeys(corpus) {
		h.deliver(t, who, "support@lantern.example", []byte(corpus[name]))
	}
	impolite(t, h.smtp, who)
	// One mail of ours that a mailbox refuses, whose reason names the address.
	h.deliver(t, "refused@customers.example", "support@lantern.example",
		[]byte("From: "+secretWord+
			" <refused@customers.example>\r\nSubject: The last one\r\nMessage-ID: <last@customers.example>\r\n\r\n"+
			"Hello.\r\n"))
	told := await(t, h, "anna@team.example", "The last one")
	h.deliver(t, "anna@team.example", told.Mail.ReplyTo[0].Address,
		[]byte("From: Anna <anna@team.example>\r\nSubject: Re\r\nMessage-ID: <answer@team.example>\r\n\r\nDear "+
			secretWord+", hello.\r\n"))
	await(t, h, "anna@team.example", "did not arrive")
	_ = h.cmd.Process.Signal(os.Interrupt)
	<-h.ended
	log := h.log.String()
	if !strings.Contains(log, "given up") {
		t.Errorf("the refused mail is not logged:\n%s", log)
	}
	for _, line := range strings.Split(log, "\n") {
		if strings.Contains(strings.ToLower(line), secretWord) ||
			strings.Contains(strings.ToLower(line), secretMailbox) || logged.MatchString(line) &&
			anAddress.MatchString(line) {
			t.Errorf("the log holds what a mail said: %s", line)
		}
	}
}

var (
	logged    = regexp.MustCompile(`level=[A-Z]+ `)
	anAddress = regexp.MustCompile(`[a-z0-9._+-]+@[a-z0-9-]+\.[a-z]`)
)

// impolite says what no mail client says.
func impolite(t *testing.T, address, who string) {
	t.Helper()
	for _, lines := range [][]string{
		{secretWord},
		{"EHLO " + secretWord, "MAIL FROM:<" + who, "RCPT TO:" + who},
		{"EHLO " + secretWord, "MAIL FROM:<" + who + ">", "RCPT TO:<" + who + ">", "VRFY " + who, "AUTH PLAIN " +
			secretWord},
		{"EHLO x", "MAIL FROM:<" + who + "> " + secretWord + "=1", "BDAT x " + secretWord},
		{"EHLO x", "MAIL FROM:<" + who + ">", "RCPT TO:<support@lantern.example>", "DATA", "Subject: " + secretWord},
	} {
		c, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.Write([]byte(strings.Join(lines, "\r\n") + "\r\n")); err != nil {
			t.Fatal(err)
		}
		_ = c.Close() // in the middle of it
	}
}

// await waits for a mail with these words.
func await(t *testing.T, h *localHome, address, words string) received {
	t.Helper()
	look := time.NewTicker(50 * time.Millisecond) // another process's mailbox tells nobody
	defer look.Stop()
	late := time.After(within)
	for {
		for _, m := range h.mailbox(t, address) {
			if strings.Contains(m.Mail.Subject+"\n"+m.Mail.Text, words) {
				return m
			}
		}
		select {
		case <-look.C:
		case <-late:
			t.Fatalf("%s got no mail with %q", address, words)
		}
	}
}

func sortedKeys(m map[string]string) []string {
	var out []string
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

var (
	namedTest  = regexp.MustCompile("`((?:Test|Fuzz)[A-Za-z0-9_]+)`")
	testSource = regexp.MustCompile(`(?m)^func ((?:Test|Fuzz)[A-Za-z0-9_]+)\(`)
)

// docs/security.md says which test proves what. Every test that it names is
// there, and every attack that is tested is named.
func TestSecurityPageNamesItsProofs(t *testing.T) {
	page, err := os.ReadFile("../docs/security.md")
	if err != nil {
		t.Fatal(err)
	}
	named := map[string]bool{}
	for _, m := range namedTest.FindAllStringSubmatch(string(page), -1) {
		named[m[1]] = true
	}
	there := map[string]string{}
	for _, root := range []string{"../shared", "."} {
		err := filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
			if err != nil || !strings.HasSuffix(path, "_test.go") {
				return err
			}
			data, err := os.ReadFile(path)
			for _, m := range testSource.FindAllStringSubmatch(string(data), -1) {
				there[m[1]] = path
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for name := range named {
		if there[name] == "" {
			t.Errorf("docs/security.md names %s, and there is no such test", name)
		}
	}
	for name, path := range there {
		if strings.HasPrefix(name, "TestAttack") && !named[name] {
			t.Errorf("%s in %s is an attack that docs/security.md does not name: say who wants what, and what stops "+
				"them", name, path)
		}
	}
}
