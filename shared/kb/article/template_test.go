package article

import (
	"fmt"
	"strings"
	"testing"
)

func templateFile(front, text string) map[string][]byte {
	return map[string][]byte{"t.md": []byte("---\ntemplate: late-parcel\n" + front + "---\n" + text)}
}

// A template with something in it that would reach the customer as it stands is a
// problem with its line.
func TestTemplatesAreCheckedWithTheLine(t *testing.T) {
	for _, c := range []struct{ front, text, want string }{
		{"", "Hello {{customer.first_name}},\n\nit is on its way.", ""},
		{"mailbox: support\nlanguage: de\ntitle: Später\n", "Hallo {{customer.name}}", ""},
		{"", "Hello\n\n{{customer.frist_name}}", "t.md:6: there is no variable {{customer.frist_name}}; did you " +
			"mean {{customer.first_name}}?"},
		{"", "Hello\n{{amount}}", "t.md:5: there is no variable {{amount}}; they are"},
		{"language: en\n", "Hello {{customer.name}", `t.md:5: "{{" does not end`},
		{"", "Hello {customer.name}", `t.md:4: "{customer.name}" looks like a variable`},
		{"", `Hello \{\{amount\}\}`, "braces left in it"},
		{"", "[track](https://shop.example/{{order}})", "t.md:4: a variable within an address"},
		{"", "Hi\n\n:::internal\nask {{nobody}}\n:::\n\n{{x}}", "t.md:10: there is no variable {{x}}"},
		{"topics: [a]\n", "Hello", `a template has no "topics"`},
		{"audience: internal\n", "Hello", `a template has no "audience"`},
		{"", "", "there is no text below the title"},
	} {
		r := Check(templateFile(c.front, c.text), nil, 0)
		var all []string
		for _, p := range r.Problems {
			all = append(all, p.Error())
		}
		got := strings.Join(all, "\n")
		if (got == "") != (c.want == "") || !strings.Contains(got, c.want) || len(all) > 1 {
			t.Errorf("%q gives %q, want %q", c.front+c.text, got, c.want)
		}
		if c.want == "" && (len(r.Templates) != 1 || len(r.Articles) != 0) {
			t.Errorf("%q: %d templates, %d articles", c.text, len(r.Templates), len(r.Articles))
		}
	}
	for front, want := range map[string]string{"template: 12\ntitle: x\n": "is a number",
		"template: a b\ntitle: x\n":    "is no name",
		"mailbox: support\ntitle: x\n": "t.md:2: mailbox: only a template", "template:\ntitle: x\n": "template: " +
			"it is empty"} {
		r := Check(map[string][]byte{"t.md": []byte("---\n" + front + "---\nHello you there\n")}, nil, 0)
		if len(r.Problems) != 1 || !strings.Contains(r.Problems[0].Error(), want) {
			t.Errorf("%q: %v", front, r.Problems)
		}
	}
}

// Two of one name, mailbox and language are one too many; an article is none.
func TestTemplatesOfOneName(t *testing.T) {
	files := map[string][]byte{}
	for i, front := range []string{"", "mailbox: support\n", "language: de\n", "mailbox: support\n"} {
		files[fmt.Sprintf("t%d.md", i)] = []byte("---\ntemplate: refund\n" + front + "---\nThe money is on its " +
			"way to you.\n")
	}
	files["a.md"] = []byte("# An article\n\nIt says {{something}} as it stands.")
	r := Check(files, nil, 0)
	if len(r.Problems) != 1 || !strings.Contains(r.Problems[0].Error(), "t3.md: is the template") {
		t.Errorf("%v", r.Problems)
	}
	if a, err := ParseGood(files); len(a) != 1 || err == nil {
		t.Errorf("%d articles, %v", len(a), err)
	}
}

// The mailbox's own comes before the one of all, the customer's language before others.
func TestWhichTemplateIsSent(t *testing.T) {
	all := []Article{{ID: "1", Template: "refund", Language: "en"}, {ID: "2", Template: "refund", Language: "en",
		Mailbox: "sales"},
		{ID: "3", Template: "refund", Language: "de"}, {ID: "4", Template: "late"}, {ID: "5", Template: "late",
			Language: "fr", Mailbox: "support"}}
	for _, c := range []struct{ mailbox, name, languages, want string }{
		{"support", "refund", "en", "1"}, {"sales", "refund", "en", "2"}, {"sales", "refund", "de-AT en", "3"},
		{"sales", "refund", "fr de", "3"},
		{"support", "refund", "fr", "3"}, {"support", "late", "en", "4"}, {"support", "late", "fr-CA", "5"},
		{"sales", "late", "fr", "4"}, {"sales", "lamp", "en", ""},
	} {
		got, _ := InLanguage(ForMailbox(all, c.mailbox), c.name, strings.Fields(c.languages)...)
		if got.ID != c.want {
			t.Errorf("%+v: %q", c, got.ID)
		}
	}
}
