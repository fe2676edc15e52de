package local

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/doctor"
	"github.com/replywell/replywell/shared/letters"
	"github.com/replywell/replywell/shared/probe"
	"github.com/replywell/replywell/shared/send"
)

// Doctor looks at a desk on this machine, from beside it: the process that runs
// it holds the store, so what is in there is not looked at.
type Doctor struct {
	Settings *desk.Settings
	Notes    []string // what config.Notes says of the settings
	Data     string   // folder
	SMTP     string   // where mail comes in
	Relay    string   // "" where there is none
	DNS      doctor.DNS
	Now      func() time.Time
	// Places reads the posting secret; nil: reports are not looked at.
	Places func(secret []byte) doctor.Places
	Probe  time.Duration // how long a probe is waited for; 0: none is sent
}

// Examine looks at everything.
func (d Doctor) Examine(ctx context.Context) doctor.Report {
	var r doctor.Report
	s := d.Settings
	if s.Mode != desk.ModeLive {
		r.Add(doctor.Warning, "settings", "", "mode: sample, so no mail leaves this machine and none is verified", "customers and agents are not written to", "write mode: live in the settings when you mean it (docs/one-machine.md)")
	} else {
		r.Good("settings", "", "%s and %s", doctor.Count(len(s.Mailboxes), "mailbox", "mailboxes"), doctor.Count(len(s.Agents), "agent", "agents"))
	}
	for _, n := range d.Notes {
		r.Add(doctor.Warning, "settings", "", strings.TrimSuffix(n, "."), "the start of \"replywell local\" says so too", "change the settings if it is not meant so")
	}
	doctor.Departments(&r, s)
	d.running(ctx, &r)
	d.folder(&r)
	d.relay(ctx, &r)
	d.clock(&r)
	d.reports(ctx, &r)
	doctor.FileLinks(ctx, &r, s.Links.Public, `files above 10 MB go back to their agents; set files_url to send them as links (docs/one-machine.md)`)
	if s.Mode != desk.ModeLive {
		return r // the sample's people are of no real domain
	}
	seen := map[string]bool{}
	for _, mb := range s.Mailboxes {
		for i, a := range []string{mb.Address, mb.ReplyBase} {
			domain := domainOf(a)
			if seen[domain] {
				continue
			}
			seen[domain] = true
			d.DNS.MX(ctx, &r, domain, "", false)
			if i == 0 {
				d.DNS.SPF(ctx, &r, domain, "", domain+` TXT "v=spf1 mx ~all", with the relay's servers instead of mx if it has others`)
				d.DNS.DMARC(ctx, &r, domain)
			}
		}
	}
	d.DNS.Agents(ctx, &r, s.Agents)
	d.DNS.Departments(ctx, &r, s.Departments)
	if d.Probe > 0 {
		d.probe(ctx, &r)
	}
	return r
}

// reports looks at where reports go.
func (d Doctor) reports(ctx context.Context, r *doctor.Report) {
	if d.Places == nil {
		return
	}
	secret, err := postingSecret(filepath.Join(d.Data, postingFile))
	p := doctor.Places{Wrong: err}
	if err == nil {
		p = d.Places(secret)
	}
	now := d.Now().In(teamZone(d.Settings))
	monday := time.Date(now.Year(), now.Month(), now.Day()+(8-int(now.Weekday()))%7, reportHour, 0, 0, 0, now.Location())
	if !monday.After(now) {
		monday = monday.AddDate(0, 0, 7)
	}
	p.Weekly = "on " + monday.Format("Mon 2 Jan 2006, 15:04 MST")
	p.Kept = filepath.Join(d.Data, "reports")
	p.Keepable = func() error { return writable(p.Kept) }
	doctor.Reports(ctx, r, d.Settings, p, d.Now())
}

// writable tries to write a file into a folder, or into the one that it would be made in.
func writable(folder string) error {
	if _, err := os.Stat(folder); errors.Is(err, fs.ErrNotExist) {
		folder = filepath.Dir(folder)
	}
	f, err := os.CreateTemp(folder, ".doctor-*")
	if err != nil {
		return fmt.Errorf("nothing can be written there: %w", plain(err))
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}

// running looks whether the process answers.
func (d Doctor) running(ctx context.Context, r *doctor.Report) {
	const why = "no mail is taken in and none leaves; mail servers keep theirs for some days"
	conn, err := (&net.Dialer{Timeout: 5 * time.Second}).DialContext(ctx, "tcp", d.SMTP)
	if err != nil {
		r.Add(doctor.Bad, "process", d.SMTP, "nobody answers: "+plainDial(err), why, "start \"replywell local\", or name the address where it takes mail in with --smtp")
		return
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(10 * time.Second))
	line, err := bufio.NewReader(conn).ReadString('\n')
	if err != nil || !strings.HasPrefix(line, "220") {
		r.Add(doctor.Bad, "process", d.SMTP, fmt.Sprintf("what answers there is no mail server (%q)", strings.TrimSpace(line)), why, "name the address where \"replywell local\" takes mail in with --smtp")
		return
	}
	fmt.Fprint(conn, "QUIT\r\n")
	r.Good("process", d.SMTP, "it takes mail in")
}

func plainDial(err error) string {
	var op *net.OpError
	if errors.As(err, &op) && op.Err != nil {
		return op.Err.Error()
	}
	return err.Error()
}

// Room that the data folder's disk must have.
const (
	littleRoom = 1 << 30
	noRoom     = 100 << 20
)

// folder looks at what the process keeps.
func (d Doctor) folder(r *doctor.Report) {
	f := &Folder{path: d.Data}
	if info, err := os.Stat(d.Data); err != nil || !info.IsDir() {
		r.Add(doctor.Bad, "data folder", d.Data, "it is not there", "everything is in it: mails, conversations, keys", "name it with --data; if it is lost, bring back a copy (docs/one-machine.md)")
		return
	}
	if room := f.free(); room < noRoom {
		r.Add(doctor.Bad, "disk", d.Data, fmt.Sprintf("%d MB are left", room>>20), "mail is refused, and its senders' servers come again later", "make room; old mail is in the folder blobs")
	} else if room < littleRoom {
		r.Add(doctor.Warning, "disk", d.Data, fmt.Sprintf("%d MB are left", room>>20), "without room mail is refused", "make room")
	} else {
		r.Good("disk", d.Data, "%d GB are left", room>>30)
	}
	if info, err := os.Stat(f.Path("keys.json")); err != nil {
		r.Add(doctor.Bad, "keys of reply addresses", "", "the file keys.json is not there", "no mail sent so far can be answered without it", "put back a copy of it; a new desk makes one at its first start")
	} else if _, err := f.Keys(nil); err != nil {
		r.Add(doctor.Bad, "keys of reply addresses", "", err.Error(), "no mail can be answered", "put back a copy of the file")
	} else if info.Mode().Perm()&0o077 != 0 {
		r.Add(doctor.Bad, "keys of reply addresses", "", "others on this machine may read keys.json", "whoever has the keys can write as an agent", "chmod 600 "+f.Path("keys.json"))
	} else if age := d.Now().Sub(info.ModTime()); age > 2*365*24*time.Hour {
		r.Add(doctor.Warning, "keys of reply addresses", "", fmt.Sprintf("they were changed %d days ago", int(age.Hours()/24)), "whoever has seen them in all that time can write as an agent", "docs/operations.md says how keys are rotated without breaking an address")
	} else {
		r.Good("keys of reply addresses", "", "they can be read, by nobody else, and are not old")
	}
	waiting, oldest := 0, time.Time{}
	names, _ := filepath.Glob(f.Path("spool", "*.json"))
	for _, name := range names {
		if info, err := os.Stat(name); err == nil {
			waiting++
			if oldest.IsZero() || info.ModTime().Before(oldest) {
				oldest = info.ModTime()
			}
		}
	}
	if age := d.Now().Sub(oldest); waiting > 0 && age > 15*time.Minute {
		r.Add(doctor.Bad, "spool", "", fmt.Sprintf("%s to be processed, the oldest for %s", doctor.Count(waiting, "mail waits", "mails wait"), doctor.Span(age)), "agents have not heard of them", "the log of \"replywell local\" says why")
	} else {
		r.Good("spool", "", "%s to be processed", doctor.Count(waiting, "mail waits", "mails wait"))
	}
	if parked, _ := filepath.Glob(f.Path("spool", "parked", "*.json")); len(parked) > 0 {
		r.Add(doctor.Bad, "spool", "parked", doctor.Count(len(parked), "mail", "mails")+" could not be processed", "agents have not heard of them", "the log says why; when it is mended, move them from spool/parked to spool and start again")
	}
}

// relay looks whether the way out takes us in.
func (d Doctor) relay(ctx context.Context, r *doctor.Report) {
	if d.Relay == "" {
		if d.Settings.Mode == desk.ModeLive {
			r.Add(doctor.Unknown, "relay", "", "it could not be looked at: none was named", "whether mail leaves stays unseen", "name it with --relay, as for \"replywell local\"")
		}
		return
	}
	relay, err := NewRelay(d.Relay, domainOf(d.Settings.Mailboxes[0].Address))
	if err != nil {
		r.Add(doctor.Bad, "relay", "", err.Error(), "no mail leaves", "write --relay as for \"replywell local\"")
		return
	}
	c, err := relay.connect(ctx)
	if err != nil {
		r.Add(doctor.Bad, "relay", relay.address, err.Error(), "no mail leaves; it waits and is tried again for five days", "ask whoever runs the server, or name another one with --relay")
		return
	}
	_, secure := c.TLSConnectionState()
	c.farewell()
	if !secure && !loopback(relay.host) {
		r.Add(doctor.Warning, "relay", relay.address, "it takes us in, without encryption", "whoever is in between reads every mail", "use smtps://, or a server with STARTTLS")
		return
	}
	r.Good("relay", relay.address, "it takes us in")
}

// clock asks the kernel whether somebody keeps its time.
func (d Doctor) clock(r *doctor.Report) {
	switch kept, err := clockKept(); {
	case err != nil:
		r.Unknown("clock", "", err, "see that it is kept (timedatectl)")
	case !kept:
		r.Add(doctor.Warning, "clock", "", "nobody keeps this machine's time", "signatures and reply addresses bear times: a clock that is far off has mail refused", "let the machine keep time (timedatectl set-ntp true)")
	default:
		r.Good("clock", "", "it is kept")
	}
}

// probeFile is where the process leaves word of a probe that came.
const probeFile = "probe.json"

// probed is what it says.
type probed struct{ Sent, Received time.Time }

// ProbeClosed leaves word of a probe that came back, for whoever waits for it.
func (s *System) ProbeClosed(sent, received time.Time) {
	data, err := json.Marshal(probed{sent, received})
	if err == nil {
		err = s.folder.Write(data, probeFile)
	}
	if err != nil {
		s.options.Log.Error("that a probe came back could not be written down", "error", err)
	}
}

// probe writes a mail through the relay to the desk, and waits until it has come.
func (d Doctor) probe(ctx context.Context, r *doctor.Report) {
	const why = "it goes the way of a customer's reply: what happens to it happens to theirs"
	f := &Folder{path: d.Data}
	keys, err := f.Keys(nil)
	if err != nil || d.Relay == "" {
		r.Add(doctor.Unknown, "probe", "", "none was sent: it needs --relay and the keys in --data", why, "run it beside the desk, with the same flags as \"replywell local\"")
		return
	}
	relay, err := NewRelay(d.Relay, domainOf(d.Settings.Mailboxes[0].Address))
	if err != nil {
		return // the relay's finding says it
	}
	mb := d.Settings.Mailboxes[0]
	sent := d.Now()
	to, err := probe.Address(keys, mb, sent)
	if err != nil {
		r.Unknown("probe", "", err, "look at the reply address of the first mailbox")
		return
	}
	id := desk.DerivedID("probe", sent.UTC().Format(time.RFC3339Nano), mb.ID)
	ready, err := letters.Writer{Settings: d.Settings, Keys: keys, Now: sent}.Probe(id, to, mb)
	if err == nil {
		_, err = relay.Send(ctx, send.Mail{Outbox: id, From: mb.Address, To: []string{to}, Raw: ready.Raw})
	}
	if err != nil {
		r.Add(doctor.Bad, "probe", mb.Address, "it did not leave: "+err.Error(), why, "mend what the line about the relay says")
		return
	}
	ctx, stop := context.WithTimeout(ctx, d.Probe)
	defer stop()
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	for {
		var came probed
		if data, err := os.ReadFile(f.Path(probeFile)); err == nil && json.Unmarshal(data, &came) == nil && came.Sent.Equal(sent.Truncate(time.Microsecond)) {
			r.Good("probe", mb.Address, "it came back after %s", came.Received.Sub(came.Sent).Round(time.Second))
			return
		}
		select {
		case <-ctx.Done():
			r.Add(doctor.Bad, "probe", mb.Address, fmt.Sprintf("it left, and did not come back within %s", d.Probe), why,
				"follow it: does the relay deliver to "+mb.ReplyBase+", where does the MX of that domain lead, does the server there hand it to "+d.SMTP+"?")
			return
		case <-tick.C:
		}
	}
}
