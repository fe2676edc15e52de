package cloud

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	cwtypes "github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/ses"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"github.com/replywell/replywell/shared/doctor"
	"github.com/replywell/replywell/shared/probe"
)

// stuckAfter is how long a message may wait before somebody ought to know: three
// waits of the longest kind. An alarm of the template has the same bound.
const stuckAfter = 15 * time.Minute

// queues looks at what waits and at what came to nothing.
func (x examination) queues(ctx context.Context) {
	client := sqs.NewFromConfig(x.AWS)
	depth := func(url string) (int, error) {
		out, err := client.GetQueueAttributes(ctx, &sqs.GetQueueAttributesInput{QueueUrl: &url, AttributeNames: []sqstypes.QueueAttributeName{sqstypes.QueueAttributeNameApproximateNumberOfMessages}})
		if err != nil {
			return 0, err
		}
		return strconv.Atoi(out.Attributes[string(sqstypes.QueueAttributeNameApproximateNumberOfMessages)])
	}
	for _, n := range deadNames {
		if n.source != "" {
			x.waiting(ctx, n.name, x.facts.outputs[n.source], depth)
		}
		dead, err := depth(x.facts.outputs[n.output])
		switch {
		case err != nil:
			x.report.Unknown("dead letters", n.name, err, "see that you may call sqs:GetQueueAttributes")
		case dead > 0:
			x.report.Add(doctor.Bad, "dead letters", n.name, fmt.Sprintf("%d came to nothing", dead), "each is a mail, an event or a task that nobody looks at unless a person does",
				"replywell dlq list --stack "+x.Stack+" says what and why")
		default:
			x.report.Good("dead letters", n.name, "none")
		}
	}
}

func (x examination) waiting(ctx context.Context, name, url string, depth func(string) (int, error)) {
	count, err := depth(url)
	if err != nil {
		x.report.Unknown("queue", name, err, "see that you may call sqs:GetQueueAttributes")
		return
	}
	oldest, err := x.latest(ctx, stuckAfter, "AWS/SQS", "ApproximateAgeOfOldestMessage", cwtypes.Dimension{Name: aws.String("QueueName"), Value: aws.String(url[strings.LastIndexByte(url, '/')+1:])})
	switch {
	case err != nil:
		x.report.Unknown("queue", name, err, "see that you may call cloudwatch:GetMetricStatistics")
	case oldest != nil && time.Duration(*oldest)*time.Second >= stuckAfter:
		x.report.Add(doctor.Bad, "queue", name, fmt.Sprintf("%d wait, the oldest for %s", count, doctor.Span(time.Duration(*oldest)*time.Second)), "something fails again and again; nothing is lost, and it is tried every five minutes for days",
			"the function's log says why: aws logs tail /replywell/"+x.Stack+"/"+functionOf(name))
	default:
		x.report.Good("queue", name, "%d wait", count)
	}
}

// functionOf is the function that a queue calls.
func functionOf(queue string) string {
	if queue == "mail" {
		return "inbound"
	}
	return queue
}

// probeWithin is how long ago the last probe may have come back: four of them.
const probeWithin = 4 * probe.Every

// probe looks whether the mail that the desk writes to itself comes back.
func (x examination) probe(ctx context.Context) {
	seconds, err := x.latest(ctx, probeWithin, Namespace, "ProbeSeconds", cwtypes.Dimension{Name: aws.String("Stack"), Value: &x.Stack})
	const why, next = "it goes the way of a customer's mail: what happens to it happens to theirs", "mend what is bad here, and wait for half an hour; if nothing is, the logs /replywell/%s/watch, send and inbound tell how far it comes"
	switch {
	case err != nil:
		x.report.Unknown("probe", "", err, "see that you may call cloudwatch:GetMetricStatistics")
	case seconds == nil:
		x.report.Add(doctor.Bad, "probe", "", "none came back in "+doctor.Span(probeWithin), why, fmt.Sprintf(next, x.Stack))
	case time.Duration(*seconds)*time.Second >= stuckAfter:
		x.report.Add(doctor.Bad, "probe", "", "one took "+doctor.Span(time.Duration(*seconds)*time.Second)+" to come back", why, fmt.Sprintf(next, x.Stack))
	default:
		x.report.Good("probe", "", "it comes back within %s", doctor.Span(time.Duration(*seconds)*time.Second))
	}
}

// latest is the highest value of a metric within a time; nil where there is none.
func (x examination) latest(ctx context.Context, within time.Duration, namespace, metric string, dimensions ...cwtypes.Dimension) (*float64, error) {
	now := x.Now()
	out, err := cloudwatch.NewFromConfig(x.AWS).GetMetricStatistics(ctx, &cloudwatch.GetMetricStatisticsInput{Namespace: &namespace, MetricName: &metric, Dimensions: dimensions,
		StartTime: aws.Time(now.Add(-within)), EndTime: &now, Period: aws.Int32(300), Statistics: []cwtypes.Statistic{cwtypes.StatisticMaximum}})
	if err != nil {
		return nil, err
	}
	var most *float64
	for _, p := range out.Datapoints {
		if p.Maximum != nil && (most == nil || *p.Maximum > *most) {
			most = p.Maximum
		}
	}
	return most, nil
}

// policies looks whether each step of a mail's way in may hand it to the next:
// SES to the bucket and the topic, the topic to the queue.
func (x examination) policies(ctx context.Context) {
	bucket := x.facts.outputs["MailBucket"]
	deploy := "deploy again; if it stays so, somebody replaced the policy by hand: remove theirs, and deploy with a changed parameter"
	judge := func(of, policy string, err error, service, action, why string) {
		switch {
		case err != nil:
			x.report.Unknown("policy", of, err, "see that you may read the policy of "+of)
		case !lets(policy, service, action):
			x.report.Add(doctor.Bad, "policy", of, "it does not let "+service+" in", why, deploy)
		default:
			x.report.Good("policy", of, "it lets %s in", service)
		}
	}
	out, err := s3.NewFromConfig(x.AWS).GetBucketPolicy(ctx, &s3.GetBucketPolicyInput{Bucket: &bucket})
	policy := ""
	if out != nil {
		policy = aws.ToString(out.Policy)
	}
	if err != nil && strings.Contains(err.Error(), "NoSuchBucketPolicy") {
		err = nil
	}
	judge("the mail bucket", policy, err, "ses.amazonaws.com", "s3:PutObject", "SES cannot store mail, and refuses it")
	queues := sqs.NewFromConfig(x.AWS)
	for _, q := range []struct{ name, output, why string }{
		{"the mail queue", "MailQueue", "mail is stored, and nobody hears of it"},
		{"the events queue", "EventsQueue", "bounces and complaints stay unseen"},
	} {
		url := x.facts.outputs[q.output]
		policy := ""
		attributes, err := queues.GetQueueAttributes(ctx, &sqs.GetQueueAttributesInput{QueueUrl: &url, AttributeNames: []sqstypes.QueueAttributeName{sqstypes.QueueAttributeNamePolicy}})
		if err == nil {
			policy = attributes.Attributes[string(sqstypes.QueueAttributeNamePolicy)]
		}
		judge(q.name, policy, err, "sns.amazonaws.com", "sqs:SendMessage", q.why)
	}
	topic := x.receiptTopic(ctx)
	if topic == "" {
		return // the rule set's finding says it
	}
	attributes, err := sns.NewFromConfig(x.AWS).GetTopicAttributes(ctx, &sns.GetTopicAttributesInput{TopicArn: &topic})
	policy = ""
	if err == nil {
		policy = attributes.Attributes["Policy"]
	}
	judge("the receipt topic", policy, err, "ses.amazonaws.com", "sns:Publish", "mail is stored, and nobody hears of it")
}

// receiptTopic is the topic that our rule tells of stored mail.
func (x examination) receiptTopic(ctx context.Context) string {
	out, err := ses.NewFromConfig(x.AWS).DescribeActiveReceiptRuleSet(ctx, &ses.DescribeActiveReceiptRuleSetInput{})
	if err != nil {
		return ""
	}
	for _, rule := range out.Rules {
		for _, a := range rule.Actions {
			if aws.ToString(rule.Name) == x.Stack+"-mail" && a.S3Action != nil {
				return aws.ToString(a.S3Action.TopicArn)
			}
		}
	}
	return ""
}

// lets reports whether a policy lets a service do something. Conditions are not
// looked at: the template's are, by a test.
func lets(policy, service, action string) bool {
	var p struct {
		Statement []struct {
			Effect    string
			Principal any
			Action    any
		}
	}
	if json.Unmarshal([]byte(policy), &p) != nil {
		return false
	}
	for _, s := range p.Statement {
		if s.Effect == "Allow" && slices.ContainsFunc(texts(s.Action), func(a string) bool { return strings.EqualFold(a, action) }) {
			if m, ok := s.Principal.(map[string]any); ok && slices.Contains(texts(m["Service"]), service) {
				return true
			}
		}
	}
	return false
}

func texts(v any) (out []string) {
	switch v := v.(type) {
	case string:
		return []string{v}
	case []any:
		for _, w := range v {
			out = append(out, fmt.Sprint(w))
		}
	}
	return out
}

// alarms looks whether anybody hears of them.
func (x examination) alarms(ctx context.Context) {
	topic := x.facts.outputs["AlarmsTopic"]
	out, err := sns.NewFromConfig(x.AWS).ListSubscriptionsByTopic(ctx, &sns.ListSubscriptionsByTopicInput{TopicArn: &topic})
	if err != nil {
		x.report.Unknown("alarms", "", err, "see that you may call sns:ListSubscriptionsByTopic")
		return
	}
	const why = "what is wrong at night is found by a customer"
	pending := 0
	for _, s := range out.Subscriptions {
		if aws.ToString(s.SubscriptionArn) == "PendingConfirmation" {
			pending++
		}
	}
	switch {
	case len(out.Subscriptions) == 0:
		x.report.Add(doctor.Warning, "alarms", "", "nobody is told of them", why, "deploy with AlarmAddress, or subscribe to "+topic)
	case pending == len(out.Subscriptions):
		x.report.Add(doctor.Bad, "alarms", "", "whoever is to be told of them has not confirmed it", why, "click the link in the mail \"AWS Notification - Subscription Confirmation\"; it is valid for three days, after that deploy with another AlarmAddress and back")
	default:
		x.report.Good("alarms", "", "%d are told of them", len(out.Subscriptions)-pending)
	}
}
