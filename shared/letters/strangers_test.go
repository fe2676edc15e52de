package letters_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email"
	"github.com/replywell/replywell/shared/email/message"
	"github.com/replywell/replywell/shared/letters"
)

// TestNothingThatStrangersWriteBreaksALetter: whatever stands in names,
// subjects, texts and file names, the letter can be written, its header holds
// our fields and no others, and its HTML runs nothing.
func TestNothingThatStrangersWriteBreaksALetter(t *testing.T) {
	w := writer(t)
	anna, mb := w.Settings.Agents[0], w.Settings.Mailboxes[0]
	wild := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{
		"\r\nBcc: all@team.example", "a\x00b", "=?utf-8?q?x=0D=0ABcc:_y?=", "<script>alert(1)</script>",
		"\"><img src=x onerror=alert(1)>", "\xff\xfe\x80", strings.Repeat("long ", 3000),
		"support@brightwater.example", "\u202egnp.exe", "## Reply above this line ##", "", "ACME, Inc. <x>",
		"javascript:alert(1)", "../../etc/passwd", "\u2028\u2029\u0085"}))
	kinds := []desk.MessageKind{desk.KindCustomer, desk.KindAutomatic, desk.KindBounce, desk.KindComplaint,
		desk.KindAnswer, desk.KindNote}
	rapid.Check(t, func(r *rapid.T) {
		conv := conversation(t, 1)
		conv.Subject = wild.Draw(r, "subject")
		conv.Customer = desk.Person{Name: wild.Draw(r, "customer"), Address: wild.Draw(r, "address")}
		msg := desk.Message{Sequence: 1, Kind: rapid.SampledFrom(kinds).Draw(r, "kind"), From: conv.Customer,
			At: friday, Text: wild.Draw(r, "text"), Automatic: wild.Draw(r, "automatic")}
		more := letters.Context{New: rapid.Bool().Draw(r, "new"), Reopened: rapid.Bool().Draw(r, "reopened"),
			AskedReply: wild.Draw(r, "asked"), Linked: &conv, Others: []desk.Conversation{conv},
			History: []desk.Message{{Sequence: 1, Kind: desk.KindNote, Text: wild.Draw(r, "note"),
				Agent: wild.Draw(r, "agent")}},
			Suggestions: []desk.Suggestion{{Title: wild.Draw(r, "title"), Passage: wild.Draw(r, "passage")}},
			Attachments: []message.Attachment{{Filename: wild.Draw(r, "file"), ContentType: wild.Draw(r, "type"),
				ContentID: wild.Draw(r, "cid"), Inline: rapid.Bool().Draw(r, "inline"), Content: []byte("x"), Size: 1}}}
		ready, err := w.Notification("0123456789abcdef", anna, mb, conv, msg, more)
		if err != nil {
			r.Fatalf("%v", err)
		}
		m := email.Read(ready.Raw, "")
		if m.Header.Has("Bcc") || len(m.Header) > 16 || m.From.Address != mb.Address || len(m.To) != 1 ||
			m.To[0].Address != "anna@team.example" || len(m.ReplyTo) != 1 {
			r.Fatalf("the header is %v", m.Header)
		}
		if lower := strings.ToLower(m.HTML); strings.Contains(lower, "<script") ||
			strings.Contains(lower, "<img src=x") || strings.Contains(lower, `href="javascript`) {
			r.Fatalf("the HTML is %s", m.HTML)
		}
		if len(m.Attachments) != 1 || strings.ContainsAny(m.Attachments[0].Filename, "/\\\r\n") {
			r.Fatalf("the attachments are %+v", m.Attachments)
		}
		if strings.Contains(m.From.Name, "@") {
			r.Fatalf("the sender's name looks like an address: %q", m.From.Name)
		}
		if _, err := w.Held("0123456789abcdef", anna, mb, conv,
			letters.Held{From: wild.Draw(r, "from"), Subject: conv.Subject, Why: "x", Text: msg.Text}); err != nil {
			r.Fatalf("%v", err)
		}
	})
}

func TestLargeAttachmentsAreNamedAndNotSent(t *testing.T) {
	w := writer(t)
	s := situations(t)["first-contact"]
	s.more.Attachments = nil
	for _, mb := range []int{6, 6, 3} {
		s.more.Attachments = append(s.more.Attachments,
			message.Attachment{Filename: "f.bin", ContentType: "application/octet-stream",
				SHA256:  strings.Repeat("a", mb) + string(rune('a'+len(s.more.Attachments))),
				Content: make([]byte, mb<<20), Size: mb << 20})
	}
	ready, err := w.Notification("0123", w.Settings.Agents[0], w.Settings.Mailboxes[0], s.conv, s.msg, s.more)
	if err != nil {
		t.Fatal(err)
	}
	m := email.Read(ready.Raw, "")
	if len(m.Attachments) != 2 || strings.Count(m.PlainText, "f.bin") != 3 ||
		strings.Count(m.PlainText, "too large to send along") != 1 {
		t.Errorf("sent along are %d of three:\n%s", len(m.Attachments), m.PlainText)
	}
}
