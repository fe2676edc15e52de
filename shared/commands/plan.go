package commands

import (
	"slices"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/page"
)

// Plan is what is to happen, all of it as one change. Plans compose: each order
// of a mail adds to what those above it made.
type Plan struct {
	// Conversation is as it is to be, but for what the answer and the note change of it.
	Conversation desk.Conversation

	ToCustomer     bool    // the text is an answer, where a plain reply would be a note
	Ready          []Ready // sent with the text
	Learn          bool    // a draft of an article is made of the text
	ToTeam         bool    // text is kept for the team
	ForAll         bool    // and is news for all
	Close          bool
	Added, Removed []desk.Person
	// Given: whose Conversation is was said, so that an answer does not change it.
	Given bool
	// PutOff: it comes back then. Pending: we wait for the customer from here on. Open:
	// it is our turn again. They hold once the answer beside them has gone.
	PutOff        *desk.PutOff
	Pending, Open bool
	// Asks is the question to a department.
	Asks *Asked
	// Cause is what the conversation is tied to from now on, where that was said.
	Cause *desk.Cause
	// Changed are what the orders changed of Conversation beside all that, each a
	// stable word for the record; Tells are who is told of it.
	Changed []string
	Tells   []Handed

	// ForTeam: the conversation was given to a team just now, and is to become one of its
	// agents'.
	ForTeam bool
	// Rota is as it is to be, where an order changes it.
	Rota *desk.Rota

	// What stands alone: of these at most one is set, and the text is given back.
	Arranged  *Arranged
	TakenBack *TakenBack
	Page      *Page
	Ask       *Question
	Fixed     *Fixed // asks as well
	Aside     *Aside
	Practice  bool // a conversation with a made-up customer begins
}

// Alone reports whether nothing of the mail goes to anybody but by what an order
// says.
func (p Plan) Alone() bool {
	return p.Arranged != nil || p.TakenBack != nil || p.Page != nil || p.Ask != nil || p.Aside != nil || p.Fixed != nil || p.Practice
}

// changed is the plan with a change of the conversation noted, once.
func (p Plan) changed(what string) Plan {
	if !slices.Contains(p.Changed, what) {
		p.Changed = append(slices.Clip(p.Changed), what)
	}
	return p
}

// Arranged is that messages make other conversations from now on.
type Arranged struct {
	What   string // for the record: "undo split"
	Rule   string // a stable word for the events
	Halves desk.Halves
	Opened bool // Halves.Other is a new conversation, which began with First
	First  desk.Message
	Home   desk.Conversation // where the order belongs by then; the zero value is where it came to
	Tell   Tell
}

// TakenBack is that the agent's answer does not leave.
type TakenBack struct {
	Answer       desk.Message
	Item         desk.OutboxItem // as it was read: it stops at this version
	Leaving      desk.Leaving
	Conversation desk.Conversation // without the answer
	Entry        desk.Message
	Kept         bool // what it says becomes a note
}

// Tell is what the agents of a conversation's mailbox are told of it.
type Tell struct {
	Conversation desk.Conversation
	Message      desk.Message // with its files
	History      []desk.Message
	Did          string // behind the name of who did it: "joined ..."
	Then         string // what that means
}

// Handed tells one agent of a conversation that a colleague changed: the
// customer's last message, under what was done.
type Handed struct {
	To        desk.Agent
	Did, Then string
}

// Page is what is mailed to the agent alone, who asked for it.
type Page struct {
	Title, Why  string
	Blocks      []page.Block
	Said        []desk.Message // shown below, the oldest first
	What        string         // for the record: "help"
	Help        bool           // the list of commands
	New         bool           // the agent's address for new mail
	ReadyAnswer *Ready         // a ready answer, whole
	Number      int            // by which #send sends it

	// Articles are listed, each with its number, which sends it in reply to this mail;
	// Offers are their ids.
	Articles []desk.Suggestion
	Offers   []string
	// Hits are conversations, each with a number that fetches its mail.
	Hits []Hit
}

// Question is what the agent is asked before anything happens; "yes" does it.
type Question struct {
	What    string // for the record: "merge asked for"
	Kind    desk.ConfirmationKind
	About   string // desk.Confirmation.About
	Title   string
	Text    string
	Blocks  []page.Block
	Yes, No string // what the words do
}

// Aside is that a conversation is set aside or brought back, and who is blocked or not
// any more. The agent alone is told.
type Aside struct {
	What         string // for the record: "spam"
	Conversation desk.Conversation
	Entry        desk.Message // in the conversation; Sequence 0 is none
	Event        string       // desk.WentAside or desk.NotAside; "" is none
	Blocks       []desk.Block
	Same         []desk.SameAs
	Title, Why   string
	Next         string
}
