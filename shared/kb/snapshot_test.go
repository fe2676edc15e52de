package kb

import (
	"slices"
	"testing"
)

// other is an embedding model that a team could use instead.
type other struct{ quickSense }

func (other) Name() string { return "another 1" }

func TestASnapshotOfAnotherModelIsRankedByWords(t *testing.T) {
	articles, err := lampShop()
	if err != nil {
		t.Fatal(err)
	}
	data, err := Build(articles, nil, other{}).Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	x, err := Open(data, Model())
	if err != nil || x.OtherModel() != "another 1" {
		t.Fatalf("%v", err)
	}
	const mail = "Where do I find the tracking number of my parcel?"
	want, got := Build(articles, nil, nil).Score("", mail, nil, 3), x.Score("", mail, nil, 3)
	if len(got.Suggestions) == 0 || got.Suggestions[0] != want.Suggestions[0] {
		t.Errorf("%+v; by words %+v", got, want)
	}
}

// Whatever a snapshot was opened with, what is written of it again can be opened,
// and ranks as before.
func TestWhatWasOpenedCanBeWrittenAgain(t *testing.T) {
	articles, err := lampShop()
	if err != nil {
		t.Fatal(err)
	}
	var past []Past
	for _, a := range articles {
		for _, text := range []string{a.Title + ", please tell me.", "One more time: " + a.Title, a.Title +
			" That is what I ask."} {
			past = append(past, Past{Text: text, Sent: []string{a.ID}})
		}
	}
	const mail = "Where do I find the tracking number of my parcel?"
	for of, history := range map[string][]Past{"no mail before": nil, "mails before": past} {
		for made, by := range map[string]Embedder{"the model": Model(), "another model": other{}, "none": nil} {
			data, err := Build(articles, history, by).Snapshot()
			if err != nil {
				t.Fatal(err)
			}
			for opened, with := range map[string]Embedder{"the model": Model(), "another model": other{}, "none": nil} {
				x, err := Open(data, with)
				if err != nil {
					t.Errorf("%s, made with %s, opened with %s: %v", of, made, opened, err)
					continue
				}
				again, err := x.Snapshot()
				if err != nil {
					t.Fatal(err)
				}
				y, err := Open(again, with)
				if err != nil {
					t.Errorf("%s, made with %s, opened with %s, and written again: %v", of, made, opened, err)
					continue
				}
				want, got := x.Score("", mail, nil, 3).Suggestions, y.Score("", mail, nil, 3).Suggestions
				if !slices.Equal(ids(want), ids(got)) {
					t.Errorf("%s, made with %s, opened with %s: %v, and written again %v", of, made, opened, ids(want),
						ids(got))
				}
			}
		}
	}
}

func ids(list []Scored) (out []string) {
	for _, s := range list {
		out = append(out, s.Article)
	}
	return out
}
