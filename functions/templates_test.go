package functions

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"

	"github.com/replywell/replywell/shared/cloud"
	"github.com/replywell/replywell/shared/config"
	"github.com/replywell/replywell/shared/store/engine/dynamo"
)

// node is a part of a template. CloudFormation's tags (!Sub, !GetAtt…) are
// dropped in reading: what they are applied to stays.
type node map[string]any

func (n node) at(path ...string) any {
	var v any = map[string]any(n)
	for _, p := range path {
		m, ok := v.(map[string]any)
		if !ok {
			return nil
		}
		v = m[p]
	}
	return v
}

func (n node) text(path ...string) string {
	if v := n.at(path...); v != nil {
		return fmt.Sprint(v)
	}
	return ""
}

func (n node) node(path ...string) node {
	m, _ := n.at(path...).(map[string]any)
	return m
}

func (n node) nodes(path ...string) (out []node) {
	list, _ := n.at(path...).([]any)
	for _, v := range list {
		if m, ok := v.(map[string]any); ok {
			out = append(out, m)
		}
	}
	return out
}

func textsIn(v any) (out []string) {
	switch v := v.(type) {
	case []any:
		for _, w := range v {
			out = append(out, textsIn(w)...)
		}
	case nil:
	default:
		out = append(out, fmt.Sprint(v))
	}
	return out
}

// templates is where the templates are read from; TestFaultsInTheTemplatesAreCaught puts faults into a copy.
var templates = flag.String("templates", "..", "folder of template.yaml and infra")

// template reads one template's resources by name.
func template(t *testing.T, file string) node {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(*templates, file))
	if err != nil {
		t.Fatal(err)
	}
	var n map[string]any
	if err := yaml.Unmarshal(data, &n); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return n
}

// each calls do for each resource of a kind.
func each(t *testing.T, file, kind string, do func(name string, r node)) {
	t.Helper()
	resources := template(t, file).node("Resources")
	found := 0
	for _, name := range slices.Sorted(maps.Keys(resources)) {
		if r := resources.node(name); r.text("Type") == kind {
			found++
			do(name, r)
		}
	}
	if found == 0 {
		t.Errorf("%s holds no %s", file, kind)
	}
}

// cfn-lint only mentions a nested template that is missing, and succeeds.
func TestNestedTemplatesAreThereAndGetTheirParameters(t *testing.T) {
	each(t, "template.yaml", "AWS::CloudFormation::Stack", func(name string, r node) {
		nested := template(t, r.text("Properties", "TemplateURL"))
		given, wanted := slices.Sorted(maps.Keys(r.node("Properties", "Parameters"))),
			slices.Sorted(maps.Keys(nested.node("Parameters")))
		if !slices.Equal(given, wanted) {
			t.Errorf("%s is given %v and wants %v", name, given, wanted)
		}
	})
}

func TestFunctionsAreBuiltAlikeAndGetTheirEnvironment(t *testing.T) {
	wants := map[string]any{"Inbound": config.Inbound{}, "Send": config.Send{}, "Events": config.Events{},
		"Schedule": config.Schedule{}, "Metrics": config.Metrics{},
		"Index": config.Index{}, "ReceiptRule": struct{}{}, "Adopt": struct{}{}, "Watch": config.Watch{},
		"Files": config.Files{}}
	globals := template(t, "template.yaml").node("Globals", "Function")
	if globals.text("Runtime") != "provided.al2023" || globals.text("Handler") != "bootstrap" ||
		globals.text("Architectures") != "[arm64]" {
		t.Errorf("the functions are built as %v", globals)
	}
	each(t, "template.yaml", "AWS::Serverless::Function", func(name string, r node) {
		short := strings.TrimSuffix(name, "Function")
		want, ok := wants[short]
		delete(wants, short)
		if !ok || r.text("Metadata", "BuildMethod") != "go1.x" || r.text("Properties", "CodeUri") != "functions/"+
			strings.ToLower(short)+"/" {
			t.Errorf("%s: %v", name, r)
		}
		if role := r.text("Properties", "Role"); role != "Roles.Outputs."+short+"RoleArn" {
			t.Errorf("%s runs as %s, which is not a role of its own", name, role)
		}
		set := append(slices.Collect(maps.Keys(globals.node("Environment", "Variables"))),
			slices.Collect(maps.Keys(r.node("Properties", "Environment", "Variables")))...)
		for _, v := range variables(reflect.TypeOf(want)) {
			if !slices.Contains(set, v) {
				t.Errorf("%s lacks %s", name, v)
			}
		}
	})
	for name := range wants {
		t.Errorf("there is no function %s", name)
	}
}

func variables(of reflect.Type) (out []string) {
	for i := range of.NumField() {
		f := of.Field(i)
		if f.Anonymous {
			out = append(out, variables(f.Type)...)
			continue
		}
		name, _, _ := strings.Cut(f.Tag.Get("env"), ",")
		out = append(out, name)
	}
	return out
}

// Every queue gives up into a dead-letter queue that an alarm stands at, and is
// patient with its function.
func TestQueues(t *testing.T) {
	timeout := map[string]int{}
	parameters, calls := template(t, "template.yaml").node("Parameters"), 0
	each(t, "template.yaml", "AWS::Serverless::Function", func(name string, r node) {
		q := r.node("Properties", "Events", "Queue")
		if q == nil {
			return
		}
		var seconds int
		if _, err := fmt.Sscan(r.text("Properties", "Timeout"), &seconds); err != nil {
			t.Fatal(err)
		}
		timeout[strings.TrimSuffix(strings.TrimPrefix(q.text("Properties", "Queue"), "Queues.Outputs."),
			"Arn")] = seconds
		if q.text("Properties", "FunctionResponseTypes") != "[ReportBatchItemFailures]" {
			t.Errorf("%s repeats a whole batch for one failed message", name)
		}
		most := q.text("Properties", "ScalingConfig", "MaximumConcurrency")
		if p := parameters.node(most); p != nil {
			most = p.text("Default")
		}
		n, err := strconv.Atoi(most)
		if err != nil {
			t.Errorf("%s may be called as often at once as there is mail (%q): it would be throttled, and send would "+
				"outrun the account's rate", name, most)
		}
		calls += n
		if dead, own := r.text("Properties", "Environment", "Variables", "REPLYWELL_DEAD_LETTERS"),
			strings.TrimSuffix(q.text("Properties", "Queue"), "QueueArn")+"DeadLettersUrl"; dead != own {
			t.Errorf("%s parks in %q instead of %q", name, dead, own)
		}
	})
	if calls > 8 {
		t.Errorf("the queues may call %d functions at once: a new account has 10, and the schedules need two", calls)
	}
	alarms := map[string]bool{}
	each(t, "infra/observability.yaml", "AWS::CloudWatch::Alarm", func(name string, r node) {
		for _, d := range r.nodes("Properties", "Dimensions") {
			alarms[d.text("Value")] = true
		}
		if r.text("Properties", "AlarmActions") != "[Alarms]" {
			t.Errorf("%s tells nobody", name)
		}
	})
	outputs := template(t, "template.yaml").node("Outputs")
	each(t, "infra/queues.yaml", "AWS::SQS::Queue", func(name string, r node) {
		if outputs.text(name, "Value") != "Queues.Outputs."+name+"Url" {
			t.Errorf("replywell dlq does not find %s in the stack's outputs", name)
		}
		if !alarms[name] {
			t.Errorf("no alarm stands at %s", name)
		}
		if r.text("Properties", "SqsManagedSseEnabled") != "true" {
			t.Errorf("%s is not encrypted", name)
		}
		if strings.HasSuffix(name, "DeadLetters") {
			return
		}
		if dead := r.text("Properties", "RedrivePolicy", "deadLetterTargetArn"); dead != strings.TrimSuffix(name,
			"Queue")+"DeadLetters.Arn" {
			t.Errorf("%s gives up into %q", name, dead)
		}
		var visibility int
		if _, err := fmt.Sscan(r.text("Properties", "VisibilityTimeout"), &visibility); err != nil ||
			timeout[name] == 0 || visibility < 6*timeout[name] {
			t.Errorf("%s hides a message for %d s; its function may take %d s, and six times that is asked for", name,
				visibility, timeout[name])
		}
		// A day of trouble, in which the function fails at once, and half of a day's receives are throttled.
		var receives, kept float64
		_, err := fmt.Sscan(r.text("Properties", "RedrivePolicy", "maxReceiveCount")+" "+
			r.text("Properties", "MessageRetentionPeriod"), &receives, &kept)
		if day := 24 * time.Hour; err != nil || receives < 2*float64(day/cloud.LongestWait) {
			t.Errorf("%s gives up after %v receives: not a day of them, with waits of %v", name, receives,
				cloud.LongestWait)
		}
		// What SQS gives up on keeps the age that it had: most of it is to be left to look at it.
		if name != "SendQueue" && kept < 2*receives*cloud.LongestWait.Seconds() {
			t.Errorf("%s keeps a message for %v s, of which %v may be tried", name, kept,
				receives*cloud.LongestWait.Seconds())
		}
	})
}

// wide are the statements that AWS leaves no other way to write.
var wide = map[string]string{
	"ses:GetAccount": "has no resource",
	"ses:GetAccount, ses:DescribeActiveReceiptRuleSet": "have no resource",
	"ses:GetEmailIdentity": "the settings name the domains, and reading tells no more " +
		"than DNS does",
	"xray:PutTraceSegments, xray:PutTelemetryRecords": "have no resource",
	"ses:DescribeActiveReceiptRuleSet, ses:DescribeReceiptRuleSet, ses:ListReceiptRuleSets, " +
		"ses:CreateReceiptRuleSet," +
		" ses:SetActiveReceiptRuleSet, " +
		"ses:DeleteReceiptRuleSet, ses:CreateReceiptRule, ses:UpdateReceiptRule, ses:DeleteReceiptRule": "receipt " +
		"rules know no resources",
	"ses:SendEmail, ses:SendRawEmail": "in the sandbox SES asks for the recipient's identity too; ses:FromAddress " +
		"bounds the sender",
}

// narrow is a resource with one exact name, or the objects below one prefix of a bucket.
var narrow = regexp.MustCompile(
	`^(\w+(\.\w+)*|\$\{\w+\}/index/gsi[12]|\$\{\w+\}/[a-z-]+/(\*|settings\.yaml|gaps|topics)|arn:[^*]+)$`)

func functionsMayDoOnlyWhatTheyNeed(t *testing.T) {
	roles := 0
	each(t, "infra/roles.yaml", "AWS::IAM::Role", func(name string, r node) {
		roles++
		if r.at("Properties", "ManagedPolicyArns") != nil {
			t.Errorf("%s has a managed policy, which is wider than it needs", name)
		}
		for _, p := range r.nodes("Properties", "Policies") {
			for _, s := range statements(p) {
				actions := strings.Join(textsIn(s.at("Action")), ", ")
				if actions == "" || strings.Contains(actions, "*") {
					t.Errorf("%s may do %q", name, actions)
				}
				for _, res := range textsIn(s.at("Resource")) {
					if !narrow.MatchString(res) && wide[actions] == "" {
						t.Errorf("%s may do %s on %s", name, actions, res)
					}
				}
				if strings.Contains(actions, "bedrock:") &&
					(actions != "bedrock:InvokeModel" || name != "InboundRole") {
					t.Errorf("%s may do %s", name, actions)
				}
				if strings.Contains(actions, "ses:Send") && s.text("Condition", "StringLike",
					"ses:FromAddress") == "" {
					t.Errorf("%s may send as anybody", name)
				}
			}
		}
	})
	functions := 0
	each(t, "template.yaml", "AWS::Serverless::Function", func(string, node) { functions++ })
	if roles != functions {
		t.Errorf("%d roles for %d functions", roles, functions)
	}
}

// statements gives a policy's statements, also those behind an !If.
func statements(policy node) (out []node) {
	list, _ := policy.at("PolicyDocument", "Statement").([]any)
	for _, v := range list {
		switch v := v.(type) {
		case map[string]any:
			out = append(out, v)
		case []any:
			for _, w := range v {
				if m, ok := w.(map[string]any); ok {
					out = append(out, m)
				}
			}
		}
	}
	return out
}

func bucketsAreClosed(t *testing.T) {
	policies := map[string][]node{}
	each(t, "infra/storage.yaml", "AWS::S3::BucketPolicy", func(_ string, r node) {
		policies[strings.Fields(strings.Trim(r.text("Properties", "Bucket"), "[]"))[1]] = r.nodes("Properties",
			"PolicyDocument", "Statement")
	})
	each(t, "infra/storage.yaml", "AWS::S3::Bucket", func(name string, r node) {
		for _, k := range []string{"BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls",
			"RestrictPublicBuckets"} {
			if r.text("Properties", "PublicAccessBlockConfiguration", k) != "true" {
				t.Errorf("%s: %s is off", name, k)
			}
		}
		if len(r.nodes("Properties", "BucketEncryption", "ServerSideEncryptionConfiguration")) == 0 ||
			r.text("DeletionPolicy") != "RetainExceptOnCreate" ||
			len(r.nodes("Properties", "LifecycleConfiguration", "Rules")) == 0 {
			t.Errorf("%s is not encrypted, not kept or kept for ever", name)
		}
		if !slices.ContainsFunc(policies[name], func(s node) bool {
			return s.text("Effect") == "Deny" && s.text("Condition", "Bool", "aws:SecureTransport") == "false" &&
				s.text("Action") == "s3:*"
		}) {
			t.Errorf("%s answers plain HTTP", name)
		}
	})
}

// Whatever a service of AWS may do to us, it may do for this account and for our
// own rule, set or topic only.
func servicesAreLetInByNameOnly(t *testing.T) {
	check := func(name string, s node) {
		if s.text("Effect") != "Allow" {
			return
		}
		c := fmt.Sprint(s.at("Condition"))
		if !strings.Contains(c, "aws:SourceArn") || strings.Contains(s.text("Principal", "Service"), "ses.") &&
			!strings.Contains(c, "aws:SourceAccount") {
			t.Errorf("%s lets %v in under %s", name, s.at("Principal"), c)
		}
	}
	for file, kind := range map[string]string{"infra/storage.yaml": "AWS::S3::BucketPolicy",
		"infra/queues.yaml": "AWS::SQS::QueuePolicy"} {
		each(t, file, kind, func(name string, r node) {
			for _, s := range r.nodes("Properties", "PolicyDocument", "Statement") {
				check(name, s)
			}
		})
	}
	each(t, "infra/queues.yaml", "AWS::SNS::TopicPolicy", func(name string, r node) {
		for _, s := range r.nodes("Properties", "PolicyDocument", "Statement") {
			check(name, s)
		}
	})
}

// The template declares the table that the engine works with, and protects it.
func TestTableIsTheEngines(t *testing.T) {
	each(t, "infra/storage.yaml", "AWS::DynamoDB::Table", func(_ string, r node) {
		want := dynamo.Table("x")
		schema := func(n node) (out []string) {
			for _, k := range n.nodes("KeySchema") {
				out = append(out, k.text("AttributeName")+" "+k.text("KeyType"))
			}
			return out
		}
		var keys []string
		for _, k := range want.KeySchema {
			keys = append(keys, *k.AttributeName+" "+string(k.KeyType))
		}
		p := r.node("Properties")
		if !slices.Equal(schema(p), keys) || len(p.nodes("AttributeDefinitions")) != len(want.AttributeDefinitions) ||
			len(p.nodes("GlobalSecondaryIndexes")) != len(want.GlobalSecondaryIndexes) {
			t.Errorf("the table is declared as %v", p)
		}
		for i, g := range p.nodes("GlobalSecondaryIndexes") {
			var keys []string
			for _, k := range want.GlobalSecondaryIndexes[i].KeySchema {
				keys = append(keys, *k.AttributeName+" "+string(k.KeyType))
			}
			if g.text("IndexName") != *want.GlobalSecondaryIndexes[i].IndexName || !slices.Equal(schema(g), keys) ||
				g.text("Projection", "ProjectionType") != "ALL" {
				t.Errorf("the index is declared as %v", g)
			}
		}
		if p.text("BillingMode") != string(want.BillingMode) ||
			p.text("TimeToLiveSpecification", "AttributeName") != dynamo.TimeToLive ||
			p.text("TimeToLiveSpecification", "Enabled") != "true" ||
			p.text("PointInTimeRecoverySpecification", "PointInTimeRecoveryEnabled") != "true" ||
			p.text("SSESpecification", "SSEEnabled") != "true" ||
			p.text("DeletionProtectionEnabled") != "true" || r.text("DeletionPolicy") != "Retain" {
			t.Errorf("the table is protected by %v", p)
		}
	})
}

// A domain's identity is not this stack's alone: deleting the stack, or telling it not to make one, leaves it.
func TestIdentitiesOutliveTheStack(t *testing.T) {
	each(t, "infra/mail.yaml", "AWS::SES::EmailIdentity", func(name string, r node) {
		if r.text("DeletionPolicy") != "RetainExceptOnCreate" || r.text("UpdateReplacePolicy") != "Retain" {
			t.Errorf("%s is deleted with the stack: %s, %s", name, r.text("DeletionPolicy"),
				r.text("UpdateReplacePolicy"))
		}
	})
}

// A call of a schedule that waited is not made when the next ones have come already.
func TestScheduledCallsDoNotPileUp(t *testing.T) {
	every := regexp.MustCompile(`^rate\((\d+) minutes?\)$`)
	each(t, "template.yaml", "AWS::Serverless::Function", func(name string, r node) {
		age, _ := strconv.Atoi(r.text("Properties", "EventInvokeConfig", "MaximumEventAgeInSeconds"))
		events := r.node("Properties", "Events")
		for event := range events {
			e := events.node(event)
			if e.text("Type") != "ScheduleV2" {
				continue
			}
			own, err := strconv.Atoi(e.text("Properties", "RetryPolicy", "MaximumEventAgeInSeconds"))
			if err != nil || age == 0 {
				t.Errorf("%s, %s: a call may wait for hours: Scheduler %q s, Lambda %d s", name, event,
					e.text("Properties", "RetryPolicy", "MaximumEventAgeInSeconds"), age)
			}
			if m := every.FindStringSubmatch(e.text("Properties", "ScheduleExpression")); m != nil {
				minutes, _ := strconv.Atoi(m[1])
				if own > 60*minutes {
					t.Errorf("%s, %s: a call may wait for %d s, and comes every %d minutes", name, event, own, minutes)
				}
			}
		}
	})
}

// Built programs run on any Linux: none asks for the C library of the host that built it.
func TestBuildsAreStatic(t *testing.T) {
	out, err := exec.Command("make", "-C", "..", "-n", "build", "build-lambda-send", "-o", ".venv-sam/ready",
		"templates").CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	builds := 0
	for line := range strings.SplitSeq(string(out), "\n") {
		if regexp.MustCompile(`\b(go|sam) build\b`).MatchString(line) {
			if builds++; !strings.Contains(line, "CGO_ENABLED=0") {
				t.Errorf("this build depends on the host: %s", line)
			}
		}
	}
	if builds < 3 {
		t.Errorf("%d builds:\n%s", builds, out)
	}
}

// What a person answers at the first deployment is kept in a file that git does not see.
func TestGuidedDeployWritesIntoNoTrackedFile(t *testing.T) {
	for _, page := range []string{"../README.md", "../docs/deploy.md"} {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		commands := regexp.MustCompile("sam deploy[^`\n]*").FindAllString(string(text), -1)
		for _, c := range commands {
			if !strings.Contains(c, "--config-file samconfig.toml") && c != "sam deploy" {
				t.Errorf("%s: %s", page, c)
			}
		}
		if len(commands) == 0 {
			t.Errorf("%s deploys nothing", page)
		}
	}
	if out, err := exec.Command("git", "-C", "..", "check-ignore", "samconfig.toml").CombinedOutput(); err != nil {
		t.Errorf("git does not ignore samconfig.toml: %v %s", err, out)
	}
}

func TestEveryEventOfSESIsHeard(t *testing.T) {
	each(t, "infra/mail.yaml", "AWS::SES::ConfigurationSetEventDestination", func(_ string, r node) {
		if got := r.text("Properties", "EventDestination", "MatchingEventTypes"); got !=
			"[send delivery bounce complaint reject deliveryDelay renderingFailure]" {
			t.Errorf("SES publishes %s", got)
		}
	})
	data, err := os.ReadFile(filepath.Join(*templates, "infra", "samconfig.toml"))
	if err != nil || !regexp.MustCompile(`(?m)^cached = false$`).Match(data) {
		t.Errorf("sam would use a cache that misses changes in shared/: %v", err)
	}
}
