package dynamo

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/replywell/replywell/shared/cloud/moto"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/store/engine"
)

// fault stands before the server. It sees each request of one operation, with
// its number from 0, and may answer in the server's place (true).
type fault struct {
	operation string
	answer    func(n int, body []byte, w http.ResponseWriter, next http.Handler, r *http.Request) bool

	mu     sync.Mutex
	bodies []string
}

// openWith gives an engine whose requests meet the fault, and one that does not.
func openWith(t *testing.T, f *fault) (faulty, plain *Engine) {
	t.Helper()
	plain = open(t)
	endpoint := moto.Shared(t).Through(t, func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			body, err := io.ReadAll(r.Body)
			if err != nil {
				t.Error(err)
			}
			r.Body = io.NopCloser(bytes.NewReader(body))
			if strings.HasSuffix(r.Header.Get("X-Amz-Target"), "."+f.operation) {
				f.mu.Lock()
				n := len(f.bodies)
				f.bodies = append(f.bodies, string(body))
				f.mu.Unlock()
				if f.answer(n, body, w, next, r) {
					return
				}
			}
			next.ServeHTTP(w, r)
		})
	})
	client := dynamodb.NewFromConfig(moto.ConfigFor(endpoint), func(o *dynamodb.Options) {
		o.Retryer = retry.NewStandard(func(so *retry.StandardOptions) {
			so.Backoff = retry.BackoffDelayerFunc(func(int, error) (time.Duration, error) {
				return time.Millisecond,
					nil
			})
		})
	})
	return New(client, plain.table), plain
}

// refuse answers with an error of DynamoDB's.
func refuse(w http.ResponseWriter, status int, code, more string) bool {
	w.Header().Set("Content-Type", "application/x-amz-json-1.0")
	w.WriteHeader(status)
	_, _ = fmt.Fprintf(w, `{"__type":"com.amazonaws.dynamodb.v20120810#%s","message":"as the test wants it"%s}`, code,
		more)
	return true
}

func cancelled(codes ...string) string {
	var reasons []string
	for _, c := range codes {
		reasons = append(reasons, fmt.Sprintf(`{"Code":%q,"Message":"because"}`, c))
	}
	return `,"CancellationReasons":[` + strings.Join(reasons, ",") + `]`
}

func plainItem(sort string) engine.Item {
	return engine.Item{Key: engine.Key{Partition: "p", Sort: sort}, Version: 1, Kind: "test", Schema: 1,
		Body: []byte(`1`)}
}

func TestErrorsAreToldApart(t *testing.T) {
	const always = 1000
	for _, c := range []struct {
		name, operation, code, more string
		status, times               int // how often it is met
		conflict                    []int
		wantConflict, permanent, ok bool
	}{
		{name: "two transactions met", operation: "TransactWriteItems", code: "TransactionCanceledException",
			status: 400, times: always,
			more: cancelled("None", "TransactionConflict"), wantConflict: true},
		{name: "conditions did not hold, and met", operation: "TransactWriteItems",
			code: "TransactionCanceledException", status: 400, times: always,
			more: cancelled("TransactionConflict", "ConditionalCheckFailed"), wantConflict: true, conflict: []int{1}},
		{name: "throttled within a transaction", operation: "TransactWriteItems", code: "TransactionCanceledException",
			status: 400, times: always,
			more: cancelled("None", "ThrottlingError")},
		{name: "too much for a partition", operation: "TransactWriteItems", code: "TransactionCanceledException",
			status: 400, times: always,
			more: cancelled("ProvisionedThroughputExceeded", "TransactionConflict")},
		{name: "refused as malformed", operation: "TransactWriteItems", code: "TransactionCanceledException",
			status: 400, times: always,
			more: cancelled("None", "ValidationError"), permanent: true},
		{name: "malformed altogether", operation: "TransactWriteItems", code: "ValidationException", status: 400,
			times: always, permanent: true},
		{name: "throttled for a moment", operation: "TransactWriteItems", code: "ThrottlingException", status: 400,
			times: 2, ok: true},
		{name: "throttled for long", operation: "TransactWriteItems", code: "ThrottlingException", status: 400,
			times: always},
		{name: "a failing server", operation: "TransactWriteItems", code: "InternalServerError", status: 500,
			times: always},
		{name: "a missing permission", operation: "TransactWriteItems", code: "AccessDeniedException", status: 400,
			times: always},
		{name: "a missing table", operation: "TransactWriteItems", code: "ResourceNotFoundException", status: 400,
			times: always},
		{name: "a single write meets a transaction", operation: "PutItem", code: "TransactionConflictException",
			status: 400, times: always, wantConflict: true},
		{name: "a single write is throttled", operation: "PutItem", code: "ProvisionedThroughputExceededException",
			status: 400, times: always},
	} {
		t.Run(c.name, func(t *testing.T) {
			e, plain := openWith(t, &fault{operation: c.operation,
				answer: func(n int, _ []byte, w http.ResponseWriter, _ http.Handler, _ *http.Request) bool {
					return n < c.times && refuse(w, c.status, c.code, c.more)
				}})
			writes := []engine.Write{{Item: plainItem("a"), If: engine.IfAbsent},
				{Item: plainItem("b"), If: engine.IfAbsent}}
			if c.operation == "PutItem" {
				writes = writes[:1]
			}
			err := e.Write(t.Context(), writes...)
			var conflict *engine.ConflictError
			if (err == nil) != c.ok || errors.As(err, &conflict) != c.wantConflict ||
				desk.IsPermanent(err) != c.permanent {
				t.Fatalf("error %v (permanent: %v)", err, desk.IsPermanent(err))
			}
			if c.wantConflict && fmt.Sprint(conflict.Failed) != fmt.Sprint(c.conflict) {
				t.Errorf("failed parts %v, want %v", conflict.Failed, c.conflict)
			}
			if err != nil && !c.wantConflict && !strings.Contains(err.Error(), plain.table) {
				t.Errorf("%q does not name the table", err)
			}
			items, err := plain.Get(t.Context(), plainItem("a").Key, plainItem("b").Key)
			if err != nil || (items[0].Key != engine.Key{}) != c.ok {
				t.Errorf("afterwards there is %+v, %v", items, err)
			}
		})
	}
}

// lose lets the server do its work and loses the answer.
func lose(t *testing.T, w http.ResponseWriter, next http.Handler, r *http.Request) bool {
	rec := httptest.NewRecorder()
	next.ServeHTTP(rec, r)
	if rec.Code != http.StatusOK {
		t.Errorf("the server refused what was to be lost: %s", rec.Body)
	}
	conn, _, err := w.(http.Hijacker).Hijack()
	if err != nil {
		t.Error(err)
		return false
	}
	_ = conn.Close()
	return true
}

// The repetition of a transaction bears the token of the first attempt, by
// which DynamoDB knows that it was carried out (moto does not know tokens, so
// the test gives DynamoDB's answer).
func TestLostAnswerOfATransaction(t *testing.T) {
	f := &fault{operation: "TransactWriteItems"}
	f.answer = func(n int, _ []byte, w http.ResponseWriter, next http.Handler, r *http.Request) bool {
		if n == 0 {
			return lose(t, w, next, r)
		}
		w.Header().Set("Content-Type", "application/x-amz-json-1.0")
		_, _ = io.WriteString(w, "{}")
		return true
	}
	e, plain := openWith(t, f)
	if err := e.Write(t.Context(), engine.Write{Item: plainItem("a"), If: engine.IfAbsent},
		engine.Write{Item: plainItem("b"), If: engine.IfAbsent}); err != nil {
		t.Fatal(err)
	}
	var tokens [2]struct{ ClientRequestToken string }
	for i := range tokens {
		if err := json.Unmarshal([]byte(f.bodies[i]), &tokens[i]); err != nil {
			t.Fatal(err)
		}
	}
	if len(f.bodies) != 2 || tokens[0] != tokens[1] || tokens[0].ClientRequestToken == "" {
		t.Errorf("%d attempts with the tokens %v", len(f.bodies), tokens)
	}
	if items, err := plain.Get(t.Context(), plainItem("a").Key); err != nil || items[0].Version != 1 {
		t.Errorf("afterwards there is %+v, %v", items, err)
	}
}

// A single write has no token: the repetition meets its own item and says so.
func TestLostAnswerOfASingleWrite(t *testing.T) {
	f := &fault{operation: "PutItem"}
	f.answer = func(n int, _ []byte, w http.ResponseWriter, next http.Handler, r *http.Request) bool {
		return n == 0 && lose(t, w, next, r)
	}
	e, _ := openWith(t, f)
	if err := e.Write(t.Context(), engine.Write{Item: plainItem("a"), If: engine.IfAbsent}); !errors.Is(err,
		engine.ErrConflict) {
		t.Errorf("error %v, want a conflict: the caller reads again and finds the item", err)
	}
}

// holdBack passes on only some of the keys and gives the others back.
func holdBack(t *testing.T, pass int, body []byte, w http.ResponseWriter, next http.Handler, r *http.Request) bool {
	var ask struct{ RequestItems map[string]map[string]any }
	if err := json.Unmarshal(body, &ask); err != nil {
		t.Error(err)
		return false
	}
	var table string
	var rest []any
	for name, request := range ask.RequestItems {
		keys := request["Keys"].([]any)
		if request["ConsistentRead"] != true {
			t.Error("a read that is not consistent")
		}
		table, rest = name, keys[min(pass, len(keys)):]
		request["Keys"] = keys[:min(pass, len(keys))]
	}
	answer := map[string]any{"Responses": map[string]any{}}
	if pass > 0 {
		part, err := json.Marshal(ask)
		if err != nil {
			t.Error(err)
		}
		again := r.Clone(r.Context())
		again.Body, again.ContentLength = io.NopCloser(bytes.NewReader(part)), int64(len(part))
		rec := httptest.NewRecorder()
		next.ServeHTTP(rec, again)
		if err := json.Unmarshal(rec.Body.Bytes(), &answer); err != nil {
			t.Error(err)
		}
	}
	answer["UnprocessedKeys"] = map[string]any{}
	if len(rest) > 0 {
		answer["UnprocessedKeys"] = map[string]any{table: map[string]any{"Keys": rest, "ConsistentRead": true}}
	}
	w.Header().Set("Content-Type", "application/x-amz-json-1.0")
	if err := json.NewEncoder(w).Encode(answer); err != nil {
		t.Error(err)
	}
	return true
}

func TestKeysThatAreHeldBackAreAskedForAgain(t *testing.T) {
	f := &fault{operation: "BatchGetItem"}
	f.answer = func(n int, body []byte, w http.ResponseWriter, next http.Handler, r *http.Request) bool {
		return n < 3 && holdBack(t, 5, body, w, next, r)
	}
	e, plain := openWith(t, f)
	var keys []engine.Key
	var writes []engine.Write
	for i := range 20 {
		it := plainItem(fmt.Sprint(i))
		keys, writes = append(keys, it.Key), append(writes, engine.Write{Item: it})
	}
	if err := plain.Write(t.Context(), writes...); err != nil {
		t.Fatal(err)
	}
	items, err := e.Get(t.Context(), keys...)
	if err != nil || len(f.bodies) != 4 {
		t.Fatalf("%v after %d requests", err, len(f.bodies))
	}
	for i, it := range items {
		if it.Key != keys[i] {
			t.Errorf("item %d is %+v", i, it)
		}
	}
}

func TestKeysThatAreAlwaysHeldBackAreATemporaryError(t *testing.T) {
	f := &fault{operation: "BatchGetItem"}
	f.answer = func(_ int, body []byte, w http.ResponseWriter, next http.Handler, r *http.Request) bool {
		return holdBack(t, 0, body, w, next, r)
	}
	e, _ := openWith(t, f)
	if _, err := e.Get(t.Context(), plainItem("a").Key, plainItem("b").Key); err == nil || desk.IsPermanent(err) ||
		!strings.Contains(err.Error(), "busy") {
		t.Errorf("error %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	f.answer = func(_ int, body []byte, w http.ResponseWriter, next http.Handler, r *http.Request) bool {
		defer cancel()
		return holdBack(t, 0, body, w, next, r)
	}
	if _, err := e.Get(ctx, plainItem("a").Key, plainItem("b").Key); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v after the context ended", err)
	}
}

// What somebody wrote into the table by hand is an error that names the item.
func TestForeignItems(t *testing.T) {
	e := open(t)
	a := encode(plainItem("a"))
	a[attrVersion] = text("one")
	if _, err := e.client.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: aws.String(e.table),
		Item: a}); err != nil {
		t.Fatal(err)
	}
	for _, get := range []func() error{
		func() error { _, err := e.Get(t.Context(), plainItem("a").Key); return err },
		func() error { _, err := e.Get(t.Context(), plainItem("a").Key, plainItem("b").Key); return err },
		func() error { _, err := e.Query(t.Context(), engine.Query{Partition: "p"}); return err },
	} {
		if err := get(); !desk.IsPermanent(err) || !strings.Contains(err.Error(), "p/a") {
			t.Errorf("error %v", err)
		}
	}
}
