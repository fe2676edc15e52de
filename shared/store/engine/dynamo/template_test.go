package dynamo

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/goccy/go-yaml"
)

// The table that is deployed is the one that the tests ran against.
func TestTemplateDeclaresThisTable(t *testing.T) {
	file := filepath.Join("..", "..", "..", "..", "infra", "storage.yaml")
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var template struct {
		Resources map[string]struct {
			Type       string         `yaml:"Type"`
			Properties map[string]any `yaml:"Properties"`
		} `yaml:"Resources"`
	}
	if err := yaml.Unmarshal(b, &template); err != nil {
		t.Fatal(err)
	}
	ours, err := json.Marshal(Table("any"))
	if err != nil {
		t.Fatal(err)
	}
	var want map[string]any
	if err := json.Unmarshal(ours, &want); err != nil {
		t.Fatal(err)
	}
	tables := 0
	for name, r := range template.Resources {
		if r.Type != "AWS::DynamoDB::Table" {
			continue
		}
		tables++
		for _, property := range []string{"BillingMode", "AttributeDefinitions", "KeySchema",
			"GlobalSecondaryIndexes"} {
			if got, want := plain(r.Properties[property]), plain(want[property]); !reflect.DeepEqual(got, want) {
				t.Errorf("%s: %s of %s is\n%v; the engine's table has\n%v", file, property, name, got, want)
			}
		}
		ttl, _ := r.Properties["TimeToLiveSpecification"].(map[string]any)
		if ttl["AttributeName"] != TimeToLive || ttl["Enabled"] != true {
			t.Errorf("%s: the time to live of %s is %v, want %s", file, name, ttl, TimeToLive)
		}
	}
	if tables != 1 {
		t.Errorf("%s declares %d tables; the store is one", file, tables)
	}
}

// plain leaves out what is null in JSON and absent in YAML.
func plain(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for k, e := range v {
			if e != nil {
				out[k] = plain(e)
			}
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = plain(e)
		}
		return out
	}
	return v
}
