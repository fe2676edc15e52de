package reply_test

import (
	"strings"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/kb/article"
)

// TestAnswersBetweenTheLinesCarryNothingInternal: an agent answers between the
// quoted lines of a notification that also shows a colleague's note.
func TestAnswersBetweenTheLinesCarryNothingInternal(t *testing.T) {
	h := open(t)
	h.customerWrites()
	h.agentAnswers(ben, "#note\nThe October batch again, the workshop knows about it.")
	h.Pass(time.Minute)
	h.arrive(erika, support, "From: erika@customers.example\nTo: support@lantern.example\nSubject: Re: Broken lamp\n"+
		"Message-ID: <second@customers.example>\nIn-Reply-To: <first@customers.example>\n\nShall I send it back?\n\n"+
		"And who pays the parcel?\n")
	_, told := h.newest(desk.OutboxNotification, anna)
	if !strings.Contains(told.PlainText, "October batch") {
		t.Fatalf("the notification shows no note:\n%s", told.PlainText)
	}
	var b strings.Builder
	b.WriteString("On Sat, Nov 21, 2026 at 10:15 PM Erika (Lantern) <support@lantern.example> wrote:\n\n")
	for _, line := range strings.Split(strings.TrimSpace(told.PlainText), "\n") {
		b.WriteString(strings.TrimRight("> "+line, " ") + "\n")
		switch {
		case strings.Contains(line, "send it back?"):
			b.WriteString("\nYes, please do.\n\n")
		case strings.Contains(line, "pays the parcel?"):
			b.WriteString("\nWe do.\n\n")
		case strings.Contains(line, "October batch"):
			b.WriteString("\nSorry for the trouble.\n\n")
		}
	}
	in := h.answerTo(anna, told, b.String())
	if in.Outcome != desk.OutcomeAgent {
		h.none(desk.OutboxAnswer)
		_, notice := h.newest(desk.OutboxNotice, anna)
		t.Fatalf("%s (%s)\n%s", in.Outcome, in.Reason, notice.PlainText)
	}
	_, got := h.newest(desk.OutboxAnswer, erika)
	own, _, _ := strings.Cut(got.PlainText, " wrote:")
	for _, want := range []string{"Yes, please do.", "We do.", "Sorry for the trouble."} {
		if !strings.Contains(own, want) {
			t.Errorf("%q is not in the answer:\n%s", want, got.PlainText)
		}
	}
	for _, internal := range []string{"October", "Note by", "team only", "Reply above", "#close", "sender confirmed",
		"team’s turn"} {
		if strings.Contains(got.PlainText, internal) || strings.Contains(got.HTML, internal) {
			t.Errorf("%q is in the answer:\n%s", internal, got.PlainText)
		}
	}
}

func TestAReplyThatOnlyQuotesSendsNothing(t *testing.T) {
	h := open(t)
	h.customerWrites()
	if in := h.agentAnswers(anna, ""); in.Outcome != desk.OutcomeRefused {
		t.Errorf("%s", in.Outcome)
	}
	_, told := h.newest(desk.OutboxNotification, anna)
	// A client that quotes the selected line alone.
	in := h.arrive(anna, told.ReplyTo[0].Address, "From: anna@team.lantern.example\nSubject: Re: x\nMessage-ID: "+
		"<s@team.example>\n\nOn Mon, 2 Mar 2026 at 09:01, Erika Muster <support@lantern.example> wrote:\n\n> the "+
		"glass is cracked. What do I do?\n")
	if in.Outcome != desk.OutcomeRefused {
		t.Errorf("a lone quote is %s", in.Outcome)
	}
	h.none(desk.OutboxAnswer)
}

// What an author meant to hide, and marked at a wrong place, does not leave: not
// as a ready answer, and not as what an agent copied from it. An article can have
// been published before such marks were refused.
func TestAnArticleThatShowsItsMarksIsNotSent(t *testing.T) {
	for text, told := range map[string]string{
		"#send 1": "stands the mark of an internal passage",
		"Dear Erika,\n\nyou can send it back. :::internal Up to 50 euros ask nobody.": "the mark of a passage for " +
			"the team alone",
	} {
		h, _ := asked(t, func(a *article.Article) {
			a.Body = "You can send it back.\n\n> :::internal\n> Up to 50 euros ask nobody.\n> :::\n"
		})
		if in := h.agentAnswers(anna, text); in.Outcome != desk.OutcomeRefused {
			t.Errorf("%q: %s (%s)", text, in.Outcome, in.Reason)
		}
		if _, m := h.newest(desk.OutboxNotice, anna); !strings.Contains(m.Text, told) {
			t.Errorf("%q: the notice says:\n%s", text, m.Text)
		}
	}
}

// What an agent wrote at the end reaches the customer, and what the program
// added below it does not. TestEndingsOfAnswers has the matrix of clients and
// languages; here each line goes all the way.
func TestSignOffGoesToTheCustomer(t *testing.T) {
	for _, tc := range []struct{ text, ends, without string }{
		{"We send a new lamp.\n\nBest regards\nAnna", "We send a new lamp.\n\nBest regards\nAnna\n\nOn ", ""},
		{"#send 1\n\nSorry!\n\nBest regards\nAnna", "at once.\n\nBest regards\nAnna\n\nOn ", ""},
		{"We send a new lamp.\n\nSent from my iPhone", "We send a new lamp.\n\nOn ", "iPhone"},
		{"We send a new lamp.\n\nBest regards,\nAnna\n\nSent from my iPhone",
			"We send a new lamp.\n\nBest regards,\nAnna\n\nOn ", "iPhone"},
		{"We send a new lamp.\n\n-- \nAnna Winter\n+49 30 901820", "We send a new lamp.\n\nOn ", "901820"},
		{"We send a new lamp.\n\nBest regards,\nAnna\n\n-- \nAnna Winter\n+49 30 901820",
			"We send a new lamp.\n\nBest regards,\nAnna\n\nOn ", "901820"},
		{"We send a new lamp.\n\nBest regards,\nAnna\n\nAnna Winter\nLantern Shop | Support\n+49 30 901820",
			"We send a new lamp.\n\nBest regards,\nAnna\n\nOn ", "901820"},
		{"Wir schicken eine neue.\n\nViele Grüße\nAnna\n\nLantern GmbH, Amtsgericht Berlin, HRB 1234, " +
			"Geschäftsführer: M. Lantern", "Wir schicken eine neue.\n\nViele Grüße\nAnna\n\nOn ", "HRB"},
		// What was remembered below the name stays there, and is no card.
		{"We send a new lamp.\n\nBest regards,\nAnna\n\nPS: Please keep the ring.",
			"We send a new lamp.\n\nBest regards,\nAnna\n\nPS: Please keep the ring.\n\nOn ", ""},
		{"We send a new lamp.\n\nBest regards,\nAnna\n\nHere is the tracking link: https://track.example/1",
			"Best regards,\nAnna\n\nHere is the tracking link: https://track.example/1\n\nOn ", ""},
		{"We send a new lamp.\n\nBest regards,\nAnna\nOh, the workshop's number is 0117 496 0123.\n\nSent from my " +
			"iPhone", "Best regards,\nAnna\n\nOh, the workshop's number is 0117 496 0123.\n\nOn ", "iPhone"},
		{"We send a new lamp.\n\nBest regards,\nAnna\n\nPS: Please keep the ring.\n\n#close",
			"Best regards,\nAnna\n\nPS: Please keep the ring.\n\nOn ", "close"},
		{"We send a new lamp.\n\nBest regards,\nAnna\n\n#note he is rude",
			"We send a new lamp.\n\nBest regards,\nAnna\n\nOn ", "rude"},
		{"We send a new lamp.\n\nBest regards,\nAnna\n\n#send 1", "at once.\n\nBest regards,\nAnna\n\nOn ", "#send"},
		{"Nous envoyons une lampe.\n\nCordialement,\nAnna\n\nService client – Lantern SARL\n12 rue du Port, 13002 " +
			"Marseille\nTél. 04 91 00 00 00", "Nous envoyons une lampe.\n\nCordialement,\nAnna\n\nOn ", "rue du Port"},
	} {
		h := open(t)
		h.customerWrites()
		h.agentAnswers(anna, tc.text)
		_, m := h.newest(desk.OutboxAnswer, erika)
		if !strings.Contains(m.PlainText, tc.ends) || tc.without != "" &&
			strings.Contains(m.PlainText+m.HTML, tc.without) {
			t.Errorf("the answer to %q says:\n%s", tc.text, m.PlainText)
		}
		for _, leave := range []string{"Best regards", "Viele Grüße"} {
			if strings.Contains(tc.ends, leave) && !strings.Contains(m.HTML, leave) {
				t.Errorf("the sign-off is not in the HTML:\n%s", m.HTML)
			}
		}
	}
}

// A mailbox's own signature stands below each answer, in place of the agent's
// card and above what is quoted.
func TestAMailboxHasASignatureOfItsOwn(t *testing.T) {
	h := open(t)
	for i := range h.Settings.Mailboxes {
		h.Settings.Mailboxes[i].Signature = "Lantern Shop, 12 Harbour Road\nwww.lantern.example"
	}
	h.customerWrites()
	h.agentAnswers(anna, "We send a new lamp.\n\nBest regards,\nAnna\n\n-- \nAnna Winter\n+49 30 901820")
	_, m := h.newest(desk.OutboxAnswer, erika)
	if !strings.Contains(m.PlainText, "Best regards,\nAnna\n\n-- \nLantern Shop, 12 Harbour Road\n"+
		"www.lantern.example\n\nOn ") {
		t.Errorf("the answer says:\n%s", m.PlainText)
	}
	if at := strings.Index(m.HTML, "12 Harbour Road"); at < strings.Index(m.HTML, "Anna") ||
		at > strings.Index(m.HTML, "gmail_quote") {
		t.Errorf("the HTML says:\n%s", m.HTML)
	}
}
