package inbound_test

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/bench"
	"github.com/replywell/replywell/shared/desk"
)

// What João wrote to the shop, and nobody else may read.
const private = "My daughter has been in hospital since Tuesday with a broken hip, so please send the blue lamp to " +
	"her flat in Lisbon and leave it with the neighbour on the third floor."

// twoCustomers is a desk at which Erika and João have written, and Anna was
// told of both.
func twoCustomers(s *scene) (b begun, his bench.Sent) {
	s.Helper()
	b = s.begin()
	s.arrive(letter{from: "João Silva <" + joao + ">", subject: "Another address", id: "joao@customers.example",
		body: "Hello,\n\n" + private + "\n\nJoão Silva"})
	return b, s.sentTo(anna, s.Sent())
}

// TestAttack04AnotherCustomersWordsLeaving: demand 4, where it hurts most. What one
// customer wrote stays out of the mail to another, whichever way it gets in.
func TestAttack04AnotherCustomersWordsLeaving(t *testing.T) {
	// refused lets Anna answer Erika with what build makes, and expects that it is
	// held and that Anna is shown the place.
	refused := func(build func(b begun, his bench.Sent) letter, shows string) func(*scene) {
		return func(s *scene) {
			b, his := twoCustomers(s)
			in := s.arrive(build(b, his))
			if in.Outcome != desk.OutcomeRefused {
				s.Errorf("the answer is %q (%s)", in.Outcome, in.Reason)
			}
			told := s.nothingLeaves()
			if len(told) != 1 || told[0].To[0] != anna ||
				!strings.Contains(strings.Join(strings.Fields(own(told[0])), " "), shows) {
				s.Errorf("told are %v, and %q is not shown:\n%s", bench.Recipients(told), shows, own(told[0]))
			}
		}
	}
	text := func(t string) func(b begun, _ bench.Sent) letter {
		return func(b begun, _ bench.Sent) letter { return answer(anna, b.anna, t) }
	}
	attached := func(head, body string) func(begun, bench.Sent) letter {
		return func(b begun, his bench.Sent) letter {
			l := answer(anna, b.anna, "")
			l.headers = "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n"
			l.body = "--b\nContent-Type: text/plain\n\nSee the file.\n--b\n" + head + "\n\n" + body + "\n--b--"
			return l
		}
	}
	who, wants := "nobody; an agent pastes into the wrong window", "what João wrote reaches Erika"
	stops := "the answer is compared with what the agent's mailbox was shown of other customers"
	span := "in hospital since Tuesday with a broken hip"
	attacks(t,
		attack{"pasted into the answer", who, wants, stops,
			refused(text("Dear Erika,\n\nit is as you say: "+private), span)},
		attack{"pasted with quote marks", who, wants, stops,
			refused(text("Dear Erika,\n\n| "+strings.ReplaceAll(private, ", ", ",\n| ")+"\n\nAnna"), span)},
		attack{"a part of it, in capitals", who, wants, stops,
			refused(text("SHE HAS BEEN IN HOSPITAL SINCE TUESDAY WITH A BROKEN HIP, SO PLEASE SEND THE BLUE LAMP TO"),
				"SEND THE BLUE LAMP")},
		attack{"in HTML", who, wants, stops, refused(func(b begun, _ bench.Sent) letter {
			l := answer(anna, b.anna, "")
			l.headers = "MIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n"
			l.body = "<p>Dear Erika,</p><table><tr><td>" + strings.ReplaceAll(private, " ", "</b> <b>") +
				"</td></tr></table>"
			return l
		}, span)},
		attack{"his mail forwarded as an attachment", who, wants, stops,
			refused(attached("Content-Type: message/rfc822\nContent-Disposition: attachment; filename=\"Another "+
				"address.eml\"",
				"From: João "+
					"<"+joao+">\nTo: "+support+
					"\nSubject: Another address\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: "+
					"base64\n\n"+wrapped(base64.StdEncoding.EncodeToString([]byte(private)))), "must not reach")},
		attack{"a text file with his words", who, wants, stops,
			refused(attached("Content-Type: text/plain; name=\"notes.txt\"\nContent-Disposition: attachment; "+
				"filename=\"notes.txt\"", private), span)},
		attack{"his address", who, "João's address", "other customers' addresses are looked for as well",
			refused(text("I told joao@customers.example the same."), joao)},
		attack{"a colleague's note", who, "what the team thinks of Erika",
			"notes are compared as well, those of linked conversations too", func(s *scene) {
				b := s.begin()
				s.arrive(answer(ben, b.ben, "#note\nShe is the niece of our landlord, so be generous and do not ask "+
					"for "+
					"the receipt again."))
				s.Sent()
				in := s.arrive(answer(anna, b.anna, "Dear Erika, Ben says: be generous and do not ask for the receipt "+
					"again. So I do not."))
				if in.Outcome != desk.OutcomeRefused {
					s.Errorf("the answer is %q", in.Outcome)
				}
				s.nothingLeaves()
			}},
		attack{"a note of the conversation that a stranger named",
			"a stranger who answers Erika's mail, and an agent who quotes from it", "what the team noted about Erika",
			"linked conversations are compared as well", func(s *scene) {
				b := s.begin()
				s.arrive(answer(anna, b.anna, "#note\nShe is the niece of our landlord, so be generous and do not ask "+
					"for the receipt again."))
				s.Sent()
				s.arrive(letter{from: mallory, answers: "first@customers.example",
					body: "I am her husband. What is new?"})
				in := s.arrive(answer(anna, s.sentTo(anna, s.Sent()),
					"Well, be generous and do not ask for the receipt again."))
				if in.Outcome != desk.OutcomeRefused {
					s.Errorf("the answer is %q", in.Outcome)
				}
				s.nothingLeaves()
			}},
		attack{"the other entries of a digest", "an agent who answers one of many merged mails", wants, stops,
			func(s *scene) {
				for i := range s.Settings.Notifications.Most {
					s.arrive(letter{from: fmt.Sprintf("c%d@elsewhere.example", i),
						body: fmt.Sprintf("Where is my order number %d?", i)})
				}
				s.Sent()
				s.arrive(letter{from: customer, subject: "Broken lamp", body: "My lamp is broken."})
				s.arrive(letter{from: joao, subject: "Another address", body: private})
				s.Sent() // above the rate: they wait
				var digest bench.Sent
				for _, m := range s.Later(2 * s.Settings.Notifications.Window) {
					if m.To[0] == anna && strings.Contains(strings.Join(strings.Fields(m.Read.PlainText), " "), span) {
						digest = m
					}
				}
				if digest.Read == nil {
					s.Fatal("Anna got no digest")
				}
				i := strings.Index(digest.Read.PlainText, ". "+customer)
				if i < 1 || strings.Contains(digest.Read.PlainText, "mailto:") {
					s.Fatalf("the digest is\n%s", digest.Read.PlainText)
				}
				// To the digest itself no answer can be written; a letter fetches Erika's mail.
				s.arrive(answer(anna, digest, private))
				if out := s.Outside(s.Sent()); len(out) > 0 {
					s.Errorf("a reply to the digest went to %v", bench.Recipients(out))
				}
				s.arrive(answer(anna, digest, digest.Read.PlainText[i-1:i]))
				fetched := s.sentTo(anna, s.Sent())
				in := s.arrive(answer(anna, fetched, "Dear Erika, we send you a new one.\n\n"+private))
				if in.Outcome != desk.OutcomeRefused {
					s.Errorf("the answer is %q (%s)", in.Outcome, in.Reason)
				}
				s.nothingLeaves()
			}},
	)
}

// TestAttack04WhatIsAllowedLeaves: a guard that cries wolf is switched off. The
// answers that agents write every day pass it.
func TestAttack04WhatIsAllowedLeaves(t *testing.T) {
	const template = "your parcel leaves our warehouse within two working days; as soon as it is on its way you get " +
		"a mail with the number of the parcel."
	leaves := func(to func(b begun, his bench.Sent) (bench.Sent, string)) func(*scene) {
		return func(s *scene) {
			b, his := twoCustomers(s)
			told, text := to(b, his)
			s.Pass(time.Minute)
			if in := s.arrive(answer(anna, told, text)); in.Outcome != desk.OutcomeAgent {
				s.Errorf("the answer is %q (%s)", in.Outcome, in.Reason)
			}
			if out := s.Outside(s.Sent()); len(out) != 1 {
				s.Errorf("%d answers left", len(out))
			}
		}
	}
	attacks(t,
		attack{"the customer's own words", "an agent", "to say what the customer wrote", "it is the customer's",
			leaves(func(b begun, _ bench.Sent) (bench.Sent, string) {
				return b.anna, "You wrote “the lamp I ordered arrived broken, " + secret + "”. A new one is on its way."
			})},
		attack{"João's words to João", "an agent", "to answer him", "they are his",
			leaves(func(_ begun, his bench.Sent) (bench.Sent, string) { return his, "> " + private + "\n\nGladly." })},
		attack{"a paragraph that every customer gets", "an agent", "to answer as yesterday",
			"what the team wrote is nobody's", func(s *scene) {
				b, his := twoCustomers(s)
				s.arrive(answer(anna, his, "Dear João,\n\n"+template))
				s.Sent()
				s.Pass(time.Minute)
				// He quotes it back, without marks.
				s.arrive(letter{from: joao, answers: "joao@customers.example", body: "You write: " + template +
					" But when?"})
				s.Sent()
				if in := s.arrive(answer(anna, b.anna, "Dear Erika,\n\n"+template)); in.Outcome != desk.OutcomeAgent {
					s.Errorf("the answer is %q (%s)", in.Outcome, in.Reason)
				}
			}},
		attack{"a ready answer", "an agent", "to send an article", "articles are for everybody",
			leaves(func(b begun, _ bench.Sent) (bench.Sent, string) { return b.anna, "#send 1" })},
		attack{"courtesies", "an agent", "to be polite", "what everybody writes is nobody's",
			leaves(func(b begun, _ bench.Sent) (bench.Sent, string) {
				return b.anna, "Thank you very much for your mail. If you have any further questions, please do not " +
					"hesitate to contact us. We look forward to hearing from you.\n\nAnna"
			})},
	)
}
