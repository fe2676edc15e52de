package day_test

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// step is one thing that somebody does.
type step struct {
	file  string
	line  int
	about []string // what the reader is told before it
	at    time.Duration
	who   string
	does  string // writes, replies, taps, answers, refuses, takes, falls
	whose string // in whose mailbox the mail is; whom the relay refuses
	what  string // the subject, the button
	kind  string // of the mail that is answered; "" is any
	mail  string // words of it
	body  string
	work  *work // what whoever picks this mail does
}

// work is what the agent who picks a customer's mail does.
type work struct {
	turns   []turn
	at      time.Duration // not before
	answers int           // that the customer gets for it
	about   string        // what the reader is told before it
}

// turn is one mail of it.
type turn struct {
	after time.Duration // since the one before
	who   string        // somebody outside who answers what was forwarded; "" is the agent
	does  string        // replies, taps, forwards, answers
	what  string        // the button, to whom it is forwarded
	kind  string        // of the mail that is answered; "" is the one that was picked
	mail  string
	body  string
}

var stepForm = regexp.MustCompile(`^(\d\d):(\d\d)(?::(\d\d))? (.+?) (?:(writes|spams): (.*)|(replies|autoreplies) ` +
	`to (?:((?:old )?\w+) )?"([^"]*)"|(taps) "([^"]*)" in (?:(\w+) )?"([^"]*)"|(answers) (.+?)'s (?:(\w+) ` +
	`)?"([^"]*)"|(refuses|takes) (.+))$`)

var turnForm = regexp.MustCompile(`^=> \+(\d+)m(?: (?:(tap) "([^"]*)"|(forwards) to (.+)|(.+) (answers)|(\w+) ` +
	`"([^"]*)"))?$`)

// readScript reads a file of testdata.
func readScript(t *testing.T, file string) (steps []step) {
	t.Helper()
	data, err := os.ReadFile("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	var about []string
	for i, line := range strings.Split(strings.TrimRight(string(data), "\n"), "\n") {
		last := &step{}
		if len(steps) > 0 {
			last = &steps[len(steps)-1]
		}
		switch text, isText := strings.CutPrefix(line, "|"); {
		case line == "":
		case strings.HasPrefix(line, "#"):
			about = append(about, strings.TrimSpace(line[1:]))
		case isText:
			last.body += strings.TrimPrefix(text, " ") + "\n"
		case strings.HasPrefix(line, "="):
			if last.work == nil {
				last.work = &work{answers: 1}
			}
			if !last.work.reads(line) {
				t.Fatalf("%s, line %d: %q is nothing that an agent does; see doc.go", file, i+1, line)
			}
			if len(about) > 0 {
				last.work.about, about = strings.Join(about, " "), nil
			}
		default:
			m := stepForm.FindStringSubmatch(line)
			if m == nil {
				t.Fatalf("%s, line %d: %q is no step; see doc.go", file, i+1, line)
			}
			at, err := time.ParseDuration(fmt.Sprintf("%sh%sm%ss", m[1], m[2], "0"+m[3]))
			if err != nil {
				t.Fatal(err)
			}
			s := step{file: file, line: i + 1, about: about, at: at, who: m[4],
				does: m[5] + m[7] + m[10] + m[14] + m[18], what: m[6] + m[11], whose: m[15] + m[19],
				kind: m[8] + m[12] + m[16], mail: m[9] + m[13] + m[17]}
			if s.whose == "" {
				s.whose = s.who
			}
			if s.at < last.at {
				t.Fatalf("%s, line %d: it is earlier than the step before", file, i+1)
			}
			steps, about = append(steps, s), nil
		}
	}
	return steps
}

// reads reads a line of what an agent does.
func (w *work) reads(line string) bool {
	rest, heads := strings.CutPrefix(line, "=> ")
	if !heads {
		if len(w.turns) == 0 {
			w.turns = append(w.turns, turn{does: "replies"})
		}
		w.turns[len(w.turns)-1].body += strings.TrimPrefix(strings.TrimPrefix(line, "="), " ") + "\n"
		return true
	}
	if at, ok := strings.CutPrefix(rest, "at "); ok {
		hour, minute, _ := strings.Cut(at, ":")
		d, err := time.ParseDuration(hour + "h" + minute + "m")
		w.at = d
		return err == nil
	}
	if n, ok := strings.CutPrefix(rest, "answers "); ok {
		var err error
		w.answers, err = strconv.Atoi(n)
		return err == nil
	}
	m := turnForm.FindStringSubmatch(line)
	if m == nil {
		return false
	}
	minutes, _ := strconv.Atoi(m[1])
	next := turn{after: time.Duration(minutes) * time.Minute, does: "replies", kind: m[8], mail: m[9]}
	switch {
	case m[2] != "":
		next.does, next.what = "taps", m[3]
	case m[4] != "":
		next.does, next.what = m[4], m[5]
	case m[7] != "":
		next.who, next.does = m[6], m[7]
	}
	w.turns = append(w.turns, next)
	return true
}

// together puts scripts into the order of time.
func together(scripts ...[]step) []step {
	all := slices.Concat(scripts...)
	slices.SortStableFunc(all, func(a, b step) int { return int(a.at - b.at) })
	return all
}
