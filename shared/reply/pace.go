package reply

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/page"
	"github.com/replywell/replywell/shared/store"
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

// pace refuses an answer that no person would send: the same text again, or one
// more than a day can hold.
func (j *job) pace(ctx context.Context, p *plan) error {
	if !p.answer {
		return nil
	}
	if m := j.repeated(p); m != nil {
		return &refusal{rule: "repeated", title: "Your answer was not sent again",
			why:  fmt.Sprintf("The same text went to %s %s ago.", customer(j.conv), page.Count(max(1, int(j.now.Sub(m.At).Minutes())), "minute", "minutes")),
			next: "Nothing is to be done if you did not mean to send it twice. If you did, change a word and answer this mail with #answer in the first line."}
	}
	n := 0
	for _, m := range j.messages {
		if m.Kind == desk.KindAnswer && m.Agent == j.agent.ID && j.now.Sub(m.At) < day {
			n++
		}
	}
	if n >= mostAnswers {
		return tooMany(fmt.Sprintf("You sent %d answers in this conversation within a day", n))
	}
	if j.now.Sub(j.conv.Opened) >= day {
		return nil // the bound above holds in it
	}
	recent, err := j.Store.CustomerConversations(ctx, j.conv.Customer.Address, 2*mostToCustomer)
	if err != nil {
		return fmt.Errorf("counting answers to the customer: %w", err)
	}
	n = 0
	for _, c := range recent {
		if j.now.Sub(c.Opened) < day {
			n += c.Answers
		}
	}
	if n >= mostToCustomer {
		return tooMany(fmt.Sprintf("%s was sent %d answers within a day, in several conversations", customer(j.conv), n))
	}
	return nil
}

func tooMany(what string) error {
	return &refusal{rule: "pace", title: "Your answer was not sent",
		why:  what + ". That is more than people write, so a mail program may be answering in your name.",
		next: "If a program in your mailbox answers by itself, switch it off. If it was you, answer again tomorrow; #note keeps the text until then."}
}

// repeated finds the same agent's answer of the last day with the same text,
// unless it did not reach the customer.
func (j *job) repeated(p *plan) *desk.Message {
	if len(p.text) < repeatedLength || len(p.attachments) > 0 {
		return nil
	}
	text, _ := cut(p.text)
	bounced := map[string]bool{}
	for i := len(j.messages) - 1; i >= 0; i-- {
		switch m := &j.messages[i]; {
		case m.Kind == desk.KindBounce:
			bounced[m.Outbox] = true
		case m.Kind == desk.KindAnswer && m.Agent == j.agent.ID && j.now.Sub(m.At) < day && !bounced[m.Outbox] && sameWords(m.Text, text):
			return m
		}
	}
	return nil
}

func sameWords(a, b string) bool {
	return strings.Join(strings.Fields(a), " ") == strings.Join(strings.Fields(b), " ")
}

// noticeID gives the id of the day's next notice about refused mail in this
// conversation, if there may be another one. Without a bound, a program that
// answers our notices would be told forever. What is above it is kept back.
func (j *job) noticeID(ctx context.Context) (id string, last, free bool, err error) {
	for n := range mostNotices {
		id = j.noticeOf(j.now, n)
		_, err = j.Store.Outbox(ctx, id)
		if errors.Is(err, store.ErrNotFound) {
			return id, n == mostNotices-1, true, nil
		}
		if err != nil {
			return "", false, false, fmt.Errorf("counting notices: %w", err)
		}
	}
	return "", false, false, nil
}
