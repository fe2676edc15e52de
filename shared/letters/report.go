package letters

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/compose"
	"github.com/replywell/replywell/shared/email/message"
	"github.com/replywell/replywell/shared/email/page"
	"github.com/replywell/replywell/shared/measure"
)

// Week is what a team is told of one week, each mailbox beside its week before.
type Week struct {
	From, To  time.Time // To is the moment after the last
	Mailboxes []WeekOfMailbox
	Benchmark float64    // exchanges per resolution that the team aims at; 0: none
	Gaps      []desk.Gap // topics that lack an article, the largest first
	// Span is what the time is called where it is no week, such as "hour", and Days
	// says which one it was.
	Span, Days string
}

// span is what the time is called.
func (k Week) span() string {
	if k.Span != "" {
		return k.Span
	}
	return "week"
}

// WeekOfMailbox is one mailbox's week and the one before it.
type WeekOfMailbox struct {
	Name         string
	Now, Earlier desk.Figures
	Waiting      Waiting // as the report is written
	// First is how long customers wait for a first answer, those who wait still
	// included, in working hours where the team has said its hours.
	First, FirstEarlier measure.Survival
	WorkingHours        bool
	// Evenings are how many customers waited for us at some moments, the last of them
	// the end of the span.
	Evenings []Evening
}

// Evening is how many customers waited at a moment.
type Evening struct {
	At        time.Time
	Customers int
}

// Waiting is who waits for us, and since when the first of them.
type Waiting struct {
	Customers int
	Since     time.Time
}

// waiting is who waits in all mailboxes.
func (k Week) waiting() (all Waiting) {
	for _, m := range k.Mailboxes {
		all.Customers += m.Waiting.Customers
		if s := m.Waiting.Since; all.Since.IsZero() || !s.IsZero() && s.Before(all.Since) {
			all.Since = s
		}
	}
	return all
}

// title names the week by its days.
func (k Week) title() string {
	if k.Days != "" {
		return k.Days
	}
	last := k.To.AddDate(0, 0, -1)
	return fmt.Sprintf("%s to %s", k.From.Format("2 January"), last.Format("2 January 2006"))
}

// Report writes the week's figures to one reader.
func (w Writer) Report(id, to string, mb desk.Mailbox, k Week) (Ready, error) {
	item := desk.OutboxItem{ID: id, Kind: desk.OutboxReport, EnvelopeFrom: mb.Address}
	blocks := []page.Block{
		page.ReplyLine{Hint: toNobody, Closed: true},
		page.Heading{Level: 1, Text: "Your " + k.span() + " in support"},
		page.Paragraph{Text: k.title()},
	}
	for _, m := range k.Mailboxes {
		blocks = append(blocks, w.weekOf(m, k.Benchmark, k.span())...)
	}
	gaps, drafts := k.gaps()
	blocks = append(blocks, gaps...)
	blocks = append(blocks, page.Small{Text: "All figures are sums over the whole team; none is about a single person. A conversation counts as solved when an agent closed it, or when the customer wrote no more after an answer."})
	doc := page.Document{Lang: "en", Preheader: w.whoWaits(k.waiting()), Blocks: blocks}
	l := compose.Letter{
		From: message.Address{Name: shownAs("", mb), Address: mb.Address}, To: []message.Address{{Address: to}},
		Subject: "Support, " + k.title(), Attachments: drafts,
	}
	var err error
	if l.ReplyTo, err = w.nowhere(mb, w.readerOf(to), id); err != nil {
		return Ready{}, err
	}
	l.Say(doc)
	return w.finish(item, mb, l)
}

// readerOf is who reads the report at an address: an agent, or somebody who is none.
func (w Writer) readerOf(address string) desk.Agent {
	if a, ok := w.Settings.AgentAt(address); ok {
		return a
	}
	return desk.Agent{ID: "reader", Addresses: []string{address}}
}

// ReportReply gives a reader of the report back what was written in reply to it,
// to the address in the settings.
func (w Writer) ReportReply(id, to string, mb desk.Mailbox, text string) (Ready, error) {
	item := desk.OutboxItem{ID: id, Kind: desk.OutboxReport, EnvelopeFrom: mb.Address}
	const title = "Nobody has got your words"
	l := compose.Letter{
		From: message.Address{Name: shownAs("", mb), Address: mb.Address}, To: []message.Address{{Address: to}},
		Subject: title,
	}
	var err error
	if l.ReplyTo, err = w.nowhere(mb, w.readerOf(to), id); err != nil {
		return Ready{}, err
	}
	l.Say(page.Document{Lang: "en", Preheader: title, Blocks: []page.Block{
		page.ReplyLine{Hint: toNobody, Closed: true},
		page.Band{Tone: page.Problem, Title: title, Text: "You replied to the weekly report. A program writes it, so nobody is there to read a reply: no customer and no colleague has got yours."},
		page.Paragraph{Text: "To tell the team, write to the people themselves. A new mail to " + mb.Address + " reaches them too, as a customer’s would."},
		page.Quote{Who: "What you wrote", Text: orNoText(text)},
	}})
	return w.finish(item, mb, l)
}

// whoWaits is the first sentence of a report: nothing matters more.
func (w Writer) whoWaits(x Waiting) string {
	if x.Customers == 0 {
		return "Nobody waits for an answer."
	}
	if x.Customers == 1 {
		return "1 customer waits for an answer, since " + w.day(x.Since) + "."
	}
	return fmt.Sprintf("%s customers wait for an answer, the oldest since %s.", page.Thousands(x.Customers), w.day(x.Since))
}

// headline is the result in a sentence.
func headline(m WeekOfMailbox, span string) string {
	if m.Now.Solved == 0 {
		return "No conversation was solved this " + span + "."
	}
	return fmt.Sprintf("%s solved, %s at the first answer.", page.Count(m.Now.Solved, "conversation", "conversations"), share(m.Now.SolvedAtFirst, m.Now.Solved))
}

// weekOf shows a mailbox's figures. What was nothing in both spans is left out, and
// an arrow stands only where chance does not explain the change.
func (w Writer) weekOf(m WeekOfMailbox, benchmark float64, span string) []page.Block {
	n, e := m.Now, m.Earlier
	var rows [][]string
	count := func(what string, now, before int) {
		if now+before > 0 {
			rows = append(rows, []string{what, page.Thousands(now), page.Thousands(before), arrow(measure.Counts(now, before))})
		}
	}
	of := func(what string, now, all, before, allBefore int) {
		if all+allBefore > 0 {
			change := measure.Difference(measure.Share{Part: now, Whole: all}, measure.Share{Part: before, Whole: allBefore})
			rows = append(rows, []string{what, share(now, all), share(before, allBefore), arrow(change.Sure())})
		}
	}
	within := func(what string, of float64) {
		if m.First.Seen+m.FirstEarlier.Seen > 0 {
			rows = append(rows, []string{what, m.reached(m.First, of), m.reached(m.FirstEarlier, of), ""})
		}
	}
	within("First answer: half within", 0.5)
	within("First answer: nine in ten within", 0.9)
	count("Solved", n.Solved, e.Solved)
	of("… at the first answer", n.SolvedAtFirst, n.Solved, e.SolvedAtFirst, e.Solved)
	count("Reopened", n.Reopened, e.Reopened)
	count("Opened", n.Opened, e.Opened)
	if n.Exchanges.Count()+e.Exchanges.Count() > 0 {
		rows = append(rows, []string{"Exchanges per solved conversation", decimal(n.Exchanges.Mean()), decimal(e.Exchanges.Mean()), ""})
	}
	count("Mails that came with suggestions", n.Offered, e.Offered)
	of("… of which the answer was one of them", n.Accepted(), n.Answered, e.Accepted(), e.Answered)
	count("Answers with an article in them", n.Sent, e.Sent)
	count("Mails of thanks", n.Thanked, e.Thanked)
	count("Answers that did not arrive", n.Bounced, e.Bounced)
	count("Mails held for a look", n.Held, e.Held)
	blocks := []page.Block{
		page.Heading{Level: 2, Text: m.Name},
		page.Paragraph{Text: w.whoWaits(m.Waiting)},
		page.Paragraph{Text: headline(m, span)},
	}
	if len(rows) > 0 {
		head := []string{"", "This " + span, "Before", "Likely"}
		if !slices.ContainsFunc(rows, func(r []string) bool { return r[3] != "" }) {
			head = head[:3]
			for i := range rows {
				rows[i] = rows[i][:3]
			}
		}
		blocks = append(blocks, page.Table{Caption: fmt.Sprintf("%s: this %s and the %s before", m.Name, span, span), Head: head, Rows: rows})
	}
	if m.First.Seen > 0 {
		kind := "Times"
		if m.WorkingHours {
			kind = "Times are working hours, and"
		}
		blocks = append(blocks, page.Small{Text: fmt.Sprintf("%s count everybody who waited: %s, of whom %s got a first answer in this %s. “Not yet” means that too many still wait to say.",
			kind, page.Count(m.First.Seen, "customer", "customers"), page.Thousands(m.First.Over), span)})
	}
	if what := m.doing(benchmark, span); len(what) > 0 {
		blocks = append(blocks, page.Heading{Level: 3, Text: "What it may call for"}, page.Bullets{Items: what})
	}
	return blocks
}

// arrow says in a word what chance hardly explains of a change.
func arrow(d measure.Direction) string {
	switch d {
	case measure.Higher:
		return "more"
	case measure.Lower:
		return "fewer"
	}
	return ""
}

// reached says within which time a share of the waits was over. A day of working
// hours is no day, so they stay hours.
func (m WeekOfMailbox) reached(s measure.Survival, of float64) string {
	switch d, ok := s.Within(of); {
	case s.Seen == 0:
		return "–"
	case !ok:
		return "not yet"
	case m.WorkingHours && d >= 24*time.Hour:
		return page.Count(int(d.Round(time.Hour)/time.Hour), "hour", "hours")
	default:
		return page.Duration(d)
	}
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

// Plain gives the week in a few lines, for a chat.
func (w Writer) Plain(k Week) string {
	var b strings.Builder
	fmt.Fprintf(&b, "Support, %s\n", k.title())
	for _, m := range k.Mailboxes {
		n := m.Now
		fmt.Fprintf(&b, "\n%s: %s %s\n", m.Name, w.whoWaits(m.Waiting), headline(m, k.span()))
		fmt.Fprintf(&b, "Opened %s, reopened %s, exchanges per solved conversation %s.\n", page.Thousands(n.Opened), page.Thousands(n.Reopened), decimal(n.Exchanges.Mean()))
		if m.First.Seen > 0 {
			fmt.Fprintf(&b, "First answer: half %s, nine in ten %s.\n", m.within(0.5), m.within(0.9))
		}
		fmt.Fprintf(&b, "Suggestions: offered with %s, sent in %s.\n", page.Count(n.Offered, "mail", "mails"), page.Count(n.Sent, "answer", "answers"))
	}
	for _, g := range k.Gaps[:min(shownGaps, len(k.Gaps))] {
		fmt.Fprintf(&b, "\nNo article answers: %s (%d mails recently, all answered by hand).", strings.Join(g.Words, ", "), g.Mails)
	}
	return strings.TrimRight(b.String(), "\n")
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

func decimal(f float64) string {
	if f == 0 {
		return "–"
	}
	return fmt.Sprintf("%.1f", f)
}
