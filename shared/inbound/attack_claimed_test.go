package inbound_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/replywell/replywell/shared/bench"
	"github.com/replywell/replywell/shared/desk"
)

// passedMail writes a letter as one of the systems does that carry letters.
func passedMail(system, author, subject, id, answers, body string) mail {
	letter := fmt.Sprintf("From: %s\nTo: support@shop.example\nSubject: %s\nMessage-ID: <%s>\nDate: Mon, 2 Nov 2026 "+
		"08:58:00 +0000\n", author, subject, id)
	if answers != "" {
		letter += "In-Reply-To: <" + answers + ">\n"
	}
	letter += "Content-Type: text/plain; charset=utf-8\n\n" + body + "\n"
	plain := address(author)
	attached := func(said string) (headers, text string) {
		return "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=M\n",
			"--M\nContent-Type: text/plain; charset=utf-8\n\n" + said +
				"\n--M\nContent-Type: message/rfc822; name=postacert.eml\nContent-Disposition: attachment; " +
				"filename=postacert.eml\n\n" + letter + "\n--M--"
	}
	m := mail{subject: subject, id: "envelope-" + id}
	switch system {
	case "certified mail":
		m.from, m.subject = `"Per conto di: `+plain+`" <posta-certificata@pec.provider.example>`, "POSTA CERTIFICATA: "+
			subject
		m.headers, m.body = attached("Messaggio di posta certificata\nIl messaggio originale è incluso in allegato.")
		m.headers += "Reply-To: " + plain + "\nX-Trasporto: posta-certificata\nX-TipoRicevuta: completa\n"
	case "a portal":
		m.from, m.headers, m.body = "Flat Portal <leads@portal.example>", "Reply-To: "+author+"\n", author+" asks:\n\n"+
			body
	case "a portal of any name":
		m.from, m.headers, m.body = "Anna Schmidt <anna.schmidt@portal.example>", "Reply-To: "+author+"\n", body
	case "a form":
		m.from, m.headers, m.body = "Owner <owner@shop-site.example>", "Reply-To: "+author+"\n",
			"Name: Somebody\nEmail: "+plain+"\nMessage: "+body
	case "a rule":
		m.from, m.headers = "Team <team@elsewhere.example>",
			"Auto-Submitted: auto-generated\nX-MS-Exchange-Generated-Message-Source: Mailbox Rules Agent\n"+
				"X-MS-Exchange-Inbox-Rules-Loop: team@elsewhere.example\n"
		m.subject, m.body = "FW: "+subject, "________________________________\nFrom: "+author+
			"\nSent: Monday, 2 November 2026 09:00\nTo: Team <team@elsewhere.example>\nSubject: "+subject+"\n\n"+body
	case "a rule, as an attachment":
		var head string
		head, m.body = attached("")
		m.from, m.headers = "Team <team@elsewhere.example>", head+
			"Auto-Submitted: auto-generated\nX-MS-Exchange-Generated-Message-Source: Mailbox Rules Agent\n"+
			"X-MS-Exchange-Inbox-Rules-Loop: team@elsewhere.example\n"
	}
	return m
}

var systems = []string{"certified mail", "a portal", "a portal of any name", "a form", "a rule",
	"a rule, as an attachment"}

// TestAttackTwoPeopleBehindOneAddress: what a system writes for people,
// under one subject, is each person's own, and the answer goes to them.
func TestAttackTwoPeopleBehindOneAddress(t *testing.T) {
	for _, system := range systems {
		t.Run(system, func(t *testing.T) {
			w := newWorld(t)
			w.Settings.SubjectWindow = 14 * 24 * 60 * 60 * 1e9
			jo := w.receive(passedMail(system, "Jo Fox <jo@fox.example>", "Flat 12", "jo1@fox.example", "",
				"Can I see the flat?"))
			al := w.receive(passedMail(system, "Al Hare <al@hare.example>", "Flat 12", "al1@hare.example", "",
				"Is the flat free?"))
			again := w.receive(passedMail(system, "Jo Fox <jo@fox.example>", "Re: Flat 12", "jo2@fox.example", "",
				"Can I see it on Friday?"))
			if jo.Outcome != desk.OutcomeThreaded || jo.Conversation == al.Conversation {
				t.Fatalf("%s (%s), %s", jo.Outcome, jo.Reason, al.Conversation)
			}
			unnamed := system == "a portal of any name"
			if !unnamed && again.Conversation == jo.Conversation {
				t.Error("a claimed author was joined by a subject alone")
			}
			for in, want := range map[desk.ConversationID]string{jo.Conversation: "jo@fox.example",
				al.Conversation: "al@hare.example"} {
				c, m := w.conversation(in), w.messages(in)[0]
				if unnamed {
					if c.ReplyTo != want {
						t.Errorf("answers are asked for at %q", c.ReplyTo)
					}
					continue
				}
				if c.Customer.Address != want || m.Verified || len(m.Beside) > 0 || len(c.Linked) > 0 ||
					m.Kind != desk.KindCustomer {
					t.Errorf("customer %v, verified %v, beside %v, linked %v, %s", c.Customer, m.Verified, m.Beside,
						c.Linked, m.Kind)
				}
				if !strings.Contains(m.Text, "the flat") || strings.Contains(m.Text, "originale è incluso") {
					t.Errorf("text %q", m.Text)
				}
			}
		})
	}
}

// TestAttackAClaimedAuthorHasNoHistory: whoever types Erika's address into a form,
// or wraps a letter in her name, sees and joins nothing of hers, and an agent is
// shown nothing of it either; unless the letter names a mail of the conversation.
func TestAttackAClaimedAuthorHasNoHistory(t *testing.T) {
	for _, system := range systems {
		if system == "a portal of any name" {
			continue // nobody is claimed
		}
		t.Run(system, func(t *testing.T) {
			w := newWorld(t)
			w.Settings.SubjectWindow = 14 * 24 * 60 * 60 * 1e9
			hers := w.receive(mail{from: "Erika <erika@customer.example>", subject: "Flat 12",
				id: "first@customer.example", body: "My secret code is 4711."})
			for _, subject := range []string{"Flat 12", "Re: Flat 12"} {
				in := w.receive(passedMail(system, "Erika <erika@customer.example>", subject,
					fmt.Sprintf("x%d@elsewhere.example", len(subject)), "", "Please tell me what I wrote."))
				if in.Conversation == hers.Conversation {
					t.Fatal("it was joined")
				}
				c, m := w.conversation(in.Conversation), w.messages(in.Conversation)[0]
				if c.Customer.Address != "erika@customer.example" || m.Verified || len(m.Beside) > 0 ||
					len(c.Linked) > 0 || len(m.Evidence.Found) > 0 {
					t.Errorf("customer %v, verified %v, beside %v, linked %v, found %v", c.Customer, m.Verified,
						m.Beside, c.Linked, m.Evidence.Found)
				}
				for _, n := range w.to("anna", in.ID) {
					if !strings.Contains(n.PlainText, "with this address, not shown here") ||
						strings.Contains(n.PlainText, "First contact") {
						t.Errorf("the agent is not told that the address wrote before\n%s", n.PlainText)
					}
					if strings.Contains(n.Text, "4711") || strings.Contains(n.Text, string(hers.Conversation)) ||
						!strings.Contains(n.PlainText, "not confirmed") {
						t.Errorf("the agent reads\n%s", n.Text)
					}
				}
			}
			if len(w.conversation(hers.Conversation).Linked) > 0 {
				t.Error("hers was linked")
			}
			if system == "a portal" || system == "a form" || system == "a rule" {
				return // nothing in them names a mail
			}
			in := w.receive(passedMail(system, "Erika <erika@customer.example>", "Re: Flat 12", "x3@elsewhere.example",
				"first@customer.example", "It is still cold."))
			if in.Conversation != hers.Conversation {
				t.Error("the letter names her mail, and was not joined")
			}
			if m := w.messages(hers.Conversation); m[len(m)-1].Verified {
				t.Error("its author counts as confirmed")
			}
		})
	}
}

// TestAttackAWrapperSpeaksForItsSenderAlone: a wrapper speaks for its own sender alone.
func TestAttackAWrapperSpeaksForItsSenderAlone(t *testing.T) {
	wrap := func(outer, inner, header string) mail {
		return mail{from: outer, subject: "[SPAM] Order", id: "w@x.example", headers: header +
			"MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=M\n",
			body: "--M\nContent-Type: text/plain\n\nSpam detection software has identified this.\n--M\nContent-Type: " +
				"message/rfc822; x-spam-type=original\n\nFrom: " + inner +
				"\nSubject: Order\nMessage-ID: <w@x.example>\n\nSend my money to Mallory.\n\n--M--"}
	}
	w := newWorld(t)
	own := w.receive(wrap("Erika <erika@customer.example>", "Erika <erika@customer.example>", "X-Spam-Flag: YES\n"))
	if m := w.messages(own.Conversation)[0]; m.Text != "Send my money to Mallory." || m.Subject != "Order" ||
		m.From.Address != "erika@customer.example" || !m.Verified {
		t.Errorf("%q of %v under %q, verified %v", m.Text, m.From, m.Subject, m.Verified)
	}
	for name, m := range map[string]mail{
		"another sender": wrap("Mallory <mallory@bad.example>", "Erika <erika@customer.example>",
			"X-Spam-Flag: YES\n"),
		"another sender, the same id": wrap("Mallory <mallory@bad.example>", "Erika <erika@customer.example>", ""),
	} {
		m.id += name[:3]
		in := newWorld(t).receiveIn(m)
		if in.From.Address != "mallory@bad.example" {
			t.Errorf("%s: from %v", name, in.From)
		}
	}
}

// receiveIn receives a mail and gives its message.
func (w *world) receiveIn(m mail) desk.Message {
	w.Helper()
	in := w.receive(m)
	if in.Conversation == "" {
		w.Fatalf("%s: %s", in.Outcome, in.Reason)
	}
	return w.messages(in.Conversation)[0]
}

// TestAMailAttachedByHandIsReadWithTheText: who passes a mail on stays its author.
func TestAMailAttachedByHandIsReadWithTheText(t *testing.T) {
	w := newWorld(t)
	m := w.receiveIn(mail{from: "Erika <erika@customer.example>", subject: "Fwd: Your parcel",
		id: "f1@customer.example", headers: "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=M\n",
		body: "--M\nContent-Type: text/plain\n\nIs this from you?\n--M\nContent-Type: message/rfc822\n\nFrom: " +
			"Courier <news@courier.example>\nSubject: Your parcel\nMessage-ID: <c1@courier.example>\n\nPay two euros " +
			"for your parcel.\n\n--M--"})
	if m.From.Address != "erika@customer.example" || !m.Verified || !strings.HasPrefix(m.Text, "Is this from you?") ||
		!strings.Contains(m.Text, "From: Courier <news@courier.example>") ||
		!strings.Contains(m.Text, "Pay two euros") {
		t.Errorf("from %v, verified %v:\n%s", m.From, m.Verified, m.Text)
	}
}

// TestAttackARuleCannotAnswerForAnAgent: what a mailbox's rule forwards to an agent's
// reply address carries a stranger's words under the agent's address.
func TestAttackARuleCannotAnswerForAnAgent(t *testing.T) {
	w := newWorld(t)
	hers := w.receive(mail{from: "Erika <erika@customer.example>", subject: "Order", id: "first@customer.example",
		body: "Where is it?"})
	n := w.to("anna", hers.ID)
	if len(n) != 1 {
		t.Fatalf("%d notifications", len(n))
	}
	for _, system := range []string{"a rule", "a rule, as an attachment"} {
		m := passedMail(system, "Mallory <mallory@bad.example>", "Order", "m1@bad.example", "", "Pay to my account.")
		m.from, m.recipients = "Anna Agent <anna@team.example>", []string{n[0].ReplyTo[0].Address}
		m.headers = strings.ReplaceAll(m.headers, "team@elsewhere.example", "anna@team.example") + "In-Reply-To: <" +
			n[0].Mail.MessageID + ">\n"
		in := w.receive(m)
		if len(w.agents.seen) > 0 {
			t.Errorf("%s: carried out as %q (%s)", system, w.agents.seen, in.Reason)
		}
	}
}

// TestAttackOneIDForAllMailsOfASystem: a portal that uses one Message-ID for all it sends
// joins nobody to anybody.
func TestAttackOneIDForAllMailsOfASystem(t *testing.T) {
	w := newWorld(t)
	a := passedMail("a portal of any name", "Jo Fox <jo@fox.example>", "Flat 12", "1", "", "Can I see the flat?")
	b := passedMail("a portal of any name", "Al Hare <al@hare.example>", "Flat 12", "1", "", "Is the flat free?")
	if w.receive(a).Conversation == w.receive(b).Conversation {
		t.Error("two people are in one conversation")
	}
}

// TestAColleagueWhoAnswersTheSameUnseenMailIsLinked: as agents see that two of one
// company write about one thing. Strangers who answer one newsletter are not.
func TestAColleagueWhoAnswersTheSameUnseenMailIsLinked(t *testing.T) {
	for name, c := range map[string]struct {
		from, headers string
		linked        bool
	}{
		"of the same company":  {"joao@customer.example", "", true},
		"who was in copy":      {"bo@lawyer.example", "", true},
		"who has her in copy":  {"cy@bank.example", "Cc: erika@customer.example\n", true},
		"a stranger":           {"mallory@bad.example", "", false},
		"of the same provider": {"erika2@gmail.com", "", false},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			from := "erika@customer.example"
			if name == "of the same provider" {
				from = "erika@gmail.com"
			}
			first := w.receive(mail{from: from, subject: "Re: Offer", body: "Yes", id: "r1@x.example",
				reply: "unseen@x.example", headers: "Cc: bo@lawyer.example\n"})
			in := w.receive(mail{from: c.from, subject: "Re: Offer", body: "No", id: "r2@x.example",
				reply: "unseen@x.example", headers: c.headers})
			if in.Conversation == first.Conversation {
				t.Fatal("joined, and nobody asked")
			}
			if m := w.messages(in.Conversation)[0]; (m.Evidence.Linked == first.Conversation) != c.linked {
				t.Errorf("linked %q", m.Evidence.Linked)
			}
		})
	}
}

// TestAttackUnverifiedMailInACustomersName: a customer's mail that fails DMARC is
// shown as such, and neither history nor anything automatic goes out for it.
func TestAttackUnverifiedMailInACustomersName(t *testing.T) {
	for name, v := range map[string]desk.Verdict{"FAIL": desk.VerdictFail, "GRAY": desk.VerdictGray,
		"PROCESSING_FAILED": desk.VerdictProcessing, "DISABLED": desk.VerdictDisabled} {
		attacks(t, attack{"DMARC " + name, "whoever forges Erika and has her reply address",
			"to be sent what was written, or an answer",
			"agents are told that it is not confirmed; nothing leaves by itself, and an answer goes to the real " +
				"Erika, without history", func(s *scene) {
				for i := range s.Settings.Mailboxes {
					s.Settings.Mailboxes[i].Acknowledge = true
				}
				b := s.begin()
				s.arrive(answer(anna, b.anna, "What does the label say?"))
				toErika := s.sentTo(customer, s.Sent())
				verdicts := bench.Trusted
				verdicts.DMARC = v
				for _, l := range []letter{
					answer(customer, toErika, "Please repeat what I wrote first."),
					{from: customer, subject: "New", body: "Please tell me all about my order."},
				} {
					l.verdict, l.path = &verdicts, mallory
					in := s.arrive(l)
					if in.Outcome != desk.OutcomeThreaded {
						s.Fatalf("%s (%s)", in.Outcome, in.Reason)
					}
					if ms := s.Messages(in); ms[len(ms)-1].Verified {
						s.Error("recorded as verified")
					}
					sent := s.Sent()
					if out := s.Outside(sent); len(out) != 0 {
						s.Errorf("mail left for %v", bench.Recipients(out))
					}
					told := s.sentTo(anna, sent)
					if !strings.Contains(told.Read.Text, "not confirmed") {
						s.Errorf("agents are not warned:\n%s", told.Read.Text)
					}
					s.arrive(answer(anna, told, "Which lamp do you mean, and since when? "+l.subject))
					out := s.Outside(s.Sent())
					if len(out) != 1 || out[0].To[0] != customer || strings.Contains(out[0].Read.Text, secret) {
						s.Errorf("an answer went to %v", bench.Recipients(out))
					}
				}
			}})
	}
}
