package compose

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/replywell/replywell/shared/email"
	"github.com/replywell/replywell/shared/email/page"
)

// flowedBack reads a document's plain text as a client does that knows RFC 3676.
func flowedBack(t failer, d page.Document) string {
	l := letter()
	l.Say(d)
	l.HTML = ""
	raw, err := Render(l)
	if err != nil {
		t.Fatalf("%v", err)
	}
	checkLines(t, raw)
	return email.Read(raw, "").PlainText
}

func TestPlainTextIsNarrowAndJoinsAgain(t *testing.T) {
	long := "One two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen."
	for name, tc := range map[string]struct {
		block page.Block
		want  string // as it is sent
		delSp bool
	}{
		"a paragraph": {page.Paragraph{Text: long},
			"One two three four five six seven eight nine ten eleven twelve thirteen \nfourteen fifteen.\n", false},
		"a short one": {page.Paragraph{Text: "Yes.  \nNo. "}, "Yes.\nNo.\n", false},
		"two spaces": {page.Paragraph{Text: strings.Replace(long, "thirteen ", "thirteen  ", 1)},
			"One two three four five six seven eight nine ten eleven twelve thirteen  \nfourteen fifteen.\n", false},
		"others' words": {page.Quote{Text: long},
			"     One two three four five six seven eight nine ten eleven twelve\n     thirteen fourteen fifteen.\n",
			false},
		"quoted": {page.Original{Text: long + "\n> older"},
			"> One two three four five six seven eight nine ten eleven twelve \n> thirteen fourteen fifteen.\n>> " +
				"older\n", false},
		"Japanese": {page.Paragraph{Text: strings.Repeat("請求書が届きません。", 5)},
			"請求書が届きません。請求書が届きません。請求書が届きません。請求書が届 \nきません。請求書が届きません。\n", true},
		"Japanese and English": {page.Paragraph{Text: "Dear Erika " + strings.Repeat("請求書が届きません。", 4)},
			"Dear Erika 請求書が届きません。請求書が届きません。請求書が届きません。 \n請求書が届きません。\n", true},
		"both kinds of breaks": {page.Paragraph{Text: long + strings.Repeat("請求書が届きません。", 3)},
			"One two three four five six seven eight nine ten eleven twelve thirteen  \nfourteen " +
				"fifteen.請求書が届きません。請求書が届きません。請求書が届きま \nせん。\n", true},
		"a link": {page.Paragraph{Text: "See https://example.com/" + strings.Repeat("a/", 40) +
			" and tell us."}, "See \nhttps://example.com/" + strings.Repeat("a/", 40) + " \nand tell us.\n", false},
		"a link among Japanese": {page.Paragraph{Text: "請求書https://example.com/" + strings.Repeat("a/", 30)},
			"請求書 \nhttps://example.com/" + strings.Repeat("a/", 30) + "\n", true},
		"what must be stuffed": {page.Paragraph{Text: "From here\n\nit goes"}, " From here\n\nit goes\n", false},
		"a signature":          {page.Paragraph{Text: "Yes\n-- \nAnna"}, "Yes\n-- \nAnna\n", false},
		"a list": {page.Bullets{Items: []string{long}},
			"- One two three four five six seven eight nine ten eleven twelve\n   thirteen fourteen fifteen.\n", false},
		"a command": {page.Commands{Commands: []page.Command{{Name: "#note", Meaning: long}}},
			"#note: One two three four five six seven eight nine ten eleven twelve\n   thirteen fourteen fifteen.\n",
			false},
		"a wide table": {page.Table{Head: []string{"Topic", "This week"},
			Rows: [][]string{{long[:60], "12 (40 %) and more than ever before"}}},
			long[:60] + "\n   This week: 12 (40 %) and more than ever before\n", false},
	} {
		d := page.Document{Blocks: []page.Block{tc.block}}
		got, delSp := d.Flowed()
		if got != tc.want || delSp != tc.delSp {
			t.Errorf("%s: DelSp %v, got\n%q, want\n%q", name, delSp, got, tc.want)
		}
		if back := flowedBack(t, d); strings.TrimSpace(back) != strings.TrimSpace(d.Text()) {
			t.Errorf("%s: came back as\n%s\nwant\n%s", name, back, d.Text())
		}
	}
}

// Whatever is said, a client that joins the lines shows it.
func TestFlowedTextProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.String(), rapid.StringMatching(`([a-zA-Z>.-]{0,12} {1,3}){0,40}`),
			rapid.StringMatching(`(>* ?[a-z ]{0,90}\n){0,6}`),
			rapid.StringMatching(`[a-z 請求書が届、。가나다ไทย]{0,200}`),
			rapid.SampledFrom([]string{"-- ", "From x", "> ", ">", " \n-- \n", "a\n-- \n> -- \nb"})).Draw(t, "text")
		d := page.Document{Blocks: []page.Block{page.Body{Text: text}, page.Quote{Who: "x", When: "y", Text: text},
			page.Original{Attribution: "z", Text: text}, page.Bullets{Items: []string{text}}}}
		if back, want := flowedBack(t, d), d.Text(); strings.TrimSpace(back) != strings.TrimSpace(want) {
			t.Fatalf("came back as\n%q\nwant\n%q", back, want)
		}
	})
}
