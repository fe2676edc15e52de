package functions

import (
	"encoding/json"
	"slices"
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
	if _, err := h.s3.DeleteObject(t.Context(), &s3.DeleteObjectInput{Bucket: aws.String(h.outputs["ConfigBucket"]),
		Key: aws.String(cloud.SettingsKey)}); err != nil {
		t.Fatal(err)
	}
	for name, events := range map[string][]map[string]string{"schedule": {{}}, "send": {{"task": "sweep"}},
		"metrics": {{}, {"task": "quarantine"}, {"task": "roll-up"}}, "index": {{"task": "rebuild"}, {"task": "learn"}},
		"watch": {{}}} {
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
	out, err := f.invoke(t.Context(), sqsRecord(t, "mail", "m1",
		h.notice("support@lantern.example", "erika@customers.example", "mail/early")))
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

// A new stack has counted nothing: an alarm that takes what is missing for bad
// would ring before the first look. One that listens for silence starts with no
// data, and tells when it has none again.
func TestNoAlarmRingsForWhatWasNeverCounted(t *testing.T) {
	each(t, "infra/observability.yaml", "AWS::CloudWatch::Alarm", func(name string, r node) {
		p := r.node("Properties")
		switch missing := p.text("TreatMissingData"); {
		case missing == "notBreaching":
			if p.text("ComparisonOperator") == "LessThanThreshold" {
				t.Errorf("%s listens for silence, and takes it for good", name)
			}
		case missing == "missing":
			if len(textsIn(p.at("InsufficientDataActions"))) == 0 {
				t.Errorf("%s tells nobody when nothing is counted any more", name)
			}
		default:
			t.Errorf("%s takes what is missing for %q, and a new stack has nothing yet", name, missing)
		}
	})
}

// measuredByUs are the names under which the functions count; TestTheProbesCircleCloses sees each written.
var measuredByUs = []string{"MailIn", "ProbeSeconds", "ProbesAwaited", "ProbesBack", "QuotaUsedPercent", "RuleAway",
	"Sandbox", "SendingPaused"}

// An alarm at a name or a dimension that nobody writes never rings.
func TestAlarmsStandAtWhatIsMeasured(t *testing.T) {
	stood := map[string]bool{}
	look := func(alarm string, metric node) {
		if metric.text("Namespace") != cloud.Namespace {
			return
		}
		name := metric.text("MetricName")
		if stood[name] = true; !slices.Contains(measuredByUs, name) {
			t.Errorf("%s stands at %s, which nobody writes", alarm, name)
		}
		if d := metric.nodes("Dimensions"); len(d) != 1 || d[0].text("Name") != "Stack" ||
			d[0].text("Value") != "StackLabel" {
			t.Errorf("%s stands at %s of %v", alarm, name, d)
		}
	}
	each(t, "infra/observability.yaml", "AWS::CloudWatch::Alarm", func(name string, r node) {
		look(name, r.node("Properties"))
		for _, m := range r.nodes("Properties", "Metrics") {
			look(name, m.node("MetricStat", "Metric"))
		}
	})
	for _, name := range measuredByUs {
		if !stood[name] {
			t.Errorf("%s is measured, and no alarm stands at it", name)
		}
	}
}
