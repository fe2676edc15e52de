package identify

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email"
	"github.com/replywell/replywell/shared/email/automatic"
	"github.com/replywell/replywell/shared/email/intent"
	"github.com/replywell/replywell/shared/email/page"
	"github.com/replywell/replywell/shared/email/smime"
	"github.com/replywell/replywell/shared/store"
)

// Begin is the beginning of a delivery's record, of which nothing is known but
// the envelope.
func Begin(d Delivery, now time.Time) desk.Inbound {
	in := desk.Inbound{ID: d.ID, Raw: d.Raw, MailFrom: Clip(d.MailFrom, maxPath), ReceivedAt: d.ReceivedAt,
		Verdicts: d.Verdicts, Size: d.Size, Recorded: now}
	if in.ReceivedAt.IsZero() {
		in.ReceivedAt = in.Recorded
	}
	for _, r := range d.Recipients[:min(len(d.Recipients), maxRecipients)] {
		in.Recipients = append(in.Recipients, Clip(r, maxPath))
	}
	return in
}

// Read reads a mail and finds out all that needs no store. The error is permanent.
func Read(d Delivery, raw []byte, at Desk) (Facts, error) {
	if len(at.Settings.Mailboxes) == 0 {
		return Facts{}, desk.Permanent(errors.New("no mailbox is configured, so nobody can be told of mail: add one to the configuration"))
	}
	if d.Size == 0 {
		d.Size = len(raw)
	}
	m := email.Read(raw, d.MailFrom)
	sum := sha256.Sum256(raw)
	f := Facts{Record: Begin(d, at.Now), SHA256: hex.EncodeToString(sum[:]), CheckedLater: d.CheckedLater, AnySender: at.AnySender,
		Mail: m, Kind: kindOf(m), Mailbox: mailboxOf(at.Settings, d.Recipients), Sender: onlyFrom(m.Message), OurMark: ourMark(m, at.Settings)}
	f.Record.Mailbox = f.Mailbox.ID
	if agent, ok := at.Settings.AgentAt(m.From.Address); ok {
		f.Agent = &agent
	}
	p := proof(m, f.Record, f.Sender)
	f.Recipients = opened(at, m, p, d.Recipients)
	if f.Agent != nil {
		f.MeantHere, f.NotMeantHere = intent.Meant(m.Header, p, func(address string) bool {
			mb, ours := at.Settings.MailboxAt(address)
			return ours && mb.ID == f.Mailbox.ID
		})
	}
	if !at.AnySender {
		f.Written = opened(at, m, p, headerRecipients(m))
		f.Written = f.Written[:min(len(f.Written), maxTokens)]
		f.Quoted, f.Cited = cited(at, m)
	}
	f.Author = author(m, d.MailFrom, len(f.Recipients) > 0, at.Settings)
	f.hash(raw, p.SPF)
	f.Verified = d.Verdicts.Authenticated() && m.Origin.Rule == "from" && Same(f.Sender, f.Author.Address)
	f.SPFAlone = spfAlone(f.Record, f.Sender)
	f.Unverified = unverified(d.Verdicts)
	f.Claimed = m.Origin.Claimed()
	if r := m.Origin.ReplyTo; Usable(r) {
		f.ReplyTo = r
		if !Same(r, f.Author.Address) {
			f.AnswersTo = r
		}
	}
	f.Subject, f.Text, f.Order = subject(m), shown(m), order(m)
	f.HTML, f.Summary, f.Files = shownHTML(m, f.Text), summary(m, f.Text), files(m)
	if m.SMIME != nil {
		s := smime.Check(m.SMIME, m.SMIMEContent, f.Sender, at.Now, nil)
		f.SMIME = &s
	}
	f.named(at.Settings)
	f.Answerable = answerable(f, at.Settings)
	f.Acknowledgeable = f.Answerable && acknowledgeable(f, at.Settings)
	if b := forward(f, at.Settings); b != nil {
		g := f
		g.Forward, g.Author, g.Verified, g.Kind, g.Claimed, g.AnswersTo = b, b.Author, false, automatic.Person, false, ""
		g.Acknowledgeable, g.Answerable = false, false
		g.Subject, g.Text, g.HTML = b.Subject, b.Text, ""
		g.Summary = summary(m, g.Text)
		g.named(at.Settings)
		f.AsForward = &g
	}
	return f, nil
}

// named finds whom and what the mail names, as far as that depends on its author.
func (f *Facts) named(s *desk.Settings) {
	f.Copies, f.OurNamed = copies(f.Mail, f.Author, s)
	replied := inReplyTo(f.Mail, f.Author)
	f.Answered = answered(f.Mail, replied, f.AnySender)
	f.Awaited, f.Reader = awaited(f.Mail, replied, f.Answered, f.AnySender), f.Author.Address
	f.Unread = nobody(f.Author.Address)
	f.Signature, f.Signed = signature(f.Mail, f.Author)
	if f.Forward != nil {
		f.Signature, f.Signed = "", ""
	}
	if f.AnySender {
		f.Reader = Anyone
	} else if f.Kind == automatic.Person && f.Forward == nil {
		f.Proposable = proposable(f.Mail, f.Copies, s)
	} else {
		f.Proposable = nil
	}
}

// hash tells the mail from others. The author belongs to it: a stranger who has
// a copy of a customer's mail and is faster must not make hers a repetition of his.
func (f *Facts) hash(raw []byte, bySPF bool) {
	content := append([]byte(Canonical(f.Author.Address)+"\n"), folded(body(raw))...)
	f.Record.ContentHash = store.ContentHash(f.Mail.MessageID, content)
	toAgent := slices.ContainsFunc(f.Recipients, func(t Address) bool { return t.Genuine && !t.Expired && t.Purpose.ByAgent() })
	if date := f.Mail.Header.Get("Date"); toAgent && strings.TrimSpace(date) != "" {
		f.Record.SignedHash = store.ContentHash("date:"+string(folded([]byte(date))), content)
		f.Record.SignedOnly = !bySPF
	}
}

// mailboxOf takes the first recipient that is one of ours. Where none is
// (the service names no recipients, or an alias leads here that nobody
// configured) the mail still came to us, and the first mailbox takes it.
func mailboxOf(s *desk.Settings, recipients []string) desk.Mailbox {
	for _, r := range recipients {
		if mb, ok := s.MailboxAt(Bare(r)); ok {
			return mb
		}
	}
	return s.Mailboxes[0]
}

// author names who wrote: the person that the origin rules found, else the
// Sender field, else the envelope sender. An address that nobody can be
// answered at is left out, and so is our own: a mail from there would be
// answered in a circle. The name stays.
func author(m *email.Mail, mailFrom string, toSigned bool, s *desk.Settings) desk.Person {
	name := Clip(page.OneLine(m.Origin.Author.Name), MaxName)
	candidates := []string{m.Origin.Author.Address, m.Sender.Address}
	if path := Bare(mailFrom); path != "" && !toSigned {
		candidates = append(candidates, path)
	}
	for _, c := range candidates {
		if _, ours := s.MailboxAt(c); Usable(c) && !ours {
			return desk.Person{Name: name, Address: c}
		}
	}
	if name == "" {
		name = Clip(page.OneLine(m.Origin.Author.Address), MaxName)
	}
	return desk.Person{Name: name}
}

// summary is what a list says of a held mail.
func summary(m *email.Mail, text string) desk.Summary {
	from := m.From.Address
	if n := page.Excerpt(m.From.Name, 60); n != "" {
		from = n + " <" + from + ">"
	}
	return desk.Summary{From: page.Excerpt(from, MaxName), Subject: page.Excerpt(m.Subject, 120), FirstLines: page.Excerpt(text, 160)}
}

// files describes what is attached.
func files(m *email.Mail) (out []desk.AttachmentInfo) {
	for _, a := range m.Attachments {
		out = append(out, desk.AttachmentInfo{Filename: Clip(page.OneLine(a.Filename), MaxName), ContentType: Clip(page.OneLine(a.ContentType), MaxName), Size: a.Size, SHA256: a.SHA256})
	}
	return out
}

// signature is what stands below the text, and its mark.
func signature(m *email.Mail, author desk.Person) (text, mark string) {
	words := strings.Join(strings.Fields(m.Visible.Signature), " ")
	if words == "" {
		return "", ""
	}
	return m.Visible.Signature, desk.DerivedID("signature", Canonical(author.Address), words)
}

// kindOf gives what a mail is when no person wrote it. What a group or a host
// added while passing a person's mail on does not make it a list's; a contact
// form's mail is written by a machine and is a customer's all the same.
func kindOf(m *email.Mail) automatic.Kind {
	k := m.Automatic.Kind
	switch {
	case !m.Origin.Forwarded:
		return k
	case k == automatic.List, k == automatic.Bulk:
		return automatic.Person
	case m.Origin.Written() && (k == automatic.Notification || k == automatic.AutoReply) && m.Inside == nil && m.Origin.Rule != "via":
		return automatic.Person
	}
	return k
}

// body is what stands behind the first empty line, without the line ends that
// some servers add to or take from a mail's end.
func body(raw []byte) []byte {
	crlf, lf := bytes.Index(raw, []byte("\r\n\r\n")), bytes.Index(raw, []byte("\n\n"))
	switch {
	case crlf >= 0 && (lf < 0 || crlf < lf):
		raw = raw[crlf+4:]
	case lf >= 0:
		raw = raw[lf+2:]
	}
	return bytes.TrimRight(raw, "\r\n")
}

// folded leaves out white space: signatures let it be changed on the way (RFC 6376
// section 3.4.4), and what was carried out once is not to be carried out again for
// a blank more.
func folded(body []byte) []byte {
	out := make([]byte, 0, len(body))
	for _, b := range body {
		if b != ' ' && b != '\t' && b != '\r' && b != '\n' && b != '\f' && b != '\v' {
			out = append(out, b)
		}
	}
	return out
}
