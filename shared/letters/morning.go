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

// Bounds of what a morning mail lists.
const (
	MaxMorningMine  = 12 // of the agent's own who wait
	MaxMorningFree  = 6  // of those that are nobody's
	MaxMorningThank = 3
	maxMorningText  = 110 // characters of what a customer wrote
)

// Morning is what an agent is told when their working day begins. Of each list the
// first are given, in the order of work.
type Morning struct {
	Due, Then, Free []MorningEntry
	Mine, All       int            // how many wait for the agent, and how many are nobody's
	Today           int            // of the agent's, how many are due today
	Longest         time.Time      // since when the first of the agent's waits
	First           string         // why the first is first, a clause
	Thanks          []desk.Message // to the agent, the oldest first
	Answered        int            // other customers whom the team has answered
	Since           time.Time      // since when
	Lead            *MorningLead   // nil: the agent is none
	Away            time.Time      // since when the agent was away; zero: they were not
	Moved           []MorningMoved // what went to colleagues meanwhile, the oldest first
}

// MorningEntry is one who waits.
type MorningEntry struct {
	Conversation desk.Conversation
	Message      desk.Message // the customer's last
	Since        time.Time
	Due          time.Time // zero: nothing is promised
}

// MorningMoved is a conversation that went to a colleague while its agent was away.
type MorningMoved struct {
	Conversation desk.Conversation // as it is now
}

// MorningLead is what a lead is told beside.
type MorningLead struct {
	Held int      // held mails that somebody must decide on
	Late int      // promises that are broken, of the whole team
	Free int      // that are nobody's
	Wait int      // who wait, of the whole team
	Away []string // who is away, and until when where that is known
}

// morningHint stands in the first line; see frame.
const morningHint = "Nothing that you write here goes to a customer."

// Morning writes the mail. The question that comes with it says what its numbers mean.
func (w Writer) Morning(id string, agent desk.Agent, mb desk.Mailbox, m Morning) (Ready, *desk.Confirmation, error) {
	w.Zone = agent.Hours.Zone
	if len(agent.Addresses) == 0 {
		return Ready{}, nil, desk.Permanent(fmt.Errorf("the agent %s has no address in the configuration: add one", agent.ID))
	}
	q := &desk.Confirmation{ID: desk.ConfirmationID(desk.ConfirmMorning, id, agent.ID), Kind: desk.ConfirmMorning, Agent: agent.ID, Mailbox: mb.ID,
		Asked: w.Now, Expires: w.Now.Add(desk.ConfirmationGood), CausedBy: id}
	address, err := w.ConfirmAddress(mb, *q)
	if err != nil {
		return Ready{}, nil, err
	}
	first, _, _ := strings.Cut(page.OneLine(agent.Name), " ")
	title := "Good morning, " + first + ". Nobody waits for you."
	subject := "Your day, " + w.local(w.Now).Format("Mon 2 Jan") + ": nobody waits for you"
	text := ""
	if m.Mine > 0 {
		start := append(append([]MorningEntry(nil), m.Due...), m.Then...)[0]
		title = "Good morning, " + first + ". Start with " + personName(start.Conversation.Customer) + "."
		subject = "Your day, " + w.local(w.Now).Format("Mon 2 Jan") + ": " + page.Count(m.Mine, "waits", "wait") + " for you"
		text = page.Count(m.Mine, "customer waits", "customers wait") + " for you, the longest since " + w.clock(m.Longest) + "."
		if n := m.Today; n > 0 {
			text += " " + page.Count(n, "answer is", "answers are") + " due today."
		}
	}
	hint := "A number fetches that mail. " + morningHint
	if len(m.Due)+len(m.Then)+len(m.Free) == 0 {
		hint = morningHint
	}
	d := &morning{w: w, q: q, address: address}
	blocks := []page.Block{page.ReplyLine{Hint: hint, Strong: morningHint}, page.Band{Tone: page.Turn, Title: title, Text: text}}
	if m.Mine == 0 {
		blocks[1] = page.Band{Title: title}
	}
	how := "Tap an entry, or reply with its number: that mail comes again, in its thread."
	blocks = append(blocks, d.list("Due today", how, m.Due, m.First, false)...)
	then, first := "Then, in this order", ""
	if len(m.Due) == 0 {
		first = m.First
		then = "Who waits, in this order"
	} else {
		how = ""
	}
	blocks = append(blocks, d.list(then, how, m.Then, first, false)...)
	if more := m.Mine - len(m.Due) - len(m.Then); more > 0 {
		blocks = append(blocks, page.Aside{Text: page.Count(more, "more waits", "more wait") + " for you; each was mailed to you when it came."})
	}
	blocks = append(blocks, d.list("Nobody has it yet", fmt.Sprintf("Tap one, or reply %d take, and it is yours.", d.listed+1), m.Free, "", true)...)
	if more := m.All - len(m.Free); more > 0 {
		blocks = append(blocks, page.Aside{Text: page.Count(more, "more is", "more are") + " nobody’s yet."})
	}
	blocks = append(blocks, w.team(m.Lead)...)
	blocks = append(blocks, w.moved(agent, mb, m)...)
	if len(m.Thanks) > 0 {
		blocks = append(blocks, page.Heading{Level: 2, Text: "Thanks"})
	}
	for _, t := range m.Thanks {
		blocks = append(blocks, page.Quote{Who: "From " + personName(t.From), When: w.day(t.At), Text: page.Excerpt(t.Text, 200)})
	}
	foot := ""
	if m.Answered > 0 {
		foot = "The team answered " + page.Count(m.Answered, "other customer", "other customers") + " since " + w.clock(m.Since) + "; you need not read those.\n\n"
	}
	foot += page.OneLine(mb.Name) + ". Sent when your working day begins."
	blocks = append(blocks, page.Small{Text: foot})
	item := desk.OutboxItem{ID: id, Kind: desk.OutboxNotice, Agent: agent.ID, EnvelopeFrom: mb.Address}
	l := compose.Letter{
		From:    message.Address{Name: shownAs("", mb), Address: mb.Address},
		To:      []message.Address{{Name: page.OneLine(agent.Name), Address: agent.Addresses[0]}},
		ReplyTo: &message.Address{Name: strings.TrimPrefix(page.OneLine(mb.Name)+": a number", ": "), Address: address},
		Subject: subject, Headers: marks(MailMorning, mb),
	}
	l.Say(page.Document{Lang: "en", Preheader: strings.TrimSpace(title[strings.Index(title, ".")+1:] + " " + text), Blocks: blocks})
	ready, err := w.finish(item, mb, l)
	return ready, q, err
}

// morning is one such letter while it is written.
type morning struct {
	w       Writer
	q       *desk.Confirmation
	address string
	listed  int
}

// list is one part of the list, and fills in what its numbers mean.
func (d *morning) list(title, how string, list []MorningEntry, first string, take bool) []page.Block {
	if len(list) == 0 {
		return nil
	}
	var entries page.Entries
	for i, e := range list {
		d.listed++
		sign := fmt.Sprint(d.listed)
		name := page.Excerpt(personName(e.Conversation.Customer), 60)
		text := page.Excerpt(e.Message.Text, maxMorningText)
		if text == "" {
			text = "(no text)"
		}
		text = "“" + text + "”"
		if i == 0 && first != "" {
			text += " First: " + first + "."
		}
		text += " Since " + d.w.clock(e.Since) + "."
		if c := d.w.consulted(e.Conversation); c != "" {
			text += " " + c
		}
		about := ""
		switch {
		case !e.Due.IsZero() && d.w.Now.After(e.Due):
			about = "late since " + d.w.clock(e.Due)
		case !e.Due.IsZero():
			about = "by " + d.w.clock(e.Due)
		}
		url := mailto(d.address, "Bring up "+name, sign)
		if take {
			url = mailto(d.address, "Take "+name, sign+" take")
		}
		entries.Entries = append(entries.Entries, page.Entry{Sign: sign, Name: name, About: about, Text: text, URL: url})
		d.q.Listed = append(d.q.Listed, desk.Listed{Conversation: e.Conversation.ID, Sequence: e.Message.Sequence})
	}
	out := []page.Block{page.Heading{Level: 2, Text: title}}
	if how != "" {
		out = append(out, page.Aside{Text: how})
	}
	return append(out, entries)
}

// maxMoved bounds how many conversations that moved are listed.
const maxMoved = 12

// moved is what went to colleagues while the agent was away, and how it stands.
func (w Writer) moved(agent desk.Agent, mb desk.Mailbox, m Morning) []page.Block {
	if m.Away.IsZero() {
		return nil
	}
	since := "You were away since " + w.day(m.Away) + "."
	if len(m.Moved) == 0 {
		return []page.Block{page.Heading{Level: 2, Text: "While you were away"}, page.Paragraph{Text: since + " Nothing of yours had to go to colleagues."}}
	}
	var items []string
	for _, x := range m.Moved[:min(len(m.Moved), maxMoved)] {
		c := x.Conversation
		n := notification{w: w, agent: agent, mb: mb, conv: c}
		whose := n.colleague(c.Owner)
		how := whose + " has it, and it waits."
		switch {
		case c.Owner == agent.ID:
			how = "it is yours again."
		case c.Owner == "" && c.State == desk.StateOpen:
			how = "nobody has it, and it waits."
		case c.State != desk.StateOpen:
			how = whose + " has answered."
		}
		items = append(items, page.Excerpt(personName(c.Customer), 60)+", "+page.Excerpt(subject(c.Subject), 60)+" ["+c.ID.Reference()+"]: "+how)
	}
	out := []page.Block{page.Heading{Level: 2, Text: "While you were away"}, page.Paragraph{Text: since + " This went to colleagues, and stays with them unless you #take it:"}, page.Bullets{Items: items}}
	if more := len(m.Moved) - len(items); more > 0 {
		out = append(out, page.Aside{Text: page.Count(more, "more", "more") + " went to colleagues."})
	}
	return out
}

// team is what a lead is told of the team, in sums.
func (w Writer) team(l *MorningLead) []page.Block {
	if l == nil {
		return nil
	}
	var items []string
	if l.Late > 0 {
		items = append(items, page.Count(l.Late, "promise is", "promises are")+" broken, of "+page.Count(l.Wait, "customer who waits", "customers who wait")+".")
	}
	if l.Free > 0 {
		items = append(items, page.Count(l.Free, "of those who wait is", "of those who wait are")+" nobody’s yet.")
	}
	if l.Held > 0 {
		items = append(items, page.Count(l.Held, "held mail waits", "held mails wait")+" for your decision; the list of held mail comes on its own.")
	}
	if len(l.Away) > 0 {
		items = append(items, "Away: "+strings.Join(l.Away, ", ")+".")
	}
	if len(items) == 0 {
		return nil
	}
	return []page.Block{page.Heading{Level: 2, Text: "What the team needs"}, page.Bullets{Items: items}}
}
