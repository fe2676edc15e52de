package letters

import (
	"fmt"
	"strings"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/compose"
	"github.com/replywell/replywell/shared/email/message"
	"github.com/replywell/replywell/shared/email/page"
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
	preheader := ""
	for _, m := range k.Mailboxes {
		if preheader == "" {
			preheader = headline(m, k.span())
		}
		blocks = append(blocks, m.blocks(k.Benchmark, k.span())...)
	}
	gaps, drafts := k.gaps()
	blocks = append(blocks, gaps...)
	blocks = append(blocks, page.Small{Text: "All figures are sums over the whole team; none is about a single person. A conversation counts as solved when an agent closed it, or when the customer wrote no more after an answer."})
	doc := page.Document{Lang: "en", Preheader: preheader, Blocks: blocks}
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
		page.Band{Tone: page.Problem, Title: title, Text: "You replied to the weekly report, and a program wrote that. No customer and no colleague has got it."},
		page.Paragraph{Text: "To tell the team, write to the people themselves. A new mail to " + mb.Address + " reaches them too, as a customer’s would."},
		page.Quote{Who: "What you wrote", Text: orNoText(text)},
	}})
	return w.finish(item, mb, l)
}

// headline is the result in a sentence: it outranks every other figure.
func headline(m WeekOfMailbox, span string) string {
	if m.Now.Solved == 0 {
		return "No conversation was solved this " + span + "."
	}
	return fmt.Sprintf("%s solved, %s at the first answer.", page.Count(m.Now.Solved, "conversation", "conversations"), share(m.Now.SolvedAtFirst, m.Now.Solved))
}

func (m WeekOfMailbox) blocks(benchmark float64, span string) []page.Block {
	n, e := m.Now, m.Earlier
	rows := [][]string{
		{"Solved", page.Thousands(n.Solved), page.Thousands(e.Solved)},
		{"… at the first answer", share(n.SolvedAtFirst, n.Solved), share(e.SolvedAtFirst, e.Solved)},
		{"Reopened", page.Thousands(n.Reopened), page.Thousands(e.Reopened)},
		{"Opened", page.Thousands(n.Opened), page.Thousands(e.Opened)},
		{"Exchanges per solved conversation", decimal(n.Exchanges), decimal(e.Exchanges)},
		{"First answer: half within", wait(n.FirstAnswers, n.Median), wait(e.FirstAnswers, e.Median)},
		{"First answer: nine in ten within", wait(n.FirstAnswers, n.Tenth), wait(e.FirstAnswers, e.Tenth)},
		{"Mails that came with suggestions", page.Thousands(n.Offered), page.Thousands(e.Offered)},
		{"… of which the answer was one of them", share(n.Accepted, n.Answered), share(e.Accepted, e.Answered)},
		{"Answers with an article in them", page.Thousands(n.Sent), page.Thousands(e.Sent)},
	}
	if n.Thanked+e.Thanked > 0 {
		rows = append(rows, []string{"Mails of thanks", page.Thousands(n.Thanked), page.Thousands(e.Thanked)})
	}
	if n.Bounced+e.Bounced > 0 {
		rows = append(rows, []string{"Answers that did not arrive", page.Thousands(n.Bounced), page.Thousands(e.Bounced)})
	}
	if n.Held+e.Held > 0 {
		rows = append(rows, []string{"Mails held for a look", page.Thousands(n.Held), page.Thousands(e.Held)})
	}
	blocks := []page.Block{
		page.Heading{Level: 2, Text: m.Name},
		page.Paragraph{Text: headline(m, span)},
		page.Table{Caption: m.Name + ": this " + span + " and the " + span + " before", Head: []string{"", "This " + span, "Before"}, Rows: rows},
	}
	if what := m.doing(benchmark); len(what) > 0 {
		blocks = append(blocks, page.Heading{Level: 3, Text: "What it may call for"}, page.Bullets{Items: what})
	}
	return blocks
}

// doing says why a figure is there: what it would have the team do. A figure
// that calls for nothing is passed over.
func (m WeekOfMailbox) doing(benchmark float64) (out []string) {
	n, e := m.Now, m.Earlier
	if benchmark > 0 && n.Solved > 0 && n.Exchanges > benchmark {
		out = append(out, fmt.Sprintf("Solving took %s exchanges, and the team aims at %s. Look at what customers had to ask twice. The aim is a guide, never a limit.", decimal(n.Exchanges), decimal(benchmark)))
	}
	if n.Solved > 0 && n.Reopened*5 > n.Solved {
		out = append(out, fmt.Sprintf("%s came back after they were solved. Read two or three: was the answer unclear, or did the cause stay?", page.Count(n.Reopened, "conversation", "conversations")))
	}
	if e.FirstAnswers > 4 && n.FirstAnswers > 4 && n.Tenth > e.Tenth*3/2 {
		out = append(out, "The slowest answers took much longer than the week before. Was the team short of hands, or waiting for somebody?")
	}
	if n.Offered >= 10 && n.Sent*10 < n.Offered {
		out = append(out, "Suggestions were offered and hardly sent. The articles may not say what customers ask.")
	}
	if n.Sent >= 10 && n.CameBack*5 > n.Sent {
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
func (k Week) Plain() string {
	var b strings.Builder
	fmt.Fprintf(&b, "Support, %s\n", k.title())
	for _, m := range k.Mailboxes {
		n := m.Now
		fmt.Fprintf(&b, "\n%s: %s\n", m.Name, headline(m, k.span()))
		fmt.Fprintf(&b, "Opened %s, reopened %s, exchanges per solved conversation %s.\n", page.Thousands(n.Opened), page.Thousands(n.Reopened), decimal(n.Exchanges))
		fmt.Fprintf(&b, "First answer: half within %s, nine in ten within %s.\n", wait(n.FirstAnswers, n.Median), wait(n.FirstAnswers, n.Tenth))
		fmt.Fprintf(&b, "Suggestions: offered with %s, sent in %s.\n", page.Count(n.Offered, "mail", "mails"), page.Count(n.Sent, "answer", "answers"))
	}
	for _, g := range k.Gaps[:min(shownGaps, len(k.Gaps))] {
		fmt.Fprintf(&b, "\nNo article answers: %s (%d mails lately, all answered by hand).", strings.Join(g.Words, ", "), g.Mails)
	}
	return strings.TrimRight(b.String(), "\n")
}

func share(part, whole int) string {
	if whole == 0 {
		return "–"
	}
	return fmt.Sprintf("%d (%d %%)", part, (part*100+whole/2)/whole)
}

func decimal(f float64) string {
	if f == 0 {
		return "–"
	}
	return fmt.Sprintf("%.1f", f)
}

func wait(n int, d time.Duration) string {
	if n == 0 {
		return "–"
	}
	return page.Duration(d)
}
