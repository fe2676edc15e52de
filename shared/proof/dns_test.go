package proof_test

import (
	"context"
	"crypto/rand"
	"log/slog"
	"net"
	"net/netip"
	"net/smtp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/bench"
	"github.com/replywell/replywell/shared/config"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/inbound"
	"github.com/replywell/replywell/shared/local"
)

// dnsAtTimes answers for two domains when the weather is good.
type dnsAtTimes struct {
	mu   sync.Mutex
	away bool
}

func (d *dnsAtTimes) set(away bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.away = away
}

func (d *dnsAtTimes) LookupTXT(_ context.Context, name string) ([]string, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.away {
		return nil, &net.DNSError{Err: "server misbehaving", Name: name, IsTemporary: true}
	}
	switch strings.TrimSuffix(name, ".") {
	case "team.lantern.example", "customers.example":
		return []string{"v=spf1 ip4:192.0.2.0/24 -all"}, nil
	case "_dmarc.team.lantern.example", "_dmarc.customers.example":
		return []string{"v=DMARC1; p=reject"}, nil
	}
	return nil, &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
}

func (d *dnsAtTimes) LookupMX(context.Context, string) ([]*net.MX, error)        { return nil, nil }
func (d *dnsAtTimes) LookupIPAddr(context.Context, string) ([]net.IPAddr, error) { return nil, nil }
func (d *dnsAtTimes) LookupAddr(context.Context, string) ([]string, error)       { return nil, nil }

// handIn hands a mail in as the team's own server does, which tells the client's address.
func handIn(t *testing.T, address, from, to, raw string) {
	t.Helper()
	c, err := smtp.Dial(address)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(c.Hello("mx.lantern.example"))
	id, err := c.Text.Cmd("XFORWARD ADDR=192.0.2.7 HELO=out.example")
	must(err)
	c.Text.StartResponse(id)
	_, _, err = c.Text.ReadResponse(250)
	c.Text.EndResponse(id)
	must(err)
	must(c.Mail(from))
	must(c.Rcpt(to))
	w, err := c.Data()
	must(err)
	_, err = w.Write([]byte(strings.ReplaceAll(raw, "\n", "\r\n")))
	must(err)
	must(w.Close())
	must(c.Quit())
}

// DNS that is away while a customer writes and an agent answers: the customer is on the desk at
// once, the answer waits and nobody is asked; when DNS is back
// the answer reaches the customer once, and the customer's next mail is confirmed. Stopped and started in between.
func TestDNSThatIsAwayForAWhile(t *testing.T) {
	p := bench.NewPath(t)
	dns := &dnsAtTimes{away: true}
	settings, err := config.Parse(config.Sample, "sample")
	if err != nil {
		t.Fatal(err)
	}
	settings.Mode, settings.TrustLoopback, settings.Customers = desk.ModeLive, false, nil
	settings.Mailboxes[0].Acknowledge = true
	settings.Servers = desk.MailServers{Addresses: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}}
	p.Settings = settings
	data := t.TempDir()
	type came struct {
		in  desk.Inbound
		err error
	}
	seen := make(chan came, 20)
	var mu sync.Mutex
	run := func() (address string, stop func()) {
		system, err := local.Open(local.Options{SMTP: "127.0.0.1:0", Data: data, Relay: "smtp://127.0.0.1:1", DNS: dns,
			Settings: settings, Now: time.Now, Random: rand.Reader, Log: slog.New(slog.DiscardHandler)})
		if err != nil {
			t.Fatal(err)
		}
		system.Keys = p.Keys
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		delivery := func(e local.Envelope) inbound.Delivery {
			raw, err := system.Blobs.Get(ctx, e.Raw)
			if err == nil {
				_ = p.Blobs.Put(ctx, e.Raw, raw) // it keeps everything
			}
			return inbound.Delivery{ID: e.ID, Raw: e.Raw, MailFrom: e.MailFrom, Recipients: e.Recipients,
				ReceivedAt: p.Now(), Verdicts: e.Verdicts, Size: e.Size, CheckedLater: e.Unchecked()}
		}
		nothing := func(context.Context) error { return nil }
		go func() {
			ended <- system.Run(ctx, local.Services{
				Receive: func(ctx context.Context, e local.Envelope) error {
					mu.Lock()
					defer mu.Unlock()
					in, err := p.Inbound.Receive(ctx, delivery(e))
					seen <- came{in, err}
					return err
				},
				Checked: func(ctx context.Context, e local.Envelope) error {
					mu.Lock()
					defer mu.Unlock()
					err := p.Inbound.Checked(ctx, delivery(e))
					seen <- came{desk.Inbound{Outcome: "checked"}, err}
					return err
				},
				Send:  func(context.Context, []string) ([]string, error) { return nil, nil },
				Sweep: nothing, Recover: nothing,
			})
		}()
		return system.SMTPAddress(), func() {
			cancel()
			if err := <-ended; err != nil {
				t.Error(err)
			}
		}
	}
	next := func(what string) came {
		t.Helper()
		select {
		case c := <-seen:
			if c.err != nil {
				t.Fatal(c.err)
			}
			return c
		case <-time.After(40 * time.Second):
			t.Fatalf("%s never came", what)
		}
		return came{}
	}
	address, stop := run()
	handIn(t, address, erika, "support@lantern.example", "From: "+erika+
		"\nTo: support@lantern.example\nSubject: Lamp\nMessage-ID: <1@customers.example>\n\nIt flickers.\n")
	if c := next("the customer's mail"); c.in.Outcome != desk.OutcomeThreaded {
		t.Fatalf("%s: %s", c.in.Outcome, c.in.Reason)
	}
	mu.Lock()
	sent := p.Sent()
	mu.Unlock()
	reply := ""
	for _, m := range sent {
		if m.To[0] == anna {
			reply = m.Read.ReplyTo[0].Address
			if !strings.Contains(m.Read.Text, "who sent it is not checked yet: DNS did not answer") {
				t.Errorf("Anna reads\n%s", m.Read.Text)
			}
		}
	}
	if out := p.Outside(sent); len(out) > 0 || reply == "" {
		t.Fatalf("%d mails left for people outside; Anna's address is %q", len(out), reply)
	}
	handIn(t, address, anna, reply, "From: "+anna+"\nTo: "+reply+
		"\nSubject: Re: Lamp\nMessage-ID: <a@team.lantern.example>\n\n#answer\n\nPlease tighten the ring.\n")
	stop() // while both wait
	select {
	case c := <-seen:
		t.Fatalf("while DNS is away something is decided: %+v", c.in)
	default:
	}
	dns.set(false)
	_, stop = run()
	defer stop()
	got := map[desk.Outcome]int{}
	for range 2 {
		got[next("what waited").in.Outcome]++
	}
	if got[desk.OutcomeAgent] != 1 || got["checked"] != 1 {
		t.Errorf("when DNS is back: %v", got)
	}
	mu.Lock()
	defer mu.Unlock()
	answers := 0
	for _, m := range p.Outside(p.Sent()) {
		if strings.Contains(m.Read.Text, "Please tighten the ring.") {
			answers++
		}
	}
	if answers != 1 {
		t.Errorf("the customer has the answer %d times", answers)
	}
}
