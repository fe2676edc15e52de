package kb

import (
	"strings"
	"testing"

	"github.com/replywell/replywell/shared/kb/article"
)

func TestQuoted(t *testing.T) {
	x := Build(shopArticles(t), nil, nil)
	a, _ := x.Article("orders/return")
	text := a.MailText()
	words := strings.Fields(text)
	half := strings.Join(words[:len(words)*6/10], " ")
	for name, c := range map[string]struct {
		answer string
		want   []Quote
	}{
		"the article alone": {text, []Quote{{"orders/return", true}}},
		"rewrapped, with own words": {"Hello Erika,\n\n" + strings.Join(words, "\n") + "\n\nBest, Anna",
			[]Quote{{"orders/return", true}}},
		"much of it": {"Hello,\n" + half + " and then I fetch it myself.",
			[]Quote{{"orders/return", false}}},
		"something else": {"Hello Erika, I have asked the workshop and will call you tomorrow about " +
			"the lamp.", nil},
		"nothing":                      {"", nil},
		"a phrase that stands in many": {"Please send us the order number.", nil},
	} {
		got := x.Quoted(c.answer, []string{"orders/late", "gone"})
		if len(got) != len(c.want) || len(got) > 0 && got[0] != c.want[0] {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
}

// What articles have in common is no sign of each of them.
func TestSharedTextIsQuotedOnce(t *testing.T) {
	common := "We explain here how this works in our shop; read it from top to bottom, and keep the confirmation " +
		"that comes by mail."
	var articles []article.Article
	for id, own := range map[string]string{"a": "Put the parcel to any post office within thirty days.",
		"b": "The invoice is written on the first of each month.",
		"c": "Sign in with the new word that we have sent you."} {
		articles = append(articles, article.Article{ID: id, Title: "About " + id, Body: common + "\n\n" + own})
	}
	x := Build(articles, nil, nil)
	a, _ := x.Article("a")
	b, _ := x.Article("b")
	if got := x.Quoted("Hello,\n\n"+a.MailText(), []string{"a", "b", "c"}); len(got) != 1 ||
		got[0] != (Quote{"a", true}) {
		t.Errorf("one: %+v", got)
	}
	if got := x.Quoted(a.MailText()+"\n\n"+b.MailText(), nil); len(got) != 2 || !got[0].Whole || !got[1].Whole {
		t.Errorf("two: %+v", got)
	}
}
