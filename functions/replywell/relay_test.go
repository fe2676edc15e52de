package main

import (
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"github.com/replywell/replywell/shared/email"
)

// relay is a mail server that refuses the first attempt of every mail, unless
// it is eager.
type relay struct {
	eager bool

	mu   sync.Mutex
	seen map[string]int // attempts by Message-ID
	got  []*email.Mail
}

func (r *relay) NewSession(*smtp.Conn) (smtp.Session, error) { return relaySession{r}, nil }

type relaySession struct{ r *relay }

func (relaySession) Reset()                               {}
func (relaySession) Logout() error                        { return nil }
func (relaySession) Mail(string, *smtp.MailOptions) error { return nil }
func (relaySession) Rcpt(string, *smtp.RcptOptions) error { return nil }
func (s relaySession) Data(in io.Reader) error {
	raw, err := io.ReadAll(in)
	if err != nil {
		return err
	}
	m := email.Read(raw, "")
	s.r.mu.Lock()
	defer s.r.mu.Unlock()
	if s.r.seen[m.MessageID]++; s.r.seen[m.MessageID] == 1 && !s.r.eager {
		return &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 7, 1}, Message: "greylisted"}
	}
	s.r.got = append(s.r.got, m)
	return nil
}

func (r *relay) arrival(t *testing.T, to string, fits func(*email.Mail) bool) (found *email.Mail) {
	t.Helper()
	eventually(t, time.Minute, "a mail for "+to+" at the relay", func() bool {
		r.mu.Lock()
		defer r.mu.Unlock()
		for _, m := range r.got {
			if len(m.To) == 1 && m.To[0].Address == to && fits(m) {
				found = m
				return true
			}
		}
		return false
	})
	return found
}

// A team runs it for real: everything leaves by the relay, a retry keeps its
// Message-ID, and answers to that id find their conversation.
func TestLiveModeOverARelay(t *testing.T) {
	t.Parallel()
	r := &relay{seen: map[string]int{}}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := smtp.NewServer(r)
	server.Domain = "relay.example"
	go func() { _ = server.Serve(l) }() // ends with Close
	defer server.Close()
	config := filepath.Join(t.TempDir(), "team.yaml")
	text := "version: 1\nmode: live\ntrust_loopback: true\nbelieve_forgeries_from_this_machine: true\nmailboxes: " +
		"[{id: help, name: Help, address: help@team.example, grace: 1 second}]\nagents: [{id: kim, name: Kim, " +
		"addresses: kim@team.example}]\n"
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	data := t.TempDir()
	p := startLocal(t, data, "--config", config, "--relay", "smtp://"+l.Addr().String())
	if p.page != "" || !strings.Contains(p.out.String(), "trust_loopback is on in live mode") {
		t.Errorf("in live mode it says\n%s", p.out)
	}
	welcome := r.arrival(t, "kim@team.example", textHas("nothing to install and nowhere to log in"))
	p.mail("kim@team.example", welcome.ReplyTo[0].Address, "From: kim@team.example\nSubject: Re: "+welcome.Subject+
		"\nMessage-ID: <zero@team.example>\n\npractice\n")
	r.arrival(t, "kim@team.example", textHas("Mia Sommer, who is made up"))
	p.mail("c@customer.example", "help@team.example",
		"From: c@customer.example\nSubject: Hello\nMessage-ID: <one@customer.example>\n\nPlease help.\n")
	told := r.arrival(t, "kim@team.example", textHas("Please help"))
	p.mail("kim@team.example", told.ReplyTo[0].Address, "From: kim@team.example\nSubject: Re: "+told.Subject+
		"\nMessage-ID: <two@team.example>\n\nHere you are.\n")
	answer := r.arrival(t, "c@customer.example", textHas("Here you are"))
	if !strings.HasSuffix(answer.MessageID, "@team.example") || r.seen[answer.MessageID] != 2 {
		t.Errorf("the answer's id %s was seen %d times", answer.MessageID, r.seen[answer.MessageID])
	}
	p.mail("c@customer.example", "help@team.example",
		"From: c@customer.example\nSubject: Re: Hello\nMessage-ID: <three@customer.example>\nIn-Reply-To: <"+
			answer.MessageID+">\n\nThank you.\n")
	if again := r.arrival(t, "kim@team.example", textHas("Thank you")); again.Subject != told.Subject {
		t.Errorf("it became another conversation: %q", again.Subject)
	}
	if left, _ := filepath.Glob(filepath.Join(data, "mailboxes", "*")); len(left) > 0 {
		t.Errorf("sample mailboxes in live mode: %v", left)
	}

	// Asked for, the page is a window on all of that, and nothing else.
	p.stop()
	p = startLocal(t, data, "--config", config, "--relay", "smtp://"+l.Addr().String(), "--window")
	get := func(method, path, host string) (int, string) {
		t.Helper()
		req, err := http.NewRequestWithContext(t.Context(), method, p.page+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Host = host
		answer, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		body, err := io.ReadAll(answer.Body)
		if err != nil {
			t.Fatal(err)
		}
		return answer.StatusCode, string(body)
	}
	_, list := get("GET", "/?left=c@customer.example", "localhost")
	for _, want := range []string{"c@customer.example", "Thank you.", "read only", "Kim, by mail."} {
		if !strings.Contains(list, want) {
			t.Errorf("the window lacks %q:\n%s", want, list)
		}
	}
	if strings.Contains(list, `method="post"`) || strings.Contains(list, "password") {
		t.Error("something can be written in the window")
	}
	if _, agent := get("GET", "/?right=kim@team.example", "localhost"); !strings.Contains(agent, "Here you are.") {
		t.Errorf("the agent's mail is not there:\n%s", agent)
	}
	for _, tc := range []struct {
		method, path, host string
		want               int
	}{{"GET", "/", "evil.example", http.StatusMisdirectedRequest}, {"POST", "/send", "localhost", http.StatusNotFound},
		{"POST", "/day/play", "localhost", http.StatusNotFound}} {
		if status, _ := get(tc.method, tc.path, tc.host); status != tc.want {
			t.Errorf("%s %s as %s: %d", tc.method, tc.path, tc.host, status)
		}
	}
}

// A client that only keeps its connection open does not keep it from stopping.
func TestStopDoesNotWaitForIdleClients(t *testing.T) {
	p := startLocal(t, t.TempDir())
	c, err := net.Dial("tcp", p.smtp)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	greeting := make([]byte, 4)
	if _, err := io.ReadFull(c, greeting); err != nil || string(greeting) != "220 " {
		t.Fatalf("%q, %v", greeting, err)
	}
	answer, err := http.Get(p.page + "/")
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	began := time.Now()
	p.stop()
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("it took %v", took)
	}
}
