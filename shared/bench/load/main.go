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
	"flag"
	"fmt"
	"os"
	"time"

	"github.com/replywell/replywell/shared/bench/processor"
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
	desks    = flag.String("desk", "", "a folder for the desk, which stays; one that a run before left is used as it is, with what it had")
	settle   = flag.Duration("settle", 0, "wait so long after the start, and tell what the start costs, before mail comes")
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
	dir, err := *desks, error(nil)
	if dir == "" {
		if dir, err = os.MkdirTemp("", "replywell-load"); err != nil {
			return nil, err
		}
		if *profile {
			fmt.Println("the data stays in", dir)
		} else {
			defer os.RemoveAll(dir)
		}
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
	d.settle()
	disk := d.disk()
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
	r.disk, r.kills = d.disk()-disk, d.kills
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
