package automatic_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/replywell/replywell/shared/email/automatic"
	"github.com/replywell/replywell/shared/email/message"
)

// words that robots use, and people too when they write about robots.
var tempting = []string{"out of office", "Automatic reply", "Undelivered Mail Returned to Sender",
	"550 5.1.1 User unknown", "mailer-daemon@mx.example", "verification code 482913",
	"Abwesenheitsnotiz", "I am on vacation", "List-Id: <x.example>", "Auto-Submitted: auto-replied", "Precedence: bulk",
	"this is an automated message", "unsubscribe", "The following address(es) failed:",
	"<karl@firma.example>:", "Final-Recipient: rfc822; karl@firma.example", "Action: failed", "Status: 5.1.1",
	"Delivery has failed to these recipients", "your message", "noreply@shop.example", "confirm your email",
	"was read on", "METHOD:REPLY",
	"hello", "my order", "does not work", "please help", "Erika", "https://shop.example/x?1", "\n", "\n\n", "> ", "-- "}

// A person's mail stays a person's whatever words stand in its text, unless it
// says that it is automatic and that its writer is away, and nothing else.
func TestTextAloneMakesNoRobot(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(rapid.SampledFrom(tempting), 0, 30).Draw(t, "text"), " ")
		subject := rapid.SampledFrom([]string{"Order 4711", "Re: Order 4711", "Question", "", "AW: Rechnung",
			"Where is my parcel?", "WG: Unzustellbar: Bestellung", "Fwd: Undelivered Mail Returned to Sender",
			"Re: Out of Office: Offer", "RE: Automatic reply: x", "SV: Autosvar: x"}).Draw(t, "subject")
		m := message.Parse([]byte("From: Erika Muster <erika@mail.example>\r\nTo: support@shop.example\r\nSubject: " +
			subject + "\r\nMessage-ID: <1@mail.example>\r\nIn-Reply-To: <q@shop.example>\r\nContent-Type: " +
			"text/plain; charset=utf-8\r\n\r\n" + text))
		note := (strings.Contains(text, "this is an automated message") || strings.Contains(text, "Automatic reply")) &&
			(strings.Contains(text, "out of office") || strings.Contains(text, "I am on vacation"))
		if j := automatic.Judge(m, "erika@mail.example"); j.Automatic() && !(note && j.Rule == "text:absence") {
			t.Fatalf("a person's mail is taken for %s by %s", j.Kind, j.Rule)
		}
	})
}

// A delivery report stays one, with its recipients, whatever is returned in it.
func TestReportsNameTheirRecipients(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		local := rapid.StringMatching(`[a-z][a-z0-9]{0,10}([.+_-][a-z0-9]{1,8})?`).Draw(t, "local")
		address := local + "@" + rapid.StringMatching(`[a-z][a-z0-9]{1,9}(-[a-z0-9]{1,5})?\.example`).Draw(t, "domain")
		status := rapid.SampledFrom([]string{"5.1.1", "5.2.2", "4.4.1", "5.7.26", "5.1.10"}).Draw(t, "status")
		line := rapid.SampledFrom([]string{"<%>: host mx said: 550 # no", "  %\n    550 # no", "* %\n\n550 # no",
			"<%>\n    (reason: 550 # no)", "To: %\n550 # no", "%<mailto:%>\nRemote Server returned '550 # no'",
			"%: 550 # no"}).Draw(t, "form")
		if status[0] == '4' {
			line = strings.ReplaceAll(line, "550", "450")
		}
		text := strings.NewReplacer("%", address, "#", status).Replace(line)
		raw := "From: MAILER-DAEMON@mx.example\nTo: support@shop.example\nSubject: Mail delivery failed\n\nYour " +
			"message could not be delivered.\n\n" + text + "\n"
		j := automatic.Judge(message.Parse([]byte(strings.ReplaceAll(raw, "\n", "\r\n"))), "<>")
		if j.Kind != automatic.Bounce || len(j.Recipients) != 1 {
			t.Fatalf("%s, recipients %+v of\n%s", j.Kind, j.Recipients, text)
		}
		r := j.Recipients[0]
		if r.Address != address || r.Status != status || r.Permanent != (status[0] == '5') || r.Reason == "" {
			t.Fatalf("%+v, want %s %s, of\n%s", r, address, status, text)
		}
	})
}

func FuzzJudge(f *testing.F) {
	files, _ := filepath.Glob("testdata/*/*.eml")
	for _, file := range files {
		if raw, err := os.ReadFile(file); err == nil {
			f.Add(raw, "")
		}
	}
	f.Add([]byte("\r\n\r\n550 5.1.1 <a@b>"), "<>")
	for l := range strings.Lines(answersTable) {
		if c := strings.SplitN(l, " | ", 3); len(c) == 3 {
			f.Add([]byte("From: Ann Lee <a@b.example>\nIn-Reply-To: <x@y.example>\nSubject: "+c[1]+"\n\n"+
				strings.ReplaceAll(c[2], " / ", "\n")), "")
		}
	}
	f.Fuzz(func(t *testing.T, raw []byte, path string) {
		j := automatic.Judge(message.Parse(raw), path)
		if j.Automatic() == (j.Rule == "") {
			t.Fatalf("kind %q without a rule, or a rule %q without a kind", j.Kind, j.Rule)
		}
		for _, r := range j.Recipients {
			if !strings.Contains(r.Address, "@") && r.Address != "" && j.Rule != "sns:bounce" &&
				!strings.HasPrefix(j.Rule, "sns:") {
				t.Fatalf("recipient %q is no address", r.Address)
			}
			if r.Permanent && j.Kind == automatic.Bounce && !strings.HasPrefix(r.Status, "5") {
				t.Fatalf("permanent with status %q", r.Status)
			}
		}
	})
}

func BenchmarkJudgePerson(b *testing.B) {
	benchmark(b, "testdata/person/exchange-ordinary.eml", 20<<10)
}
func BenchmarkJudgeBounce(b *testing.B) { benchmark(b, "testdata/bounce/exim.eml", 0) }

// A long report: the time must grow no faster than the text.
func BenchmarkJudgeLongReport(b *testing.B) { benchmark(b, "testdata/bounce/yahoo.eml", 1<<20) }

func benchmark(b *testing.B, file string, pad int) {
	raw, err := os.ReadFile(file)
	if err != nil {
		b.Fatal(err)
	}
	for len(raw) < pad {
		raw = append(raw, "\nkarl@firma.example said that the order of last week did not come, and what now?"...)
	}
	m := message.Parse(raw)
	b.SetBytes(int64(len(raw)))
	b.ReportAllocs()
	for b.Loop() {
		automatic.Judge(m, "")
	}
}

// What a stranger sends takes time in proportion to its size, however it is made.
func BenchmarkJudgeHostile(b *testing.B) {
	for name, raw := range map[string]string{
		"recipients": "From: MAILER-DAEMON@mx.example\nSubject: Undelivered Mail\n\n" +
			strings.Repeat("<a@b.example>:\n", 70000),
		"diagnostics": "From: MAILER-DAEMON@mx.example\nSubject: Undelivered Mail\n\nFinal-Recipient: rfc822; " +
			"a@b.example\n" + strings.Repeat("Diagnostic-Code: x\n", 50000),
		"headers": "From: MAILER-DAEMON@mx.example\nSubject: Undelivered Mail\n\n" +
			strings.Repeat("Received: x\nMessage\n", 50000),
		"addresses": "From: MAILER-DAEMON@mx.example\nSubject: Undelivered Mail\n\n" + strings.Repeat("a@", 500000),
	} {
		b.Run(name, func(b *testing.B) {
			m := message.Parse([]byte(raw))
			b.SetBytes(int64(len(raw)))
			for b.Loop() {
				automatic.Judge(m, "<>")
			}
		})
	}
}
