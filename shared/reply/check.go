package reply

import (
	"fmt"
	"strings"
	"time"

	"github.com/replywell/replywell/shared/commands"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/page"
)

// A vacation program that answers our notifications from an agent's mailbox,
// says nothing of what it is and changes its Message-IDs cannot be told from
// the agent by any one mail. It can be told by its pace, and by saying the same
// again; neither depends on a header. The bounds are well above what a person
// does, within a day each.
const (
	day            = 24 * time.Hour
	mostAnswers    = 20 // of one agent in one conversation
	mostToCustomer = 60 // to one customer in the conversations opened since
	mostNotices    = 10 // about refused mail, to one agent in one conversation
	repeatedLength = 40 // bytes; a shorter text, such as "Thank you!", may come twice
)

// check gives what speaks against a plan: a *commands.Refusal where it cannot be
// done, a *waits where the answer was written without something that came since.
// The reply address says what its author was shown. Where two arrive together,
// the second meets the conversation's new version when it is written down, reads
// again, and comes here again.
func check(f commands.Facts, w written, p plan, past past) error {
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
	if why := sentBefore(f, w, past); why != nil {
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
func sentBefore(f commands.Facts, w written, past past) error {
	if w.held == nil {
		return nil
	}
	no := func(why string) error {
		return &commands.Refusal{Rule: "sent-before", Title: "Nothing was sent", Why: why, Next: "If it is still to be sent, answer this mail with #answer and your text below it."}
	}
	if past.sent {
		return no("The answer was sent already, at your word, and is sent once.")
	}
	for _, m := range f.Messages {
		if m.Kind == desk.KindAnswer && m.Agent == f.Agent.ID && !f.WasShown(m) {
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
