package config

import (
	"errors"
	"fmt"
	"net/mail"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // a zone's name must be good on every machine, Lambda included

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
)

// reader walks the document's tree and collects problems instead of stopping at the first.
type reader struct{ problems []Problem }

func (r *reader) say(line int, format string, args ...any) {
	r.problems = append(r.problems, Problem{line, fmt.Sprintf(format, args...)})
}

// syntax reports what the YAML parser could not read, in one line.
func (r *reader) syntax(err error) {
	var e yaml.Error
	if errors.As(err, &e) && e.GetToken() != nil {
		r.say(e.GetToken().Position.Line, "this is not YAML: %s", e.GetMessage())
		return
	}
	first, _, _ := strings.Cut(err.Error(), "\n")
	r.say(0, "this is not YAML: %s", first)
}

// value is one node with its place and the name people know it by.
type value struct {
	r    *reader
	node ast.Node
	line int
	name string
}

type fieldSet map[string]func(value)

// fields hands each key of a mapping to its reader; unknown, repeated and
// missing keys are problems.
func (r *reader) fields(n ast.Node, what string, known fieldSet, required ...string) {
	n = resolve(n)
	var entries []*ast.MappingValueNode
	switch m := n.(type) {
	case *ast.MappingNode:
		entries = m.Values
	case *ast.MappingValueNode:
		entries = []*ast.MappingValueNode{m}
	default:
		r.say(line(n), "%s is to be written as \"key: value\" lines", what)
		return
	}
	seen := map[string]bool{}
	for _, e := range entries {
		key := strings.Trim(e.Key.String(), `"' `)
		read, ok := known[key]
		switch {
		case !ok:
			r.say(line(e.Key), "unknown key %q in %s%s", key, what, hint(key, known))
		case seen[key]:
			r.say(line(e.Key), "%q stands twice in %s", key, what)
		default:
			read(value{r, resolve(e.Value), line(e.Key), key})
		}
		seen[key] = true
	}
	for _, key := range required {
		if !seen[key] {
			r.say(line(n), "%s has no %q", what, key)
		}
	}
}

func resolve(n ast.Node) ast.Node {
	for {
		switch x := n.(type) {
		case *ast.AnchorNode:
			n = x.Value
		case *ast.TagNode:
			n = x.Value
		default:
			return n
		}
	}
}

func line(n ast.Node) int {
	if n == nil || n.GetToken() == nil {
		return 0
	}
	if m, ok := n.(*ast.MappingNode); ok && len(m.Values) > 0 {
		n = m.Values[0].Key
	}
	return n.GetToken().Position.Line
}

// hint names the known key that is nearest to a misspelled one.
func hint(key string, known fieldSet) string {
	best, at := "", 4
	for k := range known {
		if d := distance(key, k); d < at || d == at && k < best {
			best, at = k, d
		}
	}
	if best == "" {
		names := make([]string, 0, len(known))
		for k := range known {
			names = append(names, k)
		}
		slices.Sort(names)
		return "; known are " + strings.Join(names, ", ")
	}
	return fmt.Sprintf("; did you mean %q?", best)
}

// distance is Levenshtein's, in bytes.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		prev := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			prev, row[j+1] = row[j+1], min(prev+cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

func (v value) bad(format string, args ...any) {
	v.r.say(v.line, "%s: %s", v.name, fmt.Sprintf(format, args...))
}

// list gives the elements of a sequence; one bare value is a list of one.
func (v value) list() (out []value) {
	switch n := v.node.(type) {
	case *ast.SequenceNode:
		for _, e := range n.Values {
			e = resolve(e)
			out = append(out, value{v.r, e, line(e), v.name})
		}
	case *ast.NullNode, nil:
	default:
		out = []value{v}
	}
	return out
}

func (v value) text() string {
	var s string
	switch n := v.node.(type) {
	case *ast.StringNode:
		s = n.Value
	case *ast.LiteralNode:
		s = n.Value.Value
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		s = n.GetToken().Value
	default:
		v.bad("a text is needed here")
		return ""
	}
	s = strings.TrimSpace(s)
	if s == "" {
		v.bad("it is empty")
	}
	if strings.ContainsAny(s, "\r\n\x00") {
		v.bad("it is to be one line")
	}
	if len(s) > 500 {
		v.bad("it is longer than 500 bytes")
	}
	return s
}

// lines reads a text of some lines, at most 500 bytes. A line must not begin like
// what a mail program puts around a quote or a signature.
func (v value) lines(most int) string {
	n, literal := v.node.(*ast.LiteralNode)
	if !literal {
		return v.text()
	}
	s := strings.TrimSpace(strings.ReplaceAll(n.Value.Value, "\r\n", "\n"))
	lines := strings.Split(s, "\n")
	switch {
	case s == "":
		v.bad("it is empty")
	case len(lines) > most:
		v.bad("it has %d lines; at most %d", len(lines), most)
	case len(s) > 500:
		v.bad("it is longer than 500 bytes")
	case strings.ContainsAny(s, "\r\x00"):
		v.bad("it holds a control character")
	}
	for i, l := range lines {
		lines[i] = strings.TrimRight(l, " \t")
		if strings.HasPrefix(l, ">") || lines[i] == "--" {
			v.bad("the line %q means something to mail programs (a quote, or where a signature begins); write it otherwise", lines[i])
		}
	}
	return strings.Join(lines, "\n")
}

func (v value) oneOf(words ...string) string {
	s := v.text()
	if s != "" && !slices.Contains(words, s) {
		v.bad("%q is not one of %s", s, strings.Join(words, ", "))
	}
	return s
}

func (v value) boolean() bool {
	if b, ok := v.node.(*ast.BoolNode); ok {
		return b.Value
	}
	v.bad("it is to be true or false")
	return false
}

func (v value) integer(least, most int) int {
	n, err := strconv.Atoi(v.text())
	if err != nil || n < least || n > most {
		v.bad("a whole number from %d to %d is needed", least, most)
	}
	return n
}

func (v value) number(least, most float64) float64 {
	f, err := strconv.ParseFloat(v.text(), 64)
	if err != nil || !(f >= least && f <= most) {
		v.bad("a number from %g to %g is needed", least, most)
	}
	return f
}

var identifierForm = regexp.MustCompile(`^[a-z][a-z0-9-]{0,30}$`)

func (v value) identifier() string {
	s := v.text()
	if s != "" && !identifierForm.MatchString(s) {
		v.bad("%q is to be 1 to 31 lower-case letters, digits and dashes, a letter first", s)
	}
	return s
}

func (v value) address() string {
	s := v.text()
	if s == "" {
		return s
	}
	a, err := mail.ParseAddress(s)
	if err != nil || a.Name != "" || a.Address != s || !strings.Contains(s, "@") {
		v.bad("%q is not a plain mail address like name@example.com", s)
		return s
	}
	at := strings.LastIndexByte(s, '@')
	return s[:at] + "@" + strings.ToLower(s[at+1:])
}

func (v value) addresses() (out []string) {
	for _, e := range v.list() {
		out = append(out, e.address())
	}
	return out
}

// replyBase is an address, or a bare domain with its '@'.
func (v value) replyBase() string {
	s := v.text()
	if strings.HasPrefix(s, "@") {
		if _, err := mail.ParseAddress("x" + s); err != nil {
			v.bad("%q is not an address, nor a domain like @reply.example.com", s)
		}
		return strings.ToLower(s)
	}
	return v.address()
}

// public reads an address that links for customers begin with. Without encryption only
// this machine is reached.
func (v value) public() string {
	s := v.text()
	u, err := url.Parse(s)
	here := err == nil && u.Scheme == "http" && (u.Hostname() == "127.0.0.1" || u.Hostname() == "localhost")
	switch {
	case err != nil || u.Host == "" || u.Scheme != "https" && !here:
		v.bad("%q is no address that links can begin with, like https://files.example.com", s)
	case u.RawQuery != "" || u.Fragment != "" || u.User != nil || u.ForceQuery:
		v.bad("%q has more than a host and a path; links end with a part of their own, so write it like https://files.example.com", s)
	}
	return strings.TrimRight(s, "/")
}

func (v value) timeZone() string {
	s := v.text()
	if _, err := time.LoadLocation(s); err != nil || s == "Local" {
		v.bad("%q is not a time zone like Europe/Berlin", s)
		return "UTC"
	}
	return s
}

// timeOfDay reads "07:00" as minutes after midnight.
func (v value) timeOfDay() int {
	s := v.text()
	t, err := time.Parse("15:04", s)
	if err != nil && s != "" {
		v.bad("%q is not a time of day like \"07:00\"; write it in quotes", s)
	}
	return t.Hour()*60 + t.Minute()
}

// date reads "2026-03-02" as that day's start, UTC.
func (v value) date() time.Time {
	s := v.text()
	t, err := time.Parse(time.DateOnly, s)
	if err != nil && s != "" {
		v.bad("%q is not a date like \"2026-03-02\"; write it in quotes", s)
	}
	return t
}

var durationForm = regexp.MustCompile(`^(\d{1,6}) ?(second|minute|hour|day|week)s?$`)

func (v value) duration(least, most time.Duration) time.Duration {
	s := v.text()
	m := durationForm.FindStringSubmatch(s)
	if m == nil {
		if s != "" {
			v.bad("%q is not a time like \"10 minutes\" or \"7 days\"", s)
		}
		return least
	}
	unit := map[string]time.Duration{"second": time.Second, "minute": time.Minute, "hour": time.Hour, "day": 24 * time.Hour, "week": 7 * 24 * time.Hour}[m[2]]
	n, _ := strconv.Atoi(m[1])
	d := time.Duration(n) * unit
	if d < least || d > most {
		v.bad("%q is outside of what is sensible (from %v to %v)", s, least, most)
	}
	return d
}

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
	departments                           []departmentLines
	mailboxAgents                         []map[string]int
	graceless                             []int  // mailboxes that do not say how long an answer waits
	unshared                              []bool // of each mailbox: it does not say whether it shares out
	reports                               []int  // of report.mailboxes
}

// departmentLines are where what a department says stands.
type departmentLines struct{ itself, address, ambassador, mailbox, topics int }
