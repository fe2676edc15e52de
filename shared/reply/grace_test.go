package reply_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/bench"
	"github.com/replywell/replywell/shared/desk"
)

// undo plays an agent and a customer while an answer waits to leave.
type undo struct {
	*bench.Path
	opened desk.Inbound
	to     string // where a reply to the last mail to Anna goes
	n      int
	mails  []bench.Sent
}

func (u *undo) mail(from, to, subject, more, text string) desk.Inbound {
	u.Helper()
	u.n++
	return u.Arrive(bench.Arrival{From: from, To: []string{to}, Verdicts: bench.Trusted,
		Raw: fmt.Sprintf("From: <%s>\nTo: %s\nSubject: %s\nMessage-ID: <%d@%s>\n%s\n%s\n", from, to, subject, u.n, from,
			more, text)})
}

// wait lets time pass, and looks where a reply of Anna's goes by then.
func (u *undo) wait(d time.Duration) {
	u.Helper()
	u.Pass(d)
	for _, m := range u.Sent() {
		u.mails = append(u.mails, m)
		if slices.Contains(m.To, anna) && len(m.Read.ReplyTo) > 0 {
			u.to = m.Read.ReplyTo[0].Address
		}
	}
}

// gone are the texts that left for the customer: the first line of each that says something.
func (u *undo) gone() (out []string) {
	for _, m := range u.mails {
		if slices.Contains(m.To, erika) {
			text := strings.ReplaceAll(m.Read.Visible.Visible, "\n\n", "\n")
			out = append(out, strings.SplitN(strings.TrimSpace(text), "\n", 2)[0])
		}
	}
	return out
}

// told is the last mail to Anna.
func (u *undo) told() string {
	for _, m := range slices.Backward(u.mails) {
		if slices.Contains(m.To, anna) {
			return strings.Join(strings.Fields(m.Read.Text), " ")
		}
	}
	return ""
}

// TestUndo plays what people do with an answer that has not left, one step after
// the other: "A" is Anna's reply to the mail about the customer's first, "R" her
// reply to the last mail that she got, "E" a mail of Erika's, "+" a time that passes.
func TestUndo(t *testing.T) {
	const text = "The glass is replaced for free, and a new one leaves tomorrow."
	for _, test := range []struct {
		name  string
		steps []string
		gone  string // what left for the customer
		told  string // stands in the last mail to Anna
	}{
		{"an answer leaves after its time", []string{"A " + text, "+1m59s", "+1s"}, text, ""},
		{"not before", []string{"A " + text, "+1m59s"}, "", "What shall I do with the glass?"},
		{"undone", []string{"A " + text, "+30s", "A #undo", "+5m"}, "",
			"Your answer was stopped before it left. It was to leave at 10:02"},
		{"in plain words", []string{"A " + text, "A undo", "+5m"}, "", "Taken back"},
		{"in German", []string{"A " + text, "A #rückgängig", "+5m"}, "", "Taken back"},
		{"in a hurry", []string{"A " + text, "A #undo!! wrong customer", "+5m"}, "", "Taken back"},
		{"in the subject's place of a slip", []string{"A " + text, "A #unod", "+1s"}, "", "#undo"},
		{"with its closing", []string{"A " + text + "\n\n#close", "A #undo", "+5m"}, "", "Taken back"},
		{"and sent after all", []string{"A " + text, "A #undo", "+1s", "R send", "+5m"}, text, ""},
		{"sent after all, once", []string{"A " + text, "A #undo", "+1s", "R send", "R send", "+5m"}, text,
			"answered already"},
		{"undone, sent and undone", []string{"A " + text, "A #undo", "+1s", "R send", "A #undo", "+5m"}, "",
			"Taken back"},
		{"undone, sent, undone and sent", []string{"A " + text, "A #undo", "+1s", "R send", "A #undo", "+1s", "R send",
			"+5m"}, text, ""},
		{"other words in its place", []string{"A " + text, "A #undo", "+1s", "R Please send us a photo first.", "+5m"},
			"Please send us a photo first.", ""},
		{"too late", []string{"A " + text, "+3m", "A #undo", "+1s"}, text,
			"Too late: your answer has left It left for"},
		{"too late says when", []string{"A " + text, "+2m1s", "+1h", "A #undo", "+1s"}, text, "at 10:02"},
		{"too late for the answer, not for its closing", []string{"A " + text + "\n\n#close", "+3m", "A #undo", "+1s"},
			text, ""},
		{"undone twice", []string{"A " + text, "A #undo", "A #undo", "+1s"}, "", ""},
		{"a new mail stops it", []string{"A " + text, "+1m", "E Wait, it is the red one.", "+5m"}, "",
			"Not sent: erika"},
		{"and its author sends it all the same", []string{"A " + text, "+1m", "E Wait, it is the red one.", "+1s",
			"R #send", "+5m"}, text, ""},
		{"or answers anew", []string{"A " + text, "+1m", "E Wait, it is the red one.", "+1s",
			"R Thank you, then send the red one back.", "+5m"}, "Thank you, then send the red one back.", ""},
		{"thanks stop nothing", []string{"A " + text, "+1m", "E Thank you!", "+5m"}, text, ""},
		{"a mail after it left stops nothing", []string{"A " + text, "+3m", "E Wait, it is the red one.", "+5m"}, text,
			"Wait, it is the red one."},
		{"a note is kept", []string{"A " + text + "\n\n#note she sounded angry", "A #undo", "+5m"}, "", "Taken back"},
		{"two answers, the later is undone", []string{"A " + text, "A PS: keep the box until then, please.", "A #undo",
			"+5m"}, text, "keep the box"},
		{"two answers, both undone", []string{"A " + text, "A PS: keep the box until then, please.", "A #undo",
			"A #undo", "+5m"}, "", "Taken back"},
		{"a new mail stops both", []string{"A " + text, "A PS: keep the box until then, please.",
			"E Wait, it is the red one.", "+5m"}, "", "Not sent"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			u := played(t, test.steps, nil)
			if gone := strings.Join(u.gone(), " | "); gone != test.gone {
				t.Errorf("%q left for the customer; want %q", gone, test.gone)
			}
			if told := u.told(); !strings.Contains(told, test.told) {
				t.Errorf("Anna is told %q; want %q in it", told, test.told)
			}
		})
	}
}

// played goes the steps: "A" is Anna's reply to the mail about the customer's first, "R"
// her reply to the last mail that she got, "T" a tap in it, "E" a mail of Erika's, "+" a time that passes.
func played(t *testing.T, steps []string, change func(*desk.Settings)) *undo {
	u := &undo{Path: bench.NewPath(t)}
	u.Settings.Mailboxes[0].Grace = 2 * time.Minute
	if change != nil {
		change(u.Settings)
	}
	u.opened = u.mail(erika, support, "Broken lamp", "",
		"The lamp came broken. What shall I do with the glass?")
	u.wait(0)
	first := u.to
	for _, step := range steps {
		switch step[0] {
		case 'A':
			u.mail(anna, first, "Re: Broken lamp", "", step[2:])
		case 'R':
			u.mail(anna, u.to, "Re: Broken lamp", "", step[2:])
		case 'T':
			u.mail(anna, u.to, "Keep it in the team [K7M-4Q9]", "", step[2:])
		case 'E':
			u.mail(erika, support, "Re: Broken lamp", "In-Reply-To: <1@"+erika+">\n", step[2:])
		case '+':
			d, err := time.ParseDuration(step[1:])
			if err != nil {
				t.Fatal(err)
			}
			u.wait(d)
		}
	}
	return u
}

// TestLeakWhomAWordIsFor: what may be for the team, and is too likely an answer to be asked
// about, is told to its author while it waits; "note" in reply keeps it inside. One mail,
// and none about what is written as an answer is.
func TestLeakWhomAWordIsFor(t *testing.T) {
	const jotting, asks = "Photo is fake, same picture is on eBay", "Is this for erika"
	off := func(s *desk.Settings) { s.WhomOff = true }
	for _, test := range []struct {
		name   string
		steps  []string
		change func(*desk.Settings)
		gone   string // what left for the customer
		told   string // stands in the last mail to Anna
		noted  bool   // Ben is told of it as of a note
	}{
		{"it is asked in passing", []string{"A " + jotting, "+1s"}, nil, "", asks, false},
		{"and says when it leaves", []string{"A " + jotting, "+1s"}, nil, "", "It leaves at 10:05", false},
		{"it waits to be seen", []string{"A " + jotting, "+4m59s"}, nil, "", asks, false},
		{"without a word it leaves", []string{"A " + jotting, "+5m1s"}, nil, jotting, asks, false},
		{"note keeps it", []string{"A " + jotting, "+1s", "R note", "+1h"}, nil, "", "Kept in the team", true},
		{"as an order", []string{"A " + jotting, "+1s", "R #note", "+1h"}, nil, "", "Kept in the team", true},
		{"by a tap", []string{"A " + jotting, "+1s", "T note", "+1h"}, nil, "", "Kept in the team", true},
		{"as people write", []string{"A " + jotting, "+1s", "R Note.", "+1h"}, nil, "", "Kept in the team", true},
		{"in German", []string{"A " + jotting, "+1s", "R Notiz", "+1h"}, nil, "", "Kept in the team", true},
		{"in reply to the customer's mail", []string{"A " + jotting, "A #note", "+1h"}, nil, "", "Kept in the team",
			true},
		{"undo gives it back", []string{"A " + jotting, "+1s", "R #undo", "+1h"}, nil, "", "Taken back", false},
		{"too late", []string{"A " + jotting, "+6m", "R note", "+1s"}, nil, jotting, "Too late", false},
		{"said twice", []string{"A " + jotting, "+1s", "R note", "R note", "+1h"}, nil, "", "", true},
		{"a letter is not asked about", []string{"A Hello Erika,\n\nplease send us a photo.\n\nAnna", "+3m"}, nil,
			"Hello Erika,", "The lamp came broken", false},
		{"switched off", []string{"A " + jotting, "+2m1s"}, off, jotting, "The lamp came broken", false},
		{"without a grace time", []string{"A " + jotting, "+1s"}, func(s *desk.Settings) { s.Mailboxes[0].Grace = 0 },
			jotting, "The lamp came broken", false},
		{"nothing waits", []string{"A note", "+1s"}, nil, "", "no answer of yours waits", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			u := played(t, test.steps, test.change)
			if gone := strings.Join(u.gone(), " | "); gone != test.gone {
				t.Errorf("%q left for the customer; want %q", gone, test.gone)
			}
			if told := u.told(); !strings.Contains(told, test.told) {
				t.Errorf("Anna is told %q; want %q in it", told, test.told)
			}
			asked, noted := 0, 0
			for _, m := range u.mails {
				text := strings.Join(strings.Fields(m.Read.Text), " ")
				if slices.Contains(m.To, anna) && strings.Contains(text, asks) {
					asked++
				}
				if slices.Contains(m.To, ben) && strings.Contains(text, jotting) {
					noted++
					if test.gone == "" && !strings.Contains(text, "left a note") {
						t.Errorf("Ben reads %q", text)
					}
				}
			}
			if asked > 1 || test.noted != (noted == 1 && test.gone == "") {
				t.Errorf("Anna was asked %d times, Ben told %d times", asked, noted)
			}
		})
	}
}
