package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"github.com/replywell/replywell/shared/cloud"
	"github.com/replywell/replywell/shared/config"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/page"
)

// configCmd is about the team's one document.
type configCmd struct {
	Sample sampleConfigCmd `cmd:"" help:"Print the sample configuration, to start your own from."`
	Check  checkConfigCmd  `cmd:"" help:"Check a configuration and say all that is wrong with it, by line."`
	Push   pushConfigCmd   `cmd:"" help:"Check a configuration and write it to the configuration bucket, where the Lambda functions read it within a minute."`
}

type sampleConfigCmd struct{}

// Run prints the sample.
func (sampleConfigCmd) Run() error {
	_, err := os.Stdout.Write(config.Sample)
	return err
}

type checkConfigCmd struct {
	File string `arg:"" help:"The configuration; - reads standard input."`
}

// Run checks a document for either home.
func (c checkConfigCmd) Run() error {
	data, err := readDocument(c.File)
	if err != nil {
		return err
	}
	s, err := config.Parse(data, c.File)
	if err == nil {
		err = reckoned(s, c.File)
	}
	if err != nil {
		return err
	}
	fmt.Printf("%s is good: mode %s, %s, %s.\n", c.File, s.Mode, page.Count(len(s.Mailboxes), "mailbox", "mailboxes"), page.Count(len(s.Agents), "agent", "agents"))
	for _, n := range config.Notes(s, false) {
		fmt.Println("On one machine: " + n)
	}
	if s.Mode == desk.ModeLive && len(s.Servers.Addresses) > 0 && s.Servers.ResultsBy == "" {
		fmt.Println("On one machine: the servers under mail_servers must tell each client's address (XFORWARD, XCLIENT), which no document shows; one that does not has every answer through Microsoft 365 held and asked about, and the log and the next start say so.")
	}
	return nil
}

type pushConfigCmd struct {
	Stack  string `xor:"where" required:"" placeholder:"STACK" help:"Push to this deployed stack, and compare the mailboxes with what it receives and may send."`
	Bucket string `xor:"where" required:"" placeholder:"BUCKET" help:"Push to this configuration bucket; the stack's output ConfigBucket names it."`
	File   string `arg:"" help:"The configuration; - reads standard input."`
}

// Run checks a document and writes it to the bucket.
func (c pushConfigCmd) Run() error {
	data, err := readDocument(c.File)
	if err != nil {
		return err
	}
	if s, err := config.Parse(data, c.File); err == nil { // what else is wrong is told below
		if err := reckoned(s, c.File); err != nil {
			return err
		}
	}
	ctx := context.Background()
	if c.Stack != "" {
		if c.Bucket, err = c.compared(ctx, data); err != nil {
			return err
		}
	}
	if err := cloud.Push(ctx, c.Bucket, c.File, data); err != nil {
		return err
	}
	fmt.Printf("%s is good and written to s3://%s/%s. The functions use it within a minute.\n", c.File, c.Bucket, cloud.SettingsKey)
	return nil
}

// compared checks the document against the stack, and gives the stack's bucket.
func (c pushConfigCmd) compared(ctx context.Context, data []byte) (bucket string, err error) {
	if err := cloud.CheckSettings(c.File, data); err != nil {
		return "", err
	}
	settings, err := config.Parse(data, c.File)
	if err != nil {
		return "", err
	}
	cfg, err := cloud.Connect(ctx)
	if err != nil {
		return "", err
	}
	d, err := cloud.StackDeployed(ctx, cfg, c.Stack)
	if err != nil {
		return "", err
	}
	notes, err := d.Check(settings)
	if err != nil {
		return "", fmt.Errorf("%s does not fit the stack %s, and nothing was written: %w", c.File, c.Stack, err)
	}
	for _, n := range notes {
		fmt.Println("Note: " + n + ".")
	}
	return d.ConfigBucket, nil
}

func readDocument(file string) ([]byte, error) {
	var (
		data []byte
		err  error
	)
	if file == "-" {
		data, err = io.ReadAll(os.Stdin)
	} else {
		data, err = os.ReadFile(file)
	}
	if err != nil {
		return nil, fmt.Errorf("the configuration cannot be read: %w; \"replywell config sample\" prints one to start from", err)
	}
	return data, nil
}
