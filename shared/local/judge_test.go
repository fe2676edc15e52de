package local

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-msgauth/dkim"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/local/verify"
)

// records is a DNS with TXT records alone.
type records map[string]string

func (r records) LookupTXT(_ context.Context, name string) ([]string, error) {
	if v, ok := r[strings.TrimSuffix(name, ".")]; ok {
		return []string{v}, nil
	}
	return nil, &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
}

func (r records) LookupMX(context.Context, string) ([]*net.MX, error) {
	return nil, errors.New("no answer")
}

func (r records) LookupIPAddr(context.Context, string) ([]net.IPAddr, error) {
	return nil, errors.New("no answer")
}

func (r records) LookupAddr(context.Context, string) ([]string, error) {
	return nil, errors.New("no answer")
}

// The mail that is verified is the one that the client sent: a signature that
// says "no Received field" holds below our own trace lines, too.
func TestWhatCameBySMTPIsVerified(t *testing.T) {
	key := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{1}, ed25519.SeedSize))
	dns := records{"s._domainkey.customers.example": "k=ed25519; p=" +
		base64.StdEncoding.EncodeToString(key.Public().(ed25519.PublicKey)),
		"_dmarc.customers.example": "v=DMARC1; p=reject", "customers.example": "v=spf1 ip4:192.0.2.7 -all"}
	var signed bytes.Buffer
	if err := dkim.Sign(&signed, strings.NewReader("From: erika@customers.example\r\nSubject: x\r\n\r\nhi\r\n"),
		&dkim.SignOptions{Domain: "customers.example", Selector: "s", Signer: key,
			HeaderKeys: []string{"From", "Subject", "Received", "Return-Path"}}); err != nil {
		t.Fatal(err)
	}
	w := startSMTP(t)
	dialogue(t, w.address, data(signed.String()+".\r\n")...)
	e, _ := w.mail(t, 0)
	if e.Trace == 0 || e.Helo != "client.example" {
		t.Errorf("%+v", e)
	}
	trusting := testSettings()
	trusting.Mode = desk.ModeLive
	for _, tc := range []struct {
		dns      verify.Resolver
		mx       bool
		remote   string
		verdicts desk.Verdicts // as the SMTP server gave them
		want     string
	}{
		{dns, false, "127.0.0.1", verify.Disabled(), "DISABLED PASS PASS"},
		{dns, false, "192.0.2.7", verify.Disabled(), "DISABLED PASS PASS"},
		{dns, true, "192.0.2.7", verify.Disabled(), "PASS PASS PASS"},
		{dns, true, "192.0.2.8", verify.Disabled(), "FAIL PASS PASS"},
		{records{}, false, "127.0.0.1", verify.Disabled(), "DISABLED FAIL GRAY"},
		{nil, true, "192.0.2.7", verify.Disabled(), "DISABLED DISABLED DISABLED"},
		{faultyDNS{}, false, "127.0.0.1", verify.Disabled(), "PROCESSING_FAILED PROCESSING_FAILED PROCESSING_FAILED"},
		// believed: nothing is looked up
		{faultyDNS{}, false, "127.0.0.1", Verdicts(trusting, net.ParseIP("127.0.0.1")), "PASS PASS PASS"},
	} {
		s := &System{folder: w.folder, options: Options{DNS: tc.dns, MX: tc.mx, Log: quiet, Settings: testSettings()}}
		e.Verdicts, e.Remote = tc.verdicts, tc.remote
		if err := s.judge(t.Context(), &e); err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprint(e.Verdicts.SPF, " ", e.Verdicts.DKIM, " ", e.Verdicts.DMARC); got != tc.want {
			t.Errorf("%T, MX %v, from %s: %s, want %s", tc.dns, tc.mx, tc.remote, got, tc.want)
		}
		if e.Verdicts.Virus != desk.VerdictDisabled {
			t.Errorf("a virus scanner spoke: %+v", e.Verdicts)
		}
	}
	s := &System{folder: w.folder, options: Options{DNS: dns, Log: quiet, Settings: testSettings()}}
	if err := os.Remove(w.folder.Path("blobs", e.Raw)); err != nil {
		t.Fatal(err)
	}
	e.Verdicts = verify.Disabled()
	if err := s.judge(t.Context(), &e); err != nil || e.Verdicts != verify.Disabled() {
		t.Errorf("a mail that is gone is the service's to tell: %v, %+v", err, e.Verdicts)
	}
}

// faultyDNS is a fault of the program's own.
type faultyDNS struct{ verify.Resolver }

func (faultyDNS) LookupTXT(context.Context, string) ([]string, error) { panic("a bug") }

// Mail whose senders' DNS is slow does not hold up other mail, is verified
// once, and does not keep the program from stopping.
func TestSlowVerifyingHoldsUpNobody(t *testing.T) {
	f := testFolder(t)
	judged := make(chan string, 100)
	s := newSpool(f, func(_ context.Context, e Envelope) error {
		judged <- e.ID + " " + string(e.Verdicts.DMARC)
		return nil
	}, quiet)
	s.judge = func(ctx context.Context, e *Envelope) error {
		if strings.HasPrefix(e.ID, "slow") {
			<-ctx.Done()
			return ctx.Err()
		}
		e.Verdicts.DMARC = desk.VerdictPass
		return nil
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan bool)
	go func() { s.run(ctx); close(ended) }()
	const slow = InHand - 1
	for i := range slow {
		if err := s.Keep(Envelope{ID: fmt.Sprint("slow", i), MailFrom: fmt.Sprintf("a%d@b.example", i),
			Size: MaxMail}); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 20 {
		if err := s.Keep(Envelope{ID: fmt.Sprint("quick", i), MailFrom: "<>", Size: 10}); err != nil {
			t.Fatal(err)
		}
	}
	for range 20 {
		select {
		case got := <-judged:
			if !strings.HasPrefix(got, "quick") || !strings.HasSuffix(got, " PASS") {
				t.Error(got)
			}
		case <-time.After(time.Minute):
			t.Fatal("quick mail waits for slow DNS")
		}
	}
	cancel()
	select {
	case <-ended:
	case <-time.After(time.Minute):
		t.Fatal("it does not stop")
	}
	if n := spooled(t, f); n != slow {
		t.Errorf("%d mails wait for the next start, want %d", n, slow)
	}
}

// A mail that is tried again keeps the verdicts that it has.
func TestVerifiedOnce(t *testing.T) {
	f := testFolder(t)
	var verified, tries int
	done := make(chan desk.Verdict, 1)
	s := newSpool(f, func(_ context.Context, e Envelope) error {
		if tries++; tries < 3 {
			return errors.New("the store is away")
		}
		done <- e.Verdicts.DMARC
		return nil
	}, quiet)
	s.backoff = func(int) time.Duration { return time.Millisecond }
	s.judge = func(_ context.Context, e *Envelope) error {
		if verified++; verified == 1 {
			return errors.New("the disk is away")
		}
		e.Verdicts.DMARC = desk.VerdictGray
		return nil
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan bool)
	go func() { s.run(ctx); close(ended) }()
	if err := s.Keep(Envelope{ID: "x", MailFrom: "a@b.example"}); err != nil {
		t.Fatal(err)
	}
	select {
	case got := <-done:
		if got != desk.VerdictGray {
			t.Error(got)
		}
	case <-time.After(time.Minute):
		t.Fatal("it was never processed")
	}
	cancel()
	<-ended
	if verified != 2 || tries != 3 {
		t.Errorf("verified %d times, tried %d times", verified, tries)
	}
}
