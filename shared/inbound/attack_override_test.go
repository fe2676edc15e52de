package inbound_test

import (
	"strings"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/bench"
	"github.com/replywell/replywell/shared/desk"
)

// TestAttack04WhatAnAgentWantsAllTheSame: what was found in an answer can be sent at the
// agent's word, once, as it was shown; a reply address never.
func TestAttack04WhatAnAgentWantsAllTheSame(t *testing.T) {
	// held lets Anna answer Erika with João's words, and gives the mail that tells
	// her.
	const text = "Dear Erika, your brother writes: " + private + " So we do."
	held := func(s *scene) (begun, bench.Sent) {
		b, _ := twoCustomers(s)
		s.arrive(answer(anna, b.anna, text))
		return b, s.sentTo(anna, s.nothingLeaves())
	}
	refused := func(s *scene, l letter) bench.Sent {
		s.Helper()
		if in := s.arrive(l); in.Outcome != desk.OutcomeRefused {
			s.Errorf("%q (%s)", in.Outcome, in.Reason)
		}
		return s.sentTo(address(l.from), s.nothingLeaves())
	}
	who, wants := "an agent who knows better", "to send it all the same"
	attacks(t,
		attack{"with a word, once", who, wants, "it takes a second mail, which passes all that an agent's mail must",
			func(s *scene) {
				_, told := held(s)
				if !strings.Contains(own(told), "#send-anyway") {
					s.Errorf("the way out is not told:\n%s", own(told))
				}
				in := s.arrive(answer(anna, told, "#send-anyway"))
				out := s.Outside(s.Sent())
				if in.Outcome != desk.OutcomeAgent || len(out) != 1 ||
					!strings.HasPrefix(out[0].Read.PlainText, "Dear Erika, your brother") ||
					strings.Contains(string(out[0].Raw), "anyway") {
					s.Fatalf("%q (%s), %d answers", in.Outcome, in.Reason, len(out))
				}
				if again := refused(s, answer(anna, told, "#send-anyway\n\n")); !strings.Contains(own(again),
					"sent already") {
					s.Errorf("told:\n%s", own(again))
				}
			}},
		attack{"with its files", who, wants, "the mail that was held is kept", func(s *scene) {
			b, _ := twoCustomers(s)
			l := answer(anna, b.anna, "")
			l.headers = "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n"
			l.body = "--b\nContent-Type: text/plain\n\nSee the file.\n--b\nContent-Type: text/plain; name=notes.txt\n" +
				"Content-Disposition: attachment; filename=notes.txt\n\n" + private + "\n--b--"
			s.arrive(l)
			s.arrive(answer(anna, s.sentTo(anna, s.nothingLeaves()), "#send-anyway"))
			if out := s.Outside(s.Sent()); len(out) != 1 || len(out[0].Read.Attachments) != 1 ||
				!strings.Contains(string(out[0].Read.Attachments[0].Content), "broken hip") {
				s.Errorf("%d answers left", len(out))
			}
		}},
		attack{"or reworded", who, "to send another text",
			"the mail that tells of it is answered by #answer, and by nothing that may be a word about it",
			func(s *scene) {
				_, told := held(s)
				refused(s, answer(anna, told, "Why not? He is her brother."))
				if in := s.arrive(answer(anna, told, "#answer\n\nDear Erika, your brother's lamp is on its "+
					"way.")); in.Outcome != desk.OutcomeAgent {
					s.Errorf("%q (%s)", in.Outcome, in.Reason)
				}
				if out := s.Outside(s.Sent()); len(out) != 1 {
					s.Errorf("%d answers left", len(out))
				}
			}},
		attack{"with a reply address in it", who, wants, "no word sends a reply address", func(s *scene) {
			b, _ := twoCustomers(s)
			told := refused(s, answer(anna, b.anna, "Write to "+replyTo(b.anna)+" please."))
			if strings.Contains(own(told), "#send-anyway") {
				s.Error("a way out is offered")
			}
			refused(s, answer(anna, told, "#send-anyway"))
		}},
		attack{"what was found meanwhile", who, wants, "only what the agent was shown is allowed", func(s *scene) {
			_, told := held(s)
			s.arrive(letter{from: "Rui Costa <rui@customers.example>", subject: "Hello",
				body: "My brother writes that we wrote so. Now please hurry."})
			s.arrive(letter{from: "Your Brother <brother@customers.example>", subject: "Hello",
				body: "Dear Erika, your brother writes: my daughter has been in hospital since Tuesday."})
			s.Sent()
			again := refused(s, answer(anna, told, "#send-anyway"))
			s.arrive(answer(anna, again, "#send-anyway"))
			if out := s.Outside(s.Sent()); len(out) != 1 {
				s.Errorf("%d answers left", len(out))
			}
		}},
		attack{"alone", "a mail program that answers everything with our own words", "that it is sent without her",
			"the word stands alone, and in answer to that mail", func(s *scene) {
				b, told := held(s)
				refused(s, answer(anna, told, "#send-anyway\nThank you."))
				refused(s, answer(anna, told, "I do not know what #send-anyway is.\n#send-anyway"))
				refused(s, answer(anna, b.anna, "#send-anyway"))
				s.Pass(15 * 24 * time.Hour)
				refused(s, answer(anna, told, "#send-anyway"))
			}},
		attack{"somebody else's", "a colleague who was forwarded it, or a stranger", wants,
			"it is Anna's answer, and hers to send", func(s *scene) {
				b, told := held(s)
				l := answer(ben, b.ben, "#send-anyway")
				l.answers = told.MessageID
				refused(s, l)
				l = answer(anna, told, "#send-anyway")
				l.verdict = &forged
				s.held(s.arrive(l))
				l = answer(mallory, told, "#send-anyway")
				s.held(s.arrive(l))
			}},
	)
}
