package inbound_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/desk"
)

// TestAttack06TheAcknowledgementIsNoBomb: demand 6 for a team that acknowledges
// customers' first mails, which is the one thing that leaves by itself.
func TestAttack06TheAcknowledgementIsNoBomb(t *testing.T) {
	on := func(try func(*scene)) func(*scene) {
		return func(s *scene) {
			for i := range s.Settings.Mailboxes {
				s.Settings.Mailboxes[i].Acknowledge = true
			}
			try(s)
		}
	}
	attacks(t,
		attack{"in the names of many victims", "somebody who forges From (Zendesk, 2025)",
			"an acknowledgement to each victim", "only a mail that its domain vouches for is acknowledged",
			on(func(s *scene) {
				for i := range 30 {
					s.arrive(letter{from: fmt.Sprintf("victim%d@elsewhere.example", i), path: mallory, verdict: &forged,
						body: "Hello, my lamp is broken."})
				}
				s.nothingLeaves()
			})},
		attack{"with words of his own", "somebody who has the desk write to his own list, or to himself as a proof",
			"that our mail carries his words", "an acknowledgement repeats nothing: no name, no subject, no text",
			on(func(s *scene) {
				s.arrive(letter{from: `"FREE-MONEY at evil.example" <` + customer + `>`,
					subject: "FREE-MONEY http://evil.example/x", headers: "X-FREE-MONEY: 1\n",
					body: "FREE-MONEY http://evil.example/x FREE-MONEY"})
				out := s.Outside(s.Sent())
				if len(out) != 1 || len(out[0].To) != 1 || out[0].To[0] != customer {
					s.Fatalf("%d mails left", len(out))
				}
				m := out[0]
				if read := string(m.Raw) + m.Read.Subject + m.Read.Text + m.Read.HTML +
					fmt.Sprint(m.Read.To, m.Read.From); strings.Contains(read, "FREE-MONEY") ||
					strings.Contains(read, "evil.example") {
					s.Errorf("it repeats the attacker:\n%s", m.Raw)
				}
				if m.Read.Header.Get("Auto-Submitted") != "auto-replied" ||
					m.Read.Header.Get("X-Auto-Response-Suppress") != "All" {
					s.Errorf("it does not say that it is automatic:\n%s", m.Raw)
				}
			})},
		attack{"again and again", "a program that answers each acknowledgement under a fresh id", "a circle",
			"one sender gets one in a day, whatever the headers say", on(func(s *scene) {
				n := 0
				for i := range 40 {
					s.arrive(letter{from: strings.ToUpper(customer[:i%5]) + customer[i%5:],
						subject: fmt.Sprintf("Lamp %d", i), body: fmt.Sprintf("My lamp number %d is broken.", i)})
					n += len(s.Outside(s.Sent()))
					s.Pass(10 * time.Minute)
				}
				if n != 1 {
					s.Errorf("%d acknowledgements left", n)
				}
			})},
		attack{"every kind of machine", "a robot whose domain vouches for it", "an acknowledgement to answer",
			"lists, bulk, automatic mail, the null path, no-reply addresses and our own are not acknowledged",
			on(func(s *scene) {
				for i, l := range []letter{
					{headers: "Auto-Submitted: auto-replied\n"}, {headers: "Precedence: bulk\n"},
					{headers: "List-Id: <x.elsewhere.example>\n"},
					{headers: "List-Unsubscribe: <mailto:x@elsewhere.example>\n"},
					{headers: "X-Auto-Response-Suppress: All\n"}, {path: "<>"}, {from: "noreply@elsewhere.example"},
					{from: "no-reply+7@elsewhere.example"}, {from: "mailer-daemon@elsewhere.example"}, {from: support},
					{from: "help@lantern.example"},
					{from: "list-request@elsewhere.example"},
					{from: "x@elsewhere.example", headers: "Sender: owner-list@elsewhere.example\nMailing-List: x\n"},
				} {
					if l.from == "" {
						l.from = fmt.Sprintf("robot%d@elsewhere.example", i)
					}
					l.body = fmt.Sprintf("Hello, it is I, number %d.", i)
					in := s.arrive(l)
					if out := s.Outside(s.Sent()); len(out) > 0 {
						s.Errorf("%+v (%s) is acknowledged", l, in.Outcome)
					}
				}
			})},
		attack{"to an agent", "somebody in an agent's name", "that agents are written to as customers",
			"an agent's mail is not a customer's first", on(func(s *scene) {
				b := s.begin()
				l := answer(anna, b.anna, "Please pay to my account.")
				l.verdict = &forged
				s.Sent()
				if in := s.arrive(l); in.Outcome != desk.OutcomeHeld {
					s.Errorf("%q", in.Outcome)
				}
				for _, m := range s.Sent() {
					if strings.Contains(m.Read.Header.Get("Auto-Submitted"), "replied") {
						s.Errorf("%v is acknowledged", m.To)
					}
				}
			})},
	)
}
