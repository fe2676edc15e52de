package letters

import (
	"strings"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/message"
	"github.com/replywell/replywell/shared/email/page"
)

// noLogin tells a welcome from other letters; see frame.
const noLogin = "There is nothing to install and nowhere to log in"

// LeadOf is whom an agent's questions go to: the first of the leads who is not the agent.
func LeadOf(s *desk.Settings, agent desk.Agent) (lead desk.Agent, ok bool) {
	for _, a := range s.Leads() {
		if a.ID != agent.ID && len(a.Addresses) > 0 {
			return a, true
		}
	}
	return desk.Agent{}, false
}

// Welcome is an agent's first mail: what to do, in a page. Words in reply go to the
// lead, and "practice" begins a practice; q is the question that says so.
func (w Writer) Welcome(id string, agent desk.Agent, mb desk.Mailbox, hours string) (Ready, *desk.Confirmation, error) {
	q := &desk.Confirmation{ID: desk.ConfirmationID(desk.ConfirmWelcome, id, agent.ID), Kind: desk.ConfirmWelcome, Agent: agent.ID, Mailbox: mb.ID,
		Asked: w.Now, Expires: w.Now.Add(AgentAddressGood), CausedBy: id}
	item := desk.OutboxItem{ID: id, Kind: desk.OutboxNotice}
	l, err := w.toAgent(&item, agent, mb, desk.Conversation{}, "", ReplyWords)
	if err != nil {
		return Ready{}, nil, err
	}
	address, err := w.ConfirmAddress(mb, *q)
	if err != nil {
		return Ready{}, nil, err
	}
	name := page.OneLine(mb.Name)
	first, _, _ := strings.Cut(page.OneLine(agent.Name), " ")
	hint, strong, asks := "Only the word practice does anything. No customer sees what you write.", "practice", "Questions? Ask whoever runs this desk."
	l.ReplyTo = &message.Address{Name: shownAs("Practice", mb), Address: address}
	if lead, ok := LeadOf(w.Settings, agent); ok {
		who := personName(desk.Person{Name: lead.Name, Address: lead.Addresses[0]})
		hint, strong, asks = "Goes to "+who+". No customer sees it.", who, "Questions? Reply to this mail. "+who+" answers."
		l.ReplyTo.Name = shownAs(who, mb)
	}
	l.Subject = "Welcome to " + name
	undo := "Stops an answer that has not left yet."
	if mb.Grace > 0 {
		undo = "Stops an answer within " + page.Duration(mb.Grace) + "."
	}
	foot := "#help lists everything."
	if hours != "" {
		foot += " Your hours are " + hours + ": what can wait comes only then."
	}
	blocks := []page.Block{
		page.ReplyLine{Hint: hint, Strong: strong},
		page.Band{Tone: page.Turn, Title: "Welcome, " + first + ". You answer customers by replying to mail.", Text: noLogin + ". Try it on a made-up customer first."},
		page.Button{Likely: true, Label: "Start a practice conversation", Say: "To start a practice conversation, reply with the word practice", URL: mailto(address, "Start a practice conversation", "practice")},
		page.Aside{Text: "It is kept apart: no real customer, no figure, nobody watches. It takes ten minutes."},
		page.Heading{Level: 2, Text: "All you need on day one"},
		page.Facts{Facts: []page.Fact{{Label: "Reply", Value: "Your words go to the customer, with the name and the signature of " + name + "."},
			{Label: "1", Value: "A reply with one digit sends the ready answer of that number."}, {Label: "#note", Value: "A line that begins with it stays in the team."}, {Label: "#undo", Value: undo}}},
		page.Heading{Level: 2, Text: "What the first lines tell you"},
		page.Facts{Facts: []page.Fact{{Label: "Your turn", Value: "A customer waits for you. It says since when, and until when if that is promised."},
			{Label: "Nothing to do", Value: "Only so that you know. Leave it if you are busy."}, {Label: "Nothing was sent", Value: "We stopped something to ask you first."}}},
		page.Paragraph{Text: "If we do not understand a line, we ask you and send nothing."},
		page.Paragraph{Text: asks},
		page.Small{Text: foot},
	}
	l.Say(page.Document{Lang: "en", Preheader: "You answer customers by replying to e-mail. There is nothing to install.", Blocks: blocks})
	ready, err := w.finish(item, mb, l)
	return ready, q, err
}

// asksYou tells a new agent's question from other letters; see frame.
const asksYou = "in reply to the welcome mail"

// Asks passes an agent's question on to the lead. A reply goes to the agent directly.
func (w Writer) Asks(id string, lead, agent desk.Agent, mb desk.Mailbox, text string) (Ready, error) {
	item := desk.OutboxItem{ID: id, Kind: desk.OutboxNotice}
	l, err := w.toAgent(&item, lead, mb, desk.Conversation{}, agent.Name, ReplyWords)
	if err != nil {
		return Ready{}, err
	}
	who := personName(desk.Person{Name: agent.Name, Address: agent.Addresses[0]})
	l.ReplyTo = &message.Address{Name: who, Address: agent.Addresses[0]}
	l.Subject = who + " asks"
	l.Say(page.Document{Lang: "en", Preheader: who + " asks: " + page.Excerpt(text, 100), Blocks: []page.Block{
		page.ReplyLine{Hint: "Goes to " + who + " directly. No customer sees it.", Strong: who},
		page.Band{Tone: page.Turn, Title: who + " has a question", Text: "It was written " + asksYou + "."},
		page.Message{Who: who + " wrote", When: w.day(w.Now), Text: text},
		page.Small{Text: page.OneLine(mb.Name) + ". You get this because you lead this desk."},
	}})
	return w.finish(item, mb, l)
}
