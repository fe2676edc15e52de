package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"time"

	"github.com/replywell/replywell/shared/cloud"
	"github.com/replywell/replywell/shared/config"
	"github.com/replywell/replywell/shared/doctor"
	"github.com/replywell/replywell/shared/local"
	"github.com/replywell/replywell/shared/metrics"
)

// doctorCmd looks at everything that a desk depends on.
type doctorCmd struct {
	Stack  string        `xor:"home" required:"" placeholder:"STACK" help:"Look at this deployed stack, and at the account and the DNS that it depends on."`
	Config string        `xor:"home" required:"" placeholder:"FILE" help:"Look at the desk on this machine that runs with this configuration."`
	Data   string        `default:"./data" placeholder:"FOLDER" help:"On one machine: the folder that keeps everything (${default})."`
	SMTP   string        `name:"smtp" default:"127.0.0.1:2525" placeholder:"HOST:PORT" help:"On one machine: where mail comes in (${default})."`
	Relay  string        `placeholder:"URL" help:"On one machine: the mail server that takes all outgoing mail."`
	MX     bool          `name:"mx" help:"On one machine: mail comes to the SMTP port straight from its senders' servers."`
	Probe  bool          `help:"On one machine: write a mail through the relay to the desk itself, and wait until it has come. On AWS the watch function does so every half hour."`
	Wait   time.Duration `default:"5m" help:"How long --probe waits (${default})."`
	DNS    string        `name:"dns" placeholder:"HOST:PORT" help:"Ask this DNS server instead of the machine's."`
	JSON   bool          `name:"json" help:"Print one JSON object: the state of the whole, and each finding."`
}

// Help is what "replywell doctor --help" prints below the flags.
func (doctorCmd) Help() string {
	return `Each line says how something stands; what is not good also says why it matters and what to do next. Nothing is changed,
and without --probe no mail is sent. The exit status is 0 when all is good, 1 when something is bad, 2 when something wants a
look or could not be looked at, and 3 when nothing could be looked at. For AWS, credentials and region are those of the AWS CLI.`
}

// notLooked is the exit status where there is no report.
const notLooked = 3

// Run looks and ends the process with the report's exit status.
func (c doctorCmd) Run() error {
	report, err := c.examine(context.Background())
	if err != nil {
		fmt.Fprintln(os.Stderr, "replywell: "+err.Error())
		os.Exit(notLooked)
	}
	if c.JSON {
		err = report.WriteJSON(os.Stdout)
	} else {
		report.Write(os.Stdout)
	}
	if err != nil {
		return err
	}
	os.Exit(report.ExitStatus())
	return nil
}

func (c doctorCmd) examine(ctx context.Context) (doctor.Report, error) {
	resolver := &net.Resolver{PreferGo: true}
	if c.DNS != "" {
		resolver.Dial = func(ctx context.Context, network, _ string) (net.Conn, error) {
			return (&net.Dialer{Timeout: 5 * time.Second}).DialContext(ctx, network, c.DNS)
		}
	}
	dns := doctor.DNS{Resolver: resolver}
	if c.Stack != "" {
		if c.Probe {
			return nil, errors.New("--probe is for one machine; a stack's watch function sends a probe every half hour, and this report says when the last one came back")
		}
		cfg, err := cloud.Connect(ctx)
		if err != nil {
			return nil, err
		}
		return cloud.Doctor{AWS: cfg, Stack: c.Stack, DNS: dns, Now: time.Now, Places: places}.Examine(ctx)
	}
	settings, err := config.Load(c.Config)
	if err != nil {
		return nil, err
	}
	d := local.Doctor{Settings: settings, Notes: config.Notes(settings, c.MX), Data: c.Data, SMTP: c.SMTP, Relay: c.Relay, DNS: dns, Now: time.Now, Places: places}
	if c.Probe {
		d.Probe = c.Wait
	}
	return d.Examine(ctx), nil
}

// places reads where reports go beside mail, as far as the doctor looks at it.
func places(secret []byte) doctor.Places {
	if len(secret) == 0 {
		return doctor.Places{}
	}
	p, err := metrics.ReadPosting(secret)
	return doctor.Places{Slack: p.Slack, Token: p.Token, Channel: p.Channel, Webhook: p.Webhook, Wrong: err}
}
