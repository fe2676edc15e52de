package local

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"syscall"
	"time"

	"github.com/emersion/go-smtp"
	"golang.org/x/net/netutil"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/replyaddr"
	"github.com/replywell/replywell/shared/home"
	"github.com/replywell/replywell/shared/local/mailbox"
	"github.com/replywell/replywell/shared/local/verify"
	"github.com/replywell/replywell/shared/send"
	"github.com/replywell/replywell/shared/store"
	"github.com/replywell/replywell/shared/store/engine/bolt"
)

// Options say where and for whom the system runs.
type Options struct {
	SMTP, HTTP string          // host:port to listen on; port 0 takes a free one
	Files      string          // the same for links to files; only where the settings have files_url
	Data       string          // folder
	Relay      string          // URL; "" is the sample mailboxes
	RelayRate  float64         // mails a second that the relay is given at most; 0: as many as it takes
	RelayOpen  int             // connections to it at most; 0: RelayConnections
	DNS        verify.Resolver // nil: mail is not verified, see [verify]
	Window     bool            // the page is there in live mode too, and can only be read
	MX         bool            // mail comes from the senders' own servers, so SPF can be judged
	Settings   *desk.Settings
	Now        func() time.Time
	Random     io.Reader // safe for concurrent use
	Log        *slog.Logger
}

// System is what the services stand on. Its fields are ready after Open.
type System struct {
	Settings *desk.Settings
	Store    *store.Store
	Blobs    store.Blobs
	Keys     *replyaddr.Keyring
	Carrier  send.Carrier

	options   Options
	folder    *Folder
	engine    *bolt.Engine
	smtp      net.Listener
	http      net.Listener // nil where there is no page
	files     net.Listener // nil where no files are handed out
	mailboxes *mailbox.Boxes
	sample    *Sample // nil with a relay
	relay     *Relay  // nil without one
	password  string  // of the sample people; "" where nobody can log in
	waker     *waker
	telling   telling
}

// Home is the system as services know it.
func (s *System) Home() *home.Home {
	return &home.Home{Store: s.Store, Blobs: s.Blobs, Keys: s.Keys, Wake: s.Wake, Now: s.options.Now, Random: s.options.Random,
		Settings: func(context.Context) (*desk.Settings, error) { return s.Settings, nil }}
}

// Services are what the system calls.
type Services struct {
	Receive func(context.Context, Envelope) error                                // processes one mail; see Spool
	Checked func(context.Context, Envelope) error                                // takes in who sent a mail that DNS did not tell of at first; may be nil
	Send    func(ctx context.Context, ids []string) (failed []string, err error) // sends these outbox items
	Sweep   func(context.Context) error                                          // sends what is due
	Recover func(context.Context) error                                          // takes up what an ended process had begun to send
	Record  func(context.Context, desk.DeliveryEvent) error                      // takes in an event of the sample outbox
	// Figures posts what was done since a moment, as the weekly report does, and gives
	// the topics that lack an article; for the sample day.
	Figures func(ctx context.Context, from time.Time) ([]desk.Gap, error)
	Tasks   []Task
}

// Task is done again and again, the first time at the start.
type Task struct {
	Name  string
	Every time.Duration
	Do    func(context.Context) error
}

// sweepEvery is how often what is due is looked for.
const sweepEvery = time.Second

// expireEvery is how often what has expired is removed, which DynamoDB does by itself.
const expireEvery = time.Hour

// letGoEvery is how often what was read of the store's file is let go from memory.
const letGoEvery = 10 * time.Second

// stopTime is how long a shutdown waits for clients.
const stopTime = 2 * time.Second

// Open takes the folder and the ports. The error tells everything that is in
// the way at once.
func Open(o Options) (_ *System, err error) {
	s := &System{Settings: o.Settings, options: o, waker: &waker{more: make(chan struct{}, 1)}}
	var errs []error
	check := func(err error) bool {
		errs = append(errs, err)
		return err == nil
	}
	defer func() {
		if err != nil {
			s.close()
		}
	}()
	if o.Relay != "" {
		relay, err := NewRelay(o.Relay, domainOf(o.Settings.Mailboxes[0].Address))
		if check(err) {
			relay.perSecond, relay.open.most = o.RelayRate, cmp.Or(o.RelayOpen, relay.open.most)
			s.Carrier, s.relay = relay, relay
		}
	} else if o.Settings.Mode == desk.ModeLive {
		check(errors.New("the configuration says \"mode: live\", and there is no way out for mail: name a mail server with --relay smtp://host:25, or set \"mode: sample\" to try things out"))
	}
	s.smtp, err = listen("SMTP", "--smtp", o.SMTP)
	check(err)
	if o.Settings.Mode == desk.ModeSample || o.Window {
		s.http, err = listen("the page", "--http", o.HTTP)
		check(err)
	}
	if o.Settings.Links.Public != "" {
		s.files, err = listen("what hands out files", "--files", o.Files)
		check(err)
	}
	if s.folder, err = OpenFolder(o.Data); check(err) {
		check(s.openFolder(o))
	}
	return s, errors.Join(errs...)
}

func (s *System) openFolder(o Options) (err error) {
	if s.Keys, err = s.folder.Keys(o.Random); err != nil {
		return err
	}
	if logins(s.Settings) {
		if s.password, err = s.folder.Password(o.Random); err != nil {
			return err
		}
	}
	if s.engine, err = bolt.Open(s.folder.Path("store.db")); err != nil {
		return err
	}
	s.Store, s.Blobs, s.mailboxes = store.New(s.engine, o.Now), Blobs{s.folder}, mailbox.New(s.folder)
	if o.Relay == "" {
		s.sample = newSample(s.mailboxes, o.Settings, o.Now, o.Log)
		s.sample.submit = s.submit
		s.Carrier = s.sample
	}
	return nil
}

func listen(what, flag, address string) (net.Listener, error) {
	l, err := net.Listen("tcp", address)
	if err == nil {
		return l, nil
	}
	var op *net.OpError
	if errors.As(err, &op) && op.Err != nil {
		err = op.Err
	}
	then := ""
	if errors.Is(err, syscall.EADDRINUSE) {
		then = "stop what uses it, or "
	}
	return nil, fmt.Errorf("%s cannot listen on %q: %w; %schoose another address with %s host:port", what, address, err, then, flag)
}

// SMTPAddress is where the SMTP server listens.
func (s *System) SMTPAddress() string { return reachable(s.smtp.Addr()) }

// HTTPAddress is where the page is, "" where there is none.
func (s *System) HTTPAddress() string {
	if s.http == nil {
		return ""
	}
	return reachable(s.http.Addr())
}

// FilesAddress is where files are handed out, "" where they are not.
func (s *System) FilesAddress() string {
	if s.files == nil {
		return ""
	}
	return reachable(s.files.Addr())
}

func (s *System) linked() linked { return linked{s.folder, s.Keys, s.options.Now} }

// Password is what sample people log in with by SMTP; "" where nobody can.
func (s *System) Password() string { return s.password }

// FolderPath is a path in the data folder.
func (s *System) FolderPath(parts ...string) string { return s.folder.Path(parts...) }

// reachable gives the address that a program on this machine connects to.
func reachable(a net.Addr) string {
	host, port, err := net.SplitHostPort(a.String())
	if ip := net.ParseIP(host); err == nil && ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return net.JoinHostPort(host, port)
}

// Wake tells that outbox items wait. It never blocks.
func (s *System) Wake(_ context.Context, ids []string) { s.waker.wake(ids) }

// Run serves until the context ends, and then stops in order: no new mail, what
// was begun is finished, the folder is let go. What could not be finished in
// time goes on at the next start.
func (s *System) Run(ctx context.Context, v Services) error {
	defer s.close()
	if s.sample != nil {
		s.sample.record = v.Record
	}
	spool := newSpool(s.folder, v.Receive, s.options.Log)
	spool.judge, spool.checked, spool.now = s.judge, v.Checked, s.options.Now
	if err := errors.Join(spool.resume(), v.Recover(ctx)); err != nil && ctx.Err() != nil {
		return nil // stopped before it began; the next start takes it up
	} else if err != nil {
		return fmt.Errorf("taking up what was left at the last stop: %w", err)
	}
	server, smtpListener := newServer(&receiver{folder: s.folder, settings: s.Settings, keep: spool.Take, host: domainOf(s.Settings.Mailboxes[0].Address),
		password: s.password, now: s.options.Now, random: s.options.Random, log: s.options.Log, free: s.folder.free}, s.smtp)
	page := s.pageServer(v.Figures)
	work, stopWork := context.WithCancel(ctx)
	defer stopWork()
	broken := make(chan error, 3)
	var servers, workers sync.WaitGroup
	servers.Go(func() { broken <- server.Serve(smtpListener) })
	if page != nil {
		servers.Go(func() { broken <- page.Serve(s.http) })
		workers.Go(func() { s.mailboxes.Warm(work) })
	}
	var handing *http.Server
	if s.files != nil {
		handing = s.linked().server()
		servers.Go(func() { broken <- handing.Serve(netutil.LimitListener(s.files, mostFetching)) })
	}
	workers.Go(func() { spool.run(work) })
	workers.Go(func() { s.waker.run(work, v.Send, s.options.Log) })
	tasks := []Task{{"sending what is due", sweepEvery, v.Sweep}, {"removing what has expired", expireEvery, s.expire},
		{"letting the store's pages go", letGoEvery, func(context.Context) error { return s.engine.LetGo() }}}
	for _, t := range append(tasks, v.Tasks...) {
		workers.Go(func() { repeat(work, t, s.options.Log) })
	}
	var failed error
	select {
	case <-ctx.Done():
	case failed = <-broken:
		failed = fmt.Errorf("the process stops, because one of its servers ended: %w", failed)
	}
	stop(server, smtpListener, page, handing)
	stopWork()
	workers.Wait()
	if s.sample != nil {
		s.sample.wait()
	}
	servers.Wait()
	return failed
}

// stop ends the servers: a client that is in a transaction has a moment to end
// it, and is cut off then. What it was not told 250 to, it will send again.
func stop(server *smtp.Server, clients *boundedListener, pages ...*http.Server) {
	ctx, cancel := context.WithTimeout(context.Background(), stopTime)
	defer cancel()
	for _, page := range pages {
		if page != nil && page.Shutdown(ctx) != nil {
			page.Close()
		}
	}
	if server.Shutdown(ctx) != nil {
		clients.cutOff()
	}
}

func (s *System) close() {
	if s.relay != nil {
		s.relay.Close()
	}
	if s.smtp != nil {
		s.smtp.Close()
	}
	if s.http != nil {
		s.http.Close()
	}
	if s.files != nil {
		s.files.Close()
	}
	if s.engine != nil {
		if err := s.engine.Close(); err != nil {
			s.options.Log.Error("the store was not closed well", "error", err)
		}
	}
	if s.folder != nil {
		s.folder.Close()
	}
}

// expire removes what has expired, all of it: from the store, and files whose links
// are over.
func (s *System) expire(ctx context.Context) error {
	for {
		if n, err := s.engine.Expire(ctx, s.options.Now(), 0); n == 0 || err != nil {
			return errors.Join(err, s.linked().erase())
		}
	}
}

// repeat does a task again and again until the context ends.
func repeat(ctx context.Context, t Task, log *slog.Logger) {
	tick := time.NewTicker(t.Every)
	defer tick.Stop()
	last := ""
	for {
		err := t.Do(ctx)
		switch {
		case err == nil:
			last = ""
		case ctx.Err() == nil && err.Error() != last: // the same trouble is told once
			last = err.Error()
			log.Error(t.Name+" failed", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// submit hands a mail to our own SMTP server, as any client would.
func (s *System) submit(_ context.Context, from, to string, raw []byte) error {
	_, err := submit(s.SMTPAddress(), "", "", from, []string{to}, raw)
	return err
}

// Close lets go of everything. Run does it too; it is for a start that goes no further.
func (s *System) Close() error {
	s.close()
	return nil
}
