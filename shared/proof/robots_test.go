package proof_test

import (
	"fmt"
	"strings"
	"time"

	"pgregory.net/rapid"

	"github.com/replywell/replywell/shared/bench"
	"github.com/replywell/replywell/shared/desk"
)

// robot is a program in a mailbox that answers mail. Each field is one of the
// ways in which such programs differ; every combination is possible.
type robot struct {
	at      string // the mailbox, or "@domain" for all of a domain
	kind    string // answers, bounces, resends
	headers string // what it says of itself, if anything
	to      []string
	path    string // its envelope sender: "", its own; "<>"
	id      string // of its mails: fresh, the same, ours, none
	threads string // what it names: the mail, all, none
	subject string // echo, fixed, fresh
	from    string // own, tagged, changing, another's
	text    string // fixed, echo, quotes
	when    string // always, once, daily, twice
	delay   time.Duration
	verdict desk.Verdicts

	n    int
	told map[string]time.Time
}

// oneOf draws one of the words.
func oneOf(t *rapid.T, label string, words ...string) string {
	return words[pick(t, len(words), label)]
}

func drawRobot(t *rapid.T, at string) *robot {
	r := &robot{at: at, told: map[string]time.Time{}, verdict: bench.Trusted}
	r.kind = oneOf(t, "kind", "answers", "answers", "answers", "bounces", "resends")
	r.headers = oneOf(t, "headers", "", "", "Auto-Submitted: auto-replied\n", "Precedence: bulk\n",
		"X-Autoreply: yes\nX-Autorespond: yes\n",
		"Auto-Submitted: no\n", "List-Id: <list.robots.example>\nPrecedence: list\n", "X-Auto-Response-Suppress: All\n")
	r.to = [][]string{{"reply-to"}, {"from"}, {"path"}, {"reply-to", "from"},
		{"reply-to", "from", "path"}}[pick(t, 5, "to")]
	r.path = oneOf(t, "envelope sender", "", "<>")
	r.id = oneOf(t, "id", "fresh", "fresh", "the same", "ours", "none")
	r.threads = oneOf(t, "threads", "the mail", "all", "none")
	r.subject = oneOf(t, "subject", "echo", "echo", "fixed", "fresh", "out of office")
	r.from = oneOf(t, "from", "own", "own", "own", "tagged", "changing", "another's")
	r.text = oneOf(t, "text", "fixed", "echo", "quotes")
	r.when = oneOf(t, "when", "always", "always", "twice", "daily", "once")
	r.delay = []time.Duration{0, 0, 7 * time.Minute, 5 * time.Hour, 49 * time.Hour}[pick(t, 5, "delay")]
	if pick(t, 4, "verdict") == 3 {
		r.verdict = bench.Forged
	}
	return r
}

func (r *robot) String() string {
	return fmt.Sprintf("%s %s to %v, headers %q, path %q, id %s, threads %s, subject %s, from %s, text %s, %s, after "+
		"%v, DMARC %s",
		r.at, r.kind, r.to, r.headers, r.path, r.id, r.threads, r.subject, r.from, r.text, r.when, r.delay,
		r.verdict.DMARC)
}

// lives reports whether the robot reads mail to the address.
func (r *robot) lives(address string) bool {
	return address == r.at || strings.HasPrefix(r.at, "@") && strings.HasSuffix(address, r.at)
}

// answers gives what the robot writes about a mail that came to it.
func (r *robot) answers(m taken, to string) (out []letter) {
	switch last, before := r.told[m.read.From.Address]; {
	case r.when == "once" && before, r.when == "daily" && before && m.at.Sub(last) < 24*time.Hour:
		return nil
	}
	r.told[m.read.From.Address] = m.at
	r.n++
	var l letter
	switch r.kind {
	case "bounces":
		l = r.bounce(m, to)
	case "resends":
		l = letter{from: r.own(to), whole: "List-Id: <list.robots.example>\r\nSender: list-bounces@robots.example\r\n" +
			string(m.Raw), path: "list-bounces@robots.example"}
	default:
		l = r.letter(m, to)
	}
	l.verdicts = &r.verdict
	for _, where := range r.to {
		l.to = m.read.From.Address
		switch {
		case where == "path":
			l.to = m.From
		case where == "reply-to" && len(m.read.ReplyTo) > 0:
			l.to = m.read.ReplyTo[0].Address
		}
		if l.to == "" || l.to == "<>" {
			continue
		}
		out = append(out, l)
		if r.when == "twice" {
			out = append(out, l)
		}
	}
	return out
}

func (r *robot) own(to string) string {
	user, domain, _ := strings.Cut(to, "@")
	switch r.from {
	case "tagged":
		return fmt.Sprintf("%s+%d@%s", user, r.n, domain)
	case "changing":
		return fmt.Sprintf("%s%d@%s", user, r.n, domain)
	case "another's":
		return joao
	}
	return to
}

func (r *robot) letter(m taken, to string) letter {
	l := letter{from: r.own(to), path: r.path, headers: r.headers}
	switch r.id {
	case "fresh":
		l.id = fmt.Sprintf("robot-%d@%s", r.n, strings.ReplaceAll(to, "@", "."))
	case "the same":
		l.id = "robot@" + strings.ReplaceAll(to, "@", ".")
	case "ours":
		l.id = m.messageID()
	}
	switch r.threads {
	case "all":
		l.answers, l.references = m.messageID(), m.read.References
	case "the mail":
		l.answers = m.messageID()
	}
	switch r.subject {
	case "echo":
		l.subject = "Re: " + m.read.Subject
	case "fixed":
		l.subject = "Thank you for your message"
	case "fresh":
		l.subject = fmt.Sprintf("Case %d was opened", r.n)
	default:
		l.subject = "Out of office: " + m.read.Subject
	}
	switch r.text {
	case "fixed":
		l.body = "I am travelling and read no mail until the first of April; I shall answer then."
	case "echo":
		l.body = fmt.Sprintf("We got your mail number %d, and it is about this: %s", r.n, m.read.Subject)
	default:
		l.body = answerTo(to, m, fmt.Sprintf("Your message %d has been received.", r.n)).body
	}
	return l
}

// bounce is a delivery report (RFC 3464) about a mail of ours.
func (r *robot) bounce(m taken, to string) letter {
	head, _, _ := strings.Cut(string(m.Raw), "\r\n\r\n")
	l := letter{from: "Mail Delivery System <mailer-daemon@" + to[strings.IndexByte(to, '@')+1:] + ">", path: r.path,
		subject: "Undelivered Mail Returned to Sender",
		headers: "MIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n" +
			r.headers,
		body: "--b\nContent-Type: text/plain\n\nI could not deliver your mail.\n\n--b\nContent-Type: " +
			"message/delivery-status\n\n" +
			"Reporting-MTA: dns; mx.example\n\nFinal-Recipient: rfc822; " + to + "\nAction: failed\nStatus: 5.1.1\n\n" +
			"--b\nContent-Type: message/rfc822\n\n" + strings.ReplaceAll(head, "\r\n", "\n") + "\n\n--b--\n"}
	if r.id != "none" {
		l.id = fmt.Sprintf("bounce-%d@mx.example", r.n)
	}
	return l
}
