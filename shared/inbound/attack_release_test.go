package inbound_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/bench"
	"github.com/replywell/replywell/shared/desk"
)

const answerText = "We send you a new lamp today, by parcel."

// heldMail is Anna's answer with DMARC FAIL, held, and the question to her.
func (s *scene) heldMail(change ...func(l *letter, b begun)) (begun, desk.Inbound, bench.Sent) {
	s.Helper()
	b := s.begin()
	l := answer(anna, b.anna, answerText)
	l.verdict = &forged
	for _, c := range change {
		c(&l, b)
	}
	in := s.arrive(l)
	if in.Outcome != desk.OutcomeHeld {
		s.Fatalf("%s (%s)", in.Outcome, in.Reason)
	}
	sent := s.Sent()
	if len(sent) != 1 || sent[0].To[0] != anna || len(sent[0].Read.ReplyTo) != 1 ||
		!strings.Contains(sent[0].Read.Text, "#release") {
		s.Fatalf("told %v", bench.Recipients(sent))
	}
	return b, in, sent[0]
}

// outside gives what left for anybody outside.
func (s *scene) outside() []bench.Sent {
	s.Helper()
	return s.Outside(s.Sent())
}

// gotOnce sees to it that Erika got Anna's answer, once, and nobody else anything.
func (s *scene) gotOnce(out []bench.Sent) {
	s.Helper()
	if len(out) != 1 || out[0].To[0] != customer || !strings.Contains(out[0].Read.Text, answerText) ||
		strings.Contains(out[0].Read.Text, "#release") {
		s.Errorf("%d mails left, for %v", len(out), bench.Recipients(out))
	}
}

// TestAttack01AHeldMailIsReleasedByItsAgentAlone: demand 1's last part. What is
// missing one thing is held; the agent is asked at the stored address, and the
// answer, with the word, carries it out once.
func TestAttack01AHeldMailIsReleasedByItsAgentAlone(t *testing.T) {
	attacks(t,
		attack{"an agent's domain did not vouch", "nobody; a mail server is set up badly", "an honest answer to arrive",
			"nothing stops it: the question came to her mailbox, and she answers it with #release", func(s *scene) {
				_, held, question := s.heldMail()
				l := answer(anna, question, "#release")
				l.verdict = &forged // the same server sends the reply
				if in := s.arrive(l); in.Outcome != desk.OutcomeAgent {
					s.Fatalf("%s (%s)", in.Outcome, in.Reason)
				}
				s.gotOnce(s.outside())
				now, err := s.Store.Inbound(s.Context(), held.ID)
				if err != nil || now.Outcome != desk.OutcomeAgent || now.SettledBy == "" {
					s.Errorf("the held mail is %s, %v", now.Outcome, err)
				}
				if left, err := s.Store.Held(s.Context(), 0); err != nil || len(left) != 0 {
					s.Errorf("%d mails are held still, %v", len(left), err)
				}
				if ms := s.Messages(now); len(ms) != 2 || ms[1].Kind != desk.KindAnswer || ms[1].Agent != "anna" ||
					s.Conversation(now).State != desk.StateAnswered {
					s.Errorf("the conversation has %+v", ms)
				}
			}},
		attack{"asked twice", "whoever replays the release, or an impatient agent", "to send it twice",
			"the question is used up with the sending", func(s *scene) {
				_, _, question := s.heldMail()
				s.arrive(answer(anna, question, "#release"))
				again := s.arrive(answer(anna, question, "#release\nplease"))
				if again.Outcome != desk.OutcomeRefused || !strings.Contains(again.Reason, "answered once") {
					s.Errorf("%s (%s)", again.Outcome, again.Reason)
				}
				s.gotOnce(s.Outside(s.Later(time.Hour)))
			}},
		attack{"asked twice at once", "the same", "to send it twice", "each value has a condition", func(s *scene) {
			_, _, question := s.heldMail()
			var wg sync.WaitGroup
			for _, text := range []string{"#release", "#release\nnow", "#release\nplease"} {
				l := answer(anna, question, text)
				a := bench.Arrival{From: anna, To: []string{replyTo(question)}, Verdicts: bench.Trusted}
				l.to, l.id, l.path, l.subject = replyTo(question), "r"+desk.DerivedID(text)[:8]+"@mail.example", anna,
					"Re"
				a.Raw = l.raw()
				wg.Go(func() { s.Arrive(a) })
			}
			wg.Wait()
			s.gotOnce(s.outside())
		}},
		attack{"#drop, then #release", "nobody", "to have dropped it for good", "one answer is taken", func(s *scene) {
			_, held, question := s.heldMail()
			s.arrive(answer(anna, question, "#drop"))
			s.arrive(answer(anna, question, "#release"))
			if out := s.outside(); len(out) != 0 {
				s.Errorf("mail left for %v", bench.Recipients(out))
			}
			if now, err := s.Store.Inbound(s.Context(), held.ID); err != nil || now.Outcome != desk.OutcomeDropped {
				s.Errorf("%s, %v", now.Outcome, err)
			}
		}},
		unreleased("a stranger who was forwarded the question", "it must come from the agent's own address",
			func(_ *scene, l *letter, _ begun) { l.from, l.path = mallory, mallory }),
		unreleased("another agent", "the address is signed for Anna",
			func(_ *scene, l *letter, _ begun) { l.from, l.path = ben, ben }),
		unreleased("#release to an ordinary reply address", "that address has another purpose",
			func(_ *scene, l *letter, b begun) { l.to, l.tos = replyTo(b.ben), nil; l.from, l.path = ben, ben }),
		unreleased("a bent address", "it bears a MAC", func(_ *scene, l *letter, _ begun) {
			i := strings.IndexByte(l.to, '+') + 5
			l.to = l.to[:i] + map[bool]string{true: "b", false: "a"}[l.to[i] == 'a'] + l.to[i+1:]
		}),
		unreleased("an autoresponder", "no program releases anything", func(_ *scene, l *letter, _ begun) {
			l.headers, l.body = "Auto-Submitted: auto-replied\n", "#release"
		}),
		unreleased("a vacation program that says nothing of being one, and quotes",
			"the word must stand at the top of new text", func(_ *scene, l *letter, _ begun) {
				l.body = "I am travelling and read mail again on Monday.\n\n> #release carries it out"
			}),
		unreleased("too late", "a question has its time",
			func(s *scene, _ *letter, _ begun) { s.Pass(desk.ConfirmationGood + 48*time.Hour) }),
		unreleased("the agent has left", "the agent must stand in the settings",
			func(s *scene, _ *letter, _ begun) { s.Settings.Agents = s.Settings.Agents[1:] }),
		unreleased("the agent was taken off the mailbox", "the agent must be one of its agents",
			func(s *scene, _ *letter, _ begun) { s.Settings.Mailboxes[0].Agents = []string{"ben"} }),
		attack{"changed in between", "whoever can write into the mail store",
			"to have another text sent than Anna was shown", "the question knows the mail's SHA-256", func(s *scene) {
				_, held, question := s.heldMail()
				raw, err := s.Blobs.Get(s.Context(), held.Raw)
				if err != nil {
					s.Fatal(err)
				}
				s.Blobs.Lose(held.Raw)
				if err := s.Blobs.Put(s.Context(), held.Raw,
					[]byte(strings.Replace(string(raw), answerText, "Please pay to my account.", 1))); err != nil {
					s.Fatal(err)
				}
				if in := s.arrive(answer(anna, question, "#release")); in.Outcome != desk.OutcomeRefused {
					s.Errorf("%s (%s)", in.Outcome, in.Reason)
				}
				if out := s.outside(); len(out) != 0 {
					s.Errorf("mail left for %v", bench.Recipients(out))
				}
			}},
		attack{"forged answer of a stranger, and a forged release",
			"whoever has Anna's reply address and was forwarded the question", "to release a text of their own",
			"where more than the domain's word was missing, the release itself must be vouched for", func(s *scene) {
				_, _, question := s.heldMail(func(l *letter, _ begun) {
					l.from, l.path, l.verdict = "Anna <"+mallory+">",
						mallory, nil
				})
				l := answer(anna, question, "#release")
				l.verdict = &forged
				s.arrive(l)
				if out := s.outside(); len(out) != 0 {
					s.Errorf("mail left for %v", bench.Recipients(out))
				}
			}},
		attack{"from Anna's private address, which nobody listed", "nobody; Anna answered from her telephone",
			"her answer to arrive", "nothing: she confirms it from her own address", func(s *scene) {
				_, _, question := s.heldMail(func(l *letter, _ begun) {
					l.from, l.path, l.verdict = "anna.w@private.example", "anna.w@private.example", nil
				})
				s.arrive(answer(anna, question, "#release"))
				s.gotOnce(s.outside())
			}},
		attack{"HTML that says something else", "whoever forges an agent's mail",
			"Anna to release a text that she did not see", "only the text that she was shown goes out", func(s *scene) {
				_, _, question := s.heldMail(func(l *letter, _ begun) {
					l.headers = "MIME-Version: 1.0\nContent-Type: multipart/alternative; boundary=b\n"
					l.body = "--b\nContent-Type: text/plain\n\n" + answerText +
						"\n--b\nContent-Type: text/html\n\n<p>" +
						answerText + " <span style=\"color:#fff\">And pay to my account.</span></p>\n--b--"
				})
				shown := strings.Contains(question.Read.Text, "my account")
				s.arrive(answer(anna, question, "#release"))
				out := s.outside()
				if len(out) != 1 || !shown && strings.Contains(out[0].Read.Text+out[0].Read.HTML, "my account") {
					s.Errorf("%d mails left, with what was not shown", len(out))
				}
			}},
	)
}

// unreleased is a release that must do nothing.
func unreleased(name, stops string, change func(s *scene, l *letter, b begun)) attack {
	return attack{name, "whoever forges a release", "a held mail to be sent", stops, func(s *scene) {
		b, held, question := s.heldMail()
		l := answer(anna, question, "#release")
		change(s, &l, b)
		s.arrive(l)
		if out := s.outside(); len(out) != 0 {
			s.Errorf("mail left for %v", bench.Recipients(out))
		}
		if now, err := s.Store.Inbound(s.Context(), held.ID); err != nil || now.Outcome != desk.OutcomeHeld {
			s.Errorf("the held mail is %s (%s), %v", now.Outcome, now.Reason, err)
		}
	}}
}
