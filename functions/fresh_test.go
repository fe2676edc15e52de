package functions

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/replywell/replywell/shared/cloud"
)

// A deployment that nobody has written settings for is no fault: no function
// fails, none logs an error, nothing is measured that an alarm stands at, and a mail
// that comes all the same waits.
func TestAFreshDeploymentRingsNoAlarm(t *testing.T) {
	h := newLambdaHome(t, programs(t))
	if _, err := h.s3.DeleteObject(t.Context(), &s3.DeleteObjectInput{Bucket: aws.String(h.outputs["ConfigBucket"]), Key: aws.String(cloud.SettingsKey)}); err != nil {
		t.Fatal(err)
	}
	for name, events := range map[string][]map[string]string{"schedule": {{}}, "send": {{"task": "sweep"}}, "metrics": {{}, {"task": "quarantine"}}, "index": {{"task": "rebuild"}, {"task": "learn"}}, "watch": {{}}} {
		f := h.function(t, name)
		for _, e := range events {
			if _, err := f.invoke(t.Context(), e); err != nil {
				t.Errorf("%s %v: %v", name, e, err)
			}
		}
		f.kill()
		if log := f.log.String(); strings.Contains(log, `"level":"ERROR"`) || strings.Contains(log, `"_aws"`) {
			t.Errorf("%s logs\n%s", name, log)
		}
	}
	f := h.function(t, "inbound")
	out, err := f.invoke(t.Context(), sqsRecord(t, "mail", "m1", h.notice("support@lantern.example", "erika@customers.example", "mail/early")))
	var answer struct {
		BatchItemFailures []struct{ ItemIdentifier string } `json:"batchItemFailures"`
	}
	if err != nil || json.Unmarshal(out, &answer) != nil || len(answer.BatchItemFailures) != 1 {
		t.Errorf("a mail before there are settings: %s, %v", out, err)
	}
	f.kill()
	if strings.Contains(f.log.String(), `"level":"ERROR"`) {
		t.Errorf("inbound logs\n%s", f.log.String())
	}
	if parked := h.receive(t, "MailDeadLetters"); len(parked) > 0 {
		t.Errorf("the early mail is given up: %v", *parked[0].Body)
	}
}
