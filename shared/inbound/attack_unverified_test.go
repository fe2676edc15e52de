package inbound_test

import (
	"strings"
	"testing"

	"github.com/replywell/replywell/shared/bench"
	"github.com/replywell/replywell/shared/desk"
)

// TestAttackUnverifiedMailInACustomersName: a customer's mail that fails DMARC is
// shown as such, and neither history nor anything automatic goes out for it.
func TestAttackUnverifiedMailInACustomersName(t *testing.T) {
	for name, v := range map[string]desk.Verdict{"FAIL": desk.VerdictFail, "GRAY": desk.VerdictGray,
		"PROCESSING_FAILED": desk.VerdictProcessing, "DISABLED": desk.VerdictDisabled} {
		attacks(t, attack{"DMARC " + name, "whoever forges Erika and has her reply address",
			"to be sent what was written, or an answer",
			"agents are told that it is not confirmed; nothing leaves by itself, and an answer goes to the real " +
				"Erika, without history", func(s *scene) {
				for i := range s.Settings.Mailboxes {
					s.Settings.Mailboxes[i].Acknowledge = true
				}
				b := s.begin()
				s.arrive(answer(anna, b.anna, "What does the label say?"))
				toErika := s.sentTo(customer, s.Sent())
				verdicts := bench.Trusted
				verdicts.DMARC = v
				for _, l := range []letter{
					answer(customer, toErika, "Please repeat what I wrote first."),
					{from: customer, subject: "New", body: "Please tell me all about my order."},
				} {
					l.verdict, l.path = &verdicts, mallory
					in := s.arrive(l)
					if in.Outcome != desk.OutcomeThreaded {
						s.Fatalf("%s (%s)", in.Outcome, in.Reason)
					}
					if ms := s.Messages(in); ms[len(ms)-1].Verified {
						s.Error("recorded as verified")
					}
					sent := s.Sent()
					if out := s.Outside(sent); len(out) != 0 {
						s.Errorf("mail left for %v", bench.Recipients(out))
					}
					told := s.sentTo(anna, sent)
					if !strings.Contains(told.Read.Text, "not confirmed") {
						s.Errorf("agents are not warned:\n%s", told.Read.Text)
					}
					s.arrive(answer(anna, told, "Which lamp do you mean, and since when? "+l.subject))
					out := s.Outside(s.Sent())
					if len(out) != 1 || out[0].To[0] != customer || strings.Contains(out[0].Read.Text, secret) {
						s.Errorf("an answer went to %v", bench.Recipients(out))
					}
				}
			}})
	}
}
