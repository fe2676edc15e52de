package desk

import "time"

// Block is a sender whose mail is kept aside, because somebody of the team said so. It
// does not end by itself.
type Block struct {
	Sender string // an address, or "@" and a domain, as package sender names it
	Spam   bool   // what it sends is no customer's mail, as #spam says; else it is not wanted
	// Unproven: only mail is meant that nobody vouches for, for such mail was what gave
	// rise to it. The owner of the address may have nothing to do with it.
	Unproven     bool
	By           string // Agent.ID; "" is who runs the desk
	At           time.Time
	Conversation ConversationID // where it was said; "" is elsewhere
	Lifted       bool           // it is taken off the list by the change that it stands in
}

// Holds reports whether the block keeps a mail aside of its sender's; proven says
// whether the receiving service vouches for that sender.
func (b Block) Holds(proven bool) bool { return !b.Lifted && !(b.Unproven && proven) }
