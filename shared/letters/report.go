package letters

import (
	"fmt"
	"math"
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
	ID, Name     string
	Now, Earlier desk.Figures
	Waiting      Waiting // as the report is written
	// First is how long customers wait for a first answer, those who wait still
	// included, in working hours where the team has said its hours.
	First, FirstEarlier measure.Survival
	WorkingHours        bool
	// Evenings are how many customers waited for us at some moments, the last of them
	// the end of the span.
	Evenings []Evening
	Rises    []Rise // concerns of which there was more than their past lets expect
}

// Evening is how many customers waited at a moment.
type Evening struct {
	At        time.Time
	Customers int
}

// Waiting is who waits for us, and since when the first of them; of how many what was
// promised is over, and of how many it will be today.
type Waiting struct {
	Customers         int
	Since             time.Time
	Late, PromisedDay int
}

// Rise is a concern of which more came than its own past lets expect.
type Rise struct {
	Topic    string // as a person would name it
	Mails    int
	Days     int       // in the last so many days of the span
	Expected float64   // so many were to be expected
	Since    time.Time // the first of those days
	Examples []string  // what customers wrote, without what is a person's
}

// waiting is who waits in all mailboxes.
func (k Week) waiting() (all Waiting) {
	for _, m := range k.Mailboxes {
		all.Customers += m.Waiting.Customers
		all.Late += m.Waiting.Late
		all.PromisedDay += m.Waiting.PromisedDay
		if s := m.Waiting.Since; all.Since.IsZero() || !s.IsZero() && s.Before(all.Since) {
			all.Since = s
		}
	}
	return all
}

// evenings are those of all mailboxes.
func (k Week) evenings() (all []Evening) {
	for _, m := range k.Mailboxes {
		if all == nil {
			all = make([]Evening, len(m.Evenings))
		}
		for i, e := range m.Evenings {
			all[i].At = e.At
			all[i].Customers += e.Customers
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
	doc, drafts := w.ReportPage(k)
	doc.Blocks = append([]page.Block{page.ReplyLine{Hint: toNobody, Closed: true}}, doc.Blocks...)
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

// ReportPage is the report as a page of its own, with the drafts of missing articles.
func (w Writer) ReportPage(k Week) (page.Document, []compose.Attachment) {
	blocks := []page.Block{w.band(k)}
	for _, m := range k.Mailboxes {
		if len(k.Mailboxes) > 1 {
			blocks = append(blocks, page.Heading{Level: 2, Text: m.Name}, page.Paragraph{Text: w.whoWaits(m.Waiting)})
		}
		blocks = append(blocks, w.weekOf(m, k)...)
	}
	gaps, drafts := k.gaps()
	blocks = append(blocks, gaps...)
	blocks = append(blocks, page.Small{Text: strings.TrimSpace("All figures are sums over the whole team; none is about a single person. A conversation counts as solved when an agent closed it, or when the customer wrote no more after an answer. What was nothing, or did not change, is left out. " + k.hours())})
	return page.Document{Lang: "en", Preheader: w.whoWaits(k.waiting()), Blocks: blocks}, drafts
}

func (k Week) hours() string {
	if slices.ContainsFunc(k.Mailboxes, func(m WeekOfMailbox) bool { return m.WorkingHours }) {
		return "Times are working hours."
	}
	return ""
}

// band is the first thing that is read: who waits, and whether that is better.
func (w Writer) band(k Week) page.Band {
	all := k.waiting()
	b := page.Band{Tone: page.Info, Title: strings.TrimSuffix(w.whoWaits(all), "."), Text: "Your " + k.span() + " in support, " + k.title() + "."}
	if e := k.evenings(); len(e) > 1 {
		was, is := e[len(e)-2], e[len(e)-1]
		switch measure.Counts(is.Customers, was.Customers) {
		case measure.Higher:
			b.Text += fmt.Sprintf(" At its end %s waited, %s before: that is more than chance.", page.Thousands(is.Customers), page.Thousands(was.Customers))
		case measure.Lower:
			b.Text += fmt.Sprintf(" At its end %s waited, %s before: that is better than chance.", page.Thousands(is.Customers), page.Thousands(was.Customers))
		}
	}
	if all.Late > 0 {
		b.Tone = page.Warning
		b.Text += " " + page.Count(all.Late, "promise is", "promises are") + " over already."
	}
	if all.PromisedDay > 0 {
		b.Text += " " + page.Count(all.PromisedDay, "promise ends", "promises end") + " today."
	}
	return b
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

// weekOf shows a mailbox's figures: whether it gets better, the figures that matter
// always, those that changed beyond chance, and what they may call for.
func (w Writer) weekOf(m WeekOfMailbox, k Week) (blocks []page.Block) {
	level := 2
	if len(k.Mailboxes) > 1 { // below the mailbox's name
		level = 3
	}
	if chart, ok := m.chart(); ok {
		blocks = append(blocks, chart)
	}
	if r := m.readings(k); len(r) > 0 {
		blocks = append(blocks, page.Heading{Level: level, Text: "What came of it"}, page.Readings{Readings: r})
	}
	for i, r := range m.Rises {
		if i == 0 {
			blocks = append(blocks, page.Heading{Level: level, Text: "More than usual"})
		}
		blocks = append(blocks, w.rise(r)...)
	}
	if what := m.doing(k.Benchmark, k.span()); len(what) > 0 {
		blocks = append(blocks, page.Heading{Level: level, Text: "What it may call for"}, page.Bullets{Items: what})
	}
	return blocks
}

// chart shows how many waited at the end of each span, where anybody did.
func (m WeekOfMailbox) chart() (page.Bars, bool) {
	var bars []page.Bar
	most := 0
	for _, e := range m.Evenings {
		most = max(most, e.Customers)
		bars = append(bars, page.Bar{Label: e.At.Add(-time.Minute).Format("Mon 2 Jan"), Value: float64(e.Customers)})
	}
	return page.Bars{Caption: "Customers who waited in the evening of", Bars: bars}, most > 0 && len(bars) > 1
}

// rise tells of a concern of which more came than usual.
func (w Writer) rise(r Rise) []page.Block {
	days := "on " + r.Since.Format("Monday 2 January")
	if r.Days > 1 {
		days = "since " + r.Since.Format("Monday 2 January")
	}
	out := []page.Block{page.Paragraph{Text: fmt.Sprintf("“%s”: %s %s; some %s were to be expected. Who owns what lies behind it should know.", r.Topic, page.Count(r.Mails, "new concern", "new concerns"), days, decimal(math.Max(0.1, r.Expected)))}}
	if len(r.Examples) > 0 {
		out = append(out, page.Quote{Who: fmt.Sprintf("%d of them, without what is a person’s", len(r.Examples)), Text: "“" + strings.Join(r.Examples, "”\n\n“") + "”"})
	}
	return out
}

// readings are the figures that are said: those of the result always, the others
// where they changed beyond chance.
func (m WeekOfMailbox) readings(k Week) (out []page.Reading) {
	n, e, span := m.Now, m.Earlier, k.span()
	add := func(label, value, note string) {
		out = append(out, page.Reading{Label: label, Value: value, Note: strings.TrimSpace(note)})
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
		add("First answer", upper(half), note+" "+m.pace(span))
	}
	if n.Solved > 0 {
		add("Solved at the first answer", share(n.SolvedAtFirst, n.Solved), between(n.SolvedAtFirst, n.Solved)+" "+
			changed(measure.Difference(measure.Share{Part: n.SolvedAtFirst, Whole: n.Solved}, measure.Share{Part: e.SolvedAtFirst, Whole: e.Solved}).Sure(), span, share(e.SolvedAtFirst, e.Solved)))
	}
	if n.Watched > 0 {
		add("Came back within 7 days", share(n.Returned, n.Watched), "Of those that were solved so long before the end that the 7 days are over. "+between(n.Returned, n.Watched)+" "+
			changed(measure.Difference(measure.Share{Part: n.Returned, Whole: n.Watched}, measure.Share{Part: e.Returned, Whole: e.Watched}).Sure(), span, share(e.Returned, e.Watched)))
	}
	if n.Exchanges.Count() >= measure.Enough {
		add("Exchanges until solved", spread(n.Exchanges), m.aim(k.Benchmark))
	}
	if n.Contacts.Count() >= measure.Enough && n.Contacts.Above(1) > 0 || n.HandedOver > 0 {
		note := ""
		if n.HandedOver > 0 {
			note = page.Count(n.HandedOver, "conversation", "conversations") + " changed hands on the way."
		}
		add("Mails the customer wrote until solved", spread(n.Contacts), note)
	}
	count := func(label string, now, before int) {
		if d := measure.Counts(now, before); d != measure.Unsure {
			add(label, page.Thousands(now), changed(d, span, page.Thousands(before)))
		}
	}
	count("Opened", n.Opened, e.Opened)
	count("Solved", n.Solved, e.Solved)
	count("Reopened", n.Reopened, e.Reopened)
	if n.Answered > 0 {
		change := measure.Difference(measure.Share{Part: n.Accepted(), Whole: n.Answered}, measure.Share{Part: e.Accepted(), Whole: e.Answered})
		if change.Sure() != measure.Unsure || e.Answered == 0 {
			add("Answers that took a suggestion", share(n.Accepted(), n.Answered), fmt.Sprintf("%s as it was, %s changed; %s were written without. ", page.Thousands(n.AsIs), page.Thousands(n.Changed), page.Thousands(n.Ignored))+
				changed(change.Sure(), span, share(e.Accepted(), e.Answered)))
		}
	}
	if n.Thanked > 0 {
		add("Thanks", page.Count(n.Thanked, "mail", "mails"), "They did nothing but thank.")
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

// aim compares exchanges with what the team aims at.
func (m WeekOfMailbox) aim(benchmark float64) string {
	mean := decimal(m.Now.Exchanges.Mean())
	if benchmark > 0 {
		return fmt.Sprintf("%s on average; the team aims at %s.", mean, decimal(benchmark))
	}
	return mean + " on average."
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

func upper(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

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
		fmt.Fprintf(&b, "\n%s: %s\n", m.Name, w.whoWaits(m.Waiting))
		for _, r := range m.readings(k) {
			fmt.Fprintf(&b, "%s: %s.\n", r.Label, r.Value)
		}
		for _, r := range m.Rises {
			fmt.Fprintf(&b, "More than usual: “%s”, %s; some %s were to be expected.\n", r.Topic, page.Count(r.Mails, "new concern", "new concerns"), decimal(math.Max(0.1, r.Expected)))
		}
	}
	for _, g := range k.Gaps[:min(shownGaps, len(k.Gaps))] {
		fmt.Fprintf(&b, "\nNo article answers: %s (%d mails lately, all answered by hand).", strings.Join(g.Words, ", "), g.Mails)
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
