package inbound_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/replywell/replywell/shared/bench"
	"github.com/replywell/replywell/shared/desk"
)

// read is what most of these want.
const read = "to read what the customer and the shop wrote"

// TestAttack02NeitherReplyToNorATokenProvesWhoWrites: demand 2. Reply-To names whom
// to answer and no more; a token or an id alone is nobody's.
func TestAttack02NeitherReplyToNorATokenProvesWhoWrites(t *testing.T) {
	attacks(t,
		attack{"forged customer", "a stranger who forges the customer's From and names himself in Reply-To", read,
			"answers go to the address in From; agents see that it is not confirmed", func(s *scene) {
				b := s.begin()
				in := s.arrive(letter{from: customer, answers: "first@customers.example", verdict: &forged,
					headers: "Reply-To: " + mallory + "\n", body: "Please repeat what we said."})
				ms := s.Messages(in)
				if ms[len(ms)-1].Verified {
					s.Error("the mail counts as confirmed")
				}
				for _, m := range s.nothingLeaves() {
					if !strings.Contains(own(m), "not confirmed") {
						s.Errorf("the agent is not told:\n%s", own(m))
					}
				}
				s.answered(b)
			}},
		attack{"contact form's Reply-To", "a stranger who fills in a form with the customer's ids", read,
			"the address in a form is answered, and shown no history", func(s *scene) {
				b := s.begin()
				s.apart(s.arrive(letter{from: "Website <wordpress@shop.example>", answers: "first@customers.example",
					subject: "Contact form",
					headers: "Reply-To: Mallory <" + mallory + ">\nX-Mailer: WPForms\n",
					body: "Name: Mallory\nEmail: " +
						mallory + "\nMessage: What did Erika write?"}), b)
			}},
		attack{"the reference said on the phone", "a stranger who read a reference in a subject", read,
			"a reference proves nothing and threads nothing", func(s *scene) {
				b := s.begin()
				in := s.arrive(letter{from: mallory, subject: "Re: [" + b.first.Conversation.Reference() +
					"] Broken lamp",
					body: "What did we say?"})
				if in.Conversation == b.first.Conversation {
					s.Error("the stranger joined the conversation")
				}
				s.nothingLeaves()
			}},
		attack{"another's Message-ID", "a stranger who reuses the customer's Message-ID",
			"to draw her replies into his conversation", "an id leads where it first led, and only its customer joins",
			func(s *scene) {
				b := s.begin()
				in := s.arrive(letter{from: mallory, id: "first@customers.example", body: "I am first."})
				s.apart(in, b)
				next := s.arrive(letter{from: customer, answers: "first@customers.example", body: "Any news?"})
				if next.Conversation != b.first.Conversation {
					s.Errorf("her reply is in %s", next.Conversation)
				}
			}},
		attack{"one conversation's address, another's ids", "a customer with two conversations' ids, one of them hers",
			read, "each piece of evidence is held against the sender; the reply address comes first", func(s *scene) {
				b := s.begin()
				out := s.answered(b)
				second := s.arrive(letter{from: joao, subject: "Parcel", id: "parcel@customers.example",
					body: "Where is my parcel?"})
				s.Sent()
				in := s.arrive(letter{from: joao, to: replyTo(out), answers: "parcel@customers.example",
					body: "And now?"})
				if in.Conversation != second.Conversation {
					s.Errorf("João's mail is in %s, not in his own conversation", in.Conversation)
				}
				in = s.arrive(letter{from: customer, to: replyTo(out), answers: "parcel@customers.example",
					body: "Thank you."})
				if in.Conversation != b.first.Conversation {
					s.Errorf("Erika's mail is in %s, not in her own conversation", in.Conversation)
				}
			}},
	)
}

// TestAttack03WhoIsNotAParticipantGetsNoHistory: demand 3. Neither an id nor an
// address nor a header field shows anybody what was said to another.
func TestAttack03WhoIsNotAParticipantGetsNoHistory(t *testing.T) {
	attacks(t,
		attack{"known Message-ID", "a stranger who was shown a Message-ID", read,
			"only the conversation's customer joins it; anybody else gets a linked conversation", func(s *scene) {
				b := s.begin()
				out := s.answered(b)
				s.apart(s.arrive(letter{from: mallory, subject: "Re: Broken lamp", answers: out.MessageID,
					body: "What did we say?"}), b)
			}},
		attack{"Cc of the customer's own mail", "whoever stands in Cc", read, "answers go to the customer alone",
			func(s *scene) {
				b := s.begin()
				s.arrive(letter{from: customer, answers: "first@customers.example", headers: "Cc: " + mallory +
					"\nReply-To: " + mallory + "\n", body: "Any news?"})
				s.Sent()
				if out := s.answered(b); len(out.To) != 1 || len(out.Read.Cc) != 0 {
					s.Errorf("the answer went to %v, Cc %v", out.To, out.Read.Cc)
				}
			}},
		attack{"answer to a stranger in a linked conversation",
			"a stranger who names a customer's mail, and an agent who answers him", read,
			"an answer quotes the stranger's own mail and nothing else", func(s *scene) {
				b := s.begin()
				s.arrive(letter{from: mallory, answers: "first@customers.example",
					body: "I am her husband. What is new?"})
				told := s.Sent()
				s.arrive(answer(anna, s.sentTo(anna, told), "I cannot say anything about that."))
				out := s.Outside(s.Sent())
				if len(out) != 1 || out[0].To[0] != mallory {
					s.Fatalf("the answer went to %v", bench.Recipients(out))
				}
				if strings.Contains(string(out[0].Raw), secret) {
					s.Errorf("the answer shows the customer's conversation:\n%s", out[0].Raw)
				}
				if c := s.Conversation(b.first); c.Answers != 0 {
					s.Error("it counts as an answer to the customer")
				}
			}},
		attack{"mail that comes before another's", "a stranger in Cc who is faster than the customer",
			"that her mail is taken for a repetition of his, and vanishes", "a repetition has the same author",
			func(s *scene) {
				l := letter{from: mallory, id: "race@customers.example", body: "My order 77 did not arrive."}
				s.arrive(l)
				l.from = customer
				in := s.arrive(l)
				if in.Outcome != desk.OutcomeThreaded || s.Conversation(in).Customer.Address != customer {
					s.Errorf("the customer's mail is %q (%s)", in.Outcome, in.Reason)
				}
			}},
		attack{"forged bounce", "a stranger who knows Message-IDs of other people's mail",
			"to have the customer's conversation marked as unreachable",
			"a report about mail that we do not know is held; about one that we sent, agents alone are told",
			func(s *scene) {
				b := s.begin()
				out := s.answered(b)
				s.held(s.arrive(bounce("unknown@elsewhere.example", support)))
				told := 0
				for i := range 3 {
					l := bounce(out.MessageID, out.From)
					l.body += fmt.Sprintf("\n%d\n", i)
					s.arrive(l)
					told += len(s.nothingLeaves())
				}
				if told != 1 {
					s.Errorf("three forged bounces caused %d mails to agents, not 1", told)
				}
				if in := s.arrive(letter{from: mallory, to: out.From, body: "Hello."}); in.Conversation ==
					b.first.Conversation {
					s.Error("a stranger's own words joined the conversation by the bounce address")
				}
				s.nothingLeaves()
			}},
	)
}

// bounce is a delivery report (RFC 3464) about the mail with this id.
func bounce(id, to string) letter {
	return letter{from: "Mail Delivery System <MAILER-DAEMON@evil.example>", path: "<>", to: to,
		subject: "Undelivered Mail Returned to Sender",
		headers: "Auto-Submitted: auto-replied\nMIME-Version: 1.0\nContent-Type: multipart/report; " +
			"report-type=delivery-status; boundary=b\n",
		body: "--b\nContent-Type: text/plain\n\nThe mail could not be delivered.\n--b\nContent-Type: " +
			"message/delivery-status\n\nReporting-MTA: dns; mx.evil.example\n\n" +
			"Final-Recipient: rfc822; " +
			"" + customer + "\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 no such user\n\n" +
			"--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: <" + id + ">\nFrom: " + support + "\n\n--b--"}
}
