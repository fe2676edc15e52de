package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/replywell/replywell/shared/kb/article"
)

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
	if _, err := os.Stat(filepath.Join(d.data, "store.db")); *before > 0 && errors.Is(err, fs.ErrNotExist) {
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

// settle lets pass what a start costs, and tells it.
func (d *running) settle() {
	if *settle == 0 {
		return
	}
	time.Sleep(*settle)
	now, most := d.memory()
	fmt.Printf("%-10s %s of processor in the first %s; %.0f MB at most, %.0f MB now\n", "start", d.processor(), *settle, most, now)
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
