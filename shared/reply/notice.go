package reply

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/replywell/replywell/shared/commands"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/page"
	"github.com/replywell/replywell/shared/letters"
	"github.com/replywell/replywell/shared/orders"
)

// refusal records that nothing was done, and tells the agent why.
func refusal(f commands.Facts, w written, why *commands.Refusal) notice {
	n := notice{outcome: desk.OutcomeRefused, reason: strings.Join(append([]string{why.Why}, why.Places...), "\n"),
		counted: refusedBy(f, why.Rule), commands: why.Commands}
	if w.held != nil {
		n.of = w.held.ID
	}
	n.write = func(l letters.Writer, at slot, sendable int) (letters.Ready, error) {
		seen, next := f.Seen, why.Next
		if why.Shows {
			seen = f.Conversation.Messages
		}
		if at.last() {
			next += " This is the last such mail about this conversation today; what is refused after it comes in one mail tomorrow."
		}
		return l.Notice(at.id, f.Mailbox, f.Conversation, seen, letters.Notice{List: at.number, Agent: f.Agent, Title: why.Title, Why: why.Why, Places: why.Places, Next: next,
			Yours: w.text(f), Commands: why.Commands, Sendable: sendable, Offers: f.Listed})
	}
	return n
}

// refusedBy is what the reports are told of a mail that was not carried out.
func refusedBy(f commands.Facts, rule string) []desk.Event {
	e := event(f, desk.EventRefused, f.Conversation, f.Now)
	e.Detail = rule
	return []desk.Event{e}
}

// waiting records that the mail waits, and gives it back to the agent with what
// came meanwhile above it.
func waiting(f commands.Facts, w written, why *waits) notice {
	q := question(f, desk.ConfirmWaiting, f.Mail)
	q.About, q.Held, q.Answers = why.about, []string{w.origin().ID}, f.Seen
	n := notice{outcome: desk.OutcomeRefused, reason: "kept until the agent says what to do: " + why.about, counted: refusedBy(f, why.about), ask: &q,
		later: "It says neither that it is for the customer nor that it is for the team."}
	if why.about == desk.WaitsBlocked {
		n.later = "It would have gone to somebody who is blocked."
	}
	if why.about == desk.WaitsOutdated {
		q.Seen = f.Conversation.Messages // the letter shows it
		n.later = "It waits for you: something came after the mail that you answered."
	}
	n.write = func(l letters.Writer, at slot, _ int) (letters.Ready, error) {
		return l.Kept(at.id, f.Agent, f.Mailbox, f.Conversation, q,
			letters.Kept{Blocked: why.blocked, News: why.news, Text: w.text(f), Greets: why.greets, Given: why.given, Jotted: why.jotted, Files: fileNames(w.mail.Attachments, 120)})
	}
	return n
}

// asking asks the agent about a doubtful line; the mail waits, and goes to
// nobody, until it is answered.
func asking(f commands.Facts, w written, d *orders.Doubt) notice {
	q := question(f, desk.ConfirmMeant, w.origin().ID)
	q.About, q.SHA256 = d.Meant, digest(f, w, d)
	counted := refusedBy(f, "asked-"+d.Why)
	counted[0].ID = desk.DerivedID(f.Mail, "asked") // it may be refused yet, when it is read again
	return notice{outcome: desk.OutcomeRefused, reason: "asked about: " + d.Line, counted: counted, ask: &q, write: func(l letters.Writer, at slot, _ int) (letters.Ready, error) {
		m := letters.Meant{Agent: f.Agent, Line: d.Line, Meant: d.Meant, Of: d.Of, At: w.in.ReceivedAt, Text: w.text(f), Question: q, Files: fileNames(w.attachments(), 80)}
		if d.Yes != nil {
			m.Yes = whatYesDoes(f, *d.Yes)
		}
		return l.Meant(at.id, f.Mailbox, f.Conversation, m)
	}}
}

// asked mails to the agent what was asked for; nothing else happens.
func asked(f commands.Facts, p commands.Page) notice {
	n := letters.Notice{Title: "What you can write at the top of a mail", Calm: true,
		Why: "Best on a line of its own. It works below your answer too. Nothing was sent or changed.", Yours: f.Text, All: true, About: p.Blocks}
	switch r := p.ReadyAnswer; {
	case p.Title != "":
		n = letters.Notice{Title: p.Title, Why: p.Why, About: p.Blocks, Said: p.Said, Yours: f.Text, Calm: true}
	case r != nil:
		text := r.Text
		if r.Unsendable == "" {
			greeting, leave := courtesies(f, "", text)
			text = strings.TrimSpace(greeting + "\n\n" + text + "\n\n" + leave)
		}
		n = letters.ReadyAnswer{Number: p.Number, Article: p.Offers != nil, Title: r.Title, Text: text, Notes: r.Notes, Unsendable: r.Unsendable, Department: r.Department}.Notice(f.Text)
	}
	if p.What == "find" {
		return found(f, p)
	}
	n.Agent, n.Offers = f.Agent, f.Listed
	if len(p.Articles) > 0 {
		n.Next = "Reply with #send and a number to send that article. #answer in the first line takes your own words along, and #article and a number mails you all of one."
	}
	if p.Offers != nil {
		n.Offers, n.Articles = p.Offers, p.Articles
	}
	return notice{outcome: desk.OutcomeAgent, reason: p.What, later: "What you asked for (" + p.What + ") was not mailed: there were too many mails about this conversation.",
		write: func(l letters.Writer, at slot, _ int) (letters.Ready, error) {
			n.List = at.number
			if p.New {
				about, err := l.NewMail(f.Mailbox, f.Agent)
				if err != nil {
					return letters.Ready{}, err
				}
				n.About = append(n.About, about...)
			}
			return l.Notice(at.id, f.Mailbox, f.Conversation, f.Seen, n)
		}}
}

// found lists conversations; a number in the reply fetches a mail.
func found(f commands.Facts, p commands.Page) notice {
	q := question(f, desk.ConfirmFound, f.Mail)
	return notice{outcome: desk.OutcomeAgent, reason: p.What, ask: &q, later: "What you asked for (find) was not mailed: there were too many mails about this conversation.",
		write: func(l letters.Writer, at slot, _ int) (letters.Ready, error) {
			return l.Hits(at.id, f.Mailbox, f.Conversation, &q, letters.Hits{Agent: f.Agent, Title: p.Title, Why: p.Why, Hits: p.Hits, Yours: f.Text})
		}}
}

// question begins a question to the agent, which this mail caused, or the one
// whose text it carries.
func question(f commands.Facts, kind desk.ConfirmationKind, cause string) desk.Confirmation {
	return desk.Confirmation{ID: desk.ConfirmationID(kind, cause, f.Agent.ID), Kind: kind, Agent: f.Agent.ID, Mailbox: f.Mailbox.ID, Conversation: f.Conversation.ID,
		Seen: f.Seen, Asked: f.Now, Expires: f.Now.Add(desk.ConfirmationGood), CausedBy: cause}
}

// whatYesDoes says in plain words what happens if the order was meant.
func whatYesDoes(f commands.Facts, r orders.Reading) string {
	who := commands.Customer(f.Conversation)
	var does []string
	for _, c := range r.Commands {
		switch c.Name {
		case desk.CommandNote:
			does = append(does, "“"+page.Excerpt(r.Note, 160)+"” becomes a note for the team")
		case desk.CommandSend:
			does = append(does, fmt.Sprintf("%s gets ready answer %d", who, c.Argument))
		case desk.CommandClose:
			does = append(does, "the conversation is closed")
		case desk.CommandShow:
			does = append(does, fmt.Sprintf("ready answer %d is mailed to you", c.Argument))
		case desk.CommandLearn:
			does = append(does, "a draft article is made of your answer")
		case desk.CommandAnswer:
			does = append(does, "your text is for "+who)
		case desk.CommandHelp:
			does = append(does, "the list of commands is mailed to you")
		case desk.CommandSendAnyway:
		default:
			does = append(does, "#"+strings.TrimSpace(c.Name+" "+c.Word)+" is carried out")
		}
	}
	out := strings.Join(does, ", and ")
	_, alone := commands.Of(f, r.Commands)
	switch text := strings.TrimSpace(r.Text + "\n\n" + r.Below); {
	case text != "" && !alone && f.Team && !r.Has(desk.CommandAnswer):
		out += ". The rest is a note for the team"
	case text != "" && !alone:
		out += ". " + who + " gets: “" + page.Excerpt(text, 400) + "”"
	case !r.Has(desk.CommandSend):
		out += ". " + who + " gets nothing"
	}
	return out + "."
}

// asksFixed shows the agent whom a text would go to, and asks. Who is in another
// language gets it at a word of its own only.
func asksFixed(f commands.Facts, w written, x commands.Fixed) notice {
	q := question(f, desk.ConfirmFixed, w.origin().ID)
	q.About, q.SHA256 = x.Cause, textDigest(x.Text)
	p := letters.Preview{Agent: f.Agent, Cause: x.Cause, Text: x.Text, Files: fileNames(w.attachments(), 80)}
	for _, apart := range []bool{false, true} {
		for _, a := range x.Askers {
			if a.Left != "" || a.Apart != apart || len(q.Listed) == desk.MostTied {
				continue
			}
			q.Listed = append(q.Listed, desk.Listed{Conversation: a.Conversation.ID, Sequence: a.Conversation.Messages, Apart: apart})
			p.Askers = append(p.Askers, letters.Asker{Conversation: a.Conversation, Last: a.Last, Apart: apart})
		}
	}
	for _, a := range x.Askers {
		if a.Left != "" {
			p.Left = append(p.Left, letters.Asker{Conversation: a.Conversation, Last: a.Last, Why: a.Left})
		}
	}
	p.Question = q
	return notice{outcome: desk.OutcomeAgent, reason: "fixed asked for: " + x.Cause, ask: &q, later: "There were too many mails about this conversation to ask you whom it is for.", write: func(l letters.Writer, at slot, _ int) (letters.Ready, error) {
		return l.Preview(at.id, f.Mailbox, f.Conversation, p)
	}}
}

func textDigest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// asides tells the agent that a conversation is set aside or brought back, and who is
// blocked.
func asides(f commands.Facts, a commands.Aside) notice {
	return notice{outcome: desk.OutcomeAgent, reason: a.What, aside: &a, later: "It was done (" + a.What + "), and not told: there were too many mails about this conversation.",
		write: func(l letters.Writer, at slot, _ int) (letters.Ready, error) {
			return l.Notice(at.id, f.Mailbox, f.Conversation, f.Seen, letters.Notice{Agent: f.Agent, Title: a.Title, Why: a.Why, Next: a.Next, Yours: f.Text, Calm: true})
		}}
}
