package cloud

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/replywell/replywell/shared/cloud/moto"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/index"
	"github.com/replywell/replywell/shared/kb"
	"github.com/replywell/replywell/shared/kb/article"
	"github.com/replywell/replywell/shared/store"
)

func set(names ...string) map[string][]byte {
	out := map[string][]byte{}
	for _, n := range names {
		out[n+".md"] = []byte("# About " + n + "\n\nWhat customers ask about " + n + ", and what we answer.\n")
	}
	return out
}

// Of two who publish at once one is told, and what is published is all of the
// one set or all of the other.
func TestConcurrentPushesDoNotMix(t *testing.T) {
	cfg := moto.Shared(t).Config()
	l := Library{Blobs{S3: s3.NewFromConfig(cfg), Bucket: newBucket(t, s3.NewFromConfig(cfg), "pushes")}}
	ctx := t.Context()
	for round := range 3 { // the first time there is nothing to replace
		before, err := l.Published(ctx)
		if err != nil {
			t.Fatal(err)
		}
		sets := []map[string][]byte{set(fmt.Sprint("a", round), "x"), set(fmt.Sprint("b", round), "y", "z"),
			set(fmt.Sprint("c", round))}
		errs := make([]error, len(sets))
		var done sync.WaitGroup
		for i, files := range sets {
			done.Go(func() { errs[i] = l.Publish(ctx, before, files) })
		}
		done.Wait()
		won := -1
		for i, err := range errs {
			if err == nil && won < 0 {
				won = i
			} else if !errors.Is(err, article.ErrMoved) {
				t.Errorf("round %d: %v", round, err)
			}
		}
		now, err := l.Published(ctx)
		if won < 0 || err != nil || len(article.Difference(now.Files, sets[won])) != 0 {
			t.Fatalf("round %d: %d won, %d files are published, %v", round, won, len(now.Files), err)
		}
	}
}

// A write whose answer is lost is tried again by the SDK and then meets itself.
func TestAPushWhoseAnswerIsLostIsNoConflict(t *testing.T) {
	srv := moto.Shared(t)
	cfg := srv.Config()
	bucket := newBucket(t, s3.NewFromConfig(cfg), "lostpush")
	lost := false
	front := srv.Through(t, func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodPut && !lost {
				lost = true
				next.ServeHTTP(discard{http.Header{}}, r)
				w.WriteHeader(http.StatusServiceUnavailable)
				return
			}
			next.ServeHTTP(w, r)
		})
	})
	l := NewLibrary(moto.ConfigFor(front), bucket)
	if err := l.Publish(t.Context(), article.Published{}, set("a")); err != nil || !lost {
		t.Fatalf("%v", err)
	}
}

type discard struct{ h http.Header }

func (d discard) Header() http.Header         { return d.h }
func (d discard) Write(b []byte) (int, error) { return len(b), nil }
func (d discard) WriteHeader(int)             {}

// While articles are published and snapshots are built again and again, each
// reader sees one whole set or another, by the same client calls as the functions.
func TestReadersNeverSeeHalfASnapshot(t *testing.T) {
	cfg := moto.Shared(t).Config()
	client := s3.NewFromConfig(cfg)
	l := Library{Blobs{S3: client, Bucket: newBucket(t, client, "readers")}}
	s := &index.Service{Bucket: l, Now: time.Now}
	sets := []map[string][]byte{set("a", "b", "c"), set("d", "e"), set("f", "g", "h", "i")}
	publish := func(i int) {
		before, err := l.Published(t.Context())
		if err == nil {
			err = l.Publish(t.Context(), before, sets[i%len(sets)])
		}
		if err == nil {
			_, err = s.Rebuild(t.Context())
		}
		if err != nil {
			t.Error(err)
		}
	}
	publish(0)
	ctx, stop := context.WithCancel(t.Context())
	var done sync.WaitGroup
	for range 3 {
		done.Go(func() {
			r := NewKnowledge(client, l.Bucket, nil, nil, time.Now)
			r.Fresh = -1
			for ctx.Err() == nil {
				k, err := r.Knowledge(context.Background())
				if err != nil {
					t.Error(err)
					return
				}
				whole := false
				for _, files := range sets {
					n := 0
					for p := range files {
						if _, ok := k.Article(p[:len(p)-3]); ok {
							n++
						}
					}
					whole = whole || n == len(files) && k.Len() == n
				}
				if !whole {
					t.Errorf("a reader sees %d articles that are no set that was published", k.Len())
					return
				}
			}
		})
	}
	for i := range 8 {
		publish(i + 1)
	}
	stop()
	done.Wait()
}

// What is published and cannot be read is replaced, unless somebody else has
// replaced it meanwhile.
func TestADamagedSetIsReplaced(t *testing.T) {
	client := s3.NewFromConfig(moto.Shared(t).Config())
	l := Library{Blobs{S3: client, Bucket: newBucket(t, client, "damaged")}}
	damage := func(text string) article.Published {
		t.Helper()
		if err := l.Put(t.Context(), BundleKey, []byte(text)); err != nil {
			t.Fatal(err)
		}
		before, err := l.Published(t.Context())
		if !errors.Is(err, article.ErrUnreadable) || before.Version == "" {
			t.Fatalf("%+v, %v", before, err)
		}
		return before
	}
	before := damage("garbage")
	damage("other garbage")
	if err := l.Publish(t.Context(), before, set("a")); !errors.Is(err, article.ErrMoved) {
		t.Errorf("%v; want that it has moved", err)
	}
	if err := l.Publish(t.Context(), damage("garbage"), set("a")); err != nil {
		t.Fatal(err)
	}
	if p, err := l.Published(t.Context()); err != nil || len(p.Files) != 1 {
		t.Errorf("%+v, %v", p, err)
	}
}

// heldLibrary reads the articles and then waits, the first time.
type heldLibrary struct {
	Library
	read, goOn chan struct{}
	once       sync.Once
}

func (h *heldLibrary) Articles(ctx context.Context) (map[string][]byte, error) {
	files, err := h.Library.Articles(ctx)
	h.once.Do(func() {
		close(h.read)
		<-h.goOn
	})
	return files, err
}

// A build that read the old articles and ends after one of the new ones does not
// bring the old ones back.
func TestABuildThatIsOutOfDateBringsNothingBack(t *testing.T) {
	client := s3.NewFromConfig(moto.Shared(t).Config())
	l := Library{Blobs{S3: client, Bucket: newBucket(t, client, "overtaken")}}
	publish := func(files map[string][]byte) {
		t.Helper()
		before, err := l.Published(t.Context())
		if err == nil {
			err = l.Publish(t.Context(), before, files)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	for round := range 2 { // the first time there is no pointer yet
		publish(set(fmt.Sprint("old", round)))
		slow := &heldLibrary{Library: l, read: make(chan struct{}), goOn: make(chan struct{})}
		ended := make(chan error)
		go func() {
			_, err := (&index.Service{Bucket: slow, Now: time.Now}).Rebuild(context.Background())
			ended <- err
		}()
		<-slow.read
		publish(set(fmt.Sprint("new", round)))
		if _, err := (&index.Service{Bucket: l, Now: time.Now}).Rebuild(t.Context()); err != nil {
			t.Fatal(err)
		}
		close(slow.goOn)
		if err := <-ended; err != nil {
			t.Fatal(err)
		}
		k, err := NewKnowledge(client, l.Bucket, nil, nil, time.Now).Knowledge(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if _, ok := k.Article(fmt.Sprint("new", round)); !ok || k.Len() != 1 {
			t.Errorf("round %d: the old articles came back", round)
		}
	}
}

// Of many who swap at once each is told whether it was first; a swap whose answer
// was lost is done.
func TestSwap(t *testing.T) {
	srv := moto.Shared(t)
	client := s3.NewFromConfig(srv.Config())
	l := Library{Blobs{S3: client, Bucket: newBucket(t, client, "swaps")}}
	version := ""
	for round := range 4 {
		errs := make([]error, 4)
		var done sync.WaitGroup
		for i := range errs {
			done.Go(func() { errs[i] = l.Swap(t.Context(), "kb-index/current", version, []byte(fmt.Sprint(round, i))) })
		}
		done.Wait()
		won := 0
		data, now, err := l.Look(t.Context(), "kb-index/current")
		for i, e := range errs {
			switch {
			case e == nil:
				won++
				if string(data) != fmt.Sprint(round, i) {
					t.Errorf("round %d: %q is there, and %d was told that its is", round, data, i)
				}
			case !errors.Is(e, index.ErrMoved):
				t.Error(e)
			}
		}
		if won != 1 || err != nil || now == version {
			t.Fatalf("round %d: %d were told that they were first, %v", round, won, err)
		}
		version = now
	}
	if err := l.Swap(t.Context(), "kb-index/none", version, nil); !errors.Is(err, index.ErrMoved) {
		t.Errorf("what was deleted: %v", err)
	}
	lost := false
	front := srv.Through(t, func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodPut && !lost {
				lost = true
				next.ServeHTTP(discard{http.Header{}}, r)
				w.WriteHeader(http.StatusServiceUnavailable)
				return
			}
			next.ServeHTTP(w, r)
		})
	})
	if err := NewLibrary(moto.ConfigFor(front), l.Bucket).Swap(t.Context(), "kb-index/current", version,
		[]byte("x")); err != nil || !lost {
		t.Errorf("%v", err)
	}
}

// kb search --stack finds the articles and what was learnt by the stack's outputs.
func TestTheKnowledgeOfAStack(t *testing.T) {
	cfg := moto.Shared(t).Config()
	template := `{"Resources":{"B":{"Type":"AWS::S3::Bucket","Properties":{"BucketName":"stack-knowledge"}},
		"T":{"Type":"AWS::DynamoDB::Table","Properties":{"TableName":"stack-knowledge","BillingMode":"PAY_PER_REQUEST",
			"AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"},{"AttributeName":"sk","AttributeType":"S"}],
			"KeySchema":[{"AttributeName":"pk","KeyType":"HASH"},{"AttributeName":"sk","KeyType":"RANGE"}]}}},
		"Outputs":{"ConfigBucket":{"Value":{"Ref":"B"}},"Table":{"Value":{"Ref":"T"}}}}`
	if _, err := cloudformation.NewFromConfig(cfg).CreateStack(t.Context(),
		&cloudformation.CreateStackInput{StackName: aws.String("desk"), TemplateBody: &template}); err != nil {
		t.Fatal(err)
	}
	if h, err := StackHome(t.Context(), cfg, "desk"); err != nil {
		t.Error(err)
		// the table is there
	} else if _, err := h.Store.RollUp(t.Context(), time.Now()); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("the stack's values: %v", err)
	}
	l := NewLibrary(cfg, "stack-knowledge")
	if err := l.Publish(t.Context(), article.Published{}, set("pumps", "lamps")); err != nil {
		t.Fatal(err)
	}
	if _, err := (&index.Service{Bucket: l, Now: time.Now}).Rebuild(t.Context()); err != nil {
		t.Fatal(err)
	}
	confidence := func() float64 {
		t.Helper()
		r, err := StackKnowledge(t.Context(), cfg, "desk", nil, time.Now)
		if err != nil {
			t.Fatal(err)
		}
		k, err := r.Knowledge(t.Context())
		if err != nil || k.Len() != 2 {
			t.Fatalf("%v", err)
		}
		for _, s := range k.Score("", "a question about pumps", nil, 2).Suggestions {
			if s.Article == "pumps" {
				return s.Confidence
			}
		}
		return 0
	}
	before := confidence()
	learnt := kb.NewLearned()
	for i := range 20 {
		learnt.Fold(kb.Feedback{ID: fmt.Sprint(i), Article: "pumps", Confidence: 1, Reaction: desk.OtherSent,
			Day: kb.Day(time.Now())})
	}
	state, err := learnt.Write()
	if err != nil {
		t.Fatal(err)
	}
	if err := NewStore(cfg, "stack-knowledge").SetLearned(t.Context(),
		&store.Learned{State: string(state)}); err != nil {
		t.Fatal(err)
	}
	if after := confidence(); after >= before/2 {
		t.Errorf("the confidence was %.3f, and is %.3f after twenty disappointments", before, after)
	}
}

func TestStackNamesItsBucket(t *testing.T) {
	cfg := moto.Shared(t).Config()
	template := `{"Resources":{"B":{"Type":"AWS::S3::Bucket","Properties":{"BucketName":"stack-output-bucket"}}},` +
		`"Outputs":{"ConfigBucket":{"Value":{"Ref":"B"}}}}`
	if _, err := cloudformation.NewFromConfig(cfg).CreateStack(t.Context(),
		&cloudformation.CreateStackInput{StackName: aws.String("shelf"), TemplateBody: &template}); err != nil {
		t.Fatal(err)
	}
	if got, err := Stack(t.Context(), cfg, "shelf", "ConfigBucket"); got != "stack-output-bucket" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
	if _, err := Stack(t.Context(), cfg, "shelf", "Other"); err == nil {
		t.Error("an output that is not there was found")
	}
	if _, err := Stack(t.Context(), cfg, "nowhere", "ConfigBucket"); err == nil {
		t.Error("a stack that is not there was found")
	}
}
