package cloud

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/cfn"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	dynamotypes "github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/replywell/replywell/shared/cloud/moto"
	"github.com/replywell/replywell/shared/store/engine/dynamo"
)

func adopt(t *testing.T, a Adopt, properties map[string]any) error {
	t.Helper()
	// what is adopted stays so
	for _, kind := range []cfn.RequestType{cfn.RequestCreate, cfn.RequestUpdate, cfn.RequestDelete} {
		if _, _, err := a.Handle(t.Context(), cfn.Event{RequestType: kind, PhysicalResourceID: "adopted",
			ResourceProperties: properties}); err != nil {
			return err
		}
	}
	return nil
}

// A table that was restored to a point in time comes without time to live,
// recovery and protection, and has them again once a stack works on it.
func TestRestoredTableIsAdopted(t *testing.T) {
	srv := moto.Shared(t)
	a, ctx := NewAdopt(srv.Config()), t.Context()
	in := dynamo.Table("before-the-night")
	in.DeletionProtectionEnabled = aws.Bool(true)
	if _, err := a.DynamoDB.CreateTable(ctx, in); err != nil {
		t.Fatal(err)
	}
	if _, err := a.DynamoDB.UpdateContinuousBackups(ctx, &dynamodb.UpdateContinuousBackupsInput{TableName: in.TableName,
		PointInTimeRecoverySpecification: &dynamotypes.PointInTimeRecoverySpecification{
			PointInTimeRecoveryEnabled: aws.Bool(true)}}); err != nil {
		t.Fatal(err)
	}
	restored := aws.String("restored")
	if _, err := a.DynamoDB.RestoreTableToPointInTime(ctx,
		&dynamodb.RestoreTableToPointInTimeInput{SourceTableName: in.TableName, TargetTableName: restored,
			UseLatestRestorableTime: aws.Bool(true)}); err != nil {
		t.Fatal(err)
	}
	if err := adopt(t, a, map[string]any{"Table": "restored", "MailBucket": "", "ConfigBucket": "",
		"MailRetentionDays": "730"}); err != nil {
		t.Fatal(err)
	}
	ttl, err := a.DynamoDB.DescribeTimeToLive(ctx, &dynamodb.DescribeTimeToLiveInput{TableName: restored})
	if err != nil || ttl.TimeToLiveDescription.TimeToLiveStatus != dynamotypes.TimeToLiveStatusEnabled ||
		aws.ToString(ttl.TimeToLiveDescription.AttributeName) != dynamo.TimeToLive {
		t.Errorf("its time to live: %+v, %v", ttl, err)
	}
	backups, err := a.DynamoDB.DescribeContinuousBackups(ctx,
		&dynamodb.DescribeContinuousBackupsInput{TableName: restored})
	if err != nil ||
		backups.ContinuousBackupsDescription.PointInTimeRecoveryDescription.PointInTimeRecoveryStatus !=
			dynamotypes.PointInTimeRecoveryStatusEnabled {
		t.Errorf("its recovery: %+v, %v", backups, err)
	}
	table, err := a.DynamoDB.DescribeTable(ctx, &dynamodb.DescribeTableInput{TableName: restored})
	if err != nil || !aws.ToBool(table.Table.DeletionProtectionEnabled) {
		t.Errorf("its protection: %v, %v", table, err)
	}
}

// Buckets that another stack kept take this one's retention, and tell of changed articles.
func TestKeptBucketsAreAdopted(t *testing.T) {
	var told string // what S3 was asked to tell of; moto takes it, and leaves it out of its answers
	a, ctx := NewAdopt(moto.ConfigFor(moto.Shared(t).Through(t, func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodPut && r.URL.Query().Has("notification") {
				body, _ := io.ReadAll(r.Body)
				told, r.Body = string(body), io.NopCloser(bytes.NewReader(body))
			}
			next.ServeHTTP(w, r)
		})
	}))), t.Context()
	mail, config := newBucket(t, a.S3, "kept-mail"), newBucket(t, a.S3, "kept-config")
	if err := adopt(t, a, map[string]any{"MailBucket": mail, "ConfigBucket": config,
		"MailRetentionDays": "400"}); err != nil {
		t.Fatal(err)
	}
	rules, err := a.S3.GetBucketLifecycleConfiguration(ctx, &s3.GetBucketLifecycleConfigurationInput{Bucket: &mail})
	if err != nil || len(rules.Rules) != 2 || aws.ToInt32(rules.Rules[0].Expiration.Days) != 400 ||
		aws.ToInt32(rules.Rules[0].NoncurrentVersionExpiration.NoncurrentDays) != 7 ||
		aws.ToInt32(rules.Rules[1].Expiration.Days) != 91 || aws.ToString(rules.Rules[1].Filter.Prefix) != "files/" {
		t.Errorf("mail is kept by %+v, %v", rules, err)
	}
	if !strings.Contains(told, "<EventBridgeConfiguration") {
		t.Errorf("nobody hears of changed articles: %s", told)
	}
}

// What cannot be adopted fails the deployment, in words that say what to do.
func TestWhatIsNotOursIsNotAdopted(t *testing.T) {
	srv := moto.Shared(t)
	a, ctx := NewAdopt(srv.Config()), t.Context()
	create := func(name string, change func(*dynamodb.CreateTableInput)) {
		in := dynamo.Table(name)
		change(in)
		if _, err := a.DynamoDB.CreateTable(ctx, in); err != nil {
			t.Fatal(err)
		}
	}
	create("another", func(in *dynamodb.CreateTableInput) {
		in.KeySchema, in.GlobalSecondaryIndexes = in.KeySchema[:1], nil
		in.AttributeDefinitions = in.AttributeDefinitions[:1]
	})
	create("without-indexes", func(in *dynamodb.CreateTableInput) {
		in.GlobalSecondaryIndexes, in.AttributeDefinitions = nil, in.AttributeDefinitions[:2]
	})
	create("other-ttl", func(*dynamodb.CreateTableInput) {})
	if _, err := a.DynamoDB.UpdateTimeToLive(ctx, &dynamodb.UpdateTimeToLiveInput{TableName: aws.String("other-ttl"),
		TimeToLiveSpecification: &dynamotypes.TimeToLiveSpecification{AttributeName: aws.String("until"),
			Enabled: aws.Bool(true)}}); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		properties map[string]any
		says       string
	}{
		"no table":      {map[string]any{"Table": "nowhere"}, "the parameter ExistingTable names it"},
		"another table": {map[string]any{"Table": "another"}, "has other keys than Replywell's"},
		"restored without": {map[string]any{"Table": "without-indexes"},
			"lacks the index gsi1; restore it with all of its indexes"},
		"another TTL": {map[string]any{"Table": "other-ttl"}, "deletes by its attribute until"},
		"no mail bucket": {map[string]any{"MailBucket": "nowhere-at-all", "MailRetentionDays": "700"},
			"the parameter ExistingMailBucket"},
		"no config bucket": {map[string]any{"ConfigBucket": "nowhere-at-all"}, "the parameter ExistingConfigBucket"},
		"no retention": {map[string]any{"MailBucket": "nowhere-at-all", "MailRetentionDays": "x"},
			"MailRetentionDays"},
	} {
		if err := adopt(t, a, c.properties); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
