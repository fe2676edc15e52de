package functions

import (
	"bufio"
	"bytes"
	"fmt"
	"net/mail"
	"net/smtp"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/email"
	"github.com/replywell/replywell/shared/kb/article"
	"github.com/replywell/replywell/shared/store"
	"github.com/replywell/replywell/shared/store/engine/bolt"
)

// localHome is the system as one process: the built program, real SMTP, and the
// sample mailboxes as files.
type localHome struct {
	program, data, config string
	began                 time.Time
	args                  []string // further ones
	cmd                   *exec.Cmd
	ended                 chan struct{}
	smtp, password        string
	log                   syncBuffer
}

var (
	saysSMTP     = regexp.MustCompile(`mail in +smtp://(\S+)`)
	saysPassword = regexp.MustCompile(`log in .*password (\S+)`)
)

// headerOf is the first value of a mail's field, "" where it cannot be read.
func headerOf(raw []byte, name string) string {
	m, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return ""
	}
	return m.Header.Get(name)
}

func newLocalHome(t *testing.T, programs string, args ...string) *localHome {
	t.Helper()
	h := &localHome{args: args, program: programs + "/replywell", data: filepath.Join(t.TempDir(), "data"),
		config: filepath.Join(t.TempDir(), "settings.yaml"), began: time.Now()}
	data, err := os.ReadFile("testdata/settings.yaml")
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Replace(string(data), "mode: live\n", "mode: sample\ntrust_loopback: true\n", 1)
	text += "files_url: http://127.0.0.1/fetch\n"
	if err := os.WriteFile(h.config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if h.cmd != nil {
			h.kill()
		}
		if t.Failed() {
			t.Logf("the log of the process:\n%s", h.log.String())
		}
	})
	h.start(t)
	return h
}

func (h *localHome) start(t *testing.T) {
	t.Helper()
	args := append([]string{"local", "--smtp", "127.0.0.1:0", "--http", "127.0.0.1:0", "--files",
		"127.0.0.1:0", "--data", h.data, "--config",
		h.config}, h.args...)
	h.cmd, h.ended = exec.Command(h.program, args...), make(chan struct{})
	out, err := h.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	h.cmd.Stderr = &h.log
	if err := h.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	address := make(chan [2]string, 1)
	go func(cmd *exec.Cmd, ended chan struct{}) {
		lines, smtpAt := bufio.NewScanner(out), ""
		for lines.Scan() {
			fmt.Fprintln(&h.log, lines.Text())
			if m := saysPassword.FindStringSubmatch(lines.Text()); m != nil {
				address <- [2]string{smtpAt, m[1]}
			}
			if m := saysSMTP.FindStringSubmatch(lines.Text()); m != nil {
				smtpAt = m[1]
			}
		}
		_ = cmd.Wait() // how it ended is seen in its log
		close(ended)
	}(h.cmd, h.ended)
	select {
	case a := <-address:
		h.smtp, h.password = a[0], a[1]
	case <-h.ended:
		t.Fatalf("it ended at once:\n%s", h.log.String())
	case <-time.After(within):
		t.Fatalf("it does not start:\n%s", h.log.String())
	}
}

func (h *localHome) kill() {
	_ = h.cmd.Process.Kill() // it may have ended
	<-h.ended
}

func (h *localHome) restart(t *testing.T) {
	t.Helper()
	h.kill()
	h.start(t)
}

func (h *localHome) deliver(t *testing.T, from, to string, raw []byte) {
	t.Helper()
	c, err := smtp.Dial(h.smtp)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatalf("the mail of %s to %s: %v\n%s", from, to, err, h.log.String())
		}
	}
	must(c.Hello("mx.example"))
	if author, err := mail.ParseAddress(headerOf(raw, "From")); err == nil &&
		!strings.HasPrefix(author.Address, "MAILER-DAEMON@") {
		host, _, _ := strings.Cut(h.smtp, ":")
		must(c.Auth(smtp.PlainAuth("", author.Address, h.password, host))) // in sample mode that proves who wrote
	}
	must(c.Mail(strings.Trim(from, "<>")))
	must(c.Rcpt(to))
	w, err := c.Data()
	must(err)
	_, err = w.Write(raw)
	must(err)
	must(w.Close())
	must(c.Quit())
}

// settle has nothing to do: the process works by itself.
func (h *localHome) settle(*testing.T) {}

func (h *localHome) mailbox(t *testing.T, address string) (out []received) {
	t.Helper()
	for _, name := range []string{address, url.PathEscape(address)} {
		files, err := filepath.Glob(filepath.Join(h.data, "mailboxes", name, "inbox", "*.eml"))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			raw, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, received{Outbox: strings.TrimSuffix(filepath.Base(f), ".eml"), Raw: raw,
				Mail: email.Read(raw, "")})
		}
		if len(files) > 0 {
			break
		}
	}
	return out
}

// bounce is a mail server that could not deliver and says so by mail (RFC 3464).
func (h *localHome) bounce(t *testing.T, r received, address, diagnostic string) {
	t.Helper()
	head, _, _ := strings.Cut(string(r.Raw), "\r\n\r\n")
	report := "From: Mail Delivery System <MAILER-DAEMON@mx.customers.example>\r\nTo: <support@lantern.example>\r\n" +
		"Subject: Undelivered Mail Returned to Sender\r\n" +
		"Message-ID: <dsn-1@mx.customers.example>\r\nAuto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n" +
		"Content-Type: multipart/report; report-type=delivery-status; boundary=\"=_b\"\r\n\r\n" +
		"--=_b\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\nYour message to <" + address +
		"> could not be delivered: " + diagnostic + "\r\n\r\n" +
		"--=_b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.customers.example\r\n\r\n" +
		"Final-Recipient: rfc822; " + address +
		"\r\nAction: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; " + diagnostic + "\r\n\r\n" +
		"--=_b\r\nContent-Type: text/rfc822-headers\r\n\r\n" + head + "\r\n\r\n--=_b--\r\n"
	h.deliver(t, "<>", "support@lantern.example", []byte(report))
}

// decisions stops the process, as a person does, and reads its store.
func (h *localHome) decisions(t *testing.T, seen []received) string {
	t.Helper()
	if err := h.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	<-h.ended
	e, err := bolt.Open(filepath.Join(h.data, "store.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	return decide(t, store.New(e, time.Now), h.began, seen)
}

// publish writes a file into the folder of articles, which begins as a copy of
// the sample's, and waits until the process says that it has taken it in and has
// learnt. It is a new process then.
func (h *localHome) publish(t *testing.T, path, markdown string) {
	t.Helper()
	folder := filepath.Join(h.data, "articles")
	if _, err := os.Stat(folder); err != nil {
		if err := os.CopyFS(folder, article.Sample()); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(folder, path), []byte(markdown), 0o600); err != nil {
		t.Fatal(err)
	}
	h.says(t, "learnt from what became of suggestions", 0)
	h.says(t, "the knowledge base has a new snapshot",
		strings.Count(h.log.String(), "the knowledge base has a new snapshot"))
	h.restart(t)
}

// says waits until the process has said something more often than so.
func (h *localHome) says(t *testing.T, words string, already int) {
	t.Helper()
	end := time.After(within)
	look := time.NewTicker(50 * time.Millisecond)
	defer look.Stop()
	for strings.Count(h.log.String(), words) <= already {
		select {
		case <-look.C:
		case <-end:
			t.Fatalf("it never says %q:\n%s", words, h.log.String())
		}
	}
}
