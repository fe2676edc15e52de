package config

import (
	"fmt"
	"strings"
)

// Problem is one thing wrong with the document. Line counts from 1; 0 is the
// document as a whole.
type Problem struct {
	Line int
	What string
}

// Problems is everything wrong with a document, in the order of its lines.
type Problems struct {
	File string
	List []Problem
}

func (p *Problems) Error() string {
	var b strings.Builder
	noun, are := "problems", "they are"
	if len(p.List) == 1 {
		noun, are = "problem", "it is"
	}
	fmt.Fprintf(&b, "%s: %d %s in the configuration; nothing of it is used until %s mended", p.File, len(p.List), noun, are)
	for _, q := range p.List {
		if q.Line > 0 {
			fmt.Fprintf(&b, "\n  line %d: %s", q.Line, q.What)
		} else {
			fmt.Fprintf(&b, "\n  %s", q.What)
		}
	}
	return b.String()
}

// places remembers the lines of things that are checked against each other.
type places struct {
	version, customers, quarantine, files int
	loopback, loopbackLive                int
	mailboxes, agents, teams              []int
	mailboxAgents                         []map[string]int
	graceless                             []int // mailboxes that do not say how long an answer waits
	reports                               []int // of report.mailboxes
}
