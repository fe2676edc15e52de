package kb

import (
	"fmt"
	"testing"

	"github.com/replywell/replywell/shared/kb/article"
)

// generalPage is a shop whose page of general advice is named by what every customer
// writes, and ten pages of which each answers one question; and mails about those.
func generalPage(mails int) (articles []article.Article, asked []Asked) {
	things := []string{"kettle", "toaster", "blender", "mixer", "oven", "fridge", "freezer", "grill", "juicer",
		"steamer"}
	articles = append(articles, article.Article{ID: "general", Title: "It does not work any more, what is wrong?",
		Body: "Call us."})
	for _, w := range things {
		articles = append(articles, article.Article{ID: w, Title: "Fault of the " + w,
			Body: "Unplug the " + w + " for an hour."})
	}
	for i := range mails {
		asked = append(asked, Asked{Text: fmt.Sprintf("my %s does not work any more, number %d",
			things[i%len(things)], i)})
	}
	return articles, asked
}

// own is how many mails have the article of their own thing first.
func own(x *Index, asked []Asked, pooled bool) (n int) {
	for i, s := range x.ScoreAll(asked, 1, pooled) {
		if len(s.Suggestions) > 0 && s.Suggestions[0].Article == x.Articles()[1+i%10].ID {
			n++
		}
	}
	return n
}

func TestAPageThatComesNearToEveryMailFallsBehind(t *testing.T) {
	articles, asked := generalPage(120)
	x := New(articles)
	alone, together := own(x, asked, false), own(x, asked, true)
	if together <= alone || together != len(asked) {
		t.Errorf("of %d mails %d have their own page first, read one by one, and %d together", len(asked), alone,
			together)
	}
	// Of those that are asked about among some articles nothing is told of the others.
	narrow := Asked{Text: asked[0].Text, Only: []string{"general", "kettle"}}
	single := x.ScoreAll([]Asked{narrow}, 2, false)[0]
	among := x.ScoreAll(append(asked, narrow), 2, true)[len(asked)]
	if among.Suggestions[0].Article != single.Suggestions[0].Article {
		t.Errorf("among others %+v, alone %+v", among, single)
	}
}

// A desk that answered by hand so far has learnt from those mails which page comes near to
// all of them, for the next one that comes alone, also after a snapshot.
func TestMailsAnsweredByHandTellWhatComesNearToAll(t *testing.T) {
	articles, asked := generalPage(120)
	var past []Past
	for _, a := range asked {
		past = append(past, Past{Text: a.Text})
	}
	x := Build(articles, past, nil)
	before, after := own(New(articles), asked, false), own(x, asked, false)
	if after <= before || after != len(asked) {
		t.Errorf("%d of %d mails have their own page first, %d before", after, len(asked), before)
	}
	data, err := x.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	y, err := Open(data, nil)
	if err != nil || own(y, asked, false) != after {
		t.Errorf("%v: a snapshot ranks otherwise", err)
	}
	if few := Build(articles, past[:40], nil); own(few, asked, false) != before {
		t.Error("forty mails tell of all")
	}
}
