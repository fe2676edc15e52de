package cloud

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"time"

	"github.com/aws/aws-lambda-go/cfn"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	dynamotypes "github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/files"
	"github.com/replywell/replywell/shared/store/engine/dynamo"
)

// Adopt is the CloudFormation custom resource that a stack has which works on a
// table or buckets that were there before: restored to a point in time, or kept
// when another stack was deleted. CloudFormation configures only what it made. A
// restored table lacks what the template declares beside its items (DynamoDB
// developer guide, "Point-in-time recovery": time to live, recovery itself and
// protection are not restored), and a bucket keeps the retention time of before.
// On delete nothing is touched.
type Adopt struct {
	DynamoDB *dynamodb.Client
	S3       *s3.Client
}

// NewAdopt works on AWS itself.
func NewAdopt(cfg aws.Config) Adopt {
	return Adopt{DynamoDB: dynamodb.NewFromConfig(cfg), S3: s3.NewFromConfig(cfg)}
}

// Handle answers CloudFormation; cfn.LambdaWrap sends the answer. The properties
// Table, MailBucket and ConfigBucket name what is adopted, "" for nothing.
func (a Adopt) Handle(ctx context.Context, ev cfn.Event) (string, map[string]any, error) {
	const id = "adopted"
	if ev.RequestType == cfn.RequestDelete {
		return ev.PhysicalResourceID, nil, nil
	}
	text := func(name string) string { s, _ := ev.ResourceProperties[name].(string); return s }
	var errs []error
	if table := text("Table"); table != "" {
		errs = append(errs, a.table(ctx, table))
	}
	if bucket := text("MailBucket"); bucket != "" {
		days, err := strconv.Atoi(text("MailRetentionDays"))
		if err != nil || days < 1 {
			errs = append(errs, fmt.Errorf("the property MailRetentionDays is %q, and has to be a number of days", text("MailRetentionDays")))
		} else {
			errs = append(errs, a.mail(ctx, bucket, int32(days)))
		}
	}
	if bucket := text("ConfigBucket"); bucket != "" {
		errs = append(errs, a.config(ctx, bucket))
	}
	return id, nil, errors.Join(errs...)
}

// table checks that a table is one of ours, and sets what a restore leaves out.
func (a Adopt) table(ctx context.Context, name string) error {
	out, err := a.DynamoDB.DescribeTable(ctx, &dynamodb.DescribeTableInput{TableName: &name})
	var missing *dynamotypes.ResourceNotFoundException
	if errors.As(err, &missing) {
		return fmt.Errorf("there is no table %s in this region; the parameter ExistingTable names it", name)
	}
	if err != nil {
		return fmt.Errorf("cannot look at the table %s: %w", name, err)
	}
	t := out.Table
	if t.TableStatus != dynamotypes.TableStatusActive && t.TableStatus != dynamotypes.TableStatusUpdating {
		return fmt.Errorf("the table %s is not ready (%s); deploy again when it is ACTIVE, which a restore takes minutes to hours for", name, t.TableStatus)
	}
	if err := isOurs(t); err != nil {
		return err
	}
	ttl, err := a.DynamoDB.DescribeTimeToLive(ctx, &dynamodb.DescribeTimeToLiveInput{TableName: &name})
	if err != nil {
		return fmt.Errorf("cannot see the time to live of the table %s: %w", name, err)
	}
	d := ttl.TimeToLiveDescription
	on := d != nil && (d.TimeToLiveStatus == dynamotypes.TimeToLiveStatusEnabled || d.TimeToLiveStatus == dynamotypes.TimeToLiveStatusEnabling)
	if on && aws.ToString(d.AttributeName) != dynamo.TimeToLive {
		return fmt.Errorf("the table %s deletes by its attribute %s instead of %s: is it Replywell's? Switch its time to live off, and deploy again", name, aws.ToString(d.AttributeName), dynamo.TimeToLive)
	}
	if !on {
		if _, err := a.DynamoDB.UpdateTimeToLive(ctx, &dynamodb.UpdateTimeToLiveInput{TableName: &name,
			TimeToLiveSpecification: &dynamotypes.TimeToLiveSpecification{AttributeName: aws.String(dynamo.TimeToLive), Enabled: aws.Bool(true)}}); err != nil {
			return fmt.Errorf("cannot set the time to live of the table %s: %w", name, err)
		}
	}
	backups, err := a.DynamoDB.DescribeContinuousBackups(ctx, &dynamodb.DescribeContinuousBackupsInput{TableName: &name})
	if err != nil {
		return fmt.Errorf("cannot see the backups of the table %s: %w", name, err)
	}
	b := backups.ContinuousBackupsDescription
	if b == nil || b.PointInTimeRecoveryDescription == nil || b.PointInTimeRecoveryDescription.PointInTimeRecoveryStatus != dynamotypes.PointInTimeRecoveryStatusEnabled {
		if _, err := a.DynamoDB.UpdateContinuousBackups(ctx, &dynamodb.UpdateContinuousBackupsInput{TableName: &name,
			PointInTimeRecoverySpecification: &dynamotypes.PointInTimeRecoverySpecification{PointInTimeRecoveryEnabled: aws.Bool(true)}}); err != nil {
			return fmt.Errorf("cannot switch on the point-in-time recovery of the table %s: %w", name, err)
		}
	}
	if !aws.ToBool(t.DeletionProtectionEnabled) {
		if _, err := a.DynamoDB.UpdateTable(ctx, &dynamodb.UpdateTableInput{TableName: &name, DeletionProtectionEnabled: aws.Bool(true)}); err != nil {
			return fmt.Errorf("cannot protect the table %s from deletion: %w", name, err)
		}
	}
	slog.Info("the table is adopted", "table", name)
	return nil
}

// isOurs compares a table's keys and indexes with those that the store works with.
func isOurs(t *dynamotypes.TableDescription) error {
	want := dynamo.Table(aws.ToString(t.TableName))
	keys := func(schema []dynamotypes.KeySchemaElement) (out []string) {
		for _, k := range schema {
			out = append(out, aws.ToString(k.AttributeName)+" "+string(k.KeyType))
		}
		return out
	}
	if !slices.Equal(keys(t.KeySchema), keys(want.KeySchema)) {
		return fmt.Errorf("the table %s has other keys than Replywell's: %v instead of %v", aws.ToString(t.TableName), keys(t.KeySchema), keys(want.KeySchema))
	}
	for _, w := range want.GlobalSecondaryIndexes {
		if !slices.ContainsFunc(t.GlobalSecondaryIndexes, func(g dynamotypes.GlobalSecondaryIndexDescription) bool {
			return aws.ToString(g.IndexName) == aws.ToString(w.IndexName) && slices.Equal(keys(g.KeySchema), keys(w.KeySchema)) && g.Projection != nil && g.Projection.ProjectionType == w.Projection.ProjectionType
		}) {
			return fmt.Errorf("the table %s lacks the index %s; restore it with all of its indexes", aws.ToString(t.TableName), aws.ToString(w.IndexName))
		}
	}
	return nil
}

// filesKept is for how many days a bucket keeps a file: longer than any link is good.
const filesKept = int32(desk.MaxLinksGood/(24*time.Hour)) + 1

// mail gives the bucket the retention that the template declares.
func (a Adopt) mail(ctx context.Context, bucket string, days int32) error {
	_, err := a.S3.PutBucketLifecycleConfiguration(ctx, &s3.PutBucketLifecycleConfigurationInput{Bucket: &bucket,
		LifecycleConfiguration: &types.BucketLifecycleConfiguration{Rules: []types.LifecycleRule{{
			ID: aws.String("retention"), Status: types.ExpirationStatusEnabled, Filter: &types.LifecycleRuleFilter{Prefix: aws.String("")},
			Expiration: &types.LifecycleExpiration{Days: &days}, NoncurrentVersionExpiration: &types.NoncurrentVersionExpiration{NoncurrentDays: aws.Int32(7)},
			AbortIncompleteMultipartUpload: &types.AbortIncompleteMultipartUpload{DaysAfterInitiation: aws.Int32(2)}}, {
			ID: aws.String("links"), Status: types.ExpirationStatusEnabled, Filter: &types.LifecycleRuleFilter{Prefix: aws.String(files.Folder + "/")},
			Expiration: &types.LifecycleExpiration{Days: aws.Int32(filesKept)}, NoncurrentVersionExpiration: &types.NoncurrentVersionExpiration{NoncurrentDays: aws.Int32(1)}}}}})
	if err != nil {
		return fmt.Errorf("cannot set how long the bucket %s keeps mail: %w; the parameter ExistingMailBucket names a bucket of this account and region", bucket, err)
	}
	return nil
}

// config lets the index function hear of changed articles.
func (a Adopt) config(ctx context.Context, bucket string) error {
	now, err := a.S3.GetBucketNotificationConfiguration(ctx, &s3.GetBucketNotificationConfigurationInput{Bucket: &bucket})
	if err != nil {
		return fmt.Errorf("cannot look at the bucket %s: %w; the parameter ExistingConfigBucket names a bucket of this account and region", bucket, err)
	}
	if now.EventBridgeConfiguration != nil {
		return nil
	}
	if _, err := a.S3.PutBucketNotificationConfiguration(ctx, &s3.PutBucketNotificationConfigurationInput{Bucket: &bucket,
		NotificationConfiguration: &types.NotificationConfiguration{EventBridgeConfiguration: &types.EventBridgeConfiguration{},
			LambdaFunctionConfigurations: now.LambdaFunctionConfigurations, QueueConfigurations: now.QueueConfigurations, TopicConfigurations: now.TopicConfigurations}}); err != nil {
		return fmt.Errorf("cannot have the bucket %s tell of changed articles: %w", bucket, err)
	}
	return nil
}
