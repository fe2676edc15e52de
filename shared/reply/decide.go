package reply

import (
	"fmt"
	"slices"
	"strings"

	"github.com/replywell/replywell/shared/commands"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/page"
	"github.com/replywell/replywell/shared/email/sender"
)

// decide makes the plan of what the agent ordered, or gives a *commands.Refusal or
// a *waits. It is pure.
func decide(f commands.Facts, order request, past past) (p plan, err error) {
	p.Conversation, p.outbox, p.literal = f.Conversation, past.outbox, order.literal
	_, alone := commands.Of(f, order.Commands)
	files, toTeam := order.files, false
	if order.Has(desk.CommandForward) && order.Text+order.Below == "" && !order.Has(desk.CommandSend) && !order.Has(desk.CommandTemplate) {
		files, p.along = nil, files // they go with the question
		order.files = nil
	}
	if !alone {
		if toTeam, err = whose(f, order); err != nil {
			return p, err
		}
	}
	if p.Plan, err = commands.Decide(f, order.Commands); err != nil || p.Alone() {
		return p, err
	}
	text, note := order.Text, order.Note
	if order.Nothing && len(files) == 0 {
		text = ""
	}
	if p.ToTeam = p.ToTeam || toTeam; p.ToTeam && (!order.Has(desk.CommandNote) || f.Team && !p.ToCustomer) {
		text, note = "", strings.TrimSpace(text+"\n\n"+note) // all of it is for the team
	}
	if p.Learn {
		p.draft = order.Text
	}
	a, end := answer(f, order, p.Ready, writing{text: text, files: files})
	if a.text != "" || len(files) > 0 && !p.Close && !p.ToTeam {
		a = a.placed(f, end, order.postscript).lightened(f)
		p.answer = &a
		if len(p.Ready) == 0 && !order.again { // else the agent has looked at it twice
			p.perhaps = order.Perhaps
		}
	}
	if p.ToTeam {
		p.note = &writing{text: note, html: order.formatted(note), files: files}
		if p.answer != nil {
			p.note.files = nil // they went with the answer
		}
	}
	return p, check(f, order.again, p, past)
}

// whose tells whether the text is a note: where the agent says so, and where a
// plain reply to the mail that is answered is one. What of a mail of both kinds
// would go to whom is not guessed.
func whose(f commands.Facts, order request) (team bool, err error) {
	if order.Jotted && order.again && f.Team {
		return true, nil // asked, the agent said that the words are for the team; a ready answer beside them goes
	}
	if !f.Team && !order.again && order.Text != "" && !order.Has(desk.CommandAnswer) && !order.Has(desk.CommandNote) {
		given := slices.ContainsFunc(order.Commands, func(o desk.Command) bool { c, _ := commands.Named(o.Name); return c.ToColleague }) && !around(f).GreetsCustomer(order.Text)
		if given || order.Jotted {
			return false, &waits{about: desk.WaitsUnaddressed, given: given, jotted: order.Jotted}
		}
	}
	if !f.Team || order.Has(desk.CommandAnswer) || order.Has(desk.CommandNote) {
		return order.Has(desk.CommandNote), nil
	}
	for _, name := range []string{desk.CommandSend, desk.CommandTemplate, desk.CommandLearn} {
		if order.Has(name) && order.Text+order.Below != "" {
			return false, &commands.Refusal{Rule: "whom", Title: "Nothing was sent",
				Why: "A reply to the mail that you answered is a note for the team, and #" + name + " sends something to " + commands.Customer(f.Conversation) +
					". Whom your text is for cannot be told.",
				Next: "To send it, answer this mail with #answer in the first line, and #" + name + " and your text below it. For the team, answer with your text alone."}
		}
	}
	plain := order.Text != "" || len(order.files) > 0 && !order.Has(desk.CommandSend) && !order.Has(desk.CommandTemplate)
	if plain && f.Whom {
		return false, &waits{about: desk.WaitsUnaddressed}
	}
	if plain && !order.again && around(f).GreetsCustomer(order.Text) {
		return false, &waits{about: desk.WaitsUnaddressed, greets: true} // who begins so has not looked at the first line
	}
	return plain, nil
}

// check gives what speaks against a plan: a *commands.Refusal where it cannot be
// done, a *waits where the answer was written without something that came since.
// again: it is carried out at its author's word. The reply address says what they were shown. Where two arrive together,
// the second meets the conversation's new version when it is written down, reads
// again, and comes here again.
func check(f commands.Facts, again bool, p plan, past past) error {
	customer := commands.Customer(f.Conversation)
	switch {
	case p.answer == nil && p.note == nil && !p.Close && len(p.Added)+len(p.Removed)+len(p.Changed) == 0:
		return &commands.Refusal{Rule: "empty", Title: "Nothing was sent", Commands: true,
			Why:  "No words of yours were found in your mail: only a greeting, a signature, or what you answered; and no attachment.",
			Next: "If you wrote below or between the quoted lines, answer this mail with #answer and your text at the top."}
	case p.answer != nil && f.Conversation.Customer.Address == "":
		return &commands.Refusal{Rule: "no-address", Title: "Your answer could not be sent",
			Why:  "The customer's mail names no address that an answer could go to.",
			Next: "You can keep what you know with #note, and close the conversation with #close."}
	case p.Close && p.answer == nil && f.Unseen() != nil:
		return &commands.Refusal{Rule: "not-seen", Title: "The conversation was not closed",
			Why:  fmt.Sprintf("%s has written again since the mail you answered: “%s”", customer, page.Excerpt(f.Unseen().Text, 200)),
			Next: "Answer this mail with #close to close it all the same, or with #answer and your answer below it.", Shows: true}
	case p.answer == nil:
		return nil
	}
	if to := blockedAmong(f, p); !again && len(to) > 0 {
		return &waits{about: desk.WaitsBlocked, blocked: to}
	}
	if why := sentBefore(f, again, past); why != nil {
		return why
	}
	if why := tooLarge(f, *p.answer); why != nil {
		return why
	}
	if news := f.News(); len(news) > 0 {
		return &waits{about: desk.WaitsOutdated, news: news}
	}
	return pace(f, *p.answer, past)
}

// sentBefore refuses a mail that was sent already, at the agent's word, or in
// whose place the agent has written something else since.
func sentBefore(f commands.Facts, again bool, past past) error {
	if !again {
		return nil
	}
	no := func(why string) error {
		return &commands.Refusal{Rule: "sent-before", Title: "Nothing was sent", Why: why, Next: "If it is still to be sent, answer this mail with #answer and your text below it."}
	}
	if past.sent {
		return no("The answer was sent already, at your word, and is sent once.")
	}
	for _, m := range f.Messages {
		if m.Kind == desk.KindAnswer && m.Agent == f.Agent.ID && !f.WasShown(m) && m.At.After(past.since) {
			return no("You have answered since: “" + page.Excerpt(strings.TrimSpace(m.Text), 100) + "” went in its place.")
		}
	}
	return nil
}

// pace refuses an answer that no person would send: the same text again, or one
// more than a day can hold.
func pace(f commands.Facts, a writing, past past) error {
	customer := commands.Customer(f.Conversation)
	if m := repeated(f, a); m != nil {
		return &commands.Refusal{Rule: "repeated", Title: "Your answer was not sent again",
			Why:  fmt.Sprintf("The same text went to %s %s ago.", customer, page.Count(max(1, int(f.Now.Sub(m.At).Minutes())), "minute", "minutes")),
			Next: "Nothing is to be done if you did not mean to send it twice. If you did, change a word and answer this mail with #answer in the first line."}
	}
	n := 0
	for _, m := range f.Messages {
		if m.Kind == desk.KindAnswer && m.Agent == f.Agent.ID && f.Now.Sub(m.At) < day {
			n++
		}
	}
	if n >= mostAnswers {
		return tooMany(fmt.Sprintf("You sent %d answers in this conversation within a day", n))
	}
	n = 0
	for _, c := range past.beside {
		if f.Now.Sub(c.Opened) < day {
			n += c.Answers
		}
	}
	if n >= mostToCustomer {
		return tooMany(fmt.Sprintf("%s was sent %d answers within a day, in several conversations", customer, n))
	}
	return nil
}

func tooMany(what string) error {
	return &commands.Refusal{Rule: "pace", Title: "Your answer was not sent",
		Why:  what + ". That is more than people write, so a mail program may be answering in your name.",
		Next: "If a program in your mailbox answers by itself, switch it off. If it was you, answer again tomorrow; #note keeps the text until then."}
}

// repeated finds the same agent's answer of the last day with the same text,
// unless it did not reach the customer.
func repeated(f commands.Facts, a writing) *desk.Message {
	if len(a.text) < repeatedLength || len(a.files) > 0 {
		return nil
	}
	text, _ := cut(a.text)
	bounced := map[string]bool{}
	for i := len(f.Messages) - 1; i >= 0; i-- {
		switch m := &f.Messages[i]; {
		case m.Kind == desk.KindBounce:
			bounced[m.Outbox] = true
		case m.Kind == desk.KindAnswer && m.Agent == f.Agent.ID && f.Now.Sub(m.At) < day && !bounced[m.Outbox] && sameWords(m.Text, text):
			return m
		}
	}
	return nil
}

func sameWords(a, b string) bool {
	return strings.Join(strings.Fields(a), " ") == strings.Join(strings.Fields(b), " ")
}

// proven reports whether the receiving service vouched for the last mail of an address.
func proven(f commands.Facts, address string) (proven bool) {
	for _, m := range f.Messages {
		if m.Kind == desk.KindCustomer && commands.SameAddress(m.From.Address, address) {
			proven = m.Verified
		}
	}
	return proven
}

// blockedAmong are those of whom an answer would go to that are blocked.
func blockedAmong(f commands.Facts, p plan) (out []string) {
	to := addressees(p.Conversation)
	for _, x := range p.Added {
		to = append(to, x.Address)
	}
	for _, address := range to {
		for _, b := range f.Blocks {
			if b.Unproven && proven(f, address) {
				continue // their answer comes in
			}
			if address != "" && !slices.Contains(out, address) && !slices.ContainsFunc(p.Removed, func(r desk.Person) bool { return commands.SameAddress(r.Address, address) }) && sender.Under(address, b.Sender) {
				out = append(out, address)
			}
		}
	}
	return out
}
