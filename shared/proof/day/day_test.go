package day_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"html"
	"net/url"
	"regexp"
	"slices"
	"sort"
	"strings"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/bench"
	"github.com/replywell/replywell/shared/delivery"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/page"
	"github.com/replywell/replywell/shared/golden"
	"github.com/replywell/replywell/shared/inbound"
	"github.com/replywell/replywell/shared/kb"
	"github.com/replywell/replywell/shared/kb/article"
	"github.com/replywell/replywell/shared/kb/encoders"
	"github.com/replywell/replywell/shared/metrics"
	"github.com/replywell/replywell/shared/send"
)

// TestTheDay plays the script; see doc.go.
func TestTheDay(t *testing.T) {
	d := open(t)
	for _, s := range readScript(t) {
		d.until(s.at)
		d.do(s)
	}
	d.until(17 * time.Hour)
	d.say("\n# The night, and what is given back then.")
	d.until(24*time.Hour + 10*time.Minute)
	d.end()
	golden.File(t, "testdata/transcript.txt", d.out.String())
}

// desk of the day: three agents and a lead, and everybody's mailbox.
type theDay struct {
	*bench.Path
	out      bytes.Buffer
	metrics  *metrics.Service
	names    map[string]string // of addresses
	boxes    map[string][]bench.Sent
	count    map[string]int // mails to each address
	ids      int
	midnight time.Time
}

func open(t *testing.T) *theDay {
	articles, err := article.Load(article.Sample())
	if err != nil {
		t.Fatal(err)
	}
	index := kb.Build(articles, nil, encoders.Model())
	d := &theDay{Path: bench.NewPath(t), names: map[string]string{}, boxes: map[string][]bench.Sent{},
		count: map[string]int{}}
	d.Inbound.Ranker = func(context.Context) (inbound.Ranker, error) { return index, nil }
	d.midnight = time.Date(bench.Start.Year(), bench.Start.Month(), bench.Start.Day(), 0, 0, 0, 0, time.UTC)
	s := *d.Settings
	s.Agents = append(slices.Clone(s.Agents),
		desk.Agent{ID: "carla", Name: "Carla Reyes", PublicName: "Carla",
			Addresses: []string{"carla@team.lantern.example"}},
		desk.Agent{ID: "dora", Name: "Dora Lang", Addresses: []string{"dora@team.lantern.example"}})
	s.Mailboxes = slices.Clone(s.Mailboxes)
	s.Mailboxes[0].Agents = []string{"anna", "ben", "carla"}
	s.Mailboxes[0].Acknowledge = true
	s.Notifications = desk.NotificationPolicy{Most: 4, Window: 10 * time.Minute}
	s.Quarantine = desk.QuarantinePolicy{To: []string{"dora"}, At: 16 * 60, Keep: desk.QuarantineKeep}
	s.Report.TimeZone = "UTC"
	d.World.Settings = &s
	for _, a := range s.Agents {
		for _, address := range a.Addresses {
			d.names[address] = a.Name
		}
	}
	d.metrics = &metrics.Service{Home: d.Home()}
	d.say("A day at %s: %s; %s gets the quarantine.\n", s.Mailboxes[0].Name,
		"Anna Winter, Ben Okafor and Carla Reyes answer", "Dora Lang")
	return d
}

func (d *theDay) say(form string, args ...any) { fmt.Fprintf(&d.out, form+"\n", args...) }

func (d *theDay) clock() string {
	if d.Now().Second() != 0 {
		return d.Now().Format("15:04:05")
	}
	return d.Now().Format("15:04")
}

// until lets time pass, with what the schedule does each minute.
func (d *theDay) until(at time.Duration) {
	d.Helper()
	for end := d.midnight.Add(at); d.Now().Before(end); {
		next := d.Now().Truncate(time.Minute).Add(time.Minute)
		if next.After(end) {
			next = end
		}
		d.Pass(next.Sub(d.Now()))
		if err := d.metrics.PostQuarantine(d.Context()); err != nil {
			d.Fatal(err)
		}
		if mails := d.Sent(); len(mails) > 0 {
			d.say("\n%s", d.clock())
			d.got(mails)
		}
	}
}

// do is one step, and what everybody gets of it at once.
func (d *theDay) do(s step) {
	d.Helper()
	for _, a := range s.about {
		if a != "" {
			d.say("\n# %s", a)
		}
	}
	var told string
	var a bench.Arrival
	switch s.does {
	case "writes", "spams":
		from := d.address(s.who)
		a = d.mail(from, "support@lantern.example", s.what, "", s.body)
		if s.does == "spams" {
			a.Verdicts.Spam = desk.VerdictFail
		}
		told = fmt.Sprintf("writes: %s", s.what)
	case "refuses", "takes":
		d.say("\n%s %s %s %s", d.clock(), s.who, s.does, s.whose)
		d.relay(s)
		return
	case "replies", "answers":
		m := d.find(s)
		to := m.Read.From.Address
		if len(m.Read.ReplyTo) > 0 {
			to = m.Read.ReplyTo[0].Address
		}
		a = d.mail(d.address(s.who), to, re(m.Read.Subject), m.Read.MessageID, s.body+"\nOn Mon, 2 Mar 2026, "+
			m.Read.From.Name+" <"+m.Read.From.Address+"> wrote:\n\n"+quoted(m.Read.PlainText))
		told = fmt.Sprintf("replies to %s “%s”", kindOf(m), m.Read.Subject)
		if s.does == "answers" {
			told = fmt.Sprintf("replies to %s “%s” of %s, who forwarded it", kindOf(m), m.Read.Subject,
				d.names[d.address(s.whose)])
		}
	case "taps":
		m := d.find(s)
		u := d.button(s, m)
		a = d.mail(d.address(s.who), u.Opaque, u.Query().Get("subject"), "", u.Query().Get("body")+"\n")
		s.body = u.Query().Get("body")
		told = fmt.Sprintf("taps “%s” in %s “%s”", s.what, kindOf(m), m.Read.Subject)
	}
	d.say("\n%s %s %s", d.clock(), d.names[d.address(s.who)], told)
	for line := range strings.SplitSeq(strings.TrimRight(s.body, "\n"), "\n") {
		d.say("      | %s", line)
	}
	in := d.Arrive(a)
	if in.Outcome != desk.OutcomeThreaded && in.Outcome != desk.OutcomeAgent {
		d.say("      it is %s: %s", in.Outcome, page.Excerpt(in.Reason, 140))
	}
	d.got(d.Sent())
}

// relay lets the way out refuse everybody, or one person, or take mail again.
func (d *theDay) relay(s step) {
	if s.does == "takes" {
		d.Post.Refuse = nil
		return
	}
	one := ""
	if s.whose != "everybody" {
		one = d.address(s.whose)
	}
	d.Post.Refuse = func(m send.Mail) error {
		a := delivery.Response{Stage: delivery.StageSender, Code: 550, Text: "5.7.1 Sender address rejected"}
		if one != "" {
			if m.To[0] != one {
				return nil
			}
			a = delivery.Response{Stage: delivery.StageRecipient, Code: 550, Text: "5.1.1 User unknown"}
		}
		return &delivery.Error{Response: a, Err: errors.New(a.Text)}
	}
}

// mail is a mail as a mail program writes it.
func (d *theDay) mail(from, to, subject, answers, body string) bench.Arrival {
	d.ids++
	head := fmt.Sprintf("From: %s <%s>\nTo: %s\nSubject: %s\nDate: %s\nMessage-ID: <day-%d@%s>\n", d.names[from], from,
		to, subject, d.Now().Format(time.RFC1123Z), d.ids, strings.SplitN(from, "@", 2)[1])
	if answers != "" {
		head += "In-Reply-To: <" + answers + ">\nReferences: <" + answers + ">\n"
	}
	return bench.Arrival{From: from, To: []string{to}, Verdicts: bench.Trusted, Raw: head +
		"Content-Type: text/plain; charset=utf-8\n\n" + body}
}

func re(subject string) string {
	if strings.HasPrefix(subject, "Re: ") {
		return subject
	}
	return "Re: " + subject
}

func quoted(text string) string {
	return "> " + strings.ReplaceAll(strings.TrimSpace(text), "\n", "\n> ") + "\n"
}

// address is an agent's, or a customer's by name.
func (d *theDay) address(who string) string {
	if a, ok := d.World.Settings.Agent(who); ok {
		return a.Addresses[0]
	}
	local := strings.NewReplacer(" ", ".", "é", "e", "ã", "a").Replace(strings.ToLower(who))
	address := local + "@customers.example"
	d.names[address] = who
	return address
}

// find is the newest mail in somebody's mailbox that has the words.
func (d *theDay) find(s step) bench.Sent {
	d.Helper()
	box := slices.Clone(d.boxes[d.address(s.whose)])
	kind, old := strings.CutPrefix(s.kind, "old ")
	if old {
		slices.Reverse(box)
	}
	for i := len(box) - 1; i >= 0; i-- {
		if m := box[i]; (kind == "" || kind == kindOf(m)) &&
			strings.Contains(m.Read.Subject+"\n"+m.Read.From.Name+"\n"+m.Read.PlainText, s.mail) {
			return m
		}
	}
	d.Fatalf("script.txt, line %d: %s has no mail (%s) with %q. The day so far:\n%s", s.line, s.who, s.kind, s.mail,
		d.out.String())
	return bench.Sent{}
}

var anchors = regexp.MustCompile(`(?s)<a href="(mailto:[^"]*)"[^>]*>(.*?)</a>`)
var tags = regexp.MustCompile(`<[^>]*>`)

// button is where a tap on it leads.
func (d *theDay) button(s step, m bench.Sent) *url.URL {
	d.Helper()
	for _, found := range anchors.FindAllStringSubmatch(m.Read.HTML, -1) {
		if label := html.UnescapeString(tags.ReplaceAllString(found[2], "")); strings.Contains(
			strings.ReplaceAll(label, "\u2002", " "), s.what) {
			u, err := url.Parse(html.UnescapeString(found[1]))
			if err != nil {
				d.Fatal(err)
			}
			return u
		}
	}
	d.Fatalf("script.txt, line %d: there is no button %q in\n%s", s.line, s.what, m.Read.PlainText)
	return nil
}

// kindOf is how the transcript calls a mail.
func kindOf(m bench.Sent) string {
	if k := m.Read.Header.Get("X-Replywell-Kind"); k != "" {
		return k
	}
	if m.Read.Header.Get("Auto-Submitted") != "" {
		return "confirmation"
	}
	return "answer"
}

// got says what everybody got, and keeps it.
func (d *theDay) got(mails []bench.Sent) {
	type line struct{ to, what string }
	var lines []line
	for _, m := range mails {
		for _, to := range m.To {
			d.boxes[to], d.count[to] = append(d.boxes[to], m), d.count[to]+1
		}
		to := make([]string, len(m.To))
		for i, address := range m.To {
			to[i] = d.names[address]
		}
		what := fmt.Sprintf("%s “%s” %s", kindOf(m), m.Read.Subject, firstLines(m))
		lines = append(lines, line{strings.Join(to, " and "), what})
	}
	sort.SliceStable(lines, func(i, j int) bool {
		return lines[i].what < lines[j].what || lines[i].what == lines[j].what && lines[i].to < lines[j].to
	})
	for i := 0; i < len(lines); {
		to := []string{lines[i].to}
		j := i + 1
		for ; j < len(lines) && lines[j].what == lines[i].what; j++ {
			to = append(to, lines[j].to)
		}
		d.say("   -> %s: %s", strings.Join(to, ", "), lines[i].what)
		for _, m := range mails { // a list is shown whole, once
			if strings.Contains(m.Read.PlainText, "letter fetches one mail") && d.names[m.To[0]] == to[0] {
				for l := range strings.SplitSeq(strings.TrimRight(m.Read.PlainText, "\n"), "\n") {
					d.say("      . %s", l)
				}
			}
		}
		i = j
	}
}

// firstLines are what a mail says first: of a mail to the team the first line
// and the state, of a mail to a customer the answer itself.
func firstLines(m bench.Sent) string {
	text := m.Read.PlainText
	_, below, ok := strings.Cut(text, "## Reply above this line ##\n")
	if !ok && strings.HasPrefix(text, "Nobody reads replies") {
		below, ok = text, true
	}
	if ok {
		parts := strings.SplitN(below, "\n\n", 3)
		return "/ " + page.Excerpt(parts[0], 200) + " / " + page.Excerpt(parts[1], 120)
	}
	if strings.HasPrefix(kindOf(m), "answer") {
		var own []string
		for l := range strings.SplitSeq(text, "\n") {
			if strings.HasPrefix(l, ">") { // and above it stands who wrote that
				own = own[:max(0, len(own)-1)]
				break
			}
			own = append(own, l)
		}
		text = strings.Join(own, " ")
	}
	return "/ " + page.Excerpt(text, 160)
}

// end counts what everybody got, and looks at what customers must not have got.
func (d *theDay) end() {
	d.Helper()
	d.say("\nWhat each of them got that day:")
	customers := 0
	for _, a := range d.World.Settings.Agents {
		kinds := map[string]int{}
		for _, m := range d.boxes[a.Addresses[0]] {
			kinds[kindOf(m)]++
		}
		var parts []string
		for k, n := range kinds {
			parts = append(parts, fmt.Sprintf("%s %d", k, n))
		}
		sort.Strings(parts)
		d.say("   %s: %d mails (%s)", a.Name, d.count[a.Addresses[0]], strings.Join(parts, ", "))
	}
	answers := 0
	for address, box := range d.boxes {
		if !strings.HasSuffix(address, "@customers.example") {
			continue
		}
		customers++
		seen := map[string]bool{}
		for _, m := range box {
			if kindOf(m) == "answer" {
				answers++
			}
			if seen[m.Outbox] {
				d.Errorf("%s got a mail twice: %s", address, m.Read.PlainText)
			}
			seen[m.Outbox] = true
			for _, inside := range []string{"team.lantern.example", "#note", "#ntoe", "Team only", "Reply above",
				"INTERNAL"} {
				if strings.Contains(m.Read.PlainText+m.Read.HTML, inside) {
					d.Errorf("%s reads %q:\n%s", address, inside, m.Read.PlainText)
				}
			}
		}
	}
	d.say("   %d customers: %d answers", customers, answers)
}
