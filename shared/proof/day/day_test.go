package day_test

import (
	"bytes"
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
	"github.com/replywell/replywell/shared/metrics"
	"github.com/replywell/replywell/shared/send"
)

// theDay is the desk, everybody's mailbox, and what is written of the day.
type theDay struct {
	*bench.Path
	home
	variant
	out      bytes.Buffer
	quiet    func() bool // what happens now is not told
	t        *testing.T
	metrics  *metrics.Service
	names    map[string]string // of addresses
	boxes    map[string][]bench.Sent
	ids      int
	midnight time.Time
	*desks
}

func (d *theDay) say(form string, args ...any) {
	if d.quiet == nil || !d.quiet() {
		fmt.Fprintf(&d.out, form+"\n", args...)
	}
}

func (d *theDay) clock() string {
	if d.Now().Second() != 0 {
		return d.Now().Format("15:04:05")
	}
	return d.Now().Format("15:04")
}

// until lets time pass, with what the schedule does each minute, and what the agents do.
func (d *theDay) until(at time.Duration) {
	d.Helper()
	for end := d.midnight.Add(at); d.Now().Before(end); {
		next := d.Now().Truncate(time.Minute).Add(time.Minute)
		if next.After(end) {
			next = end
		}
		d.Pass(next.Sub(d.Now()))
		if d.Now().Equal(d.Now().Truncate(time.Minute)) {
			if _, err := d.Schedule.Run(d.Context()); err != nil {
				d.Fatal(err)
			}
			if err := d.metrics.PostQuarantine(d.Context()); err != nil {
				d.Fatal(err)
			}
		}
		if mails := d.sent(); len(mails) > 0 {
			d.file = d.of(mails)
			d.say("\n%s", d.clock())
			d.got(mails)
			d.file = ""
		}
		d.waited()
		d.work()
		d.look()
	}
}

// of is the script of the customer whom mails that leave by themselves are about: of the
// first that is not the day's own.
func (d *theDay) of(mails []bench.Sent) string {
	for _, m := range mails {
		for id, name := range d.convs {
			if strings.Contains(m.Read.Subject, "["+id.Reference()+"]") || slices.Contains(m.To, d.address(name)) {
				if file := d.files[name]; file != "day.txt" {
					return file
				}
			}
		}
	}
	return ""
}

// waited lets those write who waited for an answer to reply to.
func (d *theDay) waited() {
	list := d.waits
	d.waits = nil
	for _, s := range list {
		d.do(s)
	}
}

// do is one step, and what everybody gets of it at once.
func (d *theDay) do(s step) {
	d.Helper()
	d.file = s.file
	defer func() { d.file = "" }()
	for _, a := range s.about {
		if a != "" {
			d.say("\n# %s", a)
		}
	}
	s.who, s.whose = d.holder(s, s.who), d.holder(s, s.whose)
	if _, agent := d.Settings.Agent(s.who); s.does == "replies" && !agent {
		if _, there := d.newest(s); !there { // whom nobody has answered yet waits
			d.waits = append(d.waits, s)
			return
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
	case "replies", "answers", "autoreplies":
		a, told = d.reply(s, d.find(s))
	case "taps":
		a, told = d.tap(&s, d.find(s))
	}
	d.arrives(s, told, a)
}

// reply is a reply to a mail, as mail programs write it.
func (d *theDay) reply(s step, m bench.Sent) (a bench.Arrival, told string) {
	to := m.Read.From.Address
	if len(m.Read.ReplyTo) > 0 {
		to = m.Read.ReplyTo[0].Address
	}
	if s.does == "autoreplies" {
		a = d.mail(d.address(s.who), to, "Automatic reply: "+m.Read.Subject, d.home.messageID(m), s.body)
		a.Raw = "Auto-Submitted: auto-replied\n" + a.Raw
		return a, fmt.Sprintf("is out, says the mail program to %s “%s”", kindOf(m), m.Read.Subject)
	}
	a = d.mail(d.address(s.who), to, re(m.Read.Subject), d.home.messageID(m), s.body+"\nOn Mon, 2 Mar 2026, "+
		m.Read.From.Name+" <"+m.Read.From.Address+"> wrote:\n\n"+quoted(m.Read.PlainText))
	if s.does == "answers" {
		return a, fmt.Sprintf("replies to %s “%s” of %s, who forwarded it", kindOf(m), m.Read.Subject,
			d.names[d.address(s.whose)])
	}
	return a, fmt.Sprintf("replies to %s “%s”", kindOf(m), m.Read.Subject)
}

// tap opens the mail of a button and sends it.
func (d *theDay) tap(s *step, m bench.Sent) (a bench.Arrival, told string) {
	u := d.button(*s, m)
	s.body = u.Query().Get("body")
	return d.mail(d.address(s.who), u.Opaque, u.Query().Get("subject"), "", s.body+"\n"),
		fmt.Sprintf("taps “%s” in %s “%s”", s.what, kindOf(m), m.Read.Subject)
}

// arrives hands a mail over, and says so.
func (d *theDay) arrives(s step, told string, a bench.Arrival) {
	d.Helper()
	d.say("\n%s %s %s", d.clock(), d.names[d.address(s.who)], told)
	for line := range strings.SplitSeq(strings.TrimRight(s.body, "\n"), "\n") {
		d.say("      | %s", line)
	}
	in := d.Arrive(a)
	if in.Outcome != desk.OutcomeThreaded && in.Outcome != desk.OutcomeAgent {
		d.say("      it is %s: %s", in.Outcome, page.Excerpt(in.Reason, 140))
	}
	if s.does == "writes" || in.Outcome == desk.OutcomeThreaded {
		d.came(s, in)
	} else if s.does == "spams" {
		d.held = append(d.held, s)
	}
	d.got(d.sent())
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
	if name, address, ok := strings.Cut(strings.TrimSuffix(who, ">"), " <"); ok {
		d.names[address], d.called[name] = name, address
	}
	if name, _, _ := strings.Cut(who, " <"); d.called[name] != "" {
		return d.called[name]
	}
	local := strings.NewReplacer(" ", ".", "é", "e", "ã", "a", "ü", "u", "ö", "o").Replace(strings.ToLower(who))
	address := local + "@customers.example"
	d.names[address] = who
	return address
}

// find is the newest mail in somebody's mailbox that has the words.
func (d *theDay) find(s step) bench.Sent {
	d.Helper()
	m, there := d.newest(s)
	if !there {
		d.Fatalf("%s, line %d: %s has no mail (%s) with %q. The day so far:\n%s", s.file, s.line, s.who, s.kind, s.mail,
			d.out.String())
	}
	return m
}

func (d *theDay) newest(s step) (bench.Sent, bool) {
	box := slices.Clone(d.boxes[d.address(s.whose)])
	kind, old := strings.CutPrefix(s.kind, "old ")
	if old {
		slices.Reverse(box)
	}
	for i := len(box) - 1; i >= 0; i-- {
		if m := box[i]; (kind == "" || kind == kindOf(m)) &&
			strings.Contains(words(m.Read.Subject+"\n"+m.Read.From.Name+"\n"+m.Read.PlainText), s.mail) {
			return m, true
		}
	}
	return bench.Sent{}, false
}

// holder is who is meant: the agent in whose mailbox a mail is, or a name.
func (d *theDay) holder(s step, who string) string {
	d.Helper()
	subject, is := strings.CutPrefix(who, "the holder of ")
	if !is {
		return who
	}
	subject = strings.Trim(subject, `"`)
	for _, id := range d.Settings.Mailboxes[0].Agents {
		if slices.ContainsFunc(d.boxes[d.address(id)], func(m bench.Sent) bool {
			return strings.HasSuffix(m.Read.Subject, "] "+subject)
		}) {
			return id
		}
	}
	d.Fatalf("%s, line %d: nobody has %q. The day so far:\n%s", s.file, s.line, subject, d.out.String())
	return ""
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
	d.Fatalf("%s, line %d: there is no button %q in\n%s", s.file, s.line, s.what, m.Read.PlainText)
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
			d.boxes[to] = append(d.boxes[to], m)
			d.seen(to, m)
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
