package kb

import (
	"fmt"
	"reflect"
	"testing"

	"github.com/replywell/replywell/shared/kb/article"
	"github.com/replywell/replywell/shared/kb/internal/fuse"
)

// What was recently answered ranks as it would if it were built in, where there is
// nothing yet that is trained.
func TestLateMailsRankAsBuiltInOnes(t *testing.T) {
	articles := shopArticles(t)
	past := []Past{
		{Text: "the gizmo that I paid for is nowhere to be seen", Sent: []string{"orders/late"}},
		{Text: "an article that is gone", Sent: []string{"nowhere"}},
		{Text: "where do I send the gizmo, and when is it paid",
			Sent: []string{"orders/late", "orders/return", "orders/late"}},
	}
	for name, model := range map[string]Embedder{"by words": nil, "by meaning": Model()} {
		t.Run(name, func(t *testing.T) {
			var late []Recent
			for _, p := range past {
				late = append(late, lateOf(model, p))
			}
			bare, built := Build(articles, nil, model), Build(articles, past, model)
			before := bare.Score("", "where is the gizmo", nil, 3)
			after := bare.WithRecent(late, ModelName(model))
			want, got := built.main.Consider(built.main.Read("", "where is the gizmo"), nil),
				after.main.Consider(after.main.Read("", "where is the gizmo"), nil)
			for i := range want {
				w, g := want[i].Scores, got[i].Scores
				w[fuse.ByArticleMails], g[fuse.ByArticleMails] = 0, 0 // is made with the next build
				if !reflect.DeepEqual(w, g) {
					t.Errorf("%s: built in %v, recent %v", articles[i].ID, w, g)
				}
			}
			if built.main.History() != after.main.History() {
				t.Errorf("history %v built in, %v recent", built.main.History(), after.main.History())
			}
			if !reflect.DeepEqual(bare.Score("", "where is the gizmo", nil, 3), before) {
				t.Error("the index itself has changed")
			}
			if again := bare.WithRecent(late, ModelName(model)).Score("", "where is the gizmo", nil,
				3); !reflect.DeepEqual(again, after.Score("", "where is the gizmo", nil, 3)) {
				t.Error("the same mails rank otherwise")
			}
		})
	}
	x := Build(articles, past, nil)
	if x.WithRecent(nil, "") != x || x.WithRecent([]Recent{{Past: past[1]}}, "") != x {
		t.Error("nothing that counts makes another index")
	}
}

// An article that is sent for the first time is found for the next mail like that one,
// though the classifier has never heard of it; and what holds now counts more than what
// held for a year, also once it is built in.
func TestWhatHoldsNowCountsMore(t *testing.T) {
	articles := []article.Article{
		{ID: "old", Title: "Warranty", Body: "Send it in.", Audience: "customers"},
		{ID: "new", Title: "Guarantee since October", Body: "Bring it along.", Audience: "customers"},
		{ID: "bill", Title: "Invoices", Body: "They come by mail.", Audience: "customers"},
	}
	broken := func(i int) string {
		return fmt.Sprintf("my %s is broken and smells of %s", []string{"toaster", "mixer", "grill"}[i%3],
			[]string{"smoke", "tar", "oil", "rubber"}[i%4])
	}
	var past []Past
	for i := range 60 {
		past = append(past, Past{Text: broken(i), Sent: []string{"old"}},
			Past{Text: fmt.Sprintf("where is the invoice of %s", []string{"May", "June", "July"}[i%3]),
				Sent: []string{"bill"}})
	}
	var late []Recent
	for i := range 6 {
		late = append(late, Recent{Past: Past{Text: broken(i), Sent: []string{"new"}}})
	}
	first := func(x *Index) string {
		return x.Score("", "the grill is broken, it smells of smoke", nil, 1).Suggestions[0].Article
	}
	x := Build(articles, past, nil)
	if got := first(x); got != "old" {
		t.Fatalf("%s comes first", got)
	}
	if got := first(x.WithRecent(late, "")); got != "new" {
		t.Errorf("after six answers %s comes first", got)
	}
	for i := range late {
		past = append(past, late[i].Past)
		late[i].Built = true
	}
	built := Build(articles, past, nil)
	after := built.WithRecent(late, "")
	if got := first(after); got != "new" {
		t.Errorf("after they are built in %s comes first", got)
	}
	if after.main.History() != built.main.History() {
		t.Error("what is built in counts twice")
	}
}

// Vectors of another model than the index's are not compared with its own.
func TestLateMailsOfAnotherModelGoByWords(t *testing.T) {
	x := Build(shopArticles(t), nil, Model())
	p := Past{Text: "the gizmo is nowhere to be seen", Sent: []string{"orders/return"}}
	sense := make([]float32, 7)
	sense[0] = 1
	y := x.WithRecent([]Recent{{Past: p, Sense: sense}}, "another")
	z := x.WithRecent([]Recent{{Past: p}}, ModelName(Model()))
	ask := func(x *Index) Scoring { return x.Score("", "where is the gizmo", nil, 3) }
	if a, b := ask(y), ask(z); a.Suggestions[0] != b.Suggestions[0] {
		t.Errorf("%v and %v", a, b)
	}
}

// The first answers to some articles leave the others where they were: of one that was
// never sent nothing is known, and that is not against it.
func TestFirstAnswersHideNoOtherArticle(t *testing.T) {
	articles := shopArticles(t)
	for _, model := range []Embedder{nil, Model()} {
		before := Build(articles, nil, model)
		var past []Past
		for _, a := range articles[:len(articles)/2] {
			past = append(past, Past{Text: "it is about " + a.Title, Sent: []string{a.ID}})
		}
		after := Build(articles, past, model)
		for _, a := range articles[len(articles)/2:] {
			was, is := before.Score("", a.Title, nil, 1).Suggestions[0], after.Score("", a.Title, nil, 1).Suggestions[0]
			if was.Article == a.ID && is.Article != a.ID {
				t.Errorf("with a model %v: the mail %q finds %s", model != nil, a.Title, is.Article)
			}
		}
	}
}

// Four mails alike were answered with an article that has none of their words: for the
// fifth an agent is offered it, and told so. What it has nothing to do with stays unsaid.
func TestTheSameAgainIsLikely(t *testing.T) {
	x := Build(shopArticles(t), nil, Model())
	var late []Recent
	for _, text := range []string{"Our gloober does its disco thing all evening long",
		"the gloober in the kitchen does disco again", "gloober disco! it does not stop",
		"my gloober is doing this disco thing"} {
		late = append(late, lateOf(Model(), Past{Text: text, Sent: []string{"account/pass"}}))
	}
	y := x.WithRecent(late, ModelName(Model()))
	again := "Good morning, my gloober is doing its disco thing again"
	if got := x.Suggest("", again, 3); len(got) > 0 {
		t.Errorf("before, it is offered %v", got)
	}
	if got := y.Suggest("", again, 3); len(got) == 0 || got[0].Article != "account/pass" || got[0].Alike != 4 {
		t.Errorf("after, it is offered %+v", got)
	}
	if got := y.Suggest("", "Do you deliver to the moon?", 3); len(got) > 0 {
		t.Errorf("another mail is offered %+v", got)
	}
}

func lateOf(model Embedder, p Past) Recent {
	sense, wide := Sense(model, p.Subject, p.Text)
	return Recent{Past: p, Sense: sense, Wide: wide}
}
