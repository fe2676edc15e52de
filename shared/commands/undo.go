package commands

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/page"
)

// undo takes back the agent's answer while it waits to leave, else what the team's
// agents arranged last in the conversation.
var undo = Command{
	Name: desk.CommandUndo, Also: []string{"unsend", "recall"}, Maybe: []string{"stop", "cancel", "abort", "halt"}, Alone: true,
	Help: []Line{{"#undo", "stops your answer if it has not left yet, and gives you its text"},
		{"#undo close", "takes back the last #split, #merge, #add, #remove, #spam, #block, #same or #close, for 30 days"}},
	// Seconds count: whatever is said beside it, it is done at once, and can be done again.
	Read: func(behind string) (word, missing string) {
		for _, w := range strings.FieldsFunc(strings.ToLower(behind), func(r rune) bool { return !unicode.IsLetter(r) }) {
			if what, ok := undoes[w]; ok {
				return what, ""
			}
		}
		return "", ""
	},
	Needs: func(f Facts, o desk.Command) Needs {
		if m, ok := f.undoesAnswer(o); ok {
			return Needs{Leaving: m.Outbox}
		}
		switch _, a, _ := f.latest(); a.Action {
		case desk.ActionSplit:
			return Needs{All: true, Half: a.Other, HalfAll: true}
		case desk.ActionMerge:
			return Needs{All: true, Half: a.Other}
		}
		return Needs{}
	},
	Decide: func(f Facts, o desk.Command, p Plan) (Plan, error) {
		if m, ok := f.undoesAnswer(o); ok {
			return f.unsend(m, p)
		}
		c, a, ok := f.latest()
		switch {
		case !ok:
			return p, &Refusal{Rule: "undo-nothing", Title: "Nothing was taken back",
				Why:  "In the last 30 days nothing was split, joined, admitted or closed in this conversation that is not taken back already, and no answer of yours waits to leave.",
				Next: "An answer that has left cannot be taken back; write to the customer again if it was wrong."}
		case o.Word != "" && o.Word != string(cmp.Or(a.Action, desk.ActionClose)):
			last := arrangedAs(a)
			return p, &Refusal{Rule: "undo-order", Title: "Nothing was taken back", Why: "The last that was arranged here is a #" + last + ", and what came before it is taken back after it.",
				Next: "Answer this mail with #undo " + last + " first, if that is to be taken back as well."}
		case a.Action == desk.ActionSame:
			c.Forget(a.ID)
			p.Aside = f.parted(c, a.Added[0].Address, a.Added[0].Address+" is taken for somebody else’s address again")
			return p, nil
		case a.Action == desk.ActionAside:
			p.Aside = f.back()
			return p, nil
		case a.Action == desk.ActionSplit:
			return undoSplit(f, a, p)
		case a.Action == desk.ActionMerge:
			return undoMerge(f, a, p)
		case a.Action == desk.ActionPeople:
			return undoPeople(f, c, a, p), nil
		}
		c.Reopen(a)
		p.Arranged = f.inPlace(c, desk.UndoneClose, "opened this conversation again", "It was closed, and is as it was before. "+Customer(c)+" is told nothing.")
		return p, nil
	},
}

// latest is what would be taken back, and the conversation without the closings
// after it that the customer has answered already.
func (f Facts) latest() (desk.Conversation, desk.Arrangement, bool) {
	c := f.Conversation
	for {
		a, ok := c.LastArrangement(f.Now)
		if ok && (a.Action == desk.ActionAside && c.Aside.Why == "" || a.Action == desk.ActionSame && !slices.Contains(f.Same, a.Added[0].Address)) { // it is over already
			c.Forget(a.ID)
			continue
		}
		closed := a.Action != desk.ActionAside && a.Action != desk.ActionSame && a.Action != desk.ActionSplit && a.Action != desk.ActionMerge && a.Action != desk.ActionPeople
		if !ok || !closed || c.State == desk.StateSolved {
			return c, a, ok
		}
		c.Reopen(desk.Arrangement{ID: a.ID, Before: c.Standing()})
	}
}

// undoSplit puts two halves together again. The order may have come to either.
func undoSplit(f Facts, a desk.Arrangement, p Plan) (Plan, error) {
	x, y, messages, others := f.Conversation, f.Half, f.All, f.HalfAll
	if a.First > 0 { // this is the half that was split off
		x, y, messages, others = y, x, others, messages
	}
	for _, c := range []desk.Conversation{x, y} {
		if err := later(c, a, ""); err != nil {
			return p, err
		}
	}
	if err := arrangeable(x, messages); err != nil {
		return p, err
	}
	if err := arrangeable(y, others); err != nil {
		return p, err
	}
	own := a // the first half's own record of it
	if i := slices.IndexFunc(x.Done, func(d desk.Arrangement) bool { return d.ID == a.ID }); i >= 0 {
		own = x.Done[i]
	}
	h := desk.UndoSplit(x, y, messages, others, own, f.Agent.ID, f.Now, f.Settings.SolvedAfter)
	did := fmt.Sprintf("put [%s] %s back into this conversation", y.ID.Reference(), page.OneLine(y.Subject))
	h.ThisEntry.Text = f.Agent.Name + " " + did + "."
	p.Arranged = &Arranged{What: "undo split", Rule: "undo-split", Halves: h, Home: x, Tell: Tell{Conversation: h.This, Message: h.ThisEntry, History: slices.Concat(messages, others),
		Did: did, Then: "It had been split off. What came to it meanwhile is here too, and later mail to either comes here."}}
	return p, nil
}

// later says what must be taken back first, or gives nil. into is where the
// conversation should be joined into.
func later(c desk.Conversation, a desk.Arrangement, into desk.ConversationID) error {
	if c.Into == into && (into != "" || c.CanUndo(a.ID)) {
		return nil
	}
	where := c.ID
	if c.Into != "" {
		where = c.Into
	}
	return &Refusal{Rule: "undo-order", Title: "Nothing was taken back",
		Why:  fmt.Sprintf("[%s] was split or joined again after that.", c.ID.Reference()),
		Next: fmt.Sprintf("Take the later one back first: write #undo in answer to a mail about [%s].", where.Reference())}
}

// undoMerge takes the conversations apart again. Each message goes where its
// evidence puts it.
func undoMerge(f Facts, a desk.Arrangement, p Plan) (Plan, error) {
	here, b := f.Conversation, f.Half
	if err := later(b, a, here.ID); err != nil {
		return p, err
	}
	if err := arrangeable(here, f.All); err != nil {
		return p, err
	}
	h := desk.UndoMerge(here, b, f.All, a, f.Agent.ID, f.Now, f.Settings.SolvedAfter)
	h.ThisEntry.Text = fmt.Sprintf("%s took [%s] %s out of this conversation again.", f.Agent.Name, b.ID.Reference(), page.OneLine(b.Subject))
	h.OtherEntry.Text = fmt.Sprintf("%s took this out of [%s] again.", f.Agent.Name, here.ID.Reference())
	var history []desk.Message
	for _, m := range f.All {
		if m.Part == b.ID {
			history = append(history, m)
		}
	}
	p.Arranged = &Arranged{What: "undo merge", Rule: "undo-merge", Halves: h, Tell: Tell{Conversation: h.Other, Message: h.OtherEntry, History: history,
		Did:  "took this out of [" + here.ID.Reference() + "] again",
		Then: "The two had been joined. This one stands by itself again, with what came to it meanwhile; [" + here.ID.Reference() + "] goes on without it."}}
	return p, nil
}

// undoPeople takes back who was admitted and removed last.
func undoPeople(f Facts, c desk.Conversation, a desk.Arrangement, p Plan) Plan {
	c.Forget(a.ID)
	var back []desk.Person
	for _, x := range a.Removed {
		if !c.Admits(x.Address, SameAddress) {
			back = append(back, x)
		}
	}
	Admit(&c, back, a.Added, desk.Arrangement{})
	c.Propose(a.Added, SameAddress)
	p.Arranged = f.inPlace(c, "undo-people", "took back the last #add or #remove", inCopy(c))
	return p
}

// inPlace arranges one conversation, which keeps its messages.
func (f Facts) inPlace(c desk.Conversation, rule, did, then string) *Arranged {
	c.Messages++
	c.Arranged = c.Messages
	entry := desk.Message{Conversation: c.ID, Sequence: c.Messages, Kind: desk.KindArranged, Agent: f.Agent.ID, At: f.Now, Text: f.Agent.Name + " " + did + "."}
	return &Arranged{What: rule, Rule: rule, Halves: desk.Halves{This: c, ThisEntry: entry},
		Tell: Tell{Conversation: c, Message: entry, History: slices.Clone(f.Messages), Did: did, Then: then}}
}
