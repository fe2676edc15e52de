package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	cftypes "github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"github.com/replywell/replywell/shared/cloud/moto"
)

// The queues are those of infra/queues.yaml, made by CloudFormation.
func TestDeadLettersAreListedShownPutBackAndDropped(t *testing.T) {
	srv := moto.Start(t)
	template, err := os.ReadFile("../../infra/queues.yaml")
	if err != nil {
		t.Fatal(err)
	}
	// template.yaml hands the URLs on under the queues' own names.
	body := regexp.MustCompile(`(?m)^  (\w+)Url: \{`).ReplaceAllString(string(template), "  $1: {")
	parameter := func(k string) cftypes.Parameter {
		return cftypes.Parameter{ParameterKey: &k, ParameterValue: aws.String("desk")}
	}
	if _, err := cloudformation.NewFromConfig(srv.Config()).CreateStack(t.Context(),
		&cloudformation.CreateStackInput{StackName: aws.String("replywell"), TemplateBody: &body,
			Parameters: []cftypes.Parameter{parameter("RuleName"), parameter("ConfigurationSetName"),
				parameter("ConfigBucketName")}}); err != nil {
		t.Fatal(err)
	}
	stack, err := cloudformation.NewFromConfig(srv.Config()).DescribeStacks(t.Context(),
		&cloudformation.DescribeStacksInput{StackName: aws.String("replywell")})
	if err != nil {
		t.Fatal(err)
	}
	url := map[string]string{}
	for _, o := range stack.Stacks[0].Outputs {
		url[*o.OutputKey] = *o.OutputValue
	}
	client := sqs.NewFromConfig(srv.Config())
	put := func(queue, body string, attributes map[string]string) string {
		t.Helper()
		in := &sqs.SendMessageInput{QueueUrl: aws.String(url[queue]), MessageBody: &body,
			MessageAttributes: map[string]types.MessageAttributeValue{}}
		for k, v := range attributes {
			in.MessageAttributes[k] = types.MessageAttributeValue{DataType: aws.String("String"),
				StringValue: aws.String(v)}
		}
		out, err := client.SendMessage(t.Context(), in)
		if err != nil {
			t.Fatal(err)
		}
		return *out.MessageId
	}
	count := func(queue string) string {
		t.Helper()
		out, err := client.GetQueueAttributes(t.Context(),
			&sqs.GetQueueAttributesInput{QueueUrl: aws.String(url[queue]),
				AttributeNames: []types.QueueAttributeName{types.QueueAttributeNameApproximateNumberOfMessages}})
		if err != nil {
			t.Fatal(err)
		}
		return out.Attributes["ApproximateNumberOfMessages"]
	}
	run := func(want string, args ...string) string {
		t.Helper()
		cmd := exec.Command(program(t), append([]string{"dlq"}, args...)...)
		cmd.Env = append(os.Environ(), srv.Environment()...)
		out, err := cmd.CombinedOutput()
		if !strings.Contains(string(out), want) || (err != nil) != strings.Contains(string(out), "error:") {
			t.Errorf("dlq %s: %v, and it says\n%s\nwanted %q", strings.Join(args, " "), err, out, want)
		}
		return string(out)
	}
	notice := `{"notificationType":"Received","mail":{"messageId":"x"},"receipt":{"action":{"type":"S3",` +
		`"bucketName":"mail-bucket","objectKey":"mail/o3vr"}}}`
	run("Nothing lies in the dead-letter queues.", "list")
	put("MailDeadLetters", notice, map[string]string{"ReplywellWhy": "the notice names no envelope recipient",
		"ReplywellFirst": "2026-03-02T09:00:00Z", "ReplywellID": "11111111-parked"})
	event := put("EventsDeadLetters", "garbage", nil)
	task := put("ScheduleDeadLetters", `{"task":"sweep"}`, nil)

	list := run("3 messages", "list")
	if first, _, _ := strings.Cut(list, "\n"); first != "11111111-parked  2026-03-02 09:00:00  mail, parked at once" ||
		!strings.Contains(list, "the mail s3://mail-bucket/mail/o3vr\n") ||
		!strings.Contains(list, "names no envelope recipient") || !strings.Contains(list, "the task sweep") {
		t.Errorf("it lists\n%s", list)
	}
	run("3 messages", "list") // looking takes nothing away
	run(`"objectKey": "mail/o3vr"`, "show", "1111")
	run("no dead letter has the id nowhere", "show", "nowhere")
	run("name the messages by id, or write --all", "redrive")
	run("must be one of", "list", "--queue", "males")
	run(`cannot read the stack "other"`, "list", "--stack", "other")
	run("comes again by its schedule", "redrive", task)
	run("1 message put back", "redrive", "11111111")
	if count("MailQueue") != "1" || count("MailDeadLetters") != "0" || count("EventsDeadLetters") != "1" {
		t.Errorf("mail %s, dead mail %s, dead events %s", count("MailQueue"), count("MailDeadLetters"),
			count("EventsDeadLetters"))
	}
	run("Left where they are: 1 scheduled call", "redrive", "--all")
	if count("EventsQueue") != "1" || count("ScheduleDeadLetters") != "1" {
		t.Errorf("events %s, scheduled %s", count("EventsQueue"), count("ScheduleDeadLetters"))
	}
	run("1 message dropped", "drop", task)
	run("Nothing lies", "list")
	put("IndexDeadLetters", `{"detail":{"object":{"key":"kb/returns.md"}}}`, nil)
	var l struct{ ID, Queue, What string }
	if err := json.Unmarshal([]byte(run("kb/returns.md", "list", "--json")), &l); err != nil || l.Queue != "index" ||
		l.What != "the article kb/returns.md" || l.ID == event {
		t.Errorf("%+v, %v", l, err)
	}
}
