package verify

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"net"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"

	"github.com/emersion/go-msgauth/dkim"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/intent"
	"github.com/replywell/replywell/shared/email/message"
)

func verdicts(t testing.TB, z *zone, m Mail) string {
	t.Helper()
	r, err := Verifier{DNS: z}.Verify(t.Context(), m)
	if err != nil {
		t.Fatal(err)
	}
	if t.Failed() || testing.Verbose() {
		t.Log(strings.Join(r.Notes, "\n"))
	}
	return fmt.Sprintf("%s %s %s", r.SPF, r.DKIM, r.DMARC)
}

// scenario is a mail and what is found: SPF, DKIM, DMARC.
type scenario struct {
	mail     string
	mailFrom string
	client   string // "": handed over by another server
	helo     string
	want     string
	away     string // a name that DNS gives no answer for now
}

func (s scenario) run(t *testing.T, name string) {
	t.Run(name, func(t *testing.T) {
		z := domains()
		z.away[s.away] = true
		m := Mail{MailFrom: s.mailFrom, Helo: s.helo, Client: net.ParseIP(s.client), Raw: strings.NewReader(s.mail)}
		if got := verdicts(t, z, m); got != s.want {
			t.Errorf("%s, want %s", got, s.want)
		}
		for _, name := range z.asked {
			if !strings.HasSuffix(name, ".") && net.ParseIP(name) == nil {
				t.Errorf("%q was asked for, which a search list may complete", name)
			}
		}
		if len(z.asked) > MaxLookups {
			t.Errorf("it cost %d lookups", len(z.asked))
		}
	})
}

func TestWhoseSignature(t *testing.T) {
	at := func(address string) string { return "From: " + address + "\r\n" + rest }
	for name, s := range map[string]scenario{
		"the author's": {mail: signed(t, from+rest, "team.example", ours),
			want: "DISABLED PASS PASS"},
		"none": {mail: from + rest, want: "DISABLED GRAY GRAY"},
		"a stranger's": {mail: signed(t, from+rest, "evil.example", theirs),
			want: "DISABLED PASS GRAY"},
		"a stranger's, sent by a stranger": {mail: signed(t, from+rest, "evil.example", theirs),
			mailFrom: "x@evil.example", client: "203.0.113.9", want: "PASS PASS FAIL"},
		"a stranger's, in the author's name": {mail: signed(t, from+rest, "team.example", theirs),
			want: "DISABLED FAIL GRAY"},
		"a stranger's on top of the author's": {
			mail: signed(t, signed(t, from+rest, "team.example", ours), "evil.example", theirs),
			want: "DISABLED PASS PASS"},
		"of the domain below, relaxed": {mail: signed(t, from+rest, "mail.team.example", ours),
			want: "DISABLED PASS PASS"},
		"of the domain below, strict": {
			mail: signed(t, at("a@strict.example"), "mail.strict.example", ours), want: "DISABLED PASS GRAY"},
		"of the domain, strict": {mail: signed(t, at("a@strict.example"), "strict.example", ours),
			want: "DISABLED PASS PASS"},
		"a domain below, by its organisation": {mail: signed(t, at("a@sub.team.example"), "team.example", ours),
			want: "DISABLED PASS PASS"},
		"a domain below that has a policy, strict": {mail: signed(t, at("a@own.team.example"), "team.example", ours),
			want: "DISABLED PASS GRAY"},
		"of a neighbour under a public suffix": {mail: signed(t, at("a@shop.co.uk"), "other.co.uk", theirs),
			want: "DISABLED PASS GRAY"},
		"of the public suffix": {mail: signed(t, at("a@shop.co.uk"), "co.uk", theirs),
			want: "DISABLED PASS GRAY"},
		"of a domain that ends alike": {mail: signed(t, from+rest, "testing-team.example", theirs),
			want: "DISABLED PASS GRAY"},
		"of an international domain": {
			mail: signed(t, at("a@BÜCHER.example"), "xn--bcher-kva.example", ours), want: "DISABLED PASS PASS"},
		"of a domain without a policy": {
			mail: signed(t, at("a@nopolicy.example"), "nopolicy.example", ours), want: "DISABLED PASS GRAY"},
		"with a policy of a name not registered": {
			mail: signed(t, at("a@sub.unregistered.localnet"), "sub.unregistered.localnet", ours),
			want: "DISABLED PASS PASS"},
		"two policies are none": {mail: at("a@twice.example"), mailFrom: "a@twice.example",
			client: "192.0.2.7", want: "GRAY GRAY GRAY"},
		"a policy without p": {mail: at("a@broken.example"), client: "192.0.2.7",
			want: "GRAY GRAY GRAY"},
		"a policy without p that asks for reports": {
			mail: signed(t, at("a@reports.example"), "reports.example", ours), want: "DISABLED PASS PASS"},
		"records at the policy's name that are none": {
			mail: signed(t, at("a@foreign.example"), "foreign.example", ours), want: "DISABLED PASS GRAY"},
		"case": {mail: signed(t, at("Anna <ANNA@Team.Example>"), "TEAM.example", ours),
			want: "DISABLED PASS PASS"},
		"a key that was revoked": {mail: signed(t, from+rest, "revoked.team.example", ours),
			want: "DISABLED FAIL GRAY"},
		"a key that is not there": {mail: signed(t, from+rest, "nokey.team.example", ours),
			want: "DISABLED FAIL GRAY"},
		"a record that is too long": {mail: signed(t, from+rest, "long.team.example", ours),
			want: "DISABLED FAIL GRAY"},
		"two keys at one name": {mail: signed(t, from+rest, "two.team.example", ours),
			want: "DISABLED FAIL GRAY"},
		"no answer for the key": {mail: signed(t, from+rest, "team.example", ours),
			away: "s._domainkey.team.example", want: "DISABLED PROCESSING_FAILED PROCESSING_FAILED"},
		"no answer for the policy": {mail: signed(t, from+rest, "team.example", ours), away: "_dmarc.team.example",
			want: "DISABLED PASS PROCESSING_FAILED"},
		"no answer for a stranger's": {mail: signed(t, from+rest, "evil.example", theirs),
			away: "s._domainkey.evil.example", want: "DISABLED PROCESSING_FAILED GRAY"},
		"no answer above a domain": {mail: signed(t, at("a@sub.team.example"), "team.example", ours),
			away: "_dmarc.team.example", want: "DISABLED PASS PROCESSING_FAILED"},
		"one whole beside one without": {mail: signed(t, signed(t, from+rest, "team.example", ours), "evil.example",
			theirs), away: "s._domainkey.evil.example", want: "DISABLED PASS PASS"},
	} {
		s.run(t, name)
	}
}

func TestSignaturesThatDoNotHold(t *testing.T) {
	whole := signed(t, from+rest, "team.example", ours)
	past := func(o *dkim.SignOptions) { o.Expiration = time.Now().Add(-time.Hour) }
	later := func(o *dkim.SignOptions) { o.Expiration = time.Now().Add(time.Hour) }
	simple := func(o *dkim.SignOptions) {
		o.HeaderCanonicalization, o.BodyCanonicalization = dkim.CanonicalizationSimple, dkim.CanonicalizationSimple
	}
	many := func(n int) string {
		return strings.Repeat("DKIM-Signature: v=1; a=ed25519-sha256; d=evil.example; s=s; h=From; bh=AAAA; b=AAAA\r\n",
			n) + whole
	}
	const fail, pass = "DISABLED FAIL GRAY", "DISABLED PASS PASS"
	for name, s := range map[string]scenario{
		"expired":                     {mail: signed(t, from+rest, "team.example", ours, past), want: fail},
		"not expired":                 {mail: signed(t, from+rest, "team.example", ours, later), want: pass},
		"simple":                      {mail: signed(t, from+rest, "team.example", ours, simple), want: pass},
		"another body":                {mail: strings.Replace(whole, "off and on", "upside down", 1), want: fail},
		"another From of the domain":  {mail: strings.Replace(whole, "<anna@", "<ben@", 1), want: fail},
		"another Subject":             {mail: strings.Replace(whole, "Re: My lamp", "Refund", 1), want: fail},
		"more below":                  {mail: whole + "Pay here instead.\r\n", want: fail},
		"empty lines below":           {mail: whole + "\r\n\r\n", want: pass},
		"by hand":                     {mail: signedPart(from+rest, -1, "From:Subject"), want: pass},
		"over From alone":             {mail: signedPart(from+rest, -1, "From"), want: fail},
		"over From alone, twice":      {mail: signedPart(from+rest, -1, "From:From"), want: fail},
		"over From and what all have": {mail: signedPart(from+rest, -1, "From:MIME-Version:Received"), want: fail},
		"by a key in testing (t=y)": {mail: signed(t, from+rest, "team.example", ours,
			func(o *dkim.SignOptions) { o.Selector = "testing" }), want: fail},
		"by a key with t=s": {mail: signed(t, from+rest, "team.example", ours,
			func(o *dkim.SignOptions) { o.Selector = "strictly" }), want: pass},
		"the whole length (l=)": {mail: signedPart(from+"\r\nshort\r\n", 7, "From:Subject"), want: fail},
		"a part of the body (l=)": {mail: signedPart(from+"\r\nshort\r\nPay here.\r\n", 7, "From:Subject"),
			want: fail},
		"a second Subject":       {mail: "Subject: Refund\r\n" + whole, want: fail},
		"a second Content-Type":  {mail: "Content-Type: text/html\r\n" + whole, want: fail},
		"no From signed":         {mail: strings.Replace(whole, "From:To", "To", 1), want: fail},
		"as many as are checked": {mail: many(MaxSignatures - 1), want: pass},
		"more than are checked":  {mail: many(MaxSignatures), want: fail},
		"thousands":              {mail: many(2000), want: fail},
		"a signature of 9 kB": {mail: "DKIM-Signature: v=1; z=" + strings.Repeat("x", 9000) + "\r\n" + whole,
			want: fail},
		"thousands of signed fields": {mail: "DKIM-Signature: v=1; h=" + strings.Repeat("a:", 2000) + "\r\n" + whole,
			want: fail},
		"garbage":                   {mail: "DKIM-Signature: \xff;;=;\r\n" + from + rest, want: fail},
		"garbage above a whole one": {mail: "DKIM-Signature: \xff;;=;\r\n" + whole, want: pass},
		"LF alone":                  {mail: strings.ReplaceAll(whole, "\r\n", "\n"), want: pass},
		"empty lines amid the body": {mail: signed(t, from+rest+strings.Repeat("\r\n", 1000)+"End.\r\n",
			"team.example", ours), want: pass},
		"65,000 empty lines": {mail: signed(t, from+rest+strings.Repeat(" \r\n", 65000)+"End.\r\n",
			"team.example", ours), want: fail},
		"65,000 empty lines and more": {mail: whole + strings.Repeat("\r\n", 65000) + "Pay here instead.\r\n",
			want: fail},
	} {
		s.run(t, name)
	}
}

func TestWhoseServer(t *testing.T) {
	const client = "192.0.2.7" // the team's
	at := func(address string) string { return "From: " + address + "\r\n" + rest }
	for name, s := range map[string]scenario{
		"the author's": {mailFrom: "anna@team.example", client: client, want: "PASS GRAY PASS"},
		"another's": {mailFrom: "anna@team.example", client: "203.0.113.9",
			want: "FAIL GRAY FAIL"},
		"a stranger's own":          {mailFrom: "x@evil.example", client: "203.0.113.9", want: "PASS GRAY FAIL"},
		"the domain below, relaxed": {mailFrom: "b@mail.team.example", client: client, want: "PASS GRAY PASS"},
		"the domain below, strict": {mail: at("a@strict.example"), mailFrom: "b@mail.strict.example",
			client: client, want: "PASS GRAY FAIL"},
		"the domain, strict": {mail: at("a@strict.example"), mailFrom: "b@strict.example", client: client,
			want: "PASS GRAY PASS"},
		"null path, by the client's name": {mailFrom: "<>", helo: "mail.team.example", client: client,
			want: "PASS GRAY PASS"},
		"null path, no name": {mailFrom: "<>", helo: "[192.0.2.7]", client: client,
			want: "GRAY GRAY FAIL"},
		"null path, another's name": {mailFrom: "", helo: "mail.team.example", client: "203.0.113.9",
			want: "FAIL GRAY FAIL"},
		"an address in the local part": {mailFrom: `"x@evil.example"@team.example`, client: "203.0.113.9",
			want: "FAIL GRAY FAIL"},
		"a local part before the domain": {mailFrom: `anna@team.example@evil.example`, client: "203.0.113.9",
			want: "PASS GRAY FAIL"},
		"no domain":             {mailFrom: "anna", client: client, want: "GRAY GRAY FAIL"},
		"an address literal":    {mailFrom: "anna@[192.0.2.7]", client: client, want: "GRAY GRAY FAIL"},
		"softfail":              {mailFrom: "a@soft.example", client: client, want: "GRAY GRAY FAIL"},
		"no record":             {mailFrom: "a@nopolicy.example", client: client, want: "GRAY GRAY FAIL"},
		"two records":           {mailFrom: "a@two.example", client: client, want: "GRAY GRAY FAIL"},
		"redirects in a circle": {mailFrom: "a@loop.example", client: client, want: "GRAY GRAY FAIL"},
		"no answer": {mailFrom: "a@team.example", client: client, away: "team.example",
			want: "PROCESSING_FAILED GRAY PROCESSING_FAILED"},
		"no answer within a record": {mail: at("a@away.example"), mailFrom: "a@away.example", client: client,
			away: "away2.example", want: "PROCESSING_FAILED GRAY PROCESSING_FAILED"},
		"no answer for a stranger": {mailFrom: "x@evil.example", client: client, away: "evil.example",
			want: "PROCESSING_FAILED GRAY FAIL"},
		"this machine": {mailFrom: "x@evil.example", client: "127.0.0.1",
			want: "DISABLED GRAY GRAY"},
		"this machine, IPv6":      {mailFrom: "x@evil.example", client: "::1", want: "DISABLED GRAY GRAY"},
		"a private network":       {mailFrom: "x@evil.example", client: "10.1.2.3", want: "DISABLED GRAY GRAY"},
		"a private network, IPv6": {mailFrom: "x@evil.example", client: "fd00::1", want: "DISABLED GRAY GRAY"},
		"a link": {mailFrom: "x@evil.example", client: "169.254.1.1",
			want: "DISABLED GRAY GRAY"},
		"a carrier's network": {mailFrom: "x@evil.example", client: "100.64.1.1",
			want: "DISABLED GRAY GRAY"},
		"an IPv4 client seen as IPv6": {mailFrom: "a@team.example", client: "::ffff:192.0.2.7",
			want: "PASS GRAY PASS"},
	} {
		if s.mail == "" {
			s.mail = from + rest
		}
		s.run(t, name)
	}
}

// What one parser reads as the author and another does not has none. All of
// these are signed by a stranger who would like to be Anna.
func TestHeadersThatCanBeReadInTwoWays(t *testing.T) {
	evil := "From: x@evil.example\r\n"
	for name, mail := range map[string]string{
		"two From fields":                evil + from + rest,
		"two From fields, the other way": from + evil + rest,
		"white space before the colon":   "From : anna@team.example\r\n" + evil + rest,
		"two addresses":                  "From: x@evil.example, anna@team.example\r\n" + rest,
		"a group":                        "From: all: x@evil.example, anna@team.example;\r\n" + rest,
		"no From":                        rest,
		"an empty From":                  "From:\r\n" + rest,
		"no domain":                      "From: anna\r\n" + rest,
		"an address literal":             "From: x@[192.0.2.7]\r\n" + rest,
		"a bare CR":                      "X: y\rFrom: anna@team.example\r\n" + evil + rest,
		"NUL":                            "X: y\x00\r\n" + evil + rest,
		"a line without a colon":         "From anna@team.example\r\n" + evil + rest,
		"a first line that is folded":    " " + from + evil + rest,
		"a line of white space":          evil + " \r\n" + rest,
		"a byte order mark":              "\xef\xbb\xbf" + from + evil + rest,
		"an empty line first":            "\r\n" + evil + rest,
		"a dash":                         "-From: anna@team.example\r\n" + evil + rest,
		"a name that is too long":        strings.Repeat("x", 150) + ": y\r\n" + evil + rest,
	} {
		t.Run(name, func(t *testing.T) {
			signature, _ := tryToSign(mail, theirs)
			if mail[0] == ' ' {
				signature = "" // it would be continued there
			}
			for _, mail := range []string{mail, signature + mail} { // what stands first in the mail may be what matters
				m := Mail{MailFrom: "x@evil.example", Client: net.ParseIP("203.0.113.9"), Raw: strings.NewReader(mail)}
				if got := verdicts(t, domains(), m); !strings.HasSuffix(got, " FAIL") {
					t.Errorf("%s: %q", got, mail)
				}
			}
		})
	}
}

func TestRSA(t *testing.T) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		t.Fatal(err)
	}
	z := domains()
	z.txt["s._domainkey.team.example"] = []string{"k=rsa; p=" + base64.StdEncoding.EncodeToString(der)}
	mail := signed(t, from+rest, "team.example", ours, func(o *dkim.SignOptions) { o.Signer = key })
	if got := verdicts(t, z, Mail{Raw: strings.NewReader(mail)}); got != "DISABLED PASS PASS" {
		t.Error(got)
	}
}

func TestHugeHeaderIsNotVerified(t *testing.T) {
	whole := signed(t, from+rest, "team.example", ours)
	for name, more := range map[string]string{
		"one line":    "X: " + strings.Repeat("x", MaxHeader) + "\r\n",
		"lines":       strings.Repeat("X: y\r\n", maxLines),
		"foldings":    "X: y\r\n" + strings.Repeat(" y\r\n", maxLines),
		"no end":      strings.Repeat("X: y\r\n", MaxHeader/6),
		"25 MB of it": strings.Repeat("X: "+strings.Repeat("y", 1000)+"\r\n", 25_000),
	} {
		if got := verdicts(t, domains(), Mail{Raw: strings.NewReader(more +
			whole)}); got != "DISABLED PROCESSING_FAILED PROCESSING_FAILED" {
			t.Errorf("%s: %s", name, got)
		}
	}
	large := "X: " + strings.Repeat("x", MaxHeader/2) + "\r\n" + strings.Repeat("X: y\r\n", maxLines/2)
	if got := verdicts(t, domains(), Mail{Raw: iotest.OneByteReader(
		strings.NewReader(large + whole))}); got != "DISABLED PASS PASS" {
		t.Errorf("a large header: %s", got)
	}
}

// A record that asks as much as SPF allows, and more, does not cost a signature
// its say.
func TestLookupsAreBounded(t *testing.T) {
	z := domains()
	record := "v=spf1"
	for i := range 10 {
		domain := fmt.Sprintf("m%d.evil.example", i)
		record += " mx:" + domain
		for j := range 10 {
			host := fmt.Sprintf("h%d.%s", j, domain)
			z.mx[domain], z.ip[host] = append(z.mx[domain], &net.MX{Host: host + "."}), "203.0.113.1"
		}
	}
	z.txt["busy.evil.example"] = []string{record + " -all"}
	m := Mail{MailFrom: "x@busy.evil.example", Client: net.ParseIP("203.0.113.9"),
		Raw: strings.NewReader(signed(t, from+rest, "team.example", ours))}
	if got := verdicts(t, z, m); got != "PROCESSING_FAILED PASS PASS" || len(z.asked) != MaxLookups {
		t.Errorf("%s after %d lookups", got, len(z.asked))
	}
}

func TestNoDNSSaysSo(t *testing.T) {
	r, err := Verifier{}.Verify(t.Context(), Mail{Raw: strings.NewReader(signed(t, from+rest, "team.example", ours))})
	if err != nil || r.Verdicts != Disabled() {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestDNSThatNeverAnswersEndsInTime(t *testing.T) {
	mail := signed(t, from+rest, "team.example", ours)
	synctest.Test(t, func(t *testing.T) {
		z := domains()
		z.hang = true
		began := time.Now()
		got := verdicts(t, z, Mail{MailFrom: "anna@team.example", Client: net.ParseIP("192.0.2.7"),
			Raw: strings.NewReader(mail)})
		if got != "PROCESSING_FAILED PROCESSING_FAILED PROCESSING_FAILED" || time.Since(began) > MaxTime {
			t.Errorf("%s after %v", got, time.Since(began))
		}
	})
}

func TestTroubleWithTheMailIsAnError(t *testing.T) {
	mail := signed(t, from+rest+strings.Repeat("More.\r\n", 100_000), "team.example", ours)
	for _, n := range []int{100, len(mail) - 10} {
		if r, err := (Verifier{DNS: domains()}).Verify(t.Context(),
			Mail{Raw: brokenReader{strings.NewReader(mail[:n])}}); err == nil || r.Authenticated() {
			t.Errorf("cut at %d: %+v, %v", n, r, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := (Verifier{DNS: domains()}).Verify(ctx, Mail{Raw: strings.NewReader(mail)}); err == nil {
		t.Error("it was stopped and does not say so")
	}
}

// 25 MB with as many signatures as are checked take no more memory than little.
func TestMemoryIsBounded(t *testing.T) {
	line := strings.Repeat("y", 76) + "\r\n"
	mail := from + rest + strings.Repeat(line, 25<<20/len(line))
	for i := range MaxSignatures {
		short := signed(t, from+rest, "team.example", ours, func(o *dkim.SignOptions) {
			if i%2 == 0 {
				o.BodyCanonicalization = dkim.CanonicalizationSimple
			}
		})
		mail = strings.TrimSuffix(short, from+rest) + mail
	}
	most := uint64(0)
	var before runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	in := strings.NewReader(mail)
	reads := 0
	got := verdicts(t, domains(), Mail{Raw: readerFunc(func(p []byte) (int, error) {
		if reads++; reads%100 == 0 {
			var m runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&m)
			most = max(most, m.HeapAlloc-min(m.HeapAlloc, before.HeapAlloc))
		}
		return in.Read(p)
	})})
	if got != "DISABLED FAIL GRAY" || most > 8<<20 || reads < 50 {
		t.Errorf("%s with %d kB of heap, %d reads", got, most>>10, reads)
	}
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

// Whatever a stranger's header is, signed by the stranger: if it passes, then
// the author that is read later is of the stranger's domain, too.
func FuzzNobodyBecomesSomebodyElse(f *testing.F) {
	for _, s := range []string{"From: x@evil.example\r\n", "From: x@evil.example\r\nFrom: anna@team.example\r\n",
		"From: \"anna@team.example\" <x@evil.example>\r\n",
		"From: x@evil.example\r\n \r\n\tY: z\r\nFrom: anna@team.example\r\n",
		"From: anna@team.example\r\nX: y\r\n\r\nFrom: x@evil.example\r\n",
		"\xef\xbb\xbfFrom: anna@team.example\r\nFrom: x@evil.example",
		"From:\r\n x@evil.example\r\nSubject: x\r\n\r\n y\r\nFrom: anna@team.example\r\n",
		"From: =?utf-8?q?anna=40team.example?= <x@evil.example> (anna@team.example)\r\n",
		"from:x@evil.example\nX\n y:\nFrom: anna@team.example\n"} {
		f.Add([]byte(s), []byte("p"))
	}
	f.Fuzz(func(t *testing.T, head, key []byte) {
		z := domains()
		z.txt["k._domainkey.evil.example"] = []string{string(key)}
		mail := string(head) + rest
		if signature, ok := tryToSign(mail, theirs); ok {
			mail = signature + mail
		}
		mail = "DKIM-Signature: v=1; a=rsa-sha256; d=evil.example; s=k; h=from; bh=AAAA; b=AAAA\r\n" + mail
		r, err := Verifier{DNS: z}.Verify(t.Context(),
			Mail{MailFrom: "x@evil.example", Client: net.ParseIP("203.0.113.9"), Raw: strings.NewReader(mail)})
		if err != nil {
			t.Fatal(err)
		}
		if r.DMARC != desk.VerdictPass {
			return
		}
		m := message.Parse([]byte(mail))
		domain := m.From.Address[strings.LastIndexByte(m.From.Address, '@')+1:]
		if intent.Organisation(ascii(domain)) != "evil.example" {
			t.Errorf("it passes as evil.example, and is read as from %q:\n%q", m.From.Address, mail)
		}
	})
}

func tryToSign(mail string, key ed25519.PrivateKey) (string, bool) {
	s, err := dkim.NewSigner(&dkim.SignOptions{Domain: "evil.example", Selector: "s", Signer: key,
		HeaderKeys: []string{"From", "Subject"}})
	if err != nil {
		return "", false
	}
	_, werr := s.Write([]byte(mail))
	if err := s.Close(); err != nil || werr != nil {
		return "", false
	}
	return s.Signature(), true
}
