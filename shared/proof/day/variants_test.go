package day_test

import (
	"context"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/bench"
	"github.com/replywell/replywell/shared/config"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/golden"
	"github.com/replywell/replywell/shared/kb"
	"github.com/replywell/replywell/shared/kb/article"
	"github.com/replywell/replywell/shared/kb/encoders"
	"github.com/replywell/replywell/shared/metrics"
	"github.com/replywell/replywell/shared/wiring"
	"github.com/replywell/replywell/shared/worth"
)

// variant is a day that something is different in.
type variant struct {
	name    string
	scripts []string // beside the day's own
	change  func(*desk.Settings)
	racing  bool // whoever has a mail too answers it a second later
	most    int  // mails to each agent; 0: not bounded
	tells   func(d *theDay) bool
	night   bool // the night is played too, and what is given back then
	raced   int
	file    string // of the step that is being done
}

// atNoon is when the one who is ill leaves.
const atNoon = 12 * time.Hour

var variants = []variant{
	{name: "day", most: 30},
	// One of three is ill from noon on: two do the work of three.
	{name: "ill", scripts: []string{"ill.txt"}, most: 40, tells: (*theDay).afternoon},
	{name: "out", scripts: []string{"out.txt"}, most: 40, tells: (*theDay).afternoon},
	// Nothing is shared out: whoever has a mail answers it, and so does another, a second later.
	{name: "racing", racing: true, change: func(s *desk.Settings) {
		s.Mailboxes[0].Share = false
		for i := range s.Agents {
			s.Agents[i].Notify = desk.NotifyAll
		}
	}},
	// A customer for each fault of the first days, at a desk that tells everybody of everything.
	{name: "faults", scripts: []string{"faults.txt"}, night: true, tells: (*theDay).faulty,
		change: func(s *desk.Settings) {
			s.Mailboxes[0].Share, s.Mailboxes[0].Acknowledge = false, true
			s.Notifications.Most = 12
			for i := range s.Agents {
				s.Agents[i].Notify = desk.NotifyAll
			}
		}},
}

func (d *theDay) afternoon() bool { return d.Now().Sub(d.midnight) >= atNoon }

// faulty reports whether what happens now is of the script of faults.
func (d *theDay) faulty() bool {
	return d.file == "faults.txt" || d.Now().Sub(d.midnight) > 17*time.Hour
}

// TestTheDay plays the day and its variants in both homes; see doc.go.
func TestTheDay(t *testing.T) {
	for _, v := range variants {
		t.Run(v.name, func(t *testing.T) {
			for _, in := range []struct {
				name string
				open func(*testing.T) (*bench.Path, home)
			}{{"one machine", onOneMachine}, {"aws", onAWS}} {
				t.Run(in.name, func(t *testing.T) {
					t.Parallel()
					d := open(t, v, in.open)
					d.play()
					golden.File(t, "testdata/"+v.name+".golden.txt", d.out.String())
				})
			}
		})
	}
}

// lamps is the sample shop's knowledge base, with its templates.
type lamps struct {
	*kb.Index
	templates []article.Article
}

func (l lamps) Templates(context.Context) ([]article.Article, error) { return l.templates, nil }

// sampleShop is made once for all days.
var sampleShop = sync.OnceValues(func() (l lamps, err error) {
	files, err := article.Files(article.Sample())
	if err != nil {
		return l, err
	}
	articles, err := article.Parse(files)
	return lamps{kb.Build(articles, nil, encoders.Model()), article.Templates(files)}, err
})

func (d *theDay) play() {
	d.Helper()
	scripts := [][]step{readScript(d.t, "day.txt")}
	for _, file := range d.scripts {
		scripts = append(scripts, readScript(d.t, file))
	}
	if d.tells != nil {
		d.quiet = func() bool { return !d.tells(d) }
	}
	for _, s := range together(scripts...) {
		d.until(s.at)
		d.do(s)
	}
	d.until(17*time.Hour + 30*time.Minute)
	if d.night {
		d.say("\n# The night, and what is given back then.")
		d.until(24*time.Hour + 10*time.Minute)
	}
	d.end()
}

func open(t *testing.T, v variant, in func(*testing.T) (*bench.Path, home)) *theDay {
	t.Helper()
	data, err := os.ReadFile("testdata/desk.yaml")
	if err != nil {
		t.Fatal(err)
	}
	settings, err := config.Parse(data, "desk.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if v.change != nil {
		v.change(settings)
	}
	shop, err := sampleShop()
	if err != nil {
		t.Fatal(err)
	}
	p, h := in(t)
	mail := wiring.Receiving(p.Home(), func(context.Context) (lamps, error) { return shop, nil }, encoders.Form{}, nil)
	p.Inbound, p.Confirm = mail.Inbound, mail.Confirm
	d := &theDay{Path: p, home: h, variant: v, t: t, names: map[string]string{}, boxes: map[string][]bench.Sent{},
		desks: emptyDesks()}
	d.World.Settings = settings
	d.midnight = time.Date(bench.Start.Year(), bench.Start.Month(), bench.Start.Day(), 0, 0, 0, 0, time.UTC)
	for _, a := range settings.Agents {
		for _, address := range a.Addresses {
			d.names[address] = a.Name
		}
	}
	d.metrics = &metrics.Service{Home: d.Home()}
	// On Friday new agents are welcomed, and the list of customers is taken in.
	d.At(d.midnight.Add(-56 * time.Hour))
	list, err := os.ReadFile("testdata/customers.csv")
	if err != nil {
		t.Fatal(err)
	}
	if _, err = worth.Drop(t.Context(), h.kept, d.Now(), list); err != nil {
		t.Fatal(err)
	}
	if _, err = d.Schedule.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	d.sent()
	d.At(d.midnight.Add(6 * time.Hour))
	d.say("A Monday at %s: Anna Winter, Ben Okafor and Carla Reyes answer; Dora Lang gets the quarantine, and Pia "+
		"Sale sells.\nThe desk works from 8:00 to 17:00.\n", settings.Mailboxes[0].Name)
	return d
}
