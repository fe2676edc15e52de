package commands

import (
	"fmt"
	"time"

	"github.com/replywell/replywell/shared/desk"
)

// undoes are the words behind #undo that say what is to be taken back.
var undoes = map[string]string{
	"send": "answer", "sending": "answer", "answer": "answer", "reply": "answer", "mail": "answer", "antwort": "answer", "mein": "answer",
	"split": string(desk.ActionSplit), "merge": string(desk.ActionMerge), "join": string(desk.ActionMerge),
	"add": string(desk.ActionPeople), "remove": string(desk.ActionPeople), "close": string(desk.ActionClose), "closing": string(desk.ActionClose),
	"spam": string(desk.ActionAside), "block": string(desk.ActionAside), "same": string(desk.ActionSame),
}

// meansAnswer is how long after an answer #undo means it, even where it has left
// and something older could be taken back.
const meansAnswer = time.Hour

// undoesAnswer gives the agent's answer that #undo means: the latest, where nothing
// was arranged since but the closing that came with it.
func (f Facts) undoesAnswer(o desk.Command) (m desk.Message, means bool) {
	if o.Word != "" && o.Word != "answer" {
		return m, false
	}
	m = f.ownAnswer()
	_, a, arranged := f.latest()
	switch {
	case m.Sequence == 0:
		return m, false
	case o.Word == "answer", !arranged, a.ID == closingOf(m):
		return m, true
	}
	_, waits := f.Conversation.LeavingOf(m.Outbox)
	return m, !a.At.After(m.At) && (waits || f.Now.Sub(m.At) < meansAnswer)
}

// ownAnswer is the agent's latest answer; the zero value is none.
func (f Facts) ownAnswer() (m desk.Message) {
	for _, x := range f.Messages {
		if x.Kind == desk.KindAnswer && x.Agent == f.Agent.ID && !x.At.Before(m.At) {
			m = x
		}
	}
	return m
}

// keepAnswer makes a note of the agent's answer that waits to leave.
func (f Facts) keepAnswer(p Plan) (Plan, error) {
	m := f.ownAnswer()
	_, waits := f.Conversation.LeavingOf(m.Outbox)
	if m.Sequence == 0 || !waits && f.Now.Sub(m.At) > meansAnswer {
		return p, &Refusal{Rule: "command", Title: "Nothing was kept", Commands: true, Why: "Your mail contains “#note”: there is no text below it to keep as a note, and no answer of yours waits to leave.",
			Next: "Answer this mail with #note and what is for the team below it."}
	}
	if !waits || !f.Leaving.CanStop() {
		return p, f.tooLate(m)
	}
	p, err := f.unsend(m, p)
	if err == nil {
		p.TakenBack.Kept = true
	}
	return p, err
}

// closingOf is the id of the closing that came by the same mail as a message.
func closingOf(m desk.Message) string { return ClosingID(m.Inbound) }

// ClosingID names the closing that a mail ordered.
func ClosingID(mail string) string {
	return desk.DerivedID(desk.DerivedID(mail, "arrangement"), "close")
}

// unsend takes an answer back that has not left. Of one that has, a closing that
// came with it is taken back all the same.
func (f Facts) unsend(m desk.Message, p Plan) (Plan, error) {
	l, noted := f.Conversation.LeavingOf(m.Outbox)
	if f.Leaving.CanStop() && noted {
		p.TakenBack = &TakenBack{Answer: m, Item: f.Leaving, Leaving: l}
		p.TakenBack.Conversation, p.TakenBack.Entry = f.Conversation.TakeBack(l, f.Agent.ID, f.Now)
		p.TakenBack.Entry.Text = f.Agent.Name + " took an answer back before it left."
		return p, nil
	}
	late := f.tooLate(m)
	c, a, ok := f.latest()
	if ok && a.ID == closingOf(m) {
		c.Reopen(a)
		p.Arranged = f.inPlace(c, "undo-close", "opened this conversation again", late.Why+" The closing that came with it is taken back.")
		return p, nil
	}
	return p, late
}

// tooLate says that an answer has left, and when.
func (f Facts) tooLate(m desk.Message) *Refusal {
	r := &Refusal{Rule: "undo-late", Title: "Too late: your answer has left", Next: "If something in it was wrong, answer this mail with #answer and what is right."}
	if a, ok := f.Conversation.LastArrangement(f.Now); ok && a.ID != closingOf(m) {
		r.Next += " To take back what was arranged before it, write #undo " + arrangedAs(a) + "."
	}
	switch i := f.Leaving; {
	case i.State == desk.OutboxSent:
		r.Why = fmt.Sprintf("It left for %s %s.", Customer(f.Conversation), f.clock(i.Sent))
	case i.State == desk.OutboxFailed:
		r.Title, r.Why = "There is nothing to take back", "Your answer did not arrive: the mail server refused it. "+Customer(f.Conversation)+" has not got it."
	case i.State == desk.OutboxTakenBack:
		r.Title, r.Why, r.Next = "Your answer was taken back already", "Nobody has got it.", "You find its text in the mail that told you so."
	case i.CanStop():
		r.Title = "Your answer cannot be stopped any more"
		r.Why, r.Next = fmt.Sprintf("The conversation was split or joined since, and it leaves %s.", f.clock(i.NotBefore)), "Write to the customer again if something in it was wrong."
	case i.ID == "":
		r.Why = fmt.Sprintf("It left for %s, more than 90 days ago.", Customer(f.Conversation))
	default:
		r.Why = fmt.Sprintf("It went to the mail server for %s %s.", Customer(f.Conversation), f.clock(i.Claimed))
	}
	return r
}

// arrangedAs is the word behind #undo that means an arrangement.
func arrangedAs(a desk.Arrangement) string {
	switch a.Action {
	case desk.ActionSplit, desk.ActionMerge, desk.ActionSame:
		return string(a.Action)
	case desk.ActionAside:
		return "spam"
	case desk.ActionPeople:
		if len(a.Added) == 0 {
			return "remove"
		}
		return "add"
	}
	return "close"
}
