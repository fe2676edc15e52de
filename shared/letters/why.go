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
)

const (
	// reportGood is how long a report can be asked about: until the next month's has come.
	reportGood = 35 * 24 * time.Hour
	// whyHint stands in a report's first line.
	whyHint = "#why and a figure’s number, or its name, mails you what is behind it: #why 1."
	// whyMerged says why more is shown than was asked for; see frame.
	whyMerged = "Fewer than five, or of one person alone, are never shown by themselves"
)

// Serves reports whether the agent may see conversations of a mailbox, or of one of
// several that are told of together.
func Serves(s *desk.Settings, agent, mailboxes string) bool {
	if _, ok := s.Agent(agent); !ok {
		return false
	}
	return slices.ContainsFunc(strings.Split(mailboxes, "+"), func(id string) bool {
		m, ok := s.Mailbox(id)
		return ok && slices.Contains(m.Agents, agent)
	})
}

// seenBy is what a reader can ask for.
func (w Writer) seenBy(agent desk.Agent, k Week) (out []desk.Behind) {
	for _, m := range k.Mailboxes {
		if Serves(w.Settings, agent.ID, m.ID) {
			out = append(out, m.Behind...)
		}
	}
	return desk.Remembered(out)
}

// Why is what is behind a figure of a report.
type Why struct {
	Asked  desk.Behind   // what was asked for
	Merged []desk.Behind // figures that are shown with it, because it alone says too little or too much
	// Shown are the conversations, in their order.
	Shown []desk.Conversation
	// All is all that can be asked for, for the next question.
	All []desk.Behind
}

// Why writes what is behind figures of a report. Each entry fetches its mail, in its
// own thread. Who answered is not told.
func (w Writer) Why(id string, agent desk.Agent, mb desk.Mailbox, asked []Why) (Ready, *desk.Confirmation, error) {
	w.Zone = agent.Hours.Zone
	q := &desk.Confirmation{ID: desk.ConfirmationID(desk.ConfirmReport, id, agent.ID), Kind: desk.ConfirmReport, Agent: agent.ID, Mailbox: mb.ID,
		Behind: asked[0].All, Asked: w.Now, Expires: w.Now.Add(reportGood), CausedBy: id}
	address, err := w.ConfirmAddress(mb, *q)
	if err != nil {
		return Ready{}, nil, err
	}
	var titles []string
	blocks := []page.Block{page.ReplyLine{Hint: "A number fetches that mail. " + morningHint, Strong: morningHint}, nil}
	for _, y := range asked {
		titles = append(titles, "“"+y.Asked.Label+"”")
		if len(asked) > 1 {
			blocks = append(blocks, page.Heading{Level: 2, Text: y.Asked.Label})
		}
		blocks = append(blocks, page.Paragraph{Text: y.says()})
		if len(y.Shown) > 0 {
			blocks = append(blocks, w.whyEntries(y.Shown, q, address))
		}
	}
	title := "What is behind " + strings.Join(titles, " and ")
	how := "There is no conversation to show."
	if n := len(q.Listed); n > 0 {
		how = page.Count(n, "conversation. Tap it, or reply 1:", "conversations. Tap one, or reply with its number:") + " that mail comes again, in its thread."
	}
	blocks[1] = page.Band{Title: title, Text: how}
	blocks = append(blocks, page.Small{Text: "How each stands is as of now; what the report counted, it counted when it was made. #why and another figure’s name goes on from here.\n\n" + page.OneLine(mb.Name) + "."})
	return w.reportQuestion(id, agent, mb, address, title, how, blocks, q)
}

// says is what the conversations are, in a sentence or two.
func (y Why) says() string {
	b := y.Asked
	where := ""
	if slices.ContainsFunc(y.All, func(o desk.Behind) bool { return o.Mailbox != b.Mailbox }) {
		where = ", " + b.Name
	}
	text := fmt.Sprintf("%s%s: %s counted.", b.Label, where, page.Thousands(b.Total))
	switch {
	case b.Total == 0:
		return b.Label + where + ": none, so there is nothing behind it."
	case len(y.Shown) == 0 && len(y.Merged) > 0:
		return text + " " + whyMerged + ", and there is no more to show them with."
	case len(y.Shown) == 0:
		return text + " None of them is there any more."
	case len(y.Merged) > 0:
		var with []string
		for _, m := range y.Merged {
			with = append(with, "“"+m.Label+"”")
		}
		return text + " " + whyMerged + ": here they are among those of " + strings.Join(with, ", ") + "."
	case b.ByLot:
		return text + fmt.Sprintf(" Here are %d that were drawn by lot: %s.", len(y.Shown), b.What)
	case b.Total > len(y.Shown):
		return text + fmt.Sprintf(" Here are %d: %s.", len(y.Shown), b.What)
	}
	return text + " Here: " + b.What + "."
}

// whyEntries lists conversations, and fills in what their numbers mean.
func (w Writer) whyEntries(list []desk.Conversation, q *desk.Confirmation, address string) page.Entries {
	var out page.Entries
	for _, c := range list {
		q.Listed = append(q.Listed, desk.Listed{Conversation: c.ID, Sequence: 1})
		sign := fmt.Sprint(len(q.Listed))
		name := page.Excerpt(personName(c.Customer), 60)
		state := "solved " + w.day(c.Solved)
		if c.State != desk.StateSolved {
			state = "answered, last mail " + w.day(c.Activity)
		}
		if since, waits := c.Waits(); waits {
			state = "waits since " + w.clock(since)
		}
		if c.Reopened > 0 {
			state += ", reopened"
		}
		about := fmt.Sprintf("%s from them, %s", page.Count(c.CustomerMessages, "mail", "mails"), page.Count(c.Answers, "answer", "answers"))
		out.Entries = append(out.Entries, page.Entry{Sign: sign, Name: name, About: state, URL: mailto(address, "Bring up "+name, sign),
			Text: "“" + page.Excerpt(c.Subject, maxMorningText) + "” " + upper(about) + ", since " + w.day(c.Opened) + "."})
	}
	return out
}

// WhyMeant asks whether another figure of the report was meant; said is what was asked for.
func (w Writer) WhyMeant(id string, agent desk.Agent, mb desk.Mailbox, said string, meant desk.Behind, all []desk.Behind) (Ready, *desk.Confirmation, error) {
	w.Zone = agent.Hours.Zone
	q := &desk.Confirmation{ID: desk.ConfirmationID(desk.ConfirmReport, id, agent.ID), Kind: desk.ConfirmReport, Agent: agent.ID, Mailbox: mb.ID,
		Behind: all, About: meant.Figure, Asked: w.Now, Expires: w.Now.Add(reportGood), CausedBy: id}
	address, err := w.ConfirmAddress(mb, *q)
	if err != nil {
		return Ready{}, nil, err
	}
	var known []string
	for _, b := range all {
		if !slices.Contains(known, b.Label) {
			known = append(known, b.Label)
		}
	}
	title := "Did you mean “" + meant.Label + "”?"
	blocks := []page.Block{
		page.ReplyLine{Hint: "Say yes, or #why and what you meant. " + morningHint, Strong: morningHint},
		page.Band{Title: title, Text: "The report has no figure “" + page.Excerpt(said, 60) + "”."},
		page.Button{Label: "Yes, show me “" + meant.Label + "”", URL: mailto(address, "What is behind: "+meant.Label, "yes")},
		page.Heading{Level: 2, Text: "What can be asked for"},
		page.Bullets{Items: known},
		page.Small{Text: page.OneLine(mb.Name) + "."},
	}
	return w.reportQuestion(id, agent, mb, address, title, "", blocks, q)
}

func (w Writer) reportQuestion(id string, agent desk.Agent, mb desk.Mailbox, address, title, preheader string, blocks []page.Block, q *desk.Confirmation) (Ready, *desk.Confirmation, error) {
	if len(agent.Addresses) == 0 {
		return Ready{}, nil, desk.Permanent(fmt.Errorf("the agent %s has no address in the configuration: add one", agent.ID))
	}
	item := desk.OutboxItem{ID: id, Kind: desk.OutboxNotice, Agent: agent.ID, EnvelopeFrom: mb.Address}
	l := compose.Letter{
		From:    message.Address{Name: shownAs("", mb), Address: mb.Address},
		To:      []message.Address{{Name: page.OneLine(agent.Name), Address: agent.Addresses[0]}},
		ReplyTo: &message.Address{Name: strings.TrimPrefix(page.OneLine(mb.Name)+": a number, or #why", ": "), Address: address},
		Subject: title,
	}
	l.Say(page.Document{Lang: "en", Preheader: strings.TrimSpace(title + ". " + preheader), Blocks: blocks})
	ready, err := w.finish(item, mb, l)
	return ready, q, err
}
