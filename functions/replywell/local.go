package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math"
	"net"
	"os"
	"os/signal"
	"regexp"
	"runtime/debug"
	"strings"
	"syscall"
	"time"

	"github.com/replywell/replywell/shared/config"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/inbound"
	"github.com/replywell/replywell/shared/index"
	"github.com/replywell/replywell/shared/kb/encoders"
	"github.com/replywell/replywell/shared/local"
	"github.com/replywell/replywell/shared/probe"
	"github.com/replywell/replywell/shared/wiring"
	"github.com/replywell/replywell/shared/worth/formula"
)

// localCmd runs the whole system in this process.
type localCmd struct {
	SMTP    string  `name:"smtp" default:"127.0.0.1:2525" placeholder:"HOST:PORT" help:"Where mail comes in (${default}). At most 200 connections at a time, 25 MiB a mail."`
	HTTP    string  `name:"http" default:"127.0.0.1:8025" placeholder:"HOST:PORT" help:"Where the page with the sample mailboxes is (${default}); in live mode with --window only."`
	Files   string  `name:"files" default:"127.0.0.1:8026" placeholder:"HOST:PORT" help:"Where customers fetch files that are too large to be mailed (${default}), by HTTP; only where the settings have files_url, the public address that leads here."`
	Window  bool    `name:"window" help:"Show the page in live mode, too: the newest mail of customers and agents, and what was done with each. Nothing can be written there. It asks for no password, so leave --http at this machine, or guard the way to it."`
	Data    string  `name:"data" default:"./data" placeholder:"FOLDER" help:"Folder that keeps everything (${default}). One process at a time."`
	Config  string  `name:"config" placeholder:"FILE" help:"The team's configuration. Without it the sample is used; \"replywell config sample\" prints that."`
	Relay   string  `name:"relay" placeholder:"URL" help:"Mail server that takes all outgoing mail: smtp://host:25, smtp://user:password@host:587 or smtps://user:password@host. Without it mail goes to the sample mailboxes."`
	Rate    float64 `name:"relay-rate" placeholder:"N" help:"Mails a second that the mail server is given at most, where it allows only so many. Without it, as many as it takes."`
	Open    int     `name:"relay-connections" default:"8" placeholder:"N" help:"Connections to the mail server at a time (${default}). Where it admits fewer, fewer are used."`
	MX      bool    `name:"mx" help:"Mail comes to the SMTP port straight from its senders' servers (it is an MX of your domain), so SPF can be judged by the client's address. Without it mail is taken to be handed over by your own mail server, and only DKIM vouches for a sender. Live mode only."`
	Verbose bool    `name:"verbose" short:"v" help:"Log more."`
}

// whatItIs is the first thing that whoever starts it reads.
const whatItIs = "Replywell is a support desk that works entirely by e-mail: customers write to one address, agents answer by replying from their own mailbox."

// memoryLimit is what the collector aims at: what a few large mails need while
// they are read is given back before it adds up.
const memoryLimit = 160 << 20

// garbage is how much of it there may be beside what is in use, in percent: half of what
// Go lets grow takes 30 MB less, and a twentieth more of the processor.
const garbage = 50

// Run starts the system and serves until it is told to stop.
func (c *localCmd) Run() error {
	debug.SetMemoryLimit(memoryLimit)
	debug.SetGCPercent(garbage)
	level := new(slog.LevelVar)
	if level.Set(slog.LevelWarn); c.Verbose { // until it is said that it runs, only what matters is logged
		level.Set(slog.LevelDebug)
	}
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: level, ReplaceAttr: withoutAddresses}))
	slog.SetDefault(log) // what is logged without being handed a log goes the same way
	if c.Open < 1 || c.Open > 100 || c.Rate < 0 || math.IsNaN(c.Rate) {
		return fmt.Errorf("--relay-connections %d and --relay-rate %g: give 1 to 100 connections, and a rate above 0, or leave them out", c.Open, c.Rate)
	}
	options := local.Options{SMTP: c.SMTP, HTTP: c.HTTP, Files: c.Files, Data: c.Data, Relay: c.Relay, RelayRate: c.Rate, RelayOpen: c.Open, MX: c.MX, Window: c.Window, Now: time.Now, Random: rand.Reader, Log: log}
	settings, err := config.Load(c.Config)
	if err == nil {
		err = reckoned(settings, c.Config)
	}
	if err != nil {
		return errors.Join(err, tryFlags(options))
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	options.Settings = settings
	fmt.Println(whatItIs)               // before anything can be logged
	if settings.Mode == desk.ModeLive { // the sample's people are of no real domain, and it stays on this machine
		options.DNS = &net.Resolver{PreferGo: true}
	}
	system, err := local.Open(options)
	if err != nil {
		return err
	}
	services, err := wire(system, log)
	if err != nil {
		return errors.Join(err, system.Close())
	}
	answerReports(ctx, c.Data, wiring.Metrics(system.Home(), index.Found{Files: system.Library()}), log)
	greet(os.Stdout, system, c)
	if !c.Verbose {
		level.Set(slog.LevelInfo)
	}
	said := make(chan struct{})
	context.AfterFunc(ctx, func() {
		defer close(said)
		stop() // a second Ctrl-C ends the process at once
		fmt.Println("\nStopping: finishing what was begun …")
	})
	if err := system.Run(ctx, services); err != nil {
		return err
	}
	<-said
	fmt.Println("Stopped. Nothing is lost; start again with the same folder to go on.")
	return nil
}

// tryFlags says what is wrong with the flags when the configuration is wrong
// already, so that one start tells all of it.
func tryFlags(o local.Options) error {
	sample, err := config.Load("")
	if err != nil {
		return err
	}
	o.Settings = sample
	system, err := local.Open(o)
	if err != nil {
		return err
	}
	return system.Close()
}

var anyAddress = regexp.MustCompile(`[^\s<>"(),:;=]+@[^\s<>"(),:;=]+`)

// withoutAddresses keeps addresses out of the log, whatever error names one.
func withoutAddresses(_ []string, a slog.Attr) slog.Attr {
	if err, ok := a.Value.Any().(error); ok {
		a.Value = slog.StringValue(err.Error())
	}
	if a.Value.Kind() == slog.KindString {
		a.Value = slog.StringValue(anyAddress.ReplaceAllString(a.Value.String(), "(address)"))
	}
	return a
}

// wire builds the services on the system.
func wire(system *local.System, log *slog.Logger) (local.Services, error) {
	articles, keeper, tasks, err := knowledge(system, log)
	if err != nil {
		return local.Services{}, err
	}
	h := system.Home()
	mail := wiring.Receiving(h, articles.Knowledge, encoders.Form{}, nil)
	mail.Inbound.Worth.Score = formula.Score
	in, out, due := mail.Inbound, wiring.Sending(h, system.Carrier, log), wiring.Schedule(h)
	figures := wiring.Metrics(h, index.Found{Files: system.Library()})
	figures.Keep = system.KeepReport
	posting := func(post func(context.Context) error) func(context.Context) error {
		return func(ctx context.Context) error { // the file may have changed
			places, err := system.PostingFile()
			if err == nil {
				err = figures.PostTo(places)
			}
			return errors.Join(err, post(ctx)) // mail goes all the same
		}
	}
	delivery := func(e local.Envelope) inbound.Delivery {
		return inbound.Delivery{ID: e.ID, Raw: e.Raw, MailFrom: e.MailFrom, Recipients: e.Recipients,
			ReceivedAt: e.ReceivedAt, Verdicts: e.Verdicts, Size: e.Size, CheckedLater: e.Unchecked()}
	}
	door := &probe.Door{Home: h, Closed: system.ProbeClosed}
	return local.Services{
		Receive: func(ctx context.Context, e local.Envelope) error {
			rest, all, err := door.Keep(ctx, e.Recipients, e.ReceivedAt)
			if err != nil || all {
				return err
			}
			e.Recipients = rest
			_, err = in.Receive(ctx, delivery(e))
			return err
		},
		Checked: func(ctx context.Context, e local.Envelope) error { return in.Checked(ctx, delivery(e)) },
		Figures: func(ctx context.Context, from time.Time) ([]desk.Gap, error) {
			if err := errors.Join(keeper.Learn(ctx), keeper.Build(ctx)); err != nil { // what lacks an article is found when the index is built
				return nil, err
			}
			if err := figures.PostSpan(ctx, from, time.Now(), "hour"); err != nil {
				return nil, err
			}
			return index.Gaps(ctx, system.Library())
		},
		Send: out.Send, Sweep: out.Sweep, Recover: out.Recover, Record: mail.Events.Record,
		Tasks: append(tasks, []local.Task{
			{Name: "taking in lists of customers", Every: lookAtArticles, Do: dropped{folder: system.FolderPath("customers"), files: system.Library(), now: time.Now, log: log}.look},
			{Name: "doing what is due", Every: 10 * time.Second, Do: func(ctx context.Context) error {
				_, err := due.Run(ctx)
				return err
			}},
			{Name: "rolling up the days that are over", Every: time.Hour, Do: figures.RollUpDays},
			{Name: "telling of held mail", Every: time.Minute, Do: figures.PostQuarantine},
			{Name: "posting the week's figures", Every: 10 * time.Minute, Do: system.Weekly(posting(figures.PostLast))},
			{Name: "posting the day's and the month's figures", Every: 10 * time.Minute, Do: posting(figures.PostDue)},
		}...),
	}, nil
}

const (
	lookAtArticles = 2 * time.Second
	learnEvery     = 5 * time.Second
	buildEvery     = 24 * time.Hour
)

// knowledge keeps the knowledge base up to date. At the start it is built if an
// article has changed since it was built last, or if this program cannot read
// that. Where it cannot be built and there is an older one, that one is used.
func knowledge(system *local.System, log *slog.Logger) (*index.Reader, *index.Keeper, []local.Task, error) {
	library := system.Library()
	service := &index.Service{Bucket: library, Store: system.Store, Model: encoders.Model(), Now: time.Now}
	keeper := &index.Keeper{Service: service, Fingerprint: library.Fingerprint, Every: buildEvery}
	reader := &index.Reader{Bucket: library, Store: system.Store, Model: encoders.Model(), Now: time.Now, Fresh: lookAtArticles}
	ctx := context.Background()
	failed := keeper.Tick(ctx)
	if k, err := reader.Knowledge(ctx); err != nil || failed != nil && k.Len() == 0 {
		if failed == nil {
			failed = keeper.Build(ctx)
		}
		if failed != nil {
			return nil, nil, nil, fmt.Errorf("the knowledge base in %s: %w", library.Folder(), failed)
		}
	}
	if failed != nil {
		log.Error("the knowledge base could not be built anew; the last one stays in use", "error", failed)
	}
	return reader, keeper, []local.Task{
		{Name: "following changed articles", Every: lookAtArticles, Do: keeper.Tick},
		{Name: "learning from what became of suggestions", Every: learnEvery, Do: keeper.Learn},
	}, nil
}

// onThisMachine tells whether an address to listen on is reached from here alone.
func onThisMachine(address string) bool {
	host, _, err := net.SplitHostPort(address)
	ip := net.ParseIP(host)
	return err == nil && (host == "localhost" || ip != nil && ip.IsLoopback())
}

// greet says in a few lines what to do next.
func greet(w io.Writer, system *local.System, c *localCmd) {
	s := system.Settings
	support := s.Mailboxes[0].Address
	line := func(label, format string, args ...any) {
		fmt.Fprintf(w, "  %-9s %s\n", label, fmt.Sprintf(format, args...))
	}
	fmt.Fprintln(w, "Replywell is running.")
	if page := system.HTTPAddress(); page != "" {
		what := "play a sample day, send sample mails with one click, and see every mailbox and what was done with each mail"
		if s.Mode == desk.ModeLive {
			what = "read only: the newest mail, and what was done with each"
		}
		line("page", "http://%s/   (open it in a browser: %s)", page, what)
	}
	line("support", "%s", support)
	var agents []string
	for _, a := range s.Agents {
		agents = append(agents, a.Name+" <"+a.Addresses[0]+">")
	}
	line("agents", "%s", strings.Join(agents, ", "))
	line("mail in", "smtp://%s", system.SMTPAddress())
	if word := system.Password(); word != "" {
		line("log in", "as any of these people or a sample customer: their address, password %s (no encryption)", word)
	}
	if c.Relay != "" {
		line("mail out", "to the mail server given by --relay")
	} else {
		line("mail out", "to the sample mailboxes; nothing leaves this machine")
	}
	switch {
	case s.Mode != desk.ModeLive:
	case s.TrustLoopback:
		line("senders", "NOT verified where mail comes from this machine (trust_loopback); verified by DKIM and DMARC elsewhere")
	case c.MX:
		line("senders", "verified by SPF, DKIM and DMARC")
	case len(s.Servers.Addresses) > 0:
		line("senders", "verified by DKIM and DMARC, and by SPF where the servers under mail_servers tell of it")
	default:
		line("senders", "verified by DKIM and DMARC; SPF counts with --mx or mail_servers only")
	}
	if at := system.FilesAddress(); at != "" {
		line("files", "%s/... has to lead to http://%s", s.Links.Public, at)
	}
	line("data", "%s", system.FolderPath())
	if s.Mode == desk.ModeSample && system.Password() != "" {
		from := "erika@customers.example"
		if len(s.Customers) > 0 {
			from = s.Customers[0].Address
		}
		mail := fmt.Sprintf(`From: %s\r\nTo: %s\r\nSubject: My lamp flickers\r\nMessage-ID: <try-$(date +%%s)@%s>\r\n\r\nHello, my new lamp flickers. What can I do?\r\n`,
			from, support, from[strings.LastIndexByte(from, '@')+1:])
		fmt.Fprintf(w, "\nWrite as a customer, then look at the page:\n\n  printf \"%s\" |\n    curl -sS smtp://%s --user %s:%s --mail-from %s --mail-rcpt %s --upload-file -\n\n", mail, system.SMTPAddress(), from, system.Password(), from, support)
	}
	switch {
	case s.Mode == desk.ModeLive:
		notes := append(config.Notes(s, c.MX), system.Silent()...)
		if c.Window && !onThisMachine(c.HTTP) {
			notes = append(notes, "the page shows customers' mail to everybody who can reach "+c.HTTP+", and asks for no password. Guard the way to it, or leave --http at 127.0.0.1.")
		}
		for _, n := range notes {
			fmt.Fprintln(w, "Warning: "+n)
		}
	case !s.TrustLoopback:
		fmt.Fprintln(w, "Warning: trust_loopback is off, so nobody can log in, and sample mode does not verify mail. Every agent's answer will be held.")
	}
	fmt.Fprintln(w, "Stop with Ctrl-C.")
}
