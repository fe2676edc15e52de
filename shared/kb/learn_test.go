package kb

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/kb/article"
	"github.com/replywell/replywell/shared/kb/terms"
)

func TestFoldingIsTheSameInAnyOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		outcomes := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Feedback {
			return Feedback{ID: rapid.StringMatching(`[a-d]`).Draw(t, "id"),
				Article: rapid.SampledFrom([]string{"x", "y"}).Draw(t, "article"), Confidence: 0.37,
				Reaction: desk.SentAsIs, Day: rapid.IntRange(0, 2).Draw(t, "day")}
		}), 1, 20).Draw(t, "outcomes")
		a, b := NewLearned(), NewLearned()
		a.Fold(outcomes...)
		for _, i := range rapid.Permutation(indices(len(outcomes))).Draw(t, "order") {
			b.Fold(outcomes[i], outcomes[i])
		}
		if !reflect.DeepEqual(a, b) {
			t.Fatalf("%+v\n%+v", a, b)
		}
	})
	if NewLearned().Fold(Feedback{Article: "x", Reaction: "liked"}) != 0 {
		t.Error("an unknown reaction is counted")
	}
}

// Folded day by day, told twice and made small each day, or folded anew from the
// whole log: the state is the same to the last bit.
func TestFoldingAnewGivesTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		kinds := []desk.ReactionKind{desk.SentAsIs, desk.SentChanged, desk.Ignored, desk.OtherSent, desk.CameBack,
			desk.Thanked}
		var log []Feedback
		daily := NewLearned()
		last := rapid.IntRange(1, 260).Draw(t, "days")
		var yesterday []Feedback
		for day := 0; day <= last; day++ {
			var today []Feedback
			for n := range rapid.IntRange(0, 3).Draw(t, "outcomes") {
				today = append(today, Feedback{ID: fmt.Sprint(day, n),
					Article:    rapid.SampledFrom([]string{"x", "y", "z"}).Draw(t, "article"),
					Confidence: rapid.Float64Range(-1, 2).Draw(t, "confidence"),
					Reaction:   rapid.SampledFrom(kinds).Draw(t, "reaction"), Day: day})
			}
			if rapid.IntRange(0, 40).Draw(t, "revised") == 0 {
				today = append(today, Feedback{ID: fmt.Sprint("revised", day), Article: "x", Reaction: revised,
					Day: day})
			}
			daily.Fold(today...)
			daily.Fold(yesterday...)
			daily.Settle(day)
			log, yesterday = append(log, today...), today
		}
		anew := NewLearned()
		anew.Fold(log...)
		anew.Settle(last)
		if !reflect.DeepEqual(daily, anew) {
			t.Fatalf("%+v\n%+v", daily, anew)
		}
		data, err := daily.Write()
		if err != nil {
			t.Fatal(err)
		}
		read, err := ReadLearned(data)
		if err != nil || !reflect.DeepEqual(read, anew) {
			t.Fatalf("written and read: %+v, %v", read, err)
		}
	})
	for _, bad := range []string{"{", `{"form":1,"articles":{"a":[]}}`} {
		if _, err := ReadLearned([]byte(bad)); !errors.Is(err, ErrLearnedForm) {
			t.Errorf("%s: %v", bad, err)
		}
	}
}

// Ten thousand articles with outcomes every day stay within an item of the table.
func TestWhatWasLearntStaysSmall(t *testing.T) {
	l := NewLearned()
	for day := range 40 {
		for i := range 1000 {
			l.Fold(Feedback{ID: fmt.Sprint(day, i), Article: fmt.Sprintf("some/folder/article-%d",
				(i*7+day*1000)%10_000), Confidence: 0.4, Reaction: desk.OtherSent, Day: 20_000 + day})
		}
		l.Settle(20_000 + day)
	}
	data, err := l.Write()
	if err != nil || len(data) > 340<<10 {
		t.Errorf("%d bytes, %v; an item holds 350 KB", len(data), err)
	}
	if got := l.Trust("some/folder/article-9007", 20_039); got == 1 {
		t.Error("nothing is left of what was learnt")
	}
}

func indices(n int) (out []int) {
	for i := range n {
		out = append(out, i)
	}
	return out
}

// year is a made-up shop: customers name each topic by words of their own,
// which no article has; agents know which article is right.
type year struct {
	articles []article.Article
	words    [][]string // the customers', by topic
	random   *rand.Rand
	past     []Past
	learned  *Learned
}

func newYear() *year {
	y := &year{random: rand.New(rand.NewPCG(1, 2)), learned: NewLearned()}
	for i, s := range [][2]string{{"Sending goods back", "parcel box shop wrong size unhappy swap"},
		{"Delivery times", "waiting arrive courier where still days"},
		{"Paying by invoice", "bill bank transfer company tax paper"},
		{"Changing your sign-in", "locked login forgotten reset entry app"},
		{"Warranty", "broken cracked stopped flickers dead smoke"},
		{"Gift vouchers", "present code birthday redeem balance friend"}} {
		y.articles = append(y.articles, article.Article{ID: fmt.Sprintf("a%d", i), Title: s[0],
			Body: "We explain how this works in the shop. " + s[0] + "."})
		y.words = append(y.words, terms.Split(s[1]))
	}
	return y
}

func (y *year) mail(topic int) string {
	w := y.words[topic]
	pick := func() string { return w[y.random.IntN(len(w))] }
	return fmt.Sprintf("My %s has a %s and now the %s order is %s", pick(), pick(), pick(), pick())
}

// day lets some mails come and be answered; it gives how many suggestions were
// made and how many were sent, and how often one article came first.
func (y *year) day(x *Index, day int, watch string) (mails, sent, watched int) {
	for i := range 6 {
		topic := y.random.IntN(len(y.words))
		text := y.mail(topic)
		right := fmt.Sprintf("a%d", topic)
		mails++
		if got := x.WithLearned(y.learned, day).Suggest("", text, 1); len(got) > 0 {
			o := Feedback{ID: fmt.Sprint(day, "-", i), Article: got[0].Article, Confidence: got[0].Score,
				Reaction: desk.OtherSent, Day: day}
			if got[0].Article == watch {
				watched++
			}
			if got[0].Article == right {
				o.Reaction = desk.SentAsIs
				sent++
			}
			y.learned.Fold(o)
		}
		y.past = append(y.past, Past{Text: text, Sent: []string{right}})
	}
	return mails, sent, watched
}

func TestAYearOfAnswersTeaches(t *testing.T) {
	y := newYear()
	x := withModel(y.articles)
	var accepted [12]float64
	for month := range 12 {
		if month == 6 { // the login is renamed: all its words are new
			y.words[3] = terms.Split("passkey vault wallet badge signet")
		}
		total, ok := 0, 0
		for day := range 28 {
			if day%7 == 0 {
				x = Build(y.articles, y.past, nil)
			}
			m, s, _ := y.day(x, month*28+day, "")
			total, ok = total+m, ok+s
		}
		accepted[month] = float64(ok) / float64(total)
	}
	t.Logf("sent of all mails, by month: %.2f", accepted)
	if accepted[1] <= accepted[0] || accepted[5] < 0.8 || accepted[11] < 0.8 {
		t.Errorf("sent of all mails, by month: %.2f; want it to rise, and to be back after the renaming", accepted)
	}
	if got := x.Score("", "my passkey and the badge", nil, 1); len(got.Suggestions) == 0 ||
		got.Suggestions[0].Article != "a3" {
		t.Errorf("the renamed product: %+v", got)
	}
}

func TestABadArticleLosesItsPlaceInDays(t *testing.T) {
	y := newYear()
	// The article was right for a year; then the policy changed, and another one is.
	for range 60 {
		for topic := range y.words {
			id := fmt.Sprintf("a%d", topic)
			if topic == 4 {
				id = "bad"
			}
			y.past = append(y.past, Past{Text: y.mail(topic), Sent: []string{id}})
		}
	}
	bad := article.Article{ID: "bad", Title: "Warranty until last year", Body: "Throw it away and buy another one."}
	x := Build(append(y.articles, bad), y.past, nil)
	var shown []int
	for day := range 14 {
		_, _, n := y.day(x, day, "bad")
		shown = append(shown, n)
	}
	t.Logf("shown first, by day: %v; trust %.2f", shown, y.learned.Trust("bad", 14))
	if shown[0]+shown[1] == 0 {
		t.Errorf("shown first, by day: %v; it should be, before anybody objects", shown)
	}
	for _, n := range shown[7:] {
		if n > 0 {
			t.Errorf("shown first, by day: %v; want none after a week", shown)
			break
		}
	}
}

// An article that was mended begins anew.
func TestARevisedArticleIsTrustedAgain(t *testing.T) {
	l := NewLearned()
	for day := 20_000; day < 20_010; day++ {
		l.Fold(Feedback{ID: fmt.Sprint(day), Article: "x", Confidence: 0.9, Reaction: desk.OtherSent, Day: day})
	}
	if got := l.Trust("x", 20_010); got > 0.3 {
		t.Fatalf("trust %v", got)
	}
	e := desk.Event{ID: "r", Kind: desk.EventRevised, Articles: []string{"x"}, Recorded: time.Unix(20_010*24*60*60, 0)}
	if l.Fold(FeedbackOf(e)...) != 1 || l.Fold(FeedbackOf(e)...) != 0 {
		t.Error("it is to count once")
	}
	if got := l.Trust("x", 20_010); got != 1 {
		t.Errorf("trust %v after it was written anew", got)
	}
}
