package day_test

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"
)

// step is one thing that somebody does.
type step struct {
	line  int
	about []string // what the reader is told before it
	at    time.Duration
	who   string
	does  string // writes, replies, taps, answers, refuses, takes
	whose string // in whose mailbox the mail is; whom the relay refuses
	what  string // the subject, the button
	kind  string // of the mail that is answered; "" is any
	mail  string // words of it
	body  string
}

var stepForm = regexp.MustCompile(`^(\d\d):(\d\d)(?::(\d\d))? (.+?) (?:(writes|spams): (.*)|(replies) to (?:((?:old ` +
	`)?\w+) )?"([^"]*)"|(taps) "([^"]*)" in (?:(\w+) )?"([^"]*)"|(answers) (.+?)'s (?:(\w+) ` +
	`)?"([^"]*)"|(refuses|takes) (.+))$`)

// readScript reads testdata/script.txt.
func readScript(t *testing.T) (steps []step) {
	t.Helper()
	data, err := os.ReadFile("testdata/script.txt")
	if err != nil {
		t.Fatal(err)
	}
	var about []string
	for i, line := range strings.Split(strings.TrimRight(string(data), "\n"), "\n") {
		switch text, isText := strings.CutPrefix(line, "|"); {
		case line == "":
		case strings.HasPrefix(line, "#"):
			about = append(about, strings.TrimSpace(line[1:]))
		case isText && len(steps) > 0:
			steps[len(steps)-1].body += strings.TrimPrefix(text, " ") + "\n"
		default:
			m := stepForm.FindStringSubmatch(line)
			if m == nil {
				t.Fatalf("script.txt, line %d: %q is no step; see doc.go", i+1, line)
			}
			at, err := time.ParseDuration(fmt.Sprintf("%sh%sm%ss", m[1], m[2], "0"+m[3]))
			if err != nil {
				t.Fatal(err)
			}
			s := step{line: i + 1, about: about, at: at, who: m[4], does: m[5] + m[7] + m[10] + m[14] + m[18],
				what: m[6] + m[11], whose: m[15] + m[19], kind: m[8] + m[12] + m[16], mail: m[9] + m[13] + m[17]}
			if s.whose == "" {
				s.whose = s.who
			}
			if n := len(steps); n > 0 && s.at < steps[n-1].at {
				t.Fatalf("script.txt, line %d: it is earlier than the step before", i+1)
			}
			steps, about = append(steps, s), nil
		}
	}
	return steps
}
