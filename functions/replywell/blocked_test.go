package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/replywell/replywell/shared/cloud"
	"github.com/replywell/replywell/shared/cloud/moto"
	"github.com/replywell/replywell/shared/store/engine/dynamo"
)

// blockedCase is a call of "blocked", and what it says.
type blockedCase struct {
	args string
	ok   bool
	want string
}

// blockedCases are what an operator does with an empty list.
var blockedCases = []blockedCase{
	{"list", true, "Nobody is blocked."},
	{"add Mallory@Elsewhere.example", true, "Mail from mallory@elsewhere.example is kept aside from now on"},
	{"add mallory+2@elsewhere.example", false, "mallory@elsewhere.example is blocked already, and nothing was changed"},
	{"add spammers.example", true, "spammers.example and all below it"},
	{"list", true, "mallory@elsewhere.example, blocked, by the operator"},
	{"list", true, "spammers.example, blocked, by the operator"},
	{"add gmail.com", false, "nobody was blocked: gmail.com"},
	{"add co.uk", false, "nobody was blocked: co.uk"},
	{"add support@lantern.example", false, "nobody was blocked"},
	{"add anna.winter@team.lantern.example", false, "nobody was blocked"},
	{"add mallory", false, "nobody was blocked: mallory"},
	{"remove otto@carrier.example", false, "otto@carrier.example is not blocked, and nothing was changed"},
	{"remove mallory@elsewhere.example", true, "mallory@elsewhere.example is not blocked any more"},
}

// runBlocked calls it for one desk.
func runBlocked(t *testing.T, cases []blockedCase, environment []string, home ...string) {
	t.Helper()
	for _, x := range cases {
		words := strings.Fields(x.args)
		cmd := exec.Command(program(t), append(append([]string{"blocked", words[0]}, home...), words[1:]...)...)
		cmd.Env = append(os.Environ(), environment...)
		out, err := cmd.CombinedOutput()
		if (err == nil) != x.ok || !strings.Contains(string(out), x.want) {
			t.Errorf("%v, blocked %s: %v\n%s", home, x.args, err, out)
		}
	}
}

// Senders are blocked and let in again while the desk runs, and when it is stopped the
// list is the same.
func TestBlockingFromTheCommandLine(t *testing.T) {
	data := t.TempDir()
	runBlocked(t, []blockedCase{{"list", false, "there is no desk in"}}, nil, "--data", data)
	p := startLocal(t, data)
	runBlocked(t, blockedCases, nil, "--data", data)
	p.stop()
	runBlocked(t, []blockedCase{
		{"list", true, "spammers.example, blocked"},
		{"remove spammers.example", true, "spammers.example is not blocked any more"},
		{"remove spammers.example", false, "is not blocked, and nothing was changed"},
		{"list", true, "Nobody is blocked."},
		{"add mallory@elsewhere.example", true, "kept aside from now on"},
		{"list", true, "mallory@elsewhere.example, blocked, by the operator"},
	}, nil, "--data", data)
}

// A deployed stack's list is the same, by the stack's own table and settings.
func TestBlockingInAStack(t *testing.T) {
	srv := moto.Start(t)
	template := `{"Resources":{"B":{"Type":"AWS::S3::Bucket","Properties":{"BucketName":"config-bucket"}}},
		"Outputs":{"ConfigBucket":{"Value":{"Ref":"B"}},"Table":{"Value":"desk"}}}`
	if _, err := cloudformation.NewFromConfig(srv.Config()).CreateStack(t.Context(),
		&cloudformation.CreateStackInput{StackName: aws.String("desk"), TemplateBody: &template}); err != nil {
		t.Fatal(err)
	}
	srv.Table(t, dynamo.Table("desk"))
	live := "version: 1\nmode: live\nmailboxes:\n  - {id: support, name: Lantern, address: support@lantern.example, " +
		"agents: [anna]}\nagents:\n  - {id: anna, name: Anna, addresses: [anna.winter@team.lantern.example]}\n"
	if _, err := s3.NewFromConfig(srv.Config()).PutObject(t.Context(), &s3.PutObjectInput{
		Bucket: aws.String("config-bucket"), Key: aws.String(cloud.SettingsKey),
		Body: strings.NewReader(live)}); err != nil {
		t.Fatal(err)
	}
	runBlocked(t, blockedCases, srv.Environment(), "--stack", "desk")
	runBlocked(t, []blockedCase{{"list", false, "nowhere"}}, srv.Environment(), "--stack", "nowhere")
	runBlocked(t, []blockedCase{{"list", false, "can't be used together"}}, nil, "--stack", "desk",
		"--data", filepath.Join(t.TempDir(), "data"))
}
