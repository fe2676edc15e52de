package reply

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/replywell/replywell/shared/commands"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/page"
	"github.com/replywell/replywell/shared/letters"
	"github.com/replywell/replywell/shared/orders"
	"github.com/replywell/replywell/shared/outbox"
	"github.com/replywell/replywell/shared/store"
)

// notice is what is recorded of a mail that only its author hears of, and the
// letter that tells of it. A day has room for so many such letters.
type notice struct {
	outcome desk.Outcome
	reason  string             // of the record
	of      string             // the id of the mail whose text was refused, where it was another's; for the agent's next word
	counted []desk.Event       // what the reports are told of it
	rota    *desk.Rota         // who is here from now on, where that changes
	ask     *desk.Confirmation // what the letter asks, if it does
	// later is what the record says instead where there is no room, as the text is
	// given back with it; "" is the change's own reason.
	later    string
	commands bool // the letter lists what can be written
	// write writes the letter, in its place. sendable is the number of a ready answer that
	// can be sent, or 0.
	write func(l letters.Writer, at slot, sendable int) (letters.Ready, error)
}

// toldOf is the notice of what its author alone hears of: what was asked for, or why
// nothing was done. There is none where the mail was carried out, and of an error that
// may be another the next time.
func toldOf(f commands.Facts, w written, p plan, err error) (n notice, is bool) {
	leak, refused, late, unclear := (*outbox.LeakError)(nil), (*commands.Refusal)(nil), (*waits)(nil), (*doubtful)(nil)
	switch {
	case errors.As(err, &leak):
		return refusal(f, w, leaked(leak)), true
	case errors.As(err, &refused):
		return refusal(f, w, refused), true
	case errors.As(err, &late):
		return waiting(f, w, late), true
	case errors.As(err, &unclear):
		return asking(f, w, unclear.Doubt), true
	case err != nil:
		return n, false
	case p.Practice:
		return practising(f), true
	case p.Fixed != nil:
		return asksFixed(f, w, *p.Fixed), true
	case p.Page != nil:
		n = asked(f, *p.Page)
		n.rota = p.Rota
		return n, true
	}
	return n, false
}

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
	if why.about == desk.WaitsOutdated {
		q.Seen = f.Conversation.Messages // the letter shows it
		n.later = "It waits for you: something came after the mail that you answered."
	}
	n.write = func(l letters.Writer, at slot, _ int) (letters.Ready, error) {
		return l.Kept(at.id, f.Agent, f.Mailbox, f.Conversation, q,
			letters.Kept{News: why.news, Text: w.text(f), Greets: why.greets, Given: why.given, Jotted: why.jotted, Files: fileNames(w.mail.Attachments, 120)})
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
		m := letters.Meant{Agent: f.Agent, Line: d.Line, Meant: d.Meant, At: w.in.ReceivedAt, Text: w.text(f), Question: q, Files: fileNames(w.attachments(), 80)}
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

// say records a notice and mails it, if the day has room for it; else the agent's
// text is given back on another day.
func (s *Service) say(ctx context.Context, f commands.Facts, w written, n notice, also *store.Change) error {
	c := change(f, w, n.outcome, n.reason)
	c.Events, c.Rota = n.counted, n.rota
	if n.of != "" {
		c.Inbound.Of = n.of
	}
	at, free, err := s.room(ctx, f)
	if err != nil {
		return err
	}
	if !free {
		if n.later != "" {
			c.Inbound.Reason = n.later
		}
		return s.giveBack(ctx, f, w, c, also)
	}
	sendable := 0
	if n.commands { // what is refused is told all the same where that cannot be known now, without #send in the list
		ready, _ := s.ready(ctx, f.Offered())
		for i := len(ready) - 1; i >= 0; i-- {
			if !ready[i].Missing && ready[i].Unsendable == "" {
				sendable = i + 1
			}
		}
	}
	r, err := n.write(s.writer(f), at, sendable)
	if err != nil {
		return err
	}
	if n.ask != nil {
		c.Confirmations = append(c.Confirmations, n.ask)
	}
	return s.commit(ctx, f, w, c, []letters.Ready{r}, nil, also)
}
