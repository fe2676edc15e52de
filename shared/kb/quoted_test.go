package kb

import (
	"strings"
	"testing"
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
		"the article alone":            {text, []Quote{{"orders/return", true}}},
		"rewrapped, with own words":    {"Hello Erika,\n\n" + strings.Join(words, "\n") + "\n\nBest, Anna", []Quote{{"orders/return", true}}},
		"much of it":                   {"Hello,\n" + half + " and then I fetch it myself.", []Quote{{"orders/return", false}}},
		"something else":               {"Hello Erika, I have asked the workshop and will call you tomorrow about the lamp.", nil},
		"nothing":                      {"", nil},
		"a phrase that stands in many": {"Please send us the order number.", nil},
	} {
		got := x.Quoted(c.answer, []string{"orders/late", "gone"})
		if len(got) != len(c.want) || len(got) > 0 && got[0] != c.want[0] {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
}
