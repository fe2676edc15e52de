package moto

import (
	"context"
	"regexp"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
)

// Table makes a table for one test, and gives a client that leads to it. The
// table goes when the test ends: moto becomes slower with what it holds.
func (s *Server) Table(t testing.TB, in *dynamodb.CreateTableInput) *dynamodb.Client {
	t.Helper()
	client := dynamodb.NewFromConfig(s.Config())
	if _, err := client.CreateTable(t.Context(), in); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		// The test's own context has ended by now.
		if _, err := client.DeleteTable(context.Background(), &dynamodb.DeleteTableInput{TableName: in.TableName}); err != nil {
			t.Error(err)
		}
	})
	return client
}

var notInNames = regexp.MustCompile(`[^A-Za-z0-9_.-]+`)

// Name makes the test's name one that tables, queues and buckets may bear.
func Name(t testing.TB) string { return notInNames.ReplaceAllString(t.Name(), "-") }
