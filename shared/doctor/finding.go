package doctor

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"
)

// State is how something stands.
type State string

// The states, from the one that needs nobody to the one that does.
const (
	Good    State = "good"
	Unknown State = "unknown" // it could not be looked at
	Warning State = "warning" // it works, and may not tomorrow
	Bad     State = "bad"     // it does not work
)

// Finding is one thing that was looked at.
type Finding struct {
	About string `json:"about"` // what, in a word or two: "DKIM", "rule set"
	Of    string `json:"of"`    // whose: a domain, a queue, an address; "" for the whole
	State State  `json:"state"`
	Says  string `json:"says"`           // what was found, in one sentence without its full stop
	Why   string `json:"why,omitempty"`  // why it matters; "" when good
	Next  string `json:"next,omitempty"` // what to do; "" when good
}

// Report are all findings, in the order in which a mail meets them.
type Report []Finding

// Good adds what is as it has to be.
func (r *Report) Good(about, of, says string, args ...any) {
	*r = append(*r, Finding{About: about, Of: of, State: Good, Says: fmt.Sprintf(says, args...)})
}

// Add adds what is not.
func (r *Report) Add(s State, about, of, says, why, next string) {
	*r = append(*r, Finding{About: about, Of: of, State: s, Says: says, Why: why, Next: next})
}

// Unknown adds what could not be looked at.
func (r *Report) Unknown(about, of string, err error, next string) {
	r.Add(Unknown, about, of, "it could not be looked at: "+OneLine(err.Error()), "whatever is wrong with it stays unseen", next)
}

// Count writes a number with its word: "1 mail", "2 mails".
func Count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprint(n) + " " + many
}

// OneLine joins the lines of an error that has several.
func OneLine(text string) string {
	lines := strings.FieldsFunc(text, func(c rune) bool { return c == '\n' })
	for i := range lines {
		lines[i] = strings.TrimSpace(lines[i])
	}
	return strings.Join(lines, "; ")
}

// Span writes a time without its empty parts: "1h30m", "12m", "40s".
func Span(d time.Duration) string {
	if d >= time.Minute {
		d = d.Round(time.Minute)
	}
	text := d.Round(time.Second).String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}

// Worst is the state of the whole.
func (r Report) Worst() State {
	worst := Good
	for _, rank := range []State{Unknown, Warning, Bad} {
		for _, f := range r {
			if f.State == rank {
				worst = rank
			}
		}
	}
	return worst
}

// ExitStatus is what a command ends with: 0 all is good, 1 something is bad, 2
// nothing is, and there is a warning or something that could not be looked at.
func (r Report) ExitStatus() int {
	return map[State]int{Good: 0, Bad: 1, Warning: 2, Unknown: 2}[r.Worst()]
}

// Write prints the report for a person: what is not good with all of its words,
// what is good in one line.
func (r Report) Write(w io.Writer) {
	count := map[State]int{}
	for _, f := range r {
		count[f.State]++
		name := f.About
		if f.Of != "" {
			name += " of " + f.Of
		}
		fmt.Fprintf(w, "%-8s %s: %s.\n", f.State, name, strings.TrimRight(f.Says, "."))
		if f.Why != "" {
			fmt.Fprintf(w, "         Why it matters: %s.\n", f.Why)
		}
		if f.Next != "" {
			fmt.Fprintf(w, "         Next: %s.\n", strings.ReplaceAll(f.Next, "\n", "\n               "))
		}
	}
	switch {
	case count[Bad] > 0 && count[Warning]+count[Unknown] > 0:
		fmt.Fprintf(w, "\nOf %d things %s bad, and %s a look.\n", len(r), Count(count[Bad], "is", "are"), Count(count[Warning]+count[Unknown], "more wants", "more want"))
	case count[Bad] > 0:
		fmt.Fprintf(w, "\nOf %d things %s bad.\n", len(r), Count(count[Bad], "is", "are"))
	case count[Warning]+count[Unknown] > 0:
		fmt.Fprintf(w, "\nNothing is bad; of %d things %s a look.\n", len(r), Count(count[Warning]+count[Unknown], "wants", "want"))
	default:
		fmt.Fprintf(w, "\nAll %d are good.\n", len(r))
	}
}

// WriteJSON prints the report for programs, as one object.
func (r Report) WriteJSON(w io.Writer) error {
	out := json.NewEncoder(w)
	out.SetEscapeHTML(false)
	out.SetIndent("", "  ")
	return out.Encode(struct {
		State    State  `json:"state"`
		Findings Report `json:"findings"`
	}{r.Worst(), r})
}
