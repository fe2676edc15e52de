package config

import (
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
)

// The structs below are what each Lambda function is told by its environment.
// template.yaml sets the variables; FromEnvironment reads them. Each value is a
// name or an ARN; secrets are named, never contained.

// Inbound is the environment of the inbound function.
type Inbound struct {
	Table        string `env:"REPLYWELL_TABLE"`         // DynamoDB table
	MailBucket   string `env:"REPLYWELL_MAIL_BUCKET"`   // raw and composed mail
	ConfigBucket string `env:"REPLYWELL_CONFIG_BUCKET"` // settings, knowledge base
	KeysSecret   string `env:"REPLYWELL_KEYS_SECRET"`   // keys of reply addresses
	Queue        string `env:"REPLYWELL_MAIL_QUEUE"`    // URL of the queue it is called from
	SendQueue    string `env:"REPLYWELL_SEND_QUEUE"`    // URL of the queue that wakes send
}

// Send is the environment of the send function.
type Send struct {
	Table            string `env:"REPLYWELL_TABLE"`
	MailBucket       string `env:"REPLYWELL_MAIL_BUCKET"`
	ConfigBucket     string `env:"REPLYWELL_CONFIG_BUCKET"`
	KeysSecret       string `env:"REPLYWELL_KEYS_SECRET"`
	Queue            string `env:"REPLYWELL_SEND_QUEUE"`
	ConfigurationSet string `env:"REPLYWELL_CONFIGURATION_SET"` // of SES; publishes the events
}

// Events is the environment of the events function.
type Events struct {
	Table        string `env:"REPLYWELL_TABLE"`
	MailBucket   string `env:"REPLYWELL_MAIL_BUCKET"`
	ConfigBucket string `env:"REPLYWELL_CONFIG_BUCKET"`
	KeysSecret   string `env:"REPLYWELL_KEYS_SECRET"`
	Queue        string `env:"REPLYWELL_EVENTS_QUEUE"`
	SendQueue    string `env:"REPLYWELL_SEND_QUEUE"`
}

// Schedule is the environment of the schedule function.
type Schedule struct {
	Table        string `env:"REPLYWELL_TABLE"`
	MailBucket   string `env:"REPLYWELL_MAIL_BUCKET"`
	ConfigBucket string `env:"REPLYWELL_CONFIG_BUCKET"`
	KeysSecret   string `env:"REPLYWELL_KEYS_SECRET"`
	SendQueue    string `env:"REPLYWELL_SEND_QUEUE"`
}

// Metrics is the environment of the metrics function.
type Metrics struct {
	Table        string `env:"REPLYWELL_TABLE"`
	MailBucket   string `env:"REPLYWELL_MAIL_BUCKET"`
	ConfigBucket string `env:"REPLYWELL_CONFIG_BUCKET"`
	KeysSecret   string `env:"REPLYWELL_KEYS_SECRET"`
	SendQueue    string `env:"REPLYWELL_SEND_QUEUE"`
	SlackSecret  string `env:"REPLYWELL_SLACK_SECRET,optional"` // "": nothing is posted to Slack
}

// Index is the environment of the index function.
type Index struct {
	ConfigBucket string `env:"REPLYWELL_CONFIG_BUCKET"`
}

// FromEnvironment fills one of the structs above. The error names every variable
// that is missing.
func FromEnvironment[T any](into *T) error { return fromEnvironment(into, os.Getenv) }

func fromEnvironment[T any](into *T, getenv func(string) string) error {
	v := reflect.ValueOf(into).Elem()
	var missing []string
	for i := range v.NumField() {
		name, option, _ := strings.Cut(v.Type().Field(i).Tag.Get("env"), ",")
		value := strings.TrimSpace(getenv(name))
		if value == "" && option != "optional" {
			missing = append(missing, name)
		}
		v.Field(i).SetString(value)
	}
	if len(missing) > 0 {
		slices.Sort(missing)
		return fmt.Errorf("the function's environment lacks %s; template.yaml sets them, so deploy the stack again", strings.Join(missing, ", "))
	}
	return nil
}
