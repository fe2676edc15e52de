// Command load puts a running Replywell under load, and says what became of it. It
// starts the program with a desk of its own, plays the mail servers on both sides of
// it, sends mails of 20 kB from several senders, and measures until the last agent's
// mail has come: how fast mail is accepted and worked on, how long an agent's mail
// takes from the sender's 250, what it costs in processor time, memory and disk.
//
// Sender and relay run in this process, on the same processors; their share is told
// beside that of the program. The desk merges no notifications, so each mail is told
// to each agent by a mail of its own.
package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
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
	profile  = flag.Bool("keep", false, "keep the data folder, and say where it is")
	more     = flag.String("args", "", "more arguments of the program, such as \"--relay-connections 4\"")
)

func main() {
	flag.Parse()
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "load:", err)
		os.Exit(1)
	}
}

func run() error {
	dir, err := os.MkdirTemp("", "replywell-load")
	if err != nil {
		return err
	}
	if *profile {
		fmt.Println("the data stays in", dir)
	} else {
		defer os.RemoveAll(dir)
	}
	sink := &relay{told: map[string][]time.Time{}}
	address, err := sink.listen()
	if err != nil {
		return err
	}
	d, err := start(dir, address)
	if err != nil {
		return err
	}
	defer d.end()
	before, ours := d.processor(), processor.Time()
	began := time.Now()
	taken, waits, err := send(d.smtp)
	if err != nil {
		return fmt.Errorf("%w\n%s", err, d.said.String())
	}
	accepted := time.Since(began)
	for sink.count() < *mails**agents || d.spooled() > 0 {
		if !sink.since(2 * time.Minute) {
			return fmt.Errorf("nothing came for two minutes: the agents have %d mails of %d, and %d wait\n%s", sink.count(), *mails**agents, d.spooled(), d.said.String())
		}
		time.Sleep(5 * time.Millisecond) // the spool tells nobody
	}
	all := time.Since(began)
	used, own := d.processor()-before, processor.Time()-ours
	d.report(sink, taken, waits, accepted, all, used, own)
	return nil
}

// desk is the program with a desk of its own.
type desk struct {
	cmd        *exec.Cmd
	said       lockedBuffer
	smtp, data string
	ended      chan bool
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

func start(dir, relay string) (*desk, error) {
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
	d := &desk{data: filepath.Join(dir, "data"), ended: make(chan bool)}
	known := article.Sample()
	if *articles != "" {
		known = os.DirFS(*articles)
	}
	if *articles != "none" {
		if err := os.CopyFS(filepath.Join(d.data, "articles"), known); err != nil {
			return nil, err
		}
	}
	args := append([]string{"local", "--smtp", "127.0.0.1:0", "--http", "127.0.0.1:0", "--data", d.data, "--config", config, "--relay", "smtp://" + relay}, strings.Fields(*more)...)
	d.cmd = exec.Command(*program, args...)
	d.cmd.Stdout, d.cmd.Stderr = &d.said, &d.said
	if err := d.cmd.Start(); err != nil {
		return nil, fmt.Errorf("%w; \"make build\" makes it", err)
	}
	go func() {
		_ = d.cmd.Wait() // what it said tells
		close(d.ended)
	}()
	for !strings.Contains(d.said.String(), "Stop with") {
		select {
		case <-d.ended:
			return nil, errors.New("it ended at once:\n" + d.said.String())
		case <-time.After(20 * time.Millisecond):
		}
	}
	d.smtp = saysSMTP.FindStringSubmatch(d.said.String())[1]
	if *articles != "none" { // the first build of the knowledge base is not what is measured
		for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
			if _, err := os.Stat(filepath.Join(d.data, "blobs", "kb-index", "current")); err == nil {
				break
			}
		}
	}
	return d, nil
}

func (d *desk) end() {
	_ = d.cmd.Process.Signal(syscall.SIGTERM) // it may have ended
	<-d.ended
}

// send sends the mails, and gives when each was answered with 250, and how long that took.
func send(address string) (taken map[string]time.Time, waits []time.Duration, err error) {
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
			c, problem := smtp.Dial(address)
			if problem == nil {
				defer c.Close()
			}
			for i := range next {
				if problem != nil {
					continue // what is left is not sent
				}
				word, raw := mail(i)
				at := time.Now()
				if problem = c.SendMail(fmt.Sprintf("c%d@customers.example", i), []string{"support@shop.example"}, bytes.NewReader(raw)); problem == nil {
					mu.Lock()
					taken[word], waits = time.Now(), append(waits, time.Since(at))
					mu.Unlock()
				}
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
	go func() { _ = server.Serve(l) }() // ends with the process
	return l.Addr().String(), nil
}

func (r *relay) count() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.n
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
func (d *desk) processor() time.Duration {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", d.cmd.Process.Pid))
	if err != nil {
		return 0
	}
	f := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
	var ticks int64
	for _, field := range f[11:13] { // utime and stime
		n, _ := strconv.ParseInt(field, 10, 64) // the kernel writes numbers
		ticks += n
	}
	return time.Duration(ticks) * (time.Second / 100)
}

// memory is what the program has now and had at most, in MB.
func (d *desk) memory() (now, most float64) {
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
func (d *desk) spooled() (n int) {
	names, _ := filepath.Glob(filepath.Join(d.data, "spool", "*.json")) // the pattern is good
	return len(names)
}

func (d *desk) disk() (bytes int64) {
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

func (d *desk) report(r *relay, taken map[string]time.Time, waits []time.Duration, accepted, all, used, own time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	var told []time.Duration
	twice, lost := 0, 0
	for word, at := range taken {
		for _, t := range r.told[word] {
			told = append(told, t.Sub(at))
		}
		twice += max(0, len(r.told[word])-*agents)
		lost += max(0, *agents-len(r.told[word]))
	}
	slices.Sort(waits)
	slices.Sort(told)
	at := func(list []time.Duration, part float64) string {
		if len(list) == 0 {
			return "-"
		}
		return list[min(len(list)-1, int(part*float64(len(list))))].Round(100 * time.Microsecond).String()
	}
	second := func(n int, in time.Duration) string { return fmt.Sprintf("%.1f a second", float64(n)/in.Seconds()) }
	now, most := d.memory()
	per := func(t time.Duration) string { return (t / time.Duration(*mails)).Round(10 * time.Microsecond).String() }
	for _, line := range [][2]string{
		{"sent", fmt.Sprintf("%d mails of %d bytes by %d senders, told to %d agents", *mails, *size, *senders, *agents)},
		{"accepted", fmt.Sprintf("%s; 250 after p50 %s, p99 %s", second(*mails, accepted), at(waits, .5), at(waits, .99))},
		{"processed", fmt.Sprintf("%s; all is done and told after %s", second(*mails, all), all.Round(10*time.Millisecond))},
		{"told", fmt.Sprintf("%s; from 250 to the agent's mail p50 %s, p99 %s, at most %s", second(len(told), all), at(told, .5), at(told, .99), at(told, 1))},
		{"processor", fmt.Sprintf("%s a mail (the program); %s (sender and relay, in this process)", per(used), per(own))},
		{"memory", fmt.Sprintf("%.0f MB at most, %.0f MB now", most, now)},
		{"disk", fmt.Sprintf("%d kB a mail", d.disk()/int64(*mails)/1000)},
		{"wrong", fmt.Sprintf("%d agents' mails are missing, %d came twice", lost, twice)},
	} {
		fmt.Printf("%-10s %s\n", line[0], line[1])
	}
}
