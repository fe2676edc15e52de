package letters

import (
	"net/url"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/page"
	"github.com/replywell/replywell/shared/email/replyaddr"
)

// NewMailAddress is the address at which an agent writes first for a mailbox.
func (w Writer) NewMailAddress(mb desk.Mailbox, agent desk.Agent) (string, error) {
	return w.sealed(mb, replyaddr.New, replyaddr.NoConversation, agent.ID, 0, AgentAddressGood)
}

// NewMail tells an agent the address, and how a mail to it reads.
func (w Writer) NewMail(mb desk.Mailbox, agent desk.Agent) ([]page.Block, error) {
	address, err := w.NewMailAddress(mb, agent)
	if err != nil {
		return nil, err
	}
	return []page.Block{
		page.Button{Label: "Write to a customer as " + page.OneLine(mb.Name), URL: "mailto:" + address + "?body=" + url.PathEscape("to: "), Likely: true},
		page.Paragraph{Text: address},
		page.Paragraph{Text: "The first line says to whom: “to: clara@example.org”. The rest goes to her from " + mb.Address + ", with your subject, and her answer comes to the team. Save the address as a contact; it is good until " +
			w.day(w.Now.Add(AgentAddressGood)) + "."},
		page.Paragraph{Text: "Do not put the customer into To or Cc: the mail would reach them from your own address, and we only record it. That is also what happens with " + mb.Address + " in Cc of a mail of your own."},
	}, nil
}

// NotFirst tells an agent why a mail to that address was sent to nobody. Reply is the
// address itself: a reply that says it right is sent.
func (w Writer) NotFirst(id string, mb desk.Mailbox, agent desk.Agent, subjectWas, why, text string) (Ready, error) {
	item := desk.OutboxItem{ID: id, Kind: desk.OutboxNotice}
	l, err := w.toAgent(&item, agent, mb, desk.Conversation{}, "", ReplyAsk)
	if err != nil {
		return Ready{}, err
	}
	about, err := w.NewMail(mb, agent)
	if err != nil {
		return Ready{}, err
	}
	const title = "Nothing was sent: whom is it for?"
	l.Subject = subject(title)
	blocks := append([]page.Block{page.ReplyLine{Hint: toNobody, Closed: true}, page.Band{Tone: page.Problem, Title: title, Text: why}}, about...)
	blocks = append(blocks, page.Heading{Level: 3, Text: "What you had written"}, page.Body{Text: orNoText(text)}, page.Small{Text: "Subject: " + subject(subjectWas)})
	l.Say(page.Document{Lang: "en", Preheader: why, Blocks: blocks})
	return w.finish(item, mb, l)
}
