package functions

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/ses"
	"github.com/aws/aws-sdk-go-v2/service/sns"

	"github.com/replywell/replywell/shared/cloud/moto"
)

// The functions that a schedule calls do their work when nothing is there to do,
// which is what they find in the first week.
func TestScheduledFunctions(t *testing.T) {
	h := newLambdaHome(t, programs(t))
	for name, event := range map[string]any{"schedule": map[string]string{}, "metrics": map[string]string{},
		"send": map[string]string{"task": "sweep"}} {
		if _, err := h.function(t, name).invoke(t.Context(), event); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	f := h.function(t, "metrics")
	if _, err := f.invoke(t.Context(), map[string]string{"task": "quarantine"}); err != nil {
		t.Errorf("the list of held mail: %v", err)
	}
	if _, err := f.invoke(t.Context(), map[string]string{"task": "quarantin"}); err == nil ||
		!strings.Contains(err.Error(), "no task is called") {
		t.Errorf("a task that is none: %v", err)
	}
}

// A function whose environment is incomplete says all that it lacks and ends.
func TestFunctionsSayWhatTheirEnvironmentLacks(t *testing.T) {
	for name, lacks := range map[string]string{"inbound": "REPLYWELL_MAIL_QUEUE", "send": "REPLYWELL_CONFIGURATION_SET",
		"events":   "REPLYWELL_EVENTS_QUEUE",
		"schedule": "REPLYWELL_SEND_QUEUE", "metrics": "REPLYWELL_SEND_QUEUE", "index": "REPLYWELL_INDEX_QUEUE",
		"receiptrule": "AWS_REGION"} {
		_, err := newFunction(t, programs(t)+"/"+name, time.Minute).invoke(t.Context(), map[string]string{})
		if err == nil || !strings.Contains(err.Error(), lacks) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// CloudFormation asks for the receipt rule; SES has a set of another team active.
func TestReceiptRuleFunction(t *testing.T) {
	srv := moto.Start(t)
	client := ses.NewFromConfig(srv.Config())
	ctx := t.Context()
	if _, err := client.CreateReceiptRuleSet(ctx, &ses.CreateReceiptRuleSetInput{
		RuleSetName: aws.String("team")}); err != nil {
		t.Fatal(err)
	}
	if _, err := client.SetActiveReceiptRuleSet(ctx,
		&ses.SetActiveReceiptRuleSetInput{RuleSetName: aws.String("team")}); err != nil {
		t.Fatal(err)
	}
	// SES looks whether it may write and publish when a rule is made.
	if _, err := s3.NewFromConfig(srv.Config()).CreateBucket(ctx,
		&s3.CreateBucketInput{Bucket: aws.String("mail-bucket"),
			CreateBucketConfiguration: &types.CreateBucketConfiguration{LocationConstraint: moto.Region}}); err != nil {
		t.Fatal(err)
	}
	topic, err := sns.NewFromConfig(srv.Config()).CreateTopic(ctx, &sns.CreateTopicInput{Name: aws.String("mail")})
	if err != nil {
		t.Fatal(err)
	}
	f := newFunction(t, programs(t)+"/receiptrule", time.Minute, srv.Environment()...)
	answers := make(chan map[string]any, 1)
	cloudFormation := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		var a map[string]any
		if err := json.NewDecoder(r.Body).Decode(&a); err != nil {
			t.Errorf("CloudFormation cannot read the answer: %v", err)
		}
		answers <- a
	}))
	defer cloudFormation.Close()
	event := map[string]any{"RequestType": "Create", "RequestId": "r", "StackId": "s",
		"LogicalResourceId": "ReceiptRule", "ResourceType": "Custom::ReceiptRule",
		"ResponseURL": cloudFormation.URL, "ResourceProperties": map[string]any{"RuleSetName": "desk-rules",
			"RuleName": "desk-mail", "BucketName": "mail-bucket",
			"ObjectKeyPrefix": "mail/", "TopicArn": *topic.TopicArn, "Recipients": []string{"support@lantern.example"},
			"RequireTls": "false"}}
	if _, err := f.invoke(ctx, event); err != nil {
		t.Fatal(err)
	}
	a := <-answers
	if a["Status"] != "SUCCESS" || a["PhysicalResourceId"] != "receipt-rule/desk-mail" ||
		a["Data"].(map[string]any)["RuleSetName"] != "team" {
		t.Fatalf("CloudFormation was told %v", a)
	}
	active, err := client.DescribeActiveReceiptRuleSet(ctx, &ses.DescribeActiveReceiptRuleSetInput{})
	if err != nil || *active.Metadata.Name != "team" || len(active.Rules) != 1 || *active.Rules[0].Name != "desk-mail" {
		t.Errorf("active is %+v, %v", active, err)
	}
}
