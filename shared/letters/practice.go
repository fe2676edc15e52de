package letters

import (
	"fmt"
	"strings"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/message"
	"github.com/replywell/replywell/shared/email/page"
)

// What an agent tries in a practice.
const (
	TryAnswer = "answer"
	TryDigit  = "digit"
	TryNote   = "note"
	TryClose  = "close"
)

// PracticeCustomer is who does not exist.
const PracticeCustomer = "Mia Sommer"

// PracticeAnswers are the ready answers of a practice.
var PracticeAnswers = []desk.Suggestion{
	{Title: "A lamp that flickers", Reply: "Please turn the bulb until it is tight, and try another socket. If the lamp still flickers, send it back to us: we pay the postage."},
	{Title: "Sending a lamp back", Reply: "Put the lamp into its box and bring it to any post office; the label was in the box. The money is back within five working days."},
}

// PracticeSays is what the made-up customer writes after she was answered so often.
func PracticeSays(answers int) string {
	says := []string{
		"Hello,\n\nmy new desk lamp flickers when I switch it on. Is there anything I can do?\n\nMia",
		"Thank you, the bulb was loose! One more thing: if it happens again, can I still send the lamp back?\n\nMia",
		"Good to know. You were quick, thank you very much!\n\nMia",
	}
	if answers < len(says) {
		return says[answers]
	}
	return "Thank you. That is all I wanted to know.\n\nMia"
}

// Practice is one mail of a practice conversation.
type Practice struct {
	Turn     int    // how often the agent has replied
	Happened string // what would have become of the agent's mail; "" at the beginning
	Stopped  bool   // it would have been stopped
	Sent     string // what the customer would have got
	Says     string // what she writes now; "" is nothing
	Try      string // what to try next; "" is nothing more
	Yours    string // what was written beside the command that began it
}

// madeUp tells such a letter from others; see frame.
const madeUp = "Practice: a reply goes to " + PracticeCustomer + ", who is made up"

// Practice writes it, in a thread of its own. A reply goes to the question q.
func (w Writer) Practice(id string, agent desk.Agent, mb desk.Mailbox, q desk.Confirmation, p Practice) (Ready, error) {
	item := desk.OutboxItem{ID: id, Kind: desk.OutboxNotice}
	l, err := w.toAgent(&item, agent, mb, desk.Conversation{}, PracticeCustomer, ReplyWords)
	if err != nil {
		return Ready{}, err
	}
	address, err := w.ConfirmAddress(mb, q)
	if err != nil {
		return Ready{}, err
	}
	l.ReplyTo = &message.Address{Name: via(PracticeCustomer, mb), Address: address}
	l.Subject, l.References = "[PRACTICE] My lamp flickers", []string{AgentThread(mb, "practice", agent.ID)}
	title, task := tryNow(p.Try)
	band := page.Band{Tone: page.Turn, Title: title, Text: task}
	if p.Try == "" {
		band = page.Band{Title: title, Text: task}
	}
	blocks := []page.Block{page.ReplyLine{Hint: madeUp + ".", Strong: PracticeCustomer}, band}
	if p.Happened != "" {
		heading := "What your mail did"
		if p.Stopped {
			heading = "What your mail would have done"
		}
		blocks = append(blocks, page.Heading{Level: 2, Text: heading}, page.Paragraph{Text: p.Happened})
		if p.Sent != "" {
			blocks = append(blocks, page.Quote{Who: "What she got", Text: p.Sent})
		}
	}
	if p.Says != "" {
		blocks = append(blocks, page.Message{Who: PracticeCustomer + " wrote", When: w.day(w.Now), Text: p.Says})
	}
	if p.Try == TryAnswer || p.Try == TryDigit {
		for i, s := range PracticeAnswers {
			n := i + 1
			blocks = append(blocks, page.Panel{Title: fmt.Sprintf("Answer %d: %s", n, s.Title), Text: s.Reply,
				Buttons: []page.Button{{Likely: p.Try == TryDigit && n == 2, Label: fmt.Sprintf("Send answer %d to Mia", n), Say: fmt.Sprintf("To send it, reply with %d", n),
					URL: mailto(address, fmt.Sprintf("Send answer %d to %s [PRACTICE]", n, PracticeCustomer), fmt.Sprint(n))}}})
		}
	}
	if text := strings.TrimSpace(p.Yours); text != "" {
		blocks = append(blocks, page.Heading{Level: 3, Text: "What you had written (not sent)"}, page.Body{Text: text})
	}
	blocks = append(blocks, page.Small{Text: page.OneLine(mb.Name) + ". No real customer, no figure, nobody watches. Stop whenever you like; #practice begins another."})
	l.Say(page.Document{Lang: "en", Preheader: title + ". " + task, Blocks: blocks})
	return w.finish(item, mb, l)
}

// tryNow is what a mail of a practice asks for.
func tryNow(what string) (title, task string) {
	switch what {
	case TryAnswer:
		return "Your turn: answer Mia in your own words", "Reply to this mail as you would to any person. What you write above our first line goes to her."
	case TryDigit:
		return "Your turn: send a ready answer", "Reply with the digit 2 and nothing else, or tap its button. A greeting and your name are added."
	case TryNote:
		return "Now leave a word for the team", "Begin a reply with #note, such as: #note she was kind about it. Mia gets nothing of it."
	case TryClose:
		return "Last: close it", "Reply with #close. It is solved then, and opens again by itself when a customer writes."
	}
	return "That was all. You know what you need", "Own words, one digit, #note and #close. If a line is not understood, we ask you and send nothing. #help lists the rest."
}
