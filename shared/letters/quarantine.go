package letters

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/compose"
	"github.com/replywell/replywell/shared/email/message"
)

// QuarantineList is the held mail that one agent is told of on a day.
type QuarantineList struct {
	Held    []desk.Inbound // by their numbers, from 1; what the question names, in its order
	Fresh   int            // how many of Held came since the last list
	More    int            // further ones that are held and not listed
	AtLeast bool           // More is a lower bound
}

// MaxQuarantineList bounds how many mails one list names.
const MaxQuarantineList = 100

const quarantineWhy = "None of it was shown to anybody or answered"

// Quarantine tells an agent what is held, with a number for each mail, and asks
// what to do with it. Nothing of a stranger's in it is a link; what may be a code
// is left out.
func (w Writer) Quarantine(id string, agent desk.Agent, mb desk.Mailbox, c desk.Confirmation, q QuarantineList) (Ready, error) {
	item := desk.OutboxItem{ID: id, Kind: desk.OutboxNotice}
	l, err := w.toAgent(&item, agent, mb, desk.Conversation{}, "", ReplyWords)
	if err != nil {
		return Ready{}, err
	}
	address, err := w.ConfirmAddress(mb, c)
	if err != nil {
		return Ready{}, err
	}
	l.ReplyTo = &message.Address{Name: shownAs("Quarantine", mb), Address: address}
	n := len(q.Held) + q.More
	count := compose.Count(n, "mail is held", "mails are held")
	if q.AtLeast {
		count = fmt.Sprintf("%d mails or more are held", n)
	}
	l.Headers = marks(MailQuarantine, mb)
	l.Subject = "Quarantine: " + count
	text := quarantineWhy + ". " + compose.Count(q.Fresh, "mail is", "mails are") + " new since the last list."
	blocks := []compose.Block{
		compose.ReplyLine{Hint: "Write here what to do, such as #release 1 or #drop 1 2. Nothing that you write here goes to a customer."},
		compose.Band{Tone: compose.Info, Title: count, Text: text},
	}
	var items []string
	for _, in := range q.Held {
		items = append(items, w.heldItem(in))
	}
	blocks = append(blocks, compose.Numbered{Items: items})
	if q.More > 0 {
		blocks = append(blocks, compose.Paragraph{Text: fmt.Sprintf("And %d older ones, which are not listed: a list names %d. They come into the next list as these are settled, and go away by themselves otherwise.", q.More, MaxQuarantineList)})
	}
	blocks = append(blocks, compose.Heading{Level: 2, Text: "What to do"}, compose.Commands{Commands: []compose.Command{
		{Name: "#release 1", Meaning: "lets number 1 go on as if it had passed the check that held it"},
		{Name: "#drop 1 2", Meaning: "drops numbers 1 and 2; nobody gets them"},
		{Name: "#drop all", Meaning: "drops all that are listed"},
	}}, compose.Paragraph{Text: "Both may stand in one answer, each on a line of its own. " + onlyByWord + ", until " + w.when(c.Expires) +
		". It works for you alone: do not forward this mail. What you leave alone stays held until the day that stands beside it, and then goes away."},
		compose.Small{Text: "You get this, once a day where something new is held, because you are named under \"quarantine\" or \"report\" in the configuration."})
	doc := compose.Document{Lang: "en", Preheader: text, Blocks: blocks}
	l.Say(doc)
	return w.finish(item, mb, l)
}

// heldItem is what a list says of one mail.
func (w Writer) heldItem(in desk.Inbound) string {
	s := in.Summary
	subj, first := Defused(compose.Excerpt(s.Subject, 100)), Defused(compose.Excerpt(s.FirstLines, 140))
	switch {
	case in.Hold == desk.HoldVerification:
		subj, first = digits.ReplaceAllString(subj, "…"), "(not shown: it may be a code or a link for whoever asked for it)"
	case in.Hold == desk.HoldVirus:
		first = "(not shown; it is never passed on)"
	}
	if subj == "" {
		subj = "(no subject)"
	}
	lines := []string{"From " + orDash(Defused(s.From)), "“" + subj + "”"}
	if first != "" {
		lines = append(lines, first)
	}
	why := "Held: " + in.Reason
	if in.Hold == desk.HoldAgent && in.Agent != "" {
		name := in.Agent
		if a, ok := w.Settings.Agent(in.Agent); ok {
			name = compose.OneLine(a.Name)
		}
		why = "Held: it came in the name of " + name + ", or to an address made for them, and was not proven; from here it can only be dropped"
	}
	lines = append(lines, why+".", "Came "+w.when(in.ReceivedAt)+", goes away "+w.when(in.KeptUntil)+".")
	return strings.Join(lines, "\n")
}

var (
	dotted = regexp.MustCompile(`([\pL\pN])\.([\pL\pN])`)
	digits = regexp.MustCompile(`[\pN]{3,}`)
)

// Defused makes a stranger's words harmless where a mail program would make a
// link of them: addresses, domains and URLs are written as people read them
// aloud ("https[:]//example[.]com").
func Defused(s string) string {
	s = strings.ReplaceAll(s, "://", "[:]//")
	s = strings.NewReplacer("mailto:", "mailto[:]", "tel:", "tel[:]", "data:", "data[:]", "javascript:", "javascript[:]", "@", "[at]").Replace(s)
	for dotted.MatchString(s) { // twice: matches do not overlap
		s = dotted.ReplaceAllString(s, "$1[.]$2")
	}
	return s
}
