package main

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/email"
	"github.com/replywell/replywell/shared/email/automatic"
)

// TestLeakPlayedByTheTeam: what three agents do with each other's mails, and with mails of
// ours that are not the customer's turn.
func TestLeakPlayedByTheTeam(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	at := func(agent string) string { return agent + "@team.example" }
	n, opened := 0, map[string]string{} // by its subject, the Message-ID of a conversation's first mail
	// told opens a conversation, and gives the mail that each agent has of it.
	told := func(t *testing.T) (customer, subject string, mails map[string]*email.Mail) {
		t.Helper()
		n++
		customer, subject = fmt.Sprintf("t%d@customers.example", n), fmt.Sprintf("Lamp of Erika, number %d", n)
		o.write(customer, "Erika Muster", "support@lantern.example", subject, "", "text/plain", lampBroken)
		opened[subject] = fmt.Sprintf("play.%d@play.example", o.n)
		mails = map[string]*email.Mail{}
		for agent := range staff {
			mails[agent] = arrival(t, o.data, at(agent), 20*time.Second, subjectHas(subject))
		}
		return customer, subject, mails
	}
	// gets waits for a mail about the conversation with these words in it.
	gets := func(t *testing.T, address, subject, words string) *email.Mail {
		t.Helper()
		return arrival(t, o.data, address, 20*time.Second, func(m *email.Mail) bool {
			return strings.Contains(m.Subject, subject) &&
				strings.Contains(strings.Join(strings.Fields(m.PlainText), " "), words)
		})
	}
	first := func(t *testing.T, m *email.Mail, line, name string) {
		t.Helper()
		lines := strings.Split(m.PlainText, "\n")
		if len(lines) < 2 || !strings.Contains(lines[1], line) || !strings.HasPrefix(m.ReplyTo[0].Name, name) {
			t.Errorf("the first line is %q, a phone shows %q", lines[1], m.ReplyTo[0].Name)
		}
	}
	answers := func(customer string) (all string) {
		for _, m := range inbox(t, o.data, customer) {
			if m.Automatic.Kind == automatic.Person {
				all += "\n" + m.PlainText
			}
		}
		return all
	}
	const bad = "he is a liar " + secret
	for _, c := range []struct {
		name string
		play func(t *testing.T, customer, subject string, m map[string]*email.Mail)
	}{
		{"a reply to a note is a note, and #answer sends",
			func(t *testing.T, customer, subject string, m map[string]*email.Mail) {
				o.reply("anna", "gmail", m["anna"], "#note "+bad, "")
				note := gets(t, at("ben"), subject, "left a note")
				first(t, note, "A colleague’s note. A reply is a note for the team.", "Note to the team")
				o.reply("ben", "iphone", note, "I know, "+bad, "")
				gets(t, at("carla"), subject, "I know, he is a liar")
				o.reply("carla", "outlook", gets(t, at("carla"), subject, "I know, he is a liar"),
					"#answer\n\nHello Erika,\n\nit left today.\n\nBest regards\nCarla", "")
				gets(t, customer, "", "it left today. Best regards Carla")
			}},
		{"a reply to a colleague's answer is a note",
			func(t *testing.T, customer, subject string, m map[string]*email.Mail) {
				o.reply("anna", "gmail", m["anna"], "Hello Erika,\n\nit left today.\n\nBest regards\nAnna", "")
				answer := gets(t, at("ben"), subject, "A colleague’s answer.")
				first(t, answer, "A colleague’s answer. A reply is a note for the team.", "Note to the team")
				o.reply("ben", "android", answer, "danke, aber "+bad, "")
				gets(t, at("carla"), subject, "danke, aber he is a liar")
			}},
		{"a reply to a refusal and to the list of commands goes nowhere",
			func(t *testing.T, customer, subject string, m map[string]*email.Mail) {
				for _, order := range []string{"#send 99", "#help"} {
					o.reply("anna", "mac", m["anna"], order, "")
					refusal := gets(t, at("anna"), subject, "A plain reply is not sent")
					first(t, refusal, "A plain reply is not sent.", "Begin with #answer")
					o.reply("anna", "iphone", refusal, "why not? "+bad+" "+order[1:4], "")
					gets(t, at("anna"), subject, "why not? he is a liar "+secret+" "+order[1:4])
				}
			}},
		{"an annoyed word to a question goes nowhere",
			func(t *testing.T, customer, subject string, m map[string]*email.Mail) {
				o.reply("anna", "gmail", m["anna"], "#ntoe "+bad, "")
				question := gets(t, at("anna"), subject, "Did you mean #note?")
				o.reply("anna", "iphone", question, "no, wait, "+bad, "")
				again := gets(t, at("anna"), subject, "nobody got your words")
				o.reply("anna", "iphone", again, "Ja", "")
				gets(t, at("ben"), subject, "left a note")
			}},
		{"a reply to a thank-you goes to the customer",
			func(t *testing.T, customer, subject string, m map[string]*email.Mail) {
				o.reply("anna", "gmail", m["anna"], "Hello Erika,\n\nit left today.", "")
				got := gets(t, customer, "", "it left today")
				o.write(customer, "Erika Muster", "support@lantern.example", "Re: "+subject, got.MessageID,
					"text/plain",
					"Vielen Dank!")
				thanks := gets(t, at("anna"), subject, "Vielen Dank!")
				first(t, thanks, "A thank-you. A reply goes to Erika Muster.", "Erika Muster via ")
				o.reply("anna", "iphone", thanks, "You are welcome, Erika.", "")
				gets(t, customer, "", "You are welcome")
			}},
		{"of two answers a second apart the first goes, and the other comes back",
			func(t *testing.T, customer, subject string, m map[string]*email.Mail) {
				o.reply("anna", "gmail", m["anna"], "Hello Erika,\n\nplease send it back.", "")
				gets(t, customer, "", "please send it back")
				o.reply("anna", "gmail", m["anna"], "PS: the label is in the box.", "") // what the same agent adds
				gets(t, customer, "", "PS: the label")
				o.reply("ben", "iphone", m["ben"], "Hello Erika,\n\nplease keep it.\n\nBen", "")
				back := gets(t, at("ben"), subject, "please keep it")
				if text := back.PlainText; !strings.Contains(text, "please keep it") ||
					strings.Index(text, "please send it back") > strings.Index(text, "please keep it") {
					t.Errorf("Ben reads:\n%s", text)
				}
				if strings.Contains(answers(customer), "please keep it") {
					t.Error("both were sent")
				}
				o.reply("ben", "iphone", back, "#send", "")
				gets(t, customer, "", "please keep it. Ben")
			}},
		{"an answer to an old mail comes back, and an edited one goes",
			func(t *testing.T, customer, subject string, m map[string]*email.Mail) {
				o.write(customer, "Erika Muster", "support@lantern.example", "Re: "+subject, "", "text/plain",
					"Forget it, please cancel the order.")
				gets(t, at("carla"), subject, "Forget it")
				o.reply("carla", "outlook", m["carla"], "Hallo Erika,\n\nneue Lampe ist unterwegs.", "")
				back := gets(t, at("carla"), subject, "Erika Muster wrote again")
				if strings.Contains(answers(customer), "unterwegs") {
					t.Error("the overtaken answer was sent")
				}
				o.reply("carla", "outlook", back, "Hallo Erika,\n\nist storniert.\n\nViele Grüße\nCarla", "")
				gets(t, customer, "", "ist storniert. Viele Grüße Carla")
				if strings.Contains(answers(customer), "unterwegs") {
					t.Error("the overtaken answer was sent, too")
				}
			}},
		{"a colleague's reply to a forwarded mail goes in his own name",
			func(t *testing.T, customer, subject string, m map[string]*email.Mail) {
				o.reply("ben", "gmail", m["anna"], "Hello Erika,\n\nwe have two left.\n\nBen", "")
				asked := gets(t, at("ben"), subject, "we have two left")
				if strings.Contains(answers(customer), "two left") {
					t.Error("it was sent before Ben was asked")
				}
				o.reply("ben", "iphone", asked, "yes", "")
				if got := gets(t, customer, "", "we have two left"); !strings.HasPrefix(got.From.Name, "Ben") {
					t.Errorf("it is from %q", got.From.Name)
				}
			}},
		{"what somebody outside the desk writes becomes a note after a yes",
			func(t *testing.T, customer, subject string, m map[string]*email.Mail) {
				content, body := mailers["outlook"]("Give her ten percent, "+bad, "Anna Winter <anna@team.example>",
					m["anna"].PlainText)
				o.write("sam@sales.example", "Sam Sales", m["anna"].ReplyTo[0].Address, "RE: "+m["anna"].Subject, "",
					content, body)
				asked := gets(t, at("anna"), subject, "Give her ten percent")
				o.reply("anna", "gmail", asked, "yes", "")
				gets(t, at("ben"), subject, "Sam Sales")
			}},
		{"a stranger in copy", func(t *testing.T, customer, subject string, m map[string]*email.Mail) {
			o.write("clara@elsewhere.example", "Clara Hoff", "support@lantern.example", "Re: "+subject, opened[subject],
				"text/plain", "Mine is broken as well.\n\nOn Mon, Erika Muster wrote:\n> "+lampBroken)
			got := arrival(t, o.data, at("anna"), 20*time.Second, textHas("Mine is broken as well"))
			says := strings.Join(strings.Fields(got.PlainText), " ")
			warned := strings.Index(says, "Somebody else wrote")
			if strings.Contains(says, "has seen nothing") || warned < 0 ||
				warned > strings.Index(says, "Mine is broken") || !strings.Contains(says, "with #add") {
				t.Errorf("Anna reads:\n%s", got.PlainText)
			}
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			customer, subject, mails := told(t)
			c.play(t, customer, subject, mails)
			if got := answers(customer); strings.Contains(got, secret) {
				t.Errorf("the customer reads:\n%s", got)
			}
		})
	}
}
