package inbound_test

import (
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
