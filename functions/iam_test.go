package functions

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/replywell/replywell/shared/cloud"
	"github.com/replywell/replywell/shared/cloud/moto"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/store"
	"github.com/replywell/replywell/shared/store/engine/dynamo"
)

// call is one right that a function used: an action on a resource.
type call struct{ function, action, resource string }

// recorder stands before AWS and writes down what each function asks for, as IAM
// would name it. A function tells its name in the SDK's user agent.
type recorder struct {
	mu    sync.Mutex
	calls map[call]int
	fails string // function whose next request is refused as a service that is away does
}

const account = "arn:aws:%s:" + moto.Region + ":123456789012:"

var execEnv = regexp.MustCompile(`exec-env/(\w+)`)

func (r *recorder) before(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		who := execEnv.FindStringSubmatch(q.UserAgent())
		if who == nil { // the test itself
			next.ServeHTTP(w, q)
			return
		}
		body, err := io.ReadAll(q.Body)
		if err != nil {
			return // the function was killed meanwhile
		}
		q.Body = io.NopCloser(bytes.NewReader(body))
		r.mu.Lock()
		target := q.Header.Get("X-Amz-Target")
		refuse := r.fails == who[1] && (strings.HasPrefix(target, "DynamoDB_") ||
			strings.HasPrefix(target, "secretsmanager"))
		r.mu.Unlock()
		if refuse {
			http.Error(w, `{"__type":"InternalServerError"}`, http.StatusInternalServerError)
			return
		}
		answer := httptest.NewRecorder()
		next.ServeHTTP(answer, q)
		r.mu.Lock()
		for _, c := range asIAM(q, body, answer.Code) {
			c.function = who[1]
			r.calls[c]++
		}
		r.mu.Unlock()
		for k, v := range answer.Header() {
			w.Header()[k] = v
		}
		w.WriteHeader(answer.Code)
		_, _ = w.Write(answer.Body.Bytes())
	})
}

// asIAM names the rights that a request needs.
func asIAM(q *http.Request, body []byte, status int) (out []call) {
	need := func(action, resource string) { out = append(out, call{"", action, resource}) }
	var in map[string]any
	_ = json.Unmarshal(body, &in) // not every service speaks JSON
	text := func(name string) string { s, _ := in[name].(string); return s }
	service, operation, _ := strings.Cut(q.Header.Get("X-Amz-Target"), ".")
	switch {
	case strings.HasPrefix(service, "DynamoDB_"):
		table := func(name string) string { return fmt.Sprintf(account, "dynamodb") + "table/" + name }
		switch operation {
		case "TransactWriteItems":
			items, _ := in["TransactItems"].([]any)
			for _, item := range items {
				for kind, v := range item.(map[string]any) {
					name, _ := v.(map[string]any)["TableName"].(string)
					need("dynamodb:"+map[string]string{"Put": "PutItem", "Delete": "DeleteItem",
						"Update":         "UpdateItem",
						"ConditionCheck": "ConditionCheckItem"}[kind], table(name))
				}
			}
		case "BatchGetItem":
			tables, _ := in["RequestItems"].(map[string]any)
			for name := range tables {
				need("dynamodb:BatchGetItem", table(name))
			}
		default:
			resource := table(text("TableName"))
			if index := text("IndexName"); index != "" {
				resource += "/index/" + index
			}
			need("dynamodb:"+operation, resource)
		}
	case service == "AmazonSQS":
		need("sqs:"+strings.TrimSuffix(operation, "Batch"), fmt.Sprintf(account, "sqs")+path.Base(text("QueueUrl")))
	case service == "secretsmanager":
		need("secretsmanager:"+operation, text("SecretId"))
	case strings.HasPrefix(q.URL.Path, "/v2/email/"):
		rest := strings.TrimPrefix(q.URL.Path, "/v2/email/")
		switch {
		case rest == "outbound-emails":
			from := text("FromEmailAddress")
			// which of the two AWS asks for with raw content, its documents tell differently
			for _, action := range []string{"ses:SendEmail", "ses:SendRawEmail"} {
				need(action, fmt.Sprintf(account, "ses")+"identity/"+from[strings.LastIndexByte(from, '@')+1:])
				need(action, fmt.Sprintf(account, "ses")+"configuration-set/"+text("ConfigurationSetName"))
			}
		case rest == "account":
			need("ses:GetAccount", "*")
		case strings.HasPrefix(rest, "identities/"):
			need("ses:GetEmailIdentity", fmt.Sprintf(account, "ses")+"identity/"+path.Base(rest))
		default:
			need("ses: "+q.Method+" "+rest, "*")
		}
	case q.Header.Get("Content-Type") == "application/x-www-form-urlencoded":
		form, _ := url.ParseQuery(string(body))
		need("ses:"+form.Get("Action"), "*") // of the functions, only those for receipt rules and the watch speak so
	default:
		bucket, key, _ := strings.Cut(strings.TrimPrefix(q.URL.Path, "/"), "/")
		arn, query := "arn:aws:s3:::"+bucket, q.URL.Query()
		switch {
		case query.Has("lifecycle"):
			need("s3:PutLifecycleConfiguration", arn)
		case query.Has("notification") && q.Method == http.MethodPut:
			need("s3:PutBucketNotification", arn)
		case query.Has("notification"):
			need("s3:GetBucketNotification", arn)
		case key == "":
			need("s3:ListBucket", arn)
		case q.Method == http.MethodPut:
			need("s3:PutObject", arn+"/"+key)
		case q.Method == http.MethodDelete:
			need("s3:DeleteObject", arn+"/"+key)
		default:
			need("s3:GetObject", arn+"/"+key)
			if status == http.StatusNotFound { // without this right it would be a 403, and read as a fault
				need("s3:ListBucket", arn)
			}
		}
	}
	return out
}

// granted is one right that a role gives.
type granted struct{ action, resource string }

func (d *deployment) grants(t *testing.T, role string) (out []granted) {
	t.Helper()
	// moto gives it as Python writes it
	text := strings.NewReplacer("'", `"`, "None", "null").Replace(d.policy(t, role))
	var p struct{ Statement []map[string]any }
	if err := json.Unmarshal([]byte(text), &p); err != nil {
		t.Fatalf("%s: %v in %s", role, err, text)
	}
	for _, s := range p.Statement {
		for _, a := range textsIn(asList(s["Action"])) {
			for _, r := range textsIn(asList(s["Resource"])) {
				out = append(out, granted{a, r})
			}
		}
	}
	return out
}

func asList(v any) any {
	if s, ok := v.(string); ok {
		return []any{s}
	}
	return v
}

func (g granted) covers(c call) bool {
	if g.action != c.action {
		return false
	}
	pattern := "^" + strings.ReplaceAll(regexp.QuoteMeta(g.resource), `\*`, ".*") + "$"
	return regexp.MustCompile(pattern).MatchString(c.resource)
}

// byAWS are rights that AWS uses in a function's name, so that no run of the program shows them.
var byAWS = []string{"sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "logs:CreateLogStream",
	"logs:PutLogEvents",
	"sqs:SendMessage on " +
		"desk-Queues-ScheduleDeadLetters"} // the last is Lambda's, when the weekly figures fail for good

var madeUp = regexp.MustCompile(`arn:aws:[^/]*:(?:[^/:]*/)*|-\w{12}\b`)

// nameless takes out of an ARN what differs from run to run.
func (d *deployment) nameless(arn string) string { return madeUp.ReplaceAllString(arn, "") }

// TestRolesAllowExactlyWhatTheFunctionsCall: every function, as it is built and
// deployed, is brought to each call of AWS that it makes. None is outside of its
// role, and nothing that a role allows is called by nobody.
func TestRolesAllowExactlyWhatTheFunctionsCall(t *testing.T) {
	r := &recorder{calls: map[call]int{}}
	h := newLambdaHomeBehind(t, programs(t), r.before, "kept-config")
	play(t, h)
	reach(t, h)
	d := &lambdaDoor{h, h.function(t, "files")}
	token, _ := sendLarge(t, h, d)
	for _, method := range []string{http.MethodGet, http.MethodHead} {
		if f := d.follow(t, method, token); f.status != http.StatusOK {
			t.Errorf("%s of a link: %d", method, f.status)
		}
	}
	exercise(t, h, r)
	for _, name := range []string{"Inbound", "Send", "Events", "Schedule", "Metrics", "Index", "Watch",
		"ReceiptRule", "Files",
		"Adopt"} {
		grants, used := h.grants(t, h.nested["Roles"][name+"RoleArn"]), map[granted]bool{}
		for c := range r.calls {
			if c.function != strings.ToLower(name) {
				continue
			}
			if !slices.ContainsFunc(grants, func(g granted) bool {
				used[g] = used[g] || g.covers(c)
				return g.covers(c)
			}) {
				t.Errorf("%s calls %s on %s, and its role does not allow it", name, c.action, c.resource)
			}
		}
		for _, g := range grants {
			if !used[g] && !slices.Contains(byAWS, g.action) &&
				!slices.Contains(byAWS, g.action+" on "+h.nameless(g.resource)) {
				t.Errorf("%s may %s on %s, and no run did", name, g.action, h.nameless(g.resource))
			}
		}
	}
}

// lastWeek lets two conversations be answered a week ago, so that the report of that
// week looks whether it was one person's.
func lastWeek(t *testing.T, h *lambdaHome) {
	t.Helper()
	at := time.Now().Add(-7 * 24 * time.Hour)
	c := store.Change{}
	for n := range 2 {
		id := desk.ConversationID(fmt.Sprintf("c%d0000000000", n))
		c.Events = append(c.Events, desk.Event{ID: "answered " + string(id), Kind: desk.EventAnswered, Occurred: at,
			Recorded: at, Mailbox: "support", Conversation: id, Answers: 1})
	}
	s := store.New(dynamo.New(dynamodb.NewFromConfig(h.cfg), h.outputs["Table"]), func() time.Time { return at })
	if err := s.Commit(t.Context(), &c); err != nil {
		t.Fatal(err)
	}
}

// exercise brings the functions where the scenario does not.
func exercise(t *testing.T, h *lambdaHome, r *recorder) {
	t.Helper()
	queues := map[string]string{"inbound": "MailQueue", "send": "SendQueue", "events": "EventsQueue",
		"index": "IndexQueue"}
	for name, queue := range queues {
		// What cannot be read is parked; what fails for a time is put back.
		for _, away := range []bool{false, true} {
			url := h.outputs[queue]
			if _, err := h.sqs.SendMessage(t.Context(),
				&sqs.SendMessageInput{QueueUrl: &url, MessageBody: aws.String(`{"neither":"nor"}`)}); err != nil {
				t.Fatal(err)
			}
			body := "no notice"
			if away {
				body = map[string]string{"send": `{"outbox":["x"]}`, "index": `{"source":"aws.s3"}`}[name]
			}
			m := h.receive(t, queue)[0]
			record := sqsRecord(t, queue, *m.MessageId, body)
			record["Records"].([]map[string]any)[0]["receiptHandle"] = *m.ReceiptHandle
			r.mu.Lock()
			r.fails = map[bool]string{true: name}[away]
			r.mu.Unlock()
			f := h.function(t, name)
			_, _ = f.invoke(t.Context(), record) // what came of it is in the calls
			r.mu.Lock()
			r.fails = ""
			r.mu.Unlock()
		}
	}
	if err := cloud.PushSettings(t.Context(), h.s3, h.outputs["ConfigBucket"], "settings.yaml", led(h)); err != nil {
		t.Fatal(err)
	}
	lastWeek(t, h)
	for name, events := range map[string][]map[string]string{"send": {{"task": "sweep"}}, "schedule": {{}},
		"metrics": {{}, {"task": "quarantine"}, {"task": "roll-up"}}, "index": {{"task": "rebuild"},
			{"task": "learn"}},
		"watch": {{}}} {
		f := h.function(t, name)
		for _, e := range events {
			if _, err := f.invoke(t.Context(), e); err != nil {
				t.Errorf("%s %v: %v", name, e, err)
			}
		}
	}
	// Before there are settings, and where a mail is gone.
	config := h.outputs["ConfigBucket"]
	if _, err := h.s3.DeleteObject(t.Context(), &s3.DeleteObjectInput{Bucket: &config,
		Key: aws.String(cloud.SettingsKey)}); err != nil {
		t.Fatal(err)
	}
	for name, event := range map[string]any{"inbound": h.notice("support@lantern.example", "erika@customers.example",
		"mail/gone"), "send": map[string]string{"task": "sweep"}, "metrics": map[string]string{},
		"schedule": map[string]string{}, "watch": map[string]string{},
		"events": sqsRecord(t, "events", "e", inSNS(t,
			map[string]any{"eventType": "Bounce", "mail": map[string]any{"messageId": "x",
				"tags": map[string][]string{cloud.OutboxTag: {h.sent[0].outbox}}},
				"bounce": map[string]any{"bounceType": "Permanent"}}))} {
		if text, ok := event.(string); ok {
			event = sqsRecord(t, "mail", "m", text)
		}
		_, _ = h.function(t, name).invoke(t.Context(), event)
	}
	if err := cloud.PushSettings(t.Context(), h.s3, config, "settings.yaml", h.settings); err != nil {
		t.Fatal(err)
	}
	_, _ = h.function(t, "inbound").invoke(t.Context(),
		sqsRecord(t, "mail", "m", h.notice("support@lantern.example", "erika@customers.example", "mail/gone")))
	answered := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, q *http.Request) {
		if said, err := io.ReadAll(q.Body); err != nil || !bytes.Contains(said, []byte("SUCCESS")) {
			t.Errorf("CloudFormation was told %s, %v", said, err)
		}
	}))
	defer answered.Close()
	ask := func(f *function, kind string, properties map[string]any) {
		t.Helper()
		if _, err := f.invoke(t.Context(), map[string]any{"RequestType": kind, "RequestId": "r", "StackId": "s",
			"LogicalResourceId": "x", "ResourceType": "Custom::X", "PhysicalResourceId": "receipt-rule/desk-mail",
			"ResponseURL": answered.URL, "ResourceProperties": properties}); err != nil {
			t.Errorf("%s: %v", kind, err)
		}
	}
	rule := map[string]any{"RuleSetName": "desk-rules", "RuleName": "desk-mail", "BucketName": h.outputs["MailBucket"],
		"ObjectKeyPrefix": "mail/",
		"TopicArn":        h.nested["Queues"]["ReceiptTopicArn"], "Recipients": []string{"support@lantern.example"},
		"RequireTls": "false"}
	f := h.function(t, "receiptrule")
	for _, kind := range []string{"Create", "Update", "Delete"} {
		ask(f, kind, rule)
	}
	adopted := map[string]any{"Table": h.outputs["Table"], "MailBucket": h.outputs["MailBucket"],
		"ConfigBucket": h.outputs["ConfigBucket"], "MailRetentionDays": "730"}
	if _, err := dynamodb.NewFromConfig(h.cfg).UpdateTable(t.Context(),
		&dynamodb.UpdateTableInput{TableName: aws.String(h.outputs["Table"]),
			DeletionProtectionEnabled: aws.Bool(false)}); err != nil {
		t.Fatal(err)
	}
	ask(newFunction(t, h.programs+"/adopt", time.Minute, append(slices.Clone(h.aws), "AWS_EXECUTION_ENV=adopt")...),
		"Create", adopted)
}
