package reply_test

import (
	"strings"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/desk"
)

func TestAnswerReachesCustomerInTheirThread(t *testing.T) {
	h := open(t)
	first := h.customerWrites()
	in := h.agentAnswers(anna, "Dear Erika,\n\nsend us a photo, and a new lamp is on its way.\n\nAnna")
	if in.Outcome != desk.OutcomeAgent || in.Conversation != first.Conversation {
		t.Fatalf("%+v", in)
	}
	item, got := h.newest(desk.OutboxAnswer, erika)
	if got.From.Address != support || !strings.Contains(got.From.Name, "Anna") || got.Subject != "Re: Broken lamp" {
		t.Errorf("from %+v, subject %q", got.From, got.Subject)
	}
	if len(got.InReplyTo) != 1 || got.InReplyTo[0] != "first@customers.example" ||
		got.References[0] != "first@customers.example" {
		t.Errorf("in reply to %v, references %v", got.InReplyTo, got.References)
	}
	if !strings.HasPrefix(got.PlainText, "Dear Erika,") ||
		!strings.Contains(got.PlainText, "> Hello, the lamp I ordered") {
		t.Errorf("text:\n%s", got.PlainText)
	}
	if got.HTML == "" || !strings.HasPrefix(got.ReplyTo[0].Address, "support+") ||
		got.Header.Get("Auto-Submitted") != "" {
		t.Errorf("HTML %d bytes, Reply-To %v", len(got.HTML), got.ReplyTo)
	}
	raw, _ := h.Blobs.Get(t.Context(), item.Raw)
	for _, internal := range []string{"anna@team", "ben@team", "#close", "Reply above", "team.example", "suggestion"} {
		if strings.Contains(string(raw), internal) {
			t.Errorf("the answer holds %q", internal)
		}
	}
	c := h.conversation(first)
	if c.State != desk.StateAnswered || c.Owner != "anna" || c.Due.IsZero() || !c.FirstAnswer.Equal(h.Now()) {
		t.Errorf("%+v", c)
	}
	_, copy := h.newest(desk.OutboxNotification, ben)
	if !strings.Contains(copy.Text, "send us a photo") {
		t.Errorf("Ben is not told of the answer:\n%s", copy.Text)
	}

	// The customer answers the address that the mail names: the same conversation.
	h.Pass(time.Hour)
	back := h.arrive(erika, got.ReplyTo[0].Address,
		"From: erika@customers.example\nTo: x\nSubject: Re: Broken lamp\nMessage-ID: <second@customers.example>\n\n"+
			"Here it is.\n")
	if back.Conversation != first.Conversation || h.conversation(first).State != desk.StateOpen {
		t.Errorf("%+v", back)
	}
}

func TestCommands(t *testing.T) {
	for _, tc := range []struct {
		name, text string
		outcome    desk.Outcome
		kinds      string
		state      desk.State
		answers    string // must stand in the answer; "" means none leaves
		told       string // must stand in the notice to the agent; "" means none
	}{
		{"close", "#close", desk.OutcomeAgent, "customer", desk.StateSolved, "", ""},
		{"answer and close", "#close\nWe sent a new one.", desk.OutcomeAgent, "customer answer", desk.StateSolved,
			"We sent a new one.", ""},
		{"note", "#note\nShe called, very friendly.", desk.OutcomeAgent, "customer note", desk.StateOpen, "", ""},
		{"send", "#send 1", desk.OutcomeAgent, "customer answer", desk.StateAnswered, "You get a new one", ""},
		{"text and send", "#send 1\n\nDear Erika, sorry!", desk.OutcomeAgent, "customer answer", desk.StateAnswered,
			"Dear Erika, sorry!", ""},
		{"no such suggestion", "#send 9", desk.OutcomeRefused, "customer", desk.StateOpen, "", "ready answer 9"},
		{"unknown", "#clsoe\nBye", desk.OutcomeRefused, "customer", desk.StateOpen, "", "#clsoe"},
		{"command below text", "Bye now\n#close", desk.OutcomeAgent, "customer answer", desk.StateSolved, "Bye now",
			""},
		{"empty", "", desk.OutcomeRefused, "customer", desk.StateOpen, "", "No words of yours were found"},
		{"private address", "Write to ben@team.lantern.example directly.", desk.OutcomeRefused, "customer",
			desk.StateOpen, "", "ben@team.lantern.example"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			h := open(t)
			first := h.customerWrites()
			in := h.agentAnswers(anna, tc.text)
			var kinds []string
			for _, k := range h.kinds(first) {
				kinds = append(kinds, string(k))
			}
			if in.Outcome != tc.outcome || strings.Join(kinds, " ") != tc.kinds ||
				h.conversation(first).State != tc.state {
				t.Errorf("outcome %s (%s), messages %v, state %s", in.Outcome, in.Reason, kinds,
					h.conversation(first).State)
			}
			if tc.answers == "" {
				h.none(desk.OutboxAnswer)
			} else if _, m := h.newest(desk.OutboxAnswer, erika); !strings.Contains(m.Text, tc.answers) ||
				strings.Contains(m.Text, "#") || strings.Contains(m.HTML, "#send") {
				t.Errorf("the answer says:\n%s", m.Text)
			}
			if tc.told == "" {
				h.none(desk.OutboxNotice)
			} else if _, m := h.newest(desk.OutboxNotice, anna); !strings.Contains(m.Text, tc.told) {
				t.Errorf("the notice says:\n%s", m.Text)
			}
		})
	}
}

func TestReplyTokensNeverLeave(t *testing.T) {
	h := open(t)
	h.customerWrites()
	_, told := h.newest(desk.OutboxNotification, anna)
	h.answerTo(anna, told, "Answer me at "+strings.ToUpper(told.ReplyTo[0].Address)+" please")
	h.none(desk.OutboxAnswer)
	if _, m := h.newest(desk.OutboxNotice, anna); !strings.Contains(m.Text, "must not reach a customer") {
		t.Errorf("%s", m.Text)
	}
}

func TestClosingWhatOneHasNotSeen(t *testing.T) {
	h := open(t)
	first := h.customerWrites()
	_, told := h.newest(desk.OutboxNotification, anna)
	h.Pass(time.Minute)
	h.arrive(erika, support, "From: erika@customers.example\nTo: support@lantern.example\nSubject: Re: Broken lamp\n"+
		"Message-ID: <second@customers.example>\nIn-Reply-To: <first@customers.example>\n\nThe bulb is broken too!\n")
	in := h.answerTo(anna, told, "#close")
	if in.Outcome != desk.OutcomeRefused || h.conversation(first).State != desk.StateOpen {
		t.Fatalf("%+v", in)
	}
	_, notice := h.newest(desk.OutboxNotice, anna)
	if !strings.Contains(notice.Text, "The bulb is broken too!") {
		t.Errorf("the notice does not show the new message:\n%s", notice.Text)
	}
	if in := h.answerTo(anna, notice, "#close"); in.Outcome != desk.OutcomeAgent ||
		h.conversation(first).State != desk.StateSolved {
		t.Errorf("after seeing it: %+v", in)
	}
}

func TestAttachmentsAndFormattingGoAlong(t *testing.T) {
	h := open(t)
	h.customerWrites()
	_, told := h.newest(desk.OutboxNotification, anna)
	to := told.ReplyTo[0].Address
	h.arrive(anna, to, strings.ReplaceAll(`From: anna@team.lantern.example
To: TO
Subject: Re: x
Message-ID: <att@team.example>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: multipart/alternative; boundary=c

--c
Content-Type: text/plain

The *label* is attached.

--c
Content-Type: text/html

<p>The <b>label</b> is attached.<script>alert(1)</script><img src="https://tracker.example/x.png"></p>

--c--
--b
Content-Type: application/pdf; name="label.pdf"
Content-Disposition: attachment; filename="label.pdf"
Content-Transfer-Encoding: base64

JVBERi0xLjQK
--b--
`, "TO", to))
	_, m := h.newest(desk.OutboxAnswer, erika)
	if len(m.Attachments) != 1 || m.Attachments[0].Filename != "label.pdf" ||
		string(m.Attachments[0].Content) != "%PDF-1.4\n" {
		t.Errorf("attachments: %+v", m.Attachments)
	}
	if !strings.Contains(m.HTML, "label</b>") && !strings.Contains(m.HTML, "label</strong>") {
		t.Errorf("the formatting is lost:\n%s", m.HTML)
	}
	if strings.Contains(m.HTML, "script") || strings.Contains(m.HTML, "tracker") {
		t.Errorf("unsafe HTML left:\n%s", m.HTML)
	}
}

func TestSameAgentMailTwiceSendsOnce(t *testing.T) {
	h := open(t)
	first := h.customerWrites()
	_, told := h.newest(desk.OutboxNotification, anna)
	mail := "From: anna@team.lantern.example\nTo: x\nSubject: Re\nMessage-ID: <once@team.example>\n\nDone.\n"
	done := make(chan error)
	for range 10 {
		go func() {
			_, err := h.deliver("same", anna, told.ReplyTo[0].Address, mail)
			done <- err
		}()
	}
	for range 10 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	if in, err := h.deliver("other", anna, told.ReplyTo[0].Address, mail); err != nil ||
		in.Outcome != desk.OutcomeDuplicate {
		t.Errorf("the same mail by another id: %+v, %v", in, err)
	}
	if got := h.kinds(first); len(got) != 2 {
		t.Errorf("messages %v", got)
	}
}
