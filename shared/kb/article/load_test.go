package article

import (
	"strings"
	"testing"
	"testing/fstest"
)

func shop() fstest.MapFS {
	f := func(s string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(s)} }
	return fstest.MapFS{
		"orders/return.md": f("---\ntitle: How to send something back\ntopics: [return, refund]\n---\nYou have 30 " +
			"days.\n\nPrint the **return label** from [your orders](https://shop.example/orders) and bring the " +
			"parcel to any post office. The refund arrives within five days.\n"),
		"orders/late.md": f("# Where is my parcel?\n\nA parcel takes two to four working days. The tracking " +
			"number is in the mail that told you it was shipped.\n"),
		"account/pass.md": f("---\ntitle: Setting a new password\n---\nChoose \"forgotten password\" on the " +
			"sign-in page. A mail with a link follows.\n"),
		"internal/fraud.md": f("---\ntitle: Signs of fraud\naudience: internal\n---\nAsk Kim before a refund above " +
			"500.\n"),
		"de/ruecksendung.md": f("---\ntitle: Rücksendung\nlanguage: de\n---\nBitte drucken Sie den Rücksendeschein " +
			"aus.\n"),
		"README.md": f("not an article"),
	}
}

func find(articles []Article, id string) Article {
	for _, a := range articles {
		if a.ID == id {
			return a
		}
	}
	return Article{}
}

func TestMailTextReadsLikeMail(t *testing.T) {
	articles, _ := Load(shop())
	a := find(articles, "orders/return")
	want := "You have 30 days.\n\nPrint the return label from your orders (https://shop.example/orders) and bring " +
		"the parcel to any post office. The refund arrives within five days."
	if got := a.MailText(); got != want {
		t.Errorf("%q", got)
	}
}

func TestLoadReportsAllProblems(t *testing.T) {
	bad := fstest.MapFS{
		"a.md": {Data: []byte("---\ntitle: A\n")}, "b.md": {Data: []byte("no title")},
		"c.md": {Data: []byte("---\ntitle: C\ntopcs: [x]\n---\ntext")},
		"d.md": {Data: []byte("---\ntitle: D\naudience: all\n---\ntext")}, "e.md": {Data: []byte("# E\n")},
	}
	_, err := Load(bad)
	if err == nil {
		t.Fatal("no error")
	}
	for _, id := range []string{"a.md:1:", "b.md:", "c.md:3:", "d.md:3:", "e.md:"} {
		if !strings.Contains(err.Error(), id) {
			t.Errorf("nothing is said of %s in\n%v", id, err)
		}
	}
}

func FuzzParseArticle(f *testing.F) {
	f.Add([]byte("---\ntitle: A\n---\nText [x](y)"))
	f.Add([]byte("# Title\n\n## Part\n* a"))
	f.Fuzz(func(t *testing.T, data []byte) {
		a, err := ParseArticle("x", data)
		if err == nil {
			_, _, _ = a.MailText(), a.MailHTML(), Passage(a, nil)
		}
	})
}
