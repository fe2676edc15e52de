package inbound_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/bench"
	"github.com/replywell/replywell/shared/desk"
)

// written lets somebody write into Erika's conversation.
func (s *scene) erikaWrites(text, headers string) {
	s.Helper()
	s.Pass(time.Minute)
	s.arrive(letter{from: "Erika Muster <" + customer + ">", answers: "first@customers.example", headers: headers,
		body: text})
}

// TestLeakAnswersPastNews: which answers that were written to an old mail go out,
// and which wait for their author's word.
func TestLeakAnswersPastNews(t *testing.T) {
	for _, c := range []struct {
		meanwhile string
		happens   func(s *scene, b begun)
		says      string // the mail that gives the answer back; "" is that it goes out
		shows     string
	}{
		{"nothing", func(*scene, begun) {}, "", ""},
		{"she wrote", func(s *scene, _ begun) { s.erikaWrites("Please forget it, cancel the order.", "") },
			"Not sent: Erika Muster wrote again", "cancel the order"},
		{"she sent a picture", func(s *scene, _ begun) {
			s.erikaWrites("--b\nContent-Type: text/plain\n\n\n--b\nContent-Type: image/png; name=a.png\n"+
				"Content-Disposition: attachment; filename=a.png\n\nx\n--b--",
				"MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n")
		}, "Not sent: Erika Muster wrote again", ""},
		{"she said thanks in advance", func(s *scene, _ begun) { s.erikaWrites("Thank you very much!", "") }, "", ""},
		{"she is away", func(s *scene, _ begun) {
			s.erikaWrites("I am out of the office until Monday.", "Auto-Submitted: auto-replied\n")
		}, "", ""},
		{"a colleague answered", func(s *scene, b begun) { s.arrive(answer(ben, b.ben, "You get your money back.")) },
			"Not sent: Ben Okafor answered", "You get your money back."},
		{"both", func(s *scene, b begun) {
			s.arrive(answer(ben, b.ben, "You get your money back."))
			s.erikaWrites("Can I keep it?", "")
		}, "Not sent: Ben Okafor answered, and Erika Muster wrote again", "Can I keep it?"},
		{"a colleague left a note", func(s *scene, b begun) {
			s.arrive(answer(ben, b.ben, "#note\nThe third one this week."))
		}, "", ""},
		{"a colleague left a note for all", func(s *scene, b begun) {
			s.arrive(answer(ben, b.ben, "#note all\nDo not promise a new one: none are left."))
		}, "Not sent: Ben Okafor left a note for all", "none are left"},
		{"a colleague closed it", func(s *scene, b begun) { s.arrive(answer(ben, b.ben, "#close")) }, "", ""},
		{"she answered herself before", func(s *scene, b begun) {
			s.arrive(answer(anna, b.anna, "We send you a new one today."))
		}, "", ""},
	} {
		t.Run(c.meanwhile, func(t *testing.T) {
			s := &scene{Path: bench.NewPath(t)}
			b := s.begin()
			c.happens(s, b)
			s.Later(time.Minute)
			in := s.arrive(answer(anna, b.anna, "PS: the green one is on its way."))
			sent := s.Later(time.Minute)
			left := s.Outside(sent)
			if c.says == "" {
				if in.Outcome != desk.OutcomeAgent || len(left) != 1 {
					t.Errorf("the answer is %s (%s), and %d mails left", in.Outcome, in.Reason, len(left))
				}
				return
			}
			if in.Outcome != desk.OutcomeRefused || len(left) != 0 {
				t.Fatalf("the answer is %s (%s), and %d mails left", in.Outcome, in.Reason, len(left))
			}
			back := s.sentTo(anna, sent)
			if text := own(back); !strings.Contains(text, c.says) || !strings.Contains(text, c.shows) ||
				strings.Index(text, c.shows) > strings.Index(text, "PS: the green one") {
				t.Errorf("Anna reads:\n%s", text)
			}
			in = s.arrive(answer(anna, back, "Send."))
			if left := s.Outside(s.Later(time.Minute)); in.Outcome != desk.OutcomeAgent || len(left) != 1 ||
				!strings.HasPrefix(left[0].Read.PlainText, "PS: the green one") {
				t.Errorf("released, it is %s (%s), and %d mails left", in.Outcome, in.Reason, len(left))
			}
			in = s.arrive(answer(anna, back, "send\n\nonce more"))
			if left := s.Outside(s.Later(time.Minute)); in.Outcome == desk.OutcomeAgent || len(left) != 0 {
				t.Errorf("released twice, it is %s (%s), and %d mails left", in.Outcome, in.Reason, len(left))
			}
		})
	}
}

// TestLeakOverruledAnswer: what the agent can do with an answer that came back.
func TestLeakOverruledAnswer(t *testing.T) {
	kept := func(t *testing.T, l func(begun) letter) (*scene, begun, bench.Sent) {
		s := &scene{Path: bench.NewPath(t)}
		b := s.begin()
		s.erikaWrites("Please forget it, cancel the order.", "")
		s.Sent()
		s.arrive(l(b))
		return s, b, s.sentTo(anna, s.nothingLeaves())
	}
	plain := func(b begun) letter { return answer(anna, b.anna, "We send you a new one today.") }
	t.Run("other words go in its place", func(t *testing.T) {
		s, _, back := kept(t, plain)
		in := s.arrive(answer(anna, back, "Hello Erika, it is cancelled."))
		if left := s.Outside(s.Later(time.Minute)); in.Outcome != desk.OutcomeAgent || len(left) != 1 ||
			!strings.HasPrefix(left[0].Read.PlainText, "Hello Erika, it is cancelled.") ||
			strings.Contains(left[0].Read.PlainText, "a new one today") {
			t.Fatalf("%s (%s), %d mails left", in.Outcome, in.Reason, len(left))
		}
		in = s.arrive(answer(anna, back, "send"))
		if told := s.nothingLeaves(); in.Outcome != desk.OutcomeRefused || len(told) != 1 ||
			!strings.Contains(own(told[0]), "You have answered since") {
			t.Errorf("the first text is %s (%s)", in.Outcome, in.Reason)
		}
	})
	t.Run("it goes out whole", func(t *testing.T) {
		s, _, back := kept(t, func(b begun) letter {
			l := answer(anna, b.anna, "")
			l.headers = "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n"
			l.body = "--b\nContent-Type: text/html; charset=utf-8\n\n<p>See the <b>red</b> part.</p>\n--b\n" +
				"Content-Type: text/plain; name=notes.txt\nContent-Disposition: attachment; filename=notes.txt\n\n" +
				"The red part is the ring.\n--b--"
			return l
		})
		if !strings.Contains(own(back), "notes.txt, ") {
			t.Errorf("the file is not told of:\n%s", own(back))
		}
		s.arrive(answer(anna, back, "#send"))
		left := s.Outside(s.Later(time.Minute))
		if len(left) != 1 || len(left[0].Read.Attachments) != 1 || !strings.Contains(left[0].Read.HTML, "<b>red</b>") {
			t.Errorf("%d mails left", len(left))
		}
	})
	t.Run("something comes again", func(t *testing.T) {
		s, _, back := kept(t, plain)
		s.erikaWrites("No, I do want it.", "")
		s.Sent()
		in := s.arrive(answer(anna, back, "send"))
		again := s.sentTo(anna, s.nothingLeaves())
		if in.Outcome != desk.OutcomeRefused || !strings.Contains(own(again), "No, I do want it.") ||
			strings.Contains(own(again), "cancel the order") {
			t.Fatalf("%s (%s):\n%s", in.Outcome, in.Reason, own(again))
		}
		in = s.arrive(answer(anna, again, "send"))
		if left := s.Outside(s.Later(time.Minute)); in.Outcome != desk.OutcomeAgent || len(left) != 1 ||
			!strings.HasPrefix(left[0].Read.PlainText, "We send you a new one today.") {
			t.Errorf("%s (%s), %d mails left", in.Outcome, in.Reason, len(left))
		}
	})
	t.Run("whoever forges the word", func(t *testing.T) {
		s, _, back := kept(t, plain)
		l := answer(anna, back, "Pay to this account instead.")
		l.verdict = &forged
		s.arrive(l)
		l.body = "send"
		s.arrive(l)
		s.nothingLeaves()
	})
}

// TestLeakTwoAtOnce: two answers arrive together. One goes, the other comes back.
func TestLeakTwoAtOnce(t *testing.T) {
	s := &scene{Path: bench.NewPath(t)}
	b := s.begin()
	arrivals := []letter{answer(anna, b.anna, "We send you a new one today."),
		answer(ben, b.ben, "You get your money back.")}
	var wg sync.WaitGroup
	var out [2]desk.Inbound
	for i, l := range arrivals {
		l.id, l.path = []string{"a@team.example", "b@team.example"}[i], address(l.from)
		wg.Go(func() {
			out[i] = s.Arrive(bench.Arrival{From: l.path, To: []string{l.to}, Verdicts: bench.Trusted, Raw: l.raw()})
		})
	}
	wg.Wait()
	sent := s.Later(time.Minute)
	if out[0].Outcome == out[1].Outcome || len(s.Outside(sent)) != 1 {
		t.Errorf("%s and %s, %d mails left", out[0].Outcome, out[1].Outcome, len(s.Outside(sent)))
	}
	kept := 0
	for _, m := range sent {
		if strings.Contains(own(m), "Not sent: ") {
			kept++
		}
	}
	if kept != 1 {
		t.Errorf("%d of them came back", kept)
	}
}
