package kb

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"testing"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/kb/article"
	"github.com/replywell/replywell/shared/kb/internal/fuse"
	"pgregory.net/rapid"
)

// mailsAbout are mails about lamps' articles, and about nothing that there is one for.
func mailsAbout(about, other int) (out []Asked) {
	said := []string{"when will my parcel come, %d days late?", "how do I return a lamp, order %d",
		"I have forgotten my password, account %d"}
	strange := []string{"is the river above its banks at post %d?", "who conducts the %d opera seats tonight",
		"my goat number %d eats no hay"}
	for i := range about {
		out = append(out, Asked{Text: fmt.Sprintf(said[i%3], i)})
	}
	for i := range other {
		out = append(out, Asked{Text: fmt.Sprintf(strange[i%3], i)})
	}
	return out
}

// The same mail is less sure to have an answer where most of the team's have none,
// and other mails do not bring another article before one that the mail speaks of.
func TestOtherMailsMoveTheConfidence(t *testing.T) {
	x := Build(shopArticles(t), nil, nil)
	many, few := x.ScoreAll(mailsAbout(80, 0), 3, true), x.ScoreAll(mailsAbout(20, 80), 3, true)
	alone := x.ScoreAll(mailsAbout(20, 80), 3, false)
	for i := range 20 {
		a, b := many[i].Suggestions, few[i].Suggestions
		if a[0].Confidence <= b[0].Confidence {
			t.Errorf("mail %d: %.3f where all have an answer, %.3f where a fifth has", i, a[0].Confidence,
				b[0].Confidence)
		}
		if c := alone[i].Suggestions; a[0].Article != b[0].Article || b[0].Article != c[0].Article {
			t.Errorf("mail %d: %v, %v and %v: other mails change what comes first", i, a, b, c)
		}
	}
	if got := x.ScoreAll(mailsAbout(fuse.LeastPool-1, 0), 3, true); !reflect.DeepEqual(got,
		x.ScoreAll(mailsAbout(fuse.LeastPool-1, 0), 3, false)) {
		t.Error("a few mails are taken for what all are like")
	}
}

// In which order mails stand says nothing about them.
func TestTheOrderOfMailsIsNoSign(t *testing.T) {
	x := Build(shopArticles(t), lampHistory(), nil)
	mails := mailsAbout(40, 30)
	want := x.ScoreAll(mails, 3, true)
	rapid.Check(t, func(t *rapid.T) {
		place := rapid.Permutation(indices(len(mails))).Draw(t, "order")
		mixed := make([]Asked, len(mails))
		for i, p := range place {
			mixed[i] = mails[p]
		}
		for i, a := range x.ScoreAll(mixed, 3, true) {
			for k, s := range a.Suggestions {
				if w := want[place[i]].Suggestions[k]; s.Article != w.Article ||
					math.Abs(s.Confidence-w.Confidence) > 2e-6 {
					t.Fatalf("mail %d: %v, and %v in another order", place[i], s, w)
				}
			}
		}
	})
}

// A team that answers most mails by hand is not told that articles fit them.
func TestMailsAnsweredByHandMakeItModest(t *testing.T) {
	articles, past := misleading()
	for i := range past {
		past[i].Text += fmt.Sprintf(" and case %d", i)
	}
	var byHand []Past
	for i := range 300 {
		byHand = append(byHand, Past{Text: fmt.Sprintf("a question on the chair, part %d", i)})
	}
	without := Build(articles, past, nil)
	with := Build(articles, slices.Concat(past, byHand), nil)
	mail := "a question on the chair, part 7"
	a, b := without.Score("", mail, nil, 1).Suggestions[0], with.Score("", mail, nil, 1).Suggestions[0]
	odds := func(p float64) float64 { return p / (1 - p) }
	if odds(b.Confidence) > odds(a.Confidence)/2 {
		t.Errorf("%.3f, and %.3f after 300 such mails were answered by hand", a.Confidence, b.Confidence)
	}
	if with.main.Calibration().ByHand != len(byHand) || with.main.Calibration().Shift >= 0 {
		t.Fatalf("%d by hand, shift %.2f", with.main.Calibration().ByHand, with.main.Calibration().Shift)
	}
	data, err := with.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	y, err := Open(data, Model())
	if err != nil {
		t.Fatal(err)
	}
	if got := y.Score("", mail, nil, 1).Suggestions[0]; got.Article != b.Article ||
		math.Abs(got.Confidence-b.Confidence) > 1e-5 {
		t.Errorf("%v, and %v from a snapshot", b, got)
	}
	if few := Build(articles, slices.Concat(past, byHand[:fuse.ByHandLeast-1]), nil); few.main.Calibration().Shift !=
		0 {
		t.Error("a few mails answered by hand decide for all")
	}
}

// What is likely adds up: the candidates together are no likelier than that any fits.
func TestLikelihoodsAddUp(t *testing.T) {
	x := Build(shopArticles(t), lampHistory(), nil)
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.SampledFrom([]rune("parcel lamp return money word ?"))).Draw(t, "text")
		r := x.find(Asked{Text: text}).ranking
		sum := 0.0
		for _, c := range r.Candidates {
			sum += c.Likely
		}
		if sum > r.Fits+1e-9 || r.Confidence > r.Fits {
			t.Fatalf("%q: %.4f together, %.4f that any fits", text, sum, r.Fits)
		}
	})
}

// The model cannot read some scripts; such an article ranks by its words.
func TestTitlesThatTheModelCannotRead(t *testing.T) {
	articles := []article.Article{
		{ID: "a", Title: "Returns", Body: "Send the lamp back.", Audience: "customers"},
		{ID: "b", Title: "退货", Body: "请把灯寄回来。", Audience: "customers"},
	}
	var past []Past
	for i := range 8 {
		past = append(past, Past{Text: fmt.Sprintf("send it back %d", i), Sent: []string{"a"}},
			Past{Text: fmt.Sprintf("我要退货 %d", i), Sent: []string{"b"}})
	}
	x := Build(articles, past, Model())
	for text, want := range map[string]string{"can I send it back": "a", "我要退货": "b"} {
		if got := x.Score("", text, nil, 1).Suggestions; len(got) == 0 || got[0].Article != want {
			t.Errorf("%q: %v; want %s", text, got, want)
		}
	}
}

// A knowledge base in a script that the model cannot read is offered by its words,
// and so is an article of another script in a base that the model can read.
func TestOtherScriptsAreOffered(t *testing.T) {
	ru := []article.Article{
		{ID: "parcel", Title: "Где моя посылка?", Body: "Посылка идёт три дня. Номер отслеживания мы прислали письмом.",
			Audience: "customers"},
		{ID: "return", Title: "Возврат товара", Body: "Верните товар в течение тридцати дней.", Audience: "customers"},
		{ID: "pass", Title: "Забыли пароль", Body: "Нажмите на ссылку и задайте новый пароль.", Audience: "customers"},
		{ID: "bill", Title: "Счёт на оплату", Body: "Счёт находится в личном кабинете.", Audience: "customers"},
	}
	zh := []article.Article{
		{ID: "parcel", Title: "我的包裹在哪里？", Body: "包裹需要三天。", Audience: "customers"},
		{ID: "return", Title: "如何退货", Body: "三十天内可以退货。", Audience: "customers"},
		{ID: "pass", Title: "忘记密码", Body: "点击链接设置新密码。", Audience: "customers"},
	}
	for name, tc := range map[string]struct {
		articles []article.Article
		mail     string
	}{
		"Russian": {ru, "Где моя посылка?"}, "Chinese": {zh, "我的包裹在哪里？"},
		"one of another script": {slices.Concat(shopArticles(t), zh[:1]), "我的包裹在哪里？"},
	} {
		x := Build(tc.articles, nil, Model())
		got := x.Suggest("", tc.mail, 3)
		if len(got) == 0 || got[0].Article != "parcel" {
			t.Errorf("%s: %+v for a mail that is the article's title", name, got)
		}
	}
}

func TestAHistoryThatContradictsItselfDecidesNothing(t *testing.T) {
	articles := shopArticles(t)
	for _, n := range []int{60, 150} {
		var past []Past
		for i := range n {
			past = append(past, Past{Text: "where is my parcel?",
				Sent: [][]string{{"orders/late"}, {"orders/return"}, nil}[i%3]})
		}
		x := Build(articles, past, Model())
		got := x.Score("", "where is my parcel?", nil, 3).Suggestions
		if first := got[0].Confidence; first < 0.1 || first > 0.7 || got[1].Confidence < first/4 {
			t.Errorf("%d mails, a third for each of two articles and by hand: %v", n, got)
		}
	}
}

func TestOnlyMailsAnsweredByHand(t *testing.T) {
	articles := shopArticles(t)
	var past []Past
	for range 100 {
		past = append(past, Past{Text: "where is my parcel?"})
	}
	before, after := Build(articles, nil, Model()), Build(articles, past, Model())
	a, b := before.Suggest("", "where is my parcel?", 3), after.Suggest("", "where is my parcel?", 3)
	odds := func(p float64) float64 { return p / (1 - p) }
	if len(a) == 0 || len(b) == 0 || odds(b[0].Score) > odds(a[0].Score)/3 {
		t.Errorf("%v before, %v after it was answered by hand 100 times: less sure, and still there, for the article "+
			"may be new", a, b)
	}
}

func TestACandidateThatIsNamedTwiceIsOne(t *testing.T) {
	x := Build(shopArticles(t), nil, nil)
	once, twice := x.Score("", "where is my parcel?", []string{"orders/late"}, 3),
		x.Score("", "where is my parcel?", []string{"orders/late", "orders/late"}, 3)
	if !reflect.DeepEqual(once, twice) {
		t.Errorf("%v, and %v", once, twice)
	}
}

// One success makes an article better, not certain.
func TestAGoodNameMakesNothingCertain(t *testing.T) {
	x := Build(shopArticles(t), nil, Model())
	l := NewLearned()
	before := x.Score("", "where is my parcel?", nil, 1).Suggestions[0]
	l.Fold(Feedback{ID: "1", Article: before.Article, Confidence: 0.7, Reaction: desk.SentAsIs, Day: 20_000})
	after := x.WithLearned(l, 20_000).Score("", "where is my parcel?", nil, 1).Suggestions[0]
	if after.Confidence <= before.Confidence || after.Confidence > before.Confidence+0.04 {
		t.Errorf("%.3f before, %.3f after one success", before.Confidence, after.Confidence)
	}
}
