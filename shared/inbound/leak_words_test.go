package inbound_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/bench"
	"github.com/replywell/replywell/shared/desk"
)

// TestLeakDidYouMean: a line that may be an order is asked about by one mail, in
// which the text stands whole. Only the words that it names do anything.
func TestLeakDidYouMean(t *testing.T) {
	const slip = "Hi Erika,\n\n#ntoe she asks for the third time, please be kind"
	for _, c := range []struct {
		name, mail, says string
		outcome          desk.Outcome // of what is said
		leaves           string       // what Erika gets; "" nothing
		note             string       // what the team keeps; "" nothing
		state            desk.State
	}{
		{"yes", slip, "yes", desk.OutcomeAgent, "", "she asks for the third time, please be kind", desk.StateOpen},
		{"yes, as people say it", slip, "Yes, please.\n\nAnna", desk.OutcomeAgent, "",
			"she asks for the third time, please be kind", desk.StateOpen},
		{"yes, in German", slip, "Ja bitte", desk.OutcomeAgent, "", "she asks for the third time, please be kind",
			desk.StateOpen},
		{"yes, below a greeting, from a telephone", slip, "Hi,\nyes\n\nSent from my iPhone", desk.OutcomeAgent, "",
			"she asks for the third time, please be kind", desk.StateOpen},
		{"no", slip, "No.", desk.OutcomeAgent, "", "", desk.StateOpen},
		{"send", slip, "send", desk.OutcomeAgent, "Hi Erika,\n\n#ntoe she asks for the third time", "",
			desk.StateAnswered},
		{"send it", slip, "Ok, send it please", desk.OutcomeAgent, "#ntoe she asks", "", desk.StateAnswered},
		{"an order that was meant for her all the same", "Hello Erika,\n\nwrite this:\n#note to the shop\nand send it.",
			"send", desk.OutcomeAgent, "#note to the shop", "", desk.StateAnswered},
		{"an annoyed word", slip, "no, wait", desk.OutcomeRefused, "", "", desk.StateOpen},
		{"a new answer", slip, "Hello Erika, the lamp is on its way.", desk.OutcomeRefused, "", "", desk.StateOpen},
		{"yes and no", slip, "yes no", desk.OutcomeRefused, "", "", desk.StateOpen},
		{"yes above a letter", slip, "Yes.\n\nThe lamp is on its way.", desk.OutcomeRefused, "", "", desk.StateOpen},
		{"nothing", slip, "", desk.OutcomeRefused, "", "", desk.StateOpen},
		{"an answer above the slip", "Hello Erika, the lamp is on its way.\n\n#ntoe she was rude", "yes",
			desk.OutcomeAgent, "Hello Erika, the lamp is on its way.", "she was rude", desk.StateAnswered},
		{"a label", "note: he is a liar", "yes", desk.OutcomeAgent, "", "he is a liar", desk.StateOpen},
		{"words to a colleague", "@Ben can you take this?", "yes", desk.OutcomeAgent, "", "@Ben can you take this?",
			desk.StateOpen},
		{"a slip of #close", "#clsoe", "yes", desk.OutcomeAgent, "", "", desk.StateSolved},
		{"an unknown order: there is no yes", "#frobnicate it", "yes", desk.OutcomeRefused, "", "", desk.StateOpen},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := &scene{Path: bench.NewPath(t)}
			b := s.begin()
			in := s.arrive(answer(anna, b.anna, c.mail))
			asked := s.nothingLeaves()
			if in.Outcome != desk.OutcomeRefused || len(asked) != 1 || asked[0].To[0] != anna {
				t.Fatalf("the mail is %s (%s); told are %v", in.Outcome, in.Reason, bench.Recipients(asked))
			}
			text := own(asked[0])
			for _, l := range strings.Split(c.mail, "\n") {
				if !strings.Contains(strings.Join(strings.Fields(text), " "), strings.Join(strings.Fields(l), " ")) {
					t.Errorf("the question does not show %q:\n%s", l, text)
				}
			}
			if !strings.Contains(text, "Other words go nowhere.") || !strings.Contains(text, "Nothing was sent.") {
				t.Errorf("the question says:\n%s", text)
			}
			s.Pass(time.Minute)
			said := s.arrive(answer(anna, asked[0], c.says))
			if said.Outcome != c.outcome {
				t.Errorf("the reply is %s (%s)", said.Outcome, said.Reason)
			}
			left := s.Outside(s.Later(2 * time.Minute))
			switch {
			case c.leaves == "" && len(left) > 0:
				t.Errorf("a mail left:\n%s", own(left[0]))
			case c.leaves != "" && (len(left) != 1 || !strings.Contains(own(left[0]), c.leaves)):
				t.Errorf("%d mails left: %v", len(left), left)
			case c.note != "" && len(left) > 0 && strings.Contains(own(left[0])+left[0].Read.HTML, c.note):
				t.Errorf("the note left:\n%s", own(left[0]))
			}
			note := ""
			for _, m := range s.Messages(b.first) {
				if m.Kind == desk.KindNote {
					note += m.Text
				}
			}
			if note != c.note || s.Conversation(b.first).State != c.state {
				t.Errorf("the note is %q, the conversation %s", note, s.Conversation(b.first).State)
			}
			// What was answered is answered once.
			if c.outcome == desk.OutcomeAgent {
				if again := s.arrive(answer(anna, asked[0], "send")); again.Outcome != desk.OutcomeRefused {
					t.Errorf("answered again: %s", again.Outcome)
				}
				s.nothingLeaves()
			}
		})
	}
}

// TestLeakNothingWritten: what has no word of the agent's is not sent, and the
// agent is asked once.
func TestLeakNothingWritten(t *testing.T) {
	for _, c := range []struct{ name, text string }{
		{"nothing", ""}, {"blanks", " \n\u00a0\n\u200b\n"}, {"a telephone's line", "Sent from my iPhone"},
		{"in German", "Von meinem iPhone gesendet"}, {"in French", "Envoyé de mon iPhone"},
		{"an app's line", "Get Outlook for Android<https://aka.ms/AAb9ysg>"},
		{"a card", "Anna Winter\nLantern Shop Ltd\n12 Dock Road, London\n+44 20 7946 0123\nwww.lantern.example"},
		{"a card below its line", "-- \nAnna Winter\nLantern Shop Support"}, {"a farewell", "Best regards\nAnna"},
		{"a farewell and a card", "Mit freundlichen Grüßen\nAnna Winter\n\nLantern Shop GmbH\nTel. +49 30 123456"},
		{"a greeting", "Hi Erika,"}, {"a greeting and a telephone's line", "Hi Erika,\n\nSent from my iPhone"},
		{"a name", "Anna"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := &scene{Path: bench.NewPath(t)}
			b := s.begin()
			in := s.arrive(answer(anna, b.anna, c.text))
			told := s.nothingLeaves()
			if in.Outcome != desk.OutcomeRefused || len(told) != 1 || told[0].To[0] != anna ||
				!strings.Contains(own(told[0]), "No words of yours") {
				t.Errorf("%s (%s); told %v", in.Outcome, in.Reason, bench.Recipients(told))
			}
			if kinds := s.Messages(b.first); len(kinds) != 1 || s.Conversation(b.first).State != desk.StateOpen {
				t.Errorf("the conversation has %d messages and is %s", len(kinds), s.Conversation(b.first).State)
			}
		})
	}
	t.Run("a logo in the card is no answer", func(t *testing.T) {
		s := &scene{Path: bench.NewPath(t)}
		b := s.begin()
		l := answer(anna, b.anna, "")
		l.headers = "MIME-Version: 1.0\nContent-Type: multipart/related; boundary=b\n"
		l.body = "--b\nContent-Type: text/html; charset=utf-8\n\n<div><br></div><div class=\"gmail_signature\">-- " +
			"<br>Anna Winter<br><img src=\"cid:logo\"></div>\n" +
			"--b\nContent-Type: image/png\nContent-Disposition: inline; filename=logo.png\nContent-ID: <logo>\n" +
			"Content-Transfer-Encoding: base64\n\niVBORw0KGgo=\n--b--"
		in := s.arrive(l)
		if told := s.nothingLeaves(); in.Outcome != desk.OutcomeRefused || len(told) != 1 {
			t.Errorf("%s (%s)", in.Outcome, in.Reason)
		}
	})
	t.Run("a file with a greeting is an answer", func(t *testing.T) {
		s := &scene{Path: bench.NewPath(t)}
		b := s.begin()
		l := answer(anna, b.anna, "")
		l.headers = "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n"
		l.body = "--b\nContent-Type: text/plain\n\nHi Erika,\n\nBest regards\nAnna\n--b\nContent-Type: " +
			"application/pdf\nContent-Disposition: attachment; filename=invoice.pdf\nContent-Transfer-Encoding: " +
			"base64\n\nJVBERi0=\n--b--"
		in := s.arrive(l)
		out := s.Outside(s.Later(time.Minute))
		if in.Outcome != desk.OutcomeAgent || len(out) != 1 || len(out[0].Read.Attachments) != 1 ||
			!strings.HasPrefix(own(out[0]), "Hi Erika,\n\nBest regards\nAnna") {
			t.Errorf("%s (%s), %d mails", in.Outcome, in.Reason, len(out))
		}
	})
}

// TestLeakCarriedOut: what people write for orders is carried out, and the
// customer sees nothing of it.
func TestLeakCarriedOut(t *testing.T) {
	for _, c := range []struct {
		text    string
		subject string
		leaves  []string // stands in what Erika gets; nil: she gets nothing
		note    string
		state   desk.State
	}{
		{text: "1", leaves: []string{"photo of the lamp"}, state: desk.StateAnswered},
		{text: "#1", leaves: []string{"photo of the lamp"}, state: desk.StateAnswered},
		{text: "send 1", leaves: []string{"photo of the lamp"}, state: desk.StateAnswered},
		{text: "ok send it", leaves: []string{"photo of the lamp"}, state: desk.StateAnswered},
		{text: "Hello Erika, this should help:\n#send 1\n\nBest regards\nAnna",
			leaves: []string{"Hello Erika, this should help:", "photo of the lamp", "Best regards"},
			state:  desk.StateAnswered},
		{text: "close", state: desk.StateSolved},
		{text: "#Close.", state: desk.StateSolved},
		{text: "#closed\n\nSent from my iPhone", state: desk.StateSolved},
		{text: "Hello Erika, it is on its way.\n\n#close", leaves: []string{"it is on its way"},
			state: desk.StateSolved},
		{text: "Hi Erika,\n\n#note this customer is a liar", note: "this customer is a liar", state: desk.StateOpen},
		{text: "*#note*\nshe lies", note: "she lies", state: desk.StateOpen},
		{text: "\u200f#note she lies\n\nBest regards\nAnna", note: "she lies", state: desk.StateOpen},
		{text: "she lies, mark my words", subject: "#note Re: Broken lamp", note: "she lies, mark my words",
			state: desk.StateOpen},
		{text: "Hello Erika, it is on its way.\n\n#note\nshe was rude", leaves: []string{"it is on its way"},
			note: "she was rude", state: desk.StateAnswered},
		{text: "\\#lamp is our tag; write it, please.", leaves: []string{"#lamp is our tag"},
			state: desk.StateAnswered},
		{text: "Write below the picture:\n\n\\#close", leaves: []string{"\n#close\n"}, state: desk.StateAnswered},
	} {
		t.Run(c.text, func(t *testing.T) {
			s := &scene{Path: bench.NewPath(t)}
			b := s.begin()
			l := answer(anna, b.anna, c.text)
			if c.subject != "" {
				l.subject = c.subject
			}
			in := s.arrive(l)
			left := s.Outside(s.Later(time.Minute))
			if in.Outcome != desk.OutcomeAgent || len(left) != min(1, len(c.leaves)) {
				t.Fatalf("%s (%s), %d mails left", in.Outcome, in.Reason, len(left))
			}
			for _, m := range left {
				all := own(m) + m.Read.HTML
				for _, want := range c.leaves {
					if !strings.Contains(own(m), want) {
						t.Errorf("%q is not in the answer:\n%s", want, own(m))
					}
				}
				for _, order := range []string{"#send", "#note", "\\#", "send it"} {
					if strings.Contains(all, order) {
						t.Errorf("%q left:\n%s", order, own(m))
					}
				}
			}
			i := slices.IndexFunc(s.Messages(b.first), func(m desk.Message) bool { return m.Kind == desk.KindNote })
			if got := ""; c.note != "" || i >= 0 {
				if i >= 0 {
					got = s.Messages(b.first)[i].Text
				}
				if got != c.note {
					t.Errorf("the note is %q", got)
				}
			}
			if state := s.Conversation(b.first).State; state != c.state {
				t.Errorf("the conversation is %s", state)
			}
		})
	}
}

// TestLeakYesPastNews: what was meant holds when the answer waits for another
// reason: the line that was for the team stays, whatever the agent says then.
func TestLeakYesPastNews(t *testing.T) {
	s := &scene{Path: bench.NewPath(t)}
	b := s.begin()
	s.arrive(answer(anna, b.anna, "Hello Erika, the lamp is on its way.\n\n#ntoe she was rude"))
	asked := s.sentTo(anna, s.nothingLeaves())
	s.arrive(letter{from: "Erika Muster <" + customer + ">", answers: "first@customers.example",
		body: "Forget it, please."})
	s.Later(time.Minute)
	in := s.arrive(answer(anna, asked, "yes"))
	back := s.nothingLeaves()
	if in.Outcome != desk.OutcomeAgent || len(back) == 0 {
		t.Fatalf("yes is %s (%s), and %d mails came", in.Outcome, in.Reason, len(back))
	}
	s.arrive(answer(anna, s.sentTo(anna, back), "send"))
	left := s.Outside(s.Later(time.Minute))
	if len(left) != 1 || !strings.HasPrefix(own(left[0]), "Hello Erika, the lamp is on its way.") ||
		strings.Contains(own(left[0])+left[0].Read.HTML, "rude") {
		t.Errorf("%d mails left", len(left))
		for _, m := range left {
			t.Log(own(m))
		}
	}
	note := ""
	for _, m := range s.Messages(b.first) {
		if m.Kind == desk.KindNote {
			note += m.Text
		}
	}
	if note != "she was rude" {
		t.Errorf("the note is %q", note)
	}
}

// TestLeakYesPastTheGuard: the same where the answer was held for what stands in it.
func TestLeakYesPastTheGuard(t *testing.T) {
	s := &scene{Path: bench.NewPath(t)}
	b := s.begin()
	s.arrive(answer(anna, b.anna, "Hello Erika, write to ben@team.lantern.example directly.\n\n#ntoe she was rude"))
	asked := s.sentTo(anna, s.nothingLeaves())
	s.arrive(answer(anna, asked, "yes"))
	found := s.sentTo(anna, s.nothingLeaves())
	in := s.arrive(answer(anna, found, "#send-anyway"))
	left := s.Outside(s.Later(time.Minute))
	if in.Outcome != desk.OutcomeAgent || len(left) != 1 ||
		!strings.Contains(own(left[0]), "ben@team.lantern.example") ||
		strings.Contains(own(left[0])+left[0].Read.HTML, "rude") {
		t.Errorf("%s (%s), %d mails left", in.Outcome, in.Reason, len(left))
	}
}
