package letters

import (
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/page"
	"github.com/replywell/replywell/shared/measure"
)

// reading is a figure that is said, and which it is.
type reading struct {
	figure string
	page.Reading
}

// readings are the figures that are said: those of the result always, the others
// where they changed beyond chance.
func (m WeekOfMailbox) readings(k Week) (out []reading) {
	n, e, span := m.Now, m.Earlier, k.span()
	add := func(figure, value, note string) {
		out = append(out, reading{figure, page.Reading{Label: figureOf(figure).Label, Value: value, Note: strings.TrimSpace(note)}})
	}
	if m.First.Seen > 0 {
		note := fmt.Sprintf("Counts everybody who waited: %s, of whom %s got a first answer in this %s.", page.Count(m.First.Seen, "customer", "customers"), orNone(m.First.Over), span)
		if nine := m.within(0.9); nine != "not yet" {
			note += " Nine in ten " + nine + "."
		}
		half := "half " + m.within(0.5)
		if _, ok := m.First.Within(0.5); !ok {
			half = "half are not answered yet"
		}
		add(desk.FigureFirst, upper(half), note+" "+m.pace(span))
	}
	if n.Solved > 0 {
		add(desk.FigureNotAtFirst, share(n.SolvedAtFirst, n.Solved), between(n.SolvedAtFirst, n.Solved)+" "+
			changed(measure.Difference(measure.Share{Part: n.SolvedAtFirst, Whole: n.Solved}, measure.Share{Part: e.SolvedAtFirst, Whole: e.Solved}).Sure(), span, share(e.SolvedAtFirst, e.Solved)))
	}
	if n.Watched > 0 {
		add(desk.FigureCameBack, share(n.Returned, n.Watched), "Of those that were solved so long before the end that the 7 days are over. "+between(n.Returned, n.Watched)+" "+
			changed(measure.Difference(measure.Share{Part: n.Returned, Whole: n.Watched}, measure.Share{Part: e.Returned, Whole: e.Watched}).Sure(), span, share(e.Returned, e.Watched)))
	}
	if n.Said > 0 {
		note := "By a tap below an answer, of which most make none: a hint, not a measure."
		if n.Watched > 0 {
			note += fmt.Sprintf(" Beside it: %s did not come back.", share(n.Watched-n.Returned, n.Watched))
		}
		add(desk.FigureSaid, share(n.SaidSolved, n.Said), note+" "+between(n.SaidSolved, n.Said)+" "+
			changed(measure.Difference(measure.Share{Part: n.SaidSolved, Whole: n.Said}, measure.Share{Part: e.SaidSolved, Whole: e.Said}).Sure(), span, share(e.SaidSolved, e.Said)))
	}
	if n.Exchanges.Count() >= measure.Enough {
		add(desk.FigureExchanges, spread(n.Exchanges), m.aim(k.Benchmark))
	}
	if n.Contacts.Count() >= measure.Enough && n.Contacts.Above(1) > 0 || n.HandedOver > 0 {
		note := ""
		if n.HandedOver > 0 {
			note = page.Count(n.HandedOver, "conversation", "conversations") + " changed hands on the way."
		}
		add(desk.FigureContacts, spread(n.Contacts), note)
	}
	count := func(figure string, now, before int) {
		if d := measure.Counts(now, before); d != measure.Unsure {
			add(figure, page.Thousands(now), changed(d, span, page.Thousands(before)))
		}
	}
	count(desk.FigureOpened, n.Opened, e.Opened)
	count(desk.FigureSolved, n.Solved, e.Solved)
	count(desk.FigureReopened, n.Reopened, e.Reopened)
	if n.Answered > 0 {
		if n.OnDefect > 0 {
			add(desk.FigureOnDefect, share(n.OnDefect, n.Answered), "Ready answers that were sent, in conversations that are tied to a cause. They count as no success.")
		}
		change := measure.Difference(measure.Share{Part: n.Accepted(), Whole: n.Answered}, measure.Share{Part: e.Accepted(), Whole: e.Answered})
		if change.Sure() != measure.Unsure || e.Answered == 0 {
			add(desk.FigureTaken, share(n.Accepted(), n.Answered), fmt.Sprintf("%s as it was, %s changed; %s were written without. ", page.Thousands(n.AsIs), page.Thousands(n.Changed), page.Thousands(n.Ignored))+
				changed(change.Sure(), span, share(e.Accepted(), e.Answered)))
		}
	}
	if n.Thanked > 0 {
		add(desk.FigureThanks, page.Count(n.Thanked, "mail", "mails"), "They did nothing but thank.")
	}
	return out
}

// pace says whether first answers surely come later, or sooner, than before: by the
// share that waits longer than half did then.
func (m WeekOfMailbox) pace(span string) string {
	was, ok := m.FirstEarlier.Within(0.5)
	if !ok || m.FirstEarlier.Over < measure.Enough || m.First.Seen < measure.Enough {
		return ""
	}
	said := "the " + span + " before, when it was " + m.said(was) + "."
	switch _, left := m.First.Left(was); {
	case left.Low > 0.5:
		return "Later than " + said
	case left.High < 0.5:
		return "Sooner than " + said
	}
	return ""
}

// slower reports whether the slowest answers surely take longer than before: what
// was nine in ten then is not even near it now.
func (m WeekOfMailbox) slower() bool {
	was, ok := m.FirstEarlier.Within(0.9)
	if !ok || m.FirstEarlier.Over < measure.Enough || m.First.Seen < measure.Enough {
		return false
	}
	_, left := m.First.Left(was)
	return left.Low > 0.15
}

// aim compares exchanges with what the team aims at.
func (m WeekOfMailbox) aim(benchmark float64) string {
	mean := decimal(m.Now.Exchanges.Mean())
	if benchmark > 0 {
		return fmt.Sprintf("%s on average; the team aims at %s.", mean, decimal(benchmark))
	}
	return mean + " on average."
}

// doing says why a figure is there: what it would have the team do. A figure
// that calls for nothing is passed over.
func (m WeekOfMailbox) doing(benchmark float64, span string) (out []string) {
	n := m.Now
	if benchmark > 0 && n.Solved >= measure.Enough && n.Exchanges.Mean() > benchmark {
		out = append(out, fmt.Sprintf("Solving took %s exchanges, and the team aims at %s. Look at what customers had to ask twice. The aim is a guide, never a limit.", decimal(n.Exchanges.Mean()), decimal(benchmark)))
	}
	if (measure.Share{Part: n.Reopened, Whole: n.Solved + n.Reopened}).Between().Low > 0.1 {
		out = append(out, fmt.Sprintf("%s came back after they were solved. Read two or three: was the answer unclear, or did the cause stay?", page.Count(n.Reopened, "conversation", "conversations")))
	}
	if m.slower() {
		out = append(out, "The slowest answers took much longer than the "+span+" before. Was the team short of hands, or waiting for somebody?")
	}
	if (measure.Share{Part: n.Accepted(), Whole: n.Answered}).Between().High < 0.2 {
		out = append(out, "Suggestions were offered and hardly sent. The articles may not say what customers ask.")
	}
	if (measure.Share{Part: n.CameBack, Whole: n.Sent}).Between().Low > 0.1 {
		out = append(out, fmt.Sprintf("%s asked again about what an article had answered. Such articles are offered less by themselves; read them as those customers did.", page.Count(n.CameBack, "customer", "customers")))
	}
	if n.Bounced > 0 {
		out = append(out, fmt.Sprintf("%s did not reach the customer. Whoever wrote them was told; see that they found another way.", page.Count(n.Bounced, "answer", "answers")))
	}
	if n.Held > 0 {
		out = append(out, fmt.Sprintf("%s because it could not be told whether to trust them. Somebody should look.", page.Count(n.Held, "mail was held", "mails were held")))
	}
	return out
}

// within is reached in a sentence.
func (m WeekOfMailbox) within(of float64) string {
	if _, ok := m.First.Within(of); !ok {
		return m.reached(m.First, of)
	}
	hours := ""
	if m.WorkingHours {
		hours = " of work"
	}
	return "within " + m.reached(m.First, of) + hours
}

// reached says within which time a share of the waits was over.
func (m WeekOfMailbox) reached(s measure.Survival, of float64) string {
	switch d, ok := s.Within(of); {
	case s.Seen == 0:
		return "–"
	case !ok:
		return "not yet"
	default:
		return m.said(d)
	}
}

// said writes a time. A day of working hours is no day, so they stay hours.
func (m WeekOfMailbox) said(d time.Duration) string {
	if m.WorkingHours && d >= 24*time.Hour {
		return page.Count(int(d.Round(time.Hour)/time.Hour), "hour", "hours")
	}
	return page.Duration(max(d, time.Minute)) // out of hours it may be nothing
}

// between says within which bounds a share lies, of enough.
func between(part, whole int) string {
	of := measure.Share{Part: part, Whole: whole}
	if !of.Said() {
		return fmt.Sprintf("Only %s: too few to say more.", page.Thousands(whole))
	}
	i := of.Between()
	return fmt.Sprintf("Likely between %.0f and %.0f in a hundred.", math.Floor(100*i.Low), math.Ceil(100*i.High))
}

func share(part, whole int) string {
	switch of := (measure.Share{Part: part, Whole: whole}); {
	case whole == 0:
		return "–"
	case !of.Said():
		return page.Thousands(part) + " of " + page.Thousands(whole)
	default:
		return fmt.Sprintf("%s of %s (%.0f\u00a0%%)", page.Thousands(part), page.Thousands(whole), 100*of.Value())
	}
}

// changed says what is sure of a change; nothing where nothing is.
func changed(d measure.Direction, span, before string) string {
	switch {
	case d == measure.Higher && before == "0":
		return "There was none the " + span + " before."
	case d == measure.Higher:
		return "More than " + before + " the " + span + " before, beyond chance."
	case d == measure.Lower:
		return "Fewer than " + before + " the " + span + " before, beyond chance."
	}
	return ""
}

// spread says how often each number came: "1: 612, 2: 400, 3: 140, more: 31".
func spread(s desk.Spread) string {
	var parts []string
	for n := range 4 {
		if s[n] > 0 {
			parts = append(parts, fmt.Sprintf("%d: %s", n, page.Thousands(s[n])))
		}
	}
	if more := s.Above(3); more > 0 {
		parts = append(parts, "more: "+page.Thousands(more))
	}
	return strings.Join(parts, ", ")
}

func orNone(n int) string {
	if n == 0 {
		return "none"
	}
	return page.Thousands(n)
}

func decimal(f float64) string {
	if f == 0 {
		return "–"
	}
	return fmt.Sprintf("%.1f", f)
}

func upper(s string) string { return strings.ToUpper(s[:1]) + s[1:] }
