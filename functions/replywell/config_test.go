package main

import (
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/replywell/replywell/shared/cloud"
	"github.com/replywell/replywell/shared/cloud/moto"
)

func TestConfigSampleIsGood(t *testing.T) {
	sample, err := exec.Command(program(t), "config", "sample").Output()
	if err != nil {
		t.Fatal(err)
	}
	check := exec.Command(program(t), "config", "check", "-")
	check.Stdin = strings.NewReader(string(sample))
	if out, err := check.CombinedOutput(); err != nil || !strings.Contains(string(out), "is good: mode sample") {
		t.Errorf("%v\n%s", err, out)
	}
}

func TestConfigCheckSaysWhoseAnswersAreAskedAbout(t *testing.T) {
	check := exec.Command(program(t), "config", "check", "-")
	check.Stdin = strings.NewReader("version: 1\nmode: live\nmailboxes: [{id: help, name: Help, address: " +
		"help@team.example}]\nagents: [{id: kim, name: Kim, addresses: kim@team.example}]\n")
	if out, err := check.CombinedOutput(); err != nil ||
		!strings.Contains(string(out), "On one machine: nothing tells here whose server a mail came from") ||
		!strings.Contains(string(out), "Kim") {
		t.Errorf("%v\n%s", err, out)
	}
}

func TestConfigCheckSaysAllThatIsWrong(t *testing.T) {
	file := filepath.Join(t.TempDir(), "bad.yaml")
	if err := os.WriteFile(file, []byte("version: 1\nmode: lvie\nmailboxs: []\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(program(t), "config", "check", file).CombinedOutput()
	if err == nil {
		t.Error("a bad configuration passes")
	}
	for _, want := range []string{"bad.yaml", "line 2", "line 3", `"mailboxes"`} {
		if !strings.Contains(string(out), want) {
			t.Errorf("it does not say %s:\n%s", want, out)
		}
	}
}

func TestConfigPushWritesWhatIsGood(t *testing.T) {
	srv := moto.Start(t)
	client := s3.NewFromConfig(srv.Config())
	if _, err := client.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: aws.String("config-bucket"),
		CreateBucketConfiguration: &types.CreateBucketConfiguration{LocationConstraint: moto.Region}}); err != nil {
		t.Fatal(err)
	}
	good := "version: 1\nmode: live\nmailboxes:\n  - {id: support, name: Shop, address: support@shop.example, " +
		"agents: [anna]}\nagents:\n  - {id: anna, name: Anna, addresses: anna@team.example}\n"
	file := filepath.Join(t.TempDir(), "settings.yaml")
	push := func(text string) (string, error) {
		t.Helper()
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command(program(t), "config", "push", "--bucket", "config-bucket", file)
		cmd.Env = append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir()}, srv.Environment()...)
		out, err := cmd.CombinedOutput()
		return string(out), err
	}
	if out, err := push(good); err != nil || !strings.Contains(out, "written to s3://config-bucket/"+
		cloud.SettingsKey) {
		t.Fatalf("%v\n%s", err, out)
	}
	if out, err := push(strings.Replace(good, "live", "sample", 1)); err == nil ||
		!strings.Contains(out, "mode: live") {
		t.Errorf("sample mode was pushed: %v\n%s", err, out)
	}
	object, err := client.GetObject(t.Context(), &s3.GetObjectInput{Bucket: aws.String("config-bucket"),
		Key: aws.String(cloud.SettingsKey)})
	if err != nil {
		t.Fatal(err)
	}
	defer object.Body.Close()
	if data, err := io.ReadAll(object.Body); err != nil || string(data) != good {
		t.Errorf("the bucket holds %q, %v", data, err)
	}
}

// With the stack's name, settings that it could neither send nor receive for are not written.
func TestConfigPushComparesWithTheStack(t *testing.T) {
	srv := moto.Start(t)
	template := `{"Resources":{"B":{"Type":"AWS::S3::Bucket","Properties":{"BucketName":"config-bucket"}}},
		"Outputs":{"ConfigBucket":{"Value":{"Ref":"B"}},"MailDomains":{"Value":"shop.example"},"Recipients":{"Value":"support@shop.example"}}}`
	if _, err := cloudformation.NewFromConfig(srv.Config()).CreateStack(t.Context(),
		&cloudformation.CreateStackInput{StackName: aws.String("desk"), TemplateBody: &template}); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "settings.yaml")
	for address, says := range map[string]string{"support@shop.example": "written to s3://config-bucket/" +
		cloud.SettingsKey, "help@shop.example": "nothing was written"} {
		text := "version: 1\nmode: live\nmailboxes:\n  - {id: support, name: Shop, address: " + address +
			", agents: [anna]}\nagents:\n  - {id: anna, name: Anna, addresses: anna@team.example}\n"
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command(program(t), "config", "push", "--stack", "desk", file)
		cmd.Env = append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir()}, srv.Environment()...)
		if out, err := cmd.CombinedOutput(); !strings.Contains(string(out), says) ||
			(err == nil) != strings.HasPrefix(says, "written") {
			t.Errorf("%s: %v\n%s", address, err, out)
		}
	}
}
