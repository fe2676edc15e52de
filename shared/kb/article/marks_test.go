package article

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/replywell/replywell/shared/desk"
)

// strayMarks are marks of internal passages where none is read. SECRETWORD is
// what their author wanted to keep from customers.
var strayMarks = map[string]struct {
	source string
	line   string
}{
	"in a quote":              {"# A\n\nYes, of course.\n\n> :::internal\n> SECRETWORD\n> :::\n", "x.md:5: "},
	"within a line":           {"# A\n\nYes :::internal SECRETWORD :::\n", "x.md:3: "},
	"in a list":               {"# A\n\n- Yes.\n- :::internal\n  SECRETWORD\n  :::\n", "x.md:4: "},
	"bold":                    {"# A\n\nYes.\n**:::internal**\nSECRETWORD\n**:::**\n", "x.md:4: "},
	"in a heading":            {"# A\n\nYes.\n\n## :::internal\nSECRETWORD\n## :::\n", "x.md:5: "},
	"behind a backslash":      {"# A\n\nYes.\n\\:::internal\nSECRETWORD\n\\:::\n", "x.md:4: "},
	"in a table":              {"# A\n\n| a | b |\n| - | - |\n| yes | :::internal SECRETWORD ::: |\n", "x.md:5: "},
	"as an entity":            {"# A\n\nYes.\n\n&#58;::internal\nSECRETWORD\n&#58;::\n", "x.md:5: "},
	"as three entities":       {"# A\n\nYes.\n&colon;&#x3a;&#58;internal\nSECRETWORD\n", "x.md:4: "},
	"in code":                 {"# A\n\nYes. `:::internal SECRETWORD`\n", "x.md:3: "},
	"in a comment":            {"# A\n\nYes. <!-- :::internal --> SECRETWORD <!-- ::: -->\n", "x.md:3: "},
	"torn by a tag":           {"# A\n\nYes.\n\n:<b></b>:<b></b>:internal SECRETWORD\n", "x.md:1: "},
	"over two lines":          {"# A\n\nYes ::\n:internal SECRETWORD\n", "x.md:1: "},
	"with a zero-width space": {"# A\n\nYes.\n:\u200b::internal\nSECRETWORD\n", "x.md:4: "},
	"with wide colons":        {"# A\n\nYes.\n：：：internal\nSECRETWORD\n", "x.md:4: "},
	"with a colon less":       {"# A\n\nYes.\n::internal\nSECRETWORD\n::\n", "x.md:4: "},
	"with a colon more":       {"# A\n\nYes.\n::::internal\nSECRETWORD\n::::\n", "x.md:4: "},
	"with an old line end":    {"# A\n\nYes.\r:::internal\rSECRETWORD\r:::\r", "x.md:3: "},
	"in the title":            {"---\ntitle: A :::internal SECRETWORD\n---\nYes, of course.\n", "x.md:2: "},
	"in the reply": {"---\ntitle: A\nreply: \"Yes. :::int SECRETWORD :::\"\n---\nYes, of course.\n",
		"x.md:3: "},
	"in the reply, as entity": {"---\ntitle: A\nreply: \"Yes. &#58;::internal SECRETWORD &#58;::\"\n---\nYes, of " +
		"course.\n", "x.md:3: "},
	"closed at a wrong place":  {"# A\n\nYes.\n\n:::internal\nx\n> :::\nSECRETWORD\n", "x.md:5: "},
	"another one closes in it": {"# A\n\nYes.\n:::internal\nx\n:::\nSECRETWORD\n> :::\n", "x.md:8: "},
}

func TestAMarkAtAWrongPlaceKeepsAnArticleFromBeingUsed(t *testing.T) {
	for name, tc := range strayMarks {
		a, err := ParseArticle("x", []byte(tc.source))
		if err == nil {
			t.Errorf("%s: it is accepted, and customers read %q", name, a.MailText())
			continue
		}
		if !strings.Contains(err.Error(), tc.line) {
			t.Errorf("%s: %v; want %s", name, err, tc.line)
		}
		if name != "closed at a wrong place" && !strings.Contains(err.Error(), "must start a line of its own") {
			t.Errorf("%s: %v does not say what to do", name, err)
		}
	}
	for _, fine := range []string{"# A\n\nThe ratio is 1:2, see https://shop.example/a::b and std::internal.\n",
		"# A\n\nYes.\n- one\n  :::internal\n  SECRETWORD\n  :::\n- two\n",
		"# A\n\nYes.\n\n::: Internal\nSECRETWORD\n:::\n"} {
		if a, err := ParseArticle("x", []byte(fine)); err != nil ||
			strings.Contains(a.MailText()+a.MailHTML(), "SECRETWORD") {
			t.Errorf("%q: %v, %q", fine, err, a.MailText())
		}
	}
}

// What was published before such marks were refused is not sent either.
func TestAnArticleShowsItsMarks(t *testing.T) {
	for _, body := range []string{"> :::internal\n> secret", "Yes :::int secret", "&#58;::internal\nsecret",
		":<b></b>::internal secret"} {
		if !(Article{Title: "A", Body: body}).ShowsMark() ||
			!(Article{Title: "A", Body: "Yes.", Reply: body}).ShowsMark() {
			t.Errorf("%q passes", body)
		}
	}
	if (Article{Title: "A", Body: "Yes: of course, at https://shop.example/?a=1&b=2."}).ShowsMark() {
		t.Error("plain text is refused")
	}
}

// Wherever an author puts the marks, what stands between them is in no mail, or
// the article is refused.
func TestNoSecretIsSentWithoutAProblem(t *testing.T) {
	piece := rapid.SampledFrom([]string{"", "", "\n", "\n\n", "\n", " ", "> ", "- ", "  ", "    ", "1. ", "# ", "**",
		"*", "`", "```\n", "\\", "| ", "<b>", "<!-- ", " -->", "text", "[a](", ")", "\t", "\u200b", "~~", "\r"})
	open := rapid.SampledFrom([]string{":::internal", "::: internal", ":::Internal", "&#58;::internal", "\\:::internal",
		"::\\:internal", "：：：internal", "&colon;&colon;&colon;internal", " ::internal", ": : :internal"})
	around := func(t *rapid.T, name string) string {
		return strings.Join(rapid.SliceOfN(piece, 0, 4).Draw(t, name), "")
	}
	rapid.Check(t, func(t *rapid.T) {
		passage := around(t, "a") + open.Draw(t, "open") + around(t, "b") + "SECRETWORD" + around(t, "c") +
			rapid.SampledFrom([]string{":::", "&#58;::", "\\:::", "", "::"}).Draw(t, "close") + around(t, "d")
		source := "---\ntitle: A\n---\nYes, of course.\n" +
			rapid.SampledFrom([]string{"", "\n", "Yes "}).Draw(t, "before") + passage + "\nMore text.\n"
		if rapid.Bool().Draw(t, "reply") {
			source = "---\ntitle: A\nreply: |\n  Yes.\n  " +
				strings.NewReplacer("\n", "\n  ", "\r", " ").Replace(passage) + "\n---\nYes, of course.\n"
		}
		a, err := ParseArticle("x", []byte(source))
		if err != nil {
			return
		}
		if sent := a.Title + a.MailText() + a.MailHTML(); strings.Contains(sent, "SECRETWORD") {
			t.Fatalf("customers read %q of %q", sent, source)
		}
	})
}

// Whatever the file holds, no mark stands in what is sent.
func FuzzInternalMarks(f *testing.F) {
	for _, tc := range strayMarks {
		f.Add(tc.source)
	}
	f.Add("# A\n\n[z][u] [l](https://exa mple.com) ~~no~~ [^1]\n\n<a href='x.md'>\n")
	f.Fuzz(func(t *testing.T, source string) {
		_ = Check(map[string][]byte{"x.md": []byte(source)}, nil, 1)
		a, err := ParseArticle("x", []byte(source))
		if err == nil && (desk.MarksPassage(a.Title) || desk.MarksPassage(a.MailText()) ||
			desk.MarksPassage(bare(a.MailHTML()))) {
			t.Errorf("%q is sent of %q", a.MailText(), source)
		}
	})
}
