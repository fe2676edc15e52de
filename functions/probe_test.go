package functions

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ses"
	sestypes "github.com/aws/aws-sdk-go-v2/service/ses/types"

	"github.com/replywell/replywell/shared/cloud/moto"
)

// measured gives the values of a measure in a function's log, which is whole when
// the process has ended; the next event starts another.
func measured(f *function, name string) (out []float64) {
	f.kill()
	for line := range strings.SplitSeq(f.log.String(), "\n") {
		var v map[string]any
		if json.Unmarshal([]byte(line), &v) == nil && v["_aws"] != nil {
			if n, ok := v[name].(float64); ok {
				out = append(out, n)
			}
		}
	}
	return out
}

// A probe leaves by the schedule, goes the whole way and comes back: measured, and
// otherwise nowhere to be seen.
func TestTheProbesCircleCloses(t *testing.T) {
	h := newLambdaHome(t, programs(t))
	ctx := t.Context()
	rules := ses.NewFromConfig(moto.ConfigFor(strings.TrimPrefix(h.aws[0], "AWS_ENDPOINT_URL=")))
	if _, err := rules.CreateReceiptRuleSet(ctx, &ses.CreateReceiptRuleSetInput{
		RuleSetName: aws.String("team")}); err != nil {
		t.Fatal(err)
	}
	if _, err := rules.CreateReceiptRule(ctx, &ses.CreateReceiptRuleInput{RuleSetName: aws.String("team"),
		Rule: &sestypes.ReceiptRule{Name: aws.String("desk-mail"), Enabled: true, ScanEnabled: true,
			Recipients: []string{"support@lantern.example"},
			Actions: []sestypes.ReceiptAction{{S3Action: &sestypes.S3Action{
				BucketName: aws.String(h.outputs["MailBucket"]),
				TopicArn:   aws.String(h.nested["Queues"]["ReceiptTopicArn"])}}}}}); err != nil {
		t.Fatal(err)
	}
	watch := h.function(t, "watch")
	look := func() {
		t.Helper()
		if _, err := watch.invoke(ctx, map[string]string{}); err != nil {
			t.Fatal(err)
		}
	}
	h.unverified.Store(true) // before its DNS is set, a deployment sends none
	look()
	h.unverified.Store(false)
	if got := measured(watch, "RuleAway"); len(got) != 1 || got[0] != 1 {
		t.Errorf("no rule set is active, and the measure says %v", got)
	}
	if _, err := rules.SetActiveReceiptRuleSet(ctx,
		&ses.SetActiveReceiptRuleSetInput{RuleSetName: aws.String("team")}); err != nil {
		t.Fatal(err)
	}
	slot := time.Now().Truncate(30 * time.Minute)
	look()
	look() // and no second probe in the same half hour
	if got := measured(watch, "RuleAway"); len(got) != 3 || got[1] != 0 {
		t.Errorf("our rule is in force, and the measure says %v", got)
	}
	for _, name := range []string{"Sandbox", "SendingPaused", "QuotaUsedPercent"} {
		if got := measured(watch, name); len(got) != 3 || got[0] != 0 {
			t.Errorf("%s: %v", name, got)
		}
	}
	h.settle(t)
	if wanted := 1; len(h.sent) != wanted && time.Now().Truncate(30*time.Minute).Equal(slot) ||
		len(measured(watch, "ProbesAwaited")) != len(h.sent) {
		t.Fatalf("%d probes left, and %v were measured", len(h.sent), measured(watch, "ProbesAwaited"))
	}
	probe := h.sent[0]
	to := probe.to[0]
	if !strings.HasPrefix(to, "support+") || !strings.HasSuffix(to, "@lantern.example") {
		t.Fatalf("the probe went to %s", to)
	}
	h.deliver(t, "support@lantern.example", to, probe.raw)
	if got := measured(h.inbound, "ProbeSeconds"); len(got) != 2 || got[0] > 120 { // SQS brought it twice
		t.Errorf("the circle is measured as %v", got)
	}
	// Whoever guesses at such an address gets no further with it than with any other.
	h.deliver(t, "eve@elsewhere.example", "support+"+strings.Repeat("a", 53)+"@lantern.example",
		[]byte("From: eve@elsewhere.example\r\nTo: support@lantern.example\r\nSubject: Hello\r\nMessage-ID: "+
			"<guess@elsewhere.example>\r\n\r\nIs anybody there?\r\n"))
	if got := measured(h.inbound, "ProbeSeconds"); len(got) != 2 {
		t.Errorf("a guessed address counts as a probe: %v", got)
	}
	for address, wanted := range map[string]int{"support@lantern.example": 0, "eve@elsewhere.example": 1} {
		if got, err := h.store.CustomerConversations(ctx, address, 10); err != nil || len(got) != wanted {
			t.Errorf("%s has %d conversations, %v", address, len(got), err)
		}
	}
	for _, name := range measuredByUs {
		if len(measured(watch, name))+len(measured(h.inbound, name)) == 0 {
			t.Errorf("an alarm stands at %s, and nobody writes it", name)
		}
	}
	if got := measured(watch, "MailIn"); len(got) != 3 || got[0] != 0 {
		t.Errorf("each look counts a zero beside customers' mails, so that silence is heard: %v", got)
	}
	if got := measured(h.inbound, "ProbesBack"); len(got) != 2 {
		t.Errorf("probes that came back are counted as %v", got)
	}
	if got := measured(h.inbound, "MailIn"); len(got) != 2 {
		t.Errorf("mails of customers are measured as %v", got)
	}
}
