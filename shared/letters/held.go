package letters

import (
	"strings"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/page"
)

// Held is a mail that came in an agent's name, or to an agent's reply address,
// and was not carried out.
type Held struct {
	From, Subject string // as the mail says; not confirmed
	Name          string // the same of the sender's name; may be empty
	At            time.Time
	Why           string    // a clause: "the reply address that it was sent to is too old"
	Text          string    // what it says
	Files         []string  // what is attached: name and size
	Until         time.Time // it is kept until then
	Team          bool      // it came to an address to which a plain reply is no answer, so its text is for the team unless it says #answer
	First, Copy   bool      // it was written to the address for new mail; it is a copy of what the agent sent alone
	Proven        bool      // it is the agent's own for certain, and only went astray
	Department    string    // at whose reply address it came; "" is no department's
	Seen          int       // the last message of the conversation that the agent was shown; 0 where not known
	// Question asks whether to carry it out; nil where that cannot be. Then Text
	// must be all that would be carried out.
	Question *desk.Confirmation
}

// Held tells an agent that such a mail was held and why, so that the agent can
// send it again the right way, or report that somebody else tries. It goes to
// the agent's address in the settings, never to the mail's sender. conv may be
// the zero value where none is known; then there is nothing to reply to.
func (w Writer) Held(id string, agent desk.Agent, mb desk.Mailbox, conv desk.Conversation, h Held) (Ready, error) {
	if h.Question != nil {
		return w.askHeld(id, agent, mb, conv, h)
	}
	item := desk.OutboxItem{ID: id, Kind: desk.OutboxNotice, Sequence: h.Seen}
	l, err := w.toAgent(&item, agent, mb, conv, "", ReplyAsk)
	if err != nil {
		return Ready{}, err
	}
	var blocks []page.Block
	if conv.ID == "" {
		l.Subject = h.title()
		blocks = append(blocks, page.ReplyLine{Hint: toNobody, Closed: true})
	} else {
		blocks = append(blocks, page.ReplyLine{Hint: firstLine("", ReplyAsk, conv)})
	}
	blocks = append(blocks,
		page.Band{Tone: page.Problem, Title: h.title() + ". Nobody has got it.", Text: "The reason: " + h.Why + "."})
	text, who := h.Text, "What you had written"
	if !h.Proven {
		blocks = append(blocks, w.heldFacts(h))
		text, _ = cutText(h.Text, 4*maxEarlier)
		who = "What it says"
	}
	blocks = append(blocks, page.Quote{Who: who, Text: text},
		page.Heading{Level: 2, Text: "What to do"},
		page.Paragraph{Text: heldAdvice(conv, h)},
		page.Small{Text: heldSmall(mb, h.Proven)})
	doc := page.Document{Lang: "en", Preheader: "The reason: " + h.Why, Blocks: blocks}
	l.Say(doc)
	return w.finish(item, mb, l)
}

// askHeld asks the agent whether to carry the mail out.
func (w Writer) askHeld(id string, agent desk.Agent, mb desk.Mailbox, conv desk.Conversation, h Held) (Ready, error) {
	to := customerName(conv)
	would := "What would go to " + to
	if h.Team {
		would = "What it says; without #answer it is for the team"
	}
	text := h.Text
	if strings.TrimSpace(text) == "" {
		text = "(no text)"
	}
	about := []page.Block{w.heldFacts(h), page.Quote{Who: would, Text: text}}
	if len(h.Files) > 0 {
		about = append(about, page.Heading{Level: 3, Text: "With these files"}, page.Bullets{Items: h.Files})
	}
	small := w.unanswered(h) + " The sender of the held mail was told nothing."
	switch h.Question.Kind {
	case desk.ConfirmOwn:
		yes := "sends it to " + to + " in your name"
		if h.Team {
			yes = "carries it out in your name"
		}
		return w.Ask(id, agent, mb, conv, *h.Question, Question{Tone: page.Problem, Title: "Send it as your own answer?",
			Text:  "Nobody has got it: " + h.Why + ".",
			About: about, Words: YesOrNo(yes, "drops it"), Small: small})
	case desk.ConfirmNote:
		about[1] = page.Quote{Who: "What it says", Text: text}
		advice := "If you wrote it, from an address that is not in the settings, answer again from one that is."
		if h.Department != "" {
			advice = "If you are not sure that it is from " + page.OneLine(h.Department) + ", " + departmentSure
		}
		return w.Ask(id, agent, mb, conv, *h.Question, Question{Tone: page.Problem, Title: "Keep what " + addressOr(h.Name, addressOr(h.From, "somebody")) + " wrote as a note?",
			Text:  "Nobody has got it: " + h.Why + ". It never goes to " + to + ", and not in your name. " + advice,
			About: about, Words: YesOrNo("keeps it for the team, under that name", "drops it"), Small: small})
	}
	ask := "Did you write it, and shall it go to " + to + "?"
	if h.Proven {
		ask = "Shall it go to " + to + "?"
	}
	return w.Ask(id, agent, mb, conv, *h.Question, Question{
		Tone: page.Problem, Title: h.title() + ". Nobody has got it.",
		Text:  "The reason: " + h.Why + ". " + ask,
		About: about,
		Words: []page.Command{
			{Name: "#release", Meaning: "carries it out as if it had come right: the text above as you see it, without formatting, and the files"},
			{Name: "#drop", Meaning: "drops it; do that, and tell your team, if it was not you"},
		},
		Small: w.unanswered(h) + " " + heldSmall(mb, h.Proven)})
}

// unanswered says what becomes of a held mail that nobody decides on. It is kept
// longer than the question can be answered, so each of the two dates is explained.
func (w Writer) unanswered(h Held) string {
	if !h.Until.After(h.Question.Expires) {
		return "Without an answer by then it is not sent, and is deleted."
	}
	return "Without an answer by then it is not sent. We keep it a while longer, in case somebody looks for it, and delete it on " + w.day(h.Until) + "."
}

// title says what happened, in a few words.
func (h Held) title() string {
	if h.Proven {
		return "Your mail was not carried out"
	}
	return "A mail in your name was held"
}

func heldSmall(mb desk.Mailbox, proven bool) string {
	if proven {
		return "This mail went to your address in the settings of " + page.OneLine(mb.Name) + ". Nobody else was told of it."
	}
	return "This mail went to your address in the settings of " + page.OneLine(mb.Name) + ". The sender of the held mail was told nothing."
}

func (w Writer) heldFacts(h Held) page.Block {
	f := []page.Fact{
		{Label: "Sender", Value: addressOr(h.From, "none") + " (as the mail says)"},
		{Label: "Came", Value: w.when(h.At)},
		{Label: "Subject", Value: subject(h.Subject)},
	}
	if h.Question == nil && !h.Until.IsZero() {
		f = append(f, page.Fact{Label: "Kept until", Value: w.when(h.Until)})
	}
	return page.Facts{Facts: f}
}

// MaxQuestion bounds the text of a held mail that an agent is asked about, in
// bytes: all of it must be shown. A longer one has to be sent again.
const MaxQuestion = 32 << 10

func heldAdvice(conv desk.Conversation, h Held) string {
	proven := h.Proven
	switch {
	case h.First:
		return "Nobody was written to. If it was you: write it again, from your own address, to your address for new mail; #new in reply to any mail of ours mails you that address. If it was not you, tell your team: somebody has it."
	case h.Copy:
		return "We sent nothing and recorded nothing. If it was you, the customer has your mail; to have it recorded, send it from your own mailbox with our address in To or Cc. If it was not you, tell your team: somebody writes in your name."
	case proven && conv.ID == "":
		return "Answer the newest mail of the conversation, by reply or by its link, from your own address."
	case proven:
		return "Send it again as a reply to this mail, from your own address, with " + answerFirst + " in the first line."
	case conv.ID == "":
		return "If it was you: answer the newest mail of the conversation, by reply or by its link, from your own address. If it was not you, tell your team: somebody writes in your name."
	}
	return "If it was you: send it again as a reply to this mail, from your own address, with " + answerFirst + " in the first line. If it was not you, do not reply, and tell your team: somebody has one of your reply addresses."
}
