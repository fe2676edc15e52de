package functions

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	cwtypes "github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	dynamotypes "github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/ses"
	sestypes "github.com/aws/aws-sdk-go-v2/service/ses/types"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"github.com/replywell/replywell/shared/cloud"
	"github.com/replywell/replywell/shared/cloud/moto"
	"github.com/replywell/replywell/shared/doctor"
	"github.com/replywell/replywell/shared/golden"
)

// zone is a DNS. A name with an error in it cannot be asked for.
type zone struct {
	txt  map[string][]string
	mx   map[string][]*net.MX
	away map[string]bool
}

func (z zone) LookupTXT(_ context.Context, name string) ([]string, error) {
	return answer(z.txt[name], z.away[name], name)
}

func (z zone) LookupMX(_ context.Context, name string) ([]*net.MX, error) {
	return answer(z.mx[name], z.away[name], name)
}

func answer[T any](found []T, away bool, name string) ([]T, error) {
	if away {
		return nil, &net.DNSError{Err: "i/o timeout", Name: name, IsTimeout: true}
	}
	if len(found) == 0 {
		return nil, &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
	}
	return found, nil
}

// patient is a deployed stack with all that it depends on, of which a test makes
// one thing wrong at a time. What moto does not play is held here.
type patient struct {
	t          *testing.T
	d          *deployment
	zone       zone
	account    map[string]any
	identity   map[string]any // of lantern.example; nil: SES does not know it
	suppressed map[string]bool
	events     []string
	clock      time.Duration // how far AWS's is ahead
	later      time.Duration // how much later everybody's is
	undo       []func()
}

func (p *patient) plays(next http.Handler) http.Handler {
	say := func(w http.ResponseWriter, status int, v any) {
		w.Header().Set("Content-Type", "application/json")
		if status == http.StatusNotFound {
			w.Header().Set("X-Amzn-Errortype", "NotFoundException")
		}
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(v)
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Date", time.Now().Add(p.clock+p.later).UTC().Format(http.TimeFormat))
		switch path := r.URL.Path; {
		case path == "/v2/email/account":
			say(w, http.StatusOK, p.account)
		case strings.HasPrefix(path, "/v2/email/identities/"):
			if p.identity == nil {
				say(w, http.StatusNotFound, map[string]string{"message": "not found"})
				return
			}
			say(w, http.StatusOK, p.identity)
		case strings.HasPrefix(path, "/v2/email/suppression/addresses/"):
			address := path[strings.LastIndexByte(path, '/')+1:]
			if !p.suppressed[address] {
				say(w, http.StatusNotFound, map[string]string{"message": "not found"})
				return
			}
			say(w, http.StatusOK, map[string]any{"SuppressedDestination": map[string]any{"EmailAddress": address,
				"LastUpdateTime": 1780000000, "Reason": "BOUNCE"}})
		case strings.HasSuffix(path, "/event-destinations"):
			say(w, http.StatusOK, map[string]any{"EventDestinations": []map[string]any{
				{"Name": "events", "Enabled": true, "MatchingEventTypes": p.events,
					"SnsDestination": map[string]string{"TopicArn": "arn:aws:sns:x:1:y"}}}})
		case p.d == nil || p.d.nested["Observability"] == nil:
			next.ServeHTTP(w, r)
		default: // what the nested stacks gave that are made after the main one
			got := httptest.NewRecorder()
			next.ServeHTTP(got, r)
			for k, v := range got.Header() {
				if k != "Content-Length" && k != "Date" {
					w.Header()[k] = v
				}
			}
			w.WriteHeader(got.Code)
			_, _ = io.WriteString(w, strings.ReplaceAll(got.Body.String(),
				"of a stack that is not made yet: AlarmsTopicArn", p.d.nested["Observability"]["AlarmsTopicArn"]))
		}
	})
}

// activate makes the rule set that is active be this one.
func (p *patient) activate(set string, rules ...sestypes.ReceiptRule) {
	client := ses.NewFromConfig(p.d.cfg)
	if set == "" {
		_, err := client.SetActiveReceiptRuleSet(p.t.Context(), &ses.SetActiveReceiptRuleSetInput{})
		p.must(err)
		return
	}
	_, err := client.CreateReceiptRuleSet(p.t.Context(), &ses.CreateReceiptRuleSetInput{RuleSetName: &set})
	p.must(err)
	var after *string
	for _, r := range rules {
		_, err := client.CreateReceiptRule(p.t.Context(),
			&ses.CreateReceiptRuleInput{RuleSetName: &set, Rule: &r, After: after})
		p.must(err)
		after = r.Name
	}
	_, err = client.SetActiveReceiptRuleSet(p.t.Context(), &ses.SetActiveReceiptRuleSetInput{RuleSetName: &set})
	p.must(err)
}

// measure puts a value into CloudWatch.
func (p *patient) measure(namespace, metric, dimension, of string, value float64) {
	_, err := cloudwatch.NewFromConfig(p.d.cfg).PutMetricData(p.t.Context(),
		&cloudwatch.PutMetricDataInput{Namespace: &namespace, MetricData: []cwtypes.MetricDatum{{
			MetricName: &metric, Value: &value, Timestamp: aws.Time(time.Now().Add(-time.Minute)),
			Dimensions: []cwtypes.Dimension{{Name: &dimension, Value: &of}}}}})
	p.must(err)
}

func (p *patient) must(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
}

// ours is the rule that the stack makes.
func (p *patient) ours() sestypes.ReceiptRule {
	return sestypes.ReceiptRule{Name: aws.String("desk-mail"), Enabled: true, ScanEnabled: true,
		Recipients: []string{"support@lantern.example", "reply.lantern.example"},
		Actions: []sestypes.ReceiptAction{{S3Action: &sestypes.S3Action{
			BucketName: aws.String(p.d.outputs["MailBucket"]), ObjectKeyPrefix: aws.String("mail/"),
			TopicArn: aws.String(p.d.nested["Queues"]["ReceiptTopicArn"])}}}}
}

func newPatient(t *testing.T) (*patient, cloud.Doctor) {
	p := &patient{t: t}
	srv := moto.Start(t)
	cfg := moto.ConfigFor(srv.Through(t, p.plays))
	keys, err := secretsmanager.NewFromConfig(srv.Config()).CreateSecret(t.Context(),
		&secretsmanager.CreateSecretInput{Name: aws.String("keys"),
			SecretString: aws.String(`{"current":"1",` +
				`"1":"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ01"}`)})
	p.must(err)
	p.d = deploy(t, srv.Config(), "desk", map[string]string{"MailDomain": "lantern.example", "FileLinks": "no",
		"ReplyDomain": "reply.lantern.example", "Recipients": "support@lantern.example,reply.lantern.example",
		"ExistingKeysArn": *keys.ARN, "TimeZone": "Europe/Berlin", "AlarmAddress": "ops@lantern.example"})
	p.zone = zone{txt: map[string][]string{}, mx: map[string][]*net.MX{}, away: map[string]bool{}}
	p.account = map[string]any{"ProductionAccessEnabled": true, "SendingEnabled": true, "EnforcementStatus": "HEALTHY",
		"SendQuota": map[string]any{"Max24HourSend": 50000, "MaxSendRate": 14, "SentLast24Hours": 412}}
	p.identity = map[string]any{"VerifiedForSendingStatus": true,
		"DkimAttributes": map[string]any{"SigningEnabled": true, "Status": "SUCCESS",
			"Tokens": []string{"aaa", "bbb", "ccc"}},
		"MailFromAttributes": map[string]any{"MailFromDomain": "bounce.lantern.example",
			"MailFromDomainStatus": "SUCCESS", "BehaviorOnMxFailure": "USE_DEFAULT_VALUE"}}
	p.suppressed = map[string]bool{}
	p.events = []string{"SEND", "DELIVERY", "BOUNCE", "COMPLAINT", "REJECT", "DELIVERY_DELAY", "RENDERING_FAILURE"}
	for _, domain := range []string{"lantern.example", "reply.lantern.example"} {
		for _, token := range []string{"aaa", "bbb", "ccc"} {
			p.zone.txt[token+"._domainkey."+domain+"."] = []string{"p=MIIBIjANBgkqh"}
		}
		p.zone.mx[domain+"."] = []*net.MX{{Host: "inbound-smtp.eu-central-1.amazonaws.com.", Pref: 10}}
	}
	p.zone.txt["bounce.lantern.example."] = []string{"v=spf1 include:amazonses.com ~all"}
	p.zone.txt["_dmarc.lantern.example."] = []string{"v=DMARC1; p=reject"}
	p.zone.txt["_dmarc.team.example."] = []string{"v=DMARC1; p=none"}
	p.zone.txt["_dmarc.home.example."] = []string{"v=DMARC1; p=quarantine"}
	p.push(p.document())
	p.policies()
	p.activate("team", p.ours())
	p.measure("Replywell", "ProbeSeconds", "Stack", "desk", 11)
	return p, cloud.Doctor{AWS: cfg, Stack: "desk", DNS: doctor.DNS{Resolver: &p.zone},
		Now: func() time.Time { return time.Now().Add(p.later) }}
}

// policies sets what moto does not by CloudFormation; a test of the templates holds them to their conditions.
func (p *patient) policies() {
	allow := func(service, action string) *string {
		return aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"` + service +
			`"},"Action":"` + action + `","Resource":"*"}]}`)
	}
	_, err := s3.NewFromConfig(p.d.cfg).PutBucketPolicy(p.t.Context(),
		&s3.PutBucketPolicyInput{Bucket: aws.String(p.d.outputs["MailBucket"]),
			Policy: allow("ses.amazonaws.com", "s3:PutObject")})
	p.must(err)
	for _, q := range []string{"MailQueue", "EventsQueue"} {
		_, err := sqs.NewFromConfig(p.d.cfg).SetQueueAttributes(p.t.Context(),
			&sqs.SetQueueAttributesInput{QueueUrl: aws.String(p.d.outputs[q]),
				Attributes: map[string]string{"Policy": *allow("sns.amazonaws.com", "sqs:SendMessage")}})
		p.must(err)
	}
	_, err = sns.NewFromConfig(p.d.cfg).Subscribe(p.t.Context(),
		&sns.SubscribeInput{TopicArn: aws.String(p.d.nested["Observability"]["AlarmsTopicArn"]),
			Protocol: aws.String("email"), Endpoint: aws.String("ops@lantern.example")})
	p.must(err)
	_, err = sns.NewFromConfig(p.d.cfg).SetTopicAttributes(p.t.Context(),
		&sns.SetTopicAttributesInput{TopicArn: aws.String(p.d.nested["Queues"]["ReceiptTopicArn"]),
			AttributeName: aws.String("Policy"), AttributeValue: allow("ses.amazonaws.com", "sns:Publish")})
	p.must(err)
	db, table := dynamodb.NewFromConfig(p.d.cfg), p.d.outputs["Table"]
	_, err = db.UpdateContinuousBackups(p.t.Context(),
		&dynamodb.UpdateContinuousBackupsInput{TableName: &table,
			PointInTimeRecoverySpecification: &dynamotypes.PointInTimeRecoverySpecification{
				PointInTimeRecoveryEnabled: aws.Bool(true)}})
	p.must(err)
	if out, err := db.DescribeTimeToLive(p.t.Context(), &dynamodb.DescribeTimeToLiveInput{TableName: &table}); err ==
		nil && out.TimeToLiveDescription.TimeToLiveStatus != dynamotypes.TimeToLiveStatusEnabled {
		_, err = db.UpdateTimeToLive(p.t.Context(), &dynamodb.UpdateTimeToLiveInput{TableName: &table,
			TimeToLiveSpecification: &dynamotypes.TimeToLiveSpecification{AttributeName: aws.String("expires"),
				Enabled: aws.Bool(true)}})
		p.must(err)
	}
	_, err = db.UpdateTable(p.t.Context(), &dynamodb.UpdateTableInput{TableName: &table,
		DeletionProtectionEnabled: aws.Bool(true)})
	p.must(err)
}

func (p *patient) document() string {
	data, err := os.ReadFile("testdata/settings.yaml")
	p.must(err)
	return strings.Replace(string(data), "    agents: [anna",
		"    reply_address: \"@reply.lantern.example\"\n    agents: [anna", 1) + "report: {time_zone: Europe/Berlin}\n"
}

func (p *patient) push(document string) {
	client := s3.NewFromConfig(p.d.cfg)
	_, err := client.PutObject(p.t.Context(), &s3.PutObjectInput{Bucket: aws.String(p.d.outputs["ConfigBucket"]),
		Key: aws.String(cloud.SettingsKey), Body: strings.NewReader(document)})
	p.must(err)
}

// wrong are the states that a desk gets into, one change each; what it undoes
// comes after the look.
var wrong = []struct {
	name string
	make func(p *patient)
}{
	{"DKIM missing", func(p *patient) { delete(p.zone.txt, "bbb._domainkey.lantern.example.") }},
	{"DKIM revoked", func(p *patient) { p.zone.txt["bbb._domainkey.lantern.example."] = []string{"v=DKIM1; p="} }},
	{"SPF missing", func(p *patient) { delete(p.zone.txt, "bounce.lantern.example.") }},
	{"SPF softfail", func(p *patient) {
		p.zone.txt["bounce.lantern.example."] = []string{"v=spf1 include:_spf.google.com ~all"}
	}},
	{"SPF fail", func(p *patient) {
		p.zone.txt["bounce.lantern.example."] = []string{"google-site-verification=x", "v=spf1 mx -all"}
	}},
	{"SPF twice", func(p *patient) {
		p.zone.txt["bounce.lantern.example."] = []string{"v=spf1 include:amazonses.com ~all", "v=spf1 mx -all"}
	}},
	{"DMARC missing", func(p *patient) { delete(p.zone.txt, "_dmarc.lantern.example.") }},
	{"MX elsewhere, forwarded", func(p *patient) {
		p.zone.mx["lantern.example."] = []*net.MX{{Host: "aspmx.l.google.com.", Pref: 1}}
	}},
	{"MX of replies elsewhere", func(p *patient) {
		p.zone.mx["reply.lantern.example."] = []*net.MX{{Host: "mx.host.example.", Pref: 10}}
	}},
	{"MX of replies missing", func(p *patient) { delete(p.zone.mx, "reply.lantern.example.") }},
	{"MX of replies in the second place", func(p *patient) {
		p.zone.mx["reply.lantern.example."] = []*net.MX{{Host: "inbound-smtp.eu-central-1.amazonaws.com.", Pref: 20},
			{Host: "old.host.example.", Pref: 10}}
	}},
	{"DNS does not answer", func(p *patient) {
		p.zone.away["reply.lantern.example."], p.zone.away["_dmarc.team.example."] = true, true
	}},
	{"agents' domain without DMARC", func(p *patient) { delete(p.zone.txt, "_dmarc.team.example.") }},
	{"sandbox", func(p *patient) { p.account["ProductionAccessEnabled"] = false }},
	{"quota nearly used", func(p *patient) { p.account["SendQuota"].(map[string]any)["SentLast24Hours"] = 41000 }},
	{"quota used up", func(p *patient) { p.account["SendQuota"].(map[string]any)["SentLast24Hours"] = 50000 }},
	{"sending paused", func(p *patient) { p.account["SendingEnabled"] = false }},
	{"under review", func(p *patient) { p.account["EnforcementStatus"] = "PROBATION" }},
	{"identity unknown", func(p *patient) { p.identity = nil }},
	{"identity not verified", func(p *patient) { p.identity["VerifiedForSendingStatus"] = false }},
	{"bounces not told", func(p *patient) { p.events = []string{"SEND", "DELIVERY"} }},
	{"agent suppressed", func(p *patient) { p.suppressed["anna@team.example"] = true }},
	{"no rule set active", func(p *patient) { p.activate("") }},
	{"another rule set active", func(p *patient) { p.activate("newsletter") }},
	{"a rule stops before ours", func(p *patient) {
		stop := sestypes.ReceiptRule{Name: aws.String("drop-all"), Enabled: true,
			Recipients: []string{"lantern.example"}, Actions: []sestypes.ReceiptAction{
				{StopAction: &sestypes.StopAction{Scope: sestypes.StopScopeRuleSet}}}}
		p.activate("stopping", stop, p.ours())
	}},
	{"a rule stops before ours, for others", func(p *patient) {
		stop := sestypes.ReceiptRule{Name: aws.String("drop-sales"), Enabled: true,
			Recipients: []string{"sales@lantern.example"},
			Actions:    []sestypes.ReceiptAction{{StopAction: &sestypes.StopAction{Scope: sestypes.StopScopeRuleSet}}}}
		p.activate("stopping-others", stop, p.ours())
	}},
	{"our rule is off", func(p *patient) { r := p.ours(); r.Enabled = false; p.activate("off", r) }},
	{"our rule takes less", func(p *patient) {
		r := p.ours()
		r.Recipients = r.Recipients[:1]
		p.activate("less", r)
	}},
	{"no settings", func(p *patient) {
		_, err := s3.NewFromConfig(p.d.cfg).DeleteObject(p.t.Context(),
			&s3.DeleteObjectInput{Bucket: aws.String(p.d.outputs["ConfigBucket"]), Key: aws.String(cloud.SettingsKey)})
		p.must(err)
	}},
	{"broken settings", func(p *patient) { p.push("version: 1\nmode: lively\n") }},
	{"settings of another domain", func(p *patient) {
		p.push(strings.ReplaceAll(p.document(), "support@lantern.example", "help@other.example"))
	}},
	{"another time zone", func(p *patient) {
		p.push(
			strings.ReplaceAll(p.document(), "Europe/Berlin", "America/Lima"))
	}},
	{"dead letters", func(p *patient) {
		client := sqs.NewFromConfig(p.d.cfg)
		_, err := client.SendMessage(p.t.Context(), &sqs.SendMessageInput{
			QueueUrl: aws.String(p.d.outputs["MailDeadLetters"]), MessageBody: aws.String("{}")})
		p.must(err)
		p.undo = append(p.undo, func() {
			_, err := client.PurgeQueue(p.t.Context(), &sqs.PurgeQueueInput{
				QueueUrl: aws.String(p.d.outputs["MailDeadLetters"])})
			p.must(err)
		})
	}},
	{"clock off by minutes", func(p *patient) { p.clock = 2 * time.Minute }},
	{"clock off by more", func(p *patient) { p.clock = -11 * time.Minute }},
	{"keys missing", func(p *patient) {
		client := secretsmanager.NewFromConfig(p.d.cfg)
		_, err := client.DeleteSecret(p.t.Context(), &secretsmanager.DeleteSecretInput{SecretId: aws.String("keys")})
		p.must(err)
		p.undo = append(p.undo, func() {
			_, err := client.RestoreSecret(p.t.Context(),
				&secretsmanager.RestoreSecretInput{SecretId: aws.String("keys")})
			p.must(err)
		})
	}},
	{"keys old", func(p *patient) { p.later = 3 * 365 * 24 * time.Hour }},
	{"bucket policy replaced", func(p *patient) {
		client := s3.NewFromConfig(p.d.cfg)
		bucket := p.d.outputs["MailBucket"]
		before, err := client.GetBucketPolicy(p.t.Context(), &s3.GetBucketPolicyInput{Bucket: &bucket})
		p.must(err)
		_, err = client.DeleteBucketPolicy(p.t.Context(), &s3.DeleteBucketPolicyInput{Bucket: &bucket})
		p.must(err)
		p.undo = append(p.undo, func() {
			_, err := client.PutBucketPolicy(p.t.Context(),
				&s3.PutBucketPolicyInput{Bucket: &bucket, Policy: before.Policy})
			p.must(err)
		})
	}},
	{"queue policy replaced", func(p *patient) {
		client := sqs.NewFromConfig(p.d.cfg)
		url := p.d.outputs["MailQueue"]
		before, err := client.GetQueueAttributes(p.t.Context(),
			&sqs.GetQueueAttributesInput{QueueUrl: &url, AttributeNames: []sqstypes.QueueAttributeName{"Policy"}})
		p.must(err)
		set := func(policy string) {
			_, err := client.SetQueueAttributes(p.t.Context(),
				&sqs.SetQueueAttributesInput{QueueUrl: &url, Attributes: map[string]string{"Policy": policy}})
			p.must(err)
		}
		set(strings.ReplaceAll(before.Attributes["Policy"], "sns.amazonaws.com", "events.amazonaws.com"))
		p.undo = append(p.undo, func() { set(before.Attributes["Policy"]) })
	}},
	{"restored table without TTL and PITR", func(p *patient) {
		db, table := dynamodb.NewFromConfig(p.d.cfg), p.d.outputs["Table"]
		set := func(on bool) {
			_, err := db.UpdateTimeToLive(p.t.Context(),
				&dynamodb.UpdateTimeToLiveInput{TableName: &table,
					TimeToLiveSpecification: &dynamotypes.TimeToLiveSpecification{AttributeName: aws.String("expires"),
						Enabled: &on}})
			p.must(err)
			_, err = db.UpdateContinuousBackups(p.t.Context(),
				&dynamodb.UpdateContinuousBackupsInput{TableName: &table,
					PointInTimeRecoverySpecification: &dynamotypes.PointInTimeRecoverySpecification{
						PointInTimeRecoveryEnabled: &on}})
			p.must(err)
		}
		set(false)
		p.undo = append(p.undo, func() { set(true) })
	}},
	{"nobody hears of alarms", func(p *patient) {
		client, topic := sns.NewFromConfig(p.d.cfg), p.d.nested["Observability"]["AlarmsTopicArn"]
		out, err := client.ListSubscriptionsByTopic(p.t.Context(),
			&sns.ListSubscriptionsByTopicInput{TopicArn: &topic})
		p.must(err)
		for _, s := range out.Subscriptions {
			_, err := client.Unsubscribe(p.t.Context(), &sns.UnsubscribeInput{SubscriptionArn: s.SubscriptionArn})
			p.must(err)
			p.undo = append(p.undo, func() {
				_, err := client.Subscribe(p.t.Context(),
					&sns.SubscribeInput{TopicArn: &topic, Protocol: s.Protocol, Endpoint: s.Endpoint})
				p.must(err)
			})
		}
	}},
	// the last two: what CloudWatch was told cannot be taken back
	{"the probe takes long", func(p *patient) { p.measure("Replywell", "ProbeSeconds", "Stack", "desk", 2400) }},
	{"old messages", func(p *patient) {
		url := p.d.outputs["SendQueue"]
		p.measure("AWS/SQS", "ApproximateAgeOfOldestMessage", "QueueName", url[strings.LastIndexByte(url, '/')+1:],
			5400)
	}},
}

// What replywell doctor says of a desk that is well, and of what can be wrong with
// one, as its reader gets it: testdata/doctor.golden. Of each wrong state only
// what differs from the good one is kept.
func TestDoctorInGoodAndBadStates(t *testing.T) {
	p, d := newPatient(t)
	look := func() (doctor.Report, string) {
		r, err := d.Examine(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		var text strings.Builder
		r.Write(&text)
		return r, p.named(text.String())
	}
	report, good := look()
	var all strings.Builder
	fmt.Fprintf(&all, "== a desk that is well (exit %d)\n%s", report.ExitStatus(), good)
	if report.ExitStatus() != 0 {
		t.Errorf("a desk that is well ends with %d:\n%s", report.ExitStatus(), good)
	}
	known := strings.Split(good, "\n")
	for _, w := range wrong {
		before := *p
		before.account, before.identity, before.suppressed = cloned(p.account), cloned(p.identity), map[string]bool{}
		before.zone = zone{cloneLists(p.zone.txt), cloneLists(p.zone.mx), map[string]bool{}}
		w.make(p)
		report, text := look()
		fmt.Fprintf(&all, "\n== %s (exit %d)\n", w.name, report.ExitStatus())
		for line := range strings.SplitSeq(text, "\n") {
			if line != "" && !slices.Contains(known, line) {
				all.WriteString(line + "\n")
			}
		}
		if report.ExitStatus() == 0 && w.name != "a rule stops before ours, for others" {
			t.Errorf("%s: all is well, says the doctor", w.name)
		}
		for _, u := range p.undo {
			u()
		}
		*p = before
		p.push(p.document())
		if _, err := ses.NewFromConfig(p.d.cfg).SetActiveReceiptRuleSet(t.Context(),
			&ses.SetActiveReceiptRuleSetInput{RuleSetName: aws.String("team")}); err != nil {
			t.Fatal(err)
		}
	}
	golden.File(t, "testdata/doctor.golden", all.String())
}

// named takes the made-up parts of names out.
func (p *patient) named(text string) string {
	return regexp.MustCompile(`(desk-\w+-\w+-)\w{12}`).ReplaceAllString(
		regexp.MustCompile(`secretsmanager:[\w:-]+`).ReplaceAllString(
			regexp.MustCompile(`RequestID: [\w-]*`).ReplaceAllString(text, "RequestID: …"), "secretsmanager:…"),
		"${1}…")
}

func cloned(m map[string]any) map[string]any {
	data, err := json.Marshal(m)
	if err != nil {
		panic(err)
	}
	var out map[string]any
	if err := json.Unmarshal(data, &out); err != nil {
		panic(err)
	}
	return out
}

func cloneLists[T any](m map[string][]T) map[string][]T {
	out := map[string][]T{}
	for k, v := range m {
		out[k] = slices.Clone(v)
	}
	return out
}

// Programs read the same report as one object.
func TestDoctorForPrograms(t *testing.T) {
	var r doctor.Report
	r.Good("clock", "", "all well")
	r.Add(doctor.Warning, "DMARC", "lantern.example", "there is no record", "a <b>", "set it")
	var out strings.Builder
	if err := r.WriteJSON(&out); err != nil {
		t.Fatal(err)
	}
	var read struct {
		State    string
		Findings []map[string]string
	}
	if err := json.Unmarshal([]byte(out.String()), &read); err != nil || read.State != "warning" ||
		len(read.Findings) != 2 || read.Findings[1]["next"] != "set it" || read.Findings[1]["why"] != "a <b>" ||
		r.ExitStatus() != 2 {
		t.Errorf("%s: %v", out.String(), err)
	}
}
