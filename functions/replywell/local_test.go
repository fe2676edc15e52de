package main

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/email"
	"github.com/replywell/replywell/shared/email/automatic"
)

const soon = time.Minute // a machine with other work; one that has none takes a second

func subjectHas(s string) func(*email.Mail) bool {
	return func(m *email.Mail) bool { return strings.Contains(m.Subject, s) }
}

func textHas(s string) func(*email.Mail) bool {
	return func(m *email.Mail) bool { return strings.Contains(m.Text, s) }
}

// A customer writes, agents are told, one answers, the customer answers again;
// the process is stopped and started in between.
func TestWholePathOverRestarts(t *testing.T) {
	data := t.TempDir()
	p := startLocal(t, data)
	p.mail("erika@customers.example", "support@lantern.example",
		"From: Erika Muster <erika@customers.example>\nTo: support@lantern.example\n"+
			"Subject: My lamp flickers\nMessage-ID: <first@customers.example>\n\nHello, it flickers since Monday.\n")
	told := arrival(t, data, "anna@team.lantern.example", soon, subjectHas("My lamp flickers"))
	arrival(t, data, "ben@team.lantern.example", soon, subjectHas("My lamp flickers"))
	if told.From.Address != "support@lantern.example" || !strings.Contains(told.From.Name, "Erika Muster") ||
		!strings.Contains(told.Text, "it flickers since Monday") {
		t.Errorf("the agent is told by %v: %s", told.From, told.Text)
	}
	if said := p.stop(); !strings.Contains(said, "Stopping") ||
		strings.Index(said, "Stopped.") < strings.Index(said, "Stopping") {
		t.Errorf("at its end it says\n%s", said)
	}

	p = startLocal(t, data)
	answer := "From: Anna Winter <anna@team.lantern.example>\nTo: " + told.ReplyTo[0].Address + "\nSubject: Re: " +
		told.Subject + "\nMessage-ID: <answer@team.lantern.example>\n" +
		"In-Reply-To: <" + told.MessageID + ">\n\nTry another bulb, please.\n\nOn Monday, Erika wrote:\n> " +
		strings.ReplaceAll(told.PlainText, "\n", "\n> ") + "\n"
	p.mail("anna@team.lantern.example", told.ReplyTo[0].Address, answer)
	got := arrival(t, data, "erika@customers.example", soon, textHas("Try another bulb"))
	if len(got.InReplyTo) != 1 || got.InReplyTo[0] != "first@customers.example" ||
		got.Subject != "Re: My lamp flickers" || got.From.Address != "support@lantern.example" {
		t.Errorf("the answer is %q to %v from %v", got.Subject, got.InReplyTo, got.From)
	}
	for _, inside := range []string{"#close", "sender confirmed", "anna@team", "Reply above", told.ReplyTo[0].Address} {
		if strings.Contains(got.Text+got.HTML, inside) {
			t.Errorf("the answer shows %q:\n%s", inside, got.Text)
		}
	}

	p.stop()
	p = startLocal(t, data)
	p.mail("erika@customers.example", "support@lantern.example",
		"From: erika@customers.example\nTo: support@lantern.example\nSubject: AW: My lamp flickers\n"+
			"Message-ID: <second@customers.example>\nIn-Reply-To: <"+got.MessageID+">\n\nIt flickers still.\n")
	again := arrival(t, data, "anna@team.lantern.example", soon, textHas("It flickers still"))
	if again.Subject != told.Subject || again.References[0] != told.References[0] {
		t.Errorf("the second mail is %q %v, the first was %q %v", again.Subject, again.References, told.Subject,
			told.References)
	}

	// Nobody is believed to be an agent because a program on this machine says so.
	if said, err := submit(p.smtp, "anna@team.lantern.example", told.ReplyTo[0].Address,
		[]byte("From: Anna Winter <anna@team.lantern.example>\nSubject: Re: "+told.Subject+
			"\nMessage-ID: <unproven@team.lantern.example>\n\nPay here instead.\n")); err != nil ||
		!strings.HasPrefix(said, "250") {
		t.Fatal(said, err)
	}
	arrival(t, data, "anna@team.lantern.example", soon, func(m *email.Mail) bool {
		return m.Automatic.Kind != automatic.Person && strings.Contains(m.Text, "Pay here instead")
	})

	// Somebody else who got hold of the agent's address reaches nobody.
	p.mail("eve@elsewhere.example", told.ReplyTo[0].Address,
		"From: eve@elsewhere.example\nSubject: Re: x\nMessage-ID: <eve@elsewhere.example>\n\nPay here instead.\n")
	arrival(t, data, "anna@team.lantern.example", soon, func(m *email.Mail) bool {
		return m.Automatic.Kind != automatic.Person && strings.Contains(m.Text, "held")
	})
	for _, m := range inbox(t, data, "erika@customers.example") {
		if strings.Contains(m.Text, "Pay here") {
			t.Error("a stranger's mail reached the customer")
		}
	}
}

func TestProvokedTroubleIsToldToWhoWrote(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	p := startLocal(t, data)
	for _, who := range []string{"bounce", "complaint", "refused", "ooo", "slow"} {
		from := who + "@customers.example"
		p.mail(from, "support@lantern.example", "From: "+from+"\nTo: support@lantern.example\nSubject: Concern of "+who+
			"\nMessage-ID: <"+who+"@customers.example>\n\nHello.\n")
		told := arrival(t, data, "ben@team.lantern.example", time.Minute, subjectHas("Concern of "+who))
		p.mail("ben@team.lantern.example", told.ReplyTo[0].Address, "From: ben@team.lantern.example\nSubject: Re: "+
			told.Subject+"\nMessage-ID: <re-"+who+"@team.lantern.example>\n\nHere is your answer.\n")
	}
	for who, says := range map[string]string{"bounce": "did not arrive", "refused": "did not arrive",
		"complaint": "spam", "ooo": "out of office"} {
		arrival(t, data, "ben@team.lantern.example", time.Minute, func(m *email.Mail) bool {
			return strings.Contains(m.Subject, "Concern of "+who) && strings.Contains(strings.ToLower(m.Text), says)
		})
	}
	arrival(t, data, "slow@customers.example", time.Minute, textHas("Here is your answer"))
	for _, who := range []string{"bounce", "refused"} {
		if n := len(inbox(t, data, who+"@customers.example")); n != 0 {
			t.Errorf("%s@ has %d mails", who, n)
		}
	}
}

func TestStartsThatCannotBe(t *testing.T) {
	data := t.TempDir()
	p := startLocal(t, data)
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	port := taken.Addr().String()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, []byte("version: 1\nmode: lvie\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	live := filepath.Join(t.TempDir(), "live.yaml")
	if err := os.WriteFile(live, []byte("version: 1\nmode: live\nmailboxes: [{id: a, name: A, address: "+
		"a@x.example}]\nagents: [{id: b, name: B, addresses: b@x.example}]\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct {
		args []string
		says []string
	}{
		"a folder in use, ports in use": {[]string{"--data", data, "--smtp", port, "--http", port},
			[]string{"is in use by another replywell (process " + fmt.Sprint(p.cmd.Process.Pid) + ")",
				"SMTP cannot listen on", "the page cannot listen on", "--http"}},
		"a folder that is a file": {[]string{"--data", file, "--smtp", "127.0.0.1:0"},
			[]string{"not a directory", "--data"}},
		"a bad configuration": {[]string{"--config", file, "--data", t.TempDir(), "--smtp", "127.0.0.1:0",
			"--http", "127.0.0.1:0"}, []string{"line 2", "lvie", "mailboxes"}},
		"everything wrong at once": {[]string{"--config", file, "--data", file, "--smtp", "banana", "--http", port,
			"--relay", "ftp://x"}, []string{"lvie", "not a directory", "banana", "the page cannot listen on",
			"ftp://x"}},
		"no configuration": {[]string{"--config", file + ".none", "--data", t.TempDir(), "--smtp",
			"127.0.0.1:0", "--http", "127.0.0.1:0"}, []string{"cannot be read", "no such file"}},
		"live without a way out": {[]string{"--config", live, "--data", data, "--smtp", "127.0.0.1:0"},
			[]string{"mode: live", "--relay smtp://", "is in use by another"}},
		"a relay that is no URL": {[]string{"--data", t.TempDir(), "--smtp", "127.0.0.1:0", "--http", "127.0.0.1:0",
			"--relay", "mail.example"}, []string{"--relay", "smtp://host:25"}},
		"a flag that is not known": {[]string{"--prot", "1", "--smpt=x", "--tada"},
			[]string{"unknown flag --prot", "unknown flag --smpt", "unknown flag --tada"}},
		"a port that is no address": {[]string{"--smtp", "banana", "--data", t.TempDir(), "--http", "127.0.0.1:0"},
			[]string{"banana", "--smtp"}},
	} {
		t.Run(name, func(t *testing.T) {
			out, err := exec.Command(program(t), append([]string{"local"}, tc.args...)...).CombinedOutput()
			if err == nil {
				t.Error("it ended as if all were well")
			}
			for _, s := range tc.says {
				if !strings.Contains(string(out), s) {
					t.Errorf("it does not say %q:\n%s", s, out)
				}
			}
		})
	}
}

func TestTryCommandWorksAsPrinted(t *testing.T) {
	data := t.TempDir()
	p := startLocal(t, data)
	if first, _, _ := strings.Cut(p.out.String(), "\n"); first != whatItIs {
		t.Errorf("the first line does not say what it is: %s", first)
	}
	_, after, found := strings.Cut(p.out.String(), "  printf ")
	line, _, _ := strings.Cut(after, "\n\n")
	if !found {
		t.Fatalf("no command is printed:\n%s", p.out)
	}
	if out, err := exec.Command("sh", "-c", "printf "+line).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	arrival(t, data, "anna@team.lantern.example", soon, subjectHas("My lamp flickers"))
}
