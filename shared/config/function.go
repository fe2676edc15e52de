package config

import (
	"fmt"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// The structs below are what each Lambda function is told by its environment.
// template.yaml sets the variables; FromEnvironment reads them. Each value is a
// name or an ARN; secrets are named, never contained.

// Desk is what every function is told that works with conversations.
type Desk struct {
	Table        string `env:"REPLYWELL_TABLE"`         // DynamoDB table
	MailBucket   string `env:"REPLYWELL_MAIL_BUCKET"`   // raw and composed mail
	ConfigBucket string `env:"REPLYWELL_CONFIG_BUCKET"` // settings, knowledge base
	KeysSecret   string `env:"REPLYWELL_KEYS_SECRET"`   // keys of reply addresses
	SendQueue    string `env:"REPLYWELL_SEND_QUEUE"`    // URL of the queue that wakes send
	// RetentionDays is how long conversations are kept after their last change; 0: for ever.
	RetentionDays int    `env:"REPLYWELL_RETENTION_DAYS,optional"`
	Stack         string `env:"REPLYWELL_STACK,optional"` // the stack's name, which measures bear; "": nothing is measured
}

// OfDesk is what a function is told that works with conversations.
func (d Desk) OfDesk() Desk { return d }

// Inbound is the environment of the inbound function.
type Inbound struct {
	Desk
	Queue       string `env:"REPLYWELL_MAIL_QUEUE"`           // URL of the queue it is called from
	DeadLetters string `env:"REPLYWELL_DEAD_LETTERS"`         // URL of the queue for what can never be processed
	DraftModel  string `env:"REPLYWELL_DRAFT_MODEL,optional"` // of Bedrock; "": nothing is drafted
	FilesURL    string `env:"REPLYWELL_FILES_URL,optional"`   // of the files function; "": no file is linked
}

// Files is the environment of the files function.
type Files struct {
	MailBucket string `env:"REPLYWELL_MAIL_BUCKET"` // holds the files
	KeysSecret string `env:"REPLYWELL_KEYS_SECRET"` // keys that sign their links
}

// Send is the environment of the send function. It is called from Desk.SendQueue.
type Send struct {
	Desk
	DeadLetters      string `env:"REPLYWELL_DEAD_LETTERS"`      // URL of the queue for what can never be processed
	ConfigurationSet string `env:"REPLYWELL_CONFIGURATION_SET"` // of SES; publishes the events
	Concurrency      int    `env:"REPLYWELL_SEND_CONCURRENCY"`  // how many copies of the function its queue calls at once, 1 or more
}

// Events is the environment of the events function.
type Events struct {
	Desk
	Queue       string `env:"REPLYWELL_EVENTS_QUEUE"` // URL of the queue it is called from
	DeadLetters string `env:"REPLYWELL_DEAD_LETTERS"` // URL of the queue for what can never be processed
}

// Schedule is the environment of the schedule function.
type Schedule struct{ Desk }

// Watch is the environment of the watch function.
type Watch struct {
	Desk
	Recipients string `env:"REPLYWELL_RECIPIENTS"` // of the receipt rule, with commas
}

// Metrics is the environment of the metrics function.
type Metrics struct {
	Desk
	SlackSecret string `env:"REPLYWELL_SLACK_SECRET,optional"` // "": nothing is posted to Slack
}

// Index is the environment of the index function.
type Index struct {
	Table        string `env:"REPLYWELL_TABLE"`         // DynamoDB table
	ConfigBucket string `env:"REPLYWELL_CONFIG_BUCKET"` // articles, snapshots, and where lists of customers are dropped
	MailBucket   string `env:"REPLYWELL_MAIL_BUCKET"`   // where such a list is kept
	Queue        string `env:"REPLYWELL_INDEX_QUEUE"`   // URL of the queue it is called from
	DeadLetters  string `env:"REPLYWELL_DEAD_LETTERS"`  // URL of the queue for what can never be processed
}

// FromEnvironment fills one of the structs above. The error names every variable
// that is missing.
func FromEnvironment[T any](into *T) error { return fromEnvironment(into, os.Getenv) }

func fromEnvironment[T any](into *T, getenv func(string) string) error {
	missing, bad := fill(reflect.ValueOf(into).Elem(), getenv)
	if len(bad) > 0 {
		return fmt.Errorf("in the function's environment %s has to be a whole number from 1 on; template.yaml sets it, so deploy the stack again", strings.Join(bad, ", "))
	}
	if len(missing) > 0 {
		slices.Sort(missing)
		return fmt.Errorf("the function's environment lacks %s; template.yaml sets them, so deploy the stack again", strings.Join(missing, ", "))
	}
	return nil
}

func fill(v reflect.Value, getenv func(string) string) (missing, bad []string) {
	for i := range v.NumField() {
		f := v.Type().Field(i)
		if f.Anonymous {
			m, b := fill(v.Field(i), getenv)
			missing, bad = append(missing, m...), append(bad, b...)
			continue
		}
		name, option, _ := strings.Cut(f.Tag.Get("env"), ",")
		value := strings.TrimSpace(getenv(name))
		switch {
		case value == "" && option != "optional":
			missing = append(missing, name)
		case value == "":
		case f.Type.Kind() == reflect.Int:
			n, err := strconv.Atoi(value)
			if err != nil || n < 1 {
				bad = append(bad, name)
			}
			v.Field(i).SetInt(int64(n))
		default:
			v.Field(i).SetString(value)
		}
	}
	return missing, bad
}
