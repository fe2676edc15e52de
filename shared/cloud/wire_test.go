package cloud

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/replywell/replywell/shared/cloud/moto"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/index"
	"github.com/replywell/replywell/shared/store"
)

func TestMain(m *testing.M) { os.Exit(moto.Main(m)) }

func newBucket(t *testing.T, client *s3.Client, name string) string {
	t.Helper()
	_, err := client.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: &name,
		CreateBucketConfiguration: &types.CreateBucketConfiguration{LocationConstraint: moto.Region}})
	if err != nil {
		t.Fatal(err)
	}
	return name
}

func TestBlobsOverTheWire(t *testing.T) {
	client := s3.NewFromConfig(moto.Shared(t).Config())
	b := Blobs{S3: client, Bucket: newBucket(t, client, "blobs")}
	raw := []byte("From: a@b.example\r\n\r\n\xff\x00 any bytes\r\n")
	for range 2 { // writing the same again is harmless
		if err := b.Put(t.Context(), "out/x", raw); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := b.Get(t.Context(), "out/x"); err != nil || string(got) != string(raw) {
		t.Errorf("%q, %v", got, err)
	}
	if _, err := b.Get(t.Context(), "out/y"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a missing blob gives %v", err)
	}
	if _, err := (Blobs{S3: client, Bucket: "no-such-bucket"}).Get(t.Context(), "x"); err == nil ||
		errors.Is(err, store.ErrNotFound) {
		t.Errorf("a missing bucket gives %v, which reads like a missing mail", err)
	}
}

const document = `version: 1
mode: live
mailboxes:
  - id: support
    name: Example Shop
    address: support@shop.example
    agents: [anna]
agents:
  - id: anna
    name: Anna Agent
    addresses: [anna@shop.example]
`

func TestSettingsAreReadOnceAMinuteAndOnlyWhenChanged(t *testing.T) {
	srv := moto.Shared(t)
	direct := s3.NewFromConfig(srv.Config())
	bucket := newBucket(t, direct, "settings")
	var asked, sent atomic.Int64
	counted := srv.Through(t, func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			asked.Add(1)
			next.ServeHTTP(&counter{w, &sent}, r)
		})
	})
	now := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	get := Settings(s3.NewFromConfig(moto.ConfigFor(counted)), bucket, func() time.Time { return now })
	if _, err := get(t.Context()); err == nil || !strings.Contains(err.Error(),
		"replywell config push --bucket settings") {
		t.Fatalf("without settings: %v", err)
	}
	if err := PushSettings(t.Context(), direct, bucket, "settings.yaml", []byte(document)); err != nil {
		t.Fatal(err)
	}
	want := func(name string, a, s int64) {
		t.Helper()
		asked.Store(0)
		sent.Store(0)
		got, err := get(t.Context())
		if err != nil || got.Mailboxes[0].Name != name || asked.Load() != a || sent.Load() != s {
			t.Errorf("%+v, %v; asked %d, sent %d", got, err, asked.Load(), sent.Load())
		}
	}
	want("Example Shop", 1, 1)
	want("Example Shop", 0, 0)
	now = now.Add(documentFor)
	want("Example Shop", 1, 0) // not modified
	if err := PushSettings(t.Context(), direct, bucket, "settings.yaml",
		[]byte(strings.ReplaceAll(document, "Example Shop", "Other Shop"))); err != nil {
		t.Fatal(err)
	}
	want("Example Shop", 0, 0)
	now = now.Add(documentFor)
	want("Other Shop", 1, 1)
	// A document that somebody broke by hand does not stop the mail.
	if err := (Blobs{S3: direct, Bucket: bucket}).Put(t.Context(), SettingsKey, []byte("mode: [")); err != nil {
		t.Fatal(err)
	}
	now = now.Add(documentFor)
	want("Other Shop", 1, 1)
}

// counter counts the answers with a body.
type counter struct {
	http.ResponseWriter
	sent *atomic.Int64
}

func (c *counter) WriteHeader(status int) {
	if status == http.StatusOK {
		c.sent.Add(1)
	}
	c.ResponseWriter.WriteHeader(status)
}

func TestPushSettingsRefuses(t *testing.T) {
	for name, tc := range map[string]struct{ doc, say string }{
		"unknown key": {document + "mood: good\n", "mood"},
		"sample mode": {strings.Replace(document, "live", "sample", 1), "mode: live"},
		"trust":       {document + "trust_loopback: true\n", "trust_loopback"},
	} {
		if err := PushSettings(t.Context(), nil, "b", "settings.yaml", []byte(tc.doc)); err == nil ||
			!strings.Contains(err.Error(), tc.say) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestKnowledgeBaseFollowsThePointer(t *testing.T) {
	client := s3.NewFromConfig(moto.Shared(t).Config())
	b := Blobs{S3: client, Bucket: newBucket(t, client, "knowledge")}
	now := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	k := NewKnowledge(client, b.Bucket, nil, nil, func() time.Time { return now })
	if x, err := k.Knowledge(t.Context()); err != nil || x.Len() != 0 {
		t.Fatalf("an empty knowledge base: %v", err)
	}
	article := func(key, text string) {
		t.Helper()
		if err := b.Put(t.Context(), key, []byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	article("kb/returns.md", "# Returns\n\nSend it back within thirty days.\n")
	article("kb/README.md", "# About this folder\n")
	article("kb/photo.png", "not an article")
	article("elsewhere/x.md", "# Not ours\n\ntext\n")
	s := &index.Service{Bucket: Library{b}, Now: time.Now}
	if built, err := s.Rebuild(t.Context()); built.Articles != 1 || err != nil {
		t.Fatalf("%+v, %v", built, err)
	}
	if x, err := k.Knowledge(t.Context()); err != nil || x.Len() != 1 {
		t.Fatalf("%v", err)
	}
	article("kb/shipping/late.md", "# Late parcels\n\nWait three days.\n")
	if built, err := s.Rebuild(t.Context()); built.Articles != 2 || err != nil {
		t.Fatalf("%+v, %v", built, err)
	}
	now = now.Add(documentFor)
	if x, err := k.Knowledge(t.Context()); err != nil || x.Len() != 2 {
		t.Errorf("after the change: %v", err)
	}
}

func TestWakeNamesEveryMailInBatches(t *testing.T) {
	client := sqs.NewFromConfig(moto.Shared(t).Config())
	q, err := client.CreateQueue(t.Context(), &sqs.CreateQueueInput{QueueName: aws.String("wake")})
	if err != nil {
		t.Fatal(err)
	}
	ids := make([]string, 237)
	for i := range ids {
		ids[i] = desk.DerivedID("wake", string(rune(i)))
	}
	Waker{Queue: Queue{SQS: client, URL: *q.QueueUrl}}.Wake(t.Context(), ids)
	seen := map[string]bool{}
	for {
		out, err := client.ReceiveMessage(t.Context(),
			&sqs.ReceiveMessageInput{QueueUrl: q.QueueUrl, MaxNumberOfMessages: 10})
		if err != nil {
			t.Fatal(err)
		}
		if len(out.Messages) == 0 {
			break
		}
		for _, m := range out.Messages {
			got, err := readWake(*m.Body)
			if err != nil || len(got) > idsPerMessage {
				t.Fatalf("%v, %v", got, err)
			}
			for _, id := range got {
				seen[id] = true
			}
		}
	}
	for _, id := range ids {
		if !seen[id] {
			t.Fatalf("nobody was woken for %s; %d of %d were named", id, len(seen), len(ids))
		}
	}
	Waker{Queue: Queue{SQS: client, URL: *q.QueueUrl + "-gone"}}.Wake(t.Context(), ids) // is only a courtesy
}

func TestSecretsOverTheWire(t *testing.T) {
	client := secretsmanager.NewFromConfig(moto.Shared(t).Config())
	put := func(name, text string) {
		t.Helper()
		if _, err := client.CreateSecret(t.Context(),
			&secretsmanager.CreateSecretInput{Name: &name, SecretString: &text}); err != nil {
			t.Fatal(err)
		}
	}
	put("keys", `{"current":"1","1":"`+key64+`"}`)
	put("slack", `{"webhook":"https://hooks.example/x"}`)
	s := Secrets{Client: client}
	if _, err := s.Keyring(t.Context(), "keys"); err != nil {
		t.Error(err)
	}
	if _, err := s.Keyring(t.Context(), "nowhere"); err == nil || !strings.Contains(err.Error(), "nowhere") {
		t.Errorf("a missing secret: %v", err)
	}
	if text, err := s.Posting(t.Context(), "slack"); string(text) != `{"webhook":"https://hooks.example/x"}` || err != nil {
		t.Errorf("%q, %v", text, err)
	}
	if text, err := s.Posting(t.Context(), ""); text != nil || err != nil {
		t.Errorf("without places: %q, %v", text, err)
	}
}

func TestCarrierSendsTheMailAsItIs(t *testing.T) {
	srv := moto.Shared(t)
	client := sesv2.NewFromConfig(srv.Config())
	if _, err := client.CreateEmailIdentity(t.Context(),
		&sesv2.CreateEmailIdentityInput{EmailIdentity: aws.String("shop.example")}); err != nil {
		t.Fatal(err)
	}
	var body struct {
		ConfigurationSetName string
		FromEmailAddress     string
		EmailTags            []struct{ Name, Value string }
		Destination          struct{ ToAddresses []string }
		Content              struct{ Raw struct{ Data []byte } }
	}
	front := srv.Through(t, func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			data, err := io.ReadAll(r.Body)
			if err == nil {
				err = json.Unmarshal(data, &body)
			}
			if err != nil {
				t.Errorf("the request cannot be read: %v", err)
			}
			r.Body = io.NopCloser(strings.NewReader(string(data)))
			next.ServeHTTP(w, r)
		})
	})
	m := oneMail
	m.Raw = []byte("From: Shop <support@shop.example>\r\nTo: erika@customer.example\r\nMessage-ID: " +
		"<x@shop.example>\r\n\r\nhello\r\n")
	id, err := NewCarrier(moto.ConfigFor(front), "replywell", 1, time.Now).Send(t.Context(), m)
	if err != nil || id == "" || strings.Contains(id, "@") {
		t.Fatalf("sent as %q, %v", id, err)
	}
	if body.ConfigurationSetName != "replywell" || body.FromEmailAddress != "support@shop.example" ||
		len(body.EmailTags) != 1 || body.EmailTags[0].Name != OutboxTag || body.EmailTags[0].Value != m.Outbox ||
		len(body.Destination.ToAddresses) != 1 || string(body.Content.Raw.Data) != string(m.Raw) {
		t.Errorf("%+v", body)
	}
}
