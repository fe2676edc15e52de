package email

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/replywell/replywell/shared/email/automatic"
)

const reply = "From: =?utf-8?Q?J=C3=B6rg?= <joerg@example.com>\r\nTo: help@lamps.example\r\nSubject: Re: Your " +
	"order\r\nDate: Tue, 17 Nov 2026 10:20:08 +0100\r\n" +
	"Message-ID: <m2@example.com>\r\nIn-Reply-To: <m1@lamps.example>\r\n\r\n[EXTERNAL] This email originated from " +
	"outside of the organization. Do not click links.\r\n\r\n" +
	"It has come, thank you!\r\n\r\nOn Mon, 16 Nov 2026 at 09:00, Anna <help@lamps.example> wrote:\r\n> Has it " +
	"come?\r\n"

func TestReadTakesAReplyApart(t *testing.T) {
	m := Read([]byte(reply), "joerg@example.com")
	if got := strings.TrimSpace(m.Visible.Visible); got != "It has come, thank you!" {
		t.Errorf("visible: %q", got)
	}
	if !strings.Contains(m.Visible.Quoted, "Has it come?") || m.Origin.Author.Name != "Jörg" ||
		m.Automatic.Automatic() {
		t.Errorf("%+v %+v %+v", m.Visible, m.Origin, m.Automatic)
	}
	if !strings.Contains(m.Text, "originated from outside") || !strings.Contains(m.Text, "> Has it come?") {
		t.Error("the full text is not kept")
	}
}

// TestASignatureEndsWithItsPart has mails of several texts, as Apple Mail sends
// them around pictures.
func TestASignatureEndsWithItsPart(t *testing.T) {
	const (
		plain   = "Content-Type: text/plain; charset=utf-8\r\n\r\n"
		html    = "Content-Type: text/html; charset=utf-8\r\n\r\n"
		picture = "Content-Type: image/jpeg; name=p.jpg\r\nContent-Disposition: inline\r\nContent-Transfer-Encoding: " +
			"base64\r\n\r\n/9j/4AAQ"
		signed = "The cup on the photo is broken.\r\n\r\n-- \r\nErika Muster\r\nMusterweg 1, Köln"
		footer = "_______________________________________________\r\nusers mailing list\r\nusers@lists.example\r\n" +
			"https://lists.example/mailman/listinfo/users\r\n"
	)
	for name, c := range map[string]struct {
		parts         []string
		want, without string
	}{
		"words below the picture": {[]string{plain + signed, picture, plain + "The plate is broken too, order 5512."},
			"The plate is broken too, order 5512.", "Musterweg"},
		"in HTML": {[]string{html +
			"<p>The cup is broken.</p><p>-- <br>Erika Muster<br>Musterweg 1</p>", picture, html +
			"<p>The plate is broken too.</p>"}, "The plate is broken too.", ""},
		"text, then HTML": {[]string{plain + signed, picture, html + "<p>The plate is broken too.</p>"},
			"The plate is broken too.", "Musterweg"},
		"three texts": {[]string{plain + signed, picture, plain + "The plate too.", picture, plain +
			"And the pot.\r\n-- \r\nErika"}, "The plate too.\nAnd the pot.", "Musterweg"},
		"a quote below the picture": {[]string{plain + signed, picture, plain +
			"On Mon, 16 Nov 2026 at 09:00, Anna <help@lamps.example> wrote:\r\n> Has it come?\r\n"},
			"The cup on the photo is broken.", "Has it come?"},
		"history with pictures": {[]string{plain +
			"Yes.\r\n\r\n-- \r\nErika\r\n\r\nOn Mon, 16 Nov 2026 at 09:00, Anna <help@lamps.example> wrote:\r\n> " +
			"Look:\r\n", picture, plain + "> Has it come?\r\n"}, "Yes.", "Has it come?"},
		"the footer of a list": {[]string{plain + signed, plain + footer}, "The cup on the photo is broken.",
			"mailman"},
		"words below the second": {[]string{plain + signed, plain +
			"The plate too.\r\n-- \r\nErika Muster\r\nMusterweg 1", plain + "And the bowl, 5512."},
			"The plate too.\nAnd the bowl, 5512.", "Musterweg"},
		"below a part that signs": {[]string{plain + "The cup is broken.", picture, plain +
			"-- \r\nErika Muster\r\nMusterweg 1", picture, plain + "The bowl is 5512."},
			"The cup is broken.\nThe bowl is 5512.", "Musterweg"},
		"a second signature": {[]string{plain + signed, plain + "-- \r\nSent from my phone"},
			"The cup on the photo is broken.", "my phone"},
	} {
		t.Run(name, func(t *testing.T) {
			raw := "From: erika@mail.example\r\nSubject: Two\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" +
				"--b\r\n" + strings.Join(c.parts, "\r\n--b\r\n") + "\r\n--b--\r\n"
			v := Read([]byte(raw), "").Visible
			for _, line := range strings.Split(c.want, "\n") {
				if !strings.Contains(v.Visible, line) {
					t.Errorf("%q is not in %q (%v)", line, v.Visible, v.Rules)
				}
			}
			if c.without != "" && strings.Contains(v.Visible, c.without) {
				t.Errorf("%q is in %q (%v)", c.without, v.Visible, v.Rules)
			}
		})
	}
}

func TestReportListsAreNeverNull(t *testing.T) {
	for name, raw := range map[string]string{"empty": "", "no header": "hello", "reply": reply,
		"binary": "\x00\xff\xfe"} {
		line, err := Read([]byte(raw), "").Report().JSON()
		if err != nil {
			t.Fatal(name, err)
		}
		var o map[string]any
		if err := json.Unmarshal(line, &o); err != nil || strings.Contains(string(line), "\n") {
			t.Fatal(name, err, string(line))
		}
		for _, k := range []string{"to", "cc", "reply_to", "in_reply_to", "references", "attachments",
			"bounce_recipients", "rules", "warnings"} {
			if _, ok := o[k].([]any); !ok {
				t.Errorf("%s: %s is %v", name, k, o[k])
			}
		}
		for _, k := range []string{"from", "auto", "author"} {
			if _, ok := o[k].(map[string]any); !ok {
				t.Errorf("%s: %s is %v", name, k, o[k])
			}
		}
	}
}

func TestReportOfABounce(t *testing.T) {
	raw := "From: MAILER-DAEMON@mx.example\r\nTo: help@lamps.example\r\nSubject: Undelivered Mail Returned to " +
		"Sender\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n" +
		"--b\r\n\r\nCould not be delivered.\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: " +
		"dns; mx.example\r\n\r\nFinal-Recipient: rfc822; gone@example.com\r\nAction: failed\r\nStatus: 5.1.1\r\n" +
		"--b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: <ours@lamps.example>\r\nSubject: Your order\r\n\r\n" +
		"x\r\n--b--\r\n"
	r := Read([]byte(raw), "<>").Report()
	if !r.Bounce || !r.AutoSubmitted || len(r.BounceRecipients) != 1 ||
		r.BounceRecipients[0].Address != "gone@example.com" || !r.BounceRecipients[0].Permanent {
		t.Errorf("%+v", r)
	}
	if len(r.Attachments) != 2 || r.Attachments[1].Filename != "Your order.eml" {
		t.Errorf("%+v", r.Attachments)
	}
}

func TestAFaultInOneJudgementDoesNotCostTheMail(t *testing.T) {
	defer func() { faults = nil }()
	for _, what := range []string{"origin", "automatic", "visible"} {
		faults = func(at string) {
			if at == what {
				panic("made for this test")
			}
		}
		m := Read([]byte(reply), "")
		if m.Origin.Author.Address != "joerg@example.com" || !strings.Contains(m.Visible.Visible, "It has come") ||
			m.Subject != "Re: Your order" {
			t.Errorf("%s: %+v %+v", what, m.Origin, m.Visible)
		}
		if n := len(m.Warnings); n != 1 || m.Warnings[n-1].Name != "fault-"+what {
			t.Errorf("%s: %+v", what, m.Warnings)
		}
	}
}

func TestExplainSaysWhatAndWhy(t *testing.T) {
	got := Read([]byte(reply), "").Explain()
	for _, want := range []string{"From         Jörg <joerg@example.com>", "a person's mail, as far as can be seen",
		"  | It has come, thank you!", "Quoted\n", "Rules that took the text apart"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing in\n%s", want, got)
		}
	}
	auto := Read([]byte("From: a@example.com\r\nAuto-Submitted: auto-replied\r\nSubject: away\r\nX: \xe9\r\n"+
		"Content-Type: text/plain; name=x\r\n\r\nI am away."), "").Explain()
	for _, want := range []string{"Kind         ", "header-8bit"} {
		if !strings.Contains(auto, want) {
			t.Errorf("%q is missing in\n%s", want, auto)
		}
	}
}

// FuzzReport holds that any bytes give one line of JSON, in UTF-8, of bounded size.
func FuzzReport(f *testing.F) {
	f.Add([]byte(reply), "<>")
	f.Add(reply20kB(f, true), "")
	f.Add(reply20kB(f, false), "a@example.com")
	f.Add([]byte("From: x via y <g@example.com>\r\nX-Original-From: <a@b>\r\nList-Id: <g>\r\n\r\n<html><blockquote>x"),
		"")
	for _, head := range []string{pec, spam, byHand, rule} {
		f.Add(envelope(head, "Messaggio", attached+"; x-spam-type=original; name=postacert.eml", letter), "")
	}
	f.Fuzz(func(t *testing.T, raw []byte, returnPath string) {
		m := Read(raw, returnPath)
		for _, w := range m.Warnings {
			if w.Name == "unreadable" || strings.HasPrefix(w.Name, "fault-") {
				t.Errorf("%s: %s", w.Name, w.Detail)
			}
		}
		line, err := m.Report().JSON()
		if err != nil || !utf8.Valid(line) || !json.Valid(line) {
			t.Errorf("%v: %q", err, line)
		}
		if len(line) > 100*len(raw)+1<<16 {
			t.Errorf("%d bytes became a line of %d", len(raw), len(line))
		}
		if m.Automatic.Kind != automatic.Person && m.Automatic.Rule == "" {
			t.Errorf("%s without a rule", m.Automatic.Kind)
		}
	})
}
