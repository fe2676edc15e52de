package window

import (
	"crypto/rand"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email"
	"github.com/replywell/replywell/shared/local/mailbox"
)

func TestWhatWasDoneIsToldInWords(t *testing.T) {
	passed := desk.Verdicts{DMARC: desk.VerdictPass}
	conversation, err := desk.NewConversationID(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	told := func(id string, agent string, state desk.OutboxState, trouble string) desk.OutboxItem {
		return desk.OutboxItem{ID: id, Kind: desk.OutboxNotification, Agent: agent, State: state, LastError: trouble}
	}
	reply := "From: Anna <anna@team.example>\r\nSubject: Re: x\r\nIn-Reply-To: <a@b>\r\n\r\n1\r\n\r\nOn Mon, 2 Mar " +
		"2026 at 10:00, Shop <s@shop.example> wrote:\r\n> old words\r\n"
	for name, tc := range map[string]struct {
		raw     string
		in      *desk.Inbound
		message *desk.Message
		items   []desk.OutboxItem
		says    []string
		never   string
	}{
		"not read yet": {says: []string{"Taken: the mail server has it safely on disk"}},
		"a question": {in: &desk.Inbound{Outcome: desk.OutcomeThreaded, Verdicts: passed},
			message: &desk.Message{Kind: desk.KindCustomer, Text: "Is it\ndimmable?",
				Evidence: desk.Evidence{Rule: desk.EvidenceNew}, Suggested: []string{"bulbs", "late"},
				Likely: []float64{0.9}},
			items: []desk.OutboxItem{told("1", "anna", desk.OutboxSent, "")},
			says: []string{"a customer's mail. New in it: “Is it dimmable?”",
				"Threaded: a new conversation, because the mail names none that the sender belongs to. In agents' " +
					"subjects it is [" + conversation.Reference() + "].", "Trusted: ",
				"the ready answers bulbs (90 % likely) and late, the likeliest first",
				"Put into the outbox: the news for Anna Winter, in one step with the record",
				"Told: Anna Winter, by mail."}},
		"one that nothing fits": {in: &desk.Inbound{Outcome: desk.OutcomeThreaded},
			message: &desk.Message{Kind: desk.KindCustomer, Sequence: 3,
				Evidence: desk.Evidence{Rule: desk.EvidenceSubject}},
			says: []string{"message 3 of conversation [" + conversation.Reference() +
				"], because it has the same subject", "Not proven: ", "Nothing suggested: no article",
				"Nothing sent: no mail follows"}},
		"a digit": {raw: reply, in: &desk.Inbound{Outcome: desk.OutcomeAgent, Verdicts: passed},
			message: &desk.Message{Kind: desk.KindAnswer, Text: "We are sorry."},
			items: []desk.OutboxItem{{Kind: desk.OutboxAnswer, To: []string{"erika@customers.example"},
				State: desk.OutboxFailed, LastError: "550 100% no."}},
			says: []string{"New in it: “1”. The quote below it was set aside",
				"Answered: the customer reads “We are sorry.”",
				"Put into the outbox: the answer to Erika Muster, in one step",
				"Given up: the answer to Erika Muster. The mail server says: 550 100% no."}, never: "old words"},
		"a note": {raw: reply, in: &desk.Inbound{Outcome: desk.OutcomeAgent, Verdicts: passed},
			message: &desk.Message{Kind: desk.KindNote, Text: "be generous"},
			says:    []string{"Kept as a note: the team reads “be generous”. The customer gets nothing"}},
		"a forged agent": {raw: reply, in: &desk.Inbound{Outcome: desk.OutcomeHeld, Agent: "anna",
			Reason: "nobody vouches for it"},
			says: []string{"Not trusted: " +
				"",
				"Held back: it names Anna Winter as its sender and was not written from that mailbox. The customer " +
					"sees nothing of it. Only Anna Winter can release it", "#drop"}},
		"held for the list": {raw: reply, in: &desk.Inbound{Outcome: desk.OutcomeHeld, Reason: "it is spam."},
			says: []string{"Held back: it is spam. ", "daily list"}},
		"asked about": {raw: reply, in: &desk.Inbound{Outcome: desk.OutcomeRefused, Verdicts: passed,
			Reason: "asked about: Hi Ben"}, says: []string{
			"Asked back: a mail asks the agent whom “Hi Ben” is meant for."}},
		"refused": {raw: reply, in: &desk.Inbound{Outcome: desk.OutcomeRefused, Verdicts: passed,
			Reason: "there is no answer 7."}, says: []string{
			"Not carried out: there is no answer 7. The agent was told"}},
		"a robot": {in: &desk.Inbound{Outcome: desk.OutcomeThreaded},
			message: &desk.Message{Kind: desk.KindAutomatic, Automatic: "out-of-office header:auto-submitted",
				Evidence: desk.Evidence{Rule: desk.EvidenceMessageID}},
			says: []string{"an automatic mail (out-of-office, seen by header:auto-submitted), which is never answered",
				"its header names a mail"}, never: "Suggested"},
		"a report": {in: &desk.Inbound{Outcome: desk.OutcomeReport, Reason: "bounced", Verdicts: passed},
			says: []string{"Matched: it reports on a mail that we sent (bounced)"}},
		"seen before": {in: &desk.Inbound{Outcome: desk.OutcomeDuplicate}, says: []string{"nothing is done twice"}},
		"one that waits": {in: &desk.Inbound{Outcome: desk.OutcomeThreaded},
			message: &desk.Message{Kind: desk.KindCustomer},
			items:   []desk.OutboxItem{told("1", "anna", desk.OutboxPending, "451 later")},
			says:    []string{"To be tried again: the news for Anna Winter. It was not taken yet: 451 later."}},
		"two are told, one later": {in: &desk.Inbound{Outcome: desk.OutcomeAgent, Verdicts: passed},
			message: &desk.Message{Kind: desk.KindAnswer, Text: "Yes."},
			items: []desk.OutboxItem{{Kind: desk.OutboxAnswer, To: []string{"erika@customers.example"},
				State: desk.OutboxSent}, told("1", "anna", desk.OutboxSent, ""),
				{Kind: desk.OutboxNotification, To: []string{"ben@team.example"}}},
			says: []string{"Put into the outbox: the answer to Erika Muster and the news for Anna Winter and " +
				"ben@team.example, in one step", "Sent: the answer to Erika Muster.", "Told: Anna Winter, by mail.",
				"About to be sent: the news for ben@team.example."}},
	} {
		if tc.message != nil {
			tc.message.Conversation = conversation
		}
		f := found{settings: testSettings(), sample: true, in: tc.in, message: tc.message, items: tc.items}
		if tc.raw != "" {
			f.mail = email.Read([]byte(tc.raw), "")
		}
		var b strings.Builder
		for _, s := range f.trail("id").Steps {
			b.WriteString(s.Did + ": " + s.Text + "\n")
		}
		for _, want := range tc.says {
			if !strings.Contains(b.String(), want) {
				t.Errorf("%s: it is not said that %q:\n%s", name, want, b.String())
			}
		}
		if tc.never != "" && strings.Contains(b.String(), tc.never) {
			t.Errorf("%s: it says %q:\n%s", name, tc.never, b.String())
		}
	}
}

// A mailbox of a thousand mails is shown in little time and little text.
func TestALargeMailboxIsNoHeavyPage(t *testing.T) {
	w := startPage(t)
	for i := range 1000 {
		if err := w.boxes.Put("erika@customers.example", mailbox.Inbox, fmt.Sprint("m", i),
			[]byte(strings.Replace(htmlMail, "<m2@x>", fmt.Sprintf("<m%d@y>", i), 1))); err != nil {
			t.Fatal(err)
		}
	}
	for _, path := range []string{"/", "/", "/?left-page=50", "/?left-find=shop"} {
		began := time.Now()
		_, body := w.get(t, path)
		t.Logf("%s: %d bytes in %v", path, len(body), time.Since(began))
		if len(body) > 60<<10 {
			t.Errorf("%s has %d bytes", path, len(body))
		}
	}
}
