package moto

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

func TestMain(m *testing.M) { os.Exit(Main(m)) }

// A counter that six writers count up under a condition ends at the number of
// successes: that is what the proxy is for.
func TestConditionalWritesAreAtomic(t *testing.T) {
	srv := Shared(t)
	c := dynamodb.NewFromConfig(srv.Config())
	ctx := t.Context()
	_, err := c.CreateTable(ctx, &dynamodb.CreateTableInput{TableName: aws.String("counter"),
		BillingMode: types.BillingModePayPerRequest,
		AttributeDefinitions: []types.AttributeDefinition{
			{AttributeName: aws.String("pk"), AttributeType: types.ScalarAttributeTypeS}},
		KeySchema: []types.KeySchemaElement{{AttributeName: aws.String("pk"), KeyType: types.KeyTypeHash}}})
	if err != nil {
		t.Fatal(err)
	}
	key := map[string]types.AttributeValue{"pk": &types.AttributeValueMemberS{Value: "c"}}
	read := func() string {
		out, err := c.GetItem(ctx, &dynamodb.GetItemInput{TableName: aws.String("counter"), Key: key,
			ConsistentRead: aws.Bool(true)})
		if err != nil {
			t.Error(err)
			return "0"
		}
		if n, ok := out.Item["n"].(*types.AttributeValueMemberN); ok {
			return n.Value
		}
		return "0"
	}
	var mu sync.Mutex
	successes := 0
	var wg sync.WaitGroup
	for range 6 {
		wg.Go(func() {
			for range 8 {
				if countUp(ctx, c, read()) == nil {
					mu.Lock()
					successes++
					mu.Unlock()
				}
			}
		})
	}
	wg.Wait()
	if got := read(); got != fmt.Sprint(successes) || successes == 0 {
		t.Errorf("the counter reads %s after %d successes", got, successes)
	}
}

func countUp(ctx context.Context, c *dynamodb.Client, from string) error {
	_, err := c.UpdateItem(ctx, &dynamodb.UpdateItemInput{TableName: aws.String("counter"),
		Key:                 map[string]types.AttributeValue{"pk": &types.AttributeValueMemberS{Value: "c"}},
		UpdateExpression:    aws.String("ADD n :one"),
		ConditionExpression: aws.String("attribute_not_exists(n) OR n = :from"),
		ExpressionAttributeValues: map[string]types.AttributeValue{
			":one": &types.AttributeValueMemberN{Value: "1"}, ":from": &types.AttributeValueMemberN{Value: from}}})
	return err
}

func TestRequestsAreCountedAndFaultsCanBePutBefore(t *testing.T) {
	srv := Shared(t)
	before := srv.Requests()
	if _, err := dynamodb.NewFromConfig(srv.Config()).ListTables(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	if n := srv.Requests() - before; n != 1 {
		t.Errorf("one call counted as %d requests", n)
	}
	url := srv.Through(t, func(http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "no", http.StatusTeapot) })
	})
	if _, err := dynamodb.NewFromConfig(ConfigFor(url)).ListTables(t.Context(), nil); err == nil {
		t.Error("the fault was not met")
	}
}

func TestTheServerEndsWithTheTest(t *testing.T) {
	var endpoint string
	t.Run("inner", func(t *testing.T) { endpoint = Start(t).Endpoint })
	if res, err := http.Get(endpoint); err == nil {
		_ = res.Body.Close()
		t.Error("the server still answers")
	}
}
