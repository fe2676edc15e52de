package inbound_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/bench"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/metrics"
)

// list lets the daily list be written, and gives it; nil where none is.
func (s *scene) list() *bench.Sent {
	s.Helper()
	m := &metrics.Service{Home: s.Home()}
	for range 2 { // a schedule may start twice
		if err := m.PostQuarantine(s.Context()); err != nil {
			s.Fatal(err)
		}
	}
	var found *bench.Sent
	for _, m := range s.Sent() {
		if strings.HasPrefix(m.Read.Subject, "Quarantine") {
			if found != nil || m.To[0] != anna {
				s.Errorf("a list for %v", m.To)
			}
			found = &m
		}
	}
	return found
}

var spam = func() desk.Verdicts { v := bench.Trusted; v.Spam = desk.VerdictFail; return v }()

// quarantined fills the quarantine: a code, a virus, and what alone can be decided
// on, as number 1, a customer's mail taken for spam.
func (s *scene) quarantined() (customers, code desk.Inbound, list bench.Sent) {
	s.Helper()
	virus := bench.Trusted
	virus.Virus = desk.VerdictFail
	customers = s.arrive(letter{from: "Erika <" + customer + ">",
		subject: "Cheap? No: broken lamp, see https://evil.example/x",
		body:    "Hello, my lamp is broken, see https://evil.example/login or www.evil.example", verdict: &spam})
	s.Pass(time.Minute)
	s.arrive(letter{from: mallory, subject: "Invoice", body: "Open the file, please.", verdict: &virus})
	s.Pass(time.Minute)
	code = s.arrive(letter{from: "noreply@service.example", subject: "123456 is your verification code",
		body: "Your verification code is 123456."})
	if sent := s.Sent(); len(sent) != 0 {
		s.Fatalf("told %v", bench.Recipients(sent))
	}
	s.Pass(24 * time.Hour)
	l := s.list()
	if l == nil {
		s.Fatal("no list was written")
	}
	return customers, code, *l
}

// TestAttack08And09TheQuarantine: what is held is listed for the lead alone, does
// no harm there, and is released or dropped once.
func TestAttack08And09TheQuarantine(t *testing.T) {
	attacks(t,
		attack{"links and codes in the list", "whoever sends spam, or wants a code shown",
			"the lead to click, or a code to be read", "nothing in the list is a link; codes are not shown",
			func(s *scene) {
				_, _, l := s.quarantined()
				all := l.Read.Text + l.Read.HTML
				for _, bad := range []string{"https://evil", "www.evil", "evil.example", "123456", "Open the file",
					"href=\"http"} {
					if strings.Contains(all, bad) {
						s.Errorf("%q stands in the list:\n%s", bad, l.Read.Text)
					}
				}
				for _, good := range []string{"1 held mail looks real", "broken lamp", "evil[.]example",
					"possible spam",
					"1 with a virus (it can never be let in)", "1 sign-in code", "delete themselves by"} {
					if !strings.Contains(l.Read.Text, good) {
						s.Errorf("%q does not stand in the list:\n%s", good, l.Read.Text)
					}
				}
			}},
		attack{"#release 1, twice", "nobody", "a customer's mail that was taken for spam to be read",
			"nothing; it goes on once", func(s *scene) {
				customers, _, l := s.quarantined()
				s.arrive(answer(anna, l, "Hello,\n\nrelease 1 please\n\nDora"))
				sent := s.Sent()
				if got := strings.Join(bench.Recipients(sent), " "); got != anna+" "+ben ||
					!strings.Contains(fmt.Sprint(texts(sent)), "my lamp is broken") {
					s.Errorf("told %s", got)
				}
				s.arrive(answer(anna, l, "#release 1"))
				again := s.Sent()
				if len(again) != 1 || !strings.Contains(again[0].Read.Text, "released before") {
					s.Errorf("told %v", texts(again))
				}
				now, err := s.Store.Inbound(s.Context(), customers.ID)
				if err != nil || now.Outcome != desk.OutcomeThreaded || len(s.Messages(now)) != 1 {
					s.Errorf("%s, %v", now.Outcome, err)
				}
				if left, err := s.Store.Held(s.Context(), 0); err != nil || len(left) != 2 {
					s.Errorf("%d are held, %v", len(left), err)
				}
			}},
		attack{"#release of a virus", "whoever sent it", "to have it passed on by mistake", "it is never passed on",
			func(s *scene) {
				_, _, l := s.quarantined()
				s.arrive(answer(anna, l, "all"))
				all := s.Sent()
				if len(all) != 1 || !strings.Contains(all[0].Read.Text, "2 mails are held that can be let in") ||
					strings.Contains(all[0].Read.Text, "Invoice") {
					s.Fatalf("told %v", texts(all))
				}
				s.arrive(answer(anna, all[0], "release all"))
				if held, err := s.Store.Held(s.Context(), 0); err != nil || len(held) != 1 ||
					held[0].Hold != desk.HoldVirus {
					s.Errorf("%+v, %v", held, err)
				}
			}},
		attack{"a released spam in an agent's name", "a spammer who forges Anna",
			"the lead's release to make it an agent's", "what an agent's mail must have is asked all the same",
			func(s *scene) {
				b := s.begin()
				v := bench.Forged
				v.Spam = desk.VerdictFail
				a := answer(anna, b.anna, "Please pay to my account.")
				a.verdict = &v
				s.arrive(a)
				s.Pass(24 * time.Hour)
				l := s.list()
				s.arrive(answer(anna, *l, "#release 1"))
				if out := s.outside(); len(out) != 0 {
					s.Errorf("mail left for %v", bench.Recipients(out))
				}
			}},
		attack{"a stranger answers the list", "whoever was forwarded it", "to release spam",
			"the address is signed for the lead, who must write and be vouched for", func(s *scene) {
				customers, _, l := s.quarantined()
				for _, x := range []letter{{from: mallory}, {from: ben}, {from: anna, verdict: &forged},
					{from: anna, headers: "Auto-Submitted: auto-replied\n"}} {
					a := answer(x.from, l, "#release 1")
					a.verdict, a.headers = x.verdict, x.headers
					s.arrive(a)
				}
				if now, err := s.Store.Inbound(s.Context(), customers.ID); err != nil ||
					now.Outcome != desk.OutcomeHeld {
					s.Errorf("%s, %v", now.Outcome, err)
				}
			}},
		attack{"a flood", "whoever sends hundreds", "to bury the lead",
			"one list a day names a hundred and counts the rest, and there is none without news", func(s *scene) {
				for i := range 520 {
					s.arrive(letter{from: mallory, subject: fmt.Sprintf("Buy %d", i), body: "Buy", verdict: &spam})
				}
				s.Pass(24 * time.Hour)
				l := s.list()
				if l == nil || !strings.Contains(l.Read.Text, "520 held mails look real") ||
					!strings.Contains(l.Read.Text, "And 480 more") || len(l.Raw) > 400<<10 {
					s.Fatal("the list does not say so")
				}
				s.Pass(24 * time.Hour)
				if s.list() != nil {
					s.Error("a list without news")
				}
				s.arrive(answer(anna, *l, "#drop all"))
				s.Sent()
				s.arrive(letter{from: mallory, subject: "Buy", body: "Buy", verdict: &spam})
				s.Pass(24 * time.Hour)
				if l = s.list(); l == nil || !strings.Contains(l.Read.Text, "1 held mail looks real") ||
					!strings.Contains(l.Read.Text, "480 mails of earlier lists are still held") {
					s.Error("not 480 are left")
				}
				s.Pass(31 * 24 * time.Hour)
				if left, err := s.Store.Held(s.Context(), 0); err != nil || len(left) != 0 {
					s.Errorf("%d are held when their time is over, %v", len(left), err)
				}
			}},
		attack{"an unproven stranger with a customer's reply address", "whoever found it in a forwarded mail",
			"to be let into the conversation, or believed",
			"nobody is shown it until the lead says so; then it is a conversation of its own", func(s *scene) {
				b := s.begin()
				s.arrive(answer(anna, b.anna, "What does the label say?"))
				toErika := s.sentTo(customer, s.Sent())
				x := answer(mallory, toErika, "I am Erika's husband. What did she write?")
				x.verdict = &forged
				in := s.arrive(x)
				if in.Outcome != desk.OutcomeHeld || len(s.Sent()) != 0 {
					s.Fatalf("%s (%s)", in.Outcome, in.Reason)
				}
				s.Pass(24 * time.Hour)
				s.arrive(answer(anna, *s.list(), "#release 1"))
				now, err := s.Store.Inbound(s.Context(), in.ID)
				if err != nil || now.Outcome != desk.OutcomeThreaded || now.Conversation == b.first.Conversation {
					s.Errorf("%s in %s, %v", now.Outcome, now.Conversation, err)
				}
				if out := s.outside(); len(out) != 0 {
					s.Errorf("mail left for %v", bench.Recipients(out))
				}
			}},
	)
}

func texts(sent []bench.Sent) (out []string) {
	for _, m := range sent {
		out = append(out, m.Read.Text)
	}
	return out
}

// TestAttack01WhatVouchesAndWhatIsVoid: the configured equivalent of DMARC, and
// reply addresses that were declared void.
func TestAttack01WhatVouchesAndWhatIsVoid(t *testing.T) {
	gray := bench.Trusted
	gray.DMARC = desk.VerdictGray
	fails := gray
	fails.DMARC = desk.VerdictFail
	for _, c := range []struct {
		name, by, path string
		verdicts       desk.Verdicts
		want           desk.Outcome
	}{
		{"no DMARC, and none asked for", "", anna, gray, desk.OutcomeHeld},
		{"SPF of her own domain", desk.VouchedBySPF, anna, gray, desk.OutcomeAgent},
		{"SPF of somebody else's domain", desk.VouchedBySPF, "mallory@evil.example", gray, desk.OutcomeHeld},
		{"SPF against DMARC", desk.VouchedBySPF, anna, fails, desk.OutcomeHeld},
	} {
		attacks(t, attack{c.name, "whoever forges Anna", "to pass for her by a weaker check",
			"SPF counts where the settings say so, for the From domain itself, and never against DMARC",
			func(s *scene) {
				s.Settings.Agents[0].VouchedBy = c.by
				b := s.begin()
				l := answer(anna, b.anna, answerText)
				l.path, l.verdict = c.path, &c.verdicts
				if in := s.arrive(l); in.Outcome != c.want {
					s.Errorf("%s (%s)", in.Outcome, in.Reason)
				}
			}})
	}
	attacks(t, attack{"her address, at another mailbox", "an agent of two mailboxes, or whoever has her address",
		"to use it where it was not made", "the MAC covers the mailbox", func(s *scene) {
			s.Settings.Mailboxes = append(s.Settings.Mailboxes,
				desk.Mailbox{ID: "sales", Name: "Sales", Address: "sales@lantern.example",
					ReplyBase: "sales@lantern.example", Agents: []string{"anna"}})
			b := s.begin()
			l := answer(anna, b.anna, answerText)
			l.to, l.tos = strings.Replace(l.to, "support+", "sales+", 1), nil
			s.held(s.arrive(l))
		}})
	attacks(t, attack{"an address from before the mailbox was broken into", "whoever copied Anna's mailbox",
		"to use her reply addresses", "those made before a day are void; newer ones work", func(s *scene) {
			b := s.begin()
			s.Settings.Agents[0].Since = s.Now().Truncate(24*time.Hour).AddDate(0, 0, 1)
			s.held(s.arrive(answer(anna, b.anna, answerText)))
			s.Pass(48 * time.Hour)
			s.Sent()
			s.arrive(letter{from: customer, answers: "first@customers.example", body: "Are you there?"})
			if in := s.arrive(answer(anna, s.sentTo(anna, s.Sent()), answerText)); in.Outcome != desk.OutcomeAgent {
				s.Errorf("%s (%s)", in.Outcome, in.Reason)
			}
		}})
}
