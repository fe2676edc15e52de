package config

import (
	_ "embed"
	"fmt"
	"os"
	"sort"
	"time"

	"github.com/goccy/go-yaml/parser"

	"github.com/replywell/replywell/shared/desk"
)

// Sample is the document that is used where none is given.
//
//go:embed sample.yaml
var Sample []byte

// MaxDocument bounds the document, in bytes.
const MaxDocument = 1 << 20

// Version is the one version of the document's form that is known.
const Version = 1

// Parse reads a document. file is its name for messages. The error is a
// *Problems that lists everything at once.
func Parse(data []byte, file string) (*desk.Settings, error) {
	r := &reader{}
	s := r.document(data)
	if len(r.problems) > 0 {
		sort.SliceStable(r.problems, func(i, j int) bool { return r.problems[i].Line < r.problems[j].Line })
		return nil, &Problems{File: file, List: r.problems}
	}
	return s, nil
}

func (r *reader) document(data []byte) *desk.Settings {
	s := &desk.Settings{
		Notifications: desk.NotificationPolicy{Most: 20},
		Automatic:     desk.AutomaticPolicy{PerAddress: desk.DefaultAutomatic, PerConversation: desk.DefaultAutomatic},
		Report:        desk.ReportPolicy{TimeZone: "UTC", At: reportAt},
		Quarantine:    desk.QuarantinePolicy{At: quarantineAt, Keep: desk.QuarantineKeep},
		SubjectWindow: 14 * 24 * time.Hour,
		SolvedAfter:   7 * 24 * time.Hour,
	}
	if len(data) > MaxDocument {
		r.say(0, "the document has %d bytes; at most %d are read: take out what no mailbox needs", len(data), MaxDocument)
		return s
	}
	file, err := parser.ParseBytes(data, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		r.syntax(err)
		return s
	}
	if len(file.Docs) == 0 || file.Docs[0].Body == nil {
		r.say(0, "the document is empty; \"replywell config sample\" prints one to start from")
		return s
	}
	if len(file.Docs) > 1 {
		r.say(file.Docs[1].Body.GetToken().Position.Line, "a second document starts here; a file holds one, so put what they say together")
	}
	lines := &places{}
	r.fields(file.Docs[0].Body, "the document", fieldSet{
		"version": func(v value) { s.Version, lines.version = v.integer(1, 1<<20), v.line },
		"mode": func(v value) {
			s.Mode = desk.Mode(v.oneOf(string(desk.ModeLive), string(desk.ModeSample)))
		},
		"trust_loopback": func(v value) { s.TrustLoopback, lines.loopback = v.boolean(), v.line },
		"mail_servers":   func(v value) { s.Servers = r.mailServers(v) },
		"believe_forgeries_from_this_machine": func(v value) {
			s.LoopbackLive, lines.loopbackLive = v.boolean(), v.line
		},
		"mailboxes":        func(v value) { s.Mailboxes = r.mailboxes(v, lines) },
		"agents":           func(v value) { s.Agents = r.agents(v, lines) },
		"notifications":    func(v value) { r.notifications(v, &s.Notifications) },
		"automatic":        func(v value) { r.automatic(v, &s.Automatic) },
		"quarantine":       func(v value) { s.Quarantine = r.quarantine(v); lines.quarantine = v.line },
		"same_subject":     func(v value) { s.SubjectWindow = v.duration(0, 366*24*time.Hour) },
		"solved_after":     func(v value) { s.SolvedAfter = v.duration(time.Minute, 366*24*time.Hour) },
		"report":           func(v value) { r.report(v, &s.Report, lines) },
		"files_url":        func(v value) { s.Links.Public, lines.files = v.public(), v.line },
		"links_good":       func(v value) { s.Links.Good = v.duration(24*time.Hour, desk.MaxLinksGood).Truncate(24 * time.Hour) },
		"hours":            func(v value) { s.Hours = r.hours(v) },
		"tiers":            func(v value) { s.Tiers = r.tiers(v) },
		"customer_value":   func(v value) { s.Value = r.customerValue(v) },
		"teams":            func(v value) { s.Teams, lines.teams = r.teams(v) },
		"departments":      func(v value) { s.Departments, lines.departments = r.departments(v) },
		"morning_mail":     func(v value) { s.Morning = r.morning(v) },
		"welcome_mail":     func(v value) { s.WelcomeOff = !v.on() },
		"plain_words":      func(v value) { s.PlainOff = !v.on() },
		"for_whom":         func(v value) { s.WhomOff = !v.on() },
		"sample_customers": func(v value) { s.Customers, lines.customers = r.customers(v), v.line },
	}, "version", "mode", "mailboxes", "agents")
	if s.Notifications.Window == 0 {
		s.Notifications.Window = 10 * time.Minute
		if s.Mode == desk.ModeSample {
			s.Notifications.Window = 3 * time.Second // whoever tries things out does not wait
		}
	}
	for _, n := range lines.graceless {
		if s.Mode != desk.ModeSample { // whoever tries things out does not wait
			s.Mailboxes[n].Grace = desk.DefaultGrace
		}
	}
	r.crossCheck(s, lines)
	for i := range s.Mailboxes {
		m := &s.Mailboxes[i]
		if lines.unshared[i] && len(m.Agents) >= sharedFrom && !s.HoursOf(*m).Always() {
			m.Share = true
		}
		if m.Untaken == unsaid {
			// Where nobody's hours are known everybody was told when the mail came, and is
			// not to be told again at night.
			if m.Untaken = 0; m.Share || !s.HoursOf(*m).Always() {
				m.Untaken = desk.DefaultUntaken
			}
		}
	}
	for _, h := range hoursIn(s) {
		if h.Zone == "" {
			h.Zone = s.Report.TimeZone
		}
	}
	return s
}

// sharedFrom is from how many agents on a mailbox shares out where the settings do not say
// and hours do: what is told to all grows with them, and two see all of it anyhow.
const sharedFrom = 3

// unsaid is a time that the settings do not give.
const unsaid = time.Duration(-1)

// mostSignature bounds a mailbox's signature, in lines: it is read under every answer.
const mostSignature = 8

func (r *reader) mailboxes(v value, at *places) (out []desk.Mailbox) {
	elements := v.list()
	if len(elements) == 0 {
		r.say(v.line, "there is no mailbox; mailboxes needs at least one")
	}
	for _, e := range elements {
		m, agents, grace, unshared := desk.Mailbox{Language: "en", Untaken: unsaid}, map[string]int{}, false, true
		r.fields(e.node, "a mailbox", fieldSet{
			"id":             func(v value) { m.ID = v.identifier() },
			"name":           func(v value) { m.Name = v.text() },
			"address":        func(v value) { m.Address = v.address() },
			"aliases":        func(v value) { m.Aliases = v.addresses() },
			"reply_address":  func(v value) { m.ReplyBase = v.replyBase() },
			"language":       func(v value) { m.Language = v.text() },
			"acknowledge":    func(v value) { m.Acknowledge = v.boolean() },
			"ask_rating":     func(v value) { m.Rating = v.on() },
			"answers_within": func(v value) { m.Within = v.duration(time.Hour, 14*24*time.Hour) },
			"grace": func(v value) {
				if m.Grace = 0; v.text() != "0" {
					m.Grace = v.duration(0, desk.MaxGrace)
				}
				grace = true
			},
			"signature": func(v value) { m.Signature = v.lines(mostSignature) },
			"hours":     func(v value) { m.Hours = r.hours(v) },
			"tiers":     func(v value) { m.Tiers = r.levels(v) },
			"follow_up": func(v value) { m.FollowUp, m.Closes = r.followUp(v) },
			"untaken_after": func(v value) {
				if m.Untaken = 0; v.text() != "0" {
					m.Untaken = v.duration(10*time.Minute, 14*24*time.Hour)
				}
			},
			"assign": func(v value) { m.Share, unshared = v.oneOf("share", "nobody") == "share", false },
			"agents": func(v value) {
				for _, a := range v.list() {
					id := a.identifier()
					if _, twice := agents[id]; twice {
						r.say(a.line, "agent %q is named twice; take one of them out", id)
					}
					agents[id] = a.line
					m.Agents = append(m.Agents, id)
				}
			},
		}, "id", "name", "address")
		if m.ReplyBase == "" {
			m.ReplyBase = m.Address
		}
		if !grace {
			at.graceless = append(at.graceless, len(out))
		}
		out = append(out, m)
		at.unshared = append(at.unshared, unshared)
		at.mailboxes = append(at.mailboxes, e.line)
		at.mailboxAgents = append(at.mailboxAgents, agents)
	}
	return out
}

func (r *reader) agents(v value, at *places) (out []desk.Agent) {
	elements := v.list()
	if len(elements) == 0 {
		r.say(v.line, "there is no agent; agents needs at least one")
	}
	for _, e := range elements {
		var a desk.Agent
		r.fields(e.node, "an agent", fieldSet{
			"id":                    func(v value) { a.ID = v.identifier() },
			"name":                  func(v value) { a.Name = v.text() },
			"public_name":           func(v value) { a.PublicName = v.text() },
			"vouched_by":            func(v value) { a.VouchedBy = v.oneOf(desk.VouchedByDMARC, desk.VouchedBySPF) },
			"reply_addresses_since": func(v value) { a.Since = v.date() },
			"reviews_articles":      func(v value) { a.ReviewsArticles = v.boolean() },
			"hours":                 func(v value) { a.Hours = r.hours(v) },
			"capacity":              func(v value) { a.Capacity = v.integer(1, 1000) },
			"notify": func(v value) {
				a.Notify = desk.Notify(v.oneOf(string(desk.NotifyAll), string(desk.NotifyInvolved), string(desk.NotifyMine), string(desk.NotifyTopics), string(desk.NotifyDigest)))
			},
			"topics": func(v value) {
				for _, e := range v.list() {
					a.Topics = append(a.Topics, e.text())
				}
			},
			"addresses": func(v value) {
				if a.Addresses = v.addresses(); len(a.Addresses) == 0 {
					r.say(v.line, "an agent has no address; the first is where notifications go")
				}
			},
		}, "id", "name", "addresses")
		if a.Notify == desk.NotifyTopics && len(a.Topics) == 0 {
			r.say(e.line, "agent %q: \"notify: topics\" needs \"topics\"; name them, like topics: [returns, invoices]", a.ID)
		}
		out = append(out, a)
		at.agents = append(at.agents, e.line)
	}
	return out
}

func (r *reader) notifications(v value, p *desk.NotificationPolicy) {
	r.fields(v.node, "notifications", fieldSet{
		"most":   func(v value) { p.Most = v.integer(1, 10_000) },
		"within": func(v value) { p.Window = v.duration(time.Second, 24*time.Hour) },
	})
}

func (r *reader) automatic(v value, p *desk.AutomaticPolicy) {
	r.fields(v.node, "automatic", fieldSet{
		"per_address":      func(v value) { p.PerAddress = v.integer(0, desk.MostAutomatic) },
		"per_conversation": func(v value) { p.PerConversation = v.integer(0, desk.MostAutomatic) },
	})
}

// maxKeep bounds how long held mail is kept. The mail store keeps the raw mail
// for MailRetentionDays, of which the template allows no fewer, so that what can
// still be released is still there.
const maxKeep = 90 * 24 * time.Hour

// quarantineAt is when held mail is told of where the document does not say: at seven.
const quarantineAt = 7 * 60

func (r *reader) quarantine(v value) desk.QuarantinePolicy {
	p := desk.QuarantinePolicy{At: quarantineAt, Keep: desk.QuarantineKeep}
	r.fields(v.node, "quarantine", fieldSet{
		"to": func(v value) {
			for _, a := range v.list() {
				p.To = append(p.To, a.identifier())
			}
		},
		"at":   func(v value) { p.At = v.timeOfDay() },
		"keep": func(v value) { p.Keep = v.duration(24*time.Hour, maxKeep) },
	})
	return p
}

func (r *reader) report(v value, p *desk.ReportPolicy, at *places) {
	r.fields(v.node, "report", fieldSet{
		"to":                 func(v value) { p.To = v.addresses() },
		"time_zone":          func(v value) { p.TimeZone = v.timeZone() },
		"exchange_benchmark": func(v value) { p.ExchangeBenchmark = v.number(1, 100) },
		"every":              func(v value) { p.Every = v.periods() },
		"at":                 func(v value) { p.At = v.timeOfDay() },
		"keep":               func(v value) { p.Keep = v.boolean() },
		"cloudwatch":         func(v value) { p.Measures = v.boolean() },
		"mailboxes": func(v value) {
			for _, e := range v.list() {
				var m desk.MailboxMail
				r.fields(e.node, "a report of one mailbox", fieldSet{
					"id":    func(v value) { m.Mailbox = v.identifier() },
					"to":    func(v value) { m.To = v.addresses() },
					"every": func(v value) { m.Every = v.periods() },
				}, "id", "to")
				p.Mailboxes = append(p.Mailboxes, m)
				at.reports = append(at.reports, e.line)
			}
		},
	})
}

// reportAt is when the day's and the month's report is posted where the document does
// not say, in minutes after midnight.
const reportAt = 7 * 60

// periods reads one of the words day, week and month, or a list of them.
func (v value) periods() (out []desk.Period) {
	for _, e := range v.list() {
		out = append(out, desk.Period(e.oneOf(string(desk.Daily), string(desk.Weekly), string(desk.Monthly))))
	}
	return out
}

func (r *reader) customers(v value) (out []desk.SampleCustomer) {
	for _, e := range v.list() {
		var c desk.SampleCustomer
		r.fields(e.node, "a sample customer", fieldSet{
			"name":    func(v value) { c.Name = v.text() },
			"address": func(v value) { c.Address = v.address() },
		}, "name", "address")
		out = append(out, c)
	}
	return out
}

// Load reads a document from a file; no path means Sample.
func Load(path string) (*desk.Settings, error) {
	if path == "" {
		return Parse(Sample, "the sample configuration")
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("the configuration cannot be read: %w; \"replywell config sample\" prints one to start from", err)
	}
	return Parse(data, path)
}
