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

//go:embed testdata/introductions.txt
var introductionsTable string

//go:embed testdata/pages.txt
var pagesTable string

// TestIntroductions holds that the lines above a quote without marks are found,
// and that people's own lines of the like are not taken for one.
func TestIntroductions(t *testing.T) {
	found, own := true, 0
	for l := range strings.SplitSeq(strings.TrimSpace(introductionsTable), "\n") {
		switch {
		case strings.HasPrefix(l, "# "):
			continue
		case l == "--------":
			found = false
			continue
		}
		l = strings.ReplaceAll(l, `\n`, "\n")
		want := "A reply."
		if !found {
			own++
			want += " " + fold(l) + " Some more text here."
		}
		p := Split("Re: order", "A reply.\n\n"+l+"\n\nSome more text here.\n", "")
		if fold(p.Visible) != want {
			t.Errorf("with %q visible is %q, rules %q", l, fold(p.Visible), p.Rules)
		}
	}
	if own == 0 {
		t.Error("no lines of people's own were tried")
	}
}

func TestPages(t *testing.T) {
	for _, c := range strings.Split(pagesTable, "\n==== ")[1:] {
		name, body, _ := strings.Cut(c, "\n")
		t.Run(name, func(t *testing.T) {
			p := Split("Re: order", "", body)
			if fold(p.Visible) != "Hello Ann. Two cups please." || strings.Contains(p.VisibleHTML, "Shall we") {
				t.Errorf("visible %q, html %q, rules %q", p.Visible, p.VisibleHTML, p.Rules)
			}
		})
	}
}
