package cloud

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/replywell/replywell/shared/cloud/moto"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/earlier"
	"github.com/replywell/replywell/shared/index"
)

// An import goes into the configuration bucket by conditional writes, and the index
// function's next build takes it in.
func TestAnImportIntoTheBucket(t *testing.T) {
	client := s3.NewFromConfig(moto.Shared(t).Config())
	l := Library{Blobs{S3: client, Bucket: newBucket(t, client, "imports")}}
	before, err := l.Published(t.Context())
	if err == nil {
		err = l.Publish(t.Context(), before, set("pumps", "lamps"))
	}
	if err != nil {
		t.Fatal(err)
	}
	pairs := []index.Pair{
		{ID: "a", Answered: time.Now(), Subject: "Sunday", Asked: "May we visit you on Sunday?",
			Told: "You are welcome each Sunday between ten and four at our hall beside the old church."},
		{ID: "b", Answered: time.Now(), Subject: "Sunday", Asked: "Is the hall open on Sunday?",
			Told: "You are welcome each Sunday between ten and four at our hall beside the old church."},
	}
	for i, want := range []index.Took{{New: 2, All: 2}, {Known: 2, All: 2}} {
		if took, err := index.Import(t.Context(), l, time.Now(), pairs); err != nil || took != want {
			t.Errorf("call %d: %+v, %v", i+1, took, err)
		}
	}
	s := &index.Service{Bucket: l, Now: time.Now}
	if b, err := s.Rebuild(t.Context()); err != nil || b.ByHand != 2 {
		t.Errorf("%+v, %v", b, err)
	}
	if took, err := index.Forget(t.Context(), l, time.Now(), []string{"a"}, false); err != nil || took.Removed != 1 ||
		took.All != 1 {
		t.Errorf("%+v, %v", took, err)
	}
	if b, err := s.Rebuild(t.Context()); err != nil || b.ByHand != 1 {
		t.Errorf("%+v, %v", b, err)
	}
}

// What can be answered is kept beside the raw mail, and found there.
func TestOldConversationsInTheMailBucket(t *testing.T) {
	client := s3.NewFromConfig(moto.Shared(t).Config())
	l := Library{Blobs{S3: client, Bucket: newBucket(t, client, "earlier")}}
	all := []earlier.Conversation{{Customer: desk.Person{Address: "erika@mail.example"}, IDs: []string{"q@mail"},
		Letters: []earlier.Letter{{ID: "q@mail", Text: "It hums."}}}}
	for i, want := range []earlier.Kept{{New: 1}, {Known: 1}} {
		if kept, err := earlier.Keep(t.Context(), l, time.Now(), all); err != nil || kept != want {
			t.Errorf("call %d: %+v, %v", i+1, kept, err)
		}
	}
	find := func() *earlier.Conversation {
		c, _, err := earlier.Find(t.Context(), l.Blobs, time.Hour, time.Now(), []string{"q@mail"})
		if err != nil {
			t.Error(err)
		}
		return c
	}
	if c := find(); c == nil || c.Letters[0].Text != "It hums." {
		t.Errorf("%+v", c)
	}
	if n, err := earlier.Forget(t.Context(), l, all[0].IDs); err != nil || n != 1 || find() != nil {
		t.Errorf("forgot %d, %v", n, err)
	}
}
