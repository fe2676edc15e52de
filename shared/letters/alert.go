package letters

import (
	"strings"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/page"
)

// Alert tells somebody of the team that mail has trouble. It asks nothing, and
// there is nothing to reply to.
type Alert struct {
	Title string // what is the matter, in a few words: "Mail to Ben does not arrive"
	Text  string // to whom, since when, what it means
	Next  string // what to do
	Said  string // a mail server's own words; "" is none
}

// Alert writes it, to the address in the settings.
func (w Writer) Alert(id string, agent desk.Agent, mb desk.Mailbox, a Alert) (Ready, error) {
	item := desk.OutboxItem{ID: id, Kind: desk.OutboxAlert}
	l, err := w.toAgent(&item, agent, mb, desk.Conversation{}, "", ReplyNowhere)
	if err != nil {
		return Ready{}, err
	}
	l.Subject = page.OneLine(a.Title)
	blocks := []page.Block{page.ReplyLine{Hint: toNobody, Closed: true}, page.Band{Tone: page.Problem, Title: a.Title, Text: a.Text}, page.Paragraph{Text: a.Next}}
	if a.Said != "" {
		blocks = append(blocks, page.Paragraph{Text: ServerSaid(page.Excerpt(a.Said, 300))})
	}
	blocks = append(blocks, page.Small{Text: alertBecause + page.OneLine(mb.Name) + "."})
	doc := page.Document{Lang: "en", Preheader: a.Text, Blocks: blocks}
	l.Say(doc)
	return w.finish(item, mb, l)
}

const alertBecause = "You get this because you look after mail of "

// ServerSaid shows a mail server's own words, which whoever runs the mail needs:
// nothing in them becomes a link, and a status such as 5.7.1 stays as it is.
func ServerSaid(words string) string {
	fields := strings.Fields(words)
	for i, f := range fields {
		if strings.Trim(f, "0123456789.()[],;:") != "" {
			fields[i] = Defused(f)
		}
	}
	return serverSaid + strings.Join(fields, " ") + "”"
}

const serverSaid = "For whoever runs the mail, the server’s words: “"
