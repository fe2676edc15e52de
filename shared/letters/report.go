package letters

import (
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/compose"
	"github.com/replywell/replywell/shared/email/message"
	"github.com/replywell/replywell/shared/email/page"
	"github.com/replywell/replywell/shared/measure"
)

// Report writes the week's figures to one reader. To an agent it comes with a question,
// which says what is behind the figures of the mailboxes that the agent serves.
func (w Writer) Report(id, to string, mb desk.Mailbox, k Week) (Ready, *desk.Confirmation, error) {
	item := desk.OutboxItem{ID: id, Kind: desk.OutboxReport, EnvelopeFrom: mb.Address}
	agent, q := w.readerOf(to), (*desk.Confirmation)(nil)
	p := &reportPage{w: w, k: k, reader: agent.ID}
	if behind := w.seenBy(agent, k); len(behind) > 0 {
		q = &desk.Confirmation{ID: desk.ConfirmationID(desk.ConfirmReport, id, agent.ID), Kind: desk.ConfirmReport, Agent: agent.ID, Mailbox: mb.ID,
			Behind: behind, Asked: w.Now, Expires: w.Now.Add(reportGood), CausedBy: id}
		var err error
		if p.address, err = w.ConfirmAddress(mb, *q); err != nil {
			return Ready{}, nil, err
		}
		p.behind = behind
	}
	doc, drafts := p.document()
	first := page.ReplyLine{Hint: toNobody, Closed: true}
	if q != nil {
		first = page.ReplyLine{Hint: whyHint + " " + morningHint, Strong: morningHint}
	}
	doc.Blocks = append([]page.Block{first}, doc.Blocks...)
	l := compose.Letter{
		From: message.Address{Name: shownAs("", mb), Address: mb.Address}, To: []message.Address{{Address: to}},
		Subject: "Support, " + k.title(), Attachments: drafts,
	}
	var err error
	if q != nil {
		l.ReplyTo = &message.Address{Name: strings.TrimPrefix(page.OneLine(mb.Name)+": #why and a number", ": "), Address: p.address}
	} else if l.ReplyTo, err = w.nowhere(mb, agent, id); err != nil {
		return Ready{}, nil, err
	}
	l.Say(doc)
	ready, err := w.finish(item, mb, l)
	return ready, q, err
}

// ReportPage is the report as a page of its own, with the drafts of missing articles.
func (w Writer) ReportPage(k Week) (page.Document, []compose.Attachment) {
	return (&reportPage{w: w, k: k}).document()
}

// reportPage is a report while it is written.
type reportPage struct {
	w       Writer
	k       Week
	numbers int           // figures so far
	address string        // where #why is written to; "" is nowhere
	reader  string        // Agent.ID of who reads it; "" is anybody
	behind  []desk.Behind // what can be asked for there; the page fills in the numbers
}

func (p *reportPage) document() (page.Document, []compose.Attachment) {
	w, k := p.w, p.k
	blocks := []page.Block{w.band(k)}
	for _, m := range k.Mailboxes {
		if len(k.Mailboxes) > 1 {
			blocks = append(blocks, page.Heading{Level: 2, Text: m.Name}, page.Paragraph{Text: w.whoWaits(m.Waiting)})
		}
		blocks = append(blocks, p.weekOf(m)...)
	}
	gaps, drafts := k.gaps()
	blocks = append(blocks, gaps...)
	blocks = append(blocks, page.Small{Text: strings.TrimSpace("All figures are sums over the whole team; none is about a single person. A conversation counts as solved when an agent closed it, or when the customer wrote no more after an answer. What was nothing, or did not change, is left out. " + k.hours())})
	return page.Document{Lang: "en", Preheader: w.whoWaits(k.waiting()), Blocks: blocks}, drafts
}

// numbered gives the figures that are said their numbers, by which they can be asked for.
func (p *reportPage) numbered(m WeekOfMailbox, list []reading) (out []page.Reading) {
	for _, r := range list {
		p.numbers++
		for i, b := range p.behind {
			if b.Figure == r.figure && b.Mailbox == m.ID {
				p.behind[i].Number = p.numbers
				r.URL = mailto(p.address, "What is behind: "+r.Label, fmt.Sprintf("#why %d", p.numbers))
			}
		}
		r.Label = fmt.Sprintf("%d. %s", p.numbers, r.Label)
		out = append(out, r.Reading)
	}
	return out
}

// names reports whether the reader may see who a mailbox's customers are.
func (p *reportPage) names(m WeekOfMailbox) bool {
	return p.reader != "" && Serves(p.w.Settings, p.reader, m.ID)
}

// band is the first thing that is read: who waits, and whether that is better.
func (w Writer) band(k Week) page.Band {
	all := k.waiting()
	b := page.Band{Tone: page.Info, Title: strings.TrimSuffix(w.whoWaits(all), "."), Text: "Your " + k.span() + " in support, " + k.title() + "."}
	if e := k.Evenings(); len(e) > 1 {
		was, is := e[len(e)-2], e[len(e)-1]
		switch measure.Counts(is.Customers, was.Customers) {
		case measure.Higher:
			b.Text += fmt.Sprintf(" At its end %s waited, %s before: that is more than chance.", page.Thousands(is.Customers), page.Thousands(was.Customers))
		case measure.Lower:
			b.Text += fmt.Sprintf(" At its end %s waited, %s before: that is more than luck.", page.Thousands(is.Customers), page.Thousands(was.Customers))
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
func (p *reportPage) weekOf(m WeekOfMailbox) (blocks []page.Block) {
	w, k := p.w, p.k
	level := 2
	if len(k.Mailboxes) > 1 { // below the mailbox's name
		level = 3
	}
	if chart, ok := m.chart(); ok {
		blocks = append(blocks, chart)
	}
	if r := m.readings(k); len(r) > 0 {
		blocks = append(blocks, page.Heading{Level: level, Text: "What came of it"}, page.Readings{Readings: p.numbered(m, r)})
	}
	if m.Withheld != "" {
		blocks = append(blocks, page.Paragraph{Text: "What came of it is not told here. " + m.Withheld})
	}
	for i, r := range m.Rises {
		if i == 0 {
			blocks = append(blocks, page.Heading{Level: level, Text: "More than usual"})
		}
		blocks = append(blocks, w.rise(r)...)
	}
	blocks = append(blocks, m.hiding(level)...)
	blocks = append(blocks, p.customers(m, level)...)
	blocks = append(blocks, m.voices(level)...)
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
	owner := "Who owns what lies behind it should know."
	if r.Owner != "" {
		owner = "It belongs to " + page.OneLine(r.Owner) + "."
	}
	out := []page.Block{page.Paragraph{Text: fmt.Sprintf("“%s”: %s %s; some %s were to be expected. %s", r.Topic, page.Count(r.Mails, "new concern", "new concerns"), days, decimal(math.Max(0.1, r.Expected)), owner)}}
	if len(r.Examples) > 0 {
		out = append(out, page.Quote{Who: fmt.Sprintf("%d of them, without what is a person’s", len(r.Examples)), Text: "“" + strings.Join(r.Examples, "”\n\n“") + "”"})
	}
	return out
}
