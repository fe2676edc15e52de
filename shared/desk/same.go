package desk

import "time"

// SameAs is that an agent said of an address that others are its owner's, too. Mail does
// not prove it: agents see the conversations of all of them together, and nothing that
// was written with the one is ever sent to the other for it.
type SameAs struct {
	Address      string   // as package sender spells it
	Others       []string // at most MaxSame; none: it was taken back
	By           string   // Agent.ID
	At           time.Time
	Conversation ConversationID // where it was said
}

// MaxSame bounds the other addresses of one person.
const MaxSame = 5
