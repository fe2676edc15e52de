package metrics

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/letters"
	"github.com/replywell/replywell/shared/measure"
)

// ExportForm names the form of an export; a field that is merely new does not change it.
const ExportForm = "replywell.report/1"

// Export is a report for programs. docs/metrics.md tells each figure and field.
type Export struct {
	Form      string          `json:"form"`
	From      time.Time       `json:"from"`
	To        time.Time       `json:"to"` // the moment after the last
	Made      time.Time       `json:"made"`
	TimeZone  string          `json:"timeZone"`
	Mailboxes []ExportMailbox `json:"mailboxes"`
}

// ExportMailbox is one mailbox's.
type ExportMailbox struct {
	ID      string          `json:"id"`
	Name    string          `json:"name"`
	Waiting ExportWaiting   `json:"waiting"`
	Ends    []ExportEvening `json:"waitedAtTheEnd"`
	Figures []ExportFigure  `json:"figures"`
	Rises   []ExportRise    `json:"rises"`
	// Hiding are articles that answer a defect.
	Hiding []ExportHiding `json:"mayHideADefect"`
	// Customers are those of whom the team's list says something; no name is among them.
	Customers ExportCustomers `json:"customers"`
	// Withheld says why there are no figures: they would be one person's, or of fewer than five conversations.
	Withheld string `json:"withheld,omitempty"`
}

// ExportHiding is an article that answers what should not have happened.
type ExportHiding struct {
	Article    string `json:"article"`
	Sent       int    `json:"sent"`
	AskedAgain int    `json:"askedAgain"`
	OnDefect   int    `json:"tiedToACause"`
	Rising     bool   `json:"rising"`
}

// ExportCustomers tells for how many it went wrong and nothing has made up for it, how many
// were won back, and what both may order in a year, an estimate; null: too few to say.
type ExportCustomers struct {
	AtRisk           int             `json:"atRisk"`
	Won              int             `json:"won"`
	RevenueAtRisk    *ExportEstimate `json:"revenueAtRisk"`
	RevenueProtected *ExportEstimate `json:"revenueProtected"`
	Currency         string          `json:"currency,omitempty"`
}

// ExportEstimate is a sum that nobody knows, with its 95 % interval.
type ExportEstimate struct {
	Sum  float64 `json:"sum"`
	Low  float64 `json:"low"`
	High float64 `json:"high"`
}

func estimated(e letters.Estimate) *ExportEstimate {
	if e.Sum == 0 {
		return nil
	}
	return &ExportEstimate{Sum: math.Round(e.Sum), Low: math.Round(e.Low), High: math.Round(e.High)}
}

// ExportWaiting is who waits when the report is made.
type ExportWaiting struct {
	Customers     int        `json:"customers"`
	Since         *time.Time `json:"since,omitempty"`
	PromisesLate  int        `json:"promisesLate"`
	PromisesToday int        `json:"promisesToday"`
}

// ExportEvening is how many customers waited at a moment.
type ExportEvening struct {
	At        time.Time `json:"at"`
	Customers int       `json:"customers"`
}

// ExportFigure is one figure: a count, a share of so many with its 95 % interval, or a
// time in seconds. A value that is not reached, or of nothing, is null. Change is what is sure.
type ExportFigure struct {
	Name   string   `json:"figure"`
	Unit   string   `json:"unit"` // "count", "share", "seconds", "mean"
	Value  *float64 `json:"value"`
	Part   *int     `json:"part,omitempty"`
	Of     *int     `json:"of,omitempty"`
	Low    *float64 `json:"low,omitempty"`
	High   *float64 `json:"high,omitempty"`
	Before *float64 `json:"before"`
	Change string   `json:"change,omitempty"` // "more", "fewer" or ""
}

// ExportRise is a concern of which more came than its past lets expect.
type ExportRise struct {
	Topic    string    `json:"topic"`
	Concerns int       `json:"concerns"`
	Days     int       `json:"days"`
	Since    time.Time `json:"since"`
	Expected float64   `json:"expected"`
	Owner    string    `json:"owner,omitempty"` // the name of the department whose business it is
}

// Exported is a report in the form for programs.
func Exported(k letters.Week, z *time.Location, made time.Time) Export {
	out := Export{Form: ExportForm, From: k.From, To: k.To, Made: made.UTC().Truncate(time.Second), TimeZone: z.String(), Mailboxes: []ExportMailbox{}}
	for _, m := range k.Mailboxes {
		x := ExportMailbox{ID: m.ID, Name: m.Name, Ends: []ExportEvening{}, Figures: figures(m), Rises: []ExportRise{}, Hiding: []ExportHiding{},
			Waiting: ExportWaiting{Customers: m.Waiting.Customers, PromisesLate: m.Waiting.Late, PromisesToday: m.Waiting.PromisedDay}}
		for _, h := range m.Hiding {
			x.Hiding = append(x.Hiding, ExportHiding{Article: h.Article, Sent: h.Sent, AskedAgain: h.Back, OnDefect: h.Defect, Rising: h.Rising})
		}
		c := m.Customers
		x.Customers = ExportCustomers{AtRisk: c.AtRisk, Won: c.Won, RevenueAtRisk: estimated(c.RevenueAtRisk),
			RevenueProtected: estimated(c.RevenueProtected), Currency: c.Currency}
		if x.Withheld = m.Withheld; x.Withheld != "" {
			x.Figures = []ExportFigure{}
		}
		if s := m.Waiting.Since; !s.IsZero() {
			x.Waiting.Since = &s
		}
		for _, e := range m.Evenings {
			x.Ends = append(x.Ends, ExportEvening(e))
		}
		for _, r := range m.Rises {
			x.Rises = append(x.Rises, ExportRise{Topic: r.Topic, Concerns: r.Mails, Days: r.Days, Since: r.Since, Expected: r.Expected, Owner: r.Owner})
		}
		out.Mailboxes = append(out.Mailboxes, x)
	}
	return out
}

// figures are all of a mailbox's, also those that a mail leaves out.
func figures(m letters.WeekOfMailbox) (out []ExportFigure) {
	n, e := m.Now, m.Earlier
	count := func(name string, now, before int) {
		out = append(out, ExportFigure{Name: name, Unit: "count", Value: number(now), Before: number(before), Change: word(measure.Counts(now, before))})
	}
	share := func(name string, part, of, partBefore, ofBefore int) {
		now, before := measure.Share{Part: part, Whole: of}, measure.Share{Part: partBefore, Whole: ofBefore}
		f := ExportFigure{Name: name, Unit: "share", Part: &part, Of: &of, Change: word(measure.Difference(now, before).Sure())}
		if of > 0 {
			v, i := now.Value(), now.Between()
			f.Value, f.Low, f.High = &v, &i.Low, &i.High
		}
		if ofBefore > 0 {
			v := before.Value()
			f.Before = &v
		}
		out = append(out, f)
	}
	within := func(name string, of float64) {
		f := ExportFigure{Name: name, Unit: "seconds", Of: &m.First.Seen, Value: seconds(m.First.Within(of)), Before: seconds(m.FirstEarlier.Within(of))}
		out = append(out, f)
	}
	mean := func(name string, now, before desk.Spread) {
		f := ExportFigure{Name: name, Unit: "mean"}
		if of := now.Count(); of > 0 {
			v := now.Mean()
			f.Value, f.Of = &v, &of
		}
		if before.Count() > 0 {
			v := before.Mean()
			f.Before = &v
		}
		out = append(out, f)
	}
	within("first-answer-half", 0.5)
	within("first-answer-nine-in-ten", 0.9)
	count("opened", n.Opened, e.Opened)
	count("solved", n.Solved, e.Solved)
	share("solved-at-first-answer", n.SolvedAtFirst, n.Solved, e.SolvedAtFirst, e.Solved)
	count("reopened", n.Reopened, e.Reopened)
	share("came-back-within-7-days", n.Returned, n.Watched, e.Returned, e.Watched)
	share(desk.FigureSaid, n.SaidSolved, n.Said, e.SaidSolved, e.Said)
	mean("exchanges", n.Exchanges, e.Exchanges)
	mean("contacts", n.Contacts, e.Contacts)
	share("changed-hands", n.HandedOver, n.Solved, e.HandedOver, e.Solved)
	count("suggestions-offered", n.Offered, e.Offered)
	share("suggestions-taken", n.Accepted(), n.Answered, e.Accepted(), e.Answered)
	share("suggestions-changed", n.Changed, n.Answered, e.Changed, e.Answered)
	share("suggestions-ignored", n.Ignored, n.Answered, e.Ignored, e.Answered)
	share(desk.FigureOnDefect, n.OnDefect, n.Answered, e.OnDefect, e.Answered)
	count("asked-again-after-article", n.CameBack, e.CameBack)
	count("articles-sent", n.Sent, e.Sent)
	count("thanks", n.Thanked, e.Thanked)
	out = append(out, ExportFigure{Name: desk.FigureAtRisk, Unit: "count", Value: number(m.Customers.AtRisk)},
		ExportFigure{Name: desk.FigureWon, Unit: "count", Value: number(m.Customers.Won)})
	count("bounced", n.Bounced, e.Bounced)
	count("held", n.Held, e.Held)
	return out
}

func number(n int) *float64 {
	v := float64(n)
	return &v
}

func seconds(d time.Duration, reached bool) *float64 {
	if !reached {
		return nil
	}
	v := d.Round(time.Second).Seconds()
	return &v
}

func word(d measure.Direction) string {
	switch d {
	case measure.Higher:
		return "more"
	case measure.Lower:
		return "fewer"
	}
	return ""
}

// CSV has a line for each figure of each mailbox.
func (x Export) CSV() ([]byte, error) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	lines := [][]string{{"from", "to", "mailbox", "figure", "unit", "value", "part", "of", "low", "high", "before", "change"}}
	float := func(f *float64) string {
		if f == nil {
			return ""
		}
		return strconv.FormatFloat(*f, 'g', -1, 64)
	}
	whole := func(n *int) string {
		if n == nil {
			return ""
		}
		return strconv.Itoa(*n)
	}
	for _, m := range x.Mailboxes {
		for _, f := range m.Figures {
			lines = append(lines, []string{x.From.Format(time.RFC3339), x.To.Format(time.RFC3339), m.ID, f.Name, f.Unit, float(f.Value), whole(f.Part), whole(f.Of), float(f.Low), float(f.High), float(f.Before), f.Change})
		}
	}
	err := w.WriteAll(lines)
	return b.Bytes(), err
}

// Asked is a report that somebody asks for. Days are of the team's time zone.
type Asked struct {
	From, To string // the first and the last day, as 2006-01-02; both "": the last week that is over
	Mailbox  string // "": all
	Format   string // "text", "html", "json" or "csv"
	Rebuild  bool   // makes the roll-ups of the days anew first
}

// Answer makes the report.
func (s *Service) Answer(ctx context.Context, a Asked) ([]byte, error) {
	settings, err := s.Settings(ctx)
	if err != nil {
		return nil, err
	}
	z := zone(settings)
	from, to, err := a.span(s.Now(), z)
	if err != nil {
		return nil, err
	}
	if a.Mailbox != "" {
		if _, ok := settings.Mailbox(a.Mailbox); !ok {
			return nil, fmt.Errorf("there is no mailbox %q; its id is what the configuration calls it", a.Mailbox)
		}
	}
	if a.Rebuild {
		for d := from.UTC().Truncate(day); d.Before(to); d = d.AddDate(0, 0, 1) {
			if _, err := s.RollUp(ctx, d); err != nil {
				return nil, err
			}
		}
	}
	week, err := s.Span(ctx, settings, backBy(from, to), from, to)
	if err != nil {
		return nil, err
	}
	if days := calendarDays(from, to); days != 7 {
		week.Span, week.Days = fmt.Sprintf("%d days", days), from.Format("2 January 2006")+" to "+to.AddDate(0, 0, -1).Format("2 January 2006")
		if days == 1 {
			week.Span, week.Days = "day", from.Format("Monday 2 January 2006")
		}
	}
	if a.Mailbox != "" {
		kept := week.Mailboxes[:0]
		for _, m := range week.Mailboxes {
			if slices.Contains(strings.Split(m.ID, "+"), a.Mailbox) { // one that is told with others is never told alone
				kept = append(kept, m)
			}
		}
		week.Mailboxes = kept
	}
	return s.formatted(settings, week, a.Format)
}

// formatted is a report in one of its forms.
func (s *Service) formatted(settings *desk.Settings, week letters.Week, format string) ([]byte, error) {
	doc, _ := letters.Writer{Settings: settings, Now: s.Now()}.ReportPage(week)
	switch format {
	case "", "text":
		return []byte(doc.Wrapped()), nil
	case "html":
		return []byte(doc.HTML()), nil
	case "json":
		data, err := json.MarshalIndent(Exported(week, zone(settings), s.Now()), "", "  ")
		return append(data, '\n'), err
	case "csv":
		return Exported(week, zone(settings), s.Now()).CSV()
	}
	return nil, fmt.Errorf("there is no format %q; there are text, html, json and csv", format)
}

// longest is the longest span of a report, in days.
const longest = 400

func (a Asked) span(now time.Time, z *time.Location) (from, to time.Time, err error) {
	if a.From == "" && a.To == "" {
		from = weekBefore(now, z)
		return from, from.AddDate(0, 0, 7), nil
	}
	read := func(name, s string) time.Time {
		t, bad := time.ParseInLocation(time.DateOnly, s, z)
		if bad != nil {
			err = errors.Join(err, fmt.Errorf("--%s %q: write a day as 2026-11-30", name, s))
		}
		return t
	}
	from, to = read("from", a.From), read("to", a.To).AddDate(0, 0, 1)
	switch days := calendarDays(from, to); {
	case err != nil:
	case days < 1:
		err = fmt.Errorf("--from %s is after --to %s", a.From, a.To)
	case days > longest:
		err = fmt.Errorf("from %s to %s are %d days; a report is of %d at most", a.From, a.To, days, longest)
	case from.After(now):
		err = fmt.Errorf("--from %s is still to come", a.From)
	}
	return from, to, err
}

// calendarDays counts the days of the wall's calendar from one midnight to another.
func calendarDays(from, to time.Time) int {
	f := time.Date(from.Year(), from.Month(), from.Day(), 12, 0, 0, 0, time.UTC)
	t := time.Date(to.Year(), to.Month(), to.Day(), 12, 0, 0, 0, time.UTC)
	return int(t.Sub(f) / day)
}

// backBy is where the time before a span of whole days begins, that is as long.
func backBy(from, to time.Time) time.Time { return from.AddDate(0, 0, -calendarDays(from, to)) }
