package main

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"fmt"
	"net"
	"net/textproto"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/email"
)

// build makes the program once for all tests of the package.
var build = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "replywell-test-")
	if err != nil {
		return "", err
	}
	program := filepath.Join(dir, "replywell")
	out, err := exec.Command("go", "build", "-o", program, ".").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%w\n%s", err, out)
	}
	return program, nil
})

func TestMain(m *testing.M) {
	code := m.Run()
	if program, err := build(); err == nil {
		os.RemoveAll(filepath.Dir(program))
	}
	os.Exit(code)
}

func program(t testing.TB) string {
	t.Helper()
	p, err := build()
	if err != nil {
		t.Fatalf("building the program: %v", err)
	}
	return p
}

// process is a running "replywell local".
type process struct {
	t          testing.TB
	cmd        *exec.Cmd
	smtp, page string
	password   string // of the sample people
	data       string
	out        *lockedBuffer
	exited     chan error
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

var (
	saysSMTP     = regexp.MustCompile(`mail in +smtp://(\S+)`)
	saysPassword = regexp.MustCompile(`log in .*password (\S+)`)
	saysPage     = regexp.MustCompile(`page +(http://\S+?)/`)
)

// startLocal starts the program on free ports and waits until it says that it runs.
func startLocal(t testing.TB, data string, args ...string) *process {
	t.Helper()
	p := &process{t: t, data: data, out: &lockedBuffer{}, exited: make(chan error, 1)}
	p.cmd = exec.Command(program(t), append([]string{"local", "--smtp", "127.0.0.1:0", "--http", "127.0.0.1:0",
		"--data", data}, args...)...)
	stdout, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	p.cmd.Stderr = p.out
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.kill)
	ready := make(chan bool, 1)
	go func() {
		lines := bufio.NewScanner(stdout)
		for lines.Scan() {
			fmt.Fprintln(p.out, lines.Text())
			if strings.HasPrefix(lines.Text(), "Stop with") {
				ready <- true
			}
		}
		p.exited <- p.cmd.Wait()
		close(p.exited)
	}()
	select {
	case <-ready:
	case err := <-p.exited:
		t.Fatalf("it ended at once: %v\n%s", err, p.out)
	case <-time.After(time.Minute):
		t.Fatalf("it does not start:\n%s", p.out)
	}
	p.smtp = saysSMTP.FindStringSubmatch(p.out.String())[1]
	if m := saysPassword.FindStringSubmatch(p.out.String()); m != nil {
		p.password = m[1]
	}
	if m := saysPage.FindStringSubmatch(p.out.String()); m != nil {
		p.page = m[1]
	}
	return p
}

// kill ends it at once, as a power failure would.
func (p *process) kill() {
	_ = p.cmd.Process.Kill() // it may have ended
	<-p.exited
}

// stop asks it to end, and gives what it said.
func (p *process) stop() string {
	p.t.Helper()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		p.t.Fatal(err)
	}
	select {
	case err := <-p.exited:
		if err != nil {
			p.t.Errorf("it stopped with %v\n%s", err, p.out)
		}
	case <-time.After(time.Minute):
		p.t.Fatalf("it does not stop:\n%s", p.out)
	}
	return p.out.String()
}

// submit sends one mail by SMTP, logged in where an address and a password are given, and gives the
// server's last answer; err is a
// connection that broke.
func submit(address, from, to string, raw []byte, login ...string) (answer string, err error) {
	c, err := net.DialTimeout("tcp", address, 5*time.Second)
	if err != nil {
		return "", err
	}
	defer c.Close()
	if err := c.SetDeadline(time.Now().Add(60 * time.Second)); err != nil {
		return "", err
	}
	text := textproto.NewConn(c)
	say := func(want int, line string) error {
		if line != "" {
			if err := text.PrintfLine("%s", line); err != nil {
				return err
			}
		}
		code, message, err := text.ReadResponse(want)
		answer = fmt.Sprintf("%d %s", code, message)
		return err
	}
	type step struct {
		want int
		line string
	}
	steps := []step{{220, ""}, {250, "EHLO test.example"}}
	if len(login) == 2 {
		steps = append(steps, step{235, "AUTH PLAIN " +
			base64.StdEncoding.EncodeToString([]byte("\x00"+login[0]+"\x00"+login[1]))})
	}
	for _, step := range append(steps, step{250, "MAIL FROM:<" + from + ">"}, step{250, "RCPT TO:<" + to + ">"},
		step{354, "DATA"}) {
		if err := say(step.want, step.line); err != nil {
			return answer, ignoreCode(err)
		}
	}
	w := text.DotWriter()
	if _, err := w.Write(raw); err != nil {
		return answer, err
	}
	if err := w.Close(); err != nil {
		return answer, err
	}
	return answer, ignoreCode(say(250, ""))
}

// ignoreCode: an unexpected code is an answer, not a broken connection.
func ignoreCode(err error) error {
	if _, ok := err.(*textproto.Error); ok {
		return nil
	}
	return err
}

// mail writes from somebody's mailbox.
func (p *process) mail(from, to, raw string) {
	p.t.Helper()
	var login []string
	if p.password != "" {
		login = []string{from, p.password}
	}
	answer, err := submit(p.smtp, from, to, []byte(raw), login...)
	if err != nil || !strings.HasPrefix(answer, "250") {
		p.t.Fatalf("the server said %q, %v\n%s", answer, err, p.out)
	}
}

// read remembers mails by path: a mail in a mailbox never changes.
var read sync.Map

// inbox reads every mail in a sample mailbox.
func inbox(t *testing.T, data, address string) (out []*email.Mail) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(data, "mailboxes", address, "inbox", "*.eml"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		known, ok := read.Load(f)
		if !ok {
			raw, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			known, _ = read.LoadOrStore(f, email.Read(raw, ""))
		}
		out = append(out, known.(*email.Mail))
	}
	return out
}

// arrival waits for a mail that fits to be in a mailbox.
func arrival(t *testing.T, data, address string, within time.Duration, fits func(*email.Mail) bool) (
	found *email.Mail) {
	t.Helper()
	eventually(t, within, "a mail for "+address, func() bool {
		for _, m := range inbox(t, data, address) {
			if fits(m) {
				found = m
				return true
			}
		}
		return false
	})
	return found
}

// eventually waits for a condition of another process, which tells nobody.
func eventually(t *testing.T, within time.Duration, what string, holds func() bool) {
	t.Helper()
	look := time.NewTicker(50 * time.Millisecond)
	defer look.Stop()
	end := time.After(within)
	for !holds() {
		select {
		case <-look.C:
		case <-end:
			t.Fatalf("%s: not within %v", what, within)
		}
	}
}

// configuration writes the sample's configuration with another notification rate.
func configuration(t *testing.T, most int, within string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "replywell.yaml")
	text := fmt.Sprintf(`version: 1
mode: sample
trust_loopback: true
mailboxes:
  - {id: support, name: Shop, address: support@shop.example, agents: [anna, ben]}
agents:
  - {id: anna, name: Anna, addresses: anna@team.example}
  - {id: ben, name: Ben, addresses: ben@team.example}
notifications: {most: %d, within: %s}
sample_customers:
  - {name: Erika, address: erika@customers.example}
`, most, within)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
