package config

import (
	"strings"
	"testing"
)

func TestFromEnvironmentNamesAllThatIsMissing(t *testing.T) {
	env := map[string]string{"REPLYWELL_TABLE": "t", "REPLYWELL_MAIL_BUCKET": " m ", "REPLYWELL_KEYS_SECRET": "k"}
	var m Metrics
	err := fromEnvironment(&m, func(n string) string { return env[n] })
	if err == nil || !strings.Contains(err.Error(), "REPLYWELL_CONFIG_BUCKET, REPLYWELL_SEND_QUEUE;") ||
		strings.Contains(err.Error(), "SLACK") {
		t.Errorf("error %v", err)
	}
	env["REPLYWELL_CONFIG_BUCKET"], env["REPLYWELL_SEND_QUEUE"] = "c", "q"
	if err := fromEnvironment(&m, func(n string) string { return env[n] }); err != nil ||
		m != (Metrics{Desk{Table: "t", MailBucket: "m", ConfigBucket: "c", KeysSecret: "k", SendQueue: "q"}, ""}) {
		t.Errorf("%+v, %v", m, err)
	}
}

func TestFromEnvironmentReadsNumbers(t *testing.T) {
	env := map[string]string{"REPLYWELL_SEND_CONCURRENCY": "4", "REPLYWELL_RETENTION_DAYS": ""}
	get := func(n string) string {
		if v, ok := env[n]; ok {
			return v
		}
		return "x"
	}
	var s Send
	if err := fromEnvironment(&s, get); err != nil || s.Concurrency != 4 {
		t.Errorf("%+v, %v", s, err)
	}
	for _, bad := range []string{"0", "-1", "two"} {
		env["REPLYWELL_SEND_CONCURRENCY"] = bad
		if err := fromEnvironment(&s, get); err == nil || !strings.Contains(err.Error(), "REPLYWELL_SEND_CONCURRENCY") {
			t.Errorf("%s: %v", bad, err)
		}
	}
}
