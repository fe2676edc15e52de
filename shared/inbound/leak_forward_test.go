package inbound_test

import (
	"html"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/bench"
	"github.com/replywell/replywell/shared/desk"
)

// TestLeakForwardedNotification: an agent forwards what she was told, and somebody
// answers by the reply address in it, which is hers. Nobody's words go out in her
// name.
func TestLeakForwardedNotification(t *testing.T) {
	const pia, home = "Pia Sale <pia@sales.lantern.example>", "Anna W. <anna.w@home.example>"
	text := "We have two left, I told her last week."
	for _, c := range []struct {
		name    string
		from    string
		note    bool           // it answers a colleague's note, and not the customer's mail
		verdict *desk.Verdicts // trusted if nil
		asked   string         // who is asked; "" is nobody
		title   string         // what
		says    string         // what that agent answers
		becomes desk.MessageKind
		agent   string // whose message
		author  string // in whose name
	}{
		{"a colleague, for the customer", "Ben <" + ben + ">", false, nil, ben, "Send it as your own answer?", "Yes.",
			desk.KindAnswer, "ben", "Ben Okafor"},
		{"a colleague who says no", "Ben <" + ben + ">", false, nil, ben, "Send it as your own answer?", "no", "", "",
			""},
		{"a colleague who is annoyed", "Ben <" + ben + ">", false, nil, ben, "Send it as your own answer?",
			"No wait, who sent this?", "", "", ""},
		{"a colleague, about a note", "Ben <" + ben + ">", true, nil, ben, "Send it as your own answer?", "#yes",
			desk.KindNote, "ben", "Ben Okafor"},
		{"somebody in a colleague's name", "Ben <" + ben + ">", false, &forged, "", "", "", "", "", ""},
		{"sales, for the customer", pia, false, nil, anna, "Keep what Pia Sale wrote as a note?", "yes", desk.KindNote,
			"", "Pia Sale"},
		{"sales, and Anna wants it sent", pia, false, nil, anna, "Keep what Pia Sale wrote as a note?", "#release", "",
			"", ""},
		{"sales, unproven", pia, false, &forged, anna, "Keep what Pia Sale wrote as a note?", "yes", desk.KindNote, "",
			"Pia Sale"},
		{"sales, about a note", pia, true, nil, anna, "Keep what Pia Sale wrote as a note?", "yes", desk.KindNote, "",
			"Pia Sale"},
		{"Anna herself, from home", home, false, nil, anna, "", "#release", desk.KindAnswer, "anna", "Anna Winter"},
		{"Anna herself, unproven, about a note", "Anna <" + anna + ">", true, &forged, anna, "", "#release",
			desk.KindNote, "anna", "Anna Winter"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := &scene{Path: bench.NewPath(t)}
			b := s.begin()
			to := b.anna
			if c.note {
				to = s.told(anna, func() { s.arrive(answer(ben, b.ben, "#note\nIs there one left?")) })
			}
			l := answer(anna, to, text)
			l.from, l.path, l.verdict = c.from, address(c.from), c.verdict
			before := len(s.Messages(b.first))
			in := s.arrive(l)
			mails := s.held(in)
			for _, m := range mails {
				if c.asked == "" && len(m.Read.ReplyTo) > 0 &&
					!strings.HasPrefix(m.Read.ReplyTo[0].Name, "Begin with") {
					t.Errorf("%s is asked:\n%s", m.To[0], own(m))
				}
			}
			if c.asked == "" {
				return
			}
			if len(mails) != 1 {
				t.Fatalf("told are %v", bench.Recipients(mails))
			}
			q := s.sentTo(c.asked, mails)
			if !strings.Contains(own(q), c.title) || !strings.Contains(own(q), text) {
				t.Errorf("%s is asked:\n%s", c.asked, own(q))
			}
			s.arrive(answer(c.asked, q, c.says))
			left := s.Outside(s.Later(2 * time.Minute))
			if all := s.Messages(b.first); c.becomes == "" && (len(all) != before || len(left) != 0) {
				t.Fatalf("it became %+v, and %d mails left", all[before:], len(left))
			} else if c.becomes != "" {
				m := all[len(all)-1]
				if len(all) != before+1 || m.Kind != c.becomes || m.Agent != c.agent || m.From.Name != c.author ||
					m.Text != text {
					t.Errorf("it became %+v", m)
				}
			}
			if (len(left) == 1) != (c.becomes == desk.KindAnswer) {
				t.Fatalf("%d mails left", len(left))
			}
			if len(left) == 1 && !strings.HasPrefix(left[0].Read.From.Name, strings.Fields(c.author)[0]) {
				t.Errorf("Erika reads it of %q", left[0].Read.From.Name)
			}
		})
	}
}

// TestLeakForwardedAndOvertaken: what a colleague sends in his own name stands for
// what the forwarded mail showed.
func TestLeakForwardedAndOvertaken(t *testing.T) {
	s := &scene{Path: bench.NewPath(t)}
	b := s.begin()
	s.erikaWrites("Please forget it.", "")
	s.Sent()
	l := answer(anna, b.anna, "We have two left.")
	l.from = "Ben <" + ben + ">"
	s.arrive(l)
	q := s.sentTo(ben, s.nothingLeaves())
	s.arrive(answer(ben, q, "yes"))
	if back := s.sentTo(ben, s.nothingLeaves()); !strings.Contains(own(back), "Not sent: Erika Muster wrote again") {
		t.Errorf("Ben reads:\n%s", own(back))
	}
}

// TestLeakWhatAStrangerHasSeen: somebody who was in copy answers everybody, with all
// of it quoted. The agent's mail claims nothing that is not known, says it above the
// text, and how she is admitted; and that admits her.
func TestLeakWhatAStrangerHasSeen(t *testing.T) {
	const clara = "clara@customers.example"
	s := &scene{Path: bench.NewPath(t)}
	first := s.arrive(letter{from: "Erika Muster <" + customer + ">", subject: "Broken lamp",
		id: "first@customers.example", headers: "Cc: Clara Hoff <" + clara + ">\n",
		body: "Hello, the lamp I ordered arrived broken, " + secret + ". What do I do?"})
	s.Sent()
	in := s.arrive(letter{from: "Clara Hoff <" + clara + ">", subject: "Re: Broken lamp",
		answers: "first@customers.example",
		body: "Mine is broken as well.\n\nOn Mon, 2 Mar 2026 at 09:00, Erika Muster <" + customer +
			"> wrote:\n\n> Hello, the lamp I ordered arrived broken, " + secret + ". What do I do?\n"})
	if in.Outcome != desk.OutcomeThreaded || in.Conversation == first.Conversation {
		t.Fatalf("%s in %s", in.Outcome, in.Conversation)
	}
	told := s.sentTo(anna, s.nothingLeaves())
	text := strings.Join(strings.Fields(own(told)), " ")
	for _, want := range []string{"They were in copy (Cc) of a mail there", "What they quote stands below",
		"We cannot know how much of it they have read", "with #add and their address"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in\n%s", want, own(told))
		}
	}
	if strings.Contains(text, "has seen nothing") ||
		strings.Index(text, "Somebody else wrote") > strings.Index(text, "Mine is broken") {
		t.Errorf("Anna reads:\n%s", own(told))
	}
	// The tap writes a mail; Anna presses Send.
	link := regexp.MustCompile(`href="mailto:([^"?]*)\?([^"]*)"[^>]*>Admit Clara Hoff`).FindStringSubmatch(
		told.Read.HTML)
	if link == nil {
		t.Fatal("no button admits her")
	}
	fields, err := url.ParseQuery(html.UnescapeString(link[2]))
	if err != nil {
		t.Fatal(err)
	}
	in = s.arrive(letter{from: "Agent <" + anna + ">", to: link[1], subject: fields.Get("subject"),
		body: fields.Get("body")})
	s.nothingLeaves()
	if c := s.Conversation(first); in.Outcome != desk.OutcomeAgent || len(c.Participants) != 1 ||
		c.Participants[0].Address != clara {
		t.Errorf("%s (%s): %+v", in.Outcome, in.Reason, c.Participants)
	}
}

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
