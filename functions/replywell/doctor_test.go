package main

import (
	"encoding/json"
	"errors"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/emersion/go-smtp"
	"golang.org/x/net/dns/dnsmessage"
)

// handsOn is a mail server that delivers what it gets to the desk, as the MX of
// the desk's domain does, once it is told where that is.
type handsOn struct {
	mu   sync.Mutex
	desk string
}

func (h *handsOn) NewSession(*smtp.Conn) (smtp.Session, error) { return &handsOnSession{h: h}, nil }

type handsOnSession struct {
	h        *handsOn
	from, to string
}

func (*handsOnSession) Reset()        {}
func (*handsOnSession) Logout() error { return nil }
func (s *handsOnSession) Mail(from string, _ *smtp.MailOptions) error {
	s.from = from
	return nil
}
func (s *handsOnSession) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.to = to
	return nil
}
func (s *handsOnSession) Data(in io.Reader) error {
	raw, err := io.ReadAll(in)
	if err != nil {
		return err
	}
	s.h.mu.Lock()
	desk := s.h.desk
	s.h.mu.Unlock()
	if desk == "" || !strings.HasSuffix(s.to, "@team.example") {
		return nil
	}
	_, err = submit(desk, s.from, s.to, raw)
	return err
}

// nameServer answers for the records it has, and that there is no other name.
func nameServer(t *testing.T, txt map[string]string, mx map[string]string) string {
	t.Helper()
	c, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	go func() {
		buf := make([]byte, 1500)
		for {
			n, from, err := c.ReadFrom(buf)
			if errors.Is(err, net.ErrClosed) {
				return
			}
			var q dnsmessage.Message
			if err != nil || q.Unpack(buf[:n]) != nil || len(q.Questions) != 1 {
				continue
			}
			question := q.Questions[0]
			name := strings.TrimSuffix(question.Name.String(), ".")
			a := dnsmessage.Message{Header: dnsmessage.Header{ID: q.ID, Response: true, Authoritative: true,
				RCode: dnsmessage.RCodeNameError}, Questions: q.Questions}
			head := dnsmessage.ResourceHeader{Name: question.Name, Type: question.Type, Class: dnsmessage.ClassINET,
				TTL: 60}
			if v, ok := txt[name]; ok && question.Type == dnsmessage.TypeTXT {
				a.RCode, a.Answers = dnsmessage.RCodeSuccess,
					[]dnsmessage.Resource{{Header: head, Body: &dnsmessage.TXTResource{TXT: []string{v}}}}
			}
			if v, ok := mx[name]; ok && question.Type == dnsmessage.TypeMX {
				a.RCode, a.Answers = dnsmessage.RCodeSuccess,
					[]dnsmessage.Resource{{Header: head, Body: &dnsmessage.MXResource{Pref: 10,
						MX: dnsmessage.MustNewName(v + ".")}}}
			}
			if out, err := a.Pack(); err == nil {
				_, _ = c.WriteTo(out, from)
			}
		}
	}()
	return c.LocalAddr().String()
}

// The built program looks at a desk on this machine that runs, then at one thing
// that is wrong after another; and writes to itself by way of its relay.
func TestDoctorOnOneMachine(t *testing.T) {
	t.Parallel()
	relay := &handsOn{}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := smtp.NewServer(relay)
	server.Domain = "relay.example"
	go func() { _ = server.Serve(l) }() // ends with Close
	defer server.Close()
	config := filepath.Join(t.TempDir(), "team.yaml")
	if err := os.WriteFile(config, []byte("version: 1\nmode: live\nmailboxes: [{id: help, name: Help, address: "+
		"help@team.example}]\nagents: [{id: kim, name: Kim, addresses: kim@agents.example}]\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	data := t.TempDir()
	p := startLocal(t, data, "--config", config, "--relay", "smtp://"+l.Addr().String())
	relay.mu.Lock()
	relay.desk = p.smtp
	relay.mu.Unlock()
	txt := map[string]string{"team.example": "v=spf1 mx -all", "_dmarc.team.example": "v=DMARC1; p=reject",
		"_dmarc.agents.example": "v=DMARC1; p=none"}
	mx := map[string]string{"team.example": "mx.team.example"}
	without := func(m map[string]string, name string) map[string]string {
		out := map[string]string{}
		for k, v := range m {
			if k != name {
				out[k] = v
			}
		}
		return out
	}
	good := []string{"--config", config, "--data", data, "--smtp", p.smtp, "--relay", "smtp://" + l.Addr().String(),
		"--dns", nameServer(t, txt, mx)}
	with := func(flag, value string) []string {
		out := append([]string{}, good...)
		for i := range out {
			if out[i] == flag {
				out[i+1] = value
			}
		}
		return out
	}
	look := func(args []string) (string, int) {
		t.Helper()
		out, err := exec.Command(program(t), append([]string{"doctor"}, args...)...).CombinedOutput()
		var exit *exec.ExitError
		if err != nil && !errors.As(err, &exit) {
			t.Fatal(err)
		}
		if exit != nil {
			return string(out), exit.ExitCode()
		}
		return string(out), 0
	}
	text, status := look(append(good, "--probe", "--wait", "30s"))
	for _, line := range []string{"good     process of " + p.smtp + ": it takes mail in.", "good     relay of " +
		l.Addr().String() + ": it takes us in.", "good     MX of team.example: mx.team.example.",
		"good     SPF of team.example: v=spf1 mx -all.", "good     DMARC of team.example: v=DMARC1; p=reject.",
		"good     agents' domain of agents.example: v=DMARC1; p=none.",
		"good     keys of reply addresses: they can be read", "good     spool: 0 mails wait",
		"good     probe of help@team.example: it came back after "} {
		if !strings.Contains(text, line) {
			t.Errorf("of a desk that is well it does not say %q", line)
		}
	}
	if status == 1 {
		t.Errorf("a desk that is well ends with %d:\n%s", status, text)
	}
	if strings.Contains(p.out.String(), "opened") {
		t.Errorf("the probe became a conversation:\n%s", p.out)
	}
	refusing, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	refusing.Close()
	for name, c := range map[string]struct {
		args   []string
		says   string
		status int
	}{
		"not running": {with("--smtp", refusing.Addr().String()), "bad      process of " +
			refusing.Addr().String() + ": nobody answers", 1},
		"relay away": {with("--relay", "smtp://"+refusing.Addr().String()), "bad      relay of " +
			refusing.Addr().String() + ": it cannot be reached", 1},
		"relay mistyped": {with("--relay", "smpt://x"), "bad      relay: --relay \"smpt://x\" does not begin with",
			1},
		"another folder": {with("--data", filepath.Join(data, "nowhere")), "bad      data folder", 1},
		"no MX": {with("--dns", nameServer(t, txt, nil)),
			"bad      MX of team.example: there is no record", 1},
		"no SPF": {with("--dns", nameServer(t, without(txt, "team.example"), mx)),
			"warning  SPF of team.example: there is no record", 2},
		"no DMARC of agents": {with("--dns", nameServer(t, without(txt, "_dmarc.agents.example"), mx)),
			"mail of Kim from there is held", 1},
		"no settings":        {with("--config", filepath.Join(data, "none.yaml")), "replywell: ", notLooked},
		"a stack and a file": {append(good, "--stack", "x"), "--stack and --config can't be used together", 80},
	} {
		text, status := look(c.args)
		if !strings.Contains(text, c.says) || status != c.status {
			t.Errorf("%s: it ends with %d and does not say %q:\n%s", name, status, c.says, text)
		}
	}
	if err := os.Chmod(filepath.Join(data, "keys.json"), 0o644); err != nil {
		t.Fatal(err)
	}
	if text, status := look(good); status != 1 || !strings.Contains(text, "others on this machine may read keys.json") {
		t.Errorf("keys that others may read: %d\n%s", status, text)
	}
	text, _ = look(append(good, "--json"))
	var report struct {
		State    string
		Findings []struct{ About, State, Next string }
	}
	if err := json.Unmarshal([]byte(text), &report); err != nil || report.State != "bad" || len(report.Findings) < 8 {
		t.Errorf("%v: %s", err, text)
	}
}
