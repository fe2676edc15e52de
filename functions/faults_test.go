package functions

import (
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/replywell/replywell/shared/bench/need"
)

var slowFaults = flag.Bool("faults", false,
	"TestFaultsInTheTemplatesAreCaught also asks cfn-lint and checkov, which takes a minute; .ci/run does")

// faults are mistakes that somebody makes in a template one day, each with the
// check that has to see it: a test of this package, or a target of make.
var faults = []struct {
	name, file, is, becomes, caughtBy string
}{
	{"a queue is impatient with its function", "infra/queues.yaml", "VisibilityTimeout: 720", "VisibilityTimeout: 120",
		"TestQueues"},
	{"a queue gives up after minutes", "infra/queues.yaml", "!GetAtt MailDeadLetters.Arn, maxReceiveCount: 1000",
		"!GetAtt MailDeadLetters.Arn, maxReceiveCount: 5", "TestQueues"},
	{"a queue gives up into another's dead letters", "infra/queues.yaml",
		"!GetAtt SendDeadLetters.Arn, maxReceiveCount", "!GetAtt MailDeadLetters.Arn, maxReceiveCount", "TestQueues"},
	{"dead letters that nobody hears of", "infra/observability.yaml", "Value: !Ref EventsDeadLetters }]",
		"Value: !Ref MailDeadLetters }]", "TestQueues"},
	{"an alarm that tells nobody", "infra/observability.yaml", "AlarmActions: [!Ref Alarms]", "AlarmActions: []",
		"TestQueues"},
	{"a silence that rings before there was a sound", "infra/observability.yaml", "TreatMissingData: missing",
		"TreatMissingData: breaching", "TestNoAlarmRingsForWhatWasNeverCounted"},
	{"an alarm at a name that nobody writes", "infra/observability.yaml", "MetricName: ProbesBack",
		"MetricName: ProbesClosed", "TestAlarmsStandAtWhatIsMeasured"},
	{"a function called without bound", "template.yaml",
		"            ScalingConfig: { MaximumConcurrency: !Ref InboundConcurrency }\n", "", "TestQueues"},
	{"a batch repeated for one failed mail", "template.yaml", "FunctionResponseTypes: [ReportBatchItemFailures]",
		"FunctionResponseTypes: []", "TestQueues"},
	{"a function may do anything with a bucket", "infra/roles.yaml",
		`Action: ["s3:GetObject"], Resource: [!Sub "${MailBucketArn}/mail/*"`,
		`Action: ["s3:*"], Resource: [!Sub "${MailBucketArn}/mail/*"`, "TestAttack13TheHouseItself"},
	{"a function may read every secret", "infra/roles.yaml",
		`Action: ["secretsmanager:GetSecretValue"], Resource: !Ref KeysArn`,
		`Action: ["secretsmanager:GetSecretValue"], Resource: "*"`, "TestAttack13TheHouseItself"},
	{"send may write as anybody", "infra/roles.yaml", `StringLike: { "ses:FromAddress"`,
		`StringLike: { "ses:Recipients"`, "TestAttack13TheHouseItself"},
	{"a bucket open to the public", "infra/storage.yaml", "BlockPublicPolicy: true", "BlockPublicPolicy: false",
		"TestAttack13TheHouseItself"},
	{"a bucket that answers plain HTTP", "infra/storage.yaml",
		`Condition: { Bool: { "aws:SecureTransport": "false" } }`,
		`Condition: { Bool: { "aws:SecureTransport": "true" } }`, "TestAttack13TheHouseItself"},
	{"any account's SES may store mail", "infra/storage.yaml",
		`StringEquals: { "aws:SourceAccount": !Ref "AWS::AccountId" }`,
		`StringEquals: { "aws:PrincipalType": Service }`, "TestAttack13TheHouseItself"},
	{"nothing is ever forgotten", "infra/storage.yaml",
		"TimeToLiveSpecification: { AttributeName: expires, Enabled: true }",
		"TimeToLiveSpecification: { AttributeName: expires, Enabled: false }", "TestTableIsTheEngines"},
	{"no recovery to a point in time", "infra/storage.yaml", "PointInTimeRecoveryEnabled: true",
		"PointInTimeRecoveryEnabled: false", "TestTableIsTheEngines"},
	{"an index with another key", "infra/storage.yaml", "{ AttributeName: gsi2sk, KeyType: RANGE }",
		"{ AttributeName: gsi1sk, KeyType: RANGE }", "TestTableIsTheEngines"},
	{"an identity deleted with the stack", "infra/mail.yaml", "DeletionPolicy: RetainExceptOnCreate",
		"DeletionPolicy: Delete", "TestIdentitiesOutliveTheStack"},
	{"keys deleted with the stack", "infra/storage.yaml", "DeletionPolicy: RetainExceptOnCreate # without it",
		"DeletionPolicy: Delete # without it", "TestWhatIsKeptAndWhatIsTakenBack"},
	{"bounces stay unseen", "infra/mail.yaml", "[send, delivery, bounce, ", "[send, delivery, ",
		"TestEveryEventOfSESIsHeard"},
	{"events in upper case", "infra/mail.yaml", "[send, delivery, bounce,", "[SEND, DELIVERY, BOUNCE,",
		"TestEveryEventOfSESIsHeard"},
	{"a nested stack without one of its parameters", "template.yaml", "        RequireTls: !Ref RequireTls\n", "",
		"TestNestedTemplatesAreThereAndGetTheirParameters"},
	{"a function without a variable", "template.yaml", "          REPLYWELL_CONFIGURATION_SET: !Ref AWS::StackName\n",
		"", "TestFunctionsAreBuiltAlikeAndGetTheirEnvironment"},
	{"a function with another's role", "template.yaml", "Role: !GetAtt Roles.Outputs.EventsRoleArn",
		"Role: !GetAtt Roles.Outputs.SendRoleArn", "TestFunctionsAreBuiltAlikeAndGetTheirEnvironment"},
	{"sweeps pile up", "template.yaml", "RetryPolicy: { MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 }",
		"RetryPolicy: { MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 3600 }", "TestScheduledCallsDoNotPileUp"},
	{"an alarm that no page explains", "infra/observability.yaml", "  SandboxAlarm:\n", "  SandpitAlarm:\n",
		"TestEveryAlarmIsExplained"},
	{"a build by a cache that misses changes", "infra/samconfig.toml", "cached = false", "cached = true",
		"TestEveryEventOfSESIsHeard"},
	{"a nested template that is not there", "template.yaml", "TemplateURL: infra/mail.yaml",
		"TemplateURL: infra/mails.yaml", "lint-templates"},
	{"an attribute that a resource has not", "infra/queues.yaml", "MailQueueArn: { Value: !GetAtt MailQueue.Arn }",
		"MailQueueArn: { Value: !GetAtt MailQueue.ARN }", "lint-templates"},
	{"a parameter that is not declared", "infra/mail.yaml", "RequireTls: !Ref RequireTls",
		"RequireTls: !Ref RequireTLS", "lint-templates"},
	{"a bucket without versions", "infra/storage.yaml", "VersioningConfiguration: { Status: Enabled } # an older",
		"VersioningConfiguration: { Status: Suspended } # an older", "checkov"},
	{"a role that anybody may take", "infra/roles.yaml", "Principal: { Service: lambda.amazonaws.com }",
		`Principal: { AWS: "*" }`, "checkov"},
}

// Each fault that is put into the templates on purpose is seen by the check that is there for it.
func TestFaultsInTheTemplatesAreCaught(t *testing.T) {
	for _, f := range faults {
		t.Run(strings.ReplaceAll(f.name, " ", "_"), func(t *testing.T) {
			test := strings.HasPrefix(f.caughtBy, "Test")
			need.Step(t, test || *slowFaults, "make template-faults")
			dir := t.TempDir()
			if err := os.CopyFS(filepath.Join(dir, "infra"), os.DirFS("../infra")); err != nil {
				t.Fatal(err)
			}
			main, err := os.ReadFile("../template.yaml")
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(dir, "template.yaml"), main, 0o600); err != nil {
				t.Fatal(err)
			}
			check := func() (string, error) {
				cmd := exec.Command(os.Args[0], "-test.run", "^"+f.caughtBy+"$", "-templates", dir)
				if !test {
					cmd = exec.Command("make", "-C", "..", "--no-print-directory", f.caughtBy, "TEMPLATES="+dir)
				}
				out, err := cmd.CombinedOutput()
				return string(out), err
			}
			if test { // what fails without the fault proves nothing
				if out, err := check(); err != nil {
					t.Fatalf("%s fails on the templates as they are:\n%s", f.caughtBy, out)
				}
			}
			path := filepath.Join(dir, f.file)
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			broken := strings.Replace(string(data), f.is, f.becomes, 1)
			if broken == string(data) {
				t.Fatalf("%s does not hold %q any more", f.file, f.is)
			}
			if err := os.WriteFile(path, []byte(broken), 0o600); err != nil {
				t.Fatal(err)
			}
			if out, err := check(); err == nil {
				t.Errorf("%s sees nothing wrong:\n%s", f.caughtBy, out)
			}
		})
	}
}
