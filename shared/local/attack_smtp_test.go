package local

import (
	"bufio"
	"math/rand/v2"
	"net"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/desk"
)

// TestAttackSMTPSmuggling (SEC Consult, 2023; CVE-2023-51764): what one program takes for the end
// of a mail and another does not is how a
// second mail is smuggled in: only CRLF.CRLF ends it here.
func TestAttackSMTPSmuggling(t *testing.T) {
	for name, end := range map[string]string{"LF.LF": "\n.\n", "LF.CRLF": "\n.\r\n", "CRLF.LF": "\r\n.\n",
		"CR.CR": "\r.\r", "CR.CRLF": "\r.\r\n", "CRLF.CR": "\r\n.\r", "NUL": "\r\n\x00.\r\n",
		"CRLF.CR.CRLF": "\r\n.\r\r\n", "CRLF.CRCR.CRLF": "\r\n.\r\r\r\n", "CRLF.CR CR": "\r\n.\r\r",
		"CRLF. CRLF": "\r\n. \r\n", "CRCR.CRLF": "\r\r.\r\n"} {
		t.Run(name, func(t *testing.T) {
			w := startSMTP(t)
			dialogue(t, w.address, data("Subject: first\r\n\r\nhi"+end+
				"MAIL FROM:<boss@shop.example>\r\nRCPT TO:<support@shop.example>\r\nDATA\r\nSubject: second\r\n\r\n"+
				"smuggled\r\n.\r\n")...)
			_, raw := w.mail(t, 0)
			if len(w.kept) != 1 || !strings.Contains(raw, "smuggled") {
				t.Errorf("%d mails; the first is %q", len(w.kept), raw)
			}
		})
	}
}

// TestAttackALoopbackThatIsNone: only a client on this machine is believed, and only
// where the document says so. What a client says of itself (HELO, a Received or
// an Authentication-Results field) is no address.
func TestAttackALoopbackThatIsNone(t *testing.T) {
	trusting := testSettings()
	trusting.Mode = desk.ModeLive
	for _, ip := range []string{"192.0.2.1", "10.0.0.1", "169.254.1.1", "0.0.0.0", "::", "::ffff:192.0.2.1",
		"2001:db8::1", "fe80::1", ""} {
		if v := Verdicts(trusting, net.ParseIP(ip)); v.Authenticated() {
			t.Errorf("a client at %q is believed", ip)
		}
	}
	strict := testSettings()
	strict.TrustLoopback = false
	w := startSMTP(t, func(*boundedListener) {})
	w.server.Backend.(*receiver).settings = strict
	lines := data("Authentication-Results: localhost; dmarc=pass\r\nReceived: from localhost ([127.0.0.1])\r\n" +
		"X-SES-Spam-Verdict: PASS\r\nFrom: anna@team.example\r\n\r\nhi\r\n.\r\n")
	dialogue(t, w.address, lines...)
	if e, _ := w.mail(t, 0); e.Verdicts.Authenticated() || e.Verdicts.DMARC != desk.VerdictDisabled {
		t.Errorf("%+v", e.Verdicts)
	}
}

// TestAttackOneClientTakesAllConnections: whoever opens connections and says nothing wants that no
// mail comes in any more. One address
// has a share of them, and a client without a mail is not waited for long; the team's own servers are.
func TestAttackOneClientTakesAllConnections(t *testing.T) {
	ours := func(ip net.IP) bool { return ip.String() == "192.0.2.25" }
	l := &boundedListener{most: 200, perAddress: 20, own: ours, open: map[*boundedConn]bool{}, from: map[string]int{}}
	admitted := func(ip string, n int) (in []*boundedConn) {
		for range n {
			if c, ok := l.admit(from{ip: net.ParseIP(ip)}); ok {
				in = append(in, c)
			}
		}
		return in
	}
	for _, tc := range []struct {
		ip        string
		ask, want int
	}{
		{"198.51.100.7", 150, 20}, {"198.51.100.8", 30, 20}, {"198.51.100.7", 1, 0},
		{"2001:db8:1:2::1", 15, 15}, {"2001:db8:1:2::2", 15, 5}, {"2001:db8:1:3::1", 5, 5},
		{"::ffff:198.51.100.8", 1, 0},
		{"127.0.0.1", 40, 40}, {"192.0.2.25", 40, 40},
	} {
		if in := admitted(tc.ip, tc.ask); len(in) != tc.want {
			t.Errorf("of %d connections from %s %d are served, want %d", tc.ask, tc.ip, len(in), tc.want)
		}
	}
	for c := range l.open { // what ends makes room
		_ = c.Close()
	}
	if in := admitted("198.51.100.7", 21); len(in) != 20 || len(l.open) != 20 {
		t.Errorf("after the end of all %d are served", len(in))
	}
	w := startSMTP(t, func(l *boundedListener) { l.beforeMail = 50 * time.Millisecond })
	dialogue(t, w.address, step{"", "220"}, step{"", "421 4.4.2"}, step{"", "closed"})
	dialogue(t, w.address, step{"", "220"}, step{"EHLO x", "250"}, step{"", "421 4.4.2"}, step{"", "closed"})
}

// from is a connection of a client at an address.
type from struct {
	net.Conn
	ip net.IP
}

func (f from) RemoteAddr() net.Addr { return &net.TCPAddr{IP: f.ip} }
func (from) Close() error           { return nil }

// TestAttackTheDiskIsFilled: whoever sends much wants that what was taken can no longer be
// processed. A reserve stays free.
func TestAttackTheDiskIsFilled(t *testing.T) {
	w := startSMTP(t)
	free := uint64(Reserve + 4<<20)
	w.server.Backend.(*receiver).free = func() uint64 { return free }
	start := talk(step{"MAIL FROM:<a@b.example>", "250"}, step{"RCPT TO:<support@shop.example>", "250"},
		step{"DATA", "354"})
	dialogue(t, w.address, append(start, step{"hi\r\n.", "250"})...)
	free = Reserve + 100 // room for its beginning, and not for all of it
	dialogue(t, w.address, append(start, step{strings.Repeat("much more\r\n", 1000) + ".", "452 4.3.1"},
		step{"NOOP", "250"})...)
	free = Reserve - 1
	dialogue(t, w.address, talk(step{"MAIL FROM:<a@b.example>", "452 4.3.1"})...)
	if len(w.kept) != 1 {
		t.Errorf("%d mails were kept", len(w.kept))
	}
	left, err := os.ReadDir(w.folder.Path("tmp"))
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

// TestAttackAnswersThatEcho: whoever has a browser, or a log, read our answers wants to write something into them.
func TestAttackAnswersThatEcho(t *testing.T) {
	w := startSMTP(t)
	for _, line := range []string{"EHLO <script>alert(1)</script>", "HELO a\rX-Injected: y", "EHLO \x1b[2J",
		"EHLO \xc3\xa9\xff", "<b>x</b> y", "\x1bABC d", "MAIL FROM:<a@b.example> <img\x07=1"} {
		c, err := net.Dial("tcp", w.address)
		if err != nil {
			t.Fatal(err)
		}
		in := bufio.NewReader(c)
		if _, err := readAnswer(in); err != nil {
			t.Fatal(err)
		}
		if _, err := c.Write([]byte(line + "\r\n")); err != nil {
			t.Fatal(err)
		}
		answer, err := readAnswer(in)
		if err != nil {
			t.Fatal(err)
		}
		if strings.ContainsFunc(strings.NewReplacer("\r\n", "").Replace(answer),
			func(r rune) bool { return r < ' ' || r >= 0x7f || r == '<' || r == '>' }) {
			t.Errorf("to %q it says %q", line, answer)
		}
		c.Close()
	}
}

// TestAttackToldByNobody: whoever says by XCLIENT or XFORWARD whose server a mail comes from wants
// to pass SPF as them. Only the servers
// that the settings name are listened to, and of one mail at a time.
func TestAttackToldByNobody(t *testing.T) {
	tell := "XFORWARD ADDR=198.51.100.7 HELO=out.team.example"
	mail := []step{{"MAIL FROM:<anna@team.example>", "250"}, {"RCPT TO:<support@shop.example>", "250"}, {"DATA", "354"},
		{"hi\r\n.", "250"}}
	w := startSMTP(t)
	dialogue(t, w.address, talk(append([]step{{tell, "500"}, {"XCLIENT ADDR=198.51.100.7", "500"}}, mail...)...)...)
	if e, _ := w.mail(t, 0); e.Client != "" {
		t.Errorf("a stranger is believed to speak for %s", e.Client)
	}
	own := startSMTP(t, func(l *boundedListener) { l.own = func(net.IP) bool { return true } })
	dialogue(t, own.address, talk(slices.Concat([]step{{tell, "250"}}, mail, mail,
		[]step{{"XFORWARD ADDR=[UNAVAILABLE]", "250"}}, mail,
		[]step{{"XCLIENT ADDR=IPV6:2001:db8::7 HELO=[UNAVAILABLE]", "220"}, {"EHLO again", "250"}}, mail,
		[]step{{"XFORWARD ADDR", "501"}})...)...)
	for n, want := range []string{"198.51.100.7", "", "", "2001:db8::7"} {
		if e, _ := own.mail(t, n); e.Client != want {
			t.Errorf("mail %d comes from %q, want %q", n, e.Client, want)
		}
	}
	piped := startSMTP(t, func(l *boundedListener) { l.own = func(net.IP) bool { return true } }) // as Postfix does
	dialogue(t, piped.address, talk(step{tell + "\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<support@shop.example>\r\nDATA",
		"250 2.0.0 OK"}, step{"\x00", "250"}, step{"\x00", "250"}, step{"\x00", "354"},
		step{"hi\r\n.\r\nQUIT", "250"}, step{"\x00", "221"})...)
	if e, _ := piped.mail(t, 0); e.Client != "198.51.100.7" || e.ClientHelo != "out.team.example" {
		t.Errorf("%+v", e)
	}
}

// TestAttackSMTPSmugglingByChance sends what could be taken for an end in all ways, in one
// connection: each mail ends where it must and nowhere else.
func TestAttackSMTPSmugglingByChance(t *testing.T) {
	w := startSMTP(t)
	c, err := net.Dial("tcp", w.address)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	in, chance := bufio.NewReader(c), rand.New(rand.NewPCG(1, 2))
	say := func(line, want string) {
		t.Helper()
		if line != "" {
			if _, err := c.Write([]byte(line)); err != nil {
				t.Fatal(err)
			}
		}
		if answer, err := readAnswer(in); err != nil || !strings.HasPrefix(answer, want) {
			t.Fatalf("after %q it says %q, %v", line, answer, err)
		}
	}
	_ = c.SetDeadline(time.Now().Add(time.Minute)) // a mail that does not end would wait for ever
	say("", "220")
	say("EHLO x\r\n", "250")
	for n := range 400 {
		var mail []byte
		for range chance.IntN(14) {
			mail = append(mail, ".\r\n\r.a\n\x00"[chance.IntN(8)])
		}
		if strings.Contains("\r\n"+string(mail), "\r\n.\r\n") {
			continue
		}
		text := string(mail) + "\r\n.\r\n"
		if i := strings.Index("\r\n"+text, "\r\n.\r\n"); i != len(text)-3 {
			continue // it ends earlier, together with what follows
		}
		say("MAIL FROM:<a@b.example>\r\n", "250")
		say("RCPT TO:<support@shop.example>\r\n", "250")
		if n%2 == 0 { // all at once
			say("DATA\r\n"+text+"NOOP\r\n", "354")
		} else {
			say("DATA\r\n", "354")
			if _, err := c.Write([]byte(text + "NOOP\r\n")); err != nil {
				t.Fatal(err)
			}
		}
		say("", "250 2.0.0 OK: queued")
		say("", "250 2.0.0 I have")
	}
}
