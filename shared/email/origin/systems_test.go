package origin_test

import (
	"strings"
	"testing"

	"github.com/replywell/replywell/shared/email/message"
	"github.com/replywell/replywell/shared/email/origin"
)

// Whom a system writes for: one line a case. The Reply-To is jo@fox.example unless
// it is given after the From.
func TestSystemsThatWriteForPeople(t *testing.T) {
	const whole = "Name: Jo Fox\nEmail: jo@fox.example\nMessage: The tap leaks."
	for name, c := range map[string]struct{ from, reply, text, author, rule string }{
		"certified mail": {`"Per conto di: jo@fox.example" <posta-certificata@pec.example>`, "",
			"Messaggio", "jo@fox.example", "on-behalf"},
		"certified mail, no Reply-To": {`"Per conto di: jo@fox.example" <posta-certificata@pec.example>`, "-",
			"Messaggio", "jo@fox.example", "on-behalf"},
		"on behalf of a name": {`"On behalf of Jo Fox" <system@crm.example>`, "", "Where is it?",
			"jo@fox.example", "on-behalf"},
		"in German": {`"Im Auftrag von: Jo Fox" <system@crm.example>`, "", "Where is it?",
			"jo@fox.example", "on-behalf"},
		"on behalf of nobody": {`"On behalf of the board" <ann@customer.example>`, "-", "Where is it?",
			"ann@customer.example", "from"},
		"leads": {"Portal <leads@portal.example>", "", "New lead. Is the car free?",
			"jo@fox.example", "relay"},
		"a brand that names the person": {"CarPortal <ads@carportal.example>", "Jo Fox <jo@fox.example>",
			"Jo Fox asks: is the car free?", "jo@fox.example", "relay"},
		"a brand that does not": {"CarPortal <ads@carportal.example>", "", "Is the car free?",
			"ads@carportal.example", "from"},
		"a marketplace's own address": {"Jo via Market <automated@market.example>", "x77@reply.market.example",
			"Is it free?", "x77@reply.market.example", "via"},
		"nobody reads, a name in it": {"Market <noreply@market.example>", "Jo Fox <jo@fox.example>",
			"Jo Fox asks: is it free?", "jo@fox.example", "relay"},
		"a form from the owner": {"Anna Owner <anna@shop.example>", "", whole, "jo@fox.example",
			"contact-form:reply-to"},
		"half a form from a person": {"Anna Owner <anna@shop.example>", "", "Name: Jo Fox\nEmail: jo@fox.example",
			"anna@shop.example", "from"},
		"a form that names another": {"Anna Owner <anna@shop.example>", "",
			strings.ReplaceAll(whole, "jo@", "kim@"), "anna@shop.example", "from"},
		"a person's other mailbox": {"Ann Lee <ann@work.example>", "ann@home.example", "Where is my order? Ann",
			"ann@work.example", "from"},
		"a company's other mailbox": {"ACME GmbH <info@acme.example>", "max@acme.example", "Where is my order?",
			"info@acme.example", "from"},
		"a person named as the domain": {"Jo Muster <jo@muster.example>", "ann@home.example",
			"Where is my order? ann@home.example", "jo@muster.example", "from"},
	} {
		t.Run(name, func(t *testing.T) {
			head := "From: " + c.from + "\nTo: help@shop.example\nSubject: Order\n"
			switch c.reply {
			case "":
				head += "Reply-To: jo@fox.example\n"
			case "-":
			default:
				head += "Reply-To: " + c.reply + "\n"
			}
			o := origin.Find(message.Parse([]byte(head + "\n" + c.text + "\n")))
			if o.Author.Address != c.author || o.Rule != c.rule {
				t.Errorf("%+v by %q, want %s by %q", o.Author, o.Rule, c.author, c.rule)
			}
			if o.Claimed() != (c.rule != "from") {
				t.Errorf("claimed is %v", o.Claimed())
			}
			if o.Claimed() && o.ReplyTo != "" && o.ReplyTo != c.author {
				t.Errorf("answers go to %q", o.ReplyTo)
			}
		})
	}
}
