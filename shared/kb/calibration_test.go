package kb

import (
	"fmt"
	"reflect"
	"testing"

	"github.com/replywell/replywell/shared/kb/article"
)

// misleading is a team whose customers use the words of other articles' titles:
// only its history knows.
func misleading() (articles []article.Article, past []Past) {
	words := []string{"lamp", "chair", "table", "mirror", "carpet", "shelf"}
	for i, w := range words {
		articles = append(articles, article.Article{ID: fmt.Sprint(i), Title: "All about the " + w,
			Body: "Everything on the " + w + ".", Audience: "customers"})
	}
	for k := range 30 {
		for i := range words {
			past = append(past, Past{Text: fmt.Sprintf("a question on the %s, part %d", words[(i+1)%len(words)], k),
				Sent: []string{fmt.Sprint(i)}})
		}
	}
	return articles, past
}

func TestATeamsHistoryRefinesTheConstants(t *testing.T) {
	articles, past := misleading()
	x := Build(articles, past, nil)
	if x.main.Calibration() == nil || x.main.Calibration().Mails < 40 {
		t.Fatalf("%+v; 180 past mails are enough to learn from", x.main.Calibration())
	}
	if x.main.Calibration().Right < 0.9 {
		t.Errorf("%.2f of the hidden mails are answered rightly", x.main.Calibration().Right)
	}
	if got := x.Score("", "one more on the chair", nil, 1).Suggestions; got[0].Article != "0" {
		t.Errorf("%+v; the history says 0", got)
	}
	if again := Build(articles, past, nil); !reflect.DeepEqual(again.main.Calibration(), x.main.Calibration()) {
		t.Error("the same history refines otherwise")
	}
	if y := Build(articles, past[:40-1], nil); y.main.Calibration() != nil {
		t.Error("a few mails refine the constants")
	}
	data, err := x.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	y, err := Open(data, Model())
	if err != nil || !reflect.DeepEqual(y.main.Calibration(), x.main.Calibration()) {
		t.Errorf("%v: a snapshot forgets what the history says", err)
	}
}
