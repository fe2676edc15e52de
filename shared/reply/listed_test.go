package reply_test

import (
	"strings"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/bench"
	"github.com/replywell/replywell/shared/desk"
)

const (
	ottoSays = "My neighbour Paul from the third floor broke the red chandelier on Sunday and he will not pay for it."
	benNotes = "He threatened the driver last year, so nobody goes to that house without a colleague any more."
)

// TestLeakFromWhatListsShowed: what an agent reads in a mail that was asked for, and not in
// a notification, is compared with an answer too: another customer's words in what #find
// and a number brought, a colleague's note in #history, an article for the team alone.
// Otto wrote and Ben noted while Anna did not answer this mailbox, so she was not told.
func TestLeakFromWhatListsShowed(t *testing.T) {
	for _, c := range []struct {
		name  string
		reads []string // what Anna writes before, each in reply to the last mail that she got; "" is the morning
		says  string
		held  bool
	}{
		{"from nowhere", nil, ottoSays, false},
		{"#find", []string{"#find chandelier"}, ottoSays, true},
		{"#find, and half of it", []string{"#find chandelier"}, "Please tell Paul from the third floor: " +
			strings.ToLower(ottoSays[14:80]), true},
		{"a mail that #find brought", []string{"#find chandelier", "1"}, ottoSays, true},
		{"the note in that mail", []string{"#find chandelier", "1"}, benNotes, true},
		{"the note in #history of that mail", []string{"#find chandelier", "1", "#history"}, benNotes, true},
		{"own words after #find", []string{"#find chandelier"}, "Please send us a photo of the glass.", false},
		{"the morning mail", []string{""}, ottoSays, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			u := &undo{Path: bench.NewPath(t)}
			u.Settings.Mailboxes[0].Agents = []string{"ben"}
			u.mail("otto@home.example", support, "Chandelier", "", ottoSays)
			u.wait(time.Second)
			for _, m := range u.mails {
				if m.To[0] == ben {
					u.mail(ben, m.Read.ReplyTo[0].Address, "Re: Chandelier", "", "#note "+benNotes)
				}
			}
			u.wait(time.Second)
			u.Settings.Mailboxes[0].Agents = []string{"anna", "ben"}
			u.mail(erika, support, "Broken lamp", "", "The lamp came broken. What shall I do with the glass?")
			u.wait(time.Second)
			first := u.to
			for _, read := range c.reads {
				if read == "" {
					u.morning(t)
					continue
				}
				u.mail(anna, u.to, "Re: Broken lamp", "", read)
				u.wait(time.Second)
			}
			in := u.mail(anna, first, "Re: Broken lamp", "", "Hello Erika,\n\n"+c.says+"\n\nAnna")
			u.wait(time.Hour)
			if gone := len(u.gone()) > 0; gone == c.held || c.held != (in.Outcome == desk.OutcomeRefused) {
				t.Errorf("%s (%s); Anna read last %q", in.Outcome, in.Reason, u.told())
			}
		})
	}
}

// morning lets the next morning come.
func (u *undo) morning(t *testing.T) {
	t.Helper()
	u.Settings.Morning.Off, u.Settings.Morning.At = false, 9*60
	u.Pass(23*time.Hour + 5*time.Minute)
	if _, err := u.Schedule.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	u.wait(time.Second)
}
