package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"github.com/replywell/replywell/shared/cloud"
	"github.com/replywell/replywell/shared/config"
	"github.com/replywell/replywell/shared/index"
	"github.com/replywell/replywell/shared/local"
	"github.com/replywell/replywell/shared/metrics"
	"github.com/replywell/replywell/shared/wiring"
)

// reportCmd prints a report, or makes the roll-ups that reports read anew.
type reportCmd struct {
	From    string `placeholder:"DAY" help:"First day, as 2026-11-01, in the team's time zone. Without days it is the last week that is over."`
	To      string `placeholder:"DAY" help:"Last day, included."`
	Mailbox string `placeholder:"ID" help:"Only this mailbox of the configuration; without it all of them."`
	Format  string `enum:"text,html,json,csv" default:"text" help:"text, html, json or csv (${default}). json and csv have every figure; the others leave out what was nothing or did not change."`
	Data    string `xor:"home" required:"" placeholder:"FOLDER" help:"The data folder of replywell local, which may be running."`
	Config  string `placeholder:"FILE" help:"The configuration that replywell local is started with; needed only while it is not running."`
	Stack   string `xor:"home" required:"" placeholder:"STACK" help:"This deployed stack."`
	Rebuild bool   `help:"Make the roll-ups of these days anew from the log of events first. It changes no figure, unless a roll-up was damaged."`
}

// Help is what "replywell report --help" prints below the flags.
func (reportCmd) Help() string {
	return `It prints to standard output. Figures are of the whole team: none is about a single agent, and there is no way to ask for
one. docs/metrics.md tells each figure, and the fields of json and csv.`
}

// Run prints the report.
func (c reportCmd) Run() error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	return c.run(ctx, os.Stdout)
}

func (c reportCmd) run(ctx context.Context, out io.Writer) error {
	if (c.From == "") != (c.To == "") {
		return errors.New("give both --from and --to, or neither for the last week that is over")
	}
	asked := metrics.Asked{From: c.From, To: c.To, Mailbox: c.Mailbox, Format: c.Format, Rebuild: c.Rebuild}
	report, err := c.report(ctx, asked)
	if err != nil {
		return err
	}
	_, err = out.Write(report)
	return err
}

func (c reportCmd) report(ctx context.Context, asked metrics.Asked) ([]byte, error) {
	if c.Stack != "" {
		cfg, err := cloud.Connect(ctx)
		if err != nil {
			return nil, err
		}
		h, err := cloud.StackHome(ctx, cfg, c.Stack)
		if err != nil {
			return nil, err
		}
		found, err := cloud.StackFound(ctx, cfg, c.Stack)
		if err != nil {
			return nil, err
		}
		return wiring.Metrics(h, found).Answer(ctx, asked)
	}
	if info, err := os.Stat(filepath.Join(c.Data, "store.db")); err != nil || info.IsDir() {
		return nil, fmt.Errorf("there is no desk in %s; give the folder that \"replywell local --data\" uses", c.Data)
	}
	if report, running, err := askRunning(ctx, c.Data, asked); running {
		return report, err
	}
	settings, err := config.Load(c.Config)
	if err != nil {
		return nil, err
	}
	h, done, err := local.Reading(c.Data, settings, time.Now)
	if err != nil {
		return nil, err
	}
	files, err := local.NewPublisher(c.Data)
	if err != nil {
		return nil, errors.Join(err, done())
	}
	report, err := wiring.Metrics(h, index.Found{Files: files.Library()}).Answer(ctx, asked)
	return report, errors.Join(err, done())
}

// reportSocket is where a running desk answers who asks for a report; only this
// user's programs reach it.
func reportSocket(data string) string { return filepath.Join(data, "report.sock") }

// askRunning asks the desk that holds the folder for a report, if one runs.
func askRunning(ctx context.Context, data string, a metrics.Asked) (report []byte, running bool, err error) {
	q := url.Values{"from": {a.From}, "to": {a.To}, "mailbox": {a.Mailbox}, "format": {a.Format}}
	if a.Rebuild {
		q.Set("rebuild", "yes")
	}
	return askDesk(ctx, data, "/report", q)
}

// askDesk asks the desk that holds the folder, if one runs.
func askDesk(ctx context.Context, data, path string, q url.Values) (said []byte, running bool, err error) {
	client := &http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, "unix", reportSocket(data))
	}}}
	defer client.CloseIdleConnections()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://desk"+path+"?"+q.Encode(), nil)
	if err != nil {
		return nil, true, err
	}
	resp, err := client.Do(req)
	if err != nil {
		return nil, false, nil // none runs
	}
	defer resp.Body.Close()
	said, err = io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = errors.New(string(said))
	}
	return said, true, err
}

// answerReports answers who asks for a report, until the context ends.
func answerReports(ctx context.Context, data string, s *metrics.Service, log *slog.Logger) {
	path := reportSocket(data)
	_ = os.Remove(path) // of a process that was ended; the folder is held by this one
	l, err := net.Listen("unix", path)
	if err == nil {
		err = os.Chmod(path, 0o600)
	}
	if err != nil {
		log.Warn("\"replywell report\" cannot ask this desk while it runs", "error", err)
		return
	}
	server := &http.Server{ReadHeaderTimeout: 10 * time.Second, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		if r.URL.Path == blockedPath {
			answerBlocked(r.Context(), w, s.Home, q)
			return
		}
		report, err := s.Answer(r.Context(), metrics.Asked{From: q.Get("from"), To: q.Get("to"), Mailbox: q.Get("mailbox"), Format: q.Get("format"), Rebuild: q.Get("rebuild") != ""})
		if err != nil {
			w.WriteHeader(http.StatusUnprocessableEntity)
			report = []byte(err.Error())
		}
		_, _ = w.Write(report)
	})}
	context.AfterFunc(ctx, func() { _ = server.Close() })
	go func() { _ = server.Serve(l) }()
}
