package letters

import (
	"fmt"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/message"
	"github.com/replywell/replywell/shared/email/page"
)

// Preview shows an agent whom a text would go to that tells many that a cause is mended.
type Preview struct {
	Agent       desk.Agent
	Cause, Text string
	Files       []string // name and size
	Askers      []Asker  // who would get it
	Left        []Asker  // who would not, with why
	Question    desk.Confirmation
}

// Asker is somebody who asked about a cause.
type Asker struct {
	Conversation desk.Conversation
	Last         desk.Message // what they wrote last
	Apart        bool         // in another language than the text
	Why          string       // nothing is sent, a clause
}

// Bounds of a preview.
const (
	maxAskers    = 60 // named with what they wrote
	maxAskerText = 90 // characters of that
)

// Phrases that tell such letters from others; see frame.
const (
	nobodyYet = "Nobody has got anything yet"
	neverLeft = "They never left. To send another text to all who asked"
	eachAlone = "Each gets it alone, as your answer, in their own thread"
)

// Preview asks whether the text may leave.
func (w Writer) Preview(id string, mb desk.Mailbox, conv desk.Conversation, p Preview) (Ready, error) {
	item := desk.OutboxItem{ID: id, Kind: desk.OutboxNotice, Sequence: p.Question.Seen}
	l, err := w.toAgent(&item, p.Agent, mb, conv, "", ReplyWords)
	if err != nil {
		return Ready{}, err
	}
	address, err := w.ConfirmAddress(mb, p.Question)
	if err != nil {
		return Ready{}, err
	}
	var same, apart []string
	for _, a := range p.Askers {
		line := asked(a)
		if a.Apart {
			apart = append(apart, line)
		} else {
			same = append(same, line)
		}
	}
	words := []page.Command{{Name: "#yes"}, {Name: "#no"}}
	if len(apart) > 0 {
		words = []page.Command{{Name: "#yes"}, {Name: "#all"}, {Name: "#no"}}
	}
	if len(same) == 0 {
		words = words[1:]
	}
	l.ReplyTo = &message.Address{Name: byWords(mb, words), Address: address}
	ref, title := " ["+conv.ID.Reference()+"]", "Send this to "+customers(len(p.Askers))+"?"
	if len(same) > 0 && len(apart) > 0 {
		title = fmt.Sprintf("Send this to %s, or to all %d?", customers(len(same)), len(p.Askers))
	}
	blocks := []page.Block{page.ReplyLine{Hint: sayOnly(words), Strong: choice(words)},
		page.Band{Tone: page.Turn, Title: title, Text: nobodyYet + ". They asked about “" + p.Cause + "”. " + eachAlone + ", with a greeting by name where yours has none."},
		page.Quote{Who: "What they get", Text: orNoText(p.Text)}}
	if len(p.Files) > 0 {
		blocks = append(blocks, page.Bullets{Items: p.Files})
	}
	if len(same) > 0 {
		blocks = append(blocks, page.Button{Likely: true, Label: "Send it to " + customers(len(same)), Say: "Reply yes to send it to " + customers(len(same)) + ".",
			URL: mailto(address, "Send it to "+customers(len(same))+" who asked about "+p.Cause+ref, "yes")})
		blocks = append(blocks, named("They are, with what they wrote last", same)...)
	}
	if len(apart) > 0 {
		blocks = append(blocks, named("In another language, as it seems", apart)...)
		label := "Send it to all " + customers(len(p.Askers))
		if len(same) == 0 {
			label = "Send it to " + customers(len(apart))
		}
		blocks = append(blocks, page.Paragraph{Text: "They get it at the word all. Without it, send them a text of their own: reply to a mail of theirs."},
			page.Button{Label: label, Say: "Reply all to send it to " + customers(len(p.Askers)) + ", whatever their language.",
				URL: mailto(address, label+" who asked about "+p.Cause+ref, "all")})
	}
	if len(p.Left) > 0 {
		var left []string
		for _, a := range p.Left {
			left = append(left, page.Excerpt(personName(a.Conversation.Customer), 60)+" ["+a.Conversation.ID.Reference()+"]: "+a.Why)
		}
		blocks = append(blocks, named("They get nothing", left)...)
	}
	blocks = append(blocks, page.Small{Text: "Whoever writes again meanwhile gets nothing, and you are told. For another text, write #fixed " + p.Cause + " again. Without an answer nothing is sent.\nConversation " +
		conv.ID.Reference() + ": " + subject(conv.Subject)})
	l.Say(page.Document{Lang: "en", Preheader: nobodyYet + ". " + customers(len(p.Askers)) + " asked about " + p.Cause, Blocks: blocks})
	return w.finish(item, mb, l)
}

func customers(n int) string { return page.Count(n, "customer", "customers") }

// asked is one of them, with what they wrote last.
func asked(a Asker) string {
	text := page.Excerpt(a.Last.Text, maxAskerText)
	if text == "" {
		text = "(no text)"
	}
	return page.Excerpt(personName(a.Conversation.Customer), 60) + " [" + a.Conversation.ID.Reference() + "]: “" + text + "”"
}

// named lists people, not more than are read.
func named(title string, lines []string) []page.Block {
	out := []page.Block{page.Heading{Level: 2, Text: title}, page.Bullets{Items: lines[:min(len(lines), maxAskers)]}}
	if more := len(lines) - maxAskers; more > 0 {
		out = append(out, page.Aside{Text: "And " + page.Count(more, "more", "more") + "."})
	}
	return out
}

// Fixed says what became of it.
type Fixed struct {
	Agent     desk.Agent
	Cause     string
	Question  desk.Confirmation
	Sent      []string // who gets it, or whose was taken back
	Left      []string // who does not, with why
	Grace     time.Duration
	TakenBack bool
}

// Fixed tells the agent. A reply with the word undo takes all of it back, while it has
// not left.
func (w Writer) Fixed(id string, mb desk.Mailbox, conv desk.Conversation, f Fixed) (Ready, error) {
	item := desk.OutboxItem{ID: id, Kind: desk.OutboxNotice, Sequence: f.Question.Seen}
	kind := ReplyNowhere
	undoes := !f.TakenBack && f.Grace > 0 && len(f.Sent) > 0
	if undoes {
		kind = ReplyWords
	}
	l, err := w.toAgent(&item, f.Agent, mb, conv, "", kind)
	if err != nil {
		return Ready{}, err
	}
	address, err := w.ConfirmAddress(mb, f.Question)
	if err != nil {
		return Ready{}, err
	}
	undo := []page.Command{{Name: "#undo"}}
	line := page.ReplyLine{Hint: toNobody, Closed: true}
	if undoes {
		l.ReplyTo = &message.Address{Name: byWords(mb, undo), Address: address}
		line = page.ReplyLine{Hint: sayOnly(undo), Strong: choice(undo)}
	}
	band := page.Band{Title: customers(len(f.Sent)) + " hear that " + f.Cause + " is mended", Text: eachAlone + "."}
	switch {
	case len(f.Sent) == 1:
		band.Title = "1 customer hears that " + f.Cause + " is mended"
	case len(f.Sent) == 0:
		band = page.Band{Tone: page.Warning, Title: "Nobody was told that " + f.Cause + " is mended"}
	}
	if f.TakenBack {
		band = page.Band{Title: page.Count(len(f.Sent), "answer was", "answers were") + " taken back", Text: neverLeft + ", write #fixed " + f.Cause + " again."}
		if len(f.Sent) == 0 {
			band = page.Band{Tone: page.Warning, Title: "Too late: nothing could be taken back"}
		}
	}
	blocks := []page.Block{line, band}
	if undoes {
		label := "Take back " + page.Count(len(f.Sent), "answer", "answers")
		blocks = append(blocks, page.Button{Label: label, Say: "Reply undo within " + page.Duration(f.Grace) + " to take all of it back.", URL: mailto(address, label+" about "+f.Cause+" ["+conv.ID.Reference()+"]", "undo")},
			page.Paragraph{Text: "For " + page.Duration(f.Grace) + ", counted from your yes; then they have left."})
	}
	if len(f.Left) > 0 {
		blocks = append(blocks, named("They got nothing", f.Left)...)
		if f.TakenBack {
			blocks[len(blocks)-2] = page.Heading{Level: 2, Text: "These had left"}
		}
	}
	if len(f.Sent) > 0 {
		title := "They get it"
		if f.TakenBack {
			title = "Taken back"
		}
		blocks = append(blocks, named(title, f.Sent)...)
	}
	blocks = append(blocks, page.Small{Text: "Conversation " + conv.ID.Reference() + ": " + subject(conv.Subject)})
	l.Say(page.Document{Lang: "en", Preheader: band.Title, Blocks: blocks})
	return w.finish(item, mb, l)
}
