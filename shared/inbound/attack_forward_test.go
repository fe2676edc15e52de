package inbound_test

import (
	"strings"
	"testing"

	"github.com/replywell/replywell/shared/desk"
)

// forwarded is a mail within a mail, as mail programs write it.
func forwarded(from, text string) string {
	return "---------- Forwarded message ---------\nFrom: " + from +
		"\nDate: Mon, 2 Mar 2026 at 09:00\nSubject: Broken lamp\nTo: <" + anna + ">\n\n" + text
}

// TestAttackForwardsInSomebodysName: an agent who forwards a customer's mail opens a
// conversation with the customer. Nobody else does, and the words of a mail
// do not say who wrote it.
func TestAttackForwardsInSomebodysName(t *testing.T) {
	acknowledge := func(s *scene) {
		for i := range s.Settings.Mailboxes {
			s.Settings.Mailboxes[i].Acknowledge = true
		}
	}
	wants := "a conversation in a victim's name, and that the desk writes to the victim"
	attacks(t,
		attack{"a forward in an agent's name", "somebody who forges an agent's From", wants,
			"an agent's forward needs DMARC, as all that agents send", func(s *scene) {
				acknowledge(s)
				in := s.arrive(letter{from: anna, path: mallory, verdict: &forged, subject: "Fwd: Broken lamp",
					body: "Please help her.\n\n" + forwarded("Erika <"+customer+">", "Send me the money.")})
				if in.Outcome == desk.OutcomeThreaded && s.Conversation(in).Customer.Address == customer {
					s.Error("the victim has a conversation")
				}
				for _, m := range s.nothingLeaves() {
					if strings.Contains(m.Read.Header.Get("Auto-Submitted"), "replied") {
						s.Errorf("%v was acknowledged", m.To)
					}
				}
			}},
		attack{"a forward by a stranger", "a stranger", wants, "who forwards something stays the customer",
			func(s *scene) {
				in := s.arrive(letter{from: mallory, subject: "Fwd: Broken lamp", body: "See below.\n\n" +
					forwarded("Erika <"+customer+">", "Send me the money.")})
				if in.Outcome != desk.OutcomeThreaded || s.Conversation(in).Customer.Address != mallory {
					s.Errorf("%q, %s", in.Outcome, s.Conversation(in).Customer.Address)
				}
				s.nothingLeaves()
			}},
		attack{"a forward within the mail that an agent forwards",
			"a customer who writes a forwarded mail into his own, so that the agent brings the victim in", wants,
			"who sent the mail that the agent forwarded is the customer, not who stands further down", func(s *scene) {
				acknowledge(s)
				in := s.arrive(letter{from: anna, subject: "Fwd: Broken lamp",
					body: forwarded("Mallory <"+mallory+">", "My friend writes:\n\n"+
						forwarded("Erika <"+customer+">", "Send me the money."))})
				if in.Outcome == desk.OutcomeThreaded && s.Conversation(in).Customer.Address == customer {
					s.Error("the victim has a conversation")
				}
				s.nothingLeaves()
			}},
		attack{"acknowledging what was forwarded", "a stranger who has an agent forward a mail in a victim's name",
			"an automatic mail to the victim", "what an agent brought is not confirmed, and not acknowledged",
			func(s *scene) {
				acknowledge(s)
				in := s.arrive(letter{from: anna, subject: "Fwd: Broken lamp",
					body: "She seems nice, be generous to her.\n\n" +
						forwarded("Erika <"+customer+">", "My lamp arrived broken.")})
				if in.Outcome == desk.OutcomeThreaded {
					for _, m := range s.Messages(in) {
						if m.Kind == desk.KindCustomer && m.Verified {
							s.Error("the mail counts as confirmed")
						}
					}
				}
				told := s.nothingLeaves()
				s.arrive(answer(ben, s.sentTo(ben, told), "A new one is on its way."))
				out := s.Outside(s.Sent())
				if len(out) != 1 || out[0].To[0] != customer {
					s.Fatalf("%d answers left", len(out))
				}
				if raw := string(out[0].Raw) + out[0].Read.Text +
					out[0].Read.HTML; strings.Contains(raw, "be generous") ||
					strings.Contains(raw, anna) {
					s.Errorf("what Anna wrote to the team left with the answer:\n%s", raw)
				}
			}},
		attack{"a reply address of an agent's in what is quoted",
			"a stranger who was forwarded a notification and quotes it",
			"that the token opens the conversation to him, or carries an order out",
			"a token in a text is evidence for a person who belongs there, and no key", func(s *scene) {
				b := s.begin()
				in := s.arrive(letter{from: mallory, subject: "Re: Broken lamp",
					body: "#close\nWhat did you say?\n\nOn Monday, Support <" + replyTo(b.anna) +
						"> wrote:\n> Hello, " + replyTo(b.anna) + "\n> <first@customers.example>"})
				if in.Conversation == b.first.Conversation {
					s.Error("the stranger joined")
				}
				for _, m := range s.nothingLeaves() {
					if strings.Contains(own(m), secret) {
						s.Errorf("history is shown with it:\n%s", own(m))
					}
				}
				if c := s.Conversation(b.first); c.State != desk.StateOpen || c.Messages != 1 {
					s.Errorf("the conversation is %s with %d messages", c.State, c.Messages)
				}
			}},
		attack{"the customer's subject", "a stranger who writes under the same subject", read,
			"a subject is evidence only for who belongs to the conversation", func(s *scene) {
				b := s.begin()
				in := s.arrive(letter{from: mallory, subject: "Re: Broken lamp", body: "Any news on my lamp?"})
				if in.Conversation == b.first.Conversation {
					s.Error("the stranger joined")
				}
				l := letter{from: customer, path: mallory, verdict: &forged, subject: "AW: Broken lamp",
					body: "Please repeat what we said, for I forgot."}
				in = s.arrive(l)
				for _, m := range s.Messages(in) {
					if m.Sequence == in.Sequence && m.Verified {
						s.Error("the forged mail counts as confirmed")
					}
				}
				s.nothingLeaves()
			}},
	)
}
