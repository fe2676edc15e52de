package letters

import (
	"slices"
	"strings"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/compose"
	"github.com/replywell/replywell/shared/email/message"
	"github.com/replywell/replywell/shared/email/page"
	"github.com/replywell/replywell/shared/email/replyaddr"
	"github.com/replywell/replywell/shared/waiting"
)

// Phrases that tell mail to departments, and about them, from other mail; see frame.
const (
	departmentHint = " in support, as a note."
	notSeenThere   = " does not see it."
	departmentOnly = "Only agents write to customers"
	departmentLate = "asked, and no reply has come"
	departmentTold = "A reply tells us, and nobody else."
	departmentSaid = " has replied to the team"
	onlyOrders     = "only agents give orders"
	departmentNews = "It replied to its digest."
	departmentSure = "ask them by another way before you decide."
)

// DepartmentAddress is where a department's reply about a conversation goes.
func (w Writer) DepartmentAddress(mb desk.Mailbox, conv desk.ConversationID, d desk.Department, seen int) (string, error) {
	return w.sealed(mb, replyaddr.Department, conv, d.ID, seen, AgentAddressGood)
}

// Enquiry is what an agent asks a department.
type Enquiry struct {
	Agent      desk.Agent
	Department desk.Department
	Text       string               // may be empty
	Message    desk.Message         // the customer's, which it is about
	Thread     []desk.Message       // what else goes along, the oldest first
	Files      []message.Attachment // of the customer's mail
	Attached   []compose.Attachment // by the agent
}

// Enquiry writes it. The customer's address is not in it in a form that a reply could go
// to, and no note is but those of Thread.
func (w Writer) Enquiry(id string, mb desk.Mailbox, conv desk.Conversation, q Enquiry) (Ready, error) {
	item := desk.OutboxItem{ID: id, Kind: desk.OutboxDepartment, Conversation: conv.ID, Sequence: conv.Messages, Decided: q.Agent.ID}
	agent := page.OneLine(q.Agent.Name)
	l, first, err := w.toDepartment(&item, mb, conv, q.Department, agent)
	if err != nil {
		return Ready{}, err
	}
	n := notification{w: w, mb: mb, conv: conv}
	who := customerName(conv)
	title := agent + " asks you"
	text, _ := cutText(q.Text, maxShownText)
	if text == "" {
		title += " what you can say to this"
	}
	blocks := []page.Block{first, page.Band{Tone: page.Turn, Title: title, Text: w.whyAsked(conv) + " " + departmentTold}}
	if text != "" {
		blocks = append(blocks, page.Message{Who: agent + " wrote", When: w.day(w.Now), Text: text})
	}
	said, _ := cutText(q.Message.Text, maxShownText)
	blocks = append(blocks, page.Quote{Who: who + " wrote", When: w.day(q.Message.At), Text: unlinked(orNoText(said))})
	files, left := boundedFiles(q.Files)
	if len(left) > 0 {
		blocks = append(blocks, page.Aside{Text: "Too large to send along: " + strings.Join(left, ", ") + "."})
	}
	if len(q.Thread) > 0 {
		blocks = append(blocks, page.Heading{Level: 2, Text: "Before that, newest first"})
	}
	for _, m := range slices.Backward(q.Thread) {
		said, _ := cutText(m.Text, maxShownText)
		if m.Kind == desk.KindNote {
			blocks = append(blocks, page.Team{Who: n.author(m) + " noted", When: w.day(m.At), Text: said})
			continue
		}
		blocks = append(blocks, page.Quote{Who: n.speaker(m), When: w.day(m.At), Text: unlinked(orNoText(said))})
	}
	blocks = append(blocks, page.Small{Text: departmentOnly + ": please put none in copy. Whoever of you replies, " + agent + " reads it with their name.\n\n" + conv.ID.Reference() + ", " + page.OneLine(mb.Name) + "."})
	l.Attachments = slices.Concat(files, q.Attached)
	l.Say(page.Document{Lang: "en", Preheader: title + ". " + page.Excerpt(text, 140), Blocks: blocks})
	return w.finish(item, mb, l)
}

// whyAsked says who waits since when, and by when they were promised an answer.
func (w Writer) whyAsked(conv desk.Conversation) string {
	who := customerName(conv)
	since, waits := conv.Waits()
	if !waits {
		return "It is about " + who + "."
	}
	text := who + " waits since " + w.clock(since)
	if p, promised := waiting.PromiseOf(w.Settings, conv); promised && !p.Late(w.Now) {
		text += ", and was promised an answer by " + w.clock(p.Due)
	}
	return text + "."
}

// toDepartment gives a letter to a department its addresses, its thread and its first
// line. agent is who reads the reply.
func (w Writer) toDepartment(item *desk.OutboxItem, mb desk.Mailbox, conv desk.Conversation, d desk.Department, agent string) (l compose.Letter, first page.ReplyLine, err error) {
	address, err := w.DepartmentAddress(mb, conv.ID, d, item.Sequence)
	if err != nil {
		return l, first, err
	}
	if item.EnvelopeFrom, err = w.BounceAddress(mb, conv.ID, "department "+d.ID, item.Sequence); err != nil {
		return l, first, err
	}
	l = compose.Letter{
		From:    message.Address{Name: shownAs(agent, mb), Address: mb.Address},
		To:      []message.Address{{Name: page.OneLine(d.Name), Address: d.Address}},
		ReplyTo: &message.Address{Name: shownAs("Note to "+agent, mb), Address: address},
		Subject: AgentSubject(conv),
	}
	l.References = []string{AgentThread(mb, conv.ID, "department."+d.ID)}
	hint := "A reply goes to " + agent + departmentHint + " " + customerName(conv) + notSeenThere
	return l, page.ReplyLine{Hint: hint, Strong: agent + " in support, as a note"}, nil
}

// boundedFiles are the files that go along, and the names of those that are too large.
func boundedFiles(files []message.Attachment) (out []compose.Attachment, left []string) {
	total := 0
	for _, a := range files {
		if len(out) == maxSentFiles || total+len(a.Content) > MaxAttached || len(a.Content) == 0 && a.Size > 0 {
			left = append(left, fileName(a.Filename))
			continue
		}
		total += len(a.Content)
		out = append(out, passedOn(a))
	}
	return out, left
}

// Replied is what is said above a department's reply.
type Replied struct {
	Department desk.Department
	By         desk.Agent // who asked; the zero value is nobody
	Automatic  bool       // no person wrote it
	Foreign    string     // the address of who wrote it, where it is none of the department's
	Unproven   bool       // nobody vouches for who wrote it
	Copied     bool       // the customer stood in copy
	Orders     []string   // orders that stand in it
}

// Callout says it, over the reply itself.
func (r Replied) Callout(conv desk.Conversation) *page.Callout {
	name := page.OneLine(r.Department.Name)
	c := &page.Callout{Tone: page.Turn, Title: name + departmentSaid}
	var said []string
	if r.Automatic {
		c.Tone, c.Title = page.Info, name+"’s mailbox answered by itself"
		said = append(said, "No person has replied yet.")
	} else if _, waits := conv.Waits(); waits {
		said = append(said, customerName(conv)+" still waits for your answer.")
	} else {
		c.Tone = page.Info
	}
	if r.Foreign != "" {
		said = append(said, "It came from "+aloud(r.Foreign)+", which is no address of "+name+"’s: they passed your question on.")
	}
	if r.Unproven {
		said = append(said, "Nothing proves who wrote it; you let it in.")
	}
	if r.Copied {
		said = append(said, customerName(conv)+" stood in copy of it, so they have it.")
	}
	if len(r.Orders) > 0 {
		said = append(said, "“"+strings.Join(r.Orders, "”, “")+"” in it did nothing: "+onlyOrders+".")
	}
	c.Text = strings.Join(said, " ")
	return c
}

// DepartmentOrders tells a department that an order in its reply did nothing.
func (w Writer) DepartmentOrders(id string, mb desk.Mailbox, conv desk.Conversation, d desk.Department, by desk.Agent, orders []string) (Ready, error) {
	item := desk.OutboxItem{ID: id, Kind: desk.OutboxDepartment, Conversation: conv.ID, Sequence: conv.Messages}
	agent := page.OneLine(by.Name)
	if agent == "" {
		agent = "the team"
	}
	l, first, err := w.toDepartment(&item, mb, conv, d, agent)
	if err != nil {
		return Ready{}, err
	}
	title := "Nothing to do: your words reached " + agent
	l.Say(page.Document{Lang: "en", Preheader: title, Blocks: []page.Block{first,
		page.Band{Title: title, Text: "They are a note, and " + customerName(conv) + " has not got them. “" + strings.Join(orders, "”, “") + "” did nothing: " + onlyOrders + " to the desk."},
		page.Small{Text: departmentOnly + ". You get this once a day at most.\n\n" + conv.ID.Reference() + ", " + page.OneLine(mb.Name) + "."}}})
	return w.finish(item, mb, l)
}

// Silent tells the agent who asked a department that no reply has come.
func (w Writer) Silent(id string, agent desk.Agent, mb desk.Mailbox, conv desk.Conversation, msg desk.Message, q desk.Consulted, d desk.Department, more Context) (Ready, error) {
	w.Zone = agent.Hours.Zone
	n := notification{w: w, agent: agent, mb: mb, conv: conv}
	by := "You"
	if q.By != agent.ID {
		by = n.colleague(q.By)
	}
	text := by + " " + departmentLate + "."
	if !q.Away.IsZero() {
		text += " Their mailbox answered by itself on " + w.clock(q.Away) + "."
	}
	if _, waits := conv.Waits(); waits {
		text += " " + n.customer() + " still waits for your answer."
	}
	text += " #forward " + d.ID + " asks again."
	return w.again(id, agent, mb, conv, msg, page.Callout{Tone: page.Turn, Title: page.OneLine(d.Name) + " has not replied since " + w.clock(q.At), Text: text}, more)
}

// consulted says whom the conversation waits for beside us, in a sentence; "" is nobody.
func (w Writer) consulted(conv desk.Conversation) string {
	var names []string
	for _, q := range conv.WaitsFor() {
		name := q.Department
		if w.Settings != nil {
			d, there := w.Settings.Department(q.Department)
			if !there {
				continue
			}
			name = page.OneLine(d.Name)
		}
		names = append(names, name+" since "+w.clock(q.At))
	}
	if len(names) == 0 {
		return ""
	}
	return "Waits for " + strings.Join(names, ", ") + "."
}

// FromDepartment tells a lead, or an agent who speaks for a department, what it wrote in
// reply to its digest.
func (w Writer) FromDepartment(id string, agent desk.Agent, mb desk.Mailbox, r desk.DepartmentReply, about, text string) (Ready, error) {
	name := page.OneLine(r.Department.Name)
	who := page.Excerpt(r.Who.Name, 60)
	if who == "" {
		who = r.Who.Address
	}
	said, _ := cutText(text, maxShownText)
	return w.ChoiceResult(id, agent, mb, ChoiceResult{Title: name + " wrote to you", Text: departmentNews + " No customer sees it. To write back, write to " + r.Department.Address + ".",
		About:   []page.Block{page.Quote{Who: who + ", " + aloud(r.Who.Address), Text: orNoText(said)}, page.Aside{Strong: "Subject:", Text: subject(about)}},
		Because: "You get this because departments reply to the leads, and to the agent who speaks for them."})
}
