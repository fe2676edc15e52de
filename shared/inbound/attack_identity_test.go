package inbound_test

import (
	"strings"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/bench"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/replyaddr"
	"github.com/replywell/replywell/shared/letters"
)

// reach is what most of these want.
const reach = "to write to the customer in the shop's name"

// heldFor sends a mail to Anna's reply address and expects it to be held and
// Anna to be told, at her own address.
func heldFor(change func(s *scene, b begun, l *letter)) func(*scene) {
	return func(s *scene) {
		b := s.begin()
		l := answer(anna, b.anna, "Please pay to my account.")
		change(s, b, &l)
		told := s.held(s.arrive(l))
		whose := anna
		if _, colleague := s.Settings.AgentAt(address(l.from)); colleague && l.verdict == nil {
			whose = address(l.from) // it is asked about as that agent's own
		}
		if len(told) != 1 || told[0].To[0] != whose {
			s.Errorf("told of it are %v", bench.Recipients(told))
		}
	}
}

// TestAttack01AnAgentsMailNeedsAllThreeFactors: demand 1. Three things together make an
// agent's mail: the address made for this agent and conversation, DMARC, From.
func TestAttack01AnAgentsMailNeedsAllThreeFactors(t *testing.T) {
	from := func(f string) func(*scene) {
		return heldFor(func(_ *scene, _ begun, l *letter) { l.from, l.path = f, mallory })
	}
	attacks(t,
		attack{"verdict that is not PASS", "somebody whose mail the receiving service could not check", reach,
			"GRAY, DISABLED and PROCESSING_FAILED count as not authenticated",
			func(s *scene) {
				b := s.begin()
				for _, v := range []desk.Verdict{desk.VerdictGray, desk.VerdictProcessing, desk.VerdictDisabled, "",
					"pass"} {
					l := answer(anna, b.anna, "Please pay to my account "+string(v))
					verdicts := bench.Trusted
					verdicts.DMARC = v
					l.verdict = &verdicts
					s.held(s.arrive(l))
				}
			}},
		attack{"notification forwarded to a stranger", "a stranger who got a notification", reach,
			"the reply address works only for the agent it was made for",
			heldFor(func(_ *scene, _ begun, l *letter) { l.from = "Mallory <" + mallory + ">" })},
		attack{"notification forwarded to the customer", "the customer", "to write to herself in the shop's name",
			"the reply address works only for the agent it was made for",
			heldFor(func(_ *scene, _ begun, l *letter) { l.from = "Erika <" + customer + ">" })},
		attack{"agent's address in the display name", "a stranger with a domain of his own", reach,
			"only the address counts", from(`"Anna Winter ` + anna + `" <` + mallory + `>`)},
		attack{"agent's address in an encoded display name", "a stranger", reach, "only the address counts",
			from("=?utf-8?q?anna=40team.lantern.example?= <" + mallory + ">")},
		attack{"agent's address in a comment", "a stranger", reach, "a From field with two addresses is nobody's",
			from(mallory + " (" + anna + ")")},
		attack{"two addresses in From", "a stranger", reach, "a From field with two addresses is nobody's",
			from(mallory + ", " + anna)},
		attack{"source route in From", "a stranger", reach, "a From field with two domains is nobody's",
			from("<@evil.example:" + anna + ">")},
		attack{"group in From", "a stranger", reach, "a group is nobody's address", from("Team: " + anna + ";")},
		attack{"two From fields", "a stranger", reach,
			"DMARC may have looked at the one and we at the other, so neither counts",
			heldFor(func(_ *scene, _ begun, l *letter) { l.headers = "From: " + mallory + "\n" })},
		attack{"second From field hidden by a space", "a stranger", reach, "\"From :\" is a From field too",
			heldFor(func(_ *scene, _ begun, l *letter) { l.headers = "From : " + mallory + "\n" })},
		attack{"look-alike domain", "a stranger with a similar domain", reach, "the whole address is compared",
			from("Anna <anna@team.lantern.exarnple>")},
		attack{"look-alike letters", "a stranger with a Cyrillic domain", reach,
			"domains are compared as they are registered (punycode)", from("Anna <anna@te\u0430m.lantern.example>")},
		attack{"look-alike letters before the @", "somebody with a mailbox at the agent's provider", reach,
			"only A to Z fold; no other letter is taken for one", func(s *scene) {
				s.Settings.Agents[0].Addresses = []string{anna, "kim@mail.example"}
				b := s.begin()
				l := answer("\u212Aim@mail.example", b.anna, "Please pay to my account.")
				s.held(s.arrive(l))
			}},
		attack{"forged Authentication-Results", "a stranger", reach,
			"verdicts come from the receiving service alone, never from a header",
			heldFor(func(_ *scene, _ begun, l *letter) {
				l.verdict, l.headers = &forged, "Authentication-Results: mx.lantern.example; dmarc=pass "+
					"header.from=team.lantern.example\nX-SES-Spam-Verdict: PASS\nX-SES-Virus-Verdict: PASS\n"+
					"Received-SPF: pass\n"
			})},
		attack{"expired reply address", "somebody with an old backup of Anna's mail", reach,
			"the address says until when it is good",
			heldFor(func(s *scene, _ begun, _ *letter) {
				s.Settings.Mailboxes[0].Untaken = 0
				s.Pass(2 * time.Hour)
				s.Sent() // a sweep has seen that the agents were told
				s.Pass(letters.AgentAddressGood + 48*time.Hour)
			})},
		attack{"agent who has left", "a former agent", reach, "the agent must stand in the settings", func(s *scene) {
			b := s.begin()
			s.Settings.Agents = s.Settings.Agents[1:]
			in := s.arrive(answer(anna, b.anna, "Please pay to my account."))
			out := s.outside() // the sender alone is told, without a word of it
			if in.Outcome != desk.OutcomeHeld || len(out) != 1 || out[0].To[0] != anna ||
				strings.Contains(out[0].Read.PlainText, "pay") {
				s.Errorf("%s (%s), %v", in.Outcome, in.Reason, bench.Recipients(out))
			}
		}},
		attack{"agent of another mailbox", "an agent who was taken off the mailbox", reach,
			"the agent must be one of the conversation's mailbox",
			heldFor(func(s *scene, _ begun, _ *letter) { s.Settings.Mailboxes[0].Agents = []string{"ben"} })},
		attack{"flipped signs in the address", "a stranger who guesses", reach, "the address bears a MAC of 128 bits",
			guess},
		attack{"reply address in To, not in the envelope", "a customer who was sent one by mistake", reach,
			"only envelope recipients count", func(s *scene) {
				b := s.begin()
				l := answer(anna, b.anna, "Please pay to my account.")
				l.tos = []string{support}
				s.held(s.arrive(l))
			}},
		attack{"one mail to two conversations", "nobody; it is a slip", "one answer for two customers",
			"it is held and Anna is asked to answer each", func(s *scene) {
				b := s.begin()
				s.arrive(letter{from: joao, body: "Where is my parcel?"})
				other := s.sentTo(anna, s.Sent())
				l := answer(anna, b.anna, "It is on its way.")
				l.tos = []string{replyTo(b.anna), replyTo(other)}
				s.held(s.arrive(l))
			}},
		attack{"the same mail again", "whoever can replay a mail of Anna's", "to send her answer twice",
			"what came once is known by its id and content", func(s *scene) {
				b := s.begin()
				l := answer(anna, b.anna, "We send you a new one today.")
				l.id = "once@team.lantern.example"
				s.arrive(l)
				s.Sent()
				if in := s.arrive(l); in.Outcome != desk.OutcomeDuplicate {
					s.Errorf("the second is %q", in.Outcome)
				}
				s.nothingLeaves()
			}},
	)
}

// guess flips each sign of a genuine address in turn. Each is held, as a mail
// in an agent's name to an address that was not made here; the notices of a day
// are bounded.
func guess(s *scene) {
	b := s.begin()
	to := replyTo(b.anna)
	start := strings.IndexByte(to, '+') + 1
	for i := start; i < start+replyaddr.TokenLen; i += 5 {
		flipped := byte('a')
		if to[i] == 'a' {
			flipped = 'b'
		}
		l := answer(anna, b.anna, "Please pay to my account.")
		l.to = to[:i] + string(flipped) + to[i+1:]
		s.held(s.arrive(l))
	}
	l := answer(anna, b.anna, "Case does not matter, for servers change it.")
	l.to = strings.ToUpper(to)
	if in := s.arrive(l); in.Outcome != desk.OutcomeAgent {
		s.Errorf("the address in upper case: %q (%s)", in.Outcome, in.Reason)
	}
}

// TestAttack13KeysRotateWithoutBreakingLiveAddresses: demand 13, as far as addresses go. The other parts
// (least privilege, buckets, retention) are demands on the templates and are
// tested there.
func TestAttack13KeysRotateWithoutBreakingLiveAddresses(t *testing.T) {
	old, fresh := []byte("a key for tests, of 32 bytes and more"), []byte("another key for tests, of 32 bytes, too")
	use := func(s *scene, keys map[uint8][]byte) {
		ring, err := replyaddr.NewKeyring(2, keys)
		if err != nil {
			s.Fatal(err)
		}
		*s.Keys = *ring
	}
	attacks(t,
		attack{"after a rotation", "nobody", "to go on answering older mail",
			"an address names its key; the old one is kept for opening", func(s *scene) {
				b := s.begin()
				use(s, map[uint8][]byte{1: old, 2: fresh})
				if in := s.arrive(answer(anna, b.anna, "We send you a new one.")); in.Outcome != desk.OutcomeAgent {
					s.Errorf("%q (%s)", in.Outcome, in.Reason)
				}
			}},
		attack{"a stolen key is taken out of use", "whoever has the old key", "to make reply addresses",
			"what was made with it opens nothing any more", func(s *scene) {
				b := s.begin()
				use(s, map[uint8][]byte{2: fresh})
				s.held(s.arrive(answer(anna, b.anna, "Please pay to my account.")))
			}},
	)
}
