package dynamo

import (
	"context"
	"os"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/replywell/replywell/shared/cloud/moto"
	"github.com/replywell/replywell/shared/store/engine"
	"github.com/replywell/replywell/shared/store/engine/enginetest"
)

func TestMain(m *testing.M) { os.Exit(moto.Main(m)) }

// open makes a table of its own for the test, at the endpoint ("" is moto's).
func open(t *testing.T, endpoint string) *Engine {
	t.Helper()
	srv := moto.Shared(t)
	name := strings.Map(func(r rune) rune {
		if r == '_' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' {
			return r
		}
		return '-'
	}, t.Name())
	admin := dynamodb.NewFromConfig(srv.Config())
	if _, err := admin.CreateTable(t.Context(), Table(name)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if _, err := admin.DeleteTable(context.Background(), &dynamodb.DeleteTableInput{TableName: aws.String(name)}); err != nil {
			t.Log(err)
		}
	})
	if endpoint == "" {
		endpoint = srv.Endpoint
	}
	return New(dynamodb.NewFromConfig(moto.ConfigFor(endpoint)), name)
}

func TestContract(t *testing.T) {
	enginetest.Run(t, func(t *testing.T) engine.Engine { return open(t, "") })
}
