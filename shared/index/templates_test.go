package index_test

import (
	"context"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/index"
)

func templated(text string) map[string][]byte {
	files := written("same")
	if text != "" {
		files["templates/late.md"] = []byte("---\ntemplate: late\nlanguage: en\n---\n" + text)
	}
	return files
}

// sentBy is what the template says that readers are given; "" is none.
func sentBy(t *testing.T, b *bucket) string {
	t.Helper()
	list, err := (&index.Reader{Bucket: b, Now: time.Now}).Templates(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(list) == 0 {
		return ""
	}
	return list[0].Body
}

// Templates are there when the articles are, change with them, and go with their file;
// one with a problem leaves all as it was.
func TestTemplatesArePublishedWithTheArticles(t *testing.T) {
	b := &bucket{articles: templated(""), files: map[string][]byte{}}
	s := &index.Service{Bucket: b, Now: time.Now}
	for _, c := range []struct {
		text, want string
		bad        bool
	}{{"", "", false}, {"It is late.", "It is late.", false}, {"It comes on Friday.", "It comes on Friday.", false},
		{"Hello {{customer.nmae}}", "It comes on Friday.", true}, {"", "", false}} {
		b.articles = templated(c.text)
		built, err := s.Rebuild(t.Context())
		if (err != nil) != c.bad || !c.bad && built.Articles != 1 {
			t.Errorf("%q: %d articles, %v", c.text, built.Articles, err)
		}
		if got := sentBy(t, b); got != c.want {
			t.Errorf("after %q it is %q", c.text, got)
		}
	}
}

// A build that read older templates and ends later does not bring them back.
func TestABuildThatIsOvertakenKeepsNewerTemplates(t *testing.T) {
	b := &bucket{articles: templated("old"), files: map[string][]byte{}}
	slow := &slowReader{bucket: b, read: make(chan struct{}), goOn: make(chan struct{})}
	ended := make(chan error)
	go func() {
		_, err := (&index.Service{Bucket: slow, Now: time.Now}).Rebuild(context.Background())
		ended <- err
	}()
	<-slow.read
	b.articles = templated("new")
	if _, err := (&index.Service{Bucket: b, Now: time.Now}).Rebuild(t.Context()); err != nil {
		t.Fatal(err)
	}
	close(slow.goOn)
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	if got := sentBy(t, b); got != "new" {
		t.Errorf("it is %q", got)
	}
}
