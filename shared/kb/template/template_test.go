package template_test

import (
	"fmt"
	"html"
	"strings"
	"testing"

	"github.com/replywell/replywell/shared/kb/template"
)

var values = map[string]string{template.CustomerFirstName: "Erika", template.CustomerName: "Erika Muster",
	template.AgentName: "Anna", template.Order: "20881", template.MailboxName: "",
	template.Subject: "A {{agent.name}} <b>"}

// What is filled in, and what never is.
func TestFill(t *testing.T) {
	for text, want := range map[string]string{
		"Hello {{customer.first_name}},":                      "Hello Erika,",
		"{{ Customer.First_Name }} / {{order}}{{agent.name}}": "Erika / 20881Anna",
		"No variable, {one} brace and a } too":                "No variable, {one} brace and a } too",
		"｛｛customer.name｝｝":                                   "Erika Muster",
		"You wrote: {{subject}}":                              "You wrote: A agent.name &lt;b&gt;",
		"":                                                    "",
		// Missing: unknown, or empty.
		"Hello {{customer.nickname}}":  "! missing customer.nickname",
		"From {{mailbox.name}}":        "! missing mailbox.name",
		"{{a}} {{mailbox.name}} {{a}}": "! missing a mailbox.name",
		"{{customer.address}}":         "! missing customer.address",
		// Half written.
		"Hello {{customer.name}":        "! 1",
		"Hello {{customer.name\n}}":     "! 1 2",
		"one\ntwo {{ {{customer.name}}": "! 2",
		"Hello customer.name}}":         "! 1",
		"Hello {{}}":                    "! 1",
		"Hello {{{customer.name}}}":     "! 1",
		"\n\nHello {customer.name}":     "! 3",
		"Hello [[customer_name]]":       "! 1",
		"Hello %customer name%":         "! 1",
		"Hello ${agent.name}":           "! 1",
		"{{\u200b{customer.name}}":      "! 1",
	} {
		got, missing, problems := template.Fill(text, values, html.EscapeString)
		if len(problems) > 0 && !strings.HasPrefix(want, "! missing") {
			got = "!"
			for _, p := range problems {
				got += fmt.Sprint(" ", p.Line)
			}
		} else if len(missing) > 0 {
			got = "! missing " + strings.Join(missing, " ")
		}
		if got != want {
			t.Errorf("%q\n  gives %q\n  want  %q\n  %v", text, got, want, problems)
		}
	}
}

// A near miss of a name is told with the name that was meant.
func TestNear(t *testing.T) {
	for name, want := range map[string]string{"customer_name": "customer.name",
		"custmer.first_name": "customer.first_name",
		"firstname":          "customer.first_name", "agent.nam": "agent.name", "orders": "order",
		"Mailbox Name": "mailbox.name",
		"amount":       "", "x": "", "price": "", "order_number": ""} {
		if got := template.Near(name); got != want {
			t.Errorf("%q is near to %q, want %q", name, got, want)
		}
	}
}

func FuzzFill(f *testing.F) {
	for _, s := range []string{"Hello {{customer.name}}", "{{", "}}", "{{{{order}}}}", "｛{order}｝",
		"{{order}}\n{{ }}", "{{agent.name}"} {
		f.Add(s, "Erika")
	}
	f.Fuzz(func(t *testing.T, text, name string) {
		got, missing, problems := template.Fill(text, map[string]string{template.CustomerName: name,
			template.Order: "1"}, nil)
		if len(missing)+len(problems) > 0 && got != "" {
			t.Fatalf("%q gives %q and lacks %v", text, got, missing)
		}
		if template.Left(got) && !strings.Contains(strings.ToLower(text), "%7b") && !strings.Contains(text, "&") &&
			!strings.Contains(name, "%") && !strings.Contains(name, "&") {
			t.Fatalf("%q gives %q", text, got)
		}
		for _, p := range problems {
			if p.Line < 1 || p.Line > strings.Count(text, "\n")+1 || p.What == "" {
				t.Fatalf("%q: %+v", text, p)
			}
		}
		template.Uses(text)
	})
}
