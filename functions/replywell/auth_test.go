package main

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-msgauth/dkim"
	"github.com/emersion/go-smtp"

	"github.com/replywell/replywell/shared/config"
	"github.com/replywell/replywell/shared/email"
	"github.com/replywell/replywell/shared/local"
	"github.com/replywell/replywell/shared/local/verify"
)

// records is the DNS of the test: TXT records alone.
type records struct {
	verify.Resolver
	txt map[string]string
}

func (r records) LookupTXT(_ context.Context, name string) ([]string, error) {
	if v, ok := r.txt[strings.TrimSuffix(name, ".")]; ok {
		return []string{v}, nil
	}
	return nil, &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
}

func sign(t *testing.T, raw, domain string, key ed25519.PrivateKey) string {
	t.Helper()
	var out bytes.Buffer
	if err := dkim.Sign(&out, strings.NewReader(strings.ReplaceAll(raw, "\n", "\r\n")),
		&dkim.SignOptions{Domain: domain, Selector: "s", Signer: key}); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// A team behind its own mail server: nothing is believed because of where it
// comes from, and an agent's answer leaves because the agent's domain signed it.
func TestOnlySignedAnswersLeave(t *testing.T) {
	t.Parallel()
	r := &relay{eager: true, seen: map[string]int{}}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := smtp.NewServer(r)
	go func() { _ = server.Serve(l) }() // ends with Close
	defer server.Close()
	team, stranger := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{1}, ed25519.SeedSize)),
		ed25519.NewKeyFromSeed(bytes.Repeat([]byte{2}, ed25519.SeedSize))
	public := func(k ed25519.PrivateKey) string {
		return "k=ed25519; p=" + base64.StdEncoding.EncodeToString(k.Public().(ed25519.PublicKey))
	}
	dns := records{txt: map[string]string{"_dmarc.team.example": "v=DMARC1; p=none",
		"s._domainkey.team.example": public(team), "s._domainkey.evil.example": public(stranger)}}
	file := filepath.Join(t.TempDir(), "team.yaml")
	text := "version: 1\nmode: live\n" +
		"mailboxes: [{id: help, name: Help, address: help@shop.example, grace: \"0\"}]\n" +
		"agents: [{id: kim, name: Kim, addresses: kim@team.example}]\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	settings, err := config.Load(file)
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.DiscardHandler)
	system, err := local.Open(local.Options{SMTP: "127.0.0.1:0", Data: t.TempDir(), Relay: "smtp://" +
		l.Addr().String(), DNS: dns, Settings: settings,
		Now: time.Now, Random: rand.Reader, Log: log})
	if err != nil {
		t.Fatal(err)
	}
	services, err := wire(system, log)
	if err != nil {
		t.Fatal(errors.Join(err, system.Close()))
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error)
	go func() { ended <- system.Run(ctx, services) }()
	defer func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}()
	mail := func(from, to, raw string) {
		t.Helper()
		if _, err := submit(system.SMTPAddress(), from, to, []byte(raw)); err != nil {
			t.Fatal(err)
		}
	}

	mail("c@customer.example", "help@shop.example",
		"From: c@customer.example\nSubject: Hello\nMessage-ID: <one@customer.example>\n\nPlease help.\n")
	told := r.arrival(t, "kim@team.example", textHas("Please help"))
	reply := func(id, text string) string {
		return "From: Kim <kim@team.example>\nTo: " + told.ReplyTo[0].Address + "\nDate: " +
			time.Now().UTC().Format(time.RFC1123Z) + "\nSubject: Re: " + told.Subject + "\nMessage-ID: <" + id +
			"@team.example>\n\n" + text + "\n"
	}
	held := func(id, raw string) {
		t.Helper()
		mail("kim@team.example", told.ReplyTo[0].Address, raw)
		r.arrival(t, "kim@team.example", func(m *email.Mail) bool { return textHas("DMARC")(m) && textHas(id)(m) })
	}
	held("Unsigned words", reply("two", "Unsigned words."))
	held("Foreign words", sign(t, reply("three", "Foreign words."), "evil.example", stranger))
	held("Changed words", strings.Replace(sign(t, reply("four", "Signed words."), "team.example", team), "Signed words",
		"Changed words", 1))
	mail("kim@team.example", told.ReplyTo[0].Address, sign(t, reply("five", "Here you are."), "team.example", team))
	r.arrival(t, "c@customer.example", textHas("Here you are"))
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, m := range r.got {
		if m.To[0].Address == "c@customer.example" && !textHas("Here you are")(m) {
			t.Errorf("this reached the customer:\n%s", m.Text)
		}
	}
}
