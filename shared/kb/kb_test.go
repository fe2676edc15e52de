package kb

import (
	"reflect"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/replywell/replywell/shared/kb/article"
)

// lampShop is a lamp shop's articles.
func lampShop() ([]article.Article, error) { return article.Load(shopFiles()) }

func shopFiles() fstest.MapFS {
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

func TestSuggest(t *testing.T) {
	articles, err := lampShop()
	if err != nil || len(articles) != 5 {
		t.Fatalf("%d articles, %v", len(articles), err)
	}
	x := withModel(articles)
	for _, tc := range []struct{ subject, text, want string }{
		{"Lamp", "Hello, I would like to return the lamp I ordered and get a refund. How?", "orders/return"},
		{"parcel", "my parcel has not come, is there a tracking number?", "orders/late"},
		{"Login", "I have forgotten my password", "account/pass"},
		{"Rucksendung", "Wo finde ich den Rücksendeschein?", "de/ruecksendung"},
	} {
		got := x.Suggest(tc.subject, tc.text, 3)
		if len(got) == 0 || got[0].Article != tc.want || got[0].Because == "" || got[0].Passage == "" {
			t.Errorf("%q: %+v; want %s first", tc.text, got, tc.want)
		}
		if again := x.Suggest(tc.subject, tc.text, 3); !reflect.DeepEqual(got, again) {
			t.Errorf("%q: the ranking changes from call to call", tc.text)
		}
	}
	for _, silent := range []string{"", "Hello, thank you",
		"Do you sell bicycles for children in Lisbon or only by catalogue?"} {
		if got := x.Suggest("", silent, 3); len(got) != 0 {
			t.Errorf("%q: %+v; nothing fits", silent, got)
		}
	}
}

func TestSnapshot(t *testing.T) {
	articles, _ := lampShop()
	data, err := withModel(articles).Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	x, err := Open(data, Model())
	if err != nil || x.Len() != 5 {
		t.Fatalf("%v, %v", x, err)
	}
	if a, ok := x.Article("internal/fraud"); !ok || !a.Internal() {
		t.Errorf("%+v", a)
	}
	for _, bad := range []string{"", "{}", form, form + "123412341234"} {
		if _, err := Open([]byte(bad), Model()); err == nil || !strings.Contains(err.Error(), "index function") {
			t.Errorf("Open(%q, Model()) = %v; want what to do", bad, err)
		}
	}
}

func TestSampleIsGood(t *testing.T) {
	articles, err := article.Load(article.Sample())
	if err != nil || len(articles) < 5 {
		t.Fatalf("%d articles, %v", len(articles), err)
	}
	got := withModel(articles).Suggest("My lamp arrived broken",
		"Hello, the lamp I ordered arrived broken, the glass is cracked. What do I do?", 3)
	if len(got) == 0 || got[0].Article != "broken" {
		t.Errorf("%+v", got)
	}
}

func TestAnExpiredArticleIsNotSuggested(t *testing.T) {
	articles, err := article.Parse(map[string][]byte{
		"sale.md": []byte("---\ntitle: The summer sale on lamps\nvalid_until: 2026-08-31\n---\nAll lamps are half " +
			"price in the summer sale.\n"),
		"return.md": []byte("# Sending something back\n\nPrint the return label.\n")})
	if err != nil {
		t.Fatal(err)
	}
	x := withModel(articles)
	last, _ := time.Parse(time.DateOnly, "2026-08-31")
	top := func(x *Index) string {
		if s := x.Score("", "How much are lamps in the summer sale?", nil, 1).Suggestions; len(s) > 0 {
			return s[0].Article
		}
		return ""
	}
	if top(x.AsOf(Day(last))) != "sale" || top(x.AsOf(Day(last)+1)) == "sale" ||
		top(x.WithLearned(NewLearned(), Day(last)+1)) == "sale" {
		t.Errorf("%s on the last day, %s after it", top(x.AsOf(Day(last))), top(x.AsOf(Day(last)+1)))
	}
}
