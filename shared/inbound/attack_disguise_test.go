package inbound_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/bench"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/replyaddr"
)

// TestAttackPassingForTheCustomer: whoever looks like the customer, to a program or
// to a person, is not let into the customer's conversation, and agents can tell.
func TestAttackPassingForTheCustomer(t *testing.T) {
	// apartFrom answers Erika's conversation as somebody else, with a domain that
	// vouches for it.
	apartFrom := func(from string) func(*scene) {
		return func(s *scene) {
			b := s.begin()
			out := s.answered(b)
			s.apart(s.arrive(letter{from: from, path: mallory, to: replyTo(out), answers: out.MessageID,
				subject: "Re: Broken lamp", body: "What did we say?"}), b)
		}
	}
	who := "a stranger with a domain of his own, which vouches for him"
	attacks(t,
		attack{"a domain that looks alike", who, read, "the whole address is compared",
			apartFrom("Erika Muster <erika@custorners.example>")},
		attack{"a Cyrillic letter in the domain", who, read, "domains are compared as they are registered (punycode)",
			apartFrom("Erika Muster <erika@\u0441ustomers.example>")},
		attack{"a Cyrillic letter before the @", who, read, "addresses are compared letter by letter",
			apartFrom("Erika Muster <\u0435rika@customers.example>")},
		attack{"an accent that falls away", who, read, "addresses are compared letter by letter",
			apartFrom("Erika Muster <\u00e9rika@customers.example>")},
		attack{"a full-width letter", who, read, "addresses are compared letter by letter",
			apartFrom("Erika Muster <\uff45rika@customers.example>")},
		attack{"an invisible letter", who, read, "addresses are compared letter by letter",
			apartFrom("Erika Muster <eri\u200bka@customers.example>")},
		attack{"a subdomain", who, read, "the whole address is compared",
			apartFrom("Erika Muster <erika@mail.customers.example>")},
		attack{"her address as the display name", who, read, "only the address counts",
			apartFrom(`"` + customer + `" <` + mallory + `>`)},
		attack{"her address in a comment", who, read, "only the address counts",
			apartFrom(mallory + " (" + customer + ")")},
		attack{"her address as a quoted local part", who, read, "only the address counts",
			apartFrom(`"` + customer + `"@evil.example`)},
		attack{"a route through her domain", who, read, "only the last domain counts",
			apartFrom("erika%customers.example@evil.example")},
		attack{"behind her address in From", who, read, "a From field with two addresses vouches for nobody",
			func(s *scene) {
				b := s.begin()
				s.answered(b)
				in := s.arrive(letter{from: customer + ", " + mallory, path: mallory,
					answers: "first@customers.example",
					body:    "What did we say?"})
				for _, m := range s.Messages(in) {
					if m.Kind == desk.KindCustomer && m.Sequence == in.Sequence && m.Verified {
						s.Error("the mail counts as confirmed")
					}
				}
				s.nothingLeaves()
			}},
		attack{"before her address in From", who, read, "a From field with two addresses vouches for nobody",
			func(s *scene) {
				b := s.begin()
				s.apart(s.arrive(letter{from: mallory + ", " + customer, path: mallory,
					answers: "first@customers.example",
					body:    "What did we say?"}), b)
			}},
		attack{"two From fields", who, read, "the mail counts as nobody's", func(s *scene) {
			b := s.begin()
			in := s.arrive(letter{from: mallory, path: mallory, headers: "From: Erika <" + customer + ">\n",
				answers: "first@customers.example", body: "What did we say?"})
			if in.Conversation == b.first.Conversation {
				for _, m := range s.Messages(in) {
					if m.Sequence == in.Sequence && m.Verified {
						s.Error("the mail joined as confirmed")
					}
				}
			}
			s.nothingLeaves()
		}},
		attack{"a group in From", who, read, "a group is nobody's address",
			apartFrom("Customers: " + mallory + ", " + customer + ";")},
	)
}

// TestAttackReplyAddressesThatAreBent: a reply address that was cut, stretched, or spelled in
// another way opens nothing it would not open as it is.
func TestAttackReplyAddressesThatAreBent(t *testing.T) {
	bend := func(change func(local, domain string) string) func(*scene) {
		return func(s *scene) {
			b := s.begin()
			local, domain, _ := strings.Cut(replyTo(b.anna), "@")
			l := answer(mallory, b.anna, "Please pay to my account.")
			l.from, l.to = "Anna <"+anna+">", change(local, domain)
			l.verdict = &forged
			s.held(s.arrive(l))
			// With all factors right, the bent address is still none.
			l = answer(anna, b.anna, "Another text for "+l.to)
			l.to = change(local, domain)
			if in := s.arrive(l); in.Outcome == desk.OutcomeAgent {
				s.Errorf("%s opened the conversation", l.to)
			}
			s.nothingLeaves()
		}
	}
	who, stops := "a stranger", "the address is signed as a whole"
	attacks(t,
		attack{"cut by one", who, reach, stops, bend(func(l, d string) string { return l[:len(l)-1] + "@" + d })},
		attack{"cut to half", who, reach, stops, bend(func(l, d string) string { return l[:len(l)/2] + "@" + d })},
		attack{"longer by one", who, reach, stops, bend(func(l, d string) string { return l + "a@" + d })},
		attack{"its last sign changed where no bit is used", who, reach, "one spelling is accepted",
			bend(func(l, d string) string { return l[:len(l)-1] + otherSpelling(l[len(l)-1]) + "@" + d })},
		attack{"another purpose", who, reach, stops,
			bend(func(l, d string) string {
				i := len(l) - replyaddr.TokenLen
				return l[:i] + "k" + l[i+1:] + "@" +
					d
			})},
		attack{"two addresses in one", who, reach, stops,
			bend(func(l, d string) string { return l + l[len(l)-replyaddr.TokenLen:] + "@" + d })},
	)
	attacks(t,
		attack{"in percent signs, in capitals, in quotes", "nobody; relays do that",
			"to reach the conversation it was made for", "the address is read as it was meant", func(s *scene) {
				for i, change := range []func(string) string{strings.ToUpper,
					func(a string) string { return strings.Replace(a, "+", "%2B", 1) }, func(a string) string {
						local, domain, _ := strings.Cut(a, "@")
						return `"` + local + `"@` + domain
					}} {
					b := s.beginAs(i)
					l := answer(anna, b, fmt.Sprintf("We send you a new one, number %d.", i))
					l.to = change(replyTo(b))
					if in := s.arrive(l); in.Outcome != desk.OutcomeAgent {
						s.Errorf("%s: %q (%s)", l.to, in.Outcome, in.Reason)
					}
					s.Sent()
				}
			}},
		attack{"an old mail of Anna's, sent again months later", "whoever can replay it, with its signature",
			"to send her answer again, or to close the conversation",
			"an agent's mail is known by its content for longer than its reply address is good", func(s *scene) {
				b := s.begin()
				l := answer(anna, b.anna, "We send you a new one today, with the first post, and you keep the old one.")
				l.id = "once@team.lantern.example"
				s.arrive(l)
				s.Sent()
				s.Pass(170 * 24 * time.Hour)
				if in := s.arrive(l); in.Outcome == desk.OutcomeAgent {
					s.Errorf("the second is %q", in.Outcome)
				}
				s.nothingLeaves()
			}},
	)
}

// otherSpelling gives the sign that differs in the last bit alone, which a token
// of 264 bits in 53 signs does not use.
func otherSpelling(b byte) string {
	const alphabet = "abcdefghijklmnopqrstuvwxyz234567"
	return string(alphabet[strings.IndexByte(alphabet, b)^1])
}

// beginAs is a conversation of another customer's, as Anna is told of it.
func (s *scene) beginAs(n int) bench.Sent {
	s.Helper()
	s.arrive(letter{from: fmt.Sprintf("customer%d@customers.example", n), subject: fmt.Sprintf("Lamp %d", n),
		body: fmt.Sprintf("My lamp number %d is broken. What do I do?", n)})
	return s.sentTo(anna, s.Sent())
}
