package functions

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/ses"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"github.com/replywell/replywell/shared/cloud"
	"github.com/replywell/replywell/shared/cloud/moto"
	"github.com/replywell/replywell/shared/email"
	"github.com/replywell/replywell/shared/kb/article"
	"github.com/replywell/replywell/shared/store"
	"github.com/replywell/replywell/shared/store/engine/dynamo"
)

// lambdaHome is the system as AWS runs it: the built bootstraps, each a process
// of its own, with the moto server for DynamoDB, S3, SQS, SES and Secrets
// Manager. The test plays what lies between them: SES storing and sending mail,
// SNS, the pollers of SQS, the schedule.
type lambdaHome struct {
	*deployment
	region   string
	began    time.Time
	settings []byte
	s3       *s3.Client
	sqs      *sqs.Client
	sns      *sns.Client
	store    *store.Store

	programs              string   // folder of the built ones
	aws                   []string // the environment that leads every function to AWS
	inbound, send, events *function
	index                 *function

	unverified atomic.Bool // whether SES has not seen the domain's DNS yet
	onAccept   func()      // when SES has taken a mail, before it says so
	mu         sync.Mutex
	sent       []sentMail // what SES accepted, in order
	told       int        // how many of them events were published of
	mails      int        // that came in
	eventsTold int
}

type sentMail struct {
	id, outbox string
	to         []string
	raw        []byte // as the recipient gets it
}

// newLambdaHome makes everything that the templates declare, from the templates.
func newLambdaHome(t *testing.T, programs string) *lambdaHome {
	t.Helper()
	return newLambdaHomeBehind(t, programs, func(next http.Handler) http.Handler { return next })
}

// newLambdaHomeBehind puts something between the functions and AWS. kept names a
// configuration bucket that the stack takes over, if there is one.
func newLambdaHomeBehind(t *testing.T, programs string, before func(http.Handler) http.Handler,
	kept ...string) *lambdaHome {
	t.Helper()
	srv := moto.Start(t)
	h := &lambdaHome{region: moto.Region, began: time.Now(), programs: programs}
	endpoint := srv.Through(t, func(next http.Handler) http.Handler { return before(h.playSES(next)) })
	cfg := moto.ConfigFor(endpoint)
	h.s3, h.sqs, h.sns = s3.NewFromConfig(cfg), sqs.NewFromConfig(cfg), sns.NewFromConfig(cfg)
	ctx := t.Context()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	// moto makes no secret by CloudFormation: the stack takes over one that is there.
	keys, err := secretsmanager.NewFromConfig(cfg).CreateSecret(ctx,
		&secretsmanager.CreateSecretInput{Name: aws.String("keys"),
			SecretString: aws.String(`{"current":"1",` +
				`"1":"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ01"}`)})
	must(err)
	parameters := map[string]string{"MailDomain": "lantern.example", "Recipients": "support@lantern.example",
		"ExistingKeysArn": *keys.ARN}
	for _, bucket := range kept {
		_, err := h.s3.CreateBucket(ctx, &s3.CreateBucketInput{Bucket: &bucket,
			CreateBucketConfiguration: &types.CreateBucketConfiguration{LocationConstraint: moto.Region}})
		must(err)
		parameters["ExistingConfigBucket"] = bucket
	}
	h.deployment = deploy(t, srv.Config(), "desk", parameters)
	if moto.Second() { // CloudFormation has made the table in moto
		_, err := dynamodb.NewFromConfig(cfg).CreateTable(ctx, dynamo.Table(h.outputs["Table"]))
		must(err)
	}
	h.store = store.New(dynamo.New(dynamodb.NewFromConfig(cfg), h.outputs["Table"]), time.Now)
	_, err = sesv2.NewFromConfig(cfg).CreateEmailIdentity(ctx,
		&sesv2.CreateEmailIdentityInput{EmailIdentity: aws.String("lantern.example")})
	must(err)
	h.settings, err = os.ReadFile("testdata/settings.yaml")
	must(err)
	must(cloud.PushSettings(ctx, h.s3, h.outputs["ConfigBucket"], "settings.yaml", h.settings))

	h.aws = append([]string{"AWS_ENDPOINT_URL=" + endpoint}, srv.Environment()[1:]...)
	h.inbound, h.send, h.events = h.function(t, "inbound"), h.function(t, "send"), h.function(t, "events")
	h.pushArticles(t)
	h.index = h.function(t, "index")
	h.call(t, h.index, sqsRecord(t, "index", "index-1", `{"source":"aws.s3","detail-type":"Object Created"}`))
	return h
}

// function is a built program as it is deployed, with the environment that the
// template gives it; more comes last and prevails.
func (h *lambdaHome) function(t *testing.T, name string, more ...string) *function {
	t.Helper()
	deployed := map[string]string{"receiptrule": "ReceiptRule"}[name]
	if deployed == "" {
		deployed = strings.ToUpper(name[:1]) + name[1:]
	}
	env := append(append(h.environment(t, deployed+"Function"), "AWS_EXECUTION_ENV="+name), h.aws...)
	return newFunction(t, h.programs+"/"+name, 2*time.Minute, append(env, more...)...)
}

// pushArticles copies the sample's knowledge base, which the other home uses,
// into the bucket.
func (h *lambdaHome) pushArticles(t *testing.T) {
	t.Helper()
	err := fs.WalkDir(article.Sample(), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(article.Sample(), path)
		if err != nil {
			return err
		}
		return cloud.Blobs{S3: h.s3, Bucket: h.outputs["ConfigBucket"]}.Put(t.Context(), cloud.ArticlesPrefix+path,
			data)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// publish is a changed object in the bucket, its notice, and the schedule that
// learns. The inbound function is a new process then, as after a quiet time.
func (h *lambdaHome) publish(t *testing.T, path, markdown string) {
	t.Helper()
	if err := (cloud.Blobs{S3: h.s3, Bucket: h.outputs["ConfigBucket"]}).Put(t.Context(), cloud.ArticlesPrefix+path,
		[]byte(markdown)); err != nil {
		t.Fatal(err)
	}
	h.call(t, h.index, sqsRecord(t, "index", "index-2", `{"source":"aws.s3","detail-type":"Object Created"}`))
	h.call(t, h.index, map[string]string{"task": "learn"})
	h.restart(t)
}

// playSES stands before moto and does what moto does not: it tells of the
// account, remembers each accepted mail with its tag, and gives it the
// Message-ID and Date that SES gives.
func (h *lambdaHome) playSES(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/v2/email/account":
			w.Header().Set("Content-Type", "application/json")
			fmt.Fprint(w, `{"ProductionAccessEnabled":true,"SendingEnabled":true,"EnforcementStatus":"HEALTHY",`+
				`"SendQuota":{"Max24HourSend":50000,"MaxSendRate":300,"SentLast24Hours":0}}`)
		case "/v2/email/identities/lantern.example":
			if r.Method != http.MethodGet {
				next.ServeHTTP(w, r)
				return
			}
			w.Header().Set("Content-Type", "application/json")
			fmt.Fprintf(w, `{"VerifiedForSendingStatus":%t}`, !h.unverified.Load())
		case "/v2/email/outbound-emails":
			body, err := io.ReadAll(r.Body)
			if err != nil {
				return // the sender was killed meanwhile
			}
			r.Body = io.NopCloser(bytes.NewReader(body))
			answer := httptest.NewRecorder()
			next.ServeHTTP(answer, r)
			h.accept(body, answer.Body.Bytes())
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(answer.Code)
			_, _ = w.Write(answer.Body.Bytes())
		default:
			if r.Header.Get("Content-Type") == "application/x-www-form-urlencoded" && h.removedRule(w, r) {
				return
			}
			next.ServeHTTP(w, r)
		}
	})
}

// removedRule removes a receipt rule if that is asked for: moto has no call for
// it, so the set is made anew without the rule.
func (h *lambdaHome) removedRule(w http.ResponseWriter, r *http.Request) bool {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return true // the function was killed meanwhile
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	form, err := url.ParseQuery(string(body))
	if err != nil || form.Get("Action") != "DeleteReceiptRule" {
		return false
	}
	if err := h.remakeRuleSet(r.Context(), form.Get("RuleSetName"), form.Get("RuleName")); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return true
	}
	w.Header().Set("Content-Type", "text/xml")
	fmt.Fprint(w, `<DeleteReceiptRuleResponse xmlns="http://ses.amazonaws.com/doc/2010-12-01/">`+
		`<DeleteReceiptRuleResult/><ResponseMetadata><RequestId>r</RequestId></ResponseMetadata>`+
		`</DeleteReceiptRuleResponse>`)
	return true
}

func (h *lambdaHome) remakeRuleSet(ctx context.Context, set, without string) error {
	client := ses.NewFromConfig(h.cfg)
	active, err := client.DescribeActiveReceiptRuleSet(ctx, &ses.DescribeActiveReceiptRuleSetInput{})
	if err != nil {
		return err
	}
	was, err := client.DescribeReceiptRuleSet(ctx, &ses.DescribeReceiptRuleSetInput{RuleSetName: &set})
	if err != nil {
		return err
	}
	isActive := active.Metadata != nil && aws.ToString(active.Metadata.Name) == set
	if isActive { // an active one cannot be deleted
		if _, err := client.SetActiveReceiptRuleSet(ctx, &ses.SetActiveReceiptRuleSetInput{}); err != nil {
			return err
		}
	}
	if _, err := client.DeleteReceiptRuleSet(ctx, &ses.DeleteReceiptRuleSetInput{RuleSetName: &set}); err != nil {
		return err
	}
	if _, err := client.CreateReceiptRuleSet(ctx, &ses.CreateReceiptRuleSetInput{RuleSetName: &set}); err != nil {
		return err
	}
	for _, rule := range was.Rules {
		if aws.ToString(rule.Name) == without {
			continue
		}
		if _, err := client.CreateReceiptRule(ctx, &ses.CreateReceiptRuleInput{RuleSetName: &set, Rule: &rule}); err !=
			nil {
			return err
		}
	}
	if isActive {
		_, err = client.SetActiveReceiptRuleSet(ctx, &ses.SetActiveReceiptRuleSetInput{RuleSetName: &set})
	}
	return err
}

func (h *lambdaHome) accept(request, answer []byte) {
	var in struct {
		EmailTags   []struct{ Name, Value string }
		Destination struct{ ToAddresses []string }
		Content     struct{ Raw struct{ Data []byte } }
	}
	var out struct{ MessageId string }
	if json.Unmarshal(request, &in) != nil || json.Unmarshal(answer, &out) != nil || out.MessageId == "" {
		return // it was not accepted; what follows fails and says so
	}
	m := sentMail{id: out.MessageId, to: in.Destination.ToAddresses}
	for _, tag := range in.EmailTags {
		if tag.Name == cloud.OutboxTag {
			m.outbox = tag.Value
		}
	}
	m.raw = rewritten(in.Content.Raw.Data, out.MessageId+"@"+h.region+".amazonses.com")
	h.mu.Lock()
	defer h.mu.Unlock()
	h.sent = append(h.sent, m)
	if h.onAccept != nil {
		h.onAccept()
	}
}

// rewritten gives a mail the Message-ID and the Date that SES gives it.
func rewritten(raw []byte, id string) []byte {
	head, body, _ := bytes.Cut(raw, []byte("\r\n\r\n"))
	var out bytes.Buffer
	fmt.Fprintf(&out, "Message-ID: <%s>\r\nDate: %s\r\n", id, time.Now().UTC().Format(time.RFC1123Z))
	drop := false
	for line := range strings.SplitSeq(string(head), "\r\n") {
		if !strings.HasPrefix(line, " ") && !strings.HasPrefix(line, "\t") {
			name, _, _ := strings.Cut(strings.ToLower(line), ":")
			drop = name == "message-id" || name == "date"
		}
		if !drop {
			out.WriteString(line + "\r\n")
		}
	}
	out.WriteString("\r\n")
	out.Write(body)
	return out.Bytes()
}

// deliver stores the mail as SES does and hands the notice over as SNS and SQS do.
func (h *lambdaHome) deliver(t *testing.T, from, to string, raw []byte) {
	t.Helper()
	h.mails++
	id := fmt.Sprintf("o3vrnil0e2ic28tr5u0mbg3f1qk2n8ghdbg%05d", h.mails)
	stored := "Return-Path: <" + from + ">\r\nReceived: from mx.example (mx.example [192.0.2.7]) by inbound-smtp." +
		h.region + ".amazonaws.com with SMTP id " + id +
		" for " + to + ";\r\n " + time.Now().UTC().Format(time.RFC1123Z) +
		"\r\nX-SES-Spam-Verdict: PASS\r\nX-SES-Virus-Verdict: PASS\r\n" + string(raw)
	if _, err := h.s3.PutObject(t.Context(), &s3.PutObjectInput{Bucket: aws.String(h.outputs["MailBucket"]),
		Key: aws.String("mail/" + id), Body: strings.NewReader(stored)}); err != nil {
		t.Fatal(err)
	}
	text := h.notice(to, from, "mail/"+id)
	if _, err := h.sns.Publish(t.Context(), &sns.PublishInput{
		TopicArn: aws.String(h.nested["Queues"]["ReceiptTopicArn"]), Message: &text}); err != nil {
		t.Fatal(err)
	}
	told := h.receive(t, "MailQueue")
	if len(told) != 1 {
		t.Fatalf("the mail queue holds %d notices of one mail", len(told))
	}
	// SQS delivers at least once: the second time changes nothing.
	for range 2 {
		h.call(t, h.inbound, sqsRecord(t, "mail", *told[0].MessageId, *told[0].Body))
	}
	h.forget(t, "MailQueue", told[0])
}

// notice is what SES tells of a mail that it stored.
func (h *lambdaHome) notice(to, from, key string) string {
	at := time.Now().UTC().Format("2006-01-02T15:04:05.000Z")
	pass := map[string]string{"status": "PASS"}
	text, err := json.Marshal(map[string]any{
		"notificationType": "Received",
		"mail": map[string]any{"timestamp": at, "source": from, "messageId": path.Base(key),
			"destination":      []string{"undisclosed@elsewhere.example"},
			"headersTruncated": false, "headers": []any{}, "commonHeaders": map[string]any{"from": []string{from}}},
		"receipt": map[string]any{"timestamp": at, "processingTimeMillis": 600, "recipients": []string{to},
			"spamVerdict": pass, "virusVerdict": pass, "spfVerdict": pass, "dkimVerdict": pass, "dmarcVerdict": pass,
			"action": map[string]string{"type": "S3", "topicArn": h.nested["Queues"]["ReceiptTopicArn"],
				"bucketName": h.outputs["MailBucket"], "objectKeyPrefix": "mail/", "objectKey": key}},
	})
	if err != nil {
		panic(err) // of plain strings and maps
	}
	return string(text)
}

func inSNS(t *testing.T, message any) string {
	t.Helper()
	text, err := json.Marshal(message)
	if err != nil {
		t.Fatal(err)
	}
	out, err := json.Marshal(map[string]string{"Type": "Notification",
		"MessageId": "6f0c0c9e-3f6a-5b0e-9d8c-0a8b2a1c7c11",
		"TopicArn":  "arn:aws:sns:eu-central-1:123456789012:topic", "Message": string(text),
		"Timestamp":        time.Now().UTC().Format(time.RFC3339),
		"SignatureVersion": "1", "Signature": "x", "SigningCertURL": "https://sns.eu-central-1.amazonaws.com/x.pem",
		"UnsubscribeURL": "https://sns.eu-central-1.amazonaws.com/"})
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

func sqsRecord(t *testing.T, queue, id, body string) map[string]any {
	t.Helper()
	return map[string]any{"Records": []map[string]any{
		{"messageId": id, "receiptHandle": "", "body": body, "eventSource": "aws:sqs",
			"eventSourceARN": "arn:aws:sqs:eu-central-1:123456789012:" + queue, "awsRegion": "eu-central-1",
			"messageAttributes": map[string]any{},
			"attributes": map[string]string{"ApproximateReceiveCount": "1",
				"SentTimestamp": fmt.Sprint(time.Now().UnixMilli())}}}}
}

// call invokes a function with a batch, and fails where a message of it failed.
func (h *lambdaHome) call(t *testing.T, f *function, event any) {
	t.Helper()
	out, err := f.invoke(t.Context(), event)
	if err != nil {
		t.Fatal(err)
	}
	var answer struct {
		BatchItemFailures []struct{ ItemIdentifier string } `json:"batchItemFailures"`
	}
	if err := json.Unmarshal(out, &answer); err != nil || len(answer.BatchItemFailures) > 0 {
		t.Fatalf("%s answered %s, %v\n%s", f.program, out, err, f.log.String())
	}
}

// settle is SQS calling send, and SES telling of what was sent, until neither
// has anything more to do.
func (h *lambdaHome) settle(t *testing.T) {
	t.Helper()
	for {
		woken := h.receive(t, "SendQueue")
		for _, m := range woken {
			h.call(t, h.send, sqsRecord(t, "send", *m.MessageId, *m.Body))
			h.forget(t, "SendQueue", m)
		}
		h.mu.Lock()
		news := h.sent[h.told:]
		h.told = len(h.sent)
		h.mu.Unlock()
		for _, m := range news {
			h.tell(t, m, "Send", map[string]any{"send": map[string]any{}})
			h.tell(t, m, "Delivery", map[string]any{"delivery": map[string]any{"timestamp": stamp(), "recipients": m.to,
				"smtpResponse": "250 2.0.0 ok"}})
		}
		if len(woken) == 0 && len(news) == 0 {
			return
		}
	}
}

// receive takes what is in a queue, named as the stack's output for it.
func (h *lambdaHome) receive(t *testing.T, queue string) []sqstypes.Message {
	t.Helper()
	out, err := h.sqs.ReceiveMessage(t.Context(), &sqs.ReceiveMessageInput{QueueUrl: aws.String(h.outputs[queue]),
		MaxNumberOfMessages: 10})
	if err != nil {
		t.Fatal(err)
	}
	return out.Messages
}

func (h *lambdaHome) forget(t *testing.T, queue string, m sqstypes.Message) {
	t.Helper()
	if _, err := h.sqs.DeleteMessage(t.Context(), &sqs.DeleteMessageInput{QueueUrl: aws.String(h.outputs[queue]),
		ReceiptHandle: m.ReceiptHandle}); err != nil {
		t.Fatal(err)
	}
}

func stamp() string { return time.Now().UTC().Format("2006-01-02T15:04:05.000Z") }

// tell publishes an SES event.
func (h *lambdaHome) tell(t *testing.T, m sentMail, kind string, more map[string]any) {
	t.Helper()
	event := map[string]any{"eventType": kind, "mail": map[string]any{"timestamp": stamp(), "messageId": m.id,
		"destination": m.to, "source": "support@lantern.example",
		"tags": map[string][]string{"ses:configuration-set": {"desk"}, cloud.OutboxTag: {m.outbox}}}}
	for k, v := range more {
		event[k] = v
	}
	h.eventsTold++
	h.call(t, h.events, sqsRecord(t, "events", fmt.Sprint("event-", h.eventsTold), inSNS(t, event)))
}

func (h *lambdaHome) mailbox(t *testing.T, address string) (out []received) {
	t.Helper()
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, m := range h.sent {
		for _, to := range m.to {
			if to == address {
				out = append(out, received{Outbox: m.outbox, Raw: m.raw, Mail: email.Read(m.raw, "")})
			}
		}
	}
	return out
}

func (h *lambdaHome) bounce(t *testing.T, r received, address, diagnostic string) {
	t.Helper()
	for _, m := range h.sent {
		if m.outbox == r.Outbox {
			h.tell(t, m, "Bounce", map[string]any{"bounce": map[string]any{"feedbackId": "0107-bounce",
				"bounceType": "Permanent", "bounceSubType": "NoEmail", "timestamp": stamp(),
				"bouncedRecipients": []map[string]string{
					{"emailAddress": address, "action": "failed", "status": "5.1.1", "diagnosticCode": "smtp; " +
						diagnostic}}}})
			return
		}
	}
	t.Fatalf("SES has sent no mail %s", r.Outbox)
}

func (h *lambdaHome) restart(*testing.T) {
	h.inbound.kill()
	h.send.kill()
	h.events.kill()
}

func (h *lambdaHome) decisions(t *testing.T, seen []received) string {
	t.Helper()
	for _, f := range []*function{h.inbound, h.send, h.events} {
		if log := f.log.String(); strings.Contains(log, "@") || strings.Contains(log, "flickers") ||
			!strings.Contains(log, `"msg"`) {
			t.Errorf("a log holds addresses or text of mails, or nothing:\n%s", log)
		}
	}
	return decide(t, h.store, h.began, seen)
}
