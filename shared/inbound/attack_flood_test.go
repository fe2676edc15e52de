package inbound_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/bench"
	"github.com/replywell/replywell/shared/desk"
)

// TestAttack06NobodyOutsideIsWrittenToByItself: demand 6. Without a person's decision nobody
// outside of the team is written to.
func TestAttack06NobodyOutsideIsWrittenToByItself(t *testing.T) {
	attacks(t,
		attack{"backscatter", "somebody who forges the desk's address elsewhere", "that the desk answers the bounces",
			"a report about mail that we do not know is held and answered by nobody", func(s *scene) {
				for i := range 5 {
					s.held(s.arrive(bounce(fmt.Sprintf("forged%d@elsewhere.example", i), support)))
				}
			}},
		attack{"unverified agents", "somebody who writes in an agent's name", "an answer that tells him why it failed",
			"only the agent hears, at the address in the settings", func(s *scene) {
				b := s.begin()
				l := answer(anna, b.anna, "Please pay to my account.")
				l.path, l.verdict, l.headers = mallory, &forged, "Reply-To: "+mallory+"\nSender: "+mallory+
					"\nErrors-To: "+
					mallory+"\nDisposition-Notification-To: "+mallory+"\nReturn-Receipt-To: "+mallory+"\n"
				s.held(s.arrive(l))
			}},
		attack{"every kind of machine", "a robot", "an answer to answer", "nothing that arrives is answered by itself",
			func(s *scene) {
				for i, h := range []string{"Auto-Submitted: auto-replied\n", "Precedence: bulk\n",
					"List-Id: <x.elsewhere.example>\n", "X-Autoreply: yes\n",
					"Disposition-Notification-To: robot@elsewhere.example\n"} {
					for _, path := range []string{"<>", "robot@elsewhere.example"} {
						s.arrive(letter{from: fmt.Sprintf("robot%d@elsewhere.example", i), path: path, headers: h,
							body: "I got your mail."})
					}
				}
				s.nothingLeaves()
			}},
		attack{"our own mail comes back", "a customer's mailbox that forwards to the support address", "a circle",
			"our Message-ID and our mark are known; the support address is never answered", func(s *scene) {
				b := s.begin()
				out := s.answered(b)
				for _, change := range []func(string) string{
					func(m string) string { return m },
					func(m string) string { return strings.ReplaceAll(m, out.MessageID, "other@elsewhere.example") },
					func(m string) string {
						m = strings.ReplaceAll(m, out.MessageID, "another@elsewhere.example")
						return strings.Replace(m, "X-Loop:", "X-Was-Loop:", 1)
					},
				} {
					s.Arrive(bench.Arrival{From: out.From, To: []string{support}, Verdicts: bench.Trusted,
						Raw: change(string(out.Raw))})
					s.nothingLeaves()
				}
			}},
		attack{"forged mark of our own", "a stranger who copies our X-Loop field",
			"that his mail vanishes unseen, or that somebody else's does",
			"the mark speaks for the mail that bears it alone; the mail is kept with the reason, and the " +
				"conversation goes on", func(s *scene) {
				b := s.begin()
				in := s.arrive(letter{from: mallory, headers: "X-Loop: " + support + "\n",
					answers: "first@customers.example", body: "Hello."})
				if in.Outcome != desk.OutcomeOwn || in.Reason == "" {
					s.Errorf("%q (%s)", in.Outcome, in.Reason)
				}
				if _, err := s.Blobs.Get(s.Context(), in.Raw); err != nil {
					s.Errorf("the raw mail is gone: %v", err)
				}
				next := s.arrive(letter{from: customer, answers: "first@customers.example", body: "Any news?"})
				if next.Conversation != b.first.Conversation {
					s.Error("the customer's next mail is elsewhere")
				}
			}},
	)
}

// TestAttack07FloodsAreBoundedWhateverTheHeadersSay: demand 7. What agents get is bounded by merging, and
// nothing is dropped.
func TestAttack07FloodsAreBoundedWhateverTheHeadersSay(t *testing.T) {
	attacks(t,
		attack{"hundreds of mails in a minute", "somebody with a script",
			"to fill the agents' mailboxes, or to make a customer's mail vanish in the heap",
			"above a rate notifications are merged into one mail that names each", func(s *scene) {
				const most = 120
				for i := range most {
					s.arrive(letter{from: fmt.Sprintf("flood%d@elsewhere.example", i),
						subject: fmt.Sprintf("Flood %d.", i),
						body:    "Hello."})
				}
				sent := s.Later(time.Hour)
				var all strings.Builder
				toAnna := 0
				for _, m := range sent {
					if m.To[0] == anna {
						toAnna++
						all.WriteString(m.Read.Subject + "\n" + m.Read.PlainText)
					}
				}
				if limit := s.Settings.Notifications.Most + (most+desk.MostListed-1)/desk.MostListed; toAnna > limit {
					s.Errorf("Anna got %d mails, not at most %d", toAnna, limit)
				}
				for i := range most {
					if !strings.Contains(all.String(), fmt.Sprintf("Flood %d.", i)) {
						s.Errorf("nobody was told of mail %d", i)
					}
				}
				if out := s.Outside(sent); len(out) > 0 {
					s.Errorf("%d mails left", len(out))
				}
			}},
		attack{"hundreds of mails in an agent's name", "somebody who has one of Anna's reply addresses",
			"to fill Anna's mailbox with notices", "the notices of a day are counted", func(s *scene) {
				b := s.begin()
				notices := 0
				for i := range 40 {
					l := answer(anna, b.anna, fmt.Sprintf("Attempt %d.", i))
					l.verdict = &forged
					s.arrive(l)
					notices += len(s.Sent())
				}
				if notices == 0 || notices > 5 {
					s.Errorf("Anna got %d notices", notices)
				}
				if held, err := s.Store.Held(s.Context(), 0); err != nil || len(held) != 40 {
					s.Errorf("%d mails are held: %v", len(held), err)
				}
			}},
		attack{"refused mails without end", "an agent's mail program that answers each of our notices",
			"a circle between it and us", "the notices of a day in one conversation are counted", func(s *scene) {
				b := s.begin()
				told := b.anna
				notices := 0
				for i := range 60 {
					s.arrive(answer(anna, told, fmt.Sprintf("#vacation %d\nI am away.", i)))
					for _, m := range s.Later(time.Minute) {
						if m.To[0] == anna {
							notices++
							told = m
						}
					}
				}
				if notices == 0 || notices > 20 {
					s.Errorf("Anna got %d notices", notices)
				}
			}},
		attack{"the same answer again and again", "an agent's mail program that repeats itself under fresh ids",
			"to write to the customer without the agent", "the same text goes to one conversation once a day",
			func(s *scene) {
				b := s.begin()
				out := 0
				for range 10 {
					s.Pass(time.Minute)
					s.arrive(answer(anna, b.anna, "I am out of reach until the first of April. Please be patient "+
						"with me."))
					out += len(s.Outside(s.Sent()))
				}
				if out > 1 {
					s.Errorf("the customer got it %d times", out)
				}
			}},
		attack{"a bouncing agent", "an agent's mailbox that is full", "a circle of reports",
			"a report about mail to an agent is told to the others once a day", func(s *scene) {
				b := s.begin()
				n := 0
				for i := range 20 {
					l := bounce(b.anna.MessageID, b.anna.From)
					l.body += fmt.Sprintf("\n%d\n", i)
					s.arrive(l)
					n += len(s.nothingLeaves())
				}
				if n > 1 {
					s.Errorf("twenty reports caused %d mails", n)
				}
			}},
	)
}
