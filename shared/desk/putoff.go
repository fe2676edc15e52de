package desk

import "time"

// PutOff is until when a conversation is out of its agent's way: it returns then,
// or when the customer writes. The zero value is not put off.
type PutOff struct {
	Until time.Time `json:"until,omitzero"`
	By    string    `json:"by,omitzero"` // Agent.ID: to whom it returns
}

// Reminder is a mail that an agent asked for at a time, whatever happens till then.
type Reminder struct {
	At   time.Time `json:"at"`
	By   string    `json:"by"`             // Agent.ID
	Said string    `json:"said,omitempty"` // what of, in the agent's words
}

// MaxReminders bounds Conversation.Reminders, and MaxSaid Reminder.Said in bytes.
const (
	MaxReminders = 10
	MaxSaid      = 200
)

// Pending is a conversation that waits for the customer and is followed up: its
// agent is told before, the customer is asked once, then it is closed. What was done
// is zero; the zero value is none.
type Pending struct {
	By    string    `json:"by,omitzero"`    // Agent.ID: who said so
	Tell  time.Time `json:"tell,omitzero"`  // the agent is told
	Ask   time.Time `json:"ask,omitzero"`   // the customer is asked
	Close time.Time `json:"close,omitzero"` // it is closed
}
