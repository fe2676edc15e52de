package cost

import (
	_ "embed"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"
)

//go:embed prices.yaml
var prices []byte

// Price is one line of prices.yaml.
type Price struct {
	ID, Unit     string
	Price        float64
	Source, Read string
	Note         string
}

var leadingNumber = regexp.MustCompile(`^(\d+) `)

// each is the price of one of what the unit counts.
func (p Price) each() float64 {
	if m := leadingNumber.FindStringSubmatch(p.Unit); m != nil {
		n, _ := strconv.ParseFloat(m[1], 64) // it is digits
		return p.Price / n
	}
	return p.Price
}

// Prices reads prices.yaml.
func Prices() (map[string]Price, []Price, error) {
	var list []Price
	if err := yaml.Unmarshal(prices, &list); err != nil {
		return nil, nil, fmt.Errorf("prices.yaml: %w", err)
	}
	out := map[string]Price{}
	for _, p := range list {
		if p.ID == "" || p.Price <= 0 || p.Source == "" || p.Read == "" {
			return nil, nil, fmt.Errorf("prices.yaml: %q lacks a price, its source or the day", p.ID)
		}
		out[p.ID] = p
	}
	return out, list, nil
}

// Path is what one mail, or one answer, asks AWS for until all that it causes is done.
type Path struct {
	Name                  string
	Gets, Queries, Writes int     // requests to the table
	ReadUnits, WriteUnits float64 // what they cost
	Reads, Puts           int     // of S3; SES' own write of the raw mail is among the latter
	Kept                  int     // bytes that stay in S3
	MailsIn               int
	Left                  int // mails that left, with one recipient each
	Woken                 int // messages that wake the sender
	Events                int // that SES tells of, by SNS and SQS
}

// Requests are those that a function waits for: to the table, S3, SQS and SES.
func (p Path) Requests() int {
	return p.Gets + p.Queries + p.Writes + p.Reads + p.Puts - p.MailsIn + p.Woken + p.Left
}

// What is not recorded from requests, and is assumed. docs/cost.md says so.
const (
	inboundGB, sendGB, eventsGB = 1.0, 1.0, 0.25
	waitMS                      = 10 // a request to the table, S3, SQS or SES, on average
	readMS                      = 15 // of processor to read, judge and compose what a mail causes (docs/performance.md)
	eventMS                     = 20 // an event of SES, recorded
	logged                      = 700
)

// calls of functions: one for each mail, each wake-up and each event, where nothing is batched.
func (p Path) calls() int { return p.MailsIn + p.Woken + p.Events }

// line is a part of what a path costs.
type line struct {
	what  string
	price string
	n     float64
}

func (p Path) lines() []line {
	seconds := inboundGB*float64(p.MailsIn*readMS+(p.Requests()-p.Left)*waitMS)/1000 + sendGB*float64(p.Left*5*waitMS)/1000 +
		eventsGB*float64(p.Events*eventMS)/1000
	return []line{
		{"SES, mail that comes", "ses-in", float64(p.MailsIn)},
		{"SES, mail that leaves", "ses-out", float64(p.Left)},
		{"the table, written", "write-units", p.WriteUnits},
		{"the table, read", "read-units", p.ReadUnits},
		{"S3, written", "s3-put", float64(p.Puts)},
		{"S3, read", "s3-get", float64(p.Reads)},
		{"S3, kept for a year", "s3-month", 12 * float64(p.Kept) / 1e9},
		// sent, received and deleted
		{"SQS", "sqs", 3 * float64(p.calls())},
		{"SNS", "sns", float64(p.MailsIn + p.Events)},
		{"Lambda, calls", "lambda-call", float64(p.calls())},
		{"Lambda, time", "lambda-time", seconds},
		{"logs", "logs", float64(logged*p.calls()) / 1e9},
	}
}

// Of is what a path costs, in dollars.
func Of(p Path, prices map[string]Price) (sum float64) {
	for _, l := range p.lines() {
		sum += l.n * prices[l.price].each()
	}
	return sum
}

// Sum adds paths up.
func Sum(name string, paths ...Path) Path {
	out := Path{Name: name}
	for _, p := range paths {
		out.Gets, out.Queries, out.Writes = out.Gets+p.Gets, out.Queries+p.Queries, out.Writes+p.Writes
		out.ReadUnits, out.WriteUnits = out.ReadUnits+p.ReadUnits, out.WriteUnits+p.WriteUnits
		out.Reads, out.Puts, out.Kept = out.Reads+p.Reads, out.Puts+p.Puts, out.Kept+p.Kept
		out.MailsIn, out.Left, out.Woken, out.Events = out.MailsIn+p.MailsIn, out.Left+p.Left, out.Woken+p.Woken, out.Events+p.Events
	}
	return out
}

// tolerated is how much dearer a path may be than recorded before it must be said.
const tolerated = 1.05

// Dearer names what of a path got dearer than recorded by more than 5 %.
func Dearer(recorded, now Path, prices map[string]Price) (out []string) {
	if was, is := Of(recorded, prices), Of(now, prices); is > was*tolerated {
		out = append(out, fmt.Sprintf("$%.4f for a thousand, recorded are $%.4f", 1000*is, 1000*was))
	}
	for _, x := range []struct {
		what    string
		was, is float64
	}{{"requests", float64(recorded.Requests()), float64(now.Requests())}, {"write units", recorded.WriteUnits, now.WriteUnits},
		{"read units", recorded.ReadUnits, now.ReadUnits}, {"bytes kept", float64(recorded.Kept), float64(now.Kept)},
		{"mails that leave", float64(recorded.Left), float64(now.Left)}} {
		if x.is > x.was*tolerated {
			out = append(out, fmt.Sprintf("%v %s, recorded are %v", x.is, x.what, x.was))
		}
	}
	return out
}

// idle is what a desk costs in a month in which nothing happens.
func idle(prices map[string]Price, alarms, perMinute, queues int) (lines []line, sum float64) {
	const minutes = 30 * 24 * 60
	calls := float64(perMinute*minutes) + 3*minutes/5 + 30*24 + 30
	lines = []line{
		{fmt.Sprintf("%d alarms", alarms), "alarm", float64(alarms)},
		{"one secret", "secret", 1},
		{"Lambda, calls of the schedules", "lambda-call", calls},
		{"Lambda, their time: 100 ms each, 0.5 GB", "lambda-time", calls * 0.05},
		{"the table, read by them: 25 units a minute", "read-units", 25 * minutes},
		{fmt.Sprintf("SQS: five long polls of 20 s at each of %d queues", queues), "sqs", float64(queues) * 5 * 3 * minutes},
		{"logs", "logs", 300 * calls / 1e9},
	}
	for _, l := range lines {
		sum += l.n * prices[l.price].each()
	}
	return lines, sum
}

// Page is docs/cost.md. paths are recorded: of a customer's first mail, its answer, the
// customer's reply, and the answer that closes.
func Page(paths []Path, alarms int) (string, error) {
	prices, list, err := Prices()
	if err != nil {
		return "", err
	}
	var b strings.Builder
	p := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	p("# What it costs on AWS\n")
	p("Computed from recorded requests and a file of prices; do not write here by hand. `make cost`")
	p("makes this page anew, from what the services ask AWS for on each path (`functions/testdata/cost.json`) and")
	p("`shared/bench/cost/prices.yaml`. Without `-update` the test fails when a path got dearer by more than 5 %%, or this page is not what")
	p("follows from the two files. US dollars, us-east-1, on demand, without free tiers.\n")
	p("| | for a thousand |\n| --- | --- |")
	solved := Sum("a solved conversation", paths...)
	p("| customers' mails, each told to two agents | **$%.2f** |", 1000*Of(paths[0], prices))
	p("| solved conversations: two mails of the customer, two answers, both agents kept informed | **$%.2f** |", 1000*Of(solved, prices))
	_, month := idle(prices, alarms, 2, 4)
	p("\nA desk to which nobody writes costs $%.2f a month (below).\n", month)
	p("## Paths\n")
	p("Mails of 1.5 KB, a mailbox with two agents who are told at once; until everything has left and SES has told of it. *Requests* are those")
	p("that a function waits for; *units* are DynamoDB's, by its rules; SES tells of each mail twice, that it took it and that it arrived.\n")
	p("| path | requests | read units | write units | S3 put / get | bytes kept | mails in / out | events | a thousand |")
	p("| --- | --- | --- | --- | --- | --- | --- | --- | --- |")
	for _, x := range append(paths, solved) {
		p("| %s | %d | %g | %g | %d / %d | %d | %d / %d | %d | $%.3f |", x.Name, x.Requests(), x.ReadUnits, x.WriteUnits, x.Puts, x.Reads,
			x.Kept, x.MailsIn, x.Left, x.Events, 1000*Of(x, prices))
	}
	p("\n## Where it goes\n")
	p("| | a thousand mails | a thousand solved conversations | of it |\n| --- | --- | --- | --- |")
	one, all := paths[0].lines(), solved.lines()
	for i := range one {
		each := prices[one[i].price].each()
		p("| %s | $%.4f | $%.4f | %.0f %% |", one[i].what, 1000*one[i].n*each, 1000*all[i].n*each, math.Round(100*all[i].n*each/Of(solved, prices)))
	}
	p("\nAssumed, and not recorded: a request takes %d ms, a mail %d ms of processor without suggestions (with seven articles", waitMS, readMS)
	p("about 40: $%.4f more for a thousand), an event %d ms; nothing is batched, so calls and SQS are the most that", 1000*0.025*inboundGB*prices["lambda-time"].Price, eventMS)
	p("they can be; %d bytes of log a call. Not in it:", logged)
	p("attachments ($%.2f a GB sent, and a chunk of 256 KB received $%.2f a thousand), data out of AWS, support plans, taxes.\n", prices["ses-attached"].Price, prices["ses-in-chunk"].Price)
	p("## A month in which nothing happens\n")
	p("| | a month |\n| --- | --- |")
	lines, _ := idle(prices, alarms, 2, 4)
	for _, l := range lines {
		p("| %s | $%.2f |", l.what, l.n*prices[l.price].each())
	}
	p("\n## Prices\n")
	p("| | dollars | for | read | source |\n| --- | --- | --- | --- | --- |")
	for _, x := range list {
		note := ""
		if x.Note != "" {
			note = "; " + x.Note
		}
		p("| `%s` | %s | %s | %s | %s%s |", x.ID, strconv.FormatFloat(x.Price, 'f', -1, 64), x.Unit, x.Read, x.Source, note)
	}
	p("\n*Assumed*: nobody read the price at its source for this page. They are the order of magnitude that such things have cost for years, and\nall that is computed from them is as good as they are. Look before you rely on them; one line of the file changes one.")
	return b.String(), nil
}
