package kb

import (
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
