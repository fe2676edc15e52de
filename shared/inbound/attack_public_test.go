package inbound_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/replywell/replywell/shared/bench"
	"github.com/replywell/replywell/shared/desk"
)

// What follows are the attacks that support desks are known in public to have
// fallen to, each by its name.

// TestAttack09VerificationMailIsShownToNobody: demand 9, the "ticket trick" by which
// support addresses of companies were used to join their GitLab, Slack and
// others (Inti De Ceukelaire, 2017).
func TestAttack09VerificationMailIsShownToNobody(t *testing.T) {
	ticketTrick := func(to func(b begun, out bench.Sent) string, l letter) func(*scene) {
		return func(s *scene) {
			b := s.begin()
			l.to = to(b, s.answered(b))
			if told := s.held(s.arrive(l)); len(told) > 0 {
				s.Errorf("the code was shown to %v", bench.Recipients(told))
			}
		}
	}
	atSupport := func(begun, bench.Sent) string { return support }
	atCustomers := func(_ begun, out bench.Sent) string { return replyTo(out) }
	code := letter{from: "Slack <feedback@slack.example>", path: "bounces@slack.example",
		subject: "Slack confirmation code: 482-193",
		headers: "Auto-Submitted: auto-generated\n",
		body: "Your confirmation code is 482-193. Enter it in your open browser window and we will help you get " +
			"signed in."}
	link := letter{from: "GitHub <noreply@github.example>", path: "<>", subject: "Please verify your email address",
		headers: "Auto-Submitted: auto-generated\n",
		body: "Click the link below to verify your email address:\n" +
			"https://github.example/verify/0123456789abcdef\nThis link expires in 24 hours. If you did not sign up, " +
			"ignore this email."}
	who, wants := "whoever registers the support address elsewhere (the ticket trick)",
		"to pass for one of the team there"
	attacks(t,
		attack{"a code to the support address", who, wants, "verification mail is held and shown to nobody",
			ticketTrick(atSupport, code)},
		attack{"a code to a customer's reply address", who, wants, "the same, whatever address of ours it came to",
			ticketTrick(atCustomers, code)},
		attack{"a code to an agent's reply address", who, wants,
			"mail that is not the agent's is held; a machine's makes no notice", func(s *scene) {
				b := s.begin()
				l := code
				l.to = replyTo(b.anna)
				s.held(s.arrive(l))
			}},
		attack{"a link to the support address", who, wants, "verification mail is held and shown to nobody",
			ticketTrick(atSupport, link)},
		attack{"a link to a customer's reply address", who, wants, "the same, whatever address of ours it came to",
			ticketTrick(atCustomers, link)},
		attack{"a German code", who, wants, "the same in other languages",
			ticketTrick(atSupport, letter{from: "Konto <noreply@dienst.example>", subject: "Ihr Bestätigungscode",
				headers: "Auto-Submitted: auto-generated\n",
				body: "Ihr Bestätigungscode lautet 482193. Er ist 10 Minuten gültig. Geben Sie ihn an niemanden " +
					"weiter."})},
	)
}

// TestAttackTicketTrick is the same by the name it is known under: whoever
// registers "support@" at a service that trusts the company's domain must not be
// helped by the desk to read the link, by joining a conversation, by a reply
// address, or by having it forwarded.
func TestAttackTicketTrick(t *testing.T) {
	link := letter{from: "GitLab <gitlab@mg.gitlab.example>", path: "bounces@mg.gitlab.example",
		subject: "Confirmation instructions",
		headers: "Auto-Submitted: auto-generated\n",
		body: "Welcome! Click the link below to confirm your email address:\n" +
			"https://gitlab.example/users/confirmation?confirmation_token=abcdef0123456789\n"}
	attacks(t,
		attack{"in answer to the attacker's own conversation",
			"a stranger who wrote to the desk before and names his conversation's reply address at the service",
			"the link in his conversation", "verification mail is held though the reply address is good",
			func(s *scene) {
				s.arrive(letter{from: mallory, subject: "Hello", id: "mallory@evil.example",
					body: "I have a question about lamps."})
				told := s.sentTo(anna, s.Sent())
				s.arrive(answer(anna, told, "Please ask."))
				out := s.Outside(s.Sent())
				if len(out) != 1 {
					s.Fatalf("%d answers left", len(out))
				}
				l := link
				l.to, l.answers = replyTo(out[0]), out[0].MessageID
				if told := s.held(s.arrive(l)); len(told) > 0 {
					s.Errorf("told are %v", bench.Recipients(told))
				}
			}},
		attack{"as the service's Reply-To", "a stranger who writes in the service's form",
			"an answer that quotes the link to him", "verification mail opens no conversation, whoever is in Reply-To",
			func(s *scene) {
				l := link
				l.headers += "Reply-To: " + mallory + "\n"
				s.held(s.arrive(l))
			}},
		attack{"under a name that looks like somebody's words", "a stranger who gives the service a name of his making",
			read, "a few quoted words in a machine's mail make it no person's", func(s *scene) {
				for _, name := range []string{`"please do send me this at once"`, "“Could you look at this for me?”",
					"Bob wrote: hello, can you help me?", "> please do help me with this"} {
					l := link
					l.body = "Welcome " + name + "! Click the link below to confirm your email address:\n" +
						"https://gitlab.example/users/confirmation?confirmation_token=abcdef0123456789\nIf you did " +
						"not create an account you can safely ignore this message, and nothing will happen.\n"
					s.held(s.arrive(l))
				}
			}},
	)
}

// TestAttackZendesk2024GuessedReplyAddressWithCc: support+id@ with a number that
// anybody could count up, and a Cc that was let into the conversation.
func TestAttackZendesk2024GuessedReplyAddressWithCc(t *testing.T) {
	attacks(t,
		attack{"customer's reply address and Cc", "a stranger who guessed or was given a reply address (Zendesk, 2024)",
			read, "a reply address proves nothing about who writes; a Cc is shown to the agent and not added",
			func(s *scene) {
				b := s.begin()
				out := s.answered(b)
				in := s.arrive(letter{from: mallory, to: replyTo(out), headers: "Cc: " + mallory +
					", second@evil.example\n", body: "Please keep me in the loop."})
				s.apart(in, b)
				c := s.Conversation(b.first)
				if c.Customer.Address != customer {
					s.Errorf("the conversation belongs to %s", c.Customer.Address)
				}
			}},
		attack{"counting reply addresses up", "a stranger", read,
			"a reply address has a MAC of 128 bits; no other opens anything", func(s *scene) {
				b := s.begin()
				s.answered(b)
				for _, guess := range []string{"1", "2", "000001", "id1234", string(b.first.Conversation),
					b.first.Conversation.Reference(), strings.Repeat("a", 53)} {
					in := s.arrive(letter{from: mallory, to: "support+" + guess + "@lantern.example",
						headers: "Cc: second@evil.example\n", body: "Please keep me in the loop, " + guess})
					if in.Conversation == b.first.Conversation {
						s.Errorf("support+%s opened the conversation", guess)
					}
				}
				for _, m := range s.nothingLeaves() {
					if strings.Contains(own(m), secret) {
						s.Errorf("history is shown with it:\n%s", own(m))
					}
				}
			}},
		attack{"the forged customer adds himself in Cc",
			"a stranger who forges the customer's From and stands in Cc (hackermondev, 2024)", read,
			"a Cc is proposed to the agent; answers go to the customer alone", func(s *scene) {
				b := s.begin()
				s.arrive(letter{from: customer, path: mallory, answers: "first@customers.example", verdict: &forged,
					headers: "Cc: " + mallory + "\n", body: "Please put my colleague in the loop."})
				s.Sent()
				if out := s.answered(b); len(out.To) != 1 || out.To[0] != customer ||
					strings.Contains(string(out.Raw), mallory) {
					s.Errorf("the answer went to %v:\n%s", out.To, out.Raw)
				}
			}},
	)
}

// TestAttackZendesk2025AutoReplyMailBomb: mails in the names of many victims, each of
// whom the desk acknowledges, with the attacker's subject.
func TestAttackZendesk2025AutoReplyMailBomb(t *testing.T) {
	attacks(t,
		attack{"mail bomb by auto-reply", "somebody who writes in the names of many victims (Zendesk, 2025)",
			"that the desk writes to each of them", "no mail, of whatever kind, is answered by itself", func(s *scene) {
				for i := range 30 {
					s.arrive(letter{from: fmt.Sprintf("victim%d@elsewhere.example", i), verdict: &forged,
						subject: "FREE MONEY http://evil.example", body: "Click."})
				}
				s.nothingLeaves()
			}},
	)
}

// TestAttackFreeScoutCVE202647123ReplyAddressOfAnotherAgent: a reply address that is not
// bound to the agent it was made for.
func TestAttackFreeScoutCVE202647123ReplyAddressOfAnotherAgent(t *testing.T) {
	attacks(t,
		attack{"another agent's reply address", "a colleague with a forwarded notification", "to answer in Anna's name",
			"the address is bound to the agent (CVE-2026-47123 of FreeScout)",
			heldFor(func(_ *scene, _ begun, l *letter) { l.from = "Ben <" + ben + ">" })},
	)
}

// TestAttackRequestTrackerTrustsTheFromHeader: mail "from" an agent is an agent's.
func TestAttackRequestTrackerTrustsTheFromHeader(t *testing.T) {
	attacks(t,
		attack{"forged From header", "somebody with a forwarded notification", reach,
			"DMARC does not vouch for the From address",
			heldFor(func(_ *scene, _ begun, l *letter) { l.verdict = &forged })},
		attack{"Sender and Reply-To name the agent", "a stranger", reach, "neither field is looked at",
			heldFor(func(_ *scene, _ begun, l *letter) {
				l.from, l.headers = mallory, "Sender: "+anna+"\nReply-To: "+anna+"\n"
			})},
		attack{"an agent's From to the support address", "a stranger", reach,
			"without a reply address made for the agent there is no order at all", func(s *scene) {
				b := s.begin()
				in := s.arrive(letter{from: anna, path: mallory, verdict: &forged, answers: b.anna.MessageID,
					subject: "Re: Broken lamp", body: "#close\nPlease pay to my account."})
				s.held(in)
				if c := s.Conversation(b.first); c.State != desk.StateOpen || c.Messages != 1 {
					s.Errorf("the conversation is %s with %d messages", c.State, c.Messages)
				}
			}},
	)
}

// TestAttackOsTicketScriptInASendersName: a script in a display name that runs where
// agents read it.
func TestAttackOsTicketScriptInASendersName(t *testing.T) {
	who, run, text := "a stranger who writes as a customer", "to run a script in an agent's mail program",
		"names, subjects and file names are escaped"
	attacks(t,
		attack{"script in the sender's name", who, run, text,
			script(letter{from: `"<script>alert(1)</script><img src=x onerror=alert(1)>" <` + customer + `>`,
				body: "Hello, my lamp is broken."})},
		attack{"script in an encoded name", who, run, text,
			script(letter{from: "=?utf-8?q?=3Cscript=3Ealert(1)=3C/script=3E?= <" + customer + ">",
				body: "Hello, my lamp is broken."})},
	)
}
