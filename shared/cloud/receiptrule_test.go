package cloud

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/cfn"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ses"
	"github.com/aws/aws-sdk-go-v2/service/ses/types"
)

// ruleSets is SES's receipt rules in memory. It refuses a request that was not
// paused before, as SES refuses more than one a second.
type ruleSets struct {
	sets   map[string][]types.ReceiptRule
	active string
	paused bool
	fail   string // name of the call that fails
	calls  []string
}

func (f *ruleSets) pause(ctx context.Context) error { f.paused = true; return ctx.Err() }

func (f *ruleSets) call(name string) error {
	f.calls = append(f.calls, name)
	if !f.paused {
		return errors.New("Throttling: Rate exceeded")
	}
	f.paused = false
	if f.fail == name {
		return fmt.Errorf("AccessDenied: not authorized to perform ses:%s", name)
	}
	return nil
}

func (f *ruleSets) DescribeActiveReceiptRuleSet(context.Context, *ses.DescribeActiveReceiptRuleSetInput,
	...func(*ses.Options)) (*ses.DescribeActiveReceiptRuleSetOutput, error) {
	out := &ses.DescribeActiveReceiptRuleSetOutput{}
	if f.active != "" {
		out.Metadata, out.Rules = &types.ReceiptRuleSetMetadata{Name: aws.String(f.active)},
			slices.Clone(f.sets[f.active])
	}
	return out, f.call("DescribeActiveReceiptRuleSet")
}

func (f *ruleSets) DescribeReceiptRuleSet(_ context.Context, in *ses.DescribeReceiptRuleSetInput,
	_ ...func(*ses.Options)) (*ses.DescribeReceiptRuleSetOutput, error) {
	if err := f.call("DescribeReceiptRuleSet"); err != nil {
		return nil, err
	}
	rules, ok := f.sets[*in.RuleSetName]
	if !ok {
		return nil, &types.RuleSetDoesNotExistException{Name: in.RuleSetName}
	}
	return &ses.DescribeReceiptRuleSetOutput{Rules: slices.Clone(rules)}, nil
}

func (f *ruleSets) ListReceiptRuleSets(context.Context, *ses.ListReceiptRuleSetsInput, ...func(*ses.Options)) (
	*ses.ListReceiptRuleSetsOutput, error) {
	out := &ses.ListReceiptRuleSetsOutput{}
	for _, name := range slices.Sorted(maps.Keys(f.sets)) {
		out.RuleSets = append(out.RuleSets, types.ReceiptRuleSetMetadata{Name: aws.String(name)})
	}
	return out, f.call("ListReceiptRuleSets")
}

func (f *ruleSets) CreateReceiptRuleSet(_ context.Context, in *ses.CreateReceiptRuleSetInput, _ ...func(*ses.Options)) (
	*ses.CreateReceiptRuleSetOutput, error) {
	f.sets[*in.RuleSetName] = nil
	return &ses.CreateReceiptRuleSetOutput{}, f.call("CreateReceiptRuleSet")
}

func (f *ruleSets) SetActiveReceiptRuleSet(_ context.Context, in *ses.SetActiveReceiptRuleSetInput,
	_ ...func(*ses.Options)) (*ses.SetActiveReceiptRuleSetOutput, error) {
	f.active = aws.ToString(in.RuleSetName)
	return &ses.SetActiveReceiptRuleSetOutput{}, f.call("SetActiveReceiptRuleSet")
}

func (f *ruleSets) DeleteReceiptRuleSet(_ context.Context, in *ses.DeleteReceiptRuleSetInput, _ ...func(*ses.Options)) (
	*ses.DeleteReceiptRuleSetOutput, error) {
	if f.active == *in.RuleSetName {
		return nil, &types.CannotDeleteException{Name: in.RuleSetName}
	}
	delete(f.sets, *in.RuleSetName)
	return &ses.DeleteReceiptRuleSetOutput{}, f.call("DeleteReceiptRuleSet")
}

func (f *ruleSets) CreateReceiptRule(_ context.Context, in *ses.CreateReceiptRuleInput, _ ...func(*ses.Options)) (
	*ses.CreateReceiptRuleOutput, error) {
	if err := f.call("CreateReceiptRule"); err != nil {
		return nil, err
	}
	rules, at := f.sets[*in.RuleSetName], 0
	for i, r := range rules {
		if aws.ToString(r.Name) == aws.ToString(in.After) {
			at = i + 1
		}
	}
	f.sets[*in.RuleSetName] = slices.Insert(slices.Clone(rules), at, *in.Rule)
	return &ses.CreateReceiptRuleOutput{}, nil
}

func (f *ruleSets) UpdateReceiptRule(_ context.Context, in *ses.UpdateReceiptRuleInput, _ ...func(*ses.Options)) (
	*ses.UpdateReceiptRuleOutput, error) {
	for i, r := range f.sets[*in.RuleSetName] {
		if *r.Name == *in.Rule.Name {
			f.sets[*in.RuleSetName][i] = *in.Rule
		}
	}
	return &ses.UpdateReceiptRuleOutput{}, f.call("UpdateReceiptRule")
}

func (f *ruleSets) DeleteReceiptRule(_ context.Context, in *ses.DeleteReceiptRuleInput, _ ...func(*ses.Options)) (
	*ses.DeleteReceiptRuleOutput, error) {
	f.sets[*in.RuleSetName] = slices.DeleteFunc(f.sets[*in.RuleSetName],
		func(r types.ReceiptRule) bool { return *r.Name == *in.RuleName })
	return &ses.DeleteReceiptRuleOutput{}, f.call("DeleteReceiptRule")
}

// names gives "set*: rule rule" lines; * is the active one.
func (f *ruleSets) names() (out []string) {
	for _, set := range slices.Sorted(maps.Keys(f.sets)) {
		line := set
		if set == f.active {
			line += "*"
		}
		line += ":"
		for _, r := range f.sets[set] {
			line += " " + *r.Name
		}
		out = append(out, line)
	}
	return out
}

func rules(names ...string) (out []types.ReceiptRule) {
	for _, n := range names {
		out = append(out, types.ReceiptRule{Name: aws.String(n)})
	}
	return out
}

func ruleEvent(kind cfn.RequestType, recipients ...any) cfn.Event {
	if recipients == nil {
		recipients = []any{"support@shop.example", "reply.shop.example"}
	}
	ev := cfn.Event{RequestType: kind, RequestID: "r1", StackID: "s", LogicalResourceID: "ReceiptRule",
		ResourceProperties: map[string]any{
			"ServiceToken": "arn", "RuleSetName": "desk-rules", "RuleName": "desk-mail", "Recipients": recipients,
			"BucketName": "mail-bucket", "ObjectKeyPrefix": "mail/",
			"TopicArn": "arn:aws:sns:eu-central-1:123456789012:mail", "RequireTls": "false"}}
	if kind != cfn.RequestCreate {
		ev.PhysicalResourceID = "receipt-rule/desk-mail"
	}
	return ev
}

func TestReceiptRuleLeavesOthersAlone(t *testing.T) {
	type sets = map[string][]types.ReceiptRule
	for name, tc := range map[string]struct {
		sets   sets
		active string
		kind   cfn.RequestType
		want   []string
	}{
		"nothing there": {sets{}, "", cfn.RequestCreate, []string{"desk-rules*: desk-mail"}},
		"others, none active": {sets{"old": rules("a")}, "", cfn.RequestCreate,
			[]string{"desk-rules*: desk-mail", "old: a"}},
		"another team's set": {sets{"team": rules("a", "b")}, "team", cfn.RequestCreate,
			[]string{"team*: a b desk-mail"}},
		"tried before": {sets{"desk-rules": rules("desk-mail")}, "", cfn.RequestCreate,
			[]string{"desk-rules*: desk-mail"}},
		"update": {sets{"desk-rules": rules("desk-mail", "x")}, "desk-rules", cfn.RequestUpdate,
			[]string{"desk-rules*: desk-mail x"}},
		"another was activated": {sets{"desk-rules": rules("desk-mail"), "team": rules("a")}, "team",
			cfn.RequestUpdate, []string{"desk-rules:", "team*: a desk-mail"}},
		"delete ours": {sets{"desk-rules": rules("desk-mail"), "old": rules("a")}, "desk-rules",
			cfn.RequestDelete, []string{"old: a"}},
		"delete from another's": {sets{"team": rules("a", "desk-mail", "b")}, "team", cfn.RequestDelete,
			[]string{"team*: a b"}},
		"delete, others in ours": {sets{"desk-rules": rules("desk-mail", "x")}, "desk-rules", cfn.RequestDelete,
			[]string{"desk-rules*: x"}},
		"delete, ours not active": {sets{"desk-rules": rules("desk-mail"), "team": rules("a")}, "team",
			cfn.RequestDelete, []string{"team*: a"}},
		"delete twice": {sets{}, "", cfn.RequestDelete, nil},
	} {
		f := &ruleSets{sets: tc.sets, active: tc.active}
		h := ReceiptRule{SES: f, Pause: f.pause}
		id, data, err := h.Handle(t.Context(), ruleEvent(tc.kind))
		if err != nil || id != "receipt-rule/desk-mail" {
			t.Errorf("%s: id %q, %v (calls %v)", name, id, err, f.calls)
		}
		if got := f.names(); !reflect.DeepEqual(got, tc.want) {
			t.Errorf("%s: sets %q, want %q", name, got, tc.want)
		}
		if tc.kind != cfn.RequestDelete && data["RuleSetName"] != f.active {
			t.Errorf("%s: says the set is %v, and %q is active", name, data["RuleSetName"], f.active)
		}
	}
}

func TestReceiptRuleIsOnAndNarrow(t *testing.T) {
	f := &ruleSets{sets: map[string][]types.ReceiptRule{}}
	if _, _, err := (ReceiptRule{SES: f, Pause: f.pause}).Handle(t.Context(),
		ruleEvent(cfn.RequestCreate)); err != nil {
		t.Fatal(err)
	}
	r := f.sets["desk-rules"][0]
	if !r.Enabled || !r.ScanEnabled || !slices.Equal(r.Recipients,
		[]string{"support@shop.example", "reply.shop.example"}) || r.TlsPolicy != types.TlsPolicyOptional {
		t.Errorf("%+v", r)
	}
	a := r.Actions[0].S3Action
	if len(r.Actions) != 1 || *a.BucketName != "mail-bucket" || *a.ObjectKeyPrefix != "mail/" || *a.TopicArn == "" ||
		a.KmsKeyArn != nil {
		t.Errorf("%+v", a)
	}
}

// Without recipients a rule would take the mail of every domain of the account.
func TestReceiptRuleNeedsRecipients(t *testing.T) {
	f := &ruleSets{sets: map[string][]types.ReceiptRule{}}
	_, _, err := (ReceiptRule{SES: f, Pause: f.pause}).Handle(t.Context(), ruleEvent(cfn.RequestCreate, ""))
	if err == nil || !strings.Contains(err.Error(), "Recipients") || len(f.calls) != 0 {
		t.Errorf("%v after %v", err, f.calls)
	}
}

// CloudFormation is answered whatever happens; else a stack hangs for an hour.
func TestReceiptRuleAlwaysAnswers(t *testing.T) {
	for name, tc := range map[string]struct {
		event  cfn.Event
		fail   string
		pause  func(context.Context) error
		status string
		reason string
	}{
		"success": {event: ruleEvent(cfn.RequestCreate), status: "SUCCESS"},
		"denied": {event: ruleEvent(cfn.RequestCreate), fail: "CreateReceiptRule", status: "FAILED",
			reason: "not authorized"},
		"denied delete": {event: ruleEvent(cfn.RequestDelete), fail: "ListReceiptRuleSets", status: "FAILED",
			reason: "not authorized"},
		"panic": {event: ruleEvent(cfn.RequestCreate), pause: func(context.Context) error { panic("x") },
			status: "FAILED"},
		"out of time": {event: ruleEvent(cfn.RequestCreate),
			pause: func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }, status: "FAILED",
			reason: "not time enough"},
		"no properties": {event: cfn.Event{RequestType: cfn.RequestCreate, RequestID: "r", StackID: "s",
			LogicalResourceID: "l"}, status: "FAILED", reason: "RuleName"},
		"delete of none": {event: cfn.Event{RequestType: cfn.RequestDelete, RequestID: "r", StackID: "s",
			LogicalResourceID: "l", PhysicalResourceID: "p"}, status: "SUCCESS"},
	} {
		var answer struct{ Status, Reason, PhysicalResourceId string }
		srv := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			data, err := io.ReadAll(r.Body)
			if err != nil || json.Unmarshal(data, &answer) != nil {
				t.Errorf("%s: the answer %q cannot be read: %v", name, data, err)
			}
		}))
		f := &ruleSets{sets: map[string][]types.ReceiptRule{}, fail: tc.fail}
		if tc.pause == nil {
			tc.pause = f.pause
		}
		tc.event.ResponseURL = srv.URL
		within := time.Minute
		if tc.reason == "not time enough" {
			within = 50 * time.Millisecond
		}
		ctx, stop := context.WithDeadline(t.Context(), time.Now().Add(beforeTheEnd+within))
		func() {
			defer func() { _ = recover() }() // Lambda reports the panic itself
			_, _ = cfn.LambdaWrap(ReceiptRule{SES: f, Pause: tc.pause}.Handle)(ctx, tc.event)
		}()
		stop()
		srv.Close()
		if answer.Status != tc.status || !strings.Contains(answer.Reason, tc.reason) ||
			answer.PhysicalResourceId == "" {
			t.Errorf("%s: answered %+v", name, answer)
		}
	}
}
