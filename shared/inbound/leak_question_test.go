package inbound_test

import (
	"strings"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/bench"
	"github.com/replywell/replywell/shared/desk"
)

// TestLeakAnswersToQuestions: to a question of ours only its words do anything, as
// people say them. Anything else goes nowhere, comes back, and is asked about once.
func TestLeakAnswersToQuestions(t *testing.T) {
	question := func(s *scene) (begun, bench.Sent) { // Ben wrote to Anna's address: his own?
		b := s.begin()
		l := answer(anna, b.anna, "We have two left.")
		l.from = "Ben <" + ben + ">"
		s.arrive(l)
		return b, s.sentTo(ben, s.nothingLeaves())
	}
	for _, c := range []struct {
		says string
		sent bool // it is a yes
		back bool // it is asked about
	}{
		{"yes", true, false}, {"Yes.", true, false}, {"YES!", true, false}, {"Hi,\n\nyes please.\n\nBen", true, false},
		{"#yes", true, false}, {"ja", true, false},
		{"Yes, that was me.\n\nBest regards\nBen Okafor", true, false},
		{"no", false, false}, {"No.", false, false}, {"nein", false, false},
		{"no, wait", false, true}, {"What is this?", false, true}, {"Hello Erika, here is a new one.", false, true},
		{"yes but tell her first that it is late", false, true},
		{"send 1", false, true}, {"#note\nhe is a liar", false, true}, {"#close", false, true}, {"", false, true},
		{"Sent from my iPhone", false, true},
	} {
		t.Run(c.says, func(t *testing.T) {
			s := &scene{Path: bench.NewPath(t)}
			b, q := question(s)
			s.arrive(answer(ben, q, c.says))
			sent := s.Later(2 * time.Minute)
			if left := s.Outside(sent); (len(left) == 1) != c.sent {
				t.Fatalf("%d mails left", len(left))
			}
			if !c.sent {
				if all := s.Messages(b.first); len(all) != 1 {
					t.Errorf("it became %+v", all[1:])
				}
			}
			var again bench.Sent
			for _, m := range sent {
				if strings.Contains(own(m), "Nothing was done, and nobody got your words") {
					again = m
				}
			}
			if (again.Read != nil) != c.back {
				t.Fatalf("asked about: %v, want %v", again.Read != nil, c.back)
			}
			if !c.back {
				return
			}
			if first, _, _ := strings.Cut(c.says, "\n"); !strings.Contains(own(again), first) {
				t.Errorf("the text is not given back:\n%s", own(again))
			}
			if in := s.arrive(answer(ben, again, "yes")); in.Outcome != desk.OutcomeAgent {
				t.Errorf("the second time: %s (%s)", in.Outcome, in.Reason)
			}
			if left := s.Outside(s.Later(time.Minute)); len(left) != 1 {
				t.Errorf("the second time %d mails left", len(left))
			}
		})
	}
}

// TestLeakReplyToWhatNeedsNone: a reply to a mail that is only told goes nowhere, and
// is no new concern either.
func TestLeakReplyToWhatNeedsNone(t *testing.T) {
	s := &scene{Path: bench.NewPath(t)}
	b := s.begin()
	l := answer(anna, b.anna, "We have two left.")
	l.from = "Ben <" + ben + ">"
	s.arrive(l)
	q := s.sentTo(ben, s.nothingLeaves())
	s.arrive(answer(ben, q, "no"))
	s.arrive(answer(ben, q, "no"))
	told := s.sentTo(ben, s.nothingLeaves())
	if !strings.Contains(own(told), "answered already") {
		t.Fatalf("Ben reads:\n%s", own(told))
	}
	reply := answer(anna, b.anna, "What do you mean?")
	reply.from, reply.subject, reply.answers = "Ben <"+ben+">", "Re: "+told.Read.Subject, told.MessageID
	reply.to = told.Read.From.Address
	if len(told.Read.ReplyTo) > 0 {
		reply.to = told.Read.ReplyTo[0].Address
	}
	in := s.arrive(reply)
	if in.Outcome != desk.OutcomeHeld {
		t.Errorf("the reply is %s (%s)", in.Outcome, in.Reason)
	}
	if sent := s.nothingLeaves(); len(sent) != 1 || sent[0].To[0] != ben {
		t.Errorf("told are %v", bench.Recipients(sent))
	}
}
