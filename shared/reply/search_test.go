package reply_test

import (
	"strings"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email"
)

func flat(s string) string { return strings.Join(strings.Fields(s), " ") }

// sentOf gives what the customer was sent, on one line; "" is nothing.
func (h *house) sentOf(to string) string {
	h.Pass(time.Hour)
	for _, o := range h.Due() {
		if o.Kind == desk.OutboxAnswer && o.To[0] == to {
			return flat(h.sent(o).PlainText)
		}
	}
	return ""
}

// #kb mails what fits, each with a number that sends it in reply to that mail, whatever
// the customer's mail offered under it.
func TestArticlesAreLookedForAndSent(t *testing.T) {
	const found = "Put the lamp into its box" // of the article of returns
	listed := func(t *testing.T, say string) (*house, *email.Mail) {
		h := offering(t, "")
		h.customerWrites()
		if in := h.agentAnswers(anna, say); in.Outcome != desk.OutcomeAgent {
			t.Fatalf("%s (%s)", in.Outcome, in.Reason)
		}
		_, m := h.newest(desk.OutboxNotice, anna)
		return h, m
	}
	h, m := listed(t, "#kb invoice for the company please\n\nHi Erika, one moment")
	text := flat(m.PlainText)
	for _, want := range []string{"Articles for “invoice for the company”", "1. ", "2. ", "5. ", "Its name is ",
		"To send it, reply with #send 2", "one moment"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in\n%s", want, m.PlainText)
		}
	}
	h.none(desk.OutboxAnswer)
	second := h.articleNamed(t, text, 2)
	for say, want := range map[string]string{"2": second, "#send 2": second, "send 2 please": second,
		"#answer\n\nHi Erika, this one:\n\n#send 2": second,
		"#send 9": "", "#send 2\n\nHi Erika, this one:": "", "Hello Erika, I looked.": ""} {
		h, m := listed(t, "#kb invoice for the company")
		h.answerTo(anna, m, say)
		if got := h.sentOf(erika); (got == "") != (want == "") || !strings.Contains(got, want) {
			t.Errorf("%q sends %q, want %q", say, got, want)
		}
	}
	// What is mailed in reply to a list has its numbers, too.
	h, m = listed(t, "#kb invoice for the company")
	h.answerTo(anna, m, "#show 2")
	_, shown := h.newest(desk.OutboxNotice, anna)
	if !strings.Contains(flat(shown.PlainText), second) {
		t.Errorf("#show 2 shows\n%s", shown.PlainText)
	}
	h.answerTo(anna, shown, "2")
	if got := h.sentOf(erika); !strings.Contains(got, second) {
		t.Errorf("2 in reply to #show 2 sends %q", got)
	}
	// A number in reply to the customer's mail is what that offers.
	h, _ = listed(t, "#kb invoice for the company")
	h.agentAnswers(anna, "1")
	if got := h.sentOf(erika); !strings.Contains(got, found) {
		t.Errorf("1 sends %q", got)
	}
}

// articleNamed gives the first words that the numbered article of a list sends.
func (h *house) articleNamed(t *testing.T, text string, n int) string {
	t.Helper()
	part := strings.SplitN(text, " "+string(rune('0'+n))+". ", 2)[1]
	name := strings.SplitN(strings.SplitN(part, "Its name is ", 2)[1], ".", 2)[0]
	x, _ := sampleIndex()
	a, ok := x.Article(name)
	if !ok {
		t.Fatalf("no article %q in %s", name, text)
	}
	return strings.Join(strings.Fields(a.MailText())[:6], " ")
}

// An article comes whole by its number, its name or its title, and 1 sends it; what is
// none is looked for.
func TestAnArticleByItsName(t *testing.T) {
	for say, want := range map[string]string{"#article 1": "Article: Sending a lamp back",
		"#article return":    "Article: Sending a lamp back",
		"#Artikel return.md": "Article: Sending a lamp back", "#article Sending a lamp back": "Article: Sending a " +
			"lamp back",
		"#article 7": "No article is called “7”", "#article retrun": "No article is called “retrun”"} {
		h := offering(t, "")
		h.customerWrites()
		h.agentAnswers(anna, say)
		_, m := h.newest(desk.OutboxNotice, anna)
		if !strings.Contains(flat(m.PlainText), want) {
			t.Errorf("%s: want %q in\n%s", say, want, m.PlainText)
		}
		if got := h.sentOf(erika); got != "" {
			t.Errorf("%s sends %q", say, got)
		}
		if strings.HasPrefix(want, "Article") {
			h.answerTo(anna, m, "#send 1")
			if got := h.sentOf(erika); !strings.Contains(got, "Put the lamp into its box") {
				t.Errorf("%s, then 1, sends %q", say, got)
			}
		}
	}
}

// Near misses and plain words are asked about; nothing of them is sent.
func TestSearchesAreNeverSent(t *testing.T) {
	for _, say := range []string{"# kb lamp flickers", "#KB: lamp flickers", "kb lamp flickers", "#find otto",
		"#finde otto", "find otto lamp", "#fnd otto", "#search lamp",
		"#kb", "#find", "#article", "#artcle 12", "article 12", "#practise", "#practice please", "practice",
		"#übung", "#suche Lampe", "#wissen Lampe flackert", "#pratice",
		"Hi Erika,\n\n#kb lamp flickers", "#find otto\n#close", "#kb lamp\n#note he is rude", "*#find otto*",
		"/kb lamp", "＃kb lamp"} {
		h := offering(t, "")
		h.customerWrites()
		in := h.agentAnswers(anna, say)
		if got := h.sentOf(erika); got != "" {
			t.Errorf("%q sends %q (%s: %s)", say, got, in.Outcome, in.Reason)
		}
	}
}

// #find finds by who, what and the words of the mails, in the agent's mailboxes and no
// others; a number brings the mail in its own thread.
func TestConversationsAreFound(t *testing.T) {
	h := offering(t, "")
	// A second mailbox, which Anna does not answer.
	sales := desk.Mailbox{ID: "sales", Address: "sales@lantern.example", Name: "Lantern Sales", Agents: []string{"ben"}}
	h.Settings.Mailboxes = append(h.Settings.Mailboxes, sales)
	mail := func(n, from, to, subject, text string) desk.Inbound {
		h.Pass(time.Minute)
		return h.arrive(from, to, "From: Otto Brand <"+from+">\nTo: "+to+"\nSubject: "+subject+"\nMessage-ID: "+
			"<f"+n+"@customers.example>\n\n"+text+"\n")
	}
	mail("1", "otto@home.example", support, "Plug", "My plug does not fit into the wall in Zurich.")
	mail("2", "ida@home.example", support, "Invoice", "I need the invoice for the chandelier again.")
	mail("3", "secret@home.example", sales.Address, "Chandelier offer", "What does the golden chandelier cost us?")
	h.customerWrites()
	for say, want := range map[string]string{
		"#find chandelier": "1 conversation for “chandelier”", "#find zurich plug": "Plug: “My plug does not fit",
		"#find ida@home.example":          "Invoice: “I need the invoice",
		"#find otto@home.example invoice": "None has all of the words", "#find golden": "Nothing was found for " +
			"“golden”", "#find secret@home.example": "Nothing was found",
		"#find the invoices": "Invoice: “I need", "#find crack": "Broken lamp",
	} {
		if in := h.agentAnswers(anna, say); in.Outcome != desk.OutcomeAgent {
			t.Fatalf("%s: %s (%s)", say, in.Outcome, in.Reason)
		}
		_, m := h.newest(desk.OutboxNotice, anna)
		if text := flat(m.PlainText); !strings.Contains(text, want) || strings.Contains(text, "cost us") ||
			strings.Contains(text, "Lantern Sales") {
			if !strings.HasPrefix(want, "None has") { // half of two words is not most of them
				t.Errorf("%s: want %q in\n%s", say, want, m.PlainText)
			}
		}
	}
	h.Pass(24 * time.Hour)
	h.Engine.Requests()
	h.agentAnswers(anna, "#find zurich")
	if n := len(h.Engine.Requests()); n > 40 { // bounded, whatever the desk holds
		t.Errorf("%d requests", n)
	}
	_, m := h.newest(desk.OutboxNotice, anna)
	before := len(h.Due())
	if in := h.answerTo(anna, m, "1 please"); in.Outcome != desk.OutcomeAgent {
		t.Fatalf("%s (%s)", in.Outcome, in.Reason)
	}
	_, fetched := h.newest(desk.OutboxNotice, anna)
	if len(h.Due()) != before+1 || !strings.Contains(fetched.PlainText, "My plug does not fit") ||
		!strings.Contains(fetched.Subject, "Plug") {
		t.Errorf("%d mails, %s:\n%s", len(h.Due())-before, fetched.Subject, fetched.PlainText)
	}
	// Words to the list go nowhere.
	if in := h.answerTo(anna, m, "Hello Otto, here it is."); in.Outcome != desk.OutcomeRefused ||
		h.sentOf("otto@home.example") != "" {
		t.Errorf("%s", in.Outcome)
	}
}
