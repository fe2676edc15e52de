package functions

import (
	"fmt"
	"mime"
	"mime/quotedprintable"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// person is somebody with a mail client.
type person struct {
	Name    string `yaml:"name"`
	Address string `yaml:"address"` // what the person writes from
	Mailbox string `yaml:"mailbox"` // where mail for the person arrives; Address if empty
	Client  string `yaml:"client"`  // gmail or outlook

	id      string
	seen    []received
	written int
}

func (p *person) sees(r received, words []string) bool {
	if slices.ContainsFunc(p.seen, func(s received) bool { return s.Outbox == r.Outbox }) {
		return false
	}
	text := r.Mail.From.Name + "\n" + r.Mail.Subject + "\n" + r.Mail.Text
	for _, w := range words {
		if !strings.Contains(text, w) {
			return false
		}
	}
	p.seen = append(p.seen, r)
	return true
}

func (p *person) last(t *testing.T) received {
	t.Helper()
	if len(p.seen) == 0 {
		t.Fatalf("%s has seen no mail yet", p.id)
	}
	return p.seen[len(p.seen)-1]
}

// find gives the first mail that the person saw with these words in it, or the last one.
func (p *person) find(t *testing.T, words string) received {
	t.Helper()
	if words == "" {
		return p.last(t)
	}
	for _, r := range p.seen {
		if strings.Contains(r.Mail.Subject+"\n"+r.Mail.Text, words) {
			return r
		}
	}
	t.Fatalf("%s has seen no mail with %q", p.id, words)
	return received{}
}

var (
	referred  = regexp.MustCompile(`\{([^}]+)\}`)
	reference = regexp.MustCompile(`\[(\w{3}-\w{3})\]`)
)

// refer puts the reference of a mail's conversation in place of that mail's words
// in braces, as somebody does who copies it.
func (p *person) refer(t *testing.T, text string) string {
	t.Helper()
	return referred.ReplaceAllStringFunc(text, func(words string) string {
		subject := p.find(t, strings.Trim(words, "{}")).Mail.Subject
		m := reference.FindStringSubmatch(subject)
		if m == nil {
			t.Fatalf("%s: the subject %q has no reference", p.id, subject)
		}
		return m[1]
	})
}

// compose writes a new mail.
func (p *person) compose(to, subject, text string) []byte {
	return p.mail(to, subject, "", text)
}

// reply answers a mail as clients do: to its Reply-To, below its Message-ID as it
// arrived, with its text quoted.
func (p *person) reply(r received, text string) []byte {
	m := r.Mail
	subject := m.Subject
	if !strings.HasPrefix(subject, "Re: ") {
		subject = "Re: " + subject
	}
	refs := append(slices.Clone(m.References), m.MessageID)
	thread := "In-Reply-To: <" + m.MessageID + ">\r\nReferences: <" + strings.Join(refs, ">\r\n <") + ">\r\n"
	at := time.Date(2026, 3, 2, 10, 15, 0, 0, time.UTC)
	from := fmt.Sprintf("%s <%s>", m.From.Name, m.From.Address)
	switch p.Client {
	case "outlook":
		text += "\n\n-----Original Message-----\nFrom: " + from + "\nSent: " +
			at.Format("Monday, January 2, 2006 3:04 PM") +
			"\nTo: " + p.Name + "\nSubject: " + m.Subject + "\n\n" + m.PlainText
	default:
		text += "\n\nOn " + at.Format("Mon, Jan 2, 2006 at 3:04 PM") + " " + from + " wrote:\n\n> " +
			strings.ReplaceAll(m.PlainText, "\n", "\n> ")
	}
	return p.mail(m.ReplyTo[0].Address, subject, thread, text)
}

func (p *person) mail(to, subject, thread, text string) []byte {
	p.written++
	_, domain, _ := strings.Cut(p.Address, "@")
	var b strings.Builder
	fmt.Fprintf(&b, "From: %s <%s>\r\nTo: <%s>\r\nSubject: %s\r\nMessage-ID: <%s-%d@%s>\r\n%sDate: %s\r\n",
		p.Name, p.Address, to, mime.QEncoding.Encode("utf-8", subject), p.id, p.written, domain, thread,
		time.Now().UTC().Format(time.RFC1123Z))
	b.WriteString("MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: " +
		"quoted-printable\r\n\r\n")
	w := quotedprintable.NewWriter(&b)
	_, _ = w.Write([]byte(strings.ReplaceAll(text, "\n", "\r\n"))) // a strings.Builder takes everything
	_ = w.Close()
	b.WriteString("\r\n")
	return []byte(b.String())
}
