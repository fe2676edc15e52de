// Command load puts a running Replywell under load, and says what became of it. It
// starts the program with a desk of its own, plays the mail servers on both sides of
// it, sends mails of 20 kB from several senders, and measures until the last agent's
// mail has come: how fast mail is accepted and worked on, how long an agent's mail
// takes from the sender's 250, what it costs in processor time, memory and disk.
//
// Sender and relay run in this process, on the same processors; their share is told
// beside that of the program. The desk merges no notifications, so each mail is told
// to each agent by a mail of its own.
//
// With -kill the program is ended by SIGKILL every now and then, and started again.
// Each mail that was answered with 250 must come to every agent all the same; one whose
// sender was cut off is sent again, as mail servers do.
package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"log"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/emersion/go-smtp"

	"github.com/replywell/replywell/shared/bench/processor"
	"github.com/replywell/replywell/shared/kb/article"
)

var (
	program  = flag.String("program", "bin/replywell", "the program that is put under load")
	mails    = flag.Int("mails", 1000, "how many mails are sent")
	senders  = flag.Int("senders", 4, "how many send at a time")
	agents   = flag.Int("agents", 2, "how many agents are told of each")
	size     = flag.Int("size", 20_000, "bytes of a mail, about")
	perSec   = flag.Float64("rate", 0, "mails a second in all; 0: as fast as they are accepted")
	articles = flag.String("articles", "", "folder of articles; \"\" are those of the sample, \"none\" is none at all")
	relays   = flag.Duration("relay-takes", 0, "how long the relay takes for each mail")
	before   = flag.Int("before", 0, "conversations of 2 kB mails that the desk has had before, written into its store first")
	tell     = flag.Duration("tell", 0, "tell the memory so often while mail comes")
	kills    = flag.Duration("kill", 0, "kill -9 the program about so often, and start it again, while mail comes")
	profile  = flag.Bool("keep", false, "keep the data folder, and say where it is")
	more     = flag.String("args", "", "more arguments of the program, such as \"--relay-connections 4\"")
)

func main() {
	flag.Parse()
	r, err := run()
	if err != nil {
		fmt.Fprintln(os.Stderr, "load:", err)
		os.Exit(1)
	}
	fmt.Print(r)
	if r.lost > 0 {
		fmt.Fprintln(os.Stderr, "load: mails that were answered with 250 were not told to every agent")
		os.Exit(1)
	}
}

func run() (*result, error) {
	dir, err := os.MkdirTemp("", "replywell-load")
	if err != nil {
		return nil, err
	}
	if *profile {
		fmt.Println("the data stays in", dir)
	} else {
		defer os.RemoveAll(dir)
	}
	sink := &relay{told: map[string][]time.Time{}}
	address, err := sink.listen()
	if err != nil {
		return nil, err
	}
	d, err := start(dir, address)
	if err != nil {
		return nil, err
	}
	defer d.end()
	r := &result{relay: sink}
	before, ours := d.processor(), processor.Time()
	began := time.Now()
	sent := make(chan bool)
	killed := make(chan error, 1)
	go func() { killed <- d.killNowAndThen(sent) }()
	go d.tellNowAndThen(sent, sink)
	r.taken, r.waits, err = send(d)
	r.accepted = time.Since(began)
	close(sent)
	if dead := <-killed; err == nil {
		err = dead
	}
	if err != nil {
		return nil, fmt.Errorf("%w\n%s", err, d.said.String())
	}
	for sink.whole() < *mails || d.spooled() > 0 {
		if !sink.since(patience()) {
			if d.kills > 0 {
				break // it is told what is missing
			}
			return nil, fmt.Errorf("nothing came for two minutes: the agents have %d mails of %d, and %d wait\n%s",
				sink.count(), *mails**agents, d.spooled(), d.said.String())
		}
		time.Sleep(5 * time.Millisecond) // the spool tells nobody
	}
	r.all, r.used, r.own = time.Since(began), d.processor()-before, processor.Time()-ours
	r.now, r.most = d.memory()
	r.disk, r.kills = d.disk(), d.kills
	r.compare()
	return r, nil
}

// patience is how long nothing may come. What a killed process had begun to send is
// left alone for some minutes where the next one does not find out.
func patience() time.Duration {
	if *kills > 0 {
		return 7 * time.Minute
	}
	return 2 * time.Minute
}

// running is the program with a desk of its own.
type running struct {
	args  []string
	data  string
	said  lockedBuffer
	kills int

	mu    sync.Mutex
	cmd   *exec.Cmd
	smtp  string
	ended chan bool
	spent time.Duration // of a processor, by those that were killed
}

// address is where it takes mail now; it moves with each start.
func (d *running) address() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.smtp
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

var saysSMTP = regexp.MustCompile(`mail in +smtp://(\S+)`)

func start(dir, relay string) (*running, error) {
	var people, ids []string
	for i := range *agents {
		ids = append(ids, fmt.Sprint("agent", i))
		people = append(people, fmt.Sprintf("  - {id: agent%d, name: Agent %d, addresses: agent%d@team.example}\n", i, i, i))
	}
	config := filepath.Join(dir, "desk.yaml")
	text := "version: 1\nmode: live\ntrust_loopback: true\nbelieve_forgeries_from_this_machine: true\nmailboxes:\n  - {id: support, name: Shop, address: support@shop.example, agents: [" + strings.Join(ids, ", ") + "]}\nagents:\n" + strings.Join(people, "") +
		"notifications: {most: 10000, within: 1 minute}\n"
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		return nil, err
	}
	d := &running{data: filepath.Join(dir, "data")}
	known := article.Sample()
	if *articles != "" {
		known = os.DirFS(*articles)
	}
	if *articles != "none" {
		if err := os.CopyFS(filepath.Join(d.data, "articles"), known); err != nil {
			return nil, err
		}
	}
	d.args = append([]string{"local", "--smtp", "127.0.0.1:0", "--http", "127.0.0.1:0", "--data", d.data, "--config", config, "--relay", "smtp://" + relay}, strings.Fields(*more)...)
	if *before > 0 {
		size, err := seed(d.data, *before)
		if err != nil {
			return nil, err
		}
		fmt.Printf("%-10s %d conversations, %.1f kB each in the store\n", "before", *before, float64(size)/float64(*before)/1000)
	}
	if err := d.begin(); err != nil {
		return nil, err
	}
	if *articles != "none" { // the first build of the knowledge base is not what is measured
		for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
			if _, err := os.Stat(filepath.Join(d.data, "blobs", "kb-index", "current")); err == nil {
				break
			}
		}
	}
	return d, nil
}

// begin starts the program, and waits until it takes mail.
func (d *running) begin() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	said, ended := &lockedBuffer{}, make(chan bool)
	cmd := exec.Command(*program, d.args...)
	cmd.Stdout, cmd.Stderr = io.MultiWriter(said, &d.said), io.MultiWriter(said, &d.said)
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("%w; \"make build\" makes it", err)
	}
	go func() {
		_ = cmd.Wait() // what it said tells
		close(ended)
	}()
	for !strings.Contains(said.String(), "Stop with") {
		select {
		case <-ended:
			return errors.New("it ended at once:\n" + said.String())
		case <-time.After(20 * time.Millisecond):
		}
	}
	d.cmd, d.ended, d.smtp = cmd, ended, saysSMTP.FindStringSubmatch(said.String())[1]
	return nil
}

// killNowAndThen kills the program and starts it again, until all is sent.
func (d *running) killNowAndThen(sent <-chan bool) error {
	for r := rand.New(rand.NewPCG(9, 9)); *kills > 0; {
		select {
		case <-sent:
			return nil
		case <-time.After(*kills/2 + time.Duration(r.Int64N(int64(*kills)))):
		}
		spent := d.processor()
		_ = d.cmd.Process.Kill() // it may have ended
		<-d.ended
		d.kills++
		d.spent += spent - d.spent
		if err := d.begin(); err != nil {
			return err
		}
	}
	<-sent
	return nil
}

// tellNowAndThen tells the memory, until all is sent.
func (d *running) tellNowAndThen(sent <-chan bool, r *relay) {
	for began := time.Now(); *tell > 0; {
		select {
		case <-sent:
			return
		case <-time.After(*tell):
			now, most := d.memory()
			fmt.Printf("%8s  %7d agents' mails  %.0f MB now, %.0f MB at most\n", time.Since(began).Round(time.Second), r.count(), now, most)
		}
	}
}

func (d *running) end() {
	_ = d.cmd.Process.Signal(syscall.SIGTERM) // it may have ended
	<-d.ended
}

// send sends the mails, and gives when each was answered with 250, and how long that took.
func send(d *running) (taken map[string]time.Time, waits []time.Duration, err error) {
	taken = map[string]time.Time{}
	next := make(chan int)
	go func() {
		defer close(next)
		began := time.Now()
		for i := range *mails {
			if *perSec > 0 {
				time.Sleep(time.Until(began.Add(time.Duration(float64(i) / *perSec * float64(time.Second)))))
			}
			next <- i
		}
	}()
	var mu sync.Mutex
	var work sync.WaitGroup
	for range *senders {
		work.Go(func() {
			var c *smtp.Client
			var problem error
			for i := range next {
				if problem != nil {
					continue // what is left is not sent
				}
				word, raw := mail(i)
				at := time.Now()
				if c, problem = hand(d, c, i, raw); problem == nil {
					mu.Lock()
					taken[word], waits = time.Now(), append(waits, time.Since(at))
					mu.Unlock()
				}
			}
			if c != nil {
				c.Close()
			}
			if problem != nil {
				mu.Lock()
				err = problem
				mu.Unlock()
			}
		})
	}
	work.Wait()
	return taken, waits, err
}

// hand hands a mail in. A mail server tries again until it is told 250, with the same
// mail: whether a connection broke before or after that was written, it cannot know.
func hand(d *running, c *smtp.Client, i int, raw []byte) (*smtp.Client, error) {
	var err error
	for until := time.Now().Add(2 * time.Minute); time.Now().Before(until); time.Sleep(20 * time.Millisecond) {
		if c == nil {
			if c, err = smtp.Dial(d.address()); err != nil {
				c = nil
				continue
			}
		}
		from := fmt.Sprintf("c%d@customers.example", i)
		if err = c.SendMail(from, []string{"support@shop.example"}, bytes.NewReader(raw)); err == nil {
			return c, nil
		}
		c.Close()
		c = nil
		if *kills == 0 {
			break
		}
	}
	return nil, err
}

var vocabulary = strings.Fields("the lamp that we bought in spring flickers since yesterday and makes a humming sound when it is warm I have tried another bulb and another socket but nothing helps my order number is below " +
	"could you please tell me what else to try or whether it may be sent back parcel invoice address colour switch cable shade glass screw warranty month week neighbour kitchen evening light bright dark repair")

// mail makes one of about the size that is asked for, text and HTML, each with other words.
func mail(i int) (word string, raw []byte) {
	r := rand.New(rand.NewPCG(uint64(i), 17))
	word = fmt.Sprintf("load-%d-", i)
	var text, html strings.Builder
	fmt.Fprintf(&text, "Hello,\r\n\r\n")
	fmt.Fprintf(&html, "<html><body><p>Hello,</p>\r\n")
	for text.Len() < 1500 {
		var line []string
		for range 11 {
			line = append(line, vocabulary[r.IntN(len(vocabulary))])
		}
		fmt.Fprintf(&text, "%s.\r\n", strings.Join(line, " "))
		fmt.Fprintf(&html, "<p style=\"margin:0 0 8px 0;font-family:Arial,Helvetica,sans-serif\">%s.</p>\r\n", strings.Join(line, " "))
	}
	fmt.Fprintf(&text, "\r\nBest regards,\r\nCustomer %d\r\n", i)
	fmt.Fprintf(&html, "<p>Best regards,<br>Customer %d</p>\r\n<!-- ", i)
	for html.Len()+text.Len() < *size-600 {
		fmt.Fprintf(&html, "%016x%016x%016x%016x\r\n", r.Uint64(), r.Uint64(), r.Uint64(), r.Uint64())
	}
	html.WriteString("-->\r\n</body></html>\r\n")
	return word, fmt.Appendf(nil, "From: Customer %d <c%d@customers.example>\r\nTo: support@shop.example\r\nSubject: Trouble %s with a lamp\r\nMessage-ID: <%s@customers.example>\r\nDate: %s\r\nMIME-Version: 1.0\r\n"+
		"Content-Type: multipart/alternative; boundary=\"b\"\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n%s--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n%s--b--\r\n",
		i, i, word, word, time.Now().UTC().Format(time.RFC1123Z), text.String(), html.String())
}

// relay takes what the desk sends, and notes when.
type relay struct {
	mu   sync.Mutex
	told map[string][]time.Time
	n    int
	last time.Time
}

func (r *relay) listen() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	server := smtp.NewServer(r)
	server.Domain = "relay.example"
	server.ErrorLog = log.New(io.Discard, "", 0) // connections break when the program is killed
	go func() { _ = server.Serve(l) }()          // ends with the process
	return l.Addr().String(), nil
}

func (r *relay) count() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.n
}

// whole is how many mails every agent was told of.
func (r *relay) whole() (n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, times := range r.told {
		if len(times) >= *agents {
			n++
		}
	}
	return n
}

// since tells whether a mail came within such a time.
func (r *relay) since(d time.Duration) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.last.IsZero() {
		r.last = time.Now()
	}
	return time.Since(r.last) < d
}

func (r *relay) NewSession(*smtp.Conn) (smtp.Session, error) { return session{r}, nil }

type session struct{ r *relay }

func (session) Reset()                               {}
func (session) Logout() error                        { return nil }
func (session) Mail(string, *smtp.MailOptions) error { return nil }
func (session) Rcpt(string, *smtp.RcptOptions) error { return nil }

var isWord = regexp.MustCompile(`load-\d+-`)

func (s session) Data(in io.Reader) error {
	raw, err := io.ReadAll(in)
	if err != nil {
		return err
	}
	if *relays > 0 {
		time.Sleep(*relays)
	}
	word := string(isWord.Find(raw[:min(len(raw), 4000)]))
	s.r.mu.Lock()
	defer s.r.mu.Unlock()
	s.r.last = time.Now()
	s.r.n++
	s.r.told[word] = append(s.r.told[word], s.r.last)
	return nil
}

// processor is the time that the program has had of a processor.
func (d *running) processor() time.Duration {
	d.mu.Lock()
	defer d.mu.Unlock()
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", d.cmd.Process.Pid))
	if err != nil {
		return d.spent
	}
	f := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
	var ticks int64
	for _, field := range f[11:13] { // utime and stime
		n, _ := strconv.ParseInt(field, 10, 64) // the kernel writes numbers
		ticks += n
	}
	return d.spent + time.Duration(ticks)*(time.Second/100)
}

// memory is what the program has now and had at most, in MB.
func (d *running) memory() (now, most float64) {
	status, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", d.cmd.Process.Pid)) // 0 where the system tells nothing
	for _, line := range strings.Split(string(status), "\n") {
		name, value, _ := strings.Cut(line, ":")
		kB, _ := strconv.ParseFloat(strings.TrimSuffix(strings.TrimSpace(value), " kB"), 64) // other lines are no such numbers
		switch name {
		case "VmRSS":
			now = kB * 1024 / 1e6
		case "VmHWM":
			most = kB * 1024 / 1e6
		}
	}
	return now, most
}

// spooled is how many mails wait to be worked on.
func (d *running) spooled() (n int) {
	names, _ := filepath.Glob(filepath.Join(d.data, "spool", "*.json")) // the pattern is good
	return len(names)
}

func (d *running) disk() (bytes int64) {
	_ = filepath.WalkDir(d.data, func(_ string, e fs.DirEntry, err error) error { // what is gone meanwhile takes nothing
		if err != nil || e.IsDir() {
			return nil
		}
		if info, err := e.Info(); err == nil {
			bytes += info.Sys().(*syscall.Stat_t).Blocks * 512
		}
		return nil
	})
	return bytes
}

// result is what became of the load.
type result struct {
	relay                    *relay
	taken                    map[string]time.Time // when each was answered with 250
	waits                    []time.Duration      // how long that took
	told                     []time.Duration      // from then to an agent's mail
	accepted, all, used, own time.Duration
	now, most                float64 // MB
	disk                     int64
	kills, lost, twice       int
	missing                  []string // the first word of those that not every agent has
}

// compare counts what the agents have against what was taken.
func (r *result) compare() {
	r.relay.mu.Lock()
	defer r.relay.mu.Unlock()
	for word, at := range r.taken {
		for _, t := range r.relay.told[word] {
			r.told = append(r.told, t.Sub(at))
		}
		r.twice += max(0, len(r.relay.told[word])-*agents)
		if n := len(r.relay.told[word]); n < *agents {
			r.lost += *agents - n
			r.missing = append(r.missing, word)
		}
	}
	slices.Sort(r.waits)
	slices.Sort(r.told)
}

func (r *result) String() string {
	at := func(list []time.Duration, part float64) string {
		if len(list) == 0 {
			return "-"
		}
		return list[min(len(list)-1, int(part*float64(len(list))))].Round(100 * time.Microsecond).String()
	}
	second := func(n int, in time.Duration) string { return fmt.Sprintf("%.1f a second", float64(n)/in.Seconds()) }
	per := func(t time.Duration) string { return (t / time.Duration(*mails)).Round(10 * time.Microsecond).String() }
	var out strings.Builder
	for _, line := range [][2]string{
		{"sent", fmt.Sprintf("%d mails of %d bytes by %d senders, told to %d agents", *mails, *size, *senders, *agents)},
		{"accepted", fmt.Sprintf("%s; 250 after p50 %s, p99 %s", second(*mails, r.accepted), at(r.waits, .5), at(r.waits, .99))},
		{"processed", fmt.Sprintf("%s; all is done and told after %s", second(*mails, r.all), r.all.Round(10*time.Millisecond))},
		{"told", fmt.Sprintf("%s; from 250 to the agent's mail p50 %s, p99 %s, at most %s", second(len(r.told), r.all), at(r.told, .5), at(r.told, .99), at(r.told, 1))},
		{"processor", fmt.Sprintf("%s a mail (the program); %s (sender and relay, in this process)", per(r.used), per(r.own))},
		{"memory", fmt.Sprintf("%.0f MB at most, %.0f MB now", r.most, r.now)},
		{"disk", fmt.Sprintf("%.1f kB a mail", float64(r.disk)/float64(*mails)/1000)},
		{"wrong", fmt.Sprintf("%d agents' mails are missing, %d came twice; killed %d times", r.lost, r.twice, r.kills)},
	} {
		fmt.Fprintf(&out, "%-10s %s\n", line[0], line[1])
	}
	if len(r.missing) > 0 {
		fmt.Fprintf(&out, "%-10s %s\n", "missing", strings.Join(r.missing, " "))
	}
	return out.String()
}
