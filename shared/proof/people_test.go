package proof_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/replywell/replywell/shared/bench"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/inbound"
)

// The people of the sample settings.
const (
	support = "support@lantern.example"
	help    = "help@lantern.example"
	erika   = "erika@customers.example"
	joao    = "joao@customers.example"
	anna    = "anna@team.lantern.example"
	ben     = "ben@team.lantern.example"
)

// letter is a mail that somebody writes to us.
type letter struct {
	from, path, to string
	tos            []string
	subject        string
	id             string
	answers        string // In-Reply-To
	references     []string
	headers        string // lines that end in "\n"
	body           string
	verdicts       *desk.Verdicts
	marker         string // what tells this mail from every other
	whole          string // the mail as it is, instead of all the above
}

func (l letter) raw() string {
	if l.whole != "" {
		return l.whole
	}
	var b strings.Builder
	if l.from != "" {
		b.WriteString("From: " + l.from + "\r\n")
	}
	fmt.Fprintf(&b, "To: %s\r\nSubject: %s\r\nDate: %s\r\n", l.to, l.subject, time.Now().Format(time.RFC1123Z))
	if l.id != "" {
		fmt.Fprintf(&b, "Message-ID: <%s>\r\n", l.id)
	}
	if l.answers != "" {
		fmt.Fprintf(&b, "In-Reply-To: <%s>\r\n", l.answers)
		l.references = append(slices.Clone(l.references), l.answers)
	}
	if len(l.references) > 0 {
		fmt.Fprintf(&b, "References: <%s>\r\n", strings.Join(l.references, ">\r\n <"))
	}
	b.WriteString(strings.ReplaceAll(l.headers, "\n", "\r\n"))
	if !strings.Contains(strings.ToLower(l.headers), "content-type") {
		b.WriteString("Content-Type: text/plain; charset=utf-8\r\n")
	}
	return b.String() + "\r\n" + strings.ReplaceAll(l.body, "\n", "\r\n") + "\r\n"
}

// delivery is the mail as the receiving service hands it over, kept first.
func (o *office) delivery(l letter) inbound.Delivery {
	id := fmt.Sprintf("mail-%d", len(o.arrived)+1)
	raw := []byte(l.raw())
	_ = o.blobs.Put(context.Background(), "mail/"+id, raw) // it cannot fail
	d := inbound.Delivery{ID: id, Raw: "mail/" + id, MailFrom: l.path, Recipients: l.tos, ReceivedAt: time.Now(),
		Verdicts: bench.Trusted, Size: len(raw)}
	if d.MailFrom == "" {
		d.MailFrom = address(l.from)
	}
	if d.Recipients == nil {
		d.Recipients = []string{l.to}
	}
	if l.verdicts != nil {
		d.Verdicts = *l.verdicts
	}
	o.arrived = append(o.arrived, d)
	o.markers[d.ID] = l.marker
	return d
}

// arrive puts a mail into the queue of what came.
func (o *office) arrive(l letter) inbound.Delivery {
	d := o.delivery(l)
	o.queue.Lock()
	defer o.queue.Unlock()
	o.queue.mail = append(o.queue.mail, d)
	return d
}

func address(from string) string {
	if i := strings.IndexByte(from, '<'); i >= 0 {
		return strings.Trim(from[i:], "<>")
	}
	return from
}

// answerTo begins an answer to a mail of ours, as a mail client does.
func answerTo(from string, m taken, text string) letter {
	l := letter{from: from, to: m.read.From.Address, subject: "Re: " + m.read.Subject, answers: m.messageID(),
		references: m.read.References}
	if len(m.read.ReplyTo) > 0 {
		l.to = m.read.ReplyTo[0].Address
	}
	var quoted strings.Builder
	for _, line := range strings.Split(m.read.PlainText, "\n") {
		quoted.WriteString("> " + strings.TrimRight(line, "\r") + "\n")
	}
	l.body = text + "\n\nOn Mon, 2 Mar 2026 at 09:01, Lantern Shop Support <" + support + "> wrote:\n\n" +
		quoted.String()
	return l
}
