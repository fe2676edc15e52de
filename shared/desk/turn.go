package desk

import "time"

// What stands in a conversation of whose turn it is, and knows no conversation.

// State says whose turn it is.
type State string

// The states of a conversation.
const (
	StateOpen     State = "open"     // the customer waits for us
	StateAnswered State = "answered" // we wait for the customer
	StateSolved   State = "solved"   // closed by an agent, or no further mail for Settings.SolvedAfter
)

// Leaving is an answer that is recorded and has not left: it waits until its
// mailbox's grace time is over, and can be taken back. Whether it left meanwhile,
// its outbox item says; what is written with that item's version is true of it.
type Leaving struct {
	Sequence int    // of the answer
	Number   int    // Conversation.Answers with it
	Outbox   string // OutboxItem.ID
	Agent    string // who wrote it
	Held     string // Inbound.ID of the mail that its text came in
	Seen     int    // the last message that its author had been shown
	At       time.Time
	Until    time.Time
	Closing  string // Arrangement.ID of the closing that came with it; "" is none
	// Before and After are how the conversation stood without it, and with it.
	Before, After Turn
}

// Turn is whose turn it is in a conversation, and since when.
type Turn struct {
	State       State
	Solved      time.Time
	Due         time.Time
	Watch       time.Time
	Asked       time.Time
	FirstAnswer time.Time
	Owner       string
	Handovers   int
	Snoozed     PutOff
	Pending     Pending
}
