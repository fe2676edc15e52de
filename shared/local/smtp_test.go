package local

import (
	"bufio"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"github.com/replywell/replywell/shared/desk"
)

var quiet = slog.New(slog.DiscardHandler)

func testSettings() *desk.Settings {
	return &desk.Settings{Version: 1, Mode: desk.ModeSample, TrustLoopback: true,
		Mailboxes: []desk.Mailbox{{ID: "support", Name: "Shop", Address: "support@shop.example",
			Aliases: []string{"help@shop.example"}, ReplyBase: "@reply.shop.example", Agents: []string{"anna"}}},
		Agents: []desk.Agent{{ID: "anna", Name: "Anna Winter",
			Addresses: []string{"anna@team.example", "aw@team.example"}}},
		Customers: []desk.SampleCustomer{{Name: "Erika Muster", Address: "erika@customers.example"}}}
}

func testFolder(t *testing.T) *Folder {
	t.Helper()
	f, err := OpenFolder(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

// smtpWorld is a server over a real socket, and what it kept.
type smtpWorld struct {
	address string
	folder  *Folder
	bounds  *boundedListener
	server  *smtp.Server

	mu   sync.Mutex
	kept []Envelope
	fail error
}

func startSMTP(t *testing.T, bounds ...func(*boundedListener)) *smtpWorld {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w := &smtpWorld{address: l.Addr().String(), folder: testFolder(t)}
	w.server, w.bounds = newServer(&receiver{folder: w.folder, settings: testSettings(), host: "shop.example",
		password: "open-sesame", now: time.Now, random: rand.Reader, log: quiet,
		keep: func(file *os.File, e Envelope) error {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.kept = append(w.kept, e)
			return errors.Join(w.folder.place(file, name{"blobs", e.Raw}), w.fail)
		}}, l)
	for _, set := range bounds {
		set(w.bounds)
	}
	go func() { _ = w.server.Serve(w.bounds) }() // ends with Close
	t.Cleanup(func() { w.server.Close() })
	return w
}

// mail reads the n-th mail that was kept.
func (w *smtpWorld) mail(t *testing.T, n int) (Envelope, string) {
	t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.kept) <= n {
		t.Fatalf("%d mails were kept", len(w.kept))
	}
	raw, err := Blobs{w.folder}.Get(t.Context(), w.kept[n].Raw)
	if err != nil {
		t.Fatal(err)
	}
	return w.kept[n], string(raw)
}

// step is one line of a dialogue: what is sent (CRLF is added, but after a line
// that ends in "\x00"), and how every line of the answer begins. An empty
// expectation reads nothing; "closed" wants the connection to end.
type step struct{ send, expect string }

func dialogue(t *testing.T, address string, steps ...step) {
	t.Helper()
	c, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.SetDeadline(time.Now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	in := bufio.NewReader(c)
	for _, s := range steps {
		if s.send != "" {
			line, raw := strings.CutSuffix(s.send, "\x00")
			if !raw {
				line += "\r\n"
			}
			if _, err := c.Write([]byte(line)); err != nil && s.expect != "closed" {
				t.Fatalf("sending %.60q: %v", s.send, err)
			}
		}
		if s.expect == "" {
			continue
		}
		if s.expect == "closed" {
			untilClosed(in)
			return
		}
		answer, err := readAnswer(in)
		if err != nil || !strings.HasPrefix(answer, s.expect) {
			t.Fatalf("after %.60q the server says %q, %v; want %q", s.send, answer, err, s.expect)
		}
	}
}

// untilClosed reads until the server hangs up.
func untilClosed(in *bufio.Reader) {
	for {
		if _, err := readAnswer(in); err != nil {
			return
		}
	}
}

func readAnswer(in *bufio.Reader) (string, error) {
	var all strings.Builder
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return all.String(), err
		}
		all.WriteString(line)
		if len(line) < 4 || line[3] == ' ' {
			return all.String(), nil
		}
	}
}

var greeting = []step{{"", "220 shop.example"}, {"EHLO client.example", "250"}}

func talk(steps ...step) []step { return append(greeting[:2:2], steps...) }

func TestDialogues(t *testing.T) {
	long := strings.Repeat("x", 3000)
	for name, steps := range map[string][]step{
		"a mail": talk(step{"MAIL FROM:<a@b.example>", "250"}, step{"RCPT TO:<support@shop.example>", "250"},
			step{"DATA", "354"},
			step{"Subject: x", ""}, step{"", ""}, step{"\r\nhi\r\n.", "250 2.0.0 OK: queued as 20"},
			step{"QUIT", "221"}, step{"", "closed"}),
		"what it offers": {{"", "220"}, {"EHLO x",
			"250-Hello x\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-ENHANCEDSTATUSCODES\r\n250-CHUNKING\r\n250-AUTH " +
				"PLAIN\r\n250-SMTPUTF8\r\n250-SIZE 26214400\r\n250 LIMITS RCPTMAX=100"}},
		"an old client": {{"", "220"}, {"HELO x", "250"}, {"MAIL FROM:<a@b.example>", "250"}},
		"no greeting":   {{"", "220"}, {"MAIL FROM:<a@b.example>", "502"}},
		"our addresses": talk(step{"MAIL FROM:<>", "250"}, step{"RCPT TO:<HELP@shop.example>", "250"},
			step{"RCPT TO:<support+tag@Shop.Example>", "250"}, step{"RCPT TO:<anything@reply.shop.example>", "250"}),
		"the postmaster": talk(step{"MAIL FROM:<>", "250"}, step{"RCPT TO:<Postmaster@shop.example>", "250"},
			step{"RCPT TO:<postmaster@elsewhere.example>", "550 5.1.1"}),
		"others' addresses": talk(step{"MAIL FROM:<a@b.example>", "250"},
			step{"RCPT TO:<supports@shop.example>", "550 5.1.1"}, step{"RCPT TO:<a@b.example>", "550 5.1.1"},
			step{"DATA", "502"}),
		"too large, said": talk(step{"MAIL FROM:<a@b.example> SIZE=26214401", "552 5.3.4"},
			step{"MAIL FROM:<a@b.example> SIZE=26214400 BODY=8BITMIME SMTPUTF8", "250"}),
		"too large by BDAT": talk(step{"MAIL FROM:<a@b.example>", "250"},
			step{"RCPT TO:<support@shop.example>", "250"},
			step{"BDAT 26214401 LAST\r\n" + strings.Repeat("y", 26214401) + "\x00", "552 5.3.4"}, step{"NOOP", "250"}),
		"unknown commands": talk(step{"FROB", "500"}, step{"WHAT EVER", "500"}, step{"MAIL TO:<x>", "501"},
			step{"MAIL FROM:a b", "501"}, step{"VRFY x", "252"}, step{"EXPN x", "502"}),
		"garbage": talk(step{"\x16\x03\x01\x02", "50"}, step{"GET / HTTP/1.1", "50"}, step{"Host: x", "50"},
			step{"x", "50"}, step{"y", "closed"}),
		"a command too long": talk(step{"NOOP " + long, "500 5.4.0"}, step{"", "closed"}),
		"a line of mail that is long": talk(step{"MAIL FROM:<a@b.example>", "250"},
			step{"RCPT TO:<support@shop.example>", "250"}, step{"DATA", "354"},
			step{strings.Repeat(long, 500), ""}, step{".", "250"}, step{"MAIL FROM:<a@b.example>", "250"}),
		"BDAT": talk(step{"MAIL FROM:<a@b.example>", "250"}, step{"RCPT TO:<support@shop.example>", "250"},
			step{"BDAT 3000", ""}, step{long + "\x00", "250"},
			step{"bdat 4 last", ""}, step{"\r\n\r\n\x00", "250 2.0.0 OK: queued"}),
		"pipelining": talk(step{"MAIL FROM:<a@b.example>\r\nRCPT TO:<support@shop.example>\r\nRCPT " +
			"TO:<no@where.example>\r\nDATA", "250"}, step{"", ""}, step{"\x00", "250"}, step{"\x00", "550"},
			step{"\x00", "354"},
			step{"hi\r\n.\r\nQUIT", "250"}, step{"\x00", "221"}),
		"an address that breaks out": talk(step{"MAIL FROM:<\"a\rX: y\"@b.example>", "5"},
			step{"MAIL FROM:<a@b.example>", "250"}, step{"RCPT TO:<\"support\x01\"@shop.example>", "5"}),
		"too many recipients": talk(append(append([]step{{"MAIL FROM:<a@b.example>", "250"}}, manyRecipients(100)...),
			step{"RCPT TO:<support@shop.example>", "452 4.5.3"})...),
	} {
		t.Run(name, func(t *testing.T) { dialogue(t, startSMTP(t).address, steps...) })
	}
}

func manyRecipients(n int) (out []step) {
	for i := range n {
		out = append(out, step{fmt.Sprintf("RCPT TO:<support+%d@shop.example>", i), "250"})
	}
	return out
}

func data(lines string) []step {
	return talk(step{"MAIL FROM:<erika@customers.example>", "250"}, step{"RCPT TO:<support@shop.example>", "250"},
		step{"DATA", "354"}, step{lines + "\x00", "250"}, step{"QUIT", "221"})
}

func TestMailIsKeptAsItCame(t *testing.T) {
	w := startSMTP(t)
	dialogue(t, w.address, data("Subject: \xfc raw\r\n\r\n..dot\r\nbare\nlf \x00 nul\r\n.\r\n")...)
	e, raw := w.mail(t, 0)
	trace, mail, _ := strings.Cut(raw, "Subject:")
	if mail != " \xfc raw\r\n\r\n.dot\r\nbare\nlf \x00 nul\r\n" {
		t.Errorf("the mail became %q", mail)
	}
	for _, want := range []string{"Return-Path: <erika@customers.example>\r\n",
		"Received: from client.example ([127.0.0.1])\r\n\tby shop.example with ESMTP id " + e.ID +
			"\r\n\tfor <support@shop.example>;\r\n\t"} {
		if !strings.Contains(trace, want) {
			t.Errorf("the trace lines lack %q:\n%s", want, trace)
		}
	}
	if e.MailFrom != "erika@customers.example" || e.Recipients[0] != "support@shop.example" || e.Size != len(raw) ||
		e.Verdicts.Authenticated() {
		t.Errorf("%+v", e)
	}
}

func TestBrokenLineEndsStillEndTheMail(t *testing.T) {
	w := startSMTP(t)
	dialogue(t, w.address, data("Subject: x\r\r\n\r\r\nhi\r\r\n.\r\n")...)
	if _, raw := w.mail(t, 0); !strings.HasSuffix(raw, "Subject: x\r\n\r\nhi\r\n") {
		t.Errorf("%q", raw)
	}
}

func TestTooLargeMailIsRefusedAndForgotten(t *testing.T) {
	w := startSMTP(t)
	line := strings.Repeat("z", 998) + "\r\n"
	steps := talk(step{"MAIL FROM:<a@b.example>", "250"}, step{"RCPT TO:<support@shop.example>", "250"},
		step{"DATA", "354"},
		step{strings.Repeat(line, MaxMail/len(line)+5) + "\x00", ""}, step{".", "552 5.3.4"}, step{"NOOP", "250"})
	dialogue(t, w.address, steps...)
	if left, _ := filepath.Glob(w.folder.Path("tmp", "*")); len(w.kept) != 0 || len(left) != 0 {
		t.Errorf("kept %v, left %v", w.kept, left)
	}
}

// 250 is not said when the mail is not safe.
func TestDiskThatFails(t *testing.T) {
	w := startSMTP(t)
	w.fail = errors.New("input/output error")
	steps := data("hi\r\n.\r\n")
	steps[5].expect = "451 4.3.0"
	dialogue(t, w.address, steps...)
	if err := os.RemoveAll(w.folder.Path("tmp")); err != nil {
		t.Fatal(err)
	}
	dialogue(t, w.address, steps...)
}

func TestClientThatGoesAwayLeavesNothing(t *testing.T) {
	w := startSMTP(t)
	c, err := net.Dial("tcp", w.address)
	if err != nil {
		t.Fatal(err)
	}
	in := bufio.NewReader(c)
	for _, line := range []string{"", "EHLO x\r\n", "MAIL FROM:<a@b.example>\r\n", "RCPT TO:<support@shop.example>\r\n",
		"DATA\r\n"} {
		_, _ = c.Write([]byte(line)) // the answer tells
		if answer, err := readAnswer(in); err != nil {
			t.Fatal(answer, err)
		}
	}
	_, _ = c.Write([]byte("Subject: half\r\n"))
	c.Close()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if err := w.server.Shutdown(ctx); err != nil { // returns when the connection's end is seen
		t.Fatal(err)
	}
	if left, _ := filepath.Glob(w.folder.Path("tmp", "*")); len(w.kept) != 0 || len(left) != 0 {
		t.Errorf("kept %v, left %v", w.kept, left)
	}
}

func TestTooManyConnections(t *testing.T) {
	w := startSMTP(t, func(l *boundedListener) { l.most = 2 })
	var open []net.Conn
	for range 2 {
		c, err := net.Dial("tcp", w.address)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		if answer, err := readAnswer(bufio.NewReader(c)); err != nil || !strings.HasPrefix(answer, "220") {
			t.Fatal(answer, err)
		}
		open = append(open, c)
	}
	dialogue(t, w.address, step{"", "421 4.3.2"}, step{"", "closed"})
	dialogueOn(t, open[0], "QUIT\r\n")
	dialogue(t, w.address, step{"", "220"})
}

// dialogueOn says a last word and waits for the connection's end.
func dialogueOn(t *testing.T, c net.Conn, line string) {
	t.Helper()
	if _, err := c.Write([]byte(line)); err != nil {
		t.Fatal(err)
	}
	untilClosed(bufio.NewReader(c))
}

func TestIdleClientIsLeft(t *testing.T) {
	w := startSMTP(t, func(l *boundedListener) { l.idle, l.beforeMail = 50*time.Millisecond, time.Minute })
	dialogue(t, w.address, step{"", "220"}, step{"", "421 4.4.2"}, step{"", "closed"})
}

func TestVerdicts(t *testing.T) {
	trusting, strict := testSettings(), testSettings()
	strict.TrustLoopback = false
	sample := testSettings()
	trusting.Mode = desk.ModeLive
	for _, tc := range []struct {
		s    *desk.Settings
		ip   string
		want bool
	}{{trusting, "127.0.0.1", true}, {trusting, "::1", true}, {trusting, "127.8.8.8", true},
		{trusting, "192.0.2.1", false}, {strict, "127.0.0.1", false}, {sample, "127.0.0.1", false}} {
		v := Verdicts(tc.s, net.ParseIP(tc.ip))
		if v.Authenticated() != tc.want || !tc.want &&
			(v.SPF != desk.VerdictDisabled || v.DKIM != desk.VerdictDisabled) || v.Quarantine() != "" {
			t.Errorf("from %s (trust %v): %+v", tc.ip, tc.s.TrustLoopback, v)
		}
	}
}

// Whatever is sent, the server answers or hangs up, and serves the next one.
func FuzzSMTP(f *testing.F) {
	f.Add([]byte("EHLO x\r\nMAIL FROM:<a@b>\r\nRCPT TO:<support@shop.example>\r\nDATA\r\nx\r\n.\r\nQUIT\r\n"))
	f.Add([]byte("EHLO x\r\nMAIL FROM:<a@b>\r\nRCPT TO:<support@shop.example>\r\nBDAT 3\r\nabcBDAT 0 LAST\r\n"))
	f.Add([]byte("QUIT\r\nMAIL FROM:<>\r\nRCPT TO:<x>\r\nDATA\r\n"))
	f.Add([]byte("EHLO x\r\nBDAT 99999999999\r\nBDAT -1 LAST\r\nAUTH PLAIN\r\nSTARTTLS\r\n\xff\xfe"))
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		f.Fatal(err)
	}
	folder, err := OpenFolder(f.TempDir())
	if err != nil {
		f.Fatal(err)
	}
	defer folder.Close()
	server, bounds := newServer(&receiver{folder: folder, settings: testSettings(), host: "shop.example",
		password: "open-sesame", now: time.Now, random: rand.Reader, log: quiet,
		keep: func(file *os.File, _ Envelope) error { return file.Close() }}, l)
	go func() { _ = server.Serve(bounds) }() // ends with Close
	defer server.Close()
	f.Fuzz(func(t *testing.T, input []byte) {
		c, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		if err := errors.Join(c.SetDeadline(time.Now().Add(10*time.Second)),
			func() error { _, err := c.Write(input); return err }()); err != nil {
			return // hung up while we were sending
		}
		if err := c.(*net.TCPConn).CloseWrite(); err != nil {
			return
		}
		b := make([]byte, 4096)
		for {
			if _, err := c.Read(b); err != nil {
				var timeout net.Error
				if errors.As(err, &timeout) && timeout.Timeout() {
					t.Fatal("the server neither answers nor hangs up")
				}
				return
			}
		}
	})
}
