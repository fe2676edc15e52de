package email

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"github.com/replywell/replywell/shared/email/automatic"
)

// envelope writes a mail with a text and one attached part.
func envelope(head, text, partHead, part string) []byte {
	return []byte(head + "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=M\n\n--M\nContent-Type: " +
		"text/plain; charset=utf-8\n\n" + text + "\n--M\n" + partHead + "\n\n" + part + "\n--M--\n")
}

const (
	letter = "From: Mario Rossi <mario@firma.example>\nTo: help@shop.example\nSubject: Order 4711\nMessage-ID: " +
		"<o1@firma.example>\nContent-Type: text/plain; charset=utf-8\n\nThe machine leaks.\n\n-- \nMario Rossi\n+39 " +
		"02 1234567\n"
	attached = "Content-Type: message/rfc822"
	pec      = "From: \"Per conto di: mario@firma.example\" <posta-certificata@pec.example>\nReply-To: " +
		"mario@firma.example\nSubject: POSTA CERTIFICATA: Order 4711\nX-Trasporto: posta-certificata\nMessage-ID: " +
		"<e1@pec.example>\n"
	spam = "From: Mario Rossi <mario@firma.example>\nSubject: [SPAM] Order 4711\nX-Spam-Flag: YES\nMessage-ID: " +
		"<e1@mx.example>\n"
	byHand = "From: Ann Lee <ann@customer.example>\nSubject: Fwd: Order 4711\nMessage-ID: <a1@customer.example>\n"
	rule   = "From: Team <team@elsewhere.example>\nSubject: FW: Order 4711\nAuto-Submitted: auto-generated\n" +
		"X-MS-Exchange-Generated-Message-Source: Mailbox Rules Agent\nMessage-ID: <r1@elsewhere.example>\n"
)

// What was passed on as an attachment is read as the mail it is.
func TestLettersInside(t *testing.T) {
	const said = "The machine leaks."
	both := "\n\n---------- Forwarded message ----------\nFrom: Mario Rossi <mario@firma.example>\nDate: \nSubject: " +
		"Order 4711\n\n" + said
	wide := base64.StdEncoding.EncodeToString([]byte(letter))
	for name, c := range map[string]struct {
		raw                  []byte
		author, shown, fresh string
		inside               bool
	}{
		"certified mail": {envelope(pec, "Messaggio di posta certificata", attached+
			"; name=postacert.eml\nContent-Disposition: attachment; filename=postacert.eml", letter),
			"mario@firma.example", said, said, true},
		"certified mail, a file of no kind": {envelope(pec, "Messaggio",
			"Content-Type: application/octet-stream; name=postacert.eml\nContent-Transfer-Encoding: base64", wide),
			"mario@firma.example", said, said, true},
		"certified mail of another": {envelope(strings.ReplaceAll(pec, "mario@", "luigi@"), "Messaggio",
			attached, letter), "luigi@firma.example", "Messaggio" + both, "Messaggio", false},
		"a spam report": {envelope(spam, "Spam detection software", attached+
			"; x-spam-type=original", letter), "mario@firma.example", said, said, true},
		"a spam report, as text": {envelope(spam, "Spam detection software",
			"Content-Type: text/plain; x-spam-type=original; charset=utf-8\nContent-Disposition: attachment", letter),
			"mario@firma.example", said, said, true},
		"a report that wraps by id": {envelope(
			strings.NewReplacer("X-Spam-Flag: YES\n", "", "e1@mx.example", "o1@firma.example").Replace(spam),
			"This was checked.", attached, letter), "mario@firma.example", said, said, true},
		"a report of another's mail": {envelope(strings.ReplaceAll(spam, "mario@", "mallory@"), "Look at this",
			attached, letter), "mallory@firma.example", "Look at this" + both, "Look at this", false},
		"a rule": {envelope(rule, "", attached, letter), "mario@firma.example", said, said,
			true},
		"by hand, no words": {envelope(byHand, "", attached, letter), "ann@customer.example",
			strings.TrimLeft(both, "\n"), "", false},
		"by hand, with words": {envelope(byHand, "Please see to it.", attached, letter),
			"ann@customer.example", "Please see to it." + both, "Please see to it.", false},
		"the mail that is answered": {envelope(byHand+"In-Reply-To: <o1@firma.example>\n", "Yes.", attached,
			letter), "ann@customer.example", "Yes.", "Yes.", false},
		"forwarded in the text": {[]byte(byHand +
			"\nPlease see.\n\n---------- Forwarded message ---------\nFrom: Mario <mario@firma.example>\nDate: Mon, " +
			"2 Mar 2026\nSubject: x\nTo: a@b.example\n\n" + said + "\n"), "ann@customer.example",
			"Please see.\n\n---------- Forwarded message ---------\nFrom: Mario <mario@firma.example>\nDate: Mon, 2 " +
				"Mar 2026\nSubject: x\nTo: a@b.example\n\n" + said, "Please see.", false},
		"nothing passed on": {[]byte(byHand + "\nHello.\n"), "ann@customer.example", "Hello.", "Hello.",
			false},
	} {
		t.Run(name, func(t *testing.T) {
			m := Read(c.raw, "")
			r := m.Report()
			if r.Author.Address.Address != c.author || strings.TrimSpace(r.VisibleReply) != c.shown ||
				strings.TrimSpace(r.NewText) != c.fresh || (m.Inside != nil) != c.inside {
				t.Errorf("author %v, inside %v\nshown\n%s\nwant\n%s\nnew %q", r.Author, m.Inside != nil, r.VisibleReply,
					c.shown, r.NewText)
			}
			if r.AutoSubmitted {
				t.Errorf("taken for %s by %s", r.Auto.Kind, r.Auto.Rule)
			}
			if c.inside && (m.Letter().MessageID != "o1@firma.example" || m.MessageID == "" ||
				!strings.Contains(m.Explain(), "o1@firma.example")) {
				t.Errorf("the letter is %q", m.Letter().MessageID)
			}
		})
	}
}

// A robot's letter stays a robot's inside its envelope; a receipt of certified mail,
// and a report that returns a mail, are not that mail.
func TestRobotsInside(t *testing.T) {
	away := strings.Replace(letter, "Subject: Order 4711\n",
		"Subject: Automatic reply: Order 4711\nAuto-Submitted: auto-replied\nIn-Reply-To: <x@shop.example>\n", 1)
	receipt := strings.Replace(pec, "X-Trasporto: posta-certificata", "X-Ricevuta: avvenuta-consegna", 1)
	bounce := "From: MAILER-DAEMON@mx.example\nSubject: Undelivered Mail Returned to Sender\nReturn-Path: <>\n"
	for name, c := range map[string]struct {
		raw  []byte
		want automatic.Kind
		not  string
	}{
		"an absence note": {envelope(pec, "Messaggio", attached, away), automatic.OutOfOffice, ""},
		"a receipt": {envelope(receipt, "Il messaggio è stato consegnato", attached,
			strings.ReplaceAll(letter, "mario@firma", "help@shop")), automatic.Notification, "leaks"},
		"a report": {envelope(bounce, "<bo@nowhere.example>: 550 5.1.1 User unknown", attached, letter),
			automatic.Bounce, "leaks"},
	} {
		m := Read(c.raw, "")
		if m.Automatic.Kind != c.want || c.not != "" && strings.Contains(m.WithPassedOn(), c.not) {
			t.Errorf("%s: %q by %q, shown\n%s", name, m.Automatic.Kind, m.Automatic.Rule, m.WithPassedOn())
		}
	}
}

// Mails in mails have a bound, and an agent's answer is its own words alone.
func TestMailsInMailsAreBounded(t *testing.T) {
	raw := letter
	for n := range 30 {
		outer := string(envelope(strings.ReplaceAll(spam, "e1@", fmt.Sprintf("e%d@", n)), "Spam detection software",
			attached, "@@"))
		b := fmt.Sprintf("M%d.", n)
		outer = strings.NewReplacer("boundary=M", "boundary="+b, "--M", "--"+b).Replace(outer)
		raw = strings.Replace(outer, "@@", raw, 1)
	}
	m, depth := Read([]byte(raw), ""), 0
	for l := m; l.Inside != nil; l = l.Inside {
		depth++
	}
	if depth == 0 || depth > 3 {
		t.Errorf("%d mails deep", depth)
	}
	a := Read(envelope(byHand, "See the attached mail.", attached, letter), "")
	if v := a.AsAnswer("Ann Lee"); strings.Contains(v.Visible+v.Ending, "leaks") {
		t.Errorf("an answer takes the attached mail along: %q", v.Visible)
	}
	if a.Visible.Forwarded != nil || strings.Contains(a.Visible.Visible, "leaks") {
		t.Error("the attached mail stands in the visible text")
	}
}
