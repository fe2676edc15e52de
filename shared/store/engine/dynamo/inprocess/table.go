package inprocess

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
)

// Name is what the one table is called.
const Name = "inprocess"

// Table is a table with two indexes, as dynamo.Table defines it. It is safe for
// concurrent use.
type Table struct {
	mu     sync.Mutex
	rows   [3]rows
	late   []change
	lag    int
	tokens map[string]string // of transactions that were carried out: their requests
}

// New makes an empty table.
func New() *Table {
	t := &Table{tokens: map[string]string{}}
	for i := range t.rows {
		t.rows[i] = rows{}
	}
	return t
}

// Lag makes the indexes stay behind by up to so many changes from now on. 0 lets them catch up.
func (t *Table) Lag(changes int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.lag = changes
	t.catchUp()
}

// Request is what stands before the table sees of a request.
type Request struct {
	Operation string // "PutItem"
	Keys      []string
	http      *http.Request
	body      []byte
	table     *Table
}

// Context ends when who asked waits no longer.
func (r *Request) Context() context.Context { return r.http.Context() }

// Answer carries the request out and gives DynamoDB's answer.
func (r *Request) Answer() (*http.Response, error) { return r.table.answer(r) }

// Before stands before the table and answers each request.
type Before func(*Request) (*http.Response, error)

// Client is a client of the table. before may be nil. The waits between its tries
// are those of the SDK without their chance, so that a run can be repeated.
func (t *Table) Client(before Before) *dynamodb.Client {
	if before == nil {
		before = (*Request).Answer
	}
	return dynamodb.New(dynamodb.Options{Region: "eu-central-1", BaseEndpoint: aws.String("https://dynamodb.example"),
		Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""), HTTPClient: door{t, before},
		Retryer: retry.NewStandard(func(o *retry.StandardOptions) {
			o.Backoff = retry.BackoffDelayerFunc(func(attempt int, _ error) (time.Duration, error) {
				return 50 * time.Millisecond << attempt, nil
			})
		})})
}

type door struct {
	table  *Table
	before Before
}

// Do implements the SDK's HTTP client.
func (d door) Do(h *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(h.Body)
	if err != nil {
		return nil, err
	}
	_, operation, _ := strings.Cut(h.Header.Get("X-Amz-Target"), ".")
	r := &Request{Operation: operation, http: h, body: body, table: d.table}
	if r.Keys, err = keysOf(operation, body); err != nil {
		return nil, err
	}
	if err := h.Context().Err(); err != nil {
		return nil, err
	}
	return d.before(r)
}

// Refusal is DynamoDB's refusal: 400 "ThrottlingException", 500 "InternalServerError".
func (r *Request) Refusal(status int, code string) (*http.Response, error) {
	return r.respond(status, map[string]any{"__type": "com.amazonaws.dynamodb.v20120810#" + code, "message": "as the test wants it"})
}

// HeldBack answers half of what a BatchGetItem asks for, and holds the rest back, as
// DynamoDB does under load. Other requests are answered whole.
func (r *Request) HeldBack() (*http.Response, error) {
	if r.Operation != "BatchGetItem" {
		return r.Answer()
	}
	var in batch
	if err := json.Unmarshal(r.body, &in); err != nil {
		return nil, err
	}
	asked := in.RequestItems[Name]
	n := (len(asked.Keys) + 1) / 2
	first, rest := asked, asked
	first.Keys, rest.Keys = asked.Keys[:n], asked.Keys[n:]
	found, err := r.table.get(first.Keys)
	if err != nil {
		return r.fail(err)
	}
	out := map[string]any{"Responses": map[string]any{Name: found}, "UnprocessedKeys": map[string]keysOfTable{}}
	if len(rest.Keys) > 0 {
		out["UnprocessedKeys"] = map[string]keysOfTable{Name: rest}
	}
	return r.respond(http.StatusOK, out)
}

func (r *Request) respond(status int, v any) (*http.Response, error) {
	data, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	return &http.Response{StatusCode: status, Header: http.Header{"Content-Type": {"application/x-amz-json-1.0"}},
		Body: io.NopCloser(bytes.NewReader(data)), Request: r.http}, nil
}

// refused is an error of DynamoDB's.
type refused struct {
	code    string
	reasons []reason
	message string
}

type reason struct {
	Code    string
	Message string `json:",omitempty"`
}

func (e *refused) Error() string { return e.code + ": " + e.message }

func invalid(format string, args ...any) error {
	return &refused{code: "ValidationException", message: fmt.Sprintf(format, args...)}
}

func (r *Request) fail(err error) (*http.Response, error) {
	var e *refused
	if !errors.As(err, &e) {
		return nil, err
	}
	out := map[string]any{"__type": "com.amazonaws.dynamodb.v20120810#" + e.code, "message": e.message}
	if e.reasons != nil {
		out["CancellationReasons"] = e.reasons
	}
	return r.respond(http.StatusBadRequest, out)
}
