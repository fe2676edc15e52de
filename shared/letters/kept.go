package letters

import (
	"strings"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/message"
	"github.com/replywell/replywell/shared/email/page"
)

// shownNews is how many messages that came meanwhile are shown, the latest, and
// maxNews how many bytes of each.
const (
	shownNews = 20
	maxNews   = 4000
)

// Kept is a mail of an agent's that waits for the agent's word.
type Kept struct {
	News    []desk.Message // what came meanwhile, the oldest first; for desk.WaitsOutdated
	Greets  bool           // for desk.WaitsUnaddressed: it would be a note, and begins like a letter to the customer
	Given   bool           // for the same: the conversation is given to a colleague in it
	Jotted  bool           // for the same: the text stands beside an order, and seems to speak about the customer
	Blocked []string       // for desk.WaitsBlocked: who would get it, and is blocked
	Text    string         // what the agent wrote, all of it
	Files   []string       // what is attached: name and size
	// Stopped is when the answer was to leave, where it waited for that and was stopped;
	// the zero time is an answer that was not sent in the first place.
	Stopped time.Time
	Beside  string // what the agent wrote beside #undo
}

// keptWhy tells the letter of an answer that was overtaken; see frame.
const keptWhy = "came after the mail that you answered"

// stoppedWhy and takenBack tell the letters of an answer that was stopped before it
// left.
const (
	stoppedWhy = "came before your answer had left, which was stopped"
	takenBack  = "Your answer was stopped before it left"
)

const letterTo = "and yours begins like a letter to"

// Kept asks the agent what shall become of such a mail; q is the question.
func (w Writer) Kept(id string, agent desk.Agent, mb desk.Mailbox, conv desk.Conversation, q desk.Confirmation, k Kept) (Ready, error) {
	to := personName(conv.Customer)
	yours := []page.Block{page.Heading{Level: 2, Text: "Your text"}, page.Body{Text: orNoText(k.Text)}}
	if len(k.Files) > 0 {
		yours = append(yours, page.Heading{Level: 3, Text: "With these files"}, page.Bullets{Items: k.Files})
	}
	if q.About == desk.WaitsBlocked {
		return w.Ask(id, agent, mb, conv, q, Question{Tone: page.Warning, Title: "Send this to somebody who is blocked?",
			Text: "Your answer would go to " + strings.Join(k.Blocked, ", ") + ". Their answer would be kept aside, and reach nobody. Nobody has got anything, and nothing is done yet.", About: yours,
			Words: []page.Command{{Name: "send", Meaning: "sends it all the same"}, {Name: "no", Meaning: "drops it"}}})
	}
	if q.About == desk.WaitsUnaddressed {
		why := "You replied to a mail of ours about your own text. We cannot tell whether this is for " + to + " or for the team. Nobody has got it."
		if k.Jotted {
			why = "Beside an order stand words that seem to be for the team, not for " + to + ". Nobody has got them, and nothing is done yet: say whom they are for, and the order is done too."
		}
		if k.Given {
			why = "Beside an order it does not say whether its words are for " + to + " or for the team. Nobody has got them, and nothing is done yet."
		}
		if k.Greets {
			why = "A reply to the mail that you answered is a note for the team, " + letterTo + " " + to + ". Nobody has got it."
		}
		return w.Ask(id, agent, mb, conv, q, Question{Tone: page.Warning, Title: "Whom is your text for?",
			Text:  why,
			About: yours,
			Words: []page.Command{{Name: "send", Meaning: "sends it to " + to}, {Name: "note", Meaning: "keeps it for the team, as a note"}, {Name: "no", Meaning: "drops it"}}})
	}
	return w.gaveBack(id, agent, mb, conv, q, k, yours)
}

// gaveBack is the letter of an answer that did not leave: its author can send it as
// it was, or other words in its place.
func (w Writer) gaveBack(id string, agent desk.Agent, mb desk.Mailbox, conv desk.Conversation, q desk.Confirmation, k Kept, yours []page.Block) (Ready, error) {
	to := personName(conv.Customer)
	item := desk.OutboxItem{ID: id, Kind: desk.OutboxNotice, Sequence: q.Seen}
	l, err := w.toAgent(&item, agent, mb, conv, "", ReplyWords)
	if err != nil {
		return Ready{}, err
	}
	address, err := w.ConfirmAddress(mb, q)
	if err != nil {
		return Ready{}, err
	}
	l.ReplyTo = &message.Address{Name: via(to, mb), Address: address}
	n := notification{w: w, agent: agent, mb: mb, conv: conv}
	band := page.Band{Title: "Taken back: " + to + " has not got it", Text: takenBack + ". It was to leave at " + w.local(k.Stopped).Format("15:04") + ". Your text is kept."}
	foot := "Your text can be sent until " + w.when(q.Expires) + "."
	if q.About == desk.WaitsOutdated {
		band.Tone = page.Problem
		band.Title, band.Text = n.overtook(k.News, !k.Stopped.IsZero())
		foot = "It happens when two write at once. " + foot
	}
	blocks := []page.Block{page.ReplyLine{Hint: toCustomer + to + ", in place of your text below.", Strong: to + ","}, band}
	if len(k.News) > 0 {
		blocks = append(blocks, page.Heading{Level: 2, Text: "What came meanwhile"})
	}
	if more := len(k.News) - shownNews; more > 0 {
		blocks = append(blocks, page.Paragraph{Text: "Before what stands here came " + page.Count(more, "message", "messages") + " more; each was mailed to you."})
		k.News = k.News[more:]
	}
	for _, m := range k.News {
		text, _ := cutText(m.Text, maxNews)
		blocks = append(blocks, page.Message{Who: n.speaker(m), When: w.day(m.At), Text: orNoText(text)})
	}
	blocks = append(blocks, page.Heading{Level: 2, Text: "What now?"},
		page.Bullets{Items: []string{
			"Nothing more to say? Do nothing. Nobody gets your text.",
			"Something else to say? Reply with it.",
			"Still right? Send it. " + to + " gets it as it is, files and all.",
		}},
		page.Button{Label: "Send my text to " + to, Say: "To send your text as it is, reply with the word: send",
			URL: mailto(address, "Send my text to "+to+" ["+conv.ID.Reference()+"]", "send")})
	blocks = append(blocks, yours...)
	if k.Beside != "" {
		blocks = append(blocks, page.Heading{Level: 2, Text: "What you wrote with #undo (not sent)"}, page.Body{Text: k.Beside})
	}
	blocks = append(blocks, page.Small{Text: conv.ID.Reference() + " · " + page.OneLine(mb.Name) + ". " + foot})
	l.Say(page.Document{Lang: "en", Preheader: band.Title, Blocks: blocks})
	return w.finish(item, mb, l)
}

// overtook says in a few words what came, and that the text waits. stopped: it came
// while the answer waited to leave.
func (n *notification) overtook(news []desk.Message, stopped bool) (title, text string) {
	var what []string
	said := map[string]bool{}
	for _, m := range news {
		s := n.author(m) + " left a note for all"
		switch m.Kind {
		case desk.KindCustomer:
			s = personName(m.From) + " wrote again"
		case desk.KindAnswer:
			s = n.colleague(m.Agent) + " answered"
		}
		if !said[s] {
			said[s] = true
			what = append(what, s)
		}
	}
	if last := len(what) - 1; last > 0 {
		what = []string{strings.Join(what[:last], ", ") + ", and " + what[last]}
	}
	text = "It "
	if len(news) == 2 {
		text = "Both "
	} else if len(news) > 2 {
		text = "All of it "
	}
	why := keptWhy
	if stopped {
		why = stoppedWhy
	}
	return "Not sent: " + strings.Join(what, ""), text + why + ". Your text is kept."
}
