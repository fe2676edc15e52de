package letters_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email"
	"github.com/replywell/replywell/shared/email/automatic"
	"github.com/replywell/replywell/shared/letters"
)

// What people filter by: each kind of mail has its word, in List-ID and in a
// field of its own.
func TestEachKindOfMailCanBeFiltered(t *testing.T) {
	w := writer(t)
	for name, want := range map[string]letters.MailKind{
		"first-contact": letters.MailWaits, "reply": letters.MailWaits, "reopened": letters.MailWaits,
		"stranger": letters.MailWaits, "split": letters.MailWaits,
		"bounce": letters.MailWaits, "complaint": letters.MailWaits, "colleague-answered": letters.MailColleague,
		"joined": letters.MailColleague,
		"note":   letters.MailNote, "out-of-office": letters.MailAutomatic, "thank-you": letters.MailThanks,
	} {
		s := situations(t)[name]
		ready, err := w.Notification("0123", w.Settings.Agents[0], w.Settings.Mailboxes[0], s.conv, s.msg, s.more)
		if err != nil {
			t.Fatal(err)
		}
		m := email.Read(ready.Raw, "")
		if got := m.Header.Get("List-ID"); got != "<"+string(want)+".support.brightwater.example>" ||
			m.Header.Get("X-Replywell-Kind") != string(want) {
			t.Errorf("%s has List-ID %s and is %q", name, got, m.Header.Get("X-Replywell-Kind"))
		}
	}
}

// Every letter there is says what it is, in both fields and by a word that the documents
// name; mail to customers says nothing of the kind. What is not named here is a notice.
func TestEveryLetterSaysItsKind(t *testing.T) {
	kinds := map[string]string{"bounce": "waits", "colleague-answered": "colleague", "complaint": "waits",
		"department-replied": "note", "department-silent": "waits", "given-team": "waits", "handed-on": "waits",
		"handed-on-gone": "waits", "handed-on-ill": "waits", "untaken": "waits",
		"digest": "waits", "digest-few": "waits", "drafted": "waits", "first-contact": "waits", "given": "waits",
		"joined": "colleague", "moment-valued": "waits", "morning": "morning", "morning-lead": "morning",
		"nobody-to-answer": "waits", "note": "note", "out-of-office": "automatic", "past-answers": "waits",
		"pending": "waits", "promised-late": "waits", "quarantine": "quarantine", "reminded": "waits",
		"reminder-free": "waits", "reminder-late": "waits", "reopened": "waits", "reply": "waits", "report": "report",
		"report-reply": "report", "returned": "waits", "short-question": "waits", "split": "waits",
		"stranger": "waits", "thank-you": "thanks", "unconfirmed": "waits", "woken": "waits"}
	// Departments, and who left the team, filter by nothing of ours.
	outside := map[string]bool{"enquiry": true, "enquiry-whole": true, "department-orders": true, "former-agent": true}
	page, err := os.ReadFile("../../docs/agents.md")
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) < 70 {
		t.Fatalf("%d letters: %v", len(files), err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		head, _, _ := strings.Cut(string(data), "\n\n")
		field := func(name string) string {
			_, v, _ := strings.Cut("\n"+head, "\n"+name+": ")
			v, _, _ = strings.Cut(v, "\n")
			return v
		}
		name := strings.TrimSuffix(filepath.Base(file), ".txt")
		kind, from := field(letters.KindHeader), field("From")
		if field("To") == "" {
			continue // no letter
		}
		if strings.Contains(field("To"), "customer") || outside[name] {
			if kind != "" || field("List-ID") != "" {
				t.Errorf("%s leaves the team and says %q, %q", name, kind, field("List-ID"))
			}
			continue
		}
		want := kinds[name]
		if want == "" {
			want = "notice"
		}
		address := strings.ReplaceAll(strings.Trim(from[strings.LastIndex(from, "<")+1:], "<>"), "@", ".")
		if kind != want || field("List-ID") != "<"+want+"."+address+">" {
			t.Errorf("%s is %q, List-ID %q; want %s at %s", name, kind, field("List-ID"), want, address)
		}
		if !strings.Contains(string(page), "| `"+kind+"` |") {
			t.Errorf("%s: docs/agents.md does not name %s", name, kind)
		}
	}
}

func TestListIDsAreIdentifiers(t *testing.T) {
	for address, want := range map[string]string{
		"support@example.com":             "waits.support.example.com",
		"Help.Desk@Example.com":           "waits.help.desk.example.com",
		"help+de@example.com":             "waits.help-de.example.com",
		`"odd one"@example.com`:           "waits.-odd-one-.example.com",
		"hilfe@bücher.example":            "waits.hilfe.xn--bcher-kva.example",
		"a_very-long.local-part@a.b.c.de": "waits.a_very-long.local-part.a.b.c.de",
	} {
		if got := letters.ListID(letters.MailWaits, desk.Mailbox{Address: address}); got != want ||
			!regexp.MustCompile(`^[a-z0-9._-]+$`).MatchString(got) {
			t.Errorf("%s: %s", address, got)
		}
	}
}

// A List-ID changes nothing about what a mail is: vacation programs read
// Auto-Submitted as before, and a reply that quotes the mail is a person's.
func TestAListIDMakesNobodyARobot(t *testing.T) {
	w := writer(t)
	s := situations(t)["first-contact"]
	ready, err := w.Notification("0123", w.Settings.Agents[0], w.Settings.Mailboxes[0], s.conv, s.msg, s.more)
	if err != nil {
		t.Fatal(err)
	}
	m := email.Read(ready.Raw, "")
	if m.Header.Get("Auto-Submitted") != "auto-generated" || m.Header.Get("X-Auto-Response-Suppress") != "All" ||
		m.Header.Has("Precedence") || m.Header.Has("List-Unsubscribe") || m.Header.Has("List-Post") {
		t.Errorf("it is marked as %v", m.Header)
	}
	for _, c := range clients {
		plain, _ := c.write("Please lay the seal in again.", m)
		raw := "From: Anna <anna@team.example>\nTo: " + m.ReplyTo[0].Address + "\nSubject: Re: " + m.Subject +
			"\nMessage-ID: <1@team.example>\nIn-Reply-To: <" + m.MessageID +
			">\nContent-Type: text/plain; charset=utf-8\n\n" + plain + "\n"
		if got := email.Read([]byte(strings.ReplaceAll(raw, "\n", "\r\n")), "anna@team.example").Automatic; got.Kind !=
			automatic.Person {
			t.Errorf("%s: a reply is taken for %s", c.name, got.Kind)
		}
	}
}

// Mail to customers has no such mark: it is a person's mail.
func TestCustomersMailIsMarkedAsNoList(t *testing.T) {
	w := writer(t)
	conv := conversation(t, 1)
	answer, err := w.Answer("01", w.Settings.Mailboxes[0], conv, desk.Message{Sequence: 2, At: friday},
		letters.Answer{Agent: w.Settings.Agents[0], Text: "Yes."})
	if err != nil {
		t.Fatal(err)
	}
	ack, err := w.Acknowledgement("02", w.Settings.Mailboxes[0], conv,
		letters.Acknowledged{Answers: "m1@customer.example"})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range []letters.Ready{answer, ack} {
		if m := email.Read(r.Raw, ""); m.Header.Has("List-ID") || m.Header.Has("X-Replywell-Kind") {
			t.Errorf("%s: %v", r.Item.Kind, m.Header)
		}
	}
}
