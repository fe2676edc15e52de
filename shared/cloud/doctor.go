package cloud

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	dynamotypes "github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/doctor"
	"github.com/replywell/replywell/shared/store/engine/dynamo"
)

// Doctor looks at a deployed stack and at what it depends on in the account and
// in the DNS, with the rights of whoever calls it.
type Doctor struct {
	AWS   aws.Config
	Stack string
	DNS   doctor.DNS
	Now   func() time.Time
	// Places reads the posting secret; nil: reports are not looked at.
	Places func(secret []byte) doctor.Places
}

// stackFacts are a stack's outputs and parameters.
type stackFacts struct{ outputs, parameters map[string]string }

// Examine looks at everything, in the order in which a mail meets it. The error
// is that there is no such stack.
func (d Doctor) Examine(ctx context.Context) (doctor.Report, error) {
	var r doctor.Report
	facts, err := d.stack(ctx, &r)
	if err != nil {
		return nil, err
	}
	stack := Deployed{ConfigBucket: facts.outputs["ConfigBucket"], MailDomains: listed(facts.outputs["MailDomains"]), Recipients: listed(facts.outputs["Recipients"])}
	settings := d.settings(ctx, &r, stack, facts)
	x := examination{Doctor: d, report: &r, facts: facts, stack: stack}
	x.receiving(ctx)
	x.rules(ctx)
	x.policies(ctx)
	x.queues(ctx)
	d.table(ctx, &r, facts.outputs["Table"])
	d.keys(ctx, &r, facts.outputs["Keys"])
	if settings != nil {
		x.probe(ctx)
		d.reports(ctx, &r, settings, facts)
	}
	x.account(ctx)
	x.identities(ctx)
	x.events(ctx)
	x.alarms(ctx)
	public := facts.outputs["FilesURL"]
	if settings != nil {
		public = cmp.Or(settings.Links.Public, public)
	}
	doctor.FileLinks(ctx, &r, public, "files above 10 MB go back to their agents; the parameter FileLinks is no")
	if settings != nil {
		doctor.Departments(&r, settings)
		x.people(ctx, settings)
	}
	return r, nil
}

// examination is one look at a stack.
type examination struct {
	Doctor
	report *doctor.Report
	facts  stackFacts
	stack  Deployed
}

// Clocks may differ by these: reply addresses and claims bear times, and AWS
// refuses what is signed five minutes off.
const (
	clockWarning = 30 * time.Second
	clockBad     = 5 * time.Minute
)

func (d Doctor) stack(ctx context.Context, r *doctor.Report) (f stackFacts, err error) {
	asked := d.Now()
	found, err := readStack(ctx, d.AWS, d.Stack)
	if err != nil {
		return f, err
	}
	f = stackFacts{outputs(found), map[string]string{}}
	for _, p := range found.Stacks[0].Parameters {
		f.parameters[aws.ToString(p.ParameterKey)] = aws.ToString(p.ParameterValue)
	}
	switch status := string(found.Stacks[0].StackStatus); {
	case strings.HasSuffix(status, "_FAILED") || strings.HasPrefix(status, "ROLLBACK"):
		r.Add(doctor.Bad, "stack", d.Stack, "its state is "+status, "parts of it may be missing or of another version", "look at its events (aws cloudformation describe-stack-events), mend the cause, and deploy again")
	default:
		r.Good("stack", d.Stack, "%s", status)
	}
	if f.outputs["Table"] == "" || f.outputs["MailDomains"] == "" {
		return f, fmt.Errorf("the stack %s has no outputs Table and MailDomains; is it Replywell's, and deployed with this version?", d.Stack)
	}
	if server, ok := awsmiddleware.GetServerTime(found.ResultMetadata); ok {
		off := server.Sub(asked.Add(d.Now().Sub(asked) / 2)).Round(time.Second)
		const why, next = "AWS refuses what is signed five minutes off, and times in a report of this machine are wrong by as much", "let this machine keep time (timedatectl set-ntp true)"
		switch {
		case off.Abs() >= clockBad:
			r.Add(doctor.Bad, "clock", "", "this machine's differs from AWS's by "+doctor.Span(off.Abs()), why, next)
		case off.Abs() >= clockWarning:
			r.Add(doctor.Warning, "clock", "", "this machine's differs from AWS's by "+doctor.Span(off.Abs()), why, next)
		default:
			r.Good("clock", "", "this machine and AWS agree")
		}
	}
	return f, nil
}

// settings looks at the team's document; nil where there is none to go by.
func (d Doctor) settings(ctx context.Context, r *doctor.Report, stack Deployed, f stackFacts) *desk.Settings {
	s, err := Settings(s3.NewFromConfig(d.AWS), stack.ConfigBucket, d.Now)(ctx)
	push := "replywell config push --stack " + d.Stack + " FILE"
	switch {
	case errors.Is(err, ErrNoSettings):
		r.Add(doctor.Bad, "settings", "", "there are none", "mail that comes waits, and nobody hears of it", "write them (replywell config sample) and push them: "+push)
		return nil
	case err != nil:
		r.Add(doctor.Bad, "settings", "", "they cannot be used: "+doctor.OneLine(err.Error()), "functions that started before go on with the last good document, new ones cannot", "mend them and push them again: "+push)
		return nil
	}
	notes, err := stack.Check(s)
	if err != nil {
		r.Add(doctor.Bad, "settings", "", doctor.OneLine(err.Error()), "answers cannot leave, or replies cannot arrive", "change the settings or the stack's parameters: "+push)
	} else {
		r.Good("settings", "", "%s and %s, and they fit the stack", doctor.Count(len(s.Mailboxes), "mailbox", "mailboxes"), doctor.Count(len(s.Agents), "agent", "agents"))
	}
	for _, n := range notes {
		r.Add(doctor.Warning, "settings", "", n, "mail that is not forwarded never reaches the desk", "see that it is forwarded; write to it once, and look whether the mail arrives")
	}
	zone, wanted := f.parameters["TimeZone"], s.Report.TimeZone
	if wanted == "" {
		wanted = "UTC"
	}
	if _, err := time.LoadLocation(zone); err != nil {
		r.Add(doctor.Bad, "time zone", "", fmt.Sprintf("the stack's parameter TimeZone is %q, which is no time zone", zone), "the weekly figures come at another hour, or not at all", "deploy again with an IANA name such as Europe/Berlin")
	} else if zone != wanted {
		r.Add(doctor.Warning, "time zone", "", fmt.Sprintf("the stack's parameter TimeZone is %s, and the settings say %s", zone, wanted), "the weekly figures are of a week that ends at another hour than they are sent", "make them the same")
	} else {
		r.Good("time zone", "", "%s", zone)
	}
	return s
}

// reports looks at where reports go.
func (d Doctor) reports(ctx context.Context, r *doctor.Report, s *desk.Settings, f stackFacts) {
	if d.Places == nil {
		return
	}
	secret, err := Secrets{Client: secretsmanager.NewFromConfig(d.AWS)}.Posting(ctx, f.parameters["SlackSecretArn"])
	p := doctor.Places{Wrong: err}
	if err == nil {
		p = d.Places(secret)
	}
	p.Weekly = "by the stack’s ReportSchedule, " + cmp.Or(f.parameters["ReportSchedule"], "which is not told") + " in " + cmp.Or(f.parameters["TimeZone"], "UTC")
	p.Kept = "reports/ of the bucket " + f.outputs["ConfigBucket"]
	doctor.Reports(ctx, r, s, p, d.Now())
}

// table looks at what protects the table, which a restore leaves out.
func (d Doctor) table(ctx context.Context, r *doctor.Report, name string) {
	db := dynamodb.NewFromConfig(d.AWS)
	adopt := "deploy with ExistingTable=" + name + " (docs/operations.md, \"Restoring the table\"), which sets it again"
	out, err := db.DescribeTable(ctx, &dynamodb.DescribeTableInput{TableName: &name})
	if err != nil {
		r.Unknown("table", name, err, "look whether it is there (aws dynamodb describe-table); docs/operations.md says how a table is restored")
		return
	}
	good := true
	if out.Table.TableStatus != dynamotypes.TableStatusActive {
		good = false
		r.Add(doctor.Warning, "table", name, "its state is "+string(out.Table.TableStatus), "until it is ACTIVE mail waits", "wait, and look again")
	}
	if ttl, err := db.DescribeTimeToLive(ctx, &dynamodb.DescribeTimeToLiveInput{TableName: &name}); err != nil {
		good = false
		r.Unknown("time to live", name, err, "see that you may call dynamodb:DescribeTimeToLive")
	} else if t := ttl.TimeToLiveDescription; t == nil || aws.ToString(t.AttributeName) != dynamo.TimeToLive || t.TimeToLiveStatus != dynamotypes.TimeToLiveStatusEnabled && t.TimeToLiveStatus != dynamotypes.TimeToLiveStatusEnabling {
		good = false
		r.Add(doctor.Bad, "time to live", name, "it is off", "what is to be forgotten stays for ever, customers' text included", adopt)
	}
	if b, err := db.DescribeContinuousBackups(ctx, &dynamodb.DescribeContinuousBackupsInput{TableName: &name}); err != nil {
		good = false
		r.Unknown("point-in-time recovery", name, err, "see that you may call dynamodb:DescribeContinuousBackups")
	} else if p := b.ContinuousBackupsDescription; p == nil || p.PointInTimeRecoveryDescription == nil || p.PointInTimeRecoveryDescription.PointInTimeRecoveryStatus != dynamotypes.PointInTimeRecoveryStatusEnabled {
		good = false
		r.Add(doctor.Bad, "point-in-time recovery", name, "it is off", "what is deleted or overwritten by mistake cannot be brought back", adopt)
	}
	if !aws.ToBool(out.Table.DeletionProtectionEnabled) {
		good = false
		r.Add(doctor.Warning, "deletion protection", name, "it is off", "one wrong command deletes every conversation", adopt)
	}
	if good {
		r.Good("table", name, "active, with recovery to a point in time, time to live and protection")
	}
}

// keysGrowOld is when the keys of reply addresses ought to be rotated.
const keysGrowOld = 2 * 365 * 24 * time.Hour

func (d Doctor) keys(ctx context.Context, r *doctor.Report, arn string) {
	client := secretsmanager.NewFromConfig(d.AWS)
	const about, rotate = "keys of reply addresses", "docs/operations.md says how keys are rotated without breaking an address"
	if _, err := (Secrets{Client: client}).Keyring(ctx, arn); err != nil {
		r.Add(doctor.Bad, about, "", doctor.OneLine(err.Error()), "no mail can be taken in or sent: every reply address is signed with them", "bring the secret back (aws secretsmanager restore-secret works for 7 to 30 days), or give the stack another one with ExistingKeysArn")
		return
	}
	out, err := client.DescribeSecret(ctx, &secretsmanager.DescribeSecretInput{SecretId: &arn})
	if err != nil {
		r.Unknown(about, "", err, "see that you may call secretsmanager:DescribeSecret")
		return
	}
	changed := aws.ToTime(out.LastChangedDate)
	if changed.IsZero() {
		changed = aws.ToTime(out.CreatedDate)
	}
	if age := d.Now().Sub(changed); !changed.IsZero() && age > keysGrowOld {
		r.Add(doctor.Warning, about, "", fmt.Sprintf("they were changed %d days ago", int(age.Hours()/24)), "whoever has seen them in all that time can write as an agent", rotate)
		return
	}
	r.Good(about, "", "they can be read, and are not old")
}
