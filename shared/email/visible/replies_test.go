package visible

import (
	_ "embed"
	"strings"
	"testing"
)

//go:embed testdata/replies.txt
var repliesTable string

// reply is one hand-written case of testdata/replies.txt.
type reply struct{ name, subject, mail, want string }

func replies() []reply {
	var out []reply
	for _, c := range strings.Split(repliesTable, "\n==== ")[1:] {
		head, rest, _ := strings.Cut(c, "---- mail\n")
		mail, want, _ := strings.Cut(rest, "---- visible\n")
		name, subject, _ := strings.Cut(strings.TrimSpace(head), "\nsubject: ")
		if subject == "" {
			subject = "Re: your order"
		}
		out = append(out, reply{name, subject, strings.TrimSuffix(mail, "\n"), strings.TrimSpace(want)})
	}
	return out
}

func TestReplies(t *testing.T) {
	for _, c := range replies() {
		t.Run(c.name, func(t *testing.T) {
			p := Split(c.subject, c.mail, "")
			if got := fold(p.Visible); got != fold(c.want) {
				t.Errorf("visible is\n%s\nwant\n%s\nrules %q", p.Visible, c.want, p.Rules)
			}
			if err := sameWords(c.mail, p); err != nil {
				t.Error(err)
			}
		})
	}
}

func fold(s string) string { return strings.Join(strings.Fields(s), " ") }
