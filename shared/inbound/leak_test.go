package inbound_test

import (
	"strings"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/bench"
	"github.com/replywell/replywell/shared/desk"
)

// The leak tests are the days at the desk on which an agent writes to the wrong
// mail of ours. Read them with: go test -run Leak -v ./...

// told lets something happen and gives the mail about it to the agent.
func (s *scene) told(agent string, happens func()) bench.Sent {
	s.Helper()
	s.Sent()
	happens()
	return s.sentTo(agent, s.Later(time.Minute))
}

// TestLeakReplyKinds: each mail of ours says in its first line, and by the name
// of its reply address, what a plain reply is; and that it is.
func TestLeakReplyKinds(t *testing.T) {
	const bad = "He is a liar, if you ask me."
	type mail = func(s *scene, b begun) bench.Sent
	theirs := func(text string) mail {
		return func(s *scene, b begun) bench.Sent {
			return s.told(anna, func() {
				s.arrive(letter{from: "Erika Muster <" + customer + ">", answers: "first@customers.example",
					body: text})
			})
		}
	}
	afterAnswer := func(then mail) mail {
		return func(s *scene, b begun) bench.Sent {
			s.arrive(answer(ben, b.ben, "We send you a new one today."))
			return then(s, b)
		}
	}
	by := func(who, text string) mail {
		return func(s *scene, b begun) bench.Sent {
			m := b.ben
			if who == anna {
				m = b.anna
			}
			return s.told(anna, func() { s.arrive(answer(who, m, text)) })
		}
	}
	for _, c := range []struct {
		name        string
		mail        mail
		line, shown string // the first line holds, the reply address is named
		becomes     desk.MessageKind
		outcome     desk.Outcome
	}{
		{"her first mail", func(_ *scene, b begun) bench.Sent { return b.anna },
			"Just came, nobody’s yet. A reply goes to Erika Muster.", "Erika Muster via ", desk.KindAnswer,
			desk.OutcomeAgent},
		{"her second mail", theirs("It is the green one."), "Just came, nobody’s yet. A reply goes to Erika Muster.",
			"Erika Muster via ", desk.KindAnswer, desk.OutcomeAgent},
		{"her thanks", afterAnswer(theirs("Thank you very much!")), "A thank-you. A reply goes to Erika Muster.",
			"Erika Muster via ", desk.KindAnswer, desk.OutcomeAgent},
		{"a colleague's answer", by(ben, "We send you a new one today."),
			"A colleague’s answer. A reply is a note for the team.", "Note to the team", desk.KindNote,
			desk.OutcomeAgent},
		{"a colleague's note", by(ben, "#note\nThe third one this week."),
			"A colleague’s note. A reply is a note for the team.", "Note to the team", desk.KindNote,
			desk.OutcomeAgent},
		{"a refusal", by(anna, "#send 99"), "A plain reply is not sent", "Begin with #answer", "", desk.OutcomeRefused},
		{"the list of commands", by(anna, "#help"), "A plain reply is not sent", "Begin with #answer", "",
			desk.OutcomeRefused},
		{"an out-of-office note", func(s *scene, b begun) bench.Sent {
			return s.told(anna, func() {
				s.arrive(letter{from: "Erika Muster <" + customer + ">", answers: "first@customers.example",
					headers: "Auto-Submitted: auto-replied\n", body: "I am away until Monday."})
			})
		}, "No person wrote this. A reply is a note for the team.", "Note to the team", desk.KindNote,
			desk.OutcomeAgent},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := &scene{Path: bench.NewPath(t)}
			b := s.begin()
			told := c.mail(s, b)
			lines := strings.SplitN(own(told), "\n", 3)
			if first := strings.TrimSpace(lines[1]); !strings.Contains(first, c.line) {
				t.Errorf("the first line is %q", first)
			}
			if name := told.Read.ReplyTo[0].Name; !strings.HasPrefix(name, c.shown) {
				t.Errorf("a phone shows %q", name)
			}
			before := len(s.Messages(b.first))
			in := s.arrive(answer(anna, told, bad))
			left := s.Outside(s.Later(2 * time.Minute))
			if in.Outcome != c.outcome {
				t.Errorf("a plain reply is %s (%s)", in.Outcome, in.Reason)
			}
			var kind desk.MessageKind
			if all := s.Messages(b.first); len(all) > before {
				kind = all[len(all)-1].Kind
			}
			if kind != c.becomes || (len(left) > 0) != (c.becomes == desk.KindAnswer) {
				t.Errorf("a plain reply became %q, and %d mails left", kind, len(left))
			}
			if c.becomes == desk.KindAnswer {
				return
			}
			in = s.arrive(answer(anna, told, "Hello Erika,\n\nit is on its way."))
			asked := s.nothingLeaves()
			if in.Outcome != desk.OutcomeRefused || len(asked) != 1 ||
				!strings.Contains(own(asked[0]), "Whom is your text for?") {
				t.Errorf("a letter to the customer is %s (%s)", in.Outcome, in.Reason)
			}
			in = s.arrive(answer(anna, told, "#answer\n\nHello Erika, it is on its way."))
			if left := s.Outside(s.Later(2 * time.Minute)); in.Outcome != desk.OutcomeAgent || len(left) != 1 ||
				!strings.HasPrefix(left[0].Read.PlainText, "Hello Erika") {
				t.Errorf("#answer: %s (%s), %d mails left", in.Outcome, in.Reason, len(left))
			}
		})
	}
}
