package cost

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// Heat is what one partition of the table, or of an index, takes for each customer's
// mail, in write units: the hottest partition of its kind in a simulated morning.
type Heat struct {
	Kind  string  // the part of the partition's key before "#", and the index
	Units float64 // a mail
}

// What AWS gives an account, and how mail comes. "default" is what an account has without
// asking, as AWS's pages on quotas gave it when they were last known.
const (
	aDay          = 10_000_000
	peak          = 3.0 // the busiest hour's rate against the day's mean
	partitionMost = 1000.0
	tableMost     = 40_000.0
	prefixPuts    = 3500.0
	concurrency   = 1000.0
	answersEach   = 1.0 // answers to customers for each of their mails
	sendWait      = 60  // ms for SES to take a mail
	eventBytes    = 600.0
	metricsMB     = 512.0
)

type limit struct {
	what, sum string
	need      float64
	has       float64
	unit, ask string
}

// Scale is docs/scale.md.
func Scale(paths []Path, heat []Heat) string {
	var b strings.Builder
	p := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	rate := aDay / 86400.0
	top := rate * peak
	mail, answer := paths[0], paths[1]
	out := float64(mail.Left) + answersEach*float64(answer.Left)
	inMS := float64(readMS + (mail.Requests()-mail.Left)*waitMS)
	limits := []limit{
		{"write units of the whole table", fmt.Sprintf("%.0f mails a second, %g units each, and as many answers of %g", top, mail.WriteUnits, answer.WriteUnits),
			top * (mail.WriteUnits + answersEach*answer.WriteUnits), tableMost, "a second",
			"a new on-demand table takes 4,000 at once and grows with use: set its warm throughput before the first such day"},
		{"mails that leave by SES", fmt.Sprintf("%.0f mails a second, %g sent for each with its answer", top, out), top * out, 14, "a second",
			"a maximum send rate of that and a quota of a day's sum; AWS raises both by your record of bounces and complaints"},
		{"SES' daily quota", fmt.Sprintf("10 million mails, %g sent for each", out), aDay * out, 50_000, "a day", "the same request"},
		{"functions at once: inbound", fmt.Sprintf("%.0f mails a second of %.0f ms each", top, inMS), top * inMS / 1000, concurrency, "at once",
			"InboundConcurrency of that; with suggestions a third more"},
		{"functions at once: send", fmt.Sprintf("%.0f mails a second of %d ms each", top*out, sendWait+3*waitMS), top * out * float64(sendWait+3*waitMS) / 1000,
			concurrency, "at once", "SendConcurrency of that: each copy sends one mail at a time"},
		{"functions at once: events", fmt.Sprintf("two events of each mail that leaves, %d ms", eventMS+2*waitMS), top * out * 2 * float64(eventMS+2*waitMS) / 1000,
			concurrency, "at once", "EventsConcurrency of that; the sum of the three within the account's concurrency"},
		{"S3, written below one prefix", fmt.Sprintf("%.0f raw mails, and %g composed ones each, below two prefixes", top, out), top * out, prefixPuts, "a second",
			"nothing: S3 splits prefixes that are busy for long"},
		{"notices of SNS", fmt.Sprintf("one for each mail, two for each that leaves: %.0f a second", top*(1+2*out)), top * (1 + 2*out), 9000, "a second",
			"differs by region from 300 to 30,000: look at the quota of yours (not verified here)"},
	}
	p("# How far it scales on AWS\n")
	p("To 10 million customers' mails a day. `go test ./functions -run WhatAPathCosts -update` (`make cost`) makes this page anew from what was")
	p("recorded of each path ([cost.md](cost.md)), and from a simulated morning in which each partition's writes are counted")
	p("(`functions/testdata/heat.json`). Figures are for the busiest hour, three times the day's mean: **%.0f mails a second**; each mail is", top)
	p("told to two agents and answered once. Nothing here was run at that rate on AWS.\n")
	p("## What AWS allows\n")
	p("| | how much | calculation | an account has | what to ask for |\n| --- | --- | --- | --- | --- |")
	for _, l := range limits {
		have := fmt.Sprintf("%s %s", thousands(l.has), l.unit)
		mark := "enough"
		if l.need > l.has {
			mark = "**too little**"
		}
		p("| %s | %s %s | %s | %s: %s | %s |", l.what, thousands(l.need), l.unit, l.sum, have, mark, l.ask)
	}
	p("| SQS | | no bound on messages; 120,000 in flight, and %.0f are | 120,000: enough | nothing |", top*inMS/1000)
	p("\n## Partitions\n")
	p("DynamoDB takes %.0f write units a second in one partition, of the table and of each index by itself. The hottest partition of each kind,", partitionMost)
	p("in a simulated morning of customers who write to four mailboxes with two agents each, one in three is answered:\n")
	p("| partition | units a mail | at %.0f mails a second | up to mails a day |\n| --- | --- | --- | --- |", top)
	slices.SortFunc(heat, func(a, b Heat) int { return strings.Compare(a.Kind, b.Kind) })
	least := math.Inf(1)
	for _, h := range heat {
		most := partitionMost / h.Units / peak * 86400
		if shared(h.Kind) {
			least = min(least, most)
			p("| %s | %.3f | %.0f | %s million |", h.Kind, h.Units, h.Units*top, trim(most/1e6))
		} else {
			p("| %s | %.3f | its own in each | no bound |", h.Kind, h.Units)
		}
	}
	p("\nThe first bound is met at **%s million mails a day**. Lanes of agents are not among them: what one agent is told of is bounded by", trim(least/1e6))
	p("`notifications`, and what is above it is one digest; ten thousand agents have ten thousand lanes. More shards can be added at any time")
	p("(`shared/store/keys.go`). The rota is written where a mailbox shares out, for each new conversation that is given to somebody; it is")
	p("one item, so that whose turn it is has one answer. A desk of that size shares out in several stacks, or not at all.\n")
	p("## What does not go that far\n")
	p("- **A day's roll-up** reads the whole day into memory: about %.0f bytes an event, four events a mail. With the %.0f MB of the metrics", eventBytes, metricsMB)
	p("  function that is %s mails a day; with 10,240 MB, the most that Lambda has, %s. Above that days must be rolled up", thousands(metricsMB*1e6/2/eventBytes/4), thousands(10240e6/2/eventBytes/4))
	p("  in parts, which is not built.")
	p("- **What is kept**: %.0f GB of mail a day in S3, and about %.0f GB in the table. Set `retention` accordingly.", aDay*float64(mail.Kept+answer.Kept)/1e9, aDay*(mail.WriteUnits+answer.WriteUnits)/2*1024/2/1e9)
	p("- **SES' own rates** are raised step by step, over weeks.")
	return b.String()
}

// shared tells of partitions that many mails write to; the others belong to one mail,
// conversation, customer or agent.
func shared(kind string) bool {
	name, _, _ := strings.Cut(kind, " ")
	return !slices.Contains([]string{"inbound", "content", "conversation", "message-id", "outbox", "customer", "agent", "lane of an agent", "confirmation", "budget", "lanes", "indexed", "suggested", "answered"}, name) &&
		!strings.Contains(kind, "agent")
}

func thousands(f float64) string {
	s := fmt.Sprintf("%.0f", f)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

func trim(f float64) string {
	if f >= 10 {
		return thousands(f)
	}
	return fmt.Sprintf("%.1f", f)
}
