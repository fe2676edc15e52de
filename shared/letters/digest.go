package letters

import (
	"fmt"
	"slices"
	"strings"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/compose"
	"github.com/replywell/replywell/shared/email/message"
	"github.com/replywell/replywell/shared/email/page"
	"github.com/replywell/replywell/shared/waiting"
)

// Digest tells an agent of several messages at once. items are the agent's
// notifications that it stands for, the oldest first, at least one, of at most
// desk.MostListed conversations.
//
// It is a question: the confirmation that comes with it says what its letters
// mean, and is stored with it. Who asks the same stands together, with the
// ready answer that one number sends to all of them; whoever says more is
// listed first and gets no answer by number. A letter fetches that mail again,
// in its own thread, so that what is answered then threads in every mail
// program. All other words do nothing.
func (w Writer) Digest(id string, agent desk.Agent, items []desk.OutboxItem) (Ready, *desk.Confirmation, error) {
	if len(agent.Addresses) == 0 {
		return Ready{}, nil, desk.Permanent(fmt.Errorf("the agent %s has no address in the configuration: add one", agent.ID))
	}
	if len(items) == 0 {
		return Ready{}, nil, desk.Permanent(fmt.Errorf("a digest for the agent %s tells of no message", agent.ID))
	}
	threads := byConversation(items)
	if len(threads) > desk.MostListed {
		return Ready{}, nil, desk.Permanent(fmt.Errorf("a digest for the agent %s tells of %d conversations, and has %d letters", agent.ID, len(threads), desk.MostListed))
	}
	mb, ok := w.Settings.Mailbox(items[0].Mailbox)
	if !ok {
		if len(w.Settings.Mailboxes) == 0 {
			return Ready{}, nil, desk.Permanent(fmt.Errorf("there is no mailbox in the configuration to write from"))
		}
		mb = w.Settings.Mailboxes[0]
	}
	q := &desk.Confirmation{ID: desk.ConfirmationID(desk.ConfirmDigest, id, agent.ID), Kind: desk.ConfirmDigest, Agent: agent.ID, Mailbox: mb.ID,
		Asked: w.Now, Expires: w.Now.Add(desk.ConfirmationGood), CausedBy: id}
	address, err := w.ConfirmAddress(mb, *q)
	if err != nil {
		return Ready{}, nil, err
	}
	d := &digest{w: w, agent: agent, mb: mb, items: len(items), threads: threads, concerns: concerns(threads), address: address}
	doc := d.document(q)
	last := items[len(items)-1]
	item := desk.OutboxItem{ID: id, Kind: desk.OutboxDigest, Agent: agent.ID, Conversation: last.Conversation, Sequence: last.Sequence}
	if item.EnvelopeFrom, err = w.BounceAddress(mb, last.Conversation, agent.ID, last.Sequence); err != nil {
		return Ready{}, nil, err
	}
	l := compose.Letter{
		From:    message.Address{Name: shownAs("", mb), Address: mb.Address},
		To:      []message.Address{{Name: page.OneLine(agent.Name), Address: agent.Addresses[0]}},
		ReplyTo: &message.Address{Name: d.called(), Address: address},
		Subject: d.subject(),
	}
	l.Say(doc)
	ready, err := w.finish(item, mb, l)
	return ready, q, err
}

// digest is one such letter while it is written.
type digest struct {
	w        Writer
	agent    desk.Agent
	mb       desk.Mailbox
	items    int
	threads  [][]desk.OutboxItem
	concerns []concern
	address  string // where a reply goes
	listed   int    // entries so far
}

// document is the page, and fills in what its letters mean.
func (d *digest) document(q *desk.Confirmation) page.Document {
	common := map[int]int{} // thread to the number of its concern
	together := 0
	for i, c := range d.concerns {
		together += len(c.asked)
		for _, t := range c.asked {
			common[t] = i + 1
		}
	}
	var look, rest []int
	for i, t := range d.threads {
		switch waits := slices.ContainsFunc(t, waitsFor); {
		case common[i] > 0:
		case waits:
			look = append(look, i)
		default:
			rest = append(rest, i)
		}
	}
	about := ""
	switch {
	case len(d.concerns) == 0:
		about = "Nothing that you write here goes to a customer."
	case len(look) > 0:
		about = page.Count(len(look), "more mail needs a look of its own", "more mails need a look of their own") + ", and " + oneOrMany(len(look), "stands", "stand") + " first."
	}
	blocks := []page.Block{
		page.ReplyLine{Hint: d.hint(together)},
		page.Band{Tone: page.Turn, Title: d.title(), Text: about},
	}
	for i, c := range d.concerns {
		blocks = append(blocks, d.answer(i+1, c))
	}
	if len(d.concerns) > 0 {
		blocks = append(blocks, page.Aside{Text: "Each gets it alone, in their own thread, from you."})
	}
	add := func(title, how string, threads []int, entry func(t []desk.OutboxItem) page.Entry) {
		if len(threads) == 0 {
			return
		}
		var entries page.Entries
		for _, t := range threads {
			e := entry(d.threads[t])
			last := d.threads[t][len(d.threads[t])-1]
			e.Sign = desk.DigestSign(d.listed)
			e.URL = mailto(d.address, "Fetch the mail of "+e.Name, e.Sign)
			l := desk.Listed{Conversation: last.Conversation, Sequence: last.Sequence, Common: common[t]}
			if l.Common > 0 {
				l.Offered = last.Summary.Offer.Number
			}
			q.Listed = append(q.Listed, l)
			d.listed++
			entries.Entries = append(entries.Entries, e)
		}
		blocks = append(blocks, page.Heading{Level: 2, Text: title})
		if how != "" {
			blocks = append(blocks, page.Aside{Text: how})
		}
		blocks = append(blocks, entries)
	}
	title := fmt.Sprintf("%s a look", oneOrMany(len(look), "This one needs", fmt.Sprintf("These %d need", len(look))))
	if len(d.concerns) == 0 {
		title = "Somebody waits"
	}
	add(title, "Tap one, or reply with its letter: that mail comes again, alone.", look, d.look)
	for i, c := range d.concerns {
		first, second := desk.DigestSign(d.listed), desk.DigestSign(d.listed+1)
		add(fmt.Sprintf("These %d ask the same", len(c.asked)), fmt.Sprintf("To leave some out, reply: %d not %s %s", i+1, first, second), c.asked, d.same)
	}
	add("Nothing to do", "", rest, d.rest)
	foot := fmt.Sprintf("%s. More than %d mails came within %s, so you get these %d in this one mail only.", page.OneLine(d.mb.Name),
		d.w.Settings.Notifications.Most, page.Duration(d.w.Settings.Notifications.Window), d.items)
	if waiting.NotifyOf(d.w.Settings, d.agent, d.mb) == desk.NotifyDigest {
		foot = fmt.Sprintf("%s. You get what is not yours in one mail an hour, so these %d come in this one mail only.", page.OneLine(d.mb.Name), d.items)
	}
	blocks = append(blocks, page.Small{Text: foot})
	return page.Document{Lang: "en", Preheader: d.title() + ". " + d.threads[0][0].Summary.FirstLines, Blocks: blocks}
}

func waitsFor(i desk.OutboxItem) bool {
	return i.Summary.Kind == string(MailWaits) || i.Summary.Kind == ""
}

// hint says which words do something.
func (d *digest) hint(together int) string {
	const letter = "a letter fetches one mail. " + otherWords
	switch len(d.concerns) {
	case 0:
		return "A" + letter[1:]
	case 1:
		return fmt.Sprintf("1 answers the %d; %s", together, letter)
	}
	return fmt.Sprintf("1 to %d answer those who ask the same; %s", len(d.concerns), letter)
}

// called names the reply address by what answers it, which is what a phone shows.
func (d *digest) called() string {
	name := page.OneLine(d.mb.Name) + ": "
	if len(d.concerns) > 0 {
		name += "1 or "
	}
	return strings.TrimPrefix(name+"a letter", ": ")
}

func (d *digest) title() string {
	if len(d.concerns) == 0 {
		return d.counts()
	}
	c := d.concerns[0]
	return fmt.Sprintf("%d customers ask the same: %s", len(c.asked), c.offer.Title)
}

func (d *digest) counts() string {
	return page.Count(d.items, "new message", "new messages") + " in " + page.Count(len(d.threads), "conversation", "conversations")
}

func (d *digest) subject() string {
	if len(d.concerns) == 0 {
		return d.counts()
	}
	return fmt.Sprintf("%d new messages, %d ask: %s", d.items, len(d.concerns[0].asked), d.concerns[0].offer.Title)
}

// answer is what one number sends to all who ask the same.
func (d *digest) answer(number int, c concern) page.Block {
	p := page.Panel{Title: fmt.Sprintf("Answer %d: %s", number, c.offer.Title), Why: c.offer.Why, Text: c.offer.Text}
	if c.offer.More > 0 {
		p.More = []string{"And " + page.Count(c.offer.More, "more line", "more lines") + "; a letter fetches a mail that shows them with #show."}
	}
	p.Buttons = []page.Button{{Likely: true, Label: fmt.Sprintf("Send answer %d to these %d", number, len(c.asked)), Say: fmt.Sprintf("Reply %d to send it to these %d.", number, len(c.asked)),
		URL: mailto(d.address, fmt.Sprintf("Send answer %d to %d customers", number, len(c.asked)), fmt.Sprint(number))}}
	return p
}

// since says when the first of a conversation's mails came.
func (d *digest) since(t []desk.OutboxItem) string { return d.w.local(t[0].Created).Format("15:04") }

// look is an entry that somebody has to look at.
func (d *digest) look(t []desk.OutboxItem) page.Entry {
	s := t[len(t)-1].Summary
	text := "“" + subject(s.Subject) + "” " + said(t)
	for _, c := range d.concerns {
		if s.Offer.Article == c.offer.Article {
			text = "Same question, and more: " + said(t)
		}
	}
	return page.Entry{Name: s.From, About: d.since(t), Text: text}
}

// same is an entry of those who ask the same.
func (d *digest) same(t []desk.OutboxItem) page.Entry {
	return page.Entry{Name: t[0].Summary.From, About: d.since(t), Text: said(t)}
}

// rest is an entry about which nothing is to be done.
func (d *digest) rest(t []desk.OutboxItem) page.Entry {
	s := t[len(t)-1].Summary
	what := map[string]string{string(MailColleague): "answered", string(MailNote): "left a note", string(MailThanks): "says thank you", string(MailAutomatic): "sent automatic mail"}[s.Kind]
	return page.Entry{Name: s.From, About: d.since(t), Text: strings.TrimSpace(what + ": “" + subject(s.Subject) + "” " + said(t))}
}

// said are the first words of each message, in quotation marks, with the name of
// whoever is not the one whom the entry is called by.
func said(t []desk.OutboxItem) string {
	var out []string
	for _, i := range t {
		text := page.Excerpt(i.Summary.FirstLines, max(40, 160/len(t)))
		if text == "" {
			text = "(no text)"
		}
		text = "“" + text + "”"
		if by := i.Summary.From; by != t[len(t)-1].Summary.From {
			text = by + ": " + text
		}
		out = append(out, text)
	}
	return strings.Join(out, " ")
}

func oneOrMany(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

// byConversation puts together what belongs together, in the order of each
// conversation's first item.
func byConversation(items []desk.OutboxItem) (out [][]desk.OutboxItem) {
	at := map[desk.ConversationID]int{}
	for _, i := range items {
		n, seen := at[i.Conversation]
		if !seen {
			n = len(out)
			at[i.Conversation] = n
			out = append(out, nil)
		}
		out[n] = append(out[n], i)
	}
	return out
}
